"""Generators and battery: what still feeds the aircraft when the engine stands.

Power in less power out, kept in the battery; its voltage at rest falls in a straight line from
full to empty. The generators' load is not taken from the engines, and what an empty battery
would stop is not modelled: the datasheets' batteries outlast any glide.
"""

from longwatch.compiled import compiled
from longwatch.record import f8, field, record


@record
class ElectricsState:
    energy: f8 = field("J", "energy left in the battery")
    power: f8 = field("W", "power out of the battery, negative while it charges")
    voltage: f8 = field("V", "voltage of the battery")


@compiled
def step(state, parameters, engines, count, dt):
    """Draw what the avionics take, charge from what the generators leave over; every ``dt`` s."""
    given = 0.0
    for i in range(count):
        if engines[i].running:
            given += parameters.generator_power * min(
                engines[i].speed / parameters.generator_speed, 1.0)
    drawn = parameters.avionics_power - given
    if drawn < 0.0:
        room = (parameters.battery_energy - state.energy) / dt
        drawn = -min(-drawn, min(parameters.charge_power, room))
    drawn = min(drawn, state.energy / dt)
    state.power = drawn
    state.energy -= drawn * dt
    share = state.energy / parameters.battery_energy
    state.voltage = parameters.battery_voltage_empty + share * (
        parameters.battery_voltage_full - parameters.battery_voltage_empty)
