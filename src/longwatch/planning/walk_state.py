"""Where a mission that is flown in numbers has come to, and what each item took."""

import math
from dataclasses import dataclass, field

from longwatch.planning.case import Case


@dataclass(frozen=True)
class Path:
    """The leg to an item as flown: where it begins and ends, and its profile.

    Attributes:
        start, end: latitude and longitude of the items; of circles the centres.
        start_altitude: metres above mean sea level.
        altitude: where it ends; the change of height comes first.
        gradient: metres of height a metre over ground, meanwhile; negative in a descent.
        time: when it begins, s from the start.
        length: metres flown from item to item, from circle to circle.
        lasts: time that takes, s.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    start_altitude: float
    altitude: float
    gradient: float
    time: float
    length: float = 0.0
    lasts: float = 0.0


@dataclass
class Visit:
    """One item as flown: what it took from the item before it to its own end.

    ``mass`` is what it begins with, ``end_mass`` what it ends with [kg]; neither falls below half
    of the mass at take-off, however much fuel it would burn.
    """

    index: int
    mass: float
    end_mass: float = math.nan
    distance: float = 0.0
    time: float = 0.0
    fuel: float = 0.0
    ground_speed: float = math.nan
    asked_climb: float = math.nan
    short_by: float = 0.0
    path: Path | None = None


@dataclass
class Walk:
    """The state while the mission is flown in numbers; ``time`` in s from the start.

    ``place`` is that of the item reached, ``at`` and ``course`` where the aircraft is by then and
    which way it flies; ``cuts`` says that it began its turn before, as at a waypoint.
    """

    case: Case
    place: tuple[float, float]
    altitude: float
    mass: float
    highest: float
    time: float = 0.0
    at: tuple[float, float] = (0.0, 0.0)
    course: float | None = None
    cuts: bool = False
    visits: list[Visit] = field(default_factory=list)

    def burn(self, visit: Visit, flow: float, time: float) -> None:
        """Spend ``time`` s at a fuel flow in kg/s."""
        visit.time += time
        visit.fuel += flow * time
        self.time += time
        self.mass = max(self.mass - flow * time, 0.5 * self.case.takeoff_mass)

    def wind(self, place: tuple[float, float], altitude: float, after: float = 0.0
             ) -> tuple[float, float]:
        """Wind (north, east) in m/s at a place and an altitude, ``after`` seconds from now."""
        return self.case.air.wind(place, altitude, self.case.home.elevation_msl,
                                  self.time + after)

    def density_altitude(self, place: tuple[float, float], altitude: float,
                         after: float = 0.0) -> float:
        """Density altitude there, m: what performance goes by."""
        return self.case.air.density_altitude(place, altitude, self.case.home.elevation_msl,
                                              self.time + after)

    def speed(self, visit: Visit, place: tuple[float, float], altitude: float) -> float:
        """Calibrated airspeed flown there now, m/s."""
        return self.case.flown_speed(visit.index, self.mass,
                                     math.hypot(*self.wind(place, altitude)))
