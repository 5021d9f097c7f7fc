"""How compiled functions become machine code: each is lowered once, what Python calls is linked.

Numba by itself makes of every function machine code of its own and a way in from Python. Of ours
some twenty are called from Python; the other hundreds by compiled code alone. So a function that
compiled code calls is lowered to LLVM's language and left there, a *piece*; where Python calls
one, all pieces that it reaches are linked into one module, optimised and emitted, once
(docs/decisions/0035).

Pieces and machine code are cached. What is made does not depend on the process or the order in
which it was made: symbols are named by function and argument types, never by a counter.
"""

from longwatch.compiler.dispatcher import Compiled
from longwatch.compiler.helpers import helped

__all__ = ["Compiled", "helped"]
