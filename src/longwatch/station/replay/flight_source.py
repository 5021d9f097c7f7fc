"""A flight's own log as a replay's source: ``flight.parquet`` or ``flight.arrows``, and
``events.jsonl`` beside it.

Only the columns that the station's quantities come from are read, and of those only the stretch
around the moment that is shown: a log of 27 hours takes no more memory than one of an hour. A
stream that was not converted yet is converted into a temporary file first.
"""

import math
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longwatch.errors import LogError
from longwatch.records.events import read_flight_events
from longwatch.records.flight_log import (
    INTERRUPTED_KEY,
    TIME,
    log_metadata,
    to_parquet,
)
from longwatch.station.replay.flight_plans import plans_told
from longwatch.station.replay.sources import (
    ADVISORY,
    CAUTION,
    TRAIL_SPACING_S,
    WARNING,
    Event,
    Recorded,
    Told,
    most_telling,
)
from longwatch.station.vehicles.quantities import QUANTITIES
from longwatch.station.vehicles.quantity import Quantity

KEY = "1"
LATEST_S = 1e9  # a later event is none of this flight's
# Stretches (row groups) that are kept decoded; rows told in one step.
MOST_KEPT, MOST_ROWS = 2, 8
PLACES = ("autopilot.estimate.latitude", "autopilot.estimate.longitude",
          "autopilot.estimate.altitude_msl")
# Older logs have the estimate and its air data under the one name.
_FORMER, _FORMERLY = ("autopilot.estimate.air.", "autopilot.estimate."), "autopilot.navigation."
_PLACE = frozenset({"latitude_deg", "longitude_deg", "altitude_msl"})
LIVE, _CREWS = "autopilot.crew.live", ("autopilot.crew.", "autopilot.failsafe.")
_SEVERE = {"warning": CAUTION, "crash": WARNING, "failsafe": WARNING, "fault": WARNING,
           "stopped": ADVISORY}
# A failsafe that only tells, and one that is over, flies nothing by itself.
_TELLING = {"warn": CAUTION, "none": ADVISORY}
_BROKEN = (ValueError, TypeError, OverflowError, ZeroDivisionError, IndexError, KeyError,
           AttributeError, RecursionError)


