"""Steady flights against the laws of steady flight, written out by hand."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import longwatch as lw
from longwatch.analysis.request import calibrated_from_true, true_from_calibrated
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.errors import DatasheetError, SetupError, TrimError

# Engine and propeller are run until they rest: thousands of ticks a guess.
pytestmark = pytest.mark.compiled_only

MISSIONS = Path(__file__).resolve().parents[2] / "missions"
G = 9.80665


def forces(flight):
    """Lift, drag, and dynamic pressure times area, by the datasheet's formulas."""
    sheet = flight.aircraft.datasheet[0]
    aero, geometry = sheet.aerodynamics, sheet.geometry
    density = standard_atmosphere(flight.altitude_msl)[2]
    area = 0.5 * density * flight.true_airspeed**2 * geometry.wing_area
    aspect_ratio = geometry.span**2 / geometry.wing_area
    CL = aero.CL0 + aero.CL_alpha * flight.alpha
    pitch_rate = flight.rate_body[1] * geometry.chord / (2 * flight.true_airspeed)
    lift = CL + aero.CL_q * pitch_rate + aero.CL_elevator * flight.elevator
    drag = (aero.CD0 + CL**2 / (math.pi * aero.oswald * aspect_ratio)
            + aero.CD_elevator2 * flight.elevator**2 + aero.CD_beta2 * flight.beta**2)
    return lift * area, drag * area, area


def test_calibrated_airspeed_by_its_definition():
    """Impact pressure at sea level at 200 kt, and the Mach number of it at 30 000 ft."""
    assert true_from_calibrated(60.0, 0.0) == pytest.approx(60.0, rel=1e-6)
    knot = 0.514444
    impact = 101325.0 * ((1 + 0.2 * (200 / 661.479)**2)**3.5 - 1)
    mach = math.sqrt(5 * ((impact / 30089.6 + 1)**(2 / 7) - 1))
    sound = math.sqrt(1.4 * 287.053 * 228.714)  # ISO 2533 at 30 000 ft, geopotential
    altitude = 9144.0 / (1 - 9144.0 / 6356766.0)
    assert true_from_calibrated(200 * knot, altitude) == pytest.approx(mach * sound, rel=1e-5)
    assert calibrated_from_true(true_from_calibrated(51.0, 7000.0), 7000.0) == pytest.approx(51.0)


def test_level_flight_balances(level):
    lift, drag, _ = forces(level)
    thrust, weight = sum(level.thrust), level.mass * G
    a = level.alpha
    assert level.climb_rate == pytest.approx(0.0, abs=1e-9)
    assert lift + thrust * math.sin(a) == pytest.approx(weight, rel=3e-5)
    assert thrust * math.cos(a) == pytest.approx(drag, rel=1e-5)
    assert level.acceleration_left < 1e-6
    assert level.angular_acceleration_left < 1e-6
    assert level.pitch == pytest.approx(level.alpha, abs=1e-6)
    assert level.beta == 0.0


def test_pitching_moment_balances_about_the_centre_of_gravity(level):
    sheet, centre = level.aircraft.datasheet[0], level.vehicle[0].mass.position
    aero, hub = sheet.aerodynamics, sheet.propeller.position
    lift, drag, area = forces(level)
    a = level.alpha
    along, down = -drag * math.cos(a) + lift * math.sin(a), -lift * math.cos(a) - drag * math.sin(a)
    moment = ((aero.Cm0 + aero.Cm_alpha * a + aero.Cm_elevator * level.elevator)
              * area * sheet.geometry.chord
              - (centre[2] * along - centre[0] * down)
              + (hub[2] - centre[2]) * sum(level.thrust))
    assert moment == pytest.approx(0.0, abs=1e-4 * area * sheet.geometry.chord)


def test_climb_takes_the_power_of_its_weight(tb2):
    flight = lw.trim(tb2, calibrated_airspeed=36.0, altitude_msl=1000.0, climb_rate=1.5)
    _, drag, _ = forces(flight)
    assert flight.climb_rate == pytest.approx(1.5, abs=1e-9)
    thrust = sum(flight.thrust) * math.cos(flight.alpha)
    assert (thrust - drag) * flight.true_airspeed == pytest.approx(flight.mass * G * 1.5, rel=1e-4)


