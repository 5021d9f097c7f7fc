"""Everything that can be made to fail, and every failsafe, seen from the station: one cause at the
top, soon, and what follows from it folded beneath."""

import pytest

from longwatch.autopilot.failsafe.table import ROWS
from longwatch.simulation.orders import faults
from longwatch.station.vehicles.alert_table import TABLE
from longwatch.station.vehicles.alerts import Alerts
from station.virtual import Virtual

pytestmark = pytest.mark.compiled_only

# What stands at the top, within so many seconds; None where the aircraft flies on all the same and
# tells nothing, as docs of the fault say.
FAULTS = {
    "engine": ({}, "engine_stopped", 2.0), "gnss": ({}, "gnss_lost", 3.0),
    "pitot": ({}, "airspeed_unreliable", 60.0), "static": ({}, "airspeed_unreliable", 60.0),
    "air_data": ({}, "airspeed_unreliable", 3.0),
    "magnetometer": ({}, "sensor_unhealthy", 3.0), "altimeter": ({}, None, 0.0),
    "imu": ({"channel": 0}, None, 0.0), "fuel_leak": ({"rate": 0.2}, "fuel_leak", 60.0),
    "servo": ({"servo": "ruddervator_left", "position": 0.1}, "control_stuck", 30.0),
    "link": ({}, "link_lost", 11.0)}
MOST = 3


def do(air, name, **arguments):
    answer = air.do(air.fleet.command("1", name, arguments))
    assert answer["result"] == "accepted", answer


def aloft(air, altitude=900.0, held=700.0):
    """An aircraft that holds, with a station that knows it."""
    v = air.known()
    air.run(lambda: v.number("ready_to_arm"), 30.0)
    do(air, "take_off", altitude_msl=altitude)
    do(air, "arm")
    air.run(lambda: v.number("altitude_msl") > held and v.number("landed_state") == "in_air", 900.0)
    do(air, "hold")
    air.run(seconds=30.0)
    return v


def anew(air, v):
    """Hold, all being well again and all that was told forgotten."""
    air.run(lambda: v.number("link_state") == "up", 20.0)
    air.run(seconds=4.0)
    do(air, "hold")
    do(air, "altitude", altitude_msl=900.0)
    air.run(seconds=20.0)
    air.run(lambda: not v.number("fuel_leaks"), 80.0)
    assert not v.number("failsafe")
    v.alerts = Alerts()
    air.run(seconds=2.0)
    assert v.alerts.as_list() == []


def tops(v):
    return [a for a in v.alerts.as_list() if a["cause"] is None]


@pytest.fixture(scope="module")
def flight():
    with Virtual() as air:
        yield air, aloft(air)


def test_every_fault_that_there_is_is_walked():
    assert set(FAULTS) == set(faults.FAULTS)


@pytest.mark.parametrize("name", ["pitot", "static"])
def test_a_fault_that_is_long_overcome_is_one_alert_at_the_top(name):
    """Each in a flight of its own: an airspeed that was doubted stays doubted for long."""
    arguments, key, soon = FAULTS[name]
    with Virtual() as air:
        v = aloft(air, 450.0, 270.0)
        v.alerts = Alerts()
        faults.begin(air.server.fleet[0].simulation, name, **arguments)
        # What holds a pressure is seen as height changes.
        do(air, "altitude", altitude_msl=700.0)
        watch(air, v, key, soon)


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in ("pitot", "static")])
def test_a_fault_is_one_alert_at_the_top(flight, name):
    air, v = flight
    arguments, key, soon = FAULTS[name]
    simulation = air.server.fleet[0].simulation
    anew(air, v)
    faults.begin(simulation, name, **arguments)
    try:
        if key is None:
            air.run(seconds=20.0)
            assert v.alerts.as_list() == []
            return
        watch(air, v, key, soon)
    finally:
        faults.end(simulation, name)


def fenced(air, radius):
    """A fence around where it is, so many metres about it; none for 0."""
    v = air.fleet.find("1")
    circle = {"circle": {"center": [v.number("latitude_deg"), v.number("longitude_deg")],
                         "radius": radius}, "inclusion": radius > 1000.0, "version": 1}
    fence = {"circles": [circle] if radius else [], "polygons": [], "version": 2}
    air.do(air.fleet.upload("1", {
        "fileType": "Plan", "version": 1, "groundStation": "test", "geoFence": fence,
        "rallyPoints": {"points": [], "version": 2},
        "mission": {"version": 2, "items": [], "plannedHomePosition": [41.13, 27.9, 150.0]}}))


def parameter(air, name, value):
    air.do(air.fleet.set_parameter("1", name, value))


def engine(air, index):
    faults.begin(air.server.fleet[0].simulation, "engine", index=index)


