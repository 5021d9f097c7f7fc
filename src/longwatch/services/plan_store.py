"""Mission, fence and rally points as uploaded, and their files where they are to be kept.

One file a store, written whole or not at all. A damaged one is refused before anything starts:
an aircraft must not fly half of a plan, nor forget one in silence.
"""

import json
import math
import os
import zlib
from pathlib import Path
from typing import Any

from longwatch.errors import SetupError
from longwatch.services.plan_items import FENCE, MISSION, RALLY, TYPE_NAMES, Item, opaque_id

FORMAT = "longwatch plan 1"
LARGEST_FILE = 4_000_000
# Most items of each store.
LIMITS = {MISSION: 5000, FENCE: 500, RALLY: 100}


class PlanStore:
    """The three lists of one aircraft.

    Args:
        folder: where they are kept; None keeps them in memory alone.

    Raises:
        SetupError: a file is damaged, or cannot be read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._items: dict[int, tuple[Item, ...]] = dict.fromkeys(TYPE_NAMES, ())
        self._ids = dict.fromkeys(TYPE_NAMES, 0)
        for kind in TYPE_NAMES if folder is not None else ():
            self._hold(kind, _read(self._path(kind), LIMITS[kind]))

    def __getitem__(self, kind: int) -> tuple[Item, ...]:
        """The items of a MAV_MISSION_TYPE."""
        return self._items[kind]

    def identity(self, kind: int) -> int:
        """The number by which clients tell this list from another; 0 for an empty one."""
        return self._ids[kind]

    def replace(self, kind: int, items: tuple[Item, ...]) -> str:
        """Take new items; returns why they could not be kept, "" where they are."""
        self._hold(kind, items)
        if self.folder is None:
            return ""
        try:
            _write(self._path(kind), items)
        except OSError as error:
            return f"the {TYPE_NAMES[kind]} is not kept for a restart: {error.strerror or error}"
        return ""

    def _hold(self, kind: int, items: tuple[Item, ...]) -> None:
        self._items[kind], self._ids[kind] = items, opaque_id(items)

    def _path(self, kind: int) -> Path:
        return (self.folder or Path()) / f"{TYPE_NAMES[kind]}.json"


def _write(path: Path, items: tuple[Item, ...]) -> None:
    rows = [[item.command, item.frame, item.autocontinue,
             *(None if math.isnan(v) else v for v in item.numbers)] for item in items]
    text = json.dumps(rows)
    whole = json.dumps({"format": FORMAT, "crc32": zlib.crc32(text.encode()), "items": rows})
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _read(path: Path, most: int) -> tuple[Item, ...]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError("larger than any plan")
        return _items(json.loads(path.read_text(encoding="utf-8")), most)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise SetupError(f"{path}: this kept plan is damaged or cannot be read ({error}); move it "
                         "away to start without it") from None


def _items(document: Any, most: int) -> tuple[Item, ...]:
    if document["format"] != FORMAT:
        raise ValueError(f"its format is {document['format']!r}, not {FORMAT!r}")
    rows = document["items"]
    if zlib.crc32(json.dumps(rows).encode()) != document["crc32"]:
        raise ValueError("its checksum does not fit")
    if len(rows) > most:
        raise ValueError(f"it holds {len(rows)} items, at most {most} are possible")
    return tuple(Item(int(a), int(b), int(c), *(math.nan if v is None else float(v)
                      for v in numbers)) for a, b, c, *numbers in rows)
