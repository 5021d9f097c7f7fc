"""Which quantities of a record are no numbers: what a fault of Longwatch is named by."""

from collections.abc import Iterator
from typing import Any

import numpy as np


def not_numbers(record: Any, most: int = 4) -> list[str]:
    """Names of quantities of a record that are not finite: "flight.latitude"; at most ``most``."""
    found = []
    for name in _names(record, ""):
        found.append(name)
        if len(found) == most:
            break
    return found


def _names(record: Any, path: str) -> Iterator[str]:
    # What an observer sees is derived from the rest: the cause is told first.
    for name in sorted(record.dtype.names, key=lambda name: name == "flight"):
        value, where = record[name], f"{path}{name}"
        if value.dtype.names:
            several = value.shape != ()
            for i, part in enumerate(np.atleast_1d(value)):
                yield from _names(part, f"{where}[{i}]." if several else f"{where}.")
        elif value.dtype.kind == "f" and not np.all(np.isfinite(value)):
            yield where
