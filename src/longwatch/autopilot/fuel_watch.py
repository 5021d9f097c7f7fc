"""Fuel against the way home: what would be left at the landing, and how long that is enough.

The way home is flown in numbers from here (homeward.py), in the wind as estimated, and scaled by
how much more, or less, than reckoned the engines have burnt of late: turbulence, ice and an
aircraft that is not quite its datasheet show there.
"""

from longwatch.autopilot import failsafe, homeward, mission, plan
from longwatch.autopilot.navigation import stall_speed
from longwatch.compiled import compiled
from longwatch.record import f8, field, i4, record

# Smoothing of the meter, of the change of the fuel home, and of flown over reckoned [s].
FLOW_TIME = 20.0
TREND_TIME = 60.0
BIAS_TIME = 300.0
LEAST_BIAS, MOST_BIAS = 0.8, 1.8
# Climb rates [m/s] and speeds over the stall within which flown is held against reckoned.
STEADY_CLIMB = 1.0
STEADY_SPEED = 1.1
# Half of the reserve is critical; what is low or critical ends a tenth of the reserve above.
CRITICAL_SHARE = 0.5
HYSTERESIS = 0.1
# A figure that has no end [s].
FOR_EVER = 1e7


@record
class FuelState:
    level: i4 = field("", "0 enough, 1 low, 2 critical")
    flow: f8 = field("kg/s", "fuel flow, smoothed")
    bias: f8 = field("", "fuel burnt over what was reckoned, less 1")
    time_home: f8 = field("s", "time to the landing on the way home from here")
    fuel_home: f8 = field("kg", "fuel that it takes")
    at_landing: f8 = field("kg", "fuel left then")
    reserve: f8 = field("kg", "fuel that should be left then")
    endurance: f8 = field("s", "time until the tanks are empty at the present flow")
    return_in: f8 = field("s", "time until it has to turn home, flying on as now")
    stay: f8 = field("s", "time until it has to turn home, circling here")
    trend: f8 = field("kg/s", "change of the fuel home, smoothed", logged=False)


@compiled
def _total_flow(systems, sheet):
    flow = 0.0
    for i in range(sheet.engine.count):
        flow += systems.fuel_flow[i]
    return flow


@compiled
def _measure(state, systems, navigation, running, sheet, dt):
    """Smooth the meter and compare it with what such a flight should burn."""
    flow = _total_flow(systems, sheet)
    if state.flow <= 0.0:
        state.flow = flow
    state.flow += (flow - state.flow) * dt / (FLOW_TIME + dt)
    calibrated = navigation.calibrated_airspeed
    if navigation.weight_on_wheels or running.working == 0 or (
            abs(navigation.climb_rate) > STEADY_CLIMB
            or calibrated < STEADY_SPEED * stall_speed(navigation, sheet)):
        return
    reckoned, _ = homeward.burn(sheet, running, navigation.mass, calibrated,
                                navigation.density_ratio, navigation.altitude_msl,
                                navigation.climb_rate)
    ratio = min(max(flow / max(reckoned, 1e-9), LEAST_BIAS), MOST_BIAS)
    state.bias += (ratio - 1.0 - state.bias) * dt / (BIAS_TIME + dt)


@compiled
def reserve(settings, navigation, running, sheet, asked, altitude):
    """Fuel [kg] of the reserve: its time at cruise power at an altitude [m]."""
    time = settings.fuel_reserve if settings.fuel_reserve > 0.0 else sheet.limits.reserve_time
    flow, _ = homeward.burn(sheet, running, navigation.mass, asked,
                            homeward.density_ratio(navigation, altitude), altitude, 0.0)
    return time * flow


@compiled
def to_runway(navigation, running, plan_, sheet, earth, asked, runway, top):
    """Time [s] and fuel [kg] from here straight to a runway and down on it.

    ``asked`` is the calibrated cruise speed [m/s], ``top`` the altitude [m] flown at.
    """
    there = plan_.runways[runway]
    start = homeward.place(earth, navigation.latitude, navigation.longitude)
    end = homeward.place(earth, there.latitude[0], there.longitude[0])
    time, mass, altitude = homeward.leg(navigation, running, sheet, asked, start, end,
                                        navigation.mass, navigation.altitude_msl, top)
    if time >= homeward.NEVER:
        return homeward.NEVER, homeward.NEVER
    gate = there.elevation_msl[0] + sheet.procedures.final_length * sheet.procedures.glide_path
    spent, mass = homeward.landing(navigation, running, sheet, asked, mass, altitude, gate)
    return time + spent, navigation.mass - mass


