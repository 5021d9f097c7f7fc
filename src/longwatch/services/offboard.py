"""Set-points from a companion: a place, a velocity or an attitude, sent again and again.

They fly the aircraft in mode offboard; in others they are kept ready, so that the mode can be
taken. Silent for a second of wall time they end, and the aircraft holds where it is. Under the
ardupilot profile they are flown in mode guided, which asks for no other mode: a place is gone to
and needs no repetition, a velocity or an attitude is followed.
"""

from collections.abc import Callable
from math import asin, atan2, cos, hypot, isfinite, nan, radians, sin
from typing import Any

from longwatch.autopilot import codes
from longwatch.earth.geodesics import destination
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft, Sender
from longwatch.services.pose import e7
from longwatch.services.steering import POSITION_ONLY

SILENCE = 1.0
# Refusals of set-points are told this far apart at least [s of wall time].
REMINDER = 2.0
POSITION_IGNORED = 0x007
VELOCITY_IGNORED = 0x038
HEIGHT_IGNORED = 0x004
GLOBAL = (mavlink.MAV_FRAME_GLOBAL, mavlink.MAV_FRAME_GLOBAL_INT)
RELATIVE = (mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT, mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT)
BODY = (mavlink.MAV_FRAME_BODY_NED, mavlink.MAV_FRAME_BODY_OFFSET_NED)
OFFSET = (mavlink.MAV_FRAME_LOCAL_OFFSET_NED, mavlink.MAV_FRAME_BODY_OFFSET_NED)
LOCAL = (mavlink.MAV_FRAME_LOCAL_NED, mavlink.MAV_FRAME_LOCAL_OFFSET_NED, *BODY)


