"""Every fault by what it does; wind and turbulence at run time; the same orders, the same bytes."""

import math

import numpy as np
import pytest

from longwatch.errors import OrderError
from longwatch.simulation.fault_effects import SERVOS
from longwatch.simulation.orders import faults


@pytest.fixture
def aloft(start):
    """A run of the circuit some minutes after take-off."""

    def build(seconds=150.0, **options):
        sim = start(**{"turbulence": "none", **options})
        sim.step(seconds)
        return sim

    return build


def test_every_fault_says_what_it_takes_does_and_shows():
    rows = list(faults.table())
    assert [row[0] for row in rows] == list(faults.FAULTS)
    assert all(meaning and seen for _, _, meaning, seen in rows)


@pytest.mark.parametrize(("name", "arguments", "complaint"), [
    ("warp", {}, "choose one of engine"),
    ("gnss", {"channel": 3}, "whole number from 0 to 2"),
    ("gnss", {"channel": True}, "whole number from 0 to 2"),
    ("gnss", {"receiver": 1}, "it takes channel"),
    ("imu", {}, "channel: give one"),
    ("engine", {"index": 1}, "one engine, number 0"),
    ("fuel_leak", {}, "rate: give one"),
    ("fuel_leak", {"rate": math.nan}, "from 0 to 1"),
    ("servo", {"servo": "flap"}, "choose one of aileron_left"),
    ("servo", {"servo": "aileron_left", "position": 1.5}, "moves from"),
    ("link", {"link": 99}, "from 0 to 61"),
])
def test_what_is_wrong_is_refused_and_changes_nothing(start, name, arguments, complaint):
    sim = start()
    before = sim.state.tobytes()
    with pytest.raises(OrderError, match=complaint):
        faults.begin(sim, name, **arguments)
    assert sim.state.tobytes() == before


@pytest.mark.parametrize("name", ["gnss", "air_data", "magnetometer", "altimeter"])
def test_a_channel_falls_silent_and_speaks_again(start, name):
    sim = start()
    sim.step(0.2)
    faults.begin(sim, name, channel=1)
    sim.step(0.2)
    assert [bool(c.valid) for c in sim.state.sensors[name]] == [True, False, True]
    assert faults.in_force(sim) == [{"name": name, "channel": 1}]
    faults.end(sim, name)
    sim.step(0.2)
    assert all(bool(c.valid) for c in sim.state.sensors[name])
    assert faults.in_force(sim) == []
    assert not sim.state.faults.in_force


def test_a_receiver_without_a_fix_gives_no_position_away(start):
    sim = start()
    sim.step(0.5)
    counted = [int(c.count) for c in sim.state.sensors.gnss]
    faults.begin(sim, "gnss", channel=0)
    sim.step(1.0)
    lost, held = sim.state.sensors.gnss[0], sim.state.sensors.gnss[1]
    assert (int(lost.count), int(held.count)) == (counted[0], counted[1] + 10)
    assert lost.latitude == lost.longitude == lost.velocity_north == 0.0


def test_the_last_inertial_unit_cannot_be_taken(start):
    sim = start()
    faults.begin(sim, "imu", channel=0)
    faults.begin(sim, "imu", channel=2)
    with pytest.raises(OrderError, match="one must be left"):
        faults.begin(sim, "imu", channel=1)
    sim.step(0.1)
    assert [bool(c.valid) for c in sim.state.sensors.imu] == [False, True, False]


@pytest.mark.compiled_only
def test_a_blocked_pitot_reads_its_shut_up_pressure_less_the_static(aloft):
    sim = aloft()
    shut = [float(c.impact_pressure + c.static_pressure) for c in sim.state.sensors.air_data]
    faults.begin(sim, "pitot", channel=2)
    sim.step(30.0)
    blocked, free = sim.state.sensors.air_data[2], sim.state.sensors.air_data[0]
    assert blocked.static_pressure == free.static_pressure
    assert blocked.impact_pressure == pytest.approx(shut[2] - float(free.static_pressure))
    # Outvoted: the airspeed believed is that of the others.
    speed = float(sim.state.autopilot.estimate.air.calibrated_airspeed)
    assert speed == pytest.approx(float(sim.state.flight.calibrated_airspeed), abs=0.3)


