"""What the aircraft's own gauges and switches read, as the autopilot keeps it."""

from longwatch.aircraft.schema import ENGINES
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, record


@record
class Gauges:
    engine_speed: f8 = field("rad/s", "crankshaft speed", shape=(ENGINES,), logged=False)
    engine_torque: f8 = field("N m", "torque at the crankshaft", shape=(ENGINES,), logged=False)
    engine_running: i4 = field("", "1 while it burns", shape=(ENGINES,), logged=False)
    fuel_flow: f8 = field("kg/s", "fuel flow meter", shape=(ENGINES,), logged=False)
    fuel_mass: f8 = field("kg", "fuel gauge", logged=False)
    weight_on_wheels: b1 = field("", "wheels carry load")
    gear: f8 = field("", "landing gear, 0 up to 1 down and locked", logged=False)
    ruddervators: f8 = field("rad", "servo feedback, left and right", shape=(2,), logged=False)


@compiled
def read(gauges, systems):
    """Read fuel, wheels and surfaces."""
    gauges.fuel_mass = systems.fuel_mass
    gauges.weight_on_wheels, gauges.gear = systems.weight_on_wheels, systems.gear
    gauges.ruddervators[0], gauges.ruddervators[1] = (
        systems.ruddervators[0], systems.ruddervators[1])


@compiled
def read_engines(gauges, systems):
    """Read the engines' gauges."""
    for i in range(ENGINES):
        gauges.engine_speed[i] = systems.engine_speed[i]
        gauges.engine_torque[i] = systems.engine_torque[i]
        gauges.engine_running[i] = systems.engine_running[i]
        gauges.fuel_flow[i] = systems.fuel_flow[i]
