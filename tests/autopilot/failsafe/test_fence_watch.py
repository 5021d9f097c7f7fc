"""A breach is seen while there is still a turn that avoids it; turns checked by geodesics."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from matplotlib.path import Path

from longwatch.autopilot.aboard import fence
from longwatch.autopilot.aboard.fence import POLYGON_EXCLUSION, POLYGON_INCLUSION, FenceVertex
from longwatch.autopilot.aboard.settings import standard_settings
from longwatch.autopilot.control.guidance import CIRCLE, GuidanceState
from longwatch.autopilot.failsafe import fence_watch
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.failsafe.fence_watch import FenceState
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef

EARTH, GEODESIC = WGS84[0], Geodesic.WGS84
INTERVAL, MARGIN = 0.5, 150.0
SPEED, WIND = 45.0, (8.0, -9.0)
STRAIGHT = GuidanceState.zeros()[0]


@pytest.fixture
def settings():
    made = standard_settings()
    made["fence_margin"] = MARGIN
    return made[0]


def local(centre, place):
    """East and north [m] of a place, azimuthal equidistant about the centre."""
    line = GEODESIC.Inverse(*centre, *place)
    bearing = math.radians(line["azi1"])
    return line["s12"] * math.sin(bearing), line["s12"] * math.cos(bearing)


def around(centre, bearing, distance):
    there = GEODESIC.Direct(*centre, bearing, distance)
    return there["lat2"], there["lon2"]


def polygon(corners, kind=POLYGON_INCLUSION):
    zone = FenceVertex.zeros(len(corners))
    zone["kind"], zone["count"] = kind, len(corners)
    zone["latitude"], zone["longitude"] = np.radians(corners).T
    fence.prepare(zone, EARTH)
    return zone


def look(state, zones, settings, estimate, sheet, time, path=STRAIGHT):
    fence_watch.observe(state, zones, settings, estimate, path, estimate.air.true_airspeed, sheet,
                        EARTH, time, INTERVAL, False)


def fly_on(put, sheet, settings, zones, start, course, seconds):
    """Straight on over the ground until a breach is seen; the state, and where it was then."""
    state, place = FenceState.zeros()[0], start
    velocity = (SPEED * math.cos(course) + WIND[0], SPEED * math.sin(course) + WIND[1])
    speed, track = math.hypot(*velocity), math.degrees(math.atan2(velocity[1], velocity[0]))
    for tick in range(round(seconds / INTERVAL)):
        place = around(start, track, speed * INTERVAL * tick)
        estimate = put(*np.radians(place), 2000.0, math.radians(track), speed)
        estimate.mass, estimate.roll = 600.0, 0.0
        estimate.air.true_airspeed, estimate.air.calibrated_airspeed = SPEED, 40.0
        estimate.wind_north, estimate.wind_east = WIND
        look(state, zones, settings, estimate, sheet, tick * INTERVAL)
        if state.level:
            break
    return state, place, track, speed


def gaps(centre, corners, state, inside):
    """How far the points of the turn keep from the polygon [m], by a plane about its centre."""
    outline = [local(centre, c) for c in corners]
    shape = Path(outline, closed=False)
    turn = np.degrees((state.latitude, state.longitude))
    for bearing in range(0, 360, 3):
        x, y = local(centre, around(turn, bearing, state.radius))
        assert shape.contains_point((x, y)) == inside
        least = math.inf
        for (ax, ay), (bx, by) in zip(outline, outline[1:] + outline[:1], strict=True):
            length2 = (bx - ax) ** 2 + (by - ay) ** 2
            share = min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2, 0.0), 1.0)
            least = min(least, math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)))
        yield least


@pytest.mark.parametrize("centre", [(41.2, 28.0), (0.0, 180.0), (89.9, 30.0)])
@pytest.mark.parametrize("course", [0.3, 1.9, 3.3, 5.1])
def test_the_last_turn_inside_a_polygon_is_seen_and_keeps_the_margin(put, sheet, settings, centre,
                                                                     course):
    corners = [around(centre, b, 7000.0 + 2000.0 * math.sin(3.0 * b)) for b in range(0, 360, 40)]
    state, place, track, speed = fly_on(put, sheet, settings, polygon(corners), centre, course,
                                        300.0)
    assert state.level == failsafes.AHEAD
    # Seen in the last half second in which a turn keeps the margin: not later, and not before.
    late = speed * INTERVAL
    kept = min(gaps(centre, corners, state, True))
    assert MARGIN - late - 1.0 <= kept <= MARGIN + 1.0
    # The circle touches the track ahead, where a turn takes hold.
    touch = around(place, track, speed * (fence_watch.ROLL_IN + INTERVAL))
    turn = np.degrees((state.latitude, state.longitude))
    line = GEODESIC.Inverse(*touch, *turn)
    assert line["s12"] == pytest.approx(state.radius, abs=1.0)
    assert math.cos(math.radians(line["azi1"] - track - 90.0 * state.side)) == pytest.approx(
        1.0, abs=1e-3)


def test_an_exclusion_zone_ahead_is_turned_away_from(put, sheet, settings):
    centre = (41.2, 28.0)
    corners = [around((41.25, 28.1), b, 1500.0) for b in (10, 100, 190, 280)]
    zones = polygon(corners, POLYGON_EXCLUSION)
    course = math.radians(GEODESIC.Inverse(*centre, 41.25, 28.1)["azi1"])
    velocity = np.array([math.cos(course), math.sin(course)])
    # Crab into the wind so that the track leads to it.
    across = WIND[1] * velocity[0] - WIND[0] * velocity[1]
    state, _, _, speed = fly_on(put, sheet, settings, zones, centre,
                                course - math.asin(across / SPEED), 400.0)
    assert state.level == failsafes.AHEAD
    assert MARGIN - speed * INTERVAL - 1.0 <= min(
        gaps(centre, corners, state, False)) <= MARGIN + 1.0


def test_a_track_along_the_fence_is_no_breach(put, sheet, settings):
    corners = [(41.0, 27.0), (41.0, 29.0), (41.5, 29.0), (41.5, 27.0)]
    # 300 m inside the southern edge, which bulges north between its corners; flown as the crow.
    edge = GEODESIC.InverseLine(41.0, 27.0, 41.0, 29.0)
    at = edge.Position(0.45 * edge.s13)
    start = around((at["lat2"], at["lon2"]), at["azi2"] - 90.0, 300.0)
    course = math.radians(at["azi2"])
    across = WIND[1] * math.cos(course) - WIND[0] * math.sin(course)
    state, *_ = fly_on(put, sheet, settings, polygon(corners), start,
                       course - math.asin(across / SPEED), 120.0)
    assert state.level == 0
    assert 0.0 < state.clearance < 400.0


def test_a_circle_that_is_flown_is_a_way_out_itself(put, sheet, settings):
    """Heading for the fence on a circle that keeps 200 m: no breach; flown straight on, one."""
    centre = (41.2, 28.0)
    zones = polygon([around(centre, b, 1100.0 * math.sqrt(2.0)) for b in (45, 135, 225, 315)])
    place = around(centre, 235.0, 900.0)
    estimate = put(*np.radians(place), 2000.0, math.radians(325.0), 60.0)
    estimate.mass, estimate.air.calibrated_airspeed = 600.0, 40.0
    path = GuidanceState.zeros()[0]
    path.kind, path.radius, path.direction = CIRCLE, 900.0, 1.0
    path.centre_ecef[:] = geodetic_to_ecef(EARTH, *np.radians(centre), 0.0)
    levels = []
    for flown in (path, STRAIGHT):
        state = FenceState.zeros()[0]
        state.released = True
        look(state, zones, settings, estimate, sheet, 0.0, flown)
        levels.append((int(state.level), float(state.escape)))
    assert levels[0] == (0, pytest.approx(200.0, abs=2.0))
    assert levels[1][0] == failsafes.AHEAD and levels[1][1] < MARGIN


def test_outside_is_seen_and_coming_back_in_is_left_alone(put, sheet, settings):
    centre = (41.2, 28.0)
    corners = [around(centre, b, 9000.0) for b in range(0, 360, 30)]
    zones, state = polygon(corners), FenceState.zeros()[0]
    levels = []
    for tick in range(600):
        place = around(centre, 180.0, 10000.0 - 40.0 * INTERVAL * tick)
        estimate = put(*np.radians(place), 2000.0, 0.0, 40.0)
        estimate.mass, estimate.air.calibrated_airspeed = 600.0, 40.0
        look(state, zones, settings, estimate, sheet, tick * INTERVAL)
        levels.append(int(state.level))
    # 10 km to 9 km out: outside; from there on homeward, to the middle and on to its far side.
    first = next(i for i, level in enumerate(levels) if level == 0)
    assert set(levels[:first]) == {failsafes.OUTSIDE}
    assert 10000.0 - 40.0 * INTERVAL * first == pytest.approx(9000.0, abs=350.0)
    assert not any(levels[first:])
    assert state.released


@pytest.mark.parametrize(("altitude", "climb", "level"), [
    (2000.0, 0.0, 0), (2950.0, 0.0, 0), (2950.0, 4.0, failsafes.AHEAD), (3001.0, 0.0, 2),
    (1100.0, -4.0, 0), (1050.0, -4.0, failsafes.AHEAD), (1050.0, 0.0, 0), (999.0, 0.0, 2)])
def test_ceiling_and_floor_are_seen_as_far_as_levelling_off_takes(put, sheet, settings, altitude,
                                                                  climb, level):
    settings.fence_ceiling, settings.fence_floor = 3000.0, 1000.0
    state, nothing = FenceState.zeros()[0], FenceVertex.zeros(0)
    estimate = put(0.7, 0.5, 2000.0)
    look(state, nothing, settings, estimate, sheet, 0.0)
    estimate.altitude_msl, estimate.climb_rate = altitude, climb
    look(state, nothing, settings, estimate, sheet, 1.0)
    assert state.height_level == level
    held = fence_watch.held_altitude(settings, estimate, sheet)
    assert 1000.0 < held < 3000.0


def test_turned_back_out_of_a_dive_it_levels_above_the_ground(put, sheet, settings):
    """At 49 m, sinking at 9 m/s: 65 m further down it would come level below the ground."""
    estimate = put(0.7, 0.5, 203.0)
    estimate.climb_rate = -9.0
    assert fence_watch.held_altitude(settings, estimate, sheet) < 154.0
    estimate.ground_valid, estimate.height_above_ground = True, 49.0
    assert fence_watch.held_altitude(settings, estimate, sheet) == pytest.approx(154.0 + 60.0)


def test_the_floor_counts_once_it_has_been_passed(put, sheet, settings):
    settings.fence_floor = 1000.0
    state, nothing = FenceState.zeros()[0], FenceVertex.zeros(0)
    estimate = put(0.7, 0.5, 400.0)
    levels = []
    for altitude in (400.0, 900.0, 1040.0, 990.0):
        estimate.altitude_msl = altitude
        look(state, nothing, settings, estimate, sheet, 0.0)
        levels.append(int(state.height_level))
    assert levels == [0, 0, 0, failsafes.OUTSIDE]


def test_nothing_is_missed_by_looking_again_only_when_it_could_matter(put, sheet, settings):
    centre = (41.2, 28.0)
    corners = [around(centre, b, 30e3) for b in range(0, 360, 30)]
    zones = polygon(corners)
    often, seldom = FenceState.zeros()[0], FenceState.zeros()[0]
    looks = 0
    for tick in range(1400):
        estimate = put(*np.radians(around(centre, 70.0, 45.0 * INTERVAL * tick)), 2000.0,
                       math.radians(70.0), 45.0)
        estimate.mass, estimate.air.calibrated_airspeed = 600.0, 40.0
        often.look_at = 0.0
        looks += seldom.look_at <= tick * INTERVAL
        for state in (often, seldom):
            look(state, zones, settings, estimate, sheet, tick * INTERVAL)
        assert often.level == seldom.level
    assert often.level == failsafes.OUTSIDE
    assert looks < 400


def head_on(put, distance, roll=0.0, speed=SPEED):
    """Due north towards the edge of a wide polygon, in calm air: navigation and zones."""
    corners = [(40.0, 27.0), (40.0, 29.0), (41.5, 29.0), (41.5, 27.0)]
    north = GEODESIC.Direct(41.5, 28.0, 180.0, distance)
    # The edge is a great circle, which bulges to the north between its corners.
    edge = GEODESIC.InverseLine(41.5, 27.0, 41.5, 29.0)
    bulge = GEODESIC.Inverse(41.5, 28.0, edge.Position(0.5 * edge.s13)["lat2"], 28.0)["s12"]
    place = GEODESIC.Direct(north["lat2"], 28.0, 0.0, bulge)
    estimate = put(*np.radians((place["lat2"], 28.0)), 2000.0, 0.0, speed)
    estimate.mass, estimate.roll = 600.0, roll
    estimate.air.true_airspeed, estimate.air.calibrated_airspeed = speed, speed / 1.1
    estimate.wind_north = estimate.wind_east = 0.0
    return estimate, polygon(corners)


def test_a_turn_that_is_banked_already_takes_hold_at_once(put, sheet, settings):
    """Head on at a straight edge: what is left is the distance less the way until it turns, less
    the radius; 2.5 s of level flight before a turn, none in it, and longer out of the other one."""
    left = {}
    for roll in (0.0, 0.45, -0.45):
        estimate, zones = head_on(put, 2000.0, roll)
        state = FenceState.zeros()[0]
        look(state, zones, settings, estimate, sheet, 0.0)
        left[roll] = 2000.0 - float(state.escape) - float(state.radius)
        assert roll == 0.0 or state.side == math.copysign(1.0, roll)
    assert left[0.0] == pytest.approx(SPEED * (2.5 + INTERVAL), abs=3.0)
    assert [left[0.45], left[-0.45]] == pytest.approx([SPEED * INTERVAL] * 2, abs=3.0)


def test_the_way_out_is_as_wide_as_the_speed_without_its_gusts_asks_for(put, sheet, settings):
    estimate, zones = head_on(put, 4000.0)
    radii = {}
    for airspeed in (30.0, 45.0, 60.0):
        state = FenceState.zeros()[0]
        fence_watch.observe(state, zones, settings, estimate, STRAIGHT, airspeed, sheet, EARTH,
                            0.0, INTERVAL, False)
        radii[airspeed] = float(state.radius), float(state.speed)
    share = 9.80665 * math.tan(0.7 * float(sheet.limits.bank_maximum))
    assert radii[60.0][0] == pytest.approx(60.0**2 / share, rel=1e-6)
    assert radii[45.0][0] == pytest.approx(45.0**2 / share, rel=1e-6)
    # However slow it is now, it will be flown at its least speed en route.
    least = fence_watch.least_speed(estimate, sheet)
    assert radii[30.0][1] == pytest.approx(max(least, 30.0 / 1.0 * radii[45.0][1] / 45.0))


@pytest.mark.parametrize("seconds", [5.0, 60.0])
def test_it_looks_again_before_a_faster_aircraft_could_be_there(put, sheet, settings, seconds):
    """Far off and slow it looks seldom; sped up to 60 m/s meanwhile, the turn is still there."""
    estimate, zones = head_on(put, 2500.0 + 60.0 * seconds, speed=30.0)
    state = FenceState.zeros()[0]
    look(state, zones, settings, estimate, sheet, 0.0)
    assert state.level == 0
    fast = 60.0**2 / (9.80665 * math.tan(0.7 * float(sheet.limits.bank_maximum)))
    reached = state.clearance - 60.0 * state.look_at
    assert reached - (2.5 + INTERVAL) * 60.0 - fast >= MARGIN


def test_on_the_ground_it_is_seen_to_stand_outside(put, settings):
    town = polygon([(40.99, 27.99), (40.99, 28.01), (41.01, 28.01), (41.01, 27.99)],
                   POLYGON_EXCLUSION)
    levels = []
    for place, ceiling in (((41.0, 28.0), 0.0), ((41.2, 28.0), 0.0), ((41.2, 28.0), 100.0)):
        settings.fence_ceiling = ceiling
        state = FenceState.zeros()[0]
        fence_watch.observe_standing(state, town, settings, put(*np.radians(place), 150.0), EARTH)
        levels.append((int(state.level), int(state.height_level)))
    assert levels == [(failsafes.OUTSIDE, 0), (0, 0), (0, failsafes.OUTSIDE)]


def test_gusts_do_not_end_a_floor_ahead(put, sheet, settings):
    settings.fence_floor = 1000.0
    state, nothing = FenceState.zeros()[0], FenceVertex.zeros(0)
    estimate = put(0.7, 0.5, 1200.0)
    look(state, nothing, settings, estimate, sheet, 0.0)
    levels = []
    for altitude, climb in ((1050.0, -4.0), (1036.0, 0.5), (1034.0, -0.5), (1060.0, 0.5)):
        estimate.altitude_msl, estimate.climb_rate = altitude, climb
        look(state, nothing, settings, estimate, sheet, 1.0)
        levels.append(int(state.height_level))
    assert levels == [failsafes.AHEAD, failsafes.AHEAD, failsafes.AHEAD, 0]
    assert fence_watch.held_altitude(settings, put(0.7, 0.5, 1010.0), sheet) == 1060.0
