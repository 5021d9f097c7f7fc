"""What a .plan must hold for QGroundControl to open it, and how a document gets it.

QGroundControl refuses a file that lacks a key which it reads unasked, or has it of another type
(its PlanMasterController, MissionController, MissionItem, GeoFenceController and
RallyPointController). Whatever else a document holds stays as it is.
"""

import math
from collections.abc import Sequence
from typing import Any

from longwatch.autopilot.aboard.plan import LAND, TAKEOFF
from longwatch.environment.runways import known_runways, nearest_runway
from longwatch.planning.areas import NO_FENCE, NO_RALLY
from longwatch.planning.mission import FRAMES_MSL, Home, MissionItem

Document = dict[str, Any]
PX4, FIXED_WING = 12, 1
# A home that nothing states stands on the runway within so many metres of its likeliest place.
RUNWAY_WITHIN = 1000.0


def completed(document: Document, home: Home | None) -> Document:
    """The document with every key that QGroundControl reads unasked, and with ``home``."""
    mission: Document = {
        "version": 2, "firmwareType": PX4, "vehicleType": FIXED_WING, "globalPlanAltitudeMode": 0,
        **document["mission"]}
    if home is not None:
        mission["plannedHomePosition"] = home_values(home)
    mission["items"] = [_completed_item(entry) for entry in mission["items"]]
    fence = {**NO_FENCE, **(document.get("geoFence") or {})}
    fence["polygons"] = [{"inclusion": True, "version": 1, **entry} for entry in fence["polygons"]]
    fence["circles"] = [{"inclusion": True, "version": 1, **entry} for entry in fence["circles"]]
    rally = {**NO_RALLY, **(document.get("rallyPoints") or {})}
    return {"fileType": "Plan", "version": 1, "groundStation": "Longwatch", **document,
            "geoFence": fence, "rallyPoints": rally, "mission": mission}


def _completed_item(entry: Document) -> Document:
    if entry.get("type") == "missionItem":
        entry = {**entry, "type": "SimpleItem"}
    if entry.get("type") == "SimpleItem":
        return {"autoContinue": True, **entry}
    if entry.get("complexItemType") == "fwLandingPattern":
        # Version 2, if it does not say which: then it must say how it was drawn.
        entry = {"version": 2, "loiterRadius": 0, "loiterClockwise": True, **entry}
        if entry["version"] == 2:
            entry = {"valueSetIsDistance": False, "altitudesAreRelative": True, **entry}
    transects = entry.get("TransectStyleComplexItem")
    if isinstance(transects, dict) and isinstance(transects.get("Items"), list):
        items = [_completed_item(item) for item in transects["Items"]]
        entry = {**entry, "TransectStyleComplexItem": {**transects, "Items": items}}
    return entry


def likely_home(items: Sequence[MissionItem], areas: Sequence[MissionItem] = ()) -> Home | None:
    """Where home lies of a plan that does not say: at the take-off, the landing, the first place.

    On the known runway there, else at the level of the ground that a landing states, else at sea
    level; None where nothing has a place.
    """
    places = [item for item in (*items, *areas)
              if item.latitude is not None and item.longitude is not None]
    ranked = sorted(places, key=lambda item: (item.command != TAKEOFF, item.command != LAND))
    if not ranked:
        return None
    first = ranked[0]
    latitude, longitude = float(first.latitude or 0.0), float(first.longitude or 0.0)
    runway = nearest_runway(latitude, longitude, known_runways(), RUNWAY_WITHIN)
    if runway is not None:
        return Home(latitude, longitude, runway.elevation_msl[0])
    land = next((item for item in items if item.command == LAND and item.frame in FRAMES_MSL), None)
    return Home(latitude, longitude, (land.altitude or 0.0) if land is not None else 0.0)


def home_values(home: Home) -> list[float]:
    """Home as a .plan has it: degrees, metres above mean sea level."""
    return [degrees(home.latitude), degrees(home.longitude), home.elevation_msl]


def degrees(angle: float) -> float:
    """Degrees, free of what turning them into radians added behind the tenth decimal."""
    return round(math.degrees(angle), 10)
