"""The process that judges: requests on standard input, answers on standard output.

Each is four bytes of length, most significant first, then JSON. It ends with its input. What it
has read and worked out of an aircraft it keeps, so that the next request is quick.
"""

import contextlib
import json
import math
import os
import signal
import struct
import sys
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.environment.terrain_files import Terrain, open_terrain
from longwatch.environment.wind import make_wind
from longwatch.errors import LongwatchError
from longwatch.planning import figures as marks
from longwatch.planning import judge
from longwatch.planning.flown_way import profile, track
from longwatch.planning.judgement import Judgement
from longwatch.planning.judgement_values import crew_remedy, judgement_values, marked_values
from longwatch.planning.load_checks import most_fuel
from longwatch.planning.mission_file import parse_mission
from longwatch.planning.performance import Performance
from longwatch.records.events import plain

LENGTH = struct.Struct(">I")
NICENESS = 1
# Anywhere, if only a mission begins there.
WARM_UP = """QGC WPL 110
0 1 0 16 0 0 0 0 10.0 20.0 0 1
1 0 3 22 15 0 0 0 0 0 200 1
2 0 3 16 0 0 0 0 10.06 20.0 400 1
3 0 3 18 2 0 800 0 10.06 20.08 400 1
4 0 3 16 0 0 0 0 9.92 20.0 300 1
5 0 3 21 0 0 0 0 10.002 20.0 0 1
"""


@cache
def _aircraft(name: str) -> tuple[Aircraft, Performance]:
    aircraft = load_datasheet(name)
    return aircraft, Performance(aircraft.datasheet[0])


@cache
def _terrain(folder: str) -> Terrain | None:
    return open_terrain(folder) if folder else None


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """One judgement, or ``{"error", "faults", "told"}`` where there is none to be had.

    ``request`` holds ``text`` of a mission, ``aircraft``, ``payload_kg``, ``fuel_kg`` (null: as
    much as fits), ``wind_speed`` [m/s], ``wind_from`` [rad], ``turbulence`` and ``terrain``.
    """
    try:
        mission, faults = parse_mission(request["text"], Path("mission.plan"))
        if faults:
            return {"error": "this mission cannot be flown as it stands",
                    "faults": [marks.plain(fault) for fault in faults],
                    "told": [marks.parts(fault) for fault in faults]}
        aircraft, performance = _aircraft(request["aircraft"])
        payload, fuel = request["payload_kg"], request["fuel_kg"]
        if fuel is None:
            fuel = most_fuel(aircraft.datasheet[0], payload)
        judgement = judge(
            mission, aircraft, payload_kg=payload, fuel_kg=fuel,
            wind=make_wind(request["wind_speed"], request["wind_from"]),
            turbulence=request["turbulence"], terrain=_terrain(request["terrain"]),
            performance=performance)
    except LongwatchError as error:
        heading, *rest = str(error).split("\n")
        return {"error": heading, "faults": [line.removeprefix("  - ") for line in rest]}
    values = {**judgement_values(judgement), "told": marked_values(judgement)}
    for finding in values["findings"]:
        finding["remedy"] = crew_remedy(finding["remedy"])
    return dict(plain({**values, **_way(judgement)}))


def _way(judgement: Judgement) -> dict[str, Any]:
    if judgement.flown is None:
        return {"profile": [], "track": []}
    return {
        "profile": [{"distance": round(point.distance, 1), "time_s": round(point.time, 2),
                     "altitude_msl": round(point.altitude_msl, 1),
                     "ground_msl": round(point.ground_msl, 1)}
                    for point in profile(judgement.flown)],
        "track": [[round(math.degrees(latitude), 7), round(math.degrees(longitude), 7)]
                  for latitude, longitude in track(judgement.flown)]}


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    # Whatever prints must not get between the answers.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    warm_up(sys.argv[1] if len(sys.argv) > 1 else "tb2")
    _serve(sys.stdin.buffer, replies)


def warm_up(aircraft: str) -> None:
    """Compile, or load what is compiled, before anybody waits for it."""
    answer({"text": WARM_UP, "aircraft": aircraft, "payload_kg": 0.0, "fuel_kg": None,
            "wind_speed": 5.0, "wind_from": 1.0, "turbulence": "none", "terrain": ""})


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    while True:
        size = requests.read(LENGTH.size)
        if len(size) < LENGTH.size:
            return
        request = json.loads(requests.read(LENGTH.unpack(size)[0]))
        reply = json.dumps(answer(request), ensure_ascii=False).encode()
        replies.write(LENGTH.pack(len(reply)) + reply)
        replies.flush()


if __name__ == "__main__":
    main()
