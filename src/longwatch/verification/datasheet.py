"""Public figures, computed and flown: the datasheets held against what the press says."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.analysis import envelope, field_lengths
from longwatch.analysis.performance import AircraftPerformance, performance
from longwatch.planning.performance import CEILING_CLIMB, GRAVITY, Performance
from longwatch.verification import sorties
from longwatch.verification.check import (
    Check,
    Context,
    at_least,
    explained,
    not_run,
    shown,
    within,
)
from longwatch.verification.datasheet_plots import climb_plot, fuel_plot, payload_plot
from longwatch.verification.long_flight import LongFlight, fly_long
from longwatch.verification.sorties import Trace, sortie

TITLE = "Public figures, computed and flown"
ABOUT = (
    "What the press says of both aircraft, beside what `longwatch performance` computes and what "
    "the closed loop flies. Flown figures are differences of the true states of whole flights "
    "from Çorlu, in calm standard air unless the row says otherwise: climbs to the ceiling, full "
    "power in level flight, the cruise, a glide with dry tanks, and the two day-long flights of "
    "`missions/thrace-27h.plan` and `missions/thrace-24h.plan`. A public figure must hold within "
    "5 %; at loadings where the public figures contradict each other, a miss is explained by what "
    "the datasheet says beside the claim. Computed and flown come of the same equations "
    "in different form: steady closed forms there, six degrees of freedom stepped at "
    "100 Hz behind sensors and autopilot here."
)

PUBLIC = "public"
COMPUTED = "closed form of the same datasheet"
PUBLIC_TOLERANCE = 0.05
FLOW_TOLERANCE = 0.02
CLIMB_TOLERANCE = 0.05
FIELD_TOLERANCE = 0.15
FOOT = 0.3048
MISSIONS = Path(__file__).parents[3] / "missions"
HELD = 15.0
STEADY_FROM = 0.45
GLIDE_SETTLES = 180.0


@dataclass(frozen=True)
class Load:
    """Payload and fuel in kg, an altitude in m above mean sea level, and a calibrated airspeed in
    m/s, None for the aircraft's own."""

    payload: float
    fuel: float
    altitude: float
    speed: float | None = None


@dataclass(frozen=True)
class Programme:
    """What is flown with one aircraft.

    Attributes:
        name: the aircraft.
        cruise: to its operating altitude at the largest take-off mass, and on at cruise speed.
        ceiling: to the public maximum altitude.
        fast: full power in level flight; None where the never-exceed speed comes first.
        mission, payload, turbulence, hours: the day-long flight.
        slow: the slowest public cruise, where there is one beside the fastest.
        thirst: how much more fuel the engine's worst published point burns than the datasheet's.
    """

    name: str
    cruise: Load
    ceiling: Load
    fast: Load | None
    mission: str
    payload: float
    turbulence: str
    hours: float
    thirst: float = 1.0
    slow: Load | None = None


PROGRAMMES = (
    Programme("tb2", Load(150.0, 216.0, 18_000 * FOOT, 36.0), Load(50.0, 110.0, 27_000 * FOOT),
              Load(150.0, 108.0, 300.0, 50.0), "thrace-27h.plan", 150.0, "light", 27.0, 1.19),
    Programme("akinci", Load(1350.0, 1650.0, 30_000 * FOOT, 61.6),
              Load(450.0, 1150.0, 40_000 * FOOT), None, "thrace-24h.plan", 400.0, "none", 24.0,
              slow=Load(1350.0, 1650.0, 20_000 * FOOT, 56.6)),
)


def checks(context: Context) -> Iterator[Check]:
    """Public figures of both aircraft."""
    for programme in PROGRAMMES:
        aircraft = load_datasheet(programme.name)
        context.tell(f"{programme.name}: performance")
        found = performance(aircraft)
        yield from _computed(aircraft, found)
        yield from _thirsty(programme, aircraft, found)
        yield from _sorties(programme, aircraft, context)
        yield from _long(programme, aircraft, context)
        payload_plot(context, found)


def _claims(aircraft: Aircraft) -> dict[str, Any]:
    return {claim.quantity: claim for claim in aircraft.public}


def _near(case: str, quantity: str, unit: str, claim: Any, found: float) -> Check:
    """A public figure that must hold within 5 %."""
    return within(case, quantity, PUBLIC, unit, float(claim.value), found, PUBLIC_TOLERANCE,
                  relative=True)


