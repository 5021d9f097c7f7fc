"""Plans of all vehicles: up, read back and compared; down; and watched for others' changes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from longwatch.station.refusal import Refusal
from longwatch.station.vehicles import transfers
from longwatch.station.vehicles.plans import (
    KINDS,
    PlanAboard,
    PlanItem,
    differences,
    from_document,
)
from longwatch.station.vehicles.vehicle import Vehicle

TOLD_S = 0.2
"""Progress is told so often at most."""
LOOK_AGAIN_S = 10.0
_PARTS = {"mission": "mission", "fence": "geoFence", "rally": "rallyPoints"}


class PlanDesk:
    """Transfers, one at a time for each vehicle.

    Args:
        publish: tells the browsers.
        now: the station's seconds.
        spawn: lets work go on by itself.
    """

    def __init__(self, publish: Callable[[list[Any]], None], now: Callable[[], float],
                 spawn: Callable[[Callable[[], Awaitable[Any]]], None]) -> None:
        self.publish, self.now, self.spawn = publish, now, spawn
        self._looked: dict[tuple[str, str], tuple[int, float]] = {}

    async def fetch(self, vehicle: Vehicle, kind: str) -> PlanAboard:
        """Read a plan and tell of it. Raises TransferError; what was known stays known."""
        async with vehicle.transfer:
            return await self._read(vehicle, kind, "download")

    async def _read(self, vehicle: Vehicle, kind: str, source: str) -> PlanAboard:
        progress = _Progress(self, vehicle, kind, "download")
        try:
            plan = await transfers.download(vehicle, kind, progress.step)
        except (transfers.TransferError, asyncio.CancelledError) as error:
            progress.end("failed", str(error) or "broken off")
            raise
        plan = PlanAboard(plan.items, source, plan.opaque_id)
        vehicle.plans[kind] = plan
        if kind == "mission":
            vehicle.counted(len(plan.items))
        progress.end("done", "")
        self.publish(["plan", vehicle.id, kind, plan.as_dict()])
        return plan

    async def download(self, vehicle: Vehicle, kind: str) -> dict[str, Any]:
        """A plan as the contract has it. Raises Refusal; KeyError for no such kind."""
        KINDS[kind]
        try:
            return (await self.fetch(vehicle, kind)).as_dict()
        except transfers.TransferError as error:
            raise Refusal(str(error), 409) from None

    async def upload(self, vehicle: Vehicle, document: Any) -> dict[str, Any]:
        """Write what the document holds, read it back, compare. Raises Refusal."""
        home = tuple(vehicle.number(name) for name in (
            "home_latitude_deg", "home_longitude_deg", "home_altitude_msl"))
        home_first = vehicle.family == "ardupilot"
        if vehicle.transfer.locked():
            raise Refusal(f"a plan of {vehicle.name} is on its way; try again when it is done",
                          409)
        found: list[str] = []
        notes: list[str] = []
        async with vehicle.transfer:
            # Beside the loop: thousands of items take longer than a frame may.
            plans = await asyncio.to_thread(from_document, document, home_first=home_first,
                                            home=None if None in home else home)
            for kind, items in plans.items():
                if _PARTS[kind] not in document:
                    continue
                known = vehicle.plans.get(kind)
                if not items and kind != "mission" and (known is None or not known.items):
                    continue  # nothing to write where nothing is
                first = 1 if home_first and kind == "mission" else 0
                changed, unkept = await self._write(vehicle, kind, items, first)
                found, notes = found + changed, notes + unkept
        return {"same": not found, "differences": found, "notes": notes}

    async def _write(self, vehicle: Vehicle, kind: str, items: tuple[PlanItem, ...],
                     first: int) -> tuple[list[str], list[str]]:
        progress = _Progress(self, vehicle, kind, "upload")
        try:
            await transfers.upload(vehicle, kind, items, progress.step, first)
            progress.end("done", "")
            plan = await self._read(vehicle, kind, "upload")
        except transfers.TransferError as error:
            progress.end("failed", str(error))
            raise Refusal(str(error), 409) from None
        except asyncio.CancelledError:
            progress.end("failed", "broken off")
            raise
        return differences(kind, items, plan.items, first, vehicle.family)

    def look(self, vehicle: Vehicle, now: float) -> None:
        """Read a plan anew where the vehicle says that it is another one."""
        for kind, number in vehicle.plan_ids.items():
            known = vehicle.plans.get(kind)
            if known is None or known.opaque_id == number or vehicle.transfer.locked():
                continue
            looked = self._looked.get((vehicle.id, kind))
            if looked is not None and looked[0] == number and now - looked[1] < LOOK_AGAIN_S:
                continue
            self._looked[vehicle.id, kind] = (number, now)
            self.spawn(lambda k=kind: self._again(vehicle, k))  # type: ignore[misc]

    async def _again(self, vehicle: Vehicle, kind: str) -> None:
        try:
            await self.fetch(vehicle, kind)
        except transfers.TransferError:
            return  # told as a failed transfer; looked at again in a while


class _Progress:
    """Tells how far a transfer is."""

    def __init__(self, desk: PlanDesk, vehicle: Vehicle, kind: str, direction: str) -> None:
        self._desk, self._vehicle, self._kind, self._direction = desk, vehicle, kind, direction
        self._done = self._total = 0
        self._told = -TOLD_S

    def step(self, done: int, total: int) -> None:
        """So many items of so many have gone over."""
        self._done, self._total = done, total
        now = self._desk.now()
        if now - self._told >= TOLD_S:
            self._told = now
            self._tell("running", "")

    def end(self, state: str, text: str) -> None:
        """It is over: "done" or "failed"."""
        self._tell(state, text)

    def _tell(self, state: str, text: str) -> None:
        self._desk.publish(["transfer", self._vehicle.id, self._kind, {
            "direction": self._direction, "done": self._done, "total": self._total,
            "state": state, "text": text}])
