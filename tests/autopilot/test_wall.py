"""The wall between truth and autopilot."""

import ast
import inspect
from pathlib import Path

import numpy as np

import longwatch
from longwatch.autopilot import system
from longwatch.autopilot.system import AutopilotState
from longwatch.record import leaves
from longwatch.sensors.samples import SensorsState

PACKAGE = Path(longwatch.__file__).parent
TRUTH = {"environment", "flight", "simulation", "planning", "records"}


def imported(path):
    """Modules and packages of ours that a file imports, dotted below the package."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("longwatch"):
            for name in node.names:
                whole = f"{node.module}.{name.name}".split(".")[1:]
                yield ".".join(whole if file_of(".".join(whole)) else whole[:-1])
        elif isinstance(node, ast.Import):
            yield from (a.name.partition(".")[2] for a in node.names
                        if a.name.startswith("longwatch."))


def file_of(module):
    path = PACKAGE.joinpath(*module.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)


def reached(room):
    """Every module that a room's files lead to, its own left out."""
    seen, waiting = set(), {m for path in (PACKAGE / room).rglob("*.py") for m in imported(path)}
    while waiting:
        module = waiting.pop()
        seen.add(module)
        waiting |= set(imported(file_of(module))) - seen
    return {module for module in seen if module.split(".")[0] != room}


def test_neither_autopilot_nor_what_it_imports_reaches_the_truth():
    rooms = {module.split(".")[0] for module in reached("autopilot")}
    assert not rooms & TRUTH
    assert rooms <= {"aircraft", "earth", "sensors", "compiled", "compiler", "record", "errors"}


def test_of_the_sensors_it_reaches_the_samples_alone():
    assert {m for m in reached("autopilot") if m.split(".")[0] == "sensors"} == {"sensors.samples"}
    assert not [m for m in imported(file_of("sensors.samples")) if m.startswith("sensors")]


def test_sensors_hold_no_way_to_the_truth():
    rooms = {module.split(".")[0] for module in reached("sensors")}
    assert rooms <= {"aircraft", "earth", "compiled", "compiler", "record", "errors", "random"}


def test_what_sensors_hide_is_named_by_those_alone_who_make_the_truth():
    """Not by services either, which have the whole record at hand."""
    naming = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py")
              if "sensor_errors" in path.read_text()}
    assert naming == {"sensors", "simulation"}


def test_a_step_is_given_sensors_and_memory_alone():
    """Of the aircraft's record, only what it feels, remembers, commands and notes is passed."""
    function = getattr(system.step, "py_func", system.step)
    assert list(inspect.signature(function).parameters) == [
        "autopilot", "sensors", "commands", "plan", "sheet", "earth", "world", "ring", "tick",
        "dt"]
    tree = ast.parse((PACKAGE / "simulation" / "tick.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)
             and ast.unparse(node.func) == "autopilot.step"]
    assert [[ast.unparse(a) for a in call.args] for call in calls] == [[
        "vehicle.autopilot", "vehicle.sensors", "vehicle.commands", "plan", "sheet",
        "world.earth[0]", "carried", "vehicle.events", "vehicle.clock.tick", "DT"]]


def test_what_it_carries_of_the_world_is_no_weather():
    source = (PACKAGE / "simulation" / "vehicle.py").read_text()
    carried = next(node for node in ast.parse(source).body
                   if isinstance(node, ast.ClassDef) and node.name == "Carried")
    assert [ast.unparse(node.target) for node in carried.body
            if isinstance(node, ast.AnnAssign)] == ["geoid", "magnetic"]


def test_records_of_both_sides_share_no_memory():
    autopilot, sensors = AutopilotState.zeros(), SensorsState.zeros()
    assert not np.shares_memory(autopilot, sensors)
    assert len(list(leaves(AutopilotState))) > 100
