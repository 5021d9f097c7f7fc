"""What is kept, as functions of plain values. Every change is on the disk when its call returns.

Called from one thread. Each write waits for the disk, some milliseconds: journal and missions are
written a few times a minute.
"""

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, and_, delete, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from longwatch.errors import SetupError
from longwatch.station.refusal import Refusal
from longwatch.station.store import database
from longwatch.station.store.crew import CrewTables
from longwatch.station.store.models import journal, missions, sessions, settings, users

Entry = dict[str, Any]
"""One entry of the journal, as docs/station-wire.md has it; ``result`` is None while under way."""

log = logging.getLogger(__name__)

UNKNOWN = "unknown"
MOST_ENTRIES = 1000
MOST_UNKEPT = 1000
NOT_KEPT = "not on the disk at the time"


_PUT_BACK = (f"end the station, move {database.DATABASE} away, and put a copy of it back, or begin "
             "with an empty one")


class OldVersion(Refusal):
    """A mission was saved by somebody else since it was read: 409."""

    def __init__(self, kept: dict[str, Any]) -> None:
        super().__init__(f"{kept['by']} saved version {kept['version']} of {kept['name']} since "
                         "you opened it; open that one, or save yours under another name", 409)


class StoreError(Refusal):
    """The database cannot be written, the disk is full or gone: 503."""

    def __init__(self, fault: object) -> None:
        remedy = _PUT_BACK if "malformed" in str(fault) else "make room on its disk"
        super().__init__(f"the station's database cannot be written ({fault}); {remedy}", 503)


class DamagedError(Refusal):
    """The database cannot be read: 503."""

    def __init__(self, fault: object) -> None:
        super().__init__(f"the station's database cannot be read ({fault}); {_PUT_BACK}", 503)


