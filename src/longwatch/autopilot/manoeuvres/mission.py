"""Working through the plan: which item is flown, when it is reached, and what comes next.

Navigation items (take-off, waypoint, loiters, return, landing) are flown one after the other;
the DO items between them act as they are passed; CONDITION_DELAY holds the DO items behind it
back while the next leg is already flown. DO_JUMP counts its repeats.
"""

from math import atan2, cos, hypot, pi, tan

from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.control import guidance
from longwatch.autopilot.estimation.estimate import ground_speed
from longwatch.compiled import compiled
from longwatch.earth.frames import ned_to_ecef_matrix, wrap_angle
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import b1, f8, field, i4, record

# Jumps that are counted, of one mission.
JUMPS = 16
# A larger turn [rad], of 120 deg, passes over its point; a smaller one is begun before it.
TURN_LIMIT = 2.09
# So near to it an altitude counts as reached [m]. Grade: assumed.
ALTITUDE_TOLERANCE = 10.0
# A circle is left where its course is so near to that of the way on [rad]. Grade: assumed.
EXIT_COURSE = 0.12


@record
class MissionState:
    index: i4 = field("", "item being flown, -1 before the start", logged=False)
    ended: b1 = field("", "the last item has been flown", logged=False)
    sequence: i4 = field("", "its number in the mission file")
    from_latitude: f8 = field("rad", "where the leg begins", logged=False)
    from_longitude: f8 = field("rad", "where the leg begins", logged=False)
    speed: f8 = field("m/s", "calibrated airspeed asked for by the plan, 0 standard")
    captured: b1 = field("", "on the loiter circle")
    turned: f8 = field("rad", "angle flown around the circle")
    bearing: f8 = field("rad", "bearing from the centre, last time", logged=False)
    since: f8 = field("s", "time when the wait on the circle began", logged=False)
    waited: f8 = field("s", "time waited on the circle, also before it was left and resumed",
                       logged=False)
    jumps: i4 = field("", "repeats done of each jump, in the order of the items", shape=(JUMPS,),
                      logged=False)
    pending: i4 = field("", "first DO item held back by a delay, -1 none", logged=False)
    delay_until: f8 = field("s", "when the delay ends", logged=False)


@compiled
def is_navigation(command):
    """True for items that are flown, False for those that act in passing."""
    return command <= plan.NAV_LAST


@compiled
def _is_next(state, item):
    """True for the item that the aircraft flies next: a take-off is past once the mission is."""
    return is_navigation(item.command) and (item.command != plan.TAKEOFF or state.index < 0)


@compiled
def _jump_slot(items, index):
    """Which count is the jump's; plans with more than JUMPS of them are not loaded."""
    slot = 0
    for i in range(index):
        if items[i].command == plan.DO_JUMP:
            slot += 1
    return min(slot, JUMPS - 1)


@compiled
def next_navigation(state, items, index):
    """Index of the navigation item flown after ``index``, -1 at the end; jumps are followed."""
    i = index + 1
    # No plan that is loaded comes twice to an item on its way (plan.circles_idly).
    for _ in range(len(items) + 1):
        if i >= len(items):
            return -1
        item = items[i]
        if _is_next(state, item):
            return i
        if item.command == plan.DO_JUMP and (
                item.repeats < 0 or state.jumps[_jump_slot(items, i)] < item.repeats):
            i = item.jump
        else:
            i += 1
    return -1


@compiled
def _act(state, items, index, ring, time):
    """Carry out the DO item at ``index`` and return the index that follows it."""
    item = items[index]
    if item.command == plan.DO_CHANGE_SPEED:
        state.speed = item.speed
        events.note(ring, time, events.SPEED_CHANGED, item.sequence, item.speed)
    elif item.command == plan.DO_JUMP:
        slot = _jump_slot(items, index)
        if item.repeats < 0 or state.jumps[slot] < item.repeats:
            state.jumps[slot] += 1
            events.note(ring, time, events.JUMPED, item.sequence, items[item.jump].sequence)
            return item.jump
    events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
    return index + 1


