"""``longwatch bench mavlink``: how quick, how cheap and how punctual the live aircraft are.

Every run is a ``longwatch serve`` in a process of its own; its clients, on TCP, share the machine
with it and are not counted.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from longwatch.bench import downloads, lossy, setting
from longwatch.bench.figures import Figure
from longwatch.bench.served import Client, Served, is_ready, listen, take_off, wait_for
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame
from longwatch.services.telemetry import DEFAULT_RATES

ATTITUDE = mavlink.MAVLINK_MSG_ID_ATTITUDE
POSITION = mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT
PER_CLIENT = 100.0
LATE_RATE = 10.0
LATE_ASKED = 0.050


def measure(folder: Path, quick: bool, tell: Callable[[str], object]) -> list[Figure]:
    """All figures of the table; ``tell`` is told what is being measured."""
    steps: Sequence[tuple[str, Callable[[Path, bool], list[Figure]]]] = (
        ("first heartbeat and health", starting),
        ("six aircraft, three clients", six_aircraft),
        ("one aircraft as fast as it goes", fastest),
        ("20 aircraft at speed 1", punctual),
        ("uploads over a lossy link", lossy.uploads),
        ("downloads over a lossy link", downloads.downloads),
    )
    figures: list[Figure] = []
    for number, (what, work) in enumerate(steps):
        tell(f"Measuring: {what} ...")
        place = folder / str(number)
        place.mkdir()
        figures += work(place, quick)
    return figures


def starting(folder: Path, quick: bool) -> list[Figure]:
    """From the command to the first heartbeat, and to health."""
    first, healthy = [], []
    for number in range(2 if quick else 4):
        place = folder / str(number)
        place.mkdir()
        with Served(place) as served:
            client = served.client()
            began = wait_for(client, "HEARTBEAT") - served.began
            ready = wait_for(client, "SYS_STATUS", is_ready) - served.began
        if number:  # the first one fills the caches
            first.append(began)
            healthy.append(ready)
    how = "from starting `longwatch serve`, machine code in its cache, to {} at a TCP client; the "\
          "slowest of " + str(len(first))
    return [
        Figure("first_heartbeat", "command to first heartbeat, warm", max(first), "s",
               how.format("the first HEARTBEAT"), "at most 2", max(first) <= 2.0),
        Figure("healthy", "command to pre-arm healthy at speed 1", max(healthy), "s",
               how.format("the first SYS_STATUS whose pre-arm check is enabled and healthy"),
               "at most 10", max(healthy) <= 10.0)]


def six_aircraft(folder: Path, quick: bool) -> list[Figure]:
    """Six aircraft in flight, three clients with 100 messages a second of each."""
    mission = setting.write_mission(folder, 5 * setting.HOUR)
    seconds = 10.0 if quick else 30.0
    with Served(folder, "--count", "6", "--mission", str(mission)) as served:
        clients = [served.client(number) for number in range(3)]
        take_off(served, clients[0], 6)
        served.ask("/speed", {"speed": 1})
        for client in clients:
            for system in range(1, 7):
                ask_for(client, system, PER_CLIENT)
        listen(clients, 5.0)
        counted: dict[int, int] = defaultdict(int)
        processor, began = served.processor(), time.perf_counter()
        pace = served.ask("/state")["time_s"]
        octets = [0]

        def heard(frame: Frame, now: float) -> None:
            if frame.system <= 6:  # not what other clients said
                counted[frame.system] += 1
            octets[0] += len(frame.raw)

        listen(clients, seconds, heard)
        wall = time.perf_counter() - began
        share = (served.processor() - processor) / wall
        kept = (served.ask("/state")["time_s"] - pace) / wall
    each = min(counted.values()) / wall / 3
    frames = sum(counted.values()) / wall
    cost, plain = 1e6 * share / frames, pack_cost()
    more = {"messages_per_aircraft_and_client_hz": each, "messages_hz": frames,
            "octets_hz": octets[0] / wall, "simulated_per_wall_s": kept,
            "us_per_message": cost, "pymavlink_pack_us": plain, "over_pymavlink_pack": cost / plain}
    return [Figure(
        "six_aircraft", "six aircraft at speed 1, 100 messages a second each to three clients",
        100.0 * share, "% of one core",
        f"processor time of the run over {wall:.0f} s of wall time, all in flight; the clients "
        f"took {each:.0f} messages a second of each aircraft, {frames:.0f} in all, {cost:.0f} us "
        f"each with flight, log and tlog: {cost / plain:.1f} times what pymavlink takes to make "
        "and pack the same two messages, measured beside it",
        "under 30", share < 0.30 and each >= 0.98 * PER_CLIENT and kept > 0.99, more)]


def ask_for(client: Client, system: int, rate: float) -> None:
    """Bring what a client gets of an aircraft to ``rate`` messages a second, by two of them."""
    standing = sum(DEFAULT_RATES.values()) - DEFAULT_RATES[ATTITUDE] - DEFAULT_RATES[POSITION]
    for message in (ATTITUDE, POSITION):
        interval = 1e6 / (0.5 * (rate - standing))
        client.command(system, mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, message, interval)


def pack_cost() -> float:
    """Microseconds in which pymavlink makes and packs one of the messages asked for."""
    sender = mavlink.MAVLink(None, srcSystem=1, srcComponent=1)
    taken = []
    for _ in range(7):
        began = time.perf_counter()
        for number in range(2000):
            mavlink.MAVLink_attitude_message(number, 0.1, 0.2, 0.3, 0.0, 0.0, 0.0).pack(sender)
            mavlink.MAVLink_global_position_int_message(
                number, 411000000, 279000000, 300000, 1000, 1, 2, 3, 4).pack(sender)
        taken.append((time.perf_counter() - began) / 4000)
    return 1e6 * median(taken)


def fastest(folder: Path, quick: bool) -> list[Figure]:
    """One aircraft in flight with a client, as fast as it goes."""
    mission = setting.write_mission(folder, 20 * setting.HOUR)
    seconds = 3.0 if quick else 6.0
    with Served(folder, "--mission", str(mission)) as served:
        client = served.client()
        take_off(served, client, 1)
        heard: dict[str, int] = defaultdict(int)
        before, began = served.ask("/state"), time.perf_counter()
        listen([client], seconds, lambda frame, now: heard.__setitem__(
            frame.name, heard[frame.name] + 1))
        after, wall = served.ask("/state"), time.perf_counter() - began
    rate = (after["time_s"] - before["time_s"]) / wall
    flying = bool(after["aircraft"][0]["airborne"] and after["aircraft"][0]["client"])
    more = {"messages_hz": sum(heard.values()) / wall, "heartbeats_hz": heard["HEARTBEAT"] / wall,
            "in_flight_with_client": flying}
    return [Figure(
        "fastest", "one aircraft, a client attached, as fast as it goes", rate, "x real time",
        f"simulated over wall time during {wall:.1f} s on station, log at 10 Hz and tlog written; "
        f"the client took {more['messages_hz']:.0f} messages a wall second meanwhile",
        "at least 1000", rate >= 1000.0 and flying, more)]


def punctual(folder: Path, quick: bool) -> list[Figure]:
    """20 aircraft in flight at speed 1: real time, and how late their messages come."""
    mission = setting.write_mission(folder, 5 * setting.HOUR)
    seconds = 10.0 if quick else 30.0
    arrivals: dict[int, list[tuple[float, float]]] = defaultdict(list)
    with Served(folder, "--count", "20", "--mission", str(mission)) as served:
        client = served.client()
        take_off(served, client, 20)
        served.ask("/speed", {"speed": 1})
        listen([client], 5.0)

        def heard(frame: Frame, now: float) -> None:
            if frame.number == ATTITUDE:
                arrivals[frame.system].append((now, frame.message.time_boot_ms / 1e3))

        before, began = served.ask("/state"), time.perf_counter()
        processor = served.processor()
        listen([client], seconds, heard)
        after, wall = served.ask("/state"), time.perf_counter() - began
        processor = (served.processor() - processor) / wall
    kept = (after["time_s"] - before["time_s"]) / wall
    late = sorted(lateness(arrivals))
    high = late[int(0.99 * (len(late) - 1))]
    more = {"simulated_per_wall_s": kept, "behind_s": after["behind_s"] - before["behind_s"],
            "messages": len(late), "median_ms": 1e3 * median(late), "worst_ms": 1e3 * late[-1],
            "cores": processor}
    enough = len(late) > 0.95 * 20 * LATE_RATE * seconds
    return [
        Figure("twenty_pace", "20 aircraft at speed 1: simulated time over wall time", kept, "",
               f"over {wall:.0f} s, all in flight, one client; the run took {processor:.2f} cores",
               "holds real time", abs(kept - 1.0) < 0.01, more),
        Figure("twenty_late", "lateness of their messages, 99th percentile", 1e3 * high, "ms",
               f"{len(late)} ATTITUDE of {LATE_RATE:g} Hz: arrival at the client after the instant "
               "at which the interval since the one before had passed, both clocks joined where "
               "a message came soonest", "at most 50", high <= LATE_ASKED and enough)]


def lateness(arrivals: dict[int, list[tuple[float, float]]]) -> list[float]:
    """Seconds by which each message came after it fell due, by (arrival, its own stamp)."""
    # The clocks are joined by the message that took least from its stamp to its arrival.
    offset = min(arrival - stamp for pairs in arrivals.values() for arrival, stamp in pairs)
    return [max(arrival - (before[1] + 1.0 / LATE_RATE + offset), 0.0)
            for pairs in arrivals.values()
            for before, (arrival, _) in pairwise(pairs)]


def about() -> dict[str, Any]:
    """What the figures rest on beside the machine."""
    from importlib.metadata import version

    return {"pymavlink": version("pymavlink")}