@pytest.mark.compiled_only
def test_a_blocked_static_port_keeps_its_pressure_and_spoils_the_airspeed(aloft):
    sim = aloft()
    held = float(sim.state.sensors.air_data[0].static_pressure)
    faults.begin(sim, "static", channel=0)
    sim.step(20.0)
    blocked, free = sim.state.sensors.air_data[0], sim.state.sensors.air_data[1]
    assert float(blocked.static_pressure) == held
    total = float(free.impact_pressure + free.static_pressure)
    assert float(blocked.impact_pressure) == pytest.approx(total - held)


@pytest.mark.compiled_only
@pytest.mark.parametrize("name", ["pitot", "static", "air_data", "magnetometer", "altimeter"])
def test_it_lands_with_every_channel_of_one_kind_gone(aloft, name):
    sim = aloft(60.0, turbulence="light", wind="6@300")
    faults.begin(sim, name)
    sim.step(3000.0)
    assert sim.outcome == "landed"
    assert not sim.state.status.off_pavement
    assert float(sim.state.status.touchdown_sink) < 3.05


@pytest.mark.compiled_only
def test_airspeed_by_lift_is_near_the_true_one(aloft):
    sim, rows = aloft(60.0), []
    faults.begin(sim, "pitot")
    sim.step(450.0, lambda taken: rows.append(taken[["flight", "autopilot"]].copy()), 2.0)
    flown = np.concatenate(rows)
    estimate = flown["autopilot"]["estimate"]
    by_lift = estimate["air"]["doubted"]
    assert by_lift.sum() > 100
    off = (estimate["air"]["calibrated_airspeed"] - flown["flight"]["calibrated_airspeed"])[by_lift]
    assert np.median(np.abs(off)) < 1.5


@pytest.mark.compiled_only
def test_fuel_leaks_at_its_rate_beside_what_the_engine_burns(aloft):
    sim, tight = aloft(), aloft()
    faults.begin(sim, "fuel_leak", rate=0.05)
    before = float(sim.state.mass.fuel_mass)
    sim.step(20.0)
    tight.step(20.0)
    burnt = before - float(tight.state.mass.fuel_mass)
    assert before - float(sim.state.mass.fuel_mass) == pytest.approx(burnt + 1.0, abs=0.01)
    faults.end(sim, "fuel_leak")
    assert faults.in_force(sim) == []


def test_a_stuck_servo_stays_and_the_others_move(start):
    sim = start()
    sim.step(0.1)
    faults.begin(sim, "servo", servo="ruddervator_left", position=0.1)
    sim.state.commands.elevator = -0.2
    sim.step(0.3)
    assert float(sim.state.actuators.ruddervator_left) == 0.1
    assert float(sim.state.actuators.ruddervator_right) != 0.1
    faults.end(sim, "servo", servo="ruddervator_left")
    sim.step(0.5)
    assert float(sim.state.actuators.ruddervator_left) != 0.1


@pytest.mark.compiled_only
@pytest.mark.parametrize("servo", SERVOS[:4])
def test_it_flies_on_with_one_surface_stuck_where_it_stood(aloft, servo):
    sim = aloft(200.0, turbulence="light")
    faults.begin(sim, "servo", servo=servo)
    sim.step(60.0)
    assert sim.outcome == "flying"
    assert abs(float(sim.state.flight.roll)) < 0.7
    assert float(sim.state.flight.calibrated_airspeed) > 25.0


@pytest.mark.compiled_only
def test_an_engine_stops_and_runs_again(aloft):
    sim = aloft(200.0)
    faults.begin(sim, "engine")
    sim.step(20.0)
    assert not sim.state.engines[0].running
    assert sim.state.flight.vertical_speed < -1.0
    faults.end(sim, "engine")
    sim.step(30.0)
    assert sim.state.engines[0].running
    assert float(sim.state.engines[0].power) > 1000.0
    sim.step(1500.0)
    assert sim.outcome == "landed"
    assert not sim.state.status.off_pavement


def test_an_empty_tank_restarts_nothing(start):
    sim = start()
    faults.begin(sim, "engine")
    sim.state.mass.fuel_mass = 0.0
    with pytest.raises(OrderError, match="tanks are empty"):
        faults.end(sim, "engine")


