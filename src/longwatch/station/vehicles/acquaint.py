"""Getting to know a vehicle: what is asked of it when it appears, returns or has begun anew."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles import parameter_transfer
from longwatch.station.vehicles.command_table import Order
from longwatch.station.vehicles.commands import request, send
from longwatch.station.vehicles.transfers import TransferError
from longwatch.station.vehicles.vehicle import Vehicle

FASTEST_HZ = 50.0
# What is drawn goes at the rate asked for, up to so many a second; the rest at its own [Hz]. All
# together it stays below the 200 messages a second that our aircraft give one link.
DRAWN = {mavlink.MAVLINK_MSG_ID_ATTITUDE: 50.0, mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: 30.0,
         mavlink.MAVLINK_MSG_ID_VFR_HUD: 10.0}
SLOW = {
    mavlink.MAVLINK_MSG_ID_SYS_STATUS: 2.0, mavlink.MAVLINK_MSG_ID_EXTENDED_SYS_STATE: 2.0,
    mavlink.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT: 5.0,
    mavlink.MAVLINK_MSG_ID_ATTITUDE_TARGET: 5.0,
    mavlink.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT: 2.0,
    mavlink.MAVLINK_MSG_ID_ALTITUDE: 5.0, mavlink.MAVLINK_MSG_ID_GPS_RAW_INT: 2.0,
    mavlink.MAVLINK_MSG_ID_MISSION_CURRENT: 1.0, mavlink.MAVLINK_MSG_ID_SYSTEM_TIME: 1.0,
    mavlink.MAVLINK_MSG_ID_EFI_STATUS: 2.0, mavlink.MAVLINK_MSG_ID_FUEL_STATUS: 1.0,
    mavlink.MAVLINK_MSG_ID_WIND_COV: 1.0, mavlink.MAVLINK_MSG_ID_ESTIMATOR_STATUS: 1.0,
    mavlink.MAVLINK_MSG_ID_ORBIT_EXECUTION_STATUS: 1.0, mavlink.MAVLINK_MSG_ID_BATTERY_STATUS: 1.0,
    mavlink.MAVLINK_MSG_ID_HOME_POSITION: 0.2}
ARDUPILOT = {mavlink.MAVLINK_MSG_ID_WIND: 1.0, mavlink.MAVLINK_MSG_ID_TERRAIN_REPORT: 1.0}
# Nobody here reads these.
UNREAD = (mavlink.MAVLINK_MSG_ID_ATTITUDE_QUATERNION, mavlink.MAVLINK_MSG_ID_LOCAL_POSITION_NED,
          mavlink.MAVLINK_MSG_ID_SCALED_PRESSURE, mavlink.MAVLINK_MSG_ID_SERVO_OUTPUT_RAW,
          mavlink.MAVLINK_MSG_ID_VIBRATION)
STREAMS = ((mavlink.MAV_DATA_STREAM_EXTRA1, None), (mavlink.MAV_DATA_STREAM_POSITION, 20),
           (mavlink.MAV_DATA_STREAM_EXTRA2, 10), (mavlink.MAV_DATA_STREAM_EXTENDED_STATUS, 2),
           (mavlink.MAV_DATA_STREAM_EXTRA3, 2), (mavlink.MAV_DATA_STREAM_RC_CHANNELS, 0))
PAUSES = (3.0, 5.0, 10.0, 30.0)
Part = Callable[[], Awaitable[bool]]


class Acquaintance:
    """What is asked of one vehicle, until it has answered everything.

    ``fetch(kind)`` downloads a plan and tells of it; ``told`` is called when something is known.
    """

    def __init__(self, vehicle: Vehicle, fetch: Callable[[str], Awaitable[Any]],
                 told: Callable[[], None]) -> None:
        self.vehicle, self._fetch, self._told = vehicle, fetch, told

    async def run(self) -> None:
        """Ask for everything; what stays unanswered again after a while, more and more rarely."""
        parts: list[Part] = [lambda: rates(self.vehicle), self._version, self._home, self._modes,
                             lambda: self._plan("mission"), self._parameters,
                             lambda: self._plan("fence"), lambda: self._plan("rally")]
        for attempt in range(100):
            left = []
            for part in parts:
                if not await part():
                    left.append(part)
                self._told()
            if not left:
                return
            parts = left
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])

    async def _version(self) -> bool:
        v = self.vehicle
        with v.exchange.listen("AUTOPILOT_VERSION") as box:
            if await request(v, mavlink.MAVLINK_MSG_ID_AUTOPILOT_VERSION) != "accepted":
                await send(v, Order(mavlink.MAV_CMD_REQUEST_AUTOPILOT_CAPABILITIES,
                                    (1.0, 0.0, 0.0, 0.0)))
            return await box.next(1.0) is not None

    async def _home(self) -> bool:
        v = self.vehicle
        with v.exchange.listen("HOME_POSITION") as box:
            if await request(v, mavlink.MAVLINK_MSG_ID_HOME_POSITION) != "accepted":
                await send(v, Order(mavlink.MAV_CMD_GET_HOME_POSITION))
            return await box.next(1.0) is not None

    async def _modes(self) -> bool:
        """All modes at once, those that are missing one by one; vehicles without the list have
        their family's."""
        v, wanted = self.vehicle, mavlink.MAVLINK_MSG_ID_AVAILABLE_MODES
        with v.exchange.listen("AVAILABLE_MODES") as box:
            if (result := await request(v, wanted)) != "accepted":
                return result != "no_answer"
            come: set[int] = set()
            count = 0
            while (message := await box.next(0.5)) is not None:
                come.add(int(message.mode_index))
                count = int(message.number_modes)
                if len(come) >= count:
                    return True
            for index in [i for i in range(1, count + 1) if i not in come]:
                await request(v, wanted, float(index))
                if (message := await box.next(0.5)) is not None:
                    come.add(int(message.mode_index))
        return 0 < count <= len(come)

    async def _plan(self, kind: str) -> bool:
        bit = {"fence": mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_FENCE,
               "rally": mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_RALLY}.get(kind)
        if bit is not None and self.vehicle.capabilities and not self.vehicle.capabilities & bit:
            return True
        try:
            await self._fetch(kind)
        except TransferError:
            return False
        return True

    async def _parameters(self) -> bool:
        return await parameter_transfer.download(self.vehicle)


