"""What Numba looks up again and again, looked up once."""

import contextlib
from collections.abc import Iterator
from typing import Any

from numba.core import types


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """While ours are compiled, Numba finds an operation on numbers once, not at each place.

    A third of all inferring and a fifth of all lowering went into finding, for each ``a * b`` of
    two floats anew, which of NumPy's loops that is.
    """
    found = types.functions.BaseFunction.get_call_type
    if getattr(found, "remembers", False):
        yield
        return

    def get_call_type(self: Any, context: Any, args: Any, kws: Any) -> Any:
        if kws or not all(isinstance(kind, types.Number | types.Boolean) for kind in args):
            return found(self, context, args, kws)
        kept = self.__dict__.setdefault("_longwatch", {})
        args = tuple(args)
        if args not in kept:
            kept[args] = found(self, context, args, kws)
        return kept[args]

    get_call_type.remembers = True
    types.functions.BaseFunction.get_call_type = get_call_type
    try:
        yield
    finally:
        types.functions.BaseFunction.get_call_type = found
