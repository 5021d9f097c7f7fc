"""The report of a flight that was flown now, or that lies on disk, whole or cut."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from longwatch.errors import LogError
from longwatch.flights.account import items_reached
from longwatch.flights.folder import EVENTS, LOG, REPORT, STREAM, SUMMARY
from longwatch.records.events import Event, read_flight_events
from longwatch.records.flight_log import is_interrupted, log_metadata, read_log
from longwatch.records.summary import Summary, read_summary


def write_report_of(path: Path, log: Path, summary: Summary | None, events: Sequence[Event]
                  ) -> bool:
    """Write the report of a log; returns whether it is interrupted."""
    from longwatch.records.report import QUANTITIES, write_report  # they load much

    table = read_log(log, QUANTITIES)
    kept = log_metadata(table.schema)
    write_report(path, table, summary or _summary_of_log(table, events), events,
                 kept.get("planned", []), runways=kept.get("runways", []),
                 phase_names=kept.get("phase_names", ()))
    return is_interrupted(table)


def report_of(path: str | Path, out: str | Path | None = None) -> tuple[Path, bool]:
    """Write the report of a flight that lies on disk, whole or cut.

    Args:
        path: a flight's folder, its ``flight.parquet`` or its ``flight.arrows``.
        out: the file to write; None for ``report.html`` beside the log.

    Returns:
        The file written, and whether the log is interrupted.

    Raises:
        LogError: no log lies there, or the report cannot be written.
    """
    log = _log_at(Path(path))
    beside = log.parent
    events = read_flight_events(beside / EVENTS) if (beside / EVENTS).is_file() else []
    summary = read_summary(beside / SUMMARY) if (beside / SUMMARY).is_file() else None
    target = Path(out) if out is not None else beside / REPORT
    try:
        return target, write_report_of(target, log, summary, events)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError,
            pa.ArrowException) as fault:
        raise LogError(f"{log}: damaged, what it says does not fit together "
                       f"({type(fault).__name__}: {fault}); fly again.") from fault


def _log_at(path: Path) -> Path:
    if not path.is_dir():
        return path
    for name in (LOG, STREAM):
        if (path / name).is_file():
            return path / name
    raise LogError(f"{path}: holds neither {LOG} nor {STREAM}; name a flight's folder or log")


def _summary_of_log(table: pa.Table, events: Sequence[Event]) -> dict[str, Any]:
    """What a log alone tells of a flight that left no summary."""
    kept = log_metadata(table.schema)
    settings = kept.get("settings", {})
    told = {key: settings[key] for key in ("aircraft", "mission", "seed", "wind", "turbulence",
                                           "payload_kg", "fuel_kg", "weather", "terrain",
                                           "start") if key in settings}
    told |= {key: kept[key] for key in ("notes", "changes", "warnings", "forced") if key in kept}
    told |= {"outcome": "interrupted" if is_interrupted(table) else "flown", "landed": False,
             "items_reached": items_reached(events), "items_total": len(kept.get("planned", []))}
    if table.num_rows:
        last = table.slice(table.num_rows - 1).to_pylist()[0]
        lifted = [e["time"] for e in events if e.get("event") == "lift_off"]
        told |= {"simulated_s": last["clock.time"], "fuel_left_kg": last["mass.fuel_mass"],
                 "fuel_used_kg": settings.get("fuel_kg", math.nan) - last["mass.fuel_mass"],
                 "distance_km": last["flight.distance"] / 1000.0,
                 "airborne_s": last["clock.time"] - lifted[0] if lifted else 0.0}
    return told
