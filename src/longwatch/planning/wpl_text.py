"""Reads and writes `QGC WPL 110` text: one item a line, twelve columns.

Columns: number, current, frame, command, p1..p4, latitude and longitude in degrees, altitude,
autocontinue (MAVLink developer guide, "Plain-text file format"). Tabs or spaces part them. The
line numbered 0, a waypoint, is home; some ground stations leave it out.
"""

import math
from collections.abc import Sequence

from longwatch.autopilot.aboard import plan
from longwatch.planning import figures
from longwatch.planning.mission import FRAMES_MSL, Home, MissionItem, place

HEADER = "QGC WPL"
# Of a line: number, current, frame, command, seven parameters, autocontinue.
COLUMNS = 12


def read_wpl(text: str) -> tuple[Home | None, list[MissionItem], float | None, list[str]]:
    """Home, items, cruise speed (never given) and faults of a `QGC WPL 110` text."""
    lines = text.splitlines()
    faults: list[str] = []
    version = lines[0].split()[2:]
    if version != ["110"]:
        faults.append(f"line 1: version {' '.join(version) or '(none)'} is not supported; "
                      'save it as "QGC WPL 110"')
        return None, [], None, faults
    items = []
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() and not line.lstrip().startswith("#"):
            item = _item(number, line.split(), faults)
            if item is not None:
                items.append(item)
    home = None
    if items and items[0].sequence == 0 and items[0].command == 16:
        home = _home(items.pop(0))
    return home, items, None, faults


def _home(item: MissionItem) -> Home | None:
    if item.latitude is None or item.longitude is None or item.altitude is None:
        return None  # zeros, as ground stations write them where home is not known
    doubt = "" if item.frame in FRAMES_MSL else (
        f"item 0, home: its altitude of {figures.altitude(item.altitude, 'g')} counts from frame "
        f"{item.frame}; it is taken as above mean sea level (frame 0)")
    return Home(item.latitude, item.longitude, item.altitude, doubt)


def _item(line: int, columns: list[str], faults: list[str]) -> MissionItem | None:
    if len(columns) != COLUMNS:
        faults.append(f"line {line}: {len(columns)} columns where {COLUMNS} belong; see the "
                      "format QGC WPL 110")
        return None
    try:
        sequence, frame, command = (_integer(columns[i]) for i in (0, 2, 3))
        values = [float(text) for text in columns[4:11]]
    except ValueError as error:
        faults.append(f"line {line}: {error}; correct the number")
        return None
    where = f"line {line}, item {sequence}"
    if any(math.isinf(v) for v in values[:4]) or not math.isfinite(values[6]):
        faults.append(f"{where}: a parameter or the altitude is not a number (NaN or infinite); "
                      "correct it")
        return None
    latitude, longitude, fault = place(values[4], values[5])
    if fault:
        faults.append(f"{where}: {fault}")
        return None
    # NaN parameters mean "the autopilot's own choice" in MAVLink.
    p1, p2, p3, p4 = (None if math.isnan(v) else v for v in values[:4])
    return MissionItem(sequence, command, frame, p1, p2, p3, p4, latitude, longitude, values[6],
                       columns[11] != "0")


def _integer(text: str) -> int:
    number = float(text)
    if not math.isfinite(number) or number != int(number) or abs(number) > 2**31:
        raise ValueError(f"{text!r} is not a whole number")
    return int(number)


def write_wpl(home: Home, items: Sequence[MissionItem]) -> str:
    """The text of a mission: home on line 0, then the items, numbered from 1 on.

    Jumps go to the numbers that their targets get. A parameter left open is "nan", as pymavlink
    writes it; a place left open is 0, 0.
    """
    number = {item.sequence: i for i, item in enumerate(items, start=1)}
    lines = [f"{HEADER} 110",
             _line(0, 0, 16, (0.0,) * 4, (home.latitude, home.longitude), home.elevation_msl, True)]
    for i, item in enumerate(items, start=1):
        p1 = item.p1
        if item.command == plan.DO_JUMP and p1 is not None:
            p1 = number.get(int(p1), p1)
        here = item.latitude is None or item.longitude is None
        place = (0.0, 0.0) if here else (item.latitude or 0.0, item.longitude or 0.0)
        lines.append(_line(i, item.frame, item.command, (p1, item.p2, item.p3, item.p4), place,
                           item.altitude or 0.0, item.autocontinue))
    return "\n".join(lines) + "\n"


def _line(number: int, frame: int, command: int, parameters: Sequence[float | None],
          place: tuple[float, float], altitude: float, autocontinue: bool) -> str:
    numbers = [*("nan" if p is None else f"{p:.8f}" for p in parameters),
               *(f"{math.degrees(angle):.10f}" for angle in place), f"{altitude:.6f}"]
    return "\t".join([str(number), str(int(number == 0)), str(frame), str(command), *numbers,
                      str(int(autocontinue))])
