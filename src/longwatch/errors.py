"""The errors that Longwatch raises; each message says what was wrong, where, and the remedy."""

from collections.abc import Iterable


class LongwatchError(Exception):
    """Base of every error that is the user's to mend."""


class DatasheetError(LongwatchError):
    """An aircraft's datasheet is unknown, incomplete or out of bounds."""


class MissionError(LongwatchError):
    """A mission cannot be read, or cannot be flown as it stands."""


class SetupError(LongwatchError):
    """The run as asked for (masses, wind, output folder, ...) is not possible."""


class TrimError(LongwatchError):
    """No steady flight exists as asked for; the message says what falls short, and by how much."""


class LogError(LongwatchError):
    """A flight log cannot be read or written."""


class OrderError(LongwatchError):
    """An order to an aircraft cannot be carried out; it has changed nothing."""


class OrderArgumentError(OrderError):
    """An argument of an order is out of range, or names what there is not."""


class SnapshotError(LongwatchError):
    """A snapshot does not fit this version's record."""


class LinkError(LongwatchError):
    """A port or an address that cannot be used: which, why, and what to do."""


def listed(heading: str, faults: Iterable[str]) -> str:
    """One message out of all the faults of one input."""
    return "\n".join([heading, *(f"  - {fault}" for fault in faults)])
