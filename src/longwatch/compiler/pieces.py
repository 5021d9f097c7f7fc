"""What functions are made into: a piece each, and one whole of all that Python's call reaches."""

from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
from numba.core.codegen import JITCodeLibrary

from longwatch.compiler.cache import keep, kept


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


# The size, by LLVM's count, up to which a function is put into its callers. At LLVM's own 250, and
# with vectors looked for, the tick takes a quarter longer to compile and runs no faster.
INLINED = 100

_pieces: dict[str, Piece] = {}

# Not "internal": LLVM may change how such a function is called, and its loader takes a local symbol
# of one module for what another calls by that name. A private one has no symbol.
_HIDDEN = "private"


def piece_of(path: str) -> Piece | None:
    """A piece of the cache, with all that it reaches; None where any of them is missing."""
    if path in _pieces:
        return _pieces[path]
    found = kept(Path(path))
    if found is None:
        return None
    return_type, symbol, bitcode, paths = found
    needs = {name: piece_of(needed) for name, needed in paths}
    if not all(needs.values()):
        return None
    _pieces[path] = Piece(symbol, bitcode, needs, return_type)  # type: ignore[arg-type]
    return _pieces[path]


class PieceLibrary(JITCodeLibrary):
    """What one function is lowered into: neither optimised nor emitted."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.needs: dict[str, PieceLibrary] = {}
        self.kept: Piece | None = None
        self.path = ""

    def add_llvm_module(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        self._final_module.link_in(ll_module)

    def add_linking_library(self, library: Any) -> None:
        if isinstance(library, PieceLibrary):
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
                value.linkage = _HIDDEN
                value.name = f"{symbol}.{number}"
        bitcode = module.as_bitcode()
        self._final_module = None
        self._finalized = True
        if self.path and all(need.path for need in self.needs.values()):
            keep(Path(self.path), (return_type, symbol, bitcode,
                                    [(need.name, need.path) for need in self.needs.values()]))
        else:
            self.path = ""
        self.kept = Piece(symbol, bitcode, {}, return_type)

    @property
    def piece(self) -> Piece:
        """What was made of it, here or by another process."""
        if self.kept is None:
            self.kept = piece_of(self.path)
        elif not self.kept.needs:
            self.kept.needs.update({name: need.piece for name, need in self.needs.items()})
        if self.kept is None:
            raise RuntimeError(f"{self.path}: gone from the cache while it was being compiled")
        return self.kept

    @classmethod
    def of(cls, codegen: Any, symbol: str, path: str, piece: Piece | None) -> "PieceLibrary":
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


class WholeLibrary(JITCodeLibrary):
    """Machine code of a function that Python calls, with all that it reaches in it."""

    def add_llvm_module(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        self._final_module.link_in(ll_module)

    def link(self, piece: Piece, entry: str) -> None:
        module = self._final_module
        module.link_in(linked(piece.all()))
        for function in module.functions:
            if not function.is_declaration and function.name != entry:
                function.linkage = _HIDDEN
        self.finalize()

    def _optimize_final_module(self) -> None:
        # Numba's cheap passes before these serve reference counting, which ours have none of.
        options = llvm.create_pipeline_tuning_options(speed_level=3)
        options.inlining_threshold = INLINED
        options.loop_vectorization = options.slp_vectorization = False
        builder = llvm.create_pass_builder(self._codegen._tm, options)
        builder.getModulePassManager().run(self._final_module, builder)

    def machine_code(self) -> bytes:
        return bytes(self._get_compiled_object())

    @classmethod
    def of(cls, codegen: Any, symbol: str, entry: str, code: bytes) -> "WholeLibrary":
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
