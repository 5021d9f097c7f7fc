"""Who speaks outside, and on which link each (system, component) lives."""

from dataclasses import dataclass

from longwatch.mavlink.link import Link

LIVE_S = 5.0
"""A station that was heard so recently keeps its id [wall s]."""
MAXIMUM_STATIONS = 32
"""Ids that one link may speak for."""
LAST_AIRCRAFT = 200
"""System ids above are stations', of which several may share one."""
_BEHIND = 128  # a sequence so far ahead is one from the past: late or twice, not lost


@dataclass(slots=True)
class _Station:
    """One (system, component) outside."""

    link: Link
    heard: float
    sequence: int


class Stations:
    """All of them; ``link.stations`` has each link's own."""

    def __init__(self) -> None:
        self._all: dict[tuple[int, int], _Station] = {}

    def links(self) -> dict[tuple[int, int], Link]:
        """Who was heard, and where."""
        return {key: station.link for key, station in self._all.items()}

    def ways(self, system: int, component: int) -> list[Link]:
        """The links on which this target lives; component 0 is every one of the system."""
        return list({id(station.link): station.link for (other, part), station in self._all.items()
                     if other == system and component in (0, part)}.values())

    def take(self, key: tuple[int, int], link: Link, sequence: int, now: float,
             ours: bool) -> str:
        """Note that ``key`` speaks on ``link``; why it may not, "" when it may.

        ``ours``: it is a companion of a system on this side.
        """
        station = self._all.get(key)
        if station is None or station.link is not link:
            holder = self._holder(key, link, now, key[0] <= LAST_AIRCRAFT and not ours)
            if holder is not None:
                return f"Id {key[0]}.{key[1]} is in use on {holder.name}: choose another"
            if station is not None:
                self._drop(key)
            if len(link.stations) >= MAXIMUM_STATIONS:
                return f"More than {MAXIMUM_STATIONS} ids on one link"
            self._all[key] = _Station(link, now, sequence)
            link.stations.add(key)
            return ""
        missed = (sequence - station.sequence - 1) % 256
        if missed < _BEHIND:
            link.received.lost += missed
        station.heard, station.sequence = now, sequence
        return ""

    def _holder(self, key: tuple[int, int], link: Link, now: float, whole: bool) -> Link | None:
        """Another link on which this id lives; an aircraft's with all of its components."""
        for other, station in self._all.items():
            same = other == key or (whole and other[0] == key[0])
            if same and station.link is not link and now - station.heard < LIVE_S:
                return station.link
        return None

    def forget_before(self, time_s: float) -> None:
        """Forget who was last heard before a time [wall s]."""
        for key in [key for key, station in self._all.items() if station.heard < time_s]:
            self._drop(key)

    def forget(self, link: Link) -> None:
        """Forget all that spoke on a link."""
        for key in list(link.stations):
            self._drop(key)

    def _drop(self, key: tuple[int, int]) -> None:
        self._all.pop(key).link.stations.discard(key)
