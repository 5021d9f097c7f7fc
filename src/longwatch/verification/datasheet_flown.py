"""Public figures flown: take-off, climbs, cruise, ceiling, glide and full power."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from longwatch.aircraft.formulas import CEILING_CLIMB
from longwatch.aircraft.loader import Aircraft
from longwatch.analysis import envelope, field_lengths
from longwatch.earth.standard import GRAVITY
from longwatch.planning.performance import Performance
from longwatch.simulation.run import Simulation
from longwatch.verification import sorties
from longwatch.verification.check import Check, Context, at_least, within
from longwatch.verification.datasheet_plots import climb_plot
from longwatch.verification.datasheet_programme import Load, Programme, claims_of, near
from longwatch.verification.sorties import Trace, sortie

COMPUTED = "closed form of the same datasheet"
FLOW_TOLERANCE = 0.02
CLIMB_TOLERANCE = 0.05
FIELD_TOLERANCE = 0.15
HELD = 15.0
STEADY_FROM = 0.45
GLIDE_SETTLES = 180.0
# A glide is compared with level wings [rad], blades this near their stop [rad], and down to this
# share of the height where that began.
LEVEL, BLADE_TOLERANCE, GLIDE_SHARE = 0.03, 1e-3, 0.5


def sorties_of(programme: Programme, aircraft: Aircraft, context: Context) -> Iterator[Check]:
    computed, claims = Performance(aircraft.datasheet[0]), claims_of(aircraft)
    context.tell(f"{programme.name}: cruise")
    cruise = climb_and_hold(aircraft, programme.cruise)
    yield from _take_off(programme.name, computed, cruise)
    yield from _cruise(programme, computed, claims, cruise)
    if programme.slow is not None:
        hold = climb_and_hold(aircraft, programme.slow).hold
        yield near(f"{programme.name}, slow cruise at {programme.slow.altitude:.0f} m, "
                    f"{hold.mean('mass'):.0f} kg", "true airspeed", "m/s",
                    claims["cruise, slowest, true airspeed"], hold.mean("true_airspeed"))
    context.tell(f"{programme.name}: ceiling and glide")
    top = climb_and_hold(aircraft, programme.ceiling)
    yield from _ceiling(programme, computed, claims, top)
    climb_plot(context, programme.name, computed, [cruise.climb, top.climb])
    yield _glide(programme.name, computed, top.simulation)
    if programme.fast is not None:
        context.tell(f"{programme.name}: full power")
        yield from _fast(programme.name, aircraft, computed, claims, programme.fast)


@dataclass(frozen=True)
class Flown:
    """A climb and what followed.

    Attributes:
        simulation: at its end.
        run, over: ground run, and distance over 15 m, m.
        climb: its upper half, to just below the altitude.
        hold: the last 15 minutes at it.
    """

    simulation: Simulation
    start_mass: float
    run: float
    over: float
    climb: Trace
    hold: Trace


def climb_and_hold(aircraft: Aircraft, load: Load) -> Flown:
    simulation = sortie(aircraft, load.altitude, payload_kg=load.payload, fuel_kg=load.fuel,
                        calibrated=load.speed)
    mass = float(simulation.state.mass.mass)
    run, over = sorties.take_off(simulation)
    climb = sorties.fly(simulation,
                        lambda s: s.state.flight.altitude_msl > load.altitude - HELD)
    # Lower down the autopilot climbs no steeper than its limit.
    steady = (climb.altitude > STEADY_FROM * load.altitude) & (
        climb.altitude < load.altitude - 3 * HELD)
    hold = sorties.fly(simulation, lambda s: False, 1500.0).last(900.0)
    return Flown(simulation, mass, run, over, climb.where(steady), hold)


def _take_off(name: str, computed: Performance, flown: Flown) -> Iterator[Check]:
    case = f"{name}, take-off at {flown.start_mass:.0f} kg"
    run, over = field_lengths.takeoff(computed, flown.start_mass, sorties.ELEVATION)
    yield within(case, "ground run", COMPUTED, "m", run, flown.run, FIELD_TOLERANCE,
                 relative=True)
    yield within(case, "distance over 15 m", COMPUTED, "m", over, flown.over, FIELD_TOLERANCE,
                 relative=True)


def _cruise(programme: Programme, computed: Performance, claims: dict[str, Any], flown: Flown
            ) -> Iterator[Check]:
    hold, altitude = flown.hold, programme.cruise.altitude
    mass = hold.mean("mass")
    case = (f"{programme.name}, cruise at {altitude:.0f} m, {mass:.0f} kg with "
            f"{programme.cruise.payload:.0f} kg of payload")
    if "operating altitude" in claims:
        yield near(case, "operating altitude held", "m", claims["operating altitude"],
                    hold.mean("altitude"))
        yield near(case, "calibrated airspeed", "m/s", claims["cruise speed"],
                    hold.mean("calibrated_airspeed"))
    else:
        yield near(case, "true airspeed", "m/s", claims["cruise, fastest, true airspeed"],
                    hold.mean("true_airspeed"))
    yield within(case, "fuel flow", COMPUTED, "kg/h", flow_on_circle(computed, hold) * 3600.0,
                 -hold.rate("fuel") * 3600.0, FLOW_TOLERANCE, relative=True)
    yield _climb_check(f"{programme.name}, climb to {altitude:.0f} m", computed, flown.climb)


def flow_on_circle(computed: Performance, trace: Trace) -> float:
    """Computed fuel flow on the sortie's circle, kg/s."""
    speed = trace.mean("true_airspeed")
    bank = math.atan(speed**2 / (GRAVITY * sorties.RADIUS))
    return computed.fuel_flow(trace.mean("mass"), trace.mean("calibrated_airspeed"),
                              trace.mean("altitude"), bank=bank)


