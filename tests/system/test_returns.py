"""Orders home from every leg of every shipped mission: down, in the time and distance told.

The campaign (tests/campaigns/returns.py) draws such cases at random, or flies every order from
every leg in three winds; here every leg is flown once by each aircraft, orders and winds in turn.
"""

import json
import math
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic

from campaigns.returns import (
    AIRCRAFT,
    NAMES,
    ORDERS,
    THREE_WINDS,
    at_item,
    flown_items,
    judged,
    told,
    while_for,
)
from longwatch.autopilot import codes
from longwatch.errors import MissionError
from longwatch.simulation.run import Simulation

pytestmark = pytest.mark.compiled_only

# A whole day over one place has the legs of the others; what it adds are their heights.
CASES = [(aircraft, name) for aircraft in AIRCRAFT for name in NAMES]
# Refused for this aircraft with the fuel it can take, whatever is fitted.
REFUSED = {("akinci", "thrace-27h")}


@pytest.mark.parametrize(("aircraft", "name"), CASES)
def test_every_leg_leads_down_as_told(aircraft, name):
    if (aircraft, name) in REFUSED:
        with pytest.raises(MissionError):
            at_item(aircraft, name, "", 1, 0.0)
        return
    shift = CASES.index((aircraft, name))
    for i, index in enumerate(flown_items(name)):
        order, wind = (ORDERS[(i + shift) % len(ORDERS)],
                       THREE_WINDS[(i + shift) % len(THREE_WINDS)])
        seconds = while_for(name, index, i + shift)
        flight = at_item(aircraft, name, wind, index, seconds, order)
        case = f"{order} on the way to item {index} in {wind or 'calm air'}"
        assert not flight.state.autopilot.estimate.gauges.weight_on_wheels, case
        verdict = judged(flight, order)
        assert not verdict.fault, f"{case}: {verdict.fault}"
        # Akinci is too heavy, full of fuel, to land by the table where these missions lead.
        assert verdict.outcome.startswith("down") or (aircraft, order) == ("akinci", "land"), case


def test_a_return_is_flown_down_from_the_shipped_mission_ten_minutes_in():
    """It circled the landing sequence's first item at 1 600 m for ever."""
    flight = at_item("tb2", "thrace-watch", "", 1, 600.0 - 70.0)
    verdict = judged(flight, "return")
    assert (verdict.outcome, verdict.fault) == ("down", "")
    assert codes.PHASE_NAMES[flight.state.autopilot.modes.phase] == "parked"


@pytest.mark.parametrize(("aircraft", "name", "wind", "index", "seconds", "order"), [
    ("akinci", "tejo-watch", "9@321", 4, 951.0, "land"),
    ("akinci", "washington-watch", "5@9", 1, 1326.0, "return"),
    ("tb2", "tejo-watch", "9@165", 5, 56.0, "land"),
    ("tb2", "thrace-27h", "9@110", 2, 78.0, "land")])
def test_circles_and_the_runways_end_are_flown_as_told_where_a_hair_decides(aircraft, name, wind,
                                                                            index, seconds, order):
    """A lap more or less was flown than told, a wider circle, or the runway's other end taken."""
    verdict = judged(at_item(aircraft, name, wind, index, seconds, order), order)
    assert (verdict.outcome, verdict.fault) == ("down", "")


def test_an_order_home_over_terrain_is_flown_as_told(shared_data):
    flight = at_item("tb2", "washington-watch", "8@40", 5, 200.0, terrain=shared_data / "dem")
    verdict = judged(flight, "return")
    assert (verdict.outcome, verdict.fault) == ("down", "")


