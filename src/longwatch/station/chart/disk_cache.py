"""Things fetched or drawn once, kept on disk within bounds; what was used longest ago goes first.

A kept thing is one file: a line of JSON (type, when it came, until when it is fresh), then its
bytes. Times of use are the files' own. Two stations on one folder do no harm: what one deletes
the other fetches anew.
"""

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

SUFFIX = ".kept"
# A header longer than this is none of ours.
LONGEST_HEADER = 1000
# Of a full cache so much is cleared at once.
CLEARED_SHARE = 0.05


@dataclass(frozen=True)
class Kept:
    """One thing: its bytes and type, when it came and until when it is fresh [s since 1970]."""

    body: bytes
    kind: str
    came_s: float
    fresh_until_s: float


class DiskCache:
    """A bounded cache in ``folder``; may be used from several threads.

    A disk that cannot be written ends the keeping, never the station.
    """

    def __init__(self, folder: Path, limit: int, wall: Callable[[], float] = time.time) -> None:
        self.folder, self.limit, self.wall = folder, limit, wall
        self.octets = 0
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()
        found = []
        with contextlib.suppress(OSError):
            for path in folder.glob(f"*/*{SUFFIX}"):
                with contextlib.suppress(OSError):
                    stat = path.stat()
                    found.append((stat.st_mtime, path.stem, stat.st_size))
        for _, name, size in sorted(found):
            self._sizes[name] = size
            self.octets += size
        with self._lock:
            self._clear()

    def get(self, key: str) -> Kept | None:
        """What is kept under ``key``, fresh or not; None where nothing is."""
        name = _name(key)
        if name not in self._sizes:
            return None
        path = self._path(name)
        try:
            with path.open("rb") as file:
                header = json.loads(file.readline(LONGEST_HEADER))
                body = file.read()
            kept = Kept(body, str(header["kind"]), float(header["came_s"]),
                        float(header["fresh_until_s"]))
            whole = int(header["octets"]) == len(body)
        except (OSError, ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            self._forget(name)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        with self._lock:
            if name in self._sizes:
                self._sizes.move_to_end(name)
        return kept

    def put(self, key: str, body: bytes, kind: str, fresh_s: float) -> None:
        """Keep ``body`` under ``key``, fresh for so long [s]; what takes its place goes first."""
        now = self.wall()
        header = json.dumps({"kind": kind, "came_s": now, "fresh_until_s": now + fresh_s,
                             "octets": len(body)}).encode() + b"\n"
        size = len(header) + len(body)
        if size > self.limit * CLEARED_SHARE:
            return
        name = _name(key)
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, header + body)
        except OSError:
            return
        with self._lock:
            self.octets += size - self._sizes.pop(name, 0)
            self._sizes[name] = size
            if self.octets > self.limit:
                self._clear()

    def _clear(self) -> None:
        """Make room where there is too much; the lock is held."""
        if self.octets <= self.limit:
            return
        while self._sizes and self.octets > self.limit * (1.0 - CLEARED_SHARE):
            name, size = self._sizes.popitem(last=False)
            self.octets -= size
            self._path(name).unlink(missing_ok=True)

    def _forget(self, name: str) -> None:
        with self._lock:
            self.octets -= self._sizes.pop(name, 0)
        with contextlib.suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}{SUFFIX}"


def _write(path: Path, data: bytes) -> None:
    """A file, whole or not at all."""
    descriptor, part = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]
