"""The tables. Whatever changes here gets a migration in ``migrations/versions``.

Times are seconds of UTC since 1970. Documents and lists are kept as JSON text.
"""

from sqlalchemy import Column, Float, Index, Integer, MetaData, Table, Text

metadata = MetaData()

users = Table(
    "users", metadata,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),  # argon2id, with its salt and cost
    Column("roles", Text, nullable=False),
    Column("changed_s", Float, nullable=False))

sessions = Table(
    "sessions", metadata,
    Column("key", Text, primary_key=True),  # SHA-256 of the cookie's token, never the token
    Column("user", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("began_s", Float, nullable=False),
    Column("ends_s", Float, nullable=False))

missions = Table(
    "missions", metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("changed_s", Float, nullable=False),
    sqlite_autoincrement=True)

journal = Table(
    "journal", metadata,
    Column("id", Integer, primary_key=True),
    Column("time_s", Float, nullable=False),
    Column("user", Text, nullable=False),
    Column("vehicle", Text),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("result", Text),  # NULL while under way
    Column("text", Text, nullable=False),
    Column("vehicle_name", Text),  # as it was called then
    Column("vehicle_time_s", Float),  # what its own clock said then, NULL where it told none
    Index("journal_vehicle", "vehicle", "id"),
    sqlite_autoincrement=True)

settings = Table(
    "settings", metadata,
    Column("user", Text, primary_key=True),
    Column("document", Text, nullable=False))

timers = Table(
    "timers", metadata,
    Column("id", Integer, primary_key=True),
    Column("vehicle", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("checklist", Text),  # the key of the list that it repeats, NULL for a free timer
    Column("period_s", Float, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("due_s", Float),  # NULL while it stands
    Column("by", Text, nullable=False),
    Column("clock", Text, nullable=False),  # that due_s goes by: "vehicle" or "station"
    sqlite_autoincrement=True)

ticks = Table(
    "ticks", metadata,
    Column("vehicle", Text, primary_key=True),
    Column("item", Text, primary_key=True))

notes = Table(
    "notes", metadata,
    Column("id", Integer, primary_key=True),
    Column("vehicle", Text),  # NULL: for the whole station
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("written_s", Float, nullable=False),
    Column("vehicle_name", Text),
    Column("vehicle_time_s", Float),
    Column("signed_by", Text),
    Column("signed_s", Float),
    Column("signed_vehicle_time_s", Float),
    sqlite_autoincrement=True)
