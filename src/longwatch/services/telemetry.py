"""Message intervals: which messages each link gets, and how often.

Intervals run on simulated time, so that a log of a fast flight looks like that of a slow one; what
a fast clock asks of a real link is capped at 200 messages a second of wall time, an aircraft and a
link, the messages longest overdue first. SET_MESSAGE_INTERVAL, GET_MESSAGE_INTERVAL and the older
REQUEST_DATA_STREAM act on the link that they came by.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, Reply, Sender

MOST_PER_SECOND = 200.0
# A slow link is kept nearly empty by what comes again anyway; lists and answers go first.
LEAST_ROOM = 0.95
# A link may send this much of a second's share at once, after a pause.
BURST_SECONDS = 0.1
FASTEST_US = 5_000
NO_INTERVAL = -1

# Rates of a link nobody has asked anything of [Hz, simulated].
DEFAULT_RATES = {
    mavlink.MAVLINK_MSG_ID_ATTITUDE: 10.0,
    mavlink.MAVLINK_MSG_ID_ATTITUDE_QUATERNION: 5.0,
    mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: 5.0,
    mavlink.MAVLINK_MSG_ID_LOCAL_POSITION_NED: 2.0,
    mavlink.MAVLINK_MSG_ID_VFR_HUD: 5.0,
    mavlink.MAVLINK_MSG_ID_ALTITUDE: 5.0,
    mavlink.MAVLINK_MSG_ID_GPS_RAW_INT: 2.0,
    mavlink.MAVLINK_MSG_ID_SYS_STATUS: 2.0,
    mavlink.MAVLINK_MSG_ID_EXTENDED_SYS_STATE: 2.0,
    mavlink.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT: 2.0,
    mavlink.MAVLINK_MSG_ID_ATTITUDE_TARGET: 2.0,
    mavlink.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT: 1.0,
    mavlink.MAVLINK_MSG_ID_MISSION_CURRENT: 1.0,
    mavlink.MAVLINK_MSG_ID_SYSTEM_TIME: 1.0,
    mavlink.MAVLINK_MSG_ID_EFI_STATUS: 1.0,
    mavlink.MAVLINK_MSG_ID_FUEL_STATUS: 1.0,
    mavlink.MAVLINK_MSG_ID_WIND_COV: 1.0,
    mavlink.MAVLINK_MSG_ID_ESTIMATOR_STATUS: 1.0,
    mavlink.MAVLINK_MSG_ID_EKF_STATUS_REPORT: 1.0,
    mavlink.MAVLINK_MSG_ID_SCALED_PRESSURE: 1.0,
    mavlink.MAVLINK_MSG_ID_SERVO_OUTPUT_RAW: 1.0,
    mavlink.MAVLINK_MSG_ID_ORBIT_EXECUTION_STATUS: 1.0,
    # Six figures take turns: each once in two seconds.
    mavlink.MAVLINK_MSG_ID_NAMED_VALUE_FLOAT: 3.0,
    mavlink.MAVLINK_MSG_ID_BATTERY_STATUS: 0.5,
    mavlink.MAVLINK_MSG_ID_HOME_POSITION: 0.5,
    mavlink.MAVLINK_MSG_ID_CURRENT_MODE: 0.5,
    mavlink.MAVLINK_MSG_ID_VIBRATION: 0.2,
}

# What the streams of REQUEST_DATA_STREAM stand for (MAV_DATA_STREAM; ArduPilot's grouping).
STREAMS = {
    mavlink.MAV_DATA_STREAM_RAW_SENSORS: (
        mavlink.MAVLINK_MSG_ID_HIGHRES_IMU, mavlink.MAVLINK_MSG_ID_SCALED_PRESSURE),
    mavlink.MAV_DATA_STREAM_EXTENDED_STATUS: (
        mavlink.MAVLINK_MSG_ID_SYS_STATUS, mavlink.MAVLINK_MSG_ID_GPS_RAW_INT,
        mavlink.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT, mavlink.MAVLINK_MSG_ID_MISSION_CURRENT,
        mavlink.MAVLINK_MSG_ID_EXTENDED_SYS_STATE),
    mavlink.MAV_DATA_STREAM_RC_CHANNELS: (mavlink.MAVLINK_MSG_ID_SERVO_OUTPUT_RAW,),
    mavlink.MAV_DATA_STREAM_POSITION: (
        mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, mavlink.MAVLINK_MSG_ID_LOCAL_POSITION_NED),
    mavlink.MAV_DATA_STREAM_EXTRA1: (
        mavlink.MAVLINK_MSG_ID_ATTITUDE, mavlink.MAVLINK_MSG_ID_ATTITUDE_QUATERNION),
    mavlink.MAV_DATA_STREAM_EXTRA2: (mavlink.MAVLINK_MSG_ID_VFR_HUD,),
    mavlink.MAV_DATA_STREAM_EXTRA3: (
        mavlink.MAVLINK_MSG_ID_SYSTEM_TIME, mavlink.MAVLINK_MSG_ID_WIND_COV,
        mavlink.MAVLINK_MSG_ID_BATTERY_STATUS, mavlink.MAVLINK_MSG_ID_EFI_STATUS,
        mavlink.MAVLINK_MSG_ID_VIBRATION, mavlink.MAVLINK_MSG_ID_ESTIMATOR_STATUS,
        mavlink.MAVLINK_MSG_ID_EKF_STATUS_REPORT),
}


@dataclass
class Stream:
    """One message on one link: every ``interval`` simulated s, next due at ``due``."""

    interval: float
    due: float


@dataclass
class LinkStreams:
    """What one link gets, and how many messages it may still take in this wall second."""

    streams: dict[int, Stream]
    allowance: float = MOST_PER_SECOND * BURST_SECONDS
    refilled: float = 0.0


class Telemetry(Service):
    """Sends each link the messages that it is due."""

    messages = ("REQUEST_DATA_STREAM",)
    commands = (mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, mavlink.MAV_CMD_GET_MESSAGE_INTERVAL)
    provides = (mavlink.MAVLINK_MSG_ID_MESSAGE_INTERVAL,)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._links: dict[int, LinkStreams] = {}
        self._actions: dict[int, Callable[[Command, Sender], Reply]] = {
            mavlink.MAV_CMD_SET_MESSAGE_INTERVAL: self._set_interval,
            mavlink.MAV_CMD_GET_MESSAGE_INTERVAL: self._get_interval,
        }

    def poll(self, wall: float) -> None:
        """Send what has fallen due on every link."""
        now = self.craft.time
        made: dict[int, Any] = {}
        for link in self.craft.links():
            plan = self._link(link)
            plan.allowance = min(plan.allowance + MOST_PER_SECOND * (wall - plan.refilled),
                                 MOST_PER_SECOND * BURST_SECONDS)
            plan.refilled = wall
            due = [(stream.due, number) for number, stream in plan.streams.items()
                   if stream.due <= now]
            if not due:
                continue
            due.sort()
            for _, number in due:
                if plan.allowance < 1.0 or not self.craft.has_room(link, LEAST_ROOM):
                    break
                stream = plan.streams[number]
                # No message is made up for: a clock that ran ahead asks for the present only.
                stream.due = max(stream.due + stream.interval, now)
                if number not in made:
                    made[number] = self.component.provide(number)
                message = made[number]
                if message is not None:
                    self.craft.send(message, link)
                    plan.allowance -= 1.0

    def handle(self, message: Any, sender: Sender) -> None:
        """REQUEST_DATA_STREAM: the rate of a group of messages, 0 stops it."""
        rate = message.req_message_rate if message.start_stop else 0
        asked = message.req_stream_id
        groups = STREAMS if asked == mavlink.MAV_DATA_STREAM_ALL else (asked,)
        for group in groups:
            for number in STREAMS.get(group, ()):
                self._put(sender.link, number, 1e6 / rate if rate > 0 else NO_INTERVAL)

    def command(self, command: Command, sender: Sender) -> Reply:
        """Set and tell intervals."""
        return self._actions[command.number](command, sender)

    def request(self, command: Command, sender: Sender) -> Reply | None:
        """MESSAGE_INTERVAL by REQUEST_MESSAGE: of the message that its second parameter names."""
        return self._get_interval(Command(command.number, p1=command.p2), sender)

    def forget(self, link: int) -> None:
        """A link is gone, and its intervals with it."""
        self._links.pop(link, None)

    def rewound(self, kept: Any) -> None:
        """Everything is due at once: simulated time has gone back."""
        for plan in self._links.values():
            for stream in plan.streams.values():
                stream.due = self.craft.time

    def interval_us(self, link: int, message_id: int) -> int:
        """Interval of a message on a link [us, simulated]; -1 where it is not sent."""
        stream = self._link(link).streams.get(message_id)
        return NO_INTERVAL if stream is None else round(stream.interval * 1e6)

    def _link(self, link: int) -> LinkStreams:
        if link not in self._links:
            now = self.craft.time
            self._links[link] = LinkStreams(
                {number: Stream(1.0 / rate, now) for number, rate in DEFAULT_RATES.items()
                 if self._makes(number)}, refilled=self.craft.wall())
        return self._links[link]

    def _put(self, link: int, number: int, interval_us: float) -> bool:
        """Take an interval [us]: 0 the default, -1 never; False for what is never sent."""
        if not self._makes(number):
            return False
        streams = self._link(link).streams
        if interval_us == 0:
            rate = DEFAULT_RATES.get(number, 0.0)
            interval_us = 1e6 / rate if rate else NO_INTERVAL
        if interval_us < 0:
            streams.pop(number, None)
        else:
            streams[number] = Stream(max(interval_us, FASTEST_US) / 1e6, self.craft.time)
        return True

    def _set_interval(self, command: Command, sender: Sender) -> Reply:
        number, interval = command.p1, command.p2
        if number is None or interval is None or interval < NO_INTERVAL or number % 1.0:
            return Reply(mavlink.MAV_RESULT_DENIED, "SET_MESSAGE_INTERVAL: give a message's "
                         "number and an interval in us, 0 the default, -1 never")
        if not self._put(sender.link, int(number), interval):
            return Reply(mavlink.MAV_RESULT_UNSUPPORTED, f"message {number:.0f} is not sent")
        return Reply(mavlink.MAV_RESULT_ACCEPTED)

    def _get_interval(self, command: Command, sender: Sender) -> Reply:
        number = -1.0 if command.p1 is None else command.p1
        if not 0 <= number < 65536 or number % 1.0:
            return Reply(mavlink.MAV_RESULT_DENIED,
                         "GET_MESSAGE_INTERVAL: give a message's number")
        self.craft.send(self._told(sender, int(number)), sender)
        return Reply(mavlink.MAV_RESULT_ACCEPTED)

    def _told(self, sender: Sender, number: int) -> Any:
        # An interval of 0 says: there is no such message here.
        interval = self.interval_us(sender.link, number) if self._makes(number) else 0
        return mavlink.MAVLink_message_interval_message(number, interval)

    def _makes(self, number: int) -> bool:
        return number in self.component.by_provided
