"""No engine runs: the best glide to the best runway within reach, and a landing without power.

Once every engine has stopped in the air, whatever the phase, the aircraft flies at the speed that
carries farthest over the ground. Of all runway ends that it reaches with a margin it takes the one
that is best to land on (into the wind, then long enough) and of those alike the one that leaves the
most height. Height left over is flown off in circles at the gate and then by a base leg that lies
as far out as the height asks for; on the final, speed takes what is still too much. Where no runway
is within reach it flies towards the one that it misses least, turns into the wind near the ground
and lands where it is.
"""

from math import atan2, cos, hypot, pi, sin, tan

from longwatch.autopilot.aboard import events
from longwatch.autopilot.codes import PHASE_DEAD_STICK, PHASE_FIELD_LANDING, PHASE_GLIDING
from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.energy import ALTITUDE
from longwatch.autopilot.estimation.estimate import stall_speed
from longwatch.autopilot.manoeuvres import approach, glide_polar, reach
from longwatch.autopilot.manoeuvres.phases import enter, gust_allowance, track
from longwatch.autopilot.manoeuvres.reach import ReachState
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import SEA_LEVEL_DENSITY
from longwatch.record import b1, f8, field, i4, record

# Stages: to the circle at the gate and round it; to where the base leg begins; base leg or the
# straight way, the turn onto the final.
CIRCLING, TO_BASE, TURNING_IN = range(3)
LOOK_INTERVAL = 1.0
# Speed in turns and on the final over the stall, and how much of the gust allowance goes on top.
FINAL_FACTOR, FINAL_GUSTS = 1.3, 0.5
# Of the margin, so much is aimed for at the gate: the rest is the final's to fly off.
AIMED_SHARE = 0.6
# The turn onto the final is left for the centreline at this course error [rad].
LEAVE_COURSE, LEAVE_OFFSET = 0.30, 200.0
# The final begins no farther out than this many of the shortest.
FINAL_AT_MOST = 2.5
# Back onto the circle only where so much of a whole one is left over beyond the widest base leg.
BACK_SHARE = 0.6
# Near the ground and no runway: into the wind below this, straight on below that [m].
FIELD_HEIGHT, STRAIGHT_HEIGHT = 200.0, 70.0
LEAST_WIND = 2.0
FIELD_LINE = 20000.0
FIELD_BRAKE = 0.6
# A runway given up for another must be out of reach by this [m].
LOST_HEIGHT = -20.0
SOLVE_STEPS = 24
# The straight way is settled this many radii before the turn onto the final.
COMMITTED_RADII = 1.5
# A base leg is bent as the height asks for until this many radii from the centreline.
BENDING_RADII = 1.6


@record
class GlideState:
    stage: i4 = field("", "0 circling at the gate, 1 to the base leg, 2 turning in")
    runway: i4 = field("", "index of the runway glided to")
    end: i4 = field("", "its end in use")
    reachable: b1 = field("", "it is within reach")
    told: i4 = field("", "what was said last: 1 + 2 runway + end, -1 none", logged=False)
    spare: f8 = field("m", "height left over by the shortest way to it, margin apart")
    side: i4 = field("", "+1 right-hand pattern, -1 left-hand", logged=False)
    wide: f8 = field("m", "how much wider than the least the base leg lies")
    gate: f8 = field("m", "length of the final to be flown")
    shift: f8 = field("m", "aiming point beyond the usual one", logged=False)
    best_speed: f8 = field("m/s", "calibrated airspeed that glides farthest over the ground")
    final_speed: f8 = field("m/s", "calibrated airspeed of turns and final", logged=False)
    committed: b1 = field("", "on the base leg or turning onto the final", logged=False)
    next_look: f8 = field("s", "time of the next look around", logged=False)
    reach: ReachState = field("", "what ways cost", logged=False)


@compiled
def begin(autopilot, plan_, sheet, earth, ring, time):
    """Take up the glide, from any phase in the air."""
    state = autopilot.glide
    state.stage, state.told, state.shift, state.wide = CIRCLING, 0, 0.0, 0.0
    state.reachable = state.committed = False
    state.side, state.runway, state.end = 1, autopilot.approach.runway, autopilot.approach.end
    autopilot.control.pitch_mode = 0
    autopilot.guidance.urgent = False
    autopilot.guidance.precise = False
    enter(autopilot.modes, PHASE_GLIDING, ring, time)
    refresh(autopilot, sheet)
    _choose(autopilot, plan_, sheet, earth, ring, time)
    state.next_look = time


