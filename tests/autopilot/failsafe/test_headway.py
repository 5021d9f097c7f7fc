"""Speeds that the wind asks for: the wind triangle by hand."""

import pytest

from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.guidance import GuidanceState
from longwatch.autopilot.manoeuvres import phases


@pytest.fixture
def path():
    state = GuidanceState.zeros()[0]
    state.kind, state.course_north, state.course_east = guidance.LINE, 1.0, 0.0
    return state


@pytest.mark.parametrize("north, east, airspeed", [
    (-40.0, 0.0, 45.0),   # ahead: wind and headway
    (40.0, 0.0, 0.0),     # behind: it carries along
    (0.0, 12.0, 13.0),    # across: 5, 12, 13
    (-31.0, 27.0, 45.0),  # 36, 27, 45
])
def test_airspeed_that_makes_way_on_a_leg(path, estimate, north, east, airspeed):
    estimate.air.density_ratio, estimate.wind_north, estimate.wind_east = 1.0, north, east
    assert phases.speed_needed(path, estimate, 5.0) == pytest.approx(airspeed)
    # Calibrated it is less in thin air, by the root of the density.
    estimate.air.density_ratio = 0.25
    assert phases.speed_needed(path, estimate, 5.0) == pytest.approx(0.5 * airspeed)


def test_on_a_circle_way_is_made_in_every_direction(path, estimate):
    path.kind, path.radius, path.cross_track = guidance.CIRCLE, 800.0, 10.0
    estimate.air.density_ratio, estimate.wind_north, estimate.wind_east = 1.0, 24.0, 32.0
    assert phases.speed_needed(path, estimate, 5.0) == pytest.approx(45.0)
