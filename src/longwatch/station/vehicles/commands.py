"""Sending commands: acknowledged, repeated where the link loses them, and answered in words.

(MAVLink, "Command Protocol".)
"""

import asyncio
from collections.abc import Callable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.command_table import Order, Setting
from longwatch.station.vehicles.connections import SYSTEM
from longwatch.station.vehicles.exchange import Box
from longwatch.station.vehicles.parameter_transfer import set_parameter
from longwatch.station.vehicles.vehicle import Vehicle

TRIES = 4
WAIT_S, LONGEST_WAIT_S = 0.5, 2.0
# One that is under way may take so long, if it goes on saying so that often.
UNDER_WAY_S, SILENT_S = 120.0, 5.0
# So long a mode that was accepted may take to be told by the heartbeat.
ENTERED_S = 2.5
# The reason of a refusal comes as a text, before or after the acknowledgement.
TEXT_AFTER_S, TEXT_QUIET_S = 0.4, 0.05
_PROGRESS = int(mavlink.MAV_RESULT_IN_PROGRESS)
_LONG_ONLY, _INT_ONLY = 7, 8
NO_ANSWER = "no_answer"
RESULTS = {0: "accepted", 1: "temporarily_rejected", 2: "denied", 3: "unsupported", 4: "failed",
           6: "failed", 9: "unsupported", 10: "denied"}
_WORDS = {6: "cancelled", 10: "another station is in control"}
OVERTAKEN = "it was not sent again: a newer command or another pilot came before it was answered"
Wanted = Callable[[], bool]


def _always() -> bool:
    return True


async def carry_out(vehicle: Vehicle, orders: list[Order], wanted: Wanted = _always
                    ) -> tuple[str, str]:
    """Result and text of the first of ``orders`` that the vehicle knows.

    ``wanted`` is asked before anything is sent, or sent again: whether it shall be done still.
    """
    result, text = "unsupported", ""
    for order in orders:
        result, text = await _led_up(vehicle, order, wanted)
        if result == "accepted":
            result, text = await send(vehicle, order, wanted)
        if result != "unsupported":
            break
    return result, text


async def _led_up(vehicle: Vehicle, order: Order, wanted: Wanted) -> tuple[str, str]:
    """Do what comes before an order; what of it was refused is named."""
    for step in order.first:
        if isinstance(step, Setting):
            try:
                await set_parameter(vehicle, step.name, step.value)
            except Refusal as refused:
                return "failed", str(refused)
            continue
        if step.reaches is not None and step.reaches == vehicle.custom_mode:
            continue
        result, text = await send(vehicle, step, wanted)
        if result == "accepted" and not await _entered(vehicle, step):
            result, text = "failed", "accepted, and not entered"
        if result != "accepted":
            said = text or result.replace("_", " ")
            return result, f"{step.what}: {said}" if step.what else text
    return "accepted", ""


async def _entered(vehicle: Vehicle, step: Order) -> bool:
    """Whether the vehicle tells the mode that a step leads to, by and by."""
    loop = asyncio.get_running_loop()
    end = loop.time() + ENTERED_S + 2.0 * (vehicle.round_trip or 0.0)
    with vehicle.exchange.listen("HEARTBEAT") as box:
        while step.reaches not in (None, vehicle.custom_mode):
            if await box.next(end - loop.time()) is None:
                return False
    return True


async def send(vehicle: Vehicle, order: Order, wanted: Wanted = _always) -> tuple[str, str]:
    """Send one order; its result, and the vehicle's reason where it was refused."""
    lock = vehicle.locks.setdefault(order.number, asyncio.Lock())
    async with lock:
        number, text = await _acknowledged(vehicle, order, wanted)
        if number in (_LONG_ONLY, _INT_ONLY):
            number, text = await _acknowledged(vehicle, order.other(), wanted)
    if number is None:
        return NO_ANSWER, text
    return RESULTS.get(number, "failed"), text or _WORDS.get(number, "")


async def _acknowledged(vehicle: Vehicle, order: Order, wanted: Wanted
                        ) -> tuple[int | None, str]:
    def ours(message: Any) -> bool:
        # Words that the vehicle says meanwhile fall into the same box.
        return isinstance(message, tuple) or (
            message.command == order.number and message.target_system in (0, SYSTEM))

    with vehicle.exchange.listen("COMMAND_ACK", "TEXT", where=ours) as box:
        texts: list[str] = []
        # Over a slow link the answer to the last try is waited for as long as it takes to come.
        trip = vehicle.round_trip or 0.0
        wait, longest = WAIT_S + 2.0 * trip, LONGEST_WAIT_S + 2.0 * trip
        for attempt in range(TRIES):
            if not wanted():
                return None, OVERTAKEN
            vehicle.send(order.message(vehicle.system, vehicle.component, attempt))
            ack = await _next(box, wait, texts)
            if ack is not None:
                break
            wait = min(1.5 * wait, longest)
        else:
            return None, ""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + UNDER_WAY_S
        while ack.result == _PROGRESS and loop.time() < deadline:
            following = await _next(box, SILENT_S, texts)
            if following is None:
                return None, ""
            ack = following
        if ack.result == 0:
            return 0, ""
        return int(ack.result), await _reason(vehicle, box, texts)


async def _next(box: Box, seconds: float, texts: list[str]) -> Any:
    """The next acknowledgement; texts on the way are kept."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0.0:
        found = await box.next(left)
        if isinstance(found, tuple):
            texts.append(found[1])
        elif found is not None:
            return found
    return None


async def _reason(vehicle: Vehicle, box: Box, texts: list[str]) -> str:
    """What the vehicle says with a refusal: the last thing before, or what follows it."""
    wait, after = TEXT_AFTER_S, []
    while (found := await box.next(wait)) is not None:
        if isinstance(found, tuple):
            after.append(found[1])
            wait = TEXT_QUIET_S
        if len(after) >= 5:
            break
    said = after or texts[-1:]
    vehicle.alerts.withdraw(said)
    return "; ".join(said)


async def request(vehicle: Vehicle, message_id: int, parameter: float = 0.0) -> str:
    """REQUEST_MESSAGE; the result."""
    return (await send(vehicle, Order(mavlink.MAV_CMD_REQUEST_MESSAGE,
                                      (float(message_id), parameter, 0.0, 0.0))))[0]
