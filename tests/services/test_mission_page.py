"""docs/missions-by-mavlink.md against the items that are taken."""

import re
from pathlib import Path

from longwatch.planning import live_items, mav_commands

PAGE = Path(__file__).parents[2] / "docs" / "missions-by-mavlink.md"


def listed(what):
    """Every number that the page lists under a word."""
    found = set()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[1] == what:
            for first, last in re.findall(r"(\d+)(?: to (\d+))?", cells[0]):
                found |= set(range(int(first), int(last or first) + 1))
    return found


def test_the_page_names_exactly_what_is_flown_and_passed_over():
    flown = mav_commands.FLOWN | {live_items.NAV_DELAY, live_items.JUMP_TAG,
                                  live_items.DO_JUMP_TAG}
    assert listed("flown") == flown
    assert listed("passed over") == live_items.PASSED_OVER - {live_items.JUMP_TAG}
