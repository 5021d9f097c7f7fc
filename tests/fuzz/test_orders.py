"""Orders with any arguments: carried out whole or refused whole, and the aircraft flies on.

What comes by MAVLink, by HTTP or out of a journal ends as one of these.
"""

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fuzz.world import STATES, flown
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.aboard.fence import FenceVertex
from longwatch.errors import OrderError
from longwatch.planning.flight_plan import plan_flight
from longwatch.simulation.orders.plan import packed
from longwatch.simulation.orders.table import ORDERS

MISSION = Path(__file__).parents[2] / "missions" / "thrace-watch.plan"
pytestmark = pytest.mark.compiled_only
SAME = settings(max_examples=60, deadline=None, derandomize=True, database=None,
                phases=(Phase.generate,))

NUMBERS = st.one_of(
    st.sampled_from([0, 1, -1, 0.5, 2, 5, 700.0, 1e9, -1e9, 2**31, 1e300, float("nan"),
                     float("inf")]),
    st.floats(-4.0, 4.0))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8)),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=4), part,
                                                              max_size=3), max_leaves=8)


@st.composite
def arguments(draw, kind):
    """Arguments of one order: mostly of the right type, sometimes anything."""
    given_ = {}
    for name, argument in kind.arguments.items():
        way = draw(st.integers(0, 9))
        if way == 0:
            given_[name] = draw(JSON)
        elif way == 1:
            continue
        elif argument.choices:
            given_[name] = draw(st.sampled_from(argument.choices))
        elif argument.kind in ("number", "whole"):
            given_[name] = draw(NUMBERS if argument.kind == "number" else st.integers(-3, 9))
        else:
            given_[name] = draw({"flag": st.booleans(), "text": st.text(max_size=6),
                                 "list": st.lists(st.lists(NUMBERS, max_size=4), max_size=4),
                                 "any": JSON}[argument.kind])
    if draw(st.integers(0, 9)) == 0:
        given_[draw(st.text(max_size=5))] = draw(JSON)
    return given_


@st.composite
def damaged(draw, array):
    """A copy of an array of records with a few numbers changed, or records missing."""
    array = array.copy()
    if len(array) and draw(st.integers(0, 3)) == 0:
        array = array[:draw(st.integers(0, len(array)))]
    for _ in range(draw(st.integers(0, 3)) if len(array) else 0):
        index = draw(st.integers(0, len(array) - 1))
        name = draw(st.sampled_from(array.dtype.names))
        kind = array.dtype[name].base.kind
        if kind == "i":
            value = draw(st.sampled_from([0, 1, -1, 2, 7, 16, 21, 177, 300, 2**31 - 1, -2**31]))
        elif kind == "b":
            value = draw(st.booleans())
        else:
            value = draw(NUMBERS)
        with np.errstate(all="ignore"):
            array[name][index] = value
    return packed(array)


@cache
def plan_with_jumps():
    """The mission that ships with the project, with a jump back put into it."""
    resolved = plan_flight(MISSION, load_datasheet("tb2"), fuel_kg=200.0)
    items = resolved.items.copy()
    middle = len(items) // 2
    items[middle]["command"], items[middle]["jump"], items[middle]["repeats"] = 177, 1, 2
    return replace(resolved, items=items)


@cache
def fence_of_both_kinds():
    """A polygon to stay in and a circle to stay out of."""
    fence = FenceVertex.zeros(5)
    fence["kind"], fence["count"] = 5001, 4
    fence["latitude"][:4] = 0.70, 0.70, 0.74, 0.74
    fence["longitude"][:4] = 0.45, 0.49, 0.49, 0.45
    fence[4]["kind"], fence[4]["count"], fence[4]["radius"] = 5004, 0, 2000.0
    fence[4]["latitude"], fence[4]["longitude"] = 0.725, 0.475
    return fence


def give(simulation, name, given_):
    """Give an order; True when it was carried out. A refused one must leave no trace."""
    before = simulation.vehicles.tobytes()
    try:
        simulation.order(name, sender="fuzz", **given_)
    except OrderError as refusal:
        told, same = str(refusal), simulation.vehicles.tobytes() == before
        assert told and same
        return False
    return True


@SAME
@given(st.data(), st.sampled_from(STATES))
def test_any_orders(data, state):
    simulation = flown(state)
    for _ in range(data.draw(st.integers(1, 8))):
        name = data.draw(st.sampled_from(sorted(ORDERS)))
        give(simulation, name, data.draw(arguments(ORDERS[name])))
        simulation.step(data.draw(st.sampled_from([0.01, 0.5, 5.0])))
    flies_on(simulation)


@SAME
@given(st.data(), st.sampled_from(STATES))
def test_plans_and_fences_of_damaged_records(data, state):
    """No index in a record leads out of an array: neither at loading nor in flight."""
    resolved, fence = plan_with_jumps(), fence_of_both_kinds()
    plan = {"items": data.draw(damaged(resolved.items)),
            "runways": data.draw(damaged(resolved.runways)),
            "header": data.draw(damaged(resolved.header)),
            "patches": data.draw(damaged(resolved.patches)), "names": list(resolved.names)}
    simulation = flown(state)
    give(simulation, "plan", plan)
    give(simulation, "fence", {"records": data.draw(damaged(fence))})
    give(simulation, "mode", {"mode": "mission"})
    for index in data.draw(st.lists(st.integers(-1, 12), max_size=3)):
        give(simulation, "mission_current", {"index": index})
        simulation.step(5.0)
    simulation.step(20.0)
    flies_on(simulation)


def flies_on(simulation):
    """Time passes, and where it is is a number."""
    tick = int(simulation.state.clock.tick)
    simulation.step(0.5)
    assert int(simulation.state.clock.tick) == tick + 50
    where = float(simulation.state.autopilot.estimate.latitude)
    assert math.isfinite(where)


def test_a_plan_that_only_takes_off_ends_in_the_air():
    """Found by the test above: with nothing behind the take-off it circled with radius 0."""
    resolved = plan_with_jumps()
    simulation = flown("airborne")
    assert give(simulation, "plan", {
        "items": packed(resolved.items[:1]), "runways": packed(resolved.runways),
        "header": packed(resolved.header), "patches": "", "names": ["TAKEOFF"]})
    assert not give(simulation, "mode", {"mode": "mission"})
    simulation.step(5.0)
    flies_on(simulation)


@pytest.mark.parametrize(("command", "radius"), [(19, 0.0), (7, 100.0), (-5, 100.0)])
def test_an_item_that_cannot_be_flown_is_refused(command, radius):
    resolved = plan_with_jumps()
    items = resolved.items.copy()
    items[3]["command"], items[3]["radius"] = command, radius
    assert not give(flown("parked"), "plan", {
        "items": packed(items), "runways": packed(resolved.runways),
        "header": packed(resolved.header), "patches": packed(resolved.patches), "names": []})
