"""What MAVLink does not tell of Longwatch's own aircraft and their datasheet does."""

from dataclasses import dataclass

from longwatch.aircraft.loader import load_datasheet
from longwatch.aircraft.schema import TURBOPROP

AVGAS, JET = 718.7, 802.6
"""Densities of fuels [kg/m3]: 6.0 and 6.7 lb a US gallon (FAA AC 120-27F)."""


@dataclass(frozen=True)
class Kind:
    """A kind of aircraft: its name, its fuel's density [kg/m3], its fuel reserve [s]; None where
    nothing is known."""

    name: str = ""
    fuel_density: float = AVGAS
    reserve_s: float | None = None


def kind_of(aircraft: str) -> Kind:
    """The kind that a datasheet, named or as a path, describes; "" for none.

    Raises DatasheetError.
    """
    if not aircraft:
        return Kind()
    loaded = load_datasheet(aircraft)
    sheet = loaded.datasheet[0]
    density = JET if int(sheet.engine.kind) == TURBOPROP else AVGAS
    return Kind(loaded.name, density, float(sheet.limits.reserve_time))
