"""Quantities of flight: identity, state, attitude, place, motion, targets, limits.

Sources: the message definitions of MAVLink's common.xml; PX4's and ArduPilot's parameters as their
references publish them.
"""

from math import atan2, degrees, hypot, radians
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.quantity import (
    DEGREE_E7,
    KEEP,
    TAU,
    UNKNOWN_16,
    Facts,
    Quantity,
    positive_angle,
    report,
)

# As the flight log numbers them (autopilot.crew_state.MODE_NAMES, autopilot.modes.PHASE_NAMES).
LOG_MODES = ("hold", "mission", "return", "take_off", "land", "guided", "orbit", "altitude",
             "cruise", "offboard", "glide")
LOG_PHASES = ("parked", "take-off roll", "rotation", "climb-out", "en route", "loiter",
              "approach", "final", "flare", "roll-out", "stopped", "go-around", "holding",
              "steered", "gliding", "dead-stick final", "field landing")
_ROLLING, _LANDING_PHASES = (1, 2, 3), (6, 7, 8, 15, 16)

LANDED = {1: "on_ground", 2: "in_air", 3: "taking_off", 4: "landing"}
STATES = {0: "uninitialised", 1: "boot", 2: "calibrating", 3: "standby", 4: "active",
          5: "critical", 6: "emergency", 7: "power_off", 8: "terminating"}
TYPES = {1: "fixed_wing", 2: "quadrotor", 3: "coaxial", 4: "helicopter", 7: "airship", 8: "balloon",
         10: "ground_rover", 11: "boat", 12: "submarine", 13: "hexarotor", 14: "octorotor",
         19: "vtol", 20: "vtol", 21: "vtol", 22: "vtol", 23: "vtol", 24: "vtol", 25: "vtol"}
FAILSAFE_STATES = (5, 6)
HEALTH = {
    0: "gyro", 1: "accelerometer", 2: "magnetometer", 3: "static_pressure", 4: "airspeed",
    5: "satellites", 6: "optical_flow", 7: "vision", 8: "laser", 9: "ground_truth",
    10: "rate_control", 11: "attitude_control", 12: "yaw", 13: "altitude_control",
    14: "position_control", 15: "motors", 16: "rc", 17: "gyro_2", 18: "accelerometer_2",
    19: "magnetometer_2", 20: "geofence", 21: "ahrs", 22: "terrain", 23: "reverse_motor",
    24: "logging", 25: "battery", 26: "proximity", 27: "satellite_link", 28: "prearm",
    29: "avoidance", 30: "propulsion"}
_PREARM = int(mavlink.MAV_SYS_STATUS_PREARM_CHECK)
_ARMED = int(mavlink.MAV_MODE_FLAG_SAFETY_ARMED)
_MSL_FRAMES, _RELATIVE_FRAMES, _GLOBAL_FRAMES = (0, 5), (3, 6), (0, 3, 5, 6, 10, 11)
_CALM = 0.1
_NEAR_ZERO_E7 = 100_000  # 1.1 km
_FIX_2D = 2


def _unhealthy(m: Any, _: Facts) -> str:
    bits = (m.onboard_control_sensors_present & m.onboard_control_sensors_enabled
            & ~m.onboard_control_sensors_health)
    return ", ".join(name for bit, name in HEALTH.items() if bits >> bit & 1 and name != "prearm")


def _ready(m: Any, _: Facts) -> bool | None:
    if not m.onboard_control_sensors_present & _PREARM:
        return None
    return bool(m.onboard_control_sensors_health & _PREARM)


def _degrees(value: int, name: str) -> float | None:
    """An angle in 1e-7 degrees; None where no place on earth has it."""
    angle = value * DEGREE_E7
    return angle if abs(angle) <= (90.0 if "lat" in name or name == "x" else 180.0) else None


def _nowhere(m: Any, facts: Facts) -> bool:
    """No place is known: ArduPlane tells metres about 0 N 0 E until its satellites are there."""
    near = abs(m.lat) < _NEAR_ZERO_E7 and abs(m.lon) < _NEAR_ZERO_E7
    fix: Any = facts.number("gnss_fix")
    return (m.lat == 0 and m.lon == 0) or (near and fix in (None, "none"))


def _e7(name: str) -> Any:
    def read(m: Any, facts: Facts) -> float | None:
        return None if _nowhere(m, facts) else _degrees(getattr(m, name), name)
    return read


def _fix_e7(name: str) -> Any:
    # Receivers tell a place without a fix too: the last one, or one of noise.
    place = _e7(name)
    return lambda m, facts: None if m.fix_type < _FIX_2D else place(m, facts)


