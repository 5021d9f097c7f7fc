"""The parameter protocol: list, read and set, by name or by index.

A set is always answered: by PARAM_VALUE with what holds now, to everybody where it changed, to
the sender alone where it was refused (then with PARAM_ERROR and a text that says why). What is set
is told once it is kept, or cannot be: an acknowledged value outlives whatever comes next. A list is
sent a few at a time, so that a slow link keeps up; what was lost on the way is read again by
index. (MAVLink, "Parameter Protocol"; ``_HASH_CHECK`` as PX4 and QGroundControl use it.)
"""

from typing import Any

import numpy as np

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft, Sender
from longwatch.services.parameter_list import UINT32, ParameterList, decode, encode
from longwatch.services.parameter_store import ParameterStore
from longwatch.simulation.orders.parameters import settings

HASH = "_HASH_CHECK"
NO_INDEX = 0xFFFF
# PARAM_VALUE a second of wall time, each link, while a list is on its way.
LIST_RATE = 100.0
# A list that falls behind (a late poll) sends at most so many at once.
MOST_AT_ONCE = 10
_DOES_NOT_EXIST, _OUT_OF_RANGE, _READ_ONLY, _NOT_NOW = (
    mavlink.MAV_PARAM_ERROR_DOES_NOT_EXIST, mavlink.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE,
    mavlink.MAV_PARAM_ERROR_READ_ONLY, mavlink.MAV_PARAM_ERROR_PERMISSION_DENIED)


class _Listing:
    """A list on its way to one link."""

    def __init__(self, wall: float) -> None:
        self.next = 0
        self.due = wall


