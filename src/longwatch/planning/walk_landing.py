"""The landing in numbers: round the circle that joins the final, in, and to a stop."""

import math
from dataclasses import replace

from longwatch.earth.geodesics import distance_and_bearing
from longwatch.planning.circles import Lap, turned, way_to_circle
from longwatch.planning.performance import (
    BRAKE_DELAY,
    DESCENT_ANGLE,
    ground_speed,
    turn_radius,
)
from longwatch.planning.walk_legs import LEAST_GROUND_SPEED, fly_leg, lag
from longwatch.planning.walk_state import Path, Visit, Walk

# Bank of the circle that joins the final [rad], and how high above the glide path it is left [m]
# (autopilot/manoeuvres/approach.py); so near to it approach speed is flown: radii, metres
# (landing.py).
JOIN_BANK, LEAVE_HEIGHT = 0.40, 25.0
NEAR_RADII, NEAR_METRES = 4.0, 3000.0
# Within so much of the final's line [m] and of its course [rad] the glide path is taken where it is
# met, and flown down slowly, where less than so much of a lap is left (manoeuvres/approach.py).
ALIGNED_OFFSET, ALIGNED_COURSE, ALIGNED_SHARE = 150.0, 0.25, 0.05


def land(state: Walk, visit: Visit) -> None:
    """To the circle that touches the final at its gate, round it and down, in and to a stop.

    A return leads there from where it is ordered, or to the landing's sequence, never over home.
    """
    case, strips = state.case, state.case.strips
    strip, end = strips.landing_strip, strips.landing_end
    length, course = float(case.sheet.procedures.final_length), strip.course(end)
    gate = strip.approach_point(end, length)
    height = strip.aiming_elevation(end) + case.gate_height
    wind, density_altitude = state.wind(gate, height), state.density_altitude(gate, height)
    speed = case.approach_speed(state.mass, math.hypot(*wind))
    airspeed = case.performance.true_airspeed(speed, density_altitude)
    radius = turn_radius(airspeed, math.hypot(*wind), JOIN_BANK)
    side = 1.0 if strip.approach_place(end, *state.at)[1] >= 0.0 else -1.0
    way = way_to_circle(state.at, strip.approach_point(end, length, side * radius), radius, side)
    state.cuts = False
    way = replace(way, length=way.length + lag(state, visit.index, gate, False))
    askew = turned(distance_and_bearing(*state.at, *way.place)[1], course)
    fly_leg(state, visit, gate, height, way)
    over_ground = max(ground_speed(airspeed, course, *wind), LEAST_GROUND_SPEED)
    flow = case.performance.fuel_flow(state.mass, speed, density_altitude, gear=True)
    share = side * (course - side * 0.5 * math.pi - way.bearing) / (2.0 * math.pi) % 1.0
    near = min(way.length, NEAR_RADII * radius + NEAR_METRES)
    slope = math.tan(case.sheet.procedures.glide_path)
    if visit.path is not None and share < ALIGNED_SHARE and askew < ALIGNED_COURSE:
        near = max(near, min(_path_met(visit.path, slope), ALIGNED_OFFSET / max(askew, 1e-3)))
    cruise = case.performance.true_airspeed(state.speed(visit, gate, height), density_altitude)
    slower = max(visit.ground_speed - max(cruise - airspeed, 0.0), LEAST_GROUND_SPEED)
    state.burn(visit, flow, near / slower - near / visit.ground_speed)
    laps = _joining_laps(share, radius, max(-visit.short_by, 0.0))
    state.burn(visit, flow, Lap(airspeed, radius, side, way.bearing, wind).time(laps))
    down = case.performance.fuel_flow(state.mass, speed, density_altitude, -over_ground * slope,
                                      gear=True, fine=True)
    state.burn(visit, down, length / over_ground)
    _stop(state, visit, flow, density_altitude)
    visit.distance += 2.0 * math.pi * radius * laps + length
    state.altitude = strip.aiming_elevation(end)


def _path_met(path: Path, slope: float) -> float:
    """Metres before the gate where a descent begun at once comes down to a path of this slope."""
    above = path.start_altitude - path.altitude
    if above <= path.length * slope or -path.gradient <= slope:
        return 0.0
    return max((path.length * -path.gradient - above) / (-path.gradient - slope), 0.0)


def _stop(state: Walk, visit: Visit, flow: float, density_altitude: float) -> None:
    """The roll, engines idling: on the fuel of level flight, which is more."""
    performance = state.case.performance
    touched, slow = performance.touch_down(state.mass, density_altitude)
    roll = performance.landing_distance(state.mass, density_altitude) - touched
    state.burn(visit, flow, BRAKE_DELAY + 2.0 * roll / slow)


def _joining_laps(share: float, radius: float, too_high: float) -> float:
    """Laps of the joining circle to the final, a ``share`` of one on, until it is low enough."""
    spiral = max(too_high - LEAVE_HEIGHT, 0.0) / math.tan(DESCENT_ANGLE)
    return share + max(math.ceil(spiral / (2.0 * math.pi * radius) - share), 0)
