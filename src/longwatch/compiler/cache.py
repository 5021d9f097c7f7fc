"""Files of the cache: each under a digest of all that decides what is made."""

import functools
import hashlib
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import numba
from numba.core import config


def digest_of(parts: tuple[Any, ...]) -> str:
    return hashlib.sha256("\n".join(map(digest_of_one, parts)).encode()).hexdigest()[:24]


@functools.cache
def digest_of_one(part: Any) -> str:
    """Digest of a text or a type: Numba's name of a record tells all its fields."""
    return hashlib.sha256(str(part).encode()).hexdigest()


@functools.cache
def source_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@functools.cache
def folder_of(path: Path) -> str:
    return f"{path.name}_{hashlib.sha1(str(path).encode()).hexdigest()}"


@functools.cache
def environment(codegen: Any) -> str:
    """What decides, beside a function and its types, what is made of it."""
    return repr((numba.__version__, sys.version_info[:2], codegen.magic_tuple(),
                 config.BOUNDSCHECK, str(config.OPT)))


def keep(path: Path, what: Any) -> None:
    """Write a file of the cache whole or not at all: several processes write at a time."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(pickle.dumps(what, protocol=5))
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)


def kept(path: Path) -> Any:
    """What a file of the cache holds; None where there is none, or one that is damaged."""
    try:
        return pickle.loads(path.read_bytes())
    except (OSError, EOFError, pickle.UnpicklingError):
        return None
