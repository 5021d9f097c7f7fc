"""A ground station over a link that drops and doubles packets; its time is the bench's wall time.

It knows MAVLink's protocols as a client: commands and requested messages, parameters, plans,
files, each with time-outs and retries. Which of them it uses in which order, and how patiently,
is for its users (qgroundcontrol.py) to say.
"""

import math
import random
import struct
from collections import deque

from longwatch.mavlink.dialect import mavlink

PERIOD = 0.02
FTP_HEADER = struct.Struct("<HBBBBBBI")
OPEN, READ, BURST, RESET, ACK, NAK = 4, 5, 15, 2, 128, 129
END_OF_FILE = 6
FTP_DATA = 239


class GaveUp(Exception):
    """Every retry went unanswered."""


class Link:
    """Between a bench and a station: each packet dropped, doubled or passed on by chance."""

    def __init__(self, bench, sender, *, loss=0.0, double=0.0, seed=0):
        self.bench, self.sender = bench, sender
        self.loss, self.double = loss, double
        self.dice = random.Random(seed)
        self.inbox = deque()
        self.dropped = self.doubled = 0
        self._keep = bench.craft.transmit
        bench.craft.transmit = self._down
        bench.craft.links = lambda: [sender.link]

    def _copies(self):
        if self.dice.random() < self.loss:
            self.dropped += 1
            return 0
        if self.dice.random() < self.double:
            self.doubled += 1
            return 2
        return 1

    def _down(self, message, link, component):
        self._keep(message, link, component)
        if link in (None, self.sender.link):
            self.inbox.extend([self.bench.sent[-1]] * self._copies())

    def up(self, message):
        """Send a message to the aircraft."""
        for _ in range(self._copies()):
            self.bench.receive(message, self.sender)


