"""The mission protocol: missions, fences and rally points, up and down, whole or not at all.

Three lists, each replaced only by a complete and checked upload; what breaks off leaves the old
one. One upload runs at a time, and another station's is refused meanwhile; it is acknowledged once
the list is aboard and kept. Downloads keep no state here: any request for an item is answered, as
often as it comes. (MAVLink, "Mission Protocol".)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, Refused, Reply, Sender
from longwatch.services.plan_items import MISSION, TYPE_NAMES, from_message, to_message
from longwatch.services.plan_lists import Change, PlanLists
from longwatch.services.plan_store import LIMITS
from longwatch.services.plan_transfer import Upload

ALL = mavlink.MAV_MISSION_TYPE_ALL
ACCEPTED, DENIED = mavlink.MAV_MISSION_ACCEPTED, mavlink.MAV_MISSION_DENIED
# A finished upload's last item is acknowledged again when it is repeated within so long [s].
REMEMBERED = 10.0
# MISSION_ITEM.current of an item that is no part of a list, but to be flown to at once.
GO_TO, CHANGE_ALTITUDE = 2, 3


@dataclass(eq=False)
class _Replacing:
    """A complete list that is on its way aboard; ``number`` of its last item, -1 to clear it.

    ``asked`` are the types of list that its sender wants to read when it is there.
    """

    sender: Sender
    kind: int
    number: int
    change: Change | None = None
    asked: set[int] = field(default_factory=set)


class Plans(Service):
    """Takes and gives missions, fences and rally points."""

    messages = ("MISSION_COUNT", "MISSION_ITEM", "MISSION_ITEM_INT", "MISSION_REQUEST_LIST",
                "MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_CLEAR_ALL", "MISSION_ACK",
                "MISSION_WRITE_PARTIAL_LIST", "MISSION_REQUEST_PARTIAL_LIST")
    capabilities = (mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_INT
                    | mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_FENCE
                    | mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_RALLY)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self.lists = PlanLists(craft)
        self.upload: Upload | None = None
        # Clients of ArduPilot's may know the older request alone.
        self._older_first = craft.profile.name == "ardupilot"
        self._replacing: _Replacing | None = None
        self._finished: tuple[Sender, int, int, float] | None = None
        self._handlers: dict[str, Callable[[Any, int, Sender], None]] = {
            "MISSION_COUNT": self._count, "MISSION_ITEM": self._item,
            "MISSION_ITEM_INT": self._item, "MISSION_REQUEST_LIST": self._list,
            "MISSION_REQUEST": self._request, "MISSION_REQUEST_INT": self._request,
            "MISSION_CLEAR_ALL": self._clear, "MISSION_ACK": self._acknowledged,
            "MISSION_WRITE_PARTIAL_LIST": self._write_partial,
            "MISSION_REQUEST_PARTIAL_LIST": self._request_partial}

    def objections(self) -> tuple[str, ...]:
        """What speaks against flying the mission aboard."""
        return self.lists.objections()

    # ------------------------------------------------------------------------- messages

    def handle(self, message: Any, sender: Sender) -> None:
        kind = int(getattr(message, "mission_type", MISSION))
        name = message.get_type()
        if kind not in TYPE_NAMES and not (name == "MISSION_CLEAR_ALL" and kind == ALL):
            if name != "MISSION_ACK":
                self._answer(sender, kind, mavlink.MAV_MISSION_UNSUPPORTED,
                             f"plans of type {kind} are not supported")
            return
        self._handlers[name](message, kind, sender)

    def _list(self, message: Any, kind: int, sender: Sender) -> None:
        running = self._replacing
        if running and running.sender == sender and running.kind in (kind, ALL):
            running.asked.add(kind)  # it wants what it has sent, not what that replaces
            return
        self.craft.send(mavlink.MAVLink_mission_count_message(
            sender.system, sender.component, len(self.lists.items(kind)), kind,
            self.lists.store.identity(kind)), sender)

    def _request(self, message: Any, kind: int, sender: Sender) -> None:
        items, number = self.lists.readable(kind), int(message.seq)
        if number >= len(items):
            self._answer(sender, kind, mavlink.MAV_MISSION_INVALID_SEQUENCE,
                         f"{TYPE_NAMES[kind]} item {number} was asked for; there are "
                         f"{len(items)}")
            return
        current = kind == MISSION and number == self.lists.current
        self.craft.send(to_message(
            items[number], number, kind, current, sender.system, sender.component,
            whole=message.get_type() == "MISSION_REQUEST_INT"), sender)

    def _request_partial(self, message: Any, kind: int, sender: Sender) -> None:
        self._answer(sender, kind, mavlink.MAV_MISSION_UNSUPPORTED,
                     "a partial list is not sent: ask for items by number")

    def _count(self, message: Any, kind: int, sender: Sender) -> None:
        if self._occupied(kind, sender):
            return
        count, most = int(message.count), LIMITS[kind]
        running = self.upload
        if running and not running.items and (running.mission_type, running.end) == (kind, count):
            running.ask(self.craft.wall())
            return
        if count > most:
            self._answer(sender, kind, mavlink.MAV_MISSION_NO_SPACE,
                         f"a {TYPE_NAMES[kind]} of {count} items; at most {most} fit")
        elif count == 0:
            self._clear(message, kind, sender)
        else:
            self._open(Upload(sender, kind, count, self.craft.send, self.craft.wall(),
                              older=self._older_first))

    def _write_partial(self, message: Any, kind: int, sender: Sender) -> None:
        if self._occupied(kind, sender):
            return
        start, end, items = int(message.start_index), int(message.end_index), self.lists.items(kind)
        if not 0 <= start <= end < len(items):
            self._answer(sender, kind, mavlink.MAV_MISSION_INVALID_SEQUENCE,
                         f"items {start} to {end} cannot be written: there are {len(items)}")
            return
        self._open(Upload(sender, kind, end + 1, self.craft.send, self.craft.wall(), start, items,
                          older=self._older_first))

    def _open(self, upload: Upload) -> None:
        self._give_way()
        self.upload, self._finished = upload, None
        upload.first = self.lists.first if upload.mission_type == MISSION else 0
        upload.ask(self.craft.wall())

    def _item(self, message: Any, kind: int, sender: Sender) -> None:
        upload, wall = self.upload, self.craft.wall()
        if kind == MISSION and int(message.current) in (GO_TO, CHANGE_ALTITUDE):
            self._guided(message, sender)
            return
        if upload is None or upload.sender != sender or upload.mission_type != kind:
            self._stray(int(message.seq), kind, sender)
            return
        number = int(message.seq)
        item = upload.take(message, wall)
        if item is None:
            return
        refusal = self.lists.item_refusal(kind, item, number)
        if refusal is not None:
            self.upload = None
            self._answer(sender, kind, *refusal)
        elif upload.complete:
            self._replace(kind, upload.result, sender, number)
        else:
            upload.ask(wall)

    def _guided(self, message: Any, sender: Sender) -> None:
        """An item by itself that is to be flown to at once: ArduPilot's clients' older way."""
        item = from_message(message)
        refusal = self.lists.item_refusal(MISSION, item, self.lists.first)
        if refusal is not None and message.current == GO_TO:
            self._answer(sender, MISSION, *refusal)
            return
        planned = item.planned(0)
        number = (mavlink.MAV_CMD_DO_REPOSITION if message.current == GO_TO
                  else mavlink.MAV_CMD_GUIDED_CHANGE_ALTITUDE)
        command = Command(number, p1=-1.0, p2=float(mavlink.MAV_DO_REPOSITION_FLAGS_CHANGE_MODE),
                          p7=planned.altitude, latitude=planned.latitude,
                          longitude=planned.longitude, frame=item.frame, is_int=True)
        service = self.component.by_command.get(number)
        try:
            reply = service.command(command, sender) if service else Reply(
                mavlink.MAV_RESULT_DENIED)
        except Refused as refused:
            reply = refused.reply
        good = reply.result == mavlink.MAV_RESULT_ACCEPTED
        self._answer(sender, MISSION, ACCEPTED if good else DENIED, reply.text)

    def _stray(self, number: int, kind: int, sender: Sender) -> None:
        """An item that no upload waits for: the last one again, or one out of the blue."""
        known, running = self._finished, self._replacing
        if running and (running.sender, running.kind, running.number) == (sender, kind, number):
            return  # it is acknowledged when it is aboard
        if known and known[:3] == (sender, kind, number) and (
                self.craft.wall() - known[3] < REMEMBERED):
            self._answer(sender, kind, ACCEPTED)
        elif not self._occupied(kind, sender):
            self._answer(sender, kind, mavlink.MAV_MISSION_INVALID_SEQUENCE)

    def _clear(self, message: Any, kind: int, sender: Sender) -> None:
        if self._occupied(kind, sender):
            return
        running = self._replacing
        if running and (running.sender, running.kind, running.number) == (sender, kind, -1):
            return  # the same again: one answer is due
        self._give_way()
        self.upload, self._finished = None, None
        self._replacing = running = _Replacing(sender, kind, -1)
        running.change = self.lists.clear(
            (kind,) if kind != ALL else tuple(TYPE_NAMES), sender,
            lambda result, text: self._replaced(running, result, text))

    def _acknowledged(self, message: Any, kind: int, sender: Sender) -> None:
        upload = self.upload
        if upload is None or upload.sender != sender or upload.mission_type != kind:
            return
        if message.type == mavlink.MAV_MISSION_UNSUPPORTED and upload.only_whole(
                self.craft.wall()):
            return
        if message.type != ACCEPTED:
            self.upload = None
            self.craft.say(mavlink.MAV_SEVERITY_NOTICE, f"{TYPE_NAMES[kind]} upload cancelled; "
                           "the old one stays", sender)

    # ---------------------------------------------------------------------------- timers

    def poll(self, wall: float) -> None:
        self.lists.poll(wall)
        upload = self.upload
        if upload is None:
            return
        reason = upload.poll(wall)
        if reason:
            self.upload = None
            self._answer(upload.sender, upload.mission_type,
                         mavlink.MAV_MISSION_OPERATION_CANCELLED,
                         f"{TYPE_NAMES[upload.mission_type]} upload given up, the old one "
                         f"stays: {reason}")

    def forget(self, link: int) -> None:
        if self.upload is not None and self.upload.sender.link == link:
            self.upload = None
        if self._finished is not None and self._finished[0].link == link:
            self._finished = None
        if self._replacing is not None and self._replacing.sender.link == link:
            self._replacing = None

    def finish(self) -> None:
        """Wait until the lists are kept."""
        self.lists.finish()

    def keep(self) -> Any:
        """The lists as they are."""
        return self.lists.keep()

    def rewound(self, kept: Any) -> None:
        """The lists of then; an upload under way is of a time that is no more."""
        upload, self.upload, self._finished = self.upload, None, None
        running, self._replacing = self._replacing, None
        for sender, kind in ([(upload.sender, upload.mission_type)] if upload else []) + (
                [(running.sender, running.kind)] if running else []):
            self._answer(sender, kind, mavlink.MAV_MISSION_OPERATION_CANCELLED,
                         f"{TYPE_NAMES.get(kind, 'plan')} upload given up: the simulation went "
                         "back to an earlier moment")
        self.lists.rewound(kept)

    # --------------------------------------------------------------------------- answers

    def _occupied(self, kind: int, sender: Sender) -> bool:
        """Refuse while another station uploads; its own earlier upload gives way."""
        upload, running = self.upload, self._replacing
        other, its = ((upload.sender, upload.mission_type) if upload else
                      (running.sender, running.kind) if running else (sender, kind))
        if other == sender:
            return False
        self._answer(sender, kind, DENIED,
                     f"system {other.system} is uploading a "
                     f"{TYPE_NAMES.get(its, 'plan')}: try again when it is done")
        return True

    def _replace(self, kind: int, items: tuple[Any, ...], sender: Sender, number: int) -> None:
        self.upload = None
        self._replacing = running = _Replacing(sender, kind, number)
        running.change = self.lists.replace(
            kind, items, sender, lambda result, text: self._replaced(running, result, text))

    def _replaced(self, running: _Replacing, result: int, text: str) -> None:
        """A list is aboard and kept, or not: whoever waits for that is told."""
        if self._replacing is not running:
            return
        self._replacing = None
        if result == ACCEPTED and running.number >= 0:
            self._finished = (running.sender, running.kind, running.number, self.craft.wall())
        self._answer(running.sender, running.kind, result, text)
        for kind in sorted(running.asked):
            self._list(None, kind, running.sender)

    def _give_way(self) -> None:
        """A client's newer upload takes the place of what it sent before, if that is not aboard."""
        running, self._replacing = self._replacing, None
        if running is not None and running.change is not None:
            self.lists.cancel(running.change)

    def _answer(self, sender: Sender, kind: int, result: int, text: str = "") -> None:
        identity = self.lists.store.identity(kind) if result == ACCEPTED and kind != ALL else 0
        self.craft.send(mavlink.MAVLink_mission_ack_message(
            sender.system, sender.component, result, kind, identity), sender)
        if text:
            good = result == ACCEPTED and not self.lists.store.fault(kind)
            self.craft.say(mavlink.MAV_SEVERITY_INFO if good else mavlink.MAV_SEVERITY_WARNING,
                           text, sender)
