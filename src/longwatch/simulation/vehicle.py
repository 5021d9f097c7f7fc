"""The aircraft as one record, and what it refers to.

Everything that changes lies in the record; datasheet, plan and world are read-only beside it.
"""

from typing import NamedTuple

import numpy as np

from longwatch.aircraft.schema import ENGINES
from longwatch.autopilot.aboard.events import EventRing
from longwatch.autopilot.aboard.fence import FenceVertex
from longwatch.autopilot.aboard.rally import RallyPoint
from longwatch.autopilot.aboard.settings import standard_settings
from longwatch.autopilot.system import AutopilotState
from longwatch.environment.air import AirState, GroundState
from longwatch.environment.terrain import TerrainGrid
from longwatch.environment.turbulence import TurbulenceState
from longwatch.environment.weather import WeatherGrid
from longwatch.flight.actuators import ActuatorCommands, ActuatorsState
from longwatch.flight.electrics import ElectricsState
from longwatch.flight.gust import GustState
from longwatch.flight.landing_gear import GearState
from longwatch.flight.mass import MassState
from longwatch.flight.propulsion import EngineState, PropellerState
from longwatch.flight.rigid_body import RigidBodyState
from longwatch.random import RandomStream
from longwatch.record import b1, f8, field, i4, i8, record
from longwatch.sensors.samples import SensorsState
from longwatch.sensors.suite import SensorErrors, SensorStreams
from longwatch.simulation.conditions import ConditionsState
from longwatch.simulation.fault_effects import FaultsState

BASE_RATE = 100.0
DT = 1.0 / BASE_RATE

# StatusState.outcome
FLYING, LANDED, LOST, FAULTY = 0, 1, 2, 3


@record
class ClockState:
    tick: i8 = field("", "ticks of 10 ms since the start")
    time: f8 = field("s", "simulated time since the start")
    start: f8 = field("s", "UTC of the start since 1970-01-01 without leap seconds", logged=False)


@record
class StatusState:
    outcome: i4 = field("", "0 under way, 1 landed and stopped, 2 lost, 3 a fault of Longwatch")
    airborne: b1 = field("", "off the ground since the last lift-off")
    lift_off_time: f8 = field("s", "time of the first lift-off, 0 none", logged=False)
    touchdown_time: f8 = field("s", "time of the last touchdown, 0 none", logged=False)
    touchdown_latitude: f8 = field("rad", "where", logged=False)
    touchdown_longitude: f8 = field("rad", "where", logged=False)
    touchdown_sink: f8 = field("m/s", "sink rate against the ground", logged=False)
    touchdown_airspeed: f8 = field("m/s", "calibrated airspeed", logged=False)
    touchdown_bank: f8 = field("rad", "bank", logged=False)
    touchdown_vertical_load: f8 = field("N", "largest load on the wheels since", logged=False)
    touchdown_side_load: f8 = field("N", "largest side load on the wheels since", logged=False)
    off_pavement: b1 = field("", "a wheel rolled beside the pavement", logged=False)
    struck: b1 = field("", "touched the ground beside a runway under power, not landing",
                       logged=False)
    alpha: f8 = field("rad", "angle of attack over the last second", logged=False)
    stall_warning: b1 = field("", "angle of attack near the stall")
    overspeed: b1 = field("", "faster than the never-exceed speed")
    engine_stopped: i4 = field("", "1 once an engine has stopped", shape=(ENGINES,))
    beyond_weather: b1 = field("", "left what the weather file covers", logged=False)
    beyond_terrain: b1 = field("", "left the terrain tiles", logged=False)


