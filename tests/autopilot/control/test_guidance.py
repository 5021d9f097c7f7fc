"""Paths against geodesics of an independent library, and flights along them in wind."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.guidance import GuidanceState

GEODESIC = Geodesic.WGS84
GRAVITY = 9.80665


@pytest.fixture
def path():
    return GuidanceState.zeros()[0]


def beside(latitude, longitude, course, along, right):
    """Degrees of a point ``along`` a geodesic and then ``right`` of it [m]."""
    on = GEODESIC.Direct(latitude, longitude, course, along)
    off = GEODESIC.Direct(on["lat2"], on["lon2"], on["azi2"] + 90.0, right)
    return off["lat2"], off["lon2"], on["azi2"]


def on_leg(path, put, earth, sheet, start, course, length, along, right, height=0.0):
    end = GEODESIC.Direct(*start, course, length)
    guidance.set_line(path, earth, *np.radians((*start, end["lat2"], end["lon2"])))
    latitude, longitude, azimuth = beside(*start, course, along, right)
    estimate = put(math.radians(latitude), math.radians(longitude), height,
                   course=math.radians(azimuth))
    guidance.follow(path, estimate, sheet.control)
    return math.radians(azimuth)


@pytest.mark.parametrize("start", [(41.1, 27.9), (-33.0, 179.9), (70.0, -150.0), (0.0, 0.0)])
@pytest.mark.parametrize("course", [10.0, 90.0, 225.0])
@pytest.mark.parametrize("right", [-400.0, 0.0, 60.0])
def test_cross_track_is_the_distance_from_the_geodesic(path, put, earth, sheet, start, course,
                                                       right):
    azimuth = on_leg(path, put, earth, sheet, start, course, 30e3, 12e3, right)
    assert path.cross_track == pytest.approx(right, abs=0.5)
    assert path.to_go == pytest.approx(18e3, abs=3.0)
    assert math.atan2(path.course_east, path.course_north) == pytest.approx(
        math.remainder(azimuth, 2 * math.pi), abs=2e-4)


@pytest.mark.parametrize("course", [0.0, 90.0, 229.0])
def test_cross_track_does_not_depend_on_height(path, put, earth, sheet, course):
    """A leg's plane is upright: the aircraft flies above the line on the map at any height."""
    on_leg(path, put, earth, sheet, (41.1, 27.9), course, 30e3, 12e3, 0.0, height=8000.0)
    assert path.cross_track == pytest.approx(0.0, abs=1.0)


def test_beyond_the_end_the_line_goes_on(path, put, earth, sheet):
    on_leg(path, put, earth, sheet, (41.1, 27.9), 60.0, 10e3, 12e3, 50.0)
    assert path.to_go == pytest.approx(-2000.0, abs=1.0)
    assert path.cross_track == pytest.approx(50.0, abs=0.3)


@pytest.mark.parametrize("direction", [1.0, -1.0])
@pytest.mark.parametrize("bearing", [0.0, 130.0, 275.0])
def test_circle_error_is_the_distance_from_the_radius(path, put, earth, sheet, direction, bearing):
    guidance.set_circle(path, earth, *np.radians((41.1, 27.9)), 800.0, direction)
    at = GEODESIC.Direct(41.1, 27.9, bearing, 950.0)
    estimate = put(*np.radians((at["lat2"], at["lon2"])),
                   course=math.radians(bearing + 90.0 * direction))
    guidance.follow(path, estimate, sheet.control)
    # Outside of a clockwise circle is left of the path.
    assert path.cross_track == pytest.approx(-direction * 150.0, abs=0.1)
    course = math.degrees(math.atan2(path.course_east, path.course_north))
    assert math.remainder(course - bearing - 90.0 * direction, 360.0) == pytest.approx(
        0.0, abs=0.02)


def test_on_the_circle_the_acceleration_is_centripetal(path, put, earth, sheet):
    guidance.set_circle(path, earth, *np.radians((41.1, 27.9)), 800.0, 1.0)
    at = GEODESIC.Direct(41.1, 27.9, 0.0, 800.0)
    estimate = put(*np.radians((at["lat2"], at["lon2"])), course=math.radians(90.0), speed=45.0)
    guidance.follow(path, estimate, sheet.control)
    assert path.acceleration == pytest.approx(45.0**2 / 800.0, rel=2e-3)
    bank = guidance.bank_for(path, estimate, 0.5)
    assert math.tan(bank) == pytest.approx(45.0**2 / (800.0 * GRAVITY), rel=2e-3)
    assert guidance.bank_for(path, estimate, 0.1) == 0.1


class Point:
    """A mass point with airspeed, heading and bank in a steady wind."""

    def __init__(self, put, latitude, longitude, heading, airspeed, wind):
        self.put, self.at = put, np.radians((latitude, longitude))
        self.heading, self.airspeed, self.wind, self.bank = heading, airspeed, wind, 0.0

    def estimate(self):
        north = self.airspeed * math.cos(self.heading) + self.wind[0]
        east = self.airspeed * math.sin(self.heading) + self.wind[1]
        estimate = self.put(*self.at, course=math.atan2(east, north),
                            speed=math.hypot(north, east))
        estimate.heading = self.heading
        return estimate

    def fly(self, path, sheet, seconds, dt=0.1):
        """Follow ``path``; returns its cross-track errors."""
        errors = []
        for _ in range(round(seconds / dt)):
            estimate = self.estimate()
            guidance.follow(path, estimate, sheet.control)
            wanted = guidance.bank_for(path, estimate, math.radians(30.0))
            self.bank += (wanted - self.bank) * dt / 0.7
            self.heading += GRAVITY * math.tan(self.bank) / self.airspeed * dt
            self.at = self.at + dt * np.array([
                estimate.velocity_north / 6.37e6,
                estimate.velocity_east / (6.38e6 * math.cos(self.at[0]))])
            errors.append(path.cross_track)
        return np.array(errors)


@pytest.mark.parametrize("wind", [(0.0, 0.0), (12.0, 0.0), (0.0, -18.0), (-15.0, 15.0)])
def test_leg_is_joined_and_held_in_wind(path, put, earth, sheet, wind):
    end = GEODESIC.Direct(41.1, 27.9, 70.0, 20e3)
    guidance.set_line(path, earth, *np.radians((41.1, 27.9, end["lat2"], end["lon2"])))
    latitude, longitude, _ = beside(41.1, 27.9, 70.0, 1000.0, 350.0)
    errors = Point(put, latitude, longitude, math.radians(70.0), 36.0, wind).fly(
        path, sheet, 110.0)
    assert abs(errors[0]) == pytest.approx(350.0, abs=2.0)
    assert np.max(np.abs(errors[-200:])) < 1.0
    # It comes in without overshooting by more than a tenth.
    assert errors.min() > -35.0


@pytest.mark.parametrize("direction", [1.0, -1.0])
@pytest.mark.parametrize("wind", [(0.0, 0.0), (12.0, 0.0), (-10.0, 14.0)])
def test_circle_is_joined_and_stays_round_in_wind(path, put, earth, sheet, wind, direction):
    guidance.set_circle(path, earth, *np.radians((41.1, 27.9)), 800.0, direction)
    at = GEODESIC.Direct(41.1, 27.9, 200.0, 2500.0)
    errors = Point(put, at["lat2"], at["lon2"], math.radians(20.0), 36.0, wind).fly(
        path, sheet, 400.0)
    assert np.max(np.abs(errors[-1500:])) < 15.0
