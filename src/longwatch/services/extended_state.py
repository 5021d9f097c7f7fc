"""EXTENDED_SYS_STATE: on the ground, taking off, in the air or landing."""

from typing import Any

from longwatch.autopilot import codes
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service

_TAKING_OFF = frozenset({codes.PHASE_TAKEOFF_ROLL, codes.PHASE_ROTATION, codes.PHASE_CLIMB_OUT})
# A go-around is still the landing that it is part of: near the ground on purpose.
_LANDING = frozenset(
    {
        codes.PHASE_FINAL,
        codes.PHASE_FLARING,
        codes.PHASE_GO_AROUND,
        codes.PHASE_DEAD_STICK,
        codes.PHASE_FIELD_LANDING,
    }
)


class ExtendedState(Service):
    """Says where the aircraft is between ground and air."""

    provides = (mavlink.MAVLINK_MSG_ID_EXTENDED_SYS_STATE,)

    def provide(self, message_id: int) -> Any:
        """The state as of now."""
        state = self.craft.state
        return mavlink.MAVLink_extended_sys_state_message(
            mavlink.MAV_VTOL_STATE_UNDEFINED,
            landed_state(int(state.autopilot.modes.phase),
                         bool(state.sensors.systems.weight_on_wheels),
                         bool(state.autopilot.estimate.aligned)))


def landed_state(phase: int, on_wheels: bool, aligned: bool) -> int:
    """MAV_LANDED_STATE of a phase of flight; a take-off begins with its roll."""
    if not aligned:
        return int(mavlink.MAV_LANDED_STATE_UNDEFINED)
    if phase in _TAKING_OFF:
        return int(mavlink.MAV_LANDED_STATE_TAKEOFF)
    if on_wheels:
        return int(mavlink.MAV_LANDED_STATE_ON_GROUND)
    if phase in _LANDING:
        return int(mavlink.MAV_LANDED_STATE_LANDING)
    return int(mavlink.MAV_LANDED_STATE_IN_AIR)
