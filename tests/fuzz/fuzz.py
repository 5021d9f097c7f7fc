"""Coverage-guided fuzzing, as long as asked: ``make fuzz FUZZ_SECONDS=3600``.

    python tests/fuzz/fuzz.py bytes|services [folder of inputs] [libFuzzer options]

``bytes``: the parser, the router and the recorder under any bytes. ``services``: bytes are read
as a client's decisions (tests/fuzz/traffic.py), so that every input is a session with an
aircraft. An input that breaks what must hold is written beside the folder as crash-*; running
with its name as the last argument repeats it.
"""

import os
import sys
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parents[2])]
# Compiled rooms stay out: their bytecode is what Numba reads.
with atheris.instrument_imports(include=["longwatch.mavlink", "longwatch.services",
                                         "longwatch.live", "longwatch.datalink"]):
    from tests.fuzz.bytes_in import check_bytes, check_routing, mended
    from tests.fuzz.choices import FromBytes

MOST_ACTIONS = 60


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
    from tests.fuzz.world import World

    choices, world = FromBytes(data), World(PROFILES[len(data) % 3])
    for _ in range(MOST_ACTIONS):
        if not choices.more:
            break
        world.do(world.traffic.action(choices))
    world.check()


PROFILES = ("px4", "ardupilot", "generic")
TARGETS = {"bytes": fuzz_bytes, "services": fuzz_services}

if __name__ == "__main__":
    name = sys.argv.pop(1)
    if name == "services":
        with atheris.instrument_imports(include=["longwatch.mavlink", "longwatch.services",
                                                 "longwatch.live"]):
            import tests.fuzz.world  # noqa: F401
    os.environ.setdefault("PYTHONHASHSEED", "0")
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()
