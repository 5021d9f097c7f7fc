"""The figures that the studies give: against theory, standards, and other people's tables."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet


@pytest.fixture(scope="module")
def sheet():
    return load_datasheet("tb2").datasheet[0]


@pytest.fixture
def propeller(study):
    return study("propeller")


def test_propeller_tables_are_the_studys(sheet, propeller):
    thrust, power = propeller.tables()
    assert sheet.propeller.CT == pytest.approx(thrust, abs=6e-6)
    assert sheet.propeller.CP == pytest.approx(power, abs=6e-6)
    assert sheet.propeller.diameter == propeller.DIAMETER
    grid = sheet.propeller.angle_first + sheet.propeller.angle_step * np.arange(12)
    assert grid == pytest.approx(propeller.BLADE_ANGLES, abs=1e-5)
    columns = sheet.propeller.advance_first + sheet.propeller.advance_step * np.arange(24)
    assert columns == pytest.approx(propeller.ADVANCE_RATIOS, abs=1e-9)


def test_propeller_never_beats_momentum_theory(sheet, propeller):
    """Ideal efficiency 2 / (1 + sqrt(1 + c)) driving, Betz's limit windmilling."""
    advance = propeller.ADVANCE_RATIOS[None, 1:]
    thrust, power = sheet.propeller.CT[:, 1:], sheet.propeller.CP[:, 1:]
    driving = (thrust > 0) & (power > 0)
    loading = 8 / math.pi * thrust / advance**2
    ideal = 2 / (1 + np.sqrt(1 + np.where(driving, loading, 0)))
    assert (advance * thrust / power < ideal)[driving].all()
    extracting = power < 0
    betz = 16 / 27 * math.pi / 8 * advance**3 * np.ones_like(power)
    assert (-power < betz)[extracting].all()
    static = sheet.propeller.CT[:, 0], sheet.propeller.CP[:, 0]
    assert (static[0] ** 1.5 * math.sqrt(2 / math.pi) < static[1]).all()


def test_propeller_brakes_past_zero_thrust(sheet):
    """Power stays positive where thrust passes zero, then both are negative: no clipping."""
    for thrust, power in zip(sheet.propeller.CT[:9], sheet.propeller.CP[:9], strict=True):
        first = int(np.argmax(thrust < 0))
        assert thrust[first] < 0 and power[first - 1] > 0
        assert thrust[-1] < 0 and power[-1] < 0


def test_propeller_thrust_falls_with_speed_and_tables_are_smooth(sheet):
    thrust, power = sheet.propeller.CT, sheet.propeller.CP
    assert (np.diff(thrust[:4], axis=1) < 0).all()
    for row in thrust:  # past the stall of the coarse blades as well
        assert (np.diff(row[int(row.argmax()):]) < 0).all()
    assert np.abs(np.diff(thrust, n=2, axis=1)).max() < 0.012
    assert np.abs(np.diff(power, n=2, axis=1)).max() < 0.012


def test_propeller_compares_with_jsbsim_at_equal_blade_angle(propeller):
    """Another two-blade propeller, JSBSim's 81 inch: alike where blades are not stalled."""
    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    angles, advance, thrust, power = propeller.jsbsim_tables()
    for column in (0, 1):  # 17 and 21 deg
        kept = ~np.isnan(thrust[:, column])
        ct, cp = propeller.coefficients(np.radians(angles[column]), advance[kept])
        assert np.abs(ct - thrust[kept, column]).max() < 0.025
        assert np.abs(cp - power[kept, column]).max() < 0.012
    for column in range(4):
        useful = (advance > 0.45) & (power[:, column] > 0.03)
        ct, cp = propeller.coefficients(np.radians(angles[column]), advance[useful])
        theirs = advance[useful] * thrust[useful, column] / power[useful, column]
        assert np.abs(advance[useful] * ct / cp - theirs).max() < 0.09


