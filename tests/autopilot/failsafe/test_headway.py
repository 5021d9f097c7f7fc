"""Speeds that the wind asks for: the wind triangle by hand."""

import pytest

from autopilot.conftest import place
from longwatch.autopilot.aboard.plan import PlanHeader
from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.guidance import GuidanceState
from longwatch.autopilot.manoeuvres import landing, phases
from longwatch.autopilot.system import AutopilotState


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


@pytest.fixture
def against(sheet, earth):
    """At sea level on a leg north, asked for no speed, with an engine; returns the state."""
    state = AutopilotState.zeros()[0]
    place(state.estimate, 0.7, 0.5, speed=40.0)
    state.estimate.mass, state.estimate.gauges.fuel_mass = 500.0, 60.0
    state.engines.working, state.engines.power_limit = 1, 1e12
    guidance.set_line(state.guidance, earth, 0.69, 0.5, 0.71, 0.5)
    guidance.follow(state.guidance, state.estimate, sheet.control)
    return state


def test_airspeed_is_raised_against_the_wind_en_route_and_on_the_glide_path(against, sheet):
    """By itself it flies some 36 m/s, 31 on final, and 6.5 more for gusts: 45 against 40."""
    header = PlanHeader.zeros()[0]
    calm = phases.cruise_speed(against, header, sheet)
    landing._fly_glide_path(against, sheet)
    final = float(against.guidance.speed_target)
    assert 25.0 < final < calm < 38.0
    against.estimate.wind_north = -40.0
    assert phases.cruise_speed(against, header, sheet) == pytest.approx(45.0)
    landing._fly_glide_path(against, sheet)
    assert against.guidance.speed_target == pytest.approx(45.0)


def test_no_airspeed_is_raised_beyond_what_is_held_level(against, sheet):
    against.estimate.wind_north = -70.0
    speed = phases.cruise_speed(against, PlanHeader.zeros()[0], sheet)
    assert 50.0 < speed < 60.0
