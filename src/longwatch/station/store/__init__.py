"""What outlives a run of the station: users, sessions, missions, journal, settings."""

from longwatch.station.store.database import DATABASE
from longwatch.station.store.store import Entry, OldVersion, Store

__all__ = ["DATABASE", "Entry", "OldVersion", "Store"]
