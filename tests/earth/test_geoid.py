"""The geoid against the published test points of EGM96."""

import math

import numpy as np
import pytest

from longwatch.earth.geoid import geoid_table, undulation

# NGA's test points for EGM96 (input.dat and output.dat of its program F477): latitude and
# longitude in deg, undulation in m by the spherical harmonics themselves.
PUBLISHED = [
    (38.6281550, 269.7791550, -31.628),
    (-14.6212170, 305.0211140, -2.969),
    (46.8743190, 102.4487290, -43.575),
    (-23.6174460, 133.8747120, 15.871),
    (38.6254730, 359.9995000, 50.066),
    (-0.4667440, 0.0023000, 17.329),
]


@pytest.mark.parametrize(("latitude", "longitude", "expected"), PUBLISHED)
@pytest.mark.parametrize("turn", [-360.0, 0.0, 360.0])
def test_published_points(latitude, longitude, expected, turn):
    found = undulation(geoid_table(), math.radians(latitude), math.radians(longitude + turn))
    # 0.04 m is the root mean square of bilinear interpolation; three times that.
    assert found == pytest.approx(expected, abs=0.12)


@pytest.mark.parametrize("longitude", [-math.pi, -1.0, 0.0, 2.0, math.pi])
def test_poles(longitude):
    # First and last rows of NGA's file WW15MGH.GRD.
    assert undulation(geoid_table(), math.pi / 2, longitude) == pytest.approx(13.61, abs=0.005)
    assert undulation(geoid_table(), -math.pi / 2, longitude) == pytest.approx(-29.53, abs=0.005)


def test_extremes():
    # EGM96 spans -106.99 m (south of India) to 85.39 m (New Guinea), NASA/TP-1998-206861.
    table = geoid_table()
    assert table.min() == pytest.approx(-106.99, abs=0.005)
    assert table.max() == pytest.approx(85.39, abs=0.005)
    row, column = np.unravel_index(table.argmin(), table.shape)
    assert 90 - row / 4 == pytest.approx(4.75, abs=0.3)
    assert column / 4 == pytest.approx(78.75, abs=0.3)


@pytest.mark.parametrize("longitude", [0.0, math.pi])
@pytest.mark.parametrize("latitude", [-1.2, 0.0, 0.7])
def test_no_step_at_the_seams(latitude, longitude):
    beside = [undulation(geoid_table(), latitude, longitude + d) for d in (-1e-9, 0.0, 1e-9)]
    assert max(beside) - min(beside) < 1e-4
