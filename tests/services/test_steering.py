"""What is told of the path that is flown: its course, and how far off it the aircraft is."""

import math
from types import SimpleNamespace

import pytest

from longwatch.autopilot.control import guidance
from longwatch.services.steering import aimed
from longwatch.station.vehicles.quantities import QUANTITIES


def circling(distance, bearing, radius, direction):
    """The guidance's own figures at a distance [m] and bearing [rad] from a circle's centre."""
    north, east = -math.cos(bearing), -math.sin(bearing)  # towards the centre
    return SimpleNamespace(kind=guidance.CIRCLE, radius=radius, direction=direction,
                           course_north=direction * east, course_east=-direction * north,
                           cross_track=direction * (radius - distance))


@pytest.mark.parametrize("direction", [1.0, -1.0])
@pytest.mark.parametrize(("distance", "bearing"), [(36_000.0, math.pi), (36_000.0, 0.3),
                                                   (2_000.0, -1.2)])
def test_on_the_way_to_a_circle_the_path_is_the_tangent_from_here(direction, distance, bearing):
    course, off = aimed(circling(distance, bearing, 1000.0, direction))
    assert off == 0.0
    # A line on that course passes the centre at the radius, on the side that the turn begins from.
    to_centre = bearing + math.pi
    passes = distance * math.sin(course - to_centre)  # the centre lies so far to the left, m
    assert -direction * passes == pytest.approx(1000.0)
    assert math.cos(course - to_centre) > 0.0


@pytest.mark.parametrize(("distance", "off"), [(1000.0, 0.0), (1040.0, -40.0), (900.0, 100.0),
                                               (10.0, 990.0)])
def test_on_a_circle_and_inside_it_is_the_distance_from_it(distance, off):
    course, told = aimed(circling(distance, math.pi, 1000.0, 1.0))
    assert told == pytest.approx(off)
    assert course == pytest.approx(-math.pi / 2)  # south of the centre, clockwise: to the west


def test_on_a_leg_it_is_the_guidances_own():
    leg = SimpleNamespace(kind=guidance.LINE, radius=0.0, direction=1.0, course_north=0.0,
                          course_east=1.0, cross_track=-700.0)
    assert aimed(leg) == (pytest.approx(math.pi / 2), -700.0)


@pytest.mark.parametrize(("distance", "off"), [(36_000.0, 0.0), (1040.0, -40.0), (900.0, 100.0)])
def test_a_log_tells_the_same(distance, off):
    cross_track = next(q for q in QUANTITIES if q.name == "cross_track")
    path = circling(distance, 0.0, 1000.0, 1.0)
    told = cross_track.from_log(path.kind, path.radius, path.direction, path.cross_track)
    assert told == pytest.approx(off)


@pytest.mark.parametrize("name", ["target_altitude_msl", "limit_altitude_msl", "orbit_radius"])
@pytest.mark.parametrize("feet", [7000, 12_300, 18_001, 3_333])
def test_what_was_ordered_in_feet_is_shown_in_the_same_feet(name, feet):
    quantity = next(q for q in QUANTITIES if q.name == name)
    assert round(round(feet * 0.3048, quantity.digits) / 0.3048) == feet
