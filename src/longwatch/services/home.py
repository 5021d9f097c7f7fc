"""Home, and the origin of local coordinates.

Home is where the aircraft stood at the start until a client moves it; the origin of local
coordinates is that place and stays there, so that a local position never jumps.
"""

from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, Reply, Sender
from longwatch.services.craft import Home as Place
from longwatch.services.places import altitude_msl, flag, place
from longwatch.services.pose import e7


class Home(Service):
    """Tells and moves home; tells the origin."""

    messages = ("SET_HOME_POSITION", "SET_GPS_GLOBAL_ORIGIN")
    commands = (mavlink.MAV_CMD_DO_SET_HOME,)
    provides = (mavlink.MAVLINK_MSG_ID_HOME_POSITION, mavlink.MAVLINK_MSG_ID_GPS_GLOBAL_ORIGIN)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._told: Place = craft.home

    def provide(self, message_id: int) -> Any:
        """HOME_POSITION or GPS_GLOBAL_ORIGIN as of now."""
        craft = self.craft
        at = craft.origin if message_id == mavlink.MAVLINK_MSG_ID_GPS_GLOBAL_ORIGIN else craft.home
        where = (e7(at.latitude), e7(at.longitude), round(at.altitude_msl * 1e3))
        if message_id == mavlink.MAVLINK_MSG_ID_GPS_GLOBAL_ORIGIN:
            return mavlink.MAVLink_gps_global_origin_message(*where, craft.time_usec())
        # Heading and approach of a home are a copter's matter: no quaternion, no vector.
        nan = float("nan")
        return mavlink.MAVLink_home_position_message(
            *where, nan, nan, nan, [nan] * 4, nan, nan, nan, craft.time_usec())

    def command(self, command: Command, sender: Sender) -> Reply:
        """DO_SET_HOME: here, or at the place given."""
        if flag(command.p1 or 0.0, "DO_SET_HOME", 1):
            estimate = self.craft.state.autopilot.estimate
            return self._move(float(estimate.latitude), float(estimate.longitude),
                              float(estimate.altitude_msl), sender)
        latitude, longitude = place(command, "DO_SET_HOME")
        if latitude is None or longitude is None or command.p7 is None:
            return Reply(mavlink.MAV_RESULT_DENIED, "DO_SET_HOME: give latitude, longitude and "
                         "altitude, or 1 in the first parameter for here")
        altitude = altitude_msl(self.craft, "DO_SET_HOME", command.p7, command.frame)
        return self._move(latitude, longitude, altitude, sender)

    def handle(self, message: Any, sender: Sender) -> None:
        """The older messages: home moves by an order, the origin stays."""
        if message.get_type() == "SET_GPS_GLOBAL_ORIGIN":
            self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_GPS_GLOBAL_ORIGIN), sender)
            self.craft.say(mavlink.MAV_SEVERITY_INFO,
                           "the origin stays where home was at the start", sender)
            return
        self.component.handle(mavlink.MAVLink_command_int_message(
            self.craft.system, self.craft.component, mavlink.MAV_FRAME_GLOBAL,
            mavlink.MAV_CMD_DO_SET_HOME, 0, 0, 0, 0, 0, 0, message.latitude, message.longitude,
            message.altitude / 1e3), sender)

    def poll(self, wall: float) -> None:
        """Tell everybody when home has moved."""
        if self.craft.home != self._told:
            self._told = self.craft.home
            self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_HOME_POSITION))

    def _move(self, latitude: float, longitude: float, altitude: float, sender: Sender) -> Reply:
        refused = self.craft.order(sender, "home", latitude=latitude, longitude=longitude,
                                   altitude_msl=altitude)
        if refused:
            return Reply(refused.result, f"DO_SET_HOME: {refused}")
        return Reply(mavlink.MAV_RESULT_ACCEPTED)
