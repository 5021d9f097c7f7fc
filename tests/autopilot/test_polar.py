"""Near the poles: what heading is taken from, and north that turns under way."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from scipy.spatial.transform import Rotation

from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.aboard.plan import LOITER_TURNS, PlanHeader, PlanItem, PlanRunway
from longwatch.autopilot.control.guidance import GuidanceState, set_circle
from longwatch.autopilot.estimation import complementary_filter as module
from longwatch.autopilot.estimation import wind
from longwatch.autopilot.estimation.air_data import AirspeedCheckState
from longwatch.autopilot.estimation.complementary_filter import ComplementaryFilterState
from longwatch.autopilot.estimation.estimate import describe
from longwatch.autopilot.estimation.voting import VotedSamples
from longwatch.autopilot.manoeuvres import approach, mission
from longwatch.autopilot.manoeuvres.approach import ApproachState
from longwatch.earth.frames import ned_to_ecef_matrix, quaternion_ned_to_ecef
from longwatch.earth.geoid import geoid_table
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef
from longwatch.sensors.samples import MagnetometerSample, SystemsSample
from longwatch.simulation.vehicle import Magnetic

GEODESIC = Geodesic.WGS84


def uniform(north, east, down):
    """A field that is the same everywhere [nT]."""
    values = np.tile(np.array([north, east, down], float), (2, 2, 1))
    values.setflags(write=False)
    return Magnetic(values, 0.0, 0.0, math.radians(1.0))


def tilted(estimate, field, error_ned, force_ned, at=(1.2, 0.4)):
    """An estimate that is wrong by a small turn [rad, NED], level and north in truth.

    The specific force and the field are what a level aircraft feels.
    """
    ned = Rotation.from_quat(np.roll(quaternion_ned_to_ecef(*at), -1))
    wrong = ned * Rotation.from_rotvec(error_ned)
    estimate.attitude[:] = np.roll(wrong.as_quat(), 1)
    estimate.ned[:] = ned_to_ecef_matrix(*at)
    estimate.body_to_ned[:] = Rotation.from_rotvec(error_ned).as_matrix().ravel()
    estimate.specific_force_ecef[:] = wrong.apply(force_ned)
    compass = MagnetometerSample.zeros()[0]
    compass.valid, compass.field_body[:] = True, field
    turn = module._magnetic_turn(estimate, compass, uniform(*field), *at)
    return ned.inv().apply(turn)


@pytest.mark.parametrize("dip_deg", [0.0, 60.0, 80.0])
def test_field_tells_the_turn_about_the_specific_force_and_no_other(estimate, dip_deg):
    """A tilt of one degree would look like tan(80 deg) = 5.7 degrees of heading."""
    field = 55000.0 * np.array([math.cos(math.radians(dip_deg)), 0.0,
                                math.sin(math.radians(dip_deg))])
    force = (0.0, 0.0, -9.8)
    off = math.radians(1.0)
    heading = tilted(estimate, field, (0.0, 0.0, off), force)
    assert heading == pytest.approx((0.0, 0.0, -off), abs=1e-6)
    # Seen from a tilted estimate the field is off by the tilt; the turn stays about the force.
    for tilt in ((off, 0.0, 0.0), (0.0, off, 0.0)):
        turn = tilted(estimate, field, tilt, force)
        assert np.cross(turn, Rotation.from_rotvec(tilt).apply(force)) == pytest.approx(
            np.zeros(3), abs=1e-9)


def test_in_a_turn_the_field_is_held_against_the_force_that_is_felt(estimate):
    """Banked 30 deg at the magnetic pole itself: the field lies 30 deg off the specific force."""
    force = Rotation.from_euler("x", 30.0, degrees=True).apply((0.0, 0.0, -9.8 / math.cos(0.5236)))
    axis = force / np.linalg.norm(force)
    off = math.radians(2.0)
    field = (STRONG, 0.0, 54000.0)
    turn = tilted(estimate, field, off * axis, force)
    assert turn == pytest.approx(-off * axis, abs=1e-6)


STRONG = module.STRONG_FIELD + 1.0


@pytest.mark.parametrize(("horizontal", "weak"), [(5900.0, True), (6100.0, False)])
def test_weak_field_gives_no_heading(estimate, horizontal, weak):
    turn = tilted(estimate, (horizontal, 0.0, 55000.0),
                  (0.0, 0.0, 0.1), (0.0, 0.0, -9.8))
    assert estimate.magnetic_weak == weak
    assert (np.linalg.norm(turn) == 0.0) == weak


@pytest.mark.parametrize("end", [0, 1])
def test_aligned_with_the_runway_where_the_field_is_weak(estimate, end):
    a = (82.5, -62.3)
    far = GEODESIC.Direct(*a, 97.0, 1500.0)
    runway = PlanRunway.zeros(1)[0]
    runway.latitude[:] = np.radians((a[0], far["lat2"]))
    runway.longitude[:] = np.radians((a[1], far["lon2"]))
    voted, state = VotedSamples.zeros()[0], ComplementaryFilterState.zeros()[0]
    voted.gnss.valid = voted.magnetometer.valid = True
    voted.gnss.latitude, voted.gnss.longitude = runway.latitude[end], runway.longitude[end]
    state.standing_force[:] = 0.0, 0.0, -9.83
    module.align(state, estimate, voted, WGS84[0], uniform(3500.0, 0.0, 55000.0), runway, end)
    expected = 97.0 if end == 0 else far["azi2"] + 180.0
    body = Rotation.from_quat(np.roll(estimate.attitude, -1))
    ned = Rotation.from_quat(np.roll(quaternion_ned_to_ecef(
        runway.latitude[end], runway.longitude[end]), -1))
    heading = (ned.inv() * body).as_euler("ZYX", degrees=True)[0]
    assert math.remainder(heading - expected, 360.0) == pytest.approx(0.0, abs=0.01)


def test_wind_stays_while_north_turns(estimate):
    """From one side of the pole to the other: a wind from behind stays one from behind."""
    for start, end in ((0.5, 0.5 + math.pi), (0.1, 0.4)):
        estimate.ned[:] = ned_to_ecef_matrix(1.5700, start)
        frame = ned_to_ecef_matrix(1.5700, end)
        estimate.wind_north = estimate.mean_wind_north = 12.0
        estimate.wind_east = estimate.mean_wind_east = -5.0
        before = np.reshape(estimate.ned, (3, 3)) @ (12.0, -5.0, 0.0)
        wind.turn(estimate, frame)
        for north, east in ((estimate.wind_north, estimate.wind_east),
                            (estimate.mean_wind_north, estimate.mean_wind_east)):
            after = np.reshape(frame, (3, 3)) @ (north, east, 0.0)
            # The horizontal planes 5 km on both sides of the pole lean by 2 mrad.
            assert after == pytest.approx(before, abs=0.03)


def test_the_estimate_flown_over_a_pole_keeps_its_wind(estimate, sheet, earth, put):
    """Half a turn of north from one look to the next, without air data that could find it anew."""
    check, systems = AirspeedCheckState.zeros()[0], SystemsSample.zeros()[0]
    around = (check, VotedSamples.zeros()[0], systems, sheet, PlanHeader.zeros()[0], earth,
              geoid_table(), 0.02)
    put(math.radians(89.999), 0.4)
    estimate.attitude[:] = quaternion_ned_to_ecef(math.radians(89.999), 0.4)
    estimate.wind_north, estimate.wind_east = 12.0, -5.0
    describe(estimate, *around)
    assert (estimate.wind_north, estimate.wind_east) == pytest.approx((12.0, -5.0), abs=0.01)
    estimate.position_ecef[:] = geodetic_to_ecef(earth, math.radians(89.999), 0.4 + math.pi, 0.0)
    describe(estimate, *around)
    assert (estimate.wind_north, estimate.wind_east) == pytest.approx((-12.0, 5.0), abs=0.01)


@pytest.mark.parametrize("latitude_deg", [90.0, 89.95, -90.0])
def test_circle_at_a_pole_is_counted(estimate, earth, put, latitude_deg):
    item = PlanItem.zeros(1)[0]
    item.command, item.latitude, item.radius = LOITER_TURNS, math.radians(latitude_deg), 1500.0
    path = GuidanceState.zeros()[0]
    set_circle(path, earth, item.latitude, 0.0, 1500.0, 1.0)
    turned, last = 0.0, None
    for azimuth in np.arange(0.0, 361.0, 5.0):
        at = GEODESIC.Direct(latitude_deg, 0.0, azimuth, 1500.0)
        put(math.radians(at["lat2"]), math.radians(at["lon2"]))
        bearing = mission._bearing_from(item, path, estimate)
        if last is not None:
            turned += math.remainder(bearing - last, 2.0 * math.pi)
        last = bearing
    assert turned == pytest.approx(2.0 * math.pi, abs=0.01)


@pytest.mark.parametrize("course", [0.0, 90.0, 200.0])
@pytest.mark.parametrize("latitude_deg", [89.0, -89.0, 60.0])
def test_extended_centreline_is_straight_near_a_pole(sheet, earth, put, latitude_deg, course):
    """10 km before the threshold, on it: 0.9 km off by the threshold's north at 89 deg."""
    near = (latitude_deg, 20.0)
    far = GEODESIC.Direct(*near, course, 2000.0)
    runways = PlanRunway.zeros(1)
    runways[0].latitude[:] = np.radians((near[0], far["lat2"]))
    runways[0].longitude[:] = np.radians((near[1], far["lon2"]))
    runways[0].aiming_distance = 300.0
    state = ApproachState.zeros()[0]
    approach.select(state, runways, earth, 0, 0)
    at = GEODESIC.Direct(*near, course, -10000.0)
    estimate = put(math.radians(at["lat2"]), math.radians(at["lon2"]), 500.0,
                   course=math.radians(at["azi2"]))
    approach.measure(state, runways, estimate, sheet, earth)
    assert state.offset == pytest.approx(0.0, abs=0.5)
    assert state.past_threshold == pytest.approx(-10000.0, abs=1.0)
    assert math.remainder(state.course - math.radians(at["azi2"]), 2.0 * math.pi) == pytest.approx(
        0.0, abs=2e-4)


