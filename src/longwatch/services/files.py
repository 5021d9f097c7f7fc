"""The files that clients reach by MAVLink FTP: a tree of its own, without a way out of it.

    /etc       what describes this aircraft: component metadata (also as @SYS)
    /logs      the logs of this run (also as @MAV_LOG)
    /upload    a little room in memory that clients may write to; gone with the run

Paths are looked up as names in these folders; nothing of a client's text ever reaches the file
system. /etc and /logs can only be read.
"""

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_PATH = 239
# What a run writes that is for its crew to read; anything else in the folder is not shown.
LOG_SUFFIXES = frozenset({".tlog", ".parquet", ".arrows", ".jsonl", ".json", ".html"})
MOST_LOGS = 500
# Room in /upload.
MOST_FILES, MOST_BYTES, DEEPEST = 64, 4 << 20, 4
_ALIASES = {"@SYS": "etc", "@MAV_LOG": "logs"}
ETC, LOGS, UPLOAD = "etc", "logs", "upload"


class NotFound(Exception):
    """No such file or folder."""


class Protected(Exception):
    """It is there, or would be, but must not be changed."""


class Exists(Exception):
    """It is there already."""


class Full(Exception):
    """The room for uploads is used up."""


@dataclass(frozen=True)
class Entry:
    """A line of a folder's listing; ``size`` in bytes, None for a folder."""

    name: str
    size: int | None


