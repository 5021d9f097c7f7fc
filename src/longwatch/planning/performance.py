"""What an aircraft can do, from its datasheet alone: steady, trimmed flight.

Lift equals weight over the cosine of bank; drag is the datasheet's parabolic polar (Anderson,
Aircraft Performance and Design, 1999, chapter 5), gear up where it retracts. The engine's power
and fuel flow are those of aircraft/formulas.py; the propeller's thrust follows from its tables at
the blade angle that absorbs the engine's power. Climbs are flown at a constant calibrated
airspeed, so that part of the excess power goes into speed. Masses in kg, SI units, altitudes
above mean sea level in the standard atmosphere; airspeeds are true unless they are called
calibrated (what the instrument shows) or equivalent (true times the root of the density ratio).
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from longwatch.aircraft.formulas import (
    CEILING_CLIMB,
    GUST_FACTOR_KEPT,
    GUST_SHARE,
    LARGEST_GUST_ALLOWANCE,
    available_power,
    cruise_engine_speed,
    drag_coefficient,
    fuel_flow,
    true_from_calibrated,
)
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.environment.atmosphere import standard_atmosphere

# No more of the never-exceed speed is flown (autopilot/control/energy.py).
HIGHEST_SPEED_SHARE = 0.95
# The fastest speed that is held is looked for in so many steps.
SPEED_STEPS = 16
# Descents are reckoned at this angle. Grade: assumed.
DESCENT_ANGLE = math.radians(3.5)
# Of a run's last speed the mean of its forces is that at this share, where they go by its square
# (1/sqrt 2; Anderson, chapter 6.7).
FRICTION_SPEED_SHARE = 0.7
# It lifts off faster than it rotates: so much longer is the run. Grade: assumed.
RUN_MARGIN = 1.3
# The propeller's thrust is its power over a speed of at least this [m/s]. Grade: assumed.
LEAST_THRUST_SPEED = 5.0
# The flare's last sink rate [m/s], the wait before the brakes [s] and the most speed that the flare
# gives up, over the stall's (autopilot/manoeuvres/landing.py).
FINAL_SINK = 0.2
BRAKE_DELAY = 2.0
LARGEST_SPEED_LOSS = 0.17
# Root mean square of the gusts that it has felt by the flare [m/s] (autopilot/estimation). Grade:
# derived, from MIL-F-8785C's scales and intensities on a glide path of 3 deg, about a wind followed
# over 8 s, averaged over 40 s.
FELT_GUSTS = {"none": 0.0, "light": 0.95, "moderate": 1.9, "severe": 2.8}
# Full brakes hold this share of their friction on the whole weight, over the roll: the wing still
# lifts, the nose wheel has none. Grade: measured, on landings of both aircraft (campaigns.ground).
BRAKED_SHARE = 0.65
# How a headwind and a tailwind count (CS 25.105(d), 25.125(f)).
HEADWIND_COUNTED, TAILWIND_COUNTED = 0.5, 1.5
# How far beyond where the flare's law alone would touch the wheels do, m, in 99 of 100 landings at
# most: without gusts the flare ends early. Grade: measured, as above.
TOUCH_SCATTER = {"none": -80.0, "light": -50.0, "moderate": 0.0, "severe": 60.0}
# Blades on their fine stop: the propeller's speed is found in steps of this ratio, so many at most.
FINEST_SLOWING, BLADE_STOP_ROUNDS = 0.97, 24
# Height over which a climb's gain of true airspeed is taken, m.
STEP = 200.0


class Performance:
    """Steady performance of the aircraft whose Datasheet record is ``sheet``."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._atmosphere = lru_cache(maxsize=4096)(standard_atmosphere)
        self._true_airspeed = true_from_calibrated
        self._blade_columns = lru_cache(maxsize=4096)(self._columns_at)
        # Reading a field of a record takes longer than most sums here.
        self._engine, propeller = sheet.engine, sheet.propeller
        self._engines, self._gear_ratio = int(sheet.engine.count), float(sheet.engine.gear_ratio)
        self._diameter = float(propeller.diameter)
        self._wing_area = float(sheet.geometry.wing_area)
        self._CL_max = float(sheet.aerodynamics.CL_max)
        # The polar is CD0 + k CL^2: two calls give it all.
        self._CD0 = float(drag_coefficient(sheet, 0.0))
        self._CD_per_CL2 = float(drag_coefficient(sheet, 1.0)) - self._CD0
        retracts = bool(sheet.landing_gear.retractable)
        self._CD_gear = float(sheet.aerodynamics.CD_gear) if retracts else 0.0
        self._continuous_speed = float(sheet.engine.continuous_speed)
        count = np.shape(propeller.CT)[0]
        self._angles = propeller.angle_first + propeller.angle_step * np.arange(count)

    def density(self, altitude_msl: float) -> float:
        """Air density in kg/m3."""
        return float(self._atmosphere(round(altitude_msl))[2])

    def mach(self, airspeed: float, altitude_msl: float) -> float:
        """Mach number of a true airspeed."""
        return airspeed / float(self._atmosphere(round(altitude_msl))[3])

    def true_airspeed(self, calibrated: float, altitude_msl: float) -> float:
        """True airspeed at a calibrated one, m/s: the same impact pressure of compressible air."""
        _, pressure, _, sound = self._atmosphere(round(altitude_msl))
        return float(self._true_airspeed(calibrated, pressure, sound))

    def equivalent(self, airspeed: float, altitude_msl: float) -> float:
        """Equivalent airspeed at a true one, m/s."""
        return airspeed * math.sqrt(self.density(altitude_msl) / SEA_LEVEL_DENSITY)

    def stall_speed(self, mass: float, bank: float = 0.0) -> float:
        """Calibrated stall speed, m/s."""
        lift = mass * GRAVITY / math.cos(bank)
        return math.sqrt(2 * lift / (SEA_LEVEL_DENSITY * self._wing_area * self._CL_max))

    def least_speed(self, mass: float, bank: float = 0.0) -> float:
        """The datasheet's least cruise speed, calibrated, m/s, over the stall in a bank."""
        return float(self.sheet.procedures.cruise_factor) * self.stall_speed(mass, bank)

    def drag(self, mass: float, equivalent: float, bank: float = 0.0) -> float:
        """Drag in N at an equivalent airspeed."""
        pressure_area = 0.5 * SEA_LEVEL_DENSITY * equivalent**2 * self._wing_area
        CL = mass * GRAVITY / math.cos(bank) / pressure_area
        return (self._CD0 + self._CD_per_CL2 * CL * CL) * pressure_area

    def power_required(self, mass: float, calibrated: float, altitude_msl: float,
                       climb_rate: float = 0.0, bank: float = 0.0) -> float:
        """Propulsive power (thrust times true airspeed) in W, not below zero."""
        airspeed = self.true_airspeed(calibrated, altitude_msl)
        rise = climb_rate * self.acceleration_factor(calibrated, altitude_msl) if climb_rate else 0
        return max(self.drag(mass, self.equivalent(airspeed, altitude_msl), bank) * airspeed
                   + mass * GRAVITY * rise, 0.0)

    def acceleration_factor(self, calibrated: float, altitude_msl: float) -> float:
        """Power of a climb at a constant calibrated airspeed over that at a constant true one.

        1 + V/g dV/dh (Anderson, Aircraft Performance and Design, 1999, equation 5.107).
        """
        low, high = altitude_msl - 0.5 * STEP, altitude_msl + 0.5 * STEP
        gain = (self.true_airspeed(calibrated, high) - self.true_airspeed(calibrated, low)) / STEP
        return 1.0 + self.true_airspeed(calibrated, altitude_msl) * gain / GRAVITY

    def brake_power_available(self, altitude_msl: float, airspeed: float) -> float:
        """Largest continuous brake power of one engine, W."""
        return float(available_power(self._engine, *self._air(altitude_msl, airspeed)))

    def _air(self, altitude_msl: float, airspeed: float) -> tuple[float, float]:
        return self.density(altitude_msl) / SEA_LEVEL_DENSITY, self.mach(airspeed, altitude_msl)

    def propulsive_power(self, brake_power: float, crank_speed: float, airspeed: float,
                         altitude_msl: float) -> float:
        """Thrust times true airspeed of all engines, W, with the blades where they absorb it."""
        turns = crank_speed / self._gear_ratio / (2 * math.pi)
        density, diameter = self.density(altitude_msl), self._diameter
        CT, CP = self._blade_columns(round(airspeed / (turns * diameter), 3))
        wanted = brake_power / (density * turns**3 * diameter**5)
        for _ in range(BLADE_STOP_ROUNDS):
            if wanted >= CP[0]:
                break
            # On the fine stop of its blades it turns slower, until it takes no more than it gets.
            turns *= FINEST_SLOWING
            CT, CP = self._blade_columns(round(airspeed / (turns * diameter), 3))
            wanted = brake_power / (density * turns**3 * diameter**5)
        thrust = float(np.interp(wanted, CP, CT)) * density * turns**2 * diameter**4
        return thrust * airspeed * self._engines

    def power_available(self, calibrated: float, altitude_msl: float) -> float:
        """Largest continuous propulsive power, W."""
        airspeed = self.true_airspeed(calibrated, altitude_msl)
        return self.propulsive_power(self.brake_power_available(altitude_msl, airspeed),
                                     self._continuous_speed, airspeed, altitude_msl)

    def crank_speed(self, brake_power: float, altitude_msl: float, airspeed: float) -> float:
        """Crankshaft speed at which the autopilot lets an engine give a power, rad/s."""
        return float(cruise_engine_speed(self._engine, brake_power,
                                         *self._air(altitude_msl, airspeed)))

    def brake_power(self, propulsive: float, calibrated: float, altitude_msl: float, *,
                    fine: bool = False) -> float:
        """Brake power of one engine for a propulsive power of all, W, within what it has."""
        airspeed = self.true_airspeed(calibrated, altitude_msl)
        low, high = 0.0, self.brake_power_available(altitude_msl, airspeed)
        for _ in range(16):
            middle = 0.5 * (low + high)
            crank_speed = (self._continuous_speed if fine else
                           self.crank_speed(middle, altitude_msl, airspeed))
            gives = self.propulsive_power(middle, crank_speed, airspeed, altitude_msl)
            low, high = (middle, high) if gives < propulsive else (low, middle)
        return high

    def fuel_flow(self, mass: float, calibrated: float, altitude_msl: float,
                  climb_rate: float = 0.0, bank: float = 0.0, *, gear: bool = False,
                  fine: bool = False) -> float:
        """Fuel flow of all engines in steady flight, kg/s.

        ``gear``: wheels that retract are down. ``fine``: blades are kept fine and engines fast, as
        on the final approach (autopilot/control/energy.py).
        """
        airspeed = self.true_airspeed(calibrated, altitude_msl)
        needed = self.power_required(mass, calibrated, altitude_msl, climb_rate, bank)
        if gear:
            pressure = 0.5 * SEA_LEVEL_DENSITY * self.equivalent(airspeed, altitude_msl)**2
            needed += self._CD_gear * pressure * self._wing_area * airspeed
        power = self.brake_power(needed, calibrated, altitude_msl, fine=fine)
        speed = (self._continuous_speed if fine else
                 self.crank_speed(power, altitude_msl, airspeed))
        return self.fuel_flow_at(power, speed, altitude_msl, airspeed)

    def fuel_flow_at(self, brake_power: float, crank_speed: float, altitude_msl: float,
                     airspeed: float) -> float:
        """Fuel flow of all engines at a brake power and crankshaft speed of each, kg/s."""
        each = fuel_flow(self._engine, brake_power, crank_speed,
                         *self._air(altitude_msl, airspeed))
        return float(each) * self._engines

    def climb_rate(self, mass: float, calibrated: float, altitude_msl: float) -> float:
        """Largest continuous climb rate, m/s; negative where it cannot hold its height."""
        needed = self.power_required(mass, calibrated, altitude_msl)
        excess = self.power_available(calibrated, altitude_msl) - needed
        return float(excess / (mass * GRAVITY
                               * self.acceleration_factor(calibrated, altitude_msl)))

    def ceiling(self, mass: float, calibrated: float | None = None) -> float:
        """Altitude where the climb rate falls to 100 ft/min, or the limit, m.

        At a calibrated airspeed, or at the better of climb speed and least cruise speed.
        """
        if calibrated is None:
            return max(self.ceiling(mass, self.climb_speed(mass)),
                       self.ceiling(mass, self.least_speed(mass)))
        limit = float(self.sheet.limits.ceiling)
        if self.climb_rate(mass, calibrated, limit) >= CEILING_CLIMB:
            return limit
        low, high = 0.0, limit
        for _ in range(20):
            middle = 0.5 * (low + high)
            climbs = self.climb_rate(mass, calibrated, middle) >= CEILING_CLIMB
            low, high = (middle, high) if climbs else (low, middle)
        return low

    def fastest(self, mass: float, altitude_msl: float) -> float:
        """Fastest calibrated airspeed that is held level there, m/s: it still climbs 100 ft/min.

        At most 0.95 of the never-exceed speed; 0 where none can be held.
        """
        low = 1.0 + self.stall_speed(mass)
        high = HIGHEST_SPEED_SHARE * float(self.sheet.limits.never_exceed_speed)
        if self.climb_rate(mass, high, altitude_msl) >= CEILING_CLIMB:
            return high
        # The climb falls from its best speed on: below that one, it is looked for in steps.
        held = [speed for speed in np.linspace(high, low, SPEED_STEPS)[1:]
                if self.climb_rate(mass, float(speed), altitude_msl) >= CEILING_CLIMB][:1]
        if not held:
            return 0.0
        low, high = float(held[0]), float(held[0]) + (high - low) / (SPEED_STEPS - 1)
        for _ in range(8):
            middle = 0.5 * (low + high)
            climbs = self.climb_rate(mass, middle, altitude_msl) >= CEILING_CLIMB
            low, high = (middle, high) if climbs else (low, middle)
        return low

    def climb_speed(self, mass: float) -> float:
        """Calibrated climb speed of the procedures, m/s."""
        return float(self.sheet.procedures.climb_factor) * self.stall_speed(mass)

    def takeoff_distance(self, mass: float, elevation_msl: float, *, headwind: float = 0.0,
                         rise: float = 0.0) -> tuple[float, float]:
        """Ground run, and distance from its start to the end of the climb-out, m.

        The run is from the mean acceleration, at 0.7 of the speed over the ground at lift-off
        (Anderson, section 6.7); nothing is credited for ground effect. Of ``headwind`` [m/s] half
        counts, of a tailwind one and a half (CS 25.105(d)); the runway ``rise`` is the height
        gained along it over its length.
        """
        procedures = self.sheet.procedures
        calibrated = procedures.rotation_factor * self.stall_speed(mass)
        lift_off = self.true_airspeed(calibrated, elevation_msl)
        against = counted(headwind)
        rolls = max(lift_off - against, 0.0)
        share = max(against + FRICTION_SPEED_SHARE * rolls, LEAST_THRUST_SPEED) / lift_off
        middle = share * calibrated
        thrust = (self.power_available(middle, elevation_msl)
                  / self.true_airspeed(middle, elevation_msl))
        pressure_area = 0.5 * SEA_LEVEL_DENSITY * middle**2 * self.sheet.geometry.wing_area
        friction = self.sheet.landing_gear.rolling_friction * mass * GRAVITY
        aero = self.sheet.aerodynamics
        drag = float(drag_coefficient(self.sheet, aero.CL0) + aero.CD_gear) * pressure_area
        acceleration = max((thrust - drag - friction) / mass - GRAVITY * rise, 0.05)
        run = rolls**2 / (2 * acceleration)
        speed = self.climb_speed(mass)
        climb = self.climb_gradient(mass, speed, elevation_msl)
        drift = 1.0 - against / self.true_airspeed(speed, elevation_msl)
        return float(run), float(run + drift * procedures.climb_out_height / max(climb, 0.005))

    def landing_distance(self, mass: float, elevation_msl: float, *, headwind: float = 0.0,
                         wind: float = 0.0, rise: float = 0.0, turbulence: str = "none") -> float:
        """From the threshold to a stop, m, as the autopilot lands and brakes fully.

        Glide path to the aiming point, a flare whose sink falls exponentially with height, and a
        roll braked by BRAKED_SHARE of the brakes' friction. Of ``headwind`` [m/s] half counts, of a
        tailwind one and a half (CS 25.125(f)); ``wind``, whole, adds the autopilot's allowance for
        gusts; the runway ``rise`` is the height gained along it over its length; ``turbulence``
        puts off the touch as TOUCH_SCATTER says.
        """
        touch, slow = self.touch_down(mass, elevation_msl, headwind=headwind, wind=wind,
                                      turbulence=turbulence)
        gear = self.sheet.landing_gear
        friction = BRAKED_SHARE * (gear.brake_friction + gear.rolling_friction) + rise
        if friction <= 0.0:
            return math.inf
        return float(touch + TOUCH_SCATTER[turbulence] + BRAKE_DELAY * slow
                     + slow**2 / (2 * friction * GRAVITY))

    def touch_down(self, mass: float, elevation_msl: float, *, headwind: float = 0.0,
                   wind: float = 0.0, turbulence: str = "none") -> tuple[float, float]:
        """Where the wheels touch beyond the threshold, m, and at what speed over the ground, m/s.

        By the flare's law alone, with what is kept in hand against gusts; arguments as in
        :meth:`landing_distance`.
        """
        procedures, stall = self.sheet.procedures, self.stall_speed(mass)
        fast = procedures.approach_factor * stall + min(
            math.hypot(GUST_SHARE * wind, GUST_FACTOR_KEPT * FELT_GUSTS[turbulence]),
            LARGEST_GUST_ALLOWANCE)
        slow = max(procedures.touchdown_factor * stall, fast - LARGEST_SPEED_LOSS * stall)
        against = counted(headwind)
        fast, slow = (self.true_airspeed(speed, elevation_msl) - against for speed in (fast, slow))
        height, tau = procedures.flare_height, procedures.flare_time_constant
        floats = (0.5 * (fast + slow) * tau * math.log1p(height / (tau * FINAL_SINK))
                  - height / math.tan(procedures.glide_path))
        return float(procedures.aiming_distance + max(floats, 0.0)), float(slow)

    def climb_gradient(self, mass: float, calibrated: float, altitude_msl: float) -> float:
        """Height gained per distance flown, in calm air."""
        return (self.climb_rate(mass, calibrated, altitude_msl)
                / self.true_airspeed(calibrated, altitude_msl))

    def _columns_at(self, advance_ratio: float) -> tuple[np.ndarray, np.ndarray]:
        """CT and CP over the usable blade angles at one advance ratio."""
        propeller = self.sheet.propeller
        count = np.shape(propeller.CT)[1]
        ratios = propeller.advance_first + propeller.advance_step * np.arange(count)
        stops = [propeller.angle_minimum, propeller.angle_maximum]
        inside = self._angles[(self._angles > stops[0]) & (self._angles < stops[1])]
        angles = np.concatenate([stops[:1], inside, stops[1:]])
        thrust = [np.interp(advance_ratio, ratios, row) for row in propeller.CT]
        power = [np.interp(advance_ratio, ratios, row) for row in propeller.CP]
        CP = np.maximum.accumulate(np.interp(angles, self._angles, power))
        return np.interp(angles, self._angles, thrust), CP


