"""Runways as planning sees them: two thresholds, the end in use, and places along the axis.

Angles in radians, lengths and elevations in metres; end 0 is used from threshold a to b, end 1
from b to a, as in the plan that goes aboard (autopilot/aboard/plan.py).
"""

import math
from dataclasses import dataclass

from longwatch.earth.geodesics import destination, distance_and_bearing


@dataclass(frozen=True)
class Strip:
    """A runway between its two thresholds.

    Attributes:
        name: "LTBU 04/22", or a description of an assumed strip.
        ends: designators of the two ends.
        latitude, longitude, elevation_msl: of thresholds a and b.
        width: metres of pavement.
        paved: hard surface.
        aiming_distance: metres from the threshold in use to the aiming point.
        known: from the list of runways; False for a strip that the mission only implies.
    """

    name: str
    ends: tuple[str, str]
    latitude: tuple[float, float]
    longitude: tuple[float, float]
    elevation_msl: tuple[float, float]
    width: float
    paved: bool
    aiming_distance: float
    known: bool

    @property
    def length(self) -> float:
        """Metres between the thresholds."""
        return distance_and_bearing(self.latitude[0], self.longitude[0],
                                    self.latitude[1], self.longitude[1])[0]

    def course(self, end: int) -> float:
        """True course of take-off and landing from ``end``, at its threshold."""
        return distance_and_bearing(self.latitude[end], self.longitude[end],
                                    self.latitude[1 - end], self.longitude[1 - end])[1]

    def beyond_threshold(self, end: int, distance: float) -> tuple[float, float]:
        """Latitude and longitude ``distance`` metres from the threshold of ``end``, inward."""
        return destination(self.latitude[end], self.longitude[end], self.course(end), distance)

    def aiming_point(self, end: int) -> tuple[float, float]:
        """Latitude and longitude where a landing on ``end`` aims."""
        return self.beyond_threshold(end, self.aiming_distance)

    def aiming_elevation(self, end: int) -> float:
        """Elevation of the aiming point above mean sea level."""
        share = self.aiming_distance / self.length
        first, second = self.elevation_msl[end], self.elevation_msl[1 - end]
        return first + share * (second - first)

    def elevation_beside(self, latitude: float, longitude: float) -> float:
        """Elevation of the runway where a point lies beside it, above mean sea level."""
        before, _ = self.approach_place(0, latitude, longitude)
        share = min(max((self.aiming_distance - before) / self.length, 0.0), 1.0)
        return self.elevation_msl[0] + share * (self.elevation_msl[1] - self.elevation_msl[0])

    def approach_place(self, end: int, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a point lies as seen on the approach to ``end``.

        Metres before the aiming point along the extended centreline, and metres to the right of
        it as the aircraft flies.
        """
        distance, bearing = distance_and_bearing(*self.aiming_point(end), latitude, longitude)
        angle = bearing - self.course(end)
        return -distance * math.cos(angle), distance * math.sin(angle)

    def approach_point(self, end: int, before: float, right: float = 0.0) -> tuple[float, float]:
        """Latitude and longitude of a point given as :meth:`approach_place` gives it."""
        angle = math.atan2(right, -before)
        return destination(*self.aiming_point(end), self.course(end) + angle,
                           math.hypot(before, right))


@dataclass(frozen=True)
class Strips:
    """The runways a mission uses.

    Attributes:
        runways: one, or two where it lands elsewhere.
        takeoff, landing: index of the runway for each.
        takeoff_end, landing_end: end in use for each.
        messages: how they were chosen.
        warnings: where the mission and the ground disagree about home.
        others: number of each other LAND item, index of its runway and the end in use.
    """

    runways: tuple[Strip, ...]
    takeoff: int
    takeoff_end: int
    landing: int
    landing_end: int
    messages: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    others: tuple[tuple[int, int, int], ...] = ()

    @property
    def takeoff_strip(self) -> Strip:
        """The runway it leaves."""
        return self.runways[self.takeoff]

    @property
    def further_landings(self) -> tuple[tuple[str, Strip, int], ...]:
        """What each of the other landings is called, its runway and the end in use."""
        return tuple((f"item {number}, landing", self.runways[runway], end)
                     for number, runway, end in self.others)

    def of_landing(self, sequence: int) -> tuple[int, int]:
        """Index of the runway and the end that a LAND item uses."""
        return next(((runway, end) for number, runway, end in self.others if number == sequence),
                    (self.landing, self.landing_end))

    @property
    def landing_strip(self) -> Strip:
        """The runway it lands on."""
        return self.runways[self.landing]


def strip_along(name: str, start: tuple[float, float], course: float, length: float,
                width: float, elevation_msl: float, aiming_distance: float) -> Strip:
    """A flat assumed strip from a threshold, along a true course."""
    far = destination(*start, course, length)
    return Strip(name, (_designator(course), _designator(course + math.pi)),
                 (start[0], far[0]), (start[1], far[1]), (elevation_msl, elevation_msl),
                 width, True, aiming_distance, known=False)


def _designator(course: float) -> str:
    tens = round(math.degrees(course) / 10) % 36
    return f"{tens or 36:02d}"