class Reading:
    """A file open for reading: bytes in memory, or a log on disk."""

    def __init__(self, data: bytes | bytearray | None = None, descriptor: int = -1) -> None:
        self._data, self._descriptor = data, descriptor
        self.size = len(data) if data is not None else os.fstat(descriptor).st_size

    def read(self, offset: int, size: int) -> bytes:
        """At most ``size`` bytes from ``offset``; empty at the end."""
        if self._data is not None:
            return bytes(self._data[offset:offset + size])
        return os.pread(self._descriptor, size, offset)

    def close(self) -> None:
        """Give the descriptor back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self._data = b""


class Tree:
    """The virtual tree of one aircraft.

    Args:
        etc: makes the files of /etc, by name; called once, at the first look.
        logs: the folders on disk whose logs stand in /logs.
    """

    def __init__(self, etc: Callable[[], Mapping[str, bytes]],
                 logs: Callable[[], Sequence[Path]] = tuple) -> None:
        self._make = etc
        self._etc: dict[str, bytes] | None = None
        self._folders = logs
        # Files of /upload by their path within it; None is a folder.
        self._upload: dict[tuple[str, ...], bytearray | None] = {}

    def listing(self, path: str) -> list[Entry]:
        """What a folder holds, sorted by name. Raises NotFound."""
        parts = split(path)
        if not parts:
            return [Entry(name, None) for name in (ETC, LOGS, UPLOAD)]
        if parts == (ETC,):
            return [Entry(name, len(data)) for name, data in sorted(self._files().items())]
        if parts == (LOGS,):
            return [Entry(name, size_of(log)) for name, log in sorted(self._logs().items())]
        if parts[0] == UPLOAD and (len(parts) == 1 or self._upload.get(parts[1:], b"") is None):
            inside, depth = parts[1:], len(parts) - 1
            return [Entry(key[-1], None if data is None else len(data))
                    for key, data in sorted(self._upload.items())
                    if len(key) == depth + 1 and key[:depth] == inside]
        raise NotFound

    def open(self, path: str) -> Reading:
        """Open a file for reading. Raises NotFound."""
        parts = split(path)
        if len(parts) == 2 and parts[0] == ETC and parts[1] in self._files():
            return Reading(self._files()[parts[1]])
        if len(parts) == 2 and parts[0] == LOGS and parts[1] in self._logs():
            return open_log(self._logs()[parts[1]])
        if len(parts) > 1 and parts[0] == UPLOAD:
            data = self._upload.get(parts[1:])
            if data is not None:
                return Reading(data)
        raise NotFound

    def create(self, path: str, *, empty: bool) -> bytearray:
        """A file of /upload to write to, made if need be, emptied if ``empty``.

        Raises NotFound (no such folder), Protected, Exists (a folder), Full.
        """
        key = self._within(path)
        if key in self._upload:
            data = self._upload[key]
            if data is None:
                raise Exists
            if empty:
                data.clear()
            return data
        self._room(key)
        data = self._upload[key] = bytearray()
        return data

    def write(self, data: bytearray, offset: int, piece: bytes) -> None:
        """Put bytes into a file of /upload. Raises NotFound (removed meanwhile), Full."""
        if not any(data is known for known in self._upload.values()):
            raise NotFound
        end = offset + len(piece)
        if self._used() - len(data) + max(len(data), end) > MOST_BYTES:
            raise Full
        if len(data) < offset:
            data.extend(bytes(offset - len(data)))
        data[offset:end] = piece

    def truncate(self, path: str, size: int) -> None:
        """Shorten or lengthen a file of /upload. Raises NotFound, Protected, Full."""
        data = self._upload.get(self._within(path))
        if data is None:
            raise NotFound
        del data[size:]
        self.write(data, size, b"")

    def remove(self, path: str, *, folder: bool) -> None:
        """Remove a file, or an empty folder, of /upload. Raises NotFound, Protected, Exists."""
        key = self._within(path)
        if key not in self._upload or (self._upload[key] is None) != folder:
            raise NotFound
        if any(other[:len(key)] == key and other != key for other in self._upload):
            raise Exists
        del self._upload[key]

    def make_folder(self, path: str) -> None:
        """Make a folder in /upload. Raises NotFound, Protected, Exists, Full."""
        key = self._within(path)
        if key in self._upload:
            raise Exists
        self._room(key)
        self._upload[key] = None

    def rename(self, path: str, new: str) -> None:
        """Rename a file of /upload. Raises NotFound, Protected, Exists."""
        key, other = self._within(path), self._within(new)
        if self._upload.get(key) is None:
            raise NotFound
        if other in self._upload:
            raise Exists
        self._parent(other)
        self._upload[other] = self._upload.pop(key)

    def _within(self, path: str) -> tuple[str, ...]:
        parts = split(path)
        if len(parts) < 2 or parts[0] != UPLOAD:
            raise Protected
        return parts[1:]

    def _parent(self, key: tuple[str, ...]) -> None:
        if len(key) > 1 and self._upload.get(key[:-1], b"") is not None:
            raise NotFound

    def _room(self, key: tuple[str, ...]) -> None:
        self._parent(key)
        if len(self._upload) >= MOST_FILES or len(key) > DEEPEST:
            raise Full

    def _used(self) -> int:
        return sum(len(data) for data in self._upload.values() if data is not None)

    def _files(self) -> Mapping[str, bytes]:
        if self._etc is None:
            self._etc = dict(self._make())
        return self._etc

    def _logs(self) -> dict[str, Path]:
        return log_files(self._folders())


def log_files(folders: Sequence[Path]) -> dict[str, Path]:
    """The logs in these folders, by name; where two have the same, the later is numbered."""
    found: dict[str, Path] = {}
    for folder in folders:
        try:
            paths = sorted(folder.iterdir())
        except OSError:
            continue
        for path in paths:
            if (path.suffix in LOG_SUFFIXES and len(found) < MOST_LOGS and _is_plain(path)
                    and _is_name(path.name)):
                found[_free_name(path, found)] = path
    return found


def _free_name(path: Path, taken: Mapping[str, Path]) -> str:
    name, number = path.name, 1
    while name in taken:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    return name


def split(path: str) -> tuple[str, ...]:
    """The names along a path. Raises NotFound for one that cannot name anything in the tree."""
    if len(path) > LONGEST_PATH:
        raise NotFound
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] in _ALIASES:
        parts[0] = _ALIASES[parts[0]]
    if not all(_is_name(part) for part in parts):
        raise NotFound
    return tuple(parts)


def _is_name(part: str) -> bool:
    return (part not in (".", "..") and part.isascii() and part.isprintable()
            and not set(part) & set('\\/:*?"<>|~'))


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def size_of(path: Path) -> int:
    """Bytes of a file, 0 where it is not there."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def open_log(path: Path) -> Reading:
    """Open a log on disk. Raises NotFound."""
    try:
        return Reading(descriptor=os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC))
    except OSError as error:
        raise NotFound from error
