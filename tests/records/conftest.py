"""A small vehicle record, and a made-up flight over Thrace that fills it."""

import numpy as np
import pytest

from longwatch.record import b1, f8, field, i4, record

RUNWAY = {
    "name": "LTBU 04/22",
    "thresholds": [[np.radians(41.129398), np.radians(27.905300)],
                   [np.radians(41.147099), np.radians(27.932600)]],
    "elevations_msl": [152.4, 174.96],
}
EARTH_RADIUS = 6371000.0
RUNWAY_LENGTH = 3008.0


@record
class Clock:
    time: f8 = field("s", "simulated time")
    tick: i4 = field("", "ticks since the start")


@record
class Flight:
    latitude: f8 = field("rad", "geodetic latitude")
    longitude: f8 = field("rad", "longitude")
    altitude_msl: f8 = field("m", "altitude above mean sea level")
    height_above_ground: f8 = field("m", "height above the ground")
    roll: f8 = field("rad", "bank angle")
    pitch: f8 = field("rad", "pitch angle")
    heading: f8 = field("rad", "true heading")
    calibrated_airspeed: f8 = field("m/s", "calibrated airspeed")
    true_airspeed: f8 = field("m/s", "true airspeed")
    ground_speed: f8 = field("m/s", "ground speed")
    vertical_speed: f8 = field("m/s", "vertical speed, up")
    wind_north: f8 = field("m/s", "wind, towards north")
    wind_east: f8 = field("m/s", "wind, towards east")


@record
class Engine:
    power: f8 = field("W", "shaft power")
    fuel_flow: f8 = field("kg/s", "fuel burnt")
    running: b1 = field("", "combustion is on")


@record
class Mass:
    fuel_mass: f8 = field("kg", "fuel on board")


@record
class Actuators:
    aileron_left: f8 = field("rad", "deflection")
    aileron_right: f8 = field("rad", "deflection")
    ruddervator_left: f8 = field("rad", "deflection")
    ruddervator_right: f8 = field("rad", "deflection")
    throttle: f8 = field("", "throttle", shape=(2,))


@record
class Modes:
    phase: i4 = field("", "flight phase")


@record
class Guidance:
    altitude_target: f8 = field("m", "altitude asked for")
    speed_target: f8 = field("m/s", "calibrated airspeed asked for")


@record
class Autopilot:
    modes: Modes = field("", "modes")
    guidance: Guidance = field("", "guidance")


@record
class Vehicle:
    clock: Clock = field("", "clock")
    flight: Flight = field("", "motion")
    mass: Mass = field("", "masses")
    engines: Engine = field("", "engines", shape=(2,))
    actuators: Actuators = field("", "actuators")
    autopilot: Autopilot = field("", "autopilot")
    scratch: f8 = field("", "not for the log", shape=(20,), logged=False)


def circuit(step: float = 0.5) -> tuple[np.ndarray, list[dict], list[dict]]:
    """Rows, plan and events: take-off at Corlu, three points over the Marmara, and back."""
    origin = np.array(RUNWAY["thresholds"][0])
    north_per_rad, east_per_rad = EARTH_RADIUS, EARTH_RADIUS * np.cos(origin[0])
    far = (np.array(RUNWAY["thresholds"][1]) - origin) * [north_per_rad, east_per_rad]
    along = far / np.hypot(*far)
    points = [far + along * 4000, [-6000, 9000], [-30000, 14000], [-24000, -16000],
              -along * 9000, along * 300]
    altitudes = [500, 1200, 2000, 2000, 640, 153]
    names = ["TAKEOFF", "WAYPOINT", "LOITER_TIME", "WAYPOINT", "WAYPOINT", "LAND"]
    plan = [{"sequence": k + 1, "name": name, "command": name, "altitude_msl": float(altitude),
             "latitude": origin[0] + point[0] / north_per_rad,
             "longitude": origin[1] + point[1] / east_per_rad}
            for k, (name, point, altitude) in enumerate(zip(names, points, altitudes))]
    rows, events = _flown(step, along, points, altitudes, origin, (north_per_rad, east_per_rad))
    return rows, plan, events


