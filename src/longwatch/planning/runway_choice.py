"""Which runways a mission uses, and which end of each.

Rules:
- The take-off point (the TAKEOFF item's position, else home) and the LAND point each use a known
  runway within 1 km.
- Elsewhere a flat hard strip is assumed: for landing along the last leg, the LAND point being the
  aiming point, 300 m past the threshold, at the LAND item's altitude, which is the level of the
  ground there; for take-off from home along the first leg, at home's elevation. Where home and the
  LAND point are within 1 km the landing strip serves both, at home's elevation.
- Home lies on the ground: where the mission has it off a known runway within 1 km, or off the
  terrain, by more than terrain is known to, the ground's elevation counts, and the crew is told.
- A mission without a LAND point lands on the runway that it left.
- A known runway is used into the wind, an assumed one as the mission draws it until the tailwind
  exceeds 2 m/s; in calm air each is used in the direction that the mission draws.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.runways import Runway, known_runways, nearest_runway
from longwatch.errors import MissionError
from longwatch.planning import figures
from longwatch.planning.air import Air
from longwatch.planning.itinerary import itinerary
from longwatch.planning.mission import (
    FRAMES_HOME,
    FRAMES_TERRAIN,
    Home,
    Mission,
    MissionItem,
)
from longwatch.planning.schedule import rough_times
from longwatch.planning.strip import Strip, Strips, strip_along

# So near to a point a known runway is meant [m].
MATCH_WITHIN = 1000.0
# Home farther than this from the runway that it leaves is told of [m].
HOME_WITHIN = 10_000.0
# The strip that is assumed where none is known: length, width, from the threshold to the aiming
# point [m]. Grade: assumed; ICAO Annex 14 puts the aiming point of such a runway at 300 m.
ASSUMED_LENGTH = 1500.0
ASSUMED_WIDTH = 45.0
ASSUMED_AIMING_DISTANCE = 300.0
# The tailwind in which the end is kept that a mission draws, and less than which is calm on a known
# runway [m/s]. Grade: assumed.
ASSUMED_TAILWIND = 2.0
KNOWN_TAILWIND = 0.5
# Runway winds are measured at this height [m] (ICAO Annex 3).
WIND_HEIGHT = 10.0
# Terrain tiles are right to 16 m in nine of ten places (SRTM's specification); what differs by
# more is another ground.
GROUND_KNOWN_TO = 16.0

Point = tuple[float, float]
# Elevation of the ground at a place, NaN where nothing tells.
Ground = Callable[[Point], float]


def unknown_ground(place: Point) -> float:
    """The ground where there is no terrain."""
    del place
    return math.nan


def choose_strips(mission: Mission, air: Air, aiming_distance: float, cruise_speed: float,
                  ground: Ground = unknown_ground) -> tuple[Home, Strips]:
    """Home and the runways in use, each for the wind when it is used.

    ``aiming_distance`` is the aircraft's own, for known runways, in metres; ``cruise_speed`` [m/s]
    says when it lands; ``ground`` is the terrain. Raises MissionError where nothing says where the
    mission begins.
    """
    home = mission.home or _home_from_takeoff(mission, aiming_distance)
    if mission.strips is not None:
        return home, mission.strips
    warnings = [] if mission.home else [
        "the mission does not say where home is: taken from its take-off, at "
        f"{figures.altitude(home.elevation_msl)} above sea level"]
    home, text = _on_ground(home, aiming_distance, ground)
    warnings += [text] if text else []
    takeoff = next((i for i in mission.items if i.command == plan.TAKEOFF), None)
    reached = (mission.items[i] for i in itinerary(mission.items, 1))
    land = next((i for i in reached if i.command == plan.LAND and i.positioned), None)
    landing, landing_course = _landing(mission, home, land, aiming_distance, ground)
    leaving = _takeoff_known(takeoff, home, aiming_distance)
    first_course = _first_course(mission, home)
    if leaving is None and landing is not None and _near(home, landing[1]):
        leaving = landing[0]
        first_course = landing_course
    if leaving is None:
        leaving = strip_along("strip assumed from home along the first leg",
                              (home.latitude, home.longitude), first_course, ASSUMED_LENGTH,
                              ASSUMED_WIDTH, home.elevation_msl, ASSUMED_AIMING_DISTANCE)
    away = distance_and_bearing(home.latitude, home.longitude, leaving.latitude[0],
                                leaving.longitude[0])[0]
    if away > HOME_WITHIN:
        warnings.append(f"home lies {figures.distance(away)} from the runway that it leaves: "
                        "heights above home count from there all the same")
    if landing is None:
        landing_strip, landing_course = leaving, first_course
    else:
        landing_strip = landing[0]
    anchored = landing is not None
    time = max(rough_times(mission, home, cruise_speed), default=0.0)
    strips = _in_use(leaving, first_course, landing_strip, landing_course, anchored, air, time)
    strips = _with_others(strips, mission, home, land, aiming_distance, air, time, ground)
    return home, replace(strips, warnings=tuple(warnings))


def _with_others(strips: Strips, mission: Mission, home: Home, land: MissionItem | None,
                 aiming_distance: float, air: Air, time: float, ground: Ground) -> Strips:
    """The runways of landings that are not the one reached first: of further sequences."""
    for item in mission.items:
        if item.command != plan.LAND or item is land or not item.positioned:
            continue
        found, course = _landing(mission, home, item, aiming_distance, ground)
        if found is None:
            continue
        strip, end, text = _turned(f"item {figures.name(item.sequence)}, landing",
        found[0], course, air, time,
                                   True)
        runways = strips.runways if strip in strips.runways else (*strips.runways, strip)
        strips = replace(strips, runways=runways, messages=(*strips.messages, text), others=(
            *strips.others, (item.sequence, runways.index(strip), end)))
    return strips


def _on_ground(home: Home, aiming_distance: float, ground: Ground) -> tuple[Home, str]:
    """Home where the aircraft stands, and what to tell where the mission has it elsewhere."""
    strip = _known_near((home.latitude, home.longitude), aiming_distance)
    if strip is not None:
        elevation = strip.elevation_beside(home.latitude, home.longitude)
        what = f"the runway {figures.name(strip.name)}"
    else:
        elevation, what = ground((home.latitude, home.longitude)), "the terrain"
    off = elevation - home.elevation_msl
    if not abs(off) > GROUND_KNOWN_TO:
        return home, ""
    return replace(home, elevation_msl=elevation), (
        f"home is stated at {figures.altitude(home.elevation_msl)} above sea level, {what} lies "
        f"at {figures.altitude(elevation)} there: heights above home count from "
        f"{figures.altitude(elevation)}")


def _in_use(leaving: Strip, first_course: float, landing: Strip, last_course: float,
            anchored: bool, air: Air, landing_time: float) -> Strips:
    same = leaving == landing
    landing, landing_end, landing_text = _turned("landing", landing, last_course, air,
                                                   landing_time, anchored)
    if same:
        leaving = landing
    leaving, takeoff_end, takeoff_text = _turned("take-off", leaving, first_course, air, 0.0,
                                                  False)
    runways = (leaving,) if leaving == landing else (leaving, landing)
    return Strips(runways, 0, takeoff_end, len(runways) - 1, landing_end,
                  (takeoff_text, landing_text))


def landing_level(land: MissionItem, home: Home, ground: Ground) -> float | None:
    """Level of the ground that a LAND item states, m above mean sea level; None: it states none."""
    if land.altitude is None or land.latitude is None or land.longitude is None:
        return None
    if land.frame in FRAMES_HOME:
        return home.elevation_msl + land.altitude
    if land.frame in FRAMES_TERRAIN:
        below = ground((land.latitude, land.longitude))
        return land.altitude + (home.elevation_msl if math.isnan(below) else below)
    return land.altitude


def _landing(mission: Mission, home: Home, land: MissionItem | None, aiming_distance: float,
             ground: Ground) -> tuple[tuple[Strip, Point] | None, float]:
    """The landing strip with its LAND point, and the course of the last leg."""
    if land is None or land.latitude is None or land.longitude is None:
        return None, 0.0
    point = (land.latitude, land.longitude)
    before = place_before(mission, land, home)
    distance, course = distance_and_bearing(*before, *point)
    if distance < 1.0:
        course = _first_course(mission, home)
    known = _known_near(point, aiming_distance)
    if known is not None:
        return (known, point), course
    level = None if _near(home, point) else landing_level(land, home, ground)
    strip = strip_along("strip assumed along the last leg", point, course, ASSUMED_LENGTH,
                        ASSUMED_WIDTH, home.elevation_msl if level is None else level,
                        ASSUMED_AIMING_DISTANCE)
    return (_shifted(strip, point, course), point), course


def _shifted(strip: Strip, aiming_point: Point, course: float) -> Strip:
    """The same strip laid so that ``aiming_point`` is where a landing along ``course`` aims."""
    back = strip_along(strip.name, aiming_point, course + math.pi, strip.aiming_distance,
                       strip.width, strip.elevation_msl[0], strip.aiming_distance)
    return strip_along(strip.name, (back.latitude[1], back.longitude[1]), course, ASSUMED_LENGTH,
                       strip.width, strip.elevation_msl[0], strip.aiming_distance)


def _turned(what: str, strip: Strip, drawn: float, air: Air, time: float, anchored: bool
            ) -> tuple[Strip, int, str]:
    """The strip, the end in use and what to tell; ``drawn`` is the mission's own course.

    An assumed strip ``anchored`` to a LAND point is laid anew when it is turned, so that the
    point stays where the landing aims.
    """
    end = 0 if math.cos(drawn - strip.course(0)) >= 0 else 1
    headwind, crosswind = wind_on(strip, end, air, time)
    allowed = KNOWN_TAILWIND if strip.known else ASSUMED_TAILWIND
    turned = headwind < -allowed
    if turned:
        aiming_point = strip.aiming_point(end)
        end = 1 - end
        if anchored and not strip.known:
            strip, end = _shifted(strip, aiming_point, strip.course(end)), 0
        headwind, crosswind = wind_on(strip, end, air, time)
    degrees = math.degrees(strip.course(end)) % 360
    why = "turned into the wind" if turned else "as the mission draws it"
    return strip, end, (f"{what} on {figures.name(strip.name)}, end "
                        f"{figures.name(strip.ends[end])}, course {figures.slope(degrees, '.0f')}, "
                        f"{why}: headwind {figures.wind(headwind)}, crosswind "
                        f"{figures.wind(abs(crosswind))}; strip {figures.length(strip.length)}, "
                        f"elevation {figures.altitude(strip.elevation_msl[end])}")


def wind_on(strip: Strip, end: int, air: Air, time: float) -> tuple[float, float]:
    """Headwind and crosswind from the right at 10 m over a threshold, m/s, at a time [s]."""
    course, ground = strip.course(end), strip.elevation_msl[end]
    north, east = air.wind((strip.latitude[end], strip.longitude[end]), ground + WIND_HEIGHT,
                           ground, time)
    return (0.0 - (north * math.cos(course) + east * math.sin(course)),
            0.0 - (east * math.cos(course) - north * math.sin(course)))


def _takeoff_known(item: MissionItem | None, home: Home, aiming_distance: float) -> Strip | None:
    points = [(home.latitude, home.longitude)]
    if item is not None and item.latitude is not None and item.longitude is not None:
        points.insert(0, (item.latitude, item.longitude))
    found = (_known_near(point, aiming_distance) for point in points)
    return next((strip for strip in found if strip is not None), None)


def _known_near(point: Point, aiming_distance: float) -> Strip | None:
    runway = nearest_runway(*point, known_runways(), MATCH_WITHIN)
    return None if runway is None else known_strip(runway, aiming_distance)


def known_strip(runway: Runway, aiming_distance: float) -> Strip:
    """A known runway as a strip, to aim ``aiming_distance`` m beyond the threshold."""
    name = f"{runway.airport} {'/'.join(runway.ends)} ({runway.name})"
    return Strip(name, runway.ends, runway.latitude, runway.longitude, runway.elevation_msl,
                 runway.width, runway.paved, aiming_distance, known=True)


def _home_from_takeoff(mission: Mission, aiming_distance: float) -> Home:
    item = next((i for i in mission.items if i.command == plan.TAKEOFF and i.positioned), None)
    if item is not None and item.latitude is not None and item.longitude is not None:
        point = (item.latitude, item.longitude)
        strip = _known_near(point, aiming_distance)
        if strip is not None:
            return Home(*point, strip.elevation_beside(*point))
    raise MissionError(f"{mission.path}: nothing says where home is and how high; add the home "
                       "position (plannedHomePosition, or the line numbered 0)")


def _near(home: Home, point: Point) -> bool:
    return distance_and_bearing(home.latitude, home.longitude, *point)[0] <= MATCH_WITHIN


def _first_course(mission: Mission, home: Home) -> float:
    """Course from home to the first place that the mission names away from it."""
    for item in mission.items:
        if item.positioned and item.latitude is not None and item.longitude is not None:
            distance, course = distance_and_bearing(home.latitude, home.longitude,
                                                    item.latitude, item.longitude)
            if distance > 100.0:
                return course
    return 0.0


def place_before(mission: Mission, land: MissionItem, home: Home) -> Point:
    """The last place before the LAND item, home where there is none."""
    place = (home.latitude, home.longitude)
    for item in mission.items:
        if item is land:
            break
        if item.positioned and item.latitude is not None and item.longitude is not None:
            place = (item.latitude, item.longitude)
    return place


def with_strips(mission: Mission, home: Home, strips: Strips) -> Mission:
    """The mission with its runways settled, so that later changes do not move them."""
    return replace(mission, home=home, strips=strips)
