"""The linear model against closed forms, and against the flight that it stands for."""

import math

import numpy as np
import pytest

import longwatch as lw
from longwatch.analysis import model
from longwatch.compiled import compiled
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.errors import SetupError
from longwatch.flight import motion
from longwatch.planning.performance import Performance
from longwatch.simulation.tick import propel
from longwatch.simulation.vehicle import DT

# Engine and propeller are run until they rest: thousands of ticks a guess.
pytestmark = pytest.mark.compiled_only

G = 9.80665


def element(linear, row, column):
    return linear.A[linear.states.index(row), linear.states.index(column)]


@pytest.fixture(scope="module")
def derivatives(level):
    """Dimensional derivatives of Etkin and Reid, table 4.4 and 4.5, from the datasheet alone."""
    sheet, mass = level.aircraft.datasheet[0], level.vehicle[0].mass
    aero, geometry = sheet.aerodynamics, sheet.geometry
    speed, a = level.true_airspeed, level.alpha
    pressure = 0.5 * standard_atmosphere(level.altitude_msl)[2] * speed**2
    area, span, chord = pressure * geometry.wing_area, geometry.span, geometry.chord
    CL = aero.CL0 + aero.CL_alpha * a
    induced = math.pi * aero.oswald * span**2 / geometry.wing_area
    CD = aero.CD0 + CL**2 / induced
    x, z = mass.position[0], mass.position[2]
    return {
        "L_p": area * span**2 * aero.Cl_p / (2 * speed), "N_r": area * span**2 * aero.Cn_r
        / (2 * speed), "L_p_xz": area * span**2 * aero.Cn_p / (2 * speed),
        "Y_v": area * (aero.CY_beta - CD) / (level.mass * speed),
        "Z_w": -area * (aero.CL_alpha + CD) / (level.mass * speed),
        "M_w": area * chord / (mass.inertia_yy * speed) * (
            aero.Cm_alpha + aero.CL_alpha * -x / chord
            - z / chord * (CL + aero.CL_alpha * a - 2 * CL * aero.CL_alpha / induced)),
        "M_q": area * chord**2 * aero.Cm_q / (2 * speed * mass.inertia_yy),
    }


def test_derivatives_of_the_textbook(level, small, derivatives):
    """Body axes differ from stability axes by the angle of attack, 0.07 rad here."""
    assert element(small, "v", "v") == pytest.approx(derivatives["Y_v"], rel=0.01)
    assert element(small, "w", "w") == pytest.approx(derivatives["Z_w"], rel=0.03)
    assert element(small, "q", "w") == pytest.approx(derivatives["M_w"], rel=0.06)
    mass = level.vehicle[0].mass
    product = mass.inertia_xx * mass.inertia_zz - mass.inertia_xz**2
    rolling = (mass.inertia_zz * derivatives["L_p"] + mass.inertia_xz * derivatives["L_p_xz"]
               ) / product
    assert element(small, "p", "p") == pytest.approx(rolling, rel=2e-3)


def test_kinematics_are_exact(level, small):
    g = G * (1 - 2 * level.altitude_msl / model.RADIUS)
    assert element(small, "u", "pitch") == pytest.approx(-g * math.cos(level.pitch), rel=1e-6)
    assert element(small, "v", "roll") == pytest.approx(g * math.cos(level.pitch), rel=1e-6)
    assert element(small, "roll", "p") == pytest.approx(1.0, abs=1e-9)
    assert element(small, "roll", "r") == pytest.approx(math.tan(level.pitch), rel=1e-6)
    assert element(small, "altitude", "pitch") == pytest.approx(level.true_airspeed, rel=1e-6)
    assert element(small, "heading", "heading") == pytest.approx(0.0, abs=1e-12)