def _altitude(lost: Any, scale: float) -> Any:
    # ArduPlane counts it from zero until it knows where it is.
    def read(m: Any, facts: Facts) -> float | None:
        real = facts.autopilot == "ardupilot" and not facts.own
        return None if real and lost(m, facts) else m.alt * scale
    return read


def _home_e7(name: str) -> Any:
    return lambda m, _: None if m.latitude == 0 and m.longitude == 0 else (
        _degrees(getattr(m, name), name))


def _target_e7(name: str) -> Any:
    def read(m: Any, _: Facts) -> float | None:
        return None if m.type_mask & 3 or (m.lat_int == 0 and m.lon_int == 0) else (
            _degrees(getattr(m, name), name))
    return read


def _target_altitude(m: Any, facts: Facts) -> float | None:
    if m.type_mask & 4:
        return None
    if m.coordinate_frame in _RELATIVE_FRAMES:
        home = facts.number("home_altitude_msl")
        return None if home is None else home + m.alt
    return float(m.alt) if m.coordinate_frame in _MSL_FRAMES else None


def _error_sign(facts: Facts) -> float:
    """PX4 sends what it has less what it wants (NAV_CONTROLLER_OUTPUT.hpp), others the reverse."""
    return -1.0 if facts.autopilot == "px4" and not facts.own else 1.0


def _altitude_by_error(m: Any, facts: Facts) -> float | None:
    now = facts.number("altitude_msl")
    return None if now is None else now + _error_sign(facts) * float(m.alt_error)


def _altitude_guided(m: Any, facts: Facts) -> Any:
    # In GUIDED ArduPlane's POSITION_TARGET_GLOBAL_INT keeps the altitude that the place came with,
    # whatever altitude was ordered since.
    guided = facts.autopilot == "ardupilot" and not facts.own and facts.role == "guided"
    return _altitude_by_error(m, facts) if guided else KEEP


def _off_the_path(kind: float, radius: float, direction: float, off: float) -> float:
    """As the vehicle tells it: outside a circle that is not reached yet, the path leads there."""
    on_the_way = kind == 1 and direction * off < -(0.1 * radius + 50.0)
    return 0.0 if on_the_way else off


def _airspeed_by_error(m: Any, facts: Facts) -> float | None:
    # ArduPilot sends this field in cm/s against the definition, and says so in its source.
    scale = 0.01 if facts.autopilot == "ardupilot" and not facts.own else 1.0
    now = facts.number("airspeed")
    return None if now is None else max(
        now + _error_sign(facts) * scale * float(m.aspd_error), 0.0)


def _course(m: Any, _: Facts) -> float | None:
    return atan2(m.vy, m.vx) % TAU if hypot(m.vx, m.vy) >= 50.0 else None


def _attitude_target(index: int) -> Any:
    def read(m: Any, _: Facts) -> float | None:
        if m.type_mask & 128:
            return None
        w, x, y, z = m.q
        if index == 0:
            return atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
        sine = 2.0 * (w * y - z * x)
        return atan2(sine, max(1.0 - sine * sine, 0.0) ** 0.5)
    return read


def _orbit_e7(name: str) -> Any:
    return lambda m, _: _degrees(getattr(m, name), name) if m.frame in _GLOBAL_FRAMES else None


def _terrain(name: str) -> Any:
    # A spacing of zero says that the terrain here is not known; heights are zero then.
    return lambda m, _: getattr(m, name) if m.spacing else None


def _wind_from(north: float, east: float) -> float | None:
    return atan2(-east, -north) % TAU if hypot(north, east) >= _CALM else None


def _landed_from_log(on_wheels: bool, phase: int) -> str:
    if phase in _ROLLING:
        return "taking_off"
    if on_wheels:
        return "on_ground"
    return "landing" if phase in _LANDING_PHASES else "in_air"


def _named(names: tuple[str, ...]) -> Any:
    return lambda number: names[int(number)] if 0 <= int(number) < len(names) else None


_ESTIMATE = "autopilot.estimate."

