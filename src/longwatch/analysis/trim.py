"""Steady flight of the aircraft as it flies: :func:`trim` solves its own compiled model.

Forces and moments are those of ``flight.motion``, thrust and torque those of ``flight.propulsion``
run until shaft and governor rest. The unknowns are found by bounded least squares (Branch, Coleman
and Li, SIAM Journal on Scientific Computing 21, 1999, as in SciPy) over the six accelerations; the
pitch that belongs to a climb angle is that of Stevens, Lewis and Johnson, Aircraft Control and
Simulation, 2016, equation 3.6-3. Earth: the flat limit of ``analysis.model``.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.analysis import model
from longwatch.analysis.request import Request, checked
from longwatch.analysis.shortfall import shortfall
from longwatch.earth.standard import GRAVITY
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.errors import TrimError
from longwatch.flight import mass
from longwatch.planning.performance import Performance
from longwatch.simulation.vehicle import Vehicle

# Steady to this: linear [m/s2] and angular [rad/s2] acceleration left.
LARGEST_ACCELERATION, LARGEST_ANGULAR_ACCELERATION = 1e-6, 1e-6
# Lift still rises a little beyond the angle where its line meets the stall.
PAST_STALL = 0.10
CRUISE_ROUNDS = 6
# Where nothing balances, moments are to balance first: then what is left is the force missing.
WEIGHTS = np.array([1.0, 1.0, 1.0, 30.0, 30.0, 30.0])


@dataclass(frozen=True)
class Trim:
    """Steady flight; SI units and radians.

    Attributes:
        aircraft: the aircraft.
        altitude_msl, true_airspeed, calibrated_airspeed: where and how fast [m, m/s].
        mass, payload_kg, fuel_kg: masses [kg].
        climb_angle, climb_rate: flight path above the horizon [rad], height gained [m/s].
        turn_rate: rate of the heading, positive to the right [rad/s].
        load_factor: lift along the body's z axis over weight.
        alpha, beta, roll, pitch: flow angles and attitude [rad].
        velocity_body, rate_body: velocity [m/s] and rate [rad/s], body axes.
        elevator, aileron, rudder: effective deflections [rad], signs as in ``aircraft.schema``.
        throttle: lever of the running engines, 0 to 1.
        gear_down: landing gear extended.
        engines: which engines run.
        engine_speed, blade_angle, thrust, power, fuel_flow: of each engine: crankshaft [rad/s],
            blade [rad], thrust [N], brake power [W], fuel burnt [kg/s].
        acceleration_left, angular_acceleration_left: the largest residuals [m/s2, rad/s2].
        state: the ten states, in the order of ``analysis.model.STATES``.
        controls: elevator, aileron, rudder, throttle.
        vehicle: the aircraft's whole record in this flight, an array of one.
    """

    aircraft: Aircraft
    altitude_msl: float
    true_airspeed: float
    calibrated_airspeed: float
    mass: float
    payload_kg: float
    fuel_kg: float
    climb_angle: float
    climb_rate: float
    turn_rate: float
    load_factor: float
    alpha: float
    beta: float
    roll: float
    pitch: float
    velocity_body: tuple[float, float, float]
    rate_body: tuple[float, float, float]
    elevator: float
    aileron: float
    rudder: float
    throttle: float
    gear_down: bool
    engines: tuple[bool, ...]
    engine_speed: tuple[float, ...]
    blade_angle: tuple[float, ...]
    thrust: tuple[float, ...]
    power: tuple[float, ...]
    fuel_flow: tuple[float, ...]
    acceleration_left: float
    angular_acceleration_left: float
    state: np.ndarray = field(repr=False, compare=False)
    controls: np.ndarray = field(repr=False, compare=False)
    vehicle: np.ndarray = field(repr=False, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The named figures, for JSON."""
        figures = {name: getattr(self, name) for name in self.__dataclass_fields__
                   if name not in ("aircraft", "state", "controls", "vehicle")}
        return {"aircraft": self.aircraft.name, **figures}


