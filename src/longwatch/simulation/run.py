"""A run: one aircraft, its plan and its world, stepped by whoever holds it.

    sim = Simulation(aircraft="tb2", mission="missions/thrace-watch.plan", seed=1)
    sim.step(60.0)
    sim.state.flight.altitude_msl
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.autopilot.aboard import events
from longwatch.earth.geoid import geoid_table
from longwatch.earth.wgs84 import WGS84
from longwatch.environment.turbulence import turbulence_parameters
from longwatch.environment.weather import no_weather
from longwatch.errors import SetupError, SnapshotError, listed
from longwatch.planning.flight_plan import plan_flight
from longwatch.planning.load_checks import most_fuel as most_fuel
from longwatch.planning.resolve import ResolvedPlan
from longwatch.planning.start_time import decimal_year, start_text
from longwatch.planning.surroundings import CALM, read_surroundings
from longwatch.record import schema_digest
from longwatch.simulation.magnetic import magnetic_around
from longwatch.simulation.orders import aboard, reset, table
from longwatch.simulation.plan_checks import item_faults
from longwatch.simulation.references import References
from longwatch.simulation.simulated_aircraft import FAULT as FAULT
from longwatch.simulation.simulated_aircraft import Checkpoint, SimulatedAircraft
from longwatch.simulation.start import Parking, parked_plan, place_of
from longwatch.simulation.tick import run
from longwatch.simulation.vehicle import BASE_RATE, FAULTY, FLYING, Loaded, Vehicle, World

# One call into compiled code covers at most this many ticks and rows: the event ring never
# overflows, and whoever watches sees progress.
CHUNK_TICKS = 6000
CHUNK_ROWS = 600
Sink = Callable[[np.ndarray], None]


@dataclass(frozen=True)
class Snapshot:
    """A run at one instant: the record, and digests of its schema and of what it refers to."""

    schema: str
    references: str
    record: bytes


class Simulation(SimulatedAircraft):
    """One aircraft on the simulated clock.

    Args:
        aircraft: a datasheet's name, a path to one, or a loaded one.
        mission: a mission file, a resolved plan, or None: parked at Çorlu without a mission.
        payload_kg: payload mass.
        fuel_kg: fuel mass; None fills the tanks as far as the largest take-off mass allows.
        wind: "SPEED@FROM", m/s at 10 m above ground and degrees true; None for calm air, or for
            the weather's.
        turbulence: "none", "light", "moderate" or "severe"; a mission's fuel plan allows for
            it, a resolved plan is flown as it is.
        seed: seed of every random stream.
        fit: change mission items that do not fit the aircraft by the least that makes them fit.
        force: fly what can be flown of a mission that the judge refuses.
        weather: ERA5 pressure-level netCDF file, in place of ``wind``.
        terrain: folder of .hgt or GeoTIFF tiles.
        start: when the flight begins, ISO 8601, UTC where it has no offset; None for the
            mission's own, or 2026-07-02T12:00:00Z. A resolved plan has weather, terrain and
            start of its own.
        place: where it stands of several, see ``simulation.start.parked``.
        live: flown by orders: it stands parked and disarmed, with ``mission`` loaded if there is
            one, and a landing does not end the run.

    Attributes:
        on_order: called with every :class:`~longwatch.simulation.orders.table.Order` carried out.
        standing: where it was put at the start, (latitude, longitude) [rad] and its centre of
            gravity [m above mean sea level].
        plan: the resolved plan that it began with.
        settings: the run as asked for, by the names of the arguments; the mission by its file's
            name alone.

    Raises:
        DatasheetError, MissionError, SetupError: before anything starts.
    """

    def __init__(self, aircraft: str | Path | Aircraft = "tb2",
                 mission: str | Path | ResolvedPlan | None = None, *, payload_kg: float = 0.0,
                 fuel_kg: float | None = None, wind: str | None = None,
                 turbulence: str = "none", seed: int = 0, fit: bool = False, force: bool = False,
                 weather: str | Path | None = None, terrain: str | Path | None = None,
                 start: str | datetime | None = None, place: int = 0,
                 live: bool = False) -> None:
        model = aircraft if isinstance(aircraft, Aircraft) else load_datasheet(aircraft)
        fuel_kg = most_fuel(model.datasheet[0], payload_kg) if fuel_kg is None else fuel_kg
        check_seed(seed)
        around = _surroundings(mission, wind, weather, terrain, start)
        if mission is None:
            plan = parked_plan(model, payload_kg, fuel_kg, around)
        elif isinstance(mission, ResolvedPlan):
            plan = _checked(mission)
        else:
            plan = plan_flight(mission, model, payload_kg=payload_kg, fuel_kg=fuel_kg,
                               turbulence=turbulence, fit=fit, force=force, **around)
        judgement, first = plan.judgement, plan.items[0]
        super().__init__(
            _references(model, plan, around["wind"], turbulence),
            Parking(plan.runways[int(first["runway"])], int(first["end"]), payload_kg, fuel_kg,
                    seed, place), judgement.start, around["terrain"], live)
        self.plan = plan
        self.settings: dict[str, Any] = {
            "aircraft": model.name, "mission": judgement.mission.path.name,
            "payload_kg": payload_kg, "fuel_kg": fuel_kg,
            "wind": "" if judgement.weather else wind or CALM,
            "turbulence": turbulence, "seed": seed, "fit": fit, "force": force,
            "weather": judgement.weather.name if judgement.weather else "",
            "terrain": judgement.terrain_name, "start": start_text(self.start)}
        self.on_order: Callable[[table.Order], object] = _ignore
        if live:
            aboard.prepare(self, plan, has_mission=mission is not None)
        self.parking.fill(self.state, model.datasheet[0], self.world)
        self.state.autopilot.modes.started = mission is not None and not live
        self.state.clock.start = self.start.timestamp()
        self.standing = place_of(self.state, self.world)
        if live:
            reset.begin_live(self)
        self._rows = Vehicle.zeros(CHUNK_ROWS)

    def order(self, name: str, /, sender: str = "", **arguments: Any) -> None:
        """Give an order of ``simulation.orders.table.ORDERS``, between two ticks.

        Raises:
            OrderError: it is malformed or cannot be carried out; nothing has changed.
        """
        given = table.give(self, name, sender, arguments)
        self.collect()
        self.on_order(given)

    def step(self, seconds: float, sink: Sink | None = None, log_rate: float = 10.0) -> None:
        """Advance by simulated ``seconds``, or to the end of the flight.

        ``sink`` is handed the records that fall due at ``log_rate`` Hz, as an array that is
        used again afterwards.
        """
        if not (math.isfinite(seconds) and seconds >= 0.0):
            raise SetupError(f"step of {seconds!r} s: give a number of simulated seconds from 0 up")
        end = int(self.state.clock.tick) + round(seconds * BASE_RATE)
        divisor = log_divisor(log_rate) if sink is not None else 0
        while self.state.status.outcome == FLYING and self.state.clock.tick < end:
            ticks = min(end - int(self.state.clock.tick), CHUNK_TICKS)
            before = self._bytes().copy() if self.live else None
            filled = run(self.vehicles, self.index, self.aircraft.datasheet, self.loaded,
                         self.world, ticks, self._rows, divisor)
            if before is not None and self.state.status.outcome == FAULTY:
                self._stop_at(before)
            self.collect()
            if sink is not None and filled:
                sink(self._rows[:filled])
        if self.live and self.state.clock.tick < end:
            # The clock is everybody's: it goes on where an aircraft is lost.
            self.state.clock.tick, self.state.clock.time = end, end / BASE_RATE

    def _stop_at(self, before: np.ndarray) -> None:
        """Leave a faulty aircraft as it last was a number: nobody is to be told of what is none."""
        time = float(self.state.clock.time)
        self._bytes()[:] = before
        events.note(self.state.events, time, events.OWN_FAULT, 0, 0.0)
        self.state.status.outcome = FAULTY

    def fail_engine(self, index: int) -> None:
        """Stop an engine for good at this instant: 0 is the right-hand or only one, 1 the left.

        Raises SetupError where the aircraft has no such engine.
        """
        count = int(self.aircraft.datasheet[0].engine.count)
        if index not in range(count):
            raise SetupError(f"engine {index!r}: {self.aircraft.name} has "
                             + ("one engine, number 0" if count == 1 else "engines 0 and 1"))
        self.state.engines[index].running = False

    def snapshot(self) -> Snapshot:
        """The run at this instant."""
        kept = self.checkpoint()
        return Snapshot(schema_digest(Vehicle), kept.references.digest, kept.record.tobytes())

    def restore(self, snapshot: Snapshot) -> None:
        """Go back (or forward) to a snapshot of a run with the same aircraft, plan and world.

        Raises:
            SnapshotError: another version's record, or another aircraft, plan or world.
        """
        if not isinstance(snapshot, Snapshot):
            raise SnapshotError(f"{type(snapshot).__name__} is no snapshot: give what "
                                "Simulation.snapshot() returned")
        if snapshot.schema != schema_digest(Vehicle):
            raise SnapshotError(
                f"snapshot has record schema {snapshot.schema}, this version has "
                f"{schema_digest(Vehicle)}: restore it with the version that took it")
        if snapshot.references != self.references.digest:
            raise SnapshotError("snapshot was taken with another aircraft, mission, wind, "
                                "turbulence, weather or terrain: build the simulation with the "
                                "same ones")
        record = np.frombuffer(snapshot.record, Vehicle.dtype)
        happened = self.happenings[:int(record[0].events.count)]
        self.go_back(Checkpoint(record, self.references, tuple(happened)))


def _surroundings(mission: str | Path | ResolvedPlan | None, wind: str | None,
                  weather: str | Path | None, terrain: str | Path | None,
                  start: str | datetime | None) -> dict[str, Any]:
    """Wind record, weather, terrain and start as asked for; a resolved plan has its own."""
    if isinstance(mission, ResolvedPlan):
        if not (weather is terrain is start is None):
            raise SetupError("a resolved plan has its own weather, terrain and start: give them "
                             "to plan_flight")
        if mission.judgement.weather and wind is not None:
            raise SetupError("the resolved plan has weather of its own: leave the wind out")
    return read_surroundings(wind, weather, terrain, start)


def _checked(plan: ResolvedPlan) -> ResolvedPlan:
    """A resolved plan whose items can be flown."""
    faults = item_faults(plan.items, len(plan.runways))
    if faults:
        raise SetupError(listed("this plan cannot be flown:", faults[:10]))
    return plan


def _references(aircraft: Aircraft, plan: ResolvedPlan, wind: np.ndarray, turbulence: str
                ) -> References:
    """What a flight of a plan refers to."""
    judgement = plan.judgement
    world = World(
        WGS84, wind, turbulence_parameters(turbulence), plan.patches, geoid_table(),
        magnetic_around(plan.items, plan.runways, decimal_year(judgement.start)),
        judgement.weather.grid(judgement.start.timestamp()) if judgement.weather else no_weather(),
        judgement.terrain)
    loaded = Loaded(plan.items, plan.runways, plan.header[0], fence=aboard.fence_of(plan.fence),
                    rally=aboard.rally_of(plan.rally.tolist()))
    names = zip(plan.items["sequence"].tolist(), plan.names, strict=True)
    return References(loaded, world, aircraft, dict(names))


def _ignore(order: table.Order) -> None:
    del order


def check_seed(seed: int) -> None:
    """Refuse a seed that is no integer from 0 to 2^63 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise SetupError(f"seed {seed!r}: give an integer from 0 to 2^63 - 1")


def log_divisor(log_rate: float) -> int:
    """Ticks between two log rows at ``log_rate`` Hz, which must divide the 100 Hz tick."""
    if math.isfinite(log_rate) and 0.0 < log_rate <= BASE_RATE:
        divisor = BASE_RATE / log_rate
        if abs(divisor - round(divisor)) < 1e-9:
            return round(divisor)
    raise SetupError(f"log rate {log_rate:g} Hz: give one that divides 100 Hz, such as "
                     "100, 50, 20, 10, 5, 1, 0.5 or 0.1")
