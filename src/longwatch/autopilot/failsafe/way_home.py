"""The ways down that a crew can order, reckoned as they are flown: return, and land.

What crew.py, en_route.py, inbound.py, approach.py and landing.py do stretch by stretch is told here
in numbers (homeward.py), from where the aircraft is and from what it is about: out of a climb-out,
on the mission, on the way home already, on the approach. Time and distance end where the wheels
touch.
"""

from math import atan2, cos, hypot, pi, sin, tan

from longwatch.aircraft.formulas import STEEPEST_CLIMB
from longwatch.autopilot import codes
from longwatch.autopilot.aboard import plan, rally
from longwatch.autopilot.aboard.crew_record import BY_PLAN, TO_PLACE, TO_RUNWAY, UNTOLD
from longwatch.autopilot.codes import MODE_LAND, MODE_RETURN
from longwatch.autopilot.control import guidance
from longwatch.autopilot.crew.inbound import DESCENT_SLOPE, JOINING_RADII, TIGHTEST
from longwatch.autopilot.crew.leaving import climbs_out, ground_below
from longwatch.autopilot.failsafe import homeward, way_down
from longwatch.autopilot.failsafe.steady_flight import NEVER
from longwatch.autopilot.manoeuvres import (
    approach,
    guided,
    landing_sequence,
    mission,
    phases,
    runways,
)
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY

# Pieces that a loiter of the plan is reckoned in [rad]: where it ends decides where the next circle
# is met, and how far around to turn towards it.
LEAST_PIECE, LARGEST_PIECE = 0.05 * homeward.ARC, 1.9 * homeward.ARC


@compiled
def _to_runway(way, autopilot, plan_, sheet, earth, index, end, top):
    """To a runway, high until the way down begins, and down on it (inbound.py)."""
    if index < 0:
        way.time = NEVER
        return
    runway = plan_.runways[index]
    x, y, _ = way_down.threshold(way, runway, max(end, 0), earth)
    radius = max(TIGHTEST, guided.least_radius(autopilot.estimate, sheet))
    for _ in range(2):
        # Climbing or sinking on the way, it finds another height when it looks again.
        joining = JOINING_RADII * way_down.join_radius(way, autopilot, sheet)
        near = (sheet.procedures.final_length + joining
                + max(way.altitude - runway.elevation_msl[0], 0.0) / DESCENT_SLOPE)
        away = hypot(x - way.x, y - way.y)
        if away <= near:
            break
        homeward.join(way, autopilot, sheet, x, y, radius, 1.0, top,
                      max(near, 0.5 * away) if abs(top - way.altitude) > 50.0 else near)
    if end < 0:
        end = _end_by_wind(way, runway, earth)
        if end != way.end:
            way.told = way.told_circle = UNTOLD
    way.end = end
    way_down.land(way, autopilot, sheet, earth, runway, end, 0.0)


@compiled
def _end_by_wind(way, runway, earth):
    """End to land on, as runways.into_wind chooses it once the aircraft is near."""
    x, y, course = way_down.threshold(way, runway, 0, earth)
    share = homeward.profile(way.ground, way.altitude)
    along = share * (way.wind_north * cos(course) + way.wind_east * sin(course))
    ahead = (x - way.x) * cos(course) + (y - way.y) * sin(course)
    return runways.end_by(along, ahead, way.end)


# ----------------------------------------------------------------------------------- by plan


@compiled
def _turn_before(way, autopilot, sheet, items, index, earth, x, y):
    """Distance [m] before a waypoint at which its turn begins (mission.py)."""
    following = mission.next_navigation(autopilot.mission, items, index)
    if items[index].fly_over or following < 0:
        return 0.0
    after = items[following]
    if after.command == plan.LAND or after.command == plan.RETURN_TO_LAUNCH:
        return 0.0
    to_x, to_y = homeward.in_plane(way, earth, after.latitude, after.longitude)
    change = abs(wrap_angle(atan2(to_y - y, to_x - x) - atan2(y - way.y, x - way.x)))
    if change > mission.TURN_LIMIT:
        return 0.0
    speed = homeward.speeds(way, autopilot, sheet, way.course)[2]
    radius = speed * speed / (GRAVITY * tan(0.8 * sheet.limits.bank_maximum))
    return min(radius * tan(0.5 * change) + 0.5 * speed * change,
               0.7 * hypot(to_x - x, to_y - y))


