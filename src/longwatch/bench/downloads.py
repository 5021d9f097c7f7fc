"""Missions down over a link that loses a tenth of its frames, with the patience of real stations.

Their patience is theirs: a share of such downloads ends in an error message. What must not be is
a plan that is wrong.
"""

import importlib.util
import math
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from longwatch.bench.figures import Figure
from longwatch.bench.lossy import ITEMS, LOSS, mission
from longwatch.bench.served import Served, wait_for
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.loopback import Station

# QGroundControl's patience, by its public sources: for the count, an item, and how often [s].
COUNT_WAIT, ITEM_WAIT, RETRIES = 1.5, 0.25, 5
TURN = 0.02
CORRECT, FAILED, WRONG = "correct", "cleanly failed", "wrong"


def downloads(folder: Path, quick: bool) -> list[Figure]:
    """By the script with QGroundControl's patience, and by MAVSDK."""
    figures = [_figure("download_script", "QGroundControl's patience, scripted", scripted(quick),
                       "in memory, by the wall clock of the run")]
    if importlib.util.find_spec("mavsdk") is not None:
        figures.append(_figure("download_mavsdk", "MAVSDK", by_mavsdk(folder, quick),
                               "on TCP, the loss in the data link under it"))
    return figures


def _figure(key: str, who: str, taken: list[tuple[str, float]], where: str) -> Figure:
    outcomes = [outcome for outcome, _ in taken]
    times = [seconds for outcome, seconds in taken if outcome == CORRECT]
    share = outcomes.count(CORRECT) / len(outcomes)
    more = {"share_correct": share, "median_s": median(times) if times else None,
            "worst_s": max(times) if times else None, "outcomes": outcomes}
    told = f"in {median(times):.1f} s (median)" if times else ""
    return Figure(key, f"download of 700 items at 10 % loss by {who}: correct", 100.0 * share,
                  f"% {told}", f"{len(taken)} downloads {where}; the others end in the client's "
                  "own error", "correct or cleanly failed", WRONG not in outcomes, more)


# ------------------------------------------------------------------------------- the script


class _Lossy:
    """A station in memory behind a link that loses frames both ways."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server, self.random, self.loss = server, Random(seed), 0.0
        self.station: Station = server.client(250, 190)

    def send(self, message: Any) -> None:
        if self.random.random() >= self.loss:
            self.station.send(message)

    def wait(self, names: tuple[str, ...], seconds: float, holds: Any = lambda m: True) -> Any:
        """The first message of these types that holds, None after so long."""
        end = self.server.time + seconds
        while True:
            for message in self.station.take():
                if self.random.random() >= self.loss and message.get_type() in names and (
                        holds(message)):
                    return message
            if self.server.time >= end:
                return None
            self.server.step(TURN)


def scripted(quick: bool) -> list[tuple[str, float]]:
    """Downloads with QGroundControl's time-outs and retries: outcome and seconds of each."""
    items = mission(ITEMS)
    with Server() as server:
        client = _Lossy(server, 1)
        client.send(mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
        client.send(mavlink.MAVLink_mission_count_message(1, 1, len(items), 0))
        while True:
            asked = client.wait(("MISSION_REQUEST_INT", "MISSION_REQUEST", "MISSION_ACK"), 5.0)
            if asked is None or asked.get_type() == "MISSION_ACK":
                break
            client.send(items[asked.seq])
        client.loss = LOSS
        return [_download(client, items) for _ in range(2 if quick else 8)]


def _download(client: _Lossy, items: list[Any]) -> tuple[str, float]:
    began = client.server.time
    found = []
    count = _patiently(client, mavlink.MAVLink_mission_request_list_message(1, 1, 0),
                       "MISSION_COUNT", COUNT_WAIT, lambda m: True)
    if count is None:
        return FAILED, client.server.time - began
    for number in range(count.count):
        item = _patiently(client, mavlink.MAVLink_mission_request_int_message(1, 1, number, 0),
                          "MISSION_ITEM_INT", ITEM_WAIT, lambda m, n=number: m.seq == n)
        if item is None:
            return FAILED, client.server.time - began
        found.append((item.command, item.x, item.y, item.z))
    client.send(mavlink.MAVLink_mission_ack_message(1, 1, 0, 0))
    right = found == [(item.command, item.x, item.y, item.z) for item in items]
    return CORRECT if right else WRONG, client.server.time - began


def _patiently(client: _Lossy, request: Any, name: str, seconds: float, holds: Any) -> Any:
    for _ in range(RETRIES + 1):
        client.send(request)
        answer = client.wait((name,), seconds, holds)
        if answer is not None:
            return answer
    return None


# ----------------------------------------------------------------------------------- MAVSDK


def by_mavsdk(folder: Path, quick: bool) -> list[tuple[str, float]]:
    """Downloads by MAVSDK's mission_raw: outcome and seconds of each."""
    from mavsdk.component_type import ComponentType
    from mavsdk.mavsdk import Configuration, Mavsdk
    from mavsdk.plugins.mission_raw.mission_raw import MissionItem, MissionRaw

    items = [MissionItem(i.seq, i.frame, i.command, int(i.seq == 0), 1, 0.0, 0.0, 0.0, math.nan,
                         i.x, i.y, i.z, 0) for i in mission(ITEMS)]
    with Served(folder) as served, Mavsdk(Configuration.create_with_component_type(
            ComponentType.GROUND_STATION)) as mavsdk:
        listener = served.client()
        wait_for(listener, "HEARTBEAT")
        listener.close()
        mavsdk.add_any_connection(f"tcpout://127.0.0.1:{served.port}")
        raw = MissionRaw(mavsdk.first_autopilot(20.0))
        raw.upload_mission(items)
        for link in served.ask("/links")["links"]:
            served.ask(f"/links/{link['number']}", {"loss": LOSS})
        taken = []
        for _ in range(1 if quick else 2):
            began = time.perf_counter()
            try:
                back = raw.download_mission()
            except Exception:
                taken.append((FAILED, time.perf_counter() - began))
                continue
            right = [(i.command, i.x, i.y, i.z) for i in back] == [
                (i.command, i.x, i.y, i.z) for i in items]
            taken.append((CORRECT if right else WRONG, time.perf_counter() - began))
        return taken
