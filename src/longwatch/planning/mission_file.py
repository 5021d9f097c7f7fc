"""Reads mission files; every fault of a file is listed at once."""

import os
from dataclasses import replace
from pathlib import Path

from longwatch.autopilot import plan
from longwatch.errors import MissionError, listed
from longwatch.planning import mav_commands
from longwatch.planning.mission import Home, Mission, MissionItem, item_faults
from longwatch.planning.qgc_fence import Area, read_area
from longwatch.planning.qgc_plan import read_plan, read_start
from longwatch.planning.wpl_text import HEADER, read_wpl

LARGEST_FILE = 32_000_000


def read_mission(path: str | os.PathLike[str], *, skip_unsupported: bool = False) -> Mission:
    """Read a QGroundControl .plan or a `QGC WPL 110` text.

    With ``skip_unsupported`` items that do not move the aircraft (cameras, servos, ...) are left
    out and named in the mission's notes; unsupported navigation is a fault either way. Raises
    MissionError with every fault, each naming item and remedy.
    """
    path = Path(path)
    mission, faults = parse_mission(_text(path), path, skip_unsupported=skip_unsupported)
    if faults:
        raise MissionError(listed(f"{path}: this mission cannot be flown as it stands:", faults))
    return mission


def parse_mission(text: str, path: Path, *, skip_unsupported: bool = False
                  ) -> tuple[Mission, list[str]]:
    """The mission of a text, as :func:`read_mission`, and its faults: with any it is not to be
    used. ``path`` names it in messages.

    Raises MissionError for a text that is no mission at all.
    """
    home, items, speed, faults = parse_items(text, path)
    start, wrong = read_start(text) if not text.startswith(HEADER) else (None, [])
    faults += wrong
    area, wrong = read_area(text) if not text.startswith(HEADER) else (Area(), [])
    faults += wrong
    notes: list[str] = []
    if skip_unsupported:
        items, notes = _without_unsupported(items)
    items, holds = _holds_as_loiters(items)
    notes += holds
    items, wrong = _tags_as_numbers(items)
    faults += wrong
    # Items that could not be read at all would make "no item" and jumps to them look wrong too.
    faults += item_faults(items) if items or not faults else []
    return Mission(path, home, tuple(items), speed, tuple(notes), start, area=area), faults


def parse_items(text: str, path: Path
                ) -> tuple[Home | None, list[MissionItem], float | None, list[str]]:
    """Home, items, cruise speed [m/s] and faults of a text of either format, nothing changed.

    Raises MissionError for a text that is no mission at all.
    """
    if text.startswith(HEADER):
        return read_wpl(text)
    if text.lstrip().startswith(("{", "[")) or path.suffix.lower() in (".plan", ".json"):
        return read_plan(text)
    raise MissionError(f"{path}: not a mission: it is neither a QGroundControl .plan nor "
                       'begins with "QGC WPL 110"; save it with a ground station')


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise MissionError(f"{path}: is a folder; name a mission file in it")
        if path.stat().st_size > LARGEST_FILE:
            raise MissionError(f"{path}: not a mission: larger than {LARGEST_FILE // 1_000_000} "
                               "MB; name a .plan or a QGC WPL 110 text")
        return path.read_bytes().decode("utf-8-sig")
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
        if item.command in mav_commands.FLOWN or mav_commands.moves_aircraft(item.command):
            kept.append(item)
        else:
            notes.append(f"{item.name}: left out, it is not supported")
    return kept, notes


def _tags_as_numbers(items: list[MissionItem]) -> tuple[list[MissionItem], list[str]]:
    """Jumps to tags as jumps to the items that carry them, and what is wrong with tags."""
    tags: dict[float | None, int] = {}
    faults = []
    for item in items:
        if item.command == plan.JUMP_TAG:
            if item.p1 is None or item.p1 in tags:
                faults.append(f"{item.name}: its tag has no number, or one that is used twice; "
                              "give each tag a number of its own")
            tags.setdefault(item.p1, item.sequence)
    found = []
    for item in items:
        if item.command == plan.DO_JUMP_TAG:
            if item.p1 not in tags:
                faults.append(f"{item.name}: jumps to tag "
                              f"{'(none)' if item.p1 is None else format(item.p1, 'g')}, which no "
                              "item carries; add a JUMP_TAG (600) with that number")
            item = replace(item, command=plan.DO_JUMP,
                           p1=float(tags.get(item.p1, items[0].sequence)))
        found.append(item)
    return found, faults


def _holds_as_loiters(items: list[MissionItem]) -> tuple[list[MissionItem], list[str]]:
    """A waypoint with a hold time is what a wing can only do by circling."""
    held, notes = [], []
    for item in items:
        if item.command == plan.WAYPOINT and item.p1 is not None and item.p1 > 0:
            notes.append(f"{item.name}: its hold time of {item.p1:g} s is flown as a loiter")
            item = replace(item, command=plan.LOITER_TIME, p2=0.0, p3=0.0, p4=0.0)
        held.append(item)
    return held, notes
