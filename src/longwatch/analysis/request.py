"""The steady flight asked for, and whether it makes sense."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from longwatch.aircraft import formulas
from longwatch.aircraft.loader import Aircraft
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.errors import SetupError, listed
from longwatch.simulation.run import most_fuel

LOWEST, HIGHEST = -500.0, 20000.0
STEEPEST_BANK, STEEPEST_CLIMB, LARGEST_SIDESLIP = 1.3, 0.8, 0.35
# Fuel that a flight is looked at with where none is named: half of what fits.
FUEL_SHARE = 0.5


@dataclass(frozen=True)
class Request:
    """A flight as asked of :func:`longwatch.analysis.trim.trim`, whose arguments these are.

    :func:`checked` fills in true airspeed, fuel, climb angle and engines.
    """

    calibrated_airspeed: float | None
    true_airspeed: Any
    altitude_msl: float
    payload_kg: float
    fuel_kg: Any
    climb_angle: Any
    climb_rate: float | None
    bank: float | None
    sideslip: float | None
    throttle: float | None
    engines: Any
    engine_speed: float | None
    gear_down: Any

    @property
    def calibrated(self) -> float:
        """Calibrated airspeed [m/s]."""
        return calibrated_from_true(self.true_airspeed, self.altitude_msl)


def true_from_calibrated(calibrated: float, altitude_msl: float) -> float:
    """True airspeed [m/s] in the standard atmosphere."""
    _, pressure, _, sound = standard_atmosphere(altitude_msl)
    return float(formulas.true_from_calibrated(calibrated, pressure, sound))


def calibrated_from_true(true: float, altitude_msl: float) -> float:
    """Calibrated airspeed [m/s]; the reverse of :func:`true_from_calibrated`."""
    _, pressure, _, sound = standard_atmosphere(altitude_msl)
    return float(formulas.calibrated_from_true(true, pressure, sound))


def checked(aircraft: Aircraft, request: Request) -> Request:
    """The request, complete.

    Raises:
        SetupError: with every fault.
    """
    sheet = aircraft.datasheet[0]
    plain: dict[str, Any] = {
        name: value.item() for name, value in vars(request).items()
        if isinstance(value, np.generic | np.ndarray) and value.ndim == 0
        and value.dtype.kind in "iuf"}
    request = replace(request, **plain)
    wrong = {name: value for name, value in vars(request).items() if _no_number(name, value)}
    faults = [f"{name} is {value!r}: give a finite number" for name, value in wrong.items()]
    # The rest is judged all the same: every fault at once.
    stand_ins: dict[str, Any] = {name: _SOUND.get(name) for name in wrong}
    rest = replace(request, **stand_ins)
    faults += [*_speed_faults(rest), *_mass_faults(sheet, rest), *_engine_faults(sheet, rest),
               *_path_faults(rest)]
    if faults:
        raise SetupError(listed(f"no steady flight of the {aircraft.name} can be looked for:",
                                faults))
    fuel = FUEL_SHARE * most_fuel(sheet, request.payload_kg)
    climb: Any = request.climb_angle or 0.0
    true = request.true_airspeed
    if true is None and request.calibrated_airspeed is not None:
        true = true_from_calibrated(request.calibrated_airspeed, request.altitude_msl)
    if request.climb_rate is not None:
        climb = math.asin(max(min(request.climb_rate / true, 1.0), -1.0))
    if abs(climb) > STEEPEST_CLIMB:
        raise SetupError(f"a climb rate of {request.climb_rate:g} m/s at {true:g} m/s is steeper "
                         f"than {STEEPEST_CLIMB:g} rad: ask for less")
    engines = (True,) * int(sheet.engine.count) if request.engines is None else request.engines
    gear = request.gear_down or not bool(sheet.landing_gear.retractable)
    return replace(request, true_airspeed=true, climb_angle=climb, engines=tuple(engines),
                   fuel_kg=fuel if request.fuel_kg is None else request.fuel_kg, gear_down=gear)


# What stands in for a value that is no number while the others are judged; None for the rest.
_SOUND: dict[str, Any] = {"calibrated_airspeed": 50.0, "true_airspeed": 50.0, "altitude_msl": 0.0,
          "payload_kg": 0.0}


def _no_number(name: str, value: Any) -> bool:
    if name in ("engines", "gear_down") or (
            value is None and name not in ("altitude_msl", "payload_kg")):
        return False
    return (isinstance(value, bool) or not isinstance(value, int | float)
            or not math.isfinite(value))


def _speed_faults(request: Request) -> Iterator[str]:
    given = [speed for speed in (request.calibrated_airspeed, request.true_airspeed)
             if speed is not None]
    if len(given) != 1:
        yield "give one speed, calibrated_airspeed or true_airspeed, in m/s"
    elif not 5.0 <= given[0] <= 250.0:
        yield f"the speed is {given[0]:g} m/s: give 5 to 250 m/s"
    if not LOWEST <= request.altitude_msl <= HIGHEST:
        yield (f"altitude_msl is {request.altitude_msl:g} m: the air reaches from {LOWEST:g} to "
               f"{HIGHEST:g} m here")


def _mass_faults(sheet: Any, request: Request) -> Iterator[str]:
    masses, payload = sheet.mass, request.payload_kg
    if not 0.0 <= payload <= masses.payload_maximum:
        yield f"payload_kg is {payload:g}: the aircraft carries 0 to {masses.payload_maximum:g} kg"
    if request.fuel_kg is None:
        return
    if not 0.0 <= request.fuel_kg <= masses.fuel_capacity:
        yield f"fuel_kg is {request.fuel_kg:g}: the tanks hold 0 to {masses.fuel_capacity:g} kg"
    total = float(masses.empty_mass) + payload + request.fuel_kg
    if total > masses.maximum_takeoff_mass + 1e-9:
        yield (f"payload and fuel make {total:g} kg, more than the largest mass of "
               f"{masses.maximum_takeoff_mass:g} kg: carry less")


def _engine_faults(sheet: Any, request: Request) -> Iterator[str]:
    count = int(sheet.engine.count)
    if request.engines is not None and (
            not isinstance(request.engines, tuple | list) or len(request.engines) != count
            or not all(isinstance(running, bool | type(sheet.engine.count > 0))
                       for running in request.engines)):
        yield (f"engines is {request.engines!r}: say for each of the {count} engine(s) whether it "
               "runs, True or False")
        request = replace(request, engines=None)
    if request.engine_speed is not None and not (
            0.0 < request.engine_speed <= 1.2 * sheet.engine.takeoff_speed):
        yield (f"engine_speed is {request.engine_speed:g} rad/s: give up to "
               f"{1.2 * float(sheet.engine.takeoff_speed):g}")
    if not isinstance(request.gear_down, bool | np.bool_):
        yield f"gear_down is {request.gear_down!r}: give True or False"
    if request.throttle is not None and not 0.0 <= request.throttle <= 1.0:
        yield f"throttle is {request.throttle:g}: give 0 to 1"
    asked = request.climb_angle is not None or request.climb_rate is not None
    if asked and (request.throttle is not None
                  or (request.engines is not None and not any(request.engines))):
        yield ("with the throttle held, or no engine running, the climb angle follows: give no "
               "climb_angle and no climb_rate")


def _path_faults(request: Request) -> Iterator[str]:
    if request.climb_angle is not None and request.climb_rate is not None:
        yield "give climb_angle or climb_rate, not both"
    if request.climb_angle is not None and abs(request.climb_angle) > STEEPEST_CLIMB:
        yield (f"climb_angle is {request.climb_angle:g} rad: give at most {STEEPEST_CLIMB:g} "
               "either way")
    if request.bank is not None and abs(request.bank) > STEEPEST_BANK:
        yield f"bank is {request.bank:g} rad: give at most {STEEPEST_BANK:g} either way"
    if request.sideslip is not None and abs(request.sideslip) > LARGEST_SIDESLIP:
        yield f"sideslip is {request.sideslip:g} rad: give at most {LARGEST_SIDESLIP:g} either way"
    if request.sideslip is None and request.bank is None:
        yield "sideslip None needs a bank at which the flight is straight: give bank"