@compiled
def _past_held(state, items, index, ring, time):
    """Index of the navigation item behind DO items that wait; jumps among them are taken now."""
    for _ in range(len(items) + 1):
        if index >= len(items) or _is_next(state, items[index]):
            break
        jumps = items[index].command == plan.DO_JUMP
        index = _act(state, items, index, ring, time) if jumps else index + 1
    return index


@compiled
def advance(state, items, ring, time, latitude, longitude):
    """Go on to the next navigation item, from a leg that begins at a position [rad]."""
    state.from_latitude, state.from_longitude = latitude, longitude
    index = state.index + 1
    state.pending = -1
    for _ in range(len(items) + 1):
        if index >= len(items):
            break
        item = items[index]
        if _is_next(state, item):
            break
        if item.command == plan.CONDITION_DELAY:
            events.note(ring, time, events.ITEM_REACHED, item.sequence, item.time)
            state.pending, state.delay_until = index + 1, time + item.time
            index = _past_held(state, items, index + 1, ring, time)
            break
        index = _act(state, items, index, ring, time)
    # Wherever the way through the DO items led: only what can be flown is begun.
    state.ended = index >= len(items) or not _is_next(state, items[index])
    begin(state, items, _last_flown(items) if state.ended else index)


@compiled
def _last_flown(items):
    """Index of the last item that is flown: at the mission's end it stays the one to fly."""
    for back in range(len(items)):
        if is_navigation(items[len(items) - 1 - back].command):
            return len(items) - 1 - back
    return 0


@compiled
def begin(state, items, index):
    """Make the item at ``index`` the one that is flown (the last one stays past the end)."""
    state.index = min(max(index, 0), len(items) - 1)
    state.sequence = items[state.index].sequence
    state.captured, state.turned, state.waited = False, 0.0, 0.0


@compiled
def run_delayed(state, items, ring, time):
    """Carry out the DO items behind a delay once it has run out."""
    if state.pending < 0 or time < state.delay_until:
        return
    index = state.pending
    state.pending = -1
    while index < len(items) and not _is_next(state, items[index]) and (
            items[index].command != plan.DO_JUMP):
        if items[index].command == plan.CONDITION_DELAY:
            state.pending, state.delay_until = index + 1, time + items[index].time
            return
        _act(state, items, index, ring, time)
        index += 1


@compiled
def restart(state):
    """Back to before the first item, every jump to be made anew."""
    state.index, state.pending, state.ended = -1, -1, False
    state.speed = 0.0
    for i in range(JUMPS):
        state.jumps[i] = 0


@compiled
def direct(state, items, path, earth):
    """Lay the lateral path of the item being flown."""
    item = items[state.index]
    if item.command == plan.WAYPOINT:
        guidance.set_line(path, earth, state.from_latitude, state.from_longitude,
                          item.latitude, item.longitude)
    else:
        guidance.set_circle(path, earth, item.latitude, item.longitude, abs(item.radius),
                            1.0 if item.radius >= 0.0 else -1.0)


@compiled
def _turn_distance(state, items, path, estimate, earth, bank):
    """Distance before the waypoint at which its turn begins [m]."""
    item = items[state.index]
    following = next_navigation(state, items, state.index)
    if item.fly_over or following < 0:
        return 0.0
    after = items[following]
    if after.command == plan.LAND or after.command == plan.RETURN_TO_LAUNCH:
        return 0.0
    a_north, a_east = guidance.offset(estimate, path.to_ecef)
    b_north, b_east = guidance.offset(
        estimate, geodetic_to_ecef(earth, after.latitude, after.longitude, 0.0))
    north, east = b_north - a_north, b_east - a_east
    if hypot(north, east) < 1.0:
        return 0.0
    turn = abs(wrap_angle(atan2(east, north) - atan2(path.course_east, path.course_north)))
    if turn > TURN_LIMIT:
        return 0.0
    speed = ground_speed(estimate)
    radius = speed * speed / (GRAVITY * tan(0.8 * bank))
    # Half the roll-in time is flown straight before the turn takes hold.
    return min(radius * tan(0.5 * turn) + speed * turn / 2.0, 0.7 * max(hypot(north, east), 1.0))


