"""Roughly when each item is reached: good enough to say which weather holds there.

Great circles at the airspeed asked for, turned true by 5 % a thousand metres, in still air; the
times of circles as stated. The mission flown in numbers (fuel.py) counts exactly.
"""

import math

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.planning.itinerary import itinerary
from longwatch.planning.mission import Home, Mission

# How much the true airspeed grows over the calibrated one a metre of altitude. Grade: derived, the
# standard atmosphere's near sea level; a twentieth too slow at 6 km.
TRUE_PER_METRE = 5e-5
# A circle whose radius is not given [m]. Grade: assumed.
CIRCLE_RADIUS = 800.0


def rough_times(mission: Mission, home: Home, standard_speed: float) -> list[float]:
    """Seconds from the start to each item, where it is reached first; one for each item."""
    place, speed, now = (home.latitude, home.longitude), standard_speed, 0.0
    times = [math.inf] * len(mission.items)
    for i in itinerary(mission.items):
        item = mission.items[i]
        true = speed * (1.0 + TRUE_PER_METRE * max(item.altitude or 0.0, 0.0))
        if item.positioned and item.latitude is not None and item.longitude is not None:
            target = (item.latitude, item.longitude)
            now += distance_and_bearing(*place, *target)[0] / true
            place = target
        times[i] = min(times[i], now)
        if item.command == plan.LOITER_TIME:
            now += item.p1 or 0.0
        elif item.command == plan.LOITER_TURNS:
            now += (item.p1 or 0.0) * 2 * math.pi * abs(item.radius or CIRCLE_RADIUS) / true
        elif item.command == plan.DO_CHANGE_SPEED and (item.p2 or 0.0) > 0.0:
            speed = float(item.p2 or speed)
    return [time if math.isfinite(time) else now for time in times]
