"""The approach as it is told, before an order and after it."""

import math

import pytest

from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.aboard.plan import PlanRunway
from longwatch.autopilot.failsafe import homeward, way_down
from longwatch.autopilot.failsafe.homeward import WayState
from longwatch.autopilot.system import AutopilotState

LENGTH = 3000.0


@pytest.fixture
def reckon(sheet, earth, put):
    """Lands to the north at sea level, from a place before the threshold and east of it [m]."""
    runway = PlanRunway.zeros()[0]
    runway.latitude[:] = math.radians(41.0), math.radians(41.0) + LENGTH / 6.3655e6
    runway.longitude[:] = math.radians(28.0)
    runway.aiming_distance = 300.0
    autopilot = AutopilotState.zeros()[0]
    autopilot.engines.working, autopilot.engines.power_limit = int(sheet.engine.count), 1e12

    def reckon(south, east, altitude, course, told=UNTOLD, circle=UNTOLD, flown=0.0, wind=0.0):
        at = put(math.radians(41.0) - south / 6.3655e6,
                 math.radians(28.0) + east / (6.3881e6 * math.cos(math.radians(41.0))),
                 altitude, course, 40.0)
        at.mass, at.wind_north = 450.0, -wind
        way = WayState.zeros()[0]
        homeward.begin(way, at, sheet, earth, 0.0, 0.0, math.radians(41.0), math.radians(28.0))
        way.told, way.told_circle = told, circle
        way_down.land(way, autopilot, sheet, earth, runway, 0, flown)
        return way

    return reckon


@pytest.mark.parametrize(("south", "east", "altitude"), [
    (3000.0, 500.0, 700.0), (-2000.0, 3.0, 900.0), (9000.0, -290.0, 300.0)])
@pytest.mark.parametrize("change", [(0.0, 0.0, 0.0), (40.0, 5.0, 1.5), (-40.0, -5.0, -1.5)])
def test_what_is_told_before_an_order_is_told_after_it(reckon, south, east, altitude, change):
    """A second later, a little aside, with another wind felt: the same circle as often around."""
    aside, beside, gust = change
    course = 0.0 if south > 5000.0 else math.pi
    before = reckon(south, east, altitude, course, wind=12.0)
    after = reckon(south + aside, east + beside, altitude, course, before.around, before.circle,
                   wind=12.0 + gust)
    assert after.circle == before.circle
    assert after.distance == pytest.approx(before.distance, rel=0.05)


def test_a_lap_still_to_be_flown_is_told_at_the_gate_too(sheet, reckon):
    """Low, lined up and on the joining circle, as though it could go straight in."""
    gate = float(sheet.procedures.final_length) - 300.0
    way = reckon(gate, 0.0, 215.0, 0.0, told=2.0 * math.pi, circle=700.0, flown=700.0)
    assert way.around == pytest.approx(2.0 * math.pi, abs=0.1)
    assert way.distance == pytest.approx(2.0 * math.pi * 700.0 + gate + 300.0, rel=0.03)
