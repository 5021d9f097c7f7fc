"""Random numbers against the generators' published sequences and the moments of their laws."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from longwatch.random import (
    RandomStream,
    next_bits,
    normal,
    seed_stream,
    splitmix64,
    uniform,
)


def stream(seed=1, number=0):
    streams = RandomStream.zeros()
    seed_stream(streams[0], seed, number)
    return streams[0]


def test_splitmix64_reference_sequence():
    # Output of the authors' splitmix64.c from the state 1234567.
    state, found = 1234567, []
    for _ in range(5):
        state, drawn = splitmix64(state)
        found.append(drawn)
    assert found == [6457827717110365317, 3203168211198807973, 9817491932198370423,
                     4593380528125082431, 16408922859458223821]


def test_xoshiro256plusplus_reference_sequence():
    # Output of the authors' xoshiro256plusplus.c from the state 1, 2, 3, 4.
    generator = RandomStream.zeros()[0]
    generator.state[:] = 1, 2, 3, 4
    assert [int(next_bits(generator)) for _ in range(10)] == [
        41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205,
        9973669472204895162, 14011001112246962877, 12406186145184390807,
        15849039046786891736, 10450023813501588000]


def test_uniform_moments():
    generator = stream()
    drawn = np.array([uniform(generator) for _ in range(40000)])
    assert drawn.min() >= 0.0 and drawn.max() < 1.0
    assert drawn.mean() == pytest.approx(0.5, abs=4 / math.sqrt(12 * 40000))
    assert drawn.var() == pytest.approx(1 / 12, abs=4 * math.sqrt(1 / 180 / 40000))


def test_normal_moments():
    generator = stream()
    count = 40000
    drawn = np.array([normal(generator) for _ in range(count)])
    # Four standard errors of each sample moment of a normal law.
    assert drawn.mean() == pytest.approx(0.0, abs=4 / math.sqrt(count))
    assert drawn.var() == pytest.approx(1.0, abs=4 * math.sqrt(2 / count))
    assert (drawn**3).mean() == pytest.approx(0.0, abs=4 * math.sqrt(15 / count))
    assert (drawn**4).mean() == pytest.approx(3.0, abs=4 * math.sqrt(96 / count))
    assert drawn[:-1] @ drawn[1:] / count == pytest.approx(0.0, abs=4 / math.sqrt(count))


def test_streams_differ_and_repeat():
    firsts = {int(next_bits(stream(seed, number))) for seed in range(20) for number in range(20)}
    assert len(firsts) == 400
    assert next_bits(stream(3, 4)) == next_bits(stream(3, 4))


def test_same_bits_without_the_compiler():
    program = ("import warnings; warnings.simplefilter('error')\n"
               "from longwatch.random import *\n"
               "s = RandomStream.zeros(); seed_stream(s[0], 5, 6)\n"
               "print([float(normal(s[0])).hex() for _ in range(500)])")
    plain = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True,
                           text=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"})
    generator = stream(5, 6)
    assert plain.stdout.strip() == str([float(normal(generator)).hex() for _ in range(500)])
