"""Any bytes at all, drawn by Hypothesis; for longer by ``make fuzz``."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.bytes_in import check_bytes, check_routing, mended
from fuzz.choices import FromHypothesis
from fuzz.traffic import Traffic

TRAFFIC = Traffic({"HEARTBEAT", "COMMAND_LONG", "PARAM_SET", "MISSION_ITEM_INT", "SETUP_SIGNING"},
                  [176, 400])
# The same inputs at every run: a failure in CI is one that can be repeated.
SAME = settings(max_examples=150, deadline=None, derandomize=True, database=None)


@st.composite
def streams(draw):
    """Frames, cut and mutated ones, and bytes between them."""
    choices, parts = FromHypothesis(draw(st.data())), []
    for _ in range(draw(st.integers(0, 8))):
        name, argument = TRAFFIC.action(choices)
        if name in ("send", "other"):
            parts.append(argument)
    return b"".join(parts)


@SAME
@given(st.binary(max_size=1500), st.integers(1, 400))
def test_raw_bytes(data, chunk):
    check_bytes(data, chunk)
    check_bytes(mended(data), chunk)
    check_routing(mended(data), chunk)


@SAME
@given(streams(), st.integers(1, 400))
def test_frames_cut_doubled_and_mutated(data, chunk):
    check_bytes(data, chunk)
    check_routing(data, chunk)