def test_a_way_home_by_a_rally_point_is_flown_as_told():
    """Home is moved, so that no landing sequence of the plan's leads to it."""
    flight = at_item("tb2", "thrace-watch", "8@40", 5, 230.0)
    header = flight.loaded.header
    latitude, longitude = float(header.home_latitude), float(header.home_longitude)
    flight.order("home", latitude=latitude, longitude=longitude, altitude_msl=155.0)
    flight.order("rally", points=[[latitude - math.radians(0.1), longitude - math.radians(0.2),
                                   1200.0]])
    straight = told(flight, False)
    flight.step(2.0)
    by_the_point = told(flight, False)
    verdict = judged(flight, "return")
    assert by_the_point != straight
    assert (verdict.outcome, verdict.fault) == ("down", "")


@pytest.mark.parametrize(("radius", "share"), [(100.0, 0.02), (8000.0, 0.3)])
def test_a_rally_points_circle_is_told_as_it_is_reached(radius, share):
    """Wider than asked where that cannot be held: told was no way at all. Left on any course."""
    flight = at_item("akinci", "thrace-watch", "", 5, 230.0)
    header, here = flight.loaded.header, flight.state.autopilot.estimate
    home = float(header.home_latitude), float(header.home_longitude)
    flight.order("home", latitude=home[0], longitude=home[1], altitude_msl=155.0)
    flight.order("parameter", name="NAV_LOITER_RAD", value=radius)
    latitude, longitude = (float(at) + share * (to - float(at)) for at, to in zip(
        (here.latitude, here.longitude), home, strict=True))
    aside = math.radians(0.05 if share > 0.1 else 0.005)
    flight.order("rally", points=[[latitude + aside, longitude, 1500.0]])
    flight.step(2.0)
    verdict = judged(flight, "return")
    assert (verdict.outcome, verdict.fault) == ("down", "")


CIRCUIT = Path(__file__).parents[1] / "missions" / "circuit.plan"
# Its runway, and where its final course begins when it is joined so far out [m].
LANDING, BEYOND = (41.129398, 27.905300), (41.147099, 27.932600)
FAR_OUT, FARTHER_OUT = -40_000.0, -43_000.0


def along_the_final(aircraft, fuel, folder):
    """On its last leg to the landing, on the final course from 40 km before the runway on."""
    content = json.loads(CIRCUIT.read_text())
    mission = content["mission"]
    mission.pop("cruiseSpeed", None)
    course = Geodesic.WGS84.Inverse(*LANDING, *BEYOND)["azi1"]
    take_off, way, land = mission["items"]
    for number, away in ((2, FARTHER_OUT), (3, FAR_OUT)):
        place = Geodesic.WGS84.Direct(*LANDING, course, away)
        mission["items"].insert(-1, {**way, "doJumpId": number, "params": [
            0, 0, 0, None, place["lat2"], place["lon2"], 450]})
    mission["items"] = [take_off, *mission["items"][2:-1], {**land, "doJumpId": 4}]
    (folder / "far_out.plan").write_text(json.dumps(content))
    flight = Simulation(aircraft, folder / "far_out.plan", live=True, fit=True, fuel_kg=fuel)
    flight.order("link", present=True)
    flight.step(4.0)
    flight.order("mode", mode="mission")
    flight.order("arm")
    while flight.state.autopilot.modes.phase != codes.PHASE_APPROACH:
        flight.step(1.0)
    flight.step(60.0)
    return flight


@pytest.mark.parametrize(("aircraft", "fuel"), [("tb2", 100.0), ("akinci", 1200.0)])
def test_far_out_on_the_final_course_fuel_too_is_told_as_burnt(tmp_path, aircraft, fuel):
    """It slowed down there at once, its blades fine, which took twice as much, and told half."""
    flight = along_the_final(aircraft, fuel, tmp_path)
    assert flight.state.autopilot.approach.on_final
    fuel_told, before = (float(flight.state.autopilot.failsafe.fuel.fuel_home),
                         float(flight.state.mass.fuel_mass))
    verdict = judged(flight, "return")
    assert (verdict.outcome, verdict.fault) == ("down", "")
    assert before - float(flight.state.mass.fuel_mass) == pytest.approx(fuel_told, rel=0.1)
