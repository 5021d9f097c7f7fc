"""The tile server that was set, asked by the station alone and kept on disk.

The browser knows this station only. What the server says is believed no further than this: an
image of a known kind, of bounded size, in bounded time, from the host that was set; a redirect to
another host is not followed. Where the server cannot be reached, what is kept is shown, however
old it is.
"""

import asyncio
import contextlib
import logging
import re
import time
import warnings
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import httpx

from longwatch.errors import SetupError
from longwatch.station.chart.disk_cache import DiskCache, Kept

LIMIT = 512_000_000
"""Bytes on disk."""
LARGEST_TILE = 2_000_000
DEEPEST = 20
TIMEOUT_S = 10.0
MOST_REDIRECTS = 3
MOST_AT_ONCE = 6
# Fresh for so long where the server does not say; no shorter and no longer than these [s].
FRESH_S, LEAST_FRESH_S, MOST_FRESH_S = 7 * 86_400.0, 3_600.0, 90 * 86_400.0
# A server that failed is left alone for so long.
PAUSE_S = 20.0
# Kinds of images, by the driver that reads them.
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
# A tile is at most so wide and high [pixels]: what a few bytes unpack to may be anything.
LARGEST_SIDE = 2048
AGENT = "Longwatch station"

_log = logging.getLogger(__name__)


class TileCache:
    """Tiles of one server.

    Args:
        template: its address with ``{z}``, ``{x}`` and ``{y}``.
        cache: where they are kept.
        transport: of httpx, for tests.
        clock: monotonic [s].

    Raises:
        SetupError: the template is none.
    """

    def __init__(self, template: str, cache: DiskCache,
                 transport: httpx.AsyncBaseTransport | None = None,
                 clock: Callable[[], float] = time.monotonic) -> None:
        check_template(template)
        self.template, self._cache, self._clock = template, cache, clock
        self._client = httpx.AsyncClient(
            transport=transport, timeout=TIMEOUT_S, follow_redirects=False,
            headers={"User-Agent": AGENT, "Accept": "image/png,image/jpeg,image/webp"})
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._asked: dict[str, asyncio.Task[Kept | None]] = {}
        self._paused_until = -1.0

    async def close(self) -> None:
        """End what is under way."""
        for task in list(self._asked.values()):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._client.aclose()

    async def tile(self, zoom: int, x: int, y: int) -> Kept | None:
        """A tile, from the disk where it is fresh there; None where none is to be had."""
        if not 0 <= zoom <= DEEPEST or not 0 <= x < 2**zoom or not 0 <= y < 2**zoom:
            return None
        address = self.template.format(z=zoom, x=x, y=y)
        kept = await asyncio.to_thread(self._cache.get, address)
        if kept is not None and kept.fresh_until_s > self._cache.wall():
            return kept
        if address not in self._asked:
            task = asyncio.create_task(self._fetched(address))
            self._asked[address] = task
            task.add_done_callback(lambda _: self._asked.pop(address, None))
        fetched = await asyncio.shield(self._asked[address])
        return fetched or kept

    async def _fetched(self, address: str) -> Kept | None:
        if self._clock() < self._paused_until:
            return None
        async with self._free:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    found = await self._asked_for(address)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
                self._paused_until = self._clock() + PAUSE_S
                _log.info("the tile server does not answer: %s", type(error).__name__)
                return None
        if found is None:
            return None
        body, kind, fresh_s = found
        await asyncio.to_thread(self._cache.put, address, body, kind, fresh_s)
        now = self._cache.wall()
        return Kept(body, kind, now, now + fresh_s)

    async def _asked_for(self, address: str) -> tuple[bytes, str, float] | None:
        """Bytes, kind and freshness of what the server has; None where it has no such image."""
        host = urlsplit(address).netloc
        for _ in range(MOST_REDIRECTS + 1):
            async with self._client.stream("GET", address) as response:
                if response.is_redirect:
                    address = urljoin(address, response.headers.get("location", ""))
                    parts = urlsplit(address)
                    if parts.netloc != host or parts.scheme not in ("http", "https"):
                        _log.info("the tile server redirects to another host; not followed")
                        return None
                    continue
                if response.status_code >= 500 or response.status_code == 429:
                    raise httpx.HTTPStatusError("server", request=response.request,
                                                response=response)
                if response.status_code != 200:
                    return None
                return await _image(response)
        return None


async def _image(response: httpx.Response) -> tuple[bytes, str, float] | None:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > LARGEST_TILE:
            return None
        parts.append(part)
    body = b"".join(parts)
    said = response.headers.get("content-type", "").split(";")[0].strip().lower()
    kind = await asyncio.to_thread(kind_of, body)
    if not kind or said not in (kind, "application/octet-stream", ""):
        return None
    return body, kind, freshness(response.headers.get("cache-control", ""))


def kind_of(body: bytes) -> str:
    """The kind of picture that ``body`` is, read to its end; "" where it is none, or too large."""
    from rasterio.errors import NotGeoreferencedWarning, RasterioError
    from rasterio.io import MemoryFile

    if not body:
        return ""
    try:
        with warnings.catch_warnings(), MemoryFile(body) as file:
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with file.open(driver=list(KINDS)) as picture:
                if max(picture.width, picture.height) > LARGEST_SIDE:
                    return ""
                picture.read()
                # GDAL fills up what is missing of a PNG.
                cut = picture.driver == "PNG" and b"IEND" not in body[-64:]
                return "" if cut else KINDS[picture.driver]
    except (RasterioError, OSError, ValueError):
        return ""


def freshness(control: str) -> float:
    """For how long a tile is fresh [s], by the server's Cache-Control, within bounds."""
    age = re.search(r"(?:^|[\s,])max-age=(\d{1,12})", control.lower())
    wanted = float(age[1]) if age else FRESH_S
    return min(max(wanted, LEAST_FRESH_S), MOST_FRESH_S)


def check_template(template: str) -> None:
    """Refuse an address of a tile server that is none."""
    try:
        parts = urlsplit(template.format(z=0, x=0, y=0))
        host = parts.hostname
    except (KeyError, IndexError, ValueError, AttributeError):
        host, parts = None, urlsplit("")
    places = all(f"{{{name}}}" in template for name in "zxy")
    if not host or parts.scheme not in ("http", "https") or not places:
        raise SetupError(f"tiles {template}: is no address of a tile server; give one with {{z}}, "
                         "{x} and {y}, such as http://127.0.0.1:8081/{z}/{x}/{y}.png")
