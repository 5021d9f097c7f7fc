"""A log on the same screens as live vehicles: played, paused, quickened, gone to any moment.

One log is shown at a time; opening another closes it. Its vehicles are the fleet's like others,
"r1" and on, and take what the log tells as if it came by radio. Reading happens in a thread.
"""

import asyncio
import contextlib
import logging
import math
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from longwatch.errors import LogError
from longwatch.station.config import Config
from longwatch.station.refusal import Refusal
from longwatch.station.replay.opening import open_source
from longwatch.station.replay.shown import Replay
from longwatch.station.vehicles.fleet import Fleet

LARGEST_UPLOAD = 500_000_000
# A log must have come after so long; logs that come at a time [s].
UPLOAD_S, MOST_UPLOADS = 600.0, 2
LEAST_SPEED, MOST_SPEED = 0.1, 1000.0
PERIOD_S = 1.0 / 30.0
TOLD_S = 0.5
# Folders below the one that was named in which logs are looked for; logs that are listed.
DEEPEST, MOST_LISTED = 5, 1000
UPLOADS = "uploads"
TELEMETRY = "telemetry"
FLIGHT_FILES = ("flight.parquet", "flight.arrows")
# How Parquet files and Arrow streams begin; the time that one that was sent may take to read [s].
FLIGHT_MARKS, CLEANING_S = (b"PAR1", b"\xff\xff\xff\xff", b"ARROW1"), 180.0

_log = logging.getLogger(__name__)


class Replays:
    """The logs that there are, and the one that is shown.

    Args:
        config: names the folders of logs.
        fleet: takes the vehicles in.
    """

    def __init__(self, config: Config, fleet: Fleet) -> None:
        self._roots = tuple(Path(root) for root in (*config.logs, config.folder / TELEMETRY))
        self._uploads = config.folder / UPLOADS
        self._fleet = fleet
        self._shown: Replay | None = None
        self._task: asyncio.Task[None] | None = None
        self._scratch: Path | None = None
        self._opening = asyncio.Lock()
        self._coming = 0
        # What a killed station left behind.
        shutil.rmtree(self._uploads, ignore_errors=True)

    async def close(self) -> None:
        """Close what is shown."""
        async with self._opening:
            await self._end()

    # ------------------------------------------------------------------------------- logs

    def logs(self) -> list[dict[str, Any]]:
        """The logs in the folders that were named, newest first."""
        found: list[dict[str, Any]] = []
        for number, root in enumerate(self._roots):
            for path in _logs_below(root):
                entry = _described(path, f"{number}/{path.relative_to(root).as_posix()}")
                if entry is not None:
                    found.append(entry)
                if len(found) >= MOST_LISTED:
                    break
        return sorted(found, key=lambda entry: -entry["changed_s"])

    def _find(self, path: str) -> Path:
        """The log of a path that ``logs`` gave. Raises Refusal, 404."""
        number, _, rest = path.partition("/")
        if number.isascii() and number.isdigit() and int(number) < len(self._roots):
            root = self._roots[int(number)].resolve()
            with contextlib.suppress(OSError, ValueError, RuntimeError):
                found = (root / rest).resolve()
                if found.is_relative_to(root) and _is_log(found):
                    return found
        raise Refusal("there is no such log in the folders that the station was given; take one of "
                      "the list", 404)

    # ------------------------------------------------------------------------------ opening

    async def open_path(self, path: str) -> dict[str, Any]:
        """Show a log of the list."""
        found = await asyncio.to_thread(self._find, path)
        async with self._opening:
            return await self._open(found, found.name if found.is_file() else f"{found.name}/")

    async def open_upload(self, name: str, stream: AsyncIterator[bytes]) -> dict[str, Any]:
        """Show a log that is being sent; it is kept as long as it is shown.

        Raises:
            Refusal: it is no log, too large, takes too long, or others are coming already.
        """
        if self._coming >= MOST_UPLOADS:
            raise Refusal("other logs are being sent; try again when they are shown", 429)
        self._coming += 1
        try:
            return await self._taken_in(name, stream)
        finally:
            self._coming -= 1

    async def _taken_in(self, name: str, stream: AsyncIterator[bytes]) -> dict[str, Any]:
        name = "".join(c for c in name if c.isprintable())[:100] or "log"
        self._uploads.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=self._uploads)
        kept = Path(part)
        try:
            with os.fdopen(descriptor, "wb") as file:
                async with asyncio.timeout(UPLOAD_S):
                    async for block in stream:
                        await asyncio.to_thread(file.write, block)
            kept = await _cleaned(kept, name)
            async with self._opening:
                opened = await self._open(kept, name)
                self._scratch = kept
                return opened
        except TimeoutError:
            kept.unlink(missing_ok=True)
            raise Refusal(f"{name}: did not come within {UPLOAD_S:.0f} s; send it over a better "
                          "link, or put it into a folder of logs", 408) from None
        except OSError as error:
            kept.unlink(missing_ok=True)
            raise Refusal(f"{name}: cannot be kept ({error.strerror}); free some space") from None
        except BaseException:
            kept.unlink(missing_ok=True)
            raise

    async def _open(self, path: Path, name: str) -> dict[str, Any]:
        try:
            source = await asyncio.to_thread(open_source, path, name)
        except LogError as error:
            raise Refusal(str(error).replace(str(path), name)) from None
        await self._end()
        replay = Replay(uuid.uuid4().hex[:8], name, source, self._fleet)
        self._shown = replay
        for vehicle in replay.vehicles.values():
            self._fleet.adopt(vehicle)
        await replay.seek(0.0)
        replay.playing = True
        replay.tell()
        self._task = asyncio.create_task(self._play(replay), name="replay")
        return {**replay.state(), "note": source.note}

    async def _end(self) -> None:
        """Close what is shown, if anything is."""
        replay, self._shown = self._shown, None
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        if replay is not None:
            for vehicle in replay.vehicles.values():
                self._fleet.release(vehicle.id)
            await asyncio.to_thread(replay.source.close)
        if self._scratch is not None:
            self._scratch.unlink(missing_ok=True)
            self._scratch = None

    # ------------------------------------------------------------------------------ playing

    async def _play(self, replay: Replay) -> None:
        loop = asyncio.get_running_loop()
        last = told = loop.time()
        while True:
            await asyncio.sleep(PERIOD_S)
            now = loop.time()
            passed, last = now - last, now
            if not replay.playing:
                continue
            try:
                await replay.advance(passed * replay.speed)
            except Exception as error:  # whatever a damaged log brings: it stops, and says so
                known = isinstance(error, OSError | LogError)
                _log.warning("the replay of %s stops: %s", replay.name, error,
                             exc_info=not known)
                replay.playing = False
                replay.tell()
            if now - told >= TOLD_S:
                told = now
                replay.tell()

    def _replay(self, identity: str) -> Replay:
        if self._shown is None or self._shown.id != identity:
            raise Refusal("this replay was closed; open the log again", 404)
        return self._shown

    async def steer(self, identity: str, order: dict[str, Any]) -> dict[str, Any]:
        """Play, pause, set the speed, go to a moment: any of them.

        Raises:
            Refusal: it is not shown, or the order asks for what cannot be.
        """
        replay = self._replay(identity)
        speed, position = order.get("speed"), order.get("position_s")
        faults = [f"{name}: give a number from {least:g} to {most:g}" for name, value, least, most
                  in (("speed", speed, LEAST_SPEED, MOST_SPEED),
                      ("position_s", position, -1e9, 1e9))
                  if value is not None and not (math.isfinite(value) and least <= value <= most)]
        if faults:
            raise Refusal("the replay cannot do that", 400, tuple(faults))
        if speed is not None:
            replay.speed = float(speed)
        if position is not None:
            try:
                await replay.seek(float(position))
            except (OSError, LogError) as error:
                raise Refusal(f"{replay.name}: cannot be read ({error})") from None
        if order.get("playing") is not None:
            replay.playing = bool(order["playing"])
            if replay.playing and replay.position_s >= replay.source.duration_s:
                await replay.seek(0.0)
        replay.tell()
        return replay.state()

    async def shut(self, identity: str) -> None:
        """Close a replay. Raises Refusal where it is not shown."""
        self._replay(identity)
        async with self._opening:
            await self._end()


