"""What a flight says of itself: the log's metadata, the summary, the touchdown."""

import math
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from longwatch.autopilot.codes import PHASE_NAMES
from longwatch.environment.runways import known_runways
from longwatch.planning.mav_commands import POSITIONED
from longwatch.planning.resolve import ResolvedPlan
from longwatch.planning.runway_choice import known_strip
from longwatch.planning.strip import Strip
from longwatch.record import schema_digest
from longwatch.records.events import Event
from longwatch.records.summary import Summary, Touchdown
from longwatch.simulation.not_numbers import not_numbers
from longwatch.simulation.plan_told import plan_told
from longwatch.simulation.run import FAULT, Simulation
from longwatch.simulation.vehicle import Vehicle

# Two thresholds this near are one [rad]: 6 mm.
SAME_PLACE = 1e-9


def log_metadata_of(simulation: Simulation, log_rate: float) -> dict[str, object]:
    """What goes into the log beside its rows: all that a report needs, nothing of this machine."""
    return {
        "longwatch": _version(), "record": schema_digest(Vehicle), "log_rate_hz": log_rate,
        "aircraft": simulation.aircraft.digest, "settings": simulation.settings,
        "phase_names": list(PHASE_NAMES), "planned": _planned(simulation.plan),
        "plan": plan_told(simulation.loaded),
        "runways": _runways(simulation), **_advice(simulation.plan, simulation.settings),
    }


def _version() -> str:
    try:
        return version("longwatch")
    except PackageNotFoundError:
        return "unpackaged"


def _planned(plan: ResolvedPlan) -> list[dict[str, Any]]:
    """The items for the report; only those that stand somewhere have a place."""
    told = []
    for item, name in zip(plan.items, plan.names, strict=True):
        placed = int(item["command"]) in POSITIONED
        told.append({"sequence": int(item["sequence"]), "name": name} | {
            key: float(item[key]) if placed else None
            for key in ("latitude", "longitude", "altitude_msl", "radius")})
    return told


def _runways(simulation: Simulation) -> list[dict[str, object]]:
    glide_path = float(simulation.aircraft.datasheet[0].procedures.glide_path)
    return [{"name": strip.name, "thresholds": list(zip(strip.latitude, strip.longitude)),
             "elevations_msl": list(strip.elevation_msl), "glide_path": glide_path,
             "aiming_distance": strip.aiming_distance}
            for strip in simulation.plan.judgement.strips.runways]


def _advice(plan: ResolvedPlan, settings: dict[str, Any]) -> dict[str, Any]:
    """How the flight was set up, what was changed and warned of, and if it was forced."""
    judgement = plan.judgement
    forced = [f"flown by force: {f.text}" for f in judgement.errors]
    return {"notes": list(judgement.messages),
            "changes": [change.text for change in judgement.changes],
            "warnings": forced + [f.text for f in judgement.findings if f.severity == "warning"],
            "forced": bool(settings["force"] and judgement.errors)}


def last_reset(happenings: Sequence[Event]) -> int:
    """Index of the last reset of an aircraft to its start, where a new flight begins; 0 for none.
    """
    return next((i for i in range(len(happenings) - 1, -1, -1)
                 if happenings[i]["event"] == "reset"), 0)


def summarise(simulation: Simulation, outcome: str, wall_s: float, first: int = 0) -> Summary:
    """What a run has come to so far; ``first``: of its happenings, the first that counts."""
    state, settings = simulation.state, simulation.settings
    happened = simulation.happenings[first:]
    advice = _advice(simulation.plan, settings)
    return Summary(
        outcome=outcome, landed=outcome == "landed", airborne_s=_airborne(simulation),
        simulated_s=simulation.time, wall_s=round(wall_s, 3),
        realtime_factor=round(simulation.time / wall_s, 1) if wall_s > 0.0 else 0.0,
        fuel_used_kg=settings["fuel_kg"] - float(state.mass.fuel_mass),
        fuel_left_kg=float(state.mass.fuel_mass),
        distance_km=float(state.flight.distance) / 1000.0,
        items_reached=items_reached(happened),
        items_total=len(simulation.plan.items), touchdown=touchdown(simulation),
        aircraft=settings["aircraft"], mission=settings["mission"], seed=settings["seed"],
        wind=settings["wind"], turbulence=settings["turbulence"], weather=settings["weather"],
        terrain=settings["terrain"], start=settings["start"],
        payload_kg=settings["payload_kg"], fuel_kg=settings["fuel_kg"], notes=advice["notes"],
        changes=advice["changes"],
        warnings=advice["warnings"] + _in_flight(happened) + _own_fault(simulation),
        forced=advice["forced"])


