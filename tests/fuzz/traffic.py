"""What a client may send, drawn: valid messages in any order, mutated, cut, doubled, garbage.

An action is what the world does next: (name, argument). Values lean to what breaks things: the
ends of their ranges, not-a-number, infinities, numbers of commands and names that exist.
"""

import math
import re
import struct

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import encode

FLOATS = (0.0, 1.0, -1.0, math.nan, math.inf, -math.inf, 0.5, 2.0, 3.4e38, -3.4e38, 1e-40, 100.0,
          1500.0, -5.0, 41.5, 27.2, 255.0, 65536.0, 1e9)
FRAMES = (0, 1, 2, 3, 5, 6, 7, 10, 11, 20, 21, 255)
TARGETS = (1, 1, 1, 1, 0, 2, 255)
COMPONENTS = (1, 1, 1, 0, 68, 100, 255)
MISSION_COMMANDS = (16, 17, 18, 19, 20, 21, 22, 31, 177, 178, 189, 206, 530, 600, 601,
                    5000, 5001, 5002, 5003, 5004, 5100, 0, 65535)
PATHS = (b"/", b"", b".", b"..", b"../../etc/passwd", b"/logs", b"@MAV_LOG", b"general.json",
         b"/etc/passwd", b"@PARAM/param.pck", b"\0", b"a" * 239, b"parameter.json.xz",
         b"mftp://general.json", b"x\0y")
BITS = {"b": 8, "B": 8, "h": 16, "H": 16, "i": 32, "I": 32, "q": 64, "Q": 64}


def forms(kind):
    """Struct letter and count of each field of a message type, by its name."""
    parts = re.findall(r"(\d*)([a-zA-Z])", kind.unpacker.format)
    return {name: (letter, int(count or 1))
            for name, (count, letter) in zip(kind.ordered_fieldnames, parts)}


