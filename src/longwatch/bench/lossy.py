"""Transfers over a link that loses a tenth of its frames, each way."""

import math
import struct
import time
from pathlib import Path
from typing import Any

from longwatch.bench.figures import Figure
from longwatch.bench.served import Client, Served, listen, wait_for
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame

LOSS = 0.1
ITEMS = 700
ASKED = 30.0
LONGEST = 120.0
# What a client waits for an answer before it sends again: a link without delay.
RETRY = 0.1


def uploads(folder: Path, quick: bool) -> list[Figure]:
    """All parameters, and 700 mission items, up over a lossy link; then read back over a whole one.
    """
    with Served(folder) as served:
        client, reader = served.client(), served.client(1)
        wait_for(client, "HEARTBEAT")
        known = parameters(reader)
        client.loss = LOSS
        parameters_s, answered = set_parameters(client, known)
        kept = parameters(reader)
        items = mission(50 if quick else ITEMS)
        mission_s, result = upload(client, items)
        aboard = download(reader, len(items))
    right = answered == len(known) and kept == known
    whole = result == mavlink.MAV_MISSION_ACCEPTED and aboard == [_told(item) for item in items]
    how = "10 % of the frames lost each way, independently, on a link without delay at speed 1; "\
          "read back over a whole link and compared; {}"
    return [
        Figure("upload_parameters", f"upload of all {len(known)} parameters at 10 % loss",
               parameters_s, "s", how.format("each set until it is answered"),
               f"complete and correct, under {ASKED:g}", right and parameters_s < ASKED,
               {"answered": answered}),
        Figure("upload_items", f"upload of {len(items)} mission items at 10 % loss", mission_s,
               "s", how.format("the vehicle asks again for an item that does not come"),
               f"complete and correct, under {ASKED:g}", whole and mission_s < ASKED,
               {"result": result})]


# ------------------------------------------------------------------------------ parameters


def parameters(client: Client) -> dict[str, tuple[bytes, int]]:
    """Every parameter: its value as it travels, and its type."""
    found: dict[int, tuple[str, tuple[bytes, int]]] = {}
    count = [math.inf]

    def heard(frame: Frame, now: float) -> None:
        if frame.name == "PARAM_VALUE" and frame.message.param_index != 65535:
            message = frame.message
            count[0] = message.param_count
            found[message.param_index] = (message.param_id, (
                struct.pack("<f", message.param_value), message.param_type))

    client.send(mavlink.MAVLink_param_request_list_message(1, 1))
    listen([client], 30.0, heard, lambda: len(found) >= count[0])
    return dict(found.values())


def set_parameters(client: Client, known: dict[str, tuple[bytes, int]]) -> tuple[float, int]:
    """Set each parameter to what it is, eight on the way at a time; seconds, how many answered."""
    waiting = list(known)
    under_way: dict[str, float] = {}
    answered: set[str] = set()

    def heard(frame: Frame, now: float) -> None:
        if frame.name == "PARAM_VALUE" and frame.message.param_id in under_way:
            del under_way[frame.message.param_id]
            answered.add(frame.message.param_id)

    def on() -> bool:
        now = time.perf_counter()
        while waiting and len(under_way) < 8:
            under_way[waiting.pop()] = -math.inf
        for name, sent in under_way.items():
            if now - sent > RETRY:
                raw, kind = known[name]
                under_way[name] = now
                client.send(mavlink.MAVLink_param_set_message(
                    1, 1, name.encode(), *struct.unpack("<f", raw), kind))
        return not under_way

    return listen([client], LONGEST, heard, on), len(answered)


# --------------------------------------------------------------------------------- missions


def mission(count: int) -> list[Any]:
    """Take-off at Çorlu, a search in lanes north of it, and the landing."""
    items = [_item(0, mavlink.MAV_CMD_NAV_TAKEOFF, 41.147099, 27.932600, 500.0)]
    for number in range(1, count - 1):
        lane, along = divmod(number - 1, 10)
        along = along if lane % 2 == 0 else 9 - along
        items.append(_item(number, mavlink.MAV_CMD_NAV_WAYPOINT, 41.2 + 0.01 * lane,
                           27.5 + 0.05 * along, 3000.0))
    items.append(_item(count - 1, mavlink.MAV_CMD_NAV_LAND, 41.1311572, 27.9080118, 155.0))
    return items


def _item(number: int, command: int, latitude: float, longitude: float, altitude: float) -> Any:
    return mavlink.MAVLink_mission_item_int_message(
        1, 1, number, mavlink.MAV_FRAME_GLOBAL_INT, command, 0, 1, 0.0, 0.0, 0.0, 0.0,
        round(latitude * 1e7), round(longitude * 1e7), altitude, 0)


def _told(item: Any) -> tuple[Any, ...]:
    return item.seq, item.command, item.frame, item.x, item.y, item.z


def upload(client: Client, items: list[Any]) -> tuple[float, int]:
    """Upload a mission: seconds, and the vehicle's MAV_MISSION_RESULT (-1 none)."""
    state: dict[str, Any] = {"sent": -math.inf, "result": -1, "last": None}
    state["last"] = mavlink.MAVLink_mission_count_message(1, 1, len(items), 0)

    def heard(frame: Frame, now: float) -> None:
        if frame.name in ("MISSION_REQUEST_INT", "MISSION_REQUEST") and (
                frame.message.seq < len(items)):
            state["last"], state["sent"] = items[frame.message.seq], now
            client.send(state["last"])
        elif frame.name == "MISSION_ACK":
            state["result"] = frame.message.type

    def on() -> bool:
        # The vehicle asks again; the client does where it hears nothing at all.
        now = time.perf_counter()
        if state["result"] < 0 and now - state["sent"] > 10 * RETRY:
            state["sent"] = now
            client.send(state["last"])
        return bool(state["result"] >= 0)

    return listen([client], LONGEST, heard, on), int(state["result"])


def download(client: Client, count: int) -> list[tuple[Any, ...]]:
    """What the vehicle's mission holds, up to ``count`` items."""
    found: dict[int, tuple[Any, ...]] = {}

    def heard(frame: Frame, now: float) -> None:
        if frame.name == "MISSION_ITEM_INT":
            found[frame.message.seq] = _told(frame.message)
        if frame.name in ("MISSION_ITEM_INT", "MISSION_COUNT") and len(found) < count:
            client.send(mavlink.MAVLink_mission_request_int_message(1, 1, len(found), 0))

    client.send(mavlink.MAVLink_mission_request_list_message(1, 1, 0))
    listen([client], LONGEST, heard, lambda: len(found) == count)
    return [found[number] for number in sorted(found)]
