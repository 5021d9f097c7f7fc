"""The report: what is on the page, what is left out, and the geometry of the landing."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pyarrow as pa
import pymap3d
import pytest

from longwatch.records import charts, report
from longwatch.records.flight_log import LogWriter, read_log
from longwatch.records.report import clock, write_report
from longwatch.records.summary import Summary, Touchdown

PHASES = ("parked", "take-off roll", "rotation", "climb-out", "en route", "loiter", "approach",
          "final", "flare", "roll-out", "stopped", "go-around")


def summary(**changed):
    values = {
        "outcome": "landed", "landed": True, "airborne_s": 4867.0, "simulated_s": 4885.0,
        "wall_s": 1.25, "realtime_factor": 3908.0, "fuel_used_kg": 7.5, "fuel_left_kg": 92.5,
        "distance_km": 174.0, "items_reached": 6, "items_total": 6,
        "touchdown": Touchdown(312.0, -1.3, -0.8, 27.9, 1.1, "LTBU 04"),
        "mission": "thrace-watch.plan", "aircraft": "tb2", "wind": "12@270"}
    return Summary(**{**values, **changed})


@pytest.fixture(scope="module")
def logged(tmp_path_factory, vehicle, flown):
    path = tmp_path_factory.mktemp("log") / "flight.arrows"
    with LogWriter(path, vehicle, metadata={"phase_names": list(PHASES)}) as writer:
        for first in range(0, len(flown[0]), 500):
            writer.append(flown[0][first:first + 500])
    return path


class Page(HTMLParser):
    """The page's text, its elements' ids, what it would load, and its data."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.loads, self.text, self._inside, self.data = set(), [], "", [], None
        self.scripts = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self._inside.append((tag, attributes))
        self.ids.add(attributes.get("id"))
        self.loads += [v for k, v in attributes.items() if k in ("src", "href")]
        self.scripts += tag == "script"

    def handle_data(self, data):
        tag, attributes = self._inside[-1] if self._inside else ("", {})
        if tag == "script" and attributes.get("id") == "data":
            self.data = json.loads(data)
        elif tag not in ("script", "style"):
            self.text += data + "\n"

    def handle_endtag(self, tag):
        self._inside.pop()


def page_of(tmp_path, *arguments, **options):
    write_report(tmp_path / "report.html", *arguments, **options)
    assert [p.name for p in tmp_path.glob("report*")] == ["report.html"]
    return Page(tmp_path / "report.html")


def test_targets_are_drawn_from_where_guidance_asks_for_anything():
    speed = np.array([0.0, 0.0, 34.0, 34.0])
    table = pa.table({"clock.time": np.arange(4.0), "autopilot.guidance.speed_target": speed,
                      "autopilot.guidance.altitude_target": np.array([0.0, 0.0, 300.0, 0.0]),
                      "flight.altitude_msl": np.full(4, 150.0)})
    drawn = {one["name"]: one["y"] for chart in charts.time_charts(table, [], [])
             for one in chart["traces"]}
    assert drawn["planned"] == [None, None, 300.0, 0.0]  # the sea's height is a height
    assert drawn["target"] == [None, None, 34.0, 34.0]


def test_whole_page(tmp_path, logged, flown, runway):
    _, plan, events = flown
    page = page_of(tmp_path, read_log(logged),
                   summary(changes=["Item 3: radius raised to 320 m"], warnings=["Low wind"]),
                   events, plan, runways=[runway])
    assert page.loads == []  # self-contained: nothing to fetch
    for text in ("left of the centreline", "Landed on runway LTBU 04",
                 "Item 3: radius raised to 320 m", "Low wind", "1:21:07",
                 "LOITER_TIME", "Item 5 reached", "within", "54 kt"):
        assert text in page.text
    assert {"map", "altitude", "airspeed", "attitude", "surfaces", "power", "wind",
            "landing-height", "landing-flare", "landing-offset"} <= page.ids
    assert {c["id"] for c in page.data["charts"]} <= page.ids
    for chart in page.data["charts"]:
        for one in chart["traces"]:
            assert len(one["x"]) == len(one["y"]) <= charts.MOST_POINTS
    items = next(t for t in page.data["charts"][0]["traces"] if t.get("markers"))
    assert items["text"] == ["1", "2", "3", "4", "5"]


def test_the_page_fits_its_script(tmp_path, logged, flown, runway):
    """Every name the template takes from the data is there, every colour is defined."""
    page_of(tmp_path, read_log(logged), summary(), flown[2], flown[1], runways=[runway])
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"@(title|body|data|plotly)@", text)
    page = Page(tmp_path / "report.html")
    for name in {t["colour"] for chart in page.data["charts"] for t in chart["traces"]}:
        assert text.count(f"--{name}: #") == 2  # light and dark


def test_interrupted_log_without_summary(tmp_path, logged):
    cut = tmp_path / "cut.arrows"
    cut.write_bytes(logged.read_bytes()[:-3000])
    page = page_of(tmp_path, read_log(cut), None, [], [])
    assert "This log is interrupted" in page.text and "Interrupted" in page.text
    assert page.data["landing"] is None and "Touchdown" not in page.text


