"""Fuel and energy over whole flights: what goes in comes out."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.simulation.run import Simulation
from longwatch.simulation.tick import MASS_DIVISOR
from longwatch.simulation.vehicle import DT
from longwatch.verification import account
from longwatch.verification.account import Account
from longwatch.verification.check import Check, Rule, at_most, not_run, worst

TITLE = "Fuel and energy balance"
ABOUT = (
    "Whole flights of the closed loop, stepped by the functions of every other flight, with books "
    "kept beside them. Fuel: the tank's decrease against the integral of the engines' fuel flow. "
    "Energy of the aircraft's motion: kinetic energy over the Earth and the potential of "
    "gravitation (GM and J2, in closed form, which the simulation itself never uses) and "
    "centrifugal force, against the work of thrust, air and ground, integrated by the very RK4 "
    "stages of the motion. Rotation: the change of rotational energy against the work of all "
    "moments, at the inertia of the tick (fuel burnt changes it in steps). Shaft: engine power "
    "less propeller power against the energy of all that turns. Each closes to 1e-6 of the energy "
    "turned over, which is the work regardless of sign. A wrong sign in Coriolis', centrifugal or "
    "gyroscopic terms, a gradient that is none, a force applied twice or a power that is not the "
    "torque's would each show here."
)

MISSION = Path(__file__).parents[3] / "missions" / "thrace-watch.plan"
CLOSED = 1e-6
SAMPLE_TICKS = 1000
LONGEST = 12 * 3600.0
STANDSTILL = 0.5  # m/s
BOUNCE = ("without a verdict: the landing off the runway sinks at 4.8 m/s and bounces five times; "
          "a strut takes its damper's load all at once, and the 2 ms steps of ground contact cross "
          "that jump with an error of first order")
LAWS = {"fuel": "conservation of mass", "motion": "work and energy, Jacobi's integral",
        "rotation": "work and energy", "shaft": "work and energy"}


@dataclass(frozen=True)
class Books:
    """A flight and its account, sampled every ten seconds; times [s], and sums at them.

    Attributes:
        simulation: as it ended.
        time: when the samples were taken; the first before the first tick.
        sums: an array of :class:`Account`.
        fuel: fuel left [kg].
        mass: mass that the motion goes by [kg].
    """

    simulation: Simulation
    time: np.ndarray
    sums: np.ndarray
    fuel: np.ndarray
    mass: np.ndarray

    def change(self, name: str) -> np.ndarray:
        """How far a sum has moved since the beginning."""
        return np.asarray(self.sums[name] - self.sums[name][0], float)


def keep_books(simulation: Simulation) -> Books:
    """Fly to the end, or to a standstill with dry tanks."""
    sums: np.ndarray = Account.zeros(1)
    state = simulation.state
    times, rows, fuel, mass = [], [], [], []
    ticks = 0
    while True:
        account.run(sums[0], simulation.vehicles, simulation.index,
                    simulation.aircraft.datasheet, simulation.loaded, simulation.world, ticks)
        times.append(simulation.time)
        rows.append(sums.copy())
        fuel.append(float(state.mass.fuel_mass))
        mass.append(float(state.mass.mass))
        ticks = SAMPLE_TICKS
        if simulation.outcome != "flying" or simulation.time > LONGEST or _stranded(state):
            return Books(simulation, np.array(times), np.concatenate(rows), np.array(fuel),
                         np.array(mass))


def _stranded(state: Any) -> bool:
    speed = math.hypot(state.flight.velocity_north, state.flight.velocity_east)
    return bool(state.mass.fuel_mass <= 0.0 and not state.status.airborne and speed < STANDSTILL)


def balances(case: str, books: Books, rotation: Rule = "within", note: str = ""
             ) -> Iterator[Check]:
    """Every balance of one flight, at the sample where it is worst."""
    sheet, state = books.simulation.aircraft.datasheet[0], books.simulation.state
    burnt = books.fuel[0] - books.fuel
    yield worst(case, "fuel: tank's decrease, integral of flow", LAWS["fuel"], "kg", burnt,
                books.change("fuel"), CLOSED * float(burnt[-1]))
    # The mass that the motion goes by is renewed ten times a second.
    lag = float(books.sums[-1]["peak_flow"]) * MASS_DIVISOR * DT
    yield worst(case, "mass: empty, payload and fuel, at most 0.1 s old", LAWS["fuel"], "kg",
                float(sheet.mass.empty_mass + state.mass.payload_mass) + books.fuel, books.mass,
                lag)
    last = books.sums[-1]
    yield worst(case, "motion: change of energy, work", LAWS["motion"], "J/kg",
                books.change("kinetic") + books.change("potential"),
                books.sums["thrust"] + books.sums["air"] + books.sums["ground"],
                CLOSED * float(last["turned_over"]))
    yield worst(case, "rotation: change of energy, work", LAWS["rotation"], "J",
                books.sums["spin"], books.sums["torque"],
                CLOSED * float(last["torque_turned_over"]), rule=rotation, note=note)
    yield worst(case, "shaft: change of energy, engine less propeller", LAWS["shaft"], "J",
                books.change("shaft"), books.sums["brake"] - books.sums["propeller"],
                CLOSED * float(last["brake"]))
    yield at_most(case, "ticks whose repeated stages are not the flight's own", "bit for bit", "",
                  0, int(last["astray"]))


def checks(context: Any) -> Iterator[Check]:
    """A flight in wind and turbulence from runway to runway, and one that runs dry."""
    if not MISSION.is_file():
        yield not_run("whole flight", "fuel and energy", "work and energy",
                      "missions lie beside a checkout of the project, not in an installed package")
        return
    context.tell("a flight in wind and turbulence")
    books = keep_books(Simulation("tb2", MISSION, wind="6@60", turbulence="moderate", seed=3))
    hours = books.time[-1] / 3600.0
    case = f"TB2-class, {hours:.1f} h in wind and turbulence"
    yield from balances(case, books)
    yield at_most(case, "flight not landed", "the flight itself", "", 0,
                  books.simulation.outcome != "landed")
    context.plot("energy-balance", "Work and energy per mass over a flight in wind and turbulence, "
                 "and what is left between them", _drawing(books))
    context.tell("two turboprops")
    twin = keep_books(Simulation("akinci", MISSION, turbulence="light", seed=3, fit=True))
    case = f"Akinci-class, {twin.time[-1] / 3600.0:.1f} h in light turbulence"
    yield from balances(case, twin)
    yield at_most(case, "flight not landed", "the flight itself", "", 0,
                  twin.simulation.outcome != "landed")
    context.tell("a flight that runs dry")
    dry = keep_books(Simulation("tb2", MISSION, fuel_kg=2.0, force=True, seed=3))
    case = "TB2-class, tanks run dry in the climb"
    yield from balances(case, dry, "shown", BOUNCE)
    yield at_most(case, "fuel left", "conservation of mass", "kg", 0.0, dry.fuel[-1])


def _drawing(books: Books) -> Any:
    def draw(figure: Any) -> None:
        above, below = figure.subplots(2, 1, sharex=True)
        minutes = books.time / 60.0
        energy = books.change("kinetic") + books.change("potential")
        work = books.sums["thrust"] + books.sums["air"] + books.sums["ground"]
        for label, values in (("thrust", books.sums["thrust"]), ("air", books.sums["air"]),
                              ("ground", books.sums["ground"]), ("energy gained", energy)):
            above.plot(minutes, values / 1000.0, label=label)
        above.set_ylabel("kJ/kg")
        above.legend(loc="upper left")
        below.semilogy(minutes, np.abs(work - energy) + 1e-9, color="C3")
        below.semilogy(minutes, CLOSED * np.maximum(books.sums["turned_over"], 1e-3), "k--",
                       label="1e-6 of the energy turned over")
        below.set_ylabel("J/kg unaccounted for")
        below.set_xlabel("minutes")
        below.legend()
        for panel in (above, below):
            panel.grid(visible=True, alpha=0.3)

    return draw
