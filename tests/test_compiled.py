"""The cache is keyed by the sources, and the way of compiling is the one that was promised."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from longwatch import compiled as module
from longwatch.cli import compiling
from longwatch.compiled import compiled

SOURCES = Path(module.__file__).parents[1]


@compiled
def divide(a, b):
    return a / b


@compiled
def is_number(a):
    return a == a


@compiled
def accumulate(a, b, c):
    return (a + b) + c


@compiled
def half(a):
    return divide(a, 2.0)


@compiled
def larger_half(pair):
    return half(max(pair[0], pair[1]))


machine_code = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="plain Python divides its own way")
def test_division_by_zero_is_no_exception():
    assert divide(1.0, 0.0) == math.inf
    assert math.isnan(divide(0.0, 0.0))


def test_not_a_number_is_noticed():
    """What fastmath would optimise away."""
    assert not is_number(math.nan)
    assert is_number(1.0)


def test_sums_are_not_reordered():
    assert accumulate(1e16, -1e16, 1.0) == 1.0
    assert accumulate(1.0, 1e16, -1e16) == 0.0


@machine_code
def test_many_threads_run_at_a_time():
    assert divide.targetoptions["nogil"]
    assert divide.targetoptions["error_model"] == "numpy"
    assert not divide.targetoptions["fastmath"]


def folder_of(root, cache):
    """Name of the cache folder that a package's copy under ``root`` takes."""
    code = ("import sys; sys.path.insert(0, sys.argv[1])\n"
            "from longwatch.compiled import CACHE_FOLDER; print(CACHE_FOLDER)")
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    environment.pop("NUMBA_CACHE_DIR", None)
    environment.pop("PYTHONPATH", None)
    done = subprocess.run([sys.executable, "-c", code, str(root)], env=environment,
                          capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


@pytest.mark.compiled_only
def test_a_changed_source_takes_another_cache(tmp_path):
    package = tmp_path / "src" / "longwatch"
    (package / "flight").mkdir(parents=True)
    (package / "planning").mkdir()
    (package / "__init__.py").write_text("")
    (package / "compiled.py").write_text(Path(module.__file__).read_text())
    called = package / "flight" / "called.py"
    called.write_text("A = 1\n")
    first = folder_of(package.parent, tmp_path / "cache")
    assert first.is_dir() and folder_of(package.parent, tmp_path / "cache") == first
    (package / "planning" / "uncompiled.py").write_text("B = 1\n")
    assert folder_of(package.parent, tmp_path / "cache") == first
    called.write_text("A = 2\n")
    assert folder_of(package.parent, tmp_path / "cache") != first


def test_old_caches_are_dropped_and_the_newest_stay(tmp_path):
    for age in range(6):
        folder = tmp_path / f"old{age}"
        folder.mkdir()
        os.utime(folder, (1e9 - age, 1e9 - age))
    module._drop_old(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["old0", "old1", "old2"]


def test_compiled_code_imports_no_room_left_out_of_the_digest():
    """A change there would go unnoticed."""
    rooms = [f"longwatch.{name.removesuffix('.py')}" for name in module.UNCOMPILED]
    package = SOURCES / "longwatch"
    inside = [path.read_text() for path in package.rglob("*.py")
              if path.relative_to(package).parts[0] not in module.UNCOMPILED]
    using = [text[:60] for text in inside if "@compiled" in text
             and any(f"{room} import" in text or f"{room}." in text for room in rooms)]
    assert using == []


def test_records_are_passed_by_reference():
    row = np.zeros(1, np.dtype((np.record, [("a", "f8")])))

    @compiled_once
    def write(target):
        target.a = 4.0

    write(row[0])
    assert row["a"][0] == 4.0


def compiled_once(function):
    """Like ``compiled``, without a cache: the function lives in a test."""
    return numba.njit(nogil=True, error_model="numpy")(function)


FLOAT = numba.types.float64
# Compiles larger_half into an empty cache, alone or with a process that helps, and prints by
# which names, and what, it then finds there.
MAKE = """
import hashlib, inspect, sys
from pathlib import Path
import test_compiled as t
from longwatch.compiler import helpers
helpers.WORTH_HELP, helpers.Helpers.BATCH, helpers.Helpers.MANY = 0, 1, 2
for first in sys.argv[2:]:
    getattr(t, first).compile((t.FLOAT,) * len(inspect.signature(
        getattr(t, first).py_func).parameters))
with helpers.helped(int(sys.argv[1]), lambda of: None):
    assert t.larger_half((3.0, 5.0)) == 2.5
for path in sorted(t.module.CACHE_FOLDER.rglob("*.nbc")):
    if "larger_half" in path.name:
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def machine_code_of(cache, *arguments):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache),
                   "PYTHONPATH": os.pathsep.join([str(SOURCES), str(Path(__file__).parent)])}
    done = subprocess.run([sys.executable, "-c", MAKE, *arguments], env=environment,
                          capture_output=True, text=True, check=True)
    return done.stdout


@machine_code
@pytest.mark.skipif(sys.platform != "linux", reason="no process helps here")
def test_machine_code_is_the_same_to_the_byte_however_it_was_made(tmp_path):
    """By one process, with one that helps, and where it came to other functions before."""
    alone = machine_code_of(tmp_path / "alone", "0")
    assert alone.count("\n") == 1
    assert machine_code_of(tmp_path / "helped", "2") == alone
    assert machine_code_of(tmp_path / "after", "0", "accumulate", "half") == alone


@machine_code
def test_what_python_calls_gets_machine_code_and_what_is_missing_is_made_again(tmp_path):
    first = machine_code_of(tmp_path, "0")
    made = {path.name.split("-")[0] + path.suffix for path in tmp_path.rglob("*.*")}
    assert made == {"test_compiled.divide.piece", "test_compiled.half.piece",
                    "test_compiled.larger_half.piece", "test_compiled.larger_half.nbc"}
    for path in tmp_path.rglob("*.nbc"):
        path.unlink()
    assert machine_code_of(tmp_path, "0") == first
    for path in tmp_path.rglob("*.half-*.piece"):
        path.unlink()
    for path in tmp_path.rglob("*.nbc"):
        path.write_bytes(path.read_bytes()[:100])
    assert machine_code_of(tmp_path, "0") == first


@machine_code
def test_a_constant_is_lowered_as_any_number_of_its_type():
    @compiled
    def twice(a):
        return divide(a, 1.0) + divide(a, 3.0)

    twice(1.0)
    assert [args for args in divide._lowered if args == (FLOAT, FLOAT)] == [(FLOAT, FLOAT)]
    assert not any(isinstance(kind, numba.types.Literal) for args in divide._lowered
                   for kind in args)


@machine_code
def test_functions_made_at_run_time_keep_their_own_constants():
    """They have one name and the same types."""
    def adding(amount):
        @compiled
        def add(a):
            return a + amount

        return add

    one, ten = adding(1.0), adding(10.0)

    @compiled
    def both(a):
        return one(a), ten(a)

    assert both(0.0) == (1.0, 10.0)


@machine_code
def test_a_function_that_numba_compiles_itself_may_call_one():
    @numba.njit
    def outside(a):
        return larger_half((a, 4.0)) + 1.0

    assert outside(2.0) == 3.0


def test_what_the_process_that_compiles_tells_is_the_share_done(tmp_path, monkeypatch):
    """Each function is told once, by whichever process; some may be made twice."""
    (tmp_path / "tells.py").write_text("print('4\\n' * 5, end='')")
    monkeypatch.setattr(compiling, "__name__", "tells")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert list(compiling._steps()) == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8])