@pytest.mark.parametrize("bank", [0.5, -0.5])
def test_coordinated_turn(tb2, bank):
    flight = lw.trim(tb2, calibrated_airspeed=40.0, altitude_msl=2000.0, bank=bank)
    lift, _, _ = forces(flight)
    # g tan(bank)/V, and thrust along the body helps to turn by its share alpha of the weight
    assert flight.turn_rate == pytest.approx(G * math.tan(bank) / flight.true_airspeed, rel=0.01)
    assert flight.roll == bank
    up = lift + sum(flight.thrust) * math.sin(flight.alpha)
    assert up * math.cos(bank) == pytest.approx(flight.mass * G, rel=0.01)
    assert math.copysign(1.0, flight.turn_rate) == math.copysign(1.0, bank)


def test_glide_falls_as_lift_over_drag(tb2):
    flight = lw.trim(tb2, calibrated_airspeed=36.0, altitude_msl=3000.0, engines=(False,))
    lift, drag, _ = forces(flight)
    dead = -sum(flight.thrust)
    assert dead > 0.0
    path = (drag + dead * math.cos(flight.alpha)) / (lift - dead * math.sin(flight.alpha))
    assert -math.tan(flight.climb_angle) == pytest.approx(path, rel=1e-4)
    assert sum(flight.fuel_flow) == 0.0


def test_throttle_held_finds_its_climb(tb2, level):
    again = lw.trim(tb2, calibrated_airspeed=36.0, altitude_msl=3000.0, payload_kg=100.0,
                    fuel_kg=150.0, throttle=level.throttle, engine_speed=level.engine_speed[0])
    assert again.climb_angle == pytest.approx(0.0, abs=1e-7)
    assert again.alpha == pytest.approx(level.alpha, abs=1e-7)


def test_straight_sideslip_at_a_bank(tb2):
    flight = lw.trim(tb2, calibrated_airspeed=36.0, bank=0.05, sideslip=None)
    assert flight.turn_rate == pytest.approx(0.0, abs=1e-9)
    assert flight.beta > 0.05
    assert flight.roll == 0.05


def test_power_that_is_not_there(tb2):
    with pytest.raises(TrimError, match=r"power: needs .* kW .* gives .* kW at full throttle"):
        lw.trim(tb2, calibrated_airspeed=66.0, altitude_msl=3000.0)


def test_air_too_thin_for_any_thrust(tb2):
    with pytest.raises(TrimError, match="engines pull nothing here at full throttle") as caught:
        lw.trim(tb2, calibrated_airspeed=38.0, altitude_msl=20000.0)
    assert "needs" not in str(caught.value)


def test_lift_that_is_not_there(tb2):
    with pytest.raises(TrimError, match=r"lift: too slow, the wing stalls near 2\d"):
        lw.trim(tb2, calibrated_airspeed=20.0)


def test_descent_that_is_too_steep(tb2):
    with pytest.raises(TrimError, match="throttle shut it glides at"):
        lw.trim(tb2, calibrated_airspeed=36.0, climb_angle=-0.3)


def test_elevator_at_its_stop(tb2):
    sheets = tb2.datasheet.copy()
    sheets[0].actuators.ruddervator.upper = 0.01
    with pytest.raises(TrimError, match=r"(?s)left ruddervator at its stop, 0.01 rad.*left at"):
        lw.trim(replace(tb2, datasheet=sheets), calibrated_airspeed=45.0)


def test_every_fault_is_named(tb2):
    with pytest.raises(SetupError) as caught:
        lw.trim(tb2, calibrated_airspeed=36.0, true_airspeed=40.0, altitude_msl=1e6,
                payload_kg=-3.0, bank=2.0, engines=(True, False), sideslip=1.0)
    for word in ("one speed", "altitude_msl", "payload_kg", "bank", "engines", "sideslip"):
        assert word in str(caught.value)
    with pytest.raises(SetupError, match="calibrated_airspeed is nan"):
        lw.trim(tb2, calibrated_airspeed=math.nan)
    with pytest.raises(SetupError) as caught:
        lw.trim(tb2, calibrated_airspeed=-1.0, altitude_msl=math.nan, engines=(), throttle=3.0)
    for word in ("speed is -1", "altitude_msl is nan", "engines is ()", "throttle is 3"):
        assert word in str(caught.value)
    with pytest.raises(SetupError, match="climb_angle or climb_rate"):
        lw.trim(tb2, calibrated_airspeed=36.0, climb_angle=0.1, climb_rate=1.0)
    with pytest.raises(SetupError, match="climb angle follows"):
        lw.trim(tb2, calibrated_airspeed=36.0, climb_angle=0.1, throttle=0.5)
    with pytest.raises(SetupError, match="needs a bank"):
        lw.trim(tb2, calibrated_airspeed=36.0, sideslip=None)
    with pytest.raises(SetupError, match="gear_down is 'no': give True or False"):
        lw.trim(tb2, calibrated_airspeed=36.0, gear_down="no")
    with pytest.raises(DatasheetError, match="Unknown aircraft"):
        lw.trim("tb3", calibrated_airspeed=36.0)
    for nothing in (None, 2.0):
        with pytest.raises(DatasheetError, match="An aircraft cannot be of type"):
            lw.trim(nothing, calibrated_airspeed=36.0)


