"""Processes that share in compiling."""

import contextlib
import functools
import os
import select
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numba.core import config, errors

from longwatch.compiler.remembering import remembered


class Later(errors.TypingError):
    """A called function's types are being inferred by another process."""


class Helpers:
    """Processes that share the work: as many run at a time as there are tokens in a pipe.

    A forked process has all in its memory that was inferred so far. It is given either a batch of
    functions to lower, which takes nothing but their types, or a function that reaches many
    others, to infer and lower it with all of them, while this process goes on with what its
    caller calls besides. What it makes lies in the cache.
    """

    BATCH, MANY = 24, 20

    def __init__(self, count: int, told: Any) -> None:
        self._count, self._told = count, told
        self._waiting: list[Any] = []
        self._running: set[int] = set()
        # Who infers what, and what inferring in this process has come to that another one does.
        self._later: dict[Any, int] = {}
        self.met: list[Any] = []
        self.inferring = False
        self._parent = os.getppid()
        # A file system's clock may lag behind by a tick of the kernel's.
        self._began = time.time() - 0.02
        self._tokens = os.pipe()
        os.set_blocking(self._tokens[0], False)
        self._give(count)

    def made(self, path: Path) -> bool:
        """True where these processes wrote it, not an earlier one that was broken off."""
        try:
            return path.stat().st_mtime >= self._began
        except OSError:
            return False

    def close(self) -> None:
        for end in self._tokens:
            os.close(end)

    def _give(self, count: int = 1) -> None:
        os.write(self._tokens[1], b"x" * count)

    def _take(self) -> bool:
        try:
            return bool(os.read(self._tokens[0], 1))
        except BlockingIOError:
            return False

    def add(self, lower: Any) -> None:
        """Have it lowered, soon or at the end."""
        self._told()
        if not self._count:
            lower()
            return
        self._waiting.append(lower)
        if len(self._waiting) >= self.BATCH and self._take():
            batch, self._waiting = self._waiting, []
            self._fork(lambda: _run_all(batch))

    def takes(self, key: Any, infer: Any) -> bool:
        """True where another process infers it, and had it begun only now."""
        if not self.inferring:
            return False
        if key not in self._later:
            if not self._take():
                return False
            self._later[key] = self._fork(lambda: self._infer(infer))
        self.met.append(key)
        return True

    def _infer(self, infer: Any) -> None:
        self._waiting, self._running, self._later, self.met = [], set(), {}, []
        infer()
        self.finish()

    def wait(self, keys: list[Any]) -> None:
        """Return when these are inferred; what is to be lowered here is lowered meanwhile."""
        children = {self._later.pop(key) for key in keys if key in self._later}
        while children & self._running:
            self._reap(os.WNOHANG)
            if self._waiting:
                self._waiting.pop()()
            elif unfinished := children & self._running:
                self._idle(unfinished.pop())

    def finish(self) -> None:
        """Return when all is lowered."""
        while self._waiting:
            if len(self._waiting) > 1 and self._take():
                half = len(self._waiting) // 2
                batch, self._waiting = self._waiting[half:], self._waiting[:half]
                self._fork(functools.partial(_run_all, batch))
            self._waiting.pop()()
        while self._running:
            self._idle(next(iter(self._running)))

    def _idle(self, child: int) -> None:
        """Wait for it; another process may have this one's place until then."""
        self._give()
        self._ended(*os.waitpid(child, 0))
        while not self._take():
            select.select([self._tokens[0]], [], [], 1.0)
            if os.getppid() != self._parent:
                os._exit(1)

    def _fork(self, work: Any) -> int:
        child = os.fork()
        if child:
            self._running.add(child)
            return child
        status, self._parent = 1, os.getppid()
        try:
            work()
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            self._give()
            os._exit(status)

    def _reap(self, how: int) -> None:
        for child in tuple(self._running):
            self._ended(*os.waitpid(child, how))

    def _ended(self, child: int, status: int) -> None:
        self._running.discard(child)
        if child and status:
            raise RuntimeError("a process that helps to compile has failed")


def _run_all(batch: list[Any]) -> None:
    for lower in batch:
        lower()


_current: Helpers | None = None


def current() -> Helpers | None:
    """The processes that share in what this one compiles just now."""
    return _current


# How many processes help and who is told, for functions that reach at least so many others.
_wanted: tuple[int, Any] = (0, None)
WORTH_HELP = 50


@contextlib.contextmanager
def helped(count: int, told: Any) -> Iterator[None]:
    """Within this, ``count`` processes help to compile; for a process that has one thread.

    ``told`` is called for each function whose types are known, in whichever process that was,
    with the number of all, as far as that is known.
    """
    global _wanted
    before, _wanted = _wanted, (count, told)
    try:
        yield
    finally:
        _wanted = before


@contextlib.contextmanager
def helpers_for(reached: int) -> Iterator[None]:
    global _current
    count, told = _wanted
    if told is None or _current is not None or reached < WORTH_HELP:
        yield
        return
    _current = Helpers(count, lambda: told(reached))
    # What is being inferred elsewhere fails at first, and not for good.
    before, config.DISABLE_TYPEINFER_FAIL_CACHE = config.DISABLE_TYPEINFER_FAIL_CACHE, 1
    try:
        with remembered():
            yield
            _current.finish()
    finally:
        config.DISABLE_TYPEINFER_FAIL_CACHE = before
        _current.close()
        _current = None
