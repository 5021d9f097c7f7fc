"""Aircraft flown at their fences: random zones, random orders, and nothing may cross.

    PYTHONPATH=src:tests python -m campaigns.fences --runs 1000 --seed 1

Each case takes an aircraft of either kind aloft in a wind of up to 12 m/s and up to moderate
turbulence, loads a fence about it, and gives orders of every kind, most of them towards the nearest
edge, some in quick succession. It counts as crossed where the true place leaves the fence under
anything but the way home, a landing or a glide, which no fence stops. Lost is a fault as well, but
where a stick held forward or a set-point that leads down was being flown.
"""

import math
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.autopilot import codes
from longwatch.autopilot.aboard import fence
from longwatch.autopilot.aboard.crew_record import ATTITUDE, PITCH, VELOCITY
from longwatch.autopilot.aboard.fence import (
    CIRCLE_EXCLUSION,
    CIRCLE_INCLUSION,
    POLYGON_EXCLUSION,
    POLYGON_INCLUSION,
    FenceVertex,
)
from longwatch.earth.geodesics import destination
from longwatch.earth.wgs84 import WGS84
from longwatch.errors import LongwatchError
from longwatch.simulation.orders.fence import fence_text
from longwatch.simulation.run import Simulation

EARTH = WGS84[0]
HOME = math.radians(41.1383), math.radians(27.9190)
LOOK = 0.5
ORDERS = 16
# Metres across a fence's zones are drawn by: about the largest circle that each is held on.
REACH = {"tb2": 900.0, "akinci": 2000.0}
HOMEWARD = (codes.MODE_RETURN, codes.MODE_LAND, codes.MODE_GLIDE)
ALOFT = (codes.PHASE_EN_ROUTE, codes.PHASE_LOITER, codes.PHASE_HOLDING, codes.PHASE_STEERED)
MODES = ("hold", "mission", "guided", "orbit", "altitude", "cruise", "offboard")

Random = np.random.Generator
Place = tuple[float, float]


def fly(random: Random) -> Verdict:
    """Orders at random, near a fence at random."""
    flight, case = _aloft(random)
    zones = _fenced(flight, random)
    if zones is None:
        return Verdict("no fence taken", case=case)
    _bounded(flight, random)
    log: list[str] = []
    fault = ""
    for _ in range(ORDERS):
        log.append(f"{flight.time:.1f} {_give(flight, zones, random)}")
        quick = random.random() < 0.4
        pause = random.uniform(0.05, 3.0) if quick else random.uniform(3.0, 150.0)
        fault = _watched(flight, zones, pause)
        if fault:
            break
        if flight.outcome != "flying":
            case = f"{case}\n    " + "\n    ".join(log)
            if _steered_down(flight):
                return Verdict("flown into the ground", case=case)
            return Verdict("lost", f"lost at {flight.time:.1f} s: "
                           f"{flight.happenings[-1]['message']}", case)
    outcome = "crossed" if fault else "kept"
    return Verdict(outcome, fault, f"{case}\n    " + "\n    ".join(log))


# -------------------------------------------------------------------------------- the set-up


def _aloft(random: Random) -> tuple[Simulation, str]:
    aircraft = str(random.choice(("tb2", "akinci")))
    wind = f"{random.uniform(0.0, 12.0):.1f}@{random.uniform(0.0, 360.0):.0f}"
    turbulence = str(random.choice(("none", "light", "moderate")))
    fuel = random.uniform(0.4, 1.0) * {"tb2": 120.0, "akinci": 1200.0}[aircraft]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "random.txt"
        file.write_text(_mission(random))
        flight = Simulation(aircraft, file, live=True, force=True, wind=wind, fuel_kg=fuel,
                            turbulence=turbulence, seed=int(random.integers(2**31)))
    flight.order("link", present=True)
    flight.step(4.0)
    altitude = random.uniform(900.0, 2500.0)
    flight.order("take_off", altitude_msl=altitude)
    flight.order("arm")
    flight.step(900.0)
    flight.order("course", course=random.uniform(0.0, 2.0 * math.pi))
    flight.step(random.uniform(30.0, 400.0))
    return flight, f"{aircraft}, wind {wind}, {turbulence}, {fuel:.0f} kg, {altitude:.0f} m"


