"""What a phase of flight is, and what several of them share: speeds, tracks, the centreline."""

from math import hypot

from longwatch.aircraft.formulas import (
    GUST_FACTOR_KEPT,
    LARGEST_GUST_ALLOWANCE,
    allowance_for,
)
from longwatch.autopilot.aboard import events
from longwatch.autopilot.codes import (
    MODE_MISSION,
    PHASE_APPROACH,
    PHASE_FINAL,
    PHASE_FLARING,
    PHASE_GO_AROUND,
)
from longwatch.autopilot.control import guidance, level_speed
from longwatch.autopilot.control.inner_loops import COORDINATED, HEADING, bank_limit
from longwatch.autopilot.estimation.estimate import (
    ground_speed,
    stall_speed,
    true_over_calibrated,
)
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, record

# Speed over the ground that is made against the wind, as far as the engines hold it [m/s].
LEAST_HEADWAY = 5.0
# A descent that is broken off comes level no lower over the ground below [m]. Grade: assumed.
LEAST_LEVEL_HEIGHT = 60.0


@record
class ModesState:
    phase: i4 = field("", "phase of flight, see codes.PHASE_NAMES")
    since: f8 = field("s", "time when the phase began", logged=False)
    started: b1 = field("", "the crew has started the mission", logged=False)
    on_wheels_since: f8 = field("s", "time since which the wheels carry load", logged=False)
    touched: b1 = field("", "the wheels have touched on this landing", logged=False)
    go_arounds: i4 = field("", "approaches given up")
    standing: f8 = field("s", "how long no way has been made against the wind", logged=False)
    given_up: i4 = field("", "approaches given up in a row, on the way to this landing")
    astray: b1 = field("", "it touched the ground where it should fly, and stopped there")
    contact: f8 = field("s", "time on the wheels where it should fly", logged=False)


@compiled
def lands(phase):
    """True from the beginning of an approach on."""
    return phase in (PHASE_APPROACH, PHASE_FINAL, PHASE_FLARING, PHASE_GO_AROUND)


@compiled
def enter(modes, phase, ring, time):
    """Go to a phase and note it."""
    modes.phase, modes.since = phase, time
    events.note(ring, time, events.PHASE, phase, 0.0)


@compiled
def cruise_speed(autopilot, header, sheet):
    """Calibrated airspeed [m/s] flown en route: the one asked for, as far as it can be held."""
    return making_way(autopilot, sheet, _asked_speed(autopilot, header, sheet))


@compiled
def held(autopilot, sheet, asked):
    """A calibrated airspeed [m/s], or the fastest below it that can be held level."""
    return level_speed.held(asked, autopilot.energy.throttle_integral, autopilot.estimate,
                            autopilot.engines, sheet)


@compiled
def making_way(autopilot, sheet, asked):
    """A calibrated airspeed [m/s], raised to make way against the wind, as far as it is held."""
    return held(autopilot, sheet, max(asked, speed_needed(
        autopilot.guidance, autopilot.estimate, LEAST_HEADWAY)))


@compiled
def speed_along(estimate, along, across, headway):
    """Calibrated airspeed [m/s] for a speed over the ground, in a wind along and across it."""
    return hypot(across, max(headway - along, 0.0)) / true_over_calibrated(estimate)


@compiled
def speed_needed(path, estimate, headway):
    """Calibrated airspeed [m/s] that leaves ``headway`` over the ground along the path.

    On a circle in every direction, on the way to one towards its centre.
    """
    wind_north, wind_east = estimate.wind_north, estimate.wind_east
    north, east = path.course_north, path.course_east
    if path.kind == guidance.CIRCLE:
        if abs(path.cross_track) < path.radius:
            return speed_along(estimate, -hypot(wind_north, wind_east), 0.0, headway)
        north, east = guidance.offset(estimate, path.centre_ecef)
        distance = max(hypot(north, east), 1.0)
        north, east = north / distance, east / distance
    return speed_along(estimate, wind_north * north + wind_east * east,
                       wind_east * north - wind_north * east, headway)


