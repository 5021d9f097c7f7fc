"""Repeat a live run from its journal, without sockets, to the same bytes.

Wall time left no trace in the run, so none is needed: each aircraft is stepped to the tick of
its next order, given it, and so on to where the journal ends.
"""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from longwatch.errors import LogError, LongwatchError, SetupError
from longwatch.live.aircraft import LiveAircraft
from longwatch.live.journal import Entry, Journal, read_journal, unpacked
from longwatch.live.pacing import MAXIMUM, Pacer, parse_speed
from longwatch.live.setting import SYSTEMS
from longwatch.live.snapshots import EVERY, apply
from longwatch.simulation.vehicle import DT

# A step of the replay, and of what is told about it [ticks]: a minute.
CHUNK = 6000
Progress = Callable[[float, float], object]


class _Feed:
    """One aircraft and the orders that wait for it."""

    def __init__(self, aircraft: LiveAircraft, orders: list[Entry]) -> None:
        self.aircraft, self.orders = aircraft, deque(orders)
        self.tick = 0

    def advance_to(self, tick: int) -> None:
        """Fly to ``tick`` and carry out what was ordered on the way and there."""
        while self.orders and self.orders[0].tick <= tick:
            order = self.orders.popleft()
            self._step(order.tick)
            if order.aircraft == EVERY:
                self._all(order)
                continue
            try:
                self.aircraft.simulation.order(order.name, sender=order.sender,
                                               **order.arguments)
            except LongwatchError as fault:
                raise LogError(f"order {order.name} of tick {order.tick} is refused now, though "
                               f"the run accepted it: {fault}") from fault
        self._step(tick)

    def _all(self, order: Entry) -> None:
        """What was done to all aircraft at once."""
        try:
            apply(self.aircraft, order.name, order.arguments)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise LogError(f"order {order.name} of tick {order.tick} names no moment that was "
                           "kept; the journal is damaged") from None

    def _step(self, tick: int) -> None:
        if tick > self.tick:
            self.aircraft.advance(tick - self.tick)
            self.tick = tick


def replay(path: str | Path, out: str | Path, *, speed: float | str = MAXIMUM,
           told: Progress = lambda done, total: None) -> list[Path]:
    """Repeat the run of the journal at ``path`` into the new folder ``out``.

    Args:
        speed: simulated seconds a wall second, or "max".
        told: called now and then with simulated seconds done and in all.

    Returns:
        The Parquet logs, by aircraft; several of each where the run went back to a snapshot.

    Raises:
        LogError: no journal lies there, another version's, or it does not fit.
        SetupError: the folder exists, or what the run was started with is no longer there.
    """
    factor = parse_speed(speed)
    journal, folder = read_journal(path), Path(out)
    if folder.exists():
        raise SetupError(f"{folder}: exists already; name another folder")
    with TemporaryDirectory(prefix="longwatch-") as copies:
        setting = unpacked(journal, Path(copies))
        fleet = [LiveAircraft(number, SYSTEMS[number - 1], simulation, setting.log_rate)
                 for number, simulation in enumerate(setting.simulations(), start=1)]
        folder.mkdir(parents=True)
        for aircraft in fleet:
            aircraft.record(folder)
        _fly(journal, fleet, factor, told)
        return [log for aircraft in fleet for log in aircraft.close()]


def _fly(journal: Journal, fleet: list[LiveAircraft], speed: float, told: Progress) -> None:
    feeds = [_Feed(aircraft, [o for o in journal.orders
                              if o.aircraft in (EVERY, aircraft.system)])
             for aircraft in fleet]
    pacer = Pacer(speed, time.monotonic())
    tick = 0
    while True:
        due = CHUNK if speed == MAXIMUM else pacer.due(time.monotonic())
        reached = min(tick + due, journal.reached)
        began = time.perf_counter()
        for feed in feeds:
            feed.advance_to(reached)
        if reached > tick:
            pacer.took(reached - tick, time.perf_counter() - began, time.monotonic())
        tick = reached
        told(tick * DT, journal.reached * DT)
        if tick >= journal.reached:
            return
        if speed != MAXIMUM:
            time.sleep(pacer.rest(time.monotonic()))