@compiled
def refresh(autopilot, sheet):
    """Speeds and costs at the present mass, height and wind."""
    state, estimate = autopilot.glide, autopilot.estimate
    stall, ratio = stall_speed(estimate, sheet), max(estimate.air.density_ratio, 0.05)
    governed = sheet.engine.cruise_speed_least if autopilot.engines.turning else 0.0
    way, at = state.reach.course, autopilot.approach
    north, east = -state.reach.x, -state.reach.y
    headwind = 0.0
    if hypot(north, east) > 1.0:
        way += atan2(east, north)
        headwind = -(state.reach.wind_north * cos(way) + state.reach.wind_east * sin(way))
    state.best_speed = glide_polar.best_speed(sheet, estimate.mass, stall, ratio, headwind,
                                              governed)
    state.final_speed = FINAL_FACTOR * stall + FINAL_GUSTS * gust_allowance(estimate)
    radius = state.reach.radius
    reach.refresh(state.reach, estimate, sheet, stall, state.best_speed, state.final_speed,
                  governed)
    if state.committed:
        state.reach.radius = radius
    if not sheet.propeller.feathering:
        airspeed = estimate.air.true_airspeed
        autopilot.engines.windmill_area = glide_polar.propeller_area(
            sheet, max(airspeed, 10.0), SEA_LEVEL_DENSITY * ratio, governed)
    at.near = False


@compiled
def _consider(autopilot, runways, sheet, earth, index, end):
    """(rank, height to spare [m], aiming point's shift [m]) of one runway end."""
    state, estimate = autopilot.glide.reach, autopilot.estimate
    reach.look_at(state, runways, index, end, estimate, earth)
    stall = stall_speed(estimate, sheet)
    height = estimate.altitude_msl - state.elevation
    shift = reach.straight_ahead(state, height, stall)
    if shift > 0.0:
        return 0, 1.0, shift
    lost = reach.least_lost(state)
    return reach.rank(state, stall, sheet.limits), height - lost - reach.margin(lost), 0.0


@compiled
def _choose(autopilot, plan_, sheet, earth, ring, time):
    """Take the best runway end within reach, or the one that is missed least."""
    state = autopilot.glide
    best_rank, best_spare, best_shift, best_index, best_end = 99, -1e9, 0.0, 0, 0
    for index in range(len(plan_.runways)):
        for end in range(2):
            rank, spare, shift = _consider(autopilot, plan_.runways, sheet, earth, index, end)
            if spare < 0.0:
                rank = 50
            if rank < best_rank or (rank == best_rank and spare > best_spare):
                best_rank, best_spare, best_shift = rank, spare, shift
                best_index, best_end = index, end
    state.runway, state.end, state.shift = best_index, best_end, best_shift
    state.reachable = best_spare >= 0.0
    approach.select(autopilot.approach, plan_.runways, earth, best_index, best_end)
    reach.look_at(state.reach, plan_.runways, best_index, best_end, autopilot.estimate, earth)
    reach.least_lost(state.reach)
    state.side = state.reach.side
    if state.side == 0:
        state.side = 1 if state.reach.y >= 0.0 else -1
    state.stage, state.spare = CIRCLING, best_spare
    said = 1 + 2 * best_index + best_end if state.reachable else -1
    if said != state.told:
        state.told = said
        if state.reachable:
            events.note(ring, time, events.GLIDES_TO, best_index, best_spare)
        else:
            events.note(ring, time, events.OFF_RUNWAY, 0, best_spare)


@compiled
def fly_glide(autopilot, plan_, sheet, earth, ring, time):
    """Glide to the pattern and round it; every guidance step."""
    state, estimate, path = autopilot.glide, autopilot.estimate, autopilot.guidance
    if time >= state.next_look:
        state.next_look = time + LOOK_INTERVAL
        refresh(autopilot, sheet)
        reach.look_at(state.reach, plan_.runways, state.runway, state.end, estimate, earth)
        _look(autopilot, plan_, sheet, earth, ring, time)
    approach.measure(autopilot.approach, plan_.runways, estimate, sheet, earth)
    if autopilot.modes.phase != PHASE_GLIDING:
        return
    track(autopilot, sheet)
    hold_speed(autopilot, _speed(autopilot))
    if state.stage == TURNING_IN and _aligned(autopilot):
        take_final(autopilot, plan_, earth, ring, time)
        return
    height = height_above_ground(autopilot, plan_)
    if height < (STRAIGHT_HEIGHT if state.reachable else FIELD_HEIGHT):
        _settle_for_a_field(autopilot, plan_, earth, ring, time)
    path.precise = False


