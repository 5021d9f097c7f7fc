"""Missions over HTTP: the library, files in and out, and the judge.

Documents are looked at beside the loop: of thousands of items that takes longer than a frame may.
"""

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any

from longwatch.station.missions.documents import (
    LARGEST_BODY,
    check_document,
    clean_name,
    open_text,
    to_plan,
    to_wpl,
)
from longwatch.station.refusal import COMMANDER, OBSERVER, Refusal
from longwatch.station.routing import Call, Route, fields

if TYPE_CHECKING:
    from longwatch.station.context import Station


async def list_missions(station: "Station", call: Call) -> list[dict[str, Any]]:
    """Every mission of the library, without its document."""
    return station.store.missions()


async def read_mission(station: "Station", call: Call) -> dict[str, Any]:
    """One mission with its document."""
    return _there(station.store.mission(call.path["id"]))


async def save_mission(station: "Station", call: Call) -> dict[str, Any]:
    """Keep a new mission, or a new version of one."""
    fields(call.body, {"name": str, "document": dict}, {"version": int, "id": int})
    name = clean_name(call.body["name"])
    document = await asyncio.to_thread(check_document, name, call.body["document"])
    return _there(station.store.save_mission(name, document, call.user, call.path.get("id"),
                                             call.body.get("version")))


async def delete_mission(station: "Station", call: Call) -> dict[str, Any]:
    """Forget a mission."""
    if not station.store.delete_mission(call.path["id"]):
        raise _unknown()
    return {}


async def open_file(station: "Station", call: Call) -> dict[str, Any]:
    """The document of an uploaded file."""
    fields(call.body, {"name": str, "text": str})
    name = "".join(c for c in call.body["name"] if c.isprintable())[:100]
    return {"document": await asyncio.to_thread(open_text, name, call.body["text"])}


async def export_wpl(station: "Station", call: Call) -> dict[str, Any]:
    """A document as WPL text."""
    fields(call.body, {"document": dict})
    return {"text": await asyncio.to_thread(to_wpl, call.body["document"])}


async def export_plan(station: "Station", call: Call) -> dict[str, Any]:
    """A document as the text of a .plan that QGroundControl opens."""
    fields(call.body, {"document": dict})
    return {"text": await asyncio.to_thread(to_plan, call.body["document"])}


async def judge(station: "Station", call: Call) -> dict[str, Any]:
    """What the judge has against a document, and how it would be flown."""
    options = {key: value for key, value in call.body.items() if key != "document"}
    document = await asyncio.to_thread(check_document, "mission", call.body.get("document"))
    return await station.judge.judge(call.user, call.roles, document, options)


async def list_aircraft(station: "Station", call: Call) -> list[dict[str, Any]]:
    """The aircraft that missions can be judged for, the station's own first.

    Whoever asks is about to plan: the judge warms up meanwhile.
    """
    station.judge.start()
    return list(await asyncio.to_thread(_aircraft, station.config.aircraft))


@cache
def _aircraft(own: str) -> tuple[dict[str, Any], ...]:
    from longwatch.aircraft.loader import aircraft_names, load_datasheet
    from longwatch.planning.load_checks import most_fuel

    listed = []
    for name in dict.fromkeys([own, *aircraft_names()]):
        aircraft = load_datasheet(name)
        sheet = aircraft.datasheet[0]
        listed.append({
            "name": name, "title": aircraft.title,
            "cruise_airspeed": float(sheet.limits.cruise_speed),
            "highest_airspeed": float(sheet.limits.never_exceed_speed),
            "ceiling_msl": float(sheet.limits.ceiling),
            "bank_maximum": float(sheet.limits.bank_maximum),
            "reserve_s": float(sheet.limits.reserve_time),
            "glide_path": float(sheet.procedures.glide_path),
            "final_length": float(sheet.procedures.final_length),
            "climb_out_height": float(sheet.procedures.climb_out_height),
            "empty_mass_kg": float(sheet.mass.empty_mass),
            "takeoff_mass_capacity_kg": float(sheet.mass.maximum_takeoff_mass),
            "fuel_capacity_kg": float(sheet.mass.fuel_capacity),
            "fuel_most_kg": most_fuel(sheet, 0.0),
            "payload_capacity_kg": float(sheet.mass.payload_maximum),
            "engines": int(sheet.engine.count)})
    return tuple(listed)


def _there(mission: dict[str, Any] | None) -> dict[str, Any]:
    if mission is None:
        raise _unknown()
    return mission


def _unknown() -> Refusal:
    return Refusal("there is no such mission; somebody may have deleted it", 404)


ROUTES = (
    Route("GET", "/api/missions", OBSERVER, list_missions),
    Route("GET", "/api/missions/{id}", OBSERVER, read_mission),
    Route("POST", "/api/missions", COMMANDER, save_mission, LARGEST_BODY),
    Route("PUT", "/api/missions/{id}", COMMANDER, save_mission, LARGEST_BODY),
    Route("DELETE", "/api/missions/{id}", COMMANDER, delete_mission),
    Route("POST", "/api/open", OBSERVER, open_file, LARGEST_BODY),
    Route("POST", "/api/export/wpl", OBSERVER, export_wpl, LARGEST_BODY),
    Route("POST", "/api/export/plan", OBSERVER, export_plan, LARGEST_BODY),
    Route("POST", "/api/judge", OBSERVER, judge, LARGEST_BODY),
    Route("GET", "/api/aircraft", OBSERVER, list_aircraft),
)
