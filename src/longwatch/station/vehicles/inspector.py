"""Every message that comes in, by sender and type: how often, the latest, and fields over time.

Memory is bounded whatever is sent: so many senders' types, of which the one not heard for longest
goes first; the last frame of each; and series of the few fields that somebody looks at, which end
when nobody has asked for a while. Frames are decoded when asked for, or watched.
"""

import math
from collections import OrderedDict, deque
from itertools import islice
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import KINDS
from longwatch.station.refusal import Refusal

MOST_STREAMS, MOST_TIMES = 1000, 16
MOST_SERIES, MOST_SAMPLES, UNASKED_S = 64, 12_000, 30.0
MOST_TOLD = 4000
"""Samples in one answer."""
_SILENT_INTERVALS, _SILENT_S = 5.0, 5.0
_LONGEST_TEXT = 512
Key = tuple[str, int, int]
"""A vehicle's id (a system's number where there is no vehicle), a component, a message type."""


class _Stream:
    """One type of one sender."""

    def __init__(self) -> None:
        self.count = 0
        self.last: Any = None
        self.times: deque[float] = deque(maxlen=MOST_TIMES)

    def rate(self, now: float) -> float:
        """Messages a second of late [1/s], 0 for one that fell silent."""
        if len(self.times) < 2:
            return 0.0
        span = self.times[-1] - self.times[0]
        interval = span / (len(self.times) - 1)
        if now - self.times[-1] > max(_SILENT_S, _SILENT_INTERVALS * interval):
            return 0.0
        return 1.0 / interval if interval > 0.0 else 0.0


class _Series:
    """One field of one stream, over time."""

    def __init__(self, field: str, element: int) -> None:
        self.field, self.element = field, element
        self.asked = 0.0
        self.samples: deque[tuple[float, float]] = deque(maxlen=MOST_SAMPLES)


