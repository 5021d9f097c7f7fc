"""A free flight's setup, judged whole and turned into what compiled code reads."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np

from longwatch.earth import frames, wgs84
from longwatch.earth.wgs84 import ecef_to_geodetic, geodetic_to_ecef
from longwatch.errors import SetupError, listed
from longwatch.flight.free_flight_setup import Body, Earth, Environment, Initial, WindTable
from longwatch.flight.free_motion import FreeBody

ROWS_MAXIMUM = 1_000_000
STEPS_MAXIMUM = 1e12
# An initial height this far outside its wind table is taken for rounding.
TABLE_SLACK = 1.0


class Faults(list[str]):
    """What is wrong so far; each question answers with a number that can be gone on with."""

    def number(self, name: str, value: Any, least: float | None = None,
               above: float | None = None) -> float:
        """The value as a float, NaN where it is none; with a bound, itself included or not."""
        found = self.numbers(name, value, ())
        if np.isnan(found):
            return float("nan")
        if least is not None and found < least:
            self.append(f"{name} is {found:g}: it must not be below {least:g}")
        if above is not None and found <= above:
            self.append(f"{name} is {found:g}: it must be above {above:g}")
        return float(found)

    def angle(self, name: str, value: Any) -> float:
        """The value as an angle: more than a turn is a number of degrees."""
        found = self.number(name, value)
        if abs(found) > 2.0 * np.pi * (1.0 + 1e-12):
            self.append(f"{name} is {found:g} rad: more than a whole turn (radians, not degrees)")
        return found

    def numbers(self, name: str, value: Any, shape: tuple[int, ...], hint: str = "") -> np.ndarray:
        """The value as an array of that shape (-1: any length), of NaN where it is not one.

        ``hint`` is what else could have been given.
        """
        filler = np.full([max(n, 1) for n in shape], np.nan)
        try:
            found = np.asarray(value)
            # Text, truth values and None turn into numbers silently, and are none.
            if found.dtype.kind not in "iuf":
                raise TypeError
            found = found.astype(float)
        except (TypeError, ValueError):
            self.append(f"{name} is {value!r}: give "
                        + ("a number" if not shape else "numbers, as many in each row") + hint)
            return filler
        if found.ndim != len(shape) or any(n not in (-1, m) for n, m in zip(shape, found.shape)):
            wanted = " x ".join("n" if n < 0 else str(n) for n in shape)
            self.append(f"{name} has shape {found.shape}: give "
                        + (f"{wanted} numbers" if shape else "one number") + hint)
            return filler
        if not np.isfinite(found).all():
            self.append(f"{name} holds a value that is not finite: {found.tolist()}")
            return filler
        return found

    def raise_any(self) -> None:
        """Raise all of them as one error, if there are any."""
        if self:
            raise SetupError(listed("the free flight cannot start:", self))


def body_record(body: Body, faults: Faults) -> np.ndarray:
    """The body as an array of one :class:`FreeBody`."""
    record = FreeBody.zeros()
    one = record[0]
    one.mass = faults.number("body.mass", body.mass, above=0.0)
    for name in ("area", "span", "chord"):
        one[name] = faults.number(f"body.{name}", getattr(body, name), least=0.0)
    value = {f.name: faults.number(f"body.{f.name}", getattr(body, f.name))
             for f in fields(body) if f.name.startswith("C")}
    one.force[:] = value["CD"], value["CY"], value["CL"]
    one.moment[:] = value["Cl"], value["Cm"], value["Cn"]
    for i, force in enumerate(("CD", "CY", "CL")):
        one.force_rates[i] = [value.get(f"{force}_{rate}", 0.0) for rate in "pqr"]
    for i, moment in enumerate(("Cl", "Cm", "Cn")):
        one.moment_rates[i] = [value[f"{moment}_{rate}"] for rate in "pqr"]
    one.reference[:] = faults.numbers("body.moment_reference", body.moment_reference, (3,))
    tensor = _inertia(body.inertia, faults)
    if tensor is not None:
        one.inertia[:] = tensor
        one.inverse[:] = np.linalg.inv(tensor)
    return record


def _inertia(given: Any, faults: Faults) -> np.ndarray | None:
    """The tensor if it can be a rigid body's."""
    try:
        principal = np.ndim(given) < 2
    except ValueError:
        principal = False
    tensor = faults.numbers("body.inertia", given, (3,) if principal else (3, 3),
                            ", or the 3 x 3 tensor" if principal else "")
    if principal:
        tensor = np.diag(tensor)
    if not np.isfinite(tensor).all():
        return None
    size = np.abs(tensor).max()
    if np.abs(tensor - tensor.T).max() > 1e-9 * size:
        faults.append("body.inertia is not symmetric: elements ij and ji must be equal")
        return None
    tensor = 0.5 * (tensor + tensor.T)
    moments = np.linalg.eigvalsh(tensor)
    told = ", ".join(f"{m:.6g}" for m in moments)
    if moments[0] <= 1e-12 * size:
        faults.append(f"body.inertia has principal moments {told} kg m2: all must be positive")
        return None
    if moments[0] + moments[1] < moments[2] * (1.0 - 1e-9):
        faults.append(f"body.inertia has principal moments {told} kg m2: no rigid body has one "
                      "larger than the sum of the other two")
        return None
    return tensor


