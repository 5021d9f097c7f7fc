"""What crews keep from watch to watch: timers, ticks of checklists, notes for the next crew."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from longwatch.station.store.models import notes, ticks, timers


class CrewTables(ABC):
    """The crews' part of the store. Writes raise ``StoreError`` where the disk takes nothing."""

    wall: Callable[[], float]
    about: Callable[[str], tuple[str | None, float | None]]

    @abstractmethod
    def _write(self, statement: Any) -> Any:
        """Carry out a change, durably."""

    @abstractmethod
    def _rows(self, statement: Select[Any]) -> list[Row[Any]]:
        """What a question finds."""

    # ----------------------------------------------------------------------------- timers

    def timers(self) -> list[dict[str, Any]]:
        """All timers, the oldest first."""
        return [{**row._mapping, "repeats": bool(row.repeats)}
                for row in self._rows(select(timers).order_by(timers.c.id))]

    def add_timer(self, values: dict[str, Any]) -> int:
        """Keep a new timer; its number."""
        return int(self._write(insert(timers).values(values)).inserted_primary_key[0])

    def change_timer(self, number: int, **values: Any) -> None:
        """Keep what changed of a timer."""
        self._write(update(timers).where(timers.c.id == number).values(values))

    def delete_timer(self, number: int) -> None:
        """Forget a timer."""
        self._write(delete(timers).where(timers.c.id == number))

    # ------------------------------------------------------------------------------ ticks

    def ticks(self) -> dict[str, list[str]]:
        """Checklist items ticked by hand, by vehicle."""
        found: dict[str, list[str]] = {}
        for row in self._rows(select(ticks)):
            found.setdefault(row.vehicle, []).append(row.item)
        return found

    def save_tick(self, vehicle: str, item: str, ticked: bool) -> None:
        """Keep that an item is ticked, or that it is not."""
        self._write(
            upsert(ticks).values(vehicle=vehicle, item=item).on_conflict_do_nothing() if ticked
            else delete(ticks).where(ticks.c.vehicle == vehicle, ticks.c.item == item))

    def clear_ticks(self, vehicle: str, checklist: str) -> None:
        """Forget the ticks of one list."""
        self._write(delete(ticks).where(
            ticks.c.vehicle == vehicle, ticks.c.item.startswith(f"{checklist}.", autoescape=True)))

    # ------------------------------------------------------------------------------ notes

    def notes(self, *, unsigned: bool = False, limit: int = 500) -> list[dict[str, Any]]:
        """Notes, newest first; only those that nobody signed where ``unsigned``."""
        wanted = select(notes).order_by(notes.c.id.desc()).limit(limit)
        if unsigned:
            wanted = wanted.where(notes.c.signed_by.is_(None))
        return [dict(row._mapping) for row in self._rows(wanted)]

    def note(self, number: int) -> dict[str, Any] | None:
        """One note; None where there is none."""
        rows = self._rows(select(notes).where(notes.c.id == number))
        return dict(rows[0]._mapping) if rows else None

    def add_note(self, by: str, vehicle: str | None, text: str) -> int:
        """Keep a note; its number."""
        called, clock = (None, None) if vehicle is None else self.about(vehicle)
        done = self._write(insert(notes).values(
            vehicle=vehicle, text=text, by=by, written_s=self.wall(), vehicle_name=called,
            vehicle_time_s=clock))
        return int(done.inserted_primary_key[0])

    def sign_note(self, number: int, by: str) -> bool:
        """Sign a note; False where there is none, or it is signed already."""
        kept = self.note(number)
        vehicle = kept["vehicle"] if kept else None
        clock = None if vehicle is None else self.about(vehicle)[1]
        return bool(self._write(update(notes).where(
            notes.c.id == number, notes.c.signed_by.is_(None)).values(
            signed_by=by, signed_s=self.wall(), signed_vehicle_time_s=clock)).rowcount)

    def delete_note(self, number: int) -> None:
        """Forget a note."""
        self._write(delete(notes).where(notes.c.id == number))
