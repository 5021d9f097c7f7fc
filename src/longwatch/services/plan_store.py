"""Mission, fence and rally points as uploaded, and their files where they are to be kept.

One file a store, written whole or not at all. A damaged one is refused before anything starts:
an aircraft must not fly half of a plan, nor forget one in silence.
"""

import json
import math
import zlib
from functools import partial
from pathlib import Path
from typing import Any

from longwatch.errors import SetupError
from longwatch.services.beside import AtOnce, Beside
from longwatch.services.kept_file import KeptFile
from longwatch.services.plan_items import FENCE, MISSION, RALLY, TYPE_NAMES, Item, opaque_id

FORMAT = "longwatch plan 1"
LARGEST_FILE = 4_000_000
# Most items of each store.
LIMITS = {MISSION: 5000, FENCE: 500, RALLY: 100}
# Items that become text at a time: meanwhile nobody else has the interpreter.
AT_A_TIME = 100


class PlanStore:
    """The three lists of one aircraft.

    Args:
        folder: where they are kept; None keeps them in memory alone.
        beside: where files are written.

    Attributes:
        files: those that they are kept in, by MAV_MISSION_TYPE; none without a folder.

    Raises:
        SetupError: a file is damaged, or cannot be read.
    """

    def __init__(self, folder: Path | None = None, beside: Beside | None = None) -> None:
        self._items: dict[int, tuple[Item, ...]] = dict.fromkeys(TYPE_NAMES, ())
        self._ids = dict.fromkeys(TYPE_NAMES, 0)
        self.files: dict[int, KeptFile] = {}
        for kind, name in TYPE_NAMES.items() if folder is not None else ():
            path = Path(folder or "") / f"{name}.json"
            self.files[kind] = KeptFile(path, beside or AtOnce())
            self._hold(kind, _read(path, LIMITS[kind]))

    def __getitem__(self, kind: int) -> tuple[Item, ...]:
        """The items of a MAV_MISSION_TYPE."""
        return self._items[kind]

    def identity(self, kind: int) -> int:
        """The number by which clients tell this list from another; 0 for an empty one."""
        return self._ids[kind]

    def replace(self, kind: int, items: tuple[Item, ...], identity: int | None = None) -> None:
        """Take new items, and begin to keep them; ``identity`` of them, where it is known."""
        self._hold(kind, items, identity)
        if kind in self.files:
            self.files[kind].put(partial(_text, items))

    def settled(self, kind: int) -> bool:
        """The list is kept, or ``fault`` says why not."""
        return kind not in self.files or self.files[kind].settled()

    def fault(self, kind: int) -> str:
        """Why a list is not kept, "" where it is, or need not be."""
        why = self.files[kind].fault if kind in self.files else ""
        return f"the {TYPE_NAMES[kind]} is not kept for a restart: {why}" if why else ""

    def _hold(self, kind: int, items: tuple[Item, ...], identity: int | None = None) -> None:
        self._items[kind] = items
        self._ids[kind] = opaque_id(items) if identity is None else identity


def _text(items: tuple[Item, ...]) -> bytes:
    rows = [", ".join(json.dumps(_row(item)) for item in items[i:i + AT_A_TIME])
            for i in range(0, len(items), AT_A_TIME)]
    text = f"[{', '.join(rows)}]"
    return (f'{{"format": {json.dumps(FORMAT)}, "crc32": {zlib.crc32(text.encode())}, '
            f'"items": {text}}}').encode()


def _row(item: Item) -> list[float | None]:
    return [item.command, item.frame, item.autocontinue,
            *(None if math.isnan(v) else v for v in item.numbers)]


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
