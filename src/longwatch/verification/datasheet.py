"""Public figures, computed and flown: the datasheets held against what the press says."""

from collections.abc import Iterator
from pathlib import Path

from longwatch.aircraft.formulas import CEILING_CLIMB
from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.analysis import envelope
from longwatch.analysis.performance import AircraftPerformance, performance
from longwatch.planning.performance import Performance
from longwatch.verification.check import Check, Context, at_least, at_most, not_run, shown
from longwatch.verification.datasheet_flown import sorties_of
from longwatch.verification.datasheet_plots import fuel_plot, payload_plot
from longwatch.verification.datasheet_programme import (
    PROGRAMMES,
    PUBLIC,
    Programme,
    claims_of,
    conflicting,
    near,
)
from longwatch.verification.long_flight import LongFlight, fly_long

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

MISSIONS = Path(__file__).parents[3] / "missions"


def checks(context: Context) -> Iterator[Check]:
    """Public figures of both aircraft."""
    for programme in PROGRAMMES:
        aircraft = load_datasheet(programme.name)
        context.tell(f"{programme.name}: performance")
        found = performance(aircraft)
        yield from _computed(aircraft, found)
        yield from _thirsty(programme, aircraft, found)
        yield from sorties_of(programme, aircraft, context)
        yield from _long(programme, aircraft, context)
        payload_plot(context, found)


# ---------------------------------------------------------------------------- computed


def _computed(aircraft: Aircraft, found: AircraftPerformance) -> Iterator[Check]:
    """Figures that the datasheet alone gives."""
    claims, name = claims_of(aircraft), aircraft.name
    case = f"{name}, computed"
    mass = aircraft.datasheet[0].mass
    take_off = found.loadings[0]
    payload = float(claims["payload"].value)
    loaded = float(mass.empty_mass) + payload
    yield at_most(case, f"empty mass and {payload:.0f} kg of payload", "public payload and maximum "
                  "mass", "kg", claims["maximum take-off mass"].value, loaded,
                  note=f"{float(mass.maximum_takeoff_mass) - loaded:.0f} kg are left for fuel")
    if "maximum speed" in claims:
        yield near(case, f"maximum level speed at sea level, {take_off.mass_kg:.0f} kg", "m/s",
                   claims["maximum speed"], found.figure("maximum level speed").values[0])
    highest = float(claims["maximum altitude"].value)
    computed = Performance(aircraft.datasheet[0])
    # The weight is found from the altitude: what can fail is that the aircraft ever flies so light.
    yield at_least(case, f"heaviest that still climbs 100 ft/min at {highest:.0f} m",
                   "public ceiling: empty, with half the fuel", "kg",
                   float(mass.empty_mass) + 0.5 * float(mass.fuel_capacity),
                   envelope.ceiling_mass(computed, highest))
    yield conflicting(case, f"service ceiling at {take_off.mass_kg:.0f} kg", "m",
                      claims["maximum altitude"], found.figure("service ceiling").values[0])
    if "operating altitude" in claims:
        operating = float(claims["operating altitude"].value)
        yield at_least(case, f"climb rate at {operating:.0f} m, {take_off.mass_kg:.0f} kg",
                       "service ceiling, 100 ft/min", "m/s", CEILING_CLIMB,
                       envelope.best_climb(computed, take_off.mass_kg, operating)[1])
    for row in (found.trade[0], found.trade[-1]):
        yield conflicting(case, f"endurance at cruise speed, {row.altitude_m:.0f} m, "
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