def counted(headwind: float) -> float:
    """What of a headwind (negative: tailwind), m/s, field lengths are reckoned with."""
    return headwind * (HEADWIND_COUNTED if headwind > 0.0 else TAILWIND_COUNTED)


def turn_radius(airspeed: float, wind_speed: float, bank: float) -> float:
    """Radius of a turn over the ground, m, at its widest: downwind (true airspeed, m/s)."""
    return (airspeed + wind_speed) ** 2 / (GRAVITY * math.tan(bank))


def ground_speed(airspeed: float, course: float, wind_north: float, wind_east: float) -> float:
    """Speed over the ground along a course, m/s; not above zero where the wind forbids it."""
    along = wind_north * math.cos(course) + wind_east * math.sin(course)
    across = wind_east * math.cos(course) - wind_north * math.sin(course)
    if abs(across) >= airspeed:
        return -math.inf
    return math.sqrt(airspeed**2 - across**2) + along


def lap_time(airspeed: float, radius: float, wind_north: float, wind_east: float) -> float:
    """Time of one circle of a radius over the ground, s."""
    steps = 72
    arc = 2 * math.pi * radius / steps
    speeds = [ground_speed(airspeed, 2 * math.pi * i / steps, wind_north, wind_east)
              for i in range(steps)]
    return sum(arc / max(speed, 0.5) for speed in speeds)
