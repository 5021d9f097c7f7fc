"""The manual's page of orders and faults, printed from their tables.

    python -m longwatch.live.order_page docs/orders.md
"""

import math
import sys
from pathlib import Path

from longwatch.simulation.orders.faults import table
from longwatch.simulation.orders.table import ORDERS, Argument

_HEAD = """# Orders and faults

Written by `python -m longwatch.live.order_page docs/orders.md` from the two tables; a test holds
this page to them.

An order is the one way into an aircraft that is flown live: whatever a client, the console, the
simulation's interface or a script wants of it becomes one of these, is carried out whole between
two ticks or refused with a reason, and stands in the journal.

    simulation.order("go_to", "script", latitude=0.719, longitude=0.487, altitude_msl=1200.0)
    server.order(1, "fault", "script", name="gnss")

Radians, metres, m/s and kilograms; an argument in brackets may be left out.

## Orders
"""

_FAULTS = """
## Faults

What the orders `fault` and `fault_end` (and `POST /aircraft/N/fault` of
[the simulation's interface](simulation-interface.md)) make fail, and what the crew sees of it.
"""


def _limits(argument: Argument) -> str:
    if argument.choices:
        return ": " + ", ".join(argument.choices)
    if math.isinf(argument.minimum) and math.isinf(argument.maximum):
        return f" [{argument.unit}]" if argument.unit else ""
    return f" [{argument.minimum:.6g} to {argument.maximum:.6g} {argument.unit}".rstrip() + "]"


def _argument(name: str, argument: Argument) -> str:
    shown = f"(`{name}`)" if argument.optional else f"`{name}`"
    return f"{shown} {argument.meaning}{_limits(argument)}"


def page() -> str:
    """The page as Markdown."""
    lines = [_HEAD, "| order | what it does | arguments |", "|---|---|---|"]
    for name, kind in ORDERS.items():
        takes = "; ".join(_argument(key, a) for key, a in kind.arguments.items())
        takes += "; what the fault takes" if kind.free else ""
        lines.append(f"| `{name}` | {kind.meaning} | {takes} |")
    lines += [_FAULTS, "| fault | what happens | takes | what the crew sees |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {meaning} | {takes} | {seen} |"
              for name, takes, meaning, seen in table()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
