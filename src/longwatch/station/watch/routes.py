"""Requests of the crew's watch: timers, checklists, notes. Whoever only observes reads them."""

import re
from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import COMMANDER, OBSERVER, PILOT, Refusal
from longwatch.station.routing import Call, Route, fields
from longwatch.station.vehicles.routes import crew, not_another, of_crew
from longwatch.station.watch.watch import LONGEST_S, SHORTEST_S

LONGEST_NAME, LONGEST_NOTE, MOST_ITEMS = 60, 2000, 50
_KEY = re.compile(r"[a-z][a-z_]{0,63}")


async def _timers(station: Station, call: Call) -> Any:
    return station.watch.told()


async def _set(station: Station, call: Call) -> Any:
    given = fields(call.body, {"period_s": float},
                   {"name": str, "checklist": str, "repeats": bool})
    vehicle = of_crew(station, call)
    if not SHORTEST_S <= given["period_s"] <= LONGEST_S:
        raise Refusal(f"period_s: give {SHORTEST_S:g} to {LONGEST_S:g} s")
    if ("name" in given) == ("checklist" in given):
        raise Refusal("give name, or the checklist that is to be repeated")
    period = float(given["period_s"])
    if "checklist" in given:
        key = _key(given["checklist"])
        return station.watch.set(call.user, vehicle, key, key, period, True)
    name = _text(given["name"], "name", LONGEST_NAME)
    return station.watch.set(call.user, vehicle, name, None, period, given.get("repeats", False))


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise Refusal("checklist: give the key of a checklist")
    return text


def _text(text: str, what: str, longest: int) -> str:
    """A text for people: what does not print goes, but the ends of lines."""
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
    if not 0 < len(plain) <= longest:
        raise Refusal(f"{what}: give a text of 1 to {longest} characters")
    return plain


def _number(call: Call) -> int:
    text = call.path["number"]
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Refusal("name it by its number", 404)
    return int(text)


async def _done(station: Station, call: Call) -> Any:
    crew(call)
    station.watch.done(call.user, _number(call))
    return {}


async def _stop(station: Station, call: Call) -> Any:
    crew(call)
    station.watch.stop(call.user, _number(call))
    return {}


async def _complete(station: Station, call: Call) -> Any:
    given = fields(call.body, {}, {"left_open": list})
    left = given.get("left_open", [])
    if len(left) > MOST_ITEMS or not all(
            isinstance(item, str) and _KEY.fullmatch(item) for item in left):
        raise Refusal("left_open: give the keys of the items that stay open")
    vehicle = of_crew(station, call)
    not_another(station, call)
    station.watch.complete(call.user, vehicle, _key(call.path["checklist"]), left)
    return {}


async def _notes(station: Station, call: Call) -> Any:
    return station.store.notes()


async def _write(station: Station, call: Call) -> Any:
    given = fields(call.body, {"text": str}, {"vehicle": str})
    crew(call)
    vehicle = given.get("vehicle")
    if vehicle is not None:
        station.fleet.commandable(vehicle)
    return station.watch.write_note(call.user, vehicle,
                                    _text(given["text"], "text", LONGEST_NOTE))


async def _sign(station: Station, call: Call) -> Any:
    crew(call)
    station.watch.sign_note(call.user, _number(call))
    return {}


async def _withdraw(station: Station, call: Call) -> Any:
    crew(call)
    station.watch.withdraw_note(call.user, _number(call), COMMANDER in call.roles)
    return {}


ROUTES = (
    Route("GET", "/api/timers", OBSERVER, _timers),
    Route("POST", "/api/vehicles/{id}/timers", OBSERVER, _set),
    Route("POST", "/api/timers/{number}/done", OBSERVER, _done),
    Route("DELETE", "/api/timers/{number}", OBSERVER, _stop),
    Route("POST", "/api/vehicles/{id}/checklists/{checklist}/complete", PILOT, _complete),
    Route("GET", "/api/notes", OBSERVER, _notes),
    Route("POST", "/api/notes", OBSERVER, _write),
    Route("POST", "/api/notes/{number}/sign", OBSERVER, _sign),
    Route("DELETE", "/api/notes/{number}", OBSERVER, _withdraw),
)