@compiled
def circle_again(autopilot, plan_, earth, ring, time):
    """Far too high on the final: back to the circle at the gate."""
    state = autopilot.glide
    state.stage, state.committed, state.gate = CIRCLING, False, state.reach.final
    autopilot.guidance.precise = False
    enter(autopilot.modes, PHASE_GLIDING, ring, time)
    _set_circle(autopilot, plan_, earth)


@compiled
def hold_speed(autopilot, speed):
    """Let pitch hold a calibrated airspeed [m/s]; height comes as it may."""
    path = autopilot.guidance
    autopilot.energy.mode = ALTITUDE
    path.altitude_target = autopilot.estimate.altitude_msl
    path.climb_target = 0.0
    path.speed_target = speed


@compiled
def _speed(autopilot):
    """The best glide on the way there, a little faster in turns."""
    state, path = autopilot.glide, autopilot.guidance
    far = hypot(state.reach.x + state.gate, state.reach.y) > 4.0 * state.reach.radius
    if state.stage == CIRCLING and far and path.kind == guidance.CIRCLE:
        return state.best_speed
    return max(state.final_speed, state.best_speed) if not far else state.best_speed


@compiled
def _aligned(autopilot):
    state, at = autopilot.glide.reach, autopilot.approach
    return (abs(state.heading) < LEAVE_COURSE and abs(at.offset) < LEAVE_OFFSET
            and -state.x > 0.3 * state.final
            and (autopilot.glide.committed or -state.x < FINAL_AT_MOST * state.final))


@compiled
def take_final(autopilot, plan_, earth, ring, time):
    """Go straight in from here."""
    approach.take_final(autopilot.approach, autopilot.guidance, plan_.runways, earth)
    enter(autopilot.modes, PHASE_DEAD_STICK, ring, time)


@compiled
def _look(autopilot, plan_, sheet, earth, ring, time):
    """Judge the height and lay the way for it; once a second."""
    state, ways, estimate = autopilot.glide, autopilot.glide.reach, autopilot.estimate
    height = estimate.altitude_msl - ways.elevation
    if state.shift > 0.0:
        take_final(autopilot, plan_, earth, ring, time)
        return
    if state.committed:
        if state.side * ways.y > BENDING_RADII * ways.radius:
            _bend(state, height)
            _set_circle(autopilot, plan_, earth)
        return
    lost = reach.least_lost(ways)
    state.spare = height - lost - reach.margin(lost)
    if not state.reachable or height - lost < LOST_HEIGHT:
        _choose(autopilot, plan_, sheet, earth, ring, time)
        height = estimate.altitude_msl - ways.elevation
    if ways.side != 0 and hypot(ways.x, ways.y) > 12.0 * ways.radius:
        state.side = ways.side
    _lay(autopilot, plan_, earth, ring, time, height)


