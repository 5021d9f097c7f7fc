"""Sessions of a hostile client with an aircraft, drawn by Hypothesis; for longer ``make fuzz``."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fuzz.choices import FromHypothesis
from fuzz.world import STATES, World
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import encode

# A plain Python aircraft takes seconds for what a compiled one does in milliseconds.
pytestmark = pytest.mark.compiled_only
SAME = settings(max_examples=30, deadline=None, derandomize=True, database=None,
                phases=(Phase.generate,))


@SAME
@given(st.data(), st.sampled_from(["px4", "ardupilot", "generic"]), st.sampled_from(STATES))
def test_any_session(data, profile, state):
    """Whatever a client does: no service fails, others are served, the journal tells it all."""
    choices, world = FromHypothesis(data), World(profile, state)
    for _ in range(data.draw(st.integers(1, 25))):
        world.do(world.traffic.action(choices))
    world.check()


@SAME
@given(st.data(), st.sampled_from(STATES))
def test_what_is_not_for_it_changes_nothing(data, state):
    """Messages for another aircraft, or with a wrong checksum, give no order."""
    choices, world = FromHypothesis(data), World("px4", state)
    kinds = [kind for kind in mavlink.mavlink_map.values()
             if "target_system" in kind.fieldnames and kind.msgname != "PING"]
    for _ in range(data.draw(st.integers(1, 25))):
        message = world.traffic.message(choices, kinds)
        if data.draw(st.booleans()):
            message.target_system = data.draw(st.integers(2, 255))
            world.hostile.send(message)
        else:
            raw = encode(message, 255, 190)
            world.hostile.send_raw(raw[:-1] + bytes([raw[-1] ^ data.draw(st.integers(1, 255))]))
    world.check()
    assert {order.name for order in world.orders} <= {"link"}
