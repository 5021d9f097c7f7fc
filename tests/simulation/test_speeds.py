"""Speeds in flight: refused with what can be held, given up against the wind, and what a touch is.
"""

import math
import re

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from longwatch.aircraft.checks import consistency_faults
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.codes import MODE_LAND, MODE_RETURN
from longwatch.autopilot.control import guidance
from longwatch.autopilot.failsafe import headway
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef
from longwatch.errors import OrderError
from longwatch.live.setting import Setting
from longwatch.planning.performance import Performance
from longwatch.simulation.vehicle import FLYING, LANDED, LOST
from longwatch.simulation.watch import watch


@pytest.fixture
def parked(tb2, circuit):
    from longwatch.simulation.run import Simulation
    simulation = Simulation(tb2, circuit, turbulence="none", seed=7, live=True)
    simulation.step(2.0)
    return simulation


@pytest.mark.parametrize("name, given", [
    ("speed", {"calibrated_airspeed": 64.0}), ("speed", {"calibrated_airspeed": 23.0})])
def test_a_speed_is_refused_with_what_is_flown(parked, name, given):
    before = parked.vehicles.tobytes()
    with pytest.raises(OrderError) as refused:
        parked.order(name, **given)
    least, most = map(float, re.findall(r"flies ([\d.]+) to ([\d.]+) m/s", str(refused.value))[0])
    mass = float(parked.state.autopilot.estimate.mass)
    sheet = parked.aircraft.datasheet[0]
    # A tenth of a metre a second either side of what still climbs 100 ft/min; and 1.25 times the
    # stall in the steepest turn, or the standard speed at that mass.
    climb = Performance(sheet).climb_rate
    # Not where it is parked but as high as a take-off leads.
    height = float(parked.state.flight.altitude_msl + parked.loaded.settings[0].takeoff_altitude)
    assert climb(mass, most - 0.1, height) > 0.508 > climb(mass, most + 0.3, height)
    stall = math.sqrt(2.0 * mass * 9.80665 / (1.225 * float(sheet.geometry.wing_area)
                                              * float(sheet.aerodynamics.CL_max)))
    turning = 1.25 * stall / math.sqrt(math.cos(float(sheet.limits.bank_maximum)))
    assert least == pytest.approx(min(turning, 36.0 * math.sqrt(mass / 700.0)), abs=0.1)
    assert parked.vehicles.tobytes() == before
    parked.order(name, calibrated_airspeed=round(most, 1) - 0.1)


def test_an_engine_less_leaves_the_speed_to_the_autopilot(parked):
    parked.state.autopilot.engines.failed = True
    with pytest.raises(OrderError, match="an engine has failed"):
        parked.order("speed", calibrated_airspeed=40.0)


@pytest.mark.parametrize("name, value", [
    ("LIM_CRUISE_SPD", 60.0), ("PROC_CRUISE_FACT", 2.3), ("PROC_CLIMB_FACT", 2.3)])
def test_parameters_ask_for_no_speed_that_cannot_be_held(parked, name, value):
    """The ranges end below; what they would let through, the datasheet's own check refuses."""
    with pytest.raises(OrderError, match="out of range|cannot be held level"):
        parked.order("parameter", name=name, value=value)


@pytest.mark.parametrize("section, name, value", [
    ("limits", "cruise_speed", 60.0), ("procedures", "cruise_factor", 2.3),
    ("procedures", "climb_factor", 2.3)])
def test_no_datasheet_asks_for_a_speed_that_cannot_be_held(section, name, value):
    sheet = load_datasheet("tb2").datasheet.copy()
    sheet[0][section][name] = value
    assert any("cannot be held level" in fault for fault in consistency_faults(sheet[0]))


def against(simulation, wind):
    """Put it on its way north against a wind, at the speed that it has."""
    autopilot = simulation.state.autopilot
    autopilot.modes.phase, autopilot.mission.index = codes.PHASE_EN_ROUTE, 1
    path, estimate = autopilot.guidance, autopilot.estimate
    path.kind, path.course_north, path.course_east = guidance.LINE, 1.0, 0.0
    path.speed_target, estimate.air.density_ratio = 55.0, 1.0
    estimate.wind_north, estimate.wind_east = -wind, 0.0
    return autopilot


@pytest.mark.parametrize("wind, gives_up", [(50.0, False), (58.0, True)])
def test_a_leg_against_which_no_way_is_made_is_given_up(start, wind, gives_up):
    simulation = start(turbulence="none")
    simulation.step(2.0)
    autopilot = against(simulation, wind)
    state = simulation.state
    for second in range(62):
        headway.watch(autopilot, simulation.loaded, simulation.aircraft.datasheet[0],
                      simulation.world.earth[0], state.events, float(second), 1.0)
    noted = [int(entry.code) for entry in state.events.entries[:int(state.events.count)]]
    assert (events.NO_HEADWAY in noted) == gives_up
    assert int(autopilot.modes.phase) == (
        codes.PHASE_APPROACH if gives_up else codes.PHASE_EN_ROUTE
    )
    # Not again soon: what was chosen is given its time.
    assert (float(autopilot.modes.standing) < 0.0) == gives_up


