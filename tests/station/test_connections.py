"""Sockets of the station: addresses, calling again, peers that do not behave."""

import asyncio
import random
import socket

import pytest

from longwatch.errors import LinkError
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Parser, encode
from longwatch.station.vehicles.connections import SYSTEM, parse
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.reception import MOST_VEHICLES


def beat(system=1, autopilot=mavlink.MAV_AUTOPILOT_PX4, kind=mavlink.MAV_TYPE_FIXED_WING,
         component=1, number=0):
    return encode(mavlink.MAVLink_heartbeat_message(kind, autopilot, 81, 67305472, 3, 3),
                  system, component, number)


@pytest.mark.parametrize("text", [
    "tcp:127.0.0.1", "127.0.0.1:5760", "serial:/dev/ttyS0:57600", "tcp::5760", "udpin:localhost:x",
    "tcp:127.0.0.1:70000", "udpout:127.0.0.1:0", ""])
def test_a_bad_address_is_refused_by_name(text):
    with pytest.raises(LinkError, match="addresses of vehicles"):
        parse(("udpin:127.0.0.1:14550", text))


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(LinkError) as told:
        parse(("tcp:a", "udpin:b:99999", "tcp:127.0.0.1:1", "tcp:127.0.0.1:1"))
    assert str(told.value).count("\n  - ") == 3


def test_addresses_are_read():
    tcp, udp = parse(("tcp:10.0.0.7:5760", "udpin:0.0.0.0:14550"))
    assert (tcp.kind, tcp.host, tcp.port, str(udp)) == (
        "tcp", "10.0.0.7", 5760, "udpin:0.0.0.0:14550")


