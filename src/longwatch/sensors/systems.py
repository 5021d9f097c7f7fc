"""What the aircraft's own systems report: engines, fuel, wheels.

The fuel gauge errs by a bias, drawn once.
"""

from longwatch.aircraft.schema import ENGINES
from longwatch.compiled import compiled
from longwatch.record import f8, field, record


@record
class SystemsErrors:
    fuel_bias: f8 = field("kg", "added to the fuel gauge", logged=False)


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


@compiled
def err(systems, hidden):
    """Add the bias to the fuel gauge just read."""
    systems.fuel_mass = max(systems.fuel_mass + hidden.fuel_bias, 0.0)
