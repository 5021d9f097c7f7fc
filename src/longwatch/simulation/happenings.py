"""The events of the record's ring as texts and figures for people and files.

A happening has ``time`` [s], ``event`` (its kind), ``message`` (what to show people) and the
figures that belong to it, each under its own name.
"""

from collections.abc import Mapping
from typing import Any

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events
from longwatch.autopilot.codes import MODE_NAMES
from longwatch.autopilot.failsafe import table as failsafes

Happening = dict[str, Any]
NO_NAMES: Mapping[int, str] = {}

# Code to kind, text, and what the event's number and value are called ("" for none).
_TEXTS = {
    events.ITEM_REACHED: ("item_reached", "{item} reached", "sequence", ""),
    events.SPEED_CHANGED: ("speed_changed", "{item}: {value:.1f} m/s from here on",
                           "sequence", "airspeed_m_s"),
    events.JUMPED: ("jumped", "{item}: back to item {value:.0f}", "sequence", "to_sequence"),
    events.GO_AROUND: ("go_around", "go-around {number}, {value:.1f} m {side} of the centreline",
                       "attempt", "lateral_offset_m"),
    events.LIFT_OFF: ("lift_off", "lift-off at {value:.1f} m/s", "", "airspeed_m_s"),
    events.TOUCHDOWN: ("touchdown", "touchdown, sinking {value:.2f} m/s", "", "sink_m_s"),
    events.STALL_WARNING: ("warning", "stall warning", "", ""),
    events.OVERSPEED: ("warning", "overspeed, {value:.1f} m/s", "", "airspeed_m_s"),
    events.ENGINE_STOPPED: ("warning", "engine {number} stopped", "engine", ""),
    events.HARD_LANDING: ("warning", "hard landing, sinking {value:.2f} m/s", "", "sink_m_s"),
    events.OFF_PAVEMENT: ("warning", "a wheel left the pavement", "", ""),
    events.IMPACT: ("impact", "the aircraft hit the ground, {value:+.1f} m/s vertically", "",
                    "vertical_speed_m_s"),
    events.BEYOND_WEATHER: ("warning", "outside what the weather file covers: its edge holds",
                            "", ""),
    events.BEYOND_TERRAIN: ("warning", "outside the terrain tiles: the last elevation holds",
                            "", ""),
    events.LOITER_BEGUN: ("loiter", "{item}: on the circle", "sequence", ""),
    events.FEATHERED: ("feathered", "propeller {number} feathered", "engine", ""),
    events.GEAR_UP: ("gear", "landing gear up at {value:.1f} m/s", "", "airspeed_m_s"),
    events.GEAR_DOWN: ("gear", "landing gear down at {value:.1f} m/s", "", "airspeed_m_s"),
    events.TAKEOFF_REJECTED: ("warning", "take-off rejected at {value:.1f} m/s", "",
                              "airspeed_m_s"),
    events.DEAD_RECKONING: ("warning", "no satellite fix: dead reckoning on air data, heading and "
                            "the last wind", "", ""),
    events.FIX_BACK: ("fix", "satellite fix again, {value:.0f} m from where it was reckoned", "",
                      "drift_m"),
    events.AIRSPEED_DOUBTED: ("warning", "airspeed disagrees with lift: reckoned from lift", "",
                              "airspeed_m_s"),
    events.AIRSPEED_BACK: ("airspeed", "airspeed agrees with lift again", "", "airspeed_m_s"),
    events.MAGNETIC_WEAK: ("warning", "horizontal magnetic field below 6000 nT: heading by "
                           "gyroscopes and satellites' velocity", "", ""),
    events.MAGNETIC_BACK: ("heading", "heading by the magnetic field again", "", ""),
    events.GLIDES_TO: ("glide", "no engine runs: glides to runway {number}, {value:.0f} m of "
                       "height to spare", "runway", "spare_m"),
    events.OFF_RUNWAY: ("warning", "no engine runs and no runway is within reach, by {value:.0f} m "
                        "of height: it will land off it", "", "spare_m"),
    events.NO_HEADWAY: ("warning", "makes no way against the wind of {value:.0f} m/s: it gives up "
                        "for a place that it can reach", "", "wind_m_s"),
    events.SERVO_STUCK: ("warning", "{surface} ruddervator stuck at {value:+.2f} rad: the other "
                         "one flies pitch, it turns by its ailerons", "servo", "position_rad"),
    events.SERVO_FREE: ("servo", "{surface} ruddervator moves again", "servo", ""),
    events.TOUCHED_GROUND: ("warning", "touched the ground at {value:.1f} m/s: engines idle, it "
                            "brakes to a stop", "", "ground_speed_m_s"),
    events.LANDS_REGARDLESS: ("warning", "{number} approaches given up: it lands as well as it "
                              "can, whatever the box", "attempts", ""),
    events.MODE: ("mode", "{mode} mode", "mode", ""),
    events.ARMED: ("armed", "armed", "", ""),
    events.DISARMED: ("disarmed", "disarmed", "", ""),
    events.MISSION_ENDED: ("mission_ended", "mission complete: it holds", "", ""),
    events.OWN_FAULT: ("own_fault", "fault of Longwatch: the aircraft's record is not a number any "
                       "more", "", ""),
    events.RESET: ("reset", "reset: parked anew where it began", "", ""),
    events.RETURNING: ("warning", "returns: what still runs cannot hold the mission's altitudes",
                       "", ""),
}


def happening(event: Any, names: Mapping[int, str] = NO_NAMES) -> Happening:
    """One event of the ring as a dictionary; ``names`` calls the plan's items by sequence."""
    code, number, value = int(event.code), int(event.number), round(float(event.value), 3)
    told: Happening = {"time": round(float(event.time), 2)}
    if code == events.PHASE:
        return {**told, "event": "phase", "message": codes.PHASE_NAMES[number], "phase": number}
    if code in (events.FAILSAFE, events.CONDITION):
        return {**told, **_failsafe(code, number, int(value))}
    kind, text, number_name, value_name = _TEXTS[code]
    told["event"] = kind
    told["message"] = text.format(
        number=number, mode=MODE_NAMES[min(number, len(MODE_NAMES) - 1)].replace("_", "-"),
        value=abs(value) if code == events.GO_AROUND else value,
        surface=("", "left", "right")[number if code in (
            events.SERVO_STUCK, events.SERVO_FREE) else 0],
        item=f"item {number} {names.get(number, '')}".rstrip(),
        side="left" if value < 0 else "right")
    if number_name:
        told[number_name] = number
    if value_name:
        told[value_name] = int(value) if code == events.JUMPED else value
    return told


def _failsafe(code: int, number: int, action: int) -> Happening:
    """A condition that begins, changes or ends, and what is done because of it."""
    if code == events.FAILSAFE and action == codes.ACTION_NONE:
        return {"event": "failsafe", "message": "failsafe over", "action": "none"}
    condition, level = divmod(number, 4)
    name = failsafes.level_name(condition, level)
    told: Happening = {"event": "condition", "message": name,
                       "condition": failsafes.CONDITION_NAMES[condition], "level": level}
    if code == events.FAILSAFE:
        doing = codes.ACTION_NAMES[action]
        told.update(event="failsafe", action=doing, message=f"failsafe: {name}: {doing}")
    return told
