"""Air data: static and impact pressure, temperature, vanes.

Impact pressure of subsonic compressible flow, p ((1 + 0.2 M^2)^3.5 - 1) (NACA Report 837, 1946).
"""

from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record

GAS_CONSTANT = 287.05287


@record
class AirDataSample:
    valid: b1 = field("", "the channel works")
    static_pressure: f8 = field("Pa", "static pressure")
    impact_pressure: f8 = field("Pa", "total less static pressure")
    temperature: f8 = field("K", "static temperature")
    alpha: f8 = field("rad", "angle of attack vane")
    beta: f8 = field("rad", "sideslip vane")


@compiled
def impact_pressure(pressure, temperature, airspeed):
    """Impact pressure [Pa] at a static pressure [Pa], temperature [K] and true airspeed [m/s]."""
    mach2 = airspeed * airspeed / (1.4 * GAS_CONSTANT * temperature)
    bracket = 1.0 + 0.2 * mach2
    return pressure * (bracket * bracket * bracket * bracket**0.5 - 1.0)


@compiled
def sample(channels, flight, air):
    """Fill every channel from the flow at the aircraft."""
    pressure = impact_pressure(air.pressure, air.temperature, flight.true_airspeed)
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = True
        channel.static_pressure = air.pressure
        channel.impact_pressure = pressure
        channel.temperature = air.temperature
        channel.alpha, channel.beta = flight.alpha, flight.beta
