"""Missions as crews draw them, all over the world: what the judge accepts is flown to a standstill.

    PYTHONPATH=src:tests python -m campaigns.missions --runs 1000 --seed 1

Half of them are fitted first, as by --fit. A flight has a fault where the aircraft is lost, leaves
the pavement, exceeds what its gear bears, runs dry, has a NaN, burns more than needed and the
contingency for turbulence, or is not down in time.
"""

import json
import math
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.environment.runways import known_runways
from longwatch.errors import LongwatchError
from longwatch.planning.flight_plan import plan_flight
from longwatch.planning.load_checks import most_fuel
from longwatch.planning.resolve import ResolvedPlan
from longwatch.planning.surroundings import read_surroundings
from longwatch.simulation.run import Simulation

AIRCRAFT = ("tb2", "akinci")
LEVELS, SHARES = ("none", "light", "moderate", "severe"), (0.3, 0.3, 0.3, 0.1)
TAKEOFF, WAYPOINT, TURNS, FOR_TIME, RETURN, LAND, TO_ALT = 22, 16, 18, 19, 20, 21, 31
DELAY, JUMP, SPEED, LAND_START, UNLIMITED, CAMERA = 112, 177, 178, 189, 17, 2000
MSL, RELATIVE = 0, 3
# Longer ones are judged alone: flying them takes the campaign too long [s].
LONGEST = 5 * 3600.0
# Over what was judged, with the contingency: a flight's time may be so much longer.
LATE = 1.15
# Fuel burnt may exceed what was judged, contingency included, by this share.
OVER = 1.02


@cache
def loaded(name: str) -> Aircraft:
    """An aircraft by its name."""
    return load_datasheet(name)