class Inspector:
    """What came in. Times are the caller's seconds, for a replay those of its log."""

    def __init__(self) -> None:
        self._streams: OrderedDict[Key, _Stream] = OrderedDict()
        self._watched: dict[Key, dict[tuple[str, int], _Series]] = {}

    def take(self, key: Key, frame: Any, time_s: float) -> None:
        """One frame, or one decoded message of a log."""
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = _Stream()
            if len(self._streams) > MOST_STREAMS:
                gone, _ = self._streams.popitem(last=False)
                self._watched.pop(gone, None)
        else:
            self._streams.move_to_end(key)
        stream.count += 1
        stream.last = frame
        if stream.times and time_s < stream.times[-1]:  # a replay went back
            stream.times.clear()
            for series in self._watched.get(key, {}).values():
                series.samples.clear()
        stream.times.append(time_s)
        if key in self._watched:
            self._sample(key, frame, time_s)

    def _sample(self, key: Key, frame: Any, time_s: float) -> None:
        message = _decoded(frame)
        for series in self._watched[key].values():
            value = getattr(message, series.field, None)
            if series.element >= 0:
                value = value[series.element] if isinstance(value, list) and (
                    series.element < len(value)) else None
            if isinstance(value, int | float) and math.isfinite(value):
                series.samples.append((time_s, float(value)))

    def forget(self, identity: str) -> None:
        """A vehicle is gone."""
        for key in [key for key in self._streams if key[0] == identity]:
            del self._streams[key]
            self._watched.pop(key, None)

    # ------------------------------------------------------------------------------- telling

    def streams(self, identity: str, now: float) -> list[dict[str, Any]]:
        """What comes of a vehicle or system, by component and name."""
        return sorted(({"component": component, "number": number, "name": _name(number),
                        "count": stream.count, "rate_hz": round(stream.rate(now), 3),
                        "age_s": round(max(now - stream.times[-1], 0.0), 2)}
                       for (owner, component, number), stream in self._streams.items()
                       if owner == identity), key=lambda one: (one["component"], one["name"]))

    def identities(self) -> list[str]:
        """Who was heard."""
        return sorted({owner for owner, _, _ in self._streams})

    def latest(self, key: Key, now: float) -> dict[str, Any]:
        """The latest message of a type, field by field. Raises Refusal, 404."""
        stream = self._stream(key)
        message = _decoded(stream.last)
        if message is None:
            raw = getattr(stream.last, "payload", b"")
            return {"name": _name(key[2]), "age_s": round(max(now - stream.times[-1], 0.0), 2),
                    "fields": [], "raw": bytes(raw).hex()}
        kind = type(message)
        return {"name": message.get_type(), "age_s": round(max(now - stream.times[-1], 0.0), 2),
                "fields": [_field(message, name, form) for name, form in zip(
                    kind.fieldnames, kind.fieldtypes, strict=True)], "raw": ""}

    def series(self, key: Key, field: str, element: int, *, after: float, now: float,
               asked: float) -> dict[str, Any]:
        """Samples of a field after a time; ``asked``, monotonic, keeps them coming for a while.

        Raises Refusal: nobody sends such a field, or too many are watched.
        """
        self._stream(key)
        kind = KINDS.get(key[2])
        if kind is None or field not in kind.message.fieldnames:
            raise Refusal(f"there is no field {field!r} in {_name(key[2])}", 404)
        self._drop_unasked(asked)
        watched = self._watched.setdefault(key, {})
        found = watched.get((field, element))
        if found is None:
            if sum(map(len, self._watched.values())) >= MOST_SERIES:
                if not watched:
                    del self._watched[key]
                raise Refusal(f"{MOST_SERIES} fields are plotted already; close others", 429)
            found = watched[field, element] = _Series(field, element)
        found.asked = asked
        new = [sample for sample in found.samples if sample[0] > after]
        new = list(islice(new, max(len(new) - MOST_TOLD, 0), None))
        return {"now_s": now, "time_s": [time for time, _ in new],
                "value": [value for _, value in new]}

    def _stream(self, key: Key) -> _Stream:
        stream = self._streams.get(key)
        if stream is None:
            raise Refusal(f"no {_name(key[2])} was heard of {key[0]}, component {key[1]}", 404)
        return stream

    def _drop_unasked(self, now: float) -> None:
        for key in list(self._watched):
            kept = {name: series for name, series in self._watched[key].items()
                    if now - series.asked < UNASKED_S}
            if kept:
                self._watched[key] = kept
            else:
                del self._watched[key]


def _decoded(last: Any) -> Any:
    """The message of a frame; a log's are decoded already."""
    return last if hasattr(last, "get_type") else last.message


def _name(number: int) -> str:
    kind = KINDS.get(number)
    return kind.message.msgname if kind else f"message {number}"


def _field(message: Any, name: str, form: str) -> dict[str, Any]:
    """One field as docs/station-wire.md has it: unit and names come from the dialect."""
    value = getattr(message, name)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        value = "".join(c if c.isprintable() else " " for c in value.split("\0")[0])
        value = value[:_LONGEST_TEXT]
    elif isinstance(value, list):
        value = [_plain(each) for each in value]
    else:
        value = _plain(value)
    told = {"name": name, "type": form, "unit": message.fieldunits_by_name.get(name, ""),
            "value": value}
    called = message.fieldenums_by_name.get(name)
    if called and isinstance(value, int):
        told["means"] = _means(called, value, message.fielddisplays_by_name.get(name) == "bitmask")
    return told


def _plain(value: Any) -> Any:
    """A number as JSON has it: those that are none as texts."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _means(called: str, value: int, bits: bool) -> str:
    entries = mavlink.enums.get(called, {})
    short = _common({entry.name for entry in entries.values() if "_ENUM_END" not in entry.name})

    def name(number: int) -> str:
        entry = entries.get(number)
        return entry.name.removeprefix(short) if entry else ""
    if not bits:
        return name(value)
    return ", ".join(filter(None, (name(1 << bit) for bit in range(64) if value >> bit & 1)))


def _common(names: set[str]) -> str:
    """What names of one enumeration begin with alike, up to an underscore."""
    if len(names) < 2:
        return ""
    low, high = min(names), max(names)
    same = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), 0)
    return low[:low.rfind("_", 0, same) + 1]
