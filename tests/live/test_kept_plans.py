"""Plans outlive a run under a state folder alone."""

from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink

RALLY = mavlink.MAV_MISSION_TYPE_RALLY


def upload(server, station, system, count):
    """Rally points by a client in memory; the result of the MISSION_ACK."""
    station.send(mavlink.MAVLink_mission_count_message(system, 1, count, RALLY))
    for number in range(count):
        station.send(mavlink.MAVLink_mission_item_int_message(
            system, 1, number, 0, mavlink.MAV_CMD_NAV_RALLY_POINT, 0, 1, 0, 0, 0, 0,
            411300000 + number, 279000000, 500, RALLY))
    server.wait(0.02)
    return station.take("MISSION_ACK")[-1].type


def counted(server, station, system):
    station.take()
    station.send(mavlink.MAVLink_mission_request_list_message(system, 1, RALLY))
    return station.take("MISSION_COUNT")[-1].count


def test_each_aircraft_keeps_its_own(tmp_path):
    with Server(count=2, state=tmp_path) as server:
        station = server.client()
        server.step(1.5)
        assert upload(server, station, 1, 3) == upload(server, station, 2, 5) == 0
    with Server(count=2, state=tmp_path) as server:
        station = server.client()
        server.wait(0.1)
        assert [counted(server, station, system) for system in (1, 2)] == [3, 5]
        assert len(server[1].simulation.loaded.rally) == 5
    with Server(count=2) as server:
        station = server.client()
        server.wait(0.1)
        assert [counted(server, station, system) for system in (1, 2)] == [0, 0]
