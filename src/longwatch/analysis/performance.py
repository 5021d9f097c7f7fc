"""What an aircraft can do, in one table: ``longwatch performance`` and ``lw.performance``.

Everything is computed from the datasheet in calm standard air; nothing is typed in. Where the
datasheet names a public figure, it stands beside ours with the difference.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

from longwatch.aircraft.formulas import CEILING_CLIMB
from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.aircraft.schema import TURBOPROP
from longwatch.analysis import envelope, field_lengths
from longwatch.analysis.endurance import Loaded, endurance, most_fuel
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.errors import SetupError
from longwatch.planning.performance import Performance

# Fuel left in the light loading, as a share of the tanks.
LIGHT_FUEL = 0.1
ALTITUDE_STEP = 1500.0
TRADE_STEPS = 6
# Of the ceiling: 3000 m of the TB2-class, 9000 m of the Akinci-class.
PISTON_SHARE, TURBOPROP_SHARE = 0.4, 0.75


@dataclass(frozen=True)
class Loading:
    """One of the three masses at which the figures are given.

    Attributes:
        name: "take-off", "mid" or "light".
        mass_kg, payload_kg, fuel_kg: what it is made of.
    """

    name: str
    mass_kg: float
    payload_kg: float
    fuel_kg: float


@dataclass(frozen=True)
class Figure:
    """One quantity at the three loadings.

    Attributes:
        quantity: what it is.
        condition: where and how.
        unit: SI unit of ``values`` and ``public``.
        values: at take-off, mid and light mass; NaN where there is none.
        public: the public figure, None where there is none.
        compared: index of the value that the public figure is set beside.
        difference: that value over the public figure, less one; None without one.
    """

    quantity: str
    condition: str
    unit: str
    values: tuple[float, float, float]
    public: float | None = None
    compared: int = 0

    @property
    def difference(self) -> float | None:
        if self.public is None:
            return None
        return self.values[self.compared] / self.public - 1.0


@dataclass(frozen=True)
class AircraftPerformance:
    """The performance of one aircraft with one payload.

    Attributes:
        aircraft, title: the datasheet's.
        payload_kg: payload of the take-off and mid loadings.
        loadings: take-off (as much fuel as fits), mid (half of it), light (no payload, a tenth
            of the tanks).
        figures: speeds, climbs, ceilings, glides, field lengths.
        altitudes: endurance and range against altitude, at this payload.
        trade: endurance and range against payload, at ``trade_altitude_m``.
        trade_altitude_m: m above mean sea level.
        public_endurance_s: the public endurance, None where there is none.
    """

    aircraft: str
    title: str
    payload_kg: float
    loadings: tuple[Loading, ...]
    figures: tuple[Figure, ...]
    altitudes: tuple[Loaded, ...]
    trade: tuple[Loaded, ...]
    trade_altitude_m: float
    public_endurance_s: float | None = None

    def figure(self, quantity: str) -> Figure:
        """The figure of that name. Raises KeyError where there is none."""
        for row in self.figures:
            if row.quantity == quantity:
                return row
        raise KeyError(quantity)


def performance(aircraft: str | Path | Aircraft = "tb2", payload_kg: float | None = None
                ) -> AircraftPerformance:
    """Compute an aircraft's performance.

    Args:
        aircraft: a datasheet's name, a path to one, or a loaded one.
        payload_kg: payload in kg; None for the largest.

    Raises:
        DatasheetError: the datasheet cannot be read.
        SetupError: the payload is below zero, above the largest or no number.
    """
    loaded = aircraft if isinstance(aircraft, Aircraft) else load_datasheet(aircraft)
    sheet = loaded.datasheet[0]
    most = float(sheet.mass.payload_maximum)
    if isinstance(payload_kg, bool) or not isinstance(payload_kg, Real | None):
        raise SetupError(f"payload_kg is {payload_kg!r}: give a number")
    payload = most if payload_kg is None else float(payload_kg)
    if not 0.0 <= payload <= most:
        raise SetupError(f"payload {payload:g} kg: {loaded.name} carries 0 to {most:g} kg")
    computed = Performance(sheet)
    loadings = _loadings(computed, payload)
    masses = tuple(loading.mass_kg for loading in loadings)
    claims = {claim.quantity: float(claim.value) for claim in loaded.public
              if isinstance(claim.value, int | float)}
    altitude = trade_altitude(sheet)
    fuel = loadings[0].fuel_kg
    return AircraftPerformance(
        loaded.name, loaded.title, payload, loadings,
        tuple(_figures(computed, masses, claims)),
        tuple(endurance(computed, payload, fuel, level) for level in _levels(sheet)),
        tuple(endurance(computed, load, most_fuel(computed, load), altitude)
              for load in (most * i / TRADE_STEPS for i in range(TRADE_STEPS + 1))), altitude,
        claims.get("endurance"))


def trade_altitude(sheet: Any) -> float:
    """Altitude of the payload trade, m: a turboprop is at home high up, a piston engine below."""
    share = TURBOPROP_SHARE if int(sheet.engine.kind) == TURBOPROP else PISTON_SHARE
    return ALTITUDE_STEP * round(share * float(sheet.limits.ceiling) / ALTITUDE_STEP)


def _loadings(computed: Performance, payload: float) -> tuple[Loading, ...]:
    empty = float(computed.sheet.mass.empty_mass)
    fuel = most_fuel(computed, payload)
    light = LIGHT_FUEL * float(computed.sheet.mass.fuel_capacity)
    return (Loading("take-off", empty + payload + fuel, payload, fuel),
            Loading("mid", empty + payload + 0.5 * fuel, payload, 0.5 * fuel),
            Loading("light", empty + light, 0.0, light))


def _levels(sheet: Any) -> list[float]:
    ceiling = float(sheet.limits.ceiling)
    return [*(i * ALTITUDE_STEP for i in range(math.ceil(ceiling / ALTITUDE_STEP))), ceiling]


def _figures(computed: Performance, masses: tuple[float, ...], claims: dict[str, float]
             ) -> Iterator[Figure]:
    """The rows of the table, in its order."""
    def row(quantity: str, condition: str, unit: str, function: Any, claim: str = "",
            compared: int = 0) -> Figure:
        values = tuple(float(function(mass)) for mass in masses)
        return Figure(quantity, condition, unit, (values[0], values[1], values[2]),
                      claims.get(claim), compared)

    sheet = computed.sheet
    middle = trade_altitude(sheet)
    operating = claims.get("operating altitude", middle)
    cruise = float(sheet.limits.cruise_speed)
    yield row("mass", "", "kg", lambda mass: mass, "maximum take-off mass")
    yield row("stall speed", "calibrated", "m/s", computed.stall_speed)
    yield row("least cruise speed", f"calibrated, {float(sheet.procedures.cruise_factor):g} times "
              "the stall", "m/s", computed.least_speed)
    yield row("minimum-drag speed", "calibrated, propeller apart", "m/s",
              lambda mass: envelope.glide_optimum(computed, mass)[0])
    yield row("best-endurance speed", f"calibrated, at {middle:.0f} m, not below the least",
              "m/s", lambda mass: envelope.best_endurance(computed, mass, middle)[0])
    yield row("best-range speed", f"calibrated, at {middle:.0f} m, not below the least", "m/s",
              lambda mass: envelope.best_range(computed, mass, middle)[0], "cruise speed", 0)
    yield row("lift coefficient in cruise", f"at {cruise:.1f} m/s calibrated", "",
              lambda mass: _cruise_lift(computed, mass))
    yield from _fast_and_high(computed, row, operating, claims.get("maximum altitude"))
    yield row("glide ratio, propeller windmilling", "blades at the fine stop, 1000 m", "",
              lambda mass: envelope.glide(computed, mass, 1000.0, "windmilling")[1])
    yield row("glide ratio, propeller stopped", "its drag is not modelled", "",
              lambda mass: envelope.glide(computed, mass, 1000.0, "stopped")[1])
    if sheet.propeller.feathering:
        yield row("glide ratio, propeller feathered", "1000 m", "",
                  lambda mass: envelope.glide(computed, mass, 1000.0, "feathered")[1])
    for part, over in ((0, "ground run"), (1, "distance over 15 m")):
        yield row(f"take-off {over}", "sea level, paved, calm, take-off power", "m",
                  lambda mass, part=part: field_lengths.takeoff(computed, mass, 0.0)[part])
    for part, over in ((0, "ground roll"), (1, "distance over 15 m")):
        yield row(f"landing {over}", "sea level, paved, calm, wheel brakes", "m",
                  lambda mass, part=part: field_lengths.landing(computed, mass, 0.0)[part])


def _cruise_lift(computed: Performance, mass: float) -> float:
    sheet = computed.sheet
    pressure = 0.5 * SEA_LEVEL_DENSITY * float(sheet.limits.cruise_speed) ** 2
    return mass * GRAVITY / (pressure * float(sheet.geometry.wing_area))


def _fast_and_high(computed: Performance, row: Any, operating: float, highest: float | None
                   ) -> Iterator[Figure]:
    def true(calibrated: float, altitude: float) -> float:
        return computed.true_airspeed(calibrated, altitude)

    yield row("maximum level speed", "true, sea level, continuous power", "m/s",
              lambda mass: envelope.level_speed(computed, mass, 0.0), "maximum speed")
    yield row("maximum level speed, take-off power", "true, sea level", "m/s",
              lambda mass: envelope.level_speed(computed, mass, 0.0, "take-off"))
    yield row(f"maximum level speed at {operating:.0f} m", "true, continuous power", "m/s",
              lambda mass: true(envelope.level_speed(computed, mass, operating), operating))
    yield row("climb rate", "sea level, continuous power, best speed from 1.2 times the stall",
              "m/s", lambda mass: envelope.best_climb(computed, mass, 0.0)[1])
    yield row("best-climb speed", "calibrated, sea level", "m/s",
              lambda mass: envelope.best_climb(computed, mass, 0.0)[0])
    yield row(f"climb rate at {operating:.0f} m", "continuous power", "m/s",
              lambda mass: envelope.best_climb(computed, mass, operating)[1])
    yield row("service ceiling", "100 ft/min, continuous power", "m",
              lambda mass: envelope.climb_ceiling(computed, mass, CEILING_CLIMB),
              "maximum altitude", 1)
    yield row("absolute ceiling", "", "m",
              lambda mass: envelope.climb_ceiling(computed, mass, 0.0))
    if highest is not None:
        mass = envelope.ceiling_mass(computed, highest)
        yield row(f"heaviest at {highest:.0f} m", "still climbs 100 ft/min there", "kg",
                  lambda _: mass)