async def rates(vehicle: Vehicle) -> bool:
    """Ask for each message at its rate; by the older streams where that is not known.

    What is drawn comes first, so that the page lives soon. False where nobody answers.
    """
    wanted = {number: min(vehicle.rate_hz, most) for number, most in DRAWN.items()} | SLOW
    if vehicle.family == "ardupilot":
        wanted |= ARDUPILOT
    for number in UNREAD:
        wanted[number] = 0.0
    for number, rate in wanted.items():
        interval = 1e6 / rate if rate else -1.0
        result, _ = await send(vehicle, Order(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL,
                                              (float(number), interval, 0.0, 0.0)))
        if number == mavlink.MAVLINK_MSG_ID_ATTITUDE and result in ("unsupported", "no_answer"):
            _streams(vehicle)
            return result != "no_answer"
    return True


def _streams(vehicle: Vehicle) -> None:
    for stream, rate in STREAMS:
        hz = round(vehicle.rate_hz) if rate is None else rate
        vehicle.send(mavlink.MAVLink_request_data_stream_message(
            vehicle.system, vehicle.component, stream, hz, int(hz > 0)))


def heartbeat() -> Any:
    """The station's own heartbeat."""
    return mavlink.MAVLink_heartbeat_message(
        mavlink.MAV_TYPE_GCS, mavlink.MAV_AUTOPILOT_INVALID, 0, 0, mavlink.MAV_STATE_ACTIVE, 3)


