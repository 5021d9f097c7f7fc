"""Whatever numbers come: one acknowledgement each, no service fails, nothing but orders changes."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longwatch.mavlink.dialect import mavlink
from services.harness import Bench, Recorded, live

NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, -1.0, -2.0, 0.5, 3.0, 15.0, 21196.0, 255.0, 1e9, -1e9, math.nan,
                     math.inf, -math.inf, 1e-40, 3.4e38]),
    st.floats(width=32))
INTEGERS = st.one_of(st.sampled_from([0, 0x7FFFFFFF, -0x80000000, 412000000, 281000000]),
                     st.integers(-0x80000000, 0x7FFFFFFF))


@pytest.fixture(scope="module")
def bench():
    return Bench(simulation=Recorded(live()))


# Which of the aircraft's commands, by its place in their order.
CHOICE = st.integers(0, 999)


def chosen(bench, choice):
    commands = sorted(bench.component.by_command)
    return commands[choice % len(commands)]


def acknowledgements(bench, number):
    return [m for m in bench.of("COMMAND_ACK") if m.command == number]


@settings(max_examples=300, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHOICE, st.lists(NUMBERS, min_size=7, max_size=7),
       st.integers(0, 255))
def test_any_long(bench, choice, parameters, confirmation):
    bench.clear()
    number = chosen(bench, choice)
    bench.receive(mavlink.MAVLink_command_long_message(1, 1, number, confirmation, *parameters))
    assert len(acknowledgements(bench, number)) == 1
    assert bench.component.faults == 0


@settings(max_examples=300, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHOICE, st.lists(NUMBERS, min_size=5, max_size=5), INTEGERS, INTEGERS,
       st.integers(0, 255))
def test_any_int(bench, choice, parameters, x, y, frame):
    bench.clear()
    number = chosen(bench, choice)
    bench.receive(mavlink.MAVLink_command_int_message(
        1, 1, frame, number, 0, 0, *parameters[:4], x, y, parameters[4]))
    assert len(acknowledgements(bench, number)) == 1
    assert bench.component.faults == 0


def test_every_order_that_came_of_it_had_finite_numbers(bench):
    for _, arguments in bench.simulation.orders:
        for value in arguments.values():
            assert value is None or isinstance(value, str) or math.isfinite(value)


@settings(max_examples=100, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 255), st.integers(0, 2**32 - 1), st.integers(0, 255))
def test_any_mode(bench, base, custom, system):
    bench.receive(mavlink.MAVLink_set_mode_message(system, base, custom))
    assert bench.component.faults == 0
