"""Manual control: a crew's sticks, sent on as MANUAL_CONTROL.

On the wire x is pitch, y roll, z throttle, r yaw, in thousandths (MAVLink, common.xml).
"""

from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.connections import SYSTEM
from longwatch.station.vehicles.vehicle import Vehicle

FULL = 1000
_NEUTRAL = {"roll": 0.0, "pitch": 0.0, "yaw": 0.0}
# Modes that sticks steer, as PX4, ArduPlane and Longwatch's aircraft call them.
STEERED = frozenset({
    "manual", "stabilized", "acro", "altitude", "position", "position slow", "rattitude", "simple",
    "altitude cruise", "cruise", "stabilize", "training", "fbwa", "fbwb", "autotune", "qstabilize",
    "qhover", "qloiter", "qacro", "qautotune"})
# COM_RC_IN_MODE of PX4 that take no joystick: radio control alone, and no sticks at all.
_NO_JOYSTICK = (0, 4)


def steer(vehicle: Vehicle, sample: dict[str, float], sequence: int, now: float) -> None:
    """Send a sample on; one that was overtaken, or comes too soon, is left out."""
    if vehicle.sticks.take(sequence, now):
        vehicle.send(message(vehicle, sample))


def let_go(vehicle: Vehicle) -> None:
    """Let go, in neutral: it is sent twice, since a message may be lost."""
    vehicle.sticks.user = None
    throttle = vehicle.number("throttle")
    neutral = {**_NEUTRAL, "throttle": throttle if isinstance(throttle, float) else 0.5}
    for _ in range(2):
        vehicle.send(message(vehicle, neutral))


def message(vehicle: Vehicle, sample: dict[str, float]) -> Any:
    """MANUAL_CONTROL of a sample. On the ground the throttle stays closed."""
    throttle = 0.0 if vehicle.number("landed_state") == "on_ground" else sample["throttle"]
    x, y, z, r = (round(FULL * value) for value in (
        sample["pitch"], sample["roll"], min(max(throttle, 0.0), 1.0), sample["yaw"]))
    return mavlink.MAVLink_manual_control_message(vehicle.system, x, y, z, r, 0)


def hindrance(vehicle: Vehicle) -> str:
    """Why a vehicle would not listen to the station's sticks, with the remedy; "" where it does."""
    get = vehicle.parameter
    if vehicle.family == "px4" and not vehicle.own and get("COM_RC_IN_MODE") in _NO_JOYSTICK:
        return ("it takes no joystick: set its parameter COM_RC_IN_MODE to 1 (joystick alone) or 3 "
                "(radio control or joystick)")
    for name in ("SYSID_MYGCS", "MAV_GCS_SYSID") if vehicle.family == "ardupilot" else ():
        if get(name) not in (None, SYSTEM):
            return (f"it takes sticks of system {get(name):g} alone: set its parameter {name} to "
                    f"{SYSTEM}")
    return ""


def steered(vehicle: Vehicle) -> bool:
    """Whether it flies in a mode that sticks steer."""
    return str(vehicle.number("mode")).casefold() in STEERED and (
        vehicle.number("landed_state") != "on_ground")
