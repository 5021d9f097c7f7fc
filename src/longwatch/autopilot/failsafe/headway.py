"""Making way against the wind: the airspeed that it takes, and giving up where there is none.

Where the wind would leave less than ``LEAST_HEADWAY`` over the ground along the path, the airspeed
is raised until it does, as transports do on the final approach ("ground speed mini"), as far as the
engines hold it (level_speed.py). Where that is not enough for a minute, a leg or an approach is
given up while there is fuel to go elsewhere: under the plan to its landing, live and from an
approach to the runway of those aboard that takes the least fuel in this wind, on the end that it
can be flown to.
"""

from math import atan2, cos, hypot, sin

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events, plan, rally
from longwatch.autopilot.aboard.crew_record import NOT_INBOUND, UNTOLD
from longwatch.autopilot.codes import (
    PHASE_APPROACH,
    PHASE_EN_ROUTE,
    PHASE_FINAL,
    PHASE_HOLDING,
    PHASE_LOITER,
)
from longwatch.autopilot.crew import modes
from longwatch.autopilot.failsafe import fuel_watch, steady_flight
from longwatch.autopilot.manoeuvres import approach, en_route, landing_sequence, phases, runways
from longwatch.autopilot.manoeuvres.phases import approach_speed, enter
from longwatch.compiled import compiled

# Speed over the ground [m/s] below which no way is made.
STANDING = 1.0
# Patience with a wind that lets no way be made, and with what was chosen instead [s].
PATIENCE = 60.0
AGAIN = 600.0
# Largest wind from behind on a final that is chosen [m/s].
MOST_TAILWIND = 5.0


@compiled
def _stands(autopilot):
    """True where the airspeed aimed at makes no way along the path."""
    path, estimate = autopilot.guidance, autopilot.estimate
    return phases.speed_needed(path, estimate, STANDING) > path.speed_target + 0.5


@compiled
def _can_land(autopilot, sheet, course):
    """True where a final approach on a course [rad] makes way, and not before the wind."""
    estimate = autopilot.estimate
    north, east = steady_flight.steady_wind(estimate)
    along = north * cos(course) + east * sin(course)
    needed = phases.speed_along(estimate, along, east * cos(course) - north * sin(course),
                               phases.LEAST_HEADWAY)
    asked = max(approach_speed(estimate, sheet), needed)
    return along <= MOST_TAILWIND and phases.held(autopilot, sheet, asked) >= asked - 0.5


@compiled
def elsewhere(autopilot, plan_, sheet, earth):
    """Runway and end that take the least fuel of those that it can be flown to; -1, -1 none.

    On an approach the wind is that of approaches: the end is another one, which it can be flown to.
    Else the end is left (-1) to the wind there.
    """
    estimate, way = autopilot.estimate, autopilot.failsafe.fuel.way
    bound = autopilot.modes.phase == PHASE_APPROACH or autopilot.modes.phase == PHASE_FINAL
    chosen, chosen_end, least = -1, -1, steady_flight.NEVER
    for i in range(len(plan_.runways)):
        runway = plan_.runways[i]
        _, fuel = fuel_watch.to_runway(way, autopilot, plan_, sheet, earth, i, -1)
        if fuel >= least or fuel >= estimate.gauges.fuel_mass:
            continue
        _, _, length = approach.axis(runway, 0, earth)
        if length < runways.landing_length(estimate, sheet, runway):
            continue
        if not bound:
            chosen, chosen_end, least = i, -1, fuel
            continue
        for end in range(2):
            north, east, _ = approach.axis(runway, end, earth)
            if i == autopilot.approach.runway and end == autopilot.approach.end:
                continue
            if _can_land(autopilot, sheet, atan2(east, north)):
                chosen, chosen_end, least = i, end, fuel
    return chosen, chosen_end


@compiled
def _give_up_live(autopilot, plan_, sheet, earth, ring, time):
    runway, end = elsewhere(autopilot, plan_, sheet, earth)
    if runway >= 0:
        modes.land_on(autopilot, plan_, sheet, earth, ring, time, runway, end)
    elif rally.nearest(plan_.rally, plan_.header, autopilot.estimate, earth) >= 0:
        modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_HOLD)
        modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_RETURN)


@compiled
def _give_up(autopilot, plan_, sheet, earth, ring, time):
    """Under the plan by itself: a leg for the landing, an approach for another."""
    state = autopilot.mission
    if autopilot.modes.phase == PHASE_EN_ROUTE or autopilot.modes.phase == PHASE_LOITER:
        if landing_sequence.nearest_way(plan_.items, autopilot.estimate, earth) >= 0:
            en_route.head_home(autopilot, plan_, earth, ring, time)
            en_route.go_on(autopilot, plan_, sheet, earth, ring, time)
        return
    runway, end = elsewhere(autopilot, plan_, sheet, earth)
    if runway < 0 or plan_.items[state.index].command != plan.LAND:
        return
    approach.select(autopilot.approach, plan_.runways, earth, runway, end)
    approach.join(autopilot.approach, autopilot.guidance, plan_.runways, autopilot.estimate,
                  sheet, earth, approach_speed(autopilot.estimate, sheet), UNTOLD)
    enter(autopilot.modes, PHASE_APPROACH, ring, time)


@compiled
def watch(autopilot, plan_, sheet, earth, ring, time, dt):
    """Give up what makes no way against the wind; every ``dt`` s."""
    state, phase = autopilot.modes, autopilot.modes.phase
    on_the_way = phase in (PHASE_EN_ROUTE, PHASE_LOITER, PHASE_APPROACH, PHASE_FINAL) or (
        phase == PHASE_HOLDING and autopilot.crew.inbound != NOT_INBOUND)
    if not on_the_way or not _stands(autopilot):
        state.standing = min(state.standing + dt, 0.0) if state.standing < 0.0 else 0.0
        return
    state.standing += dt
    if state.standing < PATIENCE:
        return
    state.standing = -AGAIN
    north, east = steady_flight.steady_wind(autopilot.estimate)
    events.note(ring, time, events.NO_HEADWAY, 0, hypot(north, east))
    if autopilot.crew.live:
        _give_up_live(autopilot, plan_, sheet, earth, ring, time)
    else:
        _give_up(autopilot, plan_, sheet, earth, ring, time)
