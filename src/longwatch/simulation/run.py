"""A run: one aircraft, its plan and its world, stepped by whoever holds it.

    sim = Simulation(aircraft="tb2", mission="missions/thrace-watch.plan", seed=1)
    sim.step(60.0)
    sim.state.flight.altitude_msl
"""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.events import RING
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
from longwatch.simulation import aboard, crew_orders, orders
from longwatch.simulation.happenings import Happening, happening
from longwatch.simulation.magnetic import magnetic_around
from longwatch.simulation.plan_checks import item_faults
from longwatch.simulation.start import Parking, parked_plan, place_of
from longwatch.simulation.tick import run
from longwatch.simulation.vehicle import (
    BASE_RATE,
    FAULTY,
    FLYING,
    LANDED,
    LOST,
    Loaded,
    Vehicle,
    World,
)

# One call into compiled code covers at most this many ticks and rows: the event ring never
# overflows, and whoever watches sees progress.
CHUNK_TICKS = 6000
CHUNK_ROWS = 600
FAULT = "fault"
OUTCOMES = {FLYING: "flying", LANDED: "landed", LOST: "lost", FAULTY: FAULT}
Sink = Callable[[np.ndarray], None]


@dataclass(frozen=True)
class Snapshot:
    """A run at one instant: the record, and digests of its schema and of what it refers to."""

    schema: str
    references: str
    record: bytes


