"""What is flown for the public figures, and how a figure is held against them."""

from dataclasses import dataclass
from typing import Any

from longwatch.aircraft.loader import Aircraft
from longwatch.verification.check import Check, explained, within

PUBLIC = "public"
PUBLIC_TOLERANCE = 0.05
FOOT = 0.3048


@dataclass(frozen=True)
class Load:
    """Payload and fuel in kg, an altitude in m above mean sea level, and a calibrated airspeed in
    m/s, None for the aircraft's own."""

    payload: float
    fuel: float
    altitude: float
    speed: float | None = None


@dataclass(frozen=True)
class Programme:
    """What is flown with one aircraft.

    Attributes:
        name: the aircraft.
        cruise: to its operating altitude at the largest take-off mass, and on at cruise speed.
        ceiling: to the public maximum altitude.
        fast: full power in level flight; None where the never-exceed speed comes first.
        mission, payload, turbulence, hours: the day-long flight.
        slow: the slowest public cruise, where there is one beside the fastest.
        thirst: how much more fuel the engine's worst published point burns than the datasheet's.
    """

    name: str
    cruise: Load
    ceiling: Load
    fast: Load | None
    mission: str
    payload: float
    turbulence: str
    hours: float
    thirst: float = 1.0
    slow: Load | None = None


PROGRAMMES = (
    Programme("tb2", Load(150.0, 216.0, 18_000 * FOOT, 36.0), Load(50.0, 110.0, 27_000 * FOOT),
              Load(150.0, 108.0, 300.0, 50.0), "thrace-27h.plan", 150.0, "light", 27.0, 1.19),
    Programme("akinci", Load(1350.0, 1650.0, 30_000 * FOOT, 61.6),
              Load(450.0, 1150.0, 40_000 * FOOT), None, "thrace-24h.plan", 400.0, "none", 24.0,
              slow=Load(1350.0, 1650.0, 20_000 * FOOT, 56.6)),
)


def claims_of(aircraft: Aircraft) -> dict[str, Any]:
    return {claim.quantity: claim for claim in aircraft.public}


def near(case: str, quantity: str, unit: str, claim: Any, found: float) -> Check:
    """A public figure that must hold within 5 %."""
    return within(case, quantity, PUBLIC, unit, float(claim.value), found, PUBLIC_TOLERANCE,
                  relative=True)


def conflicting(case: str, quantity: str, unit: str, claim: Any, found: float,
                 scale: float = 1.0) -> Check:
    """A public figure at a loading for which it was not meant, or that others contradict.

    The datasheet says so beside the claim; ``scale`` takes the claim to ``unit``.
    """
    expected = float(claim.value) * scale
    if abs(found / expected - 1.0) <= PUBLIC_TOLERANCE:
        return within(case, quantity, PUBLIC, unit, expected, found, PUBLIC_TOLERANCE,
                      relative=True)
    return explained(case, quantity, PUBLIC, unit, expected, found, why=claim.relation)