@compiled
def _asked_speed(autopilot, header, sheet):
    """Calibrated airspeed [m/s] asked for: the crew's or the plan's, else the standard one."""
    estimate = autopilot.estimate
    return airspeed_at(autopilot, sheet, fixed_speed(autopilot, header, autopilot.crew.mode),
                       estimate.mass, stall_speed(estimate, sheet),
                       gust_allowance(estimate))


@compiled
def fixed_speed(autopilot, header, mode):
    """Calibrated airspeed [m/s] that plan or crew fix for a mode of the crew; 0 the standard."""
    if autopilot.engines.failed:
        return 0.0
    if autopilot.crew.live and mode != MODE_MISSION:
        if autopilot.crew.speed > 0.0:
            return autopilot.crew.speed
    elif autopilot.mission.speed > 0.0:
        return autopilot.mission.speed
    return header.cruise_speed


@compiled
def airspeed_at(autopilot, sheet, fixed, mass, stall, allowance):
    """Calibrated airspeed [m/s] en route at a mass [kg], its stall speed and a gust allowance.

    ``fixed`` is that of :func:`fixed_speed`.
    """
    least = sheet.procedures.cruise_factor * stall + allowance
    if autopilot.engines.failed:
        return max(sheet.procedures.climb_factor * stall, least)
    if fixed > 0.0:
        return max(fixed, least)
    return max(sheet.limits.cruise_speed * (mass / sheet.mass.maximum_takeoff_mass)**0.5, least)


@compiled
def level_off(estimate, lasts):
    """Altitude [m] at which a climb or descent comes level in ``lasts`` s, clear of the ground."""
    altitude = estimate.altitude_msl + estimate.climb_rate * lasts
    if estimate.ground_valid and estimate.climb_rate < 0.0:
        ground = estimate.altitude_msl - estimate.height_above_ground
        altitude = max(altitude, ground + LEAST_LEVEL_HEIGHT)
    return altitude


@compiled
def least_speed(estimate, sheet):
    """Least calibrated airspeed [m/s] that is flown en route, with its allowance for wind."""
    return (sheet.procedures.cruise_factor * stall_speed(estimate, sheet)
            + gust_allowance(estimate))


@compiled
def gust_allowance(estimate):
    """Airspeed [m/s] kept in hand against gusts, by the estimated wind."""
    return allowance_for(hypot(estimate.wind_north, estimate.wind_east))


@compiled
def final_allowance(estimate):
    """Airspeed [m/s] kept in hand on final: for the estimated wind, and for the gusts felt.

    Gusts without much of a wind bring an aircraft to its stall as well: half their factor is
    kept, as is customary (FAA-H-8083-3C, Airplane Flying Handbook, chapter 9).
    """
    felt = GUST_FACTOR_KEPT * estimate.gust_variance**0.5
    return min(hypot(gust_allowance(estimate), felt), LARGEST_GUST_ALLOWANCE)


@compiled
def final_speed(estimate, sheet):
    """Calibrated airspeed [m/s] from the gate to the flare."""
    return (sheet.procedures.approach_factor * stall_speed(estimate, sheet)
            + final_allowance(estimate))


@compiled
def approach_speed(estimate, sheet):
    """Calibrated airspeed [m/s] of the final approach, with an allowance for wind."""
    return (sheet.procedures.approach_factor * stall_speed(estimate, sheet)
            + gust_allowance(estimate))


@compiled
def track(autopilot, sheet):
    """Follow the lateral path by bank, the turn coordinated."""
    autopilot.control.yaw_mode = COORDINATED
    guidance.follow(autopilot.guidance, autopilot.estimate, sheet.control)
    limit = bank_limit(autopilot.estimate, sheet)
    autopilot.control.roll_command = guidance.bank_for(
        autopilot.guidance, autopilot.estimate, limit)


@compiled
def hold_centreline(autopilot):
    """Heading that leads back to the centreline while the wheels roll."""
    state, estimate = autopilot.approach, autopilot.estimate
    reach = 3.0 * max(ground_speed(estimate), 6.0)
    correction = min(max(-state.offset / reach, -0.15), 0.15)
    autopilot.control.yaw_mode = HEADING
    autopilot.control.heading_command = state.course + correction
