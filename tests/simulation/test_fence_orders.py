"""Fences and rally points as orders: whole or not at all, with every fault in one message."""

import base64
import math

import numpy as np
import pytest

from longwatch.autopilot.aboard.fence import (
    CIRCLE_EXCLUSION,
    CIRCLE_INCLUSION,
    POLYGON_EXCLUSION,
    POLYGON_INCLUSION,
    FenceVertex,
    clearance,
    direction_of,
)
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.earth.wgs84 import WGS84
from longwatch.errors import OrderError
from longwatch.simulation.orders import aboard
from longwatch.simulation.orders.fence import MOST_VERTICES, fence_text, read_fence, read_rally
from longwatch.simulation.run import Simulation


def box(count=4, **changes):
    zone = FenceVertex.zeros(4)
    zone["kind"], zone["count"] = POLYGON_INCLUSION, count
    zone["latitude"] = np.radians([41.0, 41.0, 42.0, 42.0])
    zone["longitude"] = np.radians([28.0, 29.0, 29.0, 28.0])
    for name, value in changes.items():
        zone[name] = value
    return zone


def test_a_fence_comes_aboard_ready_to_be_asked():
    zones = read_fence(fence_text(box()))
    inside = direction_of(WGS84[0], *np.radians((41.5, 28.5)))
    assert clearance(zones, *inside) == pytest.approx(41.7e3, rel=0.01)
    assert not zones.flags.writeable
    assert len(read_fence("")) == 0


@pytest.mark.parametrize(("zone", "said"), [
    (box(count=5), "vertex 0: 5 vertices of one polygon must follow"),
    (box(count=2), "vertex 0: its polygon has 2 corners, it needs 3"),
    (box(count=-7), "it needs 3"),
    (box(kind=16), "vertex 3: command 16 is no fence"),
    (box(latitude=math.nan), "vertex 0: latitude nan deg is out of range"),
    (box(latitude=2.0), "vertex 2: latitude 114.592 deg is out of range"),
    (box(longitude=math.inf), "vertex 1: longitude inf deg is out of range"),
    (box(kind=CIRCLE_EXCLUSION, count=0), "vertex 0: radius 0 m is out of range"),
    (box(longitude=0.5), "vertex 0: it lies on the next corner"),
    (box(longitude=np.radians([-60.0, 60.0, 60.0, -60.0])), "vertex 0: its polygon reaches over"),
    (np.resize(box(), MOST_VERTICES + 4), f"at most {MOST_VERTICES} whole vertices"),
])
def test_what_makes_no_fence_is_refused_and_said(zone, said):
    with pytest.raises(OrderError) as refused:
        read_fence(fence_text(zone))
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["no base64!", base64.b64encode(b"short").decode(), "ÄÖ"])
def test_what_is_no_array_is_refused(text):
    with pytest.raises(OrderError, match="fence"):
        read_fence(text)


def test_every_vertex_that_is_wrong_is_named():
    with pytest.raises(OrderError) as refused:
        read_fence(fence_text(box(latitude=[0.7, 3.0, 0.7, -3.0])))
    assert "vertex 1" in str(refused.value) and "vertex 3" in str(refused.value)


def test_rally_points_are_taken_whole():
    points = read_rally([[0.7, 0.5, 1500.0], [0.71, -0.5, 900.0]])
    assert points["altitude_msl"].tolist() == [1500.0, 900.0]
    with pytest.raises(OrderError) as refused:
        read_rally([[0.7, 0.5, 1500.0], [2.0, 0.5, 1e6], [0.1, 0.2], "here"])
    text = str(refused.value)
    assert "point 1: latitude" in text and "point 1: altitude" in text
    assert "point 2: give latitude, longitude and altitude" in text and "point 3" in text


# ------------------------------------------------------------------- what it lets others do


RUNWAY = (41.1383, 27.9190)
# 60 m behind the threshold of 04.
STAND = (41.12975, 27.90584)


