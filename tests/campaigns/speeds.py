"""Speeds drawn at random, asked for by every way there is: none may cost height or the aircraft.

By order (speed, go_to, a set-point of velocity, the throttle stick) an aircraft holds a height, in
any load, wind and turbulence, and is asked for a speed from walking pace to beyond never-exceed. By
plan a circuit is flown with a cruise speed, a change of speed on the way and another before the
landing. What is accepted is flown for minutes; what is refused is counted.

    PYTHONPATH=src:tests python -m campaigns.speeds --runs 300 --seed 1
"""

import json
import math
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from campaigns.runner import Verdict, run
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.codes import PHASE_EN_ROUTE, PHASE_HOLDING, PHASE_LOITER, PHASE_STEERED
from longwatch.errors import LongwatchError, OrderError
from longwatch.live.setting import Setting
from longwatch.planning.load_checks import most_fuel
from longwatch.planning.performance import Performance
from longwatch.simulation.run import Simulation

LEVELS = ("none", "light", "moderate", "severe")
# Height below the one asked for that gusts may cost, m: beyond it the speed did, as one faster than
# level power holds, which went from 297 m to the ground in calm air. Grade: measured; the most in
# 50 orders drawn in altitude hold was 1, 10, 13 and 348 m. 447 m were seen in severe turbulence
# before, at the standard speed too, where air that sinks at 8 m/s for half a minute takes a height
# that no power holds. The rest is for rarer gusts.
SPARE = {"none": 12.0, "light": 25.0, "moderate": 75.0, "severe": 600.0}
HOME = (41.129398, 27.905300, 152.4)
MINUTES = 10


@dataclass
class Draw:
    """One case."""

    aircraft: str
    payload: float
    fuel: float
    wind: float
    source: float
    turbulence: str
    seed: int

    def __str__(self):
        return (f"{self.aircraft} payload {self.payload:.0f} fuel {self.fuel:.1f} wind "
                f"{self.wind:.1f}@{self.source:.0f} {self.turbulence} seed {self.seed}")


def drawn(random):
    """Aircraft, load and air."""
    aircraft = str(random.choice(["tb2", "akinci"]))
    sheet = load_datasheet(aircraft).datasheet[0]
    payload = float(random.uniform(0.0, float(sheet.mass.payload_maximum)))
    fuel = float(random.uniform(0.25, 1.0)) * most_fuel(sheet, payload)
    return sheet, Draw(aircraft, round(payload), round(fuel, 1), round(random.uniform(0, 16), 1),
                       round(random.uniform(0, 360)), str(random.choice(LEVELS)),
                       int(random.integers(1, 10_000)))


# ---------------------------------------------------------------------------------- by order


def ask(simulation, way, speed, random):
    """Ask for a speed in one of four ways; raises OrderError."""
    estimate = simulation.state.autopilot.estimate
    if way == "speed":
        simulation.order("speed", calibrated_airspeed=speed)
    elif way == "go_to":
        simulation.order("go_to", latitude=float(estimate.latitude) + 0.002,
                         longitude=float(estimate.longitude) + 0.002, speed=speed)
    elif way == "stick":
        simulation.order("mode", mode="altitude")
        simulation.order("manual", roll=float(random.choice([0.0, 0.3])), pitch=0.0, yaw=0.0,
                         throttle=min(speed / 110.0, 1.0))
    else:
        course = float(random.uniform(0.0, 2.0 * math.pi))
        simulation.order("offboard_velocity", north=speed * math.cos(course),
                         east=speed * math.sin(course), down=0.0)
        simulation.order("mode", mode="offboard")


def by_order(random):
    """An aircraft that holds a height is asked for a speed."""
    sheet, case = drawn(random)
    performance = Performance(sheet)
    mass = float(sheet.mass.empty_mass) + case.payload + case.fuel
    top = min(performance.ceiling(mass), float(sheet.limits.ceiling)) - 300.0
    height = float(random.choice([300.0, 500.0, random.uniform(300.0, max(top, 600.0))])) + 152.0
    speed = float(random.uniform(8.0, 1.05 * float(sheet.limits.never_exceed_speed)))
    way = str(random.choice(["speed", "go_to", "velocity", "stick"]))
    told = f"{case}: {way} {speed:.1f} m/s at {height:.0f} m"
    simulation, = Setting(aircraft=case.aircraft, payload_kg=case.payload, fuel_kg=case.fuel,
                          seed=case.seed).simulations()
    simulation.step(2.0)
    simulation.order("arm")
    simulation.order("take_off", altitude_msl=height)
    for _ in range(240):
        simulation.step(30.0)
        if abs(float(simulation.state.flight.altitude_msl) - height) < 5.0:
            break
    simulation.order("wind", speed=case.wind, direction=math.radians(case.source), over=10.0)
    simulation.order("turbulence", level=case.turbulence, over=10.0)
    simulation.step(60.0)
    try:
        ask(simulation, way, speed, random)
    except OrderError as refusal:
        return Verdict(f"{way} refused", case=f"{told}: {refusal}")
    return flown_by_order(simulation, way, height, told, SPARE[case.turbulence])


