"""A fleet: each aircraft flies as it would alone, to the byte."""

import pytest

from longwatch.simulation.fleet import Fleet


def kept(store):
    return lambda rows: store.append(rows.tobytes())


def compare(start, seconds):
    options = [{"seed": 1}, {"seed": 2, "wind": "6@270"}, {"seed": 1}, {"seed": 3, "fuel_kg": 60.0}]
    alone = [start(**option) for option in options]
    fleet = Fleet([start(**option) for option in options], threads=3)
    logs_alone, logs = [[] for _ in options], [[] for _ in options]
    for part in seconds:
        fleet.step(part, [kept(log) for log in logs])
        for sim, log in zip(alone, logs_alone, strict=True):
            sim.step(part, kept(log))
    for index, sim in enumerate(alone):
        assert fleet.state[index].tobytes() == sim.state.tobytes()
        assert b"".join(logs[index]) == b"".join(logs_alone[index])
        assert fleet[index].happenings == sim.happenings
    return fleet


def test_fleet_flies_as_each_alone(start):
    fleet = compare(start, (0.1, 0.07))
    assert len(fleet) == 4
    assert fleet.state[0].tobytes() == fleet.state[2].tobytes()
    assert fleet.state[0].tobytes() != fleet.state[1].tobytes()


@pytest.mark.compiled_only
def test_fleet_flies_as_each_alone_to_the_landing(start):
    fleet = compare(start, (60.0, 1500.0))
    assert {sim.outcome for sim in fleet.simulations} == {"landed"}


def test_state_of_the_fleet_is_that_of_its_members(start):
    fleet = Fleet([start(), start()])
    fleet[1].step(0.1)
    assert fleet.state["clock"]["tick"].tolist() == [0, 10]


def test_snapshot_taken_alone_is_restored_in_a_fleet(start):
    alone = start()
    alone.step(0.2)
    fleet = Fleet([start(), start()])
    fleet[1].restore(alone.snapshot())
    fleet[1].step(0.1)
    alone.step(0.1)
    assert fleet.state[1].tobytes() == alone.state.tobytes()
    assert fleet.state[0].clock.tick == 0