@compiled
def _bearing_from(item, path, estimate):
    """Bearing [rad] from a circle's centre, by the centre's north, which stays as it is."""
    m = ned_to_ecef_matrix(item.latitude, item.longitude)
    at, centre = estimate.position_ecef, path.centre_ecef
    x, y, z = at[0] - centre[0], at[1] - centre[1], at[2] - centre[2]
    return atan2(m[1] * x + m[4] * y + m[7] * z, m[0] * x + m[3] * y + m[6] * z)


@compiled
def capture_distance(radius):
    """Distance [m] from a circle within which its loiter has begun, on whatever course."""
    return 0.1 * radius + 50.0


@compiled
def _loiter_left(state, items, path, estimate, time):
    """True when the loiter has done its work and points at what comes next."""
    item = items[state.index]
    bearing = _bearing_from(item, path, estimate)
    if not state.captured:
        if abs(path.cross_track) < capture_distance(path.radius):
            state.captured, state.since = True, time - state.waited
            state.bearing = bearing
        return False
    state.turned += path.direction * wrap_angle(bearing - state.bearing)
    state.bearing, state.waited = bearing, time - state.since
    if item.command == plan.LOITER_TURNS:
        return state.turned >= 2.0 * pi * item.turns - 0.05
    if item.command == plan.LOITER_TIME:
        return state.waited >= item.time
    if item.command == plan.LOITER_TO_ALT:
        return abs(estimate.altitude_msl - item.altitude_msl) < ALTITUDE_TOLERANCE
    return False


@compiled
def _points_ahead(state, items, path, estimate, earth, told):
    """True when the course leads to the next item, so that a loiter is left on its tangent.

    No tangent leads to a landing, whose approach is joined from anywhere, nor to a point inside the
    circle: for those it is left at once. ``told`` [rad] is how far it was told to be turned around
    by then: without a tangent it is left no earlier, and on its tangent on no earlier lap.
    """
    following = next_navigation(state, items, state.index)
    if following < 0:
        return state.turned >= told
    after = items[following]
    if after.command == plan.LAND or after.command == plan.RETURN_TO_LAUNCH:
        return state.turned >= told
    north, east = guidance.offset(
        estimate, geodetic_to_ecef(earth, after.latitude, after.longitude, 0.0))
    centre_north, centre_east = guidance.offset(estimate, path.centre_ecef)
    if hypot(north - centre_north, east - centre_east) < path.radius:
        return state.turned >= told
    if state.turned < told - pi:
        return False
    course = atan2(estimate.velocity_east, estimate.velocity_north)
    return hypot(north, east) < 300.0 or cos(course - atan2(east, north)) > cos(EXIT_COURSE)


@compiled
def update(state, items, path, estimate, earth, bank, told, ring, time):
    """Go on when the item being flown is reached; True when it was.

    ``told`` is how far a loiter was told to be turned around when it is left [rad], UNTOLD not.
    """
    run_delayed(state, items, ring, time)
    item = items[state.index]
    latitude, longitude = estimate.latitude, estimate.longitude
    if item.command == plan.WAYPOINT:
        distance = _turn_distance(state, items, path, estimate, earth, bank)
        if path.to_go > distance:
            return False
        latitude, longitude = item.latitude, item.longitude
    else:
        was = state.captured
        done = _loiter_left(state, items, path, estimate, time)
        if state.captured and not was:
            events.note(ring, time, events.LOITER_BEGUN, item.sequence, 0.0)
        if not done or not _points_ahead(state, items, path, estimate, earth, told):
            return False
    events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
    advance(state, items, ring, time, latitude, longitude)
    return True
