"""On the ground: an hour parked in wind, and landings on runways that are only just long enough.

    PYTHONPATH=src:tests python -m campaigns.ground --runs 200 --seed 1

Half of the cases park an aircraft in a wind from any side, in up to moderate turbulence, and have a
fault where it is lost, turns by more than 1 deg or creeps by more than 0.1 m. The others fly a
circuit from and to a known runway, at any load, in the wind and turbulence that the judge accepts;
of ten runways drawn they take the shortest that it accepts. They have a fault where the aircraft is
lost, leaves the pavement, or its gear bears more than its limits.
"""

import json
import math
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.earth.geodesics import destination
from longwatch.environment.runways import Runway, known_runways
from longwatch.errors import LongwatchError
from longwatch.flights.account import touchdown
from longwatch.planning.load_checks import most_fuel
from longwatch.simulation.orders import faults
from longwatch.simulation.run import Simulation

AIRCRAFT = ("tb2", "akinci")
LEVELS = ("none", "light", "moderate", "severe")
# Parked: the wind is drawn up to what is said to hold in each turbulence [m/s].
PARKED_WIND = {"none": 13.0, "light": 13.0, "moderate": 10.0}
SETTLED, AFTER, HOUR = 5.0, 20.0, 3600.0
LARGEST_TURN, LARGEST_CREEP = math.radians(1.0), 0.1
CIRCUIT_HEIGHT, LONGEST = 400.0, 3600.0


@cache
def loaded(name: str) -> Aircraft:
    """An aircraft by its name."""
    return load_datasheet(name)


def load(draw: np.random.Generator, sheet: Any) -> tuple[float, float]:
    """Payload and fuel [kg], from light to the largest take-off mass."""
    payload = float(sheet.mass.payload_maximum * draw.uniform(0.0, 1.0))
    return payload, float(most_fuel(sheet, payload) * draw.uniform(0.25, 1.0))


def park(draw: np.random.Generator) -> Verdict:
    """An hour on the brakes."""
    name, level = str(draw.choice(AIRCRAFT)), str(draw.choice(list(PARKED_WIND)))
    speed = float(draw.uniform(0.0, PARKED_WIND[level]))
    side, seed = float(draw.uniform(-math.pi, math.pi)), int(draw.integers(1 << 30))
    payload, fuel = load(draw, loaded(name).datasheet[0])
    simulation = Simulation(loaded(name), payload_kg=payload, fuel_kg=fuel, seed=seed, live=True)
    simulation.step(SETTLED)
    heading = float(simulation.state.flight.heading)
    faults.set_wind(simulation, speed, (heading + side) % (2 * math.pi))
    faults.set_turbulence(simulation, level)
    simulation.step(AFTER)
    place = simulation.state.body.position_ecef.copy()
    simulation.step(HOUR)
    # Where it stands once the gusts have let go of its struts and tyres.
    faults.set_wind(simulation, 0.0, 0.0)
    faults.set_turbulence(simulation, "none")
    simulation.step(AFTER)
    turned = float(simulation.state.flight.heading) - heading
    turned = abs((turned + math.pi) % (2 * math.pi) - math.pi)
    crept = float(np.linalg.norm(simulation.state.body.position_ecef - place))
    case = (f"{name}, {payload:.0f} kg of payload, {fuel:.0f} of fuel, {speed:.1f} m/s from "
            f"{math.degrees(side):+.0f} deg, {level} turbulence, seed {seed}")
    if simulation.outcome == "lost":
        return Verdict("parked, lost", f"lost after {simulation.time:.0f} s", case)
    told = f"turned by {math.degrees(turned):.2f} deg, crept by {crept:.3f} m"
    moved = turned > LARGEST_TURN or crept > LARGEST_CREEP
    return Verdict("parked", told if moved else "", f"{case}: {told}")