class Traffic:
    """Draws actions for a component with these message types, commands and parameter names.

    ``home``: latitude and longitude [deg] and altitude above mean sea level [m] that places are
    drawn around, so that some of them make sense.
    """

    def __init__(self, types, commands, names=(), home=(41.0, 27.0, 100.0)):
        by_name = {kind.msgname: kind for kind in mavlink.mavlink_map.values()}
        self._taken = [by_name[name] for name in sorted(types) if name in by_name]
        self._all = [by_name[name] for name in sorted(by_name)]
        self._commands = sorted(commands)
        self._home = home
        self._names = [*names, "_HASH_CHECK", "NOT_THERE", "", "A" * 16]

    def action(self, choices):
        """One action."""
        kind = choices.integer(0, 31)
        if kind < 12:
            return "send", self.raw(choices)
        if kind < 16:
            return "send", self._framed(self._command(choices), choices)
        if kind < 20:
            return "answer", self._item(choices)
        if kind < 23:
            return "send", self._mutated(self.raw(choices), choices)
        if kind == 23:
            raw = self.raw(choices)
            return "send", raw[:choices.integer(0, len(raw))]
        if kind == 24:
            return "send", self.raw(choices) * choices.integer(2, 5)
        if kind == 25:
            return "send", choices.octets(300)
        if kind < 28:
            return "step", choices.pick((0.01, 0.02, 0.1, 0.5, 1.0))
        if kind < 30:
            return "wait", choices.pick((0.02, 0.06, 0.3, 1.0) if choices.integer(0, 15) else (
                12.0,))
        return ("leave", None) if kind == 30 else ("other", self.raw(choices, 254))

    def raw(self, choices, system=255):
        """A valid frame of a station."""
        return self._framed(self.message(choices), choices, system)

    @staticmethod
    def _framed(message, choices, system=255):
        return encode(message, system, 190, choices.integer(0, 255))

    def _command(self, choices):
        """A command with parameters that may well make sense."""
        number = choices.pick(self._commands or [400])
        four = [choices.pick((0.0, 0.0, 1.0, 1.0, 2.0, 5.0, 30.0, 148.0, 435.0, 100.0, math.nan))
                for _ in range(4)]
        if not choices.integer(0, 3):
            four[1] = choices.pick((21196.0, 2.0, 4.0, 393216.0, -1.0))
        latitude, longitude, altitude = self._place(choices)
        target = choices.pick(TARGETS), choices.pick(COMPONENTS)
        if choices.integer(0, 1):
            return mavlink.MAVLink_command_long_message(
                *target, number, choices.integer(0, 2), *four, latitude, longitude, altitude)
        return mavlink.MAVLink_command_int_message(
            *target, choices.pick(FRAMES), number, 0, 0, *four, self._scaled(latitude),
            self._scaled(longitude), altitude)

    def _item(self, choices):
        """(command, frame, four parameters, x, y, z) of a plan's item."""
        latitude, longitude, altitude = self._place(choices)
        return (choices.pick(MISSION_COMMANDS), choices.pick((0, 3, 6, 6, 10, 2)),
                [choices.pick((0.0, 1.0, 2.0, 4.0, 10.0, -1.0, 500.0, math.nan)) for _ in range(4)],
                self._scaled(latitude), self._scaled(longitude), altitude)

    def _place(self, choices):
        """Latitude and longitude [deg], altitude [m]: mostly near home."""
        latitude, longitude, altitude = self._home
        way = choices.integer(0, 7)
        if way < 5:
            return (latitude + choices.integer(-40, 40) / 400,
                    longitude + choices.integer(-40, 40) / 400,
                    altitude + choices.pick((0.0, 50.0, 300.0, 600.0, 2000.0)))
        if way == 5:
            return math.nan, math.nan, choices.pick((math.nan, 500.0, 0.0))
        return choices.pick(((0.0, 0.0, 0.0), (90.0, 180.0, 1e6), (-91.0, 181.0, -1e6),
                             (math.inf, 1.0, math.nan)))

    @staticmethod
    def _scaled(degrees):
        """Degrees as 1e-7 of them, or what says that there are none."""
        if not math.isfinite(degrees):
            return 0x7FFFFFFF
        return max(min(round(degrees * 1e7), 0x7FFFFFFF), -0x80000000)

    def message(self, choices, kinds=None):
        """A message of one of these types; of any, mostly one that somebody takes."""
        pool = kinds or (self._taken if choices.integer(0, 15) and self._taken else self._all)
        kind = choices.pick(pool)
        shape = forms(kind)
        values = {}
        for name in kind.fieldnames:
            letter, count = shape[name]
            values[name] = self._field(kind, name, letter, count, choices, values)
        return kind(*values.values())

    def _field(self, kind, name, letter, count, choices, values):
        if name == "target_system":
            return choices.pick(TARGETS)
        if name == "target_component":
            return choices.pick(COMPONENTS)
        if letter == "s":
            return self._text(name, count, choices)
        if kind.msgname == "FILE_TRANSFER_PROTOCOL" and name == "payload":
            return self._ftp(choices)
        if count > 1:
            one = self._number(name, letter, choices, kind)
            return [one] * count if choices.integer(0, 1) else [
                self._number(name, letter, choices, kind) for _ in range(count)]
        return self._number(name, letter, choices, kind)

    def _number(self, name, letter, choices, kind):
        if letter in "fd":
            if choices.integer(0, 7):
                return choices.pick(FLOATS)
            value = struct.unpack("<f", struct.pack("<I", choices.integer(0, 0xFFFFFFFF)))[0]
            return value
        if name == "command":
            if kind.msgname.startswith("MISSION"):
                return choices.pick(MISSION_COMMANDS)
            if self._commands and choices.integer(0, 7):
                return choices.pick(self._commands)
        if name == "frame":
            return choices.pick(FRAMES)
        if name == "mission_type":
            return choices.pick((0, 0, 1, 2, 255, 7))
        bits = BITS[letter]
        low = -(1 << bits - 1) if letter.islower() else 0
        high = low + (1 << bits) - 1
        way = choices.integer(0, 7)
        if way < 5:  # small numbers follow each other in a protocol
            return choices.integer(0, 9)
        return choices.pick((0, high, low, high - 1)) if way < 7 else choices.integer(low, high)

    def _text(self, name, count, choices):
        if name == "param_id":
            return choices.pick(self._names).encode()[:count]
        return choices.octets(count)

    def _ftp(self, choices):
        """A file transfer request: header, then a path or anything."""
        number = choices.integer(0, 0xFFFF) if not choices.integer(0, 3) else choices.integer(0, 9)
        opcode = choices.integer(0, 16) if choices.integer(0, 7) else choices.integer(0, 255)
        data = choices.pick(PATHS) if choices.integer(0, 3) else choices.octets(239)
        size = len(data) if choices.integer(0, 3) else choices.integer(0, 255)
        offset = choices.pick((0, 0, 1, 239, 2**31, 2**32 - 1)) if choices.integer(
            0, 3) else choices.integer(0, 2**32 - 1)
        header = struct.pack("<HBBBBBBI", number, choices.integer(0, 3), opcode, size & 255,
                             choices.integer(0, 16), choices.integer(0, 1), 0, offset)
        return list((header + data).ljust(251, b"\0")[:251])

    @staticmethod
    def _mutated(raw, choices):
        """The frame with a few bytes changed: half of the time with a checksum that fits."""
        changed = bytearray(raw)
        for _ in range(choices.integer(1, 4)):
            changed[choices.integer(0, len(changed) - 1)] = choices.integer(0, 255)
        if choices.integer(0, 1):
            kind = mavlink.mavlink_map.get(raw[7] | raw[8] << 8 | raw[9] << 16)
            if kind is not None:
                crc = mavlink.x25crc(bytes(changed[1:-2]) + bytes([kind.crc_extra])).crc
                changed[-2:] = struct.pack("<H", crc)
        return bytes(changed)
