"""The mission flown in numbers: time, distance and fuel of every leg, with wind and climbs.

Each leg is flown at the airspeed that the autopilot flies at that mass and in that wind: climbing
at the largest continuous power as long as it takes, descending at 3.5 deg, level for the rest,
each with the fuel flow of that state at the mass it has by then. Circles are joined and left on
their tangents, where their course leads to the next item (circles.py). The landing adds the circle
that joins the final, the final approach and the roll.
"""

from longwatch.autopilot.aboard import plan
from longwatch.planning.case import Case, asked_speed, is_loiter
from longwatch.planning.itinerary import itinerary
from longwatch.planning.mav_commands import FIRST_CONDITION
from longwatch.planning.walk_circles import stay
from longwatch.planning.walk_landing import land
from longwatch.planning.walk_legs import fly_leg, take_off, way_to
from longwatch.planning.walk_state import Visit, Walk

# Beyond this many tanks the sum needs no more items. Grade: assumed.
ENOUGH = 3.0


def walk(case: Case, start: tuple[float, float, float] | None = None) -> Walk:
    """Fly the mission in numbers, from the take-off run to the landing.

    ``start`` is latitude and longitude [rad] and altitude [m above mean sea level] of an aircraft
    that is in the air already.
    """
    strip, end = case.strips.takeoff_strip, case.strips.takeoff_end
    latitude, longitude, altitude = start or (strip.latitude[end], strip.longitude[end],
                                              strip.elevation_msl[end])
    state = Walk(case, (latitude, longitude), altitude, case.takeoff_mass, altitude,
                 at=(latitude, longitude))
    enough = ENOUGH * float(case.sheet.mass.fuel_capacity)
    spent, asked, order = 0.0, 0.0, list(itinerary(case.mission.items))
    for k, i in enumerate(order):
        asked = asked_speed(case.mission.items[i], asked)
        state.case = case.flown_at(i, asked)
        following = next((j for j in order[k + 1:]
                          if case.mission.items[j].command < FIRST_CONDITION), None)
        visit = Visit(i, state.mass)
        _fly(state, visit, following)
        _end(state, visit)
        spent += visit.fuel
        if spent > enough:
            break
    state.case = case
    last = case.mission.items[order[-1]] if order else None
    if spent <= enough and last is not None and last.command == plan.RETURN_TO_LAUNCH:
        visit = Visit(order[-1], state.mass)
        land(state, visit)
        _end(state, visit)
    return state


def _end(state: Walk, visit: Visit) -> None:
    visit.end_mass = state.mass
    state.visits.append(visit)


def _fly(state: Walk, visit: Visit, following: int | None) -> None:
    case, i = state.case, visit.index
    point, item = case.points[i], case.points[i].item
    if item.command == plan.TAKEOFF:
        take_off(state, visit)
    elif item.command == plan.LAND:
        land(state, visit)
    elif item.command == plan.WAYPOINT or is_loiter(item):
        way = way_to(state, i)
        circled, late = fly_leg(state, visit, point.place, point.altitude_msl, way)
        if is_loiter(item):
            stay(state, visit, circled, late, way, following)
    state.highest = max(state.highest, state.altitude)
