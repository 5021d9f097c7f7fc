"""Which sockets a live run opens: what ``--listen`` says, or the usual ones.

    udp:HOST:PORT     speak to a client there, and to whoever answers
    udpin:HOST:PORT   wait there for clients
    tcp:HOST:PORT     wait there for clients; all aircraft
    tcp:HOST:PORT/N   the same for the aircraft with system id N alone
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from longwatch.errors import LongwatchError, SetupError, listed
from longwatch.mavlink.links import open_tcp, open_udp
from longwatch.mavlink.router import Router

THIS_MACHINE = "127.0.0.1"
# Where QGroundControl and MAVProxy listen, and MAVSDK.
STATION_PORT, COMPANION_PORT = 14550, 14540
# TCP: all aircraft; aircraft n at ten times n above.
TCP_PORT = 5760
_FORM = re.compile(r"(udp|udpin|tcp):(\[[0-9a-fA-F:.]+\]|[^:/\[\]]+):(\d{1,5})(?:/(\d{1,3}))?")


@dataclass(frozen=True)
class Port:
    """One socket to open: ``kind`` "udp", "udpin" or "tcp"; ``system`` None for all aircraft."""

    kind: str
    host: str
    port: int
    system: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.host}:{self.port}" + (
            "" if self.system is None else f"/{self.system}")


def usual(systems: Sequence[int]) -> tuple[Port, ...]:
    """UDP to 14550 and 14540, TCP 5760 for all and 5760 + 10 n for aircraft n, on this machine."""
    return (Port("udp", THIS_MACHINE, STATION_PORT), Port("udp", THIS_MACHINE, COMPANION_PORT),
            Port("tcp", THIS_MACHINE, TCP_PORT),
            *(Port("tcp", THIS_MACHINE, TCP_PORT + 10 * number, system)
              for number, system in enumerate(systems, start=1)))


def parse_ports(texts: Sequence[str], systems: Sequence[int]) -> tuple[Port, ...]:
    """What ``--listen`` asks for; the usual ports where it asks for none.

    Raises:
        SetupError: with every text that is none.
    """
    ports, faults = [], []
    for text in texts:
        match = _FORM.fullmatch(text.strip())
        if match is None or not 0 < int(match[3]) < 65536:
            faults.append(f"listen {text!r}: give udp:HOST:PORT, udpin:HOST:PORT, tcp:HOST:PORT "
                          "or tcp:HOST:PORT/N, such as udp:127.0.0.1:14550")
        elif match[4] is not None and int(match[4]) not in systems:
            faults.append(f"listen {text!r}: no aircraft has system id {match[4]}")
        else:
            ports.append(Port(match[1], match[2].strip("[]"), int(match[3]),
                              None if match[4] is None else int(match[4])))
    if faults:
        raise SetupError(faults[0] if len(faults) == 1 else listed("these ports:", faults))
    return tuple(ports) or usual(systems)


async def open_ports(router: Router, ports: Sequence[Port]) -> list[Any]:
    """Open them all, or none.

    Raises:
        LinkError: with every port that cannot be had.
    """
    opened: list[Any] = []
    faults: list[LongwatchError] = []
    for port in ports:
        try:
            opened.append(await _open(router, port))
        except LongwatchError as fault:
            faults.append(fault)
    if faults:
        for one in opened:
            one.close()
        raise type(faults[0])(str(faults[0]) if len(faults) == 1 else
                              listed("no port was opened:", map(str, faults)))
    return opened


async def _open(router: Router, port: Port) -> Any:
    systems = None if port.system is None else frozenset({port.system})
    where = (port.host, port.port)
    if port.kind == "udp":
        return await open_udp(router, targets=(where,), systems=systems)
    if port.kind == "udpin":
        return await open_udp(router, listen=where, systems=systems)
    return await open_tcp(router, where, systems)
