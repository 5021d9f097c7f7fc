"""Parameters at their ends and between: every value that is accepted flies and lands.

    PYTHONPATH=src:tests python -m campaigns.parameters --runs 1000 --seed 1
    PYTHONPATH=src:tests python -m campaigns.parameters --ends              # one by one, both ends

A flight takes off, flies to places and courses, climbs and descends, turns, holds, returns and
lands; the values are set by orders at one moment of it. A refusal is an answer; what was accepted
must end at a standstill on the pavement.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.aboard.parameters import Parameter, parameters
from longwatch.autopilot.codes import PHASE_FINAL, PHASE_FLARING, PHASE_PARKED, PHASE_TAKEOFF_ROLL
from longwatch.earth.geodesics import destination
from longwatch.errors import OrderError
from longwatch.simulation.run import Simulation

AIRCRAFT = ("tb2", "akinci")
MOMENTS = ("parked", "take-off roll", "climb-out", "holding", "final", "flare")
WINDS = (None, "6@30", "9@120", "10@270")
LEVELS = ("none", "light", "moderate")
# Given an order, it is down within so long [s], and a take-off begun is over within so long.
LONGEST_WAY_DOWN, LONGEST_TAKEOFF = 4200.0, 600.0
CIRCUIT_HEIGHT = 600.0
# Lower than this above the runway between climb-out and approach it was not flying [m].
LEAST_HEIGHT = 100.0


@cache
def registry(aircraft: str) -> tuple[Parameter, ...]:
    """The parameters of an aircraft, by name."""
    return parameters(load_datasheet(aircraft))


class Flight:
    """One flight with parameters set at a moment of it."""

    def __init__(self, aircraft: str, values: Mapping[str, float], moment: str,
                 wind: str | None = None, turbulence: str = "none", seed: int = 0) -> None:
        self.simulation = Simulation(aircraft, live=True, wind=wind, turbulence=turbulence,
                                     seed=seed)
        self.values, self.moment = dict(values), moment
        self.refusals: list[str] = []
        self.accepted = 0

    def flown(self) -> Verdict:
        """Fly it; what came of it."""
        faults = list(self._fly())
        outcome = "refused" if not self.accepted and self.values else "flown"
        return Verdict(outcome, "; ".join(faults), "; ".join(self.refusals))

    def _fly(self) -> Iterator[str]:
        sim = self.simulation
        sim.step(3.0)
        self._set("parked")
        for name, arguments in (("arm", {}), ("take_off", {})):
            try:
                sim.order(name, **arguments)
            except OrderError as refusal:
                self.refusals.append(str(refusal))
                return
        fault = self._takeoff()
        if fault is not None:
            if fault:
                yield fault
            return
        yield from self._circuit()
        if sim.outcome == "lost":
            yield f"lost after {sim.time:.0f} s: {_last(sim)}"
            return
        yield from self._way_down()

    def _set(self, moment: str) -> None:
        if moment != self.moment:
            return
        for name, value in self.values.items():
            try:
                self.simulation.order("parameter", name=name, value=value)
                self.accepted += 1
            except OrderError as refusal:
                self.refusals.append(str(refusal))

    def _takeoff(self) -> str | None:
        """Until it flies: None, "" where it was rejected and stands, or a fault."""
        sim = self.simulation
        while sim.time < LONGEST_TAKEOFF and sim.outcome == "flying":
            sim.step(1.0)
            phase = int(sim.state.autopilot.modes.phase)
            if phase == PHASE_TAKEOFF_ROLL and sim.time > 12.0:
                self._set("take-off roll")
                self.moment = "" if self.moment == "take-off roll" else self.moment
            if phase == PHASE_PARKED and sim.time > 20.0:
                return "" if not sim.state.status.off_pavement else "rejected, off the pavement"
            if sim.state.flight.height_above_ground > 40.0:
                self._set("climb-out")
                if phase == PHASE_TAKEOFF_ROLL:
                    return f"flies in take-off roll after {sim.time:.0f} s"
                return None
        return f"no take-off in {sim.time:.0f} s: {_last(sim)}"

    def _circuit(self) -> Iterator[str]:
        """Places, a course, a climb, a descent, an orbit, a hold."""
        sim = self.simulation
        sim.step(150.0)
        self._set("holding")
        home = sim.loaded.header
        here = float(home.home_latitude), float(home.home_longitude)
        ground = float(home.home_elevation_msl)
        place = destination(*here, math.radians(70.0), 7000.0)
        lowest, reached = math.inf, 0.0
        for name, arguments, seconds in (
                ("go_to", {"latitude": place[0], "longitude": place[1],
                           "altitude_msl": ground + CIRCUIT_HEIGHT}, 240.0),
                ("course", {"course": math.radians(250.0)}, 120.0),
                ("altitude", {"altitude_msl": ground + CIRCUIT_HEIGHT - 200.0}, 120.0),
                ("orbit", {"radius": -900.0, "altitude_msl": ground + CIRCUIT_HEIGHT}, 150.0),
                ("mode", {"mode": "hold"}, 120.0)):
            try:
                sim.order(name, **arguments)
            except OrderError as refusal:
                if "the fence's" in str(refusal) and any("FENCE" in set_ for set_ in self.values):
                    # What was set forbids where this circuit lies.
                    self.refusals.append(str(refusal))
                    return
                yield f"{name} refused: {refusal}"
            for _ in range(int(seconds / 5.0)):
                sim.step(5.0)
                height = float(sim.state.flight.altitude_msl) - ground
                lowest, reached = min(lowest, height), max(reached, height)
                if sim.outcome == "lost":
                    return
        if lowest < LEAST_HEIGHT:
            yield f"as low as {lowest:.0f} m"
        error = float(sim.state.flight.altitude_msl) - ground - CIRCUIT_HEIGHT
        if abs(error) > 60.0:
            yield f"holds {error:+.0f} m off"

    def _way_down(self) -> Iterator[str]:
        sim = self.simulation
        try:
            sim.order("return")
        except OrderError as refusal:
            yield f"return refused: {refusal}"
        began = sim.time
        state = sim.state
        while sim.time - began < LONGEST_WAY_DOWN and sim.outcome == "flying":
            sim.step(1.0)
            phase = int(state.autopilot.modes.phase)
            if phase == PHASE_FINAL and float(state.flight.height_above_ground) < 150.0:
                self._set("final")
                self.moment = "" if self.moment == "final" else self.moment
            if phase == PHASE_FLARING:
                self._set("flare")
                self.moment = "" if self.moment == "flare" else self.moment
            if phase == PHASE_PARKED and not state.autopilot.crew.armed:
                break
        yield from _judged(sim)


def _judged(sim: Simulation) -> Iterator[str]:
    """What is wrong with how it came down."""
    state = sim.state
    if sim.outcome == "lost":
        yield f"lost after {sim.time:.0f} s: {_last(sim)}"
    elif int(state.autopilot.modes.phase) != PHASE_PARKED:
        yield (f"not down: phase {int(state.autopilot.modes.phase)}, "
               f"{int(state.autopilot.modes.go_arounds)} go-arounds")
    if state.status.off_pavement:
        yield "off the pavement"
    sheet = sim.aircraft.datasheet[0]
    sink = float(state.status.touchdown_sink)
    if sink > float(sheet.landing_gear.sink_limit):
        yield f"touched down at {sink:.1f} m/s"
    if not np.isfinite(float(state.flight.altitude_msl)):
        yield "NaN"


def _last(sim: Simulation) -> str:
    return ", ".join(h["message"] for h in sim.happenings[-3:])


def fly(draw: np.random.Generator) -> Verdict:
    """Draw an aircraft, its weather, some parameters and when they are set; fly."""
    aircraft = str(draw.choice(AIRCRAFT))
    known = registry(aircraft)
    chosen = draw.choice(len(known), int(draw.integers(1, 7)), replace=False)
    values = {known[i].name: _value(known[i], draw) for i in sorted(chosen)}
    moment = str(draw.choice(MOMENTS))
    wind, level = WINDS[draw.integers(len(WINDS))], str(draw.choice(LEVELS))
    seed = int(draw.integers(1000))
    verdict = Flight(aircraft, values, moment, wind, level, seed).flown()
    if verdict.fault and (alone := Flight(aircraft, {}, moment, wind, level, seed).flown()).fault:
        verdict = replace(verdict, outcome="fault without them too",
                          fault=f"{verdict.fault}; without them: {alone.fault}")
    shown = ", ".join(f"{name} = {value:g}" for name, value in values.items())
    return replace(verdict, case=f"{aircraft}, {moment}, wind {wind}, {level}, seed {seed}: "
                                 f"{shown} {verdict.case}".rstrip())


def _value(parameter: Parameter, draw: np.random.Generator) -> float:
    """An end, or a value between, of a parameter's own range."""
    low, high = parameter.minimum, parameter.maximum
    share = float(draw.choice([0.0, 1.0, draw.random()]))
    value = low + share * (high - low)
    return value if parameter.kind is float else float(round(value))


