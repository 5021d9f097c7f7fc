"""How the actions of the failsafe table are flown, by the crew's own modes (crew.py).

Each returns 1, or 0 where it cannot be flown now and nothing has changed.
"""

from longwatch.autopilot import codes
from longwatch.autopilot.codes import PHASE_APPROACH
from longwatch.autopilot.crew import modes
from longwatch.autopilot.failsafe import fence_watch, fuel_watch
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.manoeuvres import guided
from longwatch.autopilot.manoeuvres.phases import lands
from longwatch.compiled import compiled


@compiled
def turn_back(autopilot, plan_, sheet, earth, ring, time):
    """Onto the circle that keeps clear of the fence; level between ceiling and floor."""
    state, seen = autopilot.failsafe, autopilot.failsafe.fence
    altitude = fence_watch.held_altitude(plan_.settings[0], autopilot.estimate, sheet)
    if seen.level == failsafes.AHEAD:
        return _onto_way_out(autopilot, plan_, sheet, earth, ring, time, altitude)
    if not (state.acting and state.taken == codes.ACTION_TURN_BACK
            and autopilot.modes.phase == codes.PHASE_HOLDING):
        if modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_HOLD) == 0:
            return 0
        seen.held_speed = 0.0
    autopilot.crew.target_altitude_msl = altitude
    return 1


@compiled
def _onto_way_out(autopilot, plan_, sheet, earth, ring, time, altitude):
    seen = autopilot.failsafe.fence
    radius = seen.side * seen.radius
    if modes.go_to(autopilot, plan_, sheet, earth, ring, time, codes.MODE_HOLD, seen.latitude,
                  seen.longitude, altitude, radius) == 0:
        return 0
    seen.held_speed = seen.speed
    if autopilot.modes.phase == codes.PHASE_HOLDING:
        # As wide as it was judged by: any wider it would lead nearer to the fence.
        guided.lay_circle(autopilot, earth, seen.latitude, seen.longitude, radius)
    return 1


@compiled
def hold(autopilot, plan_, sheet, earth, ring, time):
    """Circle here, no lower than a take-off leads or a return begins."""
    settings, header = plan_.settings[0], plan_.header
    if modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_HOLD) == 0:
        return 0
    least = header.home_elevation_msl + min(settings.takeoff_altitude, settings.return_altitude)
    autopilot.crew.target_altitude_msl = max(autopilot.crew.target_altitude_msl, least)
    return 1


@compiled
def land(autopilot, plan_, sheet, earth, ring, time):
    """To the runway that leaves the most fuel; home where none is known to be long enough.

    A landing that is nearly done goes on: beginning another would cost the fuel that lacks.
    """
    phase = autopilot.modes.phase
    if lands(phase) and (phase != PHASE_APPROACH or autopilot.approach.near):
        modes.note_mode(autopilot, codes.MODE_LAND, ring, time)
        return 1
    runway, _ = fuel_watch.cheapest(autopilot.failsafe.fuel.way, autopilot, plan_, sheet, earth)
    if runway >= 0:
        return modes.land_on(autopilot, plan_, sheet, earth, ring, time, runway, -1)
    return modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_RETURN)


@compiled
def wait(autopilot, plan_, sheet, earth, ring, time):
    """Circle over home at the return altitude or higher."""
    header, settings = plan_.header, plan_.settings[0]
    altitude = max(autopilot.estimate.altitude_msl,
                   header.home_elevation_msl + settings.return_altitude)
    return modes.go_to(autopilot, plan_, sheet, earth, ring, time, codes.MODE_RETURN,
                      header.home_latitude, header.home_longitude, altitude,
                      settings.loiter_radius)


@compiled
def keep_clear(autopilot, plan_, sheet, earth, ring, time):
    """Move the circle held after a turn back further in, wherever it leads that way."""
    crew_, estimate = autopilot.crew, autopilot.estimate
    north, east = fence_watch.further_in(
        plan_.fence, plan_.settings[0], estimate, earth, crew_.target_latitude,
        crew_.target_longitude, crew_.radius)
    if north == 0.0 and east == 0.0:
        return
    latitude, longitude = fence_watch.moved(earth, crew_.target_latitude, crew_.target_longitude,
                                            north, east)
    guided.lay_circle(autopilot, earth, latitude, longitude, crew_.radius)
