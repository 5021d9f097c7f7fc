"""What each browser is sent, and what a slow one misses."""

import asyncio
from itertools import pairwise

import msgpack

from longwatch.station.web import hub as hubs
from longwatch.station.web.hub import FRAMES_BEHIND, MESSAGES_BEHIND, TOO_SLOW, Client, Hub
from station.web_support import Clock, TableFleet


def joined(hub, fleet, *roles):
    client = Client("key", "ann", frozenset(roles or ("observer",)))
    hub.join(client, {"user": "ann"}, fleet)
    return client


def read(client):
    """All that waits for a client, unpacked."""
    messages = []
    while client._waiting:
        messages.append(msgpack.unpackb(asyncio.run(client.next()), strict_map_key=False))
    return messages


def test_a_newcomer_is_greeted_then_told_what_stands_then_everything():
    hub, fleet = Hub(Clock(5.0)), TableFleet()
    hub.publish(["alerts", "1", [{"key": "old"}]])
    hub.publish(["alerts", "1", [{"key": "fuel_low"}]])
    hub.publish(["plan", "1", "mission", {"count": 3}])
    hub.publish(["journal", {"id": 1}])
    hub.publish(["alerts", "2", []])
    hub.publish(["gone", "2"])
    told = read(joined(hub, fleet))
    assert told == [
        ["hello", {"session": {"user": "ann"}, "quantities": fleet.names,
                   "vehicles": fleet.vehicles(), "server_time_s": 5.0}],
        ["alerts", "1", [{"key": "fuel_low"}]],
        ["plan", "1", "mission", {"count": 3}],
        ["frame", 5.0, fleet.whole()]]


def test_a_frame_holds_what_changed_and_none_comes_where_nothing_did():
    hub, fleet = Hub(Clock(5.0)), TableFleet()
    client = joined(hub, fleet)
    read(client)
    hub.tick(fleet)
    assert read(client) == []
    fleet.set("2", 1, 0.25)
    hub.tick(fleet)
    assert read(client) == [["frame", 5.0, {"2": {1: 0.25}}]]


def test_a_frame_is_packed_once_for_all():
    hub, fleet = Hub(), TableFleet()
    clients = [joined(hub, fleet) for _ in range(20)]
    for client in clients:
        read(client)
    fleet.set("1", 1, 1.0)
    hub.tick(fleet)
    assert len({id(client._waiting[0][0]) for client in clients}) == 1


def test_a_slow_browser_misses_frames_never_messages_nor_their_order_and_is_made_whole():
    hub, fleet = Hub(Clock(5.0)), TableFleet()
    client = joined(hub, fleet)
    read(client)
    for count in range(50):
        fleet.set("1", 1, float(count))
        hub.tick(fleet)
        hub.publish(["journal", {"id": count}])
    waiting = read(client)
    assert [message[1]["id"] for message in waiting if message[0] == "journal"] == list(range(50))
    frames = [message for message in waiting if message[0] == "frame"]
    assert len(frames) <= FRAMES_BEHIND
    hub.tick(fleet)  # nothing changed, but it has missed something
    assert read(client) == [["frame", 5.0, fleet.whole()]]
    fleet.set("1", 1, -1.0)
    hub.tick(fleet)
    assert read(client) == [["frame", 5.0, {"1": {1: -1.0}}]]
    assert client.missed > 0


def test_what_a_slow_browser_has_seen_is_never_older_afterwards():
    hub, fleet = Hub(), TableFleet()
    client = joined(hub, fleet)
    seen = []
    for count in range(300):
        fleet.set("1", 1, float(count))
        hub.tick(fleet)
        if count % 7 == 0 and client._waiting:
            data = asyncio.run(client.next())
            message = msgpack.unpackb(data, strict_map_key=False)
            if message[0] == "frame" and 1 in message[2].get("1", {}):
                seen.append(message[2]["1"][1])
    assert len(seen) > 20
    assert all(earlier < later for earlier, later in pairwise(seen))


def test_a_browser_too_far_behind_is_cut_off_and_keeps_nothing():
    hub, fleet = Hub(), TableFleet()
    client = joined(hub, fleet)
    for count in range(MESSAGES_BEHIND + 1):
        hub.publish(["journal", {"id": count}])
    assert client.closing == TOO_SLOW
    assert not client._waiting
    assert asyncio.run(client.next()) is None


def test_what_waits_for_one_browser_is_bounded_in_bytes():
    hub, fleet = Hub(), TableFleet()
    client = joined(hub, fleet)
    for _ in range(9):
        hub.publish(["plan", "1", "mission", "x" * 1024 * 1024])
    assert client.closing == TOO_SLOW


def test_the_simulation_is_told_to_instructors_alone_newcomers_too():
    hub, fleet = Hub(), TableFleet()
    pilot, instructor = joined(hub, fleet, "pilot", "commander"), joined(hub, fleet, "instructor")
    hub.publish(["simulation", {"speed": 2}], "instructor")
    late = joined(hub, fleet, "pilot"), joined(hub, fleet, "instructor")
    heard = [any(message[0] == "simulation" for message in read(client))
             for client in (pilot, instructor, *late)]
    assert heard == [False, True, False, True]


def test_a_replay_that_was_closed_is_not_told_to_newcomers():
    hub, fleet = Hub(), TableFleet()
    hub.publish(["replay", {"id": "r1", "playing": True}])
    hub.publish(["gone", "r1"])
    assert [message[0] for message in read(joined(hub, fleet))] == ["hello", "frame"]


def test_numbers_of_numpy_are_sent_as_numbers():
    import numpy as np

    packed = hubs.pack(["frame", 1.0, {"1": {0: np.float32(0.5), 1: np.bool_(True)}}])
    assert msgpack.unpackb(packed, strict_map_key=False) == [
        "frame", 1.0, {"1": {0: 0.5, 1: True}}]


def test_a_fleet_that_fails_once_does_not_end_the_frames():
    hub, fleet = Hub(), TableFleet()
    client = joined(hub, fleet)
    calls = []
    changes = fleet.changes

    def failing():
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("nonsense")
        return changes()

    fleet.changes = failing

    async def live():
        work = asyncio.create_task(hub.run(fleet))
        while len(calls) < 3:
            await asyncio.sleep(0.01)
        fleet.set("1", 1, 2.0)
        while not any(frame for _, frame in client._waiting):
            await asyncio.sleep(0.01)
        work.cancel()

    asyncio.run(asyncio.wait_for(live(), 20))
