"""Runways: those that Longwatch knows, and lists of them in the format of OurAirports."""

import csv
import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from longwatch.earth.geodesics import distance_and_bearing
from longwatch.errors import SetupError

FOOT = 0.3048
_PAVED = ("ASP", "CON", "PEM", "BIT", "TAR", "PAVE", "MAC", "CEM")
_UNPAVED_WORDS = ("GRAVEL", "UNPAVED", "GRASS", "TURF", "DIRT")
_SHARE_OF_DEGREE = 1.0 / 111_000.0  # degrees of latitude per metre, to sift before geodesics


@dataclass(frozen=True)
class Runway:
    """A runway between its two thresholds; every pair is in the order of the designators.

    Attributes:
        airport: identifier of the airport ("LTBU").
        name: the airport's name, or its identifier where the list gives none.
        ends: designators of the two directions of use ("04", "22").
        latitude, longitude: thresholds [rad].
        elevation_msl: thresholds, above mean sea level [m].
        length: length as published [m]; the thresholds may lie closer.
        width: width of the surface [m].
        paved: hard surface.
        source: where the figures come from.
    """

    airport: str
    name: str
    ends: tuple[str, str]
    latitude: tuple[float, float]
    longitude: tuple[float, float]
    elevation_msl: tuple[float, float]
    length: float
    width: float
    paved: bool
    source: str

    def bearing(self, end: int) -> float:
        """True bearing [rad] in which the runway is used from ``end`` 0 or 1, in [0, 2 pi)."""
        return self._line(end)[1]

    def threshold_distance(self) -> float:
        """Distance between the two thresholds [m]."""
        return self._line(0)[0]

    def _line(self, end: int) -> tuple[float, float]:
        return distance_and_bearing(self.latitude[end], self.longitude[end],
                                    self.latitude[1 - end], self.longitude[1 - end])


def is_paved(surface: str) -> bool:
    """Whether a surface as OurAirports words it ("ASP", "CONC-G", "asphalt") is hard."""
    text = surface.upper()
    return text.startswith(_PAVED) and not any(word in text for word in _UNPAVED_WORDS)


@cache
def known_runways() -> tuple[Runway, ...]:
    """The runways that ship with Longwatch, from runways.toml."""
    text = Path(__file__).with_name("runways.toml").read_text(encoding="utf-8")
    return tuple(_known(entry) for entry in tomllib.loads(text)["runway"])


def _known(entry: dict[str, Any]) -> Runway:
    a, b = entry["thresholds_deg_ft"]
    return Runway(entry["airport"], entry["name"], tuple(entry["designators"]),
                  (math.radians(a[0]), math.radians(b[0])),
                  (math.radians(a[1]), math.radians(b[1])), (a[2] * FOOT, b[2] * FOOT),
                  entry["length_ft"] * FOOT, entry["width_ft"] * FOOT,
                  is_paved(entry["surface"]), "OurAirports")


def load_runways(path: str | Path) -> tuple[Runway, ...]:
    """Runways of a file in the format of OurAirports' runways.csv.

    Left out are closed runways, helipads and runways without both thresholds, length and width;
    a missing elevation is taken from the other end, or is 0 where both are missing.

    Raises:
        SetupError: the file cannot be read, lacks a column or holds a figure that is none.
    """
    runways = []
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                try:
                    runway = _listed(row, Path(path).name)
                except ValueError as error:
                    raise SetupError(f"runways {path}, line {number}: {error}") from None
                except KeyError as error:
                    raise SetupError(f"runways {path}: no column {error}; the file must have the "
                                     "columns of OurAirports' runways.csv") from None
                if runway is not None:
                    runways.append(runway)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SetupError(f"runways {path} cannot be read: {error}") from None
    return tuple(runways)


def _listed(row: dict[str, str], source: str) -> Runway | None:
    figures = [row[key] for key in ("le_latitude_deg", "he_latitude_deg", "le_longitude_deg",
                                    "he_longitude_deg", "length_ft", "width_ft")]
    elevations = [row["le_elevation_ft"], row["he_elevation_ft"]]
    if row["closed"] == "1" or not all(figures):
        return None
    lat_a, lat_b, lon_a, lon_b, length, width = map(float, figures)
    known = [float(text) for text in elevations if text]
    height_a, height_b = (*known, *known)[:2] if known else (0.0, 0.0)
    if not (abs(lat_a) <= 90 and abs(lat_b) <= 90 and abs(lon_a) <= 180 and abs(lon_b) <= 180
            and math.isfinite(height_a + height_b + length + width)):
        raise ValueError("a threshold lies outside the Earth, or a figure is not finite")
    if (lat_a, lon_a) == (lat_b, lon_b) or length <= 0 or width <= 0:
        return None
    return Runway(row["airport_ident"], row["airport_ident"], (row["le_ident"], row["he_ident"]),
                  (math.radians(lat_a), math.radians(lat_b)),
                  (math.radians(lon_a), math.radians(lon_b)),
                  (height_a * FOOT, height_b * FOOT), length * FOOT, width * FOOT,
                  is_paved(row["surface"]), source)


def nearest_runway(latitude: float, longitude: float, runways: Iterable[Runway],
                   within_m: float) -> Runway | None:
    """The runway nearest to a point [rad], no farther than ``within_m`` [m]; None if there is none.

    Distance counts to the nearest of its two thresholds and the middle between them.
    """
    nearest, least = None, within_m
    for runway in runways:
        margin = math.radians((within_m + runway.length) * _SHARE_OF_DEGREE) * 1.01
        if abs(runway.latitude[0] - latitude) > margin:
            continue
        distance = min(distance_and_bearing(latitude, longitude, *point)[0]
                       for point in _points(runway))
        if distance <= least:
            nearest, least = runway, distance
    return nearest


def _points(runway: Runway) -> list[tuple[float, float]]:
    east = math.remainder(runway.longitude[1] - runway.longitude[0], 2 * math.pi)
    return [(runway.latitude[0] + share * (runway.latitude[1] - runway.latitude[0]),
             runway.longitude[0] + share * east) for share in (0.0, 0.5, 1.0)]
