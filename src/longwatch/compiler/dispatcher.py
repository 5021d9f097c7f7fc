"""A compiled function as Python and as compiled code see it."""

import functools
import inspect
import itertools
from pathlib import Path
from types import ModuleType
from typing import Any

from numba.core import compiler, itanium_mangler, sigutils, types, typing
from numba.core.compiler_lock import global_compiler_lock
from numba.core.environment import Environment
from numba.core.registry import CPUDispatcher
from numba.core.targetconfig import ConfigStack

from longwatch.compiler.cache import digest_of, environment, folder_of, keep, kept, source_digest
from longwatch.compiler.helpers import Later, current, helpers_for
from longwatch.compiler.passes import Lowered, Pipeline, describe
from longwatch.compiler.pieces import PieceLibrary, WholeLibrary, codegen_library, piece_of
from longwatch.compiler.remembering import remembered

# Compiled code allocates nothing, so NumPy's reference counting (atomic operations at every call
# that passes an array) is left out: 12 % of a tick.
_OPTIONS: dict[str, Any] = {"nopython": True, "nogil": True, "error_model": "numpy",
                            "fastmath": False, "_nrt": False, "no_cfunc_wrapper": True}

_nth = itertools.count()


class Compiled(CPUDispatcher):
    """A function under ``@compiled``: lowered where compiled code calls it, whole where Python."""

    def __init__(self, function: Any, folder: Path | None) -> None:
        # Numba asks twice for it: a tenth of all importing.
        function.__signature__ = inspect.signature(function)
        super().__init__(function, targetoptions=dict(_OPTIONS), pipeline_class=Pipeline)
        self._folder = folder
        self._lowered: dict[tuple[Any, ...], Lowered] = {}
        # One function of many made at run time, each with constants of its own: never cached.
        self._local = str(next(_nth)) if "<locals>" in function.__qualname__ else ""

    # What compiled code that calls it sees.

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """A constant counts as any number of its type: else each makes one more to compile."""
        args = tuple(map(types.unliteral, args))
        kws = {name: types.unliteral(kind) for name, kind in kws.items()}
        pysig, args = self._compiler.fold_argument_types(args, kws)
        lowered = self.lowered(tuple(args))
        template = typing.make_concrete_template(
            f"CallTemplate({self.py_func.__name__})", key=self.py_func.__name__,
            signatures=[lowered.signature])
        return template, pysig, args, {}

    def get_overload(self, sig: Any) -> Any:
        args, _ = sigutils.normalize_signature(sig)
        return self.lowered(tuple(args)).library

    @global_compiler_lock
    def lowered(self, args: tuple[Any, ...]) -> Lowered:
        """The function lowered for these argument types, out of the cache where it is there."""
        found, helpers = self._lowered.get(args), current()
        if found is None:
            found = self._load_piece(args)
            if found is None:
                if (helpers is not None and self._path(args, "") is not None
                        and len(self.reach) >= helpers.MANY
                        and helpers.takes((self, args), lambda: self._lower(args))):
                    raise Later(f"{self.py_func.__name__} is being inferred")
                found = self._lower(args)
            self._lowered[args] = found
            self.targetctx.insert_user_function(found.library, found.described, [found.library])
        return found

    def _lower(self, args: tuple[Any, ...]) -> Lowered:
        library = PieceLibrary(self.targetctx.codegen(), self._symbol(args))
        library.path = str(self._path(args, ".piece") or "")
        with remembered():
            made: Lowered = compiler.compile_extra(
                self.typingctx, self.targetctx, self.py_func, args, None, self._flags(), {},
                library=library, pipeline_class=Pipeline)
        return made

    def _load_piece(self, args: tuple[Any, ...]) -> Lowered | None:
        path, helpers = self._path(args, ".piece"), current()
        if path is None:
            return None
        piece = piece_of(str(path))
        if piece is not None:
            return_type = piece.return_type
        elif helpers is not None and helpers.made(path) and (found := kept(path)) is not None:
            # Another process may not have lowered yet what it calls.
            return_type = found[0]
        else:
            return None
        signature = typing.signature(return_type, *args)
        library = PieceLibrary.of(self.targetctx.codegen(), self._symbol(args), str(path), piece)
        return Lowered(describe(self.py_func, library.name, signature), signature, library)

    @functools.cached_property
    def reach(self) -> "set[Compiled]":
        """It and all compiled functions that it can come to, by the names that it uses."""
        found, todo = {self}, [self]
        while todo:
            function = todo.pop().py_func
            names = function.__code__.co_names
            spaces = [function.__globals__]
            spaces += [vars(used) for name in names
                       if isinstance(used := function.__globals__.get(name), ModuleType)]
            new = {used for space in spaces for name in names
                   if isinstance(used := space.get(name), Compiled)} - found
            found |= new
            todo += new
        return found

    def _symbol(self, args: tuple[Any, ...]) -> str:
        function = self.py_func
        return itanium_mangler.mangle(f"{function.__module__}.{function.__qualname__}{self._local}",
                                      (), abi_tags=(digest_of(args),))

    def _path(self, args: tuple[Any, ...], suffix: str) -> Path | None:
        """Where it is cached, under a digest of all that decides what is made of it."""
        if self._folder is None or self._local:
            return None
        source = Path(self.py_func.__code__.co_filename)
        decides = (environment(self.targetctx.codegen()), source_digest(source),
                   self._symbol(args))
        name = f"{source.stem}.{self.py_func.__qualname__}-{digest_of(decides)}{suffix}"
        return self._folder / folder_of(source.parent) / name

    def _flags(self) -> Any:
        return self.targetdescr.options.parse_as_flags(compiler.Flags(), self.targetoptions)

    # What Python that calls it sees.

    @global_compiler_lock
    def compile(self, sig: Any) -> Any:
        """Machine code for these argument types, with the way in from Python."""
        args, _ = sigutils.normalize_signature(sig)
        found = self.overloads.get(tuple(args))
        if found is None:
            found = self._load_whole(tuple(args)) or self._make_whole(tuple(args))
            self.add_overload(found)
        return found.entry_point

    def _make_whole(self, args: tuple[Any, ...]) -> Any:
        # Numba's own registries, which nothing has filled where all pieces were in the cache.
        self.typingctx.refresh()
        self.targetctx.refresh()
        with helpers_for(len(self.reach)):
            lowered = self.lowered(args)
        flags = self._flags()
        described = lowered.described
        library = codegen_library(WholeLibrary, self.targetctx.codegen(), described.mangled_name)
        with ConfigStack().enter(flags):
            context = compiler._make_subtarget(self.targetctx, flags)
            with context.push_code_library(library):
                context.create_cpython_wrapper(library, described,
                                               Environment.from_fndesc(described), None,
                                               release_gil=True)
        library.link(lowered.library.piece, described.llvm_cpython_wrapper_name)
        path = self._path(args, ".nbc")
        if path is not None and lowered.library.path:
            keep(path, (lowered.signature.return_type, library.machine_code()))
        return self._result(library, described, lowered.signature)

    def _load_whole(self, args: tuple[Any, ...]) -> Any:
        path = self._path(args, ".nbc")
        found = path and kept(path)
        if not found:
            return None
        return_type, code = found
        signature = typing.signature(return_type, *args)
        described = describe(self.py_func, self._symbol(args), signature)
        library = WholeLibrary.of(self.targetctx.codegen(), described.mangled_name,
                                   described.llvm_cpython_wrapper_name, code)
        return self._result(library, described, signature)

    def _result(self, library: Any, described: Any, signature: Any) -> Any:
        environment = Environment.from_fndesc(described)
        return compiler.compile_result(
            typing_context=self.typingctx, target_context=self.targetctx,
            entry_point=self.targetctx.get_executable(library, described, environment),
            library=library, signature=signature, objectmode=False, lifted=(), fndesc=described,
            environment=environment)
