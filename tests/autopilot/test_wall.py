"""The wall between truth and autopilot."""

import ast
import inspect
from pathlib import Path

import numpy as np

import longwatch
from longwatch.autopilot import system
from longwatch.autopilot.system import AutopilotState
from longwatch.record import leaves
from longwatch.sensors.suite import SensorsState

PACKAGE = Path(longwatch.__file__).parent
TRUTH = {"environment", "flight", "simulation", "planning", "records"}


def imported_rooms(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = ([node.module] if isinstance(node, ast.ImportFrom)
                 else [a.name for a in node.names] if isinstance(node, ast.Import) else [])
        for name in names:
            if name and name.startswith("longwatch."):
                yield name.split(".")[1]


def test_neither_autopilot_nor_what_it_imports_reaches_the_truth():
    seen, waiting = set(), {"autopilot"}
    while waiting:
        room = waiting.pop()
        seen.add(room)
        files = (PACKAGE / room).rglob("*.py") if (PACKAGE / room).is_dir() else [
            PACKAGE / f"{room}.py"]
        waiting |= {r for path in files for r in imported_rooms(path)} - seen
    assert not seen & TRUTH
    assert seen <= {"autopilot", "aircraft", "earth", "sensors", "compiled", "compiler", "record",
                    "errors"}


def test_sensor_records_hold_no_way_to_the_truth():
    rooms = {r for path in (PACKAGE / "sensors").glob("*.py") for r in imported_rooms(path)}
    assert rooms <= {"sensors", "aircraft", "compiled", "record"}


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
