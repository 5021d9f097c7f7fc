"""What injected faults do, tick by tick: to samples, to servos, to the tanks.

Sensors err after they have sampled and before the autopilot reads; a servo that sticks stays where
it is whatever moves the others. Which faults there are, and how they begin, is in ``faults.py``.
"""

from longwatch.aircraft.schema import CHANNELS, ENGINES
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, i8, record
from longwatch.sensors import suite

SERVOS = ("aileron_left", "aileron_right", "ruddervator_left", "ruddervator_right", "steering")


@record
class FaultsState:
    in_force: b1 = field("", "a fault acts that is looked at every tick")
    engine: i4 = field("", "1 for an engine that was stopped", shape=(ENGINES,), logged=False)
    imu: i4 = field("", "1 for a dead inertial unit", shape=(CHANNELS,), logged=False)
    gnss: i4 = field("", "1 for a receiver without a fix", shape=(CHANNELS,), logged=False)
    air_data: i4 = field("", "1 for a dead air data computer", shape=(CHANNELS,), logged=False)
    pitot: i4 = field("", "1 for a blocked pitot tube", shape=(CHANNELS,), logged=False)
    total_pressure: f8 = field("Pa", "pressure shut up in it", shape=(CHANNELS,), logged=False)
    static: i4 = field("", "1 for a blocked static port", shape=(CHANNELS,), logged=False)
    static_pressure: f8 = field("Pa", "pressure shut up in it", shape=(CHANNELS,), logged=False)
    magnetometer: i4 = field("", "1 for a dead magnetometer", shape=(CHANNELS,), logged=False)
    altimeter: i4 = field("", "1 for a dead altimeter", shape=(CHANNELS,), logged=False)
    servo: i4 = field("", "1 for a servo that sticks", shape=(len(SERVOS),), labels=SERVOS,
                      logged=False)
    servo_position: f8 = field("rad", "where it sticks", shape=(len(SERVOS),), labels=SERVOS,
                               logged=False)
    fuel_leak: f8 = field("kg/s", "fuel that runs out", logged=False)
    links: i8 = field("", "data links that are cut, a bit each", logged=False)


@compiled
def spoil(faults, sensors, tick):
    """Change the samples just taken at ``tick`` as the faults in force do."""
    for i in range(CHANNELS):
        if faults.imu[i]:
            _kill_imu(sensors.imu[i])
        if faults.gnss[i] and tick % suite.GNSS_DIVISOR == 0:
            _lose_fix(sensors.gnss[i])
        if tick % suite.AIR_DATA_DIVISOR == 0:
            _spoil_air_data(faults, sensors.air_data[i], i)
        if faults.magnetometer[i]:
            sensors.magnetometer[i].valid = False
        if faults.altimeter[i]:
            sensors.altimeter[i].valid = False


@compiled
def _kill_imu(sample):
    sample.valid = False
    for i in range(3):
        sample.rate[i], sample.specific_force[i] = 0.0, 0.0


@compiled
def _lose_fix(sample):
    sample.valid = False
    sample.count -= 1
    sample.latitude, sample.longitude, sample.height_ellipsoid = 0.0, 0.0, 0.0
    sample.velocity_north, sample.velocity_east, sample.velocity_down = 0.0, 0.0, 0.0


@compiled
def _spoil_air_data(faults, sample, i):
    """A blocked tube keeps the pressure that it held; the other one goes on."""
    if faults.air_data[i]:
        sample.valid = False
    total = sample.impact_pressure + sample.static_pressure
    if faults.pitot[i]:
        total = faults.total_pressure[i]
    if faults.static[i]:
        sample.static_pressure = faults.static_pressure[i]
    if faults.pitot[i] or faults.static[i]:
        sample.impact_pressure = total - sample.static_pressure


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