def test_propeller_efficiency_and_static_thrust_are_of_its_class(propeller):
    _, _, cruise = propeller.operating_point(25e3, 36.0, 4000)
    _, static, _ = propeller.operating_point(69e3, 0.0, 5500)
    assert 0.80 < cruise < 0.85
    assert 1600 < static < 2000


def test_engine_fit_is_in_the_datasheet(sheet, study):
    engine = study("engine")
    found = engine.fit()
    piston = sheet.engine.piston
    used = [piston.fuel_per_energy, piston.fuel_per_turn, piston.fuel_per_turn2]
    assert used == pytest.approx(found, rel=1e-3, abs=1e-15)
    assert (found >= 0).all()


def test_engine_fuel_holds_at_the_published_points(study):
    engine = study("engine")
    apart = engine.residuals(engine.fit(), engine.CONSTANT_SPEED)
    assert np.abs(apart).max() < 0.17 and np.abs(apart[:4]).max() < 0.075
    rich = engine.residuals(engine.fit(), engine.PROPELLER_CURVE)
    assert np.abs(rich[2:]).max() < 0.15  # from 3500 rpm; below it the carburettor is richest


def test_engine_lasts_27_hours_at_loiter_power(study):
    """216 kg at 27 kW, the public endurance; and no better than any petrol engine anywhere."""
    engine = study("engine")
    flow = float(engine.fuel_flow(engine.fit(), 27e3, 4000))
    assert 216 / (flow * 3600) == pytest.approx(27.0, rel=0.03)
    for power, rpm in ((34e3, 3000), (50.4e3, 4000), (72.5e3, 5500), (22e3, 3800)):
        assert 235 < float(engine.fuel_flow(engine.fit(), power, rpm)) * 3.6e9 / power < 330


def test_power_at_altitude_is_the_published_relation(sheet, study):
    engine = study("engine")
    for feet, kilowatt in ((0, 69.0), (10_000, 48.6), (18_000, 35.4), (27_000, 23.5)):
        found = engine.altitude_power(69e3, feet * 0.3048, sheet.engine.piston.altitude_constant)
        assert found == pytest.approx(kilowatt * 1000, abs=60)


def test_mass_balances_and_matches_the_rule(sheet, study):
    mass = study("mass")
    figures = mass.figures("mass")
    rule = mass.rule(700.0, 12.0)
    assert rule[1] == pytest.approx(1070, rel=0.005)  # published by the same rule
    for payload in (0.0, 75.0, 150.0):
        for fuel in (0.0, 60.0, 216.0):
            total, centre, inertia = mass.together(mass.parts(figures, payload, fuel))
            assert abs(centre[0]) < 0.05 * sheet.geometry.chord and centre[1] == 0
    assert total == 700 and inertia == pytest.approx(rule, rel=0.002)


def test_parts_together_follow_the_parallel_axis_theorem(study):
    """Two points of a dumb-bell: inertia m1 m2 / (m1 + m2) d^2 across, none along."""
    points = [(2.0, np.array([1.0, 0, 0]), np.zeros(3)), (3.0, np.array([-1.0, 0, 0]), np.zeros(3))]
    total, centre, inertia = study("mass").together(points)
    assert (total, centre[0]) == (5.0, pytest.approx(-0.2))
    assert inertia == pytest.approx([0.0, 6 / 5 * 4, 6 / 5 * 4])


def test_gear_stands_rotates_and_clears(sheet, study):
    gear_study, mass = study("gear"), study("mass")
    gear, figures = gear_study.wheels(), study("mass").figures("mass")
    for payload, fuel in ((150.0, 216.0), (0.0, 30.0), (150.0, 20.0), (0.0, 216.0)):
        total, centre, _ = mass.together(mass.parts(figures, payload, fuel))
        share, nose, main, pitch = gear_study.stance(gear, total, centre)
        assert 0.08 < share < 0.15
        assert 0 < pitch < math.radians(3)
        moment, _ = gear_study.rotation_moment(
            math.radians(-30), 1.05, total, centre, gear)
        assert moment > 150
        if total == 700:
            assert 0.08 < nose < 0.12 and 0.08 < main < 0.12
            compression, rebound = gear_study.damping_ratios(gear, total)
            assert 0.3 < compression < rebound < 0.75
            height = gear["left"]["position"][2] - main
            assert height == pytest.approx(sheet.geometry.wing_height, abs=0.05)


