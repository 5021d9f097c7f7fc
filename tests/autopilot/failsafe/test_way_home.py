"""A loiter of the plan on the way home, as it is told before an order and after it."""

import math

import pytest

from longwatch.aircraft.formulas import STEEPEST_DESCENT
from longwatch.autopilot.aboard import plan
from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.failsafe import homeward, way_home
from longwatch.autopilot.failsafe.homeward import WayState
from longwatch.autopilot.failsafe.steady_flight import NEVER
from longwatch.autopilot.failsafe.way_down import SURELY
from longwatch.autopilot.manoeuvres import mission
from longwatch.autopilot.system import AutopilotState

RADIUS, FLOOR, SPEED = 1500.0, 800.0, 40.0
HERE = {"latitude": 41.0, "longitude": 28.0, "radius": RADIUS}
TO_ALTITUDE = {"command": plan.LOITER_TO_ALT, **HERE, "altitude_msl": FLOOR}
LANDING = {"command": plan.LAND, "latitude": 41.3, "longitude": 28.0}


@pytest.fixture
def around(sheet, earth, put, make_items):
    """Way to the end of a loiter before a landing, from its northern point or so far north of it.

    At the northern point on its course, clockwise; ``away`` [m] from the centre towards that.
    """
    autopilot = AutopilotState.zeros()[0]
    autopilot.engines.working, autopilot.engines.power_limit = int(sheet.engine.count), 1e12

    def around(item, altitude=FLOOR, told=UNTOLD, wind=0.0, away=0.0):
        at = put(math.radians(41.0) + (away or RADIUS) / 6.3655e6, math.radians(28.0), altitude,
                 math.pi if away else math.pi / 2, SPEED)
        at.mass, at.wind_north = 450.0, -wind
        way = WayState.zeros()[0]
        homeward.begin(way, at, sheet, earth, SPEED, 0.0, math.radians(41.0), math.radians(28.0))
        way.told_loiter = told
        way_home._loiter(way, autopilot, sheet, make_items(item, LANDING), 0, earth, 0.0, 0.0,
                         altitude, False)
        return way

    return around


@pytest.mark.parametrize("height", [60.0, 290.0, 333.0, 1652.0])
def test_a_loiter_is_told_to_end_where_the_descent_does(around, height):
    """It was told in pieces that passed the altitude by up to an eighth of a lap."""
    way = around(TO_ALTITUDE, FLOOR + height)
    steepest = (height - mission.ALTITUDE_TOLERANCE) / (STEEPEST_DESCENT * SURELY * RADIUS)
    assert way.loiter == pytest.approx(steepest, rel=0.02, abs=way_home.LEAST_PIECE)


@pytest.mark.parametrize("wind", [0.0, 15.0])
def test_a_loiter_in_time_or_turns_is_told_to_end_with_them(around, wind):
    by_time = around({"command": plan.LOITER_TIME, **HERE, "time": 1990.0}, wind=wind)
    assert by_time.time == pytest.approx(1990.0, abs=5.0)
    by_turns = around({"command": plan.LOITER_TURNS, **HERE, "turns": 3.0}, wind=wind)
    assert by_turns.loiter == pytest.approx(6.0 * math.pi, abs=0.06)
    assert around({"command": plan.LOITER_UNLIM, **HERE}).time >= NEVER


def test_a_loiter_before_a_landing_is_told_to_end_where_it_was_told_to(around):
    """After the order the descent is reckoned as steep as it is, and would have it end before."""
    before = around(TO_ALTITUDE, FLOOR + 1652.0)
    after = around(TO_ALTITUDE, FLOOR + 1652.0, told=before.loiter)
    assert after.loiter == pytest.approx(before.loiter, abs=1e-9)
    assert after.distance == pytest.approx(before.distance, rel=1e-6)


@pytest.mark.parametrize("item", [
    {**TO_ALTITUDE, "radius": 2500.0}, {"command": plan.LOITER_TURNS, **HERE, "turns": 0.0}])
def test_a_loiter_begins_near_its_circle_on_whatever_course(around, item):
    """Already as low as it asks for, it is left there, as it is flown (mission.py).

    It was told to be flown on onto the circle first, or by it: up to 2.3 km.
    """
    away = 20_000.0
    way = around(item, away=away)
    near = math.hypot(way.x, way.y) - item["radius"]
    assert near == pytest.approx(mission.capture_distance(item["radius"]), abs=100.0)
    assert way.loiter == 0.0


def test_what_is_turned_between_there_and_the_circle_counts(around):
    way = around({**TO_ALTITUDE, "radius": 2500.0}, FLOOR + 500.0, away=20_000.0)
    # From where it is captured to where it is done, seen from the circle's centre.
    captured = around({**TO_ALTITUDE, "radius": 2500.0}, away=20_000.0)
    swept = math.atan2(way.y, way.x) - math.atan2(captured.y, captured.x)
    assert way.loiter == pytest.approx(swept % (2.0 * math.pi), abs=0.02)