class FlightSource:
    """See :class:`longwatch.station.replay.sources.Source`.

    Raises:
        LogError: there is no flight log, or it cannot be read.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.note = ""
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        file = _log_in(path, name) if path.is_dir() else path
        try:
            self._open(file, name)
            self._times = self._column(TIME)
            if not len(self._times):
                raise LogError(f"{name}: holds no row; fly again")
            self.duration_s = float(self._times[-1] - self._times[0])
            self.begin_s = self._begin() + float(self._times[0])
            self.vehicles = [self._vehicle()]
            beside = file.with_name("events.jsonl") if path.is_dir() else None
            self.events = most_telling([*self._events(beside)])
            self.vehicles[0].plans.sort(key=lambda kept: kept.time_s)
        except (OSError, pa.ArrowException, LookupError, MemoryError, *_BROKEN) as error:
            self.close()
            raise LogError(f"{name}: this flight log cannot be read ({error}); it is damaged, or "
                           "another program's") from None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    def _open(self, file: Path, name: str) -> None:
        with file.open("rb") as opened:
            parquet = opened.read(4) == b"PAR1"
        if not parquet:
            self._scratch = tempfile.TemporaryDirectory(prefix="longwatch-replay-")
            converted = Path(self._scratch.name) / "flight.parquet"
            try:
                to_parquet(file, converted)
            except LogError as error:
                raise LogError(str(error).replace(str(file), name)) from None
            file = converted
        self._file = pq.ParquetFile(file)
        there = self._there = frozenset(self._file.schema_arrow.names)
        if TIME not in there or not self._has(PLACES):
            raise LogError(f"{name}: a Parquet file, but no flight log of Longwatch's; name a "
                           "folder that a flight has written")
        self._quantities = [q for q in QUANTITIES if q.columns and self._has(q.columns)]
        # A mission flown without a crew keeps no word of orders and failsafes but zeros.
        self._crewed = LIVE not in there or bool(self._column(LIVE).any())
        if not self._crewed:
            self._quantities = [q for q in self._quantities if not any(
                column.startswith(_CREWS) for column in q.columns)]
        self._columns = sorted({TIME, *(c for q in self._quantities for c in q.columns)})
        metadata = self._file.schema_arrow.metadata or {}
        if metadata.get(INTERRUPTED_KEY) == b"true":
            self.note = "the log breaks off before the flight's end"
        self._metadata = log_metadata(self._file.schema_arrow)
        groups = [self._file.metadata.row_group(i).num_rows
                  for i in range(self._file.metadata.num_row_groups)]
        self._first_rows = np.concatenate([[0], np.cumsum(groups)]).astype(int)
        self._kept: OrderedDict[int, dict[str, np.ndarray]] = OrderedDict()

    def _has(self, columns: Iterable[str]) -> bool:
        return self._there.issuperset(map(self._in_file, columns))

    def _in_file(self, name: str) -> str:
        """What a column is called in this file."""
        if name not in self._there:
            for now in _FORMER:
                if name.startswith(now):
                    return _FORMERLY + name.removeprefix(now)
        return name

    def _column(self, name: str) -> np.ndarray:
        return np.asarray(self._file.read([self._in_file(name)]).column(0).to_numpy())

    def _begin(self) -> float:
        """When the flight's clock stood at zero, UTC [s]; 0 where the log does not say."""
        start = self._metadata.get("settings", {}).get("start", "")
        try:
            return datetime.fromisoformat(str(start)).timestamp()
        except ValueError:
            return 0.0

    def _vehicle(self) -> Recorded:
        settings = self._metadata.get("settings", {})
        spaced = np.flatnonzero(np.diff(np.floor(self._times / TRAIL_SPACING_S), prepend=-1.0))
        latitude, longitude, altitude = (self._column(name)[spaced] for name in PLACES)
        at = self._times[spaced]
        known = np.isfinite(latitude) & np.isfinite(longitude) & (latitude != 0.0)
        rows = np.stack([at - self._times[0], at, np.degrees(latitude), np.degrees(longitude),
                         altitude.astype(float)], axis=1)[known]
        trail = [(row[0], row[1], row[2], row[3], row[4]) for row in rows.tolist()]
        return Recorded(KEY, 1, 1, "generic", str(settings.get("aircraft", ""))[:40], trail,
                        plans_told(_began_with(self._metadata), 0.0))

    def _events(self, path: Path | None) -> Iterator[Event]:
        if self.note:
            yield Event(0.0, CAUTION, self.note)
        if path is None or not path.exists():
            return
        try:
            events = read_flight_events(path)
        except LogError as error:
            why = str(error).replace(str(path), path.name)
            yield Event(0.0, CAUTION, f"the events beside the log are not shown: {why}")
            return
        for event in events:
            if abs(event["time"]) < LATEST_S:
                time_s = float(event["time"]) - float(self._times[0])
                if event["event"] == "plan":
                    self.vehicles[0].plans += plans_told(event.get("plan"), time_s)
                yield Event(time_s, _severity(event), event["message"])

    # -------------------------------------------------------------------------- reading

    def state_at(self, time_s: float) -> list[Told]:
        """The row that was current at a time."""
        return [self._row(self._current(time_s))]

    def between(self, after_s: float, until_s: float) -> list[Told]:
        """The rows after a time and until another; of many, the last ones."""
        first, last = self._current(after_s) + 1, self._current(until_s)
        return [self._row(row) for row in range(max(first, last - MOST_ROWS + 1), last + 1)]

    def _current(self, time_s: float) -> int:
        """The last row that is not after a time."""
        wanted = self._times[0] + time_s + 1e-6
        return max(int(np.searchsorted(self._times, wanted, side="right")) - 1, 0)

    def _row(self, row: int) -> Told:
        number = int(np.searchsorted(self._first_rows, row, side="right")) - 1
        columns = self._group(number)
        at = row - int(self._first_rows[number])
        values = {q.name: _value(q, columns, at) for q in self._quantities}
        if not self._crewed:
            values["mode"] = "mission"
        if self.begin_s > self._times[0]:
            values["time_utc_s"] = self.begin_s + float(self._times[row] - self._times[0])
        if not (values.get("latitude_deg") or values.get("longitude_deg")):
            # Before the first fix the record holds zeros, which is no place.
            values |= dict.fromkeys(_PLACE & values.keys())
        return Told(float(self._times[row] - self._times[0]), KEY, values)

    def _group(self, number: int) -> dict[str, np.ndarray]:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        table = self._file.read_row_group(number, [*map(self._in_file, self._columns)])
        self._kept[number] = {name: np.asarray(table.column(self._in_file(name)).to_numpy())
                              for name in self._columns}
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return self._kept[number]


def _began_with(metadata: dict[str, Any]) -> Any:
    """The plan that lay aboard as the log began; older logs have the mission's items alone."""
    return metadata.get("plan") or {"mission": metadata.get("planned")}


def _severity(event: dict[str, Any]) -> str:
    grave = _SEVERE.get(event["event"], ADVISORY)
    return _TELLING.get(str(event.get("action")), grave) if grave == WARNING else grave


def _value(quantity: Quantity, columns: dict[str, np.ndarray], row: int) -> Any:
    found = [columns[name][row].item() for name in quantity.columns]
    if any(isinstance(value, float) and math.isnan(value) for value in found):
        return None
    try:
        return quantity.from_log(*found)
    except _BROKEN:
        return None


def _log_in(folder: Path, name: str) -> Path:
    """The log in a flight's folder; the stream where the file is not there."""
    for file in (folder / "flight.parquet", folder / "flight.arrows"):
        if file.is_file():
            return file
    raise LogError(f"{name}: holds no flight log; name a folder that a flight has written")
