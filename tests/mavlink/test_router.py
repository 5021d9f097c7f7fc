import pytest

from longwatch.datalink.pipe import Pipe
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import encode
from longwatch.mavlink.link import FRAMES_PER_S, Link
from longwatch.mavlink.loopback import Station, pair
from longwatch.mavlink.router import (
    FORGET_S,
    LIVE_S,
    MAXIMUM_LINKS,
    MAXIMUM_STATIONS,
    Router,
)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def wall():
    return Clock()


@pytest.fixture
def router(wall):
    router = Router(wall)
    router.heard = []
    router.told = []
    router.complain = lambda link, text: router.told.append((link.number, text))
    for system in (1, 2):
        router.add(system, 1, lambda frame, link, own=system: router.heard.append(
            (own, frame.name, frame.system, link.number if link else None)))
    return router


def heartbeat(kind=6):
    return mavlink.MAVLink_heartbeat_message(kind, 8, 0, 0, 4, 3)


def command(system, component):
    return mavlink.MAVLink_command_long_message(system, component, 400, 0, 1, 0, 0, 0, 0, 0, 0)


def ack(system, component):
    return mavlink.MAVLink_command_ack_message(400, 0, 0, 0, system, component)


def test_for_everybody(router):
    first, second = Station(router, 255), Station(router, 254)
    first.send(heartbeat())
    assert router.heard == [(1, "HEARTBEAT", 255, 1), (2, "HEARTBEAT", 255, 1)]
    assert [m.get_srcSystem() for m in second.take()] == [255]
    assert first.take() == []  # never back


def test_for_one_aircraft(router):
    first, second = Station(router, 255), Station(router, 254)
    first.send(command(2, 1))
    assert router.heard == [(2, "COMMAND_LONG", 255, 1)]
    first.send(command(1, 0))  # any component of aircraft 1
    assert router.heard[1:] == [(1, "COMMAND_LONG", 255, 1)]
    assert second.take() == []


def test_for_who_was_heard_outside(router):
    station, camera, other = Station(router, 255), Station(router, 1, 100), Station(router, 254)
    station.send(command(1, 100))
    assert camera.take() == []  # not heard yet
    camera.send(heartbeat())
    other.take()
    router.heard.clear()
    station.send(command(1, 100))
    assert len(camera.take("COMMAND_LONG")) == 1
    assert other.take("COMMAND_LONG") == [] and router.heard == []
    station.send(command(1, 0))  # any component of system 1: ours and the one outside
    assert len(camera.take("COMMAND_LONG")) == 1 and len(router.heard) == 1
    station.send(command(9, 0))  # nobody
    assert other.take("COMMAND_LONG") == camera.take("COMMAND_LONG") == []


def test_answers_go_where_the_target_was_heard(router):
    first, second = Station(router, 255), Station(router, 254)
    first.send(heartbeat())
    second.send(heartbeat())
    router.send(ack(255, 190), 1, 1)
    assert len(first.take("COMMAND_ACK")) == 1 and second.take("COMMAND_ACK") == []
    router.send(heartbeat(1), 1, 1)
    assert [m.get_srcSystem() for m in first.take()] == [254, 1]
    assert [m.get_srcSystem() for m in second.take()] == [255, 1]
    router.send(heartbeat(1), 1, 1, link=second.link.number)
    assert len(second.take()) == 1 and first.take() == []
    router.send(heartbeat(1), 1, 1, link=99)  # a link that has gone


def test_components_here_reach_each_other(router):
    router.send(command(2, 1), 1, 1)
    assert router.heard == [(2, "COMMAND_LONG", 1, None)]


def test_types_that_we_do_not_know_go_everywhere(router):
    first, second = Station(router, 255), Station(router, 254)
    unknown = bytearray(encode(heartbeat(), 255, 190))
    unknown[7:10] = (999_999).to_bytes(3, "little")
    first.send_raw(bytes(unknown))
    assert [frame.raw for frame in second.received] == [bytes(unknown)]


def test_a_port_of_one_aircraft_carries_only_that_one(router):
    station = Station(router, 255, systems=frozenset({2}))
    router.send(heartbeat(1), 1, 1)
    router.send(heartbeat(1), 2, 1)
    assert [m.get_srcSystem() for m in station.take()] == [2]
    station.send(heartbeat())
    station.send(command(1, 1))
    assert router.heard == [(2, "HEARTBEAT", 255, 1)]
    router.send(heartbeat(1), 1, 1, link=station.link)
    assert station.take() == []


def test_a_live_id_has_one_home(router, wall):
    first, second = Station(router, 255, name="first"), Station(router, 255, name="second")
    first.send(heartbeat())
    second.send(command(1, 1))
    assert [what for _, what, *_ in router.heard] == ["HEARTBEAT"] * 2
    assert second.link.refused == 1
    assert router.told == [(2, "Id 255.190 is in use on first: choose another")]
    second.send(command(1, 1))
    assert len(router.told) == 1 and second.link.refused == 2  # said once, not every time
    wall.now += LIVE_S
    second.send(command(1, 1))  # the first is gone
    assert router.heard[-1] == (1, "COMMAND_LONG", 255, 2)
    first.send(command(1, 1))
    assert router.told[1][0] == 1 and router.heard[-1][-1] == 2


def test_an_id_is_free_once_its_link_has_closed(router):
    first = Station(router, 255)
    first.send(heartbeat())
    first.close()
    second = Station(router, 255)
    second.send(command(1, 1))
    assert router.heard[-1] == (1, "COMMAND_LONG", 255, 2) and router.told == []


