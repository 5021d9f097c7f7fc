"""Orders home from every leg and height: all down on a runway, in the time and distance told.

A mission that ships with the project, an aircraft, a wind, an item of the mission and a while on
the way to it or around it, and then a return, a landing, a lost link, low or critical fuel. What is
told at that moment (autopilot/failsafe/fuel_watch.py, on the wire services/ways_down.py) is held
against what is then flown to where the wheels touch. ``--every`` flies every order from every leg
of every mission in three winds by both aircraft.
"""

import math
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.autopilot import codes
from longwatch.autopilot.failsafe import fuel_watch
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.manoeuvres import mission, phases
from longwatch.errors import LongwatchError, MissionError, OrderError, SetupError
from longwatch.planning.mission_file import read_mission
from longwatch.simulation.run import Simulation
from longwatch.simulation.simulated_aircraft import Checkpoint

MISSIONS = Path(__file__).parents[2] / "missions"
NAMES = tuple(sorted(path.stem for path in MISSIONS.glob("*.plan")))
# Fuel that every mission can be begun with, as far as it fits the aircraft; heavier, the tb2 does
# not hold its speed at the height of a whole day's mission.
AIRCRAFT = {"tb2": 180.0, "akinci": 2400.0}
# And what is left of it where it is to run low, without being so by itself.
LITTLE = {"tb2": 18.0, "akinci": 220.0}
# Of that where it is to be critical: the longest reserve that can be asked for is twice as much.
CRITICAL_SHARE = 0.8
WINDS = ("", "5@{:.0f}", "9@{:.0f}")
ORDERS = ("return", "land", "link lost", "fuel low", "fuel critical")
# Those of the cases that are all flown, and how long on the way to an item, in turn [s].
THREE_WINDS = ("", "8@40", "6@250")
WHILES = (60.0, 230.0, 400.0, 570.0)
# What is told may be wrong by so much of itself.
ALLOWED = 0.10
# But in the last moments by what a flare floats more or less [s, m].
LEAST_ALLOWED = (5.0, 150.0)
# And what a link or a doubt about fuel takes to be acted on [s].
PATIENCE = 90.0
LONGEST = 4 * 3600.0


def at_item(aircraft: str, name: str, wind: str, index: int, seconds: float,
            order: str = "return", terrain: Path | None = None) -> Simulation:
    """An aircraft on its mission, so long on the way to an item, for an order; its crew heard.

    The same one as last time, for the same aircraft, mission and wind, put back to its climb.
    """
    begun = _begun(aircraft, name, wind, terrain)
    if isinstance(begun, LongwatchError):
        raise begun
    flight, checkpoint = begun
    flight.go_back(checkpoint)
    if order.startswith("fuel"):
        flight.state.mass.fuel_mass = LITTLE[aircraft] * (
            CRITICAL_SHARE if order == "fuel critical" else 1.0)
    flight.order("mission_current", index=index)
    flight.step(seconds)
    return flight


@lru_cache(maxsize=len(THREE_WINDS))
def _begun(aircraft: str, name: str, wind: str, terrain: Path | None
           ) -> tuple[Simulation, Checkpoint] | LongwatchError:
    """An aircraft that has taken off on its mission, and that moment; or why it is refused."""
    try:
        flight = Simulation(aircraft, MISSIONS / f"{name}.plan", live=True, fit=True,
                            fuel_kg=AIRCRAFT[aircraft], wind=wind or None, terrain=terrain)
    except (MissionError, SetupError) as error:
        return error
    flight.order("link", present=True)
    flight.step(4.0)
    flight.order("mode", mode="mission")
    flight.order("arm")
    for _ in range(600):
        flight.step(1.0)
        if flight.state.autopilot.modes.phase in (codes.PHASE_EN_ROUTE, codes.PHASE_LOITER):
            break
    return flight, flight.checkpoint()


def flown_items(name: str) -> list[int]:
    """Indices of the items of a shipped mission that are flown, after the take-off."""
    items = read_mission(MISSIONS / f"{name}.plan").items
    return [i for i in range(1, len(items)) if mission.is_navigation(items[i].command)]


def give(flight: Simulation, order: str) -> bool:
    """Order it home, and fly until it is on its way; False where it never is."""
    if order in ("return", "land"):
        try:
            flight.order(order)
        except OrderError:
            return False
        return True
    # Where no runway is long enough to be landed on by the table, critical fuel is a return.
    wanted = (
        (codes.MODE_LAND, codes.MODE_RETURN) if order == "fuel critical" else (codes.MODE_RETURN,)
    )
    if order == "link lost":
        flight.order("link", present=False)
    else:
        _ask_for_more(flight, order == "fuel critical")
    for _ in range(round(PATIENCE)):
        flight.step(1.0)
        autopilot = flight.state.autopilot
        if order == "fuel critical" and autopilot.failsafe.fuel.level != failsafes.CRITICAL:
            continue
        if autopilot.crew.mode in wanted or phases.lands(autopilot.modes.phase):
            return True
    return False


