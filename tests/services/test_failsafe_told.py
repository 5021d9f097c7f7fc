"""What a failsafe does is told to every station, in words and by the heartbeat."""

import pytest

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.mavlink.dialect import mavlink
from services.harness import Bench, live


@pytest.fixture
def bench():
    return Bench(simulation=live())


@pytest.mark.parametrize(("acting", "state"), [
    (False, mavlink.MAV_STATE_ACTIVE), (True, mavlink.MAV_STATE_CRITICAL)])
def test_the_heartbeat_is_critical_while_a_failsafe_flies(bench, acting, state):
    autopilot = bench.simulation.state.autopilot
    autopilot.estimate.aligned, autopilot.crew.armed = True, True
    autopilot.failsafe.acting = acting
    bench.poll(2.0)
    assert {beat.system_status for beat in bench.of("HEARTBEAT", component=1)} == {state}


def test_condition_action_and_end_are_said(bench):
    ring = bench.simulation.state.events
    bench.poll(1.0)
    bench.clear()
    number = 4 * failsafes.FUEL + failsafes.LOW
    events.note(ring, 10.0, events.CONDITION, number, 0.0)
    events.note(ring, 10.0, events.FAILSAFE, number, codes.ACTION_RETURN)
    events.note(ring, 20.0, events.CONDITION, 4 * failsafes.FUEL, 0.0)
    events.note(ring, 20.0, events.FAILSAFE, 0, codes.ACTION_NONE)
    bench.poll(1.0)
    said = [(m.text, m.severity) for m in bench.of("STATUSTEXT")]
    assert said == [("fuel low", mavlink.MAV_SEVERITY_NOTICE),
                    ("failsafe: fuel low: return", mavlink.MAV_SEVERITY_CRITICAL),
                    ("fuel enough again", mavlink.MAV_SEVERITY_NOTICE),
                    ("failsafe over", mavlink.MAV_SEVERITY_NOTICE)]
