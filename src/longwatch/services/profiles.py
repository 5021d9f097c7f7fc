"""The identities under which the aircraft speaks to clients, for compatibility with them.

Clients know two autopilots by their numbers of modes and a few habits; ``px4`` and ``ardupilot``
use those numbers (as published in PX4's ``px4_custom_mode.h`` and ArduPlane's documentation of
modes), ``generic`` has its own and leaves clients to MAVLink's standard modes. No code of either
autopilot is inside.
"""

from longwatch.autopilot.codes import (
    MODE_ALTITUDE,
    MODE_CRUISE,
    MODE_GLIDE,
    MODE_GUIDED,
    MODE_HOLD,
    MODE_LAND,
    MODE_MISSION,
    MODE_OFFBOARD,
    MODE_ORBIT,
    MODE_RETURN,
    MODE_TAKE_OFF,
)
from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import ModeChoice, Profile

# PX4's main modes, and submodes of AUTO and of POSCTL.
_ALTCTL, _POSCTL, _AUTO, _OFFBOARD = 2, 3, 4, 6
_TAKEOFF, _LOITER, _MISSION, _RTL, _LAND, _EXTERNAL_1 = 2, 3, 4, 5, 6, 11
_ORBIT = 1


def px4_mode(main: int, sub: int = 0) -> int:
    """PX4's encoding of a main mode and its submode in custom_mode."""
    return main << 16 | sub << 24


PX4 = Profile(
    "px4",
    mavlink.MAV_AUTOPILOT_PX4,
    bytewise=True,
    takeoff_relative=False,
    needs_sticks=True,
    objection="Preflight Fail",
    modes=(
        ModeChoice("Hold", px4_mode(_AUTO, _LOITER), MODE_HOLD),
        ModeChoice(
            "Mission", px4_mode(_AUTO, _MISSION), MODE_MISSION, mavlink.MAV_STANDARD_MODE_MISSION
        ),
        ModeChoice(
            "Return", px4_mode(_AUTO, _RTL), MODE_RETURN, mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY
        ),
        ModeChoice(
            "Takeoff", px4_mode(_AUTO, _TAKEOFF), MODE_TAKE_OFF, mavlink.MAV_STANDARD_MODE_TAKEOFF
        ),
        ModeChoice("Land", px4_mode(_AUTO, _LAND), MODE_LAND, mavlink.MAV_STANDARD_MODE_LAND),
        # A place gone to is held: PX4 knows no guided mode beside its Hold.
        ModeChoice("Guided", px4_mode(_AUTO, _LOITER), MODE_GUIDED, selectable=False),
        ModeChoice("Orbit", px4_mode(_POSCTL, _ORBIT), MODE_ORBIT, mavlink.MAV_STANDARD_MODE_ORBIT),
        ModeChoice(
            "Altitude", px4_mode(_ALTCTL), MODE_ALTITUDE, mavlink.MAV_STANDARD_MODE_ALTITUDE_HOLD
        ),
        ModeChoice("Position", px4_mode(_POSCTL), MODE_CRUISE, mavlink.MAV_STANDARD_MODE_CRUISE),
        ModeChoice("Offboard", px4_mode(_OFFBOARD), MODE_OFFBOARD),
        ModeChoice("Glide", px4_mode(_AUTO, _EXTERNAL_1), MODE_GLIDE, selectable=False),
    ),
)

ARDUPILOT = Profile(
    "ardupilot", mavlink.MAV_AUTOPILOT_ARDUPILOTMEGA, bytewise=False, takeoff_relative=True,
    needs_sticks=False, objection="PreArm", modes=(
        ModeChoice("LOITER", 12, MODE_HOLD),
        ModeChoice("AUTO", 10, MODE_MISSION, mavlink.MAV_STANDARD_MODE_MISSION),
        ModeChoice("RTL", 11, MODE_RETURN, mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY),
        ModeChoice("TAKEOFF", 13, MODE_TAKE_OFF, mavlink.MAV_STANDARD_MODE_TAKEOFF),
        ModeChoice("AUTOLAND", 26, MODE_LAND, mavlink.MAV_STANDARD_MODE_LAND),
        ModeChoice("GUIDED", 15, MODE_GUIDED),
        ModeChoice("CIRCLE", 1, MODE_ORBIT, mavlink.MAV_STANDARD_MODE_ORBIT),
        ModeChoice("FBWB", 6, MODE_ALTITUDE, mavlink.MAV_STANDARD_MODE_ALTITUDE_HOLD),
        ModeChoice("CRUISE", 7, MODE_CRUISE, mavlink.MAV_STANDARD_MODE_CRUISE),
        # Set-points are flown in GUIDED there; the same number is therefore shown.
        ModeChoice("GUIDED", 15, MODE_OFFBOARD, selectable=False),
        ModeChoice("GLIDE", 100, MODE_GLIDE, selectable=False),
    ))

# Beyond the main modes of PX4, which clients that take a generic autopilot for one ask for.
GENERIC = Profile("generic", mavlink.MAV_AUTOPILOT_GENERIC, bytewise=True, takeoff_relative=False,
                  needs_sticks=True, objection="Before arming", modes=(
    ModeChoice("Hold", 101, MODE_HOLD),
    ModeChoice("Mission", 102, MODE_MISSION, mavlink.MAV_STANDARD_MODE_MISSION),
    ModeChoice("Return", 103, MODE_RETURN, mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY),
    ModeChoice("Take-off", 104, MODE_TAKE_OFF, mavlink.MAV_STANDARD_MODE_TAKEOFF),
    ModeChoice("Land", 105, MODE_LAND, mavlink.MAV_STANDARD_MODE_LAND),
    ModeChoice("Guided", 106, MODE_GUIDED),
    ModeChoice("Orbit", 107, MODE_ORBIT, mavlink.MAV_STANDARD_MODE_ORBIT),
    ModeChoice("Altitude", 108, MODE_ALTITUDE, mavlink.MAV_STANDARD_MODE_ALTITUDE_HOLD),
    ModeChoice("Cruise", 109, MODE_CRUISE, mavlink.MAV_STANDARD_MODE_CRUISE),
    ModeChoice("Offboard", 110, MODE_OFFBOARD),
    ModeChoice("Glide", 111, MODE_GLIDE, selectable=False),
))

PROFILES = {profile.name: profile for profile in (PX4, ARDUPILOT, GENERIC)}
