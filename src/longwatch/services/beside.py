"""What takes long is done beside the loop: in processes that reckon, in a thread that writes.

A job is asked for and looked at again at every poll; what becomes of it is an order or a text
then, so that it leaves no trace of how long it took. Scripts have no loop to keep free: theirs are
done when they are first looked at.
"""

import contextlib
import os
import pickle
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from longwatch.errors import LongwatchError, SetupError

LENGTH = struct.Struct(">Q")
# A job that nobody wants any more may go on so long; then its process is ended [s].
GRACE = 0.5
# How often a lane looks if its job is still wanted [s].
LOOK = 0.1
# The first job of a process waits for its machine code [s].
START_LIMIT = 300.0

NICENESS = 1
# The thread that waits for the end of standard input (cli/attached.py).
ATTACHED = "attached"

PLAN, JUDGE = "plan", "judge"
LIMITS = {PLAN: 30.0, JUDGE: 120.0}
"""How long a job of a lane may take [s]."""


class Job(Protocol):
    """Something asked for."""

    def ready(self) -> bool:
        """It is done, or has failed."""

    def result(self) -> Any:
        """What came of it; raises what it raised."""

    def drop(self) -> None:
        """Nobody wants it any more."""


class Beside(Protocol):
    """Where jobs are done."""

    def reckon(self, lane: str, function: Callable[..., Any], *arguments: Any) -> Job:
        """Call a function of a module in the process of ``lane``, one job after the other."""

    def file(self, function: Callable[..., Any], *arguments: Any) -> Job:
        """Call a function that waits for the disk."""

    def close(self) -> None:
        """Finish the files and end the processes."""


class _Now:
    """A job that is done when it is first looked at."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._function, self._arguments = function, arguments
        self._future: Future[Any] | None = None

    def ready(self) -> bool:
        """It is, from here on."""
        if self._future is None:
            self._future = Future()
            try:
                self._future.set_result(self._function(*self._arguments))
            except Exception as error:
                self._future.set_exception(error)
        return True

    def result(self) -> Any:
        """What came of it."""
        self.ready()
        assert self._future is not None
        return self._future.result()

    def drop(self) -> None:
        """There is nothing to stop."""


class AtOnce:
    """For scripts: each job is done when it is first looked at."""

    def reckon(self, lane: str, function: Callable[..., Any], *arguments: Any) -> Job:
        """A job of a lane."""
        return _Now(function, arguments)

    def file(self, function: Callable[..., Any], *arguments: Any) -> Job:
        """A job of the disk."""
        return _Now(function, arguments)

    def close(self) -> None:
        """Nothing is under way."""


class _Asked:
    """A job of a thread or a process."""

    def __init__(self, future: "Future[Any]") -> None:
        self.future, self.dropped = future, threading.Event()

    def ready(self) -> bool:
        """It is done, or has failed."""
        return self.future.done()

    def result(self) -> Any:
        """What came of it; waits for it."""
        return self.future.result()

    def drop(self) -> None:
        """Nobody wants it any more."""
        self.dropped.set()


class Workers:
    """For runs with sockets: a process for each lane, a thread for files, begun when needed."""

    def __init__(self) -> None:
        # A copy of this process has everything loaded already, and costs next to nothing.
        copies = [(name, _Copy()) for name in LIMITS] if _may_copy() else []
        self._lanes = {name: _Lane(name, copy) for name, copy in copies}
        self._files = ThreadPoolExecutor(1, "files")

    def reckon(self, lane: str, function: Callable[..., Any], *arguments: Any) -> Job:
        """A job of a lane's process."""
        cold = lane not in self._lanes
        if cold:
            self._lanes[lane] = _Lane(lane)
        one = self._lanes[lane]
        if lane == PLAN and not one.up:
            # A client waits for a second or two; a process that is no copy takes longer to come up.
            if cold:
                one.put(function, arguments)
            return _Now(function, arguments)
        return one.put(function, arguments)

    def up(self, lane: str) -> bool:
        """The process of a lane has come up."""
        return lane in self._lanes and self._lanes[lane].up

    def file(self, function: Callable[..., Any], *arguments: Any) -> Job:
        """A job of the thread for files."""
        return _Asked(self._files.submit(function, *arguments))

    def close(self) -> None:
        """Finish the files and end the processes."""
        self._files.shutdown()
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()


