"""Every route of the station, asked for what there is not: refused in words, never by an error."""

import asyncio
import itertools

import httpx
import pytest

from longwatch.station import serving
from longwatch.station.config import Config
from longwatch.station.missions.judging import Judges
from longwatch.station.refusal import ROLES
from longwatch.station.vehicles import parameter_transfer
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.vehicle import Vehicle
from longwatch.station.web.application import Web
from longwatch.station.web.guard import Hosts
from longwatch.station.web.sessions import cookie_of

ADDRESS = "http://127.0.0.1:8080"
USER = "somebody"
# As a part of a path and as a value of a query. The vehicle "1" is there.
WORDS = ("1", "0", "-1", "9" * 400, "9" * 4999, "1e999", "nan", "\u0663", "%00", "%ff", "..%2F..",
         "x" * 3000, "mission", "%F0%9F%9B%A9", "true", "None", "__class__")
VALUES = (None, True, 0, -1, 1.5, 1e308, 10**17, "", "x", "\0", "x" * 5000, "\u202e", [], [[]],
          {}, [None], {"x": {}}, [1, 2], [[91.0, 181.0]] * 3, ["pilot", 1])
# Whatever any route takes: a body holds one of these, or all of them.
NAMES = ("name", "arguments", "document", "text", "version", "password", "roles", "take", "to",
         "item", "ticked", "value", "points", "path", "speed", "position_s", "playing", "period_s",
         "checklist", "repeats", "left_open", "vehicle", "wind", "fuel_kg", "aircraft", "units",
         "turbulence", "roll", "number", "x", "y", "z", "r")
QUERIES = ("names", "seconds", "points", "south", "west", "north", "east", "limit", "before",
           "vehicle", "since_s", "until_s", "field", "called", "name")


@pytest.fixture
def asking(tmp_path, monkeypatch):
    """``asking(work)`` runs ``work(ask)`` beside a station; ``ask`` gives an answer's status."""
    monkeypatch.setattr(Judges, "start", lambda self: None)

    async def done(*arguments, **options):
        return {}

    # What waits for a judge, or for a vehicle that is not there.
    for kind, names in ((Judges, ("judge",)), (parameter_transfer, ("download",)),
                        (Fleet, ("command", "download", "upload", "set_parameter"))):
        for name in names:
            monkeypatch.setattr(kind, name, done)

    async def run(work):
        async with serving.parts(Config(tmp_path / "station", port=0)) as station:
            vehicle = Vehicle("1", 1, 1, family="px4", replay=False, name="tb2 1")
            station.fleet.adopt(vehicle)
            station.fleet.set_pilot("1", USER)
            token, _ = station.sessions.begin(USER, ROLES)
            web = Web(station, serving.ROUTES, Hosts(station.config, 8080), None, tmp_path,
                      itertools.count().__next__)
            async with httpx.AsyncClient(
                    transport=httpx.ASGITransport(web.application(), raise_app_exceptions=False),
                    base_url=ADDRESS, headers={"Cookie": f"{cookie_of(ADDRESS)}={token}"}
                    ) as client:
                async def ask(method, path, **options):
                    answer = await asyncio.wait_for(client.request(method, path, **options), 20.0)
                    told = answer.json() if "json" in answer.headers.get("content-type", "") else 0
                    return answer.status_code, (
                        told.get("faults", ()) if isinstance(told, dict) else ())

                return await work(ask)

    return lambda work: asyncio.run(run(work))


def paths(route):
    """The path with each word in the place of each part that is open."""
    open_parts = route.path.count("{")
    for word in WORDS if open_parts else ("",):
        path = route.path
        for part in range(open_parts):
            start, end = path.index("{"), path.index("}") + 1
            path = path[:start] + (word if part == open_parts - 1 else "1") + path[end:]
        yield path
        if open_parts > 1:
            yield path.replace("/1/", f"/{word}/", 1)


ROUTES = [route for route in serving.ROUTES if not route.path.startswith("/api/simulation")]
FITTING = {"a text": "x", "true or false": True, "a whole number": 1, "a number": 1.5,
           "an object": {}, "a list": []}


async def bodies(ask, route, path):
    """Bodies of the form that the route says it wants, each with one value that does not fit."""
    _, told = await ask(route.method, path, json={})
    needed = [fault.partition(":")[0] for fault in told if fault.endswith(": is missing")]
    _, told = await ask(route.method, path, json=dict.fromkeys(needed))
    wanted = dict(fault.split(": give ", 1) for fault in told if ": give " in fault)
    fitting = {name: FITTING.get(wanted.get(name), {}) for name in needed}
    for value in VALUES:
        yield dict.fromkeys(NAMES, value)
        for name in needed:
            yield {**fitting, name: value}
    for name, value in itertools.product(NAMES, ("x", 1.5, [], {}, True, [1])):
        if name not in needed:
            yield {**fitting, name: value}


async def requests(ask, route):
    """What a route is asked: path, and a body where it takes one."""
    for path in paths(route):
        yield path, {}
    path = next(paths(route))
    if route.method == "GET":
        for name, word in itertools.product(QUERIES, ("-1", "9" * 400, "nan", "%00", "%ff", "x,x")):
            yield f"{path}?{name}={word}", {}
    elif not route.file and route.method != "DELETE":
        async for body in bodies(ask, route, path):
            yield path, {"json": body}


def test_no_request_is_answered_by_an_error(asking):
    async def work(ask):
        bad = []
        for route in ROUTES:
            async for path, options in requests(ask, route):
                try:
                    status, _ = await ask(route.method, path, **options)
                except TimeoutError:
                    status = 599
                if status >= 500:
                    bad.append((route.method, path[:80], str(options)[:160], status))
        return bad

    assert asking(work) == []
