"""A flight's folder and the files in it."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from longwatch.errors import SetupError
from longwatch.records.events import Event
from longwatch.records.flight_log import read_log
from longwatch.records.summary import Summary

STREAM, LOG, EVENTS = "flight.arrows", "flight.parquet", "events.jsonl"
SUMMARY, REPORT = "summary.json", "report.html"


@dataclass(frozen=True)
class Flight:
    """A flight that has ended.

    Attributes:
        summary: what it came to.
        events: what happened, in order.
        files: the files by kind: "log", "events", "summary", "report", and "stream" where the
            flight was interrupted.
    """

    summary: Summary
    events: list[Event]
    files: dict[str, Path]
    _folder: Any = field(default=None, repr=False, compare=False)

    @cached_property
    def table(self) -> pa.Table:
        """The log as an Arrow table, read when first asked for."""
        return read_log(self.files["log"])


def new_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise existing(folder) from None
    except OSError as fault:
        raise SetupError(f"{folder}: this folder cannot be made ({fault.strerror}); name one "
                         "where you may write") from None
    return folder


def existing(folder: Path) -> SetupError:
    return SetupError(f"{folder}: exists already, and no flight is written over; name another "
                      "folder, or move this one away")


def next_folder(mission: str | Path, under: str | Path = "flights") -> Path:
    """The first of ``flights/<mission>``, ``flights/<mission>-2``, ... that does not exist."""
    name = Path(mission).stem or "flight"
    folder, number = Path(under) / name, 1
    while folder.exists():
        number += 1
        folder = Path(under) / f"{name}-{number}"
    return folder
