"""The command protocol: COMMAND_LONG and COMMAND_INT, each answered by COMMAND_ACK.

A command has one service. What is malformed is refused before it gets there: infinite numbers,
places off the globe, frames of no use. A command repeated while it is still under way is not
carried out twice, nor is one repeated by COMMAND_LONG's own count of confirmations. (MAVLink,
"Command Protocol".)
"""

import math
from dataclasses import dataclass, replace
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, Refused, Reply, Sender

INT32_MAX = 0x7FFFFFFF
# Senders whose last command is remembered, and for how long [s of wall time].
MOST_SENDERS = 32
MEMORY = 5.0
# A command under way is said to be so this often [s of wall time].
PROGRESS_PERIOD = 0.5

_LOCAL_FRAMES = frozenset({
    mavlink.MAV_FRAME_LOCAL_NED, mavlink.MAV_FRAME_LOCAL_ENU, mavlink.MAV_FRAME_LOCAL_OFFSET_NED,
    mavlink.MAV_FRAME_BODY_NED, mavlink.MAV_FRAME_BODY_OFFSET_NED, mavlink.MAV_FRAME_BODY_FRD,
    mavlink.MAV_FRAME_LOCAL_FRD, mavlink.MAV_FRAME_LOCAL_FLU})

_QUIET = frozenset({mavlink.MAV_RESULT_ACCEPTED, mavlink.MAV_RESULT_IN_PROGRESS})


@dataclass
class _Running:
    command: Command
    sender: Sender
    reply: Reply
    told: float


class Commands(Service):
    """Takes commands, hands each to its service, and answers."""

    messages = ("COMMAND_LONG", "COMMAND_INT", "COMMAND_CANCEL")
    capabilities = mavlink.MAV_PROTOCOL_CAPABILITY_COMMAND_INT

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._running: dict[int, _Running] = {}
        self._last: dict[Sender, tuple[Command, Reply, float]] = {}

    def handle(self, message: Any, sender: Sender) -> None:
        if message.get_type() == "COMMAND_CANCEL":
            self._cancel(int(message.command))
            return
        try:
            command = parse(message)
        except Refused as refusal:
            self._answer(int(message.command), refusal.reply, sender)
            return
        self._answer(command.number, self._reply(command, sender), sender)

    def poll(self, wall: float) -> None:
        for number, running in list(self._running.items()):
            reply = running.reply.later() if running.reply.later else None
            if reply is not None and reply.result != mavlink.MAV_RESULT_IN_PROGRESS:
                del self._running[number]
                self._answer(number, reply, running.sender)
            elif reply is not None or wall - running.told >= PROGRESS_PERIOD:
                if reply is not None:
                    running.reply = replace(running.reply, progress=reply.progress)
                running.told = wall
                self._answer(number, running.reply, running.sender)

    def forget(self, link: int) -> None:
        self._last = {s: v for s, v in self._last.items() if s.link != link}

    def rewound(self, kept: Any) -> None:
        """What was under way is of a time that is no more: it failed."""
        running, self._running, self._last = self._running, {}, {}
        for number, one in running.items():
            text = f"{_name(number)}: the simulation went back to an earlier moment"
            self._answer(number, Reply(mavlink.MAV_RESULT_FAILED, text), one.sender)

    def _reply(self, command: Command, sender: Sender) -> Reply:
        wall, first = self.craft.wall(), replace(command, confirmation=0)
        running = self._running.get(command.number)
        if running is not None:
            if replace(running.command, confirmation=0) == first and running.sender == sender:
                return running.reply
            return Reply(mavlink.MAV_RESULT_TEMPORARILY_REJECTED,
                         f"{_name(command.number)}: another one is still under way")
        known = self._last.get(sender)
        if known and command.confirmation and known[0] == first and wall - known[2] < MEMORY:
            return known[1]
        reply = self._carry_out(command, sender)
        if reply.result == mavlink.MAV_RESULT_IN_PROGRESS and reply.later is not None:
            self._running[command.number] = _Running(command, sender, reply, wall)
        self._last.pop(sender, None)
        self._last[sender] = (first, replace(reply, text=""), wall)
        if len(self._last) > MOST_SENDERS:
            del self._last[next(iter(self._last))]
        return reply

    def _carry_out(self, command: Command, sender: Sender) -> Reply:
        service = self.component.by_command.get(command.number)
        if service is None:
            return Reply(mavlink.MAV_RESULT_UNSUPPORTED)
        try:
            return service.command(command, sender)
        except Refused as refusal:
            return refusal.reply
        except Exception as error:
            self.component.fault(service, _name(command.number), error)
            return Reply(mavlink.MAV_RESULT_FAILED,
                         f"{_name(command.number)} failed within the aircraft")

    def _cancel(self, number: int) -> None:
        running = self._running.get(number)
        if running is None or running.reply.cancel is None:
            return
        del self._running[number]
        running.reply.cancel()
        self._answer(number, Reply(mavlink.MAV_RESULT_CANCELLED), running.sender)

    def _answer(self, number: int, reply: Reply, sender: Sender) -> None:
        progress = 255 if reply.progress is None else min(max(reply.progress, 0), 100)
        if reply.result != mavlink.MAV_RESULT_IN_PROGRESS:
            progress = 0
        self.craft.send(mavlink.MAVLink_command_ack_message(
            number, reply.result, progress, 0, sender.system, sender.component), sender)
        # What an aircraft does not have clients try, and some every second: the result says it.
        if reply.text and reply.result != mavlink.MAV_RESULT_UNSUPPORTED:
            quiet = reply.result in _QUIET
            self.craft.say(mavlink.MAV_SEVERITY_INFO if quiet else mavlink.MAV_SEVERITY_WARNING,
                           reply.text, sender)


def parse(message: Any) -> Command:
    """A COMMAND_LONG or COMMAND_INT as a Command; Refused where its numbers make no sense."""
    number = int(message.command)
    plain = [message.param1, message.param2, message.param3, message.param4]
    if message.get_type() == "COMMAND_INT":
        frame, is_int = int(message.frame), True
        fifth, sixth, scale = _integer(message.x), _integer(message.y), 1e-7
        plain += [0.0, 0.0, message.z]
    else:
        frame, is_int, scale = mavlink.MAV_FRAME_GLOBAL, False, 1.0
        fifth, sixth = _real(message.param5), _real(message.param6)
        plain += [message.param5, message.param6, message.param7]
    endless = [f"{i + 1}" for i, value in enumerate(plain) if math.isinf(value)]
    if endless:
        raise Refused(mavlink.MAV_RESULT_DENIED,
                      f"{_name(number)}: parameter {', '.join(endless)} is infinite")
    p1, p2, p3, p4, _, _, p7 = map(_real, plain)
    place = (None, None) if frame in _LOCAL_FRAMES else (
        _angle(fifth, scale), _angle(sixth, scale))
    return Command(number, p1, p2, p3, p4, fifth, sixth, p7, place[0], place[1], frame, is_int,
                   0 if is_int else int(message.confirmation))


def _real(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _integer(value: int) -> float | None:
    return None if value == INT32_MAX else float(value)


def _angle(value: float | None, scale: float) -> float | None:
    return None if value is None else math.radians(value * scale)


def _name(number: int) -> str:
    entry = mavlink.enums["MAV_CMD"].get(number)
    return entry.name.removeprefix("MAV_CMD_") if entry else f"command {number}"