def test_our_own_ids_and_id_0_are_refused(router):
    station = Station(router, 1, 1)
    station.send(heartbeat())
    Station(router, 0, 0).send(heartbeat())
    assert router.heard == []
    assert [text for _, text in router.told] == [
        "Id 1.1 is one of this side's own: choose another",
        "System id 0 is everybody: choose one of 1 to 255"]


def test_no_loops(wall):
    """Two routers joined twice: each frame is handled once and comes to rest."""
    ours, theirs = Router(wall), Router(wall)
    heard = []
    ours.add(1, 1, lambda frame, link: heard.append(("ours", frame.system)))
    theirs.add(9, 1, lambda frame, link: heard.append(("theirs", frame.system)))
    pair(ours, theirs)
    pair(ours, theirs)
    station = Station(ours, 255)
    station.send(heartbeat())
    assert sorted(heard) == [("ours", 255), ("theirs", 255)]
    heard.clear()
    ours.send(heartbeat(1), 1, 1)
    theirs.send(heartbeat(1), 9, 1)
    assert sorted(heard) == [("ours", 9), ("theirs", 1)]
    assert sorted(m.get_srcSystem() for m in station.take()) == [1, 9]


def test_sequence_numbers_are_each_links_own(router):
    first, second = Station(router, 255), Station(router, 254)
    for _ in range(3):
        router.send(heartbeat(1), 1, 1)
        router.send(heartbeat(1), 2, 1)
    router.send(heartbeat(1), 1, 1, link=second.link)
    numbers = [(frame.system, frame.sequence) for frame in second.received]
    assert numbers == [(1, 0), (2, 0), (1, 1), (2, 1), (1, 2), (2, 2), (1, 3)]
    assert [frame.sequence for frame in first.received if frame.system == 1] == [0, 1, 2]


def test_frames_that_are_missing_are_counted(router):
    station = Station(router, 255)
    for sequence in (250, 251, 254, 254, 253, 1):  # 252 and 253 lost; one twice, one late
        station.send_raw(encode(heartbeat(), 255, 190, sequence))
    assert station.link.received.lost == 2 + 3


def test_a_flood_is_limited_and_harms_nobody_else(router, wall):
    flood, quiet = Station(router, 255), Station(router, 254)
    for _ in range(10_000):
        flood.send(command(1, 1))
    assert len(router.heard) == 2 * FRAMES_PER_S
    assert flood.link.flooded == 8000
    assert len(router.told) == 1 and "Too many messages" in router.told[0][1]
    quiet.send(command(2, 1))
    assert router.heard[-1] == (2, "COMMAND_LONG", 254, 2)
    router.heard.clear()
    wall.now += 1.0
    for _ in range(10_000):
        flood.send(command(1, 1))
    assert len(router.heard) == FRAMES_PER_S


def test_bytes_that_are_no_frames_are_limited_too(router, wall):
    link = Link("udp", lambda raw: None)
    router.attach(link)
    for _ in range(100):
        wait = router.receive(link, bytes(50_000), datagram=True)
    assert link.flooded == 80 and link.received.octets == 20 * 50_000
    assert wait == 0.0
    stream = Link("tcp", lambda raw: None)
    router.attach(stream)
    for _ in range(30):
        wait = router.receive(stream, bytes(50_000))
    assert wait == pytest.approx(1.0)  # 1.5 MB read where 1 MB may: one second at 500 kB/s


def test_ids_and_links_are_bounded(router):
    station = Station(router)
    for system in range(3, 3 + MAXIMUM_STATIONS + 20):
        station.send_raw(encode(heartbeat(), system, 7))
    assert len(router.stations()) == MAXIMUM_STATIONS and station.link.refused == 20
    stations = [Station(router, 255) for _ in range(MAXIMUM_LINKS + 5)]
    assert len(router.links) == MAXIMUM_LINKS
    assert sum(one.link.number == 0 for one in stations) == 6
    stations[-1].send(heartbeat())  # one that found no room is not heard
    assert (255, 190) not in router.stations()


def test_who_falls_silent_is_forgotten(router, wall):
    gone = []
    router.vanished = lambda link: gone.append(link.number)
    closed = []
    lasting = Link("udp target", lambda raw: None, lasting=True)
    fleeting = Link("udp peer", lambda raw: None, fleeting=True, close=lambda: closed.append(1))
    connected = Link("tcp", lambda raw: None)
    for system, link in enumerate((lasting, fleeting, connected), start=253):
        router.attach(link)
        router.receive(link, encode(heartbeat(), system, 190))
    assert lasting.open and router.listening(1) == [1, 2, 3]
    wall.now += FORGET_S + 1
    router.poll()
    assert gone == [1, 2] and closed == [1] and list(router.links) == [1, 3]
    assert not lasting.open and router.listening(1) == [3]
    assert router.stations() == {}
    router.receive(fleeting, encode(heartbeat(), 254, 190))  # late, after its end
    assert router.stations() == {}


def test_what_a_link_does_to_frames_happens_on_simulated_time(router):
    clock = Clock()
    router._clock = clock
    station = Station(router, 255)
    station.link.outbound, station.link.inbound = Pipe(delay=0.5), Pipe(delay=0.25)
    station.send(command(1, 1))
    router.send(heartbeat(1), 1, 1)
    assert router.heard == [] and station.take() == []
    clock.now = 0.25
    router.pump()
    assert len(router.heard) == 1 and station.take() == []
    clock.now = 0.5
    router.pump()
    assert len(station.take()) == 1


def test_the_tap_sees_each_frame_once(router):
    seen = []
    router.tap = lambda raw, outgoing: seen.append((raw[5], outgoing))
    first, second = Station(router, 255), Station(router, 255, name="impostor")
    Station(router, 254)
    first.send(heartbeat())
    second.send(heartbeat())
    router.send(heartbeat(1), 1, 1)
    assert seen == [(255, False), (1, True)]
