"""Missions as the page has them: QGroundControl .plan documents, whatever file they came from.

A document is kept as it came, keys that nobody here knows included. What is looked at is whether
it is a mission at all; whether an aircraft can fly it is the judge's matter.
"""

import json
import math
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longwatch.autopilot.aboard import plan
from longwatch.errors import MissionError
from longwatch.planning.areas import (
    area_faults,
    area_parts,
    document_items,
    old_fence,
    old_rally,
    upgraded_fence,
)
from longwatch.planning.mav_commands import AREAS
from longwatch.planning.mission import FRAMES_HOME, FRAMES_TERRAIN, Home, MissionItem, at_speed
from longwatch.planning.mission_file import parse_items
from longwatch.planning.wpl_text import HEADER, write_wpl
from longwatch.station.missions.plan_format import completed, degrees, home_values, likely_home
from longwatch.station.refusal import Refusal

LARGEST_TEXT = 4_000_000
# A body of JSON may hold each character of such a text as six.
LARGEST_BODY = 2 * LARGEST_TEXT
DEEPEST = 32
LONGEST_NAME = 100
MOST_FAULTS = 200
# QGroundControl's AltitudeMode: 1 above home, 2 above mean sea level, 4 above terrain.
_MODES = ((FRAMES_HOME, 1), (FRAMES_TERRAIN, 4))
# Controls, halves of characters, line separators.
_REFUSED_KINDS = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Marks that turn the direction of what stands around them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Document = dict[str, Any]


def clean_name(name: Any) -> str:
    """A mission's name as it may be kept: any text of 1 to 100 characters without controls.

    Raises:
        Refusal: it is none.
    """
    if not isinstance(name, str) or not name.strip():
        raise Refusal("the mission has no name; give it one")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"the name has {len(name)} characters; give at most {LONGEST_NAME}")
    if any(unicodedata.category(c) in _REFUSED_KINDS or c in _TURNING for c in name):
        raise Refusal("the name holds control characters; give one of letters, digits and signs")
    return name.strip()


def open_text(name: str, text: str) -> Document:
    """The document of a .plan or of a `QGC WPL 110` text; of a fence or of rally points alone too.

    Raises:
        Refusal: it is no mission; with all its faults.
    """
    if len(text) > LARGEST_TEXT:
        raise Refusal(f"{name}: not a mission: larger than {LARGEST_TEXT // 1_000_000} MB; name a "
                      ".plan or a QGC WPL 110 text", 413)
    text = text.removeprefix("\ufeff")
    areas = old_fence(text) or old_rally(text)
    if areas:
        return _document(None, [], areas)
    try:
        home, items, _, faults = parse_items(text, Path(name or "mission"))
    except MissionError as error:
        raise Refusal(f"{name}: this is no mission", 400, (str(error),)) from None
    except RecursionError:
        faults, home, items = [_TOO_DEEP], None, []
    if text.startswith(HEADER):
        if not items and home is None and not faults:
            faults = ["it holds no item: add a take-off, waypoints and a landing"]
        areas = [item for item in items if item.command in AREAS]
        _refuse(name, faults + area_faults(areas))
        return _document(home, [item for item in items if item.command not in AREAS], areas)
    _refuse(name, faults)
    document = json.loads(text)
    if isinstance(document, dict) and isinstance(document.get("geoFence"), dict):
        document["geoFence"] = upgraded_fence(document["geoFence"])
    _refuse(name, list(_more_faults(document)))
    return dict(document)


def check_document(name: str, document: Any) -> Document:
    """The document, if it is a mission.

    Raises:
        Refusal: it is none; with all its faults.
    """
    shape = list(_shape_faults(document))
    _refuse(name, shape)
    faults = parse_items(json.dumps(document), Path("mission.plan"))[3]
    _refuse(name, faults + list(_area_faults(document)))
    return dict(document)


def to_wpl(document: Any) -> str:
    """A document as `QGC WPL 110` text: patterns written out; fence and rally points are lost.

    Raises:
        Refusal: it is no mission, or it has no home, which is the text's first line.
    """
    document = check_document("mission", document)
    home, items, speed, _ = parse_items(json.dumps(document), Path("mission.plan"))
    if home is None:
        raise Refusal("this mission has no home, which a QGC WPL 110 text begins with; set its "
                      "planned home position")
    return write_wpl(home, at_speed(items, speed))


def to_plan(document: Any) -> str:
    """A document as the text of a .plan that QGroundControl opens: what it must have is there.

    Raises:
        Refusal: it is no mission, or nothing in it says where home may be.
    """
    document = check_document("mission", document)
    home, items, _, _ = parse_items(json.dumps(document), Path("mission.plan"))
    found = home or likely_home(items, document_items(document))
    if found is None:
        raise Refusal("this plan has no home, which a .plan must have, and nothing in it has a "
                      "place; set its planned home position")
    return json.dumps(completed(document, found), indent=4, ensure_ascii=False,
                      allow_nan=False) + "\n"


