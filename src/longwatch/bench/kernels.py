"""Compiled loops that only the benchmark flies. All lie in this one file: Numba's cache notices
a change of the file it compiles, not of another one (see ``longwatch.compiled``)."""

from longwatch.autopilot import dispatch
from longwatch.autopilot import system as autopilot
from longwatch.autopilot.control import energy, engines
from longwatch.compiled import compiled
from longwatch.environment import air
from longwatch.flight import actuators, motion
from longwatch.simulation.surroundings import (
    body_to_ned_of,
    feel,
    locate,
    observe,
    stand_over,
    surround,
)
from longwatch.simulation.tick import decide, move, propel, sense
from longwatch.simulation.vehicle import DT, Carried

# How far into its rooms a tick is flown, see ``rooms``.
NOTHING, ENVIRONMENT, SENSORS, ESTIMATION, GUIDANCE, AUTOPILOT, ACTUATION, MOTION = range(8)
RESTART_TICKS = 500


@compiled
def physics(vehicles, sheets, world, ticks):
    """Flight dynamics alone for ``ticks`` ticks of 10 ms, under commands that stand still.

    In it: geodetic position, geoid and ground below, wind and atmosphere, servos, engine,
    governor and propeller, fuel and mass properties, RK4 on the rotating ellipsoid with
    aerodynamics and J2 gravity at each of its four stages. Not in it: gusts, sensors,
    autopilot, events, log.
    """
    vehicle, sheet, earth = vehicles[0], sheets[0], world.earth[0]
    flight = vehicle.flight
    for _ in range(ticks):
        ned = locate(vehicle, world.geoid, earth)
        stand_over(vehicle, world.patches)
        air.step_air(vehicle.air, world.wind[0], flight)
        axial = feel(vehicle, body_to_ned_of(vehicle, ned))
        actuators.step(vehicle.actuators, vehicle.commands, sheet.actuators, sheet.landing_gear, DT)
        propel(vehicle, sheet, axial)
        motion.step(vehicle, sheet, earth, ned, DT)
        vehicle.clock.tick += 1


@compiled
def rooms(vehicles, start, sheets, plan, world, ticks, depth):
    """Fly ``ticks`` ticks as far as ``depth`` only, going back to ``start`` every few seconds.

    What a room costs is the difference between two depths. Short of MOTION the aircraft hangs in
    the air where it is; going back keeps its autopilot's estimate near what its sensors say.
    """
    vehicle, sheet = vehicles[0], sheets[0]
    carried = Carried(world.geoid, world.magnetic)
    for i in range(ticks):
        if i % RESTART_TICKS == 0:
            vehicles[0] = start[0]
        if depth == MOTION:
            ned, body_to_ned = decide(vehicle, sheet, plan, world, carried)
            move(vehicle, sheet, world, ned, body_to_ned)
            if i == ticks - 1:
                observe(vehicle, body_to_ned)
            continue
        if depth > NOTHING:
            _part(vehicle, sheet, plan, world, carried, depth)
        vehicle.clock.tick += 1


@compiled
def _part(vehicle, sheet, plan, world, carried, depth):
    """The rooms of a tick in their order, as in ``simulation.tick``, up to ``depth``."""
    earth, tick = world.earth[0], vehicle.clock.tick
    _, body_to_ned, axial = surround(vehicle, sheet, world)
    if depth == ENVIRONMENT:
        return
    sense(vehicle, sheet, world, body_to_ned)
    if depth == SENSORS:
        return
    if depth in (ESTIMATION, GUIDANCE):
        autopilot.estimate_step(vehicle.autopilot, vehicle.sensors, plan, sheet, earth, carried,
                                vehicle.events, tick, DT)
        if depth == GUIDANCE and tick % autopilot.GUIDANCE_DIVISOR == 0:
            interval = autopilot.GUIDANCE_DIVISOR * DT
            pilot = vehicle.autopilot
            engines.step(pilot.engines, pilot.estimate, sheet, vehicle.commands, vehicle.events,
                         tick * DT, interval)
            dispatch.step(pilot, vehicle.commands, plan, sheet, earth, vehicle.events, tick * DT,
                       interval)
            energy.step(pilot.energy, pilot.estimate, pilot.guidance, pilot.engines, sheet,
                        interval)
        return
    autopilot.step(vehicle.autopilot, vehicle.sensors, vehicle.commands, plan, sheet, earth,
                   carried, vehicle.events, tick, DT)
    if depth == ACTUATION:
        actuators.step(vehicle.actuators, vehicle.commands, sheet.actuators, sheet.landing_gear, DT)
        propel(vehicle, sheet, axial)