@pytest.mark.parametrize("latitude_deg", [89.0, -88.5])
def test_joining_circle_touches_the_final_near_a_pole(sheet, earth, put, latitude_deg):
    """Its centre lies a radius beside the gate, which lies 4 km before the aiming point."""
    near = (latitude_deg, 20.0)
    far = GEODESIC.Direct(*near, 130.0, 2000.0)
    runways = PlanRunway.zeros(1)
    runways[0].latitude[:] = np.radians((near[0], far["lat2"]))
    runways[0].longitude[:] = np.radians((near[1], far["lon2"]))
    runways[0].aiming_distance = 300.0
    state, path = ApproachState.zeros()[0], GuidanceState.zeros()[0]
    approach.select(state, runways, earth, 0, 0)
    at = GEODESIC.Direct(*near, 20.0, 15000.0)
    estimate = put(math.radians(at["lat2"]), math.radians(at["lon2"]), 1500.0)
    approach.join(state, path, runways, estimate, sheet, earth, 30.0, UNTOLD)
    gate = GEODESIC.Direct(*near, 130.0, 300.0 - float(sheet.procedures.final_length))
    from_gate = np.array(geodetic_to_ecef(earth, math.radians(gate["lat2"]),
                                          math.radians(gate["lon2"]), 0.0))
    assert np.linalg.norm(path.centre_ecef - from_gate) == pytest.approx(path.radius, abs=2.0)
