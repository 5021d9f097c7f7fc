"""The one registry of parameters: what crews read and set in flight, from its declarations.

A field of the datasheet or of the settings becomes a parameter by naming one (``parameter=`` of
:class:`longwatch.record.Field`); unit, range and meaning are the declaration's, default, grade and
source those of the aircraft's datasheet. MAVLink, its metadata and docs/parameters.md are made of
this list. Angles are in degrees here and radians in the records; everything else is SI.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from longwatch.aircraft import checks
from longwatch.aircraft.loader import Aircraft
from longwatch.aircraft.schema import Datasheet
from longwatch.autopilot.aboard import parameter_ranges
from longwatch.autopilot.aboard.parameter_ranges import RANGES, conflicts
from longwatch.autopilot.aboard.settings import Settings
from longwatch.errors import OrderArgumentError, listed
from longwatch.record import Field

# Letters of a parameter's name on the wire (MAVLink, PARAM_VALUE).
LONGEST_NAME = 16
# Relative slack at the bounds: a bound that went through a 32-bit float is still the bound.
_SLACK = 1e-6


@dataclass(frozen=True)
class Parameter:
    """One parameter of one aircraft type.

    Attributes:
        name: as MAVLink carries it, 16 characters at most.
        path: where the value lies: "limits.bank_maximum", "settings.link_short".
        kind: float, int or bool.
        unit: of the numbers below and of every value read or set: "deg" for angles, else SI.
        minimum, maximum, default: in ``unit``; the default is the datasheet's or the setting's,
            the others are those between which this aircraft flies.
        meaning: what it is.
        grade, source, note: of the default, as the datasheet gives them.
    """

    name: str
    path: str
    kind: type
    unit: str
    minimum: float
    maximum: float
    default: float
    meaning: str
    grade: str
    source: str
    note: str = ""

    @property
    def when(self) -> str:
        """When it may be changed, in words."""
        return parameter_ranges.WHEN_NAMES[parameter_ranges.when(self.name)]

    @property
    def group(self) -> str:
        """The section of the datasheet it belongs to, or "settings"."""
        return self.path.split(".")[0]


@dataclass(frozen=True)
class _Place:
    section: str
    declared: Field

    @property
    def path(self) -> str:
        return f"{self.section}.{self.declared.name}"

    @property
    def kind(self) -> type:
        letter = np.dtype(self.declared.type).kind
        return {"b": bool, "i": int}.get(letter, float)

    @property
    def unit(self) -> str:
        return "deg" if self.declared.unit == "rad" else self.declared.unit

    def shown(self, value: Any) -> float:
        """A record's value in the parameter's unit."""
        return math.degrees(value) if self.declared.unit == "rad" else float(value)

    def kept(self, value: float) -> float:
        """A parameter's value in the record's unit."""
        return math.radians(value) if self.declared.unit == "rad" else value

    def bounds(self, own: float) -> tuple[float, float]:
        """Least and largest value for an aircraft whose own value is ``own``, in its unit."""
        if self.kind is bool:
            return 0.0, 1.0
        declared = self.declared
        assert declared.minimum is not None and declared.maximum is not None
        low, high = self.shown(declared.minimum), self.shown(declared.maximum)
        flown = RANGES.get(declared.parameter)
        if flown is None:
            return low, high
        least, most = flown.bounds(own)
        return max(low, least), min(high, most)


def parameters(aircraft: Aircraft) -> tuple[Parameter, ...]:
    """Every parameter of an aircraft, by name: the order and so the index never change."""
    entries = {entry.path: entry for entry in aircraft.entries}
    found = []
    for name, place in sorted(_places().items()):
        entry = entries.get(place.path)
        own = place.shown(place.declared.default if entry is None else entry.value)
        low, high = place.bounds(own)
        found.append(Parameter(
            name, place.path, place.kind, place.unit, low, high, own,
            place.declared.meaning, "assumed" if entry is None else entry.grade,
            "this autopilot's setting" if entry is None else entry.source,
            "" if entry is None else entry.note))
    return tuple(found)


def read(name: str, datasheet: np.ndarray, settings: np.ndarray) -> float:
    """The value of a parameter now, in its unit.

    ``datasheet`` and ``settings`` are arrays of one record. Raises KeyError for an unknown name.
    """
    place = _places()[name]
    return place.shown(_record(place, datasheet, settings)[place.declared.name])


def changed(name: str, value: Any, aircraft: Aircraft,
            settings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Datasheet and settings, anew, with a parameter set to ``value`` (in its unit).

    Raises OrderArgumentError, and changes nothing, for an unknown name, a value of the wrong type,
    out of this aircraft's range, or one that contradicts what else is set.
    """
    place = _places().get(name)
    if place is None:
        raise OrderArgumentError(
            f"parameter {name!r} is not known: the list of parameters has the names")
    number = _checked(name, place, value, aircraft)
    datasheet = aircraft.datasheet
    sheets, own = _copy(datasheet), _copy(settings)
    _record(place, sheets, own)[place.declared.name] = place.kept(number)
    faults = [*checks.consistency_faults(sheets[0]), *conflicts(sheets[0], own[0])]
    if faults:
        raise OrderArgumentError(listed(f"{name} = {value:g} contradicts the datasheet:", faults))
    # Compiled code tells arrays that may be written to from others: they stay what they were.
    sheets.flags.writeable = datasheet.flags.writeable
    own.flags.writeable = settings.flags.writeable
    return sheets, own


