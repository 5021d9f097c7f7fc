"""Flown by orders: each scenario against geometry or a closed form, in simulated time."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.codes import (
    MODE_CRUISE,
    MODE_GLIDE,
    MODE_GUIDED,
    MODE_HOLD,
    MODE_LAND,
    MODE_MISSION,
    MODE_ORBIT,
    MODE_RETURN,
    PHASE_APPROACH,
    PHASE_CLIMB_OUT,
    PHASE_FINAL,
    PHASE_FLARING,
    PHASE_GO_AROUND,
    PHASE_HOLDING,
    PHASE_PARKED,
)
from longwatch.environment.runways import known_runways
from longwatch.errors import OrderError
from longwatch.simulation.run import Simulation
from system.live_flight import (
    START_ALTITUDE,
    away,
    beyond,
    climb,
    events,
    item,
    mode,
    parked,
    phase,
    position,
    turned,
    upload,
)

CIRCUIT = Path(__file__).resolve().parents[1] / "missions" / "circuit.plan"

pytestmark = pytest.mark.compiled_only


@pytest.fixture(scope="module")
def aloft():
    """A run that holds at 1 200 m over its runway: its record."""
    return climb(parked()).vehicles.copy()


@pytest.fixture
def sim(aloft):
    """An aircraft aloft, each test its own."""
    fresh = parked()
    fresh.vehicles[:] = aloft
    return fresh


def refused(sim, *order, **arguments):
    """The reason for which an order is refused; nothing may have changed."""
    before = sim.vehicles.tobytes()
    with pytest.raises(OrderError) as caught:
        sim.order(*order, **arguments)
    assert sim.vehicles.tobytes() == before
    return str(caught.value)


# ------------------------------------------------------------------- on the ground and back


def test_it_stands_parked_and_disarmed_until_it_is_told():
    sim = parked()
    sim.step(60.0)
    assert phase(sim) == PHASE_PARKED and not sim.state.autopilot.crew.armed
    assert sim.outcome == "flying" and sim.state.flight.ground_speed < 0.05
    sim.order("arm")
    sim.step(30.0)
    assert phase(sim) == PHASE_PARKED and sim.state.flight.ground_speed < 0.05


def test_a_fleet_of_orders_is_told_with_its_tick_and_its_sender():
    sim, kept = parked(), []
    sim.on_order = kept.append
    sim.order("arm", "somebody")
    refused(sim, "go_to", latitude=0.7, longitude=0.4)
    assert [(o.tick, o.sender, o.name, o.arguments) for o in kept] == [(300, "somebody", "arm", {})]


def test_from_the_brakes_to_the_brakes_again_twice_without_an_end():
    sim = parked()
    for _ in range(2):
        sim.order("arm")
        sim.order("take_off", altitude_msl=450.0)
        sim.step(150.0)
        assert mode(sim) == MODE_HOLD and abs(sim.state.flight.altitude_msl - 450.0) < 15.0
        sim.order("land")
        sim.step(900.0)
        assert sim.outcome == "flying" and phase(sim) == PHASE_PARKED
        assert not sim.state.autopilot.crew.armed and sim.state.flight.ground_speed < 0.05
        landed = events(sim, "touchdown")[-1]["time"]
        stopped = [e["time"] for e in events(sim, "phase") if e["message"] == "stopped"][-1]
        disarmed = events(sim, "disarmed")[-1]["time"]
        assert landed < stopped < disarmed == pytest.approx(stopped + 3.0, abs=0.06)
        sim.order("reset")
        sim.step(3.0)
        assert phase(sim) == PHASE_PARKED and sim.state.flight.height_above_ground < 3.0
    assert len(events(sim, "touchdown")) == 2


def test_a_landing_that_leaves_runway_enough_takes_off_again_from_there():
    sim = parked()
    sim.order("arm")
    sim.order("take_off")
    sim.step(120.0)
    sim.order("land")
    sim.step(800.0)
    assert phase(sim) == PHASE_PARKED
    sim.order("arm")
    sim.order("take_off")
    sim.step(60.0)
    assert phase(sim) in (PHASE_CLIMB_OUT, PHASE_HOLDING)


def test_mid_air_disarm_is_refused_and_by_force_it_glides_home(sim):
    assert "it flies" in refused(sim, "disarm")
    sim.order("disarm", force=True)
    sim.step(5.0)
    assert not sim.state.autopilot.crew.armed and not sim.state.engines[0].running
    assert mode(sim) == MODE_GLIDE and sim.state.flight.vertical_speed < -0.5
    assert "no engine" in refused(sim, "mode", mode="hold")
    sim.order("arm")
    sim.step(5.0)
    assert sim.state.engines[0].running and mode(sim) == MODE_HOLD
    assert phase(sim) == PHASE_HOLDING
    sim.step(120.0)
    assert abs(sim.state.flight.altitude_msl - START_ALTITUDE) < 150.0


def test_one_that_is_lost_stays_lost_and_its_clock_goes_on_until_it_is_reset(sim):
    sim.state.status.outcome = 2
    before = sim.time
    sim.step(10.0)
    assert sim.time == pytest.approx(before + 10.0) and sim.outcome == "lost"
    assert "reset" in refused(sim, "arm")
    sim.order("reset")
    sim.step(5.0)
    assert sim.outcome == "flying" and phase(sim) == PHASE_PARKED
    assert sim.state.mass.fuel_mass == pytest.approx(150.0, abs=0.1)
    assert sim.time == pytest.approx(before + 15.0)


# ------------------------------------------------------------------------- hold, guided, orbit


def test_hold_circles_where_it_is_on_a_circle_that_touches_the_course(sim):
    sim.order("course", course=math.radians(70.0))
    sim.step(120.0)
    sim.order("mode", mode="hold")
    crew = sim.state.autopilot.crew
    centre = (float(crew.target_latitude), float(crew.target_longitude))
    radius = abs(float(crew.radius))
    assert radius == pytest.approx(800.0)
    # The circle lies to the right, touching the course 2 s ahead.
    ahead = 2.0 * float(sim.state.flight.ground_speed)
    assert away(sim, *centre) == pytest.approx(math.hypot(radius, ahead), rel=2e-3)
    sim.step(60.0)
    angle, kept = turned(sim, centre, 300.0)
    assert np.abs(kept - radius).max() < 25.0
    assert angle == pytest.approx(
        300.0 * float(sim.state.flight.ground_speed) / radius, rel=0.03)
    assert abs(sim.state.flight.altitude_msl - START_ALTITUDE) < 10.0


@pytest.mark.parametrize(("radius", "sense"), [(-700.0, -1.0), (900.0, 1.0)])
def test_reposition_flies_to_the_place_and_circles_it_as_asked(sim, radius, sense):
    place = beyond(sim, 6000.0, 300.0)
    sim.order("go_to", latitude=place[0], longitude=place[1], altitude_msl=1500.0, radius=radius)
    assert mode(sim) == MODE_GUIDED
    sim.step(420.0)
    angle, kept = turned(sim, place, 200.0)
    assert np.abs(kept - abs(radius)).max() < 25.0
    assert math.copysign(1.0, angle) == sense
    assert abs(sim.state.flight.altitude_msl - 1500.0) < 10.0


def test_a_circle_too_tight_to_fly_is_widened_to_one_that_is_held_in_wind(sim):
    sim.order("wind", speed=12.0, direction=math.radians(250.0))
    place = beyond(sim, 3000.0, 90.0)
    sim.order("go_to", latitude=place[0], longitude=place[1], radius=20.0)
    radius = abs(float(sim.state.autopilot.crew.radius))
    bank = float(sim.aircraft.datasheet[0].limits.bank_maximum)
    speed = float(sim.state.flight.true_airspeed)
    assert radius == pytest.approx(speed**2 / (9.80665 * math.tan(0.8 * bank)), rel=0.05)
    sim.order("go_to", latitude=place[0], longitude=place[1], radius=-600.0)
    sim.step(300.0)
    _, kept = turned(sim, place, 200.0)
    assert np.abs(kept - 600.0).max() < 60.0


def test_guided_change_of_altitude_keeps_the_circle(sim):
    place = beyond(sim, 3000.0, 0.0)
    sim.order("go_to", latitude=place[0], longitude=place[1])
    sim.step(240.0)
    sim.order("altitude", altitude_msl=1500.0)
    assert mode(sim) == MODE_GUIDED
    sim.step(300.0)
    _, kept = turned(sim, place, 100.0)
    assert np.abs(kept - 800.0).max() < 25.0
    assert abs(sim.state.flight.altitude_msl - 1500.0) < 5.0
    assert "ceiling" in refused(sim, "altitude", altitude_msl=15000.0)


def test_speed_changes_within_what_it_flies_and_back_to_the_standard(sim):
    standard = float(sim.state.autopilot.guidance.speed_target)
    sim.order("speed", calibrated_airspeed=42.0)
    sim.step(90.0)
    assert sim.state.flight.calibrated_airspeed == pytest.approx(42.0, abs=0.6)
    assert "flies" in refused(sim, "speed", calibrated_airspeed=15.0)
    sim.order("speed")
    sim.step(120.0)
    assert sim.state.flight.calibrated_airspeed == pytest.approx(standard, abs=0.6)


def test_orbit_takes_the_place_that_is_circled_unless_told(sim):
    place = beyond(sim, 4000.0, 180.0)
    sim.order("go_to", latitude=place[0], longitude=place[1])
    sim.step(200.0)
    sim.order("orbit", radius=-1500.0)
    assert mode(sim) == MODE_ORBIT
    sim.step(240.0)
    angle, kept = turned(sim, place, 200.0)
    assert np.abs(kept - 1500.0).max() < 25.0 and angle < 0.0


def test_a_course_is_held_over_the_ground_in_a_cross_wind(sim):
    sim.order("wind", speed=8.0, direction=math.radians(0.0), over=0.0)
    sim.order("course", course=math.radians(90.0))
    assert mode(sim) == MODE_CRUISE
    sim.step(120.0)
    assert math.degrees(sim.state.flight.track) == pytest.approx(90.0, abs=1.0)
    assert math.degrees(sim.state.flight.heading) < 84.0
    assert abs(sim.state.flight.altitude_msl - START_ALTITUDE) < 15.0


# --------------------------------------------------------------------------- sticks, offboard


def test_sticks_bank_and_climb_and_let_go_hold_course_and_altitude(sim):
    sim.order("mode", mode="cruise")
    sim.order("manual", roll=0.5, pitch=0.0, yaw=0.0)
    sim.step(15.0)
    limit = float(sim.aircraft.datasheet[0].limits.bank_maximum)
    assert 0.3 * limit < sim.state.flight.roll <= 0.55 * limit
    sim.order("manual", roll=0.0)
    sim.step(20.0)
    course, held = float(sim.state.flight.track), float(sim.state.flight.altitude_msl)
    sim.step(60.0)
    assert sim.state.flight.track == pytest.approx(course, abs=0.02)
    assert sim.state.flight.altitude_msl == pytest.approx(held, abs=10.0)
    sim.order("manual", pitch=-0.5)
    sim.step(20.0)
    assert sim.state.flight.vertical_speed == pytest.approx(
        -0.5 * 0.09 * float(sim.state.flight.true_airspeed), rel=0.25)
    sim.order("manual", pitch=0.0, throttle=1.0)
    sim.step(60.0)
    assert abs(sim.state.flight.vertical_speed) < 0.5
    assert sim.state.flight.calibrated_airspeed > 38.0


def test_a_full_stick_never_passes_the_limits(sim):
    sim.order("mode", mode="altitude")
    sheet = sim.aircraft.datasheet[0]
    for roll, pitch, throttle in ((1.0, 1.0, 0.0), (-1.0, -1.0, 1.0), (1.0, 1.0, 1.0)):
        sim.order("manual", roll=roll, pitch=pitch, yaw=1.0, throttle=throttle)
        for _ in range(20):
            sim.step(1.0)
            flight = sim.state.flight
            assert abs(flight.roll) < float(sheet.limits.bank_maximum) + 0.06
            assert flight.calibrated_airspeed < float(sheet.limits.never_exceed_speed)
            assert not sim.state.status.stall_warning
            assert float(sheet.limits.load_factor_minimum) < flight.load_factor < float(
                sheet.limits.load_factor_maximum)


def test_offboard_needs_set_points_follows_each_kind_and_holds_when_they_end(sim):
    assert "set-point" in refused(sim, "mode", mode="offboard")
    # What is slower than it flies at this mass and height is refused.
    assert "an airspeed of 2" in refused(sim, "offboard_velocity", north=0.0, east=-25.0, down=0.0)
    sim.order("offboard_velocity", north=0.0, east=-36.0, down=-1.0)
    sim.order("mode", mode="offboard")
    sim.step(60.0)
    flight = sim.state.flight
    assert math.hypot(flight.velocity_north, flight.velocity_east + 36.0) < 1.5
    assert flight.vertical_speed == pytest.approx(1.0, abs=0.15)
    place = beyond(sim, 3000.0, 270.0)
    sim.order("offboard_position", latitude=place[0], longitude=place[1], altitude_msl=1300.0)
    sim.step(240.0)
    assert away(sim, *place) == pytest.approx(800.0, abs=25.0)
    sim.order("offboard_attitude", roll=math.radians(15.0), pitch=math.radians(3.0), thrust=0.6)
    sim.step(10.0)
    assert math.degrees(sim.state.flight.roll) == pytest.approx(15.0, abs=2.0)
    assert math.degrees(sim.state.flight.pitch) == pytest.approx(3.0, abs=1.5)
    sim.order("offboard_end")
    assert mode(sim) == MODE_HOLD and phase(sim) == PHASE_HOLDING


def test_offboard_attitudes_beyond_reason_stay_within_the_envelope(sim):
    sheet = sim.aircraft.datasheet[0]
    sim.order("offboard_attitude", roll=3.0, pitch=1.2, thrust=0.0)
    sim.order("mode", mode="offboard")
    for roll, pitch, thrust in ((3.0, 1.2, 0.0), (-3.0, -1.5, 1.0), (0.0, 1.5, 1.0)):
        sim.order("offboard_attitude", roll=roll, pitch=pitch, thrust=thrust)
        for _ in range(15):
            sim.step(1.0)
            flight = sim.state.flight
            assert abs(flight.roll) < float(sheet.limits.bank_maximum) + 0.06
            assert flight.calibrated_airspeed < float(sheet.limits.never_exceed_speed)
            assert not sim.state.status.stall_warning
    assert sim.outcome == "flying"


# -------------------------------------------------------------------------- return and landing


def runway_of(name):
    return next(r for r in known_runways() if r.airport == name)


def test_return_keeps_its_height_until_near_and_lands_into_the_wind(sim):
    place = beyond(sim, 30000.0, 0.0)
    sim.order("go_to", latitude=place[0], longitude=place[1], altitude_msl=700.0)
    sim.step(700.0)
    sim.order("wind", speed=6.0, direction=math.radians(220.0))
    sim.step(120.0)
    sim.order("return")
    lowest = 9e9
    home = runway_of("LTBU")
    while away(sim, home.latitude[0], home.longitude[0]) > 15000.0:
        sim.step(20.0)
        lowest = min(lowest, float(sim.state.flight.altitude_msl))
    # At least 500 m above home, the setting's, which is above where it was.
    assert lowest > 640.0
    sim.step(1500.0)
    assert phase(sim) == PHASE_PARKED
    heading = math.degrees(sim.state.flight.heading) % 360.0
    assert heading == pytest.approx(math.degrees(home.bearing(1)), abs=3.0)
    assert "land" not in refused(sim, "go_around")


def test_return_by_a_rally_point_nearer_than_home(sim):
    place = beyond(sim, 40000.0, 250.0)
    sim.order("go_to", latitude=place[0], longitude=place[1])
    sim.step(900.0)
    rally = beyond(sim, 5000.0, 180.0)
    sim.order("rally", points=[[*rally, 900.0]])
    sim.order("return")
    nearest = 9e9
    for _ in range(60):
        sim.step(10.0)
        nearest = min(nearest, away(sim, *rally))
        if phase(sim) == PHASE_HOLDING and nearest < 900.0:
            break
    assert nearest < 900.0 and mode(sim) == MODE_RETURN


def test_home_moved_in_flight_takes_the_return_to_the_runway_nearest_to_it(sim):
    other = runway_of("LTBG")
    sim.order("home", latitude=other.latitude[0], longitude=other.longitude[0],
              altitude_msl=other.elevation_msl[0])
    sim.order("return")
    sim.step(4800.0)
    assert phase(sim) == PHASE_PARKED
    middle = (0.5 * sum(other.latitude), 0.5 * sum(other.longitude))
    assert away(sim, *middle) < 1700.0 and not sim.state.status.off_pavement


def test_land_on_a_runway_and_an_end_by_number_and_go_round_on_order(sim):
    refusal = refused(sim, "land", runway=99)
    assert "aboard" in refusal
    sim.order("land", runway=0, end=1)
    assert mode(sim) == MODE_LAND
    while phase(sim) != PHASE_FINAL:
        sim.step(1.0)
    sim.step(40.0)
    course = math.degrees(runway_of("LTBU").bearing(1))
    assert math.degrees(sim.state.flight.track) % 360.0 == pytest.approx(course, abs=3.0)
    while sim.state.flight.height_above_ground > 60.0:
        sim.step(1.0)
    sim.order("go_around")
    assert phase(sim) == PHASE_GO_AROUND
    lowest = float(sim.state.flight.height_above_ground)
    while phase(sim) == PHASE_GO_AROUND:
        sim.step(1.0)
        lowest = min(lowest, float(sim.state.flight.height_above_ground))
    assert lowest > 30.0 and phase(sim) == PHASE_APPROACH
    sim.step(900.0)
    assert phase(sim) == PHASE_PARKED and len(events(sim, "touchdown")) == 1


def test_a_landing_is_left_for_another_mode_without_sinking_further(sim):
    sim.order("land")
    while phase(sim) != PHASE_FINAL or sim.state.flight.height_above_ground > 80.0:
        sim.step(1.0)
    sim.order("mode", mode="hold")
    low = float(sim.state.flight.height_above_ground)
    for _ in range(90):
        sim.step(1.0)
        low = min(low, float(sim.state.flight.height_above_ground))
    # As high as a take-off leads, 300 m, over ground that slopes a little.
    assert low > 50.0 and sim.state.flight.height_above_ground > 250.0


# ---------------------------------------------------------------------------------- missions


def test_loiter_turns_counts_the_circles_that_geometry_sees(sim):
    place, after = beyond(sim, 3000.0, 90.0), beyond(sim, 9000.0, 90.0)
    upload(sim, [item(plan.LOITER_TURNS, place, turns=2.0, radius=800.0),
                 item(plan.WAYPOINT, after)])
    sim.order("mode", mode="mission")
    while not events(sim, "loiter"):
        sim.step(1.0)
    begun = sim.time
    total = 0.0
    while int(sim.state.autopilot.mission.index) == 0:
        angle, _ = turned(sim, place, 5.0)
        total += angle
        assert sim.time < begun + 900.0
    # Two turns, and on to the tangent that points at what comes next: less than one more.
    assert 4.0 * math.pi - 0.3 <= total < 6.0 * math.pi
    while int(sim.state.autopilot.mission.index) == 1 and mode(sim) == MODE_MISSION:
        sim.step(5.0)
    assert mode(sim) == MODE_HOLD and events(sim, "mission_ended")
    assert away(sim, *after) < 300.0


def test_zero_turns_pass_over_the_circle_to_what_comes_next(sim):
    place, after = beyond(sim, 4000.0, 90.0), beyond(sim, 9000.0, 60.0)
    upload(sim, [item(plan.LOITER_TURNS, place, turns=0.0, radius=800.0),
                 item(plan.WAYPOINT, after)])
    sim.order("mode", mode="mission")
    while not events(sim, "loiter"):
        sim.step(1.0)
    total = 0.0
    while int(sim.state.autopilot.mission.index) == 0:
        angle, _ = turned(sim, place, 1.0, every=1.0)
        total += angle
    assert abs(total) < 2.0 * math.pi


def test_loiter_to_altitude_leaves_once_there(sim):
    place, after = beyond(sim, 3000.0, 0.0), beyond(sim, 9000.0, 0.0)
    upload(sim, [item(plan.LOITER_TO_ALT, place, 1450.0, radius=-800.0),
                 item(plan.WAYPOINT, after, 1450.0)])
    sim.order("mode", mode="mission")
    while int(sim.state.autopilot.mission.index) == 0:
        sim.step(1.0)
        assert sim.time < 2000.0
    assert sim.state.flight.altitude_msl == pytest.approx(1450.0, abs=12.0)


def test_a_mission_paused_resumes_at_the_item_it_was_flying(sim):
    places = [beyond(sim, d, 45.0) for d in (4000.0, 9000.0, 14000.0)]
    upload(sim, [item(plan.WAYPOINT, place) for place in places])
    sim.order("mode", mode="mission")
    while int(sim.state.autopilot.mission.index) == 0:
        sim.step(1.0)
    sim.step(20.0)
    sim.order("mode", mode="hold")
    sim.step(120.0)
    assert int(sim.state.autopilot.mission.index) == 1
    sim.order("mode", mode="mission")
    nearest = 9e9
    while int(sim.state.autopilot.mission.index) == 1:
        sim.step(1.0)
        nearest = min(nearest, away(sim, *places[1]))
    assert nearest < 60.0


def test_jumps_are_made_as_often_as_asked_and_mission_current_goes_where_it_says(sim):
    places = [beyond(sim, 2500.0, d) for d in (0.0, 120.0, 240.0)]
    upload(sim, [*(item(plan.WAYPOINT, place) for place in places),
                 item(plan.DO_JUMP, jump=0, repeats=2),
                 item(plan.LOITER_UNLIM, places[0], radius=800.0)])
    sim.order("mission_current", index=2)
    sim.order("mode", mode="mission")
    assert int(sim.state.autopilot.mission.index) == 2
    while int(sim.state.autopilot.mission.index) != 4:
        sim.step(2.0)
        assert sim.time < 6000.0
    assert len(events(sim, "jumped")) == 2
    reached = [e["sequence"] for e in events(sim, "item_reached")]
    assert reached == [3, 1, 2, 3, 1, 2, 3, 4]
    assert "items" in refused(sim, "mission_current", index=5)


def test_a_mission_without_take_off_and_landing_takes_off_first_and_holds_at_the_end():
    sim = parked()
    places = [beyond(sim, 5000.0, 45.0), beyond(sim, 8000.0, 90.0)]
    upload(sim, [item(plan.WAYPOINT, place, 600.0) for place in places])
    sim.order("arm")
    sim.order("mode", mode="mission")
    nearest = [9e9, 9e9]
    for _ in range(900):
        sim.step(1.0)
        nearest = [min(n, away(sim, *p)) for n, p in zip(nearest, places, strict=True)]
        if mode(sim) == MODE_HOLD:
            break
    # Turned before the first, over the last.
    assert nearest[0] < 200.0 and nearest[1] < 60.0 and mode(sim) == MODE_HOLD
    assert sim.state.autopilot.crew.armed and phase(sim) == PHASE_HOLDING


def test_seven_hundred_items_are_loaded_whole_and_flown_on_from_any_of_them(sim):
    places = [beyond(sim, 2000.0 + 10.0 * i, 30.0 + i) for i in range(700)]
    upload(sim, [item(plan.WAYPOINT, place) for place in places])
    assert int(sim.loaded.header.item_count) == 700
    sim.order("mission_current", index=650)
    sim.order("mode", mode="mission")
    while int(sim.state.autopilot.mission.index) < 653:
        sim.step(1.0)
        assert sim.time < 3000.0
    assert away(sim, *places[652]) < 500.0


def test_an_upload_in_flight_goes_on_with_the_item_it_was_flying_or_begins_anew(sim):
    first, second, third = (beyond(sim, 8000.0, d) for d in (0.0, 90.0, 180.0))
    upload(sim, [item(plan.WAYPOINT, first), item(plan.WAYPOINT, second)])
    sim.order("mode", mode="mission")
    sim.order("mission_current", index=1)
    sim.step(10.0)
    upload(sim, [item(plan.WAYPOINT, third), item(plan.WAYPOINT, second),
                 item(plan.WAYPOINT, first)])
    assert mode(sim) == MODE_MISSION and int(sim.state.autopilot.mission.index) == 1
    upload(sim, [item(plan.WAYPOINT, third)])
    assert mode(sim) == MODE_MISSION and int(sim.state.autopilot.mission.index) == 0
    upload(sim, [])
    assert mode(sim) == MODE_HOLD and "no mission" in refused(sim, "mode", mode="mission")


def test_a_plan_far_away_moves_neither_ground_nor_field_under_the_aircraft(sim):
    from longwatch.earth.magnetic_field import magnetic_field_ned
    from longwatch.environment.ground import ground_below

    def here():
        at = sim.state.flight.latitude, sim.state.flight.longitude
        table = sim.world.magnetic
        return (*ground_below(sim.world.patches, len(sim.world.patches), *at)[:3],
                *magnetic_field_ned(table.values, table.first_latitude, table.first_longitude,
                                    table.step, *at))

    before = here()
    far = (math.radians(38.0), math.radians(43.0))
    upload(sim, [item(plan.WAYPOINT, far)])
    assert here() == pytest.approx(before, rel=1e-12, abs=1e-9)
    table = sim.world.magnetic
    assert table.first_longitude + (table.values.shape[1] - 1) * table.step > far[1]
    sim.step(5.0)
    assert position(sim)[0] == pytest.approx(41.13, abs=0.1)


def test_a_return_flies_the_plans_own_way_home_from_its_land_start(sim):
    sim.step(30.0)
    runway = runway_of("LTBU")
    gate = beyond(sim, 7000.0, 230.0)
    upload(sim, [item(plan.WAYPOINT, beyond(sim, 20000.0, 0.0)), item(plan.DO_LAND_START),
                 item(plan.WAYPOINT, gate, 700.0, fly_over=True),
                 item(plan.LAND, (runway.latitude[0], runway.longitude[0]), 152.0, runway=0)],
           runways=sim.loaded.runways[:1])
    sim.order("mode", mode="mission")
    sim.step(60.0)
    sim.order("return")
    assert mode(sim) == MODE_RETURN and int(sim.state.autopilot.mission.index) == 2
    nearest = 9e9
    while int(sim.state.autopilot.mission.index) == 2:
        sim.step(1.0)
        nearest = min(nearest, away(sim, *gate))
        assert sim.time < 3000.0
    assert nearest < 60.0
    # Not below the return altitude until the way home itself begins.
    sim.step(1200.0)
    assert phase(sim) == PHASE_PARKED and abs(
        math.degrees(sim.state.flight.heading) % 360.0 - math.degrees(runway.bearing(0))) < 3.0


def test_a_mission_file_is_flown_from_arming_to_disarming_and_can_be_flown_again():
    sim = Simulation("tb2", CIRCUIT, live=True, fuel_kg=150.0)
    sim.step(3.0)
    sim.order("mode", mode="mission")
    sim.order("arm")
    sim.step(7200.0)
    assert phase(sim) == PHASE_PARKED and not sim.state.autopilot.crew.armed
    assert len(events(sim, "lift_off")) == len(events(sim, "touchdown")) == 1
    assert not events(sim, "warning")
    reached = [e["sequence"] for e in events(sim, "item_reached")]
    assert reached == sorted(reached) and reached[-1] == int(sim.plan.items[-1]["sequence"])
    sim.order("reset")
    sim.step(3.0)
    sim.order("arm")
    sim.order("mode", mode="mission")
    sim.step(120.0)
    assert phase(sim) not in (PHASE_PARKED, PHASE_CLIMB_OUT) and mode(sim) == MODE_MISSION


@pytest.mark.parametrize(
    ("order", "arguments", "expected"),
    [
        ("mode", {"mode": "hold"}, MODE_HOLD),
        ("mode", {"mode": "cruise"}, MODE_CRUISE),
        ("go_to", {}, MODE_GUIDED),
        ("return", {}, MODE_RETURN),
        ("course", {"course": 1.0}, MODE_CRUISE),
    ],
)
def test_called_out_of_the_flare_it_climbs_straight_before_it_does_as_it_is_told(
    sim, order, arguments, expected
):
    sim.order("land", runway=0, end=0)
    while phase(sim) != PHASE_FLARING or sim.state.flight.height_above_ground > 3.0:
        sim.step(0.1)
    if order == "go_to":
        place = beyond(sim, 4000.0, 130.0)
        arguments = {"latitude": place[0], "longitude": place[1], "altitude_msl": 800.0}
    sim.order(order, **arguments)
    course = float(runway_of("LTBU").bearing(0))
    while phase(sim) == PHASE_CLIMB_OUT:
        sim.step(0.5)
        assert abs(sim.state.flight.track - course) < 0.1
        assert sim.state.flight.height_above_ground > 0.8
    climb_out = float(sim.aircraft.datasheet[0].procedures.climb_out_height)
    assert mode(sim) == expected and sim.state.flight.height_above_ground > climb_out - 2.0
    assert not events(sim, "touchdown")
    if order == "go_to":
        sim.step(300.0)
        assert away(sim, *place) == pytest.approx(800.0, abs=25.0)
        assert sim.state.flight.altitude_msl == pytest.approx(800.0, abs=10.0)
    if order == "course":
        sim.step(60.0)
        assert sim.state.flight.track == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(("order", "arguments"), [
    ("go_to", {"radius": 900.0}), ("orbit", {"radius": 900.0}), ("course", {"course": 1.0}),
    ("orbit", {"radius": 900.0, "altitude_msl": 700.0})])
def test_without_an_altitude_it_climbs_out_of_the_flare_as_high_as_a_take_off(
        sim, order, arguments):
    """It held the height of the flare, a few metres over the ground, and was lost."""
    sim.order("land", runway=0, end=0)
    while phase(sim) != PHASE_FLARING or sim.state.flight.height_above_ground > 3.0:
        sim.step(0.1)
    ground = float(sim.state.flight.altitude_msl - sim.state.flight.height_above_ground)
    here = position(sim)
    if order == "go_to":
        place = beyond(sim, 4000.0, 130.0)
        arguments = {**arguments, "latitude": place[0], "longitude": place[1]}
    sim.order(order, **arguments)
    sim.step(240.0)
    expected = arguments.get("altitude_msl", ground + float(
        sim.loaded.settings[0].takeoff_altitude))
    assert sim.state.flight.altitude_msl == pytest.approx(expected, abs=15.0)
    if order == "orbit":
        # About the place where it was told, as wide as it was told.
        centre = tuple(math.radians(value) for value in here)
        assert away(sim, *centre) == pytest.approx(900.0, abs=120.0)


def test_asked_again_for_what_it_is_landing_under_the_landing_goes_on(sim):
    sim.order("land")
    while phase(sim) != PHASE_FINAL or sim.state.flight.height_above_ground > 60.0:
        sim.step(1.0)
    sim.order("mode", mode="land")
    assert phase(sim) == PHASE_FINAL
    sim.step(120.0)
    assert len(events(sim, "touchdown")) == 1 and not events(sim, "go_around")


def test_the_journal_of_orders_repeats_the_run_to_the_byte(sim, aloft):
    kept = []
    sim.on_order = kept.append
    place = beyond(sim, 5000.0, 200.0)
    sim.order("go_to", latitude=place[0], longitude=place[1], radius=-650.0)
    sim.step(33.33)
    upload(sim, [item(plan.LOITER_TURNS, place, turns=1.0, radius=700.0)])
    sim.order("mode", mode="mission")
    sim.step(200.0)
    sim.order("home", latitude=place[0], longitude=place[1], altitude_msl=100.0)
    sim.order("return")
    sim.step(100.0)
    again = parked()
    again.vehicles[:] = aloft
    for told in json.loads(json.dumps([[o.tick, o.name, o.sender, o.arguments] for o in kept])):
        again.step((told[0] - int(again.state.clock.tick)) / 100.0)
        again.order(told[1], told[2], **told[3])
    again.step((int(sim.state.clock.tick) - int(again.state.clock.tick)) / 100.0)
    assert again.vehicles.tobytes() == sim.vehicles.tobytes()


def test_a_broken_plan_is_refused_whole_and_the_old_one_stays(sim):
    place = beyond(sim, 4000.0, 10.0)
    upload(sim, [item(plan.WAYPOINT, place)])
    with pytest.raises(OrderError, match="off the globe"):
        upload(sim, [item(plan.WAYPOINT, place), item(plan.WAYPOINT, (4.0, 0.0))])
    with pytest.raises(OrderError, match="jumps to"):
        upload(sim, [item(plan.WAYPOINT, place), item(plan.DO_JUMP, jump=7, repeats=1)])
    assert int(sim.loaded.header.item_count) == 1
    assert "base64" in refused(sim, "plan", items="*", runways="", header="", patches="", names=[])
