"""Declare a quantity once: its type, unit and meaning.

A class under :func:`record` lists its fields; from that list come the NumPy structured
dtype that compiled code reads and writes by name, the columns of the flight log with their
units, and the datasheet's schema with its bounds.

    @record
    class EngineState:
        speed: f8 = field("rad/s", "crankshaft speed")

    EngineState.dtype          # the structured dtype
    EngineState.zeros(2)       # an array of two such records
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

f8 = np.float64
f4 = np.float32
i8 = np.int64
i4 = np.int32
u8 = np.uint64
b1 = np.bool_

AXES = ("x", "y", "z")


@dataclass(frozen=True)
class Field:
    """One declared quantity of a record.

    Attributes:
        name: the field's name.
        type: a NumPy scalar type, or a class made by :func:`record`.
        unit: SI unit as text, "" for a pure number.
        meaning: what the quantity is, in one phrase.
        shape: array shape, () for a scalar.
        labels: names of the elements of the first axis, for logs and tables.
        minimum, maximum: bounds that a datasheet's value must keep (None: unbounded).
        logged: False keeps the field out of the flight log.
        default: value where a datasheet does not give one (None: it must be given).
        one_of: sibling tables of which a datasheet holds exactly one; the field, which the file
            does not give, is the index of the one it holds.
        parameter: name under which crews read and set it in flight, 16 characters at most ("":
            they do not). Such a field has a minimum and a maximum.
    """

    name: str
    type: Any
    unit: str
    meaning: str
    shape: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    logged: bool = True
    default: Any = None
    one_of: tuple[str, ...] = ()
    parameter: str = ""


def field(unit: str, meaning: str, *, shape: tuple[int, ...] = (), **options: Any) -> Any:
    """Declare a field of a record; the options are those of :class:`Field`."""
    labels = options.pop("labels", AXES if shape == (3,) else ())
    return Field("", None, unit, meaning, shape=shape, labels=labels, **options)


def record(cls: Any) -> Any:
    """Give ``cls`` ``fields``, ``dtype``, ``alignment`` and ``zeros`` from its declarations."""
    fields = []
    for name, kind in cls.__annotations__.items():
        declared = cls.__dict__[name]
        fields.append(Field(**{**vars(declared), "name": name, "type": kind}))
    layout, cls.alignment = _layout(fields)
    dtype = np.dtype((np.record, layout))
    for declared in fields:
        delattr(cls, declared.name)
    cls.fields = tuple(fields)
    cls.dtype = dtype
    cls.zeros = staticmethod(lambda count=1: np.zeros(count, dtype))
    return cls


def _layout(fields: list[Field]) -> tuple[np.dtype, int]:
    """The dtype with every field on its alignment, and its own.

    NumPy's own layout would not do: the records that it nests forget theirs.
    """
    place, widest, formats, offsets = 0, 1, [], []
    for declared in fields:
        nested = hasattr(declared.type, "fields")
        kind = declared.type.dtype if nested else np.dtype(declared.type)
        alignment = declared.type.alignment if nested else kind.alignment
        formats.append((kind, declared.shape))
        offsets.append(-(-place // alignment) * alignment)
        place = offsets[-1] + kind.itemsize * int(np.prod(declared.shape))
        widest = max(widest, alignment)
    size = -(-place // widest) * widest
    return np.dtype({"names": [f.name for f in fields], "formats": formats, "offsets": offsets,
                     "itemsize": size, "aligned": True}), widest


@dataclass(frozen=True)
class Leaf:
    """One scalar quantity somewhere inside a record: where it lies and what it means."""

    path: str
    steps: tuple[Any, ...]
    type: Any
    unit: str
    meaning: str

    def of(self, array: np.ndarray) -> np.ndarray:
        """The quantity's values over an array of records, as a view."""
        for step in self.steps:
            array = array[step] if isinstance(step, str) else array[:, step]
        return array


def leaves(cls: Any, *, logged_only: bool = False) -> Iterator[Leaf]:
    """Every scalar quantity of a record, depth first, under dotted names ("engine_0.speed")."""
    for declared in cls.fields:
        if logged_only and not declared.logged:
            continue
        for suffix, index in _elements(declared):
            path, steps = declared.name + suffix, (declared.name, *index)
            if hasattr(declared.type, "fields"):
                for leaf in leaves(declared.type, logged_only=logged_only):
                    yield Leaf(f"{path}.{leaf.path}", steps + leaf.steps, leaf.type, leaf.unit,
                               leaf.meaning)
            else:
                yield Leaf(path, steps, declared.type, declared.unit, declared.meaning)


def _elements(declared: Field) -> Iterator[tuple[str, tuple[int, ...]]]:
    if not declared.shape:
        yield "", ()
        return
    for index in np.ndindex(declared.shape):
        first = declared.labels[index[0]] if declared.labels else str(index[0])
        yield "_" + "_".join([first, *map(str, index[1:])]), tuple(index)


def schema_digest(cls: Any) -> str:
    """Digest of a record's layout and units: a snapshot taken under another one is refused."""
    text = "\n".join(f"{x.path} {np.dtype(x.type).str} {x.unit}" for x in leaves(cls))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
