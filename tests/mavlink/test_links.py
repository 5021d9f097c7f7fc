import asyncio
import socket

import pytest
from pymavlink import mavutil

from longwatch.errors import LinkError
from longwatch.mavlink import links
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Parser, encode
from longwatch.mavlink.link import Link
from longwatch.mavlink.links import open_tcp, open_udp
from longwatch.mavlink.router import Router

HOME = "127.0.0.1"


def heartbeat(kind=6):
    return mavlink.MAVLink_heartbeat_message(kind, 8, 0, 0, 4, 3)


def free_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOME, 0))
        return probe.getsockname()[1]


async def until(true, tries=500):
    for _ in range(tries):
        if true():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it never came")


def test_udp_speaks_first_and_learns_who_answers():
    async def scene():
        router, heard = Router(), []
        router.add(1, 1, lambda frame, link: heard.append((frame.name, frame.system, link.number)))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as station:
            station.bind((HOME, 0))
            station.settimeout(5)
            port = await open_udp(router, targets=((HOME, station.getsockname()[1]),))
            router.send(mavlink.MAVLink_attitude_message(0, 0, 0, 0, 0, 0, 0), 1, 1)
            router.send(heartbeat(1), 1, 1)
            data, back = await asyncio.to_thread(station.recvfrom, 2048)
            frame, = Parser().feed(data)
            assert frame.name == "HEARTBEAT"  # and no telemetry to somebody who may not be there
            assert back == port.address
            station.sendto(encode(heartbeat(), 255, 190), back)
            await until(lambda: heard)
            router.send(mavlink.MAVLink_attitude_message(0, 0, 0, 0, 0, 0, 0), 1, 1)
            data, _ = await asyncio.to_thread(station.recvfrom, 2048)
            assert Parser().feed(data)[0].name == "ATTITUDE"
            # A second station on the same port is a peer of its own.
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second:
                second.sendto(b"no MAVLink", port.address)
                second.sendto(encode(heartbeat(), 254, 190), port.address)
                await until(lambda: len(heard) == 2)
                assert len(router.links) == 2
                assert heard == [("HEARTBEAT", 255, 1), ("HEARTBEAT", 254, 2)]
            port.close()
            assert router.links == {}

    asyncio.run(scene())


def test_tcp_serves_several_clients_and_forgets_who_leaves():
    async def scene():
        router, gone = Router(), []
        router.vanished = lambda link: gone.append(link.number)
        port = await open_tcp(router, (HOME, 0))

        def client(system):
            return mavutil.mavlink_connection(
                f"tcp:{port.address[0]}:{port.address[1]}", source_system=system)

        first, second = [await asyncio.to_thread(client, system) for system in (255, 254)]
        first.mav.heartbeat_send(6, 8, 0, 0, 4)
        await until(lambda: len(router.stations()) == 1)
        second.mav.heartbeat_send(6, 8, 0, 0, 4)
        await until(lambda: len(router.stations()) == 2)
        router.send(heartbeat(1), 7, 1)
        for one in (first, second):
            message = await asyncio.to_thread(
                one.recv_match, type="HEARTBEAT", blocking=True, timeout=5,
                condition="HEARTBEAT.type==1")
            assert message.get_srcSystem() == 7
        first.close()
        await until(lambda: gone == [1])
        assert list(router.stations()) == [(254, 0)]
        second.close()
        await until(lambda: gone == [1, 2])
        port.close()

    asyncio.run(scene())


def test_silent_connections_make_room_on_their_port_and_speaking_ones_stay(monkeypatch):
    monkeypatch.setattr(links, "MAXIMUM_PEERS", 4)

    async def scene():
        router = Router()
        port = await open_tcp(router, (HOME, 0))
        held = [socket.create_connection(port.address)]
        held[0].sendall(encode(heartbeat(), 255, 190))
        await until(lambda: router.stations())
        for _ in range(10):
            held.append(socket.create_connection(port.address))
            await asyncio.sleep(0.02)
        late = socket.create_connection(port.address)
        late.sendall(encode(heartbeat(), 254, 190))
        await until(lambda: set(router.stations()) == {(255, 190), (254, 190)})
        assert len(router.links) == 4
        for one in (*held, late):
            one.close()
        port.close()

    asyncio.run(scene())


def test_an_address_beyond_this_machine_has_its_share_of_a_port(monkeypatch):
    monkeypatch.setattr(links, "PEERS_OF_ONE_HOST", 2)
    router = Router()

    def peers(host, speaking):
        found = {}
        for number in range(2):
            link = Link(f"{host} {number}", lambda raw: None)
            assert router.attach(link)
            if speaking:
                router.receive(link, encode(heartbeat(), 255 - number, 190))
            found[host, number] = link
        return found

    live = peers("198.51.100.7", True)
    assert not links._room(router, live, "198.51.100.7")
    assert links._room(router, live, "198.51.100.8")
    silent = peers("127.0.0.1", False)
    assert links._room(router, silent, "127.0.0.1") and len(router.links) == 4
    beyond = peers("198.51.100.9", False)
    assert links._room(router, beyond, "198.51.100.9") and len(router.links) == 5


@pytest.mark.parametrize("opened", [open_tcp, lambda router, at: open_udp(router, listen=at)])
def test_a_port_in_use_says_so(opened):
    async def scene():
        port = await opened(Router(), (HOME, 0))
        with pytest.raises(LinkError, match=rf"{HOME}:{port.address[1]} .*name another port"):
            await opened(Router(), port.address)
        port.close()

    asyncio.run(scene())


def test_addresses_of_other_machines_and_names_without_one_are_refused():
    async def scene():
        with pytest.raises(LinkError, match="no address of this machine"):
            await open_tcp(Router(), ("203.0.113.5", 5760))
        with pytest.raises(LinkError, match="nowhere.invalid:14550"):
            await open_udp(Router(), targets=(("nowhere.invalid", 14550),))

    asyncio.run(scene())


def test_a_client_that_takes_nothing_is_cut_off(monkeypatch):
    """Its frames are dropped, never kept: nobody else waits for it, and memory stays bounded."""
    monkeypatch.setattr("longwatch.mavlink.links.STUCK_S", 0.0)

    async def scene():
        router = Router()
        port = await open_tcp(router, (HOME, 0))
        with socket.create_connection(port.address) as idle:
            await until(lambda: len(router.links) == 1)
            link, = router.links.values()
            text = mavlink.MAVLink_encapsulated_data_message(1, [1] * 253)
            for _ in range(100_000):
                router.send(text, 1, 1)
                if link.sent.dropped > 1:
                    break
            await until(lambda: not router.links)
            idle.close()
        port.close()

    asyncio.run(scene())
