"""The two older messages that set home and the origin, against where the aircraft stands."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import Bench


def test_home_is_moved_by_its_message_and_told():
    bench = Bench()
    bench.receive(mavlink.MAVLink_set_home_position_message(
        1, 412000000, 279000000, 160000, 0, 0, 0, (1.0, 0.0, 0.0, 0.0), 0, 0, 0))
    bench.poll(0.1)
    home = bench.craft.home
    assert math.degrees(home.latitude) == pytest.approx(41.2, abs=1e-7)
    assert math.degrees(home.longitude) == pytest.approx(27.9, abs=1e-7)
    assert home.altitude_msl == pytest.approx(160.0)
    assert bench.last("HOME_POSITION").latitude == 412000000


def test_the_origin_of_local_coordinates_stays_and_is_told():
    bench = Bench()
    before = bench.craft.home
    bench.receive(mavlink.MAVLink_set_gps_global_origin_message(1, 412000000, 279000000, 160000))
    told = bench.last("GPS_GLOBAL_ORIGIN")
    assert told.latitude * 1e-7 == pytest.approx(math.degrees(before.latitude), abs=1e-6)
    assert bench.craft.home == before
