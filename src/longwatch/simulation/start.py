"""Where a flight begins: parked on the runway in use, engine idling, everything at rest."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.codes import MODE_MISSION
from longwatch.earth.frames import (
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate_inverse,
)
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.earth.geoid import undulation
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import ecef_to_geodetic, geodetic_to_ecef
from longwatch.environment.runways import known_runways
from longwatch.errors import SetupError, listed
from longwatch.flight import mass
from longwatch.planning.figures import plain
from longwatch.planning.judge import judge
from longwatch.planning.mission import FRAMES_HOME, Home, Mission, MissionItem
from longwatch.planning.resolve import ResolvedPlan, resolve
from longwatch.random import seed_stream
from longwatch.sensors import suite, systems
from longwatch.simulation.vehicle import World

# Main wheels stand this far beyond the threshold.
LINE_UP_DISTANCE = 60.0
# Several aircraft stand one ahead of the other, on no more than this share of the runway.
PLACE_SPACING = 20.0
PLACES_SHARE = 0.25
TURBULENCE_STREAM = 1

# Where an aircraft without a mission stands, and how high it would climb out.
HOME_AIRPORT = "LTBU"
CLIMB_OUT_HEIGHT = 300.0
# Stands for the file of its mission.
NO_MISSION = Path("no mission")


def parked_plan(aircraft: Any, payload_kg: float, fuel_kg: float,
                around: dict[str, Any]) -> ResolvedPlan:
    """The plan of an aircraft without a mission: a take-off from Çorlu, in the wind's direction.

    ``around`` are wind, weather, terrain and start as the judge takes them. Raises SetupError where
    payload, fuel, wind, weather or terrain do not do.
    """
    runway = next(r for r in known_runways() if r.airport == HOME_AIRPORT)
    home = Home(runway.latitude[0], runway.longitude[0], runway.elevation_msl[0])
    take_off = MissionItem(1, plan.TAKEOFF, min(FRAMES_HOME), None, None, None, None,
                           home.latitude, home.longitude, CLIMB_OUT_HEIGHT)
    mission = Mission(NO_MISSION, home, (take_off,))
    judgement = judge(mission, aircraft, payload_kg=payload_kg, fuel_kg=fuel_kg, **around)
    refusing = [f.text for f in judgement.errors if f.setup]
    if refusing:
        raise SetupError(listed("this aircraft cannot fly so:", refusing))
    first = tuple(map(plain, judgement.strips.messages[:1]))
    return resolve(judgement, payload_kg=payload_kg, messages=first)


def parked(vehicle: Any, sheet: Any, runway: Any, end: int, world: World, *, payload_kg: float,
           fuel_kg: float, seed: int, place: int = 0) -> None:
    """Fill the record ``vehicle`` with the aircraft lined up on ``end`` of ``runway``.

    ``place`` 0 is 60 m beyond the threshold, each further one 20 m ahead, over the first quarter
    of the runway; where that is full they begin anew, and two aircraft share a place (aircraft
    do not touch each other).
    """
    vehicle.mass.payload_mass, vehicle.mass.fuel_mass = payload_kg, fuel_kg
    mass.step(vehicle.mass, sheet.mass)
    _place(vehicle, sheet, runway, end, world, place)
    for i in range(int(sheet.engine.count)):
        vehicle.engines[i].running = True
        vehicle.engines[i].speed = sheet.engine.idle_speed
        vehicle.propellers[i].blade_angle = sheet.propeller.angle_minimum
        vehicle.commands.engine_speed[i] = sheet.engine.idle_speed
    gear_height = _gear_height(vehicle, sheet)
    vehicle.air.wing_over_cg = float(sheet.geometry.wing_height) - gear_height
    vehicle.commands.brake_left = vehicle.commands.brake_right = 1.0
    vehicle.actuators.brake_left = vehicle.actuators.brake_right = 1.0
    vehicle.actuators.gear = 1.0
    vehicle.electrics.energy = sheet.electrics.battery_energy
    vehicle.electrics.voltage = sheet.electrics.battery_voltage_full
    suite.draw(vehicle.sensor_errors, vehicle.streams.sensors, sheet.sensors, seed)
    # Gauges are read from the first instant: nobody is ever told of empty tanks.
    systems.sample(vehicle.sensors.systems, vehicle.engines, vehicle.electrics, vehicle.mass,
                   vehicle.gear, vehicle.actuators)
    systems.err(vehicle.sensors.systems, vehicle.sensor_errors.systems)
    vehicle.sensors.systems.weight_on_wheels = True
    vehicle.autopilot.mission.index = -1
    vehicle.autopilot.mission.pending = -1
    vehicle.autopilot.crew.mode = MODE_MISSION
    seed_stream(vehicle.streams.turbulence, seed, TURBULENCE_STREAM)


@dataclass(frozen=True)
class Parking:
    """Where and how an aircraft begins; the arguments are those of :func:`parked`."""

    runway: Any
    end: int
    payload_kg: float
    fuel_kg: float
    seed: int
    place: int

    def fill(self, vehicle: Any, sheet: Any, world: World) -> None:
        """Put an aircraft there."""
        parked(vehicle, sheet, self.runway, self.end, world, payload_kg=self.payload_kg,
               fuel_kg=self.fuel_kg, seed=self.seed, place=self.place)


def place_of(vehicle: Any, world: World) -> tuple[float, float, float]:
    """Latitude and longitude [rad] and altitude above mean sea level [m] of a vehicle."""
    position = map(float, vehicle.body.position_ecef)
    latitude, longitude, height = ecef_to_geodetic(world.earth[0], *position)
    return latitude, longitude, height - undulation(world.geoid, latitude, longitude)


def _gear_height(vehicle: Any, sheet: Any) -> float:
    return float(sheet.landing_gear.wheels[1].position[2] - vehicle.mass.position[2])


def _stance(vehicle: Any, sheet: Any) -> tuple[float, float]:
    """Pitch [rad] against the ground and height [m] of the centre of gravity at rest on struts.

    Struts give way along the ground's normal, so pitch shifts the wheels' arms: solved by
    repetition, which gains two digits each time.
    """
    nose, main = sheet.landing_gear.wheels[0], sheet.landing_gear.wheels[1]
    centre, weight = vehicle.mass.position, float(vehicle.mass.mass) * GRAVITY
    (nose_x, nose_z), (main_x, main_z) = (
        (float(w.position[0] - centre[0]), float(w.position[2] - centre[2])) for w in (nose, main))
    pitch = height = 0.0
    for _ in range(8):
        cosine, sine = math.cos(pitch), math.sin(pitch)
        nose_arm, main_arm = nose_x * cosine + nose_z * sine, main_x * cosine + main_z * sine
        share = -main_arm / (nose_arm - main_arm)
        nose_sunk = share * weight / float(nose.stiffness)
        main_sunk = (1.0 - share) * weight / 2.0 / float(main.stiffness)
        height = main_z * cosine - main_x * sine - main_sunk
        pitch = math.asin(((nose_z - main_z) * cosine - nose_sunk + main_sunk) / (nose_x - main_x))
    return pitch, height


def _place(vehicle: Any, sheet: Any, runway: Any, end: int, world: World, place: int) -> None:
    earth = world.earth[0]
    latitude, longitude = float(runway.latitude[end]), float(runway.longitude[end])
    length, course = distance_and_bearing(
        latitude, longitude, float(runway.latitude[1 - end]), float(runway.longitude[1 - end]))
    slope = float(runway.elevation_msl[1 - end] - runway.elevation_msl[end]) / length
    places = max(int((PLACES_SHARE * length - LINE_UP_DISTANCE) / PLACE_SPACING) + 1, 1)
    along = LINE_UP_DISTANCE + place % places * PLACE_SPACING
    latitude, longitude = destination(latitude, longitude, course, along)
    elevation = float(runway.elevation_msl[end]) + slope * along
    pitch, above = _stance(vehicle, sheet)
    height = elevation + undulation(world.geoid, latitude, longitude) + above
    over_earth = quaternion_ned_to_ecef(latitude, longitude)
    attitude = quaternion_multiply(
        *over_earth, *quaternion_from_euler(0.0, math.atan(slope) + pitch, course))
    body = vehicle.body
    body.position_ecef[:] = geodetic_to_ecef(earth, latitude, longitude, height)
    body.velocity_ecef[:] = 0.0
    body.attitude[:] = attitude
    matrix = matrix_from_quaternion(*attitude)
    spin = rotate_inverse(matrix, 0.0, 0.0, float(earth.rotation_rate))
    body.rate_body[:] = spin
    body.mean_rate_body[:] = spin
    up = np.array(ned_to_ecef_matrix(latitude, longitude)).reshape(3, 3)[:, 2] * -1.0
    body.specific_force_body[:] = rotate_inverse(matrix, *(GRAVITY * up))
