"""The manual's page of parameters, printed from the registry.

    python -m longwatch.services.parameter_page docs/parameters.md
"""

import sys
from itertools import groupby
from pathlib import Path

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.autopilot.aboard.parameters import Parameter, parameters
from longwatch.services.compatibility import COMPATIBLE

AIRCRAFT = ("tb2", "akinci")

_HEAD = """# Parameters

Written by `python -m longwatch.services.parameter_page docs/parameters.md` from the declarations
of the datasheet's and the settings' fields; a test holds this page to them.

A crew or a script sets them in flight: each aircraft has its own, and a change is an order that the
journal keeps. Angles are in degrees here and over MAVLink, in radians in the datasheets; the rest
is SI. What is out of range, no number, or contradicts the rest of the datasheet is refused, with
the reason, and changes nothing. Ranges are those in which the aircraft flies, alone and together
with the others, so they are each type's own; limits of the structure are never exceeded. What
changes the final or the take-off is not changed in them, and what moves every loop at once is
changed on the ground alone: column "changed". Over MAVLink a refusal is the PARAM_VALUE that
holds, to the sender, with PARAM_ERROR: VALUE_OUT_OF_RANGE for what is never possible,
PERMISSION_DENIED for what is not possible now, READ_ONLY for what is fixed. The next run begins
with the defaults, unless `longwatch serve --state DIR` keeps what differs from them, in a
`parameters.json` to read and edit.

    param set LIM_BANK_MAX 25                                       in MAVProxy
    simulation.order("parameter", name="LIM_BANK_MAX", value=25.0)  in Python

Over MAVLink a real is REAL32, anything else INT32: by its bytes under the profiles `px4` and
`generic`, as the float of the same value under `ardupilot`. The list is sorted by name, so that
index and count of each stay; `_HASH_CHECK` is answered under `px4` and `generic`. Ground stations
find meaning, unit, range and default in the component metadata, `/etc/parameter.json.xz` by FTP.
The extended protocol (`PARAM_EXT_...`) is not spoken: no value needs it."""

_TITLES = {
    "settings": "The crew's settings",
    "limits": "Limits",
    "procedures": "Procedures: speeds and heights of the flight phases",
    "control": "Control: gains and time constants",
}

_ORIGIN = """Default, grade and source of a limit, procedure or gain are its aircraft's datasheet's
(`longwatch aircraft NAME`); those of the settings are this autopilot's own, grade assumed."""

_COMPATIBLE = """## Names that clients look for

Some clients read parameters by the names of the autopilot that they take an aircraft for. The
profiles serve the few that matter, each another name of one above, or a figure that cannot be
set."""


def page() -> str:
    """The page as Markdown."""
    loaded = [load_datasheet(name) for name in AIRCRAFT]
    parts = [_HEAD, _ORIGIN]
    of_each = [{p.name: p for p in parameters(aircraft)} for aircraft in loaded]
    order = list(_TITLES)
    found = sorted(of_each[0].values(), key=lambda p: (order.index(p.group), p.name))
    for group, members in groupby(found, key=lambda p: p.group):
        parts += [f"## {_TITLES[group]}", _table(list(members), of_each)]
    parts.append(_COMPATIBLE)
    parts += [f"### Profile `{profile}`\n\n{_compatible(profile, loaded[0])}"
              for profile, names in COMPATIBLE.items() if names]
    return "\n\n".join(parts) + "\n"


def _table(members: list[Parameter], of_each: list[dict[str, Parameter]]) -> str:
    same = all(_range(p) == _range(each[p.name]) for p in members for each in of_each)
    heads = ["default, range"] if same else [f"`{name}`" for name in AIRCRAFT]
    rows = [["name", "meaning", "unit", "changed", *heads], ["---"] * (4 + len(heads))]
    for p in members:
        ranges = [_range(each[p.name]) for each in of_each][:len(heads)]
        rows.append([f"`{p.name}`", p.meaning, p.unit, p.when, *ranges])
    return _lines(rows)


def _range(p: Parameter) -> str:
    """Default, and between which values it can be set."""
    if p.kind is bool:
        return f"{p.default:.0f}; 0 or 1"
    return (f"{_number(p.default, p.kind)}; {_number(p.minimum, p.kind)} to "
            f"{_number(p.maximum, p.kind)}")


def _compatible(profile: str, aircraft: Aircraft) -> str:
    sheet = aircraft.datasheet[0]
    rows = [["name", "meaning", f"value (`{AIRCRAFT[0]}`, system 1)"], ["---"] * 3]
    for name in COMPATIBLE[profile]:
        value = "" if name.value is None else _number(name.value(sheet, 1), name.kind or float)
        unit = f" {name.unit}" if value and name.unit else ""
        rows.append([f"`{name.name}`", name.meaning, value + unit])
    return _lines(rows)


def _number(value: float, kind: type) -> str:
    if kind is not float or abs(value) >= 1e4:
        return f"{value:.0f}"
    return f"{value:.4g}"


def _lines(rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
