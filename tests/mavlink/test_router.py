import pytest

from longwatch.datalink.pipe import Pipe
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import encode
from longwatch.mavlink.link import FRAMES_PER_S, SHARE, Link
from longwatch.mavlink.loopback import Station, pair
from longwatch.mavlink.router import (
    FORGET_S,
    FRESH_S,
    FRESH_TURNS,
    MAXIMUM_LINKS,
    STALE_S,
    TURN_S,
    Router,
)
from longwatch.mavlink.stations import LIVE_S, MAXIMUM_STATIONS


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
    quiet.send(command(2, 1))
    assert router.heard[-1] == (2, "COMMAND_LONG", 254, 2)
    router.heard.clear()
    for _ in range(100):
        wall.now += 0.02
        router.pump()
    # What was beyond the limit waited for its turn, and was left out after a second.
    assert len(router.heard) == pytest.approx(STALE_S * FRAMES_PER_S, rel=0.05)
    assert flood.link.flooded == 8000 - len(router.heard)
    assert len(router.told) == 1 and "Too many messages" in router.told[0][1]
    router.heard.clear()
    for _ in range(10_000):
        flood.send(command(1, 1))
    assert len(router.heard) <= 1.05 * FRAMES_PER_S


def test_a_client_that_asks_after_each_answer_is_never_left_out(router, wall):
    """A plan of 20 000 items, on a link that answers in 0.2 ms: five times the limit."""
    client = Station(router, 255)
    answered = 0
    while answered < 20_000:
        client.send(mavlink.MAVLink_mission_request_int_message(1, 1, answered, 0))
        answered += 1
        if len(router.heard) < answered:
            wall.now += 0.02
            router.pump()
        assert len(router.heard) == answered
        wall.now += 0.0002
    assert client.link.flooded == 0 and router.told == []
    assert wall.now == pytest.approx((answered - 2 * FRAMES_PER_S) / FRAMES_PER_S, rel=0.02)


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
    living = [Station(router, 255, number) for number in range(1, MAXIMUM_LINKS)]
    for one in living:
        one.send(heartbeat())
    late = Station(router, 255)
    assert len(router.links) == MAXIMUM_LINKS and late.link.number == 0
    late.send(heartbeat())  # one that found no room is not heard
    assert (255, 190) not in router.stations()


