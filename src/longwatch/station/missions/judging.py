"""Judges missions beside the station: in a process of its own, so that no frame waits for it.

One request is worked on at a time. A user's newest one takes the place of an older one of his
that still waits: whoever drags a waypoint is interested in where it is now. Observers have a judge
of their own, with less patience: no crew waits behind them.
"""

import asyncio
import contextlib
import json
import logging
import math
import os
import sys
from pathlib import Path
from typing import Any

from longwatch.aircraft.loader import aircraft_names
from longwatch.station.missions.judge_worker import LENGTH
from longwatch.station.refusal import OBSERVER, Refusal

LIMIT_S, OBSERVERS_LIMIT_S = 20.0, 5.0
# The first judgement on a machine compiles, before the worker takes any request.
START_LIMIT_S = 300.0
LEVELS = ("none", "light", "moderate", "severe")
HIGHEST_WIND = 100.0

_log = logging.getLogger(__name__)
Waiting = tuple[bytes, "asyncio.Future[dict[str, Any]]"]


class Judge:
    """The judge and its queue.

    Args:
        aircraft: the datasheet's name or file that is judged for unless a request names another.
        terrain: folder of terrain tiles, None for the assumed ground.
        limit_s: after so long a judgement is given up.

    Attributes:
        ready: the worker has warmed up.
    """

    def __init__(self, aircraft: str, terrain: Path | None = None,
                 limit_s: float = LIMIT_S) -> None:
        self.aircraft, self.ready = aircraft, False
        self._terrain = "" if terrain is None else str(Path(terrain).absolute())
        self._limit_s = limit_s
        self._waiting: dict[str, Waiting] = {}
        self._came = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    def start(self) -> None:
        """Start the worker; it warms up while the station goes on."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="judge")

    async def close(self) -> None:
        """End the worker and refuse what waits."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._refuse_all("the station is closing; ask again")
        await self._stop()

    def _refuse_all(self, why: str) -> None:
        for _, future in self._waiting.values():
            if not future.done():
                future.set_exception(Refusal(why, 409))
        self._waiting.clear()

    async def judge(self, user: str, document: Any, options: dict[str, Any]) -> dict[str, Any]:
        """Judge a document for ``user``; ``options`` as in ``POST /api/judge``.

        Raises:
            Refusal: it cannot be judged, a newer request of this user came first (409), or it
                took too long.
        """
        self.start()
        request = json.dumps(_request(document, options, self.aircraft, self._terrain)).encode()
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        older = self._waiting.pop(user, None)
        if older is not None and not older[1].done():
            older[1].set_exception(Refusal("superseded by your newer request", 409))
        self._waiting[user] = (request, future)
        self._came.set()
        answer = await future
        if "error" in answer:
            raise Refusal(answer["error"], 400, tuple(answer.get("faults", ())),
                          tuple(answer.get("told", ())))
        return answer

    async def _run(self) -> None:
        while True:
            if self._process is None:
                try:
                    await self._begin()
                except OSError as error:
                    _log.warning("the judging process cannot be started: %s", error)
                    self._refuse_all("the judging process cannot be started; ask again")
                    await asyncio.sleep(1.0)
                    continue
            await self._came.wait()
            if not self._waiting:
                self._came.clear()
                continue
            user = next(iter(self._waiting))
            request, future = self._waiting.pop(user)
            if future.done():  # whoever asked has gone
                continue
            try:
                answer = await self._ask(request)
            except Refusal as refusal:
                await self._stop()
                if not future.done():
                    future.set_exception(refusal)
            except asyncio.CancelledError:
                if not future.done():
                    future.set_exception(Refusal("the station is closing; ask again", 409))
                raise
            else:
                if not future.done():
                    future.set_result(answer)

    async def _begin(self) -> None:
        """Start a worker; judging needs nothing of its answer, so a bad start shows later."""
        source = str(Path(__file__).parents[3])
        path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "longwatch.station.missions.judge_worker", self.aircraft,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path})
        self.ready = False

    async def _ask(self, request: bytes) -> dict[str, Any]:
        limit = self._limit_s if self.ready else self._limit_s + START_LIMIT_S
        try:
            async with asyncio.timeout(limit):
                answer = await self._exchange(request)
        except TimeoutError:
            raise Refusal(f"judging this mission takes more than {self._limit_s:g} s; "
                          "shorten it") from None
        except (OSError, EOFError, ValueError):
            _log.warning("the judging process ended unasked; it is started anew")
            raise Refusal("the judging process ended unasked; ask again") from None
        self.ready = True
        return answer

    async def _exchange(self, request: bytes) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise EOFError
        process.stdin.write(LENGTH.pack(len(request)) + request)
        await process.stdin.drain()
        size = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
        return dict(json.loads(await process.stdout.readexactly(size)))

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class Judges:
    """A judge for crews, and one for observers that starts when one of them first asks.

    Args:
        aircraft, terrain: as of :class:`Judge`.
    """

    def __init__(self, aircraft: str, terrain: Path | None = None) -> None:
        self._crews = Judge(aircraft, terrain)
        self._observers = Judge(aircraft, terrain, OBSERVERS_LIMIT_S)

    def start(self) -> None:
        """Start the crews' one."""
        self._crews.start()

    async def close(self) -> None:
        """End both."""
        await asyncio.gather(self._crews.close(), self._observers.close())

    async def judge(self, user: str, roles: frozenset[str], document: Any,
                    options: dict[str, Any]) -> dict[str, Any]:
        """Judge a document for a user with ``roles``; otherwise as :meth:`Judge.judge`."""
        judge = self._crews if roles - {OBSERVER} else self._observers
        return await judge.judge(user, document, options)


def _request(document: Any, options: dict[str, Any], aircraft: str, terrain: str
             ) -> dict[str, Any]:
    """What the worker is asked, or every fault of the options in one refusal."""
    faults: list[str] = []
    wind = options.get("wind") or {}
    if not isinstance(wind, dict):
        faults.append('wind: give {"speed": m/s, "from": rad}')
        wind = {}
    name = options.get("aircraft") or aircraft
    if name != aircraft and name not in aircraft_names():
        faults.append(f"aircraft: {name!r} is unknown; take one of "
                      f"{', '.join(sorted({aircraft, *aircraft_names()}))}")
    turbulence = options.get("turbulence") or "none"
    if turbulence not in LEVELS:
        faults.append(f"turbulence: give one of {', '.join(LEVELS)}")
    request = {
        "text": json.dumps(document), "aircraft": name, "turbulence": turbulence,
        "terrain": terrain,
        "payload_kg": _number(options.get("payload_kg"), "payload_kg", 0.0, 1e6, faults) or 0.0,
        "fuel_kg": _number(options.get("fuel_kg"), "fuel_kg", 0.0, 1e6, faults),
        "wind_speed": _number(wind.get("speed"), "wind, speed", 0.0, HIGHEST_WIND, faults) or 0.0,
        "wind_from": _number(wind.get("from"), "wind, from", -math.tau, math.tau, faults) or 0.0}
    if faults:
        raise Refusal("this cannot be judged", 400, tuple(faults))
    return request


def _number(value: Any, what: str, least: float, most: float, faults: list[str]) -> float | None:
    if value is None:
        return None
    if (isinstance(value, bool) or not isinstance(value, int | float)
            or not least <= value <= most):
        faults.append(f"{what}: give a number from {least:g} to {most:g}")
        return None
    return float(value)
