"""Commands that fly the aircraft at once: take off, go to, orbit, faster, higher, land, return.

What a parameter means follows MAVLink's common.xml; NaN leaves it to the aircraft. Each command
becomes one order, or two where it names a speed as well; whether the aircraft can do it now is the
order's to say, in its own words.
"""

from collections.abc import Callable
from math import radians

from longwatch.autopilot.codes import MODE_GUIDED, MODE_HOLD, MODE_ORBIT
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import NOT_REFUSED, Command, Craft, Refusal, Refused, Reply, Sender
from longwatch.services.manual import Manual
from longwatch.services.mission_progress import MissionProgress
from longwatch.services.places import altitude_msl, flag, place
from longwatch.services.plan_items import MISSION
from longwatch.simulation.orders.crew import ESTIMATE_ERROR

_STANDARD, _UNCHANGED = -2.0, -1.0
_AIRSPEED, _GROUND_SPEED = 0.0, 1.0
_COURSE, _HEADING = 0.0, 1.0


class Guided(Service):
    """Turns commands into orders."""

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._actions: dict[int, Callable[[Command, Sender], Reply]] = {
            mavlink.MAV_CMD_NAV_TAKEOFF: self._take_off,
            mavlink.MAV_CMD_MISSION_START: self._mission_start,
            mavlink.MAV_CMD_DO_PAUSE_CONTINUE: self._pause_continue,
            mavlink.MAV_CMD_DO_REPOSITION: self._reposition,
            mavlink.MAV_CMD_DO_ORBIT: self._orbit,
            mavlink.MAV_CMD_DO_CHANGE_SPEED: self._change_speed,
            mavlink.MAV_CMD_GUIDED_CHANGE_SPEED: self._guided_speed,
            mavlink.MAV_CMD_DO_CHANGE_ALTITUDE: self._change_altitude,
            mavlink.MAV_CMD_GUIDED_CHANGE_ALTITUDE: self._guided_altitude,
            mavlink.MAV_CMD_GUIDED_CHANGE_HEADING: self._guided_heading,
            mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH: self._return,
            mavlink.MAV_CMD_NAV_LAND: self._land,
            mavlink.MAV_CMD_DO_LAND_START: self._land_start,
            mavlink.MAV_CMD_DO_GO_AROUND: self._go_around,
            mavlink.MAV_CMD_NAV_LOITER_UNLIM: self._loiter,
        }

    commands = (
        mavlink.MAV_CMD_NAV_TAKEOFF, mavlink.MAV_CMD_MISSION_START,
        mavlink.MAV_CMD_DO_PAUSE_CONTINUE, mavlink.MAV_CMD_DO_REPOSITION,
        mavlink.MAV_CMD_DO_ORBIT, mavlink.MAV_CMD_DO_CHANGE_SPEED,
        mavlink.MAV_CMD_GUIDED_CHANGE_SPEED, mavlink.MAV_CMD_DO_CHANGE_ALTITUDE,
        mavlink.MAV_CMD_GUIDED_CHANGE_ALTITUDE, mavlink.MAV_CMD_GUIDED_CHANGE_HEADING,
        mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH, mavlink.MAV_CMD_NAV_LAND,
        mavlink.MAV_CMD_DO_LAND_START, mavlink.MAV_CMD_DO_GO_AROUND,
        mavlink.MAV_CMD_NAV_LOITER_UNLIM)

    def command(self, command: Command, sender: Sender) -> Reply:
        """Carry the command out."""
        return self._actions[command.number](command, sender)

    def go_to(self, sender: Sender, latitude: float, longitude: float,
              altitude: float | None, radius: float | None = None,
              speed: float | None = None) -> Refusal:
        """Fly to a place [rad, m above sea level] and circle it; "" or why not."""
        return self.craft.order(sender, "go_to", latitude=latitude, longitude=longitude,
                                altitude_msl=altitude, radius=radius, speed=speed)

    # ------------------------------------------------------------------------ up and down

    def _take_off(self, command: Command, sender: Sender) -> Reply:
        """To an altitude above sea level, or above home where the profile's clients mean that."""
        altitude, text = None, ""
        if command.p7 is not None:
            frame = command.frame
            if not command.is_int and self.craft.profile.takeoff_relative:
                frame = mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT
            altitude = altitude_msl(self.craft, "take-off", command.p7, frame)
            # Clients made for copters ask for a few metres.
            here = float(self.craft.state.autopilot.estimate.altitude_msl) - ESTIMATE_ERROR
            lowest = max(self.craft.home.altitude_msl, here) + float(
                self.craft.sheet.procedures.climb_out_height)
            if altitude < lowest:
                altitude, text = lowest, "take-off: climbs to the least altitude of a climb-out"
        return self._ordered("take-off", self.craft.order(
            sender, "take_off", altitude_msl=altitude), text)

    def _land(self, command: Command, sender: Sender) -> Reply:
        """On the runway that the aircraft chooses: a place given is not a runway."""
        return self._ordered("landing", self.craft.order(sender, "land", runway=None, end=None))

    def _land_start(self, command: Command, sender: Sender) -> Reply:
        """To the nearest of the mission's own landings where it marks one, else to a runway."""
        items = self._progress().lists.items(MISSION)
        if not any(item.command == mavlink.MAV_CMD_DO_LAND_START for item in items):
            return self._land(command, sender)
        return self._ordered("landing", self.craft.order(sender, "land_start"))

    def _go_around(self, command: Command, sender: Sender) -> Reply:
        return self._ordered("go-around", self.craft.order(sender, "go_around"))

    def _return(self, command: Command, sender: Sender) -> Reply:
        return self._ordered("return", self.craft.order(sender, "return"))

    # -------------------------------------------------------------------------- the mission

    def _mission_start(self, command: Command, sender: Sender) -> Reply:
        first = command.p1 or 0.0
        if first % 1.0 or first < 0.0:
            return Reply(mavlink.MAV_RESULT_DENIED, "MISSION_START: give an item's number")
        refused = self.craft.order(sender, "mode", mode="mission")
        if first and not refused:
            refused = self._progress().go_on_from(int(first), sender)
        return self._ordered("mission", refused)

    def _progress(self) -> MissionProgress:
        return self.component.find(MissionProgress)

    def _pause_continue(self, command: Command, sender: Sender) -> Reply:
        mode = "mission" if flag(command.p1, "DO_PAUSE_CONTINUE", 1) else "hold"
        return self._ordered(mode, self.craft.order(sender, "mode", mode=mode))

    # ------------------------------------------------------------------------------- places

    def _reposition(self, command: Command, sender: Sender) -> Reply:
        """To a place, or hold here, or here at another altitude."""
        name = "DO_REPOSITION"
        latitude, longitude = place(command, name)
        speed = self._speed(command.p1, name)
        altitude = None if command.p7 is None else altitude_msl(
            self.craft, name, command.p7, command.frame)
        # From one place held to another no mode changes, and no flag has to allow it.
        held = int(self.craft.state.autopilot.crew.mode) in (MODE_HOLD, MODE_GUIDED, MODE_ORBIT)
        change = int(command.p2 or 0) & mavlink.MAV_DO_REPOSITION_FLAGS_CHANGE_MODE
        if not change and not held:
            return Reply(mavlink.MAV_RESULT_DENIED,
                         f"{name}: would change the mode, and its flag does not allow that")
        if latitude is not None and longitude is not None:
            return self._ordered("go to", self.go_to(
                sender, latitude, longitude, altitude, self._radius(command), speed))
        refused = NOT_REFUSED if held and altitude is not None else self.craft.order(
            sender, "mode", mode="hold")
        if not refused and altitude is not None:
            refused = self.craft.order(sender, "altitude", altitude_msl=altitude)
        if not refused and speed is not None:
            refused = self.craft.order(sender, "speed", calibrated_airspeed=speed)
        return self._ordered("hold", refused)

    def _radius(self, command: Command) -> float | None:
        """Signed: p3 is positive, p4 its direction (1 the other way round), as for planes."""
        if not command.p3:
            return None
        return -abs(command.p3) if command.p4 == 1.0 or command.p3 < 0.0 else command.p3

    def _orbit(self, command: Command, sender: Sender) -> Reply:
        name = "DO_ORBIT"
        latitude, longitude = place(command, name)
        if command.p4:
            return Reply(mavlink.MAV_RESULT_DENIED,
                         f"{name}: circles until told otherwise, never a number of turns")
        altitude = None if command.p7 is None else altitude_msl(
            self.craft, name, command.p7, command.frame)
        return self._ordered("orbit", self.craft.order(
            sender, "orbit", latitude=latitude, longitude=longitude, altitude_msl=altitude,
            radius=command.p1 or None, speed=self._speed(command.p2, name)))

    def _loiter(self, command: Command, sender: Sender) -> Reply:
        return self._ordered("hold", self.craft.order(sender, "mode", mode="hold"))

    # -------------------------------------------------------------------- speed and altitude

    def _speed(self, value: float | None, name: str) -> float | None:
        """An airspeed [m/s] given in passing; -1 and NaN leave it as it is."""
        if value is None or value == _UNCHANGED or value == 0.0:
            return None
        if value < 0.0:
            raise Refused(mavlink.MAV_RESULT_DENIED, f"{name}: speed {value:g} m/s")
        return value

    def _change_speed(self, command: Command, sender: Sender) -> Reply:
        """Airspeed; a ground speed is taken as one, as fixed wings do."""
        kind = command.p1 or 0.0
        if kind not in (_AIRSPEED, _GROUND_SPEED):
            return Reply(mavlink.MAV_RESULT_DENIED,
                         "DO_CHANGE_SPEED: only airspeed can be set, climb and sink cannot")
        if command.p3 is not None and command.p3 > 0.0:
            return Reply(mavlink.MAV_RESULT_DENIED,
                         "DO_CHANGE_SPEED: throttle is the autopilot's, give a speed")
        if command.p2 == _UNCHANGED:
            return Reply(mavlink.MAV_RESULT_ACCEPTED)
        text = "speed over the ground is taken as airspeed" if kind == _GROUND_SPEED else ""
        standard = command.p2 is None or command.p2 == _STANDARD
        speed = None if standard else self._positive(command.p2, "DO_CHANGE_SPEED")
        return self._ordered("speed", self.craft.order(
            sender, "speed", calibrated_airspeed=speed), text)

    def _guided_speed(self, command: Command, sender: Sender) -> Reply:
        if command.p1 not in (None, _AIRSPEED):
            return Reply(mavlink.MAV_RESULT_DENIED, "GUIDED_CHANGE_SPEED: give an airspeed")
        speed = self._positive(command.p2, "GUIDED_CHANGE_SPEED")
        return self._ordered("speed", self.craft.order(
            sender, "speed", calibrated_airspeed=speed))

    def _positive(self, value: float | None, name: str) -> float:
        if value is None or value <= 0.0:
            raise Refused(mavlink.MAV_RESULT_DENIED, f"{name}: give a speed above 0 m/s")
        return value

    def _change_altitude(self, command: Command, sender: Sender) -> Reply:
        frame = command.p2 or 0.0
        return self._altitude("DO_CHANGE_ALTITUDE", command.p1, int(frame), sender)

    def _guided_altitude(self, command: Command, sender: Sender) -> Reply:
        return self._altitude("GUIDED_CHANGE_ALTITUDE", command.p7, command.frame, sender)

    def _altitude(self, name: str, value: float | None, frame: int, sender: Sender) -> Reply:
        if value is None:
            return Reply(mavlink.MAV_RESULT_DENIED, f"{name}: give an altitude")
        altitude = altitude_msl(self.craft, name, value, frame)
        return self._ordered("altitude", self.craft.order(
            sender, "altitude", altitude_msl=altitude))

    def _guided_heading(self, command: Command, sender: Sender) -> Reply:
        if command.p1 not in (_COURSE, _HEADING) or command.p2 is None or (
                not 0.0 <= command.p2 <= 360.0):
            return Reply(mavlink.MAV_RESULT_DENIED,
                         "GUIDED_CHANGE_HEADING: give a course from 0 to 360 degrees")
        refused = self.craft.order(sender, "course", course=radians(command.p2 % 360.0))
        if not refused:
            self.component.find(Manual).superseded()
        return self._ordered("course", refused)

    def _ordered(self, what: str, refused: Refusal, text: str = "") -> Reply:
        if refused:
            return Reply(refused.result, f"{what}: {refused}")
        return Reply(mavlink.MAV_RESULT_ACCEPTED, text)
