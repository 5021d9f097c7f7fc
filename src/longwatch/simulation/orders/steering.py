"""Orders that say where to fly: places, courses, altitudes and speeds, sticks, set-points."""

import math

from longwatch.aircraft.formulas import density_altitude
from longwatch.autopilot.aboard.crew_record import ATTITUDE, NO_SETPOINT, POSITION, VELOCITY
from longwatch.autopilot.codes import (
    MODE_ALTITUDE,
    MODE_CRUISE,
    MODE_GUIDED,
    MODE_HOLD,
    MODE_MISSION,
    MODE_OFFBOARD,
    MODE_ORBIT,
    MODE_TAKE_OFF,
    PHASE_CLIMB_OUT,
    PHASE_EN_ROUTE,
    PHASE_HOLDING,
    PHASE_LOITER,
    PHASE_STEERED,
)
from longwatch.autopilot.crew import leaving, modes
from longwatch.autopilot.estimation.estimate import true_over_calibrated
from longwatch.autopilot.manoeuvres.guided import LEAST_VELOCITY
from longwatch.autopilot.manoeuvres.phases import least_speed
from longwatch.errors import OrderArgumentError, OrderError
from longwatch.planning.performance import Performance
from longwatch.simulation.orders import fence
from longwatch.simulation.orders.crew import (
    check_altitude,
    context,
    on_ground,
    require_airborne,
    require_life,
)
from longwatch.simulation.simulated_aircraft import SimulatedAircraft

# A set-point of velocity may miss the speeds that are flown by so much, which are flown then [m/s].
VELOCITY_SLACK = 1.0


def _check_speed(simulation: SimulatedAircraft, value: float | None,
                 altitude_msl: float | None = None, what: str = "speed", slack: float = 0.0
                 ) -> None:
    """Refuse a calibrated airspeed that is not flown, or not held level, here and at an altitude.

    Flown it would be all the same: no slower than the margin to the stall in the steepest turn
    allows, as a plan's, and no faster than the engines hold it (autopilot/control/level_speed.py).
    """
    if value is None:
        return
    if simulation.state.autopilot.engines.failed:
        raise OrderError("an engine has failed: until it is down, the autopilot flies the speed "
                         "at which the other one climbs best")
    least, most = _speeds_flown(simulation, altitude_msl)
    if not least - slack <= value <= most + slack:
        raise OrderArgumentError(f"{what} {value:.1f} m/s: at this mass and height it flies "
                                 f"{least:.1f} to {most:.1f} m/s calibrated")


def _speeds_flown(simulation: SimulatedAircraft, altitude_msl: float | None) -> tuple[float, float]:
    """Least and fastest calibrated airspeed [m/s] at this mass and the higher of two altitudes."""
    sheet, estimate = simulation.aircraft.datasheet[0], simulation.state.autopilot.estimate
    # Before it has found itself, at the largest mass and the sea's level.
    mass = float(estimate.mass) or float(sheet.mass.maximum_takeoff_mass)
    performance, ratio = Performance(sheet), float(estimate.air.density_ratio) or 1.0
    standard = float(sheet.limits.cruise_speed) * math.sqrt(
        mass / float(sheet.mass.maximum_takeoff_mass))
    least = max(float(least_speed(estimate, sheet)), min(
        performance.least_speed(mass, float(sheet.limits.bank_maximum)), standard))
    climb = max((altitude_msl or 0.0) - float(estimate.altitude_msl), 0.0)
    return least, performance.fastest(
        mass, float(density_altitude(max(ratio, 0.05))) + climb)


def go_to(simulation: SimulatedAircraft, *, latitude: float, longitude: float,
          altitude_msl: float | None, radius: float | None, speed: float | None) -> None:
    """Fly to a place and circle it."""
    _circle(simulation, MODE_GUIDED, latitude, longitude, altitude_msl, radius, speed)


def orbit(simulation: SimulatedAircraft, *, latitude: float | None, longitude: float | None,
          altitude_msl: float | None, radius: float | None, speed: float | None) -> None:
    """Circle a place, or the present circle's, or where it is."""
    require_airborne(simulation)
    if (latitude is None) != (longitude is None):
        raise OrderError("latitude and longitude: give both, or neither")
    autopilot = simulation.state.autopilot
    if latitude is None or longitude is None:
        if autopilot.modes.phase != PHASE_HOLDING:
            modes.take_mode(*context(simulation), MODE_ORBIT)
        # It climbs straight ahead first where it is near the ground, and comes back to this place.
        at = autopilot.estimate if autopilot.modes.phase == PHASE_CLIMB_OUT else None
        latitude = float(autopilot.crew.target_latitude if at is None else at.latitude)
        longitude = float(autopilot.crew.target_longitude if at is None else at.longitude)
    _circle(simulation, MODE_ORBIT, latitude, longitude, altitude_msl, radius, speed)


def _circle(simulation: SimulatedAircraft, number: int, latitude: float, longitude: float,
            altitude_msl: float | None, radius: float | None, speed: float | None) -> None:
    require_airborne(simulation)
    check_altitude(simulation, altitude_msl)
    if radius == 0.0:
        radius = None
    autopilot = simulation.state.autopilot
    if altitude_msl is None:
        altitude_msl = _altitude_now(simulation)
    _check_speed(simulation, speed, altitude_msl)
    if radius is None:
        radius = float(simulation.loaded.settings[0].loiter_radius)
    fence.check_circle(simulation, latitude, longitude, radius)
    if speed is not None:
        autopilot.crew.speed = speed
    modes.go_to(*context(simulation), number, latitude, longitude, altitude_msl, radius)