class Offboard(Service):
    """Hands set-points to the autopilot."""

    messages = ("SET_POSITION_TARGET_GLOBAL_INT", "SET_POSITION_TARGET_LOCAL_NED",
                "SET_ATTITUDE_TARGET")
    capabilities = (mavlink.MAV_PROTOCOL_CAPABILITY_SET_POSITION_TARGET_GLOBAL_INT
                    | mavlink.MAV_PROTOCOL_CAPABILITY_SET_POSITION_TARGET_LOCAL_NED
                    | mavlink.MAV_PROTOCOL_CAPABILITY_SET_ATTITUDE_TARGET)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._heard: float | None = None
        self._sender: Sender | None = None
        self._say_again = 0.0
        self._handlers: dict[str, Callable[[Any], tuple[str, dict[str, float]] | None]] = {
            "SET_POSITION_TARGET_GLOBAL_INT": self._global,
            "SET_POSITION_TARGET_LOCAL_NED": self._local,
            "SET_ATTITUDE_TARGET": self._attitude,
        }

    def handle(self, message: Any, sender: Sender) -> None:
        """Take a set-point; one that says nothing the aircraft can fly is said so."""
        found = self._handlers[message.get_type()](message)
        if found is None or not all(map(isfinite, found[1].values())):
            self.craft.say(mavlink.MAV_SEVERITY_WARNING,
                           f"{message.get_type()}: no set-point that a fixed wing can fly", sender)
            return
        name, values = found
        guided = self._guided()
        going = guided and name == "offboard_position"
        refused = self.craft.order(sender, "go_to" if going else name, **values)
        if not refused and guided and not going:
            refused = self.craft.order(sender, "mode", mode=codes.MODE_NAMES[codes.MODE_OFFBOARD])
        if refused:
            self._say_now_and_then(refused, sender)
        elif going:
            self._confirm(message, values, sender)
        else:
            self._heard, self._sender = self.craft.wall(), sender

    def _guided(self) -> bool:
        """Set-points are for mode guided, and it is in that."""
        return (self.craft.profile.name == "ardupilot"
                and self.craft.state.autopilot.crew.mode == codes.MODE_GUIDED)

    def _confirm(self, message: Any, values: dict[str, float], sender: Sender) -> None:
        """The place that is gone to, to whoever sent it: some clients send it until they see it."""
        exact = message.get_type() == "SET_POSITION_TARGET_GLOBAL_INT"
        place = ((message.lat_int, message.lon_int) if exact
                 else (e7(values["latitude"]), e7(values["longitude"])))
        self.craft.send(mavlink.MAVLink_position_target_global_int_message(
            self.craft.time_boot_ms(), mavlink.MAV_FRAME_GLOBAL, POSITION_ONLY, *place,
            values["altitude_msl"], *[nan] * 8), sender)

    def _say_now_and_then(self, refused: str, sender: Sender) -> None:
        """Set-points come many a second: why they are refused is said at once, and then seldom."""
        wall = self.craft.wall()
        if wall >= self._say_again:
            self._say_again = wall + REMINDER
            self.craft.say(mavlink.MAV_SEVERITY_WARNING, refused, sender)

    def poll(self, wall: float) -> None:
        """End what has fallen silent."""
        if self._heard is not None and self._sender is not None and wall - self._heard > SILENCE:
            self._heard = None
            self.craft.order(self._sender, "offboard_end")

    def keep(self) -> Sender | None:
        """Who sends set-points."""
        return None if self._heard is None else self._sender

    def rewound(self, kept: Any) -> None:
        """Whoever sent set-points then has as long as ever to go on."""
        self._heard = None if kept is None else self.craft.wall()
        self._sender = kept

    def _global(self, message: Any) -> tuple[str, dict[str, float]] | None:
        mask, frame = message.type_mask, message.coordinate_frame
        if mask & POSITION_IGNORED == POSITION_IGNORED:
            return self._velocity(message)
        if mask & 0x003 or frame not in (*GLOBAL, *RELATIVE):
            return None
        base = self.craft.home.altitude_msl if frame in RELATIVE else 0.0
        altitude = (self._altitude() if mask & HEIGHT_IGNORED
                    else base + message.alt)
        place = {"latitude": radians(message.lat_int * 1e-7),
                 "longitude": radians(message.lon_int * 1e-7), "altitude_msl": altitude}
        return "offboard_position", place

    def _local(self, message: Any) -> tuple[str, dict[str, float]] | None:
        if message.coordinate_frame not in LOCAL:
            return None
        if message.type_mask & POSITION_IGNORED == POSITION_IGNORED:
            return self._velocity(message)
        if message.type_mask & 0x003:
            return None
        frame, estimate = message.coordinate_frame, self.craft.state.autopilot.estimate
        north, east = self._turned(message.x, message.y, frame)
        origin = (float(estimate.latitude), float(estimate.longitude),
                  float(estimate.altitude_msl)) if frame in OFFSET or frame in BODY else (
            *self.craft.origin,)
        if not (isfinite(north) and isfinite(east)):
            return None
        latitude, longitude = destination(origin[0], origin[1], atan2(east, north),
                                          hypot(north, east))
        altitude = (self._altitude() if message.type_mask & HEIGHT_IGNORED
                    else origin[2] - message.z)
        return "offboard_position", {"latitude": latitude, "longitude": longitude,
                                     "altitude_msl": altitude}

    def _altitude(self) -> float:
        """The altitude flown to now [m above mean sea level], for set-points without one."""
        return float(self.craft.state.autopilot.guidance.altitude_target)

    def _velocity(self, message: Any) -> tuple[str, dict[str, float]] | None:
        if message.type_mask & VELOCITY_IGNORED:
            return None
        north, east = self._turned(message.vx, message.vy, message.coordinate_frame)
        return "offboard_velocity", {"north": north, "east": east, "down": message.vz}

    def _turned(self, x: float, y: float, frame: int) -> tuple[float, float]:
        """North and east of a level vector, which body frames give forward and right."""
        if frame not in BODY:
            return x, y
        heading = float(self.craft.state.autopilot.estimate.heading)
        return (x * cos(heading) - y * sin(heading), x * sin(heading) + y * cos(heading))

    def _attitude(self, message: Any) -> tuple[str, dict[str, float]] | None:
        """Roll and pitch of the quaternion; heading follows the bank on a fixed wing."""
        if message.type_mask & (mavlink.ATTITUDE_TARGET_TYPEMASK_ATTITUDE_IGNORE
                                | mavlink.ATTITUDE_TARGET_TYPEMASK_THROTTLE_IGNORE):
            return None
        w, x, y, z = message.q
        norm = w * w + x * x + y * y + z * z
        if not 0.8 < norm < 1.2 or not 0.0 <= message.thrust <= 1.0:
            return None
        return "offboard_attitude", {
            "roll": atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y)),
            "pitch": asin(min(max(2.0 * (w * y - z * x) / norm, -1.0), 1.0)),
            "thrust": message.thrust}
