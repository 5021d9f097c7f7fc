"""Read an aircraft's TOML file into the read-only record that flight and autopilot share.

A file has one table per section of :class:`longwatch.aircraft.schema.Datasheet`; each value
stands as ``name = {value = 12.0, unit = "m", grade = "published", source = "key"}``, with
``[sources]`` giving the citation of each key, ``[aircraft]`` the name, title and description,
and ``[[public]]`` what is publicly claimed of the aircraft. Of alternative tables a file holds
exactly one: ``[engine.piston]`` or ``[engine.turboprop]``. Errors of ``[sensors]`` that are not
given are nil. Everything wrong with a file is reported at once.
"""

import difflib
import hashlib
import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.aircraft import checks
from longwatch.aircraft.schema import Datasheet
from longwatch.errors import DatasheetError, listed
from longwatch.record import Field

GRADES = ("published", "measured", "derived", "assumed")
_FOLDER = Path(__file__).parent
_HEADINGS = ("aircraft", "sources", "public")
_ENTRY_KEYS = {"value", "unit", "grade", "source", "note"}
_PUBLIC_KEYS = {"quantity", "value", "unit", "source", "grade", "relation"}


@dataclass(frozen=True)
class Entry:
    """One figure of the datasheet, for display.

    Attributes:
        path: dotted name, such as "landing_gear.wheels.nose.stiffness".
        value: number, truth value, or nested lists of numbers, in ``unit``.
        unit: SI unit as text, "" for a pure number.
        grade: one of "published", "measured", "derived", "assumed".
        source: the citation in full.
        meaning: what the quantity is.
        note: a remark of the datasheet, "" where it has none.
    """

    path: str
    value: Any
    unit: str
    grade: str
    source: str
    meaning: str
    note: str = ""


@dataclass(frozen=True)
class PublicClaim:
    """One publicly stated figure and how the datasheet relates to it."""

    quantity: str
    value: Any
    unit: str
    source: str
    grade: str
    relation: str


@dataclass(frozen=True)
class Aircraft:
    """An aircraft type, read and checked.

    Attributes:
        name, title, description: the file's own words.
        datasheet: read-only array of one :class:`Datasheet` record, SI units.
        entries: every figure with its unit, grade and source, in the schema's order.
        public: the public claims.
        digest: hexadecimal digest of the record's bytes, the same for the same figures.
    """

    name: str
    title: str
    description: str
    # Pages long when printed, and arrays have no one equality: the digest stands for them.
    datasheet: np.ndarray = field(repr=False, compare=False)
    entries: tuple[Entry, ...] = field(repr=False)
    public: tuple[PublicClaim, ...] = field(repr=False)
    digest: str


def aircraft_names() -> list[str]:
    """Names of the aircraft that ship with the package, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_datasheet(name_or_path: str | Path) -> Aircraft:
    """Read an aircraft by its name ("tb2") or from a TOML file.

    Raises DatasheetError, naming every fault, if the aircraft is unknown or its file wrong.
    """
    path = _find(name_or_path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DatasheetError(f"{path}: cannot be read as TOML: {error}. "
                             "Mend the file, or name another aircraft.") from error
    return parse_datasheet(content, str(path))


def parse_datasheet(content: dict[str, Any], origin: str) -> Aircraft:
    """Check a file's content and turn it into an Aircraft; ``origin`` names it in messages."""
    faults = list(_heading_faults(content))
    sources = content.get("sources")
    reader = _Reader(sources if isinstance(sources, dict) else {}, faults)
    sections = {key: item for key, item in content.items() if key not in _HEADINGS}
    datasheet = Datasheet.zeros(1)
    reader.read(Datasheet, sections, datasheet[0], "")
    public = reader.public(content.get("public", []))
    broken = {fault.split(":")[0].split(".")[0] for fault in faults}
    faults.extend(checks.consistency_faults(datasheet[0], broken))
    if faults:
        raise DatasheetError(listed(f"{origin}: the datasheet has {len(faults)} fault(s):", faults))
    datasheet.flags.writeable = False
    about = content["aircraft"]
    return Aircraft(about["name"], about["title"], about["description"], datasheet,
                    tuple(reader.entries), public,
                    hashlib.sha256(datasheet.tobytes()).hexdigest()[:16])


