"""One mission with everything it is judged by: aircraft, load, wind, runways and ground."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from longwatch.aircraft.formulas import allowance_for
from longwatch.autopilot.aboard import plan
from longwatch.environment.terrain import TerrainGrid
from longwatch.environment.terrain_files import Terrain
from longwatch.planning import figures
from longwatch.planning.air import Air
from longwatch.planning.mav_commands import LOITERS
from longwatch.planning.mission import FRAMES_HOME, FRAMES_TERRAIN, Home, Mission, MissionItem
from longwatch.planning.performance import Performance, turn_radius
from longwatch.planning.route import (
    RoutePoint,
    bare_ground,
    ground_patches,
    lay_route,
    terrain_around,
)
from longwatch.planning.runway_choice import choose_strips, with_strips
from longwatch.planning.schedule import rough_times
from longwatch.planning.strip import Strips

# The autopilot plans its turns with this share of its largest bank
# (autopilot/manoeuvres/mission.py).
TURN_BANK_SHARE = 0.8
# Radii are asked for in tens of metres.
ROUND_RADIUS = 10.0


@dataclass(frozen=True)
class Case:
    """What a mission is judged by; masses in kg.

    Attributes:
        points: the mission's items in place, one for one.
        speeds: calibrated airspeed in force at each item, m/s.
        standard: which of them are the aircraft's own, which falls with its mass.
        air: wind and density, by place, altitude and time.
        times: roughly when each item is reached, s from the start.
        terrain: around the route; empty without tiles.
        tiles: the terrain's files, None without.
        turbulence: the level that the fuel plan allows for.
    """

    mission: Mission
    home: Home
    strips: Strips
    patches: np.ndarray
    points: list[RoutePoint]
    speeds: list[float]
    standard: list[bool]
    performance: Performance
    payload: float
    fuel: float
    air: Air
    times: list[float]
    terrain: TerrainGrid
    tiles: Terrain | None = None
    turbulence: str = "none"

    @property
    def sheet(self) -> Any:
        """The Datasheet record."""
        return self.performance.sheet

    @property
    def takeoff_mass(self) -> float:
        """Mass at take-off, kg."""
        return float(self.sheet.mass.empty_mass) + self.payload + self.fuel

    @property
    def least_speed(self) -> float:
        """Least airspeed that a mission may ask for, m/s; the standard speed always may.

        With the datasheet's margin over the stall in the steepest turn: nearer to it, moderate
        turbulence stalls a turning aircraft.
        """
        bank = float(self.sheet.limits.bank_maximum)
        return min(self.performance.least_speed(self.takeoff_mass, bank),
                   float(self.sheet.limits.cruise_speed))

    def wind_over(self, index: int) -> tuple[float, float]:
        """Wind (north, east) in m/s at an item's altitude, when it is reached."""
        point = self.points[index]
        return self.air.wind(point.place, point.altitude_msl, point.ground_msl, self.times[index])

    def density_altitude(self, index: int) -> float:
        """Density altitude at an item when it is reached, m: what performance goes by."""
        point = self.points[index]
        return self.air.density_altitude(point.place, point.altitude_msl, point.ground_msl,
                                         self.times[index])

    def ceiling(self, index: int, mass: float, speed: float | None = None) -> float:
        """Ceiling above an item, m above mean sea level: lower in air warmer than standard.

        At a calibrated airspeed in m/s, or at the best one.
        """
        point, ceiling = self.points[index], self.performance.ceiling(mass, speed)
        return 2.0 * ceiling - self.air.density_altitude(point.place, ceiling, point.ground_msl,
                                                         self.times[index])

    def airspeed(self, index: int) -> float:
        """True airspeed at an item, m/s; never below the least: a slower one is not flown."""
        return self.performance.true_airspeed(max(self.speeds[index], self.least_speed),
                                              self.density_altitude(index))

    def flown_speed(self, index: int, mass: float, wind_speed: float) -> float:
        """Calibrated airspeed that the autopilot flies at an item at a mass and in a wind, m/s."""
        least = self.performance.least_speed(mass) + allowance_for(wind_speed)
        asked = self.speeds[index]
        if self.standard[index]:
            asked *= math.sqrt(mass / float(self.sheet.mass.maximum_takeoff_mass))
        return max(asked, least)

    def approach_speed(self, mass: float, wind_speed: float) -> float:
        """Calibrated airspeed of the approach to the landing at a mass and in a wind, m/s."""
        return (float(self.sheet.procedures.approach_factor) * self.performance.stall_speed(mass)
                + allowance_for(wind_speed))

    def flown_at(self, index: int, asked: float) -> "Case":
        """The case where an item is flown at a speed asked for [m/s], 0 the standard one.

        Which the items before it in the file may not say: a jump back keeps the speed it has.
        """
        own = self.mission.cruise_speed or float(self.sheet.limits.cruise_speed)
        speed, standard = asked or own, not (asked or self.mission.cruise_speed)
        if (speed, standard) == (self.speeds[index], self.standard[index]):
            return self
        speeds, which = list(self.speeds), list(self.standard)
        speeds[index], which[index] = speed, standard
        return replace(self, speeds=speeds, standard=which)

    @property
    def turn_bank(self) -> float:
        """Bank that turns and circles are planned with, rad."""
        return TURN_BANK_SHARE * float(self.sheet.limits.bank_maximum)

    def radius(self, index: int) -> float:
        """Least radius of turn over the ground at an item, m, in this wind."""
        return turn_radius(self.airspeed(index), math.hypot(*self.wind_over(index)),
                           self.turn_bank)

    def loiter_radius(self, index: int) -> float:
        """Least radius of a circle held there, m, rounded up."""
        return math.ceil(self.radius(index) / ROUND_RADIUS) * ROUND_RADIUS

    def flown_radius(self, index: int) -> float:
        """Radius of the circle that an item flies, m; the least one where its file gives none."""
        item = self.points[index].item
        return abs(item.radius) if item.radius else self.loiter_radius(index)

    @property
    def gate_height(self) -> float:
        """Height of the glide path above the aiming point where the final begins, m."""
        procedures = self.sheet.procedures
        return float(procedures.final_length * math.tan(procedures.glide_path))


