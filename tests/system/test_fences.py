"""Whole flights at a fence: orders by which it was crossed once, and missions flown with theirs."""

import json
import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from campaigns.fences import fly
from campaigns.runner import drawn
from longwatch.autopilot import codes
from longwatch.autopilot.aboard import fence
from longwatch.autopilot.aboard.fence import CIRCLE_EXCLUSION, POLYGON_INCLUSION, FenceVertex
from longwatch.earth.wgs84 import WGS84
from longwatch.errors import OrderError
from longwatch.simulation.orders.fence import fence_text
from longwatch.simulation.run import Simulation

pytestmark = pytest.mark.compiled_only

GEODESIC = Geodesic.WGS84
HOME = (41.1383, 27.9190)


def around(place, bearing, distance):
    there = GEODESIC.Direct(*place, bearing, distance)
    return there["lat2"], there["lon2"]


def place_of(flight):
    at = flight.state.flight
    return math.degrees(at.latitude), math.degrees(at.longitude)


def room(zones, flight):
    at = flight.state.flight
    return fence.clearance(zones, *fence.direction_of(
        WGS84[0], float(at.latitude), float(at.longitude)))


def square(centre, half):
    zones = FenceVertex.zeros(4)
    zones["kind"], zones["count"] = POLYGON_INCLUSION, 4
    zones["latitude"], zones["longitude"] = np.radians(
        [around(centre, b, half * math.sqrt(2.0)) for b in (45, 135, 225, 315)]).T
    fence.prepare(zones, WGS84[0])
    return zones


def aloft(aircraft="tb2", **options):
    """One that holds over home in its square, its crew heard."""
    made = Simulation(aircraft, live=True, **options)
    made.order("link", present=True)
    made.step(4.0)
    made.order("take_off", altitude_msl=1500.0)
    made.order("arm")
    made.step(600.0)
    return made


@pytest.mark.parametrize("number", [2, 7, 13, 20, 24, 12])
def test_orders_by_which_a_fence_was_crossed_once(number):
    """Cases of the campaign: circles widened where they were held, zones hidden by a height."""
    verdict = fly(drawn(1, number))
    assert verdict.outcome == "kept", f"{verdict.fault}\n{verdict.case}"


@pytest.mark.parametrize("aircraft", ["tb2", "akinci"])
def test_out_of_a_hold_at_the_edge_no_order_leads_over_it(aircraft):
    """In calm air, on the circle that it turned back onto, orders to all sides every 0.2 s."""
    flight, least = aloft(aircraft), math.inf
    zones = square(place_of(flight), {"tb2": 5e3, "akinci": 9e3}[aircraft])
    flight.order("fence", records=fence_text(zones))
    flight.order("course", course=0.7)
    while not flight.state.autopilot.failsafe.acting:
        flight.step(0.5)
    # Near the fastest that each may be asked to fly.
    taken, speed = 0, {"tb2": 52.0, "akinci": 60.0}[aircraft]
    for number in range(1500):
        bearing = 2.4 * number
        north, east = speed * math.cos(bearing), speed * math.sin(bearing)
        for name, arguments in (("offboard_velocity", {"north": north, "east": east, "down": 0.0}),
                                ("mode", {"mode": ("offboard", "hold", "altitude")[number % 3]})):
            try:
                flight.order(name, **arguments)
                taken += name == "mode"
            except OrderError as refusal:
                assert "fence" in str(refusal)
        flight.step(0.2)
        least = min(least, room(zones, flight))
    # The margin is 150 m; it turns back from where it still is left, and some 30 m are flown
    # until the turn of a new order has been seen.
    assert least > 60.0
    assert taken > 100


def test_a_hold_order_leaves_the_circle_that_keeps_clear_as_it_is():
    flight = aloft()
    zones = square(place_of(flight), 5e3)
    flight.order("fence", records=fence_text(zones))
    flight.order("course", course=0.7)
    while not flight.state.autopilot.failsafe.acting:
        flight.step(0.5)
    own = flight.state.autopilot
    before = [float(own.crew[key]) for key in ("target_latitude", "target_longitude", "radius")]
    flight.order("mode", mode="hold")
    after = [float(own.crew[key]) for key in ("target_latitude", "target_longitude", "radius")]
    assert before == after and own.failsafe.taken == codes.ACTION_TURN_BACK and own.failsafe.acting
    with pytest.raises(OrderError, match="the fence is ahead"):
        flight.order("course", course=0.7)
    assert own.crew.mode == codes.MODE_HOLD and own.failsafe.acting


