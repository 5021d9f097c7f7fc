"""Orders: the table itself, and that nothing malformed gets past it or leaves a trace."""

import inspect
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from longwatch.autopilot.aboard import events
from longwatch.autopilot.codes import MODE_NAMES
from longwatch.errors import OrderError
from longwatch.simulation.orders import aboard
from longwatch.simulation.orders.table import ORDERS
from longwatch.simulation.run import Simulation

GOOD = {
    "disarm": {"force": False}, "mode": {"mode": "hold"}, "take_off": {"altitude_msl": 500.0},
    "go_to": {"latitude": 0.7, "longitude": 0.5},
    "orbit": {"latitude": 0.7, "longitude": 0.5}, "course": {"course": 1.0},
    "altitude": {"altitude_msl": 900.0}, "speed": {"calibrated_airspeed": 35.0},
    "land": {"runway": 0, "end": 1}, "mission_current": {"index": 0},
    "plan": {"items": "", "runways": "", "header": "", "patches": "", "names": []},
    "fence": {"records": ""}, "rally": {"points": []},
    "home": {"latitude": 0.7, "longitude": 0.5, "altitude_msl": 100.0},
    "parameter": {"name": "COM_DISARM_LAND", "value": 5.0}, "manual": {"roll": 0.5},
    "offboard_position": {"latitude": 0.7, "longitude": 0.5, "altitude_msl": 800.0},
    "offboard_velocity": {"north": 30.0, "east": 0.0, "down": 0.0},
    "offboard_attitude": {"roll": 0.1, "pitch": 0.0, "thrust": 0.5},
    "link": {"present": True}, "fault": {"name": "gnss"}, "fault_end": {"name": "gnss"},
    "wind": {"speed": 5.0, "direction": 1.0}, "turbulence": {"level": "light"},
}
BAD = (math.nan, math.inf, -math.inf, 1e300, "x" * 200, "\0", [[]], {}, True, -1e9)


@pytest.fixture(scope="module")
def parked():
    return Simulation("tb2", live=True, fuel_kg=100.0)


def as_it_was(sim):
    loaded = sim.loaded
    return (sim.vehicles.tobytes(), *(np.ascontiguousarray(part).tobytes() for part in loaded),
            sim.aircraft.datasheet.tobytes(), sim.world.patches.tobytes())


def test_every_order_takes_what_its_function_takes():
    for name, kind in ORDERS.items():
        taken = inspect.signature(kind.apply).parameters
        assert next(iter(taken)) == "simulation"
        named = {key for key, p in taken.items() if p.kind is not p.VAR_KEYWORD} - {"simulation"}
        assert named == set(kind.arguments), name
        assert kind.meaning and all(a.meaning for a in kind.arguments.values())


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_argument_in_turn_gone_bad_is_refused_or_taken_whole(parked, name):
    before, parked.on_order = as_it_was(parked), lambda order: pytest.fail(f"{order} was taken")
    for key, argument in ORDERS[name].arguments.items():
        for bad in BAD:
            numeric = argument.kind in ("number", "whole")
            if (argument.kind == "flag" and bad is True) or (
                    argument.kind == "list" and isinstance(bad, list)) or (
                    argument.kind == "text" and isinstance(bad, str) and not argument.choices):
                continue
            if numeric and argument.minimum == -math.inf and bad in (1e300, -1e9):
                continue
            with pytest.raises(OrderError, match=key):
                parked.order(name, **{**GOOD[name], key: bad})
    with pytest.raises(OrderError, match="colour"):
        parked.order("reset", colour="red")
    assert as_it_was(parked) == before
    parked.on_order = lambda order: None


def test_what_is_missing_is_named_with_all_the_rest_that_is_wrong(parked):
    with pytest.raises(OrderError) as caught:
        parked.order("home", latitude=9.0, altitude_msl="high")
    text = str(caught.value)
    assert "latitude 9" in text and "longitude: give one" in text and "altitude_msl 'high'" in text
    with pytest.raises(OrderError, match="unknown"):
        parked.order("fly away")
    with pytest.raises(OrderError, match="live"):
        Simulation("tb2", fuel_kg=100.0).order("arm")


