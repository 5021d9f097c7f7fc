"""How close the aircraft of the fleet come to each other.

The limits are those by which unmanned aircraft remain well clear in RTCA DO-365: 4 000 ft on the
ground (DMOD, HMD), 450 ft in height; a corrective alert 55 s ahead, a warning 25 s ahead. Its third
limit, a modified tau of 35 s, is left out: it widens the room ahead of each by what a straight line
covers, and aircraft of one fleet circle and turn by plans. Both fly on as they do now, no farther.
"""

from collections.abc import Iterable
from itertools import combinations
from math import hypot

from longwatch.station.vehicles.reckoning import leg
from longwatch.station.vehicles.vehicle import Vehicle

ON_GROUND, IN_HEIGHT = 4000 * 0.3048, 450 * 0.3048
SOON_S, CLOSE_S, STEP_S = 55, 25, 5
_ORDER = {"close": 0, "near": 1, "none": 2}
_NEEDED = ("latitude_deg", "longitude_deg", "altitude_msl", "velocity_north", "velocity_east",
           "climb_rate")
# Level, the other's name, distance on the ground [m], how much higher the other is [m].
Seen = tuple[str, str, float, float]


def monitor(vehicles: Iterable[Vehicle]) -> None:
    """Tell each vehicle of the one that comes closest to it, where any does."""
    flying = [v for v in vehicles if not v.replay and v.number("landed_state") == "in_air"
              and v.number("link_state") == "up"
              and None not in (v.number(name) for name in _NEEDED)]
    worst: dict[str, Seen] = {}
    for one, other in combinations(flying, 2):
        level, distance, height = _between(one, other)
        for v, met, above in ((one, other, height), (other, one, -height)):
            seen = (level, met.name, distance, above)
            worst[v.id] = min(worst.get(v.id, seen), seen, key=lambda s: (_ORDER[s[0]], s[2]))
    for v in vehicles:
        level, name, distance, height = worst.get(v.id, ("none", "", 0.0, 0.0))
        away = level == "none"
        v.set("traffic", level)
        v.set("traffic_name", None if away else name)
        v.set("traffic_distance", None if away else distance)
        v.set("traffic_height", None if away else height)


def _between(one: Vehicle, other: Vehicle) -> tuple[str, float, float]:
    """Level, distance on the ground now [m], and how much higher the other is [m]."""
    a, b = ([v.number(name) for name in _NEEDED] for v in (one, other))
    north, east = leg(a[0], a[1], b[0], b[1])
    height = b[2] - a[2]
    level = "none"
    for after in range(0, SOON_S + 1, STEP_S):
        apart = hypot(north + (b[3] - a[3]) * after, east + (b[4] - a[4]) * after)
        if apart < ON_GROUND and abs(height + (b[5] - a[5]) * after) < IN_HEIGHT:
            level = "close" if after <= CLOSE_S else "near"
            break
    return level, hypot(north, east), height
