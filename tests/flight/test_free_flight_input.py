"""What free flight refuses, whole and before anything moves."""

import math
from dataclasses import replace

import numpy as np
import pytest

import longwatch as lw

BODY = lw.Body(mass=2.0, inertia=(0.4, 0.5, 0.6))
START = lw.Initial(latitude=0.1, longitude=0.2, height_ellipsoid=500.0,
                   rate_body_earth=(0.0, 0.0, 0.0))


def fault(body=BODY, initial=START, environment=None, duration=0.02, dt=0.01, **more):
    with pytest.raises(lw.errors.SetupError) as raised:
        lw.free_flight(body, initial, environment, duration, dt, **more)
    return str(raised.value)


@pytest.mark.parametrize(("changed", "said"), [
    ({"mass": 0.0}, "body.mass is 0: it must be above 0"),
    ({"mass": math.nan}, "body.mass holds a value that is not finite"),
    ({"mass": "heavy"}, "body.mass is 'heavy': give a number"),
    ({"mass": (1.0, 2.0)}, "body.mass has shape (2,): give one number"),
    ({"area": -1.0}, "body.area is -1: it must not be below 0"),
    ({"chord": -0.2}, "body.chord is -0.2"),
    ({"span": math.inf}, "body.span holds a value that is not finite"),
    ({"Cm_q": None}, "body.Cm_q"),
    ({"moment_reference": (0.0, 0.0)}, "body.moment_reference has shape (2,): give 3 numbers"),
    ({"inertia": (0.1, 0.2, 0.31)}, "no rigid body has one larger than the sum"),
    ({"inertia": (0.1, -0.2, 0.2)}, "all must be positive"),
    ({"mass": "2"}, "body.mass is '2': give a number"),
    ({"mass": True}, "body.mass is True: give a number"),
    ({"mass": None}, "body.mass is None: give a number"),
    ({"mass": 10**400}, "body.mass is 1000"),
    ({"inertia": 0.3}, "body.inertia has shape (): give 3 numbers, or the 3 x 3 tensor"),
    ({"inertia": (0.1, 0.2)}, "body.inertia has shape (2,): give 3 numbers"),
    ({"inertia": np.ones((2, 3))}, "body.inertia has shape (2, 3): give 3 x 3 numbers"),
    ({"inertia": ((1.0, 0.0), (0.0,))}, "body.inertia"),
    ({"inertia": ((1.0, 0.1, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))}, "not symmetric"),
    ({"inertia": ((1.0, 1.2, 0.0), (1.2, 1.0, 0.0), (0.0, 0.0, 1.0))}, "all must be positive"),
    # Each axis keeps the triangle inequality, the principal axes do not.
    ({"inertia": ((1.0, 0.8, 0.0), (0.8, 1.0, 0.0), (0.0, 0.0, 1.0))}, "larger than the sum"),
])
def test_impossible_bodies(changed, said):
    assert said in fault(body=replace(BODY, **changed))


def test_a_flat_plate_is_a_body():
    plate = replace(BODY, inertia=(0.1, 0.2, 0.1 + 0.2))
    assert lw.free_flight(plate, START, None, 0.02).time[-1] == 0.02


@pytest.mark.parametrize(("changed", "said"), [
    ({"latitude": math.radians(90.1)}, "it lies within pi/2 of the equator"),
    ({"latitude": 41.0}, "radians, not degrees"),
    ({"latitude": None}, "initial lacks latitude: give all three, or position_ecef"),
    ({"position_ecef": (7e6, 0.0, 0.0)}, "initial has position_ecef and latitude"),
    ({"height_ellipsoid": -4e6}, "deep inside the Earth"),
    ({"velocity_ned": (0.0, math.nan, 0.0)}, "initial.velocity_ned holds a value that is not"),
    ({"rate_body_inertial": (0.0, 0.0, 0.0)}, "initial has both rates: give exactly one"),
    ({"rate_body_earth": None}, "initial has no rate: give exactly one"),
    ({"yaw": "north"}, "initial.yaw is 'north'"),
    ({"yaw": None}, "initial.yaw is None: give a number"),
    ({"yaw": 90.0}, "initial.yaw is 90 rad: more than a whole turn (radians, not degrees)"),
    ({"roll": -30.0}, "initial.roll is -30 rad: more than a whole turn"),
    ({"longitude": -77.0}, "initial.longitude is -77 rad: more than a whole turn"),
])
def test_impossible_starts(changed, said):
    assert said in fault(initial=replace(START, **changed))


def test_a_start_in_ecef_given_in_kilometres():
    start = lw.Initial(position_ecef=(6378.0, 0.0, 0.0), rate_body_earth=(0.0, 0.0, 0.0))
    assert "deep inside the Earth: give it in metres" in fault(initial=start)


