"""A record that is no number ends as a fault of Longwatch, named; jumps that never fly get none."""

import json
import math

import numpy as np
import pytest

from longwatch.errors import OrderError, SetupError
from longwatch.simulation.not_numbers import not_numbers
from longwatch.simulation.orders.plan import plan_arguments
from longwatch.simulation.plan_checks import item_faults
from longwatch.simulation.run import Simulation

SPOILT = ("body.position_ecef", "body.velocity_ecef", "body.rate_body", "body.attitude",
          "mass.fuel_mass")


def spoil(record, path, value):
    group, name = path.split(".")
    if record[group][name].shape:
        record[group][name][-1] = value
    else:
        record[group][name] = value


@pytest.mark.compiled_only  # plain Python raises where machine code goes on
@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("path", SPOILT)
def test_a_state_that_is_no_number_ends_the_run_within_a_tick(start, path, value):
    simulation = start()
    simulation.step(0.1)
    spoil(simulation.state, path, value)
    simulation.step(5.0)
    assert simulation.outcome == "fault"
    assert simulation.time == pytest.approx(0.11)
    assert path in not_numbers(simulation.state, 200)
    assert [h["event"] for h in simulation.happenings[-1:]] == ["own_fault"]


def test_a_sound_record_names_nothing(start):
    simulation = start()
    simulation.step(0.5)
    assert not_numbers(simulation.state) == [] and simulation.outcome == "flying"


@pytest.mark.compiled_only
def test_live_it_stops_as_it_last_was_a_number_and_takes_no_order(tb2, circuit, monkeypatch):
    from longwatch.simulation import run

    simulation = Simulation(tb2, circuit, live=True)
    simulation.step(0.2)
    place = simulation.state.body.position_ecef.copy()
    fly = run.run

    def spoiling(vehicles, *rest):
        spoil(vehicles[0], "body.rate_body", math.nan)
        return fly(vehicles, *rest)

    monkeypatch.setattr(run, "run", spoiling)
    simulation.step(1.0)
    monkeypatch.undo()
    assert simulation.outcome == "fault" and simulation.time == pytest.approx(1.2)
    assert not_numbers(simulation.state) == []
    assert np.array_equal(simulation.state.body.position_ecef, place)
    assert [h["event"] for h in simulation.happenings].count("own_fault") == 1
    with pytest.raises(OrderError, match="a fault of Longwatch has stopped this aircraft"):
        simulation.order("arm")
    simulation.order("reset")
    assert simulation.outcome == "flying"


# ------------------------------------------------------------------------ plans as records


def items_of(plan, *rows):
    """Records (command, jump, repeats) at one place behind the plan's take-off."""
    items = np.concatenate([plan.items[:1], *[plan.items[1:2].copy() for _ in rows]])
    for record, (command, jump, repeats) in zip(items[1:], rows, strict=True):
        record["command"], record["jump"], record["repeats"] = command, jump, repeats
    return items


IDLE = [[(177, 1, -1)], [(178, -1, 0), (177, 1, 5)], [(112, -1, 0), (177, 1, 1)],
        [(177, 2, 3), (177, 1, 3)], [(206, -1, 0), (177, 0, 1)],
        [(16, -1, 0), (178, -1, 0), (177, 2, 30000)]]


@pytest.mark.parametrize("rows", IDLE)
def test_an_order_with_an_idle_circle_is_refused_and_so_is_a_run(tb2, circuit, rows):
    from dataclasses import replace

    plan = replace(circuit, items=items_of(circuit, *rows), names=("x",) * (len(rows) + 1))
    assert any("nothing between that is flown" in text
               for text in item_faults(plan.items, len(plan.runways)))
    simulation = Simulation(tb2, live=True)
    with pytest.raises(OrderError, match="nothing between that is flown"):
        simulation.order("plan", **plan_arguments(plan))
    with pytest.raises(SetupError, match="nothing between that is flown"):
        Simulation(tb2, plan)


def test_faults_count_items_from_one_as_plans_do(circuit):
    items = items_of(circuit, (16, -1, 0), (177, 7, 1))
    assert item_faults(items, len(circuit.runways)) == ["item 3: jumps to 8, which is not there"]
    items = items_of(circuit, (178, -1, 0), (177, 1, 5))
    assert item_faults(items, len(circuit.runways)) == [
        "item 2: a jump leads back to it with nothing between that is flown"]


def test_an_order_with_nothing_flown_or_a_jump_too_many_is_refused(tb2, circuit):
    assert item_faults(items_of(circuit, (178, -1, 0))[1:], 1) == ["nothing among them is flown"]
    rows = [(16, -1, 0), *[(177, 1, 1)] * 17]
    assert any("jump number 17" in text for text in item_faults(items_of(circuit, *rows), 1))
    assert item_faults(items_of(circuit, *rows[:-1]), len(circuit.runways)) == []


@pytest.mark.compiled_only
def test_fly_names_it_and_exits_with_3(circuit_file, tmp_path, monkeypatch, capsys):
    from longwatch.cli import main

    step = Simulation.step

    def spoiling(self, seconds, *rest):
        if self.time > 60.0:
            spoil(self.state, "body.velocity_ecef", math.nan)
        step(self, seconds, *rest)

    monkeypatch.setattr(Simulation, "step", spoiling)
    assert main(["fly", str(circuit_file), "--fuel", "60", "--json", "--log-rate", "1",
                 "--out", str(tmp_path / "flight")]) == 3
    output = capsys.readouterr()
    told = json.loads(output.out)
    assert told["outcome"] == "fault" and told["simulated_s"] < 130.0
    assert "body.velocity_ecef" in told["warnings"][-1]
    assert "Longwatch failed: " in output.err and "body.velocity_ecef" in output.err