def test_controls_of_the_datasheet(level, small):
    sheet, mass = level.aircraft.datasheet[0], level.vehicle[0].mass
    area = 0.5 * standard_atmosphere(level.altitude_msl)[2] * level.true_airspeed**2 * (
        sheet.geometry.wing_area)
    product = mass.inertia_xx * mass.inertia_zz - mass.inertia_xz**2
    roll = area * sheet.geometry.span * (
        mass.inertia_zz * sheet.aerodynamics.Cl_aileron
        + mass.inertia_xz * sheet.aerodynamics.Cn_aileron) / product
    states, inputs = list(small.states), list(small.inputs)
    assert small.B[states.index("p"), inputs.index("aileron")] == pytest.approx(roll, rel=1e-6)


def test_power_stays_so_thrust_falls_with_speed(level, small):
    """Along the path: (dT/dV - 2 D/V)/m; T by the planner's own reading of the propeller."""
    a, speed = level.alpha, level.true_airspeed
    along = np.zeros(10)
    along[[0, 2]] = math.cos(a), math.sin(a)
    found = along @ small.A @ along
    planner = Performance(level.aircraft.datasheet[0])

    def thrust(v):
        return planner.propulsive_power(level.power[0], level.engine_speed[0], v,
                                        level.altitude_msl) / v

    slope = (thrust(speed + 1.0) - thrust(speed - 1.0)) / 2.0
    drag = sum(level.thrust) * math.cos(a)
    assert slope < -0.4 * drag / speed
    assert found == pytest.approx((slope - 2.0 * drag / speed) / level.mass, rel=0.03)


def test_steps_are_small_enough(small):
    assert small.step_difference < 1e-3


def test_needs_a_steady_flight(level):
    with pytest.raises(SetupError, match="steady flight"):
        lw.linearize("tb2")
    with pytest.raises(SetupError, match="is the tb2's, not the akinci's"):
        lw.linearize("akinci", level)
    assert lw.linearize("tb2", level).trim is level


@compiled
def coast(vehicles, sheets, earths, ticks, every, trace):
    """Fly with the controls held, writing the ten states every so often."""
    vehicle, sheet, earth = vehicles[0], sheets[0], earths[0]
    fuel = vehicle.mass.fuel_mass
    for tick in range(ticks):
        if tick % every == 0:
            model.read(vehicle, earth, trace[tick // every])
        ned, _ = model.where(vehicle, earth)
        vehicle.clock.tick = 1
        p = trace[tick // every]
        propel(vehicle, sheet, p[0])
        vehicle.mass.fuel_mass = fuel
        motion.step(vehicle, sheet, earth, ned, DT)


def flown(flight, change, seconds, every=10):
    vehicles = flight.vehicle.copy()
    model.place(vehicles[0], flight.state + change)
    trace = np.zeros((round(seconds * 100) // every + 1, 10))
    coast(vehicles, flight.aircraft.datasheet, model.FLAT_EARTH, round(seconds * 100), every, trace)
    return trace[:-1]


def predicted(linear, change, count, interval):
    values, vectors = np.linalg.eig(linear.A)
    weights = np.linalg.solve(vectors, change.astype(complex))
    times = np.arange(count) * interval
    return np.real((vectors @ (weights[:, None] * np.exp(np.outer(values, times)))).T)


@pytest.mark.parametrize(("name", "size", "shown", "seconds"), [
    ("w", 0.3, ("w", "q", "pitch"), 6.0), ("u", 0.3, ("u", "pitch"), 25.0),
    ("v", 0.3, ("v", "r", "roll"), 6.0), ("p", 0.01, ("p", "roll"), 4.0)])
def test_flight_follows_the_linear_model(level, small, name, size, shown, seconds):
    change = np.zeros(10)
    change[small.states.index(name)] = size
    still = flown(level, np.zeros(10), seconds)
    moved = flown(level, change, seconds) - still
    linear = predicted(small, change, len(moved), 0.1)
    for state in shown:
        i = small.states.index(state)
        assert moved[:, i] == pytest.approx(linear[:, i], abs=0.03 * np.abs(linear[:, i]).max())
