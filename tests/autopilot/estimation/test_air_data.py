"""Air data against their definitions."""

import math

import numpy as np
import pytest

from longwatch.autopilot.estimation import air_data, wind
from longwatch.autopilot.estimation.air_data import AirspeedCheckState
from longwatch.autopilot.estimation.estimate import true_over_calibrated
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.sensors.air_data import impact_pressure
from longwatch.sensors.samples import AirDataSample


@pytest.fixture
def read_air(estimate, sheet):
    """Let the estimate read air data of an altitude and a true airspeed."""

    def read(altitude, airspeed):
        sample = AirDataSample.zeros()[0]
        temperature, pressure, _, _ = standard_atmosphere(altitude)
        sample.valid, sample.static_pressure, sample.temperature = True, pressure, temperature
        sample.impact_pressure = impact_pressure(pressure, temperature, airspeed)
        estimate.gauges.weight_on_wheels = True
        air_data.read(AirspeedCheckState.zeros()[0], estimate, sample, sheet, 0.02)
        return estimate

    return read


@pytest.mark.parametrize(("altitude", "airspeed"), [(0.0, 10.0), (3000.0, 12.0), (8000.0, 5.0)])
def test_true_airspeed_comes_back(read_air, altitude, airspeed):
    assert read_air(altitude, airspeed).air.true_airspeed == pytest.approx(airspeed, rel=1e-6)


def test_calibrated_is_true_airspeed_at_sea_level_and_less_above(read_air):
    assert read_air(0.0, 40.0).air.calibrated_airspeed == pytest.approx(40.0, rel=1e-6)
    low = read_air(5491.1, 40.0)
    # At 18 000 ft (geopotential) sigma is 0.5699; compressibility is small.
    assert low.air.density_ratio == pytest.approx(0.5699, abs=3e-4)
    assert low.air.calibrated_airspeed == pytest.approx(40.0 * math.sqrt(0.5699), rel=1e-3)
    assert low.air.dynamic_pressure == pytest.approx(0.5 * 1.225 * 0.5699 * 1600.0, rel=1e-3)
    assert true_over_calibrated(low) == pytest.approx(1.0 / math.sqrt(0.5699), rel=1e-3)


def test_without_air_data_the_wind_known_last_gives_the_airspeed(estimate, sheet):
    """30 m/s to the north into 10 m/s of wind from there: 40 m/s through the air, level."""
    estimate.body_to_ned[:] = np.eye(3).ravel()
    estimate.velocity_north, estimate.wind_north = 30.0, -10.0
    air_data.read(AirspeedCheckState.zeros()[0], estimate, AirDataSample.zeros()[0], sheet, 0.02)
    wind.find(estimate, False, 0.02)
    air = estimate.air
    assert air.true_airspeed == pytest.approx(40.0)
    assert air.calibrated_airspeed == pytest.approx(40.0)
    assert air.alpha == air.beta == 0.0
    assert estimate.wind_north == -10.0
