"""Manual control: a crew's game pad, sent on as MANUAL_CONTROL.

Sticks of the page: ``roll`` to the right, ``pitch`` forward (nose down), ``yaw`` to the right, each
from -1 to 1, ``throttle`` from 0 to 1. On the wire x is pitch, y roll, z throttle, r yaw, in
thousandths (MAVLink, common.xml). Each sample is sent once: where none comes nothing is sent, so
that the vehicle's own rule for lost sticks acts.
"""

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.connections import SYSTEM

if TYPE_CHECKING:
    from longwatch.station.vehicles.vehicle import Vehicle

SILENT_S = 0.5
"""Sticks that are not heard for so long have been let go."""
LEAST_S = 0.02
"""So long at least lies between two messages to the vehicle."""
FULL = 1000
LEAST = {"roll": -1.0, "pitch": -1.0, "yaw": -1.0, "throttle": 0.0}
_NEUTRAL = {"roll": 0.0, "pitch": 0.0, "yaw": 0.0}
# Modes that sticks steer, as PX4, ArduPlane and Longwatch's aircraft call them.
STEERED = frozenset({
    "manual", "stabilized", "acro", "altitude", "position", "position slow", "rattitude", "simple",
    "altitude cruise", "cruise", "stabilize", "training", "fbwa", "fbwb", "autotune", "qstabilize",
    "qhover", "qloiter", "qacro", "qautotune"})
# COM_RC_IN_MODE of PX4 that take no joystick: radio control alone, and no sticks at all.
_NO_JOYSTICK = (0, 4)


@dataclass
class Sticks:
    """Who has the sticks of one vehicle, None for nobody."""

    user: str | None = None
    heard: float = 0.0
    sent: float = -1.0
    sequence: int = -1

    def begin(self, user: str, now: float) -> None:
        """Somebody takes the sticks, at ``now`` [station s]."""
        self.user, self.heard, self.sent, self.sequence = user, now, -1.0, -1

    def silent(self, now: float) -> bool:
        """Whether they have been let go."""
        return self.user is not None and now - self.heard > SILENT_S

    def take(self, vehicle: "Vehicle", sample: dict[str, float], sequence: int, now: float
             ) -> None:
        """Send a sample on; one that was overtaken, or comes too soon, is left out."""
        if sequence <= self.sequence:
            return
        self.sequence, self.heard = sequence, now
        if now - self.sent >= LEAST_S:
            self.sent = now
            vehicle.send(message(vehicle, sample))

    def end(self, vehicle: "Vehicle") -> None:
        """Let go, in neutral: it is sent twice, since a message may be lost."""
        self.user = None
        throttle = vehicle.number("throttle")
        neutral = {**_NEUTRAL, "throttle": throttle if isinstance(throttle, float) else 0.5}
        for _ in range(2):
            vehicle.send(message(vehicle, neutral))


def checked(sample: dict[str, Any]) -> dict[str, float]:
    """The sticks of a sample, if each lies within its travel. Raises Refusal."""
    faults = tuple(f"{name}: give a number from {least:g} to 1" for name, least in LEAST.items()
                   if not (isfinite(sample[name]) and least <= sample[name] <= 1.0))
    if faults:
        raise Refusal("these sticks are not sent", 400, faults)
    return {name: float(sample[name]) for name in LEAST}


def message(vehicle: "Vehicle", sample: dict[str, float]) -> Any:
    """MANUAL_CONTROL of a sample. On the ground the throttle stays closed."""
    throttle = 0.0 if vehicle.number("landed_state") == "on_ground" else sample["throttle"]
    x, y, z, r = (round(FULL * value) for value in (
        sample["pitch"], sample["roll"], min(max(throttle, 0.0), 1.0), sample["yaw"]))
    return mavlink.MAVLink_manual_control_message(vehicle.system, x, y, z, r, 0)


def hindrance(vehicle: "Vehicle") -> str:
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


def steered(vehicle: "Vehicle") -> bool:
    """Whether it flies in a mode that sticks steer."""
    return str(vehicle.number("mode")).casefold() in STEERED and (
        vehicle.number("landed_state") != "on_ground")
