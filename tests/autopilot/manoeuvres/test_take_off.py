"""Take-off roll, rotation and go-around: each ends, whatever it waited for."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from autopilot.conftest import place
from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.plan import PlanHeader, PlanItem, PlanRunway
from longwatch.autopilot.crew import inbound
from longwatch.autopilot.manoeuvres import approach, landing, take_off
from longwatch.simulation.vehicle import Loaded, Vehicle

LENGTH, ELEVATION, SOUTH = 2000.0, 100.0, (40.0, 30.0)
GRAVITY = 9.80665


class Roll:
    """An aircraft on a runway that leads north, in the mind of its autopilot."""

    def __init__(self, sheet, earth, ring, phase):
        self.sheet, self.earth, self.ring = sheet, earth, ring
        vehicle = Vehicle.zeros(1)[0]
        self.autopilot, self.commands = vehicle.autopilot, vehicle.commands
        strips = PlanRunway.zeros(1)
        north = Geodesic.WGS84.Direct(*SOUTH, 0.0, LENGTH)["lat2"]
        strips[0].latitude[:] = np.radians((SOUTH[0], north))
        strips[0].longitude[:] = math.radians(SOUTH[1])
        strips[0].elevation_msl[:] = ELEVATION
        strips[0].aiming_distance, strips[0].width = 300.0, 45.0
        self.plan = Loaded(PlanItem.zeros(1), strips, PlanHeader.zeros(1)[0])
        approach.select(self.autopilot.approach, strips, earth, 0, 0)
        self.autopilot.modes.phase = phase
        self.autopilot.engines.working = sheet.engine.count
        self.estimate = self.autopilot.estimate
        self.estimate.mass = 600.0
        self.estimate.ground_valid = True

    def at(self, along, speed, height=0.0, airspeed=None):
        """So far along the runway, so fast over the ground, so high."""
        there = Geodesic.WGS84.Direct(*SOUTH, 0.0, along)["lat2"]
        place(self.estimate, math.radians(there), math.radians(SOUTH[1]),
              ELEVATION + height, 0.0, speed)
        self.estimate.height_above_ground = height
        self.estimate.gauges.weight_on_wheels = height < 0.5
        if airspeed is not None:
            self.estimate.air.calibrated_airspeed = airspeed
        return self

    def step(self, time=1.0):
        take_off.take_off(self.autopilot, self.commands, self.sheet, self.earth, self.ring, time,
                          0.05, self.plan)
        return int(self.autopilot.modes.phase)

    def noted(self):
        return [int(self.ring.entries[i].code) for i in range(int(self.ring.count))]


@pytest.fixture
def rolling(sheet, earth, ring):
    return Roll(sheet, earth, ring, codes.PHASE_TAKEOFF_ROLL)


@pytest.fixture
def rotating(sheet, earth, ring):
    return Roll(sheet, earth, ring, codes.PHASE_ROTATION)


def stopped_within(sheet, speed):
    """Way [m] in which the brakes, at six tenths of what they give, stop it: v2 / 2a."""
    return speed**2 / (2.0 * 0.6 * GRAVITY * sheet.landing_gear.brake_friction)


def test_a_rotation_speed_that_never_comes_ends_the_roll_while_the_runway_still_stops_it(
        rolling, sheet):
    """A rotation factor of 2: with 40 m/s all the way it never comes to the speed of 56 m/s."""
    rolling.sheet = sheet.copy()
    rolling.sheet.procedures.rotation_factor = 2.0
    speed, along = 40.0, 100.0
    while rolling.at(along, speed).step() == codes.PHASE_TAKEOFF_ROLL:
        along += 5.0
        assert along < LENGTH
    assert rolling.autopilot.modes.phase == codes.PHASE_ROLL_OUT
    assert events.TAKEOFF_REJECTED in rolling.noted()
    left = LENGTH - along
    assert stopped_within(sheet, speed) < left < stopped_within(sheet, speed) + 250.0


def test_an_airspeed_that_stays_behind_ends_the_roll_at_once(rolling, sheet):
    """Stall at 600 kg: 2 m g / (rho S CL) is 26.2 m/s squared; 1.1 times that, and 10 of wind."""
    stall = math.sqrt(2.0 * 600.0 * GRAVITY / (
        1.225 * sheet.geometry.wing_area * sheet.aerodynamics.CL_max))
    assert rolling.at(300.0, 1.1 * stall + 9.5, airspeed=10.0).step() == codes.PHASE_TAKEOFF_ROLL
    assert rolling.at(320.0, 1.1 * stall + 10.5, airspeed=10.0).step() == codes.PHASE_ROLL_OUT
    assert events.TAKEOFF_REJECTED in rolling.noted()


@pytest.mark.parametrize(("along", "speed"), [(60.0, 0.0), (250.0, 20.0), (450.0, 28.0)])
def test_a_roll_that_goes_as_it_should_goes_on(rolling, along, speed):
    assert rolling.at(along, speed).step() == codes.PHASE_TAKEOFF_ROLL


def test_at_the_rotation_speed_it_rotates_even_where_it_could_not_stop_any_more(rolling):
    assert rolling.at(LENGTH - 200.0, 45.0).step() == codes.PHASE_ROTATION


def test_an_aircraft_that_has_lifted_off_in_the_roll_climbs_out(rolling):
    assert rolling.at(1200.0, 45.0, height=3.5, airspeed=0.0).step() == codes.PHASE_CLIMB_OUT
    assert events.LIFT_OFF in rolling.noted()


def test_a_nose_raised_in_vain_is_lowered_again(rotating):
    rotating.autopilot.modes.since = 0.0
    assert rotating.at(600.0, 36.0).step(time=9.9) == codes.PHASE_ROTATION
    assert rotating.at(900.0, 36.0).step(time=10.1) == codes.PHASE_ROLL_OUT


def test_without_an_altimeter_it_has_lifted_off_by_its_altitude_over_the_runway(rotating):
    rotating.at(900.0, 40.0, height=4.0)
    rotating.estimate.height_above_ground, rotating.estimate.ground_valid = 0.0, False
    assert rotating.step() == codes.PHASE_CLIMB_OUT


@pytest.mark.parametrize("climb_out", [60.0, 150.0, 300.0])
def test_a_go_around_climbs_beyond_the_height_at_which_it_ends(rolling, climb_out):
    sheet = rolling.sheet.copy()
    sheet.procedures.climb_out_height = climb_out
    rolling.at(-500.0, 40.0, height=30.0).autopilot.modes.phase = codes.PHASE_GO_AROUND
    approach.set_centreline(rolling.autopilot.approach, rolling.autopilot.guidance,
                            rolling.plan.runways, rolling.earth)
    landing.go_around(rolling.autopilot, rolling.plan, sheet, rolling.earth, rolling.ring, 1.0)
    assert rolling.autopilot.guidance.altitude_target >= ELEVATION + 2.0 * climb_out + 50.0


def test_the_way_to_a_runway_is_no_wider_for_a_wide_loiter_radius(rolling):
    """A circle of 20 km never comes as near as the descent begins: it would circle for ever."""
    settings = rolling.plan.settings.copy()
    settings["loiter_radius"] = 20000.0
    rolling.at(-30000.0, 36.0, height=500.0)
    inbound.to_runway(rolling.autopilot, rolling.plan._replace(settings=settings), rolling.sheet,
                      rolling.earth, rolling.ring, 1.0, 0, -1)
    # v2 / (g tan 24 deg) at 36 m/s.
    assert rolling.autopilot.crew.radius == pytest.approx(
        36.0**2 / (GRAVITY * math.tan(0.8 * 0.5236)), rel=1e-3)
