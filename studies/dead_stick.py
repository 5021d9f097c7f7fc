"""Landings without power: every engine stopped at random places, heights and winds round a runway.

    python studies/dead_stick.py [--aircraft tb2] [--cases 120] [--seed 1] [--case N]
                                 [--markdown docs/landings-dead-stick.md]

Each case puts the aircraft, in trimmed level flight, somewhere within gliding distance of Çorlu's
runway or beyond it: bearing and heading even over the circle, heights from 250 to 3500 m over the
field (a quarter of them below 800 m), distances up to 1.4 times what the height would carry in calm
air; steady wind up to 12 m/s at 10 m from anywhere, turbulence none, light or moderate, payload and
fuel light or heavy. Then every engine stops. A landing is on the runway when it touches between the
thresholds and stays on the pavement until it stands.
"""

import argparse
import math
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from longwatch import Simulation
from longwatch.aircraft.loader import load_datasheet
from longwatch.earth.frames import (
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate_inverse,
)
from longwatch.earth.geodesics import destination
from longwatch.earth.geoid import undulation
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef
from longwatch.environment.wind import make_wind, wind_at
from longwatch.flights.account import touchdown
from longwatch.simulation.orders import faults
from longwatch.simulation.run import most_fuel

MISSION = Path(__file__).parents[1] / "missions" / "thrace-watch.plan"
ALOFT = 700.0
RATIOS = {"tb2": 8.0, "akinci": 15.5}
LONGEST = 3600.0
TURBULENCE = ("none", "light", "moderate")


class Case(NamedTuple):
    """Where, how high, how loaded and in which wind the engines stop."""

    number: int
    aircraft: str
    distance: float
    bearing: float
    heading: float
    height: float
    wind_speed: float
    wind_from: float
    turbulence: str
    load: str


class Landed(NamedTuple):
    """What came of a case."""

    case: Case
    reachable: bool
    spare: float
    outcome: str
    on_runway: bool
    along: float
    lateral: float
    sink: float
    bank: float
    speed: float
    stopped_before_end: float


def cases(aircraft: str, count: int, seed: int) -> list[Case]:
    """Random cases, the same for a seed."""
    draw = random.Random(f"{aircraft} {seed}")
    made = []
    for number in range(count):
        height = draw.uniform(250.0, 800.0) if draw.random() < 0.25 else draw.uniform(800, 3500)
        farthest = 1.4 * RATIOS[aircraft] * height
        made.append(Case(
            number, aircraft, farthest * math.sqrt(draw.random()), draw.uniform(0, 2 * math.pi),
            draw.uniform(0, 2 * math.pi), height, draw.choice((0.0, 3.0, 6.0, 9.0, 12.0)),
            draw.uniform(0, 2 * math.pi), draw.choice(TURBULENCE),
            draw.choice(("light", "heavy"))))
    return made


def put(simulation: Simulation, latitude: float, longitude: float, altitude: float,
        heading: float, wind: tuple[float, float]) -> None:
    """Put a flying aircraft somewhere else [rad, m above mean sea level], on a heading [rad].

    It keeps its attitude and airspeed; ``wind`` (north, east) [m/s] carries it there. Its own
    estimate goes with it.
    """
    state = simulation.state
    flight, body, estimate = state.flight, state.body, state.autopilot.estimate
    height = altitude + undulation(simulation.world.geoid, latitude, longitude)
    position = geodetic_to_ecef(WGS84[0], latitude, longitude, height)
    attitude = quaternion_multiply(
        *quaternion_ned_to_ecef(latitude, longitude),
        *quaternion_from_euler(float(flight.roll), float(flight.pitch), heading))
    speed = float(flight.true_airspeed)
    ned = ned_to_ecef_matrix(latitude, longitude)
    north, east = speed * math.cos(heading) + wind[0], speed * math.sin(heading) + wind[1]
    velocity = [ned[3 * i] * north + ned[3 * i + 1] * east for i in range(3)]
    spin = rotate_inverse(matrix_from_quaternion(*attitude), 0.0, 0.0,
                          float(WGS84[0].rotation_rate))
    body.position_ecef[:], body.velocity_ecef[:], body.attitude[:] = position, velocity, attitude
    body.rate_body[:], body.mean_rate_body[:] = spin, spin
    estimate.position_ecef[:], estimate.velocity_ecef[:] = position, velocity
    estimate.attitude[:] = attitude
    estimate.wind_north, estimate.wind_east = wind[0], wind[1]
    estimate.mean_wind_north, estimate.mean_wind_east = wind[0], wind[1]


