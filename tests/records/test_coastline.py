"""The coastline against places whose position is known from elsewhere."""

import numpy as np
import pytest

from longwatch.records.coastline import coastline


def nearest_km(latitude_deg, longitude_deg, reach_deg=1.0):
    latitude, longitude = np.radians([latitude_deg, longitude_deg])
    reach = np.radians(reach_deg)
    best = np.inf
    for x, y in coastline(latitude - reach, latitude + reach, longitude - reach,
                          longitude + reach):
        gaps = np.hypot((x - longitude) * np.cos(latitude), y - latitude)
        best = min(best, gaps.min())
    return best * 6371.0


@pytest.mark.parametrize(("place", "latitude", "longitude"), [
    ("Tekirdag harbour", 40.970, 27.515),
    ("lighthouse of Gelibolu", 40.411, 26.682),
    ("Cape Helles", 40.045, 26.179),
    ("Sarayburnu, Istanbul", 41.016, 28.985),
    ("Igneada", 41.88, 28.01),
])
def test_known_places_lie_on_the_coast(place, latitude, longitude):
    assert nearest_km(latitude, longitude) < 2.5, place


def test_the_world_beyond_the_region():
    assert nearest_km(50.715, -1.999) < 8.0  # Poole harbour
    assert nearest_km(-33.857, 151.215) < 8.0  # Sydney, Opera House
    assert nearest_km(52.0, 19.5) > 100.0  # inland Poland


def test_everything_lies_in_the_box_and_segments_stay_joined():
    box = np.radians([40.2, 41.3, 26.6, 29.3])
    lines = coastline(*box)
    assert lines
    slack = 1e-9
    for x, y in lines:
        assert len(x) == len(y) >= 2
        assert box[2] - slack <= x.min() and x.max() <= box[3] + slack
        assert box[0] - slack <= y.min() and y.max() <= box[1] + slack
    # A closed island wholly inside stays one closed line: Marmara Island at 40.6 N 27.6 E.
    islands = [line for line in lines if line[0][0] == line[0][-1] and line[1][0] == line[1][-1]]
    assert any(abs(np.degrees(x.mean()) - 27.6) < 0.1 and abs(np.degrees(y.mean()) - 40.6) < 0.1
               for x, y in islands)


def test_clipping_cuts_at_the_edge():
    """A small box through which one coast runs: both ends of the line lie on the box's edge."""
    box = np.radians([40.96, 40.99, 27.45, 27.60])
    lines = coastline(*box)
    for x, y in lines:
        for k in (0, -1):
            at_edge = min(abs(x[k] - box[2]), abs(x[k] - box[3]), abs(y[k] - box[0]),
                          abs(y[k] - box[1]))
            assert at_edge < 1e-12


def test_over_the_date_line():
    """Fiji lies on both sides of 180 degrees: one box reaches over it, either way."""
    east = coastline(*np.radians([-19.0, -15.0, 176.0, 182.0]))
    west = coastline(*np.radians([-19.0, -15.0, -184.0, -178.0]))
    assert max(x.max() for x, _ in east) > np.pi
    assert min(x.min() for x, _ in west) < -np.pi
    assert len(east) == len(west)


def test_open_sea_is_empty():
    assert coastline(*np.radians([-41.0, -40.0, -120.0, -119.0])) == []


def test_no_line_runs_around_the_world():
    """Some outlines end at the date line's other name; drawn so, they would cross every map."""
    for x, _ in coastline(-1.57, 1.57, -np.pi, np.pi):
        assert np.max(np.abs(np.diff(x))) < np.radians(20.0)
