"""The station's judge is the shell's, in another process."""

import asyncio
import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from pymap3d.vincenty import vdist

from longwatch.aircraft.loader import load_datasheet
from longwatch.cli.check import command as check
from longwatch.planning import judge, read_mission
from longwatch.planning.flown_way import profile, track
from longwatch.station.missions import judge_worker, judging
from longwatch.station.missions.judge_worker import answer
from longwatch.station.missions.judging import Judge
from longwatch.station.refusal import Refusal

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def thrace():
    return REPOSITORY / "missions" / "thrace-watch.plan"


@pytest.fixture(scope="module")
def judged(thrace):
    return judge(read_mission(thrace), load_datasheet("tb2"), payload_kg=0.0, fuel_kg=200.0)


@pytest.mark.compiled_only
def test_the_judge_beside_the_station_says_what_the_shell_says(thrace):
    async def run():
        judge = Judge("tb2")
        document = json.loads(thrace.read_text())
        options = {"payload_kg": 50, "wind": {"speed": 8, "from": math.radians(270)}}
        try:
            return await judge.judge("a", document, options)
        finally:
            await judge.close()

    answer = asyncio.run(run())
    shell = CliRunner().invoke(check, [str(thrace), "--payload", "50", "--wind", "8@270",
                                       "--json"], standalone_mode=False)
    told = json.loads(shell.stdout)
    assert {key: answer[key] for key in told} == told
    assert answer["profile"][-1]["time_s"] == pytest.approx(told["fuel"]["time"], abs=1.0)


@pytest.mark.compiled_only
def test_findings_carry_their_figures_in_si_for_the_readers_units(thrace):
    document = json.loads(thrace.read_text())
    way = next(item for item in document["mission"]["items"] if item.get("command") == 16)
    way["params"][6] = way["Altitude"] = 9876.0
    way["AltitudeMode"], way["frame"] = 2, 0
    told = answer({"text": json.dumps(document), "aircraft": "tb2", "payload_kg": 0.0,
                   "fuel_kg": 5.0, "wind_speed": 3.0, "wind_from": 0.0, "turbulence": "none",
                   "terrain": ""})
    assert len(told["told"]["findings"]) == len(told["findings"]) > 0
    units = {"altitude": ("m", 1.0), "height": ("m", 1.0), "length": ("m", 1.0),
             "distance": ("km", 1e-3), "airspeed": ("m/s", 1.0), "wind_speed": ("m/s", 1.0),
             "fuel": ("kg", 1.0)}
    found = []
    for finding, marked in zip(told["findings"], told["told"]["findings"], strict=True):
        for name in ("message", "remedy"):
            # What the shell prints is the text with its figures in SI.
            text = marked[name]["text"]
            assert not re.search(r"\d (m|km|m/s|kg)\b", text), text
            for number, (kind, value) in enumerate(marked[name]["figures"]):
                pattern = r"(\S.*?)" if kind not in units else rf"(-?[\d.]+) {units[kind][0]}"
                rest = re.split(r"\{\d+\}", text)
                shown = re.fullmatch("".join(
                    re.escape(part) + (r"(.*?)" if i < len(rest) - 1 else "")
                    for i, part in enumerate(rest)), finding[name])[number + 1]
                if kind in units:
                    assert float(re.fullmatch(pattern, shown)[1]) == pytest.approx(
                        value * units[kind][1], abs=0.51, rel=1e-4)
                found.append((kind, value))
    assert {("altitude", 9876.0), ("fuel", 5.0), ("airspeed", 38.0)} <= set(map(tuple, found))


def test_the_profile_ends_when_and_where_the_fuel_plan_does(judged):
    points = profile(judged.flown)
    assert points[-1].distance == pytest.approx(judged.fuel.distance, rel=1e-9)
    assert points[-1].time == pytest.approx(judged.fuel.time, abs=1.0)
    assert all(b.distance > a.distance - 1e-6 and b.time > a.time - 1e-6
               for a, b in itertools.pairwise(points))
    # Thrace's highest items lie at 3000 m; it begins and ends on Çorlu's runway, at some 153 m.
    assert max(p.altitude_msl for p in points) == pytest.approx(3000.0, abs=0.1)
    assert points[0].altitude_msl == pytest.approx(152.4, abs=3.0)
    assert points[-1].altitude_msl == pytest.approx(points[-1].ground_msl, abs=0.5)


def test_the_track_circles_where_items_circle_and_turns_no_sharper_than_it_can(judged):
    way = np.degrees(track(judged.flown))
    for item, radius in zip(judged.mission.items, judged.radii, strict=True):
        if radius:
            centre = math.degrees(item.latitude), math.degrees(item.longitude)
            distances = vdist(*np.broadcast_arrays(*centre, way[:, 0], way[:, 1]))[0]
            assert (abs(distances - abs(radius)) < 0.002 * abs(radius)).sum() >= 24, item
            assert distances.min() > 0.98 * abs(radius)
    lengths, courses = vdist(way[:-1, 0], way[:-1, 1], way[1:, 0], way[1:, 1])
    turns = np.diff(courses[lengths > 1.0])
    # One corner of 147 deg is overflown; the landing's join is drawn as it is entered.
    assert (abs((turns + 180.0) % 360.0 - 180.0) > 13.0).sum() <= 2


