"""A view against the record itself: the same values, at once, and nothing to write to."""

import numpy as np
import pytest

from longwatch.record import leaves
from longwatch.services.view import view_of
from longwatch.simulation.run import Simulation
from longwatch.simulation.vehicle import Vehicle


def along(thing, steps):
    for step in steps:
        thing = getattr(thing, step) if isinstance(step, str) else thing[step]
    return thing


def test_every_quantity_reads_as_in_the_record():
    simulation = Simulation(turbulence="light", live=True)
    view = view_of(simulation.vehicles, simulation.index)
    for seconds in (0.0, 0.1, 0.5):
        simulation.step(seconds)
        for leaf in leaves(Vehicle):
            assert np.array_equal(along(view, leaf.steps), along(simulation.state, leaf.steps),
                                  equal_nan=True), leaf.path


def test_it_is_the_present_and_read_only():
    simulation = Simulation(live=True)
    view = view_of(simulation.vehicles, simulation.index)
    assert view.sensors.gnss[0].valid is False
    simulation.state.sensors.gnss[0].valid = True
    assert view.sensors.gnss[0].valid is True
    with pytest.raises(AttributeError):
        view.sensors.nothing  # noqa: B018
    with pytest.raises(AttributeError):
        view.clock.time = 1.0
    with pytest.raises(ValueError, match="read-only"):
        view.commands.throttle[0] = 1.0