class Draft:
    """A mission being drawn: its items, and where and how high the last of them is."""

    def __init__(self, draw: np.random.Generator, aircraft: Aircraft, airport: str = "") -> None:
        self.draw, self.sheet = draw, aircraft.datasheet[0]
        self.items: list[dict[str, Any]] = []
        self._home(airport)
        self.place, self.course = self.home, math.radians(self.runway_course)
        self.reach = float(draw.choice([4e3, 8e3, 15e3]))

    def _home(self, airport: str) -> None:
        """On a known runway (of ``airport``), or a strip anywhere between 75 S and 75 N."""
        draw = self.draw
        if airport or draw.random() < 0.5:
            known = [r for r in known_runways() if airport in ("", r.airport)]
            runway = known[draw.integers(len(known))]
            end = int(draw.integers(2))
            self.home = runway.latitude[end], runway.longitude[end]
            self.elevation = runway.elevation_msl[end]
            self.runway_course = math.degrees(runway.bearing(end))
            self.length = runway.length
            self.aim: tuple[float, float] | None = destination(
                *self.home, runway.bearing(end), 300.0)
        else:
            self.home = (math.asin(draw.uniform(math.sin(-1.3), math.sin(1.3))),
                         draw.uniform(-math.pi, math.pi))
            self.elevation = float(draw.choice([0.0, draw.uniform(-10.0, 2200.0)]))
            self.runway_course = float(draw.uniform(0.0, 360.0))
            self.length, self.aim = 1500.0, None

    def add(self, command: int, place: tuple[float, float] | None = None,
            height: float | None = None, **params: float) -> None:
        """An item; ``height`` above home, written in either frame; p1 to p4 by name."""
        frame = int(self.draw.choice([MSL, RELATIVE]))
        altitude = 0.0
        if height is not None:
            altitude = height + (self.elevation if frame == MSL else 0.0)
        latitude, longitude = (0.0, 0.0) if place is None else map(math.degrees, place)
        values = [params.get(f"p{i}", 0.0) for i in range(1, 5)]
        self.items.append({
            "type": "SimpleItem", "autoContinue": True, "command": command,
            "doJumpId": len(self.items) + 1, "frame": frame if height is not None else 2,
            "params": [*values, latitude, longitude, round(altitude, 1)]})

    def wander(self) -> tuple[float, float]:
        """The next place: mostly onward, now and then anywhere, never too far from home."""
        draw = self.draw
        away, back = distance_and_bearing(*self.place, *self.home)
        turn = draw.normal(0.0, 0.8) if draw.random() < 0.8 else draw.uniform(-math.pi, math.pi)
        self.course = back if away > 4.0 * self.reach else self.course + turn
        self.place = destination(*self.place, self.course, float(
            self.reach * draw.uniform(0.4, 1.6)))
        return self.place

    def drawn(self) -> dict[str, Any]:
        """The file's content."""
        draw = self.draw
        top = 0.55 * float(self.sheet.limits.ceiling) - self.elevation
        height = float(draw.uniform(300.0, 1500.0))
        off = destination(*self.home, math.radians(self.runway_course), 2500.0)
        self.add(TAKEOFF, off, float(draw.uniform(150.0, 500.0)))
        if draw.random() < 0.6:
            self.add(TO_ALT, self.wander(), height, p2=self._radius())
        for _ in range(int(draw.integers(2, 24))):
            height = float(np.clip(height + draw.normal(0.0, 300.0), 250.0, min(top, 5000.0)))
            self._body(height)
        self._ending(height)
        mission: dict[str, Any] = {
            "firmwareType": 12, "hoverSpeed": 5, "items": self.items, "version": 2,
            "vehicleType": 1, "globalPlanAltitudeMode": 0,
            "plannedHomePosition": [*map(math.degrees, self.home), self.elevation]}
        if draw.random() < 0.5:
            mission["cruiseSpeed"] = round(self._speed(), 1)
        return {"fileType": "Plan", "version": 1, "groundStation": "QGroundControl",
                "mission": mission, "geoFence": {"circles": [], "polygons": [], "version": 2},
                "rallyPoints": {"points": [], "version": 2}}

    def _radius(self) -> float:
        return float(self.draw.choice([-1.0, 1.0]) * self.draw.uniform(600.0, 3000.0))

    def _speed(self) -> float:
        return float(self.sheet.limits.cruise_speed * self.draw.uniform(0.85, 1.25))

    def _body(self, height: float) -> None:
        draw = self.draw
        kind = int(draw.choice([WAYPOINT, TURNS, FOR_TIME, TO_ALT, SPEED, JUMP, DELAY, UNLIMITED],
                               p=[0.56, 0.1, 0.09, 0.08, 0.08, 0.05, 0.03, 0.01]))
        if kind == WAYPOINT:
            self.add(kind, self.wander(), height,
                     p1=float(draw.choice([0.0, draw.uniform(5.0, 120.0)], p=[0.9, 0.1])))
        elif kind == TURNS:
            self.add(kind, self.wander(), height, p1=float(draw.integers(1, 4)), p3=self._radius())
        elif kind == FOR_TIME:
            self.add(kind, self.wander(), height, p1=float(draw.uniform(60.0, 900.0)),
                     p3=self._radius())
        elif kind == UNLIMITED:
            self.add(kind, self.wander(), height, p3=self._radius())
        elif kind == TO_ALT:
            self.add(kind, self.wander(), height, p2=self._radius())
        elif kind == SPEED:
            self.add(kind, p2=self._speed(), p3=-1.0)
        elif kind == DELAY:
            self.add(kind, p1=float(draw.uniform(5.0, 60.0)))
        elif len(self.items) > 3:
            self.add(kind, p1=float(draw.integers(2, len(self.items))),
                     p2=float(draw.integers(1, 4)))

    def _ending(self, height: float) -> None:
        """A landing with its sequence, a landing alone, a return, or nothing (fitted)."""
        draw = self.draw
        kind = str(draw.choice(["sequence", "landing", "return", "none"], p=[0.5, 0.2, 0.2, 0.1]))
        final = math.radians(self.runway_course) + math.pi
        aim = self.aim or destination(*self.home, final + math.pi, 300.0)
        if kind == "sequence":
            self.add(LAND_START)
            gate = destination(*aim, final + draw.normal(0.0, 0.5), float(draw.uniform(7e3, 16e3)))
            self.add(TO_ALT, gate, float(draw.uniform(300.0, 900.0)), p2=self._radius())
        if kind in ("sequence", "landing"):
            self.add(LAND, aim, 0.0)
        elif kind == "return":
            self.add(RETURN)


