"""The books of a flight: what they hold against, and that they notice what is wrong."""

import numpy as np
import pytest

from longwatch.earth.gravity import gravitation
from longwatch.earth.wgs84 import WGS84
from longwatch.simulation.run import Simulation
from longwatch.verification import account, balance
from longwatch.verification.account import Account


def test_the_potential_is_that_of_gravitation_and_centrifugal_force():
    earth = WGS84[0]
    spin2 = float(earth.rotation_rate) ** 2
    for place in ([4.2e6, 2.1e6, 4.3e6], [1.0e3, -2.0e3, 6.36e6], [-6.4e6, 1.0e5, -2.0e4]):
        step, gradient = 10.0, []
        for axis in range(3):
            ends = []
            for sign in (-1.0, 1.0):
                y = [*place, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
                y[axis] += sign * step
                ends.append(account.energies(earth, tuple(y))[1])
            gradient.append((ends[1] - ends[0]) / (2.0 * step))
        expected = -np.array(gravitation(earth, *place)) - spin2 * np.array([*place[:2], 0.0])
        assert gradient == pytest.approx(expected, abs=2e-8)


def test_rotational_energy_of_a_body_with_a_product_of_inertia():
    mass = Simulation().state.mass.copy()
    mass.inertia_xx, mass.inertia_yy, mass.inertia_zz, mass.inertia_xz = 2.0, 3.0, 4.0, 0.5
    rate = np.array([0.3, -0.7, 1.1])
    tensor = np.array([[2.0, 0.0, -0.5], [0.0, 3.0, 0.0], [-0.5, 0.0, 4.0]])
    found = account.rotational_energy(mass, (0.0,) * 10 + tuple(rate))
    assert found == pytest.approx(0.5 * rate @ tensor @ rate)


@pytest.fixture(scope="module")
def books():
    simulation = Simulation("tb2", balance.MISSION, wind="6@60", turbulence="moderate", seed=3)
    sums, rows, times, fuel, mass = Account.zeros(1), [], [], [], []
    for ticks in (0, *[1000] * 12):
        account.run(sums[0], simulation.vehicles, 0, simulation.aircraft.datasheet,
                    simulation.loaded, simulation.world, ticks)
        rows.append(sums.copy())
        times.append(simulation.time)
        fuel.append(float(simulation.state.mass.fuel_mass))
        mass.append(float(simulation.state.mass.mass))
    return balance.Books(simulation, np.array(times), np.concatenate(rows), np.array(fuel),
                         np.array(mass))


@pytest.mark.compiled_only
def test_take_off_and_climb_close(books):
    assert books.simulation.state.flight.height_above_ground > 300.0
    assert [row for row in balance.balances("climb", books) if row.verdict != "holds"] == []


@pytest.mark.compiled_only
@pytest.mark.parametrize(("sum_", "share"), [
    ("kinetic", 1e-4), ("air", 1e-5), ("torque", 1e-4), ("propeller", 1e-5), ("fuel", 1e-5)])
def test_a_false_sum_is_noticed(books, sum_, share):
    sums = books.sums.copy()
    sums[sum_] *= 1.0 + share
    wrong = balance.Books(books.simulation, books.time, sums, books.fuel, books.mass)
    assert [r.verdict for r in balance.balances("false", wrong)].count("falls short") == 1


@pytest.mark.compiled_only
def test_a_mass_that_stays_behind_the_fuel_is_noticed(books):
    wrong = balance.Books(books.simulation, books.time, books.sums, books.fuel,
                          books.mass + 0.01)
    assert [r.verdict for r in balance.balances("false", wrong)].count("falls short") == 1


@pytest.mark.compiled_only
def test_the_books_fly_the_flight_of_everyone_else():
    one, other = (Simulation("tb2", balance.MISSION, turbulence="light", seed=5) for _ in range(2))
    account.run(Account.zeros(1)[0], one.vehicles, 0, one.aircraft.datasheet, one.loaded,
                one.world, 4000)
    other.step(40.0)
    assert one.state.body.tobytes() == other.state.body.tobytes()
    assert one.state.gear.tobytes() == other.state.gear.tobytes()


@pytest.mark.compiled_only
def test_tanks_run_dry_to_the_last_drop():
    dry = Simulation("tb2", balance.MISSION, fuel_kg=0.05, force=True, seed=3)
    sums = Account.zeros(1)
    account.run(sums[0], dry.vehicles, 0, dry.aircraft.datasheet, dry.loaded, dry.world, 6000)
    assert float(dry.state.mass.fuel_mass) == 0.0
    assert float(sums[0].fuel) == pytest.approx(0.05, rel=1e-12)
