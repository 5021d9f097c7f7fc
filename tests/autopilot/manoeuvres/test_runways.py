"""Which runway, and which end of it: against the geodesic, the wind triangle and closed forms."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.aboard.plan import PlanRunway
from longwatch.autopilot.estimation.estimate import Estimate
from longwatch.autopilot.manoeuvres import runways
from longwatch.earth.frames import ned_to_ecef_matrix
from longwatch.earth.geodesics import destination
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef

EARTH, START = WGS84[0], (math.radians(41.0), math.radians(28.0))
COURSE, LENGTH = math.radians(40.0), 2500.0


@pytest.fixture(scope="module")
def sheet():
    return load_datasheet("tb2").datasheet[0]


def strips(*lengths):
    """Runways along one course, 20 km from each other to the east."""
    made = PlanRunway.zeros(len(lengths))
    for number, (row, length) in enumerate(zip(made, lengths, strict=True)):
        a = destination(*START, math.radians(90.0), 20000.0 * number)
        b = destination(*a, COURSE, length)
        row["latitude"], row["longitude"] = (a[0], b[0]), (a[1], b[1])
        row["width"], row["aiming_distance"] = 45.0, 300.0
    return made


def standing(place, heading=0.0, wind=(0.0, 0.0)):
    """The estimate of an aircraft at a place, at 500 kg in standard air."""
    state = Estimate.zeros(1)[0]
    state.latitude, state.longitude, state.heading = *place, heading
    state.position_ecef[:] = geodetic_to_ecef(EARTH, *place, 0.0)
    state.ned[:] = np.array(ned_to_ecef_matrix(*place)).ravel()
    state.wind_north, state.wind_east = wind
    state.mass, state.air.density_ratio = 500.0, 1.0
    return state


def test_the_nearest_one_that_is_long_enough(sheet):
    three, place = strips(LENGTH, 900.0, LENGTH), destination(*START, math.radians(90.0), 22000.0)
    state = standing(place)
    # Touching 700 m past the threshold at the touchdown speed, braked by 0.6 of what there is.
    stall = math.sqrt(2.0 * 500.0 * 9.80665 / (
        1.225 * sheet.geometry.wing_area * sheet.aerodynamics.CL_max))
    roll = (sheet.procedures.touchdown_factor * stall) ** 2 / (
        2.0 * 9.80665 * 0.6 * sheet.landing_gear.brake_friction)
    needed = runways.landing_length(state, sheet, three[1])
    assert needed == pytest.approx(700.0 + roll + 100.0, rel=1e-9) and needed > 900.0
    assert runways.nearest(three, state, sheet, EARTH, *place) == 2
    assert runways.nearest(three[1:2], state, sheet, EARTH, *place) == -1


@pytest.mark.parametrize(("from_deg", "end"), [(40.0, 0), (220.0, 1), (100.0, 0), (160.0, 1)])
def test_the_end_that_has_a_headwind(from_deg, end):
    angle = math.radians(from_deg)
    state = standing(START, wind=(-8.0 * math.cos(angle), -8.0 * math.sin(angle)))
    assert runways.into_wind(strips(LENGTH)[0], state, EARTH, -1) == end


def test_in_calm_air_the_end_that_lies_ahead():
    before = destination(*START, COURSE + math.pi, 9000.0)
    beyond = destination(*START, COURSE, 9000.0)
    assert runways.into_wind(strips(LENGTH)[0], standing(before), EARTH, -1) == 0
    assert runways.into_wind(strips(LENGTH)[0], standing(beyond), EARTH, -1) == 1


def test_lined_up_only_on_the_pavement_along_it_with_what_is_left_ahead():
    one = strips(LENGTH)
    on_it = destination(*START, COURSE, 700.0)
    index, end, left = runways.lined_up(one, standing(on_it, COURSE), EARTH)
    assert (index, end) == (0, 0) and left == pytest.approx(LENGTH - 700.0, abs=1.0)
    index, end, left = runways.lined_up(one, standing(on_it, COURSE - math.pi), EARTH)
    assert (index, end) == (0, 1) and left == pytest.approx(700.0, abs=1.0)
    assert runways.lined_up(one, standing(on_it, COURSE + 0.5), EARTH)[0] == -1
    aside = destination(*on_it, COURSE + math.radians(90.0), 30.0)
    assert runways.lined_up(one, standing(aside, COURSE), EARTH)[0] == -1
    before = destination(*START, COURSE, -20.0)
    assert runways.lined_up(one, standing(before, COURSE), EARTH)[0] == -1


@pytest.mark.parametrize(("along", "told", "end"), [
    (0.6, -1, 1), (0.6, 0, 0), (1.4, 0, 0), (1.6, 0, 1), (-1.4, 1, 1), (-1.6, 1, 0), (-9.0, 0, 0)])
def test_the_end_that_was_told_is_kept_to_until_the_wind_is_from_behind(along, told, end):
    assert runways.end_by(along, 1.0, told) == end


def test_a_take_off_with_the_wind_behind_takes_more_runway_up_to_the_lift_off(sheet):
    """From rest to v + w over the ground at the same force, then four seconds to lift off."""
    calm = standing(START)
    stall = math.sqrt(2.0 * 500.0 * 9.80665 / (
        1.225 * sheet.geometry.wing_area * sheet.aerodynamics.CL_max))
    rotation = sheet.procedures.rotation_factor * stall
    run = runways.takeoff_length(calm, sheet, 1) - 4.0 * rotation
    behind = runways.takeoff_length(standing(START, wind=(8.0, 0.0)), sheet, 1)
    assert behind == pytest.approx(
        run * (1.0 + 8.0 / rotation) ** 2 + 4.0 * (rotation + 8.0), rel=1e-9)
    # A head wind may drop: it is not counted on.
    assert runways.takeoff_length(standing(START, wind=(-8.0, 0.0)), sheet, 1) == (
        run + 4.0 * rotation)
    # On the roll, where half of the speed's square is still to be gained.
    rolling = runways.length_to_lift_off(calm, sheet, 1, rotation / math.sqrt(2.0), 0.0)
    assert rolling == pytest.approx(0.5 * run + 4.0 * rotation, rel=1e-9)