def _ask_for_more(flight: Simulation, critical: bool) -> None:
    """Raise the reserve that the crew wants to what makes the fuel aboard low, or critical."""
    figures = flight.state.autopilot.failsafe.fuel
    left = float(figures.at_landing)
    if critical:
        left = max(left, float(flight.state.mass.fuel_mass) - float(figures.fuel_down))
    flow = float(figures.reserve) / float(flight.aircraft.datasheet[0].limits.reserve_time)
    flight.order("parameter", name="LW_FUEL_RESERVE",
                 value=min(left / (0.4 if critical else 0.85) / flow, 36000.0))


def told(flight: Simulation, lands: bool) -> tuple[float, float]:
    """Time [s] and distance [m] that are told of a return or of a landing."""
    figures = flight.state.autopilot.failsafe.fuel
    return ((float(figures.time_down), float(figures.distance_down)) if lands
            else (float(figures.time_home), float(figures.distance_home)))


def down(flight: Simulation) -> tuple[float, float]:
    """Fly until the wheels touch and it stands: time [s] and distance [m] to the touch."""
    time = distance = 0.0
    touched = False
    while time < LONGEST and flight.outcome == "flying":
        flight.step(1.0)
        state = flight.state
        touched = touched or bool(state.autopilot.estimate.gauges.weight_on_wheels)
        if not touched:
            time += 1.0
            distance += float(state.flight.ground_speed)
        elif not state.autopilot.crew.armed:
            return time, distance
    return math.inf, math.inf


def judged(flight: Simulation, order: str) -> Verdict:
    """Give the order, fly it, and hold it against what was told."""
    lands = order == "land"
    before = told(flight, lands)
    if not give(flight, order):
        possible = order != "land" or before[0] < fuel_watch.NEVER
        return Verdict("order not taken", "it is not on its way home" if possible else "")
    if order not in ("return", "land"):
        flight.step(1.5)
        before = told(flight, flight.state.autopilot.crew.mode == codes.MODE_LAND)
    after = down(flight)
    status, around = flight.state.status, flight.state.autopilot.modes.go_arounds
    if not math.isfinite(after[0]):
        return Verdict("not down", f"not down within {LONGEST:.0f} s: {flight.outcome}")
    if status.off_pavement or flight.outcome != "flying":
        return Verdict("off the runway", f"{flight.outcome}, not on the pavement")
    errors = [one / other - 1.0 for one, other in zip(before, after, strict=True)]
    text = (f"told {before[0]:.0f} s and {before[1] / 1e3:.2f} km, flown {after[0]:.0f} s and "
            f"{after[1] / 1e3:.2f} km ({errors[0]:+.1%}, {errors[1]:+.1%})")
    if around:
        return Verdict("down after a go-around", "", text)
    wrong = any(abs(one - other) > max(ALLOWED * other, least)
                for one, other, least in zip(before, after, LEAST_ALLOWED, strict=True))
    return Verdict("down", text if wrong else "", text)


def fly(drawn: np.random.Generator) -> Verdict:
    """Orders home from every leg and height of the shipped missions."""
    aircraft = str(drawn.choice(list(AIRCRAFT)))
    name = str(drawn.choice(NAMES))
    wind = str(drawn.choice(WINDS)).format(drawn.uniform(0.0, 360.0))
    index = int(drawn.choice(flown_items(name)))
    seconds = round(float(drawn.uniform(0.0, 1800.0)))
    order = str(drawn.choice(ORDERS))
    return flown(aircraft, name, wind, index, seconds, order)


def flown(aircraft: str, name: str, wind: str, index: int, seconds: float, order: str) -> Verdict:
    """One order home: from a mission, in a wind, so long on the way to an item."""
    case = f"{aircraft} {name} wind {wind or 'calm'}, {seconds:.0f} s to item {index}, {order}"
    try:
        flight = at_item(aircraft, name, wind, index, seconds, order)
    except (MissionError, SetupError) as error:
        return Verdict("refused", "", f"{case}: {error}")
    state = flight.state.autopilot
    if state.estimate.gauges.weight_on_wheels or flight.outcome != "flying":
        return Verdict("down before the order", "", case)
    case += (f" at {float(state.estimate.altitude_msl):.0f} m in "
             f"{codes.PHASE_NAMES[state.modes.phase]}")
    found = judged(flight, order)
    return Verdict(found.outcome, found.fault, f"{case}: {found.case}")


def while_for(name: str, index: int, turn: int) -> float:
    """How long on the way to an item [s]: in the landing sequence there is not long to go."""
    return WHILES[0] if index in flown_items(name)[-2:] else WHILES[turn % len(WHILES)]


def every_case() -> list[tuple[str, str, str, int, float, str]]:
    """Each aircraft, mission, wind, leg and order, as :func:`flown` takes them."""
    return [(aircraft, name, wind, index, while_for(name, index, i + j + k), order)
            for aircraft in AIRCRAFT for name in NAMES for i, index in enumerate(flown_items(name))
            for j, order in enumerate(ORDERS) for k, wind in enumerate(THREE_WINDS)]


if __name__ == "__main__":
    sys.exit(run(fly, each=flown, table=every_case()))
