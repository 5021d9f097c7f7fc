"""A log opened as what it is: a flight's folder, a flight log, or a telemetry log."""

from pathlib import Path

from longwatch.errors import LogError
from longwatch.station.replay.sources import Source
from longwatch.station.replay.tlog_source import TlogSource


def open_source(path: Path, name: str = "") -> Source:
    """The log at ``path``: a flight's folder, a flight log, or a telemetry log.

    Args:
        path: of the file or folder.
        name: what messages call it; its own name where none is given.

    Raises:
        LogError: it is no log, or nothing of it can be read.
    """
    # It loads Arrow, which takes a while: a station that shows no flight log does without.
    from longwatch.station.replay.flight_source import FlightSource

    name = name or path.name
    try:
        if path.is_dir():
            return FlightSource(path, name)
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise LogError(f"{name}: cannot be read ({error.strerror}); check the name and the "
                       "permissions") from None
    if head.startswith((b"PAR1", b"\xff\xff\xff\xff", b"ARROW1")):
        return FlightSource(path, name)
    if head.startswith((b"\xa3\x95", b"ULog")):
        raise LogError(f"{name}: this is an autopilot's own log, not telemetry; open the .tlog "
                       "that the ground station wrote of that flight")
    return TlogSource(path, name)
