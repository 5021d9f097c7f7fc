"""The events of the record's ring as texts and figures for people and files."""

from typing import Any

from longwatch.autopilot import events, modes

Happening = dict[str, Any]

# Code to (name, text); {number} and {value} come from the event, {name} from the plan.
_TEXTS = {
    events.ITEM_REACHED: ("item_reached", "item {number} done"),
    events.SPEED_CHANGED: ("speed_changed", "item {number}: speed {value:.1f} m/s"),
    events.JUMPED: ("jumped", "item {number}: back to item {value:.0f}"),
    events.GO_AROUND: ("go_around", "go-around {number}, {value:+.1f} m from the centreline"),
    events.LIFT_OFF: ("lift_off", "lift-off at {value:.1f} m/s"),
    events.TOUCHDOWN: ("touchdown", "touchdown, sinking {value:.2f} m/s"),
    events.STALL_WARNING: ("warning", "stall warning"),
    events.OVERSPEED: ("warning", "overspeed, {value:.1f} m/s"),
    events.ENGINE_STOPPED: ("warning", "engine {number} stopped"),
    events.HARD_LANDING: ("warning", "hard landing, {value:.2f} m/s"),
    events.OFF_PAVEMENT: ("warning", "a wheel left the pavement"),
    events.IMPACT: ("impact", "the aircraft hit the ground, {value:+.1f} m/s"),
    events.LOITER_BEGUN: ("loiter", "item {number}: on the circle"),
}


def happening(event: Any) -> Happening:
    """One event of the ring as a dictionary: time [s], event, message and its number."""
    code, number, value = int(event.code), int(event.number), float(event.value)
    if code == events.PHASE:
        name, text = "phase", modes.PHASE_NAMES[number]
    else:
        name, text = _TEXTS[code][0], _TEXTS[code][1].format(number=number, value=value)
    return {"time": round(float(event.time), 2), "event": name, "message": text,
            "number": number, "value": value}