def trim(aircraft: str | Path | Aircraft = "tb2", *, calibrated_airspeed: float | None = None,
         true_airspeed: float | None = None, altitude_msl: float = 0.0, payload_kg: float = 0.0,
         fuel_kg: float | None = None, climb_angle: float | None = None,
         climb_rate: float | None = None, bank: float | None = None,
         sideslip: float | None = 0.0, throttle: float | None = None,
         engines: tuple[bool, ...] | None = None, engine_speed: float | None = None,
         gear_down: bool = False) -> Trim:
    """Find the controls and the attitude of a steady flight.

    Args:
        aircraft: a datasheet's name, a path to one, or a loaded one.
        calibrated_airspeed, true_airspeed: one of the two [m/s].
        altitude_msl: altitude in the standard atmosphere [m].
        payload_kg, fuel_kg: masses; without ``fuel_kg`` half of the fuel that fits.
        climb_angle, climb_rate: at most one [rad, m/s]; level without both.
        bank: roll angle of a turn [rad]; without it the flight is straight, at the roll that
            holds it so.
        sideslip: sideslip held [rad]; None with a ``bank`` holds the flight straight at it, as
            with one engine out.
        throttle: lever of the running engines held, 0 to 1; the climb angle follows from it (0
            glides with the engines idling).
        engines: which engines run, all without it; none of them glides, propellers feathered
            where they can be.
        engine_speed: crankshaft speed asked of the governors [rad/s]; without it, what the
            autopilot asks for at the power needed.
        gear_down: landing gear extended (a fixed gear always is).

    Raises:
        DatasheetError: the aircraft is unknown or wrong.
        SetupError: the flight asked for makes no sense; every fault is named.
        TrimError: there is no such steady flight; says what falls short and by how much.
    """
    loaded = aircraft if isinstance(aircraft, Aircraft) else load_datasheet(aircraft)
    request = checked(loaded, Request(
        calibrated_airspeed, true_airspeed, altitude_msl, payload_kg, fuel_kg, climb_angle,
        climb_rate, bank, sideslip, throttle, engines, engine_speed, gear_down))
    return solved(loaded, request)


def solved(aircraft: Aircraft, request: Request) -> Trim:
    """The steady flight of a complete request."""
    sheet = aircraft.datasheet[0]
    performance = Performance(sheet)
    speed = request.engine_speed or float(sheet.engine.continuous_speed)
    problem = Problem(aircraft, request, speed)
    guess = problem.solve(problem.first_guess())
    if request.engine_speed is None and any(request.engines):
        for _ in range(CRUISE_ROUNDS):
            power = max(float(engine.power) for engine in problem.vehicle[0].engines)
            wanted = performance.crank_speed(
                max(power, 0.0), request.altitude_msl, request.true_airspeed)
            if not problem.steady or abs(wanted - speed) < 1e-9 * speed:
                break
            speed = wanted
            problem = Problem(aircraft, request, speed)
            guess = problem.solve(guess)
        if not problem.steady and speed < float(sheet.engine.continuous_speed):
            problem = Problem(aircraft, request, float(sheet.engine.continuous_speed))
            guess = problem.solve(problem.first_guess())
    if not problem.steady:
        raise TrimError(shortfall(problem, lambda other: Problem(aircraft, other, speed)))
    return problem.result()


