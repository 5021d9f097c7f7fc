"""What crews share from watch to watch, kept in the store and told to every page.

Once a second it looks at each vehicle's clock and says which timers are due: the vehicle's
quantity ``timers_due``, from which the table of alerts makes an advisory.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from longwatch.errors import LongwatchError
from longwatch.station.refusal import Refusal
from longwatch.station.store import Store
from longwatch.station.watch.timers import STATION as BY_STATION
from longwatch.station.watch.timers import VEHICLE, Timer, VehicleClock

log = logging.getLogger(__name__)

PERIOD = 1.0  # s between looks
REPEATING = {"cruise": 3600.0}
"""Lists that are repeated in the air, and how often unless the crew says otherwise [s]."""
SETTLED = 5
"""Looks for which a vehicle must have been on the ground, or in the air."""
SHORTEST_S, LONGEST_S = 10.0, 48.0 * 3600.0
MOST_TIMERS, MOST_IN_ALL = 20, 200
MOST_UNSIGNED, SIGNED_TOLD = 100, 30
STATION = "station"


class Watch:
    """Timers and notes of one station.

    Args:
        store: where they are kept.
        fleet: the vehicles.
        publish: is handed what pages are told.
        wall: UTC since 1970 [s].
    """

    def __init__(self, store: Store, fleet: Any, publish: Callable[[list[Any]], None],
                 wall: Callable[[], float] = time.time) -> None:
        self.store, self.fleet, self.publish, self.wall = store, fleet, publish, wall
        self._timers = {timer["id"]: Timer(**timer) for timer in store.timers()}
        self._clocks: dict[str, VehicleClock] = {}
        self._met: dict[str, Any] = {}
        self._stood: set[str] = set()  # vehicles seen on the ground
        # What vehicles told of being in the air, and for how many looks.
        self._landed: dict[str, tuple[Any, int]] = {}
        self.tell()
        self.tell_notes()

    # ------------------------------------------------------------------------ as time passes

    async def run(self) -> None:
        """Look once a second until cancelled."""
        while True:
            try:
                self.look(self.fleet.now())
            except Exception:
                log.exception("timers could not be looked at")
            await asyncio.sleep(PERIOD)

    def look(self, now: float) -> None:
        """See what is due, at ``now`` [station s]."""
        changed = False
        for vehicle in self.fleet.shown():
            if not vehicle.replay:
                changed |= self._look(vehicle, now)
        if changed:
            self.tell()

    def _look(self, vehicle: Any, now: float) -> bool:
        if self._met.get(vehicle.id) is not vehicle:
            self._met[vehicle.id] = vehicle
            self._restore(vehicle)
        clock = self._clocks.setdefault(vehicle.id, VehicleClock())
        leap = clock.look(vehicle, now)
        own = [timer for timer in self._timers.values() if timer.vehicle == vehicle.id]
        changed = False
        for timer in own:
            read = self.wall() if timer.clock == BY_STATION else clock.now
            if read is None:
                continue
            if timer.clock == VEHICLE and timer.due_s is not None and (leap or clock.fresh):
                timer.due_s += leap
                if timer.mend(read) or leap:
                    self._keep(timer)
                    changed = True
            if timer.look(read):
                changed = True
                if timer.due:
                    vehicle.alerts.call_again("timer_due")
        changed |= self._follow(vehicle)
        due = [timer.checklist or timer.name for timer in own if timer.due]
        vehicle.set("timers_due", "; ".join(due) or None)
        return changed

    def _restore(self, vehicle: Any) -> None:
        """A vehicle that came, or came again, has the ticks that it had."""
        kept = self.store.ticks().get(vehicle.id)
        if kept:
            vehicle.checks.update(dict.fromkeys(kept, True))
            self.publish(["checks", vehicle.id, dict(vehicle.checks)])

    def _follow(self, vehicle: Any) -> bool:
        """Lists that repeat begin once a vehicle has left the ground, and end once it is back."""
        landed = vehicle.number("landed_state")
        before, looks = self._landed.get(vehicle.id, (None, 0))
        looks = looks + 1 if landed == before else 1
        self._landed[vehicle.id] = landed, looks
        if looks != SETTLED or landed not in ("on_ground", "in_air"):
            return False
        changed = False
        for checklist, period in REPEATING.items():
            timer = self._repeating(vehicle.id, checklist)
            if landed == "on_ground":
                self._stood.add(vehicle.id)
                if timer is not None and timer.due_s is not None:
                    timer.due_s, timer.due, changed = None, False, True
                    self._keep(timer)
            elif timer is None:
                self._make(vehicle, checklist, checklist, period, True, STATION)
                changed = True
            elif vehicle.id in self._stood:
                timer.due_s, changed = self._read(timer) + timer.period_s, True
                self._keep(timer)
        if landed == "in_air":
            self._stood.discard(vehicle.id)
        return changed

    def _repeating(self, vehicle: str, checklist: str) -> Timer | None:
        return next((timer for timer in self._timers.values()
                     if (timer.vehicle, timer.checklist) == (vehicle, checklist)), None)

    def _keep(self, timer: Timer) -> None:
        """Keep what came about by itself; a disk that takes nothing stops no timer."""
        try:
            self.store.change_timer(timer.id, due_s=timer.due_s, clock=timer.clock)
        except LongwatchError as fault:
            log.error("timer %s is not kept: %s", timer.name, fault)

    def _make(self, vehicle: Any, name: str, checklist: str | None, period: float, repeats: bool,
              by: str) -> Timer:
        told = self._told(vehicle.id)
        timer = Timer(0, vehicle.id, name, checklist, period, repeats, None, by,
                      BY_STATION if told is None else VEHICLE)
        timer.due_s = self._read(timer) + period
        try:
            timer.id = self.store.add_timer(timer.kept())
        except LongwatchError as fault:
            if by != STATION:
                raise
            log.error("timer %s is not kept: %s", name, fault)
            timer.id = min((0, *self._timers)) - 1
        self._timers[timer.id] = timer
        return timer

    def _told(self, identity: str) -> float | None:
        """What a vehicle's clock says, None where it tells none."""
        clock = self._clocks.setdefault(identity, VehicleClock())
        if clock.now is None:
            clock.look(self.fleet.find(identity), self.fleet.now())
        return clock.now

    def _read(self, timer: Timer) -> float:
        """A timer's clock; that of the station from now on where the vehicle tells none."""
        told = None if timer.clock == BY_STATION else self._told(timer.vehicle)
        if told is None:
            timer.clock = BY_STATION
            return self.wall()
        return told

    # ------------------------------------------------------------------------------- timers

    def told(self) -> list[dict[str, Any]]:
        """All timers, as docs/station-wire.md has them."""
        return [{"id": timer.id, **timer.kept(), "due": timer.due}
                for timer in self._timers.values()]

    def tell(self) -> None:
        """Tell every page of the timers."""
        self.publish(["timers", self.told()])

    def set(self, user: str, vehicle: Any, name: str, checklist: str | None, period: float,
            repeats: bool) -> dict[str, Any]:
        """Set a timer, or how often a list is repeated. Raises Refusal."""
        timer = None if checklist is None else self._repeating(vehicle.id, checklist)
        if timer is not None:
            waits = checklist in REPEATING and vehicle.number("landed_state") == "on_ground"
            due = None if waits else self._read(timer) + period
            self.store.change_timer(timer.id, period_s=period, due_s=due, by=user,
                                    clock=timer.clock)
            timer.period_s, timer.due_s, timer.due, timer.by = period, due, False, user
        else:
            own = sum(one.vehicle == vehicle.id for one in self._timers.values())
            crews = sum(one.by != STATION for one in self._timers.values())
            if own >= MOST_TIMERS or crews >= MOST_IN_ALL:
                raise Refusal("there are too many timers already; delete one", 409)
            timer = self._make(vehicle, name, checklist, period, repeats, user)
        self._journal(user, timer, "set", {"name": timer.name, "period_s": period})
        self.tell()
        return {"id": timer.id}

    def find(self, number: int) -> Timer:
        """A timer. Raises Refusal, 404."""
        timer = self._timers.get(number)
        if timer is None:
            raise Refusal("there is no such timer any more", 404)
        return timer

    def done(self, user: str, number: int) -> None:
        """What a timer reminds of was done: it starts anew, or is over. Raises Refusal."""
        timer = self.find(number)
        if timer.checklist is not None:
            raise Refusal("this timer repeats a checklist: complete that", 409)
        if timer.repeats:
            self._again(timer)
        else:
            self._forget(timer)
        self._journal(user, timer, "done", {"name": timer.name})
        self.tell()

    def _again(self, timer: Timer) -> None:
        due = self._read(timer) + timer.period_s
        self.store.change_timer(timer.id, due_s=due, clock=timer.clock)
        timer.due_s, timer.due = due, False

    def stop(self, user: str, number: int) -> None:
        """Delete a timer; one that repeats a list in the air only stands until the next flight."""
        timer = self.find(number)
        if timer.checklist in REPEATING:
            self.store.change_timer(timer.id, due_s=None)
            timer.due_s, timer.due = None, False
        else:
            self._forget(timer)
        self._journal(user, timer, "delete", {"name": timer.name})
        self.tell()

    def _forget(self, timer: Timer) -> None:
        self.store.delete_timer(timer.id)
        del self._timers[timer.id]

    def _journal(self, user: str, timer: Timer, name: str, arguments: dict[str, Any]) -> None:
        self.store.journal(user, timer.vehicle, "timer", name, arguments, "accepted")

    # --------------------------------------------------------------------------- checklists

    def tick(self, vehicle: str, item: str, ticked: bool) -> None:
        """Tick an item by hand, or take that back. Raises Refusal."""
        self.fleet.tick_item(vehicle, item, ticked)
        self.store.save_tick(vehicle, item, ticked)

    def complete(self, user: str, vehicle: Any, checklist: str, left: list[str]) -> None:
        """A list was gone through, ``left`` open: its ticks go, its timer starts anew."""
        self.store.clear_ticks(vehicle.id, checklist)
        vehicle.checks = {item: True for item in vehicle.checks
                          if not item.startswith(f"{checklist}.")}
        self.publish(["checks", vehicle.id, dict(vehicle.checks)])
        timer = self._repeating(vehicle.id, checklist)
        if timer is not None and timer.due_s is not None:
            self._again(timer)
            self.tell()
        arguments: dict[str, Any] = {"checklist": checklist}
        if left:
            arguments["left_open"] = left
        self.store.journal(user, vehicle.id, "check", "complete", arguments, "accepted")

    # -------------------------------------------------------------------------------- notes

    def tell_notes(self) -> None:
        """Tell every page of the notes that nobody signed, and of those signed of late."""
        found = self.store.notes(unsigned=True) + [
            note for note in self.store.notes(limit=SIGNED_TOLD) if note["signed_by"] is not None]
        self.publish(["notes", found])

    def write_note(self, user: str, vehicle: str | None, text: str) -> dict[str, Any]:
        """Leave a note for the next crew. Raises Refusal."""
        if len(self.store.notes(unsigned=True)) >= MOST_UNSIGNED:
            raise Refusal(f"{MOST_UNSIGNED} notes are unsigned already; sign or withdraw some", 409)
        number = self.store.add_note(user, vehicle, text)
        self._noted(user, vehicle, "write", number, text)
        return {"id": number}

    def sign_note(self, user: str, number: int) -> None:
        """Sign that a note was read. Raises Refusal."""
        note = self._note(number)
        if not self.store.sign_note(number, user):
            raise Refusal(f"{note['signed_by']} signed it already", 409)
        self._noted(user, note["vehicle"], "sign", number, note["text"])

    def withdraw_note(self, user: str, number: int, anybodys: bool) -> None:
        """Take a note back that nobody signed: his own, or anybody's. Raises Refusal."""
        note = self._note(number)
        if note["signed_by"] is not None:
            raise Refusal(f"{note['signed_by']} signed it: it stays on record", 409)
        if note["by"] != user and not anybodys:
            raise Refusal(f"{note['by']} wrote it; he withdraws it, or a commander does", 403)
        self.store.delete_note(number)
        self._noted(user, note["vehicle"], "withdraw", number, note["text"])

    def _note(self, number: int) -> dict[str, Any]:
        note = self.store.note(number)
        if note is None:
            raise Refusal("there is no such note any more", 404)
        return note

    def _noted(self, user: str, vehicle: str | None, name: str, number: int, text: str) -> None:
        self.store.journal(user, vehicle, "note", name, {"note": number, "text": text}, "accepted")
        self.tell_notes()
