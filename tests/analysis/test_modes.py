"""Modes against the textbook's approximations, an independent matrix, and the standard's tables."""

import importlib.util
import math
import sys
from pathlib import Path

import numpy as np
import pytest

import longwatch as lw
from longwatch.analysis import flying_qualities as fq
from longwatch.analysis.equivalent import FREQUENCIES, match_pitch, match_roll
from longwatch.analysis.loops import Loops
from longwatch.analysis.mode import Mode, judge
from longwatch.analysis.model import PERIOD
from longwatch.errors import SetupError

STUDIES = Path(__file__).resolve().parents[2] / "studies"
G = 9.80665


@pytest.fixture(scope="module")
def found(level):
    return lw.modes(level)


def test_a_steady_flight_is_not_trimmed_anew(level):
    with pytest.raises(SetupError, match="and calibrated_airspeed, bank besides"):
        lw.modes(level, calibrated_airspeed=40.0, bank=0.2)


def named(modes, name):
    return next(mode for mode in modes if mode.name == name)


def element(linear, row, column):
    return linear.A[linear.states.index(row), linear.states.index(column)]


@pytest.mark.compiled_only
def test_approximations_of_etkin_and_reid(level, small, found):
    """Dynamics of Flight, 1996, eqs 6.3-4 (phugoid, Lanchester), 6.3-10, 6.8-5, 6.8-11, 6.8-14."""
    def a(row, column):
        return element(small, row, column)

    speed = level.true_airspeed
    phugoid = named(found.bare, "phugoid")
    assert phugoid.frequency == pytest.approx(math.sqrt(2.0) * G / speed, rel=0.12)
    fast = named(found.bare, "short period")
    square = a("w", "w") * a("q", "q") - a("w", "q") * a("q", "w")
    assert fast.frequency == pytest.approx(math.sqrt(square), rel=0.02)
    assert fast.damping == pytest.approx(
        -(a("w", "w") + a("q", "q")) / (2 * math.sqrt(square)), rel=0.03)
    roll = named(found.bare, "roll")
    assert roll.time_constant == pytest.approx(-1.0 / a("p", "p"), rel=0.1)
    swing = named(found.bare, "Dutch roll")
    square = a("v", "v") * a("r", "r") - a("v", "r") * a("r", "v")
    assert swing.frequency == pytest.approx(math.sqrt(square), rel=0.3)
    # The product of the roots is the determinant: the spiral from the other three.
    matrix, _ = small.part(("v", "p", "r", "roll"))
    spiral = np.linalg.det(matrix) / (roll.roots[0].real * swing.frequency**2)
    assert named(found.bare, "spiral").growth == pytest.approx(spiral, rel=0.02)