@compiled
def _piece(way, item, radius, turned, waited):
    """Angle [rad] to fly around a loiter of the plan before it is looked at again.

    No further than it surely takes until the loiter is done: nothing climbs or sinks more steeply
    than at its steepest climb, and no wind more than doubles the speed over the ground.
    """
    left = homeward.ARC
    if item.command == plan.LOITER_TO_ALT:
        high = abs(way.altitude - item.altitude_msl) - mission.ALTITUDE_TOLERANCE
        left = high / (STEEPEST_CLIMB * radius)
    elif item.command == plan.LOITER_TIME:
        left = 0.5 * (item.time - waited) * way.airspeed / radius
    elif item.command == plan.LOITER_TURNS:
        left = 2.0 * pi * item.turns - turned
    return min(max(left, LEAST_PIECE), LARGEST_PIECE)


@compiled
def _done(way, item, turned, waited):
    """True where a loiter of the plan has done its work (mission.py)."""
    if item.command == plan.LOITER_TO_ALT:
        return abs(way.altitude - item.altitude_msl) < mission.ALTITUDE_TOLERANCE
    if item.command == plan.LOITER_TIME:
        return waited >= item.time
    return item.command == plan.LOITER_TURNS and turned >= 2.0 * pi * item.turns - 0.05


@compiled
def _has_tangent(way, autopilot, items, index, earth, x, y):
    """True where a loiter of the plan is left on a tangent, and not at once (mission.py)."""
    following = mission.next_navigation(autopilot.mission, items, index)
    if following < 0 or items[following].command == plan.LAND:
        return False
    to_x, to_y = homeward.in_plane(way, earth, items[following].latitude,
                                   items[following].longitude)
    return hypot(to_x - x, to_y - y) > abs(items[index].radius)


@compiled
def _loiter(way, autopilot, sheet, items, index, earth, x, y, top, resumed):
    """A loiter of the plan: joined at an altitude, flown as it asks, left towards what follows.

    It begins near the circle, on whatever course, and is left where that was told: on a tangent, on
    that lap. What has been turned and waited on it counts where it is ``resumed``.
    """
    item, state = items[index], autopilot.mission
    radius, side = abs(item.radius), 1.0 if item.radius >= 0.0 else -1.0
    turned, waited = 0.0, 0.0
    if resumed and state.index == index:
        turned, waited = state.turned, state.waited
    told, way.told_loiter = way.told_loiter, UNTOLD
    if hypot(way.x - x, way.y - y) > radius + mission.capture_distance(radius):
        homeward.join(way, autopilot, sheet, x, y, radius, side, top,
                      radius + mission.capture_distance(radius))
        top = item.altitude_msl
    if item.command == plan.LOITER_UNLIM:
        way.time = NEVER
        return
    began = way.time - waited
    way.sinking = way_down.SURELY if told == UNTOLD else 1.0
    tangent = _has_tangent(way, autopilot, items, index, earth, x, y)
    if tangent or told > turned or not _done(way, item, turned, waited):
        turned += _onto_the_circle(way, autopilot, sheet, x, y, radius, side, top)
    for _ in range(homeward.MOST_STEPS):
        if way.time >= NEVER:
            return
        if _done(way, item, turned, way.time - began):
            break
        arc = _piece(way, item, radius, turned, way.time - began)
        homeward.around(way, autopilot, sheet, x, y, radius, side, arc, item.altitude_msl)
        turned += arc
    turned += _to_leave(way, autopilot, sheet, items, index, earth, x, y, told - turned, tangent)
    way.sinking = 1.0
    if way.loiter == UNTOLD:
        way.loiter = turned


@compiled
def _onto_the_circle(way, autopilot, sheet, x, y, radius, side, top):
    """Onto a circle; the angle [rad] turned around it meanwhile, from near it on."""
    near = abs(hypot(way.x - x, way.y - y) - radius) <= mission.capture_distance(radius)
    bearing = atan2(way.y - y, way.x - x)
    homeward.join(way, autopilot, sheet, x, y, radius, side, top, 0.0)
    return side * wrap_angle(atan2(way.y - y, way.x - x) - bearing) if near else 0.0


@compiled
def _to_leave(way, autopilot, sheet, items, index, earth, x, y, told, tangent):
    """Around a loiter of the plan, done, to where it is left for what follows; the angle [rad].

    On its ``tangent``, on the lap that brings it nearest to ``told`` [rad], where that was; without
    one there, or else at once.
    """
    item = items[index]
    radius, side = abs(item.radius), 1.0 if item.radius >= 0.0 else -1.0
    angle = max(told, 0.0)
    if tangent:
        after = items[mission.next_navigation(autopilot.mission, items, index)]
        to_x, to_y = homeward.in_plane(way, earth, after.latitude, after.longitude)
        angle = approach.as_told(
            homeward.angle_to_leave(way, x, y, radius, side, to_x, to_y), told)
    if angle > 0.0:
        homeward.around(way, autopilot, sheet, x, y, radius, side, angle, item.altitude_msl)
    return angle