def _refuse(name: str, faults: list[str]) -> None:
    if not faults:
        return
    kept = tuple(faults[:MOST_FAULTS])
    if len(faults) > MOST_FAULTS:
        kept += (f"and {len(faults) - MOST_FAULTS} more",)
    raise Refusal(f"{name}: this is no mission that can be used", 400, kept)


# ------------------------------------------------------------------------ what is wrong


_TOO_DEEP = f"it is nested more than {DEEPEST} deep; save it anew with a ground station"


def _more_faults(document: Any) -> Iterator[str]:
    shape = list(_shape_faults(document))
    yield from shape
    if not shape:
        yield from _area_faults(document)


def _shape_faults(document: Any) -> Iterator[str]:
    """What no document may hold anywhere: endless nesting, numbers and texts that JSON lacks."""
    if not isinstance(document, dict):
        yield "it is no object of JSON; save it with a ground station as a plan"
        return
    found: set[str] = set()
    level = [document]
    for _ in range(DEEPEST):
        level = [value for part in level for value in _inside(part, found)]
        if not level:
            break
    else:
        found.add(_TOO_DEEP)
    yield from sorted(found)


def _inside(part: Any, found: set[str]) -> Iterator[Any]:
    """The containers in a container; what is wrong with the rest goes to ``found``."""
    values = [*part, *part.values()] if isinstance(part, dict) else part
    for value in values:
        if isinstance(value, dict | list):
            yield value
        elif isinstance(value, float) and not math.isfinite(value):
            found.add("it holds a number that is none (NaN or infinite); correct it")
        elif isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            found.add("it holds half a character; save it anew as UTF-8")


def _area_faults(document: Document) -> Iterator[str]:
    """What is wrong with the fence and the rally points."""
    fence = document.get("geoFence", {})
    if not isinstance(fence, dict):
        yield "geoFence: is no object; draw the fence again"
    else:
        for number, entry in enumerate(_list(fence, "circles")):
            yield from _circle_faults(f"geoFence, circle {number + 1}", entry)
        for number, entry in enumerate(_list(fence, "polygons")):
            yield from _polygon_faults(f"geoFence, polygon {number + 1}", entry)
    rally = document.get("rallyPoints", {})
    points = _list(rally, "points") if isinstance(rally, dict) else [None]
    for number, point in enumerate(points):
        if not _is_place(point, 3):
            yield (f"rallyPoints, point {number + 1}: give latitude, longitude [deg] and altitude "
                   "[m]")


def _list(part: dict[str, Any], key: str) -> list[Any]:
    found = part.get(key, [])
    return found if isinstance(found, list) else [None]


def _circle_faults(where: str, entry: Any) -> Iterator[str]:
    circle = entry.get("circle") if isinstance(entry, dict) else None
    if not isinstance(circle, dict) or not _is_place(circle.get("center"), 2):
        yield f"{where}: has no centre; give latitude and longitude [deg]"
    elif not _is_number(circle.get("radius")) or circle["radius"] <= 0:
        yield f"{where}: has no radius; give it in metres"


def _polygon_faults(where: str, entry: Any) -> Iterator[str]:
    corners = entry.get("polygon") if isinstance(entry, dict) else None
    if not isinstance(corners, list) or len(corners) < 3:
        yield f"{where}: has fewer than three corners; draw it again"
    elif not all(_is_place(corner, 2) for corner in corners):
        yield f"{where}: a corner is no place; give latitude and longitude [deg]"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _is_place(value: Any, length: int) -> bool:
    return (isinstance(value, list) and len(value) >= length
            and all(_is_number(number) for number in value[:length])
            and abs(value[0]) <= 90 and abs(value[1]) <= 180)


# -------------------------------------------------------------------- from WPL to a plan


def _document(home: Home | None, items: list[MissionItem], areas: list[MissionItem]) -> Document:
    # A .plan counts its items from 1; a text without a home line may count from 0.
    shift = 1 if any(item.sequence == 0 for item in items) else 0
    fence, rally = area_parts(areas)
    mission: Document = {"items": [_simple(item, shift) for item in items]}
    found = home or likely_home(items, areas)
    if found is not None:
        mission["plannedHomePosition"] = home_values(found)
    return completed({"geoFence": fence, "rallyPoints": rally, "mission": mission}, found)


def _simple(item: MissionItem, shift: int) -> Document:
    p1 = item.p1
    if item.command == plan.DO_JUMP and p1 is not None:
        p1 += shift
    here = item.latitude is None or item.longitude is None
    place = [0, 0] if here else [degrees(item.latitude or 0.0), degrees(item.longitude or 0.0)]
    simple: Document = {
        "type": "SimpleItem", "autoContinue": item.autocontinue, "command": item.command,
        "doJumpId": item.sequence + shift, "frame": item.frame,
        "params": [p1, item.p2, item.p3, item.p4, *place, item.altitude]}
    if item.positioned:
        mode = next((mode for frames, mode in _MODES if item.frame in frames), 2)
        simple |= {"AMSLAltAboveTerrain": None, "Altitude": item.altitude, "AltitudeMode": mode}
    return simple
