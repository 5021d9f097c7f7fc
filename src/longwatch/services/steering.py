"""What the autopilot aims at: guidance targets, attitude targets, the circle it flies."""

from math import acos, atan2, cos, degrees, hypot, nan
from typing import Any

from longwatch.autopilot import codes
from longwatch.autopilot.control import guidance
from longwatch.earth.frames import quaternion_from_euler, wrap_angle
from longwatch.earth.wgs84 import WGS84, ecef_to_geodetic
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.pose import e7, within

# Phases on the ground: neither a place nor an altitude is flown to.
_AIMLESS = frozenset(
    {
        codes.PHASE_PARKED,
        codes.PHASE_TAKEOFF_ROLL,
        codes.PHASE_ROTATION,
        codes.PHASE_ROLL_OUT,
        codes.PHASE_STOPPED,
    }
)
# POSITION_TARGET_TYPEMASK: velocities, accelerations and yaw are not given.
POSITION_ONLY = 0x0DF8


def aimed(path: Any) -> tuple[float, float]:
    """Course of the path that is flown [rad], and the distance to the right of it [m].

    On the way to a circle that path is the straight line from here to its tangent point, and
    nothing is off it; the guidance's own error is still that from the circle, as far away as it is.
    """
    course = atan2(path.course_east, path.course_north)
    distance = path.radius - path.direction * path.cross_track
    # Reached as the autopilot has it: within a tenth of its radius and 50 m.
    if path.kind != guidance.CIRCLE or distance < 1.1 * path.radius + 50.0:
        return course, float(path.cross_track)
    return wrap_angle(course + path.direction * acos(path.radius / distance)), 0.0


class Steering(Service):
    """Makes the messages of targets and deviations."""

    provides = (mavlink.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT,
                mavlink.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT,
                mavlink.MAVLINK_MSG_ID_ATTITUDE_TARGET,
                mavlink.MAVLINK_MSG_ID_ORBIT_EXECUTION_STATUS)

    def provide(self, message_id: int) -> Any:
        """The message as of now; None where nothing is aimed at, as before a take-off."""
        autopilot = self.craft.state.autopilot
        if not autopilot.estimate.aligned:
            return None
        aims = int(autopilot.modes.phase) not in _AIMLESS
        if message_id == mavlink.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT:
            return self._deviations(autopilot) if aims else self._standing(autopilot)
        if not aims:
            return None
        if message_id == mavlink.MAVLINK_MSG_ID_ATTITUDE_TARGET:
            return self._attitude(autopilot)
        if message_id == mavlink.MAVLINK_MSG_ID_ORBIT_EXECUTION_STATUS:
            return self._circle(autopilot)
        return self._position(autopilot)

    def _target(self, path: Any) -> tuple[float, float]:
        """Latitude and longitude [rad] of the leg's end, or of the circle's centre."""
        point = path.centre_ecef if path.kind == guidance.CIRCLE else path.to_ecef
        if not any(point):
            estimate = self.craft.state.autopilot.estimate
            return float(estimate.latitude), float(estimate.longitude)
        latitude, longitude, _ = ecef_to_geodetic(WGS84[0], *map(float, point))
        return latitude, longitude

    def _standing(self, autopilot: Any) -> Any:
        """On the ground: no deviation from anything."""
        heading = round(degrees(autopilot.estimate.heading))
        return mavlink.MAVLink_nav_controller_output_message(
            0.0, 0.0, heading, heading, 0, 0.0, 0.0, 0.0)

    def _deviations(self, autopilot: Any) -> Any:
        path, estimate = autopilot.guidance, autopilot.estimate
        latitude, longitude = self._target(path)
        north = latitude - estimate.latitude
        east = wrap_angle(longitude - estimate.longitude) * cos(estimate.latitude)
        course, cross_track = aimed(path)
        return mavlink.MAVLink_nav_controller_output_message(
            degrees(autopilot.control.roll_command), degrees(autopilot.energy.pitch),
            round(degrees(course)), round(degrees(atan2(east, north))),
            within(hypot(north, east) * 6371000.0, 0, 65535),
            path.altitude_target - estimate.altitude_msl,
            path.speed_target - estimate.air.calibrated_airspeed, cross_track)

    def _position(self, autopilot: Any) -> Any:
        latitude, longitude = self._target(autopilot.guidance)
        return mavlink.MAVLink_position_target_global_int_message(
            self.craft.time_boot_ms(), mavlink.MAV_FRAME_GLOBAL, POSITION_ONLY, e7(latitude),
            e7(longitude), autopilot.guidance.altitude_target, nan, nan, nan, nan, nan, nan, nan,
            nan)

    def _attitude(self, autopilot: Any) -> Any:
        control, estimate = autopilot.control, autopilot.estimate
        q = quaternion_from_euler(control.roll_command, autopilot.energy.pitch, estimate.heading)
        ignored = (mavlink.ATTITUDE_TARGET_TYPEMASK_BODY_ROLL_RATE_IGNORE
                   | mavlink.ATTITUDE_TARGET_TYPEMASK_BODY_PITCH_RATE_IGNORE
                   | mavlink.ATTITUDE_TARGET_TYPEMASK_BODY_YAW_RATE_IGNORE)
        return mavlink.MAVLink_attitude_target_message(
            self.craft.time_boot_ms(), ignored, q, 0.0, 0.0, 0.0, autopilot.energy.throttle)

    def _circle(self, autopilot: Any) -> Any:
        path = autopilot.guidance
        if path.kind != guidance.CIRCLE or not self.craft.airborne:
            return None
        latitude, longitude = self._target(path)
        return mavlink.MAVLink_orbit_execution_status_message(
            self.craft.time_usec(), path.radius * path.direction, mavlink.MAV_FRAME_GLOBAL_INT,
            e7(latitude), e7(longitude), path.altitude_target)