STATE = (
    Quantity("autopilot", "", "family of autopilots: px4, ardupilot, generic", "vehicle", (
        report("HEARTBEAT", "autopilot", lambda m, f: f.autopilot, lasting=True),)),
    Quantity("vehicle_type", "", "kind of vehicle", "vehicle", (
        report("HEARTBEAT", "type", lambda m, f: TYPES.get(m.type, "other"), lasting=True),)),
    Quantity("armed", "", "may move by itself", "state", (
        report("HEARTBEAT", "base_mode", lambda m, f: bool(m.base_mode & _ARMED), lasting=True),),
        columns=("autopilot.crew.armed",), from_log=bool),
    Quantity("mode", "", "mode as the vehicle names it", "state", (
        report("HEARTBEAT", "custom_mode", lambda m, f: f.mode_name(m.custom_mode),
               lasting=True),), columns=("autopilot.crew.mode",), from_log=_named(LOG_MODES)),
    Quantity("mode_role", "", "what the mode is for: hold, mission, take_off, return, land, "
             "guided, course, manual; nothing for any other", "state", (
        report("HEARTBEAT", "custom_mode", lambda m, f: f.mode_role(m.custom_mode),
               lasting=True),)),
    Quantity("landed_state", "", "on_ground, taking_off, in_air, landing", "state", (
        report("EXTENDED_SYS_STATE", "landed_state", lambda m, f: LANDED.get(m.landed_state)),),
        columns=("gear.weight_on_wheels", "autopilot.modes.phase"), from_log=_landed_from_log,
        computed="where the vehicle does not say: in_air while armed at 12 m/s or more"),
    Quantity("system_state", "", "standby, active, critical, emergency, ...", "state", (
        report("HEARTBEAT", "system_status", lambda m, f: STATES.get(m.system_status),
               lasting=True),)),
    Quantity("ready_to_arm", "", "the checks before arming are passed", "state", (
        report("SYS_STATUS", "onboard_control_sensors_health", _ready),)),
    Quantity("prearm_text", "", "why it does not arm, in the vehicle's own words of the last 70 s",
             "state", computed="texts PreArm:, Arm: and Preflight Fail: of STATUSTEXT, until it is "
             "ready or armed"),
    Quantity("failsafe", "", "the vehicle calls its state critical or an emergency", "state", (
        report("HEARTBEAT", "system_status", lambda m, f: m.system_status in FAILSAFE_STATES,
               lasting=True),), columns=("autopilot.failsafe.action",),
        from_log=lambda action: action >= 2),
    Quantity("unhealthy", "", "sensors and systems that are present, enabled and unhealthy",
             "state", (report("SYS_STATUS", "onboard_control_sensors_health", _unhealthy),)),
    Quantity("phase", "", "parked, ready, take_off, climb, cruise, descent, landing", "state",
             computed="from armed, landed_state and climb_rate beyond 1 m/s",
             columns=("autopilot.modes.phase",), from_log=_named(LOG_PHASES)),
)

ATTITUDE = (
    Quantity("roll", "rad", "bank, positive right wing down", "flight display", (
        report("ATTITUDE", "roll"),), digits=4, columns=(_ESTIMATE + "roll",)),
    Quantity("pitch", "rad", "positive nose up", "flight display", (
        report("ATTITUDE", "pitch"),), digits=4, columns=(_ESTIMATE + "pitch",)),
    Quantity("heading", "rad", "true heading, 0 to 2 pi", "flight display", (
        report("ATTITUDE", "yaw", lambda m, f: positive_angle(m.yaw)),
        report("GLOBAL_POSITION_INT", "hdg", lambda m, f: (
            None if m.hdg == UNKNOWN_16 else radians(m.hdg * 0.01)))), digits=4,
        columns=(_ESTIMATE + "heading",), from_log=positive_angle),
    Quantity("roll_rate", "rad/s", "about the body's forward axis", "flight display", (
        report("ATTITUDE", "rollspeed"),), digits=3, columns=("body.rate_body_x",)),
    Quantity("pitch_rate", "rad/s", "about the body's right axis", "flight display", (
        report("ATTITUDE", "pitchspeed"),), digits=3, columns=("body.rate_body_y",)),
    Quantity("yaw_rate", "rad/s", "about the body's down axis", "flight display", (
        report("ATTITUDE", "yawspeed"),), digits=3, columns=("body.rate_body_z",)),
    Quantity("target_roll", "rad", "bank asked for", "flight display", (
        report("ATTITUDE_TARGET", "q", _attitude_target(0)),
        report("NAV_CONTROLLER_OUTPUT", "nav_roll", lambda m, f: radians(m.nav_roll))), digits=3,
        columns=("autopilot.control.roll_command",)),
    Quantity("target_pitch", "rad", "pitch asked for", "flight display", (
        report("ATTITUDE_TARGET", "q", _attitude_target(1)),
        report("NAV_CONTROLLER_OUTPUT", "nav_pitch", lambda m, f: radians(m.nav_pitch))),
        digits=3, columns=("autopilot.energy.pitch",)),
)