def _in_flight(events: Sequence[Event]) -> list[str]:
    """What went wrong on the way, each kind once; the events tell of each."""
    times: dict[str, list[float]] = {}
    for event in events:
        if event["event"] in ("warning", "impact", "go_around"):
            times.setdefault(event["message"], []).append(event["time"])
    return [f"{told[0]:.0f} s: {message}" + (
                f", {len(told)} times until {told[-1]:.0f} s" if len(told) > 1 else "")
            for message, told in times.items()]


def _own_fault(simulation: Simulation) -> list[str]:
    """A fault of Longwatch, by the quantities that are no numbers any more."""
    if simulation.outcome != FAULT:
        return []
    told = ", ".join(not_numbers(simulation.state)) or "a quantity"
    return [f"{simulation.time:.2f} s: {told} of the aircraft's record is not a number. This is a "
            "fault of Longwatch, not yours; report it with the mission, the seed and the settings"]


def items_reached(events: Sequence[Event]) -> int:
    return len({event.get("sequence") for event in events if event.get("event") == "item_reached"})


def _airborne(simulation: Simulation) -> float:
    status = simulation.state.status
    if status.lift_off_time == 0.0:
        return 0.0
    down = not status.airborne and status.touchdown_time > status.lift_off_time
    end = float(status.touchdown_time) if down else simulation.time
    return round(end - float(status.lift_off_time), 2)


def touchdown(simulation: Simulation) -> Touchdown | None:
    """The last touchdown against the runway in use, from the true state; None in the air."""
    status, sheet = simulation.state.status, simulation.aircraft.datasheet[0]
    if status.airborne or status.touchdown_time <= status.lift_off_time:
        return None
    approach = simulation.state.autopilot.approach
    strip = _strip_in_use(simulation, int(approach.runway))
    end = int(approach.end)
    before, right = strip.approach_place(end, float(status.touchdown_latitude),
                                         float(status.touchdown_longitude))
    gear = sheet.landing_gear
    return Touchdown(
        along_runway_m=strip.aiming_distance - before, lateral_offset_m=right,
        vertical_speed_m_s=-float(status.touchdown_sink),
        airspeed_m_s=float(status.touchdown_airspeed),
        bank_deg=math.degrees(status.touchdown_bank), runway=_end_name(strip, end),
        side_load_share=float(status.touchdown_side_load / gear.side_load_limit),
        vertical_load_share=float(status.touchdown_vertical_load / gear.vertical_load_limit),
        on_pavement=not bool(status.off_pavement))


def _strip_in_use(simulation: Simulation, index: int) -> Strip:
    """The plan's runway aboard under ``index``; what a live aircraft carries besides, by its place.
    """
    aboard = simulation.loaded.runways[index]
    planned = simulation.plan.judgement.strips.runways
    known = (known_strip(runway, float(aboard.aiming_distance)) for runway in known_runways())
    for strip in (*planned, *known):
        if np.allclose(strip.latitude, aboard.latitude, rtol=0.0, atol=SAME_PLACE) and (
                np.allclose(strip.longitude, aboard.longitude, rtol=0.0, atol=SAME_PLACE)):
            return strip
    return Strip("runway of an uploaded plan", ("a", "b"), tuple(aboard.latitude),
                 tuple(aboard.longitude), tuple(aboard.elevation_msl), float(aboard.width),
                 bool(aboard.paved), float(aboard.aiming_distance), known=False)


def _end_name(strip: Strip, end: int) -> str:
    designator = strip.ends[end]
    return f"{strip.name.split()[0]} {designator}" if strip.known else f"{designator} (assumed)"
