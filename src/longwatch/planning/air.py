"""The air as planning expects it: a wind with a profile, or a weather file's at its time.

Both answer the same two questions, for a place [rad], an altitude and the ground there [m above
mean sea level] and a time since the start [s].
"""

from dataclasses import dataclass
from typing import Any, Protocol

from longwatch.environment.atmosphere import GAS_CONSTANT, standard_atmosphere
from longwatch.environment.weather import WeatherGrid, weather_at
from longwatch.environment.wind import wind_at
from longwatch.planning import figures

Place = tuple[float, float]
# Least height above the ground at which a leg's wind is taken [m]: where winds are measured (WMO).
LEAST_HEIGHT = 10.0


class Air(Protocol):
    """What a mission is judged in."""

    def wind(self, place: Place, altitude_msl: float, ground_msl: float, time: float
             ) -> tuple[float, float]:
        """Wind (north, east) in m/s."""

    def density_altitude(self, place: Place, altitude_msl: float, ground_msl: float,
                         time: float) -> float:
        """Altitude [m] at which the standard atmosphere is as dense; it settles performance."""

    @property
    def what(self) -> str:
        """How messages call the wind."""


@dataclass(frozen=True)
class ProfileAir:
    """The standard atmosphere with a Wind record's profile, everywhere and always."""

    profile: Any

    def wind(self, place: Place, altitude_msl: float, ground_msl: float, time: float
             ) -> tuple[float, float]:
        """Wind (north, east) in m/s."""
        north, east, _ = wind_at(self.profile, max(altitude_msl - ground_msl, LEAST_HEIGHT))
        return float(north), float(east)

    def density_altitude(self, place: Place, altitude_msl: float, ground_msl: float,
                         time: float) -> float:
        """The altitude itself."""
        return altitude_msl

    @property
    def what(self) -> str:
        """How messages call the wind."""
        return (f"the wind of {figures.wind(self.profile.speed, 'g')} at "
                f"{figures.height(10.0)}")


@dataclass(frozen=True)
class WeatherAir:
    """The air of a weather file, its grid counted from the start of the flight."""

    grid: WeatherGrid

    def wind(self, place: Place, altitude_msl: float, ground_msl: float, time: float
             ) -> tuple[float, float]:
        """Wind (north, east) in m/s."""
        north, east, *_ = weather_at(self.grid, *place,
                                     max(altitude_msl, ground_msl + LEAST_HEIGHT), ground_msl,
                                     time)
        return float(north), float(east)

    def density_altitude(self, place: Place, altitude_msl: float, ground_msl: float,
                         time: float) -> float:
        """Altitude [m] at which the standard atmosphere is as dense."""
        _, _, temperature, pressure, *_ = weather_at(self.grid, *place, altitude_msl, ground_msl,
                                                     time)
        density = float(pressure / (GAS_CONSTANT * temperature))
        altitude = altitude_msl
        for _ in range(6):
            here = float(standard_atmosphere(altitude)[2])
            change = float(standard_atmosphere(altitude + 1.0)[2]) - here
            altitude += (density - here) / change
        return altitude

    @property
    def what(self) -> str:
        """How messages call the wind."""
        return "the wind of the weather file"
