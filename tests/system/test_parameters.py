"""Parameters at the ends of their ranges, all of them at once: it takes off, flies and lands."""

from dataclasses import replace

import pytest

from campaigns.parameters import AIRCRAFT, Flight, registry
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.codes import PHASE_PARKED
from longwatch.simulation.run import Simulation

pytestmark = pytest.mark.compiled_only


@pytest.mark.parametrize("end", ["minimum", "maximum"])
@pytest.mark.parametrize("aircraft", AIRCRAFT)
def test_with_every_limit_procedure_and_gain_at_one_end_it_flies_and_lands(aircraft, end):
    values = {p.name: getattr(p, end) for p in registry(aircraft) if p.group != "settings"}
    flight = Flight(aircraft, values, "parked", wind="9@120", turbulence="moderate", seed=3)
    verdict = flight.flown()
    assert not verdict.fault
    # One that contradicts the others may be refused, and says so.
    assert all("contradicts" in text for text in flight.refusals)
    assert flight.accepted >= len(values) - 2


def test_a_rotation_that_never_comes_ends_on_the_runway_or_in_the_climb():
    """A datasheet that rotates at twice the stall speed: it flew away in its take-off roll."""
    aircraft = load_datasheet("tb2")
    sheets = aircraft.datasheet.copy()
    sheets[0].procedures.rotation_factor = 2.0
    sheets.flags.writeable = False
    sim = Simulation(replace(aircraft, datasheet=sheets), live=True)
    sim.step(3.0)
    sim.order("arm")
    sim.order("take_off")
    sim.step(150.0)
    flown = float(sim.state.flight.height_above_ground) > 50.0
    if flown:
        sim.order("return")
        sim.step(1500.0)
    assert sim.outcome == "flying" and int(sim.state.autopilot.modes.phase) == PHASE_PARKED
    assert not sim.state.status.off_pavement
