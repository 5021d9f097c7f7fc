"""Writes docs/station-autopilots.md.

``python -m longwatch.station.vehicles.autopilots_page FILE``.
"""

import sys
from pathlib import Path

from longwatch.station.vehicles.autopilots import PEERS, REASONS
from longwatch.station.vehicles.command_table import NAMES

_TITLES = {"ardupilot": "ArduPlane 4.6.2", "px4": "PX4 1.18, fixed wing"}
_HEAD = """# What a PX4 and an ArduPlane do with each command

Written by `python -m longwatch.station.vehicles.autopilots_page docs/station-autopilots.md` from
the station's table; a test holds this page to it, and every row is flown by
`tests/station/peers/test_commands_flown.py` against a fake of that autopilot.

Both were flown under this station from arming to landing, ArduPlane 4.6.2 in its simulation and PX4
1.18 with simulation in hardware. What those flights showed is marked (recorded); the rest is what
the autopilot's source says (by its source). Longwatch's own aircraft do what their cards say,
whichever profile they speak.

A command does what its card says; where it cannot, its button is dead and says why, and the
station refuses it by the same reason. A step that comes before a command, such as a change of
mode, is waited for: a mode that was accepted and is not told by a heartbeat within 2.5 s ends the
command, and the step is named. ArduPlane forgets a speed, a course and an altitude that were
ordered whenever its mode changes.
"""
_MATTERS = (
    ("names of modes",
     "by their published numbers, as it lists none; those of its release and, for "
     "vertical take-off, of its frame",
     "as it lists them; standard modes, which it lists without a name, by their "
     "number"),
    ("plans read back",
     "frames 5, 6 as 0, 3; items without a place in frame 0; altitudes in "
     "centimetres; what was left open filled in; item 0 is home",
     "frames 0, 3 as 5, 6; no pitch of a take-off (told as a note)"),
    ("`target_altitude_msl`",
     "in GUIDED from NAV_CONTROLLER_OUTPUT.alt_error: POSITION_TARGET_GLOBAL_INT "
     "keeps the altitude of the last place",
     "POSITION_TARGET_GLOBAL_INT"),
    ("`target_airspeed`",
     "NAV_CONTROLLER_OUTPUT.aspd_error, in cm/s",
     "the same field, of the other sign; 1.18 did not send the message"),
    ("a place before the first fix",
     "metres about 0° N 0° E: not shown until the satellites are there",
     "none"),
    ("heights of the ground",
     "TERRAIN_REQUEST is answered where the station has terrain (`--terrain`); else "
     "an advisory says that it asks in vain",
     "does not ask"),
    ("why it does not arm",
     "PreArm: texts, every half minute, shown with the alert and on the button",
     "Preflight Fail: texts"),
    ("an item that it refuses",
     "named, with the reason",
     "named, with the reason"),
)
_LAST = """
Items are compared by what they mean: the datum of an altitude, the place within 1e-7 degrees, the
altitude within a centimetre, numbers as 32 bits hold them.
"""


def page() -> str:
    """The page's text."""
    parts = [_HEAD]
    for family, title in _TITLES.items():
        rows = "".join(
            f"| `{name}` | {manner.sent} | {manner.does} |\n"
            for name in NAMES if (manner := PEERS[family].get(name)))
        parts.append(f"## {title}\n\n| command | is sent | does |\n| --- | --- | --- |\n{rows}")
    reasons = "".join(f"| `{key}` | {text.format(name='it')} |\n"
                      for key, text in REASONS.items())
    parts.append("## Why a button is dead\n\n| key | reason |\n| --- | --- |\n" + reasons)
    matters = "".join(f"| {matter} | {plane} | {px4} |\n" for matter, plane, px4 in _MATTERS)
    parts.append("## What else differs\n\n| matter | ArduPlane 4.6.2 | PX4 1.18 |\n"
                 "| --- | --- | --- |\n" + matters)
    return "\n".join(parts) + _LAST


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
