"""Figures within the judge's texts, which whoever reads them may have in units of his own.

``altitude(1200.0)`` is "1200 m" between marks that no text has else: it is written into a message
like any other text. ``plain`` takes the marks out, as on a terminal; ``parts`` gives the text with
places for the figures, and the figures in SI, as the station's page shows them.
"""

import re
from typing import Any

BEGIN, BETWEEN, END = "\ue000", "\ue001", "\ue002"  # of Unicode's private use
_MARKED = re.compile(f"{BEGIN}([^{BETWEEN}]*){BETWEEN}([^{BETWEEN}]*){BETWEEN}([^{END}]*){END}")


def _figure(kind: str, value: Any, text: str) -> str:
    return f"{BEGIN}{kind}{BETWEEN}{value}{BETWEEN}{text}{END}"


def altitude(value: float, spec: str = ".0f") -> str:
    """An altitude above mean sea level [m]."""
    return _figure("altitude", float(value), f"{value:{spec}} m")


def height(value: float, spec: str = ".0f") -> str:
    """A height, or a difference of heights [m]."""
    return _figure("height", float(value), f"{value:{spec}} m")


def length(value: float, spec: str = ".0f") -> str:
    """A length on the ground, of a runway or a turn [m]."""
    return _figure("length", float(value), f"{value:{spec}} m")


def distance(value: float, spec: str = ".0f") -> str:
    """A way [m], in kilometres."""
    return _figure("distance", float(value), f"{value / 1000:{spec}} km")


def airspeed(value: float, spec: str = ".1f") -> str:
    """A speed of the aircraft [m/s]."""
    return _figure("airspeed", float(value), f"{value:{spec}} m/s")


def wind(value: float, spec: str = ".1f") -> str:
    """A speed of the air [m/s]."""
    return _figure("wind_speed", float(value), f"{value:{spec}} m/s")


def mass(value: float, spec: str = ".0f") -> str:
    """A mass, of fuel too [kg]."""
    return _figure("fuel", float(value), f"{value:{spec}} kg")


def slope(value: float, spec: str = ".1f") -> str:
    """An angle [deg], with its decimals."""
    return _figure("text", f"{value:{spec}}°", f"{value:{spec}} deg")


def minutes(value: float) -> str:
    """A time [min]."""
    return _figure("duration", 60.0 * float(value), f"{value:.0f} min")


def hours(seconds: float) -> str:
    """A time [s], in hours and minutes."""
    whole, rest = divmod(round(seconds / 60), 60)
    return _figure("duration", float(seconds), f"{whole} h {rest:02d} min")


def name(text: object) -> str:
    """What is no figure but differs from case to case, such as the name of a runway."""
    return _figure("text", text, str(text))


def plain(text: str) -> str:
    """The text without marks, in SI units."""
    return _MARKED.sub(lambda found: found[3], text)


def parts(text: str) -> dict[str, Any]:
    """The text with ``{0}``, ``{1}``, ... for its figures, and those: what they are, and in SI."""
    found: list[list[Any]] = []

    def take(match: re.Match[str]) -> str:
        kind = match[1]
        found.append([kind, match[2] if kind == "text" else float(match[2])])
        return f"{{{len(found) - 1}}}"

    return {"text": _MARKED.sub(take, text), "figures": found}
