"""The way to a landing that the plan does not hold: to home or a rally point, to a runway, down.

The aircraft keeps its altitude until the runway is as near as its descent is long, then joins the
approach (approach.py), on the end that the estimated wind calls for by then.
"""

from math import hypot

from longwatch.autopilot.aboard import rally
from longwatch.autopilot.aboard.crew_record import (
    NOT_INBOUND,
    TO_PLACE,
    TO_RUNWAY,
    forget_the_approach,
)
from longwatch.autopilot.codes import PHASE_APPROACH
from longwatch.autopilot.control import guidance
from longwatch.autopilot.manoeuvres import approach, guided, runways
from longwatch.autopilot.manoeuvres.phases import approach_speed, enter
from longwatch.compiled import compiled
from longwatch.earth.wgs84 import geodetic_to_ecef

# Slope that the way down to the gate is reckoned with; the energy control descends by 0.09.
DESCENT_SLOPE = 0.075
# Radii of the joining circle that are flown level, slowing down, before the gate.
JOINING_RADII = 3.0

# Bound for a runway it flies to the runway itself: a circle as wide as the crew's setting may be
# would keep it further away than where its descent begins.
TIGHTEST = 0.0


@compiled
def nearest_here(plan_, sheet, earth, estimate):
    """Index of the runway nearest to the aircraft that is long enough; -1 none."""
    return runways.nearest(plan_.runways, estimate, sheet, earth, estimate.latitude,
                           estimate.longitude)


@compiled
def head_for(autopilot, plan_, sheet, earth, ring, time):
    """Set off for the nearest rally point, where one is nearer than home, or for home's runway."""
    crew, estimate, header = autopilot.crew, autopilot.estimate, plan_.header
    point = rally.nearest(plan_.rally, header, estimate, earth)
    if point >= 0:
        place = plan_.rally[point]
        crew.target_altitude_msl = place.altitude_msl
        crew.inbound, crew.end = TO_PLACE, -1
        guided.circle(autopilot, sheet, earth, place.latitude, place.longitude,
                      plan_.settings[0].loiter_radius, ring, time)
        return
    runway = runways.nearest(plan_.runways, estimate, sheet, earth, header.home_latitude,
                             header.home_longitude)
    if runway >= 0:
        to_runway(autopilot, plan_, sheet, earth, ring, time, runway, -1)
        return
    crew.inbound = NOT_INBOUND
    guided.circle(autopilot, sheet, earth, header.home_latitude, header.home_longitude,
                  plan_.settings[0].loiter_radius, ring, time)


@compiled
def to_runway(autopilot, plan_, sheet, earth, ring, time, runway, end):
    """Set off for a runway, by index; ``end`` -1 is chosen by the wind once it is near."""
    crew = autopilot.crew
    crew.inbound, crew.runway, crew.end = TO_RUNWAY, runway, end
    threshold = max(end, 0)
    guided.circle(autopilot, sheet, earth, plan_.runways[runway].latitude[threshold],
                  plan_.runways[runway].longitude[threshold], TIGHTEST, ring, time)


@compiled
def _descent_begins(autopilot, plan_, sheet):
    """Distance from the runway [m] at which the way down to its gate begins."""
    estimate, runway = autopilot.estimate, plan_.runways[autopilot.crew.runway]
    radius = approach.join_radius(estimate, approach_speed(estimate, sheet))
    height = estimate.altitude_msl - runway.elevation_msl[0]
    return (sheet.procedures.final_length + JOINING_RADII * radius
            + max(height, 0.0) / DESCENT_SLOPE)


@compiled
def step(autopilot, plan_, sheet, earth, ring, time):
    """Go on from the place to a runway, from the way to the runway to its approach."""
    crew, path, estimate = autopilot.crew, autopilot.guidance, autopilot.estimate
    if crew.inbound == TO_PLACE:
        if guided.on_circle(path):
            runway = runways.nearest(plan_.runways, estimate, sheet, earth,
                                     crew.target_latitude, crew.target_longitude)
            crew.inbound = NOT_INBOUND
            if runway >= 0:
                to_runway(autopilot, plan_, sheet, earth, ring, time, runway, -1)
        return
    if crew.inbound != TO_RUNWAY:
        return
    centre = geodetic_to_ecef(earth, crew.target_latitude, crew.target_longitude, 0.0)
    north, east = guidance.offset(estimate, centre)
    if hypot(north, east) > _descent_begins(autopilot, plan_, sheet):
        return
    end = crew.end
    if end < 0:
        end = runways.into_wind(plan_.runways[crew.runway], estimate, earth, crew.end_told)
        if end != crew.end_told:
            forget_the_approach(crew)
    crew.inbound = NOT_INBOUND
    approach.select(autopilot.approach, plan_.runways, earth, crew.runway, end)
    approach.join(autopilot.approach, path, plan_.runways, estimate, sheet, earth,
                  approach_speed(estimate, sheet), crew.circle)
    enter(autopilot.modes, PHASE_APPROACH, ring, time)
