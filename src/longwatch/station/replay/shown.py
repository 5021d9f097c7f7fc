"""One log that is shown: where it stands, and its vehicles as the log tells of them then."""

import asyncio
from typing import Any

from longwatch.station.replay.sources import Source, Told
from longwatch.station.vehicles.alerts import Alerts
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.plans import KINDS
from longwatch.station.vehicles.vehicle import Vehicle


class Replay:
    """One log that is shown.

    Attributes:
        id: on the wire.
        position_s: from the log's beginning; ``speed`` over the log's own.
    """

    def __init__(self, identity: str, name: str, source: Source, fleet: Fleet) -> None:
        self.id, self.name, self.source = identity, name, source
        self.position_s, self.speed, self.playing = 0.0, 1.0, False
        self._fleet = fleet
        self._busy = asyncio.Lock()
        self.vehicles: dict[str, Vehicle] = {}
        for number, found in enumerate(source.vehicles, start=1):
            called = f"{found.name or found.family} {found.system}"
            self.vehicles[found.key] = Vehicle(
                f"r{number}", found.system, found.component, family=found.family, replay=True,
                name=called)

    def state(self) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        return {"id": self.id, "name": self.name, "position_s": round(self.position_s, 3),
                "duration_s": round(self.source.duration_s, 3), "speed": self.speed,
                "playing": self.playing, "begin_utc_s": self.source.begin_s,
                "vehicles": [vehicle.id for vehicle in self.vehicles.values()],
                "events": [event.as_dict() for event in self.source.events]}

    def tell(self) -> None:
        """Tell the browsers how it stands."""
        self._fleet.publish(["replay", self.state()])

    async def seek(self, position_s: float) -> None:
        """Show the state at a moment, at once: values, trail, nothing of later ones."""
        async with self._busy:
            self.position_s = min(max(position_s, 0.0), self.source.duration_s)
            told = await asyncio.to_thread(self.source.state_at, self.position_s)
            now = self.source.begin_s + self.position_s
            for found in self.source.vehicles:
                vehicle = self.vehicles[found.key]
                vehicle.forget()
                vehicle.texts.clear()
                vehicle.alerts = Alerts()
                vehicle.alerts.changed = True
                vehicle.heard = vehicle.beat = now
            # Parameters first: what is told may be read with their help.
            for each in sorted(told, key=lambda each: not _is_parameter(each.what)):
                self._hand(each)
            for found in self.source.vehicles:
                vehicle = self.vehicles[found.key]
                vehicle.heard = vehicle.beat = now
                vehicle.trail.clear()
                for point in found.trail_until(self.position_s):
                    vehicle.trail.add(*point)
                _end_trail(vehicle)
            self._show_plans()

    def _show_plans(self) -> None:
        """Let each vehicle have the plans that lie aboard now, and tell of those that changed."""
        for found in self.source.vehicles:
            vehicle, aboard = self.vehicles[found.key], found.plans_at(self.position_s)
            for kind in KINDS:
                plan, before = aboard.get(kind), vehicle.plans.get(kind)
                if plan is before:
                    continue
                if plan is None:
                    vehicle.plans.pop(kind)
                else:
                    vehicle.plans[kind] = plan
                told = None if plan is None else plan.as_dict()
                self._fleet.publish(["plan", vehicle.id, kind, told])

    async def advance(self, by_s: float) -> None:
        """Go on by so many seconds of the log; at its end it pauses."""
        async with self._busy:
            until = min(self.position_s + by_s, self.source.duration_s)
            told = await asyncio.to_thread(self.source.between, self.position_s, until)
            for each in told:
                self._hand(each)
            self.position_s = until
            self._show_plans()
        if until >= self.source.duration_s:
            self.playing = False
            self.tell()

    def _hand(self, told: Told) -> None:
        vehicle = self.vehicles[told.key]
        time_s = self.source.begin_s + told.time_s
        if isinstance(told.what, dict):
            vehicle.put(told.what, time_s)
        else:
            vehicle.take(told.what, time_s)
            self._fleet.inspector.take((vehicle.id, told.what.get_srcComponent(),
                                        told.what.get_msgId()), told.what, time_s)


def _end_trail(vehicle: Vehicle) -> None:
    """Let the trail end where the aircraft is."""
    latitude, longitude = vehicle.number("latitude_deg"), vehicle.number("longitude_deg")
    if vehicle.boot is not None and latitude is not None and longitude is not None:
        vehicle.trail.add(vehicle.boot, latitude, longitude, vehicle.number("altitude_msl"))


def _is_parameter(what: Any) -> bool:
    return not isinstance(what, dict) and what.get_type() == "PARAM_VALUE"