def _conflicting(case: str, quantity: str, unit: str, claim: Any, found: float,
                 scale: float = 1.0) -> Check:
    """A public figure at a loading for which it was not meant, or that others contradict.

    The datasheet says so beside the claim; ``scale`` takes the claim to ``unit``.
    """
    expected = float(claim.value) * scale
    if abs(found / expected - 1.0) <= PUBLIC_TOLERANCE:
        return within(case, quantity, PUBLIC, unit, expected, found, PUBLIC_TOLERANCE,
                      relative=True)
    return explained(case, quantity, PUBLIC, unit, expected, found, why=claim.relation)


# ---------------------------------------------------------------------------- computed


def _computed(aircraft: Aircraft, found: AircraftPerformance) -> Iterator[Check]:
    """Figures that the datasheet alone gives."""
    claims, name = _claims(aircraft), aircraft.name
    case = f"{name}, computed"
    mass = aircraft.datasheet[0].mass
    take_off = found.loadings[0]
    yield _near(case, "payload at maximum mass", "kg", claims["payload"],
                float(mass.maximum_takeoff_mass) - float(mass.empty_mass) - take_off.fuel_kg)
    if "maximum speed" in claims:
        yield _near(case, f"maximum level speed at sea level, {take_off.mass_kg:.0f} kg", "m/s",
                    claims["maximum speed"], found.figure("maximum level speed").values[0])
    highest = float(claims["maximum altitude"].value)
    computed = Performance(aircraft.datasheet[0])
    heaviest = envelope.ceiling_mass(computed, highest)
    yield _near(case, f"service ceiling at {heaviest:.0f} kg", "m", claims["maximum altitude"],
                envelope.climb_ceiling(computed, heaviest, CEILING_CLIMB))
    yield _conflicting(case, f"service ceiling at {take_off.mass_kg:.0f} kg", "m",
                       claims["maximum altitude"], found.figure("service ceiling").values[0])
    if "operating altitude" in claims:
        operating = float(claims["operating altitude"].value)
        yield at_least(case, f"climb rate at {operating:.0f} m, {take_off.mass_kg:.0f} kg",
                       "service ceiling, 100 ft/min", "m/s", CEILING_CLIMB,
                       envelope.best_climb(computed, take_off.mass_kg, operating)[1])
    for row in (found.trade[0], found.trade[-1]):
        yield _conflicting(case, f"endurance at cruise speed, {row.altitude_m:.0f} m, "
                           f"{row.payload_kg:.0f} kg of payload", "h", claims["endurance"],
                           row.cruise_endurance_s / 3600.0, 1.0 / 3600.0)


def _thirsty(programme: Programme, aircraft: Aircraft, found: AircraftPerformance
             ) -> Iterator[Check]:
    """The endurance with an engine as thirsty as its worst published point (studies/engine.py)."""
    if programme.thirst == 1.0:
        return
    row = found.trade[-1]
    yield at_least(f"{aircraft.name}, computed", f"endurance at cruise speed, {row.altitude_m:.0f} "
                   f"m, {row.payload_kg:.0f} kg of payload, burning {programme.thirst - 1.0:.0%} "
                   "more, as its worst published point", PUBLIC, "h", programme.hours,
                   row.cruise_endurance_s / 3600.0 / programme.thirst)


# ------------------------------------------------------------------------------- flown


def _sorties(programme: Programme, aircraft: Aircraft, context: Context) -> Iterator[Check]:
    computed, claims = Performance(aircraft.datasheet[0]), _claims(aircraft)
    context.tell(f"{programme.name}: cruise")
    cruise = _climb_and_hold(aircraft, programme.cruise)
    yield from _take_off(programme.name, computed, cruise)
    yield from _cruise(programme, computed, claims, cruise)
    if programme.slow is not None:
        hold = _climb_and_hold(aircraft, programme.slow).hold
        yield _near(f"{programme.name}, slow cruise at {programme.slow.altitude:.0f} m, "
                    f"{hold.mean('mass'):.0f} kg", "true airspeed", "m/s",
                    claims["cruise, slowest, true airspeed"], hold.mean("true_airspeed"))
    context.tell(f"{programme.name}: ceiling and glide")
    top = _climb_and_hold(aircraft, programme.ceiling)
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

    simulation: Any
    start_mass: float
    run: float
    over: float
    climb: Trace
    hold: Trace


