"""What a vehicle itself tells of its parameters: meaning, group, unit, range, default.

Nothing of it is trusted: types and texts are bounded here, sizes where it is read.
"""

import math
import struct
from typing import Any

from longwatch.station.vehicles.parameters import MOST

UNREAD, READING, READ, NONE, FAILED = "unread", "reading", "read", "none", "failed"
_MOST_CHOICES = 256
_DEFAULTS_MAGIC = 0x671C
# Numbers of a packed list's types: struct's letter.
_PACKED_TYPES = {1: "b", 2: "h", 3: "i", 4: "f"}
Meaning = dict[str, Any]


class Meanings:
    """What is known of one vehicle's parameters beside their values.

    Attributes:
        state: "unread", "reading", "read", "none" (the vehicle has none aboard), "failed".
        text: why, for people.
    """

    def __init__(self) -> None:
        self.state, self.text = UNREAD, ""
        self._by_name: dict[str, Meaning] = {}

    def as_dict(self) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        return {"state": self.state, "text": self.text, "parameters": self._by_name}

    def begin(self) -> None:
        """They are being read."""
        self.state, self.text = READING, ""

    def fill(self, meanings: dict[str, Meaning]) -> None:
        """They were read: all that the vehicle tells."""
        self._by_name = meanings
        self.state = READ if meanings else NONE

    def fail(self, text: str) -> None:
        """They could not be read, and why."""
        self.state, self.text = FAILED, _line(text, 300)

    def end(self) -> None:
        """Reading ended: broken off, where nothing came of it."""
        if self.state == READING:
            self.state = UNREAD


def parse(document: Any) -> dict[str, Meaning]:
    """The meanings in a parameters' file. Raises ValueError where it is none."""
    listed = document.get("parameters") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("the file aboard lists no parameters")
    found: dict[str, Meaning] = {}
    for entry in listed[:MOST]:
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str) and 0 < len(name) <= 16:
            found[name] = _meaning(entry)
    return found


def _meaning(entry: dict[str, Any]) -> Meaning:
    """What the page shows of one; what is of another type than it should be is left out."""
    told: Meaning = {}
    for key, wire, most in (("shortDesc", "short", 300), ("longDesc", "long", 3000),
                            ("group", "group", 60), ("category", "category", 60),
                            ("units", "unit", 30)):
        if isinstance(entry.get(key), str) and entry[key]:
            told[wire] = _line(entry[key], most)
    for key in ("min", "max", "default", "increment"):
        if (number := _number(entry.get(key))) is not None:
            told[key] = number
    places = entry.get("decimalPlaces")
    if isinstance(places, int) and 0 <= places <= 12:
        told["decimals"] = places
    for key, wire in (("rebootRequired", "reboot"), ("readOnly", "read_only"),
                      ("volatile", "volatile")):
        if entry.get(key) is True:
            told[wire] = True
    for key, named, wire in (("values", "value", "values"), ("bitmask", "index", "bits")):
        if choices := _choices(entry.get(key), named):
            told[wire] = choices
    return told


def _choices(listed: Any, key: str) -> list[list[Any]]:
    return [[_number(one.get(key)), _line(one["description"], 100)]
            for one in (listed if isinstance(listed, list) else ())[:_MOST_CHOICES]
            if isinstance(one, dict) and isinstance(one.get("description"), str)
            and _number(one.get(key)) is not None]


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # a whole number that no float holds
        return None


def _line(text: str, most: int) -> str:
    """A text without what steers a terminal or the order of letters, cut to a length."""
    return "".join(c if c.isprintable() else " " for c in text[:2 * most]).strip()[:most]


def packed_defaults(data: bytes) -> dict[str, Meaning]:
    """The defaults in ArduPilot's packed list (AP_Filesystem_Param). Raises ValueError."""
    if len(data) < 6 or struct.unpack_from("<H", data)[0] != _DEFAULTS_MAGIC:
        raise ValueError("the packed list aboard is of a kind that is not known")
    found: dict[str, Meaning] = {}
    at, last = 6, b""
    while at < len(data) and len(found) < MOST:
        if data[at] == 0:  # fills up
            at += 1
            continue
        letter, differs = _PACKED_TYPES.get(data[at] & 15), data[at] >> 4 & 1
        if letter is None or at + 2 > len(data):
            raise ValueError("the packed list aboard is damaged")
        common, new = data[at + 1] & 15, (data[at + 1] >> 4) + 1
        form = f"<{letter * (1 + differs)}"
        end = at + 2 + new + struct.calcsize(form)
        if end > len(data):
            raise ValueError("the packed list aboard is cut short")
        last = last[:common] + data[at + 2:at + 2 + new]
        default = struct.unpack_from(form, data, at + 2 + new)[-1]
        if (number := _number(default)) is not None:
            found[last.decode("ascii", "replace")[:16]] = {"default": number}
        at = end
    return found