def earth_record(earth: Earth, faults: Faults) -> np.ndarray:
    """The Earth as an array of one record."""
    record = wgs84.Earth.zeros()
    one = record[0]
    one.semi_major_axis = faults.number("earth.semi_major_axis (radius)", earth.semi_major_axis,
                                        above=0.0)
    one.flattening = faults.number("earth.flattening", earth.flattening, least=0.0)
    if one.flattening > 0.1:
        faults.append(f"earth.flattening is {one.flattening:g}: it must not be above 0.1 "
                      "(f, not 1/f)")
    one.gravitational_parameter = faults.number(
        "earth.gravitational_parameter", earth.gravitational_parameter, least=0.0)
    one.j2 = faults.number("earth.j2", earth.j2)
    one.rotation_rate = faults.number("earth.rotation_rate", earth.rotation_rate)
    return record


def wind_arrays(wind: Any, faults: Faults) -> tuple[np.ndarray, np.ndarray]:
    """Heights [m], shape (n,), and wind in NED there [m/s], shape (n, 3)."""
    if wind is None:
        return np.zeros(1), np.zeros((1, 3))
    if not isinstance(wind, WindTable):
        steady = faults.numbers("environment.wind", wind, (3,),
                                ", or a longwatch.WindTable for a wind that changes with height")
        return np.zeros(1), steady.reshape(1, 3).copy()
    heights = faults.numbers("wind.height_ellipsoid", wind.height_ellipsoid, (-1,))
    winds = np.zeros((len(heights), 3))
    if len(heights) < 2 and np.isfinite(heights).all():
        faults.append(f"wind.height_ellipsoid has {len(heights)} heights: a table needs two "
                      "(a steady wind is given as three numbers)")
    if np.any(np.diff(heights) <= 0.0):
        at = int(np.argmax(np.diff(heights) <= 0.0))
        faults.append(f"wind.height_ellipsoid does not rise from {heights[at]:g} m to "
                      f"{heights[at + 1]:g} m (row {at + 1}): sort the table upward")
    for i, name in enumerate(("north", "east", "down")):
        given = getattr(wind, name)
        if not isinstance(given, list | tuple) and np.ndim(given) == 0:
            winds[:, i] = faults.number(f"wind.{name}", given)
            continue
        column = faults.numbers(f"wind.{name}", given, (-1,))
        if len(column) == len(heights):
            winds[:, i] = column
        elif np.isfinite(column).all() and np.isfinite(heights).all():
            faults.append(f"wind.{name} has {len(column)} values for {len(heights)} heights")
    return np.ascontiguousarray(heights), winds


def initial_state(initial: Initial, earth: np.record, faults: Faults) -> tuple[float, ...]:
    """The 13 states: position and velocity in ECEF, attitude to ECEF, inertial rate in body."""
    latitude, longitude, place = _place(initial, earth, faults)
    velocity = faults.numbers("initial.velocity_ned", initial.velocity_ned, (3,))
    roll, pitch, yaw = (faults.angle(f"initial.{name}", getattr(initial, name))
                        for name in ("roll", "pitch", "yaw"))
    names = [name for name in ("rate_body_inertial", "rate_body_earth")
             if getattr(initial, name) is not None]
    rate = np.full(3, np.nan)
    if len(names) == 1:
        rate = faults.numbers(f"initial.{names[0]}", getattr(initial, names[0]), (3,))
    else:
        faults.append(f"initial has {'both rates' if names else 'no rate'}: give exactly one of "
                      "rate_body_inertial and rate_body_earth")
    if faults:
        return (float("nan"),) * 13
    attitude = frames.quaternion_multiply(
        *frames.quaternion_ned_to_ecef(latitude, longitude),
        *frames.quaternion_from_euler(roll, pitch, yaw))
    attitude = np.array(attitude) / np.linalg.norm(attitude)
    m = frames.matrix_from_quaternion(*attitude)
    if names == ["rate_body_earth"]:
        rate = rate + earth.rotation_rate * np.array(m[6:])
    moving = frames.rotate(frames.ned_to_ecef_matrix(latitude, longitude), *velocity)
    return tuple(map(float, (*place, *moving, *attitude, *rate)))


