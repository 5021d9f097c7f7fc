"""A record read often, from Python: the same names, a tenth of the price.

NumPy makes a new object at every step along ``state.autopilot.estimate.latitude``, some
microseconds each. A view makes each once and keeps it; what it gives is the record's present value,
since both lie in the same memory. Read-only; plain numbers come as Python's own.
"""

from typing import Any

import numpy as np


class View:
    """What a record's attribute access gives, kept; ``array`` is structured, of shape ().

    ``parts``, in its hidden attribute, are sub-views and arrays; ``leaves`` read plain values.
    """

    __slots__ = ("_array", "_leaves", "_parts")

    def __init__(self, array: np.ndarray) -> None:
        self._array = array
        self._leaves: dict[str, Any] = {}
        self._parts: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        leaf = self._leaves.get(name)
        if leaf is not None:
            return leaf()
        part = self._parts.get(name)
        return self._find(name) if part is None else part

    __getitem__ = __getattr__

    def _find(self, name: str) -> Any:
        try:
            found = self._array[name]
        except (ValueError, KeyError, IndexError):
            raise AttributeError(name) from None
        if found.dtype.names is None and found.shape == ():
            self._leaves[name] = found.item
            return found.item()
        part = _part(found)
        self._parts[name] = part
        return part


def _part(found: np.ndarray) -> Any:
    if found.dtype.names is None:
        readable = found.view()
        readable.flags.writeable = False
        return readable
    if found.shape == ():
        return View(found)
    return tuple(_part(found[i:i + 1].reshape(found.shape[1:])) for i in range(len(found)))


def view_of(records: np.ndarray, index: int) -> View:
    """The view of one record of a structured array of one dimension."""
    return View(records.view(np.ndarray)[index:index + 1].reshape(()))
