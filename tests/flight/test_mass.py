"""Mass properties against full inertia tensors, summed over small cubes and by NumPy."""

import numpy as np
import pytest

from longwatch.aircraft.schema import MassProperties
from longwatch.flight import mass
from longwatch.flight.mass import MassState


def loaded(parameters, payload, fuel):
    state = MassState.zeros()[0]
    state.payload_mass, state.fuel_mass = payload, fuel
    mass.step(state, parameters)
    return state


def box_points(extent, count=24):
    """Midpoints of a box cut into count^3 cells."""
    axes = [e * ((np.arange(count) + 0.5) / count - 0.5) for e in extent]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 3)


def tensor_about(masses, points, centre):
    r = points - centre
    return np.einsum("i,ijk->jk", masses, np.einsum("il,il->i", r, r)[:, None, None] * np.eye(3)
                     - r[:, :, None] * r[:, None, :])


@pytest.fixture
def lopsided():
    parameters = MassProperties.zeros()
    parameters["empty_mass"] = 300.0
    parameters["empty_position"] = (0.2, 0.0, -0.1)
    for name, value in (("xx", 1500.0), ("yy", 1000.0), ("zz", 2200.0), ("xz", 40.0)):
        parameters[f"empty_inertia_{name}"] = value
    parameters["payload_position"] = (1.4, 0.0, 0.5)
    parameters["fuel_position"] = (-0.3, 0.0, 0.1)
    parameters["fuel_extent"] = (0.9, 0.8, 0.4)
    return parameters[0]


@pytest.mark.parametrize(("payload", "fuel"), [(0.0, 0.0), (150.0, 0.0), (80.0, 216.0)])
def test_mass_centre_and_inertia_are_those_of_the_parts(lopsided, payload, fuel):
    state = loaded(lopsided, payload, fuel)
    cells = box_points(lopsided.fuel_extent) + lopsided.fuel_position
    masses = np.concatenate(([300.0, payload], np.full(len(cells), fuel / len(cells))))
    points = np.vstack((lopsided.empty_position, lopsided.payload_position, cells))
    centre = masses @ points / masses.sum()
    own = np.array([[1500.0, 0.0, -40.0], [0.0, 1000.0, 0.0], [-40.0, 0.0, 2200.0]])
    whole = own + tensor_about(masses, points, centre)
    assert state.mass == pytest.approx(300.0 + payload + fuel)
    assert np.array(state.position) == pytest.approx(centre, abs=1e-12)
    # The cells' own inertia is what the midpoints leave out: 1/24^2 of the box's.
    assert (state.inertia_xx, state.inertia_yy, state.inertia_zz, -state.inertia_xz) == (
        pytest.approx((whole[0, 0], whole[1, 1], whole[2, 2], whole[0, 2]), rel=3e-5))


def test_burning_fuel_moves_the_centre_from_full_to_empty(sheet):
    full, empty = loaded(sheet.mass, 50.0, 216.0), loaded(sheet.mass, 50.0, 0.0)
    half = loaded(sheet.mass, 50.0, 108.0)
    first = (full.mass * full.position[0] + empty.mass * empty.position[0]) / 2.0
    assert half.position[0] * half.mass == pytest.approx(first)
    assert empty.inertia_xx < half.inertia_xx < full.inertia_xx
