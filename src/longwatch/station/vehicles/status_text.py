"""STATUSTEXT in one piece: long texts come in chunks of 50 characters, any of which may be lost."""

import re
from dataclasses import dataclass, field
from typing import Any

from longwatch.station.vehicles.quantity import text

CHUNK = 50
WAIT_S = 1.0
MOST_OPEN, MOST_CHUNKS = 16, 20
# ArduPilot begins with PreArm: or Arm:, PX4 with Preflight Fail:.
_REFUSAL = re.compile(r"(?:PreArm|Arm|Preflight Fail): *(.+)")
REFUSAL_S, MOST_REFUSALS = 70.0, 4


@dataclass
class _Open:
    severity: int
    since: float
    last: int | None = None  # number of the last chunk, once it has come
    chunks: dict[int, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return self.last is not None and len(self.chunks) > self.last

    def joined(self) -> str:
        count = max(self.chunks) + 1
        return "".join(self.chunks.get(i, " ... ") for i in range(count)).strip()


class StatusTexts:
    """The texts of one vehicle."""

    def __init__(self) -> None:
        self._open: dict[int, _Open] = {}

    def take(self, message: Any, now: float) -> list[tuple[int, str]]:
        """Severity and text of what ``message`` completes."""
        raw = message.text
        piece = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        piece, ended = piece.split("\0")[0], len(raw) < CHUNK
        number = int(getattr(message, "id", 0))
        if number == 0:
            return [(int(message.severity), text(piece))] if text(piece) else []
        if number not in self._open and len(self._open) >= MOST_OPEN:
            self._open.pop(next(iter(self._open)))
        entry = self._open.setdefault(number, _Open(int(message.severity), now))
        place = int(message.chunk_seq)
        if place < MOST_CHUNKS:
            entry.chunks[place] = "".join(c if c.isprintable() else " " for c in piece)
            if ended or len(piece) < CHUNK:
                entry.last = place
        if entry.whole:
            del self._open[number]
            return [(entry.severity, entry.joined())]
        return []

    def overdue(self, now: float) -> list[tuple[int, str]]:
        """What is told with gaps, since nothing more has come for a while."""
        late = [number for number, entry in self._open.items() if now - entry.since > WAIT_S]
        entries = [self._open.pop(number) for number in late]
        return [(entry.severity, entry.joined()) for entry in entries if entry.chunks]


class Refusals:
    """Why a vehicle does not arm, as it says itself: ArduPilot every half minute."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def take(self, text: str, time_s: float) -> None:
        """A text of the vehicle, whatever it speaks of."""
        found = _REFUSAL.match(text)
        if found is None:
            return
        self._said.pop(found[1], None)
        self._said[found[1]] = time_s
        while len(self._said) > MOST_REFUSALS:
            del self._said[next(iter(self._said))]

    def text(self, now: float) -> str | None:
        """What it said of late, None for nothing."""
        self._said = {text: time for text, time in self._said.items() if now - time < REFUSAL_S}
        return "; ".join(self._said) or None