def ends() -> Iterator[tuple[str, str, float, str]]:
    """Aircraft, parameter, value and moment: each at both its ends, on the ground and aloft."""
    for aircraft in AIRCRAFT:
        for parameter in registry(aircraft):
            for value in (parameter.minimum, parameter.maximum):
                for moment in ("parked", "holding"):
                    yield aircraft, parameter.name, value, moment


def _one_end(case: tuple[str, str, float, str], wind: str | None, turbulence: str) -> Verdict:
    aircraft, name, value, moment = case
    return Flight(aircraft, {name: value}, moment, wind, turbulence).flown()


def run_ends(jobs: int, only: str, wind: str | None, turbulence: str) -> int:
    """Fly every end; 1 where one has a fault."""
    cases = [case for case in ends() if case[1].startswith(only)]
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(jobs) as pool:
        flown = pool.map(partial(_one_end, wind=wind, turbulence=turbulence), cases)
        for case, verdict in zip(cases, flown, strict=True):
            kind = "FAULT" if verdict.fault else verdict.outcome
            counts[kind] += 1
            if verdict.fault or verdict.outcome == "refused":
                print(*case, f"{kind}: {verdict.fault or verdict.case}", flush=True)
    print(dict(counts))
    return int(counts["FAULT"] > 0)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(add_help=False)
    asked.add_argument("--ends", action="store_true")
    asked.add_argument("--jobs", type=int, default=1)
    asked.add_argument("--only", default="")
    asked.add_argument("--wind")
    asked.add_argument("--turbulence", default="none")
    own, _ = asked.parse_known_args()
    sys.exit(run_ends(own.jobs, own.only, own.wind, own.turbulence) if own.ends else run(fly))
