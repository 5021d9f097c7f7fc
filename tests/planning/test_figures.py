"""Marks of figures within the judge's texts, and the texts that the page has words for."""

import ast
import json
import re
from pathlib import Path

import pytest

from longwatch.planning import figures
from longwatch.planning.finding import ERROR, Finding

ROOT = Path(__file__).parents[2]


def test_a_figure_reads_as_ever_and_is_told_in_si_beside_the_text():
    text = (f"raise item {figures.name(3)} by {figures.height(120.4)}, {figures.distance(12345.0)} "
            f"on at {figures.airspeed(36.0, 'g')}; {figures.hours(5430.0)}, {figures.slope(3.0)}")
    assert figures.plain(text) == "raise item 3 by 120 m, 12 km on at 36 m/s; 1 h 30 min, 3.0 deg"
    assert figures.parts(text) == {
        "text": "raise item {0} by {1}, {2} on at {3}; {4}, {5}",
        "figures": [["text", "3"], ["height", 120.4], ["distance", 12345.0], ["airspeed", 36.0],
                    ["duration", 5430.0], ["text", "3.0°"]]}
    finding = Finding(ERROR, 2, f"at {figures.altitude(900.0)}", f"give {figures.mass(5.0)}")
    assert finding.text == "item 2: at 900 m; give 5 kg"
    assert figures.parts(finding.marked[1])["figures"] == [["fuel", 5.0]]


def _said():
    """What planning's sources may say, as patterns: figures numbered, all else open."""
    for path in (ROOT / "src/longwatch/planning").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                yield "".join(
                    re.escape(part.value) if isinstance(part, ast.Constant) else
                    r"\{\d+\}" if ast.unparse(part).startswith("f'{figures.") else r".+"
                    for part in node.values)


@pytest.mark.parametrize("language", ["tr", "uk"])
def test_what_the_page_translates_is_what_the_judge_says(language):
    keys = json.loads((ROOT / f"ui/src/messages/{language}/judge.json").read_text())
    patterns = [re.compile(pattern) for pattern in _said() if len(pattern) > 12]
    constants = [p.pattern for p in patterns]
    lost = [key for key in (key.removeprefix("judge.") for key in keys)
            if not any(pattern.match(key) for pattern in patterns)
            and not any(constant.startswith(re.escape(key)) for constant in constants)]
    assert lost == []
