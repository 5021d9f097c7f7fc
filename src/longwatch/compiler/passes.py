"""Numba's passes as compiled functions take them: to their types, and from there to a piece."""

import inspect
from types import CodeType
from typing import Any

from numba.core import (
    compiler,
    errors,
    funcdesc,
    lowering,
    typed_passes,
    typing,
    untyped_passes,
)
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass
from numba.core.targetconfig import ConfigStack

from longwatch.compiler.helpers import current
from longwatch.compiler.pieces import PieceLibrary


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
            before, helpers = 0, current()
            if helpers is not None:
                before, helpers.inferring = len(helpers.met), True
            try:
                return bool(super().run_pass(state))
            except errors.TypingError:
                if helpers is None or len(helpers.met) == before:
                    raise
                helpers.wait(helpers.met[before:])
                del helpers.met[before:]


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

        helpers = current()
        if helpers is None:
            lower()
        else:
            helpers.add(lower)
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


class Lowered:
    """A function lowered for one tuple of argument types."""

    def __init__(self, described: Any, signature: Any, library: PieceLibrary) -> None:
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


class Pipeline(compiler.CompilerBase):
    def define_pipelines(self) -> list[PassManager]:
        return [_Passes.of(_INFERRING)]
