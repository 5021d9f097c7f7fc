"""Clearance over terrain: every stretch of the way against the ground below and beside it.

En route 150 m are kept (grade: assumed, after the least height of 500 ft over ground that
Regulation (EU) 923/2012, SERA.5005(f), gives flights by sight). Within 10 km of a runway in use
half of the height above it will do, as the obstacle surfaces of ICAO Annex 14 (2 to 2.5 %) lie at
about half of a 3 deg glide path.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.earth.standard import MEAN_RADIUS
from longwatch.environment.terrain import ground_along
from longwatch.planning import figures
from longwatch.planning.case import Case, is_loiter, raised
from longwatch.planning.finding import ERROR, Finding, Fix
from longwatch.planning.ground_track import Track, tracks
from longwatch.planning.walk_state import Walk

# Kept over the ground en route [m]; within so much of a runway in use [m], this share of the height
# above it. Reasons above.
LEAST_CLEARANCE = 150.0
RUNWAY_REACH, RUNWAY_SHARE = 10_000.0, 0.5
# Terrain posts are good to some metres; no finding is made of less [m].
TOLERANCE = 1.0


@dataclass(frozen=True)
class Closest:
    """Where a stretch comes closest to what it has to keep from the ground."""

    track: Track
    latitude: float
    longitude: float
    altitude: float
    ground: float
    needed: float
    climbing: bool

    @property
    def clearance(self) -> float:
        """Height over the ground, m."""
        return self.altitude - self.ground

    @property
    def missing(self) -> float:
        """Metres too low; negative where there is room."""
        return self.needed - self.clearance

    @property
    def where(self) -> str:
        """The place, in degrees."""
        return f"{math.degrees(self.latitude):.4f}, {math.degrees(self.longitude):.4f}"


def ground_under(case: Case, track: Track) -> np.ndarray:
    """Elevation of the ground [m] at a track's points, NaN where the terrain is unknown."""
    found = np.empty(track.latitude.size)
    ground_along(case.patches, case.terrain, track.latitude.ravel(), track.longitude.ravel(),
                 found)
    return found.reshape(track.latitude.shape)


def _closest(case: Case, track: Track) -> Closest | None:
    ground = ground_under(case, track)
    if np.isnan(ground).all():
        return None
    needed = _needed(case, track)
    room = np.where(np.isnan(ground), np.inf, track.altitude - ground - needed)
    at = np.unravel_index(int(room.argmin()), room.shape)
    return Closest(track, float(track.latitude[at]), float(track.longitude[at]),
                   float(track.altitude[at]), float(ground[at]), float(needed[at]),
                   bool(track.climbing[at[0]]))


def _needed(case: Case, track: Track) -> np.ndarray:
    """Clearance that has to be kept at each point, m."""
    needed = np.full(track.latitude.shape, LEAST_CLEARANCE)
    for strip in case.strips.runways:
        latitude, longitude = np.mean(strip.latitude), np.mean(strip.longitude)
        north = (track.latitude - latitude) * MEAN_RADIUS
        east = (track.longitude - longitude) * MEAN_RADIUS * math.cos(latitude)
        height = np.maximum(track.altitude - max(strip.elevation_msl), 0.0)
        near = north**2 + east**2 < RUNWAY_REACH**2
        needed = np.where(near, np.minimum(needed, RUNWAY_SHARE * height), needed)
    return needed


def clearance_findings(case: Case, flown: Walk) -> Iterator[Finding]:
    """Stretches that come too close to the terrain; nothing without terrain."""
    if case.tiles is None:
        return
    worst: dict[int, Closest] = {}
    for track in tracks(case, flown):
        closest = _closest(case, track)
        if closest is not None and closest.missing > TOLERANCE and (
                track.index not in worst or closest.missing > worst[track.index].missing):
            worst[track.index] = closest
    for index, closest in worst.items():
        yield _too_low(case, index, closest)


def _too_low(case: Case, index: int, closest: Closest) -> Finding:
    item = case.points[index].item
    fix, remedy = _mended(case, index, closest)
    return Finding(
        ERROR, item.sequence,
        f"on the way to it the terrain comes within {figures.height(closest.clearance)} at "
        f"{figures.name(closest.where)} (ground at {figures.altitude(closest.ground)}, flown at "
        f"{figures.altitude(closest.altitude)} above sea level); {figures.height(closest.needed)} "
        "are kept there", remedy, fix=fix)


def _mended(case: Case, index: int, closest: Closest) -> tuple[Fix | None, str]:
    """The least change of height that keeps clear, and how to say it."""
    item, by = case.points[index].item, math.ceil(closest.missing)
    if closest.climbing:
        before = closest.track.before
        if before >= 0 and _free(case, before):
            earlier = case.points[before].item
            return (Fix(before, raised(earlier, by), order=4),
                    f"raise item {figures.name(earlier.sequence)}, where it comes from, by "
                    f"{figures.height(by)}")
        return None, ("climb before: circle up over low ground with a loiter to altitude "
                      "(MAV_CMD_NAV_LOITER_TO_ALT) ahead of it, or lead the way around")
    if item.command in (plan.LAND, plan.RETURN_TO_LAUNCH):
        return None, ("come down nearer to the runway: fly over the high ground to a loiter to "
                      "altitude (MAV_CMD_NAV_LOITER_TO_ALT) at its gate, or land the other way")
    if not _free(case, index):
        return None, "take off the other way, or from elsewhere"
    by = math.ceil(closest.altitude + closest.missing - closest.track.floor)
    return Fix(index, raised(item, by), order=4), f"raise it by {figures.height(by)}"


def _free(case: Case, index: int) -> bool:
    item = case.points[index].item
    return item.command == plan.WAYPOINT or is_loiter(item)


def clearance_message(case: Case, flown: Walk) -> Iterator[str]:
    """The least clearance en route, with its place."""
    found = [c for track in tracks(case, flown)
             if (c := _closest(case, track)) is not None and c.needed >= LEAST_CLEARANCE]
    if found:
        least = min(found, key=lambda c: c.clearance)
        item = case.points[least.track.index].item
        yield (f"least clearance over terrain {figures.height(least.clearance)}, at "
               f"{figures.name(least.where)} on the way to item {figures.name(item.sequence)} "
               f"({figures.height(LEAST_CLEARANCE)} are kept en route)")
