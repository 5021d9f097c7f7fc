"""What surrounds a flight, read from the files and texts that a user names."""

from datetime import datetime
from pathlib import Path
from typing import Any

from longwatch.environment.terrain_files import open_terrain
from longwatch.environment.weather_file import load_weather
from longwatch.environment.wind import parse_wind
from longwatch.errors import SetupError
from longwatch.planning.start_time import parse_start

CALM = "0@0"


def read_surroundings(wind: str | None, weather: str | Path | None, terrain: str | Path | None,
                      start: str | datetime | None) -> dict[str, Any]:
    """Wind record, weather, terrain and start, by the names that the judge takes them under.

    Raises:
        SetupError: wind and weather together, or one of them cannot be read.
    """
    if weather is not None and wind is not None:
        raise SetupError(f'wind "{wind}" and weather {weather} together: the weather has its own '
                         "wind; leave one of them out")
    return {"wind": parse_wind(CALM if wind is None else wind),
            "weather": None if weather is None else load_weather(weather),
            "terrain": None if terrain is None else open_terrain(terrain),
            "start": None if start is None else parse_start(start)}
