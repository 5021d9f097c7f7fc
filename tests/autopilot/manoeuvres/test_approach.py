"""The way to a runway against geodesics of an independent library."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.aboard.plan import PlanRunway
from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.guidance import GuidanceState
from longwatch.autopilot.manoeuvres import approach
from longwatch.autopilot.manoeuvres.approach import ApproachState

GEODESIC = Geodesic.WGS84
A, B = (41.129398, 27.905300), (41.147099, 27.932600)
ELEVATION = (152.4, 174.96)


@pytest.fixture
def runways():
    strips = PlanRunway.zeros(1)
    strips[0].latitude[:], strips[0].longitude[:] = np.radians((A[0], B[0])), np.radians(
        (A[1], B[1]))
    strips[0].elevation_msl[:] = ELEVATION
    strips[0].aiming_distance = 300.0
    return strips


@pytest.fixture
def state(runways, earth):
    chosen = ApproachState.zeros()[0]
    approach.select(chosen, runways, earth, 0, 0)
    return chosen


def place(put, end, along, right, altitude, turned=0.0):
    """Put the aircraft along the final course from the threshold, and to the right of it."""
    near, far = (A, B) if end == 0 else (B, A)
    course = GEODESIC.Inverse(*near, *far)["azi1"]
    on = GEODESIC.Direct(*near, course, along)
    # Direct with a negative distance keeps the azimuth of travel.
    at = GEODESIC.Direct(on["lat2"], on["lon2"], on["azi2"] + 90.0, right)
    return put(*np.radians((at["lat2"], at["lon2"])), altitude,
               course=math.radians(course + turned), speed=40.0)


@pytest.mark.parametrize("end", [0, 1])
def test_course_and_length_are_the_geodesics(runways, earth, end):
    state = ApproachState.zeros()[0]
    approach.select(state, runways, earth, 0, end)
    near, far = (A, B) if end == 0 else (B, A)
    line = GEODESIC.Inverse(*near, *far)
    assert math.degrees(state.course) == pytest.approx(line["azi1"], abs=1e-3)
    assert state.length == pytest.approx(line["s12"], abs=0.01)


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize(("along", "right"), [(-6000.0, 0.0), (-4000.0, 120.0), (500.0, -8.0)])
def test_place_against_the_runway(runways, earth, sheet, put, end, along, right):
    state = ApproachState.zeros()[0]
    approach.select(state, runways, earth, 0, end)
    estimate = place(put, end, along, right, 200.0)
    approach.measure(state, runways, estimate, sheet, earth)
    assert state.past_threshold == pytest.approx(along, abs=0.4)
    # Resolved in axes of the aircraft's own meridian, which is not quite the runway's: 1e-7/m.
    assert state.offset == pytest.approx(right, abs=0.1 + 1.2e-7 * along**2)
    assert state.to_aim == pytest.approx(300.0 - along, abs=0.4)
    near, far = ELEVATION if end == 0 else ELEVATION[::-1]
    aim = near + (far - near) * 300.0 / state.length
    path = aim + (300.0 - along) * math.tan(math.radians(3.0))
    assert state.path_altitude == pytest.approx(path, abs=0.05)


def test_gate_lies_on_the_glide_path(state, runways, sheet):
    aim = ELEVATION[0] + (ELEVATION[1] - ELEVATION[0]) * 300.0 / state.length
    assert approach.gate_altitude(state, runways, sheet) == pytest.approx(
        aim + 4000.0 * math.tan(math.radians(3.0)), abs=0.05)


@pytest.mark.parametrize("right", [5000.0, -5000.0])
def test_joining_circle_touches_the_centreline_at_the_gate(state, runways, earth, sheet, put,
                                                           right):
    path = GuidanceState.zeros()[0]
    approach.join(state, path, runways, place(put, 0, 2000.0, right, 1200.0, 180.0), sheet, earth,
                  38.0, UNTOLD)
    assert not state.on_final
    assert path.direction == math.copysign(1.0, right)
    # At the gate, flying the circle is flying the final course.
    gate = place(put, 0, 300.0 - sheet.procedures.final_length, 0.0, 400.0)
    guidance.follow(path, gate, sheet.control)
    assert path.cross_track == pytest.approx(0.0, abs=2.0)
    course = math.atan2(path.course_east, path.course_north)
    assert math.remainder(course - state.course, 2 * math.pi) == pytest.approx(0.0, abs=3e-3)


def test_radius_of_the_joining_circle_leaves_room_for_wind(put):
    estimate = put(0.7, 0.5, 500.0)
    estimate.wind_north, estimate.wind_east = 9.0, 12.0
    speed = 38.0 + 15.0
    assert approach.join_radius(estimate, 38.0) == pytest.approx(
        speed**2 / (9.80665 * math.tan(0.40)))


@pytest.mark.parametrize(("along", "right", "turned", "altitude", "straight"), [
    (-6000.0, 100.0, 5.0, 400.0, True), (-6000.0, 100.0, 5.0, 700.0, False),
    (-6000.0, 500.0, 5.0, 400.0, False), (-6000.0, 0.0, 90.0, 400.0, False),
    (-1500.0, 0.0, 0.0, 250.0, False), (3000.0, 0.0, 180.0, 300.0, False)])
def test_straight_in_only_where_it_can_be(state, runways, earth, sheet, put, along, right, turned,
                                          altitude, straight):
    path = GuidanceState.zeros()[0]
    approach.join(state, path, runways, place(put, 0, along, right, altitude, turned), sheet,
                  earth, 38.0, UNTOLD)
    assert bool(state.on_final) == straight
    assert state.attempts == 1
    assert (path.kind == guidance.LINE) == straight


@pytest.mark.parametrize(("right", "told", "circle"), [
    (200.0, UNTOLD, 1.0), (-200.0, UNTOLD, -1.0), (200.0, -1.1, -1.1), (-200.0, 0.95, 0.95),
    # Not wide enough any more in the wind by then; and on the other side for good.
    (200.0, 0.4, approach.KEPT_RADIUS), (-2000.0, 1.1, -1.1)])
def test_the_joining_circle_is_the_one_that_was_told(state, runways, earth, sheet, put, right, told,
                                                     circle):
    """Radii in terms of the one that the wind asks for now."""
    path, at = GuidanceState.zeros()[0], place(put, 0, 2000.0, right, 1200.0, 180.0)
    own = approach.join_radius(at, 38.0)
    approach.join(state, path, runways, at, sheet, earth, 38.0,
                  told if told == UNTOLD else told * own)
    assert path.direction * path.radius == pytest.approx(circle * own)


@pytest.mark.parametrize(("right", "turned", "told", "straight"), [
    (290.0, 5.0, UNTOLD, True), (290.0, 5.0, 700.0, False), (320.0, 28.0, UNTOLD, False),
    (320.0, 28.0, 0.0, True), (500.0, 5.0, 0.0, False)])
def test_straight_in_or_not_is_flown_as_told(state, runways, earth, sheet, put, right, turned, told,
                                             straight):
    path = GuidanceState.zeros()[0]
    approach.join(state, path, runways, place(put, 0, -6000.0, right, 400.0, turned), sheet, earth,
                  38.0, told)
    assert bool(state.on_final) == straight


@pytest.mark.parametrize(("course", "side", "left"), [
    (0.0, 1.0, 1.0), (0.0, -1.0, 2.0 * math.pi - 1.0), (0.9, 1.0, 0.1), (1.2, 1.0, -0.2),
    (1.3, 1.0, 2.0 * math.pi - 0.3), (0.8, -1.0, -0.2)])
def test_angle_to_the_gate_is_negative_just_behind_it(course, side, left):
    assert approach.to_gate(1.0, course, side) == pytest.approx(left)


@pytest.mark.parametrize(("left", "told", "flown"), [
    (1.0, 1.2, 1.0), (1.0, 1.0 + 4 * math.pi - 0.5, 1.0 + 4 * math.pi), (-0.2, 6.2, 6.08),
    (6.0, -0.1, 6.0), (6.0, 0.2, 6.0), (0.1, 6.2, 0.1 + 2 * math.pi)])
def test_as_many_laps_are_flown_as_come_nearest_to_what_was_told(left, told, flown):
    assert approach.as_told(left, told) == pytest.approx(flown, abs=0.01)


@pytest.mark.parametrize("laps", [0, 1, 3])
def test_the_joining_circle_is_left_at_the_gate_once_it_was_gone_around_as_told(
        state, runways, earth, sheet, put, laps):
    """Low enough all the way, which by itself would have it leave at the first passage."""
    path = GuidanceState.zeros()[0]
    approach.join(state, path, runways, place(put, 0, 2000.0, 5000.0, 1200.0, 180.0), sheet, earth,
                  38.0, UNTOLD)
    centre = -sheet.procedures.final_length + 300.0
    told, radius = 2.0 + 2.0 * math.pi * laps, float(path.radius)
    turned = 0.0
    for turned in np.arange(0.0, 30.0, 0.02):
        angle = 2.0 - turned
        at = place(put, 0, centre - radius * math.sin(angle), radius * (1.0 - math.cos(angle)),
                   300.0, -math.degrees(angle))
        guidance.follow(path, at, sheet.control)
        approach.measure(state, runways, at, sheet, earth)
        told = approach.around(state, path, at, told)
        if approach.gone_around(path, told) and approach.leave_circle(state, at, sheet, 1.0):
            break
    assert turned == pytest.approx(2.0 + 2.0 * math.pi * laps, abs=approach.LEAVE_COURSE + 0.03)


def test_after_approaches_that_came_to_nothing_a_wider_final_is_taken(
        state, runways, earth, sheet, put):
    wide = place(put, 0, -6000.0, 400.0, 400.0, 30.0)
    approach.measure(state, runways, wide, sheet, earth)
    assert not approach.leave_circle(state, wide, sheet, 1.0)
    assert approach.leave_circle(state, wide, sheet, 1e3)
