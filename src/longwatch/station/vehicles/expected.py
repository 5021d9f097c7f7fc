"""Where a vehicle that is not heard should be by now: on by its plan, then by its own rule.

It is reckoned from the last place that it told, at its last airspeed in the last wind, by its own
clock: a simulation's may go faster than the station's. Longwatch's
aircraft hold after COM_DL_LOSS_T and go home after LW_LINK_LONG_T (docs/failsafes.md); a PX4 does
after COM_DL_LOSS_T what NAV_DLL_ACT says, 1 hold and 2 return; any other is taken to fly on.
"""

from math import atan2, degrees, hypot, inf, radians

from longwatch.earth.geodesics import destination
from longwatch.station.vehicles.known import Known
from longwatch.station.vehicles.reckoning import (
    FLOWN_ITEMS,
    LAND,
    Vector,
    leg,
    loiter_time,
    time_over,
    true_airspeed,
    wind_vector,
)

Place = tuple[float, float]
_SILENT_S = 3.0  # as the link is called late
_JUMP, _FOR_EVER = 177, 17
NAMES = ("expected_latitude_deg", "expected_longitude_deg", "expected_by")


def step(vehicle: Known, now: float) -> None:
    """Set or unset where it should be."""
    silent = now - vehicle.heard
    found = None
    if vehicle.heard and silent >= _SILENT_S and vehicle.number("link_state") != "up":
        found = expected(vehicle, silent * vehicle.time_scale)
    for name, value in zip(NAMES, found or (None, None, None), strict=True):
        vehicle.set(name, value)


def expected(vehicle: Known, silent: float) -> tuple[float, float, str] | None:
    """Latitude, longitude [deg] and by what: "mission", "course", "hold", "return"; ``silent`` [s]
    by its own clock."""
    q = vehicle.number
    here = (q("latitude_deg"), q("longitude_deg"))
    speed, altitude = q("airspeed"), q("altitude_msl")
    if None in (*here, speed, altitude) or q("landed_state") not in ("in_air", "landing"):
        return None
    speed, wind = true_airspeed(speed, altitude), wind_vector(q("wind_speed"), q("wind_from"))
    hold, home = _rule(vehicle)
    if silent < hold:
        return _onward(vehicle, here, speed, wind, silent)
    *place, by = _onward(vehicle, here, speed, wind, min(hold, silent)) if hold < inf else (
        *here, "hold")
    if silent < home:
        return place[0], place[1], by if by == "hold" else "hold"
    to = (q("home_latitude_deg"), q("home_longitude_deg"))
    if None in to:
        return None
    latitude, longitude, _ = _along((place[0], place[1]), [(to, 0.0)], speed, wind, silent - home)
    return latitude, longitude, "return"


def _rule(vehicle: Known) -> tuple[float, float]:
    """After how long unheard it holds, and goes home [s]; inf for never."""
    get = vehicle.parameter
    after = get("COM_DL_LOSS_T") or inf
    if vehicle.own:
        home = get("LW_LINK_LONG_T") or inf
        return min(after, home), home
    action = get("NAV_DLL_ACT") if vehicle.family == "px4" else None
    return (after if action in (1.0, 2.0) else inf), (after if action == 2.0 else inf)


def _onward(vehicle: Known, here: Place, speed: float, wind: Vector,
            seconds: float) -> tuple[float, float, str]:
    """On along the mission, round its circle, or straight on."""
    q = vehicle.number
    if q("mission_state") == "active" and (ways := _ways(vehicle)):
        latitude, longitude, there = _along(here, ways, speed, wind, seconds)
        return latitude, longitude, "hold" if there else "mission"
    centre = (q("orbit_latitude_deg"), q("orbit_longitude_deg"))
    if None not in centre and q("orbit_radius") is not None:
        return centre[0], centre[1], "hold"
    north, east = q("velocity_north") or 0.0, q("velocity_east") or 0.0
    return *_moved(here, (north * seconds, east * seconds)), "course"


def _ways(vehicle: Known) -> list[tuple[Place, float]]:
    """The places ahead in the mission, and how long it stays at each [s]."""
    plan, sequence = vehicle.plans.get("mission"), vehicle.number("mission_sequence")
    found: list[tuple[Place, float]] = []
    for item in plan.items[sequence:] if plan is not None and sequence is not None else ():
        if item.command == _JUMP:
            break
        if item.command not in FLOWN_ITEMS or item.place is None:
            continue
        stays = item.command in (_FOR_EVER, LAND)
        found.append((item.place, inf if stays else loiter_time(
            item.command, item.params, vehicle.number("airspeed") or 1.0)))
        if stays:
            break
    return found


def _along(here: Place, ways: list[tuple[Place, float]], speed: float, wind: Vector,
           seconds: float) -> tuple[float, float, bool]:
    """Where it is after so long, and whether it has come to the end."""
    for place, stay in ways:
        way = leg(*here, *place)
        takes = time_over(way, speed, wind)
        if seconds < takes:
            share = 0.0 if takes == inf else seconds / takes
            return *_moved(here, (way[0] * share, way[1] * share)), False
        here, seconds = place, seconds - takes
        if seconds < stay:
            return *here, stay == inf
        seconds -= stay
    return *here, True


def _moved(here: Place, way: Vector) -> Place:
    """The place that lies ``way`` (north, east) [m] from here."""
    latitude, longitude = destination(radians(here[0]), radians(here[1]), atan2(way[1], way[0]),
                                      hypot(*way))
    return degrees(latitude), degrees(longitude)
