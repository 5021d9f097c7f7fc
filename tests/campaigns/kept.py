"""What was acknowledged outlives the aircraft's process, whenever that is killed.

    PYTHONPATH=src:tests python -m campaigns.kept --runs 2000 --seed 1 --jobs 1

A client in memory sets parameters and uploads rally points, fences and missions in an order drawn
at random; each acknowledgement is passed on by a pipe, and some moments later the process is killed
where it stands. The state folder, read as the next start reads it, must hold what was acknowledged
last of each, or what was sent after it.
"""

import json
import os
import random
import select
import signal
import struct
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink
from longwatch.services.beside import Workers
from longwatch.services.parameters import Parameters
from longwatch.services.plan_store import PlanStore

NAMES = ("LIM_BANK_MAX", "LIM_CLIMB_ANGLE", "GUST_ADD")
REAL32 = mavlink.MAV_PARAM_TYPE_REAL32
# What is acknowledged: which of the things kept (a name's index, or 10 and a plan's type), and its
# number.
ACK = struct.Struct("<BI")
PLANS = {0: (16, 411400000), 1: (5003, 411300000), 2: (5100, 411300000)}
LONGEST = 0.4


def _number_of(items: Any) -> int:
    """The number that a kept list carries: in the longitude of its first item."""
    return round(items[0].y) - 279_000_000 if items else -1


class _Client:
    """Sends one thing after the other and passes on what is acknowledged."""

    def __init__(self, folder: Path, pipe: int, rng: random.Random) -> None:
        self.server = Server(wall=time.monotonic, state=folder, begin=False)
        # Planning needs no process of its own here; what is kept takes the way of a real run.
        workers = Workers()
        workers.reckon = _at_once  # type: ignore[method-assign]
        self.server.beside = workers
        self.server.begin()
        self.server.router.cost = lambda: 0.0
        self.client = self.server.client()
        self.pipe, self.rng = pipe, rng
        items = self.server.components.ears[0].component.find(Parameters).list
        self.ranges = {}
        for name in NAMES:
            index = items.index(name)
            if index is not None and items.items[index].parameter is not None:
                self.ranges[name] = items.value(index)

    def go_on(self) -> None:
        """Until killed."""
        number = 0
        while True:
            number += 1
            kind = self.rng.choice((*range(len(NAMES)), 10, 11, 12))
            if kind < 10:
                self._set(kind, number)
            else:
                self._upload(kind - 10, number)

    def _wait(self, name: str, fits: Any) -> Any:
        while True:
            self.server.poll()
            for message in self.client.take(name):
                if fits(message):
                    return message

    def _set(self, kind: int, number: int) -> None:
        name = NAMES[kind]
        if name not in self.ranges:
            return
        value = float(np.float32(self.ranges[name] * (1.0 - 1e-4 * number)))
        self.client.send(mavlink.MAVLink_param_set_message(1, 1, name.encode(), value, REAL32))
        told = self._wait("PARAM_VALUE", lambda m: m.param_id == name)
        if abs(told.param_value - value) < 1e-6 * abs(value):
            os.write(self.pipe, ACK.pack(kind, number))

    def _upload(self, kind: int, number: int) -> None:
        command, latitude = PLANS[kind]
        self.client.send(mavlink.MAVLink_mission_count_message(1, 1, 1, kind))
        self.client.send(mavlink.MAVLink_mission_item_int_message(
            1, 1, 0, 0, command, 0, 1, 500.0 if kind == 1 else 0.0, 0, 0, 0, latitude,
            279_000_000 + number, 900.0, kind))
        ack = self._wait("MISSION_ACK", lambda m: m.mission_type == kind)
        if ack.type == mavlink.MAV_MISSION_ACCEPTED:
            os.write(self.pipe, ACK.pack(10 + kind, number))


def _at_once(lane: str, function: Any, *arguments: Any) -> Any:
    from longwatch.services.beside import AtOnce

    return AtOnce().reckon(lane, function, *arguments)


def kept(rng: np.random.Generator) -> Verdict:
    """One process, killed at a random moment after its first acknowledgement."""
    _warm()
    seed, lasts = int(rng.integers(2**31)), float(rng.uniform(0.0, LONGEST))
    with tempfile.TemporaryDirectory() as folder:
        told, base = _killed(Path(folder), seed, lasts, bool(rng.integers(2)))
        last = dict(told)
        there = _read(Path(folder) / "aircraft-1", base)
        lost = [f"{key}: acknowledged {number}, kept {there.get(key, -1)}"
                for key, number in last.items() if there.get(key, -1) < number]
    case = f"killed {lasts:.3f} s after the first of {len(told)} acknowledgements"
    return Verdict("lost" if lost else "kept" if told else "nothing acknowledged",
                   "; ".join(lost), case)


def _killed(folder: Path, seed: int, lasts: float, on_the_mark: bool
            ) -> tuple[list[tuple[int, int]], dict[str, float]]:
    """What was acknowledged before the kill, and the values that parameters had at first.

    ``on_the_mark``: killed the moment that an acknowledgement arrives.
    """
    ours, theirs = os.pipe()
    base_ours, base_theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            client = _Client(folder, theirs, random.Random(seed))
            os.write(base_theirs, json.dumps(client.ranges).encode())
            os.close(base_theirs)
            client.go_on()
        finally:
            os._exit(1)
    os.close(theirs)
    os.close(base_theirs)
    base = json.loads(os.read(base_ours, 65536) or b"{}")
    os.close(base_ours)
    told: list[tuple[int, int]] = []
    until = None
    while until is None or time.monotonic() < until or on_the_mark:
        left = 60.0 if until is None or on_the_mark else max(until - time.monotonic(), 0.0)
        if not select.select([ours], [], [], left)[0]:
            break
        data = os.read(ours, ACK.size)
        if not data:
            break
        told.append(ACK.unpack(data))
        until = until or time.monotonic() + lasts
        if on_the_mark and time.monotonic() >= until:
            break
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while len(data := os.read(ours, ACK.size)) == ACK.size:
        told.append(ACK.unpack(data))
    os.close(ours)
    return told, base


@cache
def _warm() -> None:
    """Machine code is loaded once, before processes are made of this one."""
    with Server() as server:
        server.step(0.1)


def _read(folder: Path, base: dict[str, float]) -> dict[int, int]:
    """The numbers of what is kept, as the next start reads it; raises where it is damaged."""
    found = {10 + kind: _number_of(PlanStore(folder)[kind]) for kind in PLANS}
    path = folder / "parameters.json"
    values = json.loads(path.read_text())["values"] if path.exists() else {}
    for kind, name in enumerate(NAMES):
        if name in values:
            found[kind] = round((1.0 - values[name] / base[name]) * 1e4)
    return found


if __name__ == "__main__":
    sys.exit(run(kept))