@pytest.mark.parametrize(
    "phase, paved, running, astray, outcome",
    [
        (codes.PHASE_EN_ROUTE, False, True, False, LOST),
        (codes.PHASE_HOLDING, False, True, False, LOST),
        (codes.PHASE_FLARING, False, True, False, LANDED),
        (codes.PHASE_GO_AROUND, True, True, False, LANDED),
        (codes.PHASE_FIELD_LANDING, False, False, False, LANDED),
        # It stopped where it touched in flight (autopilot/manoeuvres/touch.py): no landing on
        # pavement either.
        (codes.PHASE_EN_ROUTE, True, True, True, LOST),
    ],
)
def test_a_touch_of_open_ground_under_power_is_no_landing(start, phase, paved, running, astray,
                                                          outcome):
    simulation = start(turbulence="none")
    state, sheet = simulation.state, simulation.aircraft.datasheet[0]
    simulation.step(1.5)
    state.status.airborne, state.autopilot.modes.phase = True, phase
    state.autopilot.modes.astray = astray
    state.ground.paved, state.engines[0].running = paved, running
    level = np.eye(3).ravel()
    watch(state, sheet, level)
    assert state.status.outcome == FLYING
    # Whatever comes after: it stands for a while.
    state.autopilot.modes.phase, state.autopilot.modes.since = codes.PHASE_STOPPED, -10.0
    watch(state, sheet, level)
    assert state.status.outcome == outcome


@pytest.mark.compiled_only
@pytest.mark.parametrize("aircraft, fuel, altitude", [("tb2", 100.0, 450.0),
                                                      ("akinci", 1000.0, 7000.0)])
def test_the_fastest_accepted_speed_keeps_its_height(aircraft, fuel, altitude):
    simulation, = Setting(aircraft=aircraft, fuel_kg=fuel).simulations()
    simulation.step(2.0)
    simulation.order("arm")
    simulation.order("take_off", altitude_msl=altitude)
    simulation.step(400.0 + (altitude - 450.0) / 6.0)
    assert float(simulation.state.flight.altitude_msl) == pytest.approx(altitude, abs=5.0)
    with pytest.raises(OrderError) as refused:
        simulation.order("speed", calibrated_airspeed=105.0 if aircraft == "akinci" else 64.5)
    most = float(re.findall(r"to ([\d.]+) m/s", str(refused.value))[0])
    simulation.order("speed", calibrated_airspeed=most - 0.1)
    lowest = altitude
    for _ in range(60):
        simulation.step(10.0)
        lowest = min(lowest, float(simulation.state.flight.altitude_msl))
    assert lowest > altitude - 10.0
    flown = float(simulation.state.autopilot.estimate.air.calibrated_airspeed)
    assert flown == pytest.approx(most, abs=0.02 * most)


def bound_against(simulation, wind, end):
    """On the approach to an end of the first runway, on a leg north that it makes no way along."""
    autopilot = against(simulation, wind)
    autopilot.modes.phase, autopilot.guidance.speed_target = codes.PHASE_APPROACH, wind - 1.0
    autopilot.approach.runway, autopilot.approach.end = 0, end
    autopilot.mission.index = int(np.flatnonzero(
        simulation.loaded.items["command"] == plan.LAND)[0])
    return autopilot


def patiently(simulation, seconds=62):
    """Let so many seconds pass with the wind as it is."""
    for second in range(seconds):
        headway.watch(simulation.state.autopilot, simulation.loaded,
                      simulation.aircraft.datasheet[0], simulation.world.earth[0],
                      simulation.state.events, float(second), 1.0)


def upwind_end(simulation):
    """End of the first runway whose final leads north, against the wind."""
    ends = np.degrees(simulation.loaded.runways["latitude"][0])
    places = np.degrees(simulation.loaded.runways["longitude"][0])
    course = Geodesic.WGS84.Inverse(ends[0], places[0], ends[1], places[1])["azi1"]
    return 0 if abs(course) < 90.0 else 1


def test_an_approach_against_which_no_way_is_made_is_flown_to_the_end_against_the_wind(start):
    simulation = start(turbulence="none")
    simulation.step(2.0)
    against_it = upwind_end(simulation)
    autopilot = bound_against(simulation, 25.0, 1 - against_it)
    patiently(simulation, 58)
    assert int(autopilot.approach.end) == 1 - against_it
    patiently(simulation, 4)
    assert int(autopilot.approach.end) == against_it
    assert int(autopilot.modes.phase) == codes.PHASE_APPROACH
    # There is no other end to be flown to: it stays with this one.
    autopilot = bound_against(simulation, 25.0, against_it)
    autopilot.modes.standing, autopilot.modes.since = 0.0, -1.0
    patiently(simulation)
    assert (int(autopilot.approach.end), float(autopilot.modes.since)) == (against_it, -1.0)
    assert float(autopilot.modes.standing) < 0.0


@pytest.mark.parametrize("fuel, mode", [(30.0, MODE_LAND), (0.01, MODE_RETURN)])
def test_live_it_lands_where_it_can_or_goes_to_a_rally_point(parked, fuel, mode):
    against_it = upwind_end(parked)
    autopilot = bound_against(parked, 25.0, 1 - against_it)
    estimate = autopilot.estimate
    estimate.gauges.weight_on_wheels, estimate.gauges.fuel_mass = False, fuel
    # 6 km north of home, beside a rally point.
    estimate.latitude += 0.001
    estimate.position_ecef[:] = geodetic_to_ecef(
        WGS84[0], estimate.latitude, estimate.longitude, estimate.height_ellipsoid)
    parked.order("rally", points=[[float(estimate.latitude), float(estimate.longitude), 600.0]])
    patiently(parked)
    assert int(autopilot.crew.mode) == mode
    if mode == MODE_LAND:
        assert (int(autopilot.crew.runway), int(autopilot.crew.end)) == (0, against_it)
