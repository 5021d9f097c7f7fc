"""Coverage-guided fuzzing, as long as asked: ``make fuzz FUZZ_SECONDS=3600``.

    python tests/fuzz/for_hours.py bytes|services [folder of inputs] [libFuzzer options]

``bytes``: the parser, the router and the recorder under any bytes. ``services``: bytes are read
as a client's decisions (tests/fuzz/traffic.py), so that every input is a session with an
aircraft. An input that breaks what must hold is written as crash-*; running with its name as the
last argument repeats it.
"""

import gc
import importlib
import sys
from pathlib import Path

import atheris

_ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(_ROOT / "src"), str(_ROOT / "tests")]
_ROOMS = ("mavlink", "datalink", "services", "live")


def _compiled():
    """Modules that stay as they are: their bytecode is what Numba reads."""
    for path in (_ROOT / "src" / "longwatch").rglob("*.py"):
        parts = path.relative_to(_ROOT / "src").with_suffix("").parts
        if len(parts) < 2 or parts[1] not in _ROOMS:
            yield ".".join(part for part in parts if part != "__init__")


def _watched():
    """Where imports are made so that the fuzzer sees which branches are taken."""
    return atheris.instrument_imports(include=["longwatch"], exclude=list(_compiled()))


with _watched():
    from fuzz.bytes_in import check_bytes, check_routing, mended
    from fuzz.choices import FromBytes

MOST_ACTIONS = 60
PROFILES = ("px4", "ardupilot", "generic")


def fuzz_bytes(data):
    """One input for the parser and the router."""
    if len(data) < 2:
        return
    how, chunk, data = data[0], 1 + data[1] % 97, data[2:]
    if how & 1:
        data = mended(data)
    (check_routing if how & 2 else check_bytes)(data, chunk)


def fuzz_services(data):
    """One input as a session with a fresh aircraft."""
    choices, room = FromBytes(data), importlib.import_module("fuzz.world")
    world = room.World(choices.pick(PROFILES), choices.pick(room.STATES))
    for _ in range(MOST_ACTIONS):
        if not choices.more:
            break
        world.do(world.traffic.action(choices))
    world.check()
    gc.collect()  # an aircraft is large, and Python counts objects, not bytes


TARGETS = {"bytes": fuzz_bytes, "services": fuzz_services}

if __name__ == "__main__":
    target = sys.argv.pop(1)
    if target == "services":
        with _watched():
            importlib.import_module("fuzz.world")
            importlib.import_module("longwatch.services.table")
    atheris.Setup(sys.argv, TARGETS[target])
    atheris.Fuzz()
