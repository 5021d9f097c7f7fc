"""The plots of the public figures: payload and endurance, climbs, fuel over the long flight."""

from typing import Any

import numpy as np

from longwatch.aircraft.formulas import CEILING_CLIMB
from longwatch.analysis import envelope
from longwatch.analysis.performance import AircraftPerformance
from longwatch.planning.performance import Performance
from longwatch.verification.check import Context
from longwatch.verification.long_flight import LongFlight
from longwatch.verification.sorties import Trace

LEVELS = 24


def payload_plot(context: Context, found: AircraftPerformance) -> None:
    """Payload against endurance, at cruise speed and at the speed of least fuel."""
    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        payload = [row.payload_kg for row in found.trade]
        axes.plot([row.cruise_endurance_s / 3600 for row in found.trade], payload, "o-",
                  label="cruise speed")
        axes.plot([row.endurance_s / 3600 for row in found.trade], payload, "s-",
                  label="speed of least fuel flow")
        if found.public_endurance_s is not None:
            axes.axvline(found.public_endurance_s / 3600, color="black", linestyle=":",
                         label="public endurance")
        axes.set(xlabel="endurance, h", ylabel="payload, kg")
        axes.legend()

    context.plot(f"datasheet-{found.aircraft}-payload",
                 f"{found.title}: payload and endurance at {found.trade_altitude_m:.0f} m, with "
                 "as much fuel as fits and the reserve kept.", draw)


def climb_plot(context: Context, name: str, computed: Performance, climbs: list[Trace]) -> None:
    """Climb rate over altitude, computed at the best speed and flown."""
    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        for number, climb in enumerate(climbs):
            middles = [climb.pair(i) for i in range(len(climb.time) - 1)]
            height = np.array([altitude for *_, altitude in middles])
            axes.plot(np.diff(climb.altitude) / np.diff(climb.time), height, ".", markersize=3,
                      color=f"C{number}", label=f"flown from {climb.mass[0]:.0f} kg")
            axes.plot([computed.climb_rate(mass, speed, altitude)
                       for _, mass, speed, altitude in middles], height, "-", color=f"C{number}",
                      label="computed at its airspeed")
            levels = np.linspace(0.0, climb.altitude[-1], LEVELS)
            axes.plot([envelope.best_climb(computed, climb.mass[0], level)[1]
                       for level in levels], levels, "--", color=f"C{number}", alpha=0.6,
                      label="computed at the best airspeed")
        axes.axvline(CEILING_CLIMB, color="black", linestyle=":", label="100 ft/min")
        axes.set(xlabel="climb rate, m/s", ylabel="altitude, m", xlim=(0.0, None))
        axes.legend(fontsize=7)

    context.plot(f"datasheet-{name}-climb", f"{name}: climb rate over altitude at continuous "
                 "power, flown and computed.", draw)


def fuel_plot(context: Context, name: str, flight: LongFlight) -> None:
    """Fuel, altitude and airspeed over the long flight."""
    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        hours = flight.time / 3600.0
        axes.plot(hours, flight.fuel, label="fuel, kg")
        axes.set(xlabel="time, h", ylabel="fuel, kg", ylim=(0.0, None))
        other = axes.twinx()
        other.plot(hours, flight.speed, color="C1", alpha=0.7)
        other.set(ylabel="calibrated airspeed, m/s (orange)", ylim=(0.0, None))
        other.grid(visible=False)

    context.plot(f"datasheet-{name}-fuel", f"{name}: fuel and airspeed over the day-long flight.",
                 draw)
