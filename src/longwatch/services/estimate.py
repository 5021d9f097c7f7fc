"""How well the aircraft knows where it is: estimator, wind, vibration.

Wind is told as MAVLink asks: WIND_COV's x and y are where the wind blows to, north and east.
"""

from math import nan
from typing import Any

import numpy as np

from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import Craft, Service

ALIGNED = (mavlink.ESTIMATOR_ATTITUDE | mavlink.ESTIMATOR_VELOCITY_HORIZ
           | mavlink.ESTIMATOR_VELOCITY_VERT | mavlink.ESTIMATOR_POS_VERT_ABS)
ABSOLUTE = mavlink.ESTIMATOR_POS_HORIZ_ABS | mavlink.ESTIMATOR_PRED_POS_HORIZ_ABS
# Spread of a fix: receivers here are without errors, so this is the least that is told [m].
FIX_ACCURACY = 1.0
WIND_SPREAD = 1.0
# Vibration is told as ArduPilot tells it: the filtered spread of the specific force [m/s2].
SMOOTHING = 0.2


class Estimate(Service):
    """Makes ESTIMATOR_STATUS, WIND_COV and VIBRATION."""

    provides = (mavlink.MAVLINK_MSG_ID_ESTIMATOR_STATUS, mavlink.MAVLINK_MSG_ID_WIND_COV,
                mavlink.MAVLINK_MSG_ID_VIBRATION)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._mean = np.zeros(3)
        self._spread = np.zeros(3)

    def poll(self, wall: float) -> None:
        """Smooth the specific force and its spread."""
        force = np.array(self.craft.state.sensors.imu[0].specific_force)
        self._mean += SMOOTHING * (force - self._mean)
        self._spread += SMOOTHING * ((force - self._mean) ** 2 - self._spread)

    def provide(self, message_id: int) -> Any:
        """The message as of now."""
        state = self.craft.state
        if message_id == mavlink.MAVLINK_MSG_ID_VIBRATION:
            return mavlink.MAVLink_vibration_message(
                self.craft.time_usec(), *np.sqrt(self._spread), 0, 0, 0)
        estimate = state.autopilot.navigation
        if message_id == mavlink.MAVLINK_MSG_ID_WIND_COV:
            return mavlink.MAVLink_wind_cov_message(
                self.craft.time_usec(), estimate.wind_north, estimate.wind_east, 0.0,
                WIND_SPREAD**2, nan, estimate.altitude_msl, WIND_SPREAD, nan)
        return self._status(estimate)

    def _status(self, estimate: Any) -> Any:
        flags = 0
        if estimate.aligned:
            flags = ALIGNED | ABSOLUTE
        if estimate.ground_valid:
            flags |= mavlink.ESTIMATOR_POS_VERT_AGL
        return mavlink.MAVLink_estimator_status_message(
            self.craft.time_usec(), flags, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, FIX_ACCURACY,
            FIX_ACCURACY)