def test_gear_limits_are_those_of_cs23(sheet, study):
    gear_study = study("gear")
    weight = 700 * 9.80665
    # 15.35 lb/ft2 by hand: 4.4 * 15.35^(1/4) = 8.71 ft/s
    assert gear_study.sink_rate(weight / 9.34) == pytest.approx(8.71 * 0.3048, abs=0.01)
    assert sheet.landing_gear.sink_limit == pytest.approx(8.71 * 0.3048, abs=0.01)
    assert sheet.landing_gear.side_load_limit == pytest.approx(0.83 * weight, rel=1e-3)
    load, depth = gear_study.landing_load(gear_study.wheels(), 700.0, 2.65)
    assert load < sheet.landing_gear.vertical_load_limit < 1.15 * load
    assert sheet.landing_gear.vertical_load_limit > 2.0 * weight
    assert depth < 0.23  # the propeller has 0.31 m over the extended wheels


def test_free_drop_without_damping_is_the_closed_form(study):
    """Energy: k d^2 / 2 = m v^2 / 2 + m g d / 3, largest force k d."""
    gear = {"left": {"stiffness": np.array(38e3), "damping": np.array(0.0)}}
    load, depth = study("gear").landing_load(gear, 700.0, 2.0)
    pull = 700 * 9.80665 / 3
    exact = (pull + math.sqrt(pull**2 + 76e3 * 700 * 4.0)) / 76e3
    assert depth == pytest.approx(exact, rel=1e-3)
    assert load == pytest.approx(76e3 * exact, rel=2e-3)


@pytest.mark.parametrize(("payload", "fuel", "airspeed", "density"), [
    (150.0, 216.0, 36.8, 1.225), (150.0, 216.0, 36.0, 1.225), (60.0, 106.0, 31.0, 1.225),
    (150.0, 216.0, 47.6, 0.698), (150.0, 216.0, 58.0, 1.225)])
def test_natural_modes_meet_mil_f_8785c(study, payload, fuel, airspeed, density):
    """Class I, Level 1 but for spiral and phugoid, which the autopilot flies: Level 2."""
    found = study("flying_qualities").modes(payload, fuel, airspeed, density)
    assert found["dutch_roll_damping"] > 0.08
    assert found["dutch_roll_frequency"] > 1.0
    assert found["dutch_roll_damping"] * found["dutch_roll_frequency"] > 0.15
    assert found["roll_time"] < 1.0
    assert found["spiral_doubling"] > 8.0
    assert 0.35 < found["short_period_damping"] < 1.30
    assert 0.16 < found["control_anticipation"] < 3.6
    assert found["phugoid_damping"] > 0.0


def test_aerodynamics_study_gives_the_figures_used(study):
    """Published longitudinal figures within a fifth; what is used of the study, as used."""
    pytest.importorskip("aerosandbox", reason="needs AeroSandbox, group 'studies'")
    aerodynamics = study("aerodynamics")
    used = load_datasheet("tb2").datasheet[0].aerodynamics
    found = {name: value for name, (value, _) in aerodynamics.derivatives().items()}
    for name in ("CL0", "CL_alpha", "Cm_alpha", "CL_elevator", "Cm_elevator"):
        assert found[name] == pytest.approx(float(used[name]), rel=0.22)
    for name in ("CY_beta", "CY_r", "CY_rudder", "Cl_beta", "Cl_p", "Cl_r", "Cl_aileron",
                 "Cn_beta", "Cn_p", "Cn_r", "Cn_rudder", "Cn_aileron", "Cm_q", "oswald"):
        assert float(used[name]) == pytest.approx(found[name], rel=0.03)