def watch(air, v, key, soon):
    """That alert at the top within ``soon`` s, and no other beside it for as long again."""
    air.run(lambda: [a for a in tops(v) if a["key"] == key], soon)
    for _ in range(10):
        air.run(seconds=1.0)
        assert [a["key"] for a in tops(v)] == [key]
        assert len(v.alerts.as_list()) <= MOST


# Each failsafe by its name in the autopilot's table: how it comes about, and what stands on top.
FAILSAFES = {
    "no engine runs": (lambda air: engine(air, None), "engine_stopped", 2.0),
    "outside the fence": (lambda air: fenced(air, 900.0), "fence_breach", 5.0),
    "fence ahead": (lambda air: (fenced(air, 3000.0), do(air, "heading", course=1.0)), "failsafe",
                    200.0),
    "below the floor or above the ceiling": (
        lambda air: parameter(air, "LW_FENCE_CEIL", 700.0), "fence_breach", 5.0),
    "floor or ceiling ahead": (
        lambda air: (do(air, "altitude", altitude_msl=1200.0), air.run(seconds=10.0),
                     parameter(air, "LW_FENCE_CEIL", 1050.0)), "failsafe", 200.0),
    "position lost": (lambda air: faults.begin(air.server.fleet[0].simulation, "gnss"),
                      "gnss_lost", 3.0),
    "link lost": (lambda air: faults.begin(air.server.fleet[0].simulation, "link"), "link_lost",
                  11.0),
    "link lost for long": (lambda air: (
        faults.begin(air.server.fleet[0].simulation, "link"), air.run(seconds=60.0)), "link_lost",
        11.0)}
ELSEWHERE = {"an engine has stopped", "fuel critical", "fuel low"}


def test_every_failsafe_that_there_is_is_walked():
    assert set(FAILSAFES) | ELSEWHERE == {row.name for row in ROWS}


@pytest.mark.parametrize("name", FAILSAFES)
def test_a_failsafe_is_one_alert_at_the_top(flight, name):
    air, v = flight
    simulation = air.server.fleet[0].simulation
    anew(air, v)
    begin, key, soon = FAILSAFES[name]
    begin(air)
    try:
        watch(air, v, key, soon)
        said = [text for a in tops(v) for text in a["told"]]
        assert key in ("link_lost", "engine_stopped") or any(name in text for text in said), said
    finally:
        for fault in ("gnss", "link", "engine"):
            faults.end(simulation, fault)
        fenced(air, 0.0)
        parameter(air, "LW_FENCE_CEIL", 0.0)


def test_of_two_engines_one_that_stops_is_not_all_that_stop():
    with Virtual(aircraft="akinci", fuel_kg=600.0) as air:
        v = aloft(air)
        engine(air, 1)
        watch(air, v, "one_engine_stopped", 2.0)
        assert v.number("endurance_s") > 600.0
        engine(air, 0)
        watch(air, v, "engine_stopped", 2.0)
        assert v.number("endurance_s") is None


def test_little_fuel_is_one_alert_at_the_top():
    with Virtual(fuel_kg=16.0) as air:
        v = aloft(air, 450.0, 430.0)
        air.run(seconds=90.0)  # until the climb's flow is past
        spare = (v.number("fuel_remaining_kg") - v.number("fuel_home_kg")) / (
            v.number("fuel_reserve_kg") / 2700.0)
        for share, name in ((1.0, "fuel low"), (1.5, "fuel critical")):
            parameter(air, "LW_FUEL_RESERVE", share * spare)
            air.run(lambda name=name: any(name in text for a in tops(v) for text in a["told"]),
                    40.0)
            watch(air, v, "fuel_reserve", 10.0)


def test_an_engine_that_stops_leaves_no_endurance(flight):
    air, v = flight
    anew(air, v)
    assert v.number("endurance_s") > 3600.0
    engine(air, None)
    try:
        air.run(lambda: v.number("endurance_s") is None, 2.0)
        for _ in range(20):
            air.run(seconds=1.0)
            assert v.number("endurance_s") is None and v.number("return_by_s") is None
    finally:
        faults.end(air.server.fleet[0].simulation, "engine")
    air.run(lambda: v.number("endurance_s"), 10.0)


def test_the_glide_told_is_the_glide_flown(flight):
    """In calm air, once it glides: distance over height lost, beside what the ring is drawn by."""
    air, v = flight
    anew(air, v)
    engine(air, None)
    try:
        air.run(seconds=40.0)
        told = v.number("best_glide_ratio")
        state = air.server.fleet[0].simulation.state
        height, way = float(state.flight.altitude_msl), 0.0
        for _ in range(60):
            air.run(seconds=1.0)
            way += float(state.flight.ground_speed)
        flown = way / (height - float(state.flight.altitude_msl))
    finally:
        faults.end(air.server.fleet[0].simulation, "engine")
    assert told == pytest.approx(flown, rel=0.1), (told, flown)


def test_what_explains_is_in_the_table():
    keys = {row.key for row in TABLE}
    assert all(set(row.explains) <= keys - {row.key} for row in TABLE)
