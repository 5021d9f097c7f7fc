"""How many ticks are due: simulated time paced by wall time.

A batch of ticks is stepped at once, and sockets wait meanwhile; so a batch is cut to what the
machine does within ``BATCH_WALL`` by the cost of a tick as measured. What cannot be kept up with
is let go: simulated time then runs slower than asked for, and never in a rush afterwards.
"""

import math

from longwatch.errors import SetupError
from longwatch.simulation.vehicle import BASE_RATE

# A batch lasts at most 10 ms of wall time; a fifth of it is kept in hand for what is uneven.
BATCH_WALL = 0.010
BATCH_AIM = 0.8 * BATCH_WALL
# Simulated time may fall this far behind before the rest is let go [s of wall time].
MOST_BEHIND = 0.25
# How often ticks fall due and services are polled [s of wall time].
CADENCE = 0.02
SLOWEST, FASTEST = 0.01, 10_000.0
# A batch at most this long [ticks]: one hour; an idle machine never gets there.
MOST_TICKS = 360_000
MAXIMUM = math.inf
RATE_WINDOW = 1.0


def parse_speed(text: str | float) -> float:
    """A speed factor from what a user wrote: a number, or "max"; infinity is "max".

    Raises:
        SetupError: no number, or none from 0.01 to 10 000.
    """
    if isinstance(text, str) and text.strip().lower() in ("max", "maximum"):
        return MAXIMUM
    try:
        speed = float(text)
    except (TypeError, ValueError):
        speed = math.nan
    if speed == MAXIMUM or SLOWEST <= speed <= FASTEST:
        return speed
    raise SetupError(f"speed {text!r}: give a factor from {SLOWEST:g} to {FASTEST:g}, or max")


def speed_text(speed: float) -> str:
    """The speed factor as the user would write it."""
    return "max" if speed == MAXIMUM else f"{speed:g}"


class Pacer:
    """Simulated time against wall time.

    Args:
        speed: simulated seconds a wall second; infinity for as fast as it goes.
        now: wall time [s].

    Attributes:
        paused: nothing falls due but what was asked for by ``step``.
        rate: simulated seconds a wall second as achieved over the last second.
        behind: wall seconds' worth of simulated time let go so far.
    """

    def __init__(self, speed: float = 1.0, now: float = 0.0) -> None:
        self.paused = False
        self.rate = 0.0
        self.behind = 0.0
        self._speed = parse_speed(speed)
        self._asked = 0
        self._cost = 20e-6
        self._anchor, self._done = now, 0
        self._window, self._window_ticks = now, 0

    @property
    def speed(self) -> float:
        """Simulated seconds a wall second asked for."""
        return self._speed

    def set_speed(self, speed: float | str, now: float) -> None:
        """Change the speed factor; a pause stays a pause. Raises SetupError."""
        self._speed = parse_speed(speed)
        self._restart(now)

    def pause(self) -> None:
        """Stop simulated time; steps in hand are dropped."""
        self.paused, self._asked = True, 0

    def resume(self, now: float) -> None:
        """Let simulated time go on."""
        self.paused, self._asked = False, 0
        self._restart(now)

    def step(self, seconds: float) -> None:
        """Pause, and let ``seconds`` of simulated time pass as fast as it goes. SetupError."""
        if not (math.isfinite(seconds) and 0.0 <= seconds <= 86_400.0):
            raise SetupError(f"step {seconds!r}: give simulated seconds from 0 to 86400")
        self.paused = True
        self._asked += round(seconds * BASE_RATE)

    @property
    def stepping(self) -> bool:
        """Steps asked for are still in hand."""
        return self._asked > 0

    def _restart(self, now: float) -> None:
        self._anchor, self._done = now, 0

    def due(self, now: float) -> int:
        """Ticks to step now: what has fallen due, cut to one batch."""
        most = max(1, min(int(BATCH_AIM / self._cost), MOST_TICKS))
        if self.paused:
            return min(self._asked, most)
        if self._speed == MAXIMUM:
            return most
        owed = int((now - self._anchor) * self._speed * BASE_RATE + 1e-6) - self._done
        allowed = max(int(MOST_BEHIND * self._speed * BASE_RATE), 1)
        if owed > allowed:
            self.behind += (owed - allowed) / (self._speed * BASE_RATE)
            self._done += owed - allowed
            owed = allowed
        return max(min(owed, most), 0)

    def took(self, ticks: int, seconds: float, now: float) -> None:
        """A batch of ``ticks`` has taken ``seconds`` of wall time."""
        self._done += ticks
        if self.paused:
            self._asked = max(self._asked - ticks, 0)
        cost = seconds / ticks
        # Dearer than thought counts at once, cheaper only little by little; a batch of few
        # ticks is mostly the price of the call, and says little about one of many.
        share = 1.0 if cost > self._cost and seconds > BATCH_WALL else 0.1
        self._cost += share * (cost - self._cost)
        self._cost = max(self._cost, 1e-8)
        self._window_ticks += ticks
        self._measure(now)

    def _measure(self, now: float) -> None:
        if now - self._window >= RATE_WINDOW:
            self.rate = self._window_ticks / BASE_RATE / (now - self._window)
            self._window, self._window_ticks = now, 0

    def rest(self, now: float) -> float:
        """Wall seconds until the next call; 0 where ticks wait already."""
        self._measure(now)
        if self.due(now) and (self._speed == MAXIMUM or self.paused):
            return 0.0
        owed = (now - self._anchor) * self._speed * BASE_RATE - self._done
        if not self.paused and owed > CADENCE * self._speed * BASE_RATE:
            return 0.0
        return CADENCE - math.fmod(now, CADENCE)
