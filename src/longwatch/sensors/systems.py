"""What the aircraft's own systems report: engines, fuel, wheels."""

from longwatch.aircraft.schema import ENGINES
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, record


@record
class SystemsSample:
    engine_speed: f8 = field("rad/s", "crankshaft speed", shape=(ENGINES,))
    engine_torque: f8 = field("N m", "torque at the crankshaft", shape=(ENGINES,))
    engine_running: i4 = field("", "1 while it burns, by its gas temperature", shape=(ENGINES,))
    fuel_flow: f8 = field("kg/s", "fuel flow meter", shape=(ENGINES,))
    battery_voltage: f8 = field("V", "voltage of the battery")
    battery_power: f8 = field("W", "power out of the battery, negative while it charges")
    battery_energy: f8 = field("J", "energy left in the battery, by its own count")
    gear: f8 = field("", "landing gear, 0 up to 1 down and locked")
    fuel_mass: f8 = field("kg", "fuel gauge")
    ruddervators: f8 = field("rad", "servo feedback, trailing edge down", shape=(2,),
                             labels=("left", "right"))
    weight_on_wheels: b1 = field("", "a main wheel carries load")


@compiled
def sample(systems, engines, electrics, mass, gear, actuators):
    """Read the gauges."""
    for i in range(ENGINES):
        systems.engine_speed[i] = engines[i].speed
        systems.engine_torque[i] = engines[i].torque
        systems.engine_running[i] = engines[i].running
        systems.fuel_flow[i] = engines[i].fuel_flow
    systems.battery_voltage = electrics.voltage
    systems.battery_power = electrics.power
    systems.battery_energy = electrics.energy
    systems.gear = actuators.gear
    systems.fuel_mass = mass.fuel_mass
    systems.ruddervators[0] = actuators.ruddervator_left
    systems.ruddervators[1] = actuators.ruddervator_right
    systems.weight_on_wheels = gear.weight_on_wheels