PLACE = (
    Quantity("latitude_deg", "deg", "geodetic, WGS84", "map", (
        report("GLOBAL_POSITION_INT", "lat", _e7("lat")),
        report("GPS_RAW_INT", "lat", _fix_e7("lat"))), digits=7,
        columns=(_ESTIMATE + "latitude",), from_log=degrees),
    Quantity("longitude_deg", "deg", "WGS84", "map", (
        report("GLOBAL_POSITION_INT", "lon", _e7("lon")),
        report("GPS_RAW_INT", "lon", _fix_e7("lon"))), digits=7,
        columns=(_ESTIMATE + "longitude",), from_log=degrees),
    Quantity("altitude_msl", "m", "above mean sea level", "flight display", (
        report("GLOBAL_POSITION_INT", "alt", _altitude(_nowhere, 1e-3)),
        report("ALTITUDE", "altitude_amsl"), report("VFR_HUD", "alt", _altitude(
            lambda m, f: f.number("latitude_deg") is None, 1.0))), digits=2,
        columns=(_ESTIMATE + "altitude_msl",)),
    Quantity("height_above_home", "m", "above home", "flight display", (
        report("GLOBAL_POSITION_INT", "relative_alt", scale=1e-3),
        report("ALTITUDE", "altitude_relative")), digits=2),
    Quantity("height_above_ground", "m", "above the ground below, as the vehicle measures or "
             "knows it", "flight display", (
        report("ALTITUDE", "bottom_clearance",
               lambda m, f: m.bottom_clearance if m.bottom_clearance >= 0.0 else None),
        report("TERRAIN_REPORT", "current_height", _terrain("current_height")),
        report("DISTANCE_SENSOR", "current_distance", lambda m, f: (
            m.current_distance * 0.01 if m.orientation == 25
            and m.current_distance < m.max_distance else None))), digits=1,
        columns=(_ESTIMATE + "height_above_ground", _ESTIMATE + "ground_valid"),
        from_log=lambda height, valid: height if valid else None),
    Quantity("ground_elevation_msl", "m", "of the ground below, above mean sea level", "map", (
        report("ALTITUDE", "altitude_amsl, bottom_clearance", lambda m, f: (
            m.altitude_amsl - m.bottom_clearance if m.bottom_clearance >= 0.0 else None)),
        report("TERRAIN_REPORT", "terrain_height", _terrain("terrain_height"))), digits=1,
        columns=("flight.ground_elevation_msl",)),
    Quantity("terrain_missing", "", "the vehicle asks for heights of the ground that the station "
             "does not have", "map", computed="TERRAIN_REQUEST of the last minute that could not "
             "be answered"),
    Quantity("home_latitude_deg", "deg", "home, WGS84", "map", (
        report("HOME_POSITION", "latitude", _home_e7("latitude"), lasting=True),), digits=7),
    Quantity("home_longitude_deg", "deg", "home, WGS84", "map", (
        report("HOME_POSITION", "longitude", _home_e7("longitude"), lasting=True),), digits=7),
    Quantity("home_altitude_msl", "m", "home above mean sea level", "map", (
        report("HOME_POSITION", "altitude", lambda m, f: None if (
            m.latitude == 0 and m.longitude == 0) else m.altitude * 1e-3, lasting=True),),
        digits=2),
)

