"""Reads mission files; every fault of a file is listed at once."""

import os
from pathlib import Path

from longwatch.errors import MissionError, listed
from longwatch.planning import figures, mav_commands
from longwatch.planning.areas import areas_alone, areas_text, old_fence, old_rally
from longwatch.planning.live_items import TAKEN, as_flown, item_faults, told
from longwatch.planning.mission import Home, Mission, MissionItem
from longwatch.planning.qgc_fence import Area, read_area
from longwatch.planning.qgc_plan import read_plan, read_start
from longwatch.planning.wpl_text import HEADER, read_wpl

# Bytes. Grade: assumed.
LARGEST_FILE = 32_000_000


def read_mission(path: str | os.PathLike[str], *, skip_unsupported: bool = False) -> Mission:
    """Read a QGroundControl .plan or a `QGC WPL 110` text.

    With ``skip_unsupported`` items that do not move the aircraft and are not known to be harmless
    (servos, relays, ...) are left out and named in the mission's notes; unsupported navigation is
    a fault either way. Raises MissionError with every fault, each naming item and remedy.
    """
    path = Path(path)
    mission, faults = parse_mission(_text(path), path, skip_unsupported=skip_unsupported)
    if faults:
        if not skip_unsupported and any(_left_out(item) for item in mission.items):
            faults.append("--force leaves out items that do not move the aircraft")
        raise MissionError(listed(f"{path}: this mission cannot be flown as it stands:",
                                  map(figures.plain, faults)))
    return mission


def parse_mission(text: str, path: Path, *, skip_unsupported: bool = False
                  ) -> tuple[Mission, list[str]]:
    """The mission of a text, as :func:`read_mission`, and its faults: with any it is not to be
    used. ``path`` names it in messages; figures are marked (``longwatch.planning.figures``).

    Raises MissionError for a text that is no mission at all.
    """
    home, items, speed, faults = parse_items(text, path)
    start, wrong = read_start(text) if not text.startswith(HEADER) else (None, [])
    faults += wrong
    areas = [] if faults else areas_alone(text, items)
    if areas:
        raise MissionError(f"{path}: {areas_text(areas)}, and no mission: there is nothing to fly. "
                           "Open it in the station, or upload it to a vehicle as what it is")
    area, wrong = read_area(text) if not text.startswith(HEADER) else (Area(), [])
    faults += wrong
    notes: list[str] = []
    if skip_unsupported:
        items, notes = _without_unsupported(items)
    # Items that could not be read at all would make "no item" and jumps to them look wrong too.
    faults += item_faults(items) if items or not faults else []
    if faults:
        return Mission(path, home, tuple(items), speed, tuple(notes), start=start,
                       area=area), faults
    more, warnings = told(items)
    if home is not None and home.doubt:
        warnings = (home.doubt, *warnings)
    return Mission(path, home, as_flown(items), speed, (*notes, *more), warnings, start,
                   area=area), []


def parse_items(text: str, path: Path
                ) -> tuple[Home | None, list[MissionItem], float | None, list[str]]:
    """Home, items, cruise speed [m/s] and faults of a text of either format, nothing changed.

    Raises MissionError for a text that is no mission at all.
    """
    if text.startswith(HEADER):
        return read_wpl(text)
    if text.lstrip().startswith(("{", "[")) or path.suffix.lower() in (".plan", ".json"):
        return read_plan(text)
    areas = old_fence(text) or old_rally(text)
    if areas:
        raise MissionError(f"{path}: not a mission: {areas_text(areas)}; open it in the station, "
                           "or upload it to a vehicle as what it is")
    raise MissionError(f"{path}: not a mission: it is neither a QGroundControl .plan nor "
                       'begins with "QGC WPL 110"; save it with a ground station')


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise MissionError(f"{path}: is a folder; name a mission file in it")
        with path.open("rb") as file:
            # By what comes, not by what its folder says: a device has no end.
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise MissionError(f"{path}: not a mission: larger than {LARGEST_FILE // 1_000_000} "
                               "MB; name a .plan or a QGC WPL 110 text")
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise MissionError(f"{path}: no such file; check the name and the folder") from None
    except UnicodeDecodeError:
        raise MissionError(f"{path}: not a mission: it is no text; name a .plan or a QGC WPL 110 "
                           "text") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise MissionError(f"{path}: cannot be read ({reason}); check the name and the "
                           "permissions") from None


def _without_unsupported(items: list[MissionItem]) -> tuple[list[MissionItem], list[str]]:
    kept, notes = [], []
    for item in items:
        if _left_out(item):
            notes.append(f"{item.name}: left out, it is not supported")
        else:
            kept.append(item)
    return kept, notes


def _left_out(item: MissionItem) -> bool:
    """True for what is not taken, but does not move the aircraft either."""
    return not (item.command in TAKEN or mav_commands.moves_aircraft(item.command)
                or item.command in mav_commands.AREAS)