def _find(name_or_path: str | Path) -> Path:
    if not isinstance(name_or_path, str | PathLike):
        raise DatasheetError(f"An aircraft cannot be of type {type(name_or_path).__name__}: give "
                             "its name, the path of a .toml file or what load_datasheet returned.")
    text, names = str(name_or_path), aircraft_names()
    if text in names:
        return _FOLDER / f"{text}.toml"
    path = Path(name_or_path)
    if path.suffix == ".toml" or path.is_file():
        if path.is_file():
            return path
        raise DatasheetError(f"{path}: no such file. Known aircraft: {', '.join(names)}.")
    near = difflib.get_close_matches(text.lower(), names, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise DatasheetError(f"Unknown aircraft {text!r}. {hint}Known aircraft: {', '.join(names)}; "
                         "or give the path of a .toml file.")


def _heading_faults(content: dict[str, Any]) -> Iterator[str]:
    about = content.get("aircraft")
    if not isinstance(about, dict):
        yield "[aircraft] is missing: give name, title and description"
    else:
        for key in ("name", "title", "description"):
            if not isinstance(about.get(key), str) or not about[key].strip():
                yield f"[aircraft] {key} is missing: give it as text"
        for key in sorted(set(about) - {"name", "title", "description"}):
            yield f"[aircraft] {key} is not known: remove it"
    sources = content.get("sources")
    if not isinstance(sources, dict) or not sources:
        yield "[sources] is missing: give each source as key = \"citation\""
        return
    for key, citation in sources.items():
        if not isinstance(citation, str) or not citation.strip():
            yield f"[sources] {key} has no citation: give one as text"


class _Reader:
    """Walks the schema beside the file, filling the record and collecting faults."""

    def __init__(self, sources: dict[str, Any], faults: list[str]) -> None:
        self.sources, self.faults = sources, faults
        self.entries: list[Entry] = []

    def read(self, schema: Any, table: Any, target: Any, prefix: str) -> None:
        if not isinstance(table, dict):
            self.faults.append(f"{prefix.rstrip('.')}: must be a table of values")
            return
        known = [declared.name for declared in schema.fields if not declared.one_of]
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]}?" if near else "remove it"
                self.faults.append(f"{prefix}{key}: not known to the schema: {hint}")
        left_out = self._choose(schema, table, target, prefix)
        for declared in schema.fields:
            path = prefix + declared.name
            if declared.name in left_out:
                continue
            if declared.name not in table:
                if not _fill(declared, target):
                    self.faults.append(f"{path}: missing: give {_expected(declared)}")
            elif hasattr(declared.type, "fields"):
                self._nested(declared, table[declared.name], target, path)
            else:
                value = self._value(declared, table[declared.name], path)
                if value is not None:
                    target[declared.name] = value

    def _choose(self, schema: Any, table: dict[str, Any], target: Any, prefix: str) -> set[str]:
        """Note which of alternative tables is there; return the names that need not be read."""
        left_out: set[str] = set()
        for declared in schema.fields:
            if not declared.one_of:
                continue
            left_out.add(declared.name)
            given = [name for name in declared.one_of if name in table]
            if len(given) == 1:
                target[declared.name] = declared.one_of.index(given[0])
            else:
                names = " and ".join(f"[{prefix}{name}]" for name in declared.one_of)
                self.faults.append(f"{prefix.rstrip('.')}: holds {len(given)} of the tables "
                                   f"{names}: give exactly one of them")
            left_out.update(set(declared.one_of) - set(given))
        return left_out

    def _nested(self, declared: Field, table: Any, target: Any, path: str) -> None:
        if not declared.shape:
            self.read(declared.type, table, target[declared.name], path + ".")
            return
        labels = declared.labels or tuple(str(i) for i in range(declared.shape[0]))
        if not isinstance(table, dict):
            self.faults.append(f"{path}: must hold the tables {', '.join(labels)}")
            return
        self.faults.extend(f"{path}.{key}: not known: the tables are {', '.join(labels)}"
                           for key in table if key not in labels)
        for index, label in enumerate(labels):
            if label in table:
                self.read(declared.type, table[label], target[declared.name][index],
                          f"{path}.{label}.")
            else:
                self.faults.append(f"{path}.{label}: missing: give its table")

    def _value(self, declared: Field, entry: Any, path: str) -> Any:
        if not isinstance(entry, dict) or "value" not in entry:
            self.faults.append(f"{path}: has no value: give {_expected(declared)}")
            return None
        self.faults.extend(f"{path}: {key} is not known: an entry holds "
                           "value, unit, grade, source and note"
                           for key in entry if key not in _ENTRY_KEYS)
        if entry.get("unit") != declared.unit:
            self.faults.append(f"{path}: unit is {entry.get('unit')!r}, must be "
                               f"{declared.unit!r}: convert the value")
        self._check_origin(entry, path)
        value, fault = _number(declared, entry["value"])
        if fault:
            self.faults.append(f"{path}: {fault}")
            return None
        self.entries.append(Entry(path, entry["value"], declared.unit,
                                  str(entry.get("grade")), str(self._citation(entry)),
                                  declared.meaning, str(entry.get("note", ""))))
        return value

    def _citation(self, entry: dict[str, Any]) -> Any:
        key = entry.get("source")
        return self.sources.get(key) if isinstance(key, str) else None

    def _check_origin(self, entry: dict[str, Any], path: str) -> None:
        if entry.get("grade") not in GRADES:
            self.faults.append(f"{path}: grade is {entry.get('grade')!r}, must be one of "
                               f"{', '.join(GRADES)}")
        if "source" not in entry:
            self.faults.append(f"{path}: has no source: name a key of [sources]")
        elif self._citation(entry) is None:
            self.faults.append(f"{path}: source {entry['source']!r} is not in [sources]: add it")

    def public(self, claims: Any) -> tuple[PublicClaim, ...]:
        if not isinstance(claims, list):
            self.faults.append("[[public]] must be an array of tables")
            return ()
        found = []
        for number, claim in enumerate(claims, start=1):
            path = f"public claim {number}"
            if not isinstance(claim, dict) or set(claim) != _PUBLIC_KEYS:
                self.faults.append(f"{path}: must hold exactly {', '.join(sorted(_PUBLIC_KEYS))}")
                continue
            self._check_origin(claim, path)
            found.append(PublicClaim(**{**claim, "source": str(self._citation(claim))}))
        return tuple(found)


