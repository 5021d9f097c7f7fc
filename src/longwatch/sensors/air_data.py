"""Air data: static and impact pressure, temperature, vanes.

Impact pressure of subsonic compressible flow, p ((1 + 0.2 M^2)^3.5 - 1) (NACA Report 837, 1946).
Each computer errs by biases, drawn once, and by white noise. A blocked tube keeps the pressure that
it held; the other one goes on.
"""

from longwatch.compiled import compiled
from longwatch.random import normal
from longwatch.record import b1, f8, field, record

GAS_CONSTANT = 287.05287


@record
class AirDataErrors:
    dead: b1 = field("", "it has fallen silent", logged=False)
    pitot_blocked: b1 = field("", "the pitot tube is shut, drain and all", logged=False)
    static_blocked: b1 = field("", "the static port is shut", logged=False)
    total_pressure: f8 = field("Pa", "shut up in the pitot tube", logged=False)
    static_pressure: f8 = field("Pa", "shut up behind the static port", logged=False)
    static_pressure_bias: f8 = field("Pa", "added to the static pressure", logged=False)
    impact_pressure_bias: f8 = field("Pa", "added to the impact pressure", logged=False)
    temperature_bias: f8 = field("K", "added to the temperature", logged=False)
    alpha_bias: f8 = field("rad", "added to the angle of attack", logged=False)
    beta_bias: f8 = field("rad", "added to the sideslip", logged=False)


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


@compiled
def err(channel, hidden, stream, accuracy):
    """Add biases and noise to a sample of the truth."""
    channel.static_pressure += (hidden.static_pressure_bias
                                + accuracy.static_pressure_noise * normal(stream))
    channel.impact_pressure += (hidden.impact_pressure_bias
                                + accuracy.impact_pressure_noise * normal(stream))
    channel.temperature += hidden.temperature_bias
    channel.alpha += hidden.alpha_bias + accuracy.vane_noise * normal(stream)
    channel.beta += hidden.beta_bias + accuracy.vane_noise * normal(stream)


@compiled
def spoil(channel, hidden):
    """Silence a dead computer, and give what is shut up in a blocked tube for what was sampled."""
    if hidden.dead:
        channel.valid = False
    total = channel.impact_pressure + channel.static_pressure
    if hidden.pitot_blocked:
        total = hidden.total_pressure
    if hidden.static_blocked:
        channel.static_pressure = hidden.static_pressure
    if hidden.pitot_blocked or hidden.static_blocked:
        channel.impact_pressure = total - channel.static_pressure
