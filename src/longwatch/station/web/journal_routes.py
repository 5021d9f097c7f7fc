"""What was commanded, by whom, when, and what came of it."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from longwatch.station.context import Station
from longwatch.station.refusal import OBSERVER, Refusal
from longwatch.station.routing import Call, Route
from longwatch.station.vehicles.command_table import COMMANDS

LIMIT, MOST = 100, 1000
COLUMNS = ("id", "time_utc", "vehicle_time_utc", "user", "vehicle", "vehicle_name", "kind", "name",
           "arguments", "result", "text")


async def _entries(station: Station, call: Call) -> Any:
    unknown = set(call.query) - {"before", "limit", "vehicle", "called"}
    if unknown:
        raise Refusal(f"ask by before, limit, vehicle or called; not {', '.join(sorted(unknown))}")
    return station.store.entries(_whole(call, "before"), _whole(call, "limit") or LIMIT,
                                 call.query.get("vehicle"), call.query.get("called"))


async def _vehicles(station: Station, call: Call) -> Any:
    return station.store.vehicles()


async def _table(station: Station, call: Call) -> Response:
    """The whole journal, or that of one vehicle, as a table, oldest first."""
    unknown = set(call.query) - {"vehicle", "called"}
    if unknown:
        raise Refusal(f"ask by vehicle or called; not {', '.join(sorted(unknown))}")
    found: list[dict[str, Any]] = []
    while page := station.store.entries(found[-1]["id"] if found else None, MOST,
                                        call.query.get("vehicle"), call.query.get("called")):
        found += page
        await asyncio.sleep(0)  # others have their turn
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(_cells(entry) for entry in reversed(found))
    return Response(text.getvalue(), media_type="text/csv", headers={
        "Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="journal.csv"'})


def _cells(entry: dict[str, Any]) -> list[Any]:
    told = {**entry, "time_utc": _utc(entry["time_s"]),
            "vehicle_time_utc": _utc(entry["vehicle_time_s"]),
            "arguments": json.dumps(_with_units(entry), ensure_ascii=False)}
    return [_harmless(told[name]) for name in COLUMNS]


def _with_units(entry: dict[str, Any]) -> dict[str, Any]:
    """Arguments by name and unit: SI, or what the name says already ("delay_s")."""
    command = COMMANDS.get(entry["name"]) if entry["kind"] == "command" else None
    known = command.arguments if command is not None else {}
    return {f"{name} [{known[name].unit}]" if name in known and known[name].unit else name: value
            for name, value in entry["arguments"].items()}


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would reckon as a formula, marked as a text."""
    formula = isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{value}" if formula else value


def _utc(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15 and int(text) > 0):
        raise Refusal(f"{name}: give a whole number from 1")
    return min(int(text), MOST) if name == "limit" else int(text)


ROUTES = (
    Route("GET", "/api/journal", OBSERVER, _entries),
    Route("GET", "/api/journal/vehicles", OBSERVER, _vehicles),
    Route("GET", "/api/journal.csv", OBSERVER, _table),
)
