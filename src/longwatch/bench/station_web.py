"""The station's requests that a measurement makes as somebody who has signed in."""

import json
import secrets
import time
import urllib.request
from http.cookiejar import CookieJar
from typing import Any


def ask(address: str, cookie: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the station answers; ``body`` makes it a POST."""
    request = urllib.request.Request(
        address + path, headers={"Cookie": cookie, "Origin": address,
                                 "Content-Type": "application/json"},
        data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30.0) as answer:
        return json.loads(answer.read())


def vehicles(address: str, cookie: str, count: int, patience: float = 60.0) -> list[str]:
    """Ids of the vehicles, once there are ``count``."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        ids = [str(number) for number in range(1, count + 1)]
        try:
            for vehicle in ids:
                ask(address, cookie, f"/api/vehicles/{vehicle}/trail")
            return ids
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"no {count} vehicles within {patience:g} s")


def request_rate(address: str, cookie: str, hz: float, count: int = 6) -> None:
    """Have every vehicle report attitude and place ``hz`` times a second."""
    for vehicle in vehicles(address, cookie, count):
        ask(address, cookie, f"/api/vehicles/{vehicle}/control", {"take": True})
        ask(address, cookie, f"/api/vehicles/{vehicle}/command",
            {"name": "message_rate", "arguments": {"hz": hz}})


def observers(address: str, cookie: str, count: int) -> list[str]:
    """The cookies of ``count`` users who look on; ``cookie`` is a commander's."""
    return [_observer(address, cookie, f"watcher-{number}") for number in range(1, count + 1)]


def _observer(address: str, cookie: str, name: str) -> str:
    password = secrets.token_urlsafe(16)
    ask(address, cookie, "/api/users", {"name": name, "password": password, "roles": ["observer"]})
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(urllib.request.Request(
        address + "/api/signin", headers={"Origin": address, "Content-Type": "application/json"},
        data=json.dumps({"name": name, "password": password}).encode()), timeout=30.0).close()
    return cookies(jar)


def cookies(jar: CookieJar) -> str:
    """What a client that keeps this jar sends as its Cookie header."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