def test_what_lies_over_the_fence_is_refused_with_the_reason():
    flight = aloft()
    zones = square(place_of(flight), 8e3)
    flight.order("fence", records=fence_text(zones))
    flight.order("parameter", name="LW_FENCE_CEIL", value=2500.0)
    flight.order("parameter", name="LW_FENCE_FLOOR", value=1000.0)
    out = dict(zip(("latitude", "longitude"), map(math.radians, around(
        place_of(flight), 45.0, 14e3)), strict=True))
    for name, arguments, said in (
            ("go_to", out, "over the fence"), ("orbit", out, "over the fence"),
            ("offboard_position", {**out, "altitude_msl": 1500.0}, "over the fence"),
            ("altitude", {"altitude_msl": 2490.0}, "ceiling is 2500 m, give 2470 m or less"),
            ("altitude", {"altitude_msl": 900.0}, "floor is 1000 m, give 1030 m or more")):
        with pytest.raises(OrderError, match=said):
            flight.order(name, **arguments)
    near = square(place_of(flight), 250.0)
    with pytest.raises(OrderError, match="no turn from here keeps the margin"):
        flight.order("fence", records=fence_text(near))
    assert flight.loaded.fence["latitude"] == pytest.approx(zones["latitude"])
    with pytest.raises(OrderError, match="no turn from here keeps the margin of 9000 m"):
        flight.order("parameter", name="LW_FENCE_MARGIN", value=9000.0)
    flight.order("altitude", altitude_msl=2470.0)


def mission_with(folder, fence_part, rally, altitude):
    """From Corlu over two places and back, with a plan's fence and rally points."""
    legs = [(22, 3, 41.147, 27.932, 300), (16, 0, 41.28, 28.10, altitude),
            (16, 0, 41.00, 28.10, altitude), (21, 0, 41.1313, 27.9082, 155)]
    file = folder / "fenced.plan"
    file.write_text(json.dumps({
        "fileType": "Plan", "version": 1, "groundStation": "QGroundControl",
        "geoFence": {"version": 2, **fence_part}, "rallyPoints": {"version": 2, "points": rally},
        "mission": {"version": 2, "firmwareType": 12, "vehicleType": 1, "cruiseSpeed": 36,
                    "hoverSpeed": 5, "plannedHomePosition": [41.129398, 27.905300, 152.4],
                    "items": [{"type": "SimpleItem", "autoContinue": True, "command": command,
                               "doJumpId": i + 1, "frame": frame,
                               "params": [12 if command == 22 else 0, 0, 0, None, *place]}
                              for i, (command, frame, *place) in enumerate(legs)]}}))
    return file


def test_a_mission_flown_without_a_crew_keeps_its_fence_and_comes_home_over_its_rally_point(
        tmp_path):
    # In the middle of the leg south, which is 31 km long; the rally point 8 km before it.
    fence_part = {"polygons": [], "circles": [{
        "version": 1, "inclusion": False, "circle": {"center": [41.14, 28.10], "radius": 1500.0}}]}
    file = mission_with(tmp_path, fence_part, [[41.20, 28.02, 900]], 1200.0)
    flight = Simulation("tb2", file, force=True, seed=4, wind="8@200", turbulence="light")
    zones = flight.loaded.fence.copy()
    assert list(zones["kind"]) == [CIRCLE_EXCLUSION] and len(flight.loaded.rally) == 1
    least, gathered = math.inf, math.inf
    while flight.outcome == "flying" and flight.time < 7200.0:
        flight.step(1.0)
        least = min(least, room(zones, flight)) if flight.time > 60.0 else least
        gathered = min(gathered, GEODESIC.Inverse(*place_of(flight), 41.20, 28.02)["s12"])
    assert flight.outcome == "landed"
    assert least > 60.0
    # It circles there by 800 m, at 900 m above home.
    assert gathered < 1000.0
    told = [h["message"] for h in flight.happenings if h["event"] == "failsafe"]
    assert told[0] == "failsafe: fence ahead: turn back"


def test_a_fence_that_is_kept_changes_nothing_of_a_mission(tmp_path):
    """The same flight to the byte, but for what the watch itself says of the fence."""
    wide = {"circles": [], "polygons": [{"version": 1, "inclusion": True, "polygon": [
        [40.5, 27.0], [40.5, 29.0], [41.8, 29.0], [41.8, 27.0]]}]}
    ends = []
    for part in ({"polygons": [], "circles": []}, wide):
        flight = Simulation("tb2", mission_with(tmp_path, part, [], 1200.0), seed=2,
                            turbulence="moderate")
        flight.step(1200.0)
        ends.append((flight.state.rigid_body if "rigid_body" in flight.state.dtype.names
                     else flight.state.flight).tobytes())
    assert ends[0] == ends[1]
