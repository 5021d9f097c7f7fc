"""Every input that a live run accepted, one JSON object a line (``journal.jsonl``).

The first line is a header: version, record schema, and all settings and small files that the run
was started with. Then follow orders as they were accepted, with the tick, the aircraft's system
id and the sender; now and then how far the run has come; and its end. Each line is with the
system before the next begins, so that a kill costs nothing that had an effect on a kept row; a
disk that is full makes lines wait, and no order.
"""

from collections import deque
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, get_type_hints

from longwatch.errors import LogError
from longwatch.live.setting import Setting
from longwatch.record import schema_digest
from longwatch.records.events import Event, EventWriter, line_of, read_events
from longwatch.simulation.vehicle import Vehicle

FORMAT = 1
NAME = "journal.jsonl"
# Files that go into the header whole, by the setting's field.
EMBEDDED = ("aircraft", "mission")
# Bytes of lines that wait for room on the disk.
MOST_HELD = 64 << 20


@dataclass(frozen=True)
class Entry:
    """One order of the journal.

    Attributes:
        tick: the server's tick at which it was given, between two ticks of the aircraft.
        aircraft: system id, 0 for all of them.
        sender: who gave it.
        name, arguments: the order.
    """

    tick: int
    aircraft: int
    sender: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Journal:
    """A journal as read.

    Attributes:
        setting: what the run was started with; paths as they were then.
        files: text of the small files that the run read, by the setting's field.
        orders: in the order in which they were given.
        reached: the last tick that the journal knows the run to have come to.
        whole: the run ended in good order.
    """

    setting: Setting
    files: dict[str, str]
    orders: tuple[Entry, ...]
    reached: int
    whole: bool


class JournalWriter:
    """Writes a run's journal.

    What cannot be written waits, in its order, and is written once there is room again: an order
    is carried out all the same.

    Args:
        path: file to make; it must not exist.
        setting: what the run was started with.

    Attributes:
        fault: why lines wait, "" where none do.

    Raises:
        LogError: the file cannot be made.
    """

    def __init__(self, path: Path, setting: Setting) -> None:
        if path.exists():
            raise LogError(f"{path}: this journal exists already; name another folder")
        self.path, self.fault = path, ""
        self._file = EventWriter(path)
        self._waiting: deque[bytes] = deque()
        self._held = self._reached = 0
        self._ended = False
        files = {}
        for name in EMBEDDED:
            value = getattr(setting, name)
            if value is not None and Path(value).is_file():
                files[name] = Path(value).read_text(encoding="utf-8")
        self._file.append({"journal": FORMAT, "record": schema_digest(Vehicle),
                           "setting": setting.as_dict(), "files": files})

    def order(self, tick: int, system: int, sender: str, name: str,
              arguments: dict[str, Any]) -> None:
        """An order was accepted at the server's ``tick`` by the aircraft ``system``."""
        self._put({"tick": tick, "aircraft": system, "sender": sender, "order": name,
                   "arguments": arguments})
        self._reached = tick

    def reached(self, tick: int) -> None:
        """The run has come to ``tick``."""
        self.write()
        if tick != self._reached and not self.fault:
            self._put({"reached": tick})
            self._reached = tick

    def write(self) -> None:
        """Write what waits."""
        try:
            while self._waiting:
                self._file.append_line(self._waiting[0])
                self._held -= len(self._waiting.popleft())
        except LogError as fault:
            self.fault = str(fault)
        else:
            self.fault = self.fault if self._ended else ""

    def end(self, tick: int) -> None:
        """The run ended in good order at ``tick``. Raises LogError where that cannot be said."""
        self._put({"end": tick})
        self._file.close()
        if self.fault:
            raise LogError(self.fault)

    def close(self) -> None:
        """Close the file without an end: the run broke off."""
        self.write()
        self._file.close()

    def _put(self, event: Event) -> None:
        if self._ended:
            return
        line = line_of(event)
        if self._held + len(line) > MOST_HELD:
            # A journal with a gap repeats nothing: it ends before the first order that is lost.
            self._ended = True
            self.fault = (f"{self.path}: the journal ends before tick {event.get('tick')}: there "
                          "was no room on the disk for too long")
            return
        self._waiting.append(line)
        self._held += len(line)
        self.write()


def read_journal(path: str | Path) -> Journal:
    """Read a journal, whole or cut.

    Raises:
        LogError: no journal lies there, or another version's.
    """
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    lines = read_events(path, "a journal.jsonl, or the folder that holds it")
    whole = bool(lines) and all(isinstance(line, dict) for line in lines)
    if not whole or lines[0].get("journal") != FORMAT:
        raise LogError(f"{path}: holds no journal of a live run; name a journal.jsonl or the "
                       "folder that holds it")
    header = lines[0]
    if header.get("record") != schema_digest(Vehicle):
        raise LogError(f"{path}: written by a version with record schema {header.get('record')}, "
                       f"this one has {schema_digest(Vehicle)}: replay it with the version that "
                       "wrote it")
    try:
        setting = _typed(Setting(**header["setting"]))
        orders = tuple(_entry(line) for line in lines[1:] if "order" in line)
        ticks = [int(line[key]) for line in lines[1:] for key in ("tick", "reached", "end")
                 if key in line]
        return Journal(setting, _files(header["files"]), orders, max(ticks, default=0),
                       any("end" in line for line in lines[1:]))
    except (KeyError, TypeError, ValueError, OverflowError) as fault:
        raise LogError(f"{path}: damaged ({fault}); nothing can be replayed from it") from None


def _typed(setting: Setting) -> Setting:
    """The setting, if each field is of its type. Raises TypeError."""
    for name, kind in get_type_hints(Setting).items():
        value = getattr(setting, name)
        if not isinstance(value, kind) and not (kind in (float, float | None)
                                                and isinstance(value, int)):
            raise TypeError(f"setting {name}")
    return setting


def _files(found: Any) -> dict[str, str]:
    """The files, if they are texts of the fields that have one. Raises ValueError."""
    files = dict(found)
    if not set(files) <= set(EMBEDDED) or not all(isinstance(t, str) for t in files.values()):
        raise ValueError("files")
    return files


def _entry(line: Event) -> Entry:
    arguments = dict(line["arguments"])
    if "sender" in arguments:
        raise ValueError("an order's arguments")
    return Entry(int(line["tick"]), int(line["aircraft"]), str(line["sender"]),
                 str(line["order"]), arguments)


def unpacked(journal: Journal, folder: Path) -> Setting:
    """The setting with the journal's own copies of the files, written to ``folder``."""
    named = journal.setting.as_dict()
    for name, text in journal.files.items():
        place = folder / name
        place.mkdir()
        try:
            copy = place / PurePath(named[name]).name
            copy.write_text(text, encoding="utf-8")
        except (OSError, TypeError, ValueError) as fault:
            raise LogError(f"the journal's {name} cannot be laid out ({fault}); nothing can be "
                           "replayed from it") from None
        named[name] = str(copy)
    return Setting(**named)
