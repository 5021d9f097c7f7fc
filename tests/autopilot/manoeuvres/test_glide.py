"""Without power: speeds and heights against closed forms and against analysis/performance."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.analysis import envelope
from longwatch.autopilot.aboard.plan import PlanRunway
from longwatch.autopilot.manoeuvres import glide_polar, reach
from longwatch.autopilot.manoeuvres.reach import ReachState
from longwatch.earth.geodesics import destination
from longwatch.planning.performance import Performance


@pytest.fixture(scope="module")
def akinci():
    return load_datasheet("akinci").datasheet[0]


@pytest.mark.parametrize(("aircraft", "mass"), [("tb2", 450.0), ("tb2", 700.0),
                                                ("akinci", 3200.0), ("akinci", 6000.0)])
@pytest.mark.parametrize("altitude", [300.0, 4000.0])
def test_glide_ratio_is_that_of_the_performance_tables(aircraft, mass, altitude):
    sheet = load_datasheet(aircraft).datasheet[0]
    computed = Performance(sheet)
    stall, ratio = computed.stall_speed(mass), computed.density(altitude) / 1.225
    how = "feathered" if sheet.propeller.feathering else "windmilling"
    for factor in (1.15, 1.25, 1.35):
        speed = factor * stall
        # The tables add what the speed shed on the way down carries; here glides are steady.
        expected = (envelope.glide_at(computed, mass, speed, altitude, how)
                    / computed.acceleration_factor(speed, altitude))
        # As there, the governor holds nothing back.
        found = glide_polar.glide_ratio(sheet, mass, speed, ratio, 1.0, 0.0,
                                        float(sheet.engine.continuous_speed))
        assert found == pytest.approx(expected, rel=0.005)


def test_best_speed_is_the_parabolic_polars(akinci):
    """Feathered drag adds to CD0: CL = sqrt((CD0 + A/S) pi e AR), Anderson eq. 5.36."""
    mass, area = 5000.0, float(akinci.geometry.wing_area)
    parasite = (float(akinci.aerodynamics.CD0)
                + 2 * float(akinci.propeller.feathered_drag_area) / area)
    aspect = float(akinci.geometry.span) ** 2 / area
    CL = math.sqrt(parasite * math.pi * float(akinci.aerodynamics.oswald) * aspect)
    expected = math.sqrt(2 * mass * 9.80665 / (1.225 * area * CL))
    stall = Performance(akinci).stall_speed(mass)
    found = glide_polar.best_speed(akinci, mass, stall, 1.0, 0.0, 0.0)
    # It is looked for in steps of 0.03 stall speeds; the optimum is flat.
    assert found == pytest.approx(expected, abs=0.017 * stall)
    ratio = glide_polar.glide_ratio(akinci, mass, found, 1.0, 1.0, 0.0, 0.0)
    assert ratio == pytest.approx(CL / (2 * parasite), rel=1e-3)


def test_a_headwind_asks_for_more_speed(akinci):
    stall = Performance(akinci).stall_speed(5000.0)
    still, against = (glide_polar.best_speed(akinci, 5000.0, stall, 1.0, wind, 0.0)
                      for wind in (0.0, 20.0))
    assert against > still + 3.0


def test_a_standing_propeller_does_not_drag():
    sheet = load_datasheet("tb2").datasheet[0]
    assert glide_polar.propeller_area(sheet, 35.0, 1.2, 0.0) == 0.0
    # Held back by its governor it drags less, the more so the faster it would turn.
    fine = glide_polar.propeller_area(sheet, 50.0, 1.2, 576.0)
    held = glide_polar.propeller_area(sheet, 50.0, 1.2, 356.0)
    assert 0.05 < held < 0.5 * fine


def test_ground_speed_solves_the_wind_triangle():
    # 40 m/s through the air, 12 m/s from the side: 38.16 m/s; from ahead 28, from behind 52.
    assert glide_polar.ground_speed(40.0, 0.0, 12.0, 0.0) == pytest.approx(math.sqrt(1456.0))
    assert glide_polar.ground_speed(40.0, -12.0, 0.0, 0.0) == pytest.approx(28.0)
    assert glide_polar.ground_speed(40.0, -12.0, 0.0, math.pi) == pytest.approx(52.0)


def test_a_circle_in_wind_costs_the_integral():
    """Of airspeed over ground speed round the circle, by a thousand steps."""
    airspeed, wind, radius, ratio = 40.0, 15.0, 500.0, 10.0
    courses = (np.arange(1000) + 0.5) * 2 * math.pi / 1000
    speeds = [glide_polar.ground_speed(airspeed, wind, 0.0, course) for course in courses]
    expected = radius * 2 * math.pi / 1000 * sum(airspeed / speed for speed in speeds) / ratio
    found = glide_polar.lost_turning(radius, 0.3, 2 * math.pi, airspeed, ratio, wind, 0.0)
    assert found == pytest.approx(expected, rel=0.005)


@pytest.fixture
def ways():
    """Ways of an aircraft in still air at a glide of ten, turning on 500 m."""
    state = ReachState.zeros()[0]
    state.airspeed = state.turn_airspeed = 40.0
    state.ratio = state.turn_ratio = state.final_ratio = 10.0
    state.radius, state.final = 500.0, 1500.0
    return state


def test_straight_way_home_costs_its_length(ways):
    """On the centreline 10 km out and pointing in: the height is the distance over the ratio."""
    ways.x, ways.y, ways.heading = -10000.0, 0.0, 0.0
    assert reach.lost_by_circle(ways, 1, ways.final) == pytest.approx(1000.0, rel=0.002)


def test_from_abeam_it_is_half_a_circle_and_the_final(ways):
    """Abeam the gate on the downwind side: half a circle of 500 m, then 1500 m of final."""
    ways.x, ways.y, ways.heading = -1500.0, 1000.0, math.pi
    expected = (math.pi * 500.0 + 1500.0) / 10.0
    assert reach.lost_by_circle(ways, 1, ways.final) == pytest.approx(expected, rel=0.001)
    assert reach.least_lost(ways) == pytest.approx(expected, rel=0.001)
    assert ways.side == 1


def test_from_the_circle_a_base_leg_uses_up_what_no_whole_circle_can(ways):
    """Wherever it leaves the circle at the gate, the widest base leg costs a circle more."""
    for bearing in np.arange(12) * math.pi / 6:
        ways.x = -ways.final + 500.0 * math.cos(bearing)
        ways.y = 500.0 + 500.0 * math.sin(bearing)
        ways.heading = math.remainder(bearing + 0.5 * math.pi, 2 * math.pi)
        costs = [reach.lost_by_base(ways, 1, wide)
                 for wide in np.linspace(0.0, reach.WIDEST * 500.0, 16)]
        assert np.all(np.diff(costs) > 0.0)
        assert costs[-1] - costs[0] > reach.lost_in_a_circle(ways)


def test_runway_axes(estimate, put, earth):
    """3 km short of a runway that points north-east, 400 m to the right of its centreline."""
    runway = PlanRunway.zeros(1)
    course = math.radians(45.0)
    threshold = (math.radians(41.0), math.radians(28.0))
    far = destination(*threshold, course, 2500.0)
    runway[0].latitude[:] = threshold[0], far[0]
    runway[0].longitude[:] = threshold[1], far[1]
    runway[0].elevation_msl[:], runway[0].aiming_distance = 100.0, 300.0
    short = destination(*threshold, course + math.pi, 2700.0)
    put(*destination(*short, course + 0.5 * math.pi, 400.0), height=800.0, course=course + 0.2)
    state = ReachState.zeros()[0]
    reach.look_at(state, runway, 0, 0, estimate, earth)
    assert state.x == pytest.approx(-3000.0, abs=3.0)
    assert state.y == pytest.approx(400.0, abs=3.0)
    assert state.heading == pytest.approx(0.2, abs=1e-3)
    assert (state.length, state.elevation) == pytest.approx((2500.0, 100.0), abs=3.0)


def test_rank_puts_wind_before_length(ways):
    sheet = load_datasheet("tb2").datasheet[0]
    ways.course, ways.length, ways.wind_north = 0.0, 3000.0, -5.0
    into_wind = reach.rank(ways, 25.0, sheet.limits)
    ways.length = 500.0
    short = reach.rank(ways, 25.0, sheet.limits)
    ways.length, ways.wind_north = 3000.0, 5.0
    with_it = reach.rank(ways, 25.0, sheet.limits)
    assert into_wind == 0 < short < with_it
