"""Pressures against the isentropic relations and the calibrated airspeed's definition."""

import math

import pytest

from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.sensors.air_data import impact_pressure


@pytest.mark.parametrize(("altitude", "airspeed"), [(0.0, 36.0), (5486.4, 60.0), (8229.6, 20.0),
                                                    (0.0, 102.888)])
def test_impact_pressure_is_isentropic_stagnation(altitude, airspeed):
    """By way of temperature: T0 = T + V^2/2cp, p0/p = (T0/T)^(gamma/(gamma - 1))."""
    temperature, pressure, _, _ = standard_atmosphere(altitude)
    stagnation = temperature + airspeed**2 / (2.0 * 3.5 * 287.05287)
    expected = pressure * ((stagnation / temperature) ** 3.5 - 1.0)
    assert impact_pressure(pressure, temperature, airspeed) == pytest.approx(expected, rel=1e-9)


def test_impact_pressure_of_the_standard_table():
    # 200 kt at sea level: M = 0.30237, qc/p = 0.06548 (NACA Report 837, compressible flow).
    mach = 102.888 / 340.294
    series = mach**2 * 0.7 * (1.0 + mach**2 / 4.0 + mach**4 / 40.0)
    assert impact_pressure(101325.0, 288.15, 102.888) == pytest.approx(101325.0 * series, rel=1e-5)


def test_slow_air_is_half_rho_v_squared():
    assert impact_pressure(101325.0, 288.15, 10.0) == pytest.approx(0.5 * 1.225 * 100.0, rel=3e-4)
    assert impact_pressure(101325.0, 288.15, 0.0) == 0.0
    assert math.isfinite(impact_pressure(20000.0, 216.65, 0.1))