@compiled
def _by_plan(way, autopilot, plan_, sheet, earth, index, top, resumed):
    """Along the plan's landing sequence from an item on; ``top`` [m] at least as far as to it.

    ``resumed`` where that item is flown already.
    """
    items = plan_.items
    while index < len(items) and items[index].command != plan.LAND:
        item = items[index]
        if mission.is_navigation(item.command) and item.command != plan.RETURN_TO_LAUNCH:
            x, y = homeward.in_plane(way, earth, item.latitude, item.longitude)
            high = max(top, item.altitude_msl)
            if item.command == plan.WAYPOINT or item.command == plan.TAKEOFF:
                homeward.to_point(way, autopilot, sheet, x, y, _turn_before(
                    way, autopilot, sheet, items, index, earth, x, y), high)
            else:
                _loiter(way, autopilot, sheet, items, index, earth, x, y, high, resumed)
            top = -NEVER
        index += 1
    if index >= len(items) or items[index].runway < 0:
        way.time = NEVER
        return
    item = items[index]
    way_down.land(way, autopilot, sheet, earth, plan_.runways[item.runway], item.end, 0.0)


@compiled
def _origin(plan_, earth, index):
    """Place [rad] about which a way along the plan is laid: where its landing is."""
    items = plan_.items
    while index < len(items) - 1 and items[index].command != plan.LAND:
        index += 1
    return items[index].latitude, items[index].longitude


# -------------------------------------------------------------------------------------- ways


@compiled
def _as_told(way, autopilot, mode):
    """Where it is on its way already, what was told of it holds (leaving.py)."""
    if autopilot.crew.mode == mode:
        crew = autopilot.crew
        way.told, way.end = crew.around, crew.end_told
        way.told_circle, way.told_loiter = crew.circle, crew.loiter


@compiled
def _begin(way, autopilot, plan_, sheet, earth, mode, latitude, longitude):
    fixed = phases.fixed_speed(autopilot, plan_.header, mode)
    homeward.begin(way, autopilot.estimate, sheet, earth, fixed,
                   plan_.header.home_elevation_msl, latitude, longitude)
    _as_told(way, autopilot, mode)
    # Near the ground it climbs straight ahead first (leaving.py).
    if climbs_out(autopilot, plan_, sheet) and not autopilot.estimate.gauges.weight_on_wheels:
        enough = ground_below(autopilot, plan_) + sheet.procedures.climb_out_height
        for _ in range(homeward.MOST_STEPS):
            if way.altitude >= enough or way.time >= NEVER:
                break
            homeward.advance(way, autopilot, sheet, 100.0, way.course, enough + 10.0)


@compiled
def _lands_already(way, autopilot, plan_, sheet, earth, mode):
    """The rest of an approach that is flown already."""
    state, path, phase = autopilot.approach, autopilot.guidance, autopilot.modes.phase
    runway = plan_.runways[state.runway]
    fixed = phases.fixed_speed(autopilot, plan_.header, mode)
    homeward.begin(way, autopilot.estimate, sheet, earth, fixed,
                   runway.elevation_msl[state.end], runway.latitude[state.end],
                   runway.longitude[state.end])
    _as_told(way, autopilot, mode)
    _, _, length = approach.axis(runway, state.end, earth)
    if phase == codes.PHASE_FINAL or phase == codes.PHASE_FLARING or (
            phase == codes.PHASE_APPROACH and state.on_final):
        way.course = way_down.threshold(way, runway, state.end, earth)[2]
        if phase == codes.PHASE_APPROACH:
            way_down.straight(way, autopilot, sheet, runway, state.end, length, state.to_aim)
        else:
            way_down.final(way, autopilot, sheet, runway, state.end, length, state.to_aim)
        return
    if phase == codes.PHASE_GO_AROUND:
        enough = runway.elevation_msl[state.end] + 2.0 * sheet.procedures.climb_out_height
        for _ in range(homeward.MOST_STEPS):
            if way.altitude >= enough or way.time >= NEVER:
                break
            homeward.advance(way, autopilot, sheet, 100.0, way.course, enough + 10.0)
    if phase == codes.PHASE_APPROACH and path.kind == guidance.CIRCLE:
        way_down.land(way, autopilot, sheet, earth, runway, state.end,
                      path.direction * path.radius)
    else:
        way_down.land(way, autopilot, sheet, earth, runway, state.end, 0.0)


@compiled
def _target(autopilot, plan_):
    """Altitude [m] that a return flies home at."""
    return max(autopilot.estimate.altitude_msl,
               plan_.header.home_elevation_msl + plan_.settings[0].return_altitude)


