"""The fastest airspeed that can be held level here: nothing faster is aimed at.

Reckoned as the energy control reckons (energy.py): the datasheet's drag polar, engine table and
propeller efficiency, with the climb rate that they have been found not to explain. As the air grows
thin, or an engine stops, the speed flown falls with what is left.
"""

from longwatch.aircraft.formulas import CEILING_CLIMB, available_power, drag_coefficient
from longwatch.autopilot.control import engines
from longwatch.autopilot.estimation.estimate import stall_speed, true_over_calibrated
from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY

# Speed over the stall, below which no height is held by giving up speed: the least safe speed of a
# climb-out (CS 23.51).
SAFE_FACTOR = 1.2
HALVINGS = 8


@compiled
def climb_left(running, sheet, mass, calibrated, ratio, density_ratio, mach, gear):
    """Climb rate [m/s] that the engines which run leave at a calibrated airspeed, wings level.

    ``ratio`` is the true airspeed over the calibrated one, ``gear`` 1 for wheels that are down.
    """
    airspeed = calibrated * ratio
    pressure, weight = 0.5 * SEA_LEVEL_DENSITY * calibrated * calibrated, mass * GRAVITY
    force = pressure * sheet.geometry.wing_area
    CD = drag_coefficient(sheet, weight / force) + gear * sheet.aerodynamics.CD_gear
    drag = CD * force + engines.drag_area(running, sheet) * pressure
    power = min(available_power(sheet.engine, density_ratio, mach), running.power_limit)
    return (power * running.working * sheet.control.propeller_efficiency
            - drag * airspeed) / weight


@compiled
def held_at(asked, spare, running, sheet, mass, stall, ratio, density_ratio, mach, gear):
    """Calibrated airspeed [m/s]: the one asked for, or the fastest below it that can be held.

    ``spare`` is the climb rate [m/s] that has to be left, ``stall`` the calibrated stall speed; the
    rest is that of :func:`climb_left`.
    """
    if running.working == 0 or climb_left(running, sheet, mass, asked, ratio, density_ratio, mach,
                                          gear) >= spare:
        return asked
    low, high = min(SAFE_FACTOR * stall, asked), asked
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if climb_left(running, sheet, mass, middle, ratio, density_ratio, mach, gear) >= spare:
            low = middle
        else:
            high = middle
    return low


@compiled
def held(asked, unexplained, estimate, running, sheet):
    """The same here and now.

    ``unexplained`` is the climb rate [m/s] that the datasheet does not explain.
    """
    return held_at(asked, CEILING_CLIMB - unexplained, running, sheet, estimate.mass,
                   stall_speed(estimate, sheet), true_over_calibrated(estimate),
                   estimate.air.density_ratio, estimate.air.mach, estimate.gauges.gear)