class Store(CrewTables):
    """The database of one station's folder.

    Args:
        folder: where it lies; made where it is not there.
        wall: UTC since 1970 [s].

    Attributes:
        about: what a vehicle, by its id, is called now and what its clock says [s of UTC], None
            for what is not known; it goes into each entry about it.
        on_entry: called with every entry of the journal, as it begins and as it ends.

    Raises:
        SetupError: it cannot be had; the message says why.
    """

    def __init__(self, folder: Path, wall: Callable[[], float] = time.time) -> None:
        self.wall = wall
        self._path = folder / database.DATABASE
        # What the disk did not take: entries by negative number, ends by number.
        self._unkept: dict[int, Entry] = {}
        self._unfinished: dict[int, tuple[str, str]] = {}
        self.about: Callable[[str], tuple[str | None, float | None]] = lambda vehicle: (None, None)
        self.on_entry: Callable[[Entry], None] = lambda entry: None
        self._lock = database.lock(folder)
        try:
            self._engine = database.opened(folder / database.DATABASE)
        except BaseException:
            self._lock.close()
            raise
        self._file = self._path.stat().st_ino
        # What a killed station left open: nobody can say any more what came of it.
        try:
            self._write(update(journal).where(journal.c.result.is_(None)).values(result=UNKNOWN))
        except StoreError as fault:
            self.close()
            raise SetupError(f"{self._path}: {fault}") from None

    def close(self) -> None:
        """Close the database and let the folder go."""
        self._engine.dispose()
        self._lock.close()

    def _write(self, statement: Any) -> Any:
        self._still_there()
        try:
            with self._engine.begin() as connection:
                return connection.execute(statement)
        except SQLAlchemyError as fault:
            raise StoreError(getattr(fault, "orig", fault)) from None

    def _still_there(self) -> None:
        """Refuse to write into a file that nobody will find again: it was deleted or replaced."""
        try:
            there = self._path.stat().st_ino == self._file
        except OSError as fault:
            raise StoreError(f"{self._path.name}: {fault.strerror}") from None
        if not there:
            raise StoreError(f"{self._path.name} was replaced under the running station")

    def _rows(self, statement: Select[Any]) -> list[Row[Any]]:
        try:
            with self._engine.begin() as connection:
                return list(connection.execute(statement))
        except SQLAlchemyError as fault:
            raise DamagedError(getattr(fault, "orig", fault)) from None

    # ---------------------------------------------------------------------------- journal

    def journal(self, user: str, vehicle: str | None, kind: str, name: str,
                arguments: dict[str, Any], result: str | None = None, text: str = "") -> Entry:
        """Put an entry on record, durably; without ``result`` it is open until ``finish``.

        Whoever flies is not held up by a disk that takes nothing: the entry then has a negative
        number, says so, and goes to the disk as soon as that takes it.
        """
        called, clock = (None, None) if vehicle is None else self.about(vehicle)
        entry = {"time_s": self.wall(), "user": user, "vehicle": vehicle, "kind": kind,
                 "name": name, "arguments": arguments, "result": result, "text": text,
                 "vehicle_name": called, "vehicle_time_s": clock}
        try:
            self._catch_up()
            entry = {"id": self._insert(entry), **entry}
        except StoreError as error:
            log.error("%s %s is not on record yet: %s", kind, name, error)
            entry = self._hold(entry)
        self._told(entry)
        return entry

    def _insert(self, entry: Entry) -> int:
        done = self._write(insert(journal).values(
            {**entry, "arguments": json.dumps(entry["arguments"], default=str)}))
        return int(done.inserted_primary_key[0])

    def _hold(self, entry: Entry) -> Entry:
        """Keep an entry until the disk takes it; of too many the oldest is lost."""
        number = min(self._unkept, default=0) - 1
        self._unkept[number] = {**entry, "text": f"{entry['text']} ({NOT_KEPT})".strip()}
        if len(self._unkept) > MOST_UNKEPT:
            log.error("an entry of the journal is lost: %s", self._unkept.pop(max(self._unkept)))
        return {"id": number, **self._unkept[number]}

    @property
    def unkept(self) -> int:
        """Entries, and ends of entries, that wait for the disk."""
        return len(self._unkept) + len(self._unfinished)

    def _catch_up(self) -> None:
        """Put what waits on the disk, oldest first. Raises StoreError where that cannot be."""
        for number in sorted(self._unfinished):
            result, text = self._unfinished[number]
            self._end(number, result, text)
            del self._unfinished[number]
        for number in sorted(self._unkept, reverse=True):
            if self._unkept[number]["result"] is not None:
                self._insert(self._unkept[number])
                del self._unkept[number]

    def _end(self, number: int, result: str, text: str) -> None:
        self._write(update(journal).where(journal.c.id == number).values(result=result, text=text))

    def finish(self, number: int, result: str, text: str = "") -> Entry | None:
        """Say what came of the entry ``number``; it is returned. None where there is none."""
        if number in self._unkept:
            held = self._unkept[number]
            held.update(result=result, text=f"{text} ({NOT_KEPT})".strip())
            self._told({"id": number, **held})
            with contextlib.suppress(StoreError):
                self._catch_up()
            return None
        try:
            self._end(number, result, text)
        except StoreError as error:
            log.error("entry %s ended as %s, which is not on record yet: %s", number, result, error)
            self._unfinished[number] = result, f"{text} ({NOT_KEPT})".strip()
            return None
        rows = self._rows(select(journal).where(journal.c.id == number))
        if not rows:
            return None
        entry = _entry(rows[0])
        self._told(entry)
        return entry

    def _told(self, entry: Entry) -> None:
        """Tell whoever listens; whatever comes of that, the entry stands."""
        try:
            self.on_entry(dict(entry))
        except Exception:
            log.exception("entry %s could not be told", entry["id"])

    def entries(self, before: int | None = None, limit: int = 100,
                vehicle: str | None = None, called: str | None = None) -> list[Entry]:
        """Entries, newest first: those with an id below ``before``, of ``vehicle`` alone, while
        it was ``called`` so; those of it that are older than names may be any name's."""
        wanted = select(journal).order_by(journal.c.id.desc()).limit(min(limit, MOST_ENTRIES))
        if before is not None:
            wanted = wanted.where(journal.c.id < before)
        if vehicle is not None:
            wanted = wanted.where(journal.c.vehicle == vehicle)
        if called is not None:
            older = and_(journal.c.vehicle == vehicle, journal.c.vehicle_name.is_(None))
            wanted = wanted.where(or_(journal.c.vehicle_name == called, older))
        return [_entry(row) for row in self._rows(wanted)]

    def vehicles(self) -> list[dict[str, Any]]:
        """The vehicles of the journal, each by every name that it had, None where it had none."""
        wanted = select(journal.c.vehicle, journal.c.vehicle_name).distinct().where(
            journal.c.vehicle.is_not(None)).order_by(journal.c.vehicle, journal.c.vehicle_name)
        rows = self._rows(wanted)
        named = {row.vehicle for row in rows if row.vehicle_name is not None}
        return [{"vehicle": row.vehicle, "name": row.vehicle_name} for row in rows
                if row.vehicle_name is not None or row.vehicle not in named]

    # --------------------------------------------------------------------------- missions

    def missions(self) -> list[dict[str, Any]]:
        """All missions without their documents, last changed first."""
        columns = [missions.c[name] for name in
                   ("id", "name", "changed_s", "by", "items", "version")]
        wanted = select(*columns).order_by(missions.c.changed_s.desc(), missions.c.id.desc())
        return [dict(row._mapping) for row in self._rows(wanted)]

    def mission(self, number: int | str) -> dict[str, Any] | None:
        """One mission with its document; None where there is none."""
        rows = self._rows(select(missions).where(missions.c.id == _number(number)))
        if not rows:
            return None
        found = dict(rows[0]._mapping)
        return {**found, "document": json.loads(found["document"])}

    def save_mission(self, name: str, document: dict[str, Any], by: str,
                     number: int | str | None = None, version: int | None = None
                     ) -> dict[str, Any] | None:
        """Keep a mission, a new one or a new version of ``number``; returned as ``mission`` does.

        None where there is no mission ``number``.

        Raises:
            OldVersion: ``version`` is not the one that is kept: somebody saved another.
        """
        values = {"name": name, "document": json.dumps(document), "items": _items(document),
                  "by": by, "changed_s": self.wall()}
        if number is None:
            done = self._write(insert(missions).values({**values, "version": 1}))
            return self.mission(int(done.inserted_primary_key[0]))
        key = _number(number)
        done = self._write(update(missions).where(
            missions.c.id == key, missions.c.version == version).values(
            {**values, "version": missions.c.version + 1}))
        kept = self.mission(key)
        if kept is not None and done.rowcount == 0:
            raise OldVersion(kept)
        return kept

    def delete_mission(self, number: int | str) -> bool:
        """Forget a mission; whether there was one."""
        return bool(self._write(delete(missions).where(missions.c.id == _number(number))).rowcount)

    # ------------------------------------------------------------------ users and sessions

    def users(self) -> list[dict[str, Any]]:
        """Names and roles, by name."""
        wanted = select(users.c.name, users.c.roles).order_by(users.c.name)
        return [{"name": row.name, "roles": json.loads(row.roles)} for row in self._rows(wanted)]

    def user(self, name: str) -> dict[str, Any] | None:
        """One user with the hash of the password; None where there is none."""
        rows = self._rows(select(users).where(users.c.name == name))
        return {**rows[0]._mapping, "roles": json.loads(rows[0].roles)} if rows else None

    def save_user(self, name: str, password: str, roles: Iterable[str]) -> None:
        """Keep a user; ``password`` is a hash. One of that name is replaced."""
        values = {"password": password, "roles": json.dumps(sorted(roles)),
                  "changed_s": self.wall()}
        self._write(upsert(users).values(name=name, **values).on_conflict_do_update(
            index_elements=["name"], set_=values))

    def delete_user(self, name: str) -> bool:
        """Forget a user with his settings; whether there was one."""
        self._write(delete(settings).where(settings.c.user == name))
        return bool(self._write(delete(users).where(users.c.name == name)).rowcount)

    def sessions(self) -> list[dict[str, Any]]:
        """All sessions that have not expired; the others are forgotten."""
        self._write(delete(sessions).where(sessions.c.ends_s <= self.wall()))
        return [{**row._mapping, "roles": json.loads(row.roles)}
                for row in self._rows(select(sessions).order_by(sessions.c.began_s))]

    def save_session(self, key: str, user: str, roles: Iterable[str], began_s: float,
                     ends_s: float) -> None:
        """Keep a session under the hash of its token."""
        self._write(insert(sessions).values(key=key, user=user, roles=json.dumps(sorted(roles)),
                                            began_s=began_s, ends_s=ends_s))

    def delete_session(self, key: str) -> None:
        """Forget a session."""
        self._write(delete(sessions).where(sessions.c.key == key))

    # --------------------------------------------------------------------------- settings

    def settings(self, user: str) -> dict[str, Any]:
        """The settings of ``user``, {} where none were kept."""
        rows = self._rows(select(settings.c.document).where(settings.c.user == user))
        return json.loads(rows[0].document) if rows else {}

    def save_settings(self, user: str, document: dict[str, Any]) -> None:
        """Keep the settings of ``user``."""
        text = json.dumps(document)
        self._write(upsert(settings).values(user=user, document=text).on_conflict_do_update(
            index_elements=["user"], set_={"document": text}))


def _entry(row: Row[Any]) -> Entry:
    return {**row._mapping, "arguments": json.loads(row.arguments)}


def _number(value: int | str) -> int:
    """The key that ``value`` names, one that never is where it is no number."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1


def _items(document: dict[str, Any]) -> int:
    mission = document.get("mission")
    items = mission.get("items") if isinstance(mission, dict) else None
    return len(items) if isinstance(items, list) else 0
