"""The plan as the autopilot carries it: resolved items and the runways it may use.

Ground tools read mission files, judge them and resolve frames; what is loaded aboard is this:
altitudes above mean sea level, angles in radians, jumps as indices into the array.
"""

from collections.abc import Sequence

from longwatch.record import b1, f8, field, i4, record

# MAV_CMD numbers of the items that the autopilot flies (MAVLink common.xml).
WAYPOINT = 16
LOITER_UNLIM = 17
LOITER_TURNS = 18
LOITER_TIME = 19
RETURN_TO_LAUNCH = 20
LAND = 21
TAKEOFF = 22
LOITER_TO_ALT = 31
NAV_DELAY = 93
NAV_LAST = 95
CONDITION_DELAY = 112
DO_JUMP = 177
DO_CHANGE_SPEED = 178
DO_LAND_START = 189
JUMP_TAG = 600
DO_JUMP_TAG = 601


@record
class PlanItem:
    command: i4 = field("", "MAV_CMD number")
    sequence: i4 = field("", "number of the item in its file, from 1")
    latitude: f8 = field("rad", "geodetic latitude")
    longitude: f8 = field("rad", "longitude")
    altitude_msl: f8 = field("m", "altitude above mean sea level")
    fly_over: b1 = field("", "pass over the point before turning")
    radius: f8 = field("m", "loiter radius, positive clockwise seen from above")
    turns: f8 = field("", "loiter turns")
    time: f8 = field("s", "loiter time, hold time or delay")
    speed: f8 = field("m/s", "calibrated airspeed asked for; 0 keeps the standard speed")
    jump: i4 = field("", "index of the item to jump to")
    repeats: i4 = field("", "how often to jump; -1 for ever")
    runway: i4 = field("", "index of the runway for take-off and landing, -1 none")
    end: i4 = field("", "runway end in use: 0 from threshold a to b, 1 from b to a")


@record
class PlanRunway:
    """A runway between its two thresholds; end 0 is used from a to b, end 1 from b to a."""

    latitude: f8 = field("rad", "thresholds a and b", shape=(2,), labels=("a", "b"))
    longitude: f8 = field("rad", "thresholds a and b", shape=(2,), labels=("a", "b"))
    elevation_msl: f8 = field("m", "thresholds a and b", shape=(2,), labels=("a", "b"))
    width: f8 = field("m", "width of the pavement")
    paved: b1 = field("", "hard surface")
    aiming_distance: f8 = field("m", "aiming point beyond the threshold in use")


@record
class PlanHeader:
    item_count: i4 = field("", "number of items")
    home_latitude: f8 = field("rad", "home position")
    home_longitude: f8 = field("rad", "home position")
    home_elevation_msl: f8 = field("m", "ground at home above mean sea level")
    cruise_speed: f8 = field("m/s", "calibrated airspeed en route; 0: the datasheet's")
    payload_mass: f8 = field("kg", "payload as entered by the crew")


# ------------------------------------------------------------------- what no plan may hold


def circles_idly(flies: Sequence[bool], jumps: Sequence[int]) -> int:
    """Index of an item from which the plan can come back to it without flying one, -1 none.

    ``flies`` says which items are flown in the air, which a take-off is not; ``jumps`` where each
    leads besides the next one, -1 nowhere else. The autopilot would follow such a circle for ever
    within one tick.
    """
    done = [bool(flown) for flown in flies]
    on_way = [False] * len(done)
    for start in range(len(done)):
        stack = [] if done[start] else [(start, 0)]
        while stack:
            index, turn = stack.pop()
            on_way[index] = turn < 2
            if turn == 2:
                done[index] = True
                continue
            stack.append((index, turn + 1))
            follows = (index + 1, jumps[index])[turn]
            if not 0 <= follows < len(done) or done[follows]:
                continue
            if on_way[follows]:
                return follows
            stack.append((follows, 0))
    return -1


def first_flown(flies: Sequence[bool], jumps: Sequence[int]) -> int:
    """Index of the item that is flown first, every jump on the way taken; -1 none."""
    index = 0
    for _ in range(len(flies)):
        if not 0 <= index < len(flies):
            break
        if flies[index]:
            return index
        index = jumps[index] if jumps[index] >= 0 else index + 1
    return -1
