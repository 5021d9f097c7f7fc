"""Logs by LOG_REQUEST_LIST and LOG_REQUEST_DATA: what this run has written until now.

A log keeps its number throughout the run, from 0, or from 1 under the ardupilot profile, as the
clients of each expect; the telemetry log is the first, then come each flight's log and events. They
grow while they are read: what is sent of one is what the list told of it. Nothing is erased by
clients. (MAVLink common.xml, messages 117 to 122.)
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft, Sender
from longwatch.services.files import NotFound, Reading, log_files, open_log, size_of

DATA = 90
# Frames of data a second to all clients together, and at one poll.
RATE, MOST_AT_ONCE = 2000.0, 40
# Clients served at once, and stretches that one may have asked for and not got yet.
MOST_CLIENTS, MOST_STRETCHES = 8, 64
# A log of a flight is a stream while it is flown, and a table afterwards: never both at once.
_ORDER = (".tlog", ".arrows", ".parquet", ".jsonl")
_NUMBERS = 0xFFFF


@dataclass
class _Client:
    """What one client is still to get.

    Attributes:
        entries: numbers of logs whose entries are to be sent.
        stretches: [number, offset, end] of data to be sent.
        told: size of each log as this client knows it.
        reading: the log that is open, by its number.
    """

    entries: deque[int] = field(default_factory=deque)
    stretches: deque[list[int]] = field(default_factory=deque)
    told: dict[int, int] = field(default_factory=dict)
    reading: tuple[int, Reading] | None = None

    def close(self) -> None:
        if self.reading is not None:
            self.reading[1].close()
        self.reading = None


class LogTransfer(Service):
    """Lists logs and sends them."""

    messages = ("LOG_REQUEST_LIST", "LOG_REQUEST_DATA", "LOG_ERASE", "LOG_REQUEST_END")

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self.first = 1 if craft.profile.name == "ardupilot" else 0
        self._logs: list[Path] = []
        self._clients: OrderedDict[Sender, _Client] = OrderedDict()
        self._allowance, self._filled = 0.0, craft.wall()

    def handle(self, message: Any, sender: Sender) -> None:
        kind = message.get_type()
        if kind == "LOG_ERASE":
            self.craft.say(mavlink.MAV_SEVERITY_WARNING,
                           "logs are not erased by clients: they are the run's record", sender)
        elif kind == "LOG_REQUEST_END":
            self._leave(sender)
        elif kind == "LOG_REQUEST_LIST":
            self._list(int(message.start), int(message.end), sender)
        else:
            self._request(int(message.id), int(message.ofs), int(message.count), sender)

    def poll(self, wall: float) -> None:
        """Send a little to each client in turn, as long as its link has room."""
        self._allowance = min(self._allowance + RATE * (wall - self._filled), MOST_AT_ONCE)
        self._filled = wall
        waiting = deque(self._clients.items())
        while waiting and self._allowance >= 1.0:
            sender, client = waiting.popleft()
            if not (client.entries or client.stretches) or not self.craft.has_room(sender.link):
                continue
            self._allowance -= 1.0
            self._send_next(client, sender)
            waiting.append((sender, client))

    def forget(self, link: int) -> None:
        for sender in [s for s in self._clients if s.link == link]:
            self._leave(sender)

    # --------------------------------------------------------------------------- requests

    def _list(self, start: int, end: int, sender: Sender) -> None:
        self._look()
        numbers = range(self.first, self.first + len(self._logs))
        client = self._client(sender)
        client.entries = deque(n for n in numbers if start <= n <= end)
        if not client.entries:
            self.craft.send(mavlink.MAVLink_log_entry_message(
                0, len(self._logs), numbers[-1] if numbers else 0, 0, 0), sender)

    def _request(self, number: int, offset: int, count: int, sender: Sender) -> None:
        if number - self.first not in range(len(self._logs)):
            self._look()
        if number - self.first not in range(len(self._logs)):
            self.craft.say(mavlink.MAV_SEVERITY_WARNING, f"there is no log {number}", sender)
            self._send_data(number, offset, b"", sender)
            return
        client = self._client(sender)
        size = client.told.setdefault(number, size_of(self._logs[number - self.first]))
        if len(client.stretches) < MOST_STRETCHES:
            client.stretches.append([number, offset, min(offset + count, size)])

    def _look(self) -> None:
        """Notice new logs; those known keep their numbers."""
        known = set(self._logs)
        found = log_files(self.craft.logs()).values()
        fresh = [path for path in found if path not in known and path.suffix in _ORDER]
        fresh.sort(key=lambda path: (_ORDER.index(path.suffix) > 0, path.parent.name,
                                     _ORDER.index(path.suffix)))
        self._logs += fresh[:_NUMBERS - len(self._logs) - 1]

    def _client(self, sender: Sender) -> _Client:
        client = self._clients.get(sender)
        if client is None:
            while len(self._clients) >= MOST_CLIENTS:
                self._leave(next(iter(self._clients)))
            client = self._clients[sender] = _Client()
        self._clients.move_to_end(sender)
        return client

    def _leave(self, sender: Sender) -> None:
        client = self._clients.pop(sender, None)
        if client is not None:
            client.close()

    # --------------------------------------------------------------------------- answers

    def _send_next(self, client: _Client, sender: Sender) -> None:
        if client.entries:
            self._send_entry(client.entries.popleft(), client, sender)
            return
        stretch = client.stretches[0]
        number, offset, end = stretch
        data = self._read(client, number, offset, min(DATA, max(end - offset, 0)))
        self._send_data(number, offset, data, sender)
        stretch[1] += len(data)
        # A packet that is not full is the last of a stretch, as clients read it.
        if len(data) < DATA or (stretch[1] >= end and end < client.told[number]):
            client.stretches.popleft()

    def _send_entry(self, number: int, client: _Client, sender: Sender) -> None:
        path = self._logs[number - self.first]
        client.told[number] = size = size_of(path)
        began = round(float(self.craft.state.clock.start))
        self.craft.send(mavlink.MAVLink_log_entry_message(
            number, len(self._logs), self.first + len(self._logs) - 1, began, size), sender)

    def _send_data(self, number: int, offset: int, data: bytes, sender: Sender) -> None:
        self.craft.send(mavlink.MAVLink_log_data_message(
            number, offset, len(data), list(data.ljust(DATA, b"\0"))), sender)

    def _read(self, client: _Client, number: int, offset: int, size: int) -> bytes:
        if client.reading is None or client.reading[0] != number:
            client.close()
            try:
                client.reading = number, open_log(self._logs[number - self.first])
            except NotFound:
                return b""
        return client.reading[1].read(offset, size)

