"""Fuel against the way home: what would be left at the landing, and how long that is enough.

The way home is flown in numbers from here (way_home.py), in the wind as estimated, and scaled by
how much more, or less, than reckoned the engines have burnt of late: turbulence, ice and an
aircraft that is not quite its datasheet show there.
"""

from math import cos, sin, sqrt

from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.estimation.estimate import stall_speed
from longwatch.autopilot.failsafe import homeward, steady_flight, way_home
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.failsafe.homeward import WayState
from longwatch.autopilot.failsafe.steady_flight import NEVER
from longwatch.autopilot.manoeuvres import approach, runways
from longwatch.autopilot.manoeuvres.phases import cruise_speed
from longwatch.compiled import compiled
from longwatch.record import f8, field, i4, record

# Smoothing of the meter, of what flying on costs, and of flown over reckoned [s].
FLOW_TIME = 20.0
TREND_TIME = 60.0
BIAS_TIME = 300.0
LEAST_BIAS, MOST_BIAS = 0.8, 1.8
# Climb rates [m/s] and speeds over the stall within which flown is held against reckoned.
STEADY_CLIMB = 1.0
STEADY_SPEED = 1.1
# Kept in hand beside the reserve, part of the fuel home: as much as that may be reckoned too low,
# in a wind that is averaged in turbulence above all (decision 22). Contingency fuel, which Annex 6
# of ICAO puts at 5 % of a trip planned with a forecast.
CONTINGENCY = 0.10
# Half of the reserve is critical; what is low or critical ends a tenth of the reserve above.
CRITICAL_SHARE = 0.5
HYSTERESIS = 0.1
# What is low or critical has to be so for this long [s].
PATIENCE = 10.0
# A figure that has no end [s].
FOR_EVER = 1e7


@record
class FuelState:
    level: i4 = field("", "0 enough, 1 low, 2 critical")
    flow: f8 = field("kg/s", "fuel flow, smoothed")
    bias: f8 = field("", "fuel burnt over what was reckoned, less 1")
    time_home: f8 = field("s", "time to the landing on the way home from here")
    distance_home: f8 = field("m", "distance over the ground that is flown meanwhile")
    fuel_home: f8 = field("kg", "fuel that it takes")
    time_down: f8 = field("s", "time to a landing that is ordered here")
    distance_down: f8 = field("m", "distance over the ground that is flown meanwhile")
    fuel_down: f8 = field("kg", "fuel that it takes")
    end_home: i4 = field("", "end of the runway there, -1 the plan's", logged=False)
    end_down: i4 = field("", "end of the runway of that landing", logged=False)
    around_home: f8 = field("rad", "flown around the joining circle on the way home",
                            logged=False)
    around_down: f8 = field("rad", "flown around it on the way to a landing that is ordered here",
                            logged=False)
    circle_home: f8 = field("m", "joining circle on the way home, as in CrewState", logged=False)
    circle_down: f8 = field("m", "the same on the way to a landing", logged=False)
    loiter_home: f8 = field("rad", "turned around the plan's next circle when the way home leaves "
                                   "it", logged=False)
    at_landing: f8 = field("kg", "fuel left then")
    reserve: f8 = field("kg", "fuel that should be left then")
    endurance: f8 = field("s", "time until the tanks are empty at the present flow")
    return_in: f8 = field("s", "time until it has to turn home, flying on as now")
    stay: f8 = field("s", "time until it has to turn home, circling here")
    doubt: f8 = field("s", "how long it has looked worse than the level", logged=False)
    trend: f8 = field("kg/s", "what flying on as now adds to the fuel home", logged=False)
    way: WayState = field("", "a way while it is flown in numbers")


@compiled
def _total_flow(gauges, sheet):
    flow = 0.0
    for i in range(sheet.engine.count):
        flow += gauges.fuel_flow[i]
    return flow


@compiled
def _measure(state, estimate, running, fine, sheet, dt):
    """Smooth the meter and compare it with what such a flight should burn.

    Not with the blades kept fine (``fine``): that is no way to fly far.
    """
    flow = _total_flow(estimate.gauges, sheet)
    if state.flow <= 0.0:
        state.flow = flow
    state.flow += (flow - state.flow) * dt / (FLOW_TIME + dt)
    calibrated = estimate.air.calibrated_airspeed
    if fine or estimate.gauges.weight_on_wheels or running.working == 0 or (
            abs(estimate.climb_rate) > STEADY_CLIMB
            or calibrated < STEADY_SPEED * stall_speed(estimate, sheet)):
        return
    reckoned, _ = steady_flight.burn(sheet, running, estimate.mass, calibrated,
                                     estimate.air.density_ratio, estimate.altitude_msl,
                                     estimate.climb_rate, 0.0, estimate.gauges.gear, 1.0, False)
    ratio = min(max(flow / max(reckoned, 1e-9), LEAST_BIAS), MOST_BIAS)
    state.bias += (ratio - 1.0 - state.bias) * dt / (BIAS_TIME + dt)


@compiled
def reserve(settings, estimate, running, sheet, asked, altitude):
    """Fuel [kg] of the reserve: its time at cruise power at an altitude [m]."""
    time = settings.fuel_reserve if settings.fuel_reserve > 0.0 else sheet.limits.reserve_time
    flow, _ = steady_flight.burn(sheet, running, estimate.mass, asked,
                                 steady_flight.density_ratio(estimate, altitude), altitude, 0.0,
                                 0.0, 0.0, 1.0, False)
    return time * flow


@compiled
def to_runway(way, autopilot, plan_, sheet, earth, runway, end):
    """Time [s] and fuel [kg] from here straight to a runway, by index, and down on it."""
    way_home.landing_on(way, autopilot, plan_, sheet, earth, runway, end)
    time, _, fuel = _told(way)
    return time, fuel


