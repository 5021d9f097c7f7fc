"""Fuel that a mission needs: what it burns, a share for turbulence, and the reserve.

Turbulence adds a share of all that is burnt, by its level, and at least what one go-around takes:
gusts cost power, and go-arounds laps. The reserve is the datasheet's time at cruise power at the
mass of the landing and the highest altitude flown.
"""

import math
from dataclasses import replace

from longwatch.planning import figures
from longwatch.planning.case import Case
from longwatch.planning.judgement import FuelPlan
from longwatch.planning.walk import walk
from longwatch.planning.walk_circles import TIME_STEP, circling
from longwatch.planning.walk_legs import climb_flow
from longwatch.planning.walk_state import Visit, Walk

# More fuel weighs more, and burns more: a few rounds settle it to a fraction of a kilogram.
LOAD_ROUNDS = 5
# Fuel needed in turbulence, by level, over that in steady air. Grade: measured, on the shipped
# mission with 0 kg of payload and 100 kg of fuel, and with 150 and 216 kg, in calm air and in wind
# 12@180, seeds 1 to 6: flown over planned at most 1.133 in light, 1.210 in moderate and 1.525 in
# severe, all heavy (with the light load 1.050, 1.116 and 1.500); rounded up to the next 0.05.
# Without turbulence it is 0.98 to 1.00.
CONTINGENCY = {"none": 1.0, "light": 1.15, "moderate": 1.25, "severe": 1.55}


# The way of a go-around, back to the gate and in again, in lengths of the final approach, flown as
# that is; and the height it climbs [m] (autopilot/manoeuvres/landing.py). Grade: measured, 398 s
# and 18.6 kg of an akinci (campaigns.missions).
GO_AROUND_FINALS, GO_AROUND_CLIMB = 4.0, 300.0


def circling_time(case: Case, visit: Visit, fuel: float) -> float:
    """Time in s that an amount of fuel, kg, lasts on the circle of an item, turbulence included."""
    wind = math.hypot(*case.wind_over(visit.index))
    density_altitude = case.density_altitude(visit.index)
    mass, time = visit.mass, 0.0
    least = mass - max(fuel, 0.0)
    while mass - least > 1e-6:
        flow = circling(case, visit.index, mass, wind, density_altitude)[1]
        flow *= CONTINGENCY[case.turbulence]
        step = min(TIME_STEP, (mass - least) / flow)
        time, mass = time + step, mass - flow * step
    return time


def load_needed(case: Case, fuel: FuelPlan) -> float:
    """Fuel, kg, that covers mission, turbulence and reserve with its own weight carried along."""
    load = fuel.required
    for _ in range(LOAD_ROUNDS):
        loaded = fuel_plan(walk(replace(case, fuel=load)))
        if loaded.required <= load:
            break
        load = loaded.required
    return load


def fuel_plan(state: Walk) -> FuelPlan:
    """Fuel that the flight, turbulence and the reserve need."""
    case = state.case
    cruise = float(case.sheet.limits.cruise_speed)
    altitude = min(state.highest, case.performance.ceiling(state.mass))
    reserve = case.performance.fuel_flow(state.mass, cruise, altitude)
    reserve *= float(case.sheet.limits.reserve_time)
    needed = sum(v.fuel for v in state.visits)
    contingency = needed * (CONTINGENCY[case.turbulence] - 1.0)
    if case.turbulence != "none":
        contingency = max(contingency, _go_around(state))
    return FuelPlan(case.fuel, needed, contingency, reserve,
                    sum(v.time for v in state.visits), sum(v.distance for v in state.visits))


def _go_around(state: Walk) -> float:
    """Fuel of one go-around at the mass and altitude of the landing, kg."""
    case, mass = state.case, state.mass
    ground = state.altitude
    wind = math.hypot(*state.wind(state.place, ground))
    density_altitude, performance = state.density_altitude(state.place, ground), case.performance
    speed = case.approach_speed(mass, wind)
    way = GO_AROUND_FINALS * float(case.sheet.procedures.final_length)
    time = way / performance.true_airspeed(speed, density_altitude)
    climbing = GO_AROUND_CLIMB / max(performance.climb_rate(mass, speed, density_altitude), 0.5)
    return (performance.fuel_flow(mass, speed, density_altitude, gear=True, fine=True) * time
            + climb_flow(case, mass, density_altitude) * climbing)


def fuel_text(case: Case, fuel: FuelPlan) -> str:
    """What has to be aboard, part by part."""
    reserve = f"{figures.mass(fuel.reserve, '.1f')} of reserve"
    if case.turbulence == "none":
        return f"{figures.mass(fuel.needed, '.1f')} and {reserve}"
    return (f"{figures.mass(fuel.needed, '.1f')}, {figures.mass(fuel.contingency, '.1f')} for "
            f"{case.turbulence} turbulence and {reserve}")