async def _cleaned(kept: Path, name: str) -> Path:
    """A log that was sent as the station reads it: of a flight log, a copy within bounds.

    Raises:
        Refusal: it cannot be read; the file is gone.
    """
    with kept.open("rb") as file:
        if not file.read(6).startswith(FLIGHT_MARKS):
            return kept
    target = kept.with_name(f"{kept.name}.parquet")
    source = str(Path(__file__).parents[3])
    path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "longwatch.station.replay.clean_worker", str(kept), str(target),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": path})
    try:
        async with asyncio.timeout(CLEANING_S):
            said, _ = await process.communicate()
    except BaseException as error:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        target.unlink(missing_ok=True)
        if isinstance(error, TimeoutError):
            raise Refusal(f"{name}: reading it takes more than {CLEANING_S:.0f} s; it is damaged, "
                          "or made to harm") from None
        raise
    finally:
        kept.unlink(missing_ok=True)
    if process.returncode != 0:
        target.unlink(missing_ok=True)
        why = said.decode(errors="replace").strip().partition("\n")[0] or (
            "reading it takes more than it may; it is damaged, or made to harm")
        raise Refusal(f"{name}: {why}")
    return target


def _is_log(path: Path) -> bool:
    if path.is_dir():
        files = [path / name for name in FLIGHT_FILES]
        return (any(file.is_file() for file in files)
                and not any(file.is_symlink() for file in files))
    return path.suffix.lower() == ".tlog" and path.is_file()


def _logs_below(root: Path) -> Iterator[Path]:
    """Telemetry logs and folders of flights; links are not followed."""
    for folder, folders, files in os.walk(root):
        at = Path(folder)
        if len(at.relative_to(root).parts) >= DEEPEST:
            folders.clear()
        folders.sort()
        if at != root and _is_log(at):
            yield at
        for file in sorted(files):
            path = at / file
            if file.lower().endswith(".tlog") and path.is_file() and not path.is_symlink():
                yield path


def _described(path: Path, wire: str) -> dict[str, Any] | None:
    try:
        file = path if path.is_file() else next(
            path / name for name in FLIGHT_FILES if (path / name).is_file())
        stat = file.stat()
    except (OSError, StopIteration):
        return None
    return {"path": wire, "name": path.name, "kind": "tlog" if path.is_file() else "flight",
            "bytes": stat.st_size, "changed_s": stat.st_mtime}