async def until(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_port_in_use_opens_nothing():
    async def run():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            fleet = Fleet()
            with pytest.raises(LinkError, match="cannot be opened"):
                await fleet.open(("udpin:127.0.0.1:0", f"udpin:127.0.0.1:{port}"))
            assert fleet._connections == [] and fleet._ways == []
            await fleet.close()
    asyncio.run(run())


def test_tcp_is_called_again_when_the_other_side_comes_back():
    async def run():
        heard = []

        async def serve(reader, writer):
            writer.write(beat())
            heard.append(await reader.read(100))
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        fleet = Fleet()
        await fleet.open((f"tcp:127.0.0.1:{port}",))
        await asyncio.sleep(0.05)
        assert fleet.vehicles() == []
        server = await asyncio.start_server(serve, "127.0.0.1", port)
        await until(lambda: fleet.vehicles() and len(heard) >= 2)
        frame = Parser().feed(heard[0])[0]
        assert frame.system == SYSTEM
        assert fleet.vehicles()[0]["autopilot"] == "px4"
        await fleet.close()
        server.close()
    asyncio.run(run())


def test_udp_answers_whoever_speaks_and_speaks_first_where_it_is_told_to():
    async def run():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer, socket.socket(
                socket.AF_INET, socket.SOCK_DGRAM) as other:
            for each in (peer, other):
                each.bind(("127.0.0.1", 0))
                each.setblocking(False)
            fleet = Fleet()
            await fleet.open(("udpin:127.0.0.1:0",
                              f"udpout:127.0.0.1:{other.getsockname()[1]}"))
            port = fleet._connections[0].port
            loop = asyncio.get_running_loop()
            told = Parser().feed(await loop.sock_recv(other, 500), datagram=True)
            assert told[0].name == "HEARTBEAT" and told[0].message.type == mavlink.MAV_TYPE_GCS
            peer.sendto(b"no frame at all", ("127.0.0.1", port))
            peer.sendto(beat(7, mavlink.MAV_AUTOPILOT_ARDUPILOTMEGA), ("127.0.0.1", port))
            await until(lambda: fleet.vehicles())
            assert fleet.vehicles()[0]["id"] == "7"
            assert Parser().feed(await loop.sock_recv(peer, 500), datagram=True)
            await fleet.close()
    asyncio.run(run())


class Silent:
    """A fleet on a clock by hand, with ways that lead nowhere."""

    def __init__(self, monkeypatch):
        from longwatch.station.vehicles.connections import Way
        self.fleet, self.time, self.events = Fleet(), 0.0, []
        self.fleet.on_event = self.events.append
        monkeypatch.setattr(self.fleet, "now", lambda: self.time)
        monkeypatch.setattr(self.fleet, "_acquaint", lambda vehicle: None)
        self.moved = []
        monkeypatch.setattr(self.fleet, "changed_over", self.moved.append)
        self.way = Way("test", lambda raw: None)
        self.fleet.attach(self.way)

    def arrive(self, data, way=None, datagram=False):
        self.fleet.arrive(way or self.way, data, datagram)


def test_garbage_and_every_message_with_random_content_break_nothing(monkeypatch, caplog):
    air, dice = Silent(monkeypatch), random.Random(5)
    air.arrive(beat())
    for kind in mavlink.mavlink_map.values():
        for _ in range(3):
            payload = dice.randbytes(kind.unpacker.size)
            raw = framed(kind, payload, dice)
            air.arrive(raw)
            air.arrive(raw[:dice.randrange(len(raw))])
    air.arrive(dice.randbytes(200_000))
    for _ in range(50):
        air.time += 0.2
        air.fleet._tick(air.time)
        air.fleet.changes()
    air.arrive(beat())
    assert [v["id"] for v in air.fleet.vehicles()] and not caplog.records


def framed(kind, payload, dice):
    """A frame with a good checksum around any payload."""
    from longwatch.mavlink.frames import crc16
    number = kind.id
    body = bytes([len(payload), 0, 0, dice.randrange(256), 1, 1, number & 255, number >> 8 & 255,
                  number >> 16]) + payload
    check = crc16(body + bytes([kind.crc_extra]))
    return b"\xfd" + body + check.to_bytes(2, "little")


def test_hostile_values_never_leave_the_wire_format(monkeypatch):
    """What goes out is what JSON and MessagePack can say: no NaN, no infinity."""
    import json
    air, dice = Silent(monkeypatch), random.Random(6)
    air.arrive(beat())
    for kind in mavlink.mavlink_map.values():
        for fill in (b"\xff", b"\x7f", b"\x80", b"\x00"):
            air.arrive(framed(kind, fill * kind.unpacker.size, dice))
            air.time += 0.01
    air.fleet._tick(air.time + 1.0)
    json.dumps([air.fleet.whole(), air.fleet.vehicles(), air.events], allow_nan=False)


def test_thousands_of_ids_make_no_more_vehicles_than_there_is_room_for(monkeypatch):
    air = Silent(monkeypatch)
    for _ in range(20):
        for system in range(1, 256):
            for component in (1, 2, 77):
                air.arrive(beat(system, component=component))
    assert len(air.fleet.vehicles()) == MOST_VEHICLES
    # One that is lost for long gives its place to a new one; those that are heard keep theirs.
    air.time = 50.0
    for system in range(2, 60):
        air.arrive(beat(system))
    air.time = 100.0
    air.arrive(beat(200))
    ids = {v["id"] for v in air.fleet.vehicles()}
    assert "200" in ids and "1" not in ids and "30" in ids
    assert ["gone", "1"] in air.events


def test_ground_stations_and_peripherals_are_no_vehicles(monkeypatch):
    air = Silent(monkeypatch)
    air.arrive(beat(255, mavlink.MAV_AUTOPILOT_INVALID, mavlink.MAV_TYPE_GCS, 190))
    air.arrive(beat(1, mavlink.MAV_AUTOPILOT_INVALID, mavlink.MAV_TYPE_GIMBAL, 154))
    air.arrive(beat(SYSTEM))
    air.arrive(beat(0))
    assert air.fleet.vehicles() == []


def test_a_flood_is_cut_at_its_link_and_others_are_heard(monkeypatch):
    from longwatch.station.vehicles.connections import Way
    air = Silent(monkeypatch)
    flood, calm = air.way, Way("calm", lambda raw: None)
    air.fleet.attach(calm)
    air.arrive(beat(1) * 40_000, flood)
    air.arrive(beat(2), calm)
    assert flood.dropped > 20_000 and calm.dropped == 0
    assert {v["id"] for v in air.fleet.vehicles()} == {"1", "2"}


def test_a_vehicle_on_two_links_is_heard_once_and_changes_over_when_one_falls_silent(monkeypatch):
    from longwatch.station.vehicles.connections import Way
    air = Silent(monkeypatch)
    other = Way("other", lambda raw: None)
    air.fleet.attach(other)

    def hud(speed):
        return encode(mavlink.MAVLink_vfr_hud_message(speed, 0, 0, 0, 0, 0), 1, 1)

    air.arrive(beat())
    air.arrive(hud(30.0))
    air.arrive(beat(), other)
    air.arrive(hud(99.0), other)
    assert air.fleet.find("1").number("airspeed") == 30.0
    air.time = 4.0
    air.arrive(beat(), other)
    air.arrive(hud(40.0), other)
    assert air.fleet.find("1").number("airspeed") == 40.0
    assert air.moved == [air.fleet.find("1")]  # to be asked for its messages there
    assert [link["state"] for link in air.fleet.vehicles()[0]["links"]] == ["late", "up"]


def test_lost_frames_are_counted_by_their_numbers(monkeypatch):
    air = Silent(monkeypatch)
    for second in range(6):
        for number in range(0, 40, 4):  # three of four are missing
            air.arrive(beat(number=(second * 40 + number) % 256))
        air.time += 1.0
        air.fleet._tick(air.time)
    assert air.fleet.find("1").number("link_loss") == pytest.approx(0.75, abs=0.02)
    assert air.fleet.find("1").number("link_rate") == pytest.approx(210.0, abs=1.0)