def _mission(random: Random) -> str:
    """From and to Çorlu over places at random, whatever the judge has against it."""
    rows = ["QGC WPL 110", "0 1 0 16 0 0 0 0 41.129398 27.905300 152.4 1",
            "1 0 3 22 12 0 0 0 41.147 27.932 300 1"]
    for number in range(2, 8):
        place = _around(HOME, random.uniform(0.0, 2.0 * math.pi), random.uniform(3e3, 25e3))
        command = 16 if random.random() < 0.7 else 18
        radius = random.uniform(1500.0, 4000.0) if command == 18 else 0.0
        rows.append(f"{number} 0 0 {command} {1 if command == 18 else 0} 0 {radius:.0f} 0 "
                    f"{math.degrees(place[0]):.6f} {math.degrees(place[1]):.6f} "
                    f"{random.uniform(900.0, 2500.0):.0f} 1")
    rows += ["8 0 0 189 0 0 0 0 0 0 0 1", "9 0 0 16 0 0 0 0 41.25 28.00 1000 1",
             "10 0 0 21 0 0 0 0 41.1313 27.9082 155 1"]
    return "\n".join(rows) + "\n"


def _around(place: Place, bearing: float, distance: float) -> Place:
    latitude, longitude = destination(*place, bearing, distance)
    return latitude, longitude


def _place(flight: Simulation) -> Place:
    at = flight.state.flight
    return float(at.latitude), float(at.longitude)


def _fenced(flight: Simulation, random: Random) -> np.ndarray | None:
    """A fence about the aircraft that the order takes; None where it takes none of some."""
    reach = REACH[flight.aircraft.name]
    for _ in range(6):
        zones = _zones(_place(flight), reach, random)
        try:
            flight.order("fence", records=fence_text(zones))
        except LongwatchError:
            continue
        fence.prepare(zones, EARTH)
        if _clearance(zones, _place(flight)) > 0.0:
            return zones
    return None


def _zones(at: Place, reach: float, random: Random) -> np.ndarray:
    parts = []
    size = reach * random.uniform(2.5, 12.0)
    centre = _around(at, random.uniform(0.0, 2.0 * math.pi), random.uniform(0.0, 0.6) * size)
    if random.random() < 0.75:
        parts.append(_circle(centre, size, CIRCLE_INCLUSION) if random.random() < 0.3 else
                     _polygon(centre, size, POLYGON_INCLUSION, random))
    for _ in range(int(random.integers(0 if parts else 1, 4))):
        size = reach * random.uniform(0.2, 4.0)
        centre = _around(at, random.uniform(0.0, 2.0 * math.pi),
                         size + reach * random.uniform(1.0, 6.0))
        parts.append(_circle(centre, size, CIRCLE_EXCLUSION) if random.random() < 0.4 else
                     _polygon(centre, size, POLYGON_EXCLUSION, random))
    return np.concatenate(parts)


def _circle(centre: Place, radius: float, kind: int) -> np.ndarray:
    zone = FenceVertex.zeros(1)
    zone["kind"], zone["radius"] = kind, radius
    zone["latitude"], zone["longitude"] = centre
    return zone


def _polygon(centre: Place, reach: float, kind: int, random: Random) -> np.ndarray:
    """A ragged polygon, its corners up to ``reach`` [m] away."""
    count = int(random.integers(3, 9))
    even = np.arange(count) * 2.0 * math.pi / count
    bearings = even + random.uniform(0.0, 2.0 * math.pi) + random.uniform(-0.3, 0.3, count)
    zone = FenceVertex.zeros(count)
    zone["kind"], zone["count"] = kind, count
    for i, bearing in enumerate(bearings):
        zone["latitude"][i], zone["longitude"][i] = _around(
            centre, float(bearing), reach * random.uniform(0.6, 1.0))
    return zone


def _bounded(flight: Simulation, random: Random) -> None:
    """Now and then a ceiling and a floor."""
    altitude = float(flight.state.flight.altitude_msl)
    for name, value in (("LW_FENCE_CEIL", altitude + random.uniform(100.0, 1500.0)),
                        ("LW_FENCE_FLOOR", altitude - random.uniform(100.0, 600.0))):
        if random.random() < 0.4:
            _ordered(flight, "parameter", name=name, value=value)


# -------------------------------------------------------------------------------- the orders


def _ordered(flight: Simulation, name: str, /, **arguments: Any) -> bool:
    try:
        flight.order(name, **arguments)
    except LongwatchError:
        return False
    return True


