"""The manual's page of mission items, printed from the table of their fields.

    python -m longwatch.planning.item_page docs/mission-items.md
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from longwatch.planning.item_fields import FIELDS, USED, Field
from longwatch.planning.mav_commands import command_name

_HEAD = """# Mission items, field by field

Written by `python -m longwatch.planning.item_page docs/mission-items.md` from the table that the
reader of files and the upload by MAVLink go by; a test walks it.

What a file or a client may ask of an item is one of four things: **used**; **empty**, where MAVLink
gives the field no meaning; **told**, where what it asks for is not done, and the crew is warned of
it, whether by `longwatch check`, `fly`, the station or an upload; or **refused**. Empty and told
fields ask for nothing while they are left open, or hold one of the values in the last column. The
frame says what an altitude counts from: mean sea level (0, 5), home (3, 6), terrain (10, 11); in
items without a place it has no meaning, and may be 2. `autocontinue` off is told: the next item
follows in any case. A number that is infinite is refused everywhere.

| item | field | | | asks for nothing |
|---|---|---|---|---|"""


def page() -> str:
    """The page as Markdown."""
    lines = [_HEAD]
    for command, row in FIELDS.items():
        for numbers, field in _merged(row):
            kind = field.kind + (" (" + ", ".join(f"{v:g}" for v in field.refused) + " refused)"
                                 if field.refused else "")
            free = "" if field.kind == USED else ", ".join(f"{v:g}" for v in field.free)
            name = command_name(command).removeprefix("MAV_CMD_")
            lines.append(f"| {name} | {numbers} | {kind} | {field.meaning} | {free} |")
    return "\n".join(lines) + "\n"


def _merged(row: dict[str, Field]) -> Iterator[tuple[str, Field]]:
    """Fields that lie side by side and are alike as one: "5 to 7"."""
    numbers = sorted(row)
    first = 0
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or row[numbers[i]] != row[numbers[first]]:
            shown = numbers[first] if i == first + 1 else f"{numbers[first]} to {numbers[i - 1]}"
            yield shown, row[numbers[first]]
            first = i


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