def _copy(array: np.ndarray) -> np.ndarray:
    # NumPy's own copy leaves the bytes between the fields as they come, and digests see them.
    made = np.zeros(array.shape, array.dtype)
    made.view(np.uint8)[:] = array.view(np.uint8)
    return made


def _checked(name: str, place: _Place, value: Any, aircraft: Aircraft) -> float:
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, bool | int | float):
        raise OrderArgumentError(
            f"{name}: {value!r} is no number: give one in {place.unit or 'plain'}")
    number = float(value)
    if not math.isfinite(number):
        raise OrderArgumentError(f"{name}: {number} is not finite: give a number")
    if place.kind is not float and number != int(number):
        raise OrderArgumentError(f"{name} = {number:g}: give a whole number")
    low, high = next((p.minimum, p.maximum) for p in parameters(aircraft) if p.name == name)
    slack = _SLACK * max(abs(low), abs(high))
    if not low - slack <= number <= high + slack:
        raise OrderArgumentError(f"{name} = {number:g} is out of range: {low:.6g} to {high:.6g} "
                                 f"{place.unit}".rstrip())
    return min(max(number, low), high)


def _record(place: _Place, datasheet: np.ndarray, settings: np.ndarray) -> Any:
    return settings[0] if place.section == "settings" else datasheet[0][place.section]


@cache
def _places() -> Mapping[str, _Place]:
    """Where each parameter is declared. Raises ValueError for a declaration that cannot be one."""
    found: dict[str, _Place] = {}
    for section, declared in _declarations():
        name = declared.parameter
        if name in found or len(name) > LONGEST_NAME or declared.shape:
            raise ValueError(f"{section}.{declared.name}: {name!r} cannot be a parameter: names "
                             f"are unique, {LONGEST_NAME} characters at most, of one number each")
        bounded = declared.minimum is not None and declared.maximum is not None
        if not bounded and np.dtype(declared.type).kind != "b":
            raise ValueError(f"{section}.{declared.name}: a parameter needs minimum and maximum")
        found[name] = _Place(section, declared)
    return found


def _declarations() -> Iterator[tuple[str, Field]]:
    for section in Datasheet.fields:
        for declared in section.type.fields:
            if declared.parameter:
                yield section.name, declared
    for declared in _setting_fields():
        if declared.parameter:
            yield "settings", declared


def _setting_fields() -> tuple[Field, ...]:
    return tuple(Settings.fields)
