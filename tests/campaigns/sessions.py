"""Sessions of a live aircraft under orders drawn at random, for hours of simulated time.

    PYTHONPATH=src:tests python -m campaigns.sessions --runs 500 --seed 1

Every order that a crew can give, valid and not, with lost links, satellites that are gone for a
while, and wind and turbulence that change within the envelope. At the end everything works again,
and the order is to return: the aircraft is to stand on a runway, disarmed. It has a fault where it
is lost, is not down, leaves the pavement, has a NaN, or where an order ends in anything but being
carried out or refused with nothing changed. A landing ordered without satellites may end beside the
runway, and is counted by itself.
"""

import math
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from campaigns.missions import Draft, loaded, planned
from campaigns.parameters import registry
from campaigns.runner import Verdict, run
from longwatch.autopilot.aboard.fence import CIRCLE_EXCLUSION, CIRCLE_INCLUSION, FenceVertex
from longwatch.autopilot.codes import MODE_NAMES, PHASE_NAMES, PHASE_PARKED
from longwatch.earth.geodesics import destination
from longwatch.errors import LongwatchError, OrderError
from longwatch.planning.load_checks import most_fuel
from longwatch.simulation.orders.fence import fence_text
from longwatch.simulation.orders.plan import plan_arguments
from longwatch.simulation.run import Simulation

AIRCRAFT = ("tb2", "akinci")
AIRPORT = "LTBU"
RUNWAY_COURSE = math.radians(45.0)
LEVELS = ("none", "light", "moderate")
# Told to return, it stands within so long [s].
LONGEST_RETURN = 3.5 * 3600.0
# Dead reckoning in the wind of a landing keeps the runway's width for so long [s].
BLIND = 20.0
# Left alone to the crew, it would fly until the tanks are empty: that is the crew's.
LEFT_ALONE = ("LW_FUEL_WATCH", "COM_DISARM_LAND")
# What is refused to a crew that asks for a dive is not drawn: it descends while it is so high [m].
ROOM = 700.0
Orders = Iterator[tuple[str, dict[str, Any], float]]