@compiled
def _lay(autopilot, plan_, earth, ring, time, height):
    """Circle, base leg or straight: by the height that there is."""
    state, ways = autopilot.glide, autopilot.glide.reach
    aimed = AIMED_SHARE * reach.margin(height)
    widest = reach.WIDEST * ways.radius
    # Once it has left the circle, a gust that lifts it does not send it back.
    back = 0.0 if state.stage == CIRCLING else BACK_SHARE * reach.lost_in_a_circle(ways)
    if height - reach.lost_by_base(ways, state.side, widest) > aimed + back:
        state.stage, state.gate = CIRCLING, ways.final
        _set_circle(autopilot, plan_, earth)
        return
    if height - reach.lost_by_base(ways, state.side, 0.0) < aimed:
        if reach.straight_in(ways) and -ways.x < FINAL_AT_MOST * ways.final:
            take_final(autopilot, plan_, earth, ring, time)
            return
        state.stage, state.wide = TURNING_IN, 0.0
        state.gate = _solve_gate(state, height, reach.NEAREST_GATE * ways.final,
                                 ways.final + 2.0 * ways.radius)
        straight, _, _ = reach.onto_circle(ways, state.side, state.gate)
        state.committed = straight < COMMITTED_RADII * ways.radius
        _set_circle(autopilot, plan_, earth)
        return
    low, high = 0.0, widest
    for _ in range(SOLVE_STEPS):
        middle = 0.5 * (low + high)
        if height - reach.lost_by_base(ways, state.side, middle) > aimed:
            low = middle
        else:
            high = middle
    state.wide, state.stage, state.gate = low, TO_BASE, reach.final_behind(ways, low)
    x, y = reach.key_point(ways, state.side, low)
    to_x, to_y = x - ways.x, y - ways.y
    turn = abs(wrap_angle(-state.side * 0.5 * pi - atan2(to_y, to_x)))
    early = ways.radius * (tan(0.5 * turn) if turn < 0.5 * pi else 0.5)
    if hypot(to_x, to_y) < early + 2.0 * ways.turn_airspeed:
        state.stage, state.committed = TURNING_IN, True
        _set_circle(autopilot, plan_, earth)
    else:
        _set_line(autopilot, earth, to_x, to_y)


@compiled
def _solve_gate(state, height, low, high):
    """Length of the final [m] between two with which the way by the circle uses the height up."""
    ways = state.reach
    aimed = AIMED_SHARE * reach.margin(height)
    for _ in range(SOLVE_STEPS):
        middle = 0.5 * (low + high)
        if height - reach.lost_by_circle(ways, state.side, middle) > aimed:
            low = middle
        else:
            high = middle
    return low


@compiled
def _bend(state, height):
    """Bend the base leg out where there is height left over, in where it is short."""
    low, high = reach.gates(state.reach, state.side)
    state.gate = _solve_gate(state, height, low, max(low, high))


@compiled
def _set_circle(autopilot, plan_, earth):
    """Follow the circle that touches the centreline at the gate."""
    state, ways = autopilot.glide, autopilot.glide.reach
    x, y = -state.gate - ways.x, state.side * ways.radius - ways.y
    latitude, longitude = _at(autopilot, earth, x, y)
    guidance.set_circle(autopilot.guidance, earth, latitude, longitude, ways.radius,
                        float(state.side))


@compiled
def _at(autopilot, earth, x, y):
    """Latitude and longitude [rad] of a point along and right of the landing course from here."""
    estimate, course = autopilot.estimate, autopilot.glide.reach.course
    c, s = cos(course), sin(course)
    return guidance.displaced(estimate, earth, x * c - y * s, x * s + y * c)


@compiled
def _set_line(autopilot, earth, x, y):
    estimate = autopilot.estimate
    latitude, longitude = _at(autopilot, earth, x, y)
    guidance.set_line(autopilot.guidance, earth, estimate.latitude, estimate.longitude,
                      latitude, longitude)


@compiled
def height_above_ground(autopilot, plan_):
    """Height above ground [m]: measured, or over the ground at home."""
    estimate = autopilot.estimate
    if estimate.ground_valid:
        return estimate.height_above_ground
    return estimate.altitude_msl - plan_.header.home_elevation_msl


@compiled
def _settle_for_a_field(autopilot, plan_, earth, ring, time):
    """Land where it is: into the wind where there is height to turn and wind to turn into."""
    estimate, ways = autopilot.estimate, autopilot.glide.reach
    if reach.straight_in(ways) and -ways.x < ways.final:
        take_final(autopilot, plan_, earth, ring, time)
        return
    course = atan2(estimate.velocity_east, estimate.velocity_north)
    wind = hypot(estimate.wind_north, estimate.wind_east)
    if wind > LEAST_WIND and height_above_ground(autopilot, plan_) > STRAIGHT_HEIGHT:
        course = atan2(-estimate.wind_east, -estimate.wind_north)
    latitude, longitude = guidance.displaced(
        estimate, earth, FIELD_LINE * cos(course), FIELD_LINE * sin(course))
    guidance.set_line(autopilot.guidance, earth, estimate.latitude, estimate.longitude,
                      latitude, longitude)
    autopilot.control.heading_command = course
    enter(autopilot.modes, PHASE_FIELD_LANDING, ring, time)
