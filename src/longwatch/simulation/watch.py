"""What is noticed from outside: contacts, warnings, and how the flight ends."""

from math import atan2, sqrt

from longwatch.autopilot import events, modes
from longwatch.compiled import compiled
from longwatch.flight import motion
from longwatch.simulation.vehicle import DT, FAULTY, FLYING, LANDED, LOST

# The aircraft is lost when its centre of gravity lies lower than this share of what its main
# wheels stand below it, or when it banks further on its wheels.
LEAST_HEIGHT = 0.32
LARGEST_BANK_ON_WHEELS = 0.6
SETTLE_TIME = 1.0
STOPPED_TIME = 3.0
WARNING_DIVISOR = 20
# A stall warning ends this far below the stall's angle of attack [rad].
WARNING_BAND = 0.05
# Phases in which the wheels may touch.
MEANT = (modes.PARKED, modes.TAKEOFF_ROLL, modes.ROTATION, modes.FINAL, modes.FLARING,
         modes.ROLL_OUT, modes.STOPPED, modes.DEAD_STICK, modes.FIELD_LANDING)
# Angle of attack is judged over this time [s].
ALPHA_TIME = 1.0


@compiled
def watch(vehicle, sheet, body_to_ned):
    """Contacts and events: lift-off, touchdown, loads, pavement, loss."""
    status, gear, flight, time = vehicle.status, vehicle.gear, vehicle.flight, vehicle.clock.time
    if not _is_number(vehicle):
        if status.outcome == FLYING:
            events.note(vehicle.events, time, events.OWN_FAULT, 0, 0.0)
        status.outcome = FAULTY
        return
    if vehicle.clock.tick % WARNING_DIVISOR == 0:
        _warn(vehicle, sheet, time)
    if flight.height_above_ground > motion.GROUND_HEIGHT:
        if not status.airborne:
            status.airborne = True
            if status.lift_off_time == 0.0:
                status.lift_off_time = time
        return
    if gear.weight_on_wheels and status.airborne:
        status.airborne = False
        _touch_down(vehicle, sheet, body_to_ned, time)
    if status.touchdown_time > 0.0 and not status.airborne:
        status.touchdown_vertical_load = max(status.touchdown_vertical_load, gear.vertical_load)
        # The limit is that of the main gear (CS 23.485); the nose wheel is not in it.
        status.touchdown_side_load = max(status.touchdown_side_load, abs(
            gear.wheels[1].side_force + gear.wheels[2].side_force))
    if gear.weight_on_wheels and not vehicle.ground.paved and not status.off_pavement:
        status.off_pavement = True
        events.note(vehicle.events, time, events.OFF_PAVEMENT, 0, 0.0)
    tipped = gear.weight_on_wheels and abs(
        atan2(body_to_ned[7], body_to_ned[8])) > LARGEST_BANK_ON_WHEELS
    lying = LEAST_HEIGHT * (sheet.landing_gear.wheels[1].position[2] - vehicle.mass.position[2])
    if time > SETTLE_TIME and (flight.height_above_ground < lying or tipped):
        if status.outcome == FLYING:
            events.note(vehicle.events, time, events.IMPACT, 0, flight.vertical_speed)
        status.outcome = LOST
    state = vehicle.autopilot.modes
    if state.phase == modes.STOPPED and time - state.since > STOPPED_TIME and (
            status.outcome == FLYING) and not vehicle.autopilot.crew.live:
        # Standing where it touched the ground in flight is no landing.
        status.outcome = LOST if status.struck or state.astray else LANDED


@compiled
def _is_number(vehicle):
    """False once a state or a command is not finite: whatever is not, makes their sum so."""
    body, commands = vehicle.body, vehicle.commands
    place, speed, turn, attitude = (body.position_ecef, body.velocity_ecef, body.rate_body,
                                    body.attitude)
    total = (place[0] + place[1] + place[2] + speed[0] + speed[1] + speed[2]
             + turn[0] + turn[1] + turn[2]
             + attitude[0] + attitude[1] + attitude[2] + attitude[3] + vehicle.mass.fuel_mass
             + commands.aileron + commands.elevator + commands.rudder + commands.throttle[0])
    return total - total == 0.0


@compiled
def _touch_down(vehicle, sheet, body_to_ned, time):
    status, flight, ground = vehicle.status, vehicle.flight, vehicle.ground
    status.touchdown_time = time
    status.touchdown_latitude, status.touchdown_longitude = flight.latitude, flight.longitude
    rise = (ground.slope_north * flight.velocity_north + ground.slope_east * flight.velocity_east)
    status.touchdown_sink = rise - flight.vertical_speed
    status.touchdown_airspeed = flight.true_airspeed * sqrt(vehicle.air.density_ratio)
    status.touchdown_bank = atan2(body_to_ned[7], body_to_ned[8])
    status.touchdown_vertical_load, status.touchdown_side_load = 0.0, 0.0
    events.note(vehicle.events, time, events.TOUCHDOWN, 0, status.touchdown_sink)
    if _strikes(vehicle, sheet):
        status.struck = True
        events.note(vehicle.events, time, events.IMPACT, 0, flight.vertical_speed)
    if status.touchdown_sink > sheet.landing_gear.sink_limit:
        events.note(vehicle.events, time, events.HARD_LANDING, 0, status.touchdown_sink)


@compiled
def _strikes(vehicle, sheet):
    """True for a touch of open ground under power by an aircraft that meant neither to land there
    nor to take off: an accident, whatever comes after.
    """
    if vehicle.ground.paved or vehicle.autopilot.modes.phase in MEANT:
        return False
    running = False
    for i in range(sheet.engine.count):
        running = running or vehicle.engines[i].running
    return running


@compiled
def _warn(vehicle, sheet, time):
    """Note stall, overspeed and a stopped engine as they begin; gusts alone do not count."""
    status, flight, aero = vehicle.status, vehicle.flight, sheet.aerodynamics
    airborne = flight.height_above_ground > motion.GROUND_HEIGHT
    stall = (aero.CL_max - aero.CL0) / aero.CL_alpha
    status.alpha += (flight.alpha - status.alpha) * WARNING_DIVISOR * DT / ALPHA_TIME
    stalling = airborne and status.alpha > stall
    if stalling and not status.stall_warning:
        events.note(vehicle.events, time, events.STALL_WARNING, 0, status.alpha)
    status.stall_warning = stalling or (
        status.stall_warning and status.alpha > stall - WARNING_BAND)
    calibrated = flight.true_airspeed * sqrt(vehicle.air.density_ratio)
    fast = airborne and calibrated > sheet.limits.never_exceed_speed
    if fast and not status.overspeed:
        events.note(vehicle.events, time, events.OVERSPEED, 0, calibrated)
    status.overspeed = fast
    if vehicle.air.beyond_weather and not status.beyond_weather:
        events.note(vehicle.events, time, events.BEYOND_WEATHER, 0, 0.0)
    status.beyond_weather = vehicle.air.beyond_weather
    if vehicle.ground.unknown and not status.beyond_terrain:
        events.note(vehicle.events, time, events.BEYOND_TERRAIN, 0, 0.0)
    status.beyond_terrain = vehicle.ground.unknown
    for i in range(sheet.engine.count):
        if not vehicle.engines[i].running and not status.engine_stopped[i]:
            status.engine_stopped[i] = 1
            events.note(vehicle.events, time, events.ENGINE_STOPPED, i + 1, 0.0)