def fly(draw: np.random.Generator) -> Verdict:
    """Draw a mission, a load and a wind; judge it, and fly it where it is accepted."""
    aircraft = loaded(str(draw.choice(AIRCRAFT)))
    sheet = aircraft.datasheet[0]
    content = Draft(draw, aircraft).drawn()
    payload = float(draw.choice([0.0, draw.uniform(0.0, float(sheet.mass.payload_maximum))]))
    fuel = most_fuel(sheet, payload) * float(draw.uniform(0.25, 1.0))
    speed = float(draw.choice([0.0, draw.uniform(0.0, 8.0), draw.uniform(0.0, 16.0)]))
    wind = f"{speed:.1f}@{draw.uniform(0.0, 360.0):.0f}"
    level, fit = str(draw.choice(LEVELS, p=SHARES)), bool(draw.random() < 0.5)
    seed = int(draw.integers(1_000_000))
    items = len(content["mission"]["items"])
    case = (f"{aircraft.name} {items} items, payload {payload:.1f}, fuel {fuel:.2f}, wind {wind}, "
            f"{level}, seed {seed}{', --fit' if fit else ''}")
    try:
        plan = planned(content, aircraft, payload, fuel, wind, level, fit)
    except LongwatchError as refusal:
        return Verdict("refused", "", f"{case}: {refusal}")
    if plan.judgement.fuel.time > LONGEST:
        return Verdict("too long to fly here", "", case)
    return _flown(plan, aircraft, payload, fuel, level, seed, wind, case)


def planned(content: dict[str, Any], aircraft: Aircraft, payload: float, fuel: float, wind: str,
            level: str, fit: bool) -> ResolvedPlan:
    """The plan of a drawn file; raises MissionError or SetupError where it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.plan"
        path.write_text(json.dumps(content), encoding="utf-8")
        return plan_flight(path, aircraft, payload_kg=payload, fuel_kg=fuel, turbulence=level,
                           fit=fit, **read_surroundings(wind, None, None, None))


def _flown(plan: ResolvedPlan, aircraft: Aircraft, payload: float, fuel: float, level: str,
           seed: int, wind: str, case: str) -> Verdict:
    judged = plan.judgement.fuel
    sim = Simulation(aircraft, plan, payload_kg=payload, fuel_kg=fuel, turbulence=level, seed=seed,
                     wind=wind)
    latest = 2.0 * judged.time + 1800.0
    while sim.outcome == "flying" and sim.time < latest and not _stranded(sim):
        sim.step(60.0)
        if not np.isfinite(float(sim.state.flight.altitude_msl)):
            break
    faults = "; ".join(_faults(sim, judged, fuel))
    if faults:
        faults += f" [{', '.join(h['message'] for h in sim.happenings[-4:])}]"
    return Verdict("landed" if sim.outcome == "landed" else sim.outcome, faults, case)


def _stranded(sim: Simulation) -> bool:
    state = sim.state
    return bool(state.mass.fuel_mass <= 0.0 and not state.status.airborne
                and abs(state.flight.velocity_north) + abs(state.flight.velocity_east) < 0.5)


def _faults(sim: Simulation, judged: Any, fuel: float) -> Iterator[str]:
    state, gear = sim.state, sim.aircraft.datasheet[0].landing_gear
    if not np.isfinite(float(state.flight.altitude_msl)):
        yield "NaN"
        return
    if sim.outcome != "landed":
        yield f"{sim.outcome} after {sim.time:.0f} s, judged {judged.time:.0f} s"
    if state.status.off_pavement:
        yield "off the pavement"
    for what, value, limit in (
            ("sink", state.status.touchdown_sink, gear.sink_limit),
            ("vertical load", state.status.touchdown_vertical_load, gear.vertical_load_limit),
            ("side load", state.status.touchdown_side_load, gear.side_load_limit)):
        if float(value) > float(limit):
            yield f"{what} {float(value):.4g} over {float(limit):.4g}"
    burnt, most = fuel - float(state.mass.fuel_mass), judged.needed + judged.contingency
    if float(state.mass.fuel_mass) <= 0.0:
        yield "ran dry"
    elif burnt > OVER * most:
        yield f"burnt {burnt:.2f} kg, judged {most:.2f} kg ({judged.contingency:.2f} contingency)"
    share = 1.0 + judged.contingency / max(judged.needed, 1e-9)
    if sim.outcome == "landed" and sim.time > LATE * share * judged.time:
        yield f"took {sim.time:.0f} s, judged {judged.time:.0f} s"


if __name__ == "__main__":
    sys.exit(run(fly))
