"""Order and conservation: that they hold, and that their measures measure."""

from dataclasses import replace

import numpy as np
import pytest

from longwatch.flight.free_flight import free_flight
from longwatch.verification import integration, integrator_order
from longwatch.verification.check import Context
from longwatch.verification.nasa import cases

pytestmark = pytest.mark.compiled_only


@pytest.fixture(scope="module")
def rows():
    return list(integration.checks(Context()))


def test_every_check_holds(rows):
    assert [row for row in rows if row.verdict not in ("holds", "shown")] == []
    assert sum(row.quantity.startswith("order") and row.verdict == "holds" for row in rows) == 6


def test_slope_is_the_exponent():
    steps = (0.1, 0.05, 0.025)
    assert integrator_order.slope(steps, 3.0 * np.array(steps) ** 2.5) == pytest.approx(2.5)


def test_a_kink_inside_a_step_is_second_order_and_seen():
    """A wind table with a row in the middle of the fall: no fourth order, as the manual says."""
    body, initial, environment, seconds, _ = list(integrator_order.free_cases().values())[1]
    table = replace(environment.wind, height_ellipsoid=(0.0, 1090.0, 2000.0),
                    north=(10.0, 5.0, -20.0), east=(-30.0, 30.0, 5.0))
    errors = integrator_order.free_errors(body, initial, replace(environment, wind=table), seconds,
                                          (0.2, 0.1, 0.05, 0.025))
    assert integrator_order.slope((0.2, 0.1, 0.05, 0.025), errors["position"]) < 3.2


def test_conservation_notices_a_hundredth_of_a_millionth():
    body, initial, environment = integration.ORBIT
    flight = free_flight(body, initial, environment, 20.0, 0.01, output_step=1.0)
    assert {row.verdict for row in integration.conservation(flight)} == {"holds"}
    rates = flight.rate_body_inertial.copy()
    rates[-1] *= 1.0 + 1e-8
    velocity = flight.velocity_ecef.copy()
    velocity[-1] *= 1.0 + 1e-8
    wrong = replace(flight, rate_body_inertial=rates, velocity_ecef=velocity)
    short = [row for row in integration.conservation(wrong) if row.verdict == "falls short"]
    assert len(short) == 4


def test_the_check_cases_are_integrated_as_exactly_as_the_manual_says():
    for case in cases().values():
        truth = integrator_order.free_reference(case.body, case.initial, case.environment, 30.0)
        flight = free_flight(case.body, case.initial, case.environment, 30.0)
        end = np.concatenate([flight.position_ecef[-1], flight.velocity_ecef[-1],
                              flight.attitude[-1], flight.rate_body_inertial[-1]])
        errors = integrator_order.split_errors(truth, [end])
        assert errors["position"][0] < 1e-7
        assert errors["attitude"][0] < 1e-10