@pytest.fixture(scope="module")
def parked():
    """A tb2 on its runway at Corlu, heard, aligned."""
    made = Simulation("tb2", live=True)
    made.order("link", present=True)
    made.step(4.0)
    return made, made.snapshot(), made.loaded


@pytest.fixture
def stands(parked):
    made, before, loaded = parked
    aboard.put(made, loaded)
    made.restore(before)
    return made


def around_runway(half, kind=POLYGON_INCLUSION):
    """A square of twice ``half`` [deg of latitude] about the runway."""
    wide = half / math.cos(math.radians(RUNWAY[0]))
    south, north = RUNWAY[0] - half, RUNWAY[0] + half
    west, east = RUNWAY[1] - wide, RUNWAY[1] + wide
    return box(kind=kind, latitude=np.radians([south, south, north, north]),
               longitude=np.radians([west, east, east, west]))


def ring(radius):
    """A circle to stay within about where it stands."""
    zone = FenceVertex.zeros(1)
    zone["kind"], zone["radius"] = CIRCLE_INCLUSION, radius
    zone["latitude"], zone["longitude"] = np.radians(STAND)
    return zone


@pytest.mark.parametrize(("zones", "said"), [
    (box(), "it stands [0-9]+ m outside the fence"),
    (around_runway(0.1, POLYGON_EXCLUSION), "inside a zone to stay out of"),
    # A climb-out of 0.86 km, then a turn of 0.27 km.
    (ring(600.0), "the climb-out, [0-9]+ m straight ahead, leads over the fence"),
    (ring(1200.0), "the fence leaves no room to turn after the climb-out of [0-9]+ m"),
])
@pytest.mark.parametrize("order", [
    ("arm", {}), ("take_off", {"altitude_msl": 900.0})])
def test_it_neither_arms_nor_takes_off_where_it_may_not_fly(stands, zones, said, order):
    stands.order("fence", records=fence_text(zones))
    with pytest.raises(OrderError, match=said):
        stands.order(order[0], **order[1])
    assert not stands.state.autopilot.crew.armed
    stands.step(0.6)
    outside = "climb-out" not in said
    assert (stands.state.autopilot.failsafe.levels[failsafes.FENCE] == failsafes.OUTSIDE) == outside
    assert ("outside the fence" in [h["message"] for h in stands.happenings]) == outside
    stands.order("fence", records=fence_text(around_runway(0.2)))
    stands.order("arm")


def test_a_ceiling_below_the_climb_out_keeps_it_on_the_ground(stands):
    # Runway at 152 m, a climb-out of 240 m, 30 m to the ceiling.
    stands.order("parameter", name="LW_FENCE_CEIL", value=400.0)
    with pytest.raises(OrderError, match="ceiling of 400 m leaves no room"):
        stands.order("arm")
    stands.order("parameter", name="LW_FENCE_CEIL", value=600.0)
    with pytest.raises(OrderError, match="ceiling is 600 m, give 570 m or less"):
        stands.order("take_off", altitude_msl=580.0)
    stands.order("take_off", altitude_msl=570.0)
    stands.order("parameter", name="LW_FENCE_WATCH", value=0.0)
    stands.order("parameter", name="LW_FENCE_CEIL", value=400.0)
    stands.order("arm")


@pytest.mark.parametrize(("height", "said"), [
    (0.0, "home lies at 152 m, give 213 m or more"), (59.0, "give 213 m or more"),
    (-400.0, "give 213 m or more"), (9000.0, "above the ceiling of"), (61.0, None)])
def test_no_return_is_led_into_the_ground_by_a_rally_point(stands, height, said):
    """One at home's own height, 20 km away, was flown down to: it touched the ground on the way."""
    home = float(stands.loaded.header.home_elevation_msl)
    points = [[*np.radians((41.2, 28.0)).tolist(), 900.0],
              [*np.radians((41.2, 28.1)).tolist(), home + height]]
    if said is None:
        stands.order("rally", points=points)
        return
    with pytest.raises(OrderError, match="point 1: .*" + said):
        stands.order("rally", points=points)
    assert not len(stands.loaded.rally)
