"""Jump tags and turns of none in mission files."""

import math

import pytest

from longwatch.autopilot.aboard import plan
from longwatch.errors import MissionError
from longwatch.planning.flight_plan import plan_flight
from longwatch.planning.mission_file import read_mission


def line(number, command, p1=0.0, p2=0.0, north=0.0, east=0.0, altitude=0.0, frame=3):
    return "\t".join(map(str, (number, 0, frame, command, p1, p2, 0, 0, 41.13 + north,
                               27.9 + east, altitude, 1)))


def written(tmp_path, *rows):
    path = tmp_path / "tags.waypoints"
    home = "\t".join(map(str, (0, 1, 0, 16, 0, 0, 0, 0, 41.129398, 27.9053, 152.4, 1)))
    path.write_text("\n".join(["QGC WPL 110", home, *rows]) + "\n")
    return path


def test_a_jump_to_a_tag_goes_to_the_item_that_carries_it(tmp_path, tb2):
    path = written(
        tmp_path, line(1, plan.TAKEOFF, altitude=300.0), line(2, plan.JUMP_TAG, 42.0),
        line(3, plan.LOITER_TURNS, 0.0, north=0.1, east=0.05, altitude=600.0),
        line(4, plan.WAYPOINT, north=0.15, east=0.2, altitude=600.0),
        line(5, plan.DO_JUMP_TAG, 42.0, 2.0), line(6, plan.RETURN_TO_LAUNCH))
    resolved = plan_flight(path, tb2, fuel_kg=150.0)
    jump = resolved.items[4]
    assert int(jump["command"]) == plan.DO_JUMP and int(jump["jump"]) == 1
    assert int(jump["repeats"]) == 2
    assert int(resolved.items[1]["command"]) == plan.JUMP_TAG
    assert float(resolved.items[2]["turns"]) == 0.0
    assert math.isfinite(float(resolved.items[2]["radius"]))


def test_tags_that_are_not_there_or_twice_are_told_together(tmp_path):
    path = written(tmp_path, line(1, plan.TAKEOFF, altitude=300.0), line(2, plan.JUMP_TAG, 7.0),
                   line(3, plan.JUMP_TAG, 7.0), line(4, plan.DO_JUMP_TAG, 8.0, 1.0),
                   line(5, plan.RETURN_TO_LAUNCH))
    with pytest.raises(MissionError) as caught:
        read_mission(path)
    assert "item 3" in str(caught.value) and "item 4" in str(caught.value)