def aloft(case: Case) -> Simulation:
    """The simulation of a case, its engines about to stop."""
    type_ = load_datasheet(case.aircraft)
    sheet = type_.datasheet[0]
    payload = 0.0 if case.load == "light" else float(sheet.mass.payload_maximum)
    fuel = (0.3 * float(sheet.mass.fuel_capacity) if case.load == "light"
            else 0.9 * most_fuel(sheet, payload))
    start = Simulation(type_, MISSION, payload_kg=payload, fuel_kg=fuel, fit=True, force=True,
                       seed=case.number, wind="0@0", turbulence="none")
    while start.state.flight.altitude_msl < ALOFT:
        start.step(5.0)
    faults.set_wind(start, case.wind_speed, case.wind_from, 0.0)
    faults.set_turbulence(start, case.turbulence, 0.0)
    runway = start.plan.runways[0]
    latitude = 0.5 * (float(runway.latitude[0]) + float(runway.latitude[1]))
    longitude = 0.5 * (float(runway.longitude[0]) + float(runway.longitude[1]))
    place = destination(latitude, longitude, case.bearing, case.distance)
    blown = wind_at(make_wind(case.wind_speed, case.wind_from)[0], case.height)
    put(start, *place, case.height + float(runway.elevation_msl[0]), case.heading, blown)
    return start


def land(case: Case) -> Landed:
    """Fly one case to its end."""
    simulation = aloft(case)
    simulation.step(10.0)
    faults.begin(simulation, "engine")
    simulation.step(3.0)
    glide = simulation.state.autopilot.glide
    reachable, spare = bool(glide.reachable), float(glide.spare)
    simulation.step(LONGEST)
    found = touchdown(simulation)
    state = simulation.state
    if found is None or simulation.outcome != "landed":
        return Landed(case, reachable, spare, simulation.outcome, False, 0, 0, 0, 0, 0, 0)
    at = state.autopilot.approach
    on_runway = bool(found.on_pavement) and 0.0 <= found.along_runway_m <= float(at.length)
    return Landed(case, reachable, spare, simulation.outcome, on_runway, found.along_runway_m,
                  found.lateral_offset_m, -found.vertical_speed_m_s, found.bank_deg or 0.0,
                  found.airspeed_m_s, float(at.length - at.past_threshold))


def told(row: Landed) -> str:
    """One line of the list of misses."""
    case = row.case
    return (f"case {case.number}: {case.load}, {case.distance / 1000:.1f} km at "
            f"{case.height:.0f} m, wind {case.wind_speed:.0f} m/s, {case.turbulence}; "
            f"{row.spare:.0f} m to spare; {row.outcome}, "
            + (f"touched {row.along:.0f} m past the threshold, {row.lateral:+.0f} m off the "
               f"centreline, sinking {row.sink:.2f} m/s" if row.along else "no landing"))


def figures(rows: list[Landed]) -> list[str]:
    """Markdown lines of one aircraft."""
    reach = [row for row in rows if row.reachable]
    beyond = [row for row in rows if not row.reachable]
    good = [row for row in reach if row.on_runway]

    def spread(values: list[float], form: str = ".0f") -> str:
        ordered = sorted(values)
        if not ordered:
            return "none"
        middle = ordered[len(ordered) // 2]
        return f"{ordered[0]:{form}} to {ordered[-1]:{form}}, half below {middle:{form}}"

    return [
        f"| reckoned within reach | {len(reach)} of {len(rows)} |",
        f"| of these on the runway | {len(good)} of {len(reach)} |",
        f"| metres past the threshold | {spread([r.along for r in good])} |",
        f"| largest distance from the centreline, m | "
        f"{max((abs(r.lateral) for r in good), default=0):.1f} |",
        f"| sink at touchdown, m/s | {spread([r.sink for r in good], '.2f')} |",
        f"| runway left when it stands, m | {spread([r.stopped_before_end for r in good])} |",
        f"| reckoned out of reach, down in one piece | "
        f"{sum(r.outcome == 'landed' for r in beyond)} of {len(beyond)} |",
        f"| of these on the runway all the same | {sum(r.on_runway for r in beyond)} |",
        f"| their sink at touchdown, m/s | "
        f"{spread([r.sink for r in beyond if r.outcome == 'landed'], '.2f')} |",
    ]


def main() -> None:
    """Fly, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aircraft", nargs="*", default=["tb2", "akinci"])
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    lines = []
    for aircraft in options.aircraft:
        todo = cases(aircraft, options.cases, options.seed)
        if options.case is not None:
            todo = todo[options.case:options.case + 1]
        with ThreadPoolExecutor(2) as pool:
            rows = list(pool.map(land, todo))
        misses = [told(row) for row in rows if row.reachable and not row.on_runway]
        lines += [f"## {aircraft}", "", "| | |", "|---|---|", *figures(rows), "",
                  *(["Missed:", "", *(f"- {text}" for text in misses), ""] if misses else [])]
    text = "\n".join(lines)
    print(text)
    if options.markdown:
        command = (f"python studies/dead_stick.py --cases {options.cases} --markdown "
                   f"{options.markdown}")
        head = ["# Landings without power", "", f"Written by `{command}`.", "",
                *(__doc__ or "").split("\n\n", 2)[2].strip().split("\n"), ""]
        options.markdown.write_text("\n".join(head) + "\n" + text)


if __name__ == "__main__":
    main()
