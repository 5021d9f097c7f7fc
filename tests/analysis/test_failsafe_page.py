"""The manual's page of failsafes is the table itself."""

from pathlib import Path

from longwatch.analysis.failsafe_page import page
from longwatch.autopilot.aboard.settings import Settings
from longwatch.autopilot.codes import ACTION_NAMES
from longwatch.autopilot.failsafe.table import ROWS

KEPT = Path(__file__).resolve().parents[2] / "docs" / "failsafes.md"


def test_the_page_is_what_the_table_prints():
    assert KEPT.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m longwatch.analysis.failsafe_page docs/failsafes.md")


def test_every_row_stands_on_the_page_with_its_action():
    lines = KEPT.read_text(encoding="utf-8").splitlines()
    for row in ROWS:
        (line,) = [x for x in lines if f": **{row.name}**" in x]
        cells = [cell.strip() for cell in line.split("|")]
        assert cells[3] == ACTION_NAMES[row.action]
        assert cells[4] == ("may override" if row.override else "no")


def test_settings_are_given_with_their_defaults():
    text = KEPT.read_text(encoding="utf-8")
    short = next(f for f in Settings.fields if f.name == "link_short")
    assert f"| `{short.parameter}` | {short.default:g} s |" in text
