"""Landings in wind: the shipped mission flown from eight wind directions, light and heavy.

    python studies/landings.py [--aircraft tb2] [--seeds 5] [--mission FILE] [--engine-out]
                               [--markdown docs/landings.md]

12 m/s of wind at 10 m height (a profile above), moderate turbulence (W20 30 kt), go-arounds
allowed. A landing is in the box when it touches between 60 and 823 m past the threshold in use,
within 21 m of the centreline, sinking less than 2.5 m/s, banked less than 8 deg, with a side load
within the gear's limit, and stays on the pavement until it stops. With --engine-out one
engine, by turns the right and the left, stops as the aircraft leaves the ground.
"""

import argparse
import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from longwatch import Simulation
from longwatch.aircraft.loader import load_datasheet
from longwatch.flights.account import touchdown
from longwatch.simulation.run import most_fuel

MISSION = Path(__file__).parents[1] / "missions" / "thrace-watch.plan"
LOADS = ("light", "heavy")
LIGHT_FUEL_SHARE = 0.46
LONGEST = 40 * 3600.0


class Landing(NamedTuple):
    """One flight's landing, in the box or not."""

    load: str
    wind: str
    seed: int
    outcome: str
    along: float
    lateral: float
    sink: float
    bank: float
    side_load: float
    on_pavement: bool
    go_arounds: int

    def misses(self) -> list[str]:
        """What it misses the box by, empty when it is in."""
        checks = {
            f"ended {self.outcome}": self.outcome != "landed",
            f"{self.along:.0f} m past the threshold": not 60 <= self.along <= 823,
            f"{self.lateral:+.1f} m off the centreline": abs(self.lateral) > 21,
            f"sinking {self.sink:.2f} m/s": self.sink >= 2.5,
            f"banked {self.bank:.1f} deg": abs(self.bank) >= 8,
            f"side load {self.side_load:.2f} of the limit": self.side_load > 1,
            "left the pavement": not self.on_pavement,
        }
        return [text for text, missed in checks.items() if missed]


def loading(sheet: Any, load: str) -> tuple[float, float]:
    """Payload and fuel [kg]: none and somewhat less than half, or as much as it may carry."""
    if load == "light":
        return 0.0, float(round(LIGHT_FUEL_SHARE * float(sheet.mass.fuel_capacity), -1))
    payload = float(sheet.mass.payload_maximum)
    return payload, most_fuel(sheet, payload)


def land(aircraft: str, mission: Path, load: str, wind: str, turbulence: str, seed: int,
         engine_out: bool) -> Landing:
    """Fly one case to its end."""
    type_ = load_datasheet(aircraft)
    payload, fuel = loading(type_.datasheet[0], load)
    simulation = Simulation(type_, mission, payload_kg=payload, fuel_kg=fuel, wind=wind,
                            turbulence=turbulence, seed=seed, fit=True)
    if engine_out:
        while not simulation.state.status.airborne:
            simulation.step(0.5)
        simulation.fail_engine(seed % 2)
    simulation.step(LONGEST)
    found = touchdown(simulation)
    go_arounds = int(simulation.state.autopilot.modes.go_arounds)
    if found is None:
        return Landing(load, wind, seed, simulation.outcome, 0, 0, 0, 0, 0, False, go_arounds)
    return Landing(load, wind, seed, simulation.outcome, found.along_runway_m,
                   found.lateral_offset_m, -found.vertical_speed_m_s, found.bank_deg or 0.0,
                   found.side_load_share or 0.0, bool(found.on_pavement), go_arounds)


def fly_all(aircraft: str, mission: Path, seeds: int, engine_out: bool) -> list[Landing]:
    """Calm air once for each load, then every wind, load and seed; two flights at a time."""
    cases = [(aircraft, mission, load, "0@0", "none", 0, engine_out) for load in LOADS]
    cases += [(aircraft, mission, load, f"12@{direction}", "moderate", seed, engine_out)
              for direction, load, seed
              in itertools.product(range(0, 360, 45), LOADS, range(seeds))]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda case: land(*case), cases))


def table(landings: list[Landing]) -> str:
    """A Markdown table, one row for each wind and load over all seeds."""
    lines = ["| wind | load | in the box | m past the threshold | m off the centreline "
             "| largest sink, m/s | largest bank, deg | largest side load / limit | go-arounds |",
             "|---|---|---|---|---|---|---|---|---|"]
    ordered = sorted(landings, key=lambda x: (int(x.wind.split("@")[1]), x.wind, x.load))
    for (wind, load), group in itertools.groupby(ordered, key=lambda x: (x.wind, x.load)):
        rows = list(group)
        good = sum(not row.misses() for row in rows)
        lines.append(
            f"| {wind} | {load} | {good} of {len(rows)} "
            f"| {min(r.along for r in rows):.0f} to {max(r.along for r in rows):.0f} "
            f"| {max(abs(r.lateral) for r in rows):.1f} | {max(r.sink for r in rows):.2f} "
            f"| {max(abs(r.bank) for r in rows):.1f} | {max(r.side_load for r in rows):.2f} "
            f"| {sum(r.go_arounds for r in rows)} |")
    return "\n".join(lines)


def page(landings: list[Landing], options: argparse.Namespace) -> str:
    """The manual's page, whole."""
    asked = [f"--aircraft {options.aircraft}" if options.aircraft != "tb2" else "",
             f"--seeds {options.seeds}", "--engine-out" if options.engine_out else "",
             f"--markdown {options.markdown}" if options.markdown else ""]
    command = " ".join(["python studies/landings.py", *filter(None, asked)])
    heavy = "{:.0f} and {:.0f} kg".format(*loading(
        load_datasheet(options.aircraft).datasheet[0], "heavy"))
    light = "{:.0f} and {:.0f} kg".format(*loading(
        load_datasheet(options.aircraft).datasheet[0], "light"))
    good = sum(not x.misses() for x in landings)
    misses = [f"- {x.wind} {x.load}, seed {x.seed}: {'; '.join(x.misses())}"
              for x in landings if x.misses()]
    return "\n".join([
        "# Landings in wind" + (f": {options.aircraft}" if options.aircraft != "tb2" else "")
        + (", on one engine" if options.engine_out else ""), "",
        f"Written by `{command}`:",
        f"`{options.mission.name}`, 12 m/s at 10 m height with a profile above, moderate",
        f"turbulence (W20 30 kt); payload and fuel {light} light, {heavy} heavy. The",
        "box: 60 to 823 m past the threshold in use, 21 m of the centreline, 2.5 m/s of sink,",
        "8 deg of bank, the gear's side load limit (0.83 W, CS 23.485), on the pavement until it",
        "stops.", *(["One engine stops as it leaves the ground."] if options.engine_out else []),
        "",
        f"**{good} of {len(landings)} in the box.**", "", table(landings), "",
        *(["Outside the box:", "", *misses, ""] if misses else [])])


def main() -> None:
    """Fly, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aircraft", default="tb2")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--engine-out", action="store_true")
    parser.add_argument("--mission", type=Path, default=MISSION)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    landings = fly_all(options.aircraft, options.mission, options.seeds, options.engine_out)
    text = page(landings, options)
    print(text)
    if options.markdown:
        options.markdown.write_text(text)


if __name__ == "__main__":
    main()
