"""The alerts of one vehicle: which rows of the table hold, and what the vehicle itself says.

A row whose quantities were not reported stays as it was for ``UNKNOWN_S``, then its alert goes.
"""

from dataclasses import dataclass, field
from typing import Any

from longwatch.station.vehicles.alert_table import (
    CAUTION,
    SEVERITIES,
    TABLE,
    WARNING,
    Number,
    Row,
)

STATUS_TEXT = "status_text"
# A vehicle's own text stays so long unless it comes again [wall s], and so many stay at most.
TEXT_S = {WARNING: 300.0, CAUTION: 120.0}
MOST_TEXTS = 8
UNKNOWN_S = 5.0
# MAV_SEVERITY: up to critical is a warning, up to warning a caution.
_CRITICAL, _WARNING = 2, 4

KEYS = (*(row.key for row in TABLE), STATUS_TEXT)


@dataclass
class Alert:
    """One alert in force; ``as_dict`` is what the wire carries."""

    key: str
    severity: str
    since_s: float  # UTC
    text: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    acknowledged: bool = False
    renewed: float = 0.0  # wall s

    def as_dict(self) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        return {"key": self.key, "severity": self.severity, "since_s": round(self.since_s, 1),
                "text": self.text, "values": self.values, "acknowledged": self.acknowledged}


class Alerts:
    """The alerts of one vehicle. All times are handed in: wall seconds, and UTC for people."""

    def __init__(self) -> None:
        self._active: dict[str, Alert] = {}
        self._texts: dict[tuple[str, str], Alert] = {}
        self._pending: dict[str, float] = {}
        self._unknown: dict[str, float] = {}
        self.changed = False

    def evaluate(self, number: Number, wall: float, utc_s: float) -> None:
        """Look at every row; drop texts that have aged out."""
        for row in TABLE:
            there = self._active.get(row.key)
            state = (row.held or row.raised)(number) if there else row.raised(number)
            if state is None:
                self._unknown.setdefault(row.key, wall)
                state = there is not None and wall - self._unknown[row.key] < UNKNOWN_S
            else:
                self._unknown.pop(row.key, None)
            if not state:
                self._pending.pop(row.key, None)
                self.changed |= self._active.pop(row.key, None) is not None
            elif there is None and wall - self._pending.setdefault(row.key, wall) >= row.delay:
                values = {name: number(name) for name in row.values if number(name) is not None}
                self._active[row.key] = Alert(row.key, row.severity, utc_s, values=values)
                self.changed = True
            elif there is not None:
                self._renew(there, row, number)
        for key, alert in list(self._texts.items()):
            if wall - alert.renewed > TEXT_S[alert.severity]:
                del self._texts[key]
                self.changed = True

    def _renew(self, alert: Alert, row: Row, number: Number) -> None:
        """What is said in words may change or come late; figures stay those of the beginning."""
        words = {name: value for name in row.values if isinstance(value := number(name), str)}
        if any(alert.values.get(name) != value for name, value in words.items()):
            alert.values = {**{name: value for name, value in alert.values.items()
                               if not isinstance(value, str)}, **words}
            self.changed = True

    def status_text(self, severity: int, text: str, wall: float, utc_s: float) -> None:
        """A vehicle's own text of MAV_SEVERITY ``severity``; only warnings and worse are kept."""
        if severity > _WARNING or not text:
            return
        name = WARNING if severity <= _CRITICAL else CAUTION
        known = self._texts.get((name, text))
        if known is not None:
            known.renewed = wall
            return
        if len(self._texts) >= MOST_TEXTS:
            del self._texts[min(self._texts, key=lambda k: self._texts[k].renewed)]
        self._texts[name, text] = Alert(STATUS_TEXT, name, utc_s, text, renewed=wall)
        self.changed = True

    def withdraw(self, texts: list[str]) -> None:
        """Forget texts that answered a command: whoever gave it was told."""
        for key in [key for key in self._texts if key[1] in texts]:
            del self._texts[key]
            self.changed = True

    def acknowledge(self, key: str) -> bool:
        """Mark alerts of this key (all status texts for ``status_text``); False for none."""
        found = [a for a in (*self._active.values(), *self._texts.values()) if a.key == key]
        for alert in found:
            self.changed |= not alert.acknowledged
            alert.acknowledged = True
        return bool(found)

    def as_list(self) -> list[dict[str, Any]]:
        """All of them, warnings first, the newest first among equals."""
        alerts = [*self._active.values(), *self._texts.values()]
        alerts.sort(key=lambda a: (SEVERITIES.index(a.severity), -a.since_s))
        return [alert.as_dict() for alert in alerts]
