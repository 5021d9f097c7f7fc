"""A game pad's sticks: who has them, and which samples go on to the vehicle.

``roll`` to the right, ``pitch`` forward (nose down), ``yaw`` to the right, each from -1 to 1,
``throttle`` from 0 to 1. Each sample is sent once: where none comes nothing is sent, so that the
vehicle's own rule for lost sticks acts.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from longwatch.station.refusal import Refusal

SILENT_S = 0.5
"""Sticks that are not heard for so long have been let go."""
LEAST_S = 0.02
"""So long at least lies between two messages to the vehicle."""
LEAST = {"roll": -1.0, "pitch": -1.0, "yaw": -1.0, "throttle": 0.0}


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

    def take(self, sequence: int, now: float) -> bool:
        """A sample came: whether it is sent on, neither overtaken nor too soon."""
        if sequence <= self.sequence:
            return False
        self.sequence, self.heard = sequence, now
        if now - self.sent < LEAST_S:
            return False
        self.sent = now
        return True


def checked(sample: dict[str, Any]) -> dict[str, float]:
    """The sticks of a sample, if each lies within its travel. Raises Refusal."""
    faults = tuple(f"{name}: give a number from {least:g} to 1" for name, least in LEAST.items()
                   if not (isfinite(sample[name]) and least <= sample[name] <= 1.0))
    if faults:
        raise Refusal("these sticks are not sent", 400, faults)
    return {name: float(sample[name]) for name in LEAST}
