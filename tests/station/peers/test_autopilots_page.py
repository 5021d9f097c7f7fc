"""The page of autopilots, and the texts that its keys stand for."""

import json
from pathlib import Path

import pytest

from longwatch.station.vehicles.autopilots import PEERS, REASONS
from longwatch.station.vehicles.autopilots_page import page
from longwatch.station.vehicles.command_table import NAMES

ROOT = Path(__file__).resolve().parents[3]
CARDS = {"arm": {"ardupilot_landed"}, "return": {"ardupilot_lands", "ardupilot_circles", "px4"}}


def test_the_page_is_what_the_table_says():
    assert (ROOT / "docs" / "station-autopilots.md").read_text() == page()


def test_every_command_has_its_manner_on_both():
    for manners in PEERS.values():
        assert set(manners) == set(NAMES)


@pytest.mark.parametrize("language", ["en", "tr", "uk"])
def test_every_card_and_every_reason_has_its_text(language):
    texts = json.loads((ROOT / "ui" / "src" / "messages" / language / "fly.json").read_text())
    assert [key for key in REASONS if f"fly.why.{key}" not in texts] == []
    for manners in PEERS.values():
        for name, manner in manners.items():
            cards = {manner.card} if isinstance(manner.card, str) else CARDS[name]
            assert [c for c in cards if c and f"fly.does.{name}.{c}" not in texts] == []
