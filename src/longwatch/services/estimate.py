"""How well the aircraft knows where it is: estimator, wind, vibration.

Wind is told as MAVLink asks: WIND_COV's x and y are where the wind blows to, north and east, and
what is not known of it is no number.
"""

from math import nan
from typing import Any

import numpy as np

from longwatch.autopilot.estimation.wind import WIND_MEMORY
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft

ALIGNED = (mavlink.ESTIMATOR_ATTITUDE | mavlink.ESTIMATOR_VELOCITY_HORIZ
           | mavlink.ESTIMATOR_VELOCITY_VERT | mavlink.ESTIMATOR_POS_VERT_ABS)
RECKONED = mavlink.ESTIMATOR_POS_HORIZ_REL | mavlink.ESTIMATOR_PRED_POS_HORIZ_REL
ABSOLUTE = mavlink.ESTIMATOR_POS_HORIZ_ABS | mavlink.ESTIMATOR_PRED_POS_HORIZ_ABS
# Spread of a fix: receivers here are without errors, so this is the least that is told [m].
FIX_ACCURACY = 1.0
# Standing, wind is found within a minute; in flight, at once [s].
LEAST_KNOWN = 1.0
WIND_SPREAD = 1.0
# Vibration is told as ArduPilot tells it: the filtered spread of the specific force [m/s2].
SMOOTHING = 0.2
# EKF_STATUS_REPORT's flag of an estimator that has never been healthy (its others are those of
# ESTIMATOR_STATUS).
EKF_UNINITIALIZED = 1024


class Estimate(Service):
    """Makes ESTIMATOR_STATUS, WIND_COV and VIBRATION, and EKF_STATUS_REPORT for ArduPilot's
    clients, some of which take no aircraft for armable without it."""

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._mean: np.ndarray | None = None
        self._spread = np.zeros(3)

    @property
    def provides(self) -> tuple[int, ...]:  # type: ignore[override]
        """Messages that can be made at any time."""
        own = (mavlink.MAVLINK_MSG_ID_ESTIMATOR_STATUS, mavlink.MAVLINK_MSG_ID_WIND_COV,
               mavlink.MAVLINK_MSG_ID_VIBRATION)
        if self.craft.profile.name != "ardupilot":
            return own
        return (*own, mavlink.MAVLINK_MSG_ID_EKF_STATUS_REPORT)

    def poll(self, wall: float) -> None:
        """Smooth the specific force and its spread."""
        imu = self.craft.state.autopilot.voted.imu
        if not imu.valid:
            # None has been measured yet, or none is any more: begin anew with the next.
            self._mean = None
            return
        force = np.array(imu.specific_force)
        if self._mean is None:
            self._mean, self._spread = force, np.zeros(3)
        self._mean = self._mean + SMOOTHING * (force - self._mean)
        self._spread += SMOOTHING * ((force - self._mean) ** 2 - self._spread)

    def provide(self, message_id: int) -> Any:
        """The message as of now."""
        state = self.craft.state
        if message_id == mavlink.MAVLINK_MSG_ID_VIBRATION:
            if self._mean is None:
                return None
            return mavlink.MAVLink_vibration_message(
                self.craft.time_usec(), *np.sqrt(self._spread), 0, 0, 0)
        estimate = state.autopilot.estimate
        if message_id == mavlink.MAVLINK_MSG_ID_EKF_STATUS_REPORT:
            flags = self._flags(estimate)
            return mavlink.MAVLink_ekf_status_report_message(
                flags or EKF_UNINITIALIZED, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        if message_id == mavlink.MAVLINK_MSG_ID_WIND_COV:
            if not estimate.aligned:
                return None
            north, east = float(estimate.wind_north), float(estimate.wind_east)
            if estimate.wind_known < (
                    WIND_MEMORY if estimate.gauges.weight_on_wheels else LEAST_KNOWN):
                north = east = nan
            return mavlink.MAVLink_wind_cov_message(
                self.craft.time_usec(), north, east, nan, WIND_SPREAD, nan,
                estimate.altitude_msl, WIND_SPREAD, nan)
        return self._status(estimate)

    def _flags(self, estimate: Any) -> int:
        """ESTIMATOR_STATUS_FLAGS: without satellites the position is a reckoned one."""
        if not estimate.aligned:
            return 0
        flags = ALIGNED | RECKONED | (0 if estimate.dead_reckoned else ABSOLUTE)
        if estimate.ground_valid:
            flags |= mavlink.ESTIMATOR_POS_VERT_AGL
        return int(flags)

    def _status(self, estimate: Any) -> Any:
        accuracy = nan if estimate.dead_reckoned else FIX_ACCURACY
        return mavlink.MAVLink_estimator_status_message(
            self.craft.time_usec(), self._flags(estimate), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, accuracy,
            FIX_ACCURACY)
