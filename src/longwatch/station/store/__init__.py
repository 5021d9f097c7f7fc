"""What outlives a run of the station: users, sessions, missions, journal, settings."""

from longwatch.station.store.database import DATABASE
from longwatch.station.store.store import DamagedError, Entry, OldVersion, Store, StoreError

__all__ = ["DATABASE", "DamagedError", "Entry", "OldVersion", "Store", "StoreError"]