@compiled
def cheapest(navigation, running, plan_, sheet, earth, asked, top):
    """Index of the runway that leaves the most fuel, and the fuel to it [kg]."""
    chosen, least = 0, 2.0 * homeward.NEVER
    for i in range(len(plan_.runways)):
        _, fuel = to_runway(navigation, running, plan_, sheet, earth, asked, i, top)
        if fuel < least:
            chosen, least = i, fuel
    return chosen, least


@compiled
def way_home(navigation, running, plan_, sheet, earth, asked, top):
    """Time [s] and fuel [kg] of the planned way home: the landing's items, or the first runway."""
    items = plan_.items
    index = mission.landing_index(items)
    if index < 0:
        return to_runway(navigation, running, plan_, sheet, earth, asked, 0, top)
    at = homeward.place(earth, navigation.latitude, navigation.longitude)
    time, mass, altitude = 0.0, navigation.mass, navigation.altitude_msl
    highest = top
    while index < len(items) and items[index].command != plan.LAND:
        item = items[index]
        if mission.is_navigation(item.command) and item.latitude != 0.0:
            to = homeward.place(earth, item.latitude, item.longitude)
            spent, mass, altitude = homeward.leg(navigation, running, sheet, asked, at, to, mass,
                                                 altitude, highest)
            if spent >= homeward.NEVER:
                return homeward.NEVER, homeward.NEVER
            time, at, highest = time + spent, to, item.altitude_msl
        index += 1
    runway = max(items[index].runway, 0) if index < len(items) else 0
    there = plan_.runways[runway]
    to = homeward.place(earth, there.latitude[0], there.longitude[0])
    spent, mass, altitude = homeward.leg(navigation, running, sheet, asked, at, to, mass, altitude,
                                         highest)
    if spent >= homeward.NEVER:
        return homeward.NEVER, homeward.NEVER
    gate = there.elevation_msl[0] + sheet.procedures.final_length * sheet.procedures.glide_path
    last, mass = homeward.landing(navigation, running, sheet, asked, mass, altitude, gate)
    return time + spent + last, navigation.mass - mass


@compiled
def _level(state, settings, best):
    """Level of what would be left; ``best`` is that at the runway that leaves most [kg]."""
    if not settings.fuel_watch:
        return 0
    more = HYSTERESIS * state.reserve
    critical = CRITICAL_SHARE * state.reserve
    if best <= critical + (more if state.level == failsafe.CRITICAL else 0.0):
        return failsafe.CRITICAL
    if state.at_landing <= state.reserve + (more if state.level > 0 else 0.0):
        return failsafe.LOW
    return 0


@compiled
def observe(state, settings, systems, navigation, running, plan_, sheet, earth, asked, top, dt):
    """Work out every figure; every ``dt`` s. ``asked`` and ``top`` as in :func:`to_runway`."""
    _measure(state, systems, navigation, running, sheet, dt)
    share = 1.0 + state.bias
    was = state.fuel_home
    time, fuel = way_home(navigation, running, plan_, sheet, earth, asked, top)
    state.time_home, state.fuel_home = time, share * fuel
    state.at_landing = navigation.fuel_mass - state.fuel_home
    state.reserve = share * reserve(settings, navigation, running, sheet, asked, top)
    flow = state.flow
    if navigation.weight_on_wheels or flow <= 0.0:
        flow = share * homeward.burn(sheet, running, navigation.mass, asked,
                                     homeward.density_ratio(navigation, top), top, 0.0)[0]
    flow = max(flow, 1e-9)
    state.endurance = navigation.fuel_mass / flow
    if was > 0.0:
        state.trend += ((state.fuel_home - was) / dt - state.trend) * dt / (TREND_TIME + dt)
    spare = max(state.at_landing - state.reserve, 0.0)
    state.stay = spare / flow
    spending = flow + state.trend
    state.return_in = min(spare / spending, FOR_EVER) if spending > 1e-9 else FOR_EVER
    if navigation.weight_on_wheels:
        state.level = 0
        return
    best = state.at_landing
    if best <= state.reserve * (CRITICAL_SHARE + HYSTERESIS):
        _, least = cheapest(navigation, running, plan_, sheet, earth, asked, top)
        best = max(best, navigation.fuel_mass - share * least)
    state.level = _level(state, settings, best)