def _place(initial: Initial, earth: np.record,
           faults: Faults) -> tuple[float, float, Iterable[float]]:
    """Latitude and longitude [rad] and ECEF position [m], whichever was given."""
    names = ("latitude", "longitude", "height_ellipsoid")
    given = [name for name in names if getattr(initial, name) is not None]
    nowhere = (float("nan"),) * 3
    if initial.position_ecef is not None:
        position = faults.numbers("initial.position_ecef", initial.position_ecef, (3,))
        if given:
            faults.append(f"initial has position_ecef and {', '.join(given)}: give one or the "
                          "other")
        if np.linalg.norm(position) < 0.5 * earth.semi_major_axis:
            faults.append("initial.position_ecef lies deep inside the Earth: give it in metres")
        if faults:
            return 0.0, 0.0, nowhere
        return *ecef_to_geodetic(earth, *position)[:2], position
    if len(given) < 3:
        missing = ", ".join(name for name in names if name not in given)
        faults.append(f"initial lacks {missing}: give all three, or position_ecef")
    latitude, longitude, height = (
        question(f"initial.{name}", getattr(initial, name)) if name in given else float("nan")
        for name, question in zip(names, (faults.number, faults.angle, faults.number)))
    if abs(latitude) > 0.5 * np.pi * (1.0 + 1e-12):
        faults.append(f"initial.latitude is {latitude:g} rad: it lies within pi/2 of the equator "
                      "(radians, not degrees)")
    if height < -0.5 * earth.semi_major_axis:
        faults.append(f"initial.height_ellipsoid is {height:g} m: deep inside the Earth")
    if faults:
        return 0.0, 0.0, nowhere
    return latitude, longitude, geodetic_to_ecef(earth, latitude, longitude, height)


def inside_table(environment: Environment, heights: np.ndarray, earth: np.record,
                 state: tuple[float, ...], faults: Faults) -> None:
    """A flight that begins outside its wind table has the wrong table."""
    if not isinstance(environment.wind, WindTable) or faults:
        return
    height = ecef_to_geodetic(earth, *state[:3])[2]
    if not heights[0] - TABLE_SLACK <= height <= heights[-1] + TABLE_SLACK:
        faults.append(f"the flight begins at {height:.6g} m, outside the wind table of "
                      f"{heights[0]:g} to {heights[-1]:g} m: extend the table")


def steps_of(duration: Any, dt: Any, output_step: Any,
             faults: Faults) -> tuple[int, int, float, int]:
    """Whole steps, steps between rows, length of a last short step [s], and count of rows."""
    before = len(faults)
    duration = faults.number("duration", duration, above=0.0)
    dt = faults.number("dt", dt, above=0.0)
    between = dt if output_step is None else faults.number("output_step", output_step, above=0.0)
    if len(faults) > before:
        return 0, 1, 0.0, 0
    if not duration / dt < STEPS_MAXIMUM or not between / dt < STEPS_MAXIMUM:
        faults.append(f"duration {duration:g} s at steps of {dt:g} s: more than "
                      f"{STEPS_MAXIMUM:g} steps; give a longer dt")
        return 0, 1, 0.0, 0
    every = round(between / dt)
    if every < 1 or abs(every * dt - between) > 1e-9 * between:
        faults.append(f"output_step is {between:g} s: it must be a whole multiple of dt, {dt:g} s")
        return 0, 1, 0.0, 0
    steps = int(duration / dt * (1.0 + 1e-12) + 1e-9)
    rest = duration - steps * dt
    if rest < 1e-9 * dt:
        rest = 0.0
    rows = 1 + steps // every + (1 if rest > 0.0 or steps % every else 0)
    if rows > ROWS_MAXIMUM:
        faults.append(f"{rows} rows would be kept, more than {ROWS_MAXIMUM}: "
                      "give a longer output_step")
    return steps, every, rest, rows
