"""Orders that say where to fly: places, courses, altitudes and speeds, sticks, set-points."""

import math
from typing import Any

from longwatch.autopilot import crew
from longwatch.autopilot.crew_state import (
    ALTITUDE,
    ATTITUDE,
    CRUISE,
    GUIDED,
    HOLD,
    MISSION,
    NO_SETPOINT,
    OFFBOARD,
    ORBIT,
    POSITION,
    TAKE_OFF,
    VELOCITY,
)
from longwatch.autopilot.modes import CLIMB_OUT, EN_ROUTE, HOLDING, LOITER, STEERED
from longwatch.autopilot.navigation import stall_speed
from longwatch.errors import OrderArgumentError, OrderError
from longwatch.simulation import fence_orders
from longwatch.simulation.crew_orders import (
    check_altitude,
    context,
    on_ground,
    require_airborne,
    require_life,
)


def _check_speed(simulation: Any, value: float | None) -> None:
    if value is None:
        return
    sheet, estimate = simulation.aircraft.datasheet[0], simulation.state.autopilot.navigation
    least = float(sheet.procedures.protection_factor * stall_speed(estimate, sheet))
    most = 0.95 * float(sheet.limits.never_exceed_speed)
    if not least <= value <= most:
        raise OrderArgumentError(f"speed {value:g} m/s: at this mass it flies {least:.1f} to "
                                 f"{most:.1f} m/s calibrated")


def go_to(simulation: Any, *, latitude: float, longitude: float, altitude_msl: float | None,
          radius: float | None, speed: float | None) -> None:
    """Fly to a place and circle it."""
    _circle(simulation, GUIDED, latitude, longitude, altitude_msl, radius, speed)


def orbit(simulation: Any, *, latitude: float | None, longitude: float | None,
          altitude_msl: float | None, radius: float | None, speed: float | None) -> None:
    """Circle a place, or the present circle's, or where it is."""
    require_airborne(simulation)
    if (latitude is None) != (longitude is None):
        raise OrderError("latitude and longitude: give both, or neither")
    autopilot = simulation.state.autopilot
    if latitude is None or longitude is None:
        if autopilot.modes.phase != HOLDING:
            crew.take_mode(*context(simulation), ORBIT)
        if autopilot.modes.phase == CLIMB_OUT:
            return
        latitude = float(autopilot.crew.target_latitude)
        longitude = float(autopilot.crew.target_longitude)
    _circle(simulation, ORBIT, latitude, longitude, altitude_msl, radius, speed)


def _circle(simulation: Any, number: int, latitude: float, longitude: float,
            altitude_msl: float | None, radius: float | None, speed: float | None) -> None:
    require_airborne(simulation)
    check_altitude(simulation, altitude_msl)
    _check_speed(simulation, speed)
    if radius == 0.0:
        radius = None
    autopilot = simulation.state.autopilot
    if altitude_msl is None:
        altitude_msl = _altitude_now(autopilot)
    if radius is None:
        radius = float(simulation._loaded.settings[0].loiter_radius)
    fence_orders.check_circle(simulation, latitude, longitude, radius)
    if speed is not None:
        autopilot.crew.speed = speed
    crew.go_to(*context(simulation), number, latitude, longitude, altitude_msl, radius)


def _altitude_now(autopilot: Any) -> float:
    """The altitude that is being held or climbed to, else where it is."""
    if autopilot.modes.phase == HOLDING:
        return float(autopilot.crew.target_altitude_msl)
    if autopilot.modes.phase in (EN_ROUTE, LOITER):
        return float(autopilot.guidance.altitude_target)
    return float(autopilot.navigation.altitude_msl)


def course(simulation: Any, *, course: float) -> None:
    """Hold a course and the altitude."""
    require_airborne(simulation)
    autopilot = simulation.state.autopilot
    held = _altitude_now(autopilot)
    if autopilot.crew.mode != CRUISE:
        crew.take_mode(*context(simulation), CRUISE)
        autopilot.crew.target_altitude_msl = max(held, autopilot.crew.target_altitude_msl)
    autopilot.crew.course, autopilot.crew.aims_at_course = course, True
    autopilot.crew.placed = autopilot.modes.phase == CLIMB_OUT


def altitude(simulation: Any, *, altitude_msl: float) -> None:
    """Change the altitude: of the circle or course held; under a plan it leaves it and holds."""
    require_airborne(simulation)
    check_altitude(simulation, altitude_msl)
    autopilot = simulation.state.autopilot
    steered = autopilot.modes.phase == STEERED and autopilot.crew.mode in (ALTITUDE, CRUISE)
    held = autopilot.modes.phase == HOLDING and autopilot.crew.mode in (
        HOLD, GUIDED, ORBIT, TAKE_OFF)
    if autopilot.modes.phase == CLIMB_OUT:
        if not autopilot.crew.placed:
            state, time = simulation.state, simulation.time
            crew.note_mode(autopilot, TAKE_OFF, state.events, time)
    elif not (steered or held):
        crew.take_mode(*context(simulation), GUIDED)
    autopilot.crew.target_altitude_msl = altitude_msl


def speed(simulation: Any, *, calibrated_airspeed: float | None) -> None:
    """Change the speed; under a plan until its next change of speed."""
    require_life(simulation)
    _check_speed(simulation, calibrated_airspeed)
    autopilot = simulation.state.autopilot
    asked = 0.0 if calibrated_airspeed is None else calibrated_airspeed
    autopilot.crew.speed = asked
    if autopilot.crew.mode == MISSION:
        autopilot.mission.speed = asked


# ------------------------------------------------------------------- sticks and set-points


def manual(simulation: Any, *, roll: float | None, pitch: float | None, yaw: float | None,
           throttle: float | None) -> None:
    """Where the sticks are; they count in ALTITUDE and CRUISE."""
    sticks = simulation.state.autopilot.crew.sticks
    for i, value in enumerate((roll, pitch, yaw, throttle)):
        if value is not None:
            sticks[i] = value


def _offboard(simulation: Any, kind: int, *figures: float) -> None:
    require_life(simulation)
    state = simulation.state.autopilot.crew
    state.offboard = kind
    for i, figure in enumerate(figures):
        state.setpoint[i] = figure
    if state.mode == OFFBOARD and not on_ground(simulation):
        crew.follow_setpoint(*context(simulation))


def offboard_position(simulation: Any, *, latitude: float, longitude: float,
                      altitude_msl: float) -> None:
    """Circle a place."""
    check_altitude(simulation, altitude_msl)
    fence_orders.check_circle(simulation, latitude, longitude,
                              float(simulation._loaded.settings[0].loiter_radius))
    _offboard(simulation, POSITION, latitude, longitude, altitude_msl)


def offboard_velocity(simulation: Any, *, north: float, east: float, down: float) -> None:
    """Fly a velocity over the ground."""
    _offboard(simulation, VELOCITY, north, east, down)


def offboard_attitude(simulation: Any, *, roll: float, pitch: float, thrust: float) -> None:
    """Fly an attitude, within the limits."""
    _offboard(simulation, ATTITUDE, math.remainder(roll, 2.0 * math.pi), pitch, thrust)


def offboard_end(simulation: Any) -> None:
    """Set-points have ended: in OFFBOARD it holds."""
    state = simulation.state.autopilot.crew
    state.offboard = NO_SETPOINT
    if state.mode != OFFBOARD:
        return
    if on_ground(simulation):
        crew.note_mode(simulation.state.autopilot, HOLD, simulation.state.events, simulation.time)
    else:
        crew.take_mode(*context(simulation), HOLD)
