"""When a flight begins: `--start`, the mission's own start, or the default."""

from datetime import UTC, datetime

from longwatch.errors import SetupError

# Noon in the middle of the magnetic model's span; nothing else of a flight without weather asks.
DEFAULT_START = datetime(2026, 7, 2, 12, tzinfo=UTC)


def parse_start(given: str | datetime) -> datetime:
    """The moment that an ISO 8601 text names, in UTC; without an offset it is UTC already.

    Raises:
        SetupError: the text names no moment, or it is no text.
    """
    try:
        moment = (given if isinstance(given, datetime)
                  else datetime.fromisoformat(given.strip()))
    except (ValueError, AttributeError):
        raise SetupError(f'start "{given}" is no date and time: write it as ISO 8601, such as '
                         "2023-10-12T09:00:00Z") from None
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))


def start_text(moment: datetime) -> str:
    """A moment as ISO 8601: "2023-10-12T09:00:00Z"."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def decimal_year(moment: datetime) -> float:
    """A moment as a year with its fraction, as magnetic models count."""
    first = datetime(moment.year, 1, 1, tzinfo=UTC)
    after = datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    return moment.year + (moment - first) / (after - first)
