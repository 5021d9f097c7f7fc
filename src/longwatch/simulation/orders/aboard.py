"""What is loaded aboard an aircraft that is flown live, and the world that grows with it.

Aboard are home's runway first, then the plan's, then the nearest known ones, to return to, land on
and glide to. Wherever a plan leads, its runways lie in the ground and the magnetic field is known;
what was there stays as it was, so nothing moves under an aircraft.
"""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from longwatch.autopilot.aboard.fence import FenceVertex
from longwatch.autopilot.aboard.plan import PlanItem, PlanRunway
from longwatch.autopilot.aboard.rally import RallyPoint
from longwatch.autopilot.aboard.settings import standard_settings
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.ground import GroundPatch, make_patch
from longwatch.environment.runways import Runway, known_runways, nearest_runway
from longwatch.environment.terrain import TerrainGrid
from longwatch.planning.resolve import ResolvedPlan
from longwatch.planning.start_time import decimal_year
from longwatch.simulation.magnetic import covers, magnetic_around
from longwatch.simulation.simulated_aircraft import SimulatedAircraft
from longwatch.simulation.vehicle import Loaded, Magnetic, World

# Runways aboard, and how far from home known ones are taken along [m].
MOST_RUNWAYS = 16
REACH = 1_000_000.0
# A known runway this near to home is home's [m].
HOME_WITHIN = 5000.0
# Two thresholds this near are one [rad]: 6 mm.
SAME = 1e-9
# The magnetic field is known this far around the places of a plan [rad]: 330 km.
FIELD_MARGIN = math.radians(3.0)
# Terrain is kept so far around a plan's items [rad]: 11 km.
TERRAIN_MARGIN = math.radians(0.1)

Place = tuple[float, float]


def prepare(simulation: SimulatedAircraft, plan: ResolvedPlan, *, has_mission: bool) -> None:
    """Load what a live aircraft begins with, and let the world reach beyond the plan."""
    items = plan.items if has_mission else no_items()
    header = plan.header[0].copy()
    header.item_count = len(plan.items) if has_mission else 0
    load(simulation, items, plan.runways, header, plan.patches, plan.names if has_mission else ())


def no_items() -> np.ndarray:
    """The items of no mission: one that is never looked at, as arrays aboard are never empty."""
    items: np.ndarray = PlanItem.zeros(1)
    items["runway"] = items["jump"] = -1
    return items


def load(simulation: SimulatedAircraft, items: np.ndarray, planned: np.ndarray,
         header: np.record, patches: np.ndarray, names: tuple[str, ...] | None) -> None:
    """Put a plan aboard: its runways among the others, the world around it.

    ``names`` of the items; None for those that they have.
    """
    items = np.ascontiguousarray(items).copy()
    home = (float(header.home_latitude), float(header.home_longitude))
    stand = places_of(items)
    ends = [(float(place[0]), float(place[1])) for place in (*stand[:1], *stand[-1:])]
    runways, places = runways_aboard(
        planned, home, float(simulation.aircraft.datasheet[0].procedures.aiming_distance),
        (home, *ends))
    named = (items["runway"] >= 0) & (items["runway"] < len(places))
    if named.any():
        items["runway"][named] = np.array(places)[items["runway"][named]]
    before = simulation.references
    loaded = before.loaded._replace(items=items, runways=runways, header=header)
    simulation.references = replace(
        before, loaded=loaded, world=_grown(simulation, loaded, patches),
        names=before.names if names is None else
        dict(zip(items["sequence"].tolist(), names, strict=False)))


def put(simulation: SimulatedAircraft, loaded: Loaded) -> None:
    """Put what is loaded aboard in the place of what was; the world stays."""
    simulation.references = replace(simulation.references, loaded=loaded)


def places_of(items: np.ndarray) -> np.ndarray:
    """Rows of latitude and longitude [rad] of the items that stand somewhere.

    Arrays, as a list may be long: each time one is loaded everybody waits.
    """
    places = np.column_stack((items["latitude"], items["longitude"]))
    return places[places.any(axis=1)]


def runways_aboard(planned: np.ndarray, home: Place, aiming_distance: float,
                   around: tuple[Place, ...]) -> tuple[np.ndarray, list[int]]:
    """The runways to carry, home's first, and where each of the ``planned`` ones is among them.

    Known ones are taken along by their distance to the nearest of the places ``around``.
    """
    found: list[np.ndarray] = []
    known = known_runways()
    at_home = nearest_runway(*home, known, HOME_WITHIN)
    if at_home is not None:
        found.append(_record(at_home, aiming_distance))
    places = [place_among(found, planned[i:i + 1]) for i in range(len(planned))]
    away = [min(each) for each in zip(*map(_distances, around), strict=True)]
    for i in np.argsort(away, kind="stable"):
        if away[i] <= REACH and len(found) < MOST_RUNWAYS:
            place_among(found, _record(known[i], aiming_distance))
    return (np.concatenate(found) if found else PlanRunway.zeros(1)), places


@lru_cache(maxsize=64)
def _distances(place: Place) -> tuple[float, ...]:
    """To each of the known runways [m]: kept, as home stays while one plan follows another."""
    return tuple(distance_and_bearing(*place, runway.latitude[0], runway.longitude[0])[0]
                 for runway in known_runways())


