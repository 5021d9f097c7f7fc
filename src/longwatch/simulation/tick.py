"""One tick of the aircraft, and runs of them.

Order within a tick: environment, sensors, autopilot, actuators, forces and moments, integration,
contacts and events.
"""

from math import sqrt

from longwatch.aircraft.schema import TURBOPROP
from longwatch.autopilot import system as autopilot
from longwatch.compiled import compiled
from longwatch.earth.magnetic_field import magnetic_field_ned
from longwatch.earth.standard import HEAT_RATIO
from longwatch.environment.atmosphere import GAS_CONSTANT
from longwatch.flight import actuators, electrics, mass, motion, propulsion
from longwatch.sensors import suite
from longwatch.simulation import fault_effects
from longwatch.simulation.surroundings import observe, surround
from longwatch.simulation.vehicle import DT, FLYING, Carried
from longwatch.simulation.watch import watch

MASS_DIVISOR = 10
ELECTRICS_DIVISOR = 100


@compiled
def propel(vehicle, sheet, airspeed_axial):
    """Advance engines and propellers and burn their fuel."""
    burnt, mach = 0.0, 0.0
    if sheet.engine.kind == TURBOPROP:
        mach = vehicle.flight.true_airspeed / sqrt(
            HEAT_RATIO * GAS_CONSTANT * vehicle.air.temperature)
    for i in range(sheet.engine.count):
        burnt += propulsion.step(
            vehicle.engines[i], vehicle.propellers[i], sheet.engine, sheet.propeller,
            vehicle.actuators.throttle[i], vehicle.commands.engine_speed[i],
            vehicle.commands.feather[i], airspeed_axial, vehicle.air.density,
            vehicle.air.density_ratio, mach, vehicle.mass.fuel_mass - burnt, DT)
    vehicle.mass.fuel_mass = max(vehicle.mass.fuel_mass - burnt, 0.0)
    if vehicle.clock.tick % MASS_DIVISOR == 0:
        mass.step(vehicle.mass, sheet.mass)
    if vehicle.clock.tick % ELECTRICS_DIVISOR == 0:
        electrics.step(vehicle.electrics, sheet.electrics, vehicle.engines, sheet.engine.count,
                       ELECTRICS_DIVISOR * DT)


@compiled
def sense(vehicle, sheet, world, body_to_ned):
    """Take the samples that are due."""
    number, flight = vehicle.clock.tick, vehicle.flight
    magnetic = (0.0, 0.0, 0.0)
    if number % suite.MAGNETOMETER_DIVISOR == 0:
        table = world.magnetic
        magnetic = magnetic_field_ned(table.values, table.first_latitude, table.first_longitude,
                                      table.step, flight.latitude, flight.longitude)
    gear_height = sheet.landing_gear.wheels[1].position[2] - vehicle.mass.position[2]
    suite.step(vehicle, sheet.sensors, number, body_to_ned, magnetic, gear_height)


@compiled
def decide(vehicle, sheet, plan, world, carried):
    """First half of a tick: environment, sensors, autopilot, servos, engines.

    Returns the matrices NED to ECEF and body to NED at this instant.
    """
    ned, body_to_ned, axial = surround(vehicle, sheet, world)
    sense(vehicle, sheet, world, body_to_ned)
    autopilot.step(vehicle.autopilot, vehicle.sensors, vehicle.commands, plan, sheet,
                   world.earth[0], carried, vehicle.events, vehicle.clock.tick, DT)
    actuators.step(vehicle.actuators, vehicle.commands, sheet.actuators, sheet.landing_gear, DT)
    if vehicle.faults.in_force:
        fault_effects.hold(vehicle.faults, vehicle.actuators, vehicle.mass, DT)
    propel(vehicle, sheet, axial)
    return ned, body_to_ned


@compiled
def move(vehicle, sheet, world, ned, body_to_ned):
    """Second half of a tick: forces and moments, integration, contacts and events."""
    motion.step(vehicle, sheet, world.earth[0], ned, DT)
    vehicle.clock.tick += 1
    vehicle.clock.time = vehicle.clock.tick * DT
    watch(vehicle, sheet, body_to_ned)


@compiled
def run(vehicles, index, sheets, plan, world, ticks, rows, log_divisor):
    """Advance one aircraft by up to ``ticks``, copying its record into ``rows`` as logs fall due.

    Stops early when the aircraft has landed or is lost, or when ``rows`` is full. Returns the
    number of rows filled.
    """
    vehicle, sheet = vehicles[index], sheets[0]
    carried = Carried(world.geoid, world.magnetic)
    filled = 0
    for tick in range(ticks):
        log = log_divisor > 0 and vehicle.clock.tick % log_divisor == 0
        if vehicle.status.outcome != FLYING or (log and filled >= len(rows)):
            break
        ned, body_to_ned = decide(vehicle, sheet, plan, world, carried)
        if log:
            observe(vehicle, body_to_ned)
            rows[filled] = vehicle
            filled += 1
        move(vehicle, sheet, world, ned, body_to_ned)
        if tick == ticks - 1 or vehicle.status.outcome != FLYING:
            observe(vehicle, body_to_ned)
    return filled