class Session:
    """One aircraft, and the orders that are drawn for it."""

    def __init__(self, draw: np.random.Generator) -> None:
        self.draw = draw
        self.name = str(draw.choice(AIRCRAFT))
        sheet = loaded(self.name).datasheet[0]
        fuel = most_fuel(sheet, 0.0) * float(draw.uniform(0.5, 1.0))
        self.level = str(draw.choice(LEVELS))
        speed, direction = self._wind()
        self.simulation = Simulation(
            self.name, live=True, fuel_kg=fuel, seed=int(draw.integers(1_000_000)),
            wind=f"{speed:.1f}@{math.degrees(direction):.0f}", turbulence=self.level)
        self.journal: list[str] = []
        self.counts = {"taken": 0, "refused": 0}
        self.faults: list[str] = []

    def _wind(self) -> tuple[float, float]:
        """Speed and direction that every runway end of the home airport bears."""
        draw = self.draw
        most = 0.7 * float(loaded(self.name).datasheet[0].limits.crosswind_maximum)
        speed = float(draw.uniform(0.0, 11.0))
        aside = math.asin(min(most / max(speed, 0.1), 1.0))
        along = RUNWAY_COURSE + math.pi * int(draw.integers(2))
        return speed, (along + draw.uniform(-aside, aside)) % (2.0 * math.pi)

    # -------------------------------------------------------------------------- giving orders

    def give(self, name: str, arguments: dict[str, Any], wait: float) -> None:
        """Give an order and let time pass."""
        sim = self.simulation
        shown = {key: value for key, value in arguments.items()
                 if not (isinstance(value, str) and len(value) > 30) and key != "names"}
        before = sim.vehicles.tobytes()
        try:
            sim.order(name, sender="crew", **arguments)
            self.counts["taken"] += 1
            self.journal.append(f"{sim.time:.0f} {name} {shown}")
        except OrderError as refusal:
            self.counts["refused"] += 1
            if not str(refusal) or sim.vehicles.tobytes() != before:
                self.faults.append(f"{name} {shown} refused and changed")
        except Exception as error:
            self.faults.append(f"{name} {shown}: {type(error).__name__} {error}")
        sim.step(wait)

    def flown(self) -> Verdict:
        """The whole session; what came of it."""
        draw, sim = self.draw, self.simulation
        sim.step(3.0)
        self.give("arm", {}, 1.0)
        ending = float(draw.uniform(0.5, 3.0)) * 3600.0
        while sim.time < ending and sim.outcome == "flying":
            for name, arguments, wait in self._drawn():
                self.give(name, arguments, wait)
        self._end()
        case = (f"{self.name}, {self.level}, {self.counts}, at the end "
                f"{PHASE_NAMES[int(sim.state.autopilot.modes.phase)]}; " + "; ".join(
                    self.journal[-14:]))
        return Verdict(self._outcome(), "; ".join(self.faults), case)

    def _end(self) -> None:
        """Everything works again, and it is to come home."""
        sim = self.simulation
        for name, arguments in (("fault_end", {"name": "gnss"}), ("link", {"present": True}),
                                ("offboard_end", {}), ("fence", {"records": ""})):
            self.give(name, arguments, 60.0)
        crew = sim.state.autopilot
        self.give("return", {}, 1.0)
        began = sim.time
        while sim.time - began < LONGEST_RETURN and sim.outcome == "flying":
            if int(crew.modes.phase) == PHASE_PARKED:
                break
            sim.step(10.0)
        sim.step(30.0)
        if int(crew.modes.phase) == PHASE_PARKED and crew.crew.armed:
            self.give("disarm", {}, 1.0)

    def _outcome(self) -> str:
        sim = self.simulation
        state = sim.state
        phase = int(state.autopilot.modes.phase)
        last = ", ".join(h["message"] for h in sim.happenings[-5:])
        if not np.isfinite(float(state.flight.altitude_msl)):
            self.faults.append("NaN")
        if sim.outcome == "lost":
            self.faults.append(f"lost: {last}")
            return "lost"
        blind = bool(state.status.off_pavement) and self._landed_blind()
        if state.status.off_pavement and not blind:
            self.faults.append(f"off the pavement: {last}")
        if phase != PHASE_PARKED or state.autopilot.crew.armed:
            self.faults.append(f"stuck in {PHASE_NAMES[phase]}, fuel "
                               f"{float(state.mass.fuel_mass):.1f} kg: {last}")
            return "stuck"
        return "stands beside the runway, landed without satellites" if blind else "stands"

    def _landed_blind(self) -> bool:
        """True where a landing that was ordered went on without satellites longer than it can.

        In LAND mode, the crew's or the fuel's order, it lands with or without a fix, and after
        ``BLIND`` seconds of dead reckoning nobody knows within a runway's width where it is.
        """
        lost, landing = math.inf, False
        for told in self.simulation.happenings:
            if "dead reckoning" in told["message"]:
                lost = told["time"]
            elif told["event"] == "fix":
                lost = math.inf
            elif told["event"] == "mode":
                landing = told["message"] == "land mode"
            elif told["message"] == "a wheel left the pavement":
                return landing and told["time"] - lost > BLIND
        return False

    # ------------------------------------------------------------------------- drawing orders

    def _drawn(self) -> Orders:
        """The next orders, each with the time [s] that passes after it."""
        draw = self.draw
        if draw.random() < 0.12:
            yield from self._invalid()
            return
        state = self.simulation.state.autopilot
        if int(state.modes.phase) == PHASE_PARKED:
            yield from self._on_ground()
            return
        names: tuple[tuple[Callable[[], Orders], float], ...] = (
            (self._place, 4.0), (self._steer, 3.0), (self._mode, 2.0), (self._speed, 2.0),
            (self._plan, 1.5), (self._parameter, 3.0), (self._offboard, 2.0), (self._sticks, 1.5),
            (self._weather, 1.5), (self._link, 1.0), (self._satellites, 0.5), (self._bounds, 1.0),
            (self._home, 0.5), (self._land, 1.0))
        weights = np.array([weight for _, weight in names])
        chosen = names[int(draw.choice(len(names), p=weights / weights.sum()))][0]
        yield from chosen()

    def _wait(self) -> float:
        return float(self.draw.choice([0.05, self.draw.uniform(1.0, 60.0),
                                       self.draw.uniform(60.0, 500.0)]))

    def _somewhere(self, most: float = 25e3) -> dict[str, float]:
        header = self.simulation.loaded.header
        place = destination(float(header.home_latitude), float(header.home_longitude),
                            float(self.draw.uniform(0.0, 2.0 * math.pi)),
                            float(self.draw.uniform(0.0, most)))
        return {"latitude": place[0], "longitude": place[1]}

    def _height(self) -> float:
        return 152.0 + float(self.draw.uniform(250.0, 2500.0))

    def _on_ground(self) -> Orders:
        draw = self.draw
        yield "arm", {}, 1.0
        if draw.random() < 0.3:
            yield from self._parameter()
        if draw.random() < 0.3:
            yield from self._plan()
            yield "mode", {"mode": "mission"}, 300.0
        else:
            altitude = None if draw.random() < 0.4 else self._height()
            yield "take_off", {"altitude_msl": altitude}, float(draw.uniform(5.0, 240.0))

    def _place(self) -> Orders:
        draw = self.draw
        arguments: dict[str, Any] = {**self._somewhere()}
        if draw.random() < 0.6:
            arguments["altitude_msl"] = self._height()
        if draw.random() < 0.4:
            arguments["radius"] = float(draw.uniform(-3000.0, 3000.0))
        if draw.random() < 0.2:
            arguments["speed"] = self._airspeed()
        if draw.random() < 0.15:
            arguments = {"altitude_msl": self._height()}
        name = "orbit" if "latitude" not in arguments else str(draw.choice(["go_to", "orbit"]))
        yield name, arguments, self._wait()

    def _airspeed(self) -> float:
        limits = loaded(self.name).datasheet[0].limits
        return float(self.draw.uniform(0.7 * limits.cruise_speed, limits.never_exceed_speed))

    def _steer(self) -> Orders:
        draw = self.draw
        if draw.random() < 0.5:
            yield "course", {"course": float(draw.uniform(0.0, 2.0 * math.pi))}, self._wait()
        else:
            yield "altitude", {"altitude_msl": self._height()}, self._wait()

    def _mode(self) -> Orders:
        mode = str(self.draw.choice([m for m in MODE_NAMES if m != "offboard"]))
        yield "mode", {"mode": mode}, self._wait()

    def _speed(self) -> Orders:
        speed = None if self.draw.random() < 0.3 else self._airspeed()
        yield "speed", {"calibrated_airspeed": speed}, self._wait()

    def _plan(self) -> Orders:
        """A mission from here, as the judge took it; then perhaps flown, at some item."""
        draw, sim = self.draw, self.simulation
        draft = Draft(draw, sim.aircraft, AIRPORT)
        try:
            plan = planned(draft.drawn(), loaded(self.name), 0.0,
                           float(sim.state.mass.fuel_mass), "0@0", "none", True)
        except LongwatchError:
            return
        yield "plan", plan_arguments(plan), 1.0
        if draw.random() < 0.7:
            yield "mode", {"mode": "mission"}, self._wait()
        if draw.random() < 0.4:
            index = int(draw.integers(len(plan.items)))
            yield "mission_current", {"index": index}, self._wait()

    def _parameter(self) -> Orders:
        draw = self.draw
        known = [p for p in registry(self.name)
                 if p.name not in LEFT_ALONE and not p.name.startswith("LW_FENCE")]
        for _ in range(int(draw.integers(1, 4))):
            chosen = known[int(draw.integers(len(known)))]
            share = float(draw.choice([0.0, 1.0, draw.random()]))
            value = chosen.minimum + share * (chosen.maximum - chosen.minimum)
            if chosen.name == "LW_FUEL_RESERVE":
                value = min(value, 1800.0)
            value = value if chosen.kind is float else float(round(value))
            yield "parameter", {"name": chosen.name, "value": value}, 5.0

    def _offboard(self) -> Orders:
        draw, estimate = self.draw, self.simulation.state.autopilot.estimate
        high = float(estimate.height_above_ground) > ROOM and bool(estimate.ground_valid)
        kind = int(draw.integers(3))
        if kind == 0:
            yield "offboard_position", {**self._somewhere(),
                                        "altitude_msl": self._height()}, 0.5
        elif kind == 1:
            yield "offboard_velocity", {
                "north": float(draw.uniform(-60.0, 60.0)), "east": float(draw.uniform(-60.0, 60.0)),
                "down": float(draw.uniform(-3.0, 3.0 if high else 0.0))}, 0.5
        else:
            yield "offboard_attitude", {
                "roll": float(draw.uniform(-1.0, 1.0)),
                "pitch": float(draw.uniform(-0.05 if high else 0.03, 0.2)),
                "thrust": float(draw.uniform(0.5, 1.0))}, 0.5
        yield "mode", {"mode": "offboard"}, float(draw.uniform(1.0, 60.0))
        if kind or draw.random() < 0.5:
            yield "offboard_end", {}, self._wait()

    def _sticks(self) -> Orders:
        draw, estimate = self.draw, self.simulation.state.autopilot.estimate
        high = float(estimate.height_above_ground) > ROOM and bool(estimate.ground_valid)
        yield "mode", {"mode": str(draw.choice(["altitude", "cruise"]))}, 1.0
        yield "manual", {"roll": float(draw.uniform(-1.0, 1.0)),
                         "pitch": float(draw.uniform(-1.0 if high else 0.0, 1.0)),
                         "throttle": float(draw.choice([draw.random(), 0.0, 1.0]))}, float(
                             draw.uniform(1.0, 60.0))
        yield "manual", {"roll": 0.0, "pitch": 0.0, "yaw": 0.0}, self._wait()

    def _weather(self) -> Orders:
        draw = self.draw
        over = float(draw.uniform(0.0, 600.0))
        if draw.random() < 0.5:
            speed, direction = self._wind()
            yield "wind", {"speed": speed, "direction": direction, "over": over}, self._wait()
        else:
            self.level = str(draw.choice(LEVELS))
            yield "turbulence", {"level": self.level, "over": over}, self._wait()

    def _link(self) -> Orders:
        yield "link", {"present": True}, 5.0
        yield "link", {"present": False}, float(self.draw.uniform(1.0, 400.0))
        yield "link", {"present": bool(self.draw.random() < 0.9)}, self._wait()

    def _satellites(self) -> Orders:
        yield "fault", {"name": "gnss"}, float(self.draw.uniform(1.0, 300.0))
        yield "fault_end", {"name": "gnss"}, self._wait()

    def _bounds(self) -> Orders:
        """A fence around home with a hole in it, rally points, or neither."""
        draw = self.draw
        if draw.random() < 0.4:
            points = [[*self._somewhere(12e3).values(), self._height()]
                      for _ in range(int(draw.integers(0, 4)))]
            yield "rally", {"points": points}, self._wait()
            return
        zones = FenceVertex.zeros(int(draw.integers(0, 3)))
        home = self.simulation.loaded.header
        for number, zone in enumerate(zones):
            zone["kind"] = CIRCLE_EXCLUSION if number else CIRCLE_INCLUSION
            zone["latitude"], zone["longitude"] = home.home_latitude, home.home_longitude
            zone["radius"] = draw.uniform(25e3, 60e3)
            if number:
                place = destination(float(home.home_latitude), float(home.home_longitude),
                                    float(draw.uniform(0.0, 6.28)), float(draw.uniform(14e3, 24e3)))
                zone["latitude"], zone["longitude"] = place
                zone["radius"] = draw.uniform(500.0, 3000.0)
        yield "fence", {"records": fence_text(zones) if len(zones) else ""}, self._wait()

    def _home(self) -> Orders:
        yield "home", {**self._somewhere(8e3), "altitude_msl": 152.4}, self._wait()

    def _land(self) -> Orders:
        draw = self.draw
        name = str(draw.choice(["land", "return", "go_around", "return"]))
        arguments: dict[str, Any] = {}
        if name == "land" and draw.random() < 0.4:
            arguments = {"runway": int(draw.integers(0, 2)), "end": int(draw.integers(0, 2))}
        yield name, arguments, float(draw.choice([self._wait(), draw.uniform(200.0, 1500.0)]))

    def _invalid(self) -> Orders:
        """What must be refused, or taken for what it says."""
        draw = self.draw
        yield [
            ("go_to", {"latitude": 9.0, "longitude": 0.5}, 0.5),
            ("go_to", {**self._somewhere(), "altitude_msl": 19000.0}, 0.5),
            ("go_to", {**self._somewhere(), "speed": 3.0}, 0.5),
            ("altitude", {"altitude_msl": -400.0}, 0.5),
            ("altitude", {"altitude_msl": math.nan}, 0.5),
            ("take_off", {"altitude_msl": 10.0}, 0.5),
            ("take_off", {}, 0.5),
            ("arm", {}, 0.5),
            ("disarm", {"force": False}, 0.5),
            ("mission_current", {"index": 900}, 0.5),
            ("parameter", {"name": "PROC_GLIDE_PATH", "value": 10.0}, 0.5),
            ("parameter", {"name": "LIM_LOAD_MAX", "value": 1.0}, 0.5),
            ("parameter", {"name": "PROC_ROT_FACT", "value": 2.0}, 0.5),
            ("plan", {"items": "AAAA"}, 0.5),
            ("fence", {"records": "no base64"}, 0.5),
            ("rally", {"points": [[1.0]]}, 0.5),
            ("speed", {"calibrated_airspeed": 399.0}, 0.5),
            ("land", {"runway": 900}, 0.5),
            ("mode", {"mode": "glide"}, 0.5),
        ][int(draw.integers(19))]


def fly(draw: np.random.Generator) -> Verdict:
    """Draw a session and fly it to its end."""
    return Session(draw).flown()


if __name__ == "__main__":
    sys.exit(run(fly))
