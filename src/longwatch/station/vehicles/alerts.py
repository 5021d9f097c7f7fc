"""The alerts of one vehicle: which rows of the table hold, and what the vehicle itself says.

A row whose quantities were not reported stays as it was for ``UNKNOWN_S``, then its alert goes.
What follows from another alert is folded beneath it: only those at the top, the causes, call.
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
# Of what follows from one cause the gravest are told.
MOST_BENEATH = 2
# MAV_SEVERITY: up to critical is a warning, up to warning a caution.
_CRITICAL, _WARNING = 2, 4

KEYS = (*(row.key for row in TABLE), STATUS_TEXT)
_RANK = {key: rank for rank, key in enumerate(KEYS)}


def _weight(severity: str) -> int:
    """0 for the gravest."""
    return SEVERITIES.index(severity)


@dataclass
class Alert:
    """One alert in force.

    Attributes:
        acknowledged: how severe it was when somebody acknowledged it, "" for nobody.
        renewed: when its text last came [wall s].
    """

    key: str
    severity: str
    since_s: float  # UTC
    text: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    acknowledged: str = ""
    renewed: float = 0.0


def _gravest(alert: Alert) -> tuple[int, int]:
    return _weight(alert.severity), _RANK[alert.key]


@dataclass
class Standing:
    """An alert at the top: with what follows from it, and what the vehicle says of it."""

    alert: Alert
    beneath: list[Alert] = field(default_factory=list)
    told: list[Alert] = field(default_factory=list)

    @property
    def severity(self) -> str:
        """That of the gravest of it."""
        return min((a.severity for a in (self.alert, *self.beneath)), key=_weight)

    @property
    def acknowledged(self) -> bool:
        """Somebody acknowledged it, and it has grown no graver since."""
        known = self.alert.acknowledged
        return bool(known) and _weight(known) <= _weight(self.severity)

    def as_list(self) -> list[dict[str, Any]]:
        """Itself, then what is folded beneath it, as docs/station-wire.md has them."""
        told = [text.text for text in sorted(self.told, key=lambda text: text.since_s)]
        return [self._as_dict(self.alert, self.severity, None, told),
                *(self._as_dict(alert, alert.severity, self.alert.key, [])
                  for alert in sorted(self.beneath, key=_gravest)[:MOST_BENEATH])]

    def _as_dict(self, alert: Alert, severity: str, cause: str | None,
                 told: list[str | None]) -> dict[str, Any]:
        return {"key": alert.key, "severity": severity, "since_s": round(alert.since_s, 1),
                "text": alert.text, "told": told, "values": alert.values, "cause": cause,
                "acknowledged": self.acknowledged}


class Alerts:
    """The alerts of one vehicle. All times are handed in: wall seconds, and UTC for people."""

    def __init__(self) -> None:
        self._active: dict[str, Alert] = {}
        self._texts: dict[tuple[str, str], Alert] = {}
        self._pending: dict[str, float] = {}
        self._unknown: dict[str, float] = {}
        self._said: set[str] = set()
        self.changed = False

    def evaluate(self, number: Number, wall: float, utc_s: float) -> None:
        """Look at every row; drop texts that have aged out."""
        for row in TABLE:
            self._look(row, number, wall, utc_s)
        for key, alert in list(self._texts.items()):
            if wall - alert.renewed > TEXT_S[alert.severity]:
                del self._texts[key]
                self.changed = True

    def _look(self, row: Row, number: Number, wall: float, utc_s: float) -> None:
        there = self._active.get(row.key)
        state = True if row.key in self._said else (
            (row.held or row.raised)(number) if there else row.raised(number))
        if state is None:
            self._unknown.setdefault(row.key, wall)
            state = there is not None and wall - self._unknown[row.key] < UNKNOWN_S
        else:
            self._unknown.pop(row.key, None)
        if not state:
            self._pending.pop(row.key, None)
            self.changed |= self._active.pop(row.key, None) is not None
        elif there is not None:
            self._renew(there, row, number)
        elif wall - self._pending.setdefault(row.key, wall) >= row.delay:
            values = {name: number(name) for name in row.values if number(name) is not None}
            self._active[row.key] = Alert(row.key, row.severity, utc_s, values=values)
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
        for row in TABLE:
            if row.begins and row.begins in text:
                self._said.add(row.key)
            elif row.ends and row.ends in text:
                self._said.discard(row.key)
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

    def forget(self) -> None:
        """The vehicle began anew: what it said before is no word of it any more."""
        self._said.clear()

    def acknowledge(self, key: str) -> bool:
        """Mark alerts of this key (all status texts for ``status_text``) with all that is folded
        beneath them; False for none."""
        found = [top for top in self.standing()
                 if key in (top.alert.key, *(alert.key for alert in top.beneath))]
        for top in found:
            self.changed |= not top.acknowledged
            top.alert.acknowledged = top.severity
        return bool(found)

    def call_again(self, key: str) -> None:
        """Something new came to an alert in force: whoever acknowledged it did not know of that."""
        alert = self._active.get(key)
        if alert is not None and alert.acknowledged:
            alert.acknowledged, self.changed = "", True

    def standing(self) -> list[Standing]:
        """Those at the top, the gravest first, what the table has first among equals."""
        tops: dict[str, Standing] = {}
        for row in TABLE:
            alert = self._active.get(row.key)
            if alert is None:
                continue
            above = self._cause(row.key)
            if above is None:
                tops.setdefault(row.key, Standing(alert))
            else:
                tops.setdefault(above, Standing(self._active[above])).beneath.append(alert)
        alone = []
        for text in self._texts.values():
            about = self._about(text.text or "")
            if about is None:
                alone.append(Standing(text))
            else:
                tops[about].told.append(text)
        return sorted((*tops.values(), *alone), key=lambda top: (
            _weight(top.severity), _RANK[top.alert.key], -top.alert.since_s))

    def _cause(self, key: str) -> str | None:
        """What an alert is folded beneath, itself at the top; None where it is at the top."""
        found = None
        seen = {key}
        while True:
            above = next((row.key for row in TABLE
                          if row.key in self._active and key in row.explains), None)
            if above is None or above in seen:
                return found
            seen.add(above)
            found = key = above

    def _about(self, text: str) -> str | None:
        """The alert at the top that a text of the vehicle belongs to."""
        low = text.lower()
        for row in TABLE:
            if row.key in self._active and any(word in low for word in row.words):
                return self._cause(row.key) or row.key
        return None

    def as_list(self) -> list[dict[str, Any]]:
        """All of them: each at the top, and after it what is folded beneath it."""
        return [told for top in self.standing() for told in top.as_list()]
