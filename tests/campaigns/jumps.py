"""Missions full of jumps, tags, delays and camera items, by file and live: none is no number.

    PYTHONPATH=src:tests python -m campaigns.jumps --runs 300 --seed 1
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.aircraft.loader import load_datasheet
from longwatch.errors import LongwatchError
from longwatch.planning.flight_plan import plan_flight
from longwatch.simulation.not_numbers import not_numbers
from longwatch.simulation.run import Simulation

HOME = "0 1 0 16 0 0 0 0 41.129398 27.9053 152.4 1"
TAKE_OFF, LAND = "22 0 0 0 0 41.1294 27.9053 400", "21 0 0 0 0 41.1312 27.9080 0"
HOURS = 3.0


def _row(rng: np.random.Generator, count: int) -> str:
    place = f"{41.13 + rng.uniform(-0.2, 0.2):.4f} {27.9 + rng.uniform(-0.2, 0.2):.4f} 900"
    times = rng.choice([0, 1, 2, -1, 200])
    kinds = [f"16 {rng.choice([0, 3, 60])} 0 0 0 {place}", f"19 60 0 900 1 {place}",
             f"31 0 900 0 1 {place}", "93 30 -1 -1 -1 0 0 0", "112 9 0 0 0 0 0 0",
             f"178 0 {rng.choice([34, 40, -2])} -1 0 0 0 0", "206 50 0 1 0 0 0 0",
             f"201 0 0 0 0 {place}", f"80 0 0 0 0 {place}", "189 0 0 0 0 0 0 0",
             f"600 {rng.integers(1, 3)} 0 0 0 0 0 0", f"601 {rng.integers(1, 3)} {times} 0 0 0 0 0",
             "20 0 0 0 0 0 0 0"]
    jump = f"177 {rng.integers(1, count + 3)} {times} 0 0 0 0 0"
    return jump if rng.random() < 0.3 else str(rng.choice(kinds[:3] if rng.random() < 0.3
                                                          else kinds))


def draw(rng: np.random.Generator) -> list[str]:
    """Rows of a mission between take-off and landing; sometimes in another order, or without."""
    count = int(rng.integers(1, 9))
    rows = [TAKE_OFF, *(_row(rng, count) for _ in range(count))]
    if rng.random() < 0.8:
        rows.append(LAND)
    if rng.random() < 0.1:
        rng.shuffle(rows)
    return rows


def fly(rng: np.random.Generator) -> Verdict:
    """Fly a mission of jumps, half of them live, for three hours at most."""
    rows, live = draw(rng), bool(rng.random() < 0.5)
    case = f"{'live' if live else 'file'}: " + "; ".join(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "jumps.waypoints"
        path.write_text("\n".join(["QGC WPL 110", HOME, *(
            f"{number} 0 3 {row} 1" for number, row in enumerate(rows, start=1))]) + "\n")
        try:
            tb2 = load_datasheet("tb2")
            plan = plan_flight(path, tb2, fuel_kg=60.0, force=True)
            simulation = Simulation(tb2, plan, fuel_kg=60.0, live=live)
            if live:
                simulation.step(5.0)
                simulation.order("mode", mode="mission")
                simulation.order("arm")
        except LongwatchError:
            return Verdict("refused", case=case)
    simulation.step(HOURS * 3600.0)
    wrong = not_numbers(simulation.state) or (["it"] if simulation.outcome == "fault" else [])
    return Verdict(simulation.outcome, f"{', '.join(wrong)} is no number" if wrong else "", case)


if __name__ == "__main__":
    sys.exit(run(fly))
