"""HEARTBEAT: its beat by wall time, and what does not wait for it."""

from longwatch.autopilot.codes import MODE_ALTITUDE
from longwatch.mavlink.dialect import mavlink
from services.harness import OTHER, STATION, Bench


def beats(bench, link=...):
    return [m for m in bench.of("HEARTBEAT", link=link)
            if m.autopilot != mavlink.MAV_AUTOPILOT_INVALID]


def test_one_a_second_of_wall_time_while_simulated_time_stands():
    bench = Bench()
    bench.poll(0.1)
    bench.clear()
    bench.poll(10.0)
    assert len(beats(bench)) == 10


def test_a_new_link_is_greeted_at_once_and_alone():
    bench = Bench()
    bench.craft.links = lambda: (STATION.link,)
    bench.poll(0.1)
    bench.clear()
    bench.craft.links = lambda: (STATION.link, OTHER.link)
    bench.poll(0.04)
    assert len(beats(bench, link=OTHER.link)) == 1
    assert beats(bench, link=STATION.link) == []


def test_a_change_of_mode_does_not_wait_for_the_next_beat():
    bench = Bench()
    bench.poll(0.3)
    bench.clear()
    bench.simulation.order("arm")
    bench.simulation.state.autopilot.crew.mode = MODE_ALTITUDE
    bench.poll(0.04)
    told = beats(bench)
    assert len(told) == 1
    assert told[0].base_mode & mavlink.MAV_MODE_FLAG_SAFETY_ARMED
    assert told[0].custom_mode == bench.craft.profile.shown(MODE_ALTITUDE).custom_mode
