"""How compiled functions become machine code: each is lowered once, what Python calls is linked.

Numba by itself makes of every function machine code of its own and a way in from Python. Of ours
some twenty are called from Python; the other hundreds by compiled code alone. So a function that
compiled code calls is lowered to LLVM's language and left there, a *piece*; where Python calls
one, all pieces that it reaches are linked into one module, optimised and emitted, once
(docs/decisions/0035).

Pieces and machine code are cached. What is made does not depend on the process or the order in
which it was made: symbols are named by function and argument types, never by a counter.
"""

import contextlib
import functools
import hashlib
import inspect
import itertools
import os
import pickle
import select
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core import (
    compiler,
    config,
    errors,
    funcdesc,
    itanium_mangler,
    lowering,
    sigutils,
    typed_passes,
    types,
    typing,
    untyped_passes,
)
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass
from numba.core.environment import Environment
from numba.core.registry import CPUDispatcher
from numba.core.targetconfig import ConfigStack

# Compiled code allocates nothing, so NumPy's reference counting (atomic operations at every call
# that passes an array) is left out: 12 % of a tick.
_OPTIONS: dict[str, Any] = {"nopython": True, "nogil": True, "error_model": "numpy",
                            "fastmath": False, "_nrt": False, "no_cfunc_wrapper": True}


def _digest_of(parts: tuple[Any, ...]) -> str:
    return hashlib.sha256("\n".join(map(_digest_of_one, parts)).encode()).hexdigest()[:24]


@functools.cache
def _digest_of_one(part: Any) -> str:
    """Digest of a text or a type: Numba's name of a record tells all its fields."""
    return hashlib.sha256(str(part).encode()).hexdigest()


@functools.cache
def _source_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@functools.cache
def _folder_of(path: Path) -> str:
    return f"{path.name}_{hashlib.sha1(str(path).encode()).hexdigest()}"


@functools.cache
def _environment(codegen: Any) -> str:
    """What decides, beside a function and its types, what is made of it."""
    return repr((numba.__version__, sys.version_info[:2], codegen.magic_tuple(),
                 config.BOUNDSCHECK, str(config.OPT)))


