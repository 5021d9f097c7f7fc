"""Flights anywhere from 89 deg south to 89 deg north, and over both poles."""

import json
import math
import sys
import tempfile
from pathlib import Path

import numpy as np
from geographiclib.geodesic import Geodesic

from campaigns.runner import Verdict, run
from longwatch.aircraft.loader import load_datasheet
from longwatch.errors import MissionError
from longwatch.simulation.run import Simulation

TAKEOFF, WAYPOINT, LOITER_TURNS, LOITER_TO_ALT, LAND_START, LAND = 22, 16, 18, 31, 189, 21
RELATIVE, NO_FRAME = 3, 2
LONGEST = 12 * 3600.0
ELEVATION = 30.0


def beyond(place, course, distance):
    """The place [deg] so far [m] from another, on a true course [deg]."""
    line = Geodesic.WGS84.Direct(*place, course, distance)
    return line["lat2"], line["lon2"]


def toward(place, other):
    """True course [deg] and distance [m] from one place to another."""
    line = Geodesic.WGS84.Inverse(*place, *other)
    return line["azi1"], line["s12"]


def item(number, command, place, height, params=(0.0, 0.0, 0.0, 0.0), frame=RELATIVE):
    """One simple item of a .plan."""
    return {"type": "SimpleItem", "doJumpId": number, "command": command, "frame": frame,
            "autoContinue": True, "params": [*params, *place, height]}


def circuit(home, course, height, over_pole, aside):
    """A plan from ``home`` [deg] on a course [deg], out and back.

    ``over_pole`` crosses the pole, ``aside`` [deg] of the way to it, and circles it once.
    """
    pole = (math.copysign(90.0, home[0]), 0.0)
    away, distance = toward(home, pole)
    if over_pole:
        far = beyond(home, away + aside, distance + 60e3)
        way = [beyond(home, away, 0.5 * distance), far]
    else:
        way = [beyond(home, course + 25.0, 12e3), beyond(home, course + 70.0, 22e3),
               beyond(home, course + 140.0, 15e3)]
    circle = beyond(home, course - 110.0, 9e3)
    places = [(TAKEOFF, beyond(home, course, 6e3), 400.0, (0.0, 0.0, 0.0, 0.0))]
    places += [(WAYPOINT, place, height, (0.0, 0.0, 0.0, 0.0)) for place in way]
    places.append((LOITER_TURNS, pole if over_pole else circle, height, (1.5, 0.0, 1500.0, 1.0)))
    items = [item(i, command, place, up, params)
             for i, (command, place, up, params) in enumerate(places, start=1)]
    number = len(items) + 1
    items += [item(number, LAND_START, (0.0, 0.0), 0.0, frame=NO_FRAME),
              item(number + 1, LOITER_TO_ALT, circle, 500.0, (0.0, 1500.0, 0.0, 1.0)),
              item(number + 2, LAND, home, 0.0)]
    return {"fileType": "Plan", "version": 1, "groundStation": "QGroundControl",
            "mission": {"version": 2, "firmwareType": 12, "vehicleType": 1, "hoverSpeed": 5,
                        "cruiseSpeed": 0, "plannedHomePosition": [*home, ELEVATION],
                        "items": items},
            "geoFence": {"version": 2, "polygons": [], "circles": []},
            "rallyPoints": {"version": 2, "points": []}}


def written(plan, folder):
    """The plan as a file."""
    plan["mission"].pop("cruiseSpeed")
    path = Path(folder) / "polar.plan"
    path.write_text(json.dumps(plan))
    return path


def drawn_case(rng):
    """Home, course, height, whether and how near over the pole, and the air."""
    over_pole = rng.random() < 0.3
    magnitude = rng.uniform(88.2, 89.2) if over_pole else 89.0 * rng.random() ** 0.35
    home = (float(magnitude * rng.choice((-1.0, 1.0))), float(rng.uniform(-180.0, 180.0)))
    aside = float(rng.choice((0.0, 0.02, 2.0)))
    options = {
        "aircraft": str(rng.choice(("tb2", "akinci"))),
        "wind": f"{rng.uniform(0.0, 14.0):.1f}@{rng.integers(0, 360)}",
        "turbulence": str(rng.choice(("none", "light", "moderate"))),
        "seed": int(rng.integers(0, 2**31)),
    }
    return (home, float(rng.uniform(0.0, 360.0)), float(rng.uniform(900.0, 3000.0)),
            (over_pole, aside), options)


def fly(rng):
    """Fly a circuit somewhere, at times over a pole, in wind and turbulence that are allowed."""
    home, course, height, over_pole, options = drawn_case(rng)
    case = (f"home {home[0]:.4f} {home[1]:.4f}, course {course:.0f}, over pole {over_pole}, "
            f"{options}")
    with tempfile.TemporaryDirectory() as folder:
        path = written(circuit(home, course, height, *over_pole), folder)
        try:
            sim = Simulation(load_datasheet(options.pop("aircraft")), path, **options)
        except MissionError as error:
            return Verdict("refused", case=f"{case}: {error}")
        sim.step(LONGEST)
    return verdict(sim, case)


def verdict(sim, case):
    """What came of a flight, and how far its heading erred aloft."""
    status = sim.state.status
    if sim.outcome == "landed" and not status.off_pavement:
        return Verdict("landed", case=case)
    last = [h["event"] for h in sim.happenings[-3:]]
    position = np.degrees((sim.state.flight.latitude, sim.state.flight.longitude))
    return Verdict("off the pavement" if sim.outcome == "landed" else sim.outcome,
                   f"{sim.outcome} after {sim.time:.0f} s at {position}: {last}", case)


if __name__ == "__main__":
    sys.exit(run(fly))
