"""Heights of the ground for vehicles that ask for them, and what is told where there are none."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.terrain_feed import posts
from station.peers.fakes import ArduPlane, Peers
from station.peers.recordings import said

EVERY = (1 << 56) - 1


class Asking(ArduPlane):
    """An ArduPlane that keeps what it is told of the ground."""

    def __init__(self):
        super().__init__()
        self.told = []

    def on_terrain_data(self, message):
        self.told.append(message)


def slope(latitude, longitude):
    return 1000.0 * (latitude - 41.0) + 500.0 * (longitude - 27.0)


async def ground(places):
    return [slope(*place) for place in places]


def test_the_recorded_request_is_answered_block_by_block(shared_data):
    """Heights of a plane slope at the places that the message's definition gives."""
    request = next(m for _, m in said(shared_data, "arduplane")
                   if m.get_type() == "TERRAIN_REQUEST")
    with Peers(Asking(), ground) as air:
        air.say(request)
        air.run(lambda: len(air.peer.told) == 56, 30.0)
        assert {m.gridbit for m in air.peer.told} == set(range(56))
        for message in air.peer.told:
            assert (message.lat, message.lon, message.grid_spacing) == (
                request.lat, request.lon, request.grid_spacing)
            # Blocks of 400 m: eight to the east, seven to the north; posts of 100 m in each.
            for i, height in enumerate(message.data):
                north = 400.0 * (message.gridbit // 8) + 100.0 * (i // 4)
                east = 400.0 * (message.gridbit % 8) + 100.0 * (i % 4)
                latitude = request.lat * 1e-7 + north / 111_319.0
                longitude = request.lon * 1e-7 + east / (
                    111_319.0 * math.cos(math.radians(request.lat * 1e-7)))
                assert height == pytest.approx(slope(latitude, longitude), abs=0.6)
        assert air.value("terrain_missing") is False


def test_only_blocks_that_are_asked_for_are_sent():
    with Peers(Asking(), ground) as air:
        air.say(mavlink.MAVLink_terrain_request_message(411293581, 279007409, 100, 0b1010))
        air.run(lambda: len(air.peer.told) == 2, 10.0)
        assert [m.gridbit for m in air.peer.told] == [1, 3]


def test_without_terrain_it_is_told_that_the_vehicle_asks_in_vain():
    with Peers(Asking()) as air:
        air.say(mavlink.MAVLink_terrain_request_message(411293581, 279007409, 100, EVERY))
        air.run(lambda: air.value("terrain_missing"), 5.0)
        assert "terrain_missing" in [alert["key"] for alert in air.vehicle.alerts.as_list()]
        air.run(seconds=70.0)
        assert air.value("terrain_missing") is False and air.peer.told == []


def test_a_block_with_an_unknown_height_is_not_sent():
    async def coast(places):
        return [None if place[1] > 27.905 else 7.0 for place in places]
    with Peers(Asking(), coast) as air:
        air.say(mavlink.MAVLink_terrain_request_message(411293581, 279007409, 100, EVERY))
        air.run(lambda: air.value("terrain_missing"), 5.0)
        air.run(seconds=5.0)
        assert 0 < len(air.peer.told) < 56
        assert all(set(m.data) == {7} for m in air.peer.told)


@pytest.mark.parametrize("spacing, lat, lon", [
    (0, 0, 0), (65535, 0, 0), (100, 910_000_000, 0), (100, 0, -2_000_000_000)])
def test_a_request_that_is_none_is_left_alone(spacing, lat, lon):
    with Peers(Asking(), ground) as air:
        air.say(mavlink.MAVLink_terrain_request_message(lat, lon, spacing, EVERY))
        air.run(seconds=5.0)
        assert air.peer.told == []


def test_posts_near_a_pole_are_places():
    for bit in (0, 55):
        for latitude, longitude in posts(899_900_000, 0, 100.0, bit):
            assert abs(latitude) < 90.2 and math.isfinite(longitude)
