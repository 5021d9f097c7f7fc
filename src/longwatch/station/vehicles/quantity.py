"""What a quantity of the station is: its name on the wire, its meaning, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, pi
from typing import Any, Protocol

TAU = 2.0 * pi
ZERO_CELSIUS = 273.15
INT32_MAX = 0x7FFFFFFF
UNKNOWN_16 = 65535
DEGREE_E7 = 1e-7

KEEP: Any = object()
"""What a report reads off a message that does not speak of its quantity at all."""

Value = bool | int | float | str


class Facts(Protocol):
    """What a conversion may ask of the vehicle that a message came from."""

    autopilot: str  # "px4", "ardupilot" or "generic"
    own: bool  # one of Longwatch's aircraft
    fuel_density: float  # kg/m3
    role: str | None  # what its mode is for: "hold", "mission", "return", "guided", ...

    def number(self, name: str) -> float | None:
        """A quantity that was reported before, None where it was not."""

    def parameter(self, name: str) -> float | None:
        """A parameter aboard, None where it is not known."""

    def mode_name(self, custom_mode: int) -> str:
        """What the vehicle calls a mode."""

    def mode_role(self, custom_mode: int) -> str | None:
        """What a mode is for."""


Read = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Report:
    """How a quantity is read off one message: ``read(message, facts)``, None where it is unknown.

    ``lasting``: told once or on change, so that silence does not make it unknown. The ``source`` of
    messages is "MESSAGE.field"; the first report of a quantity is preferred while it is heard.
    """

    message: str
    fields: str
    read: Read
    lasting: bool = False

    @property
    def source(self) -> str:
        """As the table of sources prints it."""
        return f"{self.message}.{self.fields}"


@dataclass(frozen=True)
class Quantity:
    """One quantity.

    Attributes:
        name: on the wire, as docs/station-wire.md has it.
        unit: SI, or what its name ends in; "" for texts, truths and shares.
        meaning: with sign and datum.
        panel: where the page shows it.
        reports: messages that it comes from, the preferred one first.
        computed: how the station computes it, where no message has it; "" else.
        digits: decimals that are kept on the wire, None for texts, truths and whole numbers.
        columns: columns of a flight log of ours that it comes from; () where there is none.
        from_log: its value out of those columns' values in one row.
    """

    name: str
    unit: str
    meaning: str
    panel: str
    reports: tuple[Report, ...] = ()
    computed: str = ""
    digits: int | None = None
    columns: tuple[str, ...] = ()
    from_log: Callable[..., Any] = lambda value: value

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        parts = [report.source for report in self.reports]
        if self.computed:
            parts.append(f"computed: {self.computed}")
        return "; else ".join(parts) or "no message of MAVLink has it"

    def rounded(self, value: Any) -> Value | None:
        """``value`` as it goes out; None where it is no value of this quantity."""
        if value is None or isinstance(value, bool | str):
            return value
        if not isfinite(value):
            return None
        if self.digits is None:
            return int(value)
        return round(float(value), self.digits)


def report(message: str, fields: str, read: Read | None = None, *, lasting: bool = False,
           scale: float = 1.0, unknown: Any = None) -> Report:
    """A report of one field times ``scale``, unknown where it is ``unknown``; or by ``read``."""
    if read is not None:
        return Report(message, fields, read, lasting)

    def plain(found: Any, facts: Any) -> Any:
        value = getattr(found, fields)
        return None if value == unknown else value * scale

    return Report(message, fields, plain, lasting)


def positive_angle(angle: float) -> float:
    """An angle [rad] within 0 to 2 pi."""
    return angle % TAU


def celsius(value: float) -> float | None:
    """A temperature [deg C] in kelvin, None below absolute zero."""
    kelvin = value + ZERO_CELSIUS
    return kelvin if kelvin > 0.0 else None


def text(value: Any) -> str:
    """A message's text without its padding and without what does not print."""
    if isinstance(value, bytes | bytearray):
        value = bytes(value).split(b"\0")[0].decode("utf-8", "replace")
    whole = str(value).split("\0")[0]
    return "".join(c if c.isprintable() else " " for c in whole).strip()