def build_case(mission: Mission, sheet: Any, payload: float, fuel: float, air: Air,
               turbulence: str = "none", performance: Performance | None = None,
               tiles: Terrain | None = None, grid: TerrainGrid | None = None) -> Case:
    """Settle the mission's runways, put it in place and gather what it is judged by.

    ``grid`` is terrain that is read already; without it the one that ``tiles`` give is.
    Raises MissionError where nothing says where the mission begins, SetupError for terrain tiles
    that cannot be read.
    """
    standard = mission.cruise_speed or float(sheet.limits.cruise_speed)
    home, strips = choose_strips(mission, air, float(sheet.procedures.aiming_distance), standard,
                                 bare_ground(tiles, grid))
    mission = with_strips(mission, home, strips)
    patches = ground_patches(strips)
    terrain = terrain_around(tiles, mission, home, strips) if grid is None else grid
    points = lay_route(mission, home, strips, patches, terrain)
    asked = _asked_speeds(mission)
    return Case(mission, home, strips, patches, points, [speed or standard for speed in asked],
                [not (speed or mission.cruise_speed) for speed in asked],
                performance or Performance(sheet), payload, fuel, air,
                rough_times(mission, home, standard), terrain, tiles, turbulence)


def _asked_speeds(mission: Mission) -> list[float]:
    """Speed that the items up to each one ask for, m/s; 0 for the standard speed."""
    speeds, speed = [], 0.0
    for item in mission.items:
        speed = asked_speed(item, speed)
        speeds.append(speed)
    return speeds


def asked_speed(item: MissionItem, before: float) -> float:
    """Speed asked for from an item on, m/s, 0 for the standard speed; ``before`` up to it."""
    if item.command != plan.DO_CHANGE_SPEED or item.p2 in (None, -1.0):
        return before
    return 0.0 if item.p2 == -2.0 else float(item.p2 or 0.0)


def raised(item: MissionItem, by: float) -> MissionItem:
    """The item higher by ``by`` metres (lower where negative), in its own frame."""
    return replace(item, altitude=(item.altitude or 0.0) + by)


def moved(item: MissionItem, place: tuple[float, float]) -> MissionItem:
    """The item at another latitude and longitude."""
    return replace(item, latitude=place[0], longitude=place[1])


def with_radius(item: MissionItem, radius: float) -> MissionItem:
    """The loiter with another radius, turning the same way."""
    signed = math.copysign(radius, item.radius) if item.radius else radius
    if item.command == plan.LOITER_TO_ALT:
        return replace(item, p2=signed)
    return replace(item, p3=signed)


def is_loiter(item: MissionItem) -> bool:
    """True for items that circle."""
    return item.command in LOITERS


def height_text(item: MissionItem) -> str:
    """The item's altitude with what it counts from."""
    datum = ("above home" if item.frame in FRAMES_HOME else
             "above terrain" if item.frame in FRAMES_TERRAIN else "above sea level")
    return f"{figures.altitude(item.altitude or 0.0)} {datum}"