@pytest.mark.parametrize(("wind", "said"), [
    ((1.0, 2.0), "environment.wind has shape (2,): give 3 numbers"),
    (((0.0, 900.0), (1.0, 2.0)), "give 3 numbers, or a longwatch.WindTable"),
    ({"east": 3.0}, "or a longwatch.WindTable"),
    (lw.WindTable((0.0, 900.0), east=[1.0, [2.0, 3.0]]), "wind.east is [1.0, [2.0, 3.0]]"),
    (lw.WindTable((0.0, 900.0, 800.0)), "does not rise from 900 m to 800 m (row 2)"),
    (lw.WindTable((0.0, 900.0, 900.0)), "does not rise from 900 m to 900 m"),
    (lw.WindTable((0.0, 900.0), north=(1.0, 2.0, 3.0)), "wind.north has 3 values for 2 heights"),
    (lw.WindTable((0.0, 900.0), east=(1.0, math.nan)), "wind.east holds a value that is not"),
    (lw.WindTable((500.0,)), "a table needs two"),
    (lw.WindTable(()), "a table needs two"),
    (lw.WindTable((1000.0, 2000.0)), "the flight begins at 500 m, outside the wind table of 1000"),
])
def test_impossible_winds(wind, said):
    assert said in fault(environment=lw.Environment(wind=wind))


@pytest.mark.parametrize(("changed", "said"), [
    ({"semi_major_axis": 0.0}, "earth.semi_major_axis (radius) is 0"),
    ({"flattening": 298.257223563}, "f, not 1/f"),
    ({"gravitational_parameter": -1.0}, "earth.gravitational_parameter is -1"),
    ({"rotation_rate": math.nan}, "earth.rotation_rate holds a value"),
])
def test_impossible_earths(changed, said):
    earth = replace(lw.Earth.wgs84(), **changed)
    assert said in fault(environment=lw.Environment(earth=earth))


@pytest.mark.parametrize(("asked", "said"), [
    ({"duration": 0.0}, "duration is 0: it must be above 0"),
    ({"dt": -0.01}, "dt is -0.01: it must be above 0"),
    ({"dt": math.nan}, "dt holds a value that is not finite"),
    ({"output_step": 0.015}, "it must be a whole multiple of dt"),
    ({"output_step": 0.001}, "it must be a whole multiple of dt"),
    ({"duration": 1e9}, "give a longer output_step"),
    ({"duration": 1e300, "dt": 1e-300}, "steps; give a longer dt"),
    ({"duration": 1.0, "dt": 1e-320}, "steps; give a longer dt"),
    ({"environment": lw.Environment(atmosphere="mars")}, 'give "us1976" or "none"'),
    ({"environment": "calm"}, "environment is of type str: give a longwatch.Environment"),
    ({"body": 3.0}, "body is of type float: give a longwatch.Body"),
])
def test_impossible_runs(asked, said):
    assert said in fault(**asked)


def test_angles_up_to_a_whole_turn_are_angles():
    start = replace(START, longitude=2.0 * math.pi, yaw=-2.0 * math.pi)
    flight = lw.free_flight(BODY, start, None, 0.02)
    assert flight.longitude[0] == pytest.approx(0.0, abs=1e-15)
    assert flight.yaw[0] == pytest.approx(0.0, abs=1e-15)


def test_an_earth_in_the_environments_place_is_one_fault():
    message = fault(environment=lw.Earth.wgs84())
    assert message.endswith("environment is of type Earth: give a longwatch.Environment")


def test_all_faults_come_at_once():
    message = fault(
        replace(BODY, mass=-1.0, inertia=(1.0, 1.0, 3.0), span=-2.0),
        replace(START, latitude=2.0, rate_body_earth=None),
        lw.Environment(earth=replace(lw.Earth.wgs84(), flattening=-1.0),
                       wind=lw.WindTable((5.0, 1.0))), -3.0, 0.0)
    assert message.count("\n  - ") == 9
    for part in ("mass", "inertia", "span", "latitude", "no rate", "flattening",
                 "wind.height_ellipsoid", "duration", "dt"):
        assert part in message


# As plain Python NumPy warns of the same.
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_step_too_long_for_its_damping_is_told():
    stiff = replace(BODY, Cl_p=-1e9, area=1.0)
    fast = replace(START, velocity_ned=(200.0, 0.0, 0.0), rate_body_earth=(1.0, 0.0, 0.0))
    assert "grew beyond all bounds (try a shorter dt than 0.05 s)" in fault(
        stiff, fast, None, 5.0, 0.05)


def test_a_step_too_long_for_its_drag_is_told():
    light = replace(BODY, mass=1.0, area=10.0, CD=1.0)
    fast = replace(START, velocity_ned=(300.0, 0.0, 0.0))
    # The drag of one such step throws it out of the air, faster than light, all finite.
    assert "(try a shorter dt than 1 s)" in fault(light, fast, None, 5.0, 1.0)


@pytest.mark.compiled_only
def test_a_fall_to_the_core_is_told():
    message = fault(BODY, START, lw.Environment(atmosphere="none"), 4000.0, 0.1, output_step=1.0)
    assert "the body fell deep into the Earth (there is no ground: end the flight" in message
