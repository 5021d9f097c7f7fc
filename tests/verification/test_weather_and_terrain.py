"""Every row on weather and terrain holds, and a false look-up would be noticed."""

import numpy as np
import pytest

from longwatch.verification import terrain, weather
from longwatch.verification.check import Context

pytestmark = pytest.mark.compiled_only


@pytest.mark.parametrize("subject", [weather, terrain])
def test_every_row_holds(shared_data, subject):
    rows = list(subject.checks(Context(shared_data)))
    assert {row.verdict for row in rows} <= {"holds", "shown"}
    assert sum(row.verdict == "holds" for row in rows) >= 15


def test_without_data_rows_are_not_run_but_the_plane_is():
    assert {row.verdict for row in weather.checks(Context())} == {"not run"}
    verdicts = [row.verdict for row in terrain.checks(Context())]
    assert verdicts.count("not run") == 1
    assert verdicts.count("holds") >= 7


def test_a_false_look_up_falls_short(shared_data, monkeypatch):
    def false(grid, *place):
        found = list(weather_at(grid, *place))
        found[1] += 0.01
        return tuple(found)

    weather_at = weather.weather_at
    monkeypatch.setattr(weather, "weather_at", false)
    short = [row.quantity for row in weather.checks(Context(shared_data))
             if row.verdict == "falls short"]
    assert short == ["wind towards east"] * 2


def test_a_shifted_tile_falls_short(shared_data, monkeypatch):
    make = terrain.ground_along

    def shifted(patches, grid, latitude, longitude, found):
        make(patches, grid, latitude, longitude + np.radians(1e-4), found)

    monkeypatch.setattr(terrain, "ground_along", shifted)
    short = [row for row in terrain.checks(Context(shared_data)) if row.verdict == "falls short"]
    assert len(short) >= 2