def climb_time(computed: Performance, climb: Trace) -> float:
    """Computed time of a flown climb, s, at its masses and airspeeds."""
    middles = [climb.pair(i) for i in range(len(climb.time) - 1)]
    return sum(rise / computed.climb_rate(mass, speed, altitude)
               for rise, mass, speed, altitude in middles)


def _climb_check(case: str, computed: Performance, climb: Trace) -> Check:
    return within(case, f"time from {climb.altitude[0]:.0f} to {climb.altitude[-1]:.0f} m",
                  COMPUTED, "min", climb_time(computed, climb) / 60.0,
                  float(climb.time[-1] - climb.time[0]) / 60.0, CLIMB_TOLERANCE, relative=True)


def _ceiling(programme: Programme, computed: Performance, claims: dict[str, Any], flown: Flown
             ) -> Iterator[Check]:
    name, altitude = programme.name, programme.ceiling.altitude
    last = flown.climb.last(120.0)
    case = f"{name}, ceiling at {last.mean('mass'):.0f} kg"
    yield _climb_check(f"{name}, climb to {altitude:.0f} m", computed, flown.climb)
    yield at_least(case, f"climb rate at {last.mean('altitude'):.0f} m",
                   "service ceiling, 100 ft/min", "m/s", CEILING_CLIMB, last.rate("altitude"))
    yield near(case, "altitude held for 15 min", "m", claims["maximum altitude"],
                float(flown.hold.altitude.min()))
    yield within(case, "fuel flow", COMPUTED, "kg/h", flow_on_circle(computed, flown.hold) * 3600.0,
                 -flown.hold.rate("fuel") * 3600.0, FLOW_TOLERANCE, relative=True)


def _glide(name: str, computed: Performance, simulation: Simulation) -> Check:
    """Dry tanks at the ceiling: height traded for distance through the air.

    Over the stretch that is comparable: wings level, before it circles over its runway, and
    blades feathered or at the fine stop, where thin air no longer turns the propeller faster
    than the governor lets it.
    """
    simulation.state.mass.fuel_mass = 0.0
    feathers = bool(computed.sheet.propeller.feathering)
    fine = float(computed.sheet.propeller.angle_minimum) + BLADE_TOLERANCE

    def comparable(run: Simulation) -> bool:
        state = run.state
        return bool(abs(state.flight.roll) < LEVEL and (
            feathers or state.propellers[0].blade_angle < fine))

    sorties.fly(simulation, lambda s: False, GLIDE_SETTLES)
    sorties.fly(simulation, comparable, 1800.0)
    lowest = GLIDE_SHARE * float(simulation.state.flight.altitude_msl)
    trace = sorties.fly(simulation, lambda s: not comparable(s) or (
        s.state.flight.altitude_msl < lowest), 1800.0)
    trace = trace.between(float(trace.time[0]), float(trace.time[-2]))
    ratio = trace.mean("true_airspeed") / -trace.rate("altitude")
    mass, altitude = trace.mean("mass"), trace.mean("altitude")
    speed = trace.mean("calibrated_airspeed")
    expected = envelope.glide_at(computed, mass, speed, altitude,
                                 "feathered" if feathers else "windmilling")
    how = "feathered" if feathers else "windmilling"
    return within(f"{name}, dry tanks at {mass:.0f} kg", f"glide ratio, propeller {how}, at "
                  f"{speed:.1f} m/s", COMPUTED, "", expected, ratio, CLIMB_TOLERANCE,
                  relative=True)


def _fast(name: str, aircraft: Aircraft, computed: Performance, claims: dict[str, Any],
          load: Load) -> Iterator[Check]:
    """Straight and level at full power."""
    simulation = sortie(aircraft, load.altitude, payload_kg=load.payload, fuel_kg=load.fuel,
                        calibrated=load.speed)
    sorties.fly(simulation, lambda s: False, 600.0)
    fastest = sorties.full_power_level(simulation, load.altitude)
    mass = fastest.mean("mass")
    case = f"{name}, full power at {load.altitude:.0f} m, {mass:.0f} kg"
    expected = computed.true_airspeed(envelope.level_speed(computed, mass, load.altitude),
                                      load.altitude)
    yield near(case, "true airspeed held", "m/s", claims["maximum speed"],
                fastest.mean("true_airspeed"))
    yield within(case, "true airspeed held", COMPUTED, "m/s", expected,
                 fastest.mean("true_airspeed"), FLOW_TOLERANCE, relative=True)
