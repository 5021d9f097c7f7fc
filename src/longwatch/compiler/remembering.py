"""What Numba looks up again and again, looked up once."""

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

from numba.core import base, types


def _call_types(found: Any) -> Any:
    """Which of NumPy's loops ``a * b`` of two floats is, once and not at each place.

    It took a third of all inferring and a fifth of all lowering.
    """
    def get_call_type(self: Any, context: Any, args: Any, kws: Any) -> Any:
        if kws or not all(isinstance(kind, types.Number | types.Boolean) for kind in args):
            return found(self, context, args, kws)
        kept = self.__dict__.setdefault("_longwatch", {})
        args = tuple(args)
        if args not in kept:
            kept[args] = found(self, context, args, kws)
        return kept[args]

    return get_call_type


# A record's fields written out, for messages that nobody asked for; whether one of Numba's own
# functions takes a line's number.
_LOOKED_UP = ((types.functions.BaseFunction, "get_call_type", _call_types),
              (types.Record, "__repr__", functools.cache), (base, "_has_loc", functools.cache))
_depth = 0


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """While ours are compiled, Numba remembers; what it finds is the same."""
    global _depth
    before = [getattr(owner, name) for owner, name, _ in _LOOKED_UP] if not _depth else []
    for (owner, name, how), found in zip(_LOOKED_UP, before):
        setattr(owner, name, how(found))
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        for (owner, name, _), found in zip(_LOOKED_UP, before):
            setattr(owner, name, found)
