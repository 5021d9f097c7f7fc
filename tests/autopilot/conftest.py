"""Pieces of an aircraft in the mind of its autopilot."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.aboard.events import EventRing
from longwatch.autopilot.aboard.plan import PlanItem
from longwatch.autopilot.estimation.estimate import Estimate
from longwatch.autopilot.manoeuvres.mission import MissionState
from longwatch.earth.frames import ned_to_ecef_matrix
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef


@pytest.fixture(scope="session")
def sheet():
    return load_datasheet("tb2").datasheet[0]


@pytest.fixture(scope="session")
def earth():
    return WGS84[0]


def place(estimate, latitude, longitude, height=0.0, course=0.0, speed=40.0):
    """Put an estimate over a point [rad, m] on a course [rad] at a speed over ground [m/s]."""
    estimate.latitude, estimate.longitude = latitude, longitude
    estimate.altitude_msl = estimate.height_ellipsoid = height
    estimate.position_ecef[:] = geodetic_to_ecef(WGS84[0], latitude, longitude, height)
    estimate.ned[:] = ned_to_ecef_matrix(latitude, longitude)
    estimate.velocity_north = speed * math.cos(course)
    estimate.velocity_east = speed * math.sin(course)
    estimate.heading, estimate.air.density_ratio = course, 1.0
    estimate.air.calibrated_airspeed = estimate.air.true_airspeed = speed
    return estimate


@pytest.fixture
def estimate():
    return Estimate.zeros()[0]


@pytest.fixture
def put(estimate):
    """Put the estimate somewhere; see :func:`place`."""
    return lambda *given, **options: place(estimate, *given, **options)


@pytest.fixture
def mission_state():
    state = MissionState.zeros()[0]
    state.index = state.pending = -1
    return state


@pytest.fixture
def ring():
    return EventRing.zeros()[0]


@pytest.fixture
def make_items():
    """Plan items from dictionaries, numbered from 1; angles in degrees."""

    def build(*given):
        items = PlanItem.zeros(len(given))
        for number, (item, values) in enumerate(zip(items, given, strict=True), start=1):
            item.sequence, item.runway, item.jump = number, -1, -1
            for name, value in values.items():
                item[name] = np.radians(value) if name in ("latitude", "longitude") else value
        return items

    return build
