"""What MAVLink does not tell of Longwatch's own aircraft and their datasheet does."""

from dataclasses import dataclass

import numpy as np

from longwatch.aircraft.loader import load_datasheet
from longwatch.aircraft.schema import TURBOPROP
from longwatch.planning.performance import GRAVITY, Performance

AVGAS, JET = 718.7, 802.6
"""Densities of fuels [kg/m3]: 6.0 and 6.7 lb a US gallon (FAA AC 120-27F)."""


@dataclass(frozen=True)
class Kind:
    """A kind of aircraft: its name, its fuel's density [kg/m3], its best glide ratio in still air
    with a propeller without drag, its fuel reserve [s]; None where nothing is known."""

    name: str = ""
    fuel_density: float = AVGAS
    glide_ratio: float | None = None
    reserve_s: float | None = None


def kind_of(aircraft: str) -> Kind:
    """The kind that a datasheet, named or as a path, describes; "" for none.

    Raises DatasheetError.
    """
    if not aircraft:
        return Kind()
    loaded = load_datasheet(aircraft)
    sheet = loaded.datasheet[0]
    mass = float(sheet.mass.maximum_takeoff_mass)
    performance = Performance(sheet)
    stall = performance.stall_speed(mass)
    ratios = [mass * GRAVITY / performance.drag(mass, speed)
              for speed in np.linspace(1.05 * stall, 2.2 * stall, 60)]
    density = JET if int(sheet.engine.kind) == TURBOPROP else AVGAS
    return Kind(loaded.name, density, float(max(ratios)), float(sheet.limits.reserve_time))