def _altitude_now(simulation: SimulatedAircraft) -> float:
    """The altitude that is being held or climbed to, else where it is, no lower than is safe.

    Out of a landing or a climb-out that is as high above the ground as a take-off leads.
    """
    autopilot, loaded = context(simulation)[:2]
    told = autopilot.modes.phase == PHASE_CLIMB_OUT and (
        autopilot.crew.placed or autopilot.crew.mode == MODE_TAKE_OFF)
    if autopilot.modes.phase == PHASE_HOLDING or told:
        return float(autopilot.crew.target_altitude_msl)
    if autopilot.modes.phase in (PHASE_EN_ROUTE, PHASE_LOITER):
        return float(autopilot.guidance.altitude_target)
    return max(float(autopilot.estimate.altitude_msl),
               float(leaving.least_altitude(autopilot, loaded)))


def course(simulation: SimulatedAircraft, *, course: float) -> None:
    """Hold a course and the altitude."""
    require_airborne(simulation)
    autopilot = simulation.state.autopilot
    held = _altitude_now(simulation)
    if autopilot.crew.mode != MODE_CRUISE:
        modes.take_mode(*context(simulation), MODE_CRUISE)
        if autopilot.modes.phase != PHASE_CLIMB_OUT:
            held = max(held, float(autopilot.crew.target_altitude_msl))
        autopilot.crew.target_altitude_msl = held
    autopilot.crew.course, autopilot.crew.aims_at_course = course, True
    autopilot.crew.placed = autopilot.modes.phase == PHASE_CLIMB_OUT


def altitude(simulation: SimulatedAircraft, *, altitude_msl: float) -> None:
    """Change the altitude: of the circle or course held; under a plan it leaves it and holds."""
    require_airborne(simulation)
    check_altitude(simulation, altitude_msl)
    autopilot = simulation.state.autopilot
    steered = autopilot.modes.phase == PHASE_STEERED and autopilot.crew.mode in (
        MODE_ALTITUDE,
        MODE_CRUISE,
    )
    held = autopilot.modes.phase == PHASE_HOLDING and autopilot.crew.mode in (
        MODE_HOLD, MODE_GUIDED, MODE_ORBIT, MODE_TAKE_OFF)
    if autopilot.modes.phase == PHASE_CLIMB_OUT:
        if not autopilot.crew.placed:
            state, time = simulation.state, simulation.time
            modes.note_mode(autopilot, MODE_TAKE_OFF, state.events, time)
    elif not (steered or held):
        modes.take_mode(*context(simulation), MODE_GUIDED)
    autopilot.crew.target_altitude_msl = altitude_msl


def speed(simulation: SimulatedAircraft, *, calibrated_airspeed: float | None) -> None:
    """Change the speed; under a plan until its next change of speed."""
    require_life(simulation)
    autopilot = simulation.state.autopilot
    _check_speed(simulation, calibrated_airspeed, _altitude_now(simulation))
    asked = 0.0 if calibrated_airspeed is None else calibrated_airspeed
    autopilot.crew.speed = asked
    if autopilot.crew.mode == MODE_MISSION:
        autopilot.mission.speed = asked


# ------------------------------------------------------------------- sticks and set-points


def manual(simulation: SimulatedAircraft, *, roll: float | None, pitch: float | None,
           yaw: float | None, throttle: float | None) -> None:
    """Where the sticks are; they count in ALTITUDE and CRUISE."""
    sticks = simulation.state.autopilot.crew.sticks
    for i, value in enumerate((roll, pitch, yaw, throttle)):
        if value is not None:
            sticks[i] = value


def _offboard(simulation: SimulatedAircraft, kind: int, *figures: float) -> None:
    require_life(simulation)
    state = simulation.state.autopilot.crew
    state.offboard = kind
    for i, figure in enumerate(figures):
        state.setpoint[i] = figure
    if state.mode == MODE_OFFBOARD and not on_ground(simulation):
        modes.follow_setpoint(*context(simulation))


def offboard_position(simulation: SimulatedAircraft, *, latitude: float, longitude: float,
                      altitude_msl: float) -> None:
    """Circle a place."""
    check_altitude(simulation, altitude_msl)
    fence.check_circle(simulation, latitude, longitude,
                              float(simulation.loaded.settings[0].loiter_radius))
    _offboard(simulation, POSITION, latitude, longitude, altitude_msl)


def offboard_velocity(simulation: SimulatedAircraft, *, north: float, east: float, down: float
                      ) -> None:
    """Fly a velocity over the ground, by the airspeed that it takes in this wind."""
    estimate = simulation.state.autopilot.estimate
    if math.hypot(north, east) > LEAST_VELOCITY and not on_ground(simulation):
        airspeed = math.hypot(north - float(estimate.wind_north), east - float(estimate.wind_east))
        _check_speed(simulation, airspeed / float(true_over_calibrated(estimate)),
                     what="this velocity takes an airspeed of", slack=VELOCITY_SLACK)
    _offboard(simulation, VELOCITY, north, east, down)


def offboard_attitude(simulation: SimulatedAircraft, *, roll: float, pitch: float, thrust: float
                      ) -> None:
    """Fly an attitude, within the limits."""
    _offboard(simulation, ATTITUDE, math.remainder(roll, 2.0 * math.pi), pitch, thrust)


def offboard_end(simulation: SimulatedAircraft) -> None:
    """Set-points have ended: in OFFBOARD it holds."""
    state = simulation.state.autopilot.crew
    state.offboard = NO_SETPOINT
    if state.mode != MODE_OFFBOARD:
        return
    if on_ground(simulation):
        modes.note_mode(
            simulation.state.autopilot, MODE_HOLD, simulation.state.events, simulation.time
        )
    else:
        modes.take_mode(*context(simulation), MODE_HOLD)