def _climb_and_hold(aircraft: Aircraft, load: Load) -> Flown:
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
        yield _near(case, "operating altitude held", "m", claims["operating altitude"],
                    hold.mean("altitude"))
        yield _near(case, "calibrated airspeed", "m/s", claims["cruise speed"],
                    hold.mean("calibrated_airspeed"))
    else:
        yield _near(case, "true airspeed", "m/s", claims["cruise, fastest, true airspeed"],
                    hold.mean("true_airspeed"))
    yield within(case, "fuel flow", COMPUTED, "kg/h", _flow(computed, hold) * 3600.0,
                 -hold.rate("fuel") * 3600.0, FLOW_TOLERANCE, relative=True)
    yield _climb_check(f"{programme.name}, climb to {altitude:.0f} m", computed, flown.climb)


def _flow(computed: Performance, trace: Trace) -> float:
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
    yield _near(case, "altitude held for 15 min", "m", claims["maximum altitude"],
                float(flown.hold.altitude.min()))
    yield within(case, "fuel flow", COMPUTED, "kg/h", _flow(computed, flown.hold) * 3600.0,
                 -flown.hold.rate("fuel") * 3600.0, FLOW_TOLERANCE, relative=True)


def _glide(name: str, computed: Performance, simulation: Any) -> Check:
    """Dry tanks at the ceiling: height traded for distance through the air."""
    simulation.state.mass.fuel_mass = 0.0
    lowest = 0.5 * float(simulation.state.flight.altitude_msl)
    trace = sorties.fly(simulation, lambda s: s.state.flight.altitude_msl < lowest, 3600.0)
    trace = trace.between(float(trace.time[0]) + GLIDE_SETTLES, float(trace.time[-1]))
    feathers = bool(computed.sheet.propeller.feathering)
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
    """The fastest airspeed asked for that is still held without losing height."""
    simulation = sortie(aircraft, load.altitude, payload_kg=load.payload, fuel_kg=load.fuel,
                        calibrated=load.speed)
    sorties.fly(simulation, lambda s: False, 600.0)
    fastest = sorties.fastest_level(simulation, load.altitude)
    mass = fastest.mean("mass")
    case = f"{name}, full power at {load.altitude:.0f} m, {mass:.0f} kg"
    expected = computed.true_airspeed(envelope.level_speed(computed, mass, load.altitude),
                                      load.altitude)
    yield _near(case, "true airspeed held", "m/s", claims["maximum speed"],
                fastest.mean("true_airspeed"))
    yield within(case, "true airspeed held", COMPUTED, "m/s", expected,
                 fastest.mean("true_airspeed"), FLOW_TOLERANCE, relative=True)


# --------------------------------------------------------------------- the long flights


def _long(programme: Programme, aircraft: Aircraft, context: Context) -> Iterator[Check]:
    path = MISSIONS / programme.mission
    case = f"{programme.name}, {programme.mission}, {programme.payload:.0f} kg of payload"
    if programme.turbulence != "none":
        case += f", {programme.turbulence} turbulence"
    if not path.is_file():
        yield not_run(case, "endurance", PUBLIC, f"{programme.mission} is not beside the package")
        return
    flight = fly_long(aircraft, path, programme.payload, programme.turbulence,
                      lambda hours: context.tell(f"{programme.name}: {hours:.0f} h of "
                                                 f"{programme.hours:.0f} flown"))
    yield from _long_checks(programme, aircraft, case, flight)
    fuel_plot(context, programme.name, flight)


def _long_checks(programme: Programme, aircraft: Aircraft, case: str, flight: LongFlight
                 ) -> Iterator[Check]:
    sheet = aircraft.datasheet[0]
    landed = flight.outcome == "landed"
    note = "" if landed else f"ended as {flight.outcome}"
    yield at_least(case, "airborne, and landed", PUBLIC, "h",
                   programme.hours, flight.airborne_s / 3600.0 if landed else 0.0, note=note)
    reserve = float(sheet.limits.reserve_time) * flight.last_flow
    yield at_least(case, "fuel left on landing", "30 min at the flow of the last hour", "kg",
                   reserve, flight.fuel_left, note=note)
    yield shown(case, "fuel burnt", "the judge's plan before the flight, no contingency", "kg",
                flight.planned, flight.fuel_loaded - flight.fuel_left, relative=True)