def aim(simulation: SimulatedAircraft) -> None:
    """Land on the known runways aboard by the datasheet's aiming distance as it is now.

    A strip assumed for a mission keeps its own, which the mission's LAND point lies at.
    """
    runways = simulation.loaded.runways.copy()
    distance = float(simulation.aircraft.datasheet[0].procedures.aiming_distance)
    known = [_record(runway, distance) for runway in known_runways()]
    for i in range(len(runways)):
        count = len(known)
        if place_among(known, runways[i:i + 1]) < count:
            runways["aiming_distance"][i] = distance
        del known[count:]
    runways.flags.writeable = simulation.loaded.runways.flags.writeable
    put(simulation, simulation.loaded._replace(runways=runways))


def place_among(found: list[np.ndarray], record: np.ndarray) -> int:
    """Index of a runway among those found, which it joins if it is new."""
    for i, other in enumerate(found):
        if all(np.allclose(other[key], record[key], rtol=0.0, atol=SAME)
               for key in ("latitude", "longitude")):
            return i
    found.append(record.copy())
    return len(found) - 1


def _record(runway: Runway, aiming_distance: float) -> np.ndarray:
    record: np.ndarray = PlanRunway.zeros(1)
    record["latitude"], record["longitude"] = runway.latitude, runway.longitude
    record["elevation_msl"] = runway.elevation_msl
    record["width"], record["paved"] = runway.width, runway.paved
    record["aiming_distance"] = aiming_distance
    return record


# --------------------------------------------------------------------------------- the world


def _grown(simulation: SimulatedAircraft, loaded: Loaded, patches: np.ndarray) -> World:
    """The world, with ground, terrain and magnetic field reaching to what is to be aboard."""
    world = simulation.world
    strips = loaded.runways[loaded.runways["width"] > 0.0]
    stand = places_of(loaded.items)
    places = np.concatenate((stand, np.column_stack((strips["latitude"].ravel(),
                                                     strips["longitude"].ravel()))))
    return world._replace(
        patches=_with_patches(world.patches, patches, loaded.runways),
        magnetic=_field(simulation, loaded, world.magnetic, places),
        terrain=_terrain(simulation, world.terrain, stand))


def _terrain(simulation: SimulatedAircraft, present: TerrainGrid, places: np.ndarray
             ) -> TerrainGrid:
    """The terrain around a plan's items, and what there was; the present one if it reaches."""
    if simulation.tiles is None or not len(places):
        return present
    rows, columns = present.heights.shape
    south, west = present.first_latitude, present.first_longitude
    north = south + (rows - 1) / present.per_latitude
    east = west + (columns - 1) / present.per_longitude
    (first, left), (last, right) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    wide = TERRAIN_MARGIN / max(math.cos(max(-first, last)), 0.1)
    box = (min(south, first - TERRAIN_MARGIN), min(west, left - wide),
           max(north, last + TERRAIN_MARGIN), max(east, right + wide))
    if box == (south, west, north, east):
        return present
    south, west, north, east = map(math.degrees, box)
    return simulation.tiles.grid((south, west, north, east))


def _with_patches(present: np.ndarray, added: np.ndarray, runways: np.ndarray) -> np.ndarray:
    """The ground that there is, then what a plan brings, then the other runways aboard."""
    found = [present[i:i + 1] for i in range(len(present))]
    new = [added[i:i + 1] for i in range(len(added))]
    new += [make_patch(r["latitude"][0], r["longitude"][0], r["elevation_msl"][0],
                       r["latitude"][1], r["longitude"][1], r["elevation_msl"][1], r["width"],
                       r["paved"]) for r in runways if r["width"] > 0.0]
    for patch in new:
        place_among(found, patch)
    return np.concatenate(found) if found else GroundPatch.zeros(0)


def _field(simulation: SimulatedAircraft, loaded: Loaded, present: Magnetic, places: np.ndarray
           ) -> Magnetic:
    """The magnetic field around all places, and where there was one; the present if it reaches."""
    if covers(present, places[:, 0], places[:, 1], FIELD_MARGIN):
        return present
    rows, columns = present.values.shape[:2]
    south, west = present.first_latitude, present.first_longitude
    corners = ((south + FIELD_MARGIN, west + FIELD_MARGIN),
               (south + (rows - 1) * present.step - FIELD_MARGIN,
                west + (columns - 1) * present.step - FIELD_MARGIN))
    return magnetic_around(loaded.items, loaded.runways, decimal_year(simulation.start),
                           FIELD_MARGIN, corners)


def settings_of(array: np.ndarray | None = None) -> np.ndarray:
    """Settings as they go aboard: read-only, the standard ones unless given."""
    made = standard_settings() if array is None else array.copy()
    made.flags.writeable = False
    return made


def fence_of(records: np.ndarray | None = None) -> np.ndarray:
    """A fence as it goes aboard: read-only, none unless given."""
    made: np.ndarray = FenceVertex.zeros(0) if records is None else records.copy()
    made.flags.writeable = False
    return made


def rally_of(points: list[tuple[float, float, float]]) -> np.ndarray:
    """Rally points (latitude, longitude [rad], altitude_msl [m]) as they go aboard."""
    made: np.ndarray = RallyPoint.zeros(len(points))
    for row, point in zip(made, points, strict=True):
        row["latitude"], row["longitude"], row["altitude_msl"] = point
    made.flags.writeable = False
    return made
