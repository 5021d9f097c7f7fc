"""Where the aircraft is and how it moves, by its own estimate: attitude, position, air data.

Altitudes: ``alt`` of GLOBAL_POSITION_INT and of VFR_HUD are above mean sea level, relative ones
above home; ALTITUDE names each of its own. Unknown values are as each message defines them.
"""

from collections.abc import Callable
from math import atan2, cos, degrees, hypot, sin
from typing import Any

from longwatch.earth.frames import quaternion_from_euler
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft

# Dilution of precision as receivers in the open report it; sensors here are without errors.
GOOD_DILUTION = 70
SATELLITES = 18
UNKNOWN_16 = 65535
# ALTITUDE: a height over terrain below -1000 is unknown, and a clearance below 0.
UNKNOWN_HEIGHT, NO_CLEARANCE = -1001.0, -1.0
# Slower than this over the ground [m/s] there is no course.
LEAST_COURSE_SPEED = 0.2


def centidegrees(angle: float) -> int:
    """An angle [rad] as 0 to 35 999 hundredths of a degree."""
    return round(degrees(angle) * 100.0) % 36000


def e7(angle: float) -> int:
    """An angle [rad] in units of 1e-7 degrees."""
    return round(degrees(angle) * 1e7)


def within(value: float, least: int, most: int) -> int:
    """A number rounded into the range of its field."""
    return int(min(max(round(value), least), most))


# Messages that tell what the aircraft has found out of its position and attitude.
_ESTIMATED = frozenset({
    mavlink.MAVLINK_MSG_ID_ATTITUDE, mavlink.MAVLINK_MSG_ID_ATTITUDE_QUATERNION,
    mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, mavlink.MAVLINK_MSG_ID_LOCAL_POSITION_NED,
    mavlink.MAVLINK_MSG_ID_VFR_HUD, mavlink.MAVLINK_MSG_ID_ALTITUDE})
# HIGHRES_IMU_UPDATED_FLAGS: inertial unit, magnetometer, and what the air data computer measures.
_INERTIAL, _MAGNETIC, _AIR = 0x003F, 0x01C0, 0x1E00