def flown_by_order(simulation, way, height, told, spare):
    """Ten minutes on; the height is what was held."""
    lowest, phases = math.inf, (PHASE_HOLDING, PHASE_STEERED)
    for _ in range(MINUTES * 12):
        simulation.step(5.0)
        if simulation.outcome != "flying" or bool(simulation.state.status.struck):
            return Verdict("lost", "lost by an accepted speed", told)
        if int(simulation.state.autopilot.modes.phase) not in phases:
            return Verdict("brought home", case=told)
        lowest = min(lowest, float(simulation.state.flight.altitude_msl))
    target = height
    if way == "velocity":
        # Level by climb rate, not by altitude: it may drift with the vertical gusts.
        spare *= 3.0
    fault = f"{target - lowest:.0f} m of height lost" if lowest < target - spare else ""
    return Verdict(f"{way} flown", fault, told)


# ----------------------------------------------------------------------------------- by plan


def item(command, number, place=None, altitude=0.0, params=(0, 0, 0, None)):
    return {"type": "SimpleItem", "autoContinue": True, "command": command, "doJumpId": number,
            "frame": 0 if place else 2, "params": [*params, *(place or (0, 0)), altitude]}


def by_plan(random):
    """A circuit with a cruise speed, and changes of it on the way and before the landing."""
    sheet, case = drawn(random)
    fastest = 1.02 * float(sheet.limits.never_exceed_speed)

    def some():
        return round(float(random.uniform(20.0, fastest)), 1)

    top = float(random.choice([700.0, 1500.0, random.uniform(600.0, 8000.0)]))
    heights = [round(top * float(random.uniform(0.8, 1.0))) + 150 for _ in range(3)]
    places = [(41.24, 28.10), (41.36, 28.35), (41.22, 28.45)]
    items = [item(22, 1, (41.147099, 27.9326), max(heights[0], 454))]
    items += [item(16, 2, places[0], heights[0])]
    if random.random() < 0.7:
        items.append(item(178, len(items) + 1, params=(0, some(), -1, 0)))
    items += [item(18, len(items) + 1, places[1], heights[1], (2, 0, 1500, 1))]
    items += [item(16, len(items) + 1, places[2], heights[2])]
    if random.random() < 0.7:
        items.append(item(178, len(items) + 1, params=(0, some(), -1, 0)))
    items.append(item(21, len(items) + 1, (41.1313, 27.9082), 155.0))
    mission = {"items": items, "plannedHomePosition": list(HOME)}
    if random.random() < 0.5:
        mission["cruiseSpeed"] = some()
    fit = bool(random.random() < 0.7)
    told = f"{case}{' fitted' if fit else ''}: {json.dumps(mission)}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speeds.plan"
        path.write_text(json.dumps({"fileType": "Plan", "mission": mission}))
        try:
            simulation = Simulation(
                case.aircraft, path, payload_kg=case.payload, fuel_kg=case.fuel,
                wind=f"{case.wind:g}@{case.source:g}", turbulence=case.turbulence,
                seed=case.seed, fit=fit)
        except LongwatchError as refusal:
            return Verdict("plan refused", case=f"{told}: {refusal}")
    return flown_by_plan(simulation, told, SPARE[case.turbulence])


def flown_by_plan(simulation, told, spare):
    """To the end; no leg is flown lower than it climbed to, but on the way down."""
    worst, top, index = 0.0, -math.inf, -2
    while simulation.outcome == "flying" and simulation.time < 6.0 * 3600.0:
        simulation.step(5.0)
        state = simulation.state.autopilot
        if int(state.modes.phase) not in (PHASE_EN_ROUTE, PHASE_LOITER):
            continue
        altitude, target = float(state.estimate.altitude_msl), float(
            state.guidance.altitude_target)
        if int(state.mission.index) != index:
            index, top = int(state.mission.index), -math.inf
        top = max(top, min(altitude, target))
        worst = max(worst, top - altitude)
    if simulation.outcome != "landed" or bool(simulation.state.status.struck):
        return Verdict(simulation.outcome, f"{simulation.outcome} by an accepted plan", told)
    fault = f"{worst:.0f} m of height lost on a leg" if worst > spare else ""
    if simulation.state.status.off_pavement:
        fault += " off the pavement"
    return Verdict("plan flown", fault, told)


def speeds(random):
    """A speed by order or by plan."""
    return by_order(random) if random.random() < 0.6 else by_plan(random)


if __name__ == "__main__":
    sys.exit(run(speeds))