def _give(flight: Simulation, zones: np.ndarray, random: Random) -> str:
    """An order at random; what it was, and whether it was taken."""
    bearing = _outward(flight, zones, random)
    reach = REACH[flight.aircraft.name] * random.uniform(0.1, 6.0)
    place = dict(zip(("latitude", "longitude"), _around(_place(flight), bearing, reach),
                     strict=True))
    altitude = float(flight.state.flight.altitude_msl) + random.uniform(-800.0, 1200.0)
    radius = random.choice((-1.0, 1.0)) * random.uniform(300.0, 4000.0)
    speed = float(flight.aircraft.datasheet[0].limits.cruise_speed) * random.uniform(0.8, 1.6)
    north, east = 1.3 * speed * math.cos(bearing), 1.3 * speed * math.sin(bearing)
    sticks = {key: float(random.choice((-1.0, 0.0, 1.0, random.uniform(-1.0, 1.0))))
              for key in ("roll", "pitch")}
    orders: tuple[tuple[str, dict[str, Any]], ...] = (
        ("course", {"course": bearing}), ("course", {"course": bearing}),
        ("go_to", place), ("go_to", {**place, "radius": radius, "speed": speed}),
        ("go_to", {**place, "altitude_msl": altitude}),
        ("orbit", {}), ("orbit", {**place, "radius": radius}),
        ("altitude", {"altitude_msl": altitude}), ("speed", {"calibrated_airspeed": speed}),
        ("speed", {}),
        ("mode", {"mode": str(random.choice(MODES))}), ("mode", {"mode": "hold"}),
        ("mode", {"mode": "mission"}), ("mode", {"mode": "offboard"}),
        ("mode", {"mode": "altitude"}), ("manual", sticks), ("manual", sticks),
        ("mission_current", {"index": int(random.integers(1, 8))}),
        ("offboard_position", {**place, "altitude_msl": altitude}),
        ("offboard_velocity", {"north": north, "east": east, "down": random.uniform(-5.0, 5.0)}),
        ("offboard_attitude", {"roll": random.uniform(-1.0, 1.0),
                               "pitch": random.uniform(-0.3, 0.3),
                               "thrust": random.uniform(0.0, 1.0)}),
        ("offboard_end", {}),
        ("parameter", {"name": "NAV_LOITER_RAD", "value": abs(radius)}),
        ("return", {}), ("land", {}), ("link", {"present": random.random() < 0.8}),
    )
    name, arguments = orders[int(random.integers(len(orders)))]
    taken = _ordered(flight, name, **arguments)
    if name.startswith("offboard_") and random.random() < 0.7:
        taken = _ordered(flight, "mode", mode="offboard") or taken
    elif name == "manual" and random.random() < 0.7:
        taken = _ordered(flight, "mode", mode="altitude") or taken
    return f"{name} {arguments} {'' if taken else 'refused'}"


def _outward(flight: Simulation, zones: np.ndarray, random: Random) -> float:
    """A bearing: mostly about the one in which the fence is nearest."""
    if random.random() < 0.3:
        return float(random.uniform(0.0, 2.0 * math.pi))
    bearings = np.arange(24) * math.pi / 12.0
    clear = [_clearance(zones, _around(_place(flight), float(b), 1000.0)) for b in bearings]
    return float(bearings[int(np.argmin(clear))] + random.normal(0.0, 0.5)) % (2.0 * math.pi)


# -------------------------------------------------------------------------------- the verdict


def _clearance(zones: np.ndarray, place: Place) -> float:
    return float(fence.clearance(zones, *fence.direction_of(EARTH, *place)))


def _room(flight: Simulation, zones: np.ndarray) -> tuple[float, float]:
    """How far [m] it truly is inside the zones, and between floor and ceiling."""
    settings = flight.loaded.settings[0]
    altitude = float(flight.state.flight.altitude_msl)
    ceiling, floor = float(settings.fence_ceiling), float(settings.fence_floor)
    return _clearance(zones, _place(flight)), min(
        ceiling - altitude if ceiling else math.inf, altitude - floor if floor else math.inf)


def _steered_down(flight: Simulation) -> bool:
    """True where it was lost as the crew steered: by a stick held forward, or by set-points.

    These lead where the crew points, into the ground as well: an attitude in any case, a velocity
    that goes down. In every other mode the autopilot has the altitude, and a loss is a fault.
    """
    state = flight.state.autopilot.crew
    if state.mode in (codes.MODE_ALTITUDE, codes.MODE_CRUISE):
        return bool(state.sticks[PITCH] < 0.0)
    return bool(state.mode == codes.MODE_OFFBOARD and (
        state.offboard == ATTITUDE or (state.offboard == VELOCITY and state.setpoint[2] > 0.0)))


def _exempt(flight: Simulation) -> bool:
    autopilot = flight.state.autopilot
    return autopilot.crew.mode in HOMEWARD or autopilot.modes.phase not in ALOFT


def _watched(flight: Simulation, zones: np.ndarray, seconds: float) -> str:
    """Fly on; what was crossed meanwhile, "" for nothing."""
    before = _room(flight, zones)
    end = flight.time + seconds
    while flight.time < end and flight.outcome == "flying":
        exempt = _exempt(flight)
        flight.step(min(LOOK, end - flight.time + 0.01))
        now = _room(flight, zones)
        if not (exempt or _exempt(flight)):
            for was, left, what in zip(before, now, ("fence", "height"), strict=True):
                if was >= 0.0 > left:
                    return (f"{what} crossed at {flight.time:.1f} s, mode "
                            f"{codes.MODE_NAMES[flight.state.autopilot.crew.mode]}")
        before = now
    return ""


if __name__ == "__main__":
    sys.exit(run(fly))
