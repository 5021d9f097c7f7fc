"""SYS_STATUS and the checks before arming, each objection a text that says what is wrong."""

from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.planning.performance import Performance
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, Reply, Sender
from longwatch.services.pose import within
from longwatch.simulation.orders.crew import no_departure
from longwatch.simulation.orders.parameters import settings

# Objections are told again this often [s of wall time] while the aircraft stands disarmed.
REMINDER = 30.0
CHECK_PERIOD = 1.0
MAXIMUM_ALIGNING = 30.0

_SENSORS = (
    ("imu", mavlink.MAV_SYS_STATUS_SENSOR_3D_GYRO | mavlink.MAV_SYS_STATUS_SENSOR_3D_ACCEL,
     "no inertial unit works"),
    ("magnetometer", mavlink.MAV_SYS_STATUS_SENSOR_3D_MAG, "no magnetometer works"),
    ("air_data", mavlink.MAV_SYS_STATUS_SENSOR_ABSOLUTE_PRESSURE
     | mavlink.MAV_SYS_STATUS_SENSOR_DIFFERENTIAL_PRESSURE, "no air data computer works"),
    ("gnss", mavlink.MAV_SYS_STATUS_SENSOR_GPS, "no satellite fix"),
)
_CONTROL = (mavlink.MAV_SYS_STATUS_SENSOR_ANGULAR_RATE_CONTROL
            | mavlink.MAV_SYS_STATUS_SENSOR_ATTITUDE_STABILIZATION
            | mavlink.MAV_SYS_STATUS_SENSOR_YAW_POSITION
            | mavlink.MAV_SYS_STATUS_SENSOR_Z_ALTITUDE_CONTROL
            | mavlink.MAV_SYS_STATUS_SENSOR_XY_POSITION_CONTROL
            | mavlink.MAV_SYS_STATUS_SENSOR_MOTOR_OUTPUTS)
_AHRS = mavlink.MAV_SYS_STATUS_AHRS
_PREARM = mavlink.MAV_SYS_STATUS_PREARM_CHECK
_PROPULSION = mavlink.MAV_SYS_STATUS_SENSOR_PROPULSION
_BATTERY = mavlink.MAV_SYS_STATUS_SENSOR_BATTERY
_FENCE = mavlink.MAV_SYS_STATUS_GEOFENCE
# Level of the fence's watch where the aircraft is outside.
_OUTSIDE = 2