def test_who_never_spoke_makes_room_then_who_fell_silent(router, wall):
    closed = []
    links = [Link(f"tcp {n}", lambda raw: None, close=lambda n=n: closed.append(n))
             for n in range(MAXIMUM_LINKS)]
    for n, link in enumerate(links):
        wall.now += 0.001
        assert router.attach(link)
        if n % 2:
            router.receive(link, encode(heartbeat(), 255, n))
    for _ in range(MAXIMUM_LINKS // 2):
        assert router.attach(Link("new", lambda raw: None))
    assert closed == list(range(0, MAXIMUM_LINKS, 2))
    # Those that took the places speak: all live now.
    for n, link in enumerate(router.links.values()):
        router.receive(link, encode(heartbeat(), 254, n))
    assert not router.attach(Link("late", lambda raw: None))
    wall.now += LIVE_S + 0.1
    for link in list(router.links.values())[1:]:
        router.receive(link, encode(heartbeat(), 253, link.number))
    assert router.attach(Link("later", lambda raw: None)) and closed[-1] == 1


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


def test_nobody_outside_speaks_as_an_aircraft_of_ours_or_of_another_link(router, wall):
    router.own = frozenset({1, 2})
    first, second = Station(router, 7, 1, name="first"), Station(router, 250)
    first.send(heartbeat(1))
    second.send(heartbeat())
    first.take(), second.take()
    router.heard.clear()
    for system, component in ((1, 99), (2, 1), (7, 99), (7, 1)):
        fake = Station(router, system, component)
        fake.send(mavlink.MAVLink_statustext_message(0, b"ENGINE FIRE", 0, 0))
        assert fake.link.refused == 1 and (system, component) not in (
            set(router.stations()) - {(7, 1)})
    assert router.heard == [] and second.take() == [] and first.take() == []
    # A camera on the same link as its aircraft is one of it; stations share an id's system.
    Station(router, 250, 191).send(heartbeat())
    first.send_raw(encode(heartbeat(), 7, 100))
    assert router.heard[::2] == [(1, "HEARTBEAT", 250, 7), (1, "HEARTBEAT", 7, 1)]
    wall.now += LIVE_S
    moved = Station(router, 7, 1)
    moved.send(heartbeat())  # and one that fell silent may come back on another way
    assert router.stations()[7, 1] is moved.link


def pass_fresh(worked, wall):
    """Turns on time, until what is read can no longer have come before."""
    for _ in range(FRESH_TURNS):
        wall.now += 1.01 * FRESH_S / FRESH_TURNS
        worked.router.turn()


class Worked:
    """What is heard costs a millisecond each, by a clock of its own."""

    def __init__(self, wall):
        self.spent, self.heard = 0.0, []
        self.router = Router(wall, cost=lambda: self.spent)
        for system in (1, 2, 3):
            self.router.add(system, 1, self._hear)

    def _hear(self, frame, link):
        self.spent += 0.001
        self.heard.append((link.number, frame.sequence))


def test_a_turn_holds_so_much_work_whoever_asks_for_it(wall):
    worked = Worked(wall)
    flood = Station(worked.router, 255)
    other = Station(worked.router, 254)
    flood.send_raw(b"".join(encode(command(1, 1), 255, 190, n % 256) for n in range(1000)))
    in_a_turn = len(worked.heard)
    assert 0.0 < in_a_turn * 0.001 <= TURN_S + 0.001
    other.send(command(1, 1))  # waits for its turn, not for the flood's end
    assert len(worked.heard) == in_a_turn and worked.router.busy
    wall.now += 0.02
    worked.router.turn()
    assert 0.0 < (len(worked.heard) - in_a_turn) * 0.001 <= TURN_S + 0.001
    assert other.link.number in {number for number, _ in worked.heard}
    # In order, each once.
    assert [n for number, n in worked.heard if number == flood.link.number] == list(
        range(len(worked.heard) - 1))


def test_one_frame_for_all_aircraft_is_no_longer_a_piece_than_one_for_one(wall):
    worked = Worked(wall)
    flood = Station(worked.router, 255)
    for _ in range(40):
        wall.now += 0.02
        before = len(worked.heard)
        flood.send(command(0, 0))
        worked.router.turn()
        assert len(worked.heard) - before <= round(1e3 * TURN_S) + 1


def test_one_peer_gets_a_share_of_the_work_and_no_more(wall):
    worked = Worked(wall)
    flood = Station(worked.router, 255)
    raw = b"".join(encode(command(1, 1), 255, 190, n % 256) for n in range(20))
    for _ in range(500):
        wall.now += 0.02
        flood.send_raw(raw)
        worked.router.turn()
    assert worked.spent == pytest.approx(10.0 * SHARE, abs=SHARE + 0.01)


def test_what_this_side_loads_at_its_first_use_is_not_charged(wall):
    """Seconds of machine code for the first request: the next ones are heard as ever."""
    worked = Worked(wall)
    told = []
    worked.router.complain = lambda link, text: told.append(text)
    station = Station(worked.router, 255)
    worked.router.turn()
    hear = worked.router._locals[1, 1]

    def first(frame, link):
        worked.spent += 3.0
        wall.now += 3.0
        worked.router._locals[1, 1] = hear
        hear(frame, link)

    worked.router._locals[1, 1] = first
    station.send(command(1, 1))
    worked.router.turn()
    pass_fresh(worked, wall)
    for _ in range(50):
        wall.now += 0.02
        station.send(command(1, 1))
        worked.router.turn()
    assert len(worked.heard) == 51 and station.link.flooded == 0 and told == []


def test_what_waited_while_this_side_stood_still_is_told_so(wall):
    worked = Worked(wall)
    told = []
    worked.router.complain = lambda link, text: told.append(text)
    station = Station(worked.router, 255)
    worked.router.turn()
    # More than a turn holds: the rest waits, and so long that it is done no more.
    station.send_raw(b"".join(encode(command(1, 1), 255, 190, n) for n in range(20)))
    wall.now += 3.0
    worked.router.turn()
    assert len(worked.heard) < 20
    assert told == ["This side stood still: what was asked meanwhile is not done"]


def test_a_companion_computer_speaks_to_its_aircraft_alone(router):
    router.own = frozenset({1, 2})
    companion, bridge = Station(router, 1, 191), Station(router, 1, 240)
    station = Station(router, 255)
    companion.send(heartbeat(18))
    bridge.send(mavlink.MAVLink_statustext_message(0, b"ENGINE FIRE", 0, 0))
    companion.send(command(1, 1))
    companion.send(command(2, 1))  # not its aircraft
    companion.send(command(0, 0))
    assert router.heard == [(1, "HEARTBEAT", 1, 1), (1, "STATUSTEXT", 1, 2),
                            (1, "COMMAND_LONG", 1, 1), (1, "COMMAND_LONG", 1, 1)]
    assert station.take() == bridge.take() == [] and companion.link.refused == 0
    router.send(ack(1, 191), 1, 1)  # and is answered
    assert len(companion.take("COMMAND_ACK")) == 1 and station.take() == []
    station.send(command(1, 191))
    assert len(companion.take("COMMAND_LONG")) == 1


def test_what_waited_too_long_is_not_done(wall):
    worked = Worked(wall)
    flood = Station(worked.router, 255)
    flood.send_raw(b"".join(encode(command(1, 1), 255, 190, n % 256) for n in range(1000)))
    done = len(worked.heard)
    for _ in range(200):
        wall.now += STALE_S / 50
        worked.router.turn()
    assert done < len(worked.heard) < 1000 and not worked.router.busy
    assert flood.link.flooded
    flood.send(command(1, 1))
    assert worked.heard[-1] == (flood.link.number, 0)


def test_what_may_have_come_while_this_side_stood_still_is_not_done(wall):
    worked = Worked(wall)
    station = Station(worked.router, 255)
    worked.router.turn()
    wall.now += 5.0  # stopped, or the machine was asleep
    worked.router.turn()
    station.send(command(1, 1))
    assert worked.heard == []
    station.send(heartbeat())
    assert len(worked.heard) == 3
    pass_fresh(worked, wall)
    station.send(command(1, 1))
    assert len(worked.heard) == 4


def test_what_is_read_before_the_first_turn_after_a_standstill_is_not_done(wall):
    """As a loop does: it looks at the sockets before it goes on."""
    worked = Worked(wall)
    station = Station(worked.router, 255)
    worked.router.turn()
    wall.now += 5.0
    station.send(command(1, 1))
    worked.router.turn()
    assert worked.heard == []
    pass_fresh(worked, wall)
    station.send(command(1, 1))
    assert len(worked.heard) == 1


def test_on_a_busy_machine_what_came_while_this_side_stood_still_is_read_late_and_not_done(wall):
    worked = Worked(wall)
    station = Station(worked.router, 255)
    worked.router.turn()
    wall.now += 5.0
    for _ in range(4):  # a turn takes longer than FRESH_S, and reads one datagram
        worked.router.turn()
        wall.now += 0.3
        station.send(command(1, 1))
    assert worked.heard == []


def test_garbage_is_looked_through_in_pieces(wall):
    spent = [0.0]

    def cost():
        spent[0] += 0.0005
        return spent[0]

    router = Router(wall, cost=cost)
    station = Station(router, 255)
    parsed = station.link.parser.counters
    station.send_raw(b"\xfd" * 100_000)
    assert 0 < parsed.garbage < 100
    assert router.wait(station.link) > 0.0 or station.link.inbox.octets == 0