MOTION = (
    Quantity("airspeed", "m/s", "calibrated", "flight display", (report("VFR_HUD", "airspeed"),),
             digits=2, columns=(_ESTIMATE + "air.calibrated_airspeed",)),
    Quantity("ground_speed", "m/s", "over the ground", "flight display", (
        report("GLOBAL_POSITION_INT", "vx, vy", lambda m, f: hypot(m.vx, m.vy) * 0.01),
        report("VFR_HUD", "groundspeed")), digits=2,
        columns=(_ESTIMATE + "velocity_north", _ESTIMATE + "velocity_east"), from_log=hypot),
    Quantity("course", "rad", "true course over the ground, from 0.5 m/s up", "flight display", (
        report("GLOBAL_POSITION_INT", "vx, vy", _course),), digits=3,
        columns=(_ESTIMATE + "velocity_north", _ESTIMATE + "velocity_east"),
        from_log=lambda n, e: atan2(e, n) % TAU if hypot(n, e) >= 0.5 else None),
    Quantity("climb_rate", "m/s", "positive upwards", "flight display", (
        report("GLOBAL_POSITION_INT", "vz", lambda m, f: 0.0 - m.vz * 0.01),
        report("VFR_HUD", "climb")), digits=2, columns=(_ESTIMATE + "climb_rate",)),
    Quantity("velocity_north", "m/s", "over the ground", "map", (
        report("GLOBAL_POSITION_INT", "vx", scale=0.01),), digits=2,
        columns=(_ESTIMATE + "velocity_north",)),
    Quantity("velocity_east", "m/s", "over the ground", "map", (
        report("GLOBAL_POSITION_INT", "vy", scale=0.01),), digits=2,
        columns=(_ESTIMATE + "velocity_east",)),
    Quantity("throttle", "", "0 to 1", "engine", (
        report("VFR_HUD", "throttle", lambda m, f: min(m.throttle, 100) * 0.01),), digits=2,
        columns=("commands.throttle_0", "commands.throttle_1"), from_log=max),
    Quantity("wind_speed", "m/s", "horizontal wind", "map", (
        report("WIND_COV", "wind_x, wind_y", lambda m, f: hypot(m.wind_x, m.wind_y)),
        report("WIND", "speed")), digits=1,
        columns=(_ESTIMATE + "wind_north", _ESTIMATE + "wind_east"), from_log=hypot),
    Quantity("wind_from", "rad", "true direction that the wind comes from, from 0.1 m/s up",
             "map", (
        report("WIND_COV", "wind_x, wind_y", lambda m, f: _wind_from(m.wind_x, m.wind_y)),
        report("WIND", "direction", lambda m, f: (
            radians(m.direction) % TAU if m.speed >= _CALM else None))), digits=2,
        columns=(_ESTIMATE + "wind_north", _ESTIMATE + "wind_east"), from_log=_wind_from),
)

TARGETS = (
    Quantity("target_altitude_msl", "m", "asked for, above mean sea level", "flight display", (
        report("NAV_CONTROLLER_OUTPUT", "alt_error (ArduPlane in GUIDED)", _altitude_guided),
        report("POSITION_TARGET_GLOBAL_INT", "alt", _target_altitude),
        report("NAV_CONTROLLER_OUTPUT", "alt_error", _altitude_by_error)), digits=1,
        columns=("autopilot.guidance.altitude_target",)),
    Quantity("target_airspeed", "m/s", "calibrated, asked for", "flight display", (
        report("NAV_CONTROLLER_OUTPUT", "aspd_error", _airspeed_by_error),), digits=1,
        columns=("autopilot.guidance.speed_target",)),
    Quantity("target_course", "rad", "true course asked for", "flight display", (
        report("NAV_CONTROLLER_OUTPUT", "nav_bearing",
               lambda m, f: radians(m.nav_bearing) % TAU),), digits=3,
        columns=("autopilot.crew.course",), from_log=positive_angle),
    Quantity("target_latitude_deg", "deg", "place flown to", "map", (
        report("POSITION_TARGET_GLOBAL_INT", "lat_int", _target_e7("lat_int")),), digits=6,
        columns=("autopilot.crew.target_latitude",), from_log=lambda v: degrees(v) or None),
    Quantity("target_longitude_deg", "deg", "place flown to", "map", (
        report("POSITION_TARGET_GLOBAL_INT", "lon_int", _target_e7("lon_int")),), digits=6,
        columns=("autopilot.crew.target_longitude",), from_log=lambda v: degrees(v) or None),
    Quantity("target_distance", "m", "to the place flown to, at most 65 535", "map", (
        report("NAV_CONTROLLER_OUTPUT", "wp_dist"),), digits=0,
        columns=("autopilot.guidance.to_go",)),
    Quantity("cross_track", "m", "distance to the right of the path", "map", (
        report("NAV_CONTROLLER_OUTPUT", "xtrack_error"),), digits=1,
        columns=("autopilot.guidance.kind", "autopilot.guidance.radius",
                 "autopilot.guidance.direction", "autopilot.guidance.cross_track"),
        from_log=_off_the_path),
    Quantity("orbit_latitude_deg", "deg", "centre of the circle flown", "map", (
        report("ORBIT_EXECUTION_STATUS", "x", _orbit_e7("x")),), digits=6),
    Quantity("orbit_longitude_deg", "deg", "centre of the circle flown", "map", (
        report("ORBIT_EXECUTION_STATUS", "y", _orbit_e7("y")),), digits=6),
    Quantity("orbit_radius", "m", "positive clockwise seen from above", "map", (
        report("ORBIT_EXECUTION_STATUS", "radius"),), digits=1,
        columns=("autopilot.guidance.kind", "autopilot.guidance.radius",
                 "autopilot.guidance.direction"),
        from_log=lambda kind, radius, sign: radius * sign if kind == 1 else None),
)
