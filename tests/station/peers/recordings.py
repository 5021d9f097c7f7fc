"""The recordings of two real autopilots under this station: their frames, and a vehicle of them."""

import gzip
import struct
from functools import cache

from longwatch.mavlink.frames import Parser
from longwatch.station.vehicles.vehicle import Vehicle

STATION = 252
SYSTEMS = {"arduplane": (1, "ardupilot"), "px4": (4, "px4")}
_HEADER = 8


@cache
def frames(folder, name):
    """(seconds since the first, frame) of every frame, both ways."""
    log = gzip.decompress((folder / "peers" / f"{name}.tlog.gz").read_bytes())
    found, place, first = [], 0, None
    while place + _HEADER < len(log):
        stamp = struct.unpack_from(">Q", log, place)[0] * 1e-6
        first = stamp if first is None else first
        start = place + _HEADER
        size = log[start + 1] + (12 if log[start] == 0xFD else 8)
        for frame in Parser().feed(log[start:start + size], datagram=True):
            found.append((stamp - first, frame))
        place = start + size
    return found


def said(folder, name):
    """(seconds, message) that the vehicle said, those that are known here."""
    system = SYSTEMS[name][0]
    return [(time, frame.message) for time, frame in frames(folder, name)
            if frame.system == system and frame.component == 1 and frame.message is not None]


def flown(folder, name, until=float("inf"), each=None):
    """The vehicle after ``until`` s of its recording; ``each(vehicle, seconds)`` once a second."""
    vehicle = Vehicle(str(SYSTEMS[name][0]), SYSTEMS[name][0], family=SYSTEMS[name][1])
    second = 0
    for time, message in said(folder, name):
        if time > until:
            break
        while time >= second + 1:
            second += 1
            vehicle.tick_second(float(second))
            vehicle.tick(float(second))
            if each is not None:
                each(vehicle, second)
        vehicle.take(message, time)
    return vehicle
