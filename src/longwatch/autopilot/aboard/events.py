"""What happened, as the aircraft itself notes it: a ring that whoever runs the clock empties."""

from longwatch.compiled import compiled
from longwatch.record import f8, field, i4, i8, record

# Events that it holds: it is emptied once a step of the clock. Grade: assumed.
RING = 64

# Codes; the texts that people read are made where the ring is emptied.
PHASE, ITEM_REACHED, SPEED_CHANGED, JUMPED, GO_AROUND, LIFT_OFF, TOUCHDOWN, STALL_WARNING = range(8)
OVERSPEED, ENGINE_STOPPED, HARD_LANDING, OFF_PAVEMENT, IMPACT, LOITER_BEGUN = range(8, 14)
FEATHERED, GEAR_UP, GEAR_DOWN, TAKEOFF_REJECTED, RETURNING = range(14, 19)
BEYOND_WEATHER, BEYOND_TERRAIN = range(19, 21)
MODE, ARMED, DISARMED, MISSION_ENDED, RESET = range(21, 26)
FAILSAFE, CONDITION = range(30, 32)
DEAD_RECKONING, FIX_BACK, AIRSPEED_DOUBTED, AIRSPEED_BACK = range(40, 44)
GLIDES_TO, OFF_RUNWAY = range(44, 46)
MAGNETIC_WEAK, MAGNETIC_BACK, NO_HEADWAY = range(46, 49)
OWN_FAULT = 50
SERVO_STUCK, SERVO_FREE, TOUCHED_GROUND, LANDS_REGARDLESS = range(60, 64)


@record
class Event:
    time: f8 = field("s", "simulated time")
    code: i4 = field("", "what happened")
    number: i4 = field("", "phase or item")
    value: f8 = field("", "a figure that belongs to it")


@record
class EventRing:
    count: i8 = field("", "events noted since the start")
    entries: Event = field("", "the last of them", shape=(RING,))


@compiled
def note(ring, time, code, number, value):
    """Append an event; the oldest is overwritten once the ring is full."""
    entry = ring.entries[ring.count % RING]
    entry.time, entry.code, entry.number, entry.value = time, code, number, value
    ring.count += 1
