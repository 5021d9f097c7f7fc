"""Aircraft and steady flights, solved once."""

import pytest

import longwatch as lw


@pytest.fixture(scope="session")
def tb2():
    return lw.load_datasheet("tb2")


@pytest.fixture(scope="session")
def level(tb2):
    """Level flight at 36 m/s and 3 000 m."""
    return lw.trim(tb2, calibrated_airspeed=36.0, altitude_msl=3000.0, payload_kg=100.0,
                   fuel_kg=150.0)


@pytest.fixture(scope="session")
def small(level):
    return lw.linearize(level)
