"""What surrounds a flight, read from the files and texts that a user names."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from longwatch.environment.terrain_files import open_terrain
from longwatch.environment.weather_file import load_weather
from longwatch.environment.wind import parse_wind
from longwatch.errors import SetupError, listed
from longwatch.planning.start_time import parse_start

CALM = "0@0"


def read_surroundings(wind: str | None, weather: str | Path | None, terrain: str | Path | None,
                      start: str | datetime | None) -> dict[str, Any]:
    """Wind record, weather, terrain and start, by the names that the judge takes them under.

    Raises:
        SetupError: wind and weather together, or some of them cannot be read; every fault in one
            message.
    """
    faults: list[str] = []

    def read(of: Callable[[Any], Any], what: Any) -> Any:
        try:
            return None if what is None else of(what)
        except SetupError as fault:
            faults.append(str(fault))
            return None

    if weather is not None and wind is not None:
        faults.append(f'wind "{wind}" and weather {weather} together: the weather has its own '
                      "wind; leave one of them out")
    found = {"wind": read(parse_wind, CALM if wind is None else wind),
             "weather": read(load_weather, weather), "terrain": read(open_terrain, terrain),
             "start": read(parse_start, start)}
    if faults:
        raise SetupError(faults[0] if len(faults) == 1 else
                         listed("the surroundings as asked for:", faults))
    return found