@record
class FlightState:
    """What an observer sees: derived from the rigid body, for sensors, logs and people."""

    latitude: f8 = field("rad", "geodetic latitude")
    longitude: f8 = field("rad", "longitude")
    altitude_msl: f8 = field("m", "altitude above mean sea level")
    height_ellipsoid: f8 = field("m", "height over the ellipsoid")
    height_above_ground: f8 = field("m", "centre of gravity above the ground")
    ground_elevation_msl: f8 = field("m", "ground below above mean sea level")
    velocity_north: f8 = field("m/s", "velocity over the Earth, northward")
    velocity_east: f8 = field("m/s", "velocity over the Earth, eastward")
    vertical_speed: f8 = field("m/s", "climb rate")
    roll: f8 = field("rad", "roll angle")
    pitch: f8 = field("rad", "pitch angle")
    heading: f8 = field("rad", "true heading")
    track: f8 = field("rad", "true track over the ground")
    alpha: f8 = field("rad", "angle of attack")
    beta: f8 = field("rad", "sideslip")
    true_airspeed: f8 = field("m/s", "true airspeed")
    calibrated_airspeed: f8 = field("m/s", "calibrated airspeed")
    ground_speed: f8 = field("m/s", "speed over the ground")
    load_factor: f8 = field("", "normal specific force over standard gravity")
    wind_north: f8 = field("m/s", "steady wind and gust, towards north")
    wind_east: f8 = field("m/s", "steady wind and gust, towards east")
    distance: f8 = field("m", "distance flown over the ground")


@record
class Streams:
    turbulence: RandomStream = field("", "gusts", logged=False)
    sensors: SensorStreams = field("", "one a sensor", logged=False)


@record
class Vehicle:
    clock: ClockState = field("", "simulated time")
    status: StatusState = field("", "outcome")
    flight: FlightState = field("", "what an observer sees")
    body: RigidBodyState = field("", "rigid body")
    mass: MassState = field("", "mass properties")
    air: AirState = field("", "air at the aircraft")
    ground: GroundState = field("", "ground below it")
    turbulence: TurbulenceState = field("", "gusts at a point")
    gust: GustState = field("", "gusts as the wing feels them")
    engines: EngineState = field("", "engines", shape=(ENGINES,))
    propellers: PropellerState = field("", "propellers", shape=(ENGINES,))
    electrics: ElectricsState = field("", "battery")
    actuators: ActuatorsState = field("", "servos")
    commands: ActuatorCommands = field("", "what the autopilot asks of the servos")
    gear: GearState = field("", "landing gear")
    sensors: SensorsState = field("", "what the autopilot reads", logged=False)
    sensor_errors: SensorErrors = field("", "what the sensors hide from it", logged=False)
    autopilot: AutopilotState = field("", "the autopilot's memory")
    faults: FaultsState = field("", "what has been made to fail")
    conditions: ConditionsState = field("", "wind and turbulence changed in flight")
    streams: Streams = field("", "random numbers", logged=False)
    events: EventRing = field("", "events", logged=False)


class Magnetic(NamedTuple):
    """The magnetic field around the flight, see ``earth.magnetic_field``."""

    values: np.ndarray
    first_latitude: float
    first_longitude: float
    step: float


class World(NamedTuple):
    """What surrounds the flight, read-only; the records are arrays of length 1 or more."""

    earth: np.ndarray
    wind: np.ndarray
    turbulence: np.ndarray
    patches: np.ndarray
    geoid: np.ndarray
    magnetic: Magnetic
    weather: WeatherGrid
    terrain: TerrainGrid


class Carried(NamedTuple):
    """What the autopilot carries of the world."""

    geoid: np.ndarray
    magnetic: Magnetic


_SETTINGS, _FENCE, _RALLY = standard_settings(), FenceVertex.zeros(0), RallyPoint.zeros(0)
for _array in (_SETTINGS, _FENCE, _RALLY):
    _array.flags.writeable = False


class Loaded(NamedTuple):
    """What the crew has loaded aboard: the plan, its own settings, fence and rally points.

    Read-only to the aircraft; an order puts another one in its place. ``items`` is never empty: a
    plan without any says so in its header.
    """

    items: np.ndarray
    runways: np.ndarray
    header: np.record
    settings: np.ndarray = _SETTINGS
    fence: np.ndarray = _FENCE
    rally: np.ndarray = _RALLY
