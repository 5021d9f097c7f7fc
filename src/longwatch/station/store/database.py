"""The database file: opened, locked, brought up to date, never half way.

SQLite with a write-ahead log and ``synchronous=FULL``: what was committed is on the disk before the
call returns, and is there after a kill or a power cut. One station has a folder at a time.
"""

import fcntl
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from alembic import command
from alembic.config import Config as Alembic
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from longwatch.errors import SetupError

DATABASE = "station.sqlite"
LOCK = "station.lock"


def lock(folder: Path) -> IO[str]:
    """Make ``folder``, for its owner alone, and hold it until the file returned is closed.

    Raises:
        SetupError: the folder cannot be had, or another station runs over it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = (folder / LOCK).open("w")
    except OSError as fault:
        raise SetupError(f"{folder}: cannot be used as the station's folder ({fault.strerror}); "
                         "name another one") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise SetupError(f"{folder}: another station runs over this folder; end that one, or name "
                         "another folder") from None
    return held


def opened(path: Path) -> Engine:
    """The database at ``path``, made or migrated as needed.

    Before a migration the old file is copied beside it, as ``NAME.before-REVISION``.

    Raises:
        SetupError: it is of a newer version, damaged, or cannot be written.
    """
    _only_ours(path)
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        _migrate(path, engine)
    except (SQLAlchemyError, sqlite3.Error) as fault:
        engine.dispose()
        raise SetupError(f"{path}: cannot be used as the station's database ({_said(fault)}); move "
                         "it away to begin with an empty one") from None
    except SetupError:
        engine.dispose()
        raise
    return engine


def _only_ours(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as fault:
        raise SetupError(f"{path}: cannot be written ({fault.strerror})") from None


def _set_up(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, for tables too
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def scripts() -> Alembic:
    """Alembic's settings: the migrations lie inside the package."""
    settings = Alembic()
    settings.set_main_option("script_location",
                             str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return settings


def _migrate(path: Path, engine: Engine) -> None:
    settings = scripts()
    directory = ScriptDirectory.from_config(settings)
    head = directory.get_current_head()
    revision = _revision(path)
    if revision == head:
        return
    known = {script.revision for script in directory.walk_revisions()}
    if revision is not None and revision not in known:
        raise SetupError(
            f"{path}: was written by a newer Longwatch (its revision {revision} is not known to "
            f"this one, which ends at {head}); use that version, or name another folder")
    if revision is not None:
        _keep(path, path.with_name(f"{path.name}.before-{head}"))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def _revision(path: Path) -> str | None:
    """The revision that the file says it has; None for an empty one."""
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise SetupError(f"{path}: is no database of a station; move it away, or name another "
                             "folder")
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def _keep(path: Path, copy: Path) -> None:
    """Copy the database, with what stands in its write-ahead log, to ``copy``."""
    _only_ours(copy)
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def _said(fault: Exception) -> str:
    return str(getattr(fault, "orig", None) or fault)
