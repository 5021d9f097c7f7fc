"""Whether a change left every flight as it was: the bytes of a fixed set of flights, digested.

    .venv/bin/python -m tools.flight_digest > before.txt
    .venv/bin/python -m tools.flight_digest before.txt        # says which flights differ; 1 if any

For moves and names, which must change nothing. What is digested is what the aircraft did, once a
second: body, air, mass, engines, gear, servos and their commands, and the events with their texts.
How the autopilot keeps its own memory is not, so that its records may move. Machine code differs by
processor: compare on one machine. Takes a minute.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.simulation.run import Simulation

MISSIONS = Path(__file__).parents[1] / "missions"
DONE = ("clock", "status", "body", "mass", "air", "engines", "propellers", "gear", "actuators",
        "commands")
ROUGH: dict[str, Any] = {"wind": "7@240", "turbulence": "moderate", "seed": 5}


def batch(aircraft: str, mission: str, hours: float, **around: Any) -> Iterator[Simulation]:
    """A mission flown by itself, every second."""
    flight = Simulation(aircraft, MISSIONS / f"{mission}.plan", fit=True, **around)
    for _ in range(round(hours * 3600)):
        flight.step(1.0)
        yield flight


def live(aircraft: str, mission: str, orders: tuple[tuple[float, str, dict[str, Any]], ...],
         seconds: int, **around: Any) -> Iterator[Simulation]:
    """A flight by orders, each at its second, every second."""
    flight = Simulation(aircraft, MISSIONS / f"{mission}.plan", live=True, fit=True, **around)
    flight.order("link", present=True)
    for second in range(seconds):
        for at, name, arguments in orders:
            if at == second:
                flight.order(name, **arguments)
        flight.step(1.0)
        yield flight


BEGIN = ((5.0, "mode", {"mode": "mission"}), (6.0, "arm", {}))
STEERED = (*BEGIN, (300.0, "mode", {"mode": "hold"}), (420.0, "course", {"course": 1.0}),
           (520.0, "altitude", {"altitude_msl": 900.0}), (600.0, "orbit", {"radius": -900.0}),
           (760.0, "speed", {"calibrated_airspeed": 38.0}), (900.0, "return", {}))
FLIGHTS: dict[str, Callable[[], Iterator[Simulation]]] = {
    "tb2, a mission to standstill": lambda: batch("tb2", "thrace-watch", 5.0, **ROUGH),
    "akinci, two hours of a mission": lambda: batch("akinci", "thrace-watch", 2.0, **ROUGH),
    "tb2, steered, and home": lambda: live("tb2", "thrace-watch", STEERED, 2400, wind="5@40"),
    "akinci, an engine fails": lambda: live(
        "akinci", "thrace-watch", (*BEGIN, (500.0, "fault", {"name": "engine", "index": 1})),
        2000, **ROUGH),
    "tb2, the engine fails": lambda: live(
        "tb2", "thrace-watch", (*BEGIN, (600.0, "fault", {"name": "engine"})), 1500, **ROUGH),
    "tb2, no satellites, then no link": lambda: live(
        "tb2", "thrace-watch", (*BEGIN, (400.0, "fault", {"name": "gnss"}),
                                (700.0, "link", {"present": False})), 2400, wind="6@100"),
}


def digest(flight: Iterator[Simulation]) -> str:
    """Of what one flight did, and how it ended."""
    told, last = hashlib.sha256(), None
    for last in flight:
        for part in DONE:
            told.update(_clean(np.asarray(last.vehicles[part])))
    assert last is not None
    told.update(repr(last.happenings).encode())
    return f"{told.hexdigest()[:24]}  {last.outcome} at {last.time:.2f} s"


def _clean(array: np.ndarray) -> bytes:
    """The bytes without those between fields, which copies leave to chance."""
    clean = np.zeros(array.shape, array.dtype)
    clean[...] = array
    return clean.tobytes()


def main(arguments: list[str]) -> int:
    """Print each flight's digest; with a file of them, say which differ."""
    kept = dict(line.split(": ", 1) for line in Path(arguments[0]).read_text().splitlines()
                ) if arguments else {}
    different = 0
    for name, flight in FLIGHTS.items():
        found = digest(flight())
        changed = name in kept and kept[name] != found
        different += changed
        sys.stdout.write(f"{name}: {found}" + (f"   WAS {kept[name]}\n" if changed else "\n"))
        sys.stdout.flush()
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