class Problem:
    """The unknowns, their bounds and the accelerations that they leave."""

    names = ("alpha", "aileron", "ruddervator_left", "ruddervator_right")

    def __init__(self, aircraft: Aircraft, request: Request, engine_speed: float) -> None:
        self.aircraft, self.request = aircraft, request
        self.sheet = sheet = aircraft.datasheet[0]
        aero, servos = sheet.aerodynamics, sheet.actuators
        self.alpha_zero_lift = -float(aero.CL0 / aero.CL_alpha)
        self.alpha_stall = float((aero.CL_max - aero.CL0) / aero.CL_alpha)
        fifth = "throttle" if request.throttle is None and any(request.engines) else "climb_angle"
        sixth = "roll" if request.bank is None else (
            "turn_rate" if request.sideslip is not None else "sideslip")
        self.unknowns = (*self.names, fifth, sixth)
        bounds = {"alpha": (float((aero.CL_min - aero.CL0) / aero.CL_alpha),
                            self.alpha_stall + PAST_STALL),
                  "aileron": (float(servos.aileron.lower), float(servos.aileron.upper)),
                  "ruddervator_left": (float(servos.ruddervator.lower),
                                       float(servos.ruddervator.upper)),
                  "throttle": (0.0, 1.0), "climb_angle": (-1.0, 1.0), "roll": (-0.6, 0.6),
                  "turn_rate": (-1.0, 1.0), "sideslip": (-0.4, 0.4)}
        bounds["ruddervator_right"] = bounds["ruddervator_left"]
        self.bounds = np.array([bounds[name] for name in self.unknowns])
        self.vehicle = _loaded(sheet, request, engine_speed)
        self.guess = np.zeros(6)
        self.state, self.controls, self.left = np.zeros(10), np.zeros(4), np.zeros(10)

    def first_guess(self) -> np.ndarray:
        """Level flight on the straight part of the lift curve."""
        density = float(standard_atmosphere(self.request.altitude_msl)[2])
        area = 0.5 * density * self.request.true_airspeed**2 * float(self.sheet.geometry.wing_area)
        CL = float(self.vehicle[0].mass.mass) * GRAVITY / area
        alpha = self.alpha_zero_lift + CL / float(self.sheet.aerodynamics.CL_alpha)
        turn = GRAVITY * math.tan(self.request.bank or 0.0) / self.request.true_airspeed
        first = {"alpha": alpha, "throttle": 0.5, "turn_rate": turn,
                 "climb_angle": self.request.climb_angle}
        return np.array([first.get(name, 0.0) for name in self.unknowns])

    def value(self, unknowns: np.ndarray, name: str, given: float | None) -> float:
        """One unknown by its name, or what was given for it."""
        if name in self.unknowns:
            return float(unknowns[self.unknowns.index(name)])
        return 0.0 if given is None else given

    def accelerations(self, unknowns: np.ndarray) -> np.ndarray:
        """Linear [m/s2] and angular [rad/s2] accelerations that a guess leaves, weighted."""
        request = self.request
        alpha, aileron, left, right = (float(value) for value in unknowns[:4])
        climb = self.value(unknowns, "climb_angle", request.climb_angle)
        roll = self.value(unknowns, "roll", request.bank)
        turn = self.value(unknowns, "turn_rate", 0.0)
        beta = self.value(unknowns, "sideslip", request.sideslip)
        pitch = pitch_of(climb, alpha, beta, roll)
        speed = request.true_airspeed
        self.state[:] = (
            speed * math.cos(alpha) * math.cos(beta), speed * math.sin(beta),
            speed * math.sin(alpha) * math.cos(beta), -turn * math.sin(pitch),
            turn * math.sin(roll) * math.cos(pitch), turn * math.cos(roll) * math.cos(pitch),
            roll, pitch, 0.0, request.altitude_msl)
        self.controls[:] = (0.5 * (left + right), aileron, 0.5 * (right - left),
                            self.value(unknowns, "throttle", request.throttle))
        model.evaluate(self.vehicle, self.aircraft.datasheet, model.FLAT_EARTH, self.state,
                       self.controls, self.left)
        return self.left[:6] * WEIGHTS

    def solve(self, guess: np.ndarray) -> np.ndarray:
        """The unknowns that come nearest to no acceleration."""
        low, high = self.bounds.T
        inside = np.clip(guess, low + 1e-3 * (high - low), high - 1e-3 * (high - low))
        found = least_squares(self.accelerations, inside, "3-point", (low, high),
                              x_scale=0.05 * (high - low), ftol=1e-15, xtol=1e-15, gtol=1e-15,
                              max_nfev=60).x
        self.accelerations(found)
        self.guess = np.asarray(found)
        return self.guess

    @property
    def steady(self) -> bool:
        """The last guess flies steadily."""
        return bool(np.abs(self.left[:3]).max() < LARGEST_ACCELERATION
                    and np.abs(self.left[3:6]).max() < LARGEST_ANGULAR_ACCELERATION)

    def result(self) -> Trim:
        """The last guess as a steady flight."""
        vehicle, request, x = self.vehicle[0], self.request, self.state
        speed, count = request.true_airspeed, int(self.sheet.engine.count)
        engines, propellers = vehicle.engines[:count], vehicle.propellers[:count]
        climb_rate = float(self.left[9])
        u, v, w, p, q, r, roll, pitch = (float(value) for value in x[:8])
        upward = GRAVITY * math.cos(roll) * math.cos(pitch) + q * u - p * v
        elevator, aileron, rudder, throttle = (float(value) for value in self.controls)

        def each(parts: Any, name: str) -> tuple[float, ...]:
            return tuple(float(part[name]) for part in parts)

        return Trim(
            aircraft=self.aircraft, altitude_msl=request.altitude_msl, true_airspeed=speed,
            calibrated_airspeed=request.calibrated, mass=float(vehicle.mass.mass),
            payload_kg=request.payload_kg, fuel_kg=request.fuel_kg,
            climb_angle=math.asin(climb_rate / speed), climb_rate=climb_rate,
            turn_rate=float(self.left[8]), load_factor=upward / GRAVITY,
            alpha=math.atan2(w, u), beta=math.asin(v / speed), roll=roll, pitch=pitch,
            velocity_body=(u, v, w), rate_body=(p, q, r), elevator=elevator, aileron=aileron,
            rudder=rudder, throttle=throttle, gear_down=request.gear_down,
            engines=request.engines, engine_speed=each(engines, "speed"),
            blade_angle=each(propellers, "blade_angle"), thrust=each(propellers, "thrust"),
            power=each(engines, "power"), fuel_flow=each(engines, "fuel_flow"),
            acceleration_left=float(np.abs(self.left[:3]).max()),
            angular_acceleration_left=float(np.abs(self.left[3:6]).max()),
            state=x.copy(), controls=self.controls.copy(), vehicle=self.vehicle.copy())


