"""Missions judged over terrain: heights above it, clearance, tiles that are missing."""

import math

import numpy as np
import pytest

from longwatch.environment.terrain_files import open_terrain
from longwatch.errors import MissionError, SetupError
from longwatch.planning import judge_file, plan_flight
from longwatch.planning.clearance import LEAST_CLEARANCE

LOAD = {"payload_kg": 0.0, "fuel_kg": 100.0}


def flat(latitude, longitude):
    return 0.0 * latitude * longitude


def hill(at, top, reach_deg=0.03):
    """Flat at sea level but for a cone."""
    def height(latitude, longitude):
        distance = np.hypot(latitude - at[0], longitude - at[1])
        return np.maximum(top * (1.0 - distance / reach_deg), 0.0)
    return height


def judged(path, tb2, folder, **options):
    return judge_file(path, tb2, terrain=open_terrain(folder), **LOAD, **options)


def errors(judgement):
    return " | ".join(f.text for f in judgement.errors)


def test_flat_land_at_the_runways_height_changes_nothing(write_wpl, write_terrain, circuit, tb2):
    path = write_wpl(circuit)
    over, without = judged(path, tb2, write_terrain(flat)), judge_file(path, tb2, **LOAD)
    assert over.flyable, errors(over)
    assert [n.fuel for n in over.numbers] == pytest.approx([n.fuel for n in without.numbers],
                                                           nan_ok=True)
    # Legs at 400 and 300 m over land at 0 m, and the descent in between.
    assert any("least clearance over terrain 300 m" in text for text in over.messages)


@pytest.mark.parametrize("frame", [10, 11])
def test_heights_above_terrain_count_from_the_tile(write_wpl, write_terrain, circuit, tb2, frame):
    def tilted(latitude, longitude):
        return 3000.0 * np.maximum(longitude - 20.03, 0.0) + 0.0 * latitude

    circuit[2] = (16, 0, 0, 0, 10.06, 20.08, 500, frame)
    judgement = judged(write_wpl(circuit), tb2, write_terrain(tilted))
    point = judgement.points[2]
    assert point.ground_msl == pytest.approx(150.0, abs=0.01)
    assert point.altitude_msl == pytest.approx(650.0, abs=0.01)
    assert judge_file(write_wpl(circuit), tb2, **LOAD).points[2].altitude_msl == pytest.approx(
        500.0, abs=0.01), "from the assumed ground without tiles"


def test_a_hill_below_a_leg_is_refused_and_fit_raises_over_it(write_wpl, write_terrain, circuit,
                                                              tb2):
    """300 m of hill in the middle of the leg at 400 m from item 3 to item 4."""
    path, folder = write_wpl(circuit), write_terrain(hill((10.0, 20.08), 300.0))
    judgement = judged(path, tb2, folder)
    told = next(f for f in judgement.errors if f.item == 4)
    assert "comes within 100 m at 10.0000, 20.08" in told.message
    assert f"{LEAST_CLEARANCE:.0f} m are kept there" in told.message
    assert "raise it by 50 m" in told.remedy
    with pytest.raises(MissionError, match="--fit changes what can be changed"):
        plan_flight(path, tb2, terrain=open_terrain(folder), **LOAD)
    fitted = judged(path, tb2, folder, fit=True)
    assert fitted.flyable, errors(fitted)
    assert [change.item for change in fitted.changes] == [4]
    assert fitted.changes[0].amount == pytest.approx(50.0, abs=1.0)
    again = judged(path, tb2, folder, fit=True)
    assert again.changes == fitted.changes


def test_a_hill_beside_a_leg_counts_as_far_as_the_corridor(write_wpl, write_terrain, circuit, tb2):
    """The top stands 0.25 km, then 0.6 km beside the leg along 20.08 E."""
    for east, refused in ((0.0023, True), (0.0055, False)):
        folder = write_terrain(hill((10.0, 20.08 + east), 320.0, 0.0021), step=0.0005,
                               folder=f"t{east}", west=19.9, east=20.2, south=9.8, north=10.2)
        assert bool(judged(write_wpl(circuit), tb2, folder).errors) == refused


def test_a_hill_in_the_climb_out_is_refused_without_a_fix(write_wpl, write_terrain, circuit, tb2):
    folder = write_terrain(hill((10.03, 20.0), 200.0, 0.008), step=0.001)
    judgement = judged(write_wpl(circuit), tb2, folder)
    assert {f.item for f in judgement.errors} <= {1, 2}
    assert all("climb before" in f.remedy or "take off the other way" in f.remedy
               for f in judgement.errors)
    assert all(f.fix is None for f in judgement.errors)


def test_a_hill_under_the_final_is_refused(write_wpl, write_terrain, circuit, tb2):
    """The landing at 10.002 N flies north: 3 km before it the path is 157 m up, half is kept."""
    for top, refused in ((60.0, False), (110.0, True)):
        folder = write_terrain(hill((9.975, 20.0), top, 0.01), folder=f"t{top}", step=0.001)
        judgement = judged(write_wpl(circuit), tb2, folder)
        assert any(f.item == 6 for f in judgement.errors) == refused, errors(judgement)


def test_a_circle_over_a_hill_is_refused(write_wpl, write_terrain, circuit, tb2):
    circuit.insert(3, (18, 1, 0, 1500, 10.0, 20.2, 400))
    folder = write_terrain(hill((10.0, 20.2137), 330.0, 0.004), step=0.001)
    judgement = judged(write_wpl(circuit), tb2, folder)
    assert [f.item for f in judgement.errors] == [4], errors(judgement)


def test_missing_tiles_are_named(write_wpl, write_terrain, circuit, tb2):
    folder = write_terrain(flat, south=10.0, north=11.0, west=19.5, east=20.5)
    judgement = judged(write_wpl(circuit), tb2, folder)
    # The corridor reaches west of 20 E.
    assert "terrain lacks the tiles N09E019, N09E020;" in errors(judgement)
    with pytest.raises(SetupError, match="fly without --terrain"):
        plan_flight(write_wpl(circuit), tb2, terrain=open_terrain(folder), force=True, **LOAD)


def test_voids_under_the_way_are_refused_with_their_place(write_wpl, write_terrain, circuit, tb2):
    def holed(latitude, longitude):
        values = flat(latitude, longitude)
        values[50, 58] = -32768.0
        return values

    judgement = judged(write_wpl(circuit), tb2, write_terrain(holed))
    assert "over a void of the terrain in N" in errors(judgement)
    assert not judgement.flyable


def test_the_terrain_goes_with_the_plan(write_wpl, write_terrain, circuit, tb2):
    plan = plan_flight(write_wpl(circuit), tb2, terrain=open_terrain(write_terrain(flat)), **LOAD)
    assert plan.judgement.terrain_name == "terrain"
    assert len(plan.judgement.terrain.heights) > 10
    assert not math.isnan(float(plan.judgement.terrain.heights.min()))
