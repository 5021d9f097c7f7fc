"""The command line: what it prints where, exit statuses, bad input, signals."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from longwatch.cli import main
from longwatch.records.flight_log import is_interrupted, read_log

ROOT = Path(__file__).parents[1]
CIRCUIT = ROOT / "tests" / "missions" / "circuit.plan"

pytestmark = pytest.mark.compiled_only


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Every command runs in an empty folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def altered(path, change):
    """A copy of the circuit with its list of items changed in place."""
    content = json.loads(CIRCUIT.read_text())
    change(content["mission"]["items"])
    path.write_text(json.dumps(content))
    return path


def item(items, number):
    return next(i for i in items if i["doJumpId"] == number)


def put(items, number, **values):
    """Change an item: p0 to p6 its parameters, else its keys."""
    for key, value in values.items():
        if key[0] == "p" and key[1:].isdigit():
            item(items, number)["params"][int(key[1:])] = value
        else:
            item(items, number)[key] = value


# ---------------------------------------------------------------------------------- flying


def test_json_is_one_object_and_the_rest_goes_to_standard_error(capsys, elsewhere):
    assert main(["fly", str(CIRCUIT), "--fuel", "60", "--json"]) == 0
    output = capsys.readouterr()
    values = json.loads(output.out)
    assert values["outcome"] == "landed" and values["landed"] is True
    assert {"airborne_s", "simulated_s", "wall_s", "realtime_factor", "fuel_used_kg",
            "fuel_left_kg", "distance_km", "items_reached", "items_total"} <= values.keys()
    assert {"along_runway_m", "lateral_offset_m", "vertical_speed_m_s", "airspeed_m_s"
            } <= values["touchdown"].keys()
    assert all((elsewhere / path).is_file() for path in values["files"].values())
    assert "take-off on LTBU 04/22" in output.err


def test_flight_is_told_and_the_next_one_gets_the_next_folder(capsys, elsewhere):
    for _ in range(2):
        assert main(["fly", str(CIRCUIT), "--fuel", "60", "--log-rate", "1"]) == 0
    told = capsys.readouterr().out
    assert "Landed on LTBU 22" in told and "flights/circuit-2/report.html" in told
    assert sorted(p.name for p in (elsewhere / "flights").iterdir()) == ["circuit", "circuit-2"]


def test_flown_but_not_landed_is_status_1(capsys):
    assert main(["fly", str(CIRCUIT), "--fuel", "0.4", "--force", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["landed"] is False


# ------------------------------------------------------------------------------- bad input


def changed(change):
    return lambda folder: altered(folder / "bad.plan", change)


def file_of(text, name="bad.plan"):
    def make(folder):
        (folder / name).write_text(text)
        return folder / name
    return make


# What is asked for: how the mission file comes about, further options, and what the message
# must say of file, item and remedy.
BAD = {
    "no such file": (lambda folder: folder / "absent.plan", [], ["absent.plan", "no such file"]),
    "a folder": (lambda folder: folder, [], ["is a folder", "name a mission file"]),
    "no mission": (file_of("hello", "bad.txt"), [], ["bad.txt", "not a mission", "QGC WPL 110"]),
    "broken JSON": (file_of('{"mission": ', "bad.plan"), [], ["bad.plan", "JSON"]),
    "NaN": (changed(lambda i: put(i, 2, p4=float("nan"))), [],
            ["bad.plan", "item 2", "position", "correct it"]),
    "out of range": (changed(lambda i: put(i, 2, p4=91.0)), [],
                     ["bad.plan", "item 2", "out of range"]),
    "unsupported items": (
        changed(lambda i: i.extend([{**i[1], "doJumpId": 4, "command": 84},
                                    {**i[1], "doJumpId": 5, "command": 31337}])), [],
        ["bad.plan", "item 4, MAV_CMD_NAV_VTOL_TAKEOFF (84)", "item 5", "31337"]),
    "above the ceiling": (changed(lambda i: put(i, 2, p6=9500.0)), [],
                          ["bad.plan", "item 2", "ceiling", "9500"]),
    "too little fuel": (lambda folder: CIRCUIT, ["--fuel", "1"],
                        ["circuit.plan", "fuel is short", "reserve", "load"]),
    "short leg": (
        changed(lambda i: i.insert(2, {**i[1], "doJumpId": 4,
                                       "params": [0, 0, 0, None, 41.1205, 27.9705, 450]})), [],
        ["bad.plan", "item 4", "leg"]),
    "no take-off": (changed(lambda i: i.pop(0)), [], ["bad.plan", "take-off"]),
    "no landing": (changed(lambda i: i.pop(2)), [], ["bad.plan", "land"]),
    "no end": (changed(lambda i: put(i, 2, command=17)), [],
               ["bad.plan", "item 2", "without end", "MAV_CMD_NAV_LOITER_TIME"]),
    "too heavy": (lambda folder: CIRCUIT, ["--payload", "160", "--fuel", "216"],
                  ["above the", "700 kg", "take"]),
    "NaN payload": (lambda folder: CIRCUIT, ["--payload", "nan"], ["payload", "give 0 to"]),
    "negative fuel": (lambda folder: CIRCUIT, ["--fuel", "-3"], ["fuel", "give 0 to"]),
    "wind too strong": (lambda folder: CIRCUIT, ["--wind", "30@40"],
                        ["30 m/s", "airspeed", "less wind"]),
    "no wind": (lambda folder: CIRCUIT, ["--wind", "breezy"], ["breezy", "12@270"]),
    "unknown aircraft": (lambda folder: CIRCUIT, ["--aircraft", "tb3"],
                         ["Unknown aircraft 'tb3'", "Did you mean tb2"]),
    "no seed": (lambda folder: CIRCUIT, ["--seed", "-1"], ["seed", "give an integer"]),
    "no rate": (lambda folder: CIRCUIT, ["--log-rate", "7"], ["log rate", "divides 100 Hz"]),
    "no turbulence": (lambda folder: CIRCUIT, ["--turbulence", "mild"], ["moderate"]),
    "no number": (lambda folder: CIRCUIT, ["--fuel", "much"], ["--fuel", "float"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_with_its_remedy_and_nothing_is_written(
        case, tmp_path, elsewhere, capsys):
    make, options, told = BAD[case]
    mission = make(tmp_path)
    assert main(["fly", str(mission), "--json", *options]) == 2
    output = capsys.readouterr()
    for text in told:
        assert text in output.err
    assert "Traceback" not in output.err
    assert json.loads(output.out)["outcome"] == "refused"
    assert list(elsewhere.iterdir()) == []


def test_folder_that_exists_is_refused(elsewhere, capsys):
    (elsewhere / "kept").mkdir()
    assert main(["fly", str(CIRCUIT), "--out", "kept"]) == 2
    assert "kept: exists already" in capsys.readouterr().err
    assert list((elsewhere / "kept").iterdir()) == []


def test_folder_that_cannot_be_made_is_refused(elsewhere, capsys):
    (elsewhere / "file").write_text("")
    assert main(["fly", str(CIRCUIT), "--out", "file/flight"]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_every_vertical_item_of_a_real_mission_is_named(shared_data, capsys):
    """Items 1, 19, 20 and 34 of this competition's mission take off or land vertically."""
    path = shared_data / "missions" / "Dalby-OBC2016.txt"
    for options in ([], ["--fit"]):
        assert main(["fly", str(path), *options]) == 2
        told = capsys.readouterr().err
        assert all(f"item {number}, MAV_CMD_NAV_VTOL" in told for number in (1, 19, 20, 34))