class _Lane:
    """A process, and the thread that hands it one job after the other.

    ``up``: it has come up once; one that had to be ended is waited for.
    """

    def __init__(self, name: str, process: "_Copy | None" = None) -> None:
        self.name, self.up = name, process is not None
        self._jobs: queue.SimpleQueue[tuple[_Asked, Callable[..., Any], tuple[Any, ...]] | None]
        self._jobs = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | _Copy | None = process
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> _Asked:
        """Let a job wait for its turn."""
        job = _Asked(Future())
        self._jobs.put((job, function, arguments))
        return job

    def close(self) -> None:
        """End the process, and whatever it does."""
        self._ending.set()
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (asked := self._jobs.get()) is not None and not self._ending.is_set():
            job, function, arguments = asked
            if job.dropped.is_set():
                job.future.cancel()
                continue
            try:
                good, result = self._done(job, function, arguments)
            except Exception as error:
                self._end()
                good, result = False, SetupError(f"what reckons it cannot be had ({error}); try "
                                                 "again")
            if good:
                job.future.set_result(result)
            else:
                job.future.set_exception(result)
        self._end()

    def _done(self, job: _Asked, function: Callable[..., Any], arguments: tuple[Any, ...]
              ) -> tuple[bool, Any]:
        limit = LIMITS[self.name]
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process, limit = begin(), START_LIMIT
        assert self._process.stdin is not None and self._process.stdout is not None
        send(self._process.stdin, packed((function, arguments)))
        until = time.monotonic() + limit
        while not select.select([self._process.stdout], [], [], LOOK)[0]:
            now = time.monotonic()
            if job.dropped.is_set():
                until = min(until, now + GRACE)
                job.dropped.clear()
            if now > until or self._ending.is_set():
                self._end()
                return False, SetupError(f"that takes longer than {LIMITS[self.name]:.0f} s; make "
                                         "it simpler")
        reply: tuple[bool, Any] = pickle.loads(receive(self._process.stdout))
        self.up = True
        return reply

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.wait()


def _may_copy() -> bool:
    """No other thread may hold a lock that its copy would wait for; the one for input holds none.
    """
    return hasattr(os, "fork") and all(
        thread is threading.current_thread() or thread.name == ATTACHED
        for thread in threading.enumerate())


class _Copy:
    """A copy of this process that reckons; it ends with its input."""

    def __init__(self) -> None:
        asked, ask = os.pipe()
        hear, told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(ask)
                os.close(hear)
                answer(os.fdopen(asked, "rb", 0), os.fdopen(told, "wb", 0))
            finally:
                os._exit(0)
        os.close(asked)
        os.close(told)
        self.stdin, self.stdout = os.fdopen(ask, "wb", 0), os.fdopen(hear, "rb", 0)
        self._ended = False

    def poll(self) -> int | None:
        """None while it lives."""
        if not self._ended:
            self._ended = os.waitpid(self.pid, os.WNOHANG)[0] != 0
        return 0 if self._ended else None

    def kill(self) -> None:
        """End it."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Until it has ended."""
        if not self._ended:
            os.waitpid(self.pid, 0)
            self._ended = True


def answer(requests: BinaryIO | Any, replies: BinaryIO | Any) -> None:
    """Call the functions that are asked for, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    while True:
        try:
            function, arguments = pickle.loads(receive(requests))
        except EOFError:
            return
        try:
            reply = True, function(*arguments)
        except LongwatchError as error:
            reply = False, error
        except Exception as error:
            reply = False, RuntimeError(f"{type(error).__name__}: {error}")
        send(replies, packed(reply))


def begin() -> "subprocess.Popen[bytes]":
    """A process that reckons; it ends with its input."""
    source = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", "longwatch.services.beside_worker"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, bufsize=0, env={**os.environ, "PYTHONPATH": path})


# --------------------------------------------------------------------------- between processes


class _Pickler(pickle.Pickler):
    """Arrays that cannot be written to stay so: to the compiler they are of a type of their own."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, np.ndarray) and not thing.flags.writeable:
            return _read_only, (thing.copy(),)
        return NotImplemented


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def packed(thing: Any) -> bytes:
    """As bytes for another process of this program."""
    target = BytesIO()
    _Pickler(target, pickle.HIGHEST_PROTOCOL).dump(thing)
    return target.getvalue()


def send(pipe: BinaryIO | Any, data: bytes) -> None:
    """Write a message."""
    rest = memoryview(LENGTH.pack(len(data)) + data)
    while rest:
        rest = rest[pipe.write(rest):]


def receive(pipe: BinaryIO | Any) -> bytes:
    """Read a message. Raises EOFError where there is no more."""
    return _exactly(pipe, LENGTH.unpack(_exactly(pipe, LENGTH.size))[0])


def _exactly(pipe: BinaryIO | Any, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = pipe.read(min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError("the process has ended")
        data += piece
    return bytes(data)