def _flown(step, along, points, altitudes, origin, per_rad):
    """Chase the points at bounded turn rate; roll along the runway at both ends."""
    position, heading = along * 20.0, np.arctan2(along[1], along[0])
    speed, height, target, wait = 0.0, 153.0, 0, 0.0
    samples, events, time = [], [], 0.0
    phase, landed = 1, False

    def ground(place):
        return 152.4 + 22.56 * np.clip(along @ place / RUNWAY_LENGTH, 0, 1)

    while time < 9000.0 and not (landed and speed < 0.3):
        goal = np.asarray(points[target])
        gap = goal - position
        wanted = np.arctan2(gap[1], gap[0])
        error = (wanted - heading + np.pi) % (2 * np.pi) - np.pi
        last = target == len(points) - 1
        rate = np.clip(error * 0.4, -0.05, 0.05) if speed > 25 and not landed else 0.0
        if names_loiter(target) and np.hypot(*gap) < 1500 and wait < 900:
            rate, wait = 0.028, wait + step
        climb = np.clip((altitudes[target] - height) * 0.1, -2.2, 2.6) if speed > 28 else 0.0
        if last and not landed:
            climb = -max(0.8, (height - ground(goal)) / max(np.hypot(*gap), 1.0) * speed)
            landed = height < ground(position)
            if landed:
                events.append({"time": time, "event": "touchdown", "message": "Touchdown"})
        speed += step * (np.clip((36.0 - speed) * 0.5, -1, 2.5) if not landed else -2.0)
        heading += rate * step
        height = ground(position) if landed else max(ground(position), height + climb * step)
        position = position + step * speed * np.array([np.cos(heading), np.sin(heading)])
        near = np.hypot(*gap) < (400 if not last else 0)
        if near and not (names_loiter(target) and wait < 900) and not last:
            events.append({"time": time, "event": "item_reached",
                           "message": f"Item {target + 1} reached", "sequence": target + 1})
            target += 1
        phase = 9 if landed else 7 if last else 4 if height > 400 else 3 if speed > 28 else 1
        samples.append((time, *position, height, heading, speed, climb, rate, altitudes[target],
                        phase))
        time += step
    return _filled(np.array(samples), origin, per_rad), events


def names_loiter(target):
    return target == 2


def _filled(samples, origin, per_rad):
    time, north, east, height, heading, speed, climb, rate, goal, phase = samples.T
    rows = Vehicle.zeros(len(time))
    rng = np.random.default_rng(4)
    noise = rng.standard_normal((3, len(time)))
    rows["clock"]["time"], rows["clock"]["tick"] = time, np.rint(time * 100)
    flight = rows["flight"]
    flight["latitude"] = origin[0] + north / per_rad[0]
    flight["longitude"] = origin[1] + east / per_rad[1]
    flight["altitude_msl"], flight["height_above_ground"] = height, np.maximum(height - 153, 0)
    flight["roll"] = np.arctan(rate * speed / 9.81) + 0.01 * noise[0]
    flight["pitch"] = 0.03 + climb / np.maximum(speed, 10) + 0.005 * noise[1]
    flight["heading"] = heading % (2 * np.pi)
    flight["calibrated_airspeed"] = speed + 0.3 * noise[2]
    flight["true_airspeed"] = speed * (1 + height / 20000)
    flight["ground_speed"], flight["vertical_speed"] = speed, climb
    flight["wind_north"], flight["wind_east"] = -4 + 0.3 * noise[0], -7 + 0.4 * noise[1]
    power = 18e3 + 7000 * climb + 2000 * noise[2]
    rows["engines"]["power"][:, 0] = np.clip(power, 0, 69e3)
    rows["engines"]["fuel_flow"][:, 0] = rows["engines"]["power"][:, 0] * 0.3 / 3.6e6
    rows["engines"]["running"][:, 0] = True
    burnt = np.cumsum(rows["engines"]["fuel_flow"][:, 0]) * (time[1] - time[0])
    rows["mass"]["fuel_mass"] = 100 - burnt
    rows["actuators"]["aileron_left"] = 0.02 * noise[0]
    rows["actuators"]["aileron_right"] = -0.02 * noise[0]
    rows["actuators"]["ruddervator_left"] = -0.05 + 0.01 * noise[1]
    rows["actuators"]["ruddervator_right"] = -0.05 - 0.01 * noise[1]
    rows["actuators"]["throttle"][:, 0] = rows["engines"]["power"][:, 0] / 69e3
    rows["autopilot"]["modes"]["phase"] = phase
    rows["autopilot"]["guidance"]["altitude_target"] = goal
    rows["autopilot"]["guidance"]["speed_target"] = 36.0
    return rows


@pytest.fixture(scope="session")
def vehicle():
    return Vehicle


@pytest.fixture(scope="session")
def flown():
    """(rows, plan, events) of the made-up flight."""
    return circuit()


@pytest.fixture(scope="session")
def runway():
    return RUNWAY