class Pose(Service):
    """Makes the messages of attitude, position, speed and pressure."""

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._makers: dict[int, Callable[[Any, Any], Any]] = {
            mavlink.MAVLINK_MSG_ID_ATTITUDE: self._attitude,
            mavlink.MAVLINK_MSG_ID_ATTITUDE_QUATERNION: self._quaternion,
            mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: self._global_position,
            mavlink.MAVLINK_MSG_ID_LOCAL_POSITION_NED: self._local_position,
            mavlink.MAVLINK_MSG_ID_VFR_HUD: self._hud,
            mavlink.MAVLINK_MSG_ID_ALTITUDE: self._altitude,
            mavlink.MAVLINK_MSG_ID_GPS_RAW_INT: self._gps,
            mavlink.MAVLINK_MSG_ID_SCALED_PRESSURE: self._pressure,
            mavlink.MAVLINK_MSG_ID_HIGHRES_IMU: self._imu,
            mavlink.MAVLINK_MSG_ID_SYSTEM_TIME: self._system_time,
            mavlink.MAVLINK_MSG_ID_SERVO_OUTPUT_RAW: self._servos,
        }

    @property
    def provides(self) -> tuple[int, ...]:  # type: ignore[override]
        """Messages that can be made at any time."""
        return tuple(self._makers)

    def provide(self, message_id: int) -> Any:
        """The message as of now; of the estimate there is none before it is found."""
        state = self.craft.state
        estimate = state.autopilot.estimate
        if message_id in _ESTIMATED and not estimate.aligned:
            return None
        return self._makers[message_id](state, estimate)

    def _attitude(self, state: Any, estimate: Any) -> Any:
        rate = estimate.rate
        return mavlink.MAVLink_attitude_message(
            self.craft.time_boot_ms(), estimate.roll, estimate.pitch, estimate.heading,
            rate[0], rate[1], rate[2])

    def _quaternion(self, state: Any, estimate: Any) -> Any:
        q = quaternion_from_euler(estimate.roll, estimate.pitch, estimate.heading)
        rate = estimate.rate
        return mavlink.MAVLink_attitude_quaternion_message(
            self.craft.time_boot_ms(), *q, rate[0], rate[1], rate[2])

    def _global_position(self, state: Any, estimate: Any) -> Any:
        home = self.craft.home
        return mavlink.MAVLink_global_position_int_message(
            self.craft.time_boot_ms(), e7(estimate.latitude), e7(estimate.longitude),
            round(estimate.altitude_msl * 1e3),
            round((estimate.altitude_msl - home.altitude_msl) * 1e3),
            within(estimate.velocity_north * 100, -32767, 32767),
            within(estimate.velocity_east * 100, -32767, 32767),
            within(-estimate.climb_rate * 100, -32767, 32767), centidegrees(estimate.heading))

    def _local_position(self, state: Any, estimate: Any) -> Any:
        """North, east and down of the origin."""
        origin = self.craft.origin
        distance, bearing = distance_and_bearing(origin.latitude, origin.longitude,
                                                 estimate.latitude, estimate.longitude)
        return mavlink.MAVLink_local_position_ned_message(
            self.craft.time_boot_ms(), distance * cos(bearing), distance * sin(bearing),
            origin.altitude_msl - estimate.altitude_msl, estimate.velocity_north,
            estimate.velocity_east, -estimate.climb_rate)

    def _hud(self, state: Any, estimate: Any) -> Any:
        speed = hypot(estimate.velocity_north, estimate.velocity_east)
        return mavlink.MAVLink_vfr_hud_message(
            estimate.air.calibrated_airspeed, speed, round(degrees(estimate.heading)) % 360,
            within(100.0 * max(state.commands.throttle), 0, 100), estimate.altitude_msl,
            estimate.climb_rate)

    def _altitude(self, state: Any, estimate: Any) -> Any:
        """Height over terrain and clearance are the altimeter's, from wheels to ground."""
        altitude, seen = estimate.altitude_msl, estimate.ground_valid
        # On the ground struts may give way by some millimetres more than at rest.
        clearance = max(estimate.height_above_ground, 0.0)
        return mavlink.MAVLink_altitude_message(
            self.craft.time_usec(), altitude, altitude,
            altitude - self.craft.origin.altitude_msl, altitude - self.craft.home.altitude_msl,
            estimate.height_above_ground if seen else UNKNOWN_HEIGHT,
            clearance if seen else NO_CLEARANCE)

    def _gps(self, state: Any, estimate: Any) -> Any:
        fix = state.autopilot.voted.gnss
        usec = self.craft.time_usec()
        if not fix.valid or fix.count == 0:
            return mavlink.MAVLink_gps_raw_int_message(
                usec, mavlink.GPS_FIX_TYPE_NO_FIX, 0, 0, 0, UNKNOWN_16, UNKNOWN_16, UNKNOWN_16,
                UNKNOWN_16, 0)
        height = fix.height_ellipsoid
        # The receiver's own geoid: that of the estimate, a few metres away at most.
        undulation = estimate.height_ellipsoid - estimate.altitude_msl
        speed = hypot(fix.velocity_north, fix.velocity_east)
        course = (centidegrees(atan2(fix.velocity_east, fix.velocity_north))
                  if speed > LEAST_COURSE_SPEED else UNKNOWN_16)
        return mavlink.MAVLink_gps_raw_int_message(
            usec, mavlink.GPS_FIX_TYPE_3D_FIX, e7(fix.latitude), e7(fix.longitude),
            round((height - undulation) * 1e3), GOOD_DILUTION, GOOD_DILUTION,
            within(100 * speed, 0, UNKNOWN_16 - 1), course, SATELLITES, round(height * 1e3))

    def _pressure(self, state: Any, estimate: Any) -> Any:
        air = state.autopilot.voted.air_data
        if not air.valid:
            return None
        return mavlink.MAVLink_scaled_pressure_message(
            self.craft.time_boot_ms(), air.static_pressure / 100.0, air.impact_pressure / 100.0,
            within(100 * (air.temperature - 273.15), -32767, 32767))

    def _imu(self, state: Any, estimate: Any) -> Any:
        voted = state.autopilot.voted
        imu, air, compass = voted.imu, voted.air_data, voted.magnetometer
        magnetic = compass.field_body
        updated = ((_INERTIAL if imu.valid else 0) | (_MAGNETIC if compass.valid else 0)
                   | (_AIR if air.valid else 0))
        if not updated:
            return None
        pressure = air.static_pressure
        altitude = 44330.77 * (1.0 - (max(pressure, 1.0) / 101325.0) ** 0.1902632)
        force, rate = imu.specific_force, imu.rate
        return mavlink.MAVLink_highres_imu_message(
            self.craft.time_usec(), force[0], force[1], force[2], rate[0], rate[1], rate[2],
            magnetic[0] * 1e-5, magnetic[1] * 1e-5, magnetic[2] * 1e-5, pressure / 100.0,
            air.impact_pressure / 100.0, altitude, air.temperature - 273.15, updated)

    def _system_time(self, state: Any, estimate: Any) -> Any:
        return mavlink.MAVLink_system_time_message(
            round((float(state.clock.start) + float(state.clock.time)) * 1e6),
            self.craft.time_boot_ms())

    def _servos(self, state: Any, estimate: Any) -> Any:
        """Commands as pulse widths, 1 000 to 2 000 us: aileron, elevator, throttle, rudder."""
        commands, servos = state.commands, self.craft.sheet.actuators

        def surface(command: float, travel: Any) -> int:
            return within(1500 + 500 * command / max(abs(travel.upper), 1e-6), 1000, 2000)

        throttle = [within(1000 + 1000 * level, 1000, 2000) for level in commands.throttle]
        return mavlink.MAVLink_servo_output_raw_message(
            self.craft.boot_usec() % 2**32, 0, surface(commands.aileron, servos.aileron),
            surface(commands.elevator, servos.ruddervator), throttle[0],
            surface(commands.rudder, servos.ruddervator), throttle[-1],
            surface(commands.steering, servos.steering),
            within(1000 + 1000 * commands.brake_left, 1000, 2000),
            within(1000 + 1000 * commands.brake_right, 1000, 2000))
