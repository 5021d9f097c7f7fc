"""The manual's page: its code runs, and its table of levels is what comes out."""

import re
from pathlib import Path

import pytest

import longwatch as lw

PAGE = Path(__file__).resolve().parents[2] / "docs" / "flying-qualities.md"
NAMES = ("short period", "phugoid", "Dutch roll", "roll", "spiral")

pytestmark = pytest.mark.compiled_only


def test_code_of_the_page_runs(capsys):
    block = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(block.group(1), {})
    assert "Dutch roll: " in capsys.readouterr().out


@pytest.mark.parametrize(("aircraft", "speed"), [("tb2", 36.0), ("akinci", 75.0)])
def test_levels_of_the_page(aircraft, speed):
    rows = re.findall(rf"^\| {aircraft} \| (bare|inner loops) \| (.*) \|$",
                      PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    found = lw.modes(aircraft, calibrated_airspeed=speed, altitude_msl=3000.0)
    for which, modes in (("bare", found.bare), ("inner loops", found.inner_loops)):
        levels = {mode.name: mode.level for mode in modes}
        assert [int(cell) for cell in dict(rows)[which].split(" | ")] == [
            levels[name] for name in NAMES]