class Status(Service):
    """Tells the health of sensors and systems; checks before arming."""

    commands = (mavlink.MAV_CMD_RUN_PREARM_CHECKS,)
    provides = (mavlink.MAVLINK_MSG_ID_SYS_STATUS,)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._told: tuple[str, ...] = ()
        self._check = self._remind = 0.0
        sheet = craft.sheet
        self._reserve_flow = Performance(sheet).fuel_flow(
            float(sheet.mass.maximum_takeoff_mass), float(sheet.limits.cruise_speed), 0.0)

    def provide(self, message_id: int) -> Any:
        """SYS_STATUS as of now."""
        state = self.craft.state
        present = _CONTROL | _AHRS | _PREARM | _PROPULSION | _BATTERY
        # Healthy where there is none: clients take the opposite for a breach.
        healthy = _CONTROL | _BATTERY | _FENCE
        fenced, watched = self._fence()
        present |= _FENCE if fenced else 0
        seen = state.autopilot.failsafe.fence
        if watched and _OUTSIDE in (int(seen.level), int(seen.height_level)):
            healthy &= ~_FENCE
        for name, bits, _ in _SENSORS:
            present |= bits
            if works(state.sensors, name):
                healthy |= bits
        if state.autopilot.estimate.aligned:
            healthy |= _AHRS
        if not self._engines():
            healthy |= _PROPULSION
        if state.autopilot.crew.armed or not self.all_objections():
            healthy |= _PREARM
        systems = state.sensors.systems
        volts, full = float(systems.battery_voltage), float(
            self.craft.sheet.electrics.battery_energy)
        current = float(systems.battery_power) / max(volts, 1.0)
        return mavlink.MAVLink_sys_status_message(
            present, present if watched else present & ~_FENCE, healthy, 0,
            within(1e3 * volts, 0, 65534),
            within(1e2 * current, -32768, 32767),
            within(1e2 * float(systems.battery_energy) / full, 0, 100), 0, 0, 0, 0, 0, 0)

    def _fence(self) -> tuple[bool, bool]:
        """Whether there is a fence, and whether it is watched."""
        own = settings(self.craft.simulation)[0]
        fenced = (len(self.craft.simulation.loaded.fence) > 0 or own.fence_ceiling != 0.0
                  or own.fence_floor != 0.0)
        return bool(fenced), bool(fenced and own.fence_watch)

    def command(self, command: Command, sender: Sender) -> Reply:
        """RUN_PREARM_CHECKS: what speaks against arming, one text each."""
        if self.craft.state.autopilot.crew.armed:
            return Reply(mavlink.MAV_RESULT_TEMPORARILY_REJECTED, "checks before arming: armed")
        if not self.craft.state.autopilot.estimate.aligned:
            began = self.craft.time

            def later() -> Reply | None:
                if self.craft.state.autopilot.estimate.aligned or (
                        self.craft.time - began > MAXIMUM_ALIGNING):
                    return self._report(sender)
                return None

            return Reply(mavlink.MAV_RESULT_IN_PROGRESS, later=later, cancel=lambda: None)
        return self._report(sender)

    def poll(self, wall: float) -> None:
        """Tell objections when they change, and now and then while they last."""
        if wall < self._check:
            return
        self._check = wall + CHECK_PERIOD
        state = self.craft.state.autopilot
        if state.crew.armed or not state.estimate.aligned:
            return
        now = self.all_objections()
        if now != self._told or (now and wall >= self._remind):
            self._told, self._remind = now, wall + REMINDER
            self.tell(now)

    def all_objections(self) -> tuple[str, ...]:
        """What every service has against arming now."""
        found: list[str] = []
        for service in self.component.services:
            found.extend(service.objections())
        return tuple(found)

    def objections(self) -> tuple[str, ...]:
        """Sensors, alignment, engines, fuel."""
        state, sheet = self.craft.state, self.craft.sheet
        found = [text for name, _, text in _SENSORS if not works(state.sensors, name)]
        if not state.autopilot.estimate.aligned:
            found.append("attitude and position not found yet")
        elif not self.craft.airborne:
            why = no_departure(self.craft.simulation)
            if why:
                found.append(why)
        found.extend(self._engines())
        reserve = float(sheet.limits.reserve_time)
        endurance = float(state.sensors.systems.fuel_mass) / self._reserve_flow
        if endurance < reserve:
            found.append(f"fuel for {endurance / 60.0:.0f} min, the reserve alone is "
                         f"{reserve / 60.0:.0f} min")
        return tuple(found)

    def tell(self, objections: tuple[str, ...], to: Sender | None = None) -> None:
        """Say objections, in the words by which stations know them."""
        for text in objections:
            self.craft.say(mavlink.MAV_SEVERITY_CRITICAL,
                           f"{self.craft.profile.objection}: {text}", to)

    def _report(self, sender: Sender) -> Reply:
        self.tell(self.all_objections(), sender)
        return Reply(mavlink.MAV_RESULT_ACCEPTED)

    def _engines(self) -> list[str]:
        running = self.craft.state.sensors.systems.engine_running
        return [f"engine {i + 1} does not run" for i in range(int(self.craft.sheet.engine.count))
                if not running[i]]


def works(sensors: Any, name: str) -> bool:
    """True where a channel of this sensor is valid."""
    return any(bool(channel.valid) for channel in sensors[name])