class Simulation:
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
        live: as asked for.
        on_order: called with every :class:`~longwatch.simulation.orders.Order` carried out.
        on_reset: called before a live aircraft is put back to where it began.
        standing: where it was put at the start, (latitude, longitude) [rad] and its centre of
            gravity [m above mean sea level].
        start: when the flight begins, UTC.
        state: the record of the aircraft, live.
        happenings: what has happened so far, as dictionaries.
        plan: the resolved plan.
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
        self.aircraft = aircraft if isinstance(aircraft, Aircraft) else load_datasheet(aircraft)
        sheet = self.aircraft.datasheet[0]
        fuel_kg = most_fuel(sheet, payload_kg) if fuel_kg is None else fuel_kg
        check_seed(seed)
        if isinstance(mission, ResolvedPlan) and not (weather is terrain is start is None):
            raise SetupError("a resolved plan has its own weather, terrain and start: give them "
                             "to plan_flight")
        if isinstance(mission, ResolvedPlan) and mission.judgement.weather and wind is not None:
            raise SetupError("the resolved plan has weather of its own: leave the wind out")
        around = read_surroundings(wind, weather, terrain, start)
        if isinstance(mission, ResolvedPlan):
            faults = item_faults(mission.items, len(mission.runways))
            if faults:
                raise SetupError(listed("this plan cannot be flown:", faults[:10]))
            self.plan = mission
        elif mission is None:
            self.plan = parked_plan(self.aircraft, payload_kg, fuel_kg, around)
        else:
            self.plan = plan_flight(
                mission, self.aircraft, payload_kg=payload_kg, fuel_kg=fuel_kg,
                turbulence=turbulence, fit=fit, force=force,
                **around)
        judgement = self.plan.judgement
        self.start: datetime = judgement.start
        began = self.start.timestamp()
        self.settings: dict[str, Any] = {
            "aircraft": self.aircraft.name, "mission": self.plan.judgement.mission.path.name,
            "payload_kg": payload_kg, "fuel_kg": fuel_kg,
            "wind": "" if judgement.weather else wind or CALM,
            "turbulence": turbulence, "seed": seed, "fit": fit, "force": force,
            "weather": judgement.weather.name if judgement.weather else "",
            "terrain": judgement.terrain_name, "start": start_text(self.start)}
        self._names = {int(item["sequence"]): name
                       for item, name in zip(self.plan.items, self.plan.names, strict=True)}
        self.world = World(
            WGS84, around["wind"], turbulence_parameters(turbulence), self.plan.patches,
            geoid_table(), magnetic_around(self.plan.items, self.plan.runways,
                                           decimal_year(self.start)),
            judgement.weather.grid(began) if judgement.weather else no_weather(),
            judgement.terrain)
        self._loaded = Loaded(self.plan.items, self.plan.runways, self.plan.header[0],
                              fence=aboard.fence_of(self.plan.fence),
                              rally=aboard.rally_of(self.plan.rally.tolist()))
        self.live = live
        self.on_order: Callable[[orders.Order], object] = _ignore
        self.on_reset: Callable[[], object] = _nothing
        self._tiles = around["terrain"]
        if live:
            aboard.prepare(self, has_mission=mission is not None)
        self.vehicles, self.index = Vehicle.zeros(1), 0
        first = self.plan.items[0]
        self._parking = Parking(self.plan.runways[int(first["runway"])], int(first["end"]),
                                payload_kg, fuel_kg, seed, place)
        self._parking.fill(self.vehicles[0], sheet, self.world)
        self.vehicles[0].autopilot.modes.started = mission is not None and not live
        self.vehicles[0].clock.start = began
        self.standing = place_of(self.vehicles[0], self.world)
        if live:
            crew_orders.begin_live(self)
        self.happenings: list[Happening] = []
        self._read = 0
        self._digested: tuple[tuple[int, ...], str] = ((), "")
        self._rows = Vehicle.zeros(CHUNK_ROWS)

    @property
    def state(self) -> Any:
        """The aircraft's record, live."""
        return self.vehicles[self.index]

    @property
    def header(self) -> Any:
        """The header of the plan aboard: home, cruise speed, payload."""
        return self._loaded.header

    @property
    def runways(self) -> Any:
        """The runways aboard."""
        return self._loaded.runways

    @property
    def time(self) -> float:
        """Simulated time since the start [s]."""
        return float(self.state.clock.time)

    @property
    def utc(self) -> datetime:
        """Date and time on the simulated clock."""
        return self.start + timedelta(seconds=self.time)

    @property
    def outcome(self) -> str:
        """"flying", "landed", "lost", or "fault": one of Longwatch itself."""
        return OUTCOMES[int(self.state.status.outcome)]

    def order(self, name: str, /, sender: str = "", **arguments: Any) -> None:
        """Give an order of ``simulation.orders.ORDERS``, between two ticks.

        Raises:
            OrderError: it is malformed or cannot be carried out; nothing has changed.
        """
        given = orders.give(self, name, sender, arguments)
        self._collect()
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
            filled = run(self.vehicles, self.index, self.aircraft.datasheet, self._loaded,
                         self.world, ticks, self._rows, divisor)
            if before is not None and self.state.status.outcome == FAULTY:
                self._stop_at(before)
            self._collect()
            if sink is not None and filled:
                sink(self._rows[:filled])
        if self.live and self.state.clock.tick < end:
            # The clock is everybody's: it goes on where an aircraft is lost.
            self.state.clock.tick, self.state.clock.time = end, end / BASE_RATE

    def _bytes(self) -> np.ndarray:
        """The record's bytes: NumPy copies a record field by field, ten times dearer."""
        return self.vehicles[self.index:self.index + 1].view(np.uint8)

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

    def _collect(self) -> None:
        ring = self.state.events
        count = int(ring.count)
        for number in range(max(self._read, count - RING), count):
            self.happenings.append(happening(ring.entries[number % RING], self._names))
        self._read = count

    def snapshot(self) -> Snapshot:
        """The run at this instant."""
        return Snapshot(schema_digest(Vehicle), self._references,
                        self.vehicles[self.index:self.index + 1].tobytes())

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
        if snapshot.references != self._references:
            raise SnapshotError("snapshot was taken with another aircraft, mission, wind, "
                                "turbulence, weather or terrain: build the simulation with the "
                                "same ones")
        self.vehicles[self.index] = np.frombuffer(snapshot.record, Vehicle.dtype)[0]
        self._read = int(self.state.events.count)
        del self.happenings[self._read:]

    @property
    def _references(self) -> str:
        world = self.world
        parts = (self.aircraft, self._loaded, world)
        if self._digested[0] != tuple(map(id, parts)):
            self._digested = (tuple(map(id, parts)), self._digest())
        return self._digested[1]

    def _digest(self) -> str:
        digest, world = hashlib.sha256(), self.world
        for part in (self.aircraft.datasheet, *self._loaded, *world[:4], world.magnetic.values,
                     *world.weather, *world.terrain):
            digest.update(_without_padding(np.ascontiguousarray(part)).data)
        return digest.hexdigest()[:16]


def _ignore(order: orders.Order) -> None:
    del order


def _nothing() -> None:
    pass


def _without_padding(array: np.ndarray) -> np.ndarray:
    """The same values; bytes between the fields of records, which copies leave to chance, zero."""
    if array.dtype.names is None:
        return array
    clean = np.zeros(array.shape, array.dtype)
    clean[...] = array
    return clean


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