def test_orders_refused_halfway_leave_record_plan_and_world_as_they_were(parked):
    before = as_it_was(parked)
    for name, arguments in (("go_to", GOOD["go_to"]), ("land", {}), ("return", {}),
                            ("go_around", {}), ("course", {"course": 1.0}), ("arm", {}),
                            ("mode", {"mode": "mission"}), ("mode", {"mode": "offboard"}),
                            ("mode", {"mode": "glide"}), ("mission_current", {"index": 3}),
                            ("plan", GOOD["plan"]), ("rally", {"points": [[9.0, 0.0, 0.0]]}),
                            ("fence", {"records": "AAAA"}), ("take_off", {"altitude_msl": 9999.0}),
                            ("parameter", {"name": "COM_DISARM_LAND", "value": -7.0}),
                            ("fault", {"name": "nothing"}), ("turbulence", {"level": "awful"})):
        with pytest.raises(OrderError):
            parked.order(name, **arguments)
        assert as_it_was(parked) == before, name


@pytest.mark.parametrize("fault", [OrderError("no"), ZeroDivisionError("a slip of ours")])
def test_what_fails_half_way_leaves_record_references_and_happenings_as_they_were(
        parked, monkeypatch, fault):
    before, references, told = as_it_was(parked), parked.references, list(parked.happenings)

    def half(simulation):
        aboard.put(simulation, simulation.loaded._replace(rally=aboard.rally_of([(0.7, 0.5, 9.0)])))
        events.note(simulation.state.events, simulation.time, events.RESET, 0, 0.0)
        simulation.collect()
        raise fault

    monkeypatch.setitem(ORDERS, "arm", replace(ORDERS["arm"], apply=half))
    with pytest.raises(type(fault), match=str(fault)):
        parked.order("arm")
    assert as_it_was(parked) == before and parked.references is references
    assert parked.happenings == told
    # What happens next is told, and once.
    monkeypatch.undo()
    parked.order("reset")
    assert [h["event"] for h in parked.happenings[len(told):]] == ["reset"]


def test_an_order_is_told_as_json_holds_it(parked):
    kept = []
    parked.on_order = kept.append
    parked.order("home", "one", latitude=np.float64(0.71), longitude=0.48, altitude_msl=120)
    parked.order("manual", roll=np.float32(0.25), throttle=None)
    parked.order("parameter", name="COM_DISARM_LAND", value=5)
    told = [(o.name, o.arguments) for o in kept]
    assert json.loads(json.dumps(told)) == [list(row) for row in told]
    assert kept[0].arguments == {"latitude": 0.71, "longitude": 0.48, "altitude_msl": 120.0}
    assert float(parked.loaded.header.home_latitude) == 0.71
    assert parked.loaded.settings[0].disarm_delay == 5.0
    assert list(parked.state.autopilot.crew.sticks) == [0.25, 0.0, 0.0, -1.0]
    parked.on_order = lambda order: None


def test_modes_are_called_by_their_numbers():
    assert MODE_NAMES == ("hold", "mission", "return", "take_off", "land", "guided", "orbit",
                          "altitude", "cruise", "offboard", "glide")


@pytest.mark.parametrize("distance", [200.0, 350.0])
def test_the_aiming_point_moves_at_once_on_every_known_runway(distance):
    sim = Simulation("tb2", live=True, fuel_kg=100.0)
    assert set(sim.loaded.runways["aiming_distance"]) == {300.0}
    sim.order("parameter", name="PROC_AIM_DIST", value=distance)
    assert set(sim.loaded.runways["aiming_distance"]) == {distance}
    # An assumed strip is aimed at where its mission's LAND point lies.
    strips = sim.loaded.runways.copy()
    strips["latitude"] += 0.01
    aboard.put(sim, sim.loaded._replace(runways=strips))
    sim.order("parameter", name="PROC_AIM_DIST", value=300.0)
    assert set(sim.loaded.runways["aiming_distance"]) == {distance}


def test_a_take_off_to_an_altitude_below_where_its_climb_out_ends_is_refused(parked):
    parked.step(3.0)
    ground = float(parked.state.autopilot.estimate.altitude_msl)
    climb_out = float(parked.aircraft.datasheet[0].procedures.climb_out_height)
    before = as_it_was(parked)
    for altitude, why in ((ground - 20.0, "below the runway"),
                          (ground + climb_out - 30.0, "climb-out from here leads to"),
                          (float(parked.aircraft.datasheet[0].limits.ceiling) + 10.0, "ceiling")):
        with pytest.raises(OrderError, match=why):
            parked.order("take_off", altitude_msl=altitude)
        assert as_it_was(parked) == before
    parked.order("take_off", altitude_msl=ground + climb_out + 10.0)
    assert float(parked.state.autopilot.crew.target_altitude_msl) == ground + climb_out + 10.0
