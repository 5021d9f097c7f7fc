"""Closed forms over a datasheet that flight, planning and autopilot share."""

from math import pi

from longwatch.aircraft.schema import SPEED_POINTS
from longwatch.compiled import compiled


@compiled
def altitude_factor(engine, density_ratio):
    """Full-throttle power over its sea-level value, at a density ratio (Gagg and Ferrar, 1934)."""
    constant = engine.altitude_constant
    return max(density_ratio - (1.0 - density_ratio) / constant, 0.0)


@compiled
def full_power(engine, speed):
    """Full-throttle brake power [W] at sea level and a crankshaft speed [rad/s]."""
    speeds, powers = engine.table_speed, engine.table_power
    if speed <= speeds[0]:
        return powers[0] * speed / speeds[0]
    i = 0
    while i < SPEED_POINTS - 2 and speed > speeds[i + 1]:
        i += 1
    share = (speed - speeds[i]) / (speeds[i + 1] - speeds[i])
    return powers[i] + share * (powers[i + 1] - powers[i])


@compiled
def speed_for_power(engine, power):
    """Least crankshaft speed [rad/s] whose full-throttle power at sea level is ``power`` [W]."""
    speeds, powers = engine.table_speed, engine.table_power
    if power <= powers[0]:
        return speeds[0]
    i = 0
    while i < SPEED_POINTS - 2 and power > powers[i + 1]:
        i += 1
    share = min((power - powers[i]) / (powers[i + 1] - powers[i]), 1.0)
    return speeds[i] + share * (speeds[i + 1] - speeds[i])


@compiled
def drag_coefficient(sheet, CL):
    """Drag coefficient of attached flow at a lift coefficient, without ground effect."""
    aspect_ratio = sheet.geometry.span * sheet.geometry.span / sheet.geometry.wing_area
    aero = sheet.aerodynamics
    return aero.CD0 + CL * CL / (pi * aero.oswald * aspect_ratio)
