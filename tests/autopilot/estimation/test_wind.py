"""The mean wind that is held once none can be found."""

import pytest

from longwatch.autopilot.estimation import wind


def test_mean_wind_is_the_plain_mean_at_first_and_forgets_later(estimate):
    for number in range(1, 11):
        estimate.wind_north, estimate.altitude_msl = float(number), 100.0 * number
        wind.remember(estimate, 1.0)
    assert estimate.mean_wind_north == pytest.approx(5.5)
    assert estimate.mean_wind_altitude == pytest.approx(550.0)
    estimate.wind_north, estimate.altitude_msl = 8.0, 0.0
    for _ in range(int(wind.WIND_MEMORY) * 5):
        wind.remember(estimate, 1.0)
    assert estimate.mean_wind_north == pytest.approx(8.0, abs=0.03)
