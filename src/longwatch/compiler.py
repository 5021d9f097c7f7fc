"""How compiled functions become machine code: each is lowered once, what Python calls is linked.

Numba by itself makes of every function machine code of its own and a way in from Python. Of ours
some twenty are called from Python; the other hundreds by compiled code alone. So a function that
compiled code calls is lowered to LLVM's language and left there, a *piece*; where Python calls
one, all pieces that it reaches are linked into one module, optimised and emitted, once
(docs/decisions/0035).

Pieces and machine code are cached. What is made does not depend on the process or the order in
which it was made: symbols are named by function and argument types, never by a counter.
"""

import functools
import hashlib
import itertools
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core import (
    compiler,
    config,
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
    try:
        return pickle.loads(path.read_bytes())
    except OSError:
        return None


class Piece:
    """One lowered function: its LLVM bitcode, the pieces that it calls, and its file, if any."""

    def __init__(self, symbol: str, bitcode: bytes, needs: "dict[str, Piece]",
                 path: str = "") -> None:
        self.symbol, self.bitcode, self.needs, self.path = symbol, bitcode, needs, path
        self.return_type: Any = None

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
    return_type, symbol, paths, bitcode = kept
    needs = {name: _piece(needed) for name, needed in paths}
    if not all(needs.values()):
        return None
    piece = Piece(symbol, bitcode, needs, path)  # type: ignore[arg-type]
    piece.return_type = return_type
    _pieces[path] = piece
    return piece


class _PieceLibrary(JITCodeLibrary):
    """What one function is lowered into: neither optimised nor emitted."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.needs: dict[str, Piece] = {}
        self.piece: Piece | None = None

    def add_llvm_module(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        self._final_module.link_in(ll_module)

    def add_linking_library(self, library: Any) -> None:
        if isinstance(library, _PieceLibrary):
            self.needs[library.piece.symbol] = library.piece  # type: ignore[union-attr]
        else:
            super().add_linking_library(library)

    def close(self, symbol: str, env_name: str) -> None:
        """Take in what of Numba's own it calls, under names that no other piece has."""
        module = self._final_module
        for library in dict.fromkeys(self._linking_libraries):
            module.link_in(library._get_module_for_linking(), preserve=True)
        # Numba counts its own functions in the order in which a process comes to them, and names
        # constants after addresses: two processes give one name to two things.
        for number, value in enumerate([*module.functions, *module.global_variables]):
            if not value.is_declaration and value.name not in (symbol, env_name):
                value.linkage = "internal"
                value.name = f"{symbol}.{number}"
        self.piece = Piece(symbol, module.as_bitcode(), self.needs)
        self._final_module = None
        self._finalized = True

    @classmethod
    def of(cls, codegen: Any, piece: Piece) -> "_PieceLibrary":
        """The library of a piece that was cached."""
        self = cls.__new__(cls)
        self._codegen, self._name = codegen, piece.symbol
        self.piece, self.needs = piece, piece.needs
        self._finalized, self._reload_init = True, set()
        return self

    def _get_module_for_linking(self) -> Any:
        """All that it reaches as one module: for a function that Numba compiles by itself."""
        first, *rest = self.piece.all()  # type: ignore[union-attr]
        module = llvm.parse_bitcode(first.bitcode)
        for piece in rest:
            module.link_in(llvm.parse_bitcode(piece.bitcode))
        for function in module.functions:
            if not function.is_declaration and function.linkage == llvm.Linkage.external:
                function.linkage = "linkonce_odr"
        return module


class _WholeLibrary(JITCodeLibrary):
    """Machine code of a function that Python calls, with all that it reaches in it."""

    def add_llvm_module(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        self._final_module.link_in(ll_module)

    def link(self, piece: Piece, entry: str) -> None:
        module = self._final_module
        for part in piece.all():
            module.link_in(llvm.parse_bitcode(part.bitcode))
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


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(LoweringPass):
    """Numba's lowering without its machine code."""

    _name = "longwatch_lowering"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        context, flags = state.targetctx, state.flags
        library, symbol = state.library, state.library.name
        described = funcdesc.PythonFunctionDescriptor.from_specialized_function(
            state.func_ir, state.typemap, state.return_type, state.calltypes,
            mangler=_named(symbol),
            inline=flags.forceinline, noalias=flags.noalias, abi_tags=())
        with context.push_code_library(library):
            lower = lowering.Lower(context, library, described, state.func_ir,
                                   metadata=state.metadata)
            lower.lower()
        library.close(symbol, context.get_env_name(described))
        described.typemap = described.calltypes = None
        state.cr = Lowered(described, typing.signature(state.return_type, *state.args), library)
        return True


def _named(symbol: str) -> Any:
    """How Numba is to name a function and its environment."""
    def mangler(name: str, *_: Any, **__: Any) -> str:
        return f"{symbol}.env" if name.startswith(".NumbaEnv") else symbol

    return mangler


class Lowered:
    """A function lowered for one tuple of argument types."""

    def __init__(self, described: Any, signature: Any, library: _PieceLibrary) -> None:
        self.described, self.signature, self.library = described, signature, library


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


_PASSES = (
    untyped_passes.TranslateByteCode, untyped_passes.FixupArgs, untyped_passes.IRProcessing,
    untyped_passes.InlineClosureLikes, untyped_passes.RewriteSemanticConstants,
    untyped_passes.DeadBranchPrune, untyped_passes.GenericRewrites,
    untyped_passes.RewriteDynamicRaises, untyped_passes.MakeFunctionToJitFunction,
    untyped_passes.LiteralUnroll, untyped_passes.ReconstructSSA, untyped_passes.DeadBranchPrune,
    typed_passes.NopythonTypeInference, typed_passes.PreLowerStripPhis,
    typed_passes.InlineOverloads, typed_passes.NopythonRewrites,
    typed_passes.NoPythonSupportedFeatureValidation, typed_passes.IRLegalization, _Lowering)


class _Pipeline(compiler.CompilerBase):
    def define_pipelines(self) -> list[PassManager]:
        passes = _Passes("longwatch")
        for each in _PASSES:
            passes.add_pass(each)
        passes.finalize()
        return [passes]


_nth = itertools.count()


class Compiled(CPUDispatcher):
    """A function under ``@compiled``: lowered where compiled code calls it, whole where Python."""

    def __init__(self, function: Any, folder: Path | None) -> None:
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
            found = self._load_piece(args) or self._lower(args)
            self._lowered[args] = found
            self.targetctx.insert_user_function(found.library, found.described, [found.library])
        return found

    def _lower(self, args: tuple[Any, ...]) -> Lowered:
        codegen = self.targetctx.codegen()
        found = compiler.compile_extra(
            self.typingctx, self.targetctx, self.py_func, args, None, self._flags(), {},
            library=_PieceLibrary(codegen, self._symbol(args)), pipeline_class=_Pipeline)
        piece, path = found.library.piece, self._path(args, ".piece")
        needs = [(need.symbol, need.path) for need in piece.needs.values()]
        if path is not None and all(path for _, path in needs):
            piece.path = str(path)
            _keep(path, (found.signature.return_type, piece.symbol, needs, piece.bitcode))
        return found

    def _load_piece(self, args: tuple[Any, ...]) -> Lowered | None:
        path = self._path(args, ".piece")
        piece = path and _piece(str(path))
        if not piece:
            return None
        return Lowered(self._described(args, piece.return_type),
                       typing.signature(piece.return_type, *args),
                       _PieceLibrary.of(self.targetctx.codegen(), piece))

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

    def _described(self, args: tuple[Any, ...], return_type: Any) -> Any:
        function = self.py_func
        return funcdesc.FunctionDescriptor(
            native=True, modname=function.__module__, qualname=function.__qualname__,
            unique_name=function.__qualname__, doc="", typemap=None, restype=return_type,
            calltypes=None, args=tuple(self._compiler.pysig.parameters), kws=(),
            mangler=_named(self._symbol(args)), argtypes=args)

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
        lowered, flags = self.lowered(args), self._flags()
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
        if path is not None and lowered.library.piece.path:
            _keep(path, (lowered.signature.return_type, library.machine_code()))
        return self._result(library, described, lowered.signature)

    def _load_whole(self, args: tuple[Any, ...]) -> Any:
        path = self._path(args, ".nbc")
        kept = path and _kept(path)
        if not kept:
            return None
        return_type, code = kept
        described = self._described(args, return_type)
        library = _WholeLibrary.of(self.targetctx.codegen(), described.mangled_name,
                                   described.llvm_cpython_wrapper_name, code)
        return self._result(library, described, typing.signature(return_type, *args))

    def _result(self, library: Any, described: Any, signature: Any) -> Any:
        environment = Environment.from_fndesc(described)
        return compiler.compile_result(
            typing_context=self.typingctx, target_context=self.targetctx,
            entry_point=self.targetctx.get_executable(library, described, environment),
            library=library, signature=signature, objectmode=False, lifted=(), fndesc=described,
            environment=environment)
