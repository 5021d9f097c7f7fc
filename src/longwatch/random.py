"""Random numbers whose generator lives in the aircraft's record, one stream a subsystem.

xoshiro256++ 1.0 (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM
Transactions on Mathematical Software 47, 2021), seeded by SplitMix64 as its authors advise.
Normal numbers by the polar method of G. Marsaglia (SIAM Review 6, 1964). Compiled or not, the
same bits come out.
"""

import math

import numpy as np

from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record, u8


@record
class RandomStream:
    """State of one generator; all zero is not a valid state, see :func:`seed_stream`."""

    state: u8 = field("", "xoshiro256++ state", shape=(4,), logged=False)
    spare: f8 = field("", "normal number left over from the last pair", logged=False)
    has_spare: b1 = field("", "the spare is there to be used", logged=False)


_MASK = (1 << 64) - 1
_LOW = np.uint64(0xFFFFFFFF)
_S11, _S17, _S19, _S23, _S32, _S41, _S45 = (np.uint64(n) for n in (11, 17, 19, 23, 32, 41, 45))
_ULP = 2.0**-53


def splitmix64(state: int) -> tuple[int, int]:
    """Advance SplitMix64: the next state and the number drawn, both of 64 bits."""
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return state, z ^ (z >> 31)


def seed_stream(stream: np.record, seed: int, stream_number: int) -> None:
    """Set ``stream`` to the start of stream ``stream_number`` of ``seed``; both are integers >= 0.

    Seed and number each pass through SplitMix64 before they meet, so neighbouring seeds and
    numbers give unrelated streams.
    """
    _, mixed = splitmix64(seed & _MASK)
    state = (mixed + splitmix64(stream_number & _MASK)[1] * 0x9E3779B97F4A7C15) & _MASK
    for i in range(4):
        state, drawn = splitmix64(state)
        stream.state[i] = drawn
    stream.spare = 0.0
    stream.has_spare = False


@compiled
def _add(a, b):
    """a + b modulo 2^64, in halves: plain NumPy would warn of the overflow that is meant."""
    low = (a & _LOW) + (b & _LOW)
    high = (a >> _S32) + (b >> _S32) + (low >> _S32)
    return (high << _S32) | (low & _LOW)


@compiled
def next_bits(stream):
    """Next 64 random bits (uint64)."""
    s = stream.state
    s0 = s[0]
    s1 = s[1]
    s2 = s[2] ^ s0
    s3 = s[3] ^ s1
    total = _add(s0, s[3])
    result = _add((total << _S23) | (total >> _S41), s0)
    s[0] = s0 ^ s3
    s[2] = s2 ^ (s1 << _S17)
    s[1] = s1 ^ s2
    s[3] = (s3 << _S45) | (s3 >> _S19)
    return result


@compiled
def uniform(stream):
    """Uniform number in [0, 1), a multiple of 2^-53."""
    return np.int64(next_bits(stream) >> _S11) * _ULP


@compiled
def normal(stream):
    """Normal number of mean 0 and variance 1."""
    if stream.has_spare:
        stream.has_spare = False
        return stream.spare
    u = 0.0
    v = 0.0
    r2 = 0.0
    while r2 >= 1.0 or r2 == 0.0:
        u = 2.0 * uniform(stream) - 1.0
        v = 2.0 * uniform(stream) - 1.0
        r2 = u * u + v * v
    scale = math.sqrt(-2.0 * math.log(r2) / r2)
    stream.spare = v * scale
    stream.has_spare = True
    return u * scale