@compiled
def going_home(way, autopilot, plan_, sheet, earth):
    """Reckon a return from here, or what is left of one: time, distance and mass of ``way``."""
    crew = autopilot.crew
    returns, on_plan = crew.mode == MODE_RETURN, landing_sequence.begun(autopilot, plan_)
    if phases.lands(autopilot.modes.phase) and (returns or on_plan):
        _lands_already(way, autopilot, plan_, sheet, earth, MODE_RETURN)
        return
    if returns and crew.inbound in (TO_PLACE, TO_RUNWAY):
        _home_by_place(way, autopilot, plan_, sheet, earth)
        return
    index = landing_sequence.way_in(autopilot, plan_, earth)
    if index < 0:
        _home_by_place(way, autopilot, plan_, sheet, earth)
        return
    top = _target(autopilot, plan_)
    if on_plan:
        index, top = autopilot.mission.index, -NEVER
        if crew.inbound == BY_PLAN and not autopilot.mission.captured:
            top = crew.target_altitude_msl
    latitude, longitude = _origin(plan_, earth, index)
    _begin(way, autopilot, plan_, sheet, earth, MODE_RETURN, latitude, longitude)
    _by_plan(way, autopilot, plan_, sheet, earth, index, top, on_plan)


@compiled
def _gather(way, autopilot, plan_, sheet, laid, top):
    """To near the circle at a rally point, on whatever course (guided.on_circle).

    The circle is the one ``laid`` already, or the one that would be (guided.circle).
    """
    radius = autopilot.crew.radius if laid else max(
        plan_.settings[0].loiter_radius, guided.least_radius(autopilot.estimate, sheet))
    near = mission.capture_distance(radius)
    homeward.join(way, autopilot, sheet, 0.0, 0.0, radius, 1.0, top, radius + near, radius - near)


@compiled
def _home_by_place(way, autopilot, plan_, sheet, earth):
    """Home, or to a rally point that is nearer, and on to the runway there (inbound.py)."""
    crew, header, estimate = autopilot.crew, plan_.header, autopilot.estimate
    returns = crew.mode == MODE_RETURN
    if returns and crew.inbound == TO_RUNWAY:
        _begin(way, autopilot, plan_, sheet, earth, MODE_RETURN, crew.target_latitude,
               crew.target_longitude)
        _to_runway(way, autopilot, plan_, sheet, earth, crew.runway, crew.end,
                   crew.target_altitude_msl)
        return
    gathers = returns and crew.inbound == TO_PLACE
    latitude, longitude, top = header.home_latitude, header.home_longitude, _target(autopilot,
                                                                                     plan_)
    point = rally.nearest(plan_.rally, header, estimate, earth)
    if gathers:
        latitude, longitude, top = (crew.target_latitude, crew.target_longitude,
                                    crew.target_altitude_msl)
    elif point >= 0:
        place = plan_.rally[point]
        latitude, longitude, top = place.latitude, place.longitude, place.altitude_msl
    _begin(way, autopilot, plan_, sheet, earth, MODE_RETURN, latitude, longitude)
    if gathers or point >= 0:
        _gather(way, autopilot, plan_, sheet, gathers, top)
    runway = runways.nearest(plan_.runways, estimate, sheet, earth, latitude, longitude)
    _to_runway(way, autopilot, plan_, sheet, earth, runway, -1, top)


@compiled
def landing_on(way, autopilot, plan_, sheet, earth, runway, end):
    """Reckon the way from here to a runway, by index, and down on it; ``end`` -1 by the wind."""
    _begin(way, autopilot, plan_, sheet, earth, MODE_LAND, plan_.runways[runway].latitude[0],
           plan_.runways[runway].longitude[0])
    if runway != autopilot.crew.runway:
        way.told, way.told_circle, way.end = UNTOLD, UNTOLD, -1
    _to_runway(way, autopilot, plan_, sheet, earth, runway, end, autopilot.estimate.altitude_msl)


@compiled
def going_down(way, autopilot, plan_, sheet, earth):
    """Reckon the order to land from here, or what is left of it."""
    crew = autopilot.crew
    if crew.mode == MODE_LAND and phases.lands(autopilot.modes.phase):
        _lands_already(way, autopilot, plan_, sheet, earth, MODE_LAND)
        return
    estimate = autopilot.estimate
    runway, end = crew.runway, crew.end
    if crew.mode != MODE_LAND:
        runway, end = runways.nearest(plan_.runways, estimate, sheet, earth, estimate.latitude,
                                      estimate.longitude), -1
    if runway < 0:
        way.time = NEVER
        return
    landing_on(way, autopilot, plan_, sheet, earth, runway, end)