class Station:
    """A client of one aircraft over a Link; ``system`` and component 1 of it."""

    def __init__(self, link, system=1):
        self.link, self.bench, self.system = link, link.bench, system
        self.heard = []
        self._unread = deque()
        self._ftp = 0

    @property
    def now(self):
        """The station's clock [s]."""
        return self.bench.wall

    def pass_time(self):
        """Let 20 ms pass at speed 1 and take in what has come."""
        self.bench.simulation.step(PERIOD)
        self.bench.poll(PERIOD, PERIOD)
        new = [s.message for s in self.link.inbox]
        self.link.inbox.clear()
        self.heard.extend(new)
        self._unread.extend(new)

    def wait(self, seconds, *kinds, where=lambda message: True):
        """The next message of these kinds within ``seconds``, or None; others are passed over."""
        end = self.now + seconds
        while True:
            while self._unread:
                message = self._unread.popleft()
                if message.get_type() in kinds and where(message):
                    return message
            if self.now >= end:
                return None
            self.pass_time()

    # ------------------------------------------------------------------ commands, messages

    def command(self, number, *parameters, tries=3, patience=3.0):
        """The acknowledgement of a COMMAND_LONG; raises GaveUp."""
        values = [math.nan if v is None else float(v)
                  for v in (*parameters, *[0.0] * (7 - len(parameters)))]
        for _ in range(tries):
            self.link.up(mavlink.MAVLink_command_long_message(
                self.system, 1, number, 0, *values))
            ack = self.wait(patience, "COMMAND_ACK", where=lambda m: m.command == number
                            and m.result != mavlink.MAV_RESULT_IN_PROGRESS)
            if ack is not None:
                return ack
        raise GaveUp(f"command {number}")

    def request(self, number, parameter=0, *, tries=3, patience=3.0, linger=1.0):
        """A message by REQUEST_MESSAGE: it and the acknowledgement's result, None without it."""
        known = mavlink.mavlink_map.get(number)
        kind = known.msgname if known else f"message {number}"
        seen = len(self.heard)

        def found():
            return next((m for m in self.heard[seen:] if m.get_type() == kind), None)

        ack = self.command(mavlink.MAV_CMD_REQUEST_MESSAGE, number, parameter, tries=tries,
                           patience=patience)
        if ack.result != mavlink.MAV_RESULT_ACCEPTED:
            return None, ack.result
        end = self.now + linger
        while found() is None and self.now < end:
            self.pass_time()
        return found(), ack.result

    # --------------------------------------------------------------------------- parameters

    def parameter(self, name, *, patience=1.0):
        """A PARAM_VALUE by name, asked for once."""
        self.link.up(mavlink.MAVLink_param_request_read_message(
            self.system, 1, name.encode(), -1))
        return self.wait(patience, "PARAM_VALUE", where=lambda m: m.param_id == name)

    def parameters(self, *, first=5.0, first_tries=5, gap=3.0, batch=10, tries=5):
        """All parameters by index: the list once, then what is missing, ``batch`` at a time."""
        known, count = {}, None
        for _ in range(first_tries):
            self.link.up(mavlink.MAVLink_param_request_list_message(self.system, 1))
            if (value := self._listed(first)) is not None:
                break
        else:
            raise GaveUp("parameter list")
        asked = {}
        while value is not None:
            known[value.param_index], count = value, value.param_count
            value = self._listed(gap) if len(known) < count else None
        while len(known) < count:
            missing = [i for i in range(count) if i not in known][:batch]
            for index in missing:
                asked[index] = asked.get(index, 0) + 1
                if asked[index] > tries:
                    raise GaveUp(f"parameter {index}")
                self.link.up(mavlink.MAVLink_param_request_read_message(
                    self.system, 1, b"", index))
            while not all(i in known for i in missing):
                value = self._listed(gap)
                if value is None:
                    break
                known[value.param_index] = value
        return known

    def _listed(self, patience):
        return self.wait(patience, "PARAM_VALUE",
                         where=lambda m: m.param_index < 65535 and m.param_id != "_HASH_CHECK")

    # -------------------------------------------------------------------------------- plans

    def plan(self, kind, *, patience=1.5, item_patience=0.25, tries=5):
        """The items of a mission, fence or rally points, downloaded; raises GaveUp."""
        count = self._ask(lambda: mavlink.MAVLink_mission_request_list_message(
            self.system, 1, kind), "MISSION_COUNT", patience, tries,
            lambda m: m.mission_type == kind)
        items = []
        for sequence in range(count.count):
            items.append(self._ask(
                lambda s=sequence: mavlink.MAVLink_mission_request_int_message(
                    self.system, 1, s, kind), "MISSION_ITEM_INT", item_patience, tries,
                lambda m, s=sequence: m.mission_type == kind and m.seq == s))
        self.link.up(mavlink.MAVLink_mission_ack_message(
            self.system, 1, mavlink.MAV_MISSION_ACCEPTED, kind))
        return items

    def _ask(self, make, answer, patience, tries, where):
        for _ in range(tries + 1):
            self.link.up(make())
            got = self.wait(patience, answer, where=where)
            if got is not None:
                return got
        raise GaveUp(answer)

    # -------------------------------------------------------------------------------- files

    def file(self, path, *, patience=1.0, tries=3):
        """A file's bytes by burst, gaps read one by one; raises GaveUp, FileNotFoundError."""
        opened = self._ftp_ask(0, OPEN, 0, path.encode(), patience, tries)
        if opened[1] == NAK:
            raise FileNotFoundError(path)
        session, size = opened[0], struct.unpack("<I", opened[3][:4])[0]
        held = {}
        self._burst(session, held, size, patience, tries)
        at = 0
        while at < size:
            if at not in held:
                block = self._ftp_ask(session, READ, at, b"", patience, tries, FTP_DATA)
                if block[1] == NAK:
                    raise GaveUp(f"{path} at {at}")
                held[block[2]] = block[3]
            at += len(held[at])
        self._ftp_ask(0, RESET, 0, b"", patience, tries)
        return b"".join(held[at] for at in sorted(held))[:size]

    def _burst(self, session, held, size, patience, tries):
        """One burst from the start; a silent link ends it, the gaps are read afterwards."""
        self._ftp += 1
        for _ in range(tries + 1):
            if held:
                return
            self._ftp_send(session, BURST, 0, b"", FTP_DATA)
            while True:
                got = self.wait(patience, "FILE_TRANSFER_PROTOCOL",
                                where=lambda m: m.payload[5] == BURST)
                if got is None:
                    break
                header = FTP_HEADER.unpack(bytes(got.payload[:12]))
                data = bytes(got.payload[12:12 + header[3]])
                if header[2] == NAK:
                    return
                held[header[7]] = data
                if header[5] or header[7] + len(data) >= size:
                    return

    def _ftp_send(self, session, opcode, offset, data, size=None):
        header = FTP_HEADER.pack(self._ftp % 65536, session, opcode,
                                 len(data) if size is None else size, 0, 0, 0, offset)
        self.link.up(mavlink.MAVLink_file_transfer_protocol_message(
            0, self.system, 1, list((header + data).ljust(251, b"\0"))))

    def _ftp_ask(self, session, opcode, offset, data, patience, tries, size=None):
        """Session, opcode, offset and data of the answer; the same number on every try."""
        self._ftp += 1
        expected = (self._ftp + 1) % 65536
        for _ in range(tries + 1):
            self._ftp_send(session, opcode, offset, data, size)
            got = self.wait(
                patience, "FILE_TRANSFER_PROTOCOL",
                where=lambda m: m.payload[5] == opcode
                and m.payload[0] + 256 * m.payload[1] == expected)
            if got is not None:
                header = FTP_HEADER.unpack(bytes(got.payload[:12]))
                self._ftp = expected
                return header[1], header[2], header[7], bytes(got.payload[12:12 + header[3]])
        raise GaveUp(f"file operation {opcode}")