@compiled
def cheapest(way, autopilot, plan_, sheet, earth):
    """Index of the runway that leaves the most fuel, of those long enough to land on, and the fuel.

    The fuel [kg] is ``NEVER`` and the index -1 where there is none.
    """
    chosen, least = -1, NEVER
    estimate = autopilot.estimate
    for i in range(len(plan_.runways)):
        _, _, length = approach.axis(plan_.runways[i], 0, earth)
        if length < runways.landing_length(estimate, sheet, plan_.runways[i]):
            continue
        _, fuel = to_runway(way, autopilot, plan_, sheet, earth, i, -1)
        if fuel < least:
            chosen, least = i, fuel
    return chosen, least


@compiled
def _told(way):
    """Time [s], distance [m] and fuel [kg] of a way that has been reckoned."""
    if way.time >= NEVER:
        return NEVER, NEVER, NEVER
    return way.time, way.distance, way.mass_now - way.mass


@compiled
def _around(way):
    """Angle [rad] that a way that has been reckoned leads around the joining circle."""
    return UNTOLD if way.time >= NEVER else way.around


@compiled
def cost_of_going_on(estimate, running, header, sheet, earth, asked, top):
    """Fuel [kg/s] by which the way home grows while it flies on as now; negative homeward.

    At cruise power all the way: near home, where the way is a glide, it grows by less.
    """
    at = homeward.place(earth, estimate.latitude, estimate.longitude)
    home = homeward.place(earth, header.home_latitude, header.home_longitude)
    _, course = homeward.distance_course(at, home)
    ratio = steady_flight.density_ratio(estimate, top)
    wind_north, wind_east = steady_flight.steady_wind(estimate)
    speed = steady_flight.over_ground(asked / sqrt(ratio), course, wind_north, wind_east)
    flow, _ = steady_flight.burn(
        sheet, running, estimate.mass, asked, ratio, top, 0.0, 0.0, 0.0, 1.0, False
    )
    leaving = -(estimate.velocity_north * cos(course) + estimate.velocity_east * sin(course))
    return flow * leaving / max(speed, homeward.LEAST_GROUND_SPEED)


@compiled
def _level(state, settings, best):
    """Level of what would be left; ``best`` is that at the runway that leaves most [kg]."""
    if not settings.fuel_watch:
        return 0
    more = HYSTERESIS * state.reserve
    critical = CRITICAL_SHARE * state.reserve
    if best <= critical + (more if state.level == failsafes.CRITICAL else 0.0):
        return failsafes.CRITICAL
    left = state.at_landing - CONTINGENCY * state.fuel_home
    if left <= state.reserve + (more if state.level > 0 else 0.0):
        return failsafes.LOW
    return 0


@compiled
def _reckon(state, autopilot, plan_, sheet, earth, share):
    """Time, distance and fuel of a return and of a landing from here."""
    way = state.way
    way_home.going_home(way, autopilot, plan_, sheet, earth)
    state.time_home, state.distance_home, fuel = _told(way)
    state.fuel_home, state.around_home = share * fuel, _around(way)
    state.end_home, state.circle_home, state.loiter_home = way.end, way.circle, way.loiter
    way_home.going_down(way, autopilot, plan_, sheet, earth)
    state.time_down, state.distance_down, fuel = _told(way)
    state.fuel_down, state.around_down = share * fuel, _around(way)
    state.end_down, state.circle_down = way.end, way.circle


@compiled
def observe(state, autopilot, plan_, sheet, earth, dt):
    """Work out every figure; every ``dt`` s."""
    settings, estimate, running = plan_.settings[0], autopilot.estimate, autopilot.engines
    asked = cruise_speed(autopilot, plan_.header, sheet)
    top = max(estimate.altitude_msl, plan_.header.home_elevation_msl + settings.return_altitude)
    _measure(state, estimate, running, autopilot.guidance.precise, sheet, dt)
    share = 1.0 + state.bias
    _reckon(state, autopilot, plan_, sheet, earth, share)
    state.at_landing = estimate.gauges.fuel_mass - state.fuel_home
    state.reserve = share * reserve(settings, estimate, running, sheet, asked, top)
    flow = state.flow
    if estimate.gauges.weight_on_wheels or flow <= 0.0:
        flow = share * steady_flight.burn(sheet, running, estimate.mass, asked,
                                          steady_flight.density_ratio(estimate, top), top, 0.0,
                                          0.0, 0.0, 1.0, False)[0]
    flow = max(flow, 1e-9)
    state.endurance = estimate.gauges.fuel_mass / flow
    away = share * cost_of_going_on(estimate, running, plan_.header, sheet, earth, asked, top)
    state.trend += (away - state.trend) * dt / (TREND_TIME + dt)
    spare = max(state.at_landing - CONTINGENCY * state.fuel_home - state.reserve, 0.0)
    state.stay = spare / flow
    spending = flow + (1.0 + CONTINGENCY) * state.trend
    state.return_in = min(spare / spending, FOR_EVER) if spending > 1e-9 else FOR_EVER
    if estimate.gauges.weight_on_wheels:
        state.level = 0
        return
    best = state.at_landing
    if best <= state.reserve * (CRITICAL_SHARE + HYSTERESIS):
        _, least = cheapest(state.way, autopilot, plan_, sheet, earth)
        best = max(best, estimate.gauges.fuel_mass - share * least)
    level = _level(state, settings, best)
    # A gust makes nobody turn home: what gets worse has to last.
    state.doubt = state.doubt + dt if level > state.level else 0.0
    if level <= state.level or state.doubt >= PATIENCE:
        state.level, state.doubt = level, 0.0
