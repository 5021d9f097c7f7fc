"""The manual's page on free flight: its code runs, and prints what the page says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "free-flight.md"


@pytest.mark.compiled_only
def test_the_example_prints_what_the_page_shows(capsys):
    text = PAGE.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(block, names)
    shown = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    assert capsys.readouterr().out == "".join(shown)
    assert {"still", "turning", "own"} <= names.keys()