def circuit(runway: Runway, end: int, sheet: Any) -> dict[str, Any]:
    """A mission from a runway's end, once around, and back to it."""
    course = runway.bearing(end)
    threshold = runway.latitude[end], runway.longitude[end]
    size = 1.2 * float(sheet.procedures.final_length)
    out = destination(*threshold, course, runway.length + size)
    abeam = destination(*out, course + math.pi / 2, size)
    back = destination(*destination(*threshold, course + math.pi, 1.5 * size),
                       course + math.pi / 2, size)
    aim = destination(*threshold, course, float(sheet.procedures.aiming_distance))
    items = [(22, out, CIRCUIT_HEIGHT), (16, abeam, CIRCUIT_HEIGHT), (16, back, CIRCUIT_HEIGHT),
             (21, aim, 0.0)]
    return {"fileType": "Plan", "version": 1, "groundStation": "QGroundControl",
            "geoFence": {"circles": [], "polygons": [], "version": 2},
            "rallyPoints": {"points": [], "version": 2},
            "mission": {
                "firmwareType": 12, "vehicleType": 1, "version": 2, "hoverSpeed": 5,
                "plannedHomePosition": [*map(math.degrees, threshold), runway.elevation_msl[end]],
                "items": [{"type": "SimpleItem", "autoContinue": True, "command": command,
                           "doJumpId": i + 1, "frame": 3,
                           "params": [0, 0, 0, 0, *map(math.degrees, place), height]}
                          for i, (command, place, height) in enumerate(items)]}}


def land(draw: np.random.Generator) -> Verdict:
    """A circuit on the shortest of ten runways that the judge accepts."""
    name, level = str(draw.choice(AIRCRAFT)), str(draw.choice(LEVELS, p=(0.2, 0.3, 0.35, 0.15)))
    sheet = loaded(name).datasheet[0]
    payload, fuel = load(draw, sheet)
    wind = f"{draw.uniform(0.0, 14.0):.1f}@{draw.uniform(0.0, 360.0):.0f}"
    seed, end = int(draw.integers(1 << 30)), int(draw.integers(2))
    places = [r for r in known_runways() if r.paved]
    drawn = sorted((places[i] for i in draw.integers(len(places), size=10)),
                   key=lambda runway: runway.length)
    for runway in drawn:
        case = (f"{name}, {payload:.0f} kg of payload, {fuel:.0f} of fuel, {wind}, {level} "
                f"turbulence, seed {seed}, {runway.airport} {runway.ends[end]} "
                f"{runway.length:.0f} m at {runway.elevation_msl[end]:.0f} m")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "circuit.plan"
            path.write_text(json.dumps(circuit(runway, end, sheet)))
            try:
                simulation = Simulation(loaded(name), path, payload_kg=payload, fuel_kg=fuel,
                                        wind=wind, turbulence=level, seed=seed, fit=True)
            except LongwatchError:
                continue
        return _landed(simulation, case, runway)
    return Verdict("none accepted", "", case)


def _landed(simulation: Simulation, case: str, runway: Runway) -> Verdict:
    simulation.step(LONGEST)
    found = touchdown(simulation)
    if found is None or simulation.outcome != "landed":
        return Verdict(f"landing, {simulation.outcome}", f"{simulation.outcome} after "
                       f"{simulation.time:.0f} s", case)
    left = runway.length - float(simulation.state.autopilot.approach.past_threshold)
    told = (f"{found.runway}: {found.along_runway_m:.0f} m past the threshold, "
            f"{found.lateral_offset_m:+.1f} m, stops {left:.0f} m before the end, sink "
            f"{-found.vertical_speed_m_s:.2f} m/s, loads {found.vertical_load_share:.2f} "
            f"{found.side_load_share:.2f}, "
            f"{int(simulation.state.autopilot.modes.go_arounds)} go-arounds")
    wrong = [text for text, bad in (
        ("left the pavement", not found.on_pavement or left < 0.0),
        ("vertical load over the limit", (found.vertical_load_share or 0.0) > 1.0),
        ("side load over the limit", (found.side_load_share or 0.0) > 1.0)) if bad]
    return Verdict("landed", f"{', '.join(wrong)}: {told}" if wrong else "", f"{case}: {told}")


def ground(draw: np.random.Generator) -> Verdict:
    """Park or land, by the draw."""
    return park(draw) if draw.random() < 0.5 else land(draw)


if __name__ == "__main__":
    sys.exit(run(ground))
