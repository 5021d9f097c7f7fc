"""The manual's page of orders and faults says what their tables say."""

from pathlib import Path

from longwatch.live.order_page import page

KEPT = Path(__file__).resolve().parents[2] / "docs" / "orders.md"


def test_the_manuals_page_is_printed_from_the_tables():
    assert KEPT.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m longwatch.live.order_page docs/orders.md")