def test_a_report_needs_none_but_the_columns_it_names(tmp_path, logged, flown, runway):
    for name, columns in (("all", None), ("few", report.QUANTITIES)):
        table = read_log(logged, columns)
        assert columns is None or set(table.column_names) <= set(columns)
        write_report(tmp_path / name, table, summary(), flown[2], flown[1], runways=[runway])
    assert (tmp_path / "few").read_text() == (tmp_path / "all").read_text()


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_tiny_logs(tmp_path, logged, flown, runway, rows):
    page = page_of(tmp_path, read_log(logged).slice(0, rows), summary(touchdown=None), flown[2],
                   flown[1], runways=[runway])
    assert "Summary" in page.text


def test_a_log_of_other_columns(tmp_path):
    table = pa.table({"clock.time": [0.0, 1.0], "flight.altitude_msl": [1.0, float("nan")]})
    page = page_of(tmp_path, table, None, [{"time": 0.0, "event": "warning"}], [{"sequence": 1}])
    assert [c["id"] for c in page.data["charts"]] == ["altitude"] and page.data["map"] is None
    page = page_of(tmp_path, pa.table({"x": [1]}), {}, [], [])
    assert page.data["charts"] == []


def test_text_from_missions_cannot_break_out(tmp_path, logged, flown):
    bad = "</script><script>alert(1)</script><b>"
    plan = [{**flown[1][0], "name": bad}]
    page = page_of(tmp_path, read_log(logged), summary(mission=bad, warnings=[bad]),
                   [{"time": 1.0, "event": bad, "message": bad}], plan,
                   runways=[{"name": bad, "thresholds": [[0.7, 0.4], [0.701, 0.4]]}])
    assert page.scripts == 3  # data, plotly.js, the page's own
    assert bad in page.text


def test_thinning_keeps_extremes_and_order():
    x = np.arange(100_000.0)
    y = np.sin(x / 5000.0)
    y[43_217], y[70_001] = 9.0, -9.0
    thin_x, thin_y = charts.thinned(x, y)
    assert len(thin_x) <= charts.MOST_POINTS and thin_x == sorted(thin_x)
    assert thin_y[thin_x.index(43_217.0)] == 9.0 and thin_y[thin_x.index(70_001.0)] == -9.0


@pytest.mark.parametrize("end", [0, 1])
def test_landing_geometry_against_pymap3d(runway, end):
    """Points laid out from the threshold in a local plane are found again, either way."""
    start, far = runway["thresholds"][end], runway["thresholds"][1 - end]
    east, north, _ = pymap3d.geodetic2enu(*far, 0.0, *start, 0.0, deg=False)
    length = np.hypot(east, north)
    along = np.linspace(-3000.0, 1200.0, 400)
    right = 5.0 * np.sin(along / 300.0)
    to_east = (along * east + right * north) / length
    to_north = (along * north - right * east) / length
    latitude, longitude, _ = pymap3d.enu2geodetic(to_east, to_north, 0.0, *start, 0.0, deg=False)
    low, high = runway["elevations_msl"][end], runway["elevations_msl"][1 - end]
    surface = low + (high - low) * np.clip(along / length, 0.0, 1.0)
    table = pa.table({
        "clock.time": along / 30.0 + 100.0, "flight.latitude": latitude,
        "flight.longitude": longitude,
        "flight.altitude_msl": surface + np.maximum(0.0, (300.0 - along) * 0.05)})
    found = charts.landing(table, [{"time": 110.0, "event": "touchdown"}], [
        {"name": "elsewhere", "thresholds": [[0.1, 0.1], [0.2, 0.1]]}, runway])
    assert found["runway"] == "LTBU 04/22"
    assert found["length"] == pytest.approx(length, abs=0.06)
    touch = np.searchsorted(along, 300.0)
    assert found["touch"]["x"] == pytest.approx(along[touch], abs=0.06)
    assert found["touch"]["offset"] == pytest.approx(right[touch], abs=0.02)
    assert max(found["height"]) == pytest.approx(3300.0 * 0.05, abs=0.3)
    assert found["offset"][0] == pytest.approx(right[0], abs=0.02)


def test_map_over_the_date_line():
    time = np.arange(50.0)
    longitude = np.radians(179.9 + 0.01 * time)
    table = pa.table({
        "clock.time": time, "flight.latitude": np.radians(-17.0 + 0 * time),
        "flight.longitude": (longitude + np.pi) % (2 * np.pi) - np.pi,
        "flight.altitude_msl": 100.0 + time})
    item = {"sequence": 1, "latitude": np.radians(-17.0), "longitude": np.radians(-179.5),
            "altitude_msl": 500.0, "name": "WAYPOINT"}
    shown = charts.track_map(table, [item], [])
    assert shown["path"]["x"] == [180.5]
    assert shown["x_range"][1] - shown["x_range"][0] < 1.5
    drawn = [v for band in shown["track"]["bands"] for v in band["x"] if v is not None]
    assert min(drawn) == pytest.approx(179.9) and max(drawn) == pytest.approx(180.39)


def test_clock():
    assert clock(97_261.4) == "27:01:01" and clock(59.7) == "0:01:00"


@pytest.mark.parametrize(("turbulence", "told"), [
    ("none", "calm air"), ("light", "no wind · light turbulence")])
def test_air_is_calm_only_without_turbulence(tmp_path, logged, flown, turbulence, told):
    page = page_of(tmp_path, read_log(logged), {"wind": "0@0", "turbulence": turbulence}, [], [])
    assert told in page.text and ("calm air" in page.text) == (turbulence == "none")