def _fill(declared: Field, target: Any) -> bool:
    """Put in what the schema has for a field, or all of a table, that is not given."""
    if hasattr(declared.type, "fields"):
        return not declared.shape and all(
            _fill(own, target[declared.name]) for own in declared.type.fields)
    if declared.default is not None:
        target[declared.name] = declared.default
    return declared.default is not None


def _expected(declared: Field) -> str:
    if hasattr(declared.type, "fields"):
        return "its table"
    size = " x ".join(map(str, declared.shape))
    kind = f"{size} numbers" if size else "a number"
    return f"{kind}{' in ' + declared.unit if declared.unit else ''} ({declared.meaning})"


def _number(declared: Field, given: Any) -> tuple[Any, str]:
    """The value as the record holds it, or what is wrong with it."""
    kind = np.dtype(declared.type).kind
    if kind == "b":
        return (given, "") if isinstance(given, bool) else (None, "must be true or false")
    try:
        array = np.array(given)
    except ValueError:
        return None, f"must be {_expected(declared)}"
    if array.dtype.kind not in "iuf" or array.shape != declared.shape:
        return None, f"must be {_expected(declared)}"
    if kind == "i" and array.dtype.kind == "f":
        return None, "must be a whole number"
    if not np.isfinite(array).all():
        return None, "must be finite, is NaN or infinite"
    low, high = float(array.min()), float(array.max())
    minimum = -math.inf if declared.minimum is None else declared.minimum
    maximum = math.inf if declared.maximum is None else declared.maximum
    if low < minimum:
        return None, f"is {low:g}, must be at least {minimum:g} {declared.unit}".rstrip()
    if high > maximum:
        return None, f"is {high:g}, must be at most {maximum:g} {declared.unit}".rstrip()
    return array.astype(declared.type), ""
