"""MAVProxy, unmodified, over UDP: parameters, plans, files, arming, modes, the telemetry logs."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest
from pymavlink import mavutil

from clients.mavproxy import MavProxy
from clients.served import Served, wait_for
from longwatch.autopilot import codes
from longwatch.autopilot.aboard.parameters import parameters
from longwatch.services.compatibility import COMPATIBLE
from longwatch.simulation.orders.parameters import parameter

PLAN = Path(__file__).resolve().parents[1] / "missions" / "circuit.plan"
HOME = (41.138, 27.918)

pytestmark = pytest.mark.compiled_only


def row(number, frame, command, p, x, y, z):
    values = "\t".join(f"{v:.8f}" for v in (*p, x, y, z))
    return f"{number}\t{int(number == 0)}\t{frame}\t{command}\t{values}\t1"


def write(path, rows):
    path.write_text("QGC WPL 110\n" + "\n".join(rows) + "\n")
    return path


def mission(path):
    """circuit.plan as MAVProxy reads missions: item 0 is home."""
    items = json.loads(PLAN.read_text())["mission"]["items"]
    rows = [row(0, 0, 16, (0, 0, 0, 0), *HOME, 150.0)]
    for number, item in enumerate(items, start=1):
        p = [0.0 if v is None else v for v in item["params"]]
        rows.append(row(number, item["frame"], item["command"], p[:4], *p[4:]))
    return write(path, rows)


def fence(path):
    corners = [(41.0, 27.7), (41.3, 27.7), (41.3, 28.2), (41.0, 28.2)]
    return write(path, [row(i, 0, 5001, (4, 0, 0, 0), *corner, 0.0)
                        for i, corner in enumerate(corners)])


def rally(path):
    return write(path, [row(0, 3, 5100, (0, 0, 0, 0), 41.15, 27.95, 300.0)])


def points(path):
    """Command, frame, place and height of every row of a QGC WPL file."""
    rows = [line.split("\t") for line in path.read_text().splitlines()[1:]]
    return [(int(r[3]), int(r[2]), round(float(r[8]), 6), round(float(r[9]), 6),
             round(float(r[10]), 2)) for r in rows]


def set_parameters(served, typed):
    typed.say("param show LIM_BANK_MAX")
    # 0.5236 rad in the datasheet.
    shown = float(typed.expect(r"LIM_BANK_MAX\s+([\d.]+)")[1])
    assert shown == pytest.approx(math.degrees(0.5236), abs=1e-5)
    typed.say("param set LIM_BANK_MAX 25")
    sheet = lambda: served.server.fleet[0].simulation.aircraft.datasheet[0]  # noqa: E731
    wait_for(lambda: sheet().limits.bank_maximum == math.radians(25.0), what="bank limit set")
    typed.say("param set LIM_BANK_MAX 120")
    typed.expect("LIM_BANK_MAX = 120 is out of range")
    assert sheet().limits.bank_maximum == math.radians(25.0)


def send_plan(typed, folder, kind, make):
    sent, back = make(folder / f"{kind}.txt"), folder / f"{kind}-back.txt"
    typed.say(f"{kind} load {sent}")
    typed.expect(r"Loaded \d+ .* in [\d.]+s")
    typed.say(f"{kind} list")
    typed.expect(rf"Saved .* to {re.escape(str(folder))}")
    typed.say(f"{kind} save {back}")
    typed.expect(r"Saved \d+")
    # Item 0 of a mission is home, and the aircraft's own.
    first = 1 if kind == "wp" else 0
    assert points(back)[first:] == points(sent)[first:]


def fetch_files(typed, folder):
    typed.say("ftp list /logs")
    typed.expect(r"journal\.jsonl")
    typed.say(f"ftp get /etc/general.json {folder / 'general.json'}")
    wait_for(lambda: (folder / "general.json").is_file()
             and (folder / "general.json").stat().st_size > 0, what="file fetched")
    assert json.loads((folder / "general.json").read_text())["vendorName"] == "Longwatch"


def fetch_log(served, typed, folder):
    """The events of the flight, the smallest of the logs, byte for byte."""
    typed.say("log list")
    sizes = {}
    while len(sizes) < 4:
        number, size = map(int, typed.expect(r"^Log (\d+) +numLogs 4 .*size (\d+)").groups())
        sizes[number] = size
    typed.say(f"log download {min(sizes, key=sizes.get)} {folder / 'downloaded.bin'}")
    typed.expect("Finished downloading")
    fetched = (folder / "downloaded.bin").read_bytes()
    kept = [path.read_bytes() for path in served.server.out.rglob("*.jsonl")]
    assert len(fetched) == min(sizes.values()) > 0
    assert any(whole.startswith(fetched) for whole in kept)
    typed.say("log erase")
    typed.expect("not erased")


def fly(served, typed):
    state = served.server.fleet[0].simulation.state
    typed.say("arm throttle")
    wait_for(lambda: bool(state.autopilot.crew.armed), what="armed")
    typed.say("mode AUTO")
    wait_for(lambda: state.flight.height_above_ground > 60.0, 90.0, "take-off")
    typed.say("disarm")
    typed.expect("COMPONENT_ARM_DISARM: (?!ACCEPTED)")
    assert state.autopilot.crew.armed
    typed.say("mode LOITER")
    typed.expect("Mode LOITER")
    assert int(state.autopilot.crew.mode) == codes.MODE_HOLD


def guide(served, typed):
    simulation = served.server.fleet[0].simulation
    crew, home = simulation.state.autopilot.crew, float(simulation.loaded.header.home_elevation_msl)
    typed.say("guided 41.1 27.95 500")
    typed.expect("DO_REPOSITION: ACCEPTED")
    assert int(crew.mode) == codes.MODE_GUIDED
    assert (crew.target_latitude, crew.target_longitude) == pytest.approx(
        (math.radians(41.1), math.radians(27.95)), abs=1e-8)
    assert crew.target_altitude_msl == pytest.approx(home + 500.0, abs=0.1)
    typed.say("setspeed 42")
    typed.expect("DO_CHANGE_SPEED: ACCEPTED")
    assert crew.speed == 42.0
    typed.say("changealt 600")
    typed.expect("DO_CHANGE_ALTITUDE: ACCEPTED")
    assert crew.target_altitude_msl == pytest.approx(home + 600.0, abs=0.1)


def land(served, typed):
    state = served.server.fleet[0].simulation.state
    typed.say("mode RTL")
    typed.expect("Mode RTL")
    assert int(state.autopilot.crew.mode) == codes.MODE_RETURN
    served.do(lambda server: server.set_speed("max"))
    typed.expect("DISARMED", 120.0)
    assert state.flight.height_above_ground < 5.0


def read_logs(typed, folder):
    logs = [typed.tlog, *sorted((folder / "run").glob("*.tlog"))]
    assert len(logs) == 2
    for path in logs:
        log, seen = mavutil.mavlink_connection(str(path)), Counter()
        while (message := log.recv_match()) is not None:
            seen[message.get_type()] += 1
        for name in ("HEARTBEAT", "PARAM_VALUE", "GLOBAL_POSITION_INT", "COMMAND_ACK",
                     "MISSION_ACK"):
            assert seen[name] > 0, f"{path.name}: {name}"


def test_a_session_of_mavproxy_from_its_parameters_to_its_telemetry_log(tmp_path):
    with (Served(profile="ardupilot", out=tmp_path / "run", speed=4.0) as served,
          MavProxy(served.ports[0], tmp_path) as typed):
        # It asks for a file of parameters first; refused at once, it takes the list.
        count = int(typed.expect(r"Received (\d+) parameters", 60.0)[1])
        aircraft = served.server.fleet[0].simulation.aircraft
        assert count == len(parameters(aircraft)) + len(COMPATIBLE["ardupilot"])
        set_parameters(served, typed)
        for kind, make in (("fence", fence), ("rally", rally), ("wp", mission)):
            send_plan(typed, tmp_path, kind, make)
        assert not [line for line in typed.lines if "breach" in line]
        fetch_files(typed, tmp_path)
        fly(served, typed)
        fetch_log(served, typed, tmp_path)
        guide(served, typed)
        land(served, typed)
    read_logs(typed, tmp_path)


def test_under_px4_whole_numbers_travel_by_their_bytes(tmp_path):
    with (Served(profile="px4") as served, MavProxy(served.ports[0], tmp_path) as typed):
        simulation = served.server.fleet[0].simulation
        count = int(typed.expect(r"Received (\d+) parameters", 60.0)[1])
        assert count == len(parameters(simulation.aircraft)) + len(COMPATIBLE["px4"])
        typed.say("param show COM_RC_IN_MODE")
        assert float(typed.expect(r"COM_RC_IN_MODE\s+([\d.]+)")[1]) == 1.0
        assert parameter(simulation, "LW_FENCE_WATCH") == 1.0
        typed.say("param set LW_FENCE_WATCH 0")
        wait_for(lambda: parameter(simulation, "LW_FENCE_WATCH") == 0.0, what="fence watch off")
        typed.say("param set COM_RC_IN_MODE 3")
        typed.expect("COM_RC_IN_MODE is fixed: sticks come by MAVLink alone")
