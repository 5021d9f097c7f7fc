"""The tile server is believed no further than need be, and missed no more than need be."""

import asyncio
import os

import httpx
import numpy as np
import pytest

from longwatch.errors import SetupError
from longwatch.station.chart.disk_cache import DiskCache
from longwatch.station.chart.png import write_png
from longwatch.station.chart.tile_cache import (
    LARGEST_SIDE,
    TileCache,
    check_template,
    freshness,
    kind_of,
)

PNG = write_png(np.zeros((2, 2, 4), np.uint8))
TEMPLATE = "http://tiles.example/{z}/{x}/{y}.png"


class Server:
    """A tile server that answers as it is told, and counts."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def transport(self):
        def handle(request):
            self.asked.append(str(request.url))
            return self.answer(request)

        return httpx.MockTransport(handle)


def png(request, **headers):
    return httpx.Response(200, content=PNG, headers={"content-type": "image/png", **headers})


def asked(folder, server, tiles, wall=lambda: 1000.0, clock=lambda: 0.0):
    async def run():
        cache = TileCache(TEMPLATE, DiskCache(folder, 10_000_000, wall), server.transport(), clock)
        try:
            return [await cache.tile(*tile) for tile in tiles]
        finally:
            await cache.close()

    return asyncio.run(run())


def test_a_tile_is_asked_for_once_and_again_after_its_age(tmp_path):
    server = Server(lambda request: png(request, **{"cache-control": "max-age=7200"}))
    first, again = asked(tmp_path, server, [(3, 2, 1), (3, 2, 1)])
    assert first.body == again.body == PNG
    assert (first.kind, server.asked) == ("image/png", ["http://tiles.example/3/2/1.png"])
    asked(tmp_path, server, [(3, 2, 1)], wall=lambda: 1000.0 + 7100.0)
    assert len(server.asked) == 1
    asked(tmp_path, server, [(3, 2, 1)], wall=lambda: 1000.0 + 7300.0)
    assert len(server.asked) == 2


def away(request):
    raise httpx.ConnectError("away", request=request)


@pytest.mark.parametrize("gone", [away, lambda r: httpx.Response(503),
                                  lambda r: httpx.Response(429)])
def test_an_old_tile_is_shown_while_the_server_is_away_which_is_not_asked_at_once(tmp_path, gone):
    asked(tmp_path, Server(png), [(3, 2, 1)])
    server = Server(gone)
    found = asked(tmp_path, server, [(3, 2, 1), (3, 2, 1), (4, 0, 0)], wall=lambda: 1e9)
    assert [tile and tile.body for tile in found] == [PNG, PNG, None]
    assert len(server.asked) == 1


@pytest.mark.parametrize("answer", [
    lambda r: httpx.Response(302, headers={"location": "http://elsewhere.example/x.png"}),
    lambda r: httpx.Response(302, headers={"location": "file:///etc/passwd"}),
    lambda r: httpx.Response(302, headers={"location": str(r.url)}),
    lambda r: httpx.Response(200, content=b"<html>", headers={"content-type": "text/html"}),
    lambda r: httpx.Response(200, content=b"<html>", headers={"content-type": "image/png"}),
    lambda r: httpx.Response(200, content=PNG, headers={"content-type": "text/html"}),
    lambda r: httpx.Response(200, content=PNG + bytes(3_000_000),
                             headers={"content-type": "image/png"}),
    lambda r: httpx.Response(404, content=PNG, headers={"content-type": "image/png"}),
])
def test_what_is_no_tile_of_that_host_is_not_shown(tmp_path, answer):
    server = Server(answer)
    assert asked(tmp_path, server, [(3, 2, 1)]) == [None]
    assert all("tiles.example" in address for address in server.asked)


def test_a_redirect_within_the_host_is_followed(tmp_path):
    def answer(request):
        if request.url.path == "/new.png":
            return png(request)
        return httpx.Response(301, headers={"location": "/new.png"})

    found, = asked(tmp_path, Server(answer), [(3, 2, 1)])
    assert found.body == PNG


def test_many_who_want_a_tile_ask_for_it_once(tmp_path):
    server = Server(png)

    async def run():
        cache = TileCache(TEMPLATE, DiskCache(tmp_path, 10_000_000), server.transport())
        found = await asyncio.gather(*[cache.tile(5, 1, 1) for _ in range(20)])
        await cache.close()
        return found

    assert {tile.body for tile in asyncio.run(run())} == {PNG}
    assert len(server.asked) == 1


def test_tiles_outside_the_world_are_never_asked_for(tmp_path):
    server = Server(png)
    assert asked(tmp_path, server, [(3, 8, 0), (-1, 0, 0), (25, 0, 0)]) == [None] * 3
    assert server.asked == []


def test_what_was_used_longest_ago_goes_first_also_after_a_restart(tmp_path):
    cache = DiskCache(tmp_path, 20_000)
    for i in range(35):
        cache.put(f"k{i}", bytes(400), "image/png", 60.0)
        for path in tmp_path.glob("*/*.kept"):  # files age, the newest least
            os.utime(path, (path.stat().st_atime - 10, path.stat().st_mtime - 10))
    assert cache.get("k0") is not None
    again = DiskCache(tmp_path, 20_000)
    for i in range(35, 50):
        again.put(f"k{i}", bytes(400), "image/png", 60.0)
    assert again.octets <= 20_000
    assert sum(path.stat().st_size for path in tmp_path.glob("*/*.kept")) == again.octets
    assert again.get("k0") is not None  # used last before the restart
    assert again.get("k1") is None
    assert again.get("k49").body == bytes(400)


def test_a_file_that_was_cut_short_is_not_shown_and_goes(tmp_path):
    cache = DiskCache(tmp_path, 100_000)
    cache.put("k", b"x" * 1000, "image/png", 60.0)
    path, = tmp_path.glob("*/*.kept")
    path.write_bytes(path.read_bytes()[:-10])
    assert cache.get("k") is None
    assert not path.exists()
    assert cache.octets == 0


def test_ages_are_kept_within_bounds():
    assert freshness("public, max-age=86400") == 86_400.0
    assert freshness("no-store, max-age=0") == 3600.0
    assert freshness("max-age=999999999999") == 90 * 86_400.0
    assert freshness("s-maxage=10") == 7 * 86_400.0


@pytest.mark.parametrize("template", ["", "tiles", "ftp://h/{z}/{x}/{y}", "http://h/{z}/{x}",
                                      "http://h/{z}/{x}/{y}/{s}", "http:///{z}/{x}/{y}", "{"])
def test_what_is_no_tile_server_is_refused(template):
    with pytest.raises(SetupError, match="tile server"):
        check_template(template)


NOISE = write_png(np.random.default_rng(1).integers(0, 255, (256, 256, 4), np.uint8))


def jpeg_of(side):
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (side, side)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(("body", "kind"), [
    (PNG, "image/png"), (jpeg_of(256), "image/jpeg"), (b"", ""), (b"<html>sign in</html>", ""),
    (PNG[:8] + b"and no more", ""), (NOISE[:len(NOISE) // 2], ""), (NOISE, "image/png"),
    (jpeg_of(256)[:100], ""),
    (jpeg_of(LARGEST_SIDE + 1), ""), (b"RIFF\0\0\0\0WEBP", ""), (b"GIF89a\1\0\1\0", "")])
def test_a_tile_is_a_picture_to_its_end_and_of_a_tiles_size(body, kind):
    assert kind_of(body) == kind