def test_faults_of_a_mission_come_as_faults(thrace):
    document = json.loads(thrace.read_text())
    document["mission"]["items"][0]["command"] = 84
    document["mission"]["items"][3]["frame"] = 77
    document["mission"]["items"][4]["params"][6] = 200_000
    answer = judge_worker.answer({
        "text": json.dumps(document), "aircraft": "tb2", "payload_kg": 0.0, "fuel_kg": None,
        "wind_speed": 0.0, "wind_from": 0.0, "turbulence": "none", "terrain": ""})
    assert len(answer["faults"]) == len(answer["told"]) == 3
    assert "vertical take-off" in answer["faults"][0]
    # For the shell in SI, for a page in the units of its reader.
    assert "an altitude of 200000 m is out of range" in answer["faults"][2]
    assert answer["told"][2]["figures"] == [["altitude", 200_000.0]]
    assert "an altitude of {0} is out of range" in answer["told"][2]["text"]


class Slow(Judge):
    """Answers when it is let, without a process."""

    def __init__(self):
        super().__init__("tb2")
        self.go, self.asked = asyncio.Event(), []

    async def _begin(self):
        self._process = object()

    async def _stop(self):
        self._process = None

    async def _ask(self, request):
        self.asked.append(json.loads(json.loads(request)["text"])["n"])
        await self.go.wait()
        return {"flyable": True}


def test_a_users_newest_request_takes_the_place_of_the_one_that_waits():
    async def run():
        judge = Slow()
        first = asyncio.create_task(judge.judge("a", {"n": 1}, {}))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(judge.judge("a", {"n": 2}, {}))
        other = asyncio.create_task(judge.judge("b", {"n": 3}, {}))
        await asyncio.sleep(0.01)
        third = asyncio.create_task(judge.judge("a", {"n": 4}, {}))
        await asyncio.sleep(0.01)
        judge.go.set()
        answers = await asyncio.gather(first, second, other, third, return_exceptions=True)
        await judge.close()
        return answers, judge.asked

    answers, asked = asyncio.run(run())
    assert asked == [1, 3, 4]
    assert isinstance(answers[1], Refusal)
    assert answers[1].status == 409
    assert [a for i, a in enumerate(answers) if i != 1] == [{"flyable": True}] * 3


def test_a_judge_that_cannot_be_started_says_so_and_is_tried_again(monkeypatch):
    class Poor(Slow):
        poor = True

        async def _begin(self):
            if self.poor:
                raise OSError("no memory")
            self._process = object()

    async def run():
        judge = Poor()
        judge.go.set()
        with pytest.raises(Refusal, match="cannot be started"):
            async with asyncio.timeout(10.0):
                await judge.judge("a", {"n": 1}, {})
        judge.poor = False
        async with asyncio.timeout(10.0):
            answer = await judge.judge("a", {"n": 2}, {})
        await judge.close()
        return answer
    assert asyncio.run(run()) == {"flyable": True}


@pytest.mark.parametrize("ends", ["exit", "hangs"])
def test_a_judge_that_dies_or_hangs_is_told_and_started_anew(monkeypatch, ends):
    code = "import time; time.sleep(60)" if ends == "hangs" else "raise SystemExit(3)"

    async def run():
        judge = Judge("tb2", limit_s=0.3)
        monkeypatch.setattr(judging, "START_LIMIT_S", 0.2)
        begun = []

        async def begin():
            begun.append(1)
            judge._process = await asyncio.create_subprocess_exec(
                judging.sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE)

        judge._begin = begin
        told = []
        for _ in range(2):
            with pytest.raises(Refusal) as refused:
                await judge.judge("a", {}, {})
            told.append(str(refused.value))
        await judge.close()
        return told, len(begun)

    told, begun = asyncio.run(run())
    assert begun >= 2
    assert all(("takes more than" if ends == "hangs" else "ended unasked") in text
               for text in told)


def test_options_that_cannot_be_are_refused_together():
    async def run():
        await Slow().judge("a", {}, {
            "aircraft": "../secret.toml", "fuel_kg": "much", "payload_kg": math.nan,
            "wind": {"speed": 1000, "from": True}, "turbulence": "heavy"})

    with pytest.raises(Refusal) as refused:
        asyncio.run(run())
    assert len(refused.value.faults) == 6


def test_a_fence_across_a_leg_refuses_the_mission_here_as_well(thrace):
    """The zone lies on the way of the shipped mission's third item, wherever that is."""
    document = json.loads(thrace.read_text())
    read = read_mission(thrace)
    second, third = [item for item in read.items if item.positioned][1:3]
    middle = [math.degrees(0.5 * (second.latitude + third.latitude)),
              math.degrees(0.5 * (second.longitude + third.longitude))]
    document["geoFence"] = {"version": 2, "polygons": [], "circles": [
        {"version": 1, "inclusion": False, "circle": {"center": middle, "radius": 3000.0}}]}
    answer = judge_worker.answer({
        "text": json.dumps(document), "aircraft": "tb2", "payload_kg": 0.0, "fuel_kg": 200.0,
        "wind_speed": 0.0, "wind_from": 0.0, "turbulence": "none", "terrain": ""})
    assert not answer["flyable"]
    found = {f["item"]: f["message"] for f in answer["findings"] if f["severity"] == "error"}
    assert "out of the fence" in found[third.sequence]


@pytest.mark.compiled_only
def test_a_remedy_on_the_page_names_no_option_of_the_shell(thrace):
    document = json.loads(thrace.read_text())
    items = document["mission"]["items"]
    while items[-1].get("command") != 189:  # DO_LAND_START
        items.pop()
    items.pop()
    told = judge_worker.answer({
        "text": json.dumps(document), "aircraft": "tb2", "payload_kg": 0.0, "fuel_kg": None,
        "wind_speed": 0.0, "wind_from": 0.0, "turbulence": "none", "terrain": ""})
    remedies = [finding["remedy"] for finding in told["findings"]]
    assert any("MAV_CMD_NAV_LAND" in remedy for remedy in remedies)
    assert not any("--" in remedy for remedy in remedies)