@pytest.fixture(scope="module")
def study():
    """studies/flying_qualities.py: its own matrices from the datasheet, nothing of the package."""
    sys.path.insert(0, str(STUDIES))
    try:
        spec = importlib.util.spec_from_file_location("study", STUDIES / "flying_qualities.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(STUDIES))
    return module


@pytest.mark.compiled_only
@pytest.mark.parametrize(("speed", "payload", "fuel"), [
    (36.0, 150.0, 216.0), (30.0, 0.0, 60.0), (55.0, 100.0, 100.0)])
def test_an_independent_matrix_has_the_same_modes(tb2, study, speed, payload, fuel):
    alone = study.modes(payload, fuel, speed, 1.225)
    found = lw.modes(tb2, true_airspeed=speed, payload_kg=payload, fuel_kg=fuel)
    swing, fast = named(found.bare, "Dutch roll"), named(found.bare, "short period")
    assert swing.frequency == pytest.approx(alone["dutch_roll_frequency"], rel=0.03)
    assert swing.damping == pytest.approx(alone["dutch_roll_damping"], rel=0.04)
    assert named(found.bare, "roll").time_constant == pytest.approx(alone["roll_time"], rel=0.02)
    assert named(found.bare, "spiral").growth == pytest.approx(
        math.log(2.0) / alone["spiral_doubling"], rel=0.09)
    # The study leaves out the centre of gravity's height, the thrust line, the product of inertia
    # and how the propeller's efficiency changes with speed.
    assert fast.frequency == pytest.approx(alone["short_period_frequency"], rel=0.2)
    assert fast.damping == pytest.approx(alone["short_period_damping"], rel=0.2)
    assert named(found.bare, "phugoid").damping == pytest.approx(alone["phugoid_damping"],
                                                                abs=0.05)


@pytest.mark.compiled_only
def test_every_mode_is_found_once(found):
    assert sorted(mode.name for mode in found.bare) == [
        "Dutch roll", "height", "phugoid", "roll", "short period", "spiral"]
    for modes in (found.bare, found.inner_loops):
        for mode in modes:
            assert mode.name in ("height", "least damped") or mode.level in (1, 2, 3)
    with pytest.raises(SetupError, match="category 'A'"):
        lw.modes("tb2", category="A", calibrated_airspeed=36.0)


@pytest.mark.compiled_only
def test_steady_flight_stays_with_the_loops_engaged(level):
    loops = Loops(level)
    here = loops.get(loops.base)
    there = here
    for _ in range(100):
        there = loops.fly(there)
    assert there == pytest.approx(here, abs=1e-4)


@pytest.mark.compiled_only
def test_inner_loops_flown_decay_as_their_roots(level):
    """A sideslip dies out at the rate of the slowest lateral root, flown by the real code."""
    loops = Loops(level)
    jacobian = loops.jacobian()
    here = loops.get(loops.base)
    change = np.zeros(len(loops.names))
    change[loops.names.index("v")] = 0.2
    change[loops.names.index("roll")] = 0.01
    flown, linear = here + change, change
    for _ in range(round(4.0 / PERIOD)):
        flown, linear = loops.fly(flown), jacobian @ linear
        for name in ("v", "roll"):
            i = loops.names.index(name)
            assert flown[i] - here[i] == pytest.approx(linear[i], abs=0.02 * change[i])


@pytest.mark.compiled_only
def test_inner_loops_are_level_1_in_cruise(found):
    """And bare it is not: phugoid and spiral take a pilot's attention."""
    assert {mode.name: mode.level for mode in found.inner_loops} == {
        "short period": 1, "phugoid": 1, "Dutch roll": 1, "roll": 1, "spiral": 1,
        "least damped": None}
    assert named(found.bare, "phugoid").level == 2


def test_equivalent_systems_find_what_was_put_in():
    s = 1j * FREQUENCIES
    pitch = 3.0 * (s + 1.5) * np.exp(-0.08 * s) / (s * s + 2 * 0.6 * 4.0 * s + 16.0)
    found = match_pitch(pitch, 1.5)
    assert (found.frequency, found.damping, found.delay) == pytest.approx((4.0, 0.6, 0.08))
    roll = match_roll(0.9 * np.exp(-0.05 * s) / (0.3 * s + 1.0))
    assert (roll.time_constant, roll.delay) == pytest.approx((0.3, 0.05), rel=1e-4)
    assert found.mismatch + roll.mismatch < 1e-6


@pytest.mark.parametrize(("criteria", "levels"), [
    # MIL-F-8785C: the bounds themselves and just beyond, Class I in B and C, II-L in C.
    (fq.short_period(0.30, 2.0, 5.0, 1, "B"), (1, 1)),
    (fq.short_period(0.29, 2.0, 5.0, 1, "B"), (2, 1)),
    (fq.short_period(0.19, 0.45, 5.0, 1, "B"), (3, 2)),
    (fq.short_period(1.31, 0.8, 2.6, 1, "C"), (2, 1, 2, 2)),
    (fq.short_period(1.31, 0.8, 2.6, 2, "C"), (2, 1, 1, 1)),
    (fq.phugoid(0.04, math.inf), (1,)), (fq.phugoid(0.039, math.inf), (2,)),
    (fq.phugoid(-0.01, 55.0), (3,)), (fq.phugoid(-0.01, 54.0), (4,)),
    (fq.dutch_roll(0.08, 2.0, 1.0, 1, "B"), (1, 1, 1)),
    (fq.dutch_roll(0.15, 0.9, 1.0, 1, "C"), (1, 2, 2)),
    (fq.dutch_roll(0.15, 0.9, 1.0, 2, "C"), (1, 1, 1)),
    (fq.dutch_roll(0.1, 6.0, 1.0, 1, "B"), (1, 1, 1)),
    (fq.dutch_roll(0.05, 6.0, 1.0, 1, "B"), (2, 2, 1)),
    (fq.dutch_roll(-0.01, 0.3, 1.0, 1, "B"), (4, 4, 4)),
    (fq.roll(1.4, 1, "B"), (1,)), (fq.roll(1.2, 1, "C"), (2,)), (fq.roll(1.2, 2, "C"), (1,)),
    (fq.roll(11.0, 2, "B"), (4,)), (fq.roll(-3.0, 1, "B"), (4,)),
    (fq.spiral(20.0, "B"), (1,)), (fq.spiral(13.0, "B"), (2,)), (fq.spiral(13.0, "C"), (1,)),
    (fq.spiral(5.0, "C"), (3,)), (fq.spiral(3.0, "C"), (4,)), (fq.spiral(math.inf, "B"), (1,)),
    (fq.roll_spiral(0.5, 1.0), (1,)), (fq.roll_spiral(0.4, 1.0), (2,)),
    (fq.divergence(math.inf), (1,)), (fq.divergence(7.0), (3,)), (fq.divergence(5.0), (4,)),
    ((fq.delay(0.10),), (1,)), ((fq.delay(0.12),), (2,)), ((fq.delay(0.3),), (4,)),
])
def test_levels_of_the_standard(criteria, levels):
    assert tuple(criterion.level for criterion in criteria) == levels


def test_what_does_not_swing_is_judged_too():
    apart = judge(Mode("phugoid", (complex(-0.2), complex(0.05))), 5.0, 1.0, 1, "B")
    assert apart.level == 3
    assert math.isnan(apart.frequency)
    slow = judge(Mode("short period", (complex(-1.0), complex(-3.0))), 5.0, 1.0, 1, "B")
    assert slow.damping == pytest.approx(2.0 / math.sqrt(3.0))
    joined = judge(Mode("roll-spiral", (-0.6 + 0.5j, -0.6 - 0.5j)), 5.0, 1.0, 1, "B")
    assert joined.level == 1