def test_links_are_cut_one_by_one_or_all(start):
    sim = start()
    faults.begin(sim, "link", link=1)
    assert [faults.link_is_cut(sim.state, i) for i in range(3)] == [False, True, False]
    faults.begin(sim, "link")
    assert faults.in_force(sim) == [{"name": "link", "link": None}]
    faults.end(sim, "link", link=0)
    assert [faults.link_is_cut(sim.state, i) for i in range(3)] == [False, True, True]


# ------------------------------------------------------------------------ wind and turbulence


@pytest.mark.compiled_only
def test_wind_turns_evenly_to_the_new_one_with_its_profile(aloft):
    sim, shared = aloft(wind="6@270"), aloft(wind="6@270")
    world = sim.world.wind.copy()
    profile = (min(float(sim.state.flight.height_above_ground), 600.0) / 10.0) ** (1 / 7)
    faults.set_wind(sim, 10.0, math.pi, 10.0)
    sim.step(5.0)
    # Half way from 6 m/s towards east to 10 m/s towards north.
    assert float(sim.state.air.wind_north) == pytest.approx(5.0 * profile, rel=0.02)
    assert float(sim.state.air.wind_east) == pytest.approx(3.0 * profile, rel=0.02)
    sim.step(6.0)
    profile = (min(float(sim.state.flight.height_above_ground), 600.0) / 10.0) ** (1 / 7)
    assert float(sim.state.air.wind_north) == pytest.approx(10.0 * profile, rel=0.02)
    assert float(sim.state.air.wind_east) == pytest.approx(0.0, abs=1e-9)
    assert sim.world.wind.tobytes() == world.tobytes()
    shared.step(11.0)
    assert float(shared.state.air.wind_north) == pytest.approx(0.0, abs=1e-9)
    faults.set_wind(sim, None, None, 0.0)
    sim.step(1.0)
    assert float(sim.state.air.wind_north) == pytest.approx(0.0, abs=1e-9)
    assert float(sim.state.air.wind_east) == pytest.approx(6.0 * profile, rel=0.02)


@pytest.mark.parametrize(("arguments", "complaint"), [
    ((61.0, 0.0), "speed 61"), ((-1.0, 0.0), "speed"), ((5.0, None), "or neither"),
    ((5.0, 9.0), "direction"), ((5.0, 1.0, -1.0), "over"), ((math.inf, 1.0), "speed"),
])
def test_wind_out_of_range_is_refused(start, arguments, complaint):
    sim = start()
    before = sim.state.tobytes()
    with pytest.raises(OrderError, match=complaint):
        faults.set_wind(sim, *arguments)
    assert sim.state.tobytes() == before


@pytest.mark.compiled_only
def test_turbulence_comes_and_goes(aloft):
    sim, gusts = aloft(), []

    def keep(rows):
        gusts.append(rows["turbulence"]["velocity_body"][:, 2].copy())

    sim.step(5.0, keep)
    assert np.all(np.concatenate(gusts) == 0.0)
    faults.set_turbulence(sim, "moderate", 5.0)
    sim.step(5.0)
    gusts.clear()
    sim.step(180.0, keep)
    height = float(sim.state.flight.height_above_ground)
    # Below 1000 ft a tenth of W20 (30 kt), above 2000 ft figure 7's 7 to 11 ft/s.
    assert height > 150.0
    assert 0.8 < np.std(np.concatenate(gusts)) < 4.5
    faults.set_turbulence(sim, "none", 5.0)
    sim.step(6.0)
    assert np.all(sim.state.turbulence.velocity_body == 0.0)
    with pytest.raises(OrderError, match="choose one of none"):
        faults.set_turbulence(sim, "wild")


@pytest.mark.compiled_only
def test_the_same_orders_at_the_same_ticks_make_the_same_bytes(start):
    def flown():
        sim = start(turbulence="light")
        sim.step(90.0)
        faults.set_wind(sim, 8.0, 1.0)
        faults.begin(sim, "gnss")
        sim.step(20.0)
        faults.set_turbulence(sim, "severe")
        faults.begin(sim, "pitot")
        sim.step(15.0)
        snapshot = sim.snapshot()
        sim.step(20.0)
        return sim, snapshot

    (first, _), (second, snapshot) = flown(), flown()
    assert first.state.tobytes() == second.state.tobytes()
    # The record holds all of it: a snapshot carries the changed wind, too.
    other = start(turbulence="light")
    other.restore(snapshot)
    other.step(20.0)
    assert other.state.tobytes() == first.state.tobytes()


