"""What injected faults do, tick by tick, to servos and to the tanks.

A servo that sticks stays where it is whatever moves the others. What faults do to samples is in
the sensors' own files; which faults there are, and how they begin, in ``faults.py``.
"""

from longwatch.aircraft.schema import ENGINES
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, i8, record

SERVOS = ("aileron_left", "aileron_right", "ruddervator_left", "ruddervator_right", "steering")


@record
class FaultsState:
    in_force: b1 = field("", "a fault acts that is looked at every tick")
    engine: i4 = field("", "1 for an engine that was stopped", shape=(ENGINES,), logged=False)
    servo: i4 = field("", "1 for a servo that sticks", shape=(len(SERVOS),), labels=SERVOS,
                      logged=False)
    servo_position: f8 = field("rad", "where it sticks", shape=(len(SERVOS),), labels=SERVOS,
                               logged=False)
    fuel_leak: f8 = field("kg/s", "fuel that runs out", logged=False)
    links: i8 = field("", "data links that are cut, a bit each", logged=False)


@compiled
def hold(faults, actuators, mass, dt):
    """Keep the servos that stick where they are, and let fuel run out, over ``dt`` s."""
    stuck, at = faults.servo, faults.servo_position
    if stuck[0]:
        actuators.aileron_left = at[0]
    if stuck[1]:
        actuators.aileron_right = at[1]
    if stuck[2]:
        actuators.ruddervator_left = at[2]
    if stuck[3]:
        actuators.ruddervator_right = at[3]
    if stuck[4]:
        actuators.steering = at[4]
    if faults.fuel_leak > 0.0:
        mass.fuel_mass = max(mass.fuel_mass - faults.fuel_leak * dt, 0.0)