def test_own_faults_show_no_trace_unless_asked(monkeypatch, capsys):
    def fail(*_, **__):
        raise ZeroDivisionError("of no account")

    monkeypatch.setattr("longwatch.flights.fly.fly", fail)
    assert main(["fly", str(CIRCUIT)]) == 3
    assert "LONGWATCH_DEBUG=1" in capsys.readouterr().err
    monkeypatch.setenv("LONGWATCH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["fly", str(CIRCUIT)])


# --------------------------------------------------------------------------- other commands


def test_check_judges_and_writes_nothing(capsys, elsewhere):
    assert main(["check", str(CIRCUIT)]) == 0
    told = capsys.readouterr().out
    assert "NAV_TAKEOFF" in told and "can be flown" in told
    assert list(elsewhere.iterdir()) == []


def test_check_and_fly_count_the_fuel_for_turbulence(capsys, elsewhere):
    # The flight and the reserve take 3.4 kg, with the share for severe turbulence 4.0 kg.
    load = [str(CIRCUIT), "--fuel", "3.6"]
    assert main(["check", *load]) == 0
    capsys.readouterr()
    for command in ("check", "fly"):
        assert main([command, *load, "--turbulence", "severe"]) == 2
        output = capsys.readouterr()
        assert "for severe turbulence" in " ".join((output.out + output.err).split())
    assert main(["check", str(CIRCUIT), "--turbulence", "moderate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fuel"]["contingency"] > 0.5 * 25.0 / 55.0
    assert list(elsewhere.iterdir()) == []


def test_check_refuses_what_fly_refuses_and_fit_mends_it(tmp_path, capsys):
    bad = altered(tmp_path / "bad.plan", lambda i: put(i, 2, p6=100.0))
    assert main(["check", str(bad), "--json"]) == 2
    values = json.loads(capsys.readouterr().out)
    assert not values["flyable"]
    assert [f["item"] for f in values["findings"] if f["severity"] == "error"] == [2]
    assert main(["check", str(bad), "--fit"]) == 0
    assert "changed" in capsys.readouterr().out


def test_aircraft_are_listed_and_shown_with_sources_and_grades(capsys):
    assert main(["aircraft"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["akinci", "tb2"]
    assert main(["aircraft", "tb2", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)["entries"]
    span = next(e for e in entries if e["path"] == "geometry.span")
    assert (span["value"], span["unit"], span["grade"]) == (12.0, "m", "published")
    assert main(["aircraft", "tb2"]) == 0
    told = capsys.readouterr().out
    assert span["source"][:40] in told and "assumed" in told
    assert main(["aircraft", "tb"]) == 2
    assert "Did you mean tb2" in capsys.readouterr().err


@pytest.mark.parametrize("command", [
    ["check", "/dev/zero"], ["fly", "/dev/zero"], ["serve", "--mission", "/dev/zero"],
    ["serve", "--replay", "/dev/zero"], ["check", str(CIRCUIT), "--weather", "/dev/zero"],
    ["report", "/dev/zero"]])
def test_a_file_without_an_end_is_refused(command, elsewhere, capsys):
    assert main(command) == 2
    told = capsys.readouterr()
    assert told.err.count("Refused:") == 1 and "/dev/zero" in told.err
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("port", ["99999", "-1", "65536"])
def test_a_port_that_is_none_is_refused(port, elsewhere, capsys):
    assert main(["serve", "--interface", port]) == 2
    assert f"{port} is not in the range 0<=x<=65535" in capsys.readouterr().err
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("events", [
    b"[]\n", b"3\n{}\n", b'"x"\n\n', b"null\n", b'{"event": "lift_off", "message": "up"}\n',
    b'{"time": "x", "event": "warning", "message": "w"}\n', b'{"time": 1.0, "event": 5}\n',
    b"[" * 100_000 + b"\n"])
def test_events_that_are_none_are_refused_with_one_message(events, elsewhere, capsys):
    (elsewhere / "flight").mkdir()
    (elsewhere / "flight" / "flight.arrows").write_bytes(b"")
    (elsewhere / "flight" / "events.jsonl").write_bytes(events)
    assert main(["report", "flight"]) in (1, 2)
    told = capsys.readouterr().err
    assert "events.jsonl" in told and "Traceback" not in told and len(told.splitlines()) == 1


def test_report_of_nothing_is_refused(capsys):
    assert main(["report", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_help_and_usage_errors(capsys):
    assert main(["--help"]) == 0
    assert main(["fly"]) == 2
    assert main(["sail"]) == 2
    assert "No such command 'sail'" in capsys.readouterr().err


# ----------------------------------------------------------------------------------- signals


@pytest.fixture
def watch(tmp_path):
    """A mission that circles for 20 h."""
    return altered(tmp_path / "watch.plan", lambda i: put(
        i, 2, command=19, params=[72000, 0, 1000, 1, 41.12, 27.97, 1500]))


def start(folder, mission, **options):
    """``longwatch fly`` as a process of its own, once it has logged some minutes."""
    # Whoever runs the tests in the background has Ctrl-C ignored, which a process inherits.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "longwatch", "fly", str(mission), "--out", "cut", "--json"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    stream, deadline = folder / "cut" / "flight.arrows", time.monotonic() + 180
    while process.poll() is None and time.monotonic() < deadline:
        if stream.is_file() and stream.stat().st_size > 2e6:
            break
        time.sleep(0.01)
    return process


def test_ctrl_c_ends_the_flight_and_keeps_it(watch, elsewhere):
    process = start(elsewhere, watch)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "flight.arrows" in err and "Traceback" not in err
    summary = json.loads(out)
    assert summary["outcome"] == "interrupted" and not summary["landed"]
    for name in ("flight.parquet", "flight.arrows"):
        table = read_log(elsewhere / "cut" / name)
        assert is_interrupted(table)
        assert table["clock.time"][-1].as_py() == pytest.approx(summary["simulated_s"], abs=0.15)
    assert "This log is interrupted" in (elsewhere / "cut" / "report.html").read_text()


def test_a_kill_leaves_a_stream_that_longwatch_opens(watch, elsewhere, capsys):
    process = start(elsewhere, watch)
    process.kill()
    process.communicate(timeout=60)
    table = read_log(elsewhere / "cut" / "flight.arrows")
    assert is_interrupted(table) and table.num_rows > 600
    assert main(["report", "cut"]) == 0
    assert "the log is interrupted" in capsys.readouterr().out
    assert "This log is interrupted" in (elsewhere / "cut" / "report.html").read_text()


def test_a_full_disk_leaves_the_stream_and_names_it(watch, elsewhere):
    """A limit on the size of files stands in for the full disk."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000_000, 12_000_000))

    process = start(elsewhere, watch, preexec_fn=limit)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "flight.arrows" in err and "longwatch report cut" in err and "Traceback" not in err
    assert json.loads(out)["outcome"] == "log broke off"
    table = read_log(elsewhere / "cut" / "flight.arrows")
    assert is_interrupted(table) and table.num_rows > 600


def test_terrain_beside_the_stations_files_is_used_where_none_is_named(tmp_path):
    from longwatch.cli.station import terrain_beside
    from longwatch.station.config import Config

    assert terrain_beside(tmp_path) is None
    assert Config(tmp_path).terrain_folder == tmp_path / "terrain"  # which the chart names
    (tmp_path / "terrain").mkdir()
    (tmp_path / "terrain" / "readme.txt").write_text("no terrain")
    assert terrain_beside(tmp_path) is None
    (tmp_path / "terrain" / "N41E027.hgt").write_bytes(b"")
    assert terrain_beside(tmp_path) == tmp_path / "terrain"
    assert Config(tmp_path, terrain=tmp_path / "own").terrain_folder == tmp_path / "own"