class Parameters(Service):
    """Answers the parameter protocol."""

    messages = ("PARAM_REQUEST_LIST", "PARAM_REQUEST_READ", "PARAM_SET")

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self.store = ParameterStore(craft)
        self.store.restore()
        self.list = ParameterList(craft)
        self._aboard = self._versions()
        self._values = self._now()
        self._listings: dict[int, _Listing] = {}
        # What is told once it is kept: index, and to whom.
        self._untold: dict[tuple[int, Sender | None], None] = {}
        self._fault = ""
        self.capabilities = (mavlink.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_BYTEWISE
                             if craft.profile.bytewise
                             else mavlink.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_C_CAST)

    def handle(self, message: Any, sender: Sender) -> None:
        kind = message.get_type()
        if kind == "PARAM_REQUEST_LIST":
            self._listings[sender.link] = _Listing(self.craft.wall())
            if self.craft.profile.bytewise:
                self._send_hash(sender)
        elif kind == "PARAM_REQUEST_READ":
            self._read(message, sender)
        else:
            self._set(message, sender)

    def poll(self, wall: float) -> None:
        self._notice()
        if self.store.file is not None and self.store.file.poll(wall):
            self._fault = ""
            self.craft.say(mavlink.MAV_SEVERITY_NOTICE, "parameters are kept now")
        self._tell()
        for link, listing in list(self._listings.items()):
            for _ in range(MOST_AT_ONCE):
                if listing.due > wall or not self.craft.has_room(link):
                    break
                listing.due = max(listing.due, wall - MOST_AT_ONCE / LIST_RATE) + 1.0 / LIST_RATE
                self._send(listing.next, link)
                listing.next += 1
                if listing.next == len(self.list):
                    del self._listings[link]
                    break

    def forget(self, link: int) -> None:
        self._listings.pop(link, None)
        self._untold = {key: None for key in self._untold
                        if key[1] is None or key[1].link != link}

    def _read(self, message: Any, sender: Sender) -> None:
        index, name = int(message.param_index), _name(message)
        if index < 0:
            if name == HASH:
                self._send_hash(sender)
                return
            found = self.list.index(name)
        else:
            found = index if index < len(self.list) else None
            name = f"index {index}" if found is None else name
        if found is None:
            self._refuse(name, -1 if index < 0 else index, _DOES_NOT_EXIST, sender)
        else:
            self._send(found, sender)

    def _set(self, message: Any, sender: Sender) -> None:
        name = _name(message)
        if name == HASH:
            # A client that knows this hash needs no list: PX4 stops sending it, and says no more.
            self._listings.pop(sender.link, None)
            return
        index = self.list.index(name)
        if index is None:
            self._refuse(name, -1, _DOES_NOT_EXIST, sender)
            self._warn(f"parameter {name} is not known", sender)
            return
        try:
            value = decode(message.param_value, int(message.param_type),
                           self.craft.profile.bytewise)
        except ValueError as error:
            self._not_set(index, _OUT_OF_RANGE, f"{name}: {error}", sender)
            return
        item = self.list.items[index]
        if np.float32(value) == np.float32(self.list.value(index)):
            self._untold[index, sender] = None
            self._tell()
            return
        if item.parameter is None:
            meaning = item.compatible.meaning if item.compatible else ""
            self._not_set(index, _READ_ONLY, f"{name} is fixed: {meaning}", sender)
            return
        reason = self.craft.order(sender, "parameter", name=item.parameter.name, value=value)
        if reason:
            never = reason.result == mavlink.MAV_RESULT_DENIED
            self._not_set(index, _OUT_OF_RANGE if never else _NOT_NOW, reason, sender)
            return
        self._notice()

    def _notice(self) -> None:
        """Keep what has changed, by whomever; then everybody is told."""
        if all(new is old for new, old in zip(self._versions(), self._aboard, strict=True)):
            return
        before, self._aboard, self._values = self._values, self._versions(), self._now()
        for index, (old, new) in enumerate(zip(before, self._values, strict=True)):
            if old != new:
                self._untold[index, None] = None
        self.store.keep()
        self._tell()

    def _tell(self) -> None:
        """Tell what waited to be kept; and why it could not be, once."""
        if not self._untold or not self.store.settled():
            return
        for index, to in self._untold:
            self._send(index, to)
        self._untold.clear()
        if self.store.fault and self.store.fault != self._fault:
            self.craft.say(mavlink.MAV_SEVERITY_WARNING, self.store.fault)
        self._fault = self.store.fault

    def finish(self) -> None:
        """Wait until they are kept."""
        if self.store.file is not None:
            self.store.file.finish()

    def _versions(self) -> tuple[Any, Any]:
        # Datasheet and settings are replaced whole where a parameter is set.
        simulation = self.craft.simulation
        return simulation.aircraft.datasheet, settings(simulation)

    def _now(self) -> list[float]:
        return [self.list.value(index) for index in range(len(self.list))]

    def _not_set(self, index: int, error: int, reason: str, sender: Sender) -> None:
        self._refuse(self.list.items[index].name, index, error, sender)
        self._send(index, sender)
        self._warn(reason, sender)

    def _warn(self, text: str, sender: Sender) -> None:
        self.craft.say(mavlink.MAV_SEVERITY_WARNING, text, sender)

    def _refuse(self, name: str, index: int, error: int, sender: Sender) -> None:
        self.craft.send(mavlink.MAVLink_param_error_message(
            sender.system, sender.component, name.encode("ascii", "replace")[:16], index, error),
            sender)

    def _send(self, index: int, to: Sender | int | None) -> None:
        item = self.list.items[index]
        carried = encode(self.list.value(index), item.mav_type, self.craft.profile.bytewise)
        self.craft.send(mavlink.MAVLink_param_value_message(
            item.name.encode(), carried, item.mav_type, len(self.list), index), to)

    def _send_hash(self, to: Sender) -> None:
        carried = encode(self.list.checksum(), UINT32, True)
        self.craft.send(mavlink.MAVLink_param_value_message(
            HASH.encode(), carried, UINT32, len(self.list), NO_INDEX), to)


def _name(message: Any) -> str:
    name = message.param_id
    text = name.decode("ascii", "replace") if isinstance(name, bytes) else str(name)
    return text.split("\0")[0][:16]