def _keep(path: Path, what: Any) -> None:
    """Write a file of the cache whole or not at all: several processes write at a time."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(pickle.dumps(what, protocol=5))
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)


def _kept(path: Path) -> Any:
    """What a file of the cache holds; None where there is none, or one that is damaged."""
    try:
        return pickle.loads(path.read_bytes())
    except (OSError, EOFError, pickle.UnpicklingError):
        return None


class Piece:
    """One lowered function: its LLVM bitcode, and the pieces that it calls."""

    def __init__(self, symbol: str, bitcode: bytes, needs: "dict[str, Piece]",
                 return_type: Any) -> None:
        self.symbol, self.bitcode, self.needs = symbol, bitcode, needs
        self.return_type = return_type

    def all(self) -> "list[Piece]":
        """It and all that it reaches, by name."""
        found, todo = {self.symbol: self}, [self]
        while todo:
            for symbol, piece in todo.pop().needs.items():
                if symbol not in found:
                    found[symbol] = piece
                    todo.append(piece)
        return [found[symbol] for symbol in sorted(found)]


_pieces: dict[str, Piece] = {}


def _piece(path: str) -> Piece | None:
    """A piece of the cache, with all that it reaches; None where any of them is missing."""
    if path in _pieces:
        return _pieces[path]
    kept = _kept(Path(path))
    if kept is None:
        return None
    return_type, symbol, bitcode, paths = kept
    needs = {name: _piece(needed) for name, needed in paths}
    if not all(needs.values()):
        return None
    _pieces[path] = Piece(symbol, bitcode, needs, return_type)  # type: ignore[arg-type]
    return _pieces[path]


class _PieceLibrary(JITCodeLibrary):
    """What one function is lowered into: neither optimised nor emitted."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.needs: dict[str, _PieceLibrary] = {}
        self.kept: Piece | None = None
        self.path = ""

    def add_llvm_module(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        self._final_module.link_in(ll_module)

    def add_linking_library(self, library: Any) -> None:
        if isinstance(library, _PieceLibrary):
            self.needs[library.name] = library
        else:
            super().add_linking_library(library)

    def close(self, return_type: Any, env_name: str) -> None:
        """Take in what of Numba's own it calls, under names that no other piece has; keep it."""
        module, symbol = self._final_module, self.name
        for library in dict.fromkeys(self._linking_libraries):
            module.link_in(library._get_module_for_linking(), preserve=True)
        # Numba counts its own functions in the order in which a process comes to them, and names
        # constants after addresses: two processes give one name to two things.
        for number, value in enumerate([*module.functions, *module.global_variables]):
            if not value.is_declaration and value.name not in (symbol, env_name):
                value.linkage = "internal"
                value.name = f"{symbol}.{number}"
        bitcode = module.as_bitcode()
        self._final_module = None
        self._finalized = True
        if self.path and all(need.path for need in self.needs.values()):
            _keep(Path(self.path), (return_type, symbol, bitcode,
                                    [(need.name, need.path) for need in self.needs.values()]))
        else:
            self.path = ""
        self.kept = Piece(symbol, bitcode, {}, return_type)

    @property
    def piece(self) -> Piece:
        """What was made of it, here or by another process."""
        if self.kept is None:
            self.kept = _piece(self.path)
        elif not self.kept.needs:
            self.kept.needs.update({name: need.piece for name, need in self.needs.items()})
        if self.kept is None:
            raise RuntimeError(f"{self.path}: gone from the cache while it was being compiled")
        return self.kept

    @classmethod
    def of(cls, codegen: Any, symbol: str, path: str, piece: Piece | None) -> "_PieceLibrary":
        """The library of a piece that is in the cache, and here where it is read already."""
        self = cls(codegen, symbol)
        self.kept, self.path, self._finalized = piece, path, True
        return self

    def _get_module_for_linking(self) -> Any:
        """All that it reaches as one module: for a function that Numba compiles by itself."""
        module = linked(self.piece.all())
        for function in module.functions:
            if not function.is_declaration and function.linkage == llvm.Linkage.external:
                function.linkage = "linkonce_odr"
        return module


def linked(pieces: list[Piece]) -> Any:
    """One module of them all. Each link looks through all that it is linked to: so by halves."""
    if len(pieces) == 1:
        return llvm.parse_bitcode(pieces[0].bitcode)
    half = len(pieces) // 2
    module = linked(pieces[:half])
    module.link_in(linked(pieces[half:]))
    return module


class _WholeLibrary(JITCodeLibrary):
    """Machine code of a function that Python calls, with all that it reaches in it."""

    def add_llvm_module(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        self._final_module.link_in(ll_module)

    def link(self, piece: Piece, entry: str) -> None:
        module = self._final_module
        module.link_in(linked(piece.all()))
        for function in module.functions:
            if not function.is_declaration and function.name != entry:
                function.linkage = "internal"
        self.finalize()

    def _optimize_final_module(self) -> None:
        # Numba's cheap passes before these serve reference counting, which ours have none of.
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)

    def machine_code(self) -> bytes:
        return bytes(self._get_compiled_object())

    @classmethod
    def of(cls, codegen: Any, symbol: str, entry: str, code: bytes) -> "_WholeLibrary":
        """The library of machine code that was cached."""
        self = codegen_library(cls, codegen, symbol)
        self._set_compiled_object(code)
        self._finalize_final_module()
        codegen._engine._defined_symbols.add(entry)
        return self


def codegen_library(kind: Any, codegen: Any, name: str) -> Any:
    """A library whose machine code can be asked for."""
    library = kind(codegen, name)
    library.enable_object_caching()
    return library


class _Passes(PassManager):
    """Numba's passes run one after the other, without the account of each that it keeps.

    For that account it writes out the types of all arguments, each record's fields with them, at
    every pass: a tenth of all compiling.
    """

    def _runPass(self, index: int, pss: Any, internal_state: Any) -> None:
        pss.analysis = self._analysis
        pss.run_initialization(internal_state)
        pss.run_pass(internal_state)
        pss.run_finalizer(internal_state)

    @classmethod
    def of(cls, passes: tuple[Any, ...]) -> "_Passes":
        self = cls("longwatch")
        for each in passes:
            self.add_pass(each)
        self.finalize()
        return self


@register_pass(mutates_CFG=True, analysis_only=False)
class _Closures(untyped_passes.InlineClosureLikes):
    """Numba's own, where a function holds another one: ours seldom do, and it takes its time."""

    _name = "longwatch_closures"

    def run_pass(self, state: Any) -> bool:
        if any(isinstance(constant, CodeType) for constant in state.func_id.code.co_consts):
            return bool(super().run_pass(state))
        return False


@register_pass(mutates_CFG=True, analysis_only=False)
class _Inference(typed_passes.NopythonTypeInference):
    """Numba's own, once more where what is called was inferred by other processes."""

    _name = "longwatch_inference"

    def run_pass(self, state: Any) -> bool:
        while True:
            before = 0
            if _helpers is not None:
                before, _helpers.inferring = len(_helpers.met), True
            try:
                return bool(super().run_pass(state))
            except errors.TypingError:
                if _helpers is None or len(_helpers.met) == before:
                    raise
                _helpers.wait(_helpers.met[before:])
                del _helpers.met[before:]


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(LoweringPass):
    """What is left to do where the types are known, Numba's machine code left out."""

    _name = "longwatch_lowering"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        library, pipeline = state.library, state.pipeline
        signature = typing.signature(state.return_type, *state.args)
        described = describe(state.func_id.func, library.name, signature)

        def lower() -> None:
            context, state.pipeline = state.targetctx, pipeline
            with ConfigStack().enter(state.flags.copy()), context.push_code_library(library):
                _Passes.of(_TYPED).run(state)
                described.typemap, described.calltypes = state.typemap, state.calltypes
                lowering.Lower(context, library, described, state.func_ir,
                               metadata=state.metadata).lower()
            library.close(state.return_type, context.get_env_name(described))
            described.typemap = described.calltypes = None

        if _helpers is None:
            lower()
        else:
            _helpers.add(lower)
        state.cr = Lowered(described, signature, library)
        return True


def describe(function: Any, symbol: str, signature: Any) -> Any:
    """What Numba knows a compiled function by."""
    return funcdesc.PythonFunctionDescriptor(
        native=True, modname=function.__module__, qualname=function.__qualname__,
        unique_name=symbol, doc="", typemap=None, restype=signature.return_type, calltypes=None,
        args=tuple(inspect.signature(function).parameters), kws=(), mangler=_named(symbol),
        argtypes=signature.args)


def _named(symbol: str) -> Any:
    """How Numba is to name a function and its environment."""
    def mangler(name: str, *_: Any, **__: Any) -> str:
        return f"{symbol}.env" if name.startswith(".NumbaEnv") else symbol

    return mangler


class Later(errors.TypingError):
    """A called function's types are being inferred by another process."""


class Helpers:
    """Processes that share the work: as many run at a time as there are tokens in a pipe.

    A forked process has all in its memory that was inferred so far. It is given either a batch of
    functions to lower, which takes nothing but their types, or a function that reaches many
    others, to infer and lower it with all of them, while this process goes on with what its
    caller calls besides. What it makes lies in the cache.
    """

    BATCH, MANY = 24, 20

    def __init__(self, count: int, told: Any) -> None:
        self._count, self._told = count, told
        self._waiting: list[Any] = []
        self._running: set[int] = set()
        # Who infers what, and what inferring in this process has come to that another one does.
        self._later: dict[Any, int] = {}
        self.met: list[Any] = []
        self.inferring = False
        self._parent = os.getppid()
        self._tokens = os.pipe()
        os.set_blocking(self._tokens[0], False)
        self._give(count)

    def close(self) -> None:
        for end in self._tokens:
            os.close(end)

    def _give(self, count: int = 1) -> None:
        os.write(self._tokens[1], b"x" * count)

    def _take(self) -> bool:
        try:
            return bool(os.read(self._tokens[0], 1))
        except BlockingIOError:
            return False

    def add(self, lower: Any) -> None:
        """Have it lowered, soon or at the end."""
        self._told()
        if not self._count:
            lower()
            return
        self._waiting.append(lower)
        if len(self._waiting) >= self.BATCH and self._take():
            batch, self._waiting = self._waiting, []
            self._fork(lambda: _run_all(batch))

    def takes(self, key: Any, infer: Any) -> bool:
        """True where another process infers it, and had it begun only now."""
        if not self.inferring:
            return False
        if key not in self._later:
            if not self._take():
                return False
            self._later[key] = self._fork(lambda: self._infer(infer))
        self.met.append(key)
        return True

    def _infer(self, infer: Any) -> None:
        self._waiting, self._running, self._later, self.met = [], set(), {}, []
        infer()
        self.finish()

    def wait(self, keys: list[Any]) -> None:
        """Return when these are inferred; what is to be lowered here is lowered meanwhile."""
        children = {self._later.pop(key) for key in keys if key in self._later}
        while children & self._running:
            self._reap(os.WNOHANG)
            if self._waiting:
                self._waiting.pop()()
            elif unfinished := children & self._running:
                self._idle(unfinished.pop())

    def finish(self) -> None:
        """Return when all is lowered."""
        while self._waiting:
            if len(self._waiting) > 1 and self._take():
                half = len(self._waiting) // 2
                batch, self._waiting = self._waiting[half:], self._waiting[:half]
                self._fork(functools.partial(_run_all, batch))
            self._waiting.pop()()
        while self._running:
            self._idle(next(iter(self._running)))

    def _idle(self, child: int) -> None:
        """Wait for it; another process may have this one's place until then."""
        self._give()
        self._ended(*os.waitpid(child, 0))
        while not self._take():
            select.select([self._tokens[0]], [], [], 1.0)
            if os.getppid() != self._parent:
                os._exit(1)

    def _fork(self, work: Any) -> int:
        child = os.fork()
        if child:
            self._running.add(child)
            return child
        status, self._parent = 1, os.getppid()
        try:
            work()
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            self._give()
            os._exit(status)

    def _reap(self, how: int) -> None:
        for child in tuple(self._running):
            self._ended(*os.waitpid(child, how))

    def _ended(self, child: int, status: int) -> None:
        self._running.discard(child)
        if child and status:
            raise RuntimeError("a process that helps to compile has failed")


def _run_all(batch: list[Any]) -> None:
    for lower in batch:
        lower()


_helpers: Helpers | None = None
# How many processes help and who is told, for functions that reach at least so many others.
_wanted: tuple[int, Any] = (0, None)
_WORTH_HELP = 50


@contextlib.contextmanager
def helped(count: int, told: Any) -> Iterator[None]:
    """Within this, ``count`` processes help to compile; for a process that has one thread.

    ``told`` is called for each function whose types are known, in whichever process that was,
    with the number of all, as far as that is known.
    """
    global _wanted
    before, _wanted = _wanted, (count, told)
    try:
        yield
    finally:
        _wanted = before


@contextlib.contextmanager
def _helpers_for(function: "Compiled") -> Iterator[None]:
    global _helpers
    count, told = _wanted
    whole = len(function.reach())
    if told is None or _helpers is not None or whole < _WORTH_HELP:
        yield
        return
    _helpers = Helpers(count, lambda: told(whole))
    # What is being inferred elsewhere fails at first, and not for good.
    before, config.DISABLE_TYPEINFER_FAIL_CACHE = config.DISABLE_TYPEINFER_FAIL_CACHE, 1
    try:
        with _remembered():
            yield
            _helpers.finish()
    finally:
        config.DISABLE_TYPEINFER_FAIL_CACHE = before
        _helpers.close()
        _helpers = None


@contextlib.contextmanager
def _remembered() -> Iterator[None]:
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

    get_call_type.remembers = True  # type: ignore[attr-defined]
    types.functions.BaseFunction.get_call_type = get_call_type
    try:
        yield
    finally:
        types.functions.BaseFunction.get_call_type = found


class Lowered:
    """A function lowered for one tuple of argument types."""

    def __init__(self, described: Any, signature: Any, library: _PieceLibrary) -> None:
        self.described, self.signature, self.library = described, signature, library


_INFERRING = (
    untyped_passes.TranslateByteCode, untyped_passes.FixupArgs, untyped_passes.IRProcessing,
    _Closures, untyped_passes.RewriteSemanticConstants,
    untyped_passes.DeadBranchPrune, untyped_passes.GenericRewrites,
    untyped_passes.RewriteDynamicRaises, untyped_passes.MakeFunctionToJitFunction,
    untyped_passes.LiteralUnroll, untyped_passes.ReconstructSSA, untyped_passes.DeadBranchPrune,
    _Inference, _Lowering)
_TYPED = (
    typed_passes.PreLowerStripPhis, typed_passes.InlineOverloads, typed_passes.NopythonRewrites,
    typed_passes.NoPythonSupportedFeatureValidation, typed_passes.IRLegalization)


class _Pipeline(compiler.CompilerBase):
    def define_pipelines(self) -> list[PassManager]:
        return [_Passes.of(_INFERRING)]


_nth = itertools.count()


class Compiled(CPUDispatcher):
    """A function under ``@compiled``: lowered where compiled code calls it, whole where Python."""

    def __init__(self, function: Any, folder: Path | None) -> None:
        # Numba asks twice for it: a tenth of all importing.
        function.__signature__ = inspect.signature(function)
        super().__init__(function, targetoptions=dict(_OPTIONS), pipeline_class=_Pipeline)
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
        found = self._lowered.get(args)
        if found is None:
            found = self._load_piece(args)
            if found is None:
                if (_helpers is not None and self._path(args, "") is not None
                        and len(self.reach()) >= _helpers.MANY
                        and _helpers.takes((self, args), lambda: self._lower(args))):
                    raise Later(f"{self.py_func.__name__} is being inferred")
                found = self._lower(args)
            self._lowered[args] = found
            self.targetctx.insert_user_function(found.library, found.described, [found.library])
        return found

    def _lower(self, args: tuple[Any, ...]) -> Lowered:
        library = _PieceLibrary(self.targetctx.codegen(), self._symbol(args))
        library.path = str(self._path(args, ".piece") or "")
        with _remembered():
            made: Lowered = compiler.compile_extra(
                self.typingctx, self.targetctx, self.py_func, args, None, self._flags(), {},
                library=library, pipeline_class=_Pipeline)
        return made

    def _load_piece(self, args: tuple[Any, ...]) -> Lowered | None:
        path = self._path(args, ".piece")
        # What it calls may not be lowered yet where several processes are at work.
        piece = path and (_piece(str(path)) if _helpers is None else _kept(path))
        if not piece:
            return None
        return_type = piece.return_type if isinstance(piece, Piece) else piece[0]
        signature = typing.signature(return_type, *args)
        library = _PieceLibrary.of(self.targetctx.codegen(), self._symbol(args), str(path),
                                   piece if isinstance(piece, Piece) else None)
        return Lowered(describe(self.py_func, library.name, signature), signature, library)

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
                                      (), abi_tags=(_digest_of(args),))

    def _path(self, args: tuple[Any, ...], suffix: str) -> Path | None:
        """Where it is cached, under a digest of all that decides what is made of it."""
        if self._folder is None or self._local:
            return None
        source = Path(self.py_func.__code__.co_filename)
        decides = (_environment(self.targetctx.codegen()), _source_digest(source),
                   self._symbol(args))
        name = f"{source.stem}.{self.py_func.__qualname__}-{_digest_of(decides)}{suffix}"
        return self._folder / _folder_of(source.parent) / name

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
        with _helpers_for(self):
            lowered = self.lowered(args)
        flags = self._flags()
        described = lowered.described
        library = codegen_library(_WholeLibrary, self.targetctx.codegen(), described.mangled_name)
        with ConfigStack().enter(flags):
            context = compiler._make_subtarget(self.targetctx, flags)
            with context.push_code_library(library):
                context.create_cpython_wrapper(library, described,
                                               Environment.from_fndesc(described), None,
                                               release_gil=True)
        library.link(lowered.library.piece, described.llvm_cpython_wrapper_name)
        path = self._path(args, ".nbc")
        if path is not None and lowered.library.path:
            _keep(path, (lowered.signature.return_type, library.machine_code()))
        return self._result(library, described, lowered.signature)

    def _load_whole(self, args: tuple[Any, ...]) -> Any:
        path = self._path(args, ".nbc")
        kept = path and _kept(path)
        if not kept:
            return None
        return_type, code = kept
        signature = typing.signature(return_type, *args)
        described = describe(self.py_func, self._symbol(args), signature)
        library = _WholeLibrary.of(self.targetctx.codegen(), described.mangled_name,
                                   described.llvm_cpython_wrapper_name, code)
        return self._result(library, described, signature)

    def _result(self, library: Any, described: Any, signature: Any) -> Any:
        environment = Environment.from_fndesc(described)
        return compiler.compile_result(
            typing_context=self.typingctx, target_context=self.targetctx,
            entry_point=self.targetctx.get_executable(library, described, environment),
            library=library, signature=signature, objectmode=False, lifted=(), fndesc=described,
            environment=environment)