@pytest.mark.parametrize("number", [np.float32, np.int64, np.array])
def test_numbers_of_numpy_are_numbers(tb2, number):
    asked = {"calibrated_airspeed": 38, "altitude_msl": 3000}
    given = {name: number(value) for name, value in asked.items()}
    found = lw.trim(tb2, **given)
    assert found == lw.trim(tb2, **asked)
    assert type(found.altitude_msl) in (int, float)


def test_a_steady_flight_prints_in_a_screen_and_compares(tb2):
    found = lw.trim(tb2, calibrated_airspeed=38.0)
    assert len(repr(found)) < 2000
    assert found == lw.trim("tb2", calibrated_airspeed=38.0)
    assert found != lw.trim(tb2, calibrated_airspeed=39.0)


@pytest.fixture(scope="module")
def akinci():
    return lw.load_datasheet("akinci")


@pytest.mark.parametrize("engines", [(True, False), (False, True)])
def test_one_engine_pulls_the_nose_and_the_rudder_holds_it(akinci, engines):
    flight = lw.trim(akinci, calibrated_airspeed=60.0, altitude_msl=1000.0, payload_kg=500.0,
                     engines=engines)
    sheet, centre = akinci.datasheet[0], flight.vehicle[0].mass.position
    aero, hub = sheet.aerodynamics, sheet.propeller.position
    _, _, area = forces(flight)
    # Right-hand hub first, the other mirrored in the plane of symmetry.
    pulled = sum(-side * hub[1] * thrust for side, thrust in zip((1, -1), flight.thrust))
    held = area * sheet.geometry.span * (
        aero.Cn_rudder * flight.rudder + aero.Cn_aileron * flight.aileron)
    along = -area * aero.CY_rudder * flight.rudder * centre[0]
    assert pulled + held + along == pytest.approx(0.0, abs=0.01 * abs(pulled))
    assert flight.turn_rate == pytest.approx(0.0, abs=1e-9)
    # The live engine works; the dead one's propeller is feathered, standing, and drags.
    live, dead = (0, 1) if engines[0] else (1, 0)
    assert flight.power[live] > 1e5 and flight.fuel_flow[dead] == 0.0
    assert flight.engine_speed[dead] == 0.0 and flight.thrust[dead] < 0.0
    assert flight.blade_angle[dead] == pytest.approx(float(sheet.propeller.angle_feather))
    assert math.copysign(1.0, flight.rudder) == (-1.0 if engines[0] else 1.0)


def test_one_engine_out_too_slow_to_hold_straight(akinci):
    """Below the minimum control speed, at a bank to the dead engine."""
    with pytest.raises(TrimError, match="1 of 2 engine"):
        lw.trim(akinci, calibrated_airspeed=45.0, engines=(True, False), throttle=1.0,
                bank=-0.087, sideslip=None)


def test_the_autopilot_flies_what_trim_finds():
    """Cruise of a mission on the real Earth, settled, beside the trim on the flat one."""
    flown = lw.Simulation("tb2", MISSIONS / "thrace-watch.plan", payload_kg=60.0)
    flown.step(700.0)
    state = flown.state
    assert abs(state.flight.vertical_speed) < 1e-3 and abs(state.flight.roll) < 1e-3
    found = lw.trim("tb2", true_airspeed=float(state.flight.true_airspeed),
                    altitude_msl=float(state.flight.altitude_msl), payload_kg=60.0,
                    fuel_kg=float(state.mass.fuel_mass))
    engine, servos = state.engines[0], state.actuators
    assert found.engine_speed[0] == pytest.approx(engine.speed, rel=1e-3)
    assert found.throttle == pytest.approx(servos.throttle[0], rel=1e-3)
    assert found.power[0] == pytest.approx(engine.power, rel=1e-3)
    assert found.fuel_flow[0] == pytest.approx(engine.fuel_flow, rel=1e-3)
    assert found.alpha == pytest.approx(state.flight.alpha, abs=2e-4)
    assert found.elevator == pytest.approx(
        0.5 * (servos.ruddervator_left + servos.ruddervator_right), abs=2e-4)
    assert found.aileron == pytest.approx(servos.aileron_left, abs=2e-4)
