"""The manual's page of parameters says what the registry says."""

from pathlib import Path

from longwatch.services.parameter_page import page

KEPT = Path(__file__).resolve().parents[2] / "docs" / "parameters.md"


def test_the_manuals_page_is_printed_from_the_registry():
    assert KEPT.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m longwatch.services.parameter_page docs/parameters.md")
