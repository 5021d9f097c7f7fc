"""The identities under which the aircraft speaks to clients, for compatibility with them.

Clients know two autopilots by their numbers of modes and a few habits; ``px4`` and ``ardupilot``
use those numbers (as published in PX4's ``px4_custom_mode.h`` and ArduPlane's documentation of
modes), ``generic`` has its own and leaves clients to MAVLink's standard modes. No code of either
autopilot is inside.
"""

from longwatch.autopilot.aboard.crew_record import (
    ALTITUDE,
    CRUISE,
    GLIDE,
    GUIDED,
    HOLD,
    LAND,
    MISSION,
    OFFBOARD,
    ORBIT,
    RETURN,
    TAKE_OFF,
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


PX4 = Profile("px4", mavlink.MAV_AUTOPILOT_PX4, bytewise=True, takeoff_relative=False,
              needs_sticks=True, objection="Preflight Fail", modes=(
    ModeChoice("Hold", px4_mode(_AUTO, _LOITER), HOLD),
    ModeChoice("Mission", px4_mode(_AUTO, _MISSION), MISSION, mavlink.MAV_STANDARD_MODE_MISSION),
    ModeChoice("Return", px4_mode(_AUTO, _RTL), RETURN, mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY),
    ModeChoice("Takeoff", px4_mode(_AUTO, _TAKEOFF), TAKE_OFF,
               mavlink.MAV_STANDARD_MODE_TAKEOFF),
    ModeChoice("Land", px4_mode(_AUTO, _LAND), LAND, mavlink.MAV_STANDARD_MODE_LAND),
    # A place gone to is held: PX4 knows no guided mode beside its Hold.
    ModeChoice("Guided", px4_mode(_AUTO, _LOITER), GUIDED, selectable=False),
    ModeChoice("Orbit", px4_mode(_POSCTL, _ORBIT), ORBIT, mavlink.MAV_STANDARD_MODE_ORBIT),
    ModeChoice("Altitude", px4_mode(_ALTCTL), ALTITUDE,
               mavlink.MAV_STANDARD_MODE_ALTITUDE_HOLD),
    ModeChoice("Position", px4_mode(_POSCTL), CRUISE, mavlink.MAV_STANDARD_MODE_CRUISE),
    ModeChoice("Offboard", px4_mode(_OFFBOARD), OFFBOARD),
    ModeChoice("Glide", px4_mode(_AUTO, _EXTERNAL_1), GLIDE, selectable=False),
))

ARDUPILOT = Profile(
    "ardupilot", mavlink.MAV_AUTOPILOT_ARDUPILOTMEGA, bytewise=False, takeoff_relative=True,
    needs_sticks=False, objection="PreArm", modes=(
        ModeChoice("LOITER", 12, HOLD),
        ModeChoice("AUTO", 10, MISSION, mavlink.MAV_STANDARD_MODE_MISSION),
        ModeChoice("RTL", 11, RETURN, mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY),
        ModeChoice("TAKEOFF", 13, TAKE_OFF, mavlink.MAV_STANDARD_MODE_TAKEOFF),
        ModeChoice("AUTOLAND", 26, LAND, mavlink.MAV_STANDARD_MODE_LAND),
        ModeChoice("GUIDED", 15, GUIDED),
        ModeChoice("CIRCLE", 1, ORBIT, mavlink.MAV_STANDARD_MODE_ORBIT),
        ModeChoice("FBWB", 6, ALTITUDE, mavlink.MAV_STANDARD_MODE_ALTITUDE_HOLD),
        ModeChoice("CRUISE", 7, CRUISE, mavlink.MAV_STANDARD_MODE_CRUISE),
        # Set-points are flown in GUIDED there; the same number is therefore shown.
        ModeChoice("GUIDED", 15, OFFBOARD, selectable=False),
        ModeChoice("GLIDE", 100, GLIDE, selectable=False),
    ))

# Beyond the main modes of PX4, which clients that take a generic autopilot for one ask for.
GENERIC = Profile("generic", mavlink.MAV_AUTOPILOT_GENERIC, bytewise=True, takeoff_relative=False,
                  needs_sticks=True, objection="Before arming", modes=(
    ModeChoice("Hold", 101, HOLD),
    ModeChoice("Mission", 102, MISSION, mavlink.MAV_STANDARD_MODE_MISSION),
    ModeChoice("Return", 103, RETURN, mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY),
    ModeChoice("Take-off", 104, TAKE_OFF, mavlink.MAV_STANDARD_MODE_TAKEOFF),
    ModeChoice("Land", 105, LAND, mavlink.MAV_STANDARD_MODE_LAND),
    ModeChoice("Guided", 106, GUIDED),
    ModeChoice("Orbit", 107, ORBIT, mavlink.MAV_STANDARD_MODE_ORBIT),
    ModeChoice("Altitude", 108, ALTITUDE, mavlink.MAV_STANDARD_MODE_ALTITUDE_HOLD),
    ModeChoice("Cruise", 109, CRUISE, mavlink.MAV_STANDARD_MODE_CRUISE),
    ModeChoice("Offboard", 110, OFFBOARD),
    ModeChoice("Glide", 111, GLIDE, selectable=False),
))

PROFILES = {profile.name: profile for profile in (PX4, ARDUPILOT, GENERIC)}