def pitch_of(climb: float, alpha: float, beta: float, roll: float) -> float:
    """Pitch [rad] at a flight path's climb angle, flow angles and roll."""
    a = math.cos(alpha) * math.cos(beta)
    b = math.sin(roll) * math.sin(beta) + math.cos(roll) * math.sin(alpha) * math.cos(beta)
    s = math.sin(climb)
    return math.atan2(a * b + s * math.sqrt(max(a * a - s * s + b * b, 0.0)), a * a - s * s)


def _loaded(sheet: Any, request: Request, engine_speed: float) -> np.ndarray:
    """The aircraft's record with its masses aboard and its engines turning."""
    vehicles: np.ndarray = Vehicle.zeros(1)
    vehicle = vehicles[0]
    vehicle.mass.payload_mass, vehicle.mass.fuel_mass = request.payload_kg, request.fuel_kg
    mass.step(vehicle.mass, sheet.mass)
    for i, running in enumerate(request.engines):
        vehicle.engines[i].running = running
        vehicle.engines[i].speed = engine_speed
        vehicle.commands.engine_speed[i] = engine_speed
        vehicle.propellers[i].blade_angle = 0.5 * (
            sheet.propeller.angle_minimum + sheet.propeller.angle_maximum)
        # A dead engine's blades are in the stream where they can be turned there.
        if not running and sheet.propeller.feathering:
            vehicle.commands.feather[i] = 1
            vehicle.propellers[i].blade_angle = sheet.propeller.angle_feather
            vehicle.engines[i].speed = 0.0
    vehicle.actuators.gear = 1.0 if request.gear_down else 0.0
    vehicle.commands.gear_up = not request.gear_down
    return vehicles
