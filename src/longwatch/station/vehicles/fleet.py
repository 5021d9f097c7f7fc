"""The vehicles and their links: who is there, what changed, and what is asked of them."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles import (
    autopilots,
    command_table,
    commands,
    manual_control,
    meanings_reader,
    parameter_transfer,
    separation,
)
from longwatch.station.vehicles.acquaint import Acquaintance, heartbeat, rates
from longwatch.station.vehicles.connections import Connection, open_all
from longwatch.station.vehicles.datasheet import kind_of
from longwatch.station.vehicles.history import Histories
from longwatch.station.vehicles.meanings import READING
from longwatch.station.vehicles.plan_desk import PlanDesk
from longwatch.station.vehicles.quantities import NAMES
from longwatch.station.vehicles.quantity import Value
from longwatch.station.vehicles.reception import Reception
from longwatch.station.vehicles.terrain_feed import TerrainFeed
from longwatch.station.vehicles.vehicle import Vehicle
from longwatch.station.vehicles.vehicle_values import vehicle_values

log = logging.getLogger(__name__)

TICK_S, BEAT_S, SYNC_S = 0.2, 1.0, 2.0
MOST_CHECKS = 500
_COMMANDS = list(command_table.NAMES)


def _wanted(vehicle: Vehicle, name: str) -> Callable[[], bool]:
    """Whether a command is still what the one pilot of a vehicle wants, as time passes."""
    vehicle.courses += name in command_table.COURSES
    courses, pilot = vehicle.courses, vehicle.pilot
    return lambda: vehicle.pilot == pilot and (
        name not in command_table.FALLING or vehicle.courses == courses)


class Fleet(Reception):
    """All vehicles.

    Args:
        aircraft: datasheet of Longwatch's own aircraft, by name or as a file; all vehicles are
            reckoned with its fuel's density, which MAVLink does not tell. "" for none.
        utc: seconds since 1970, for people.

    Attributes:
        terrain: answers vehicles that ask for the ground's heights.
        on_event: is handed each message for the browsers, as docs/station-wire.md has it.
        on_let_go: is told whose sticks of which vehicle were let go, and why.
        histories: quantities of the last hours.

    Raises:
        DatasheetError: there is no such datasheet, or it has faults.
    """

    def __init__(self, *, aircraft: str = "", utc: Callable[[], float] = time.time) -> None:
        super().__init__(kind_of(aircraft))
        self.on_event: Callable[[list[Any]], None] = lambda message: None
        self.on_let_go: Callable[[str, str, str], object] = lambda user, vehicle, reason: None
        self.histories = Histories()
        self.plans = PlanDesk(self.publish, self.now, self.spawn)
        self.terrain = TerrainFeed(self.spawn)
        self._utc = utc
        self._vehicles: dict[str, Vehicle] = {}
        self._connections: list[Connection] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._meetings: dict[str, asyncio.Task[Any]] = {}
        self._told: dict[str, Any] = {}
        self._ticking: asyncio.Task[None] | None = None
        self._seconds = 0.0

    # ------------------------------------------------------------------------------- opening

    async def open(self, addresses: tuple[str, ...] | list[str] = ()) -> None:
        """Open all addresses and begin. Raises LinkError with all that is wrong with them."""
        self._loop = asyncio.get_running_loop()
        self._connections = await open_all(tuple(addresses), self)
        self._ticking = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Leave all vehicles and close all links."""
        tasks = [*self._tasks, *self._meetings.values(),
                 *([self._ticking] if self._ticking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in self._connections:
            await connection.close()
        self._connections, self._ticking = [], None
        self._tasks.clear()
        self._meetings.clear()

    # ------------------------------------------------------------------------- acquaintance

    def met(self, vehicle: Vehicle) -> None:
        """Somebody new is there: tell of him, and ask him."""
        vehicle.on_reboot = lambda: self._acquaint(vehicle)
        vehicle.on_terrain = lambda request: self.terrain.asked(vehicle, request)
        self._add(vehicle)
        self._acquaint(vehicle)

    def changed_over(self, vehicle: Vehicle) -> None:
        """Ask for messages on the new link: vehicles keep their intervals by link."""
        self.spawn(lambda: rates(vehicle))

    def _acquaint(self, vehicle: Vehicle) -> None:
        before = self._meetings.pop(vehicle.id, None)
        if before is not None:
            before.cancel()
        asking = Acquaintance(vehicle, lambda kind: self.plans.fetch(vehicle, kind),
                              lambda: self._tell(vehicle))
        self._meetings[vehicle.id] = asyncio.get_running_loop().create_task(
            self._guarded(asking.run))

    async def _guarded(self, work: Callable[[], Awaitable[Any]]) -> None:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("a vehicle could not be asked")

    # ------------------------------------------------------------------------ as time passes

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                self._tick(self.now())
            except Exception:
                log.exception("vehicles could not be looked at")

    def _tick(self, now: float) -> None:
        whole = now - self._seconds >= BEAT_S
        if whole:
            sync = int(now / SYNC_S) != int(self._seconds / SYNC_S)
            self._seconds = now
            self._speak(now, sync)
            self._keep_apart()
        for vehicle in list(self._vehicles.values()):
            try:
                self._look(vehicle, now, whole)
            except Exception:  # the others are looked at all the same
                log.exception("%s could not be looked at", vehicle.name)

    def _keep_apart(self) -> None:
        try:
            separation.monitor(list(self._vehicles.values()))
        except Exception:  # each is looked at by itself all the same
            log.exception("the vehicles could not be looked at together")

    def _look(self, vehicle: Vehicle, now: float, whole: bool) -> None:
        lost = vehicle.number("link_state") == "lost"
        try:
            if whole:
                vehicle.tick_second(now)
        finally:  # that a link is lost is told whatever else goes wrong
            vehicle.tick(now)
        if vehicle.sticks.silent(now):
            self.let_go(vehicle, "silent", neutral=False)
        if whole and not vehicle.replay:
            self.histories.take(vehicle, self._utc())
        if lost and not vehicle.replay and vehicle.number("link_state") == "up":
            self._acquaint(vehicle)
        if whole and not vehicle.replay and vehicle.id in self._meetings and (
                self._meetings[vehicle.id].done()):
            self.plans.look(vehicle, now)
        self._tell(vehicle)
        if vehicle.alerts.changed:
            vehicle.alerts.changed = False
            self.publish(["alerts", vehicle.id, vehicle.alerts.as_list()])

    def _speak(self, now: float, sync: bool) -> None:
        for way in self._ways:
            way.send(heartbeat())
            if sync:
                way.send(mavlink.MAVLink_timesync_message(0, int(now * 1e9)))

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Let ``work`` go on by itself until the fleet is closed."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ------------------------------------------------------------------------- what is told

    def publish(self, message: list[Any]) -> None:
        """Hand a message to the browsers; whatever becomes of it, the fleet goes on."""
        try:
            self.on_event(message)
        except Exception:
            log.exception("%s could not be told", message[0])

    def _tell(self, vehicle: Vehicle) -> None:
        """Tell of a vehicle where more than the age of its links has changed."""
        told = vehicle_values(vehicle, self.now(), [] if vehicle.replay else _COMMANDS)
        links = [(link["name"], link["state"]) for link in told["links"]]
        key = {**told, "links": links}
        if self._vehicles.get(vehicle.id) is vehicle and self._told.get(vehicle.id) != key:
            self._told[vehicle.id] = key
            self.publish(["vehicle", told])

    @property
    def names(self) -> tuple[str, ...]:
        """Quantities by index."""
        return NAMES

    def changes(self) -> dict[str, dict[int, Value | None]]:
        """What changed since the last call, by vehicle and quantity."""
        found = {}
        for key, vehicle in self._vehicles.items():
            if vehicle.dirty:
                values = vehicle.values
                found[key] = {index: values[index] for index in vehicle.dirty}
                vehicle.dirty = set()
        return found

    def whole(self) -> dict[str, dict[int, Value | None]]:
        """Everything that is known."""
        return {key: {index: value for index, value in enumerate(vehicle.values)
                      if value is not None} for key, vehicle in self._vehicles.items()}

    def vehicles(self) -> list[dict[str, Any]]:
        """All vehicles, as docs/station-wire.md has them."""
        now = self.now()
        return [vehicle_values(vehicle, now, [] if vehicle.replay else _COMMANDS)
                for vehicle in self._vehicles.values()]

    # --------------------------------------------------------------------------- for others

    def find(self, identity: str) -> Vehicle:
        """A vehicle by its id. Raises Refusal, 404."""
        vehicle = self._vehicles.get(identity)
        if vehicle is None:
            raise Refusal(f"there is no vehicle {identity!r}", 404)
        return vehicle

    def about(self, identity: str) -> tuple[str | None, float | None]:
        """What a vehicle is called, and what its own clock says [s of UTC]; None for unknown."""
        vehicle = self._vehicles.get(identity)
        return (vehicle.name, vehicle.number("time_utc_s")) if vehicle else (None, None)

    def commandable(self, identity: str) -> Vehicle:
        """A vehicle that can be sent something. Raises Refusal, 404 or 409."""
        vehicle = self.find(identity)
        if vehicle.replay:
            raise Refusal(f"{vehicle.name} is a record: nothing can be sent to it", 409)
        return vehicle

    def adopt(self, vehicle: Vehicle) -> None:
        """Take in a vehicle of a replay. Raises Refusal where its id is taken."""
        if vehicle.id in self._vehicles:
            raise Refusal(f"there is a vehicle {vehicle.id!r} already", 409)
        self._add(vehicle)

    def _add(self, vehicle: Vehicle) -> None:
        began, utc = self.now(), self._utc()
        if not vehicle.replay:
            vehicle.utc = lambda time_s: utc + time_s - began
        self._vehicles[vehicle.id] = vehicle
        vehicle.dirty = {i for i, value in enumerate(vehicle.values) if value is not None}
        self._tell(vehicle)

    def release(self, identity: str) -> None:
        """Forget a vehicle."""
        vehicle = self._vehicles.pop(identity, None)
        if vehicle is None:
            return
        self._told.pop(identity, None)
        self.inspector.forget(identity)
        self.histories.forget(identity)
        if not vehicle.replay:
            self._live.pop(vehicle.system, None)
        meeting = self._meetings.pop(identity, None)
        if meeting is not None:
            meeting.cancel()
        self.publish(["gone", identity])

    def trail(self, identity: str) -> dict[str, list[Any]]:
        """Where a vehicle has been."""
        return self.find(identity).trail.as_dict()

    def pilot(self, identity: str) -> str | None:
        """Who commands a vehicle."""
        return self.find(identity).pilot

    def set_pilot(self, identity: str, name: str | None) -> None:
        """Note who commands a vehicle, and tell."""
        vehicle = self.find(identity)
        if vehicle.sticks.user not in (None, name):
            self.let_go(vehicle, "control")
        vehicle.pilot = name
        self._tell(vehicle)

    def take_sticks(self, vehicle: Vehicle, user: str) -> None:
        """Let somebody fly by hand, and tell."""
        vehicle.sticks.begin(user, self.now())
        self._tell(vehicle)

    def let_go(self, vehicle: Vehicle, reason: str, neutral: bool = True) -> None:
        """End flying by hand, with sticks in neutral unless they fell silent, and tell."""
        user = vehicle.sticks.user or ""
        vehicle.sticks.user = None
        if neutral:
            manual_control.let_go(vehicle)
        self._tell(vehicle)
        self.on_let_go(user, vehicle.id, reason)

    def acknowledge(self, identity: str, key: str) -> None:
        """Mark an alert as seen. Raises Refusal where there is none."""
        vehicle = self.find(identity)
        if not vehicle.alerts.acknowledge(key):
            raise Refusal(f"{vehicle.name} has no alert {key!r}", 404)
        vehicle.alerts.changed = False
        self.publish(["alerts", vehicle.id, vehicle.alerts.as_list()])

    def tick_item(self, identity: str, item: str, ticked: bool) -> None:
        """Tick a checklist item by hand, or take that back."""
        vehicle = self.find(identity)
        vehicle.checks.pop(item, None)
        if ticked:
            if len(vehicle.checks) >= MOST_CHECKS:
                raise Refusal(f"{vehicle.name} has {MOST_CHECKS} ticked items already", 409)
            vehicle.checks[item] = True
        self.publish(["checks", vehicle.id, dict(vehicle.checks)])

    # ------------------------------------------------------------------------- what is asked

    def check(self, identity: str, name: str, arguments: Any) -> dict[str, Any]:
        """The checked arguments of a command that could be sent. Raises Refusal."""
        vehicle = self.commandable(identity)
        checked = command_table.check(name, arguments)
        autopilots.orders(vehicle, name, checked)
        return checked

    async def command(self, identity: str, name: str, arguments: Any) -> dict[str, Any]:
        """Send a command of the contract; result, text, seconds. Raises Refusal."""
        vehicle, began = self.commandable(identity), self.now()
        checked = self.check(identity, name, arguments)
        if name == "message_rate":
            vehicle.rate_hz = float(checked["hz"])
            result, text = "accepted" if await rates(vehicle) else commands.NO_ANSWER, ""
        else:
            result, text = await commands.carry_out(
                vehicle, autopilots.orders(vehicle, name, checked), _wanted(vehicle, name))
        return {"result": result, "text": text, "elapsed_s": round(self.now() - began, 3)}

    async def upload(self, identity: str, document: Any) -> dict[str, Any]:
        """Write mission, fence and rally of a .plan and read them back. Raises Refusal."""
        return await self.plans.upload(self.commandable(identity), document)

    async def download(self, identity: str, kind: str) -> dict[str, Any]:
        """Read one of them. Raises Refusal."""
        with contextlib.suppress(KeyError):
            return await self.plans.download(self.commandable(identity), kind)
        raise Refusal(f"there is no plan {kind!r}; there are: mission, fence, rally", 404)

    def describe(self, vehicle: Vehicle) -> None:
        """Let what a vehicle tells of its parameters be read, by and by."""
        if vehicle.meanings.state != READING:
            vehicle.meanings.state = READING
            self.spawn(lambda: meanings_reader.fetch(vehicle))

    def shown(self) -> list[Vehicle]:
        """All vehicles."""
        return list(self._vehicles.values())

    async def set_parameter(self, identity: str, name: str, value: float) -> dict[str, Any]:
        """Set a parameter and read it back. Raises Refusal."""
        vehicle = self.commandable(identity)
        return await parameter_transfer.set_parameter(vehicle, name, value)
