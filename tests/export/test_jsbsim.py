"""The exported model: its files against the datasheet, and flown in JSBSim itself."""

import dataclasses
import math
import re
import shutil
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.cli import main
from longwatch.errors import SetupError
from longwatch.export import export_jsbsim

POUND, SLUG, FOOT, INCH = 0.45359237, 14.593902937, 0.3048, 0.0254
SLUG_FOOT2 = SLUG * FOOT * FOOT


def root_of(folder, *parts):
    return ET.parse(folder.joinpath(*parts)).getroot()


def number(root, path):
    return float(root.find(path).text)


def triplet(place):
    return [float(place.find(axis).text) for axis in "xyz"]


def test_size_mass_and_wheels_are_the_datasheets(exported, tb2):
    sheet, root = tb2.datasheet[0], root_of(exported, "aircraft", "tb2", "tb2.xml")
    assert number(root, "metrics/wingarea") == sheet.geometry.wing_area
    assert number(root, "mass_balance/emptywt") == sheet.mass.empty_mass
    assert number(root, "mass_balance/iyy") == pytest.approx(
        sheet.mass.empty_inertia_yy / SLUG_FOOT2, rel=1e-9)
    assert root.find("mass_balance").get("negated_crossproduct_inertia") == "false"
    # Structural axes are x aft, y right, z up.
    x, y, z = sheet.mass.empty_position
    assert triplet(root.find("mass_balance/location")) == [-x, y, -z]
    contacts = root.findall("ground_reactions/contact")
    assert len(contacts) == 3
    for contact, wheel in zip(contacts, sheet.landing_gear.wheels):
        assert triplet(contact.find("location")) == [
            -wheel.position[0], wheel.position[1], -wheel.position[2]]
        assert number(contact, "spring_coeff") == wheel.stiffness
        assert number(contact, "retractable") == 0


def test_propeller_tables_are_the_datasheets(exported, tb2):
    propeller = tb2.datasheet[0].propeller
    root = root_of(exported, "engine", "tb2_propeller.xml")
    for table, values in zip(root.findall("table"), (propeller.CT, propeller.CP)):
        lines = [list(map(float, line.split()))
                 for line in table.find("tableData").text.strip().splitlines()]
        assert lines[0][3] == pytest.approx(math.degrees(
            propeller.angle_first + 3 * propeller.angle_step))
        assert lines[1 + 7][0] == pytest.approx(propeller.advance_first
                                                + 7 * propeller.advance_step)
        assert lines[1 + 7][1 + 3] == values[3, 7]


def test_an_existing_folder_is_refused_and_untouched(tb2, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "mine.txt").write_text("mine")
    with pytest.raises(SetupError, match="exists already"):
        export_jsbsim(tb2, tmp_path / "model")
    assert [p.name for p in tmp_path.rglob("*")] == ["model", "mine.txt"]


def test_nothing_half_written_where_writing_fails(tb2, tmp_path, monkeypatch):
    from longwatch.export import folder

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.Path, "rename", fails)
    with pytest.raises(SetupError, match="No space left"):
        export_jsbsim(tb2, tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_is_refused(tb2, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot be written"):
        export_jsbsim(tb2, tmp_path / "file" / "model")


@pytest.mark.parametrize("name", ["../tb2", "a/b", "two words", ".hidden", ""])
def test_a_name_that_names_no_file_is_refused(tb2, tmp_path, name):
    with pytest.raises(SetupError, match="cannot name the model's files"):
        export_jsbsim(dataclasses.replace(tb2, name=name), tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_interrupted_it_leaves_nothing(tb2, tmp_path, monkeypatch):
    from longwatch.export import folder

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(folder.Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export_jsbsim(tb2, tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_from_the_shell(tmp_path, capsys):
    assert main(["export", "jsbsim", "tb2", "--out", str(tmp_path / "model")]) == 0
    assert (tmp_path / "model" / "aircraft" / "tb2" / "tb2.xml").is_file()
    assert main(["export", "jsbsim", "tb2", "--out", str(tmp_path / "model")]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["export", "jsbsim", "tb3", "--out", str(tmp_path / "other")]) == 2
    assert "Did you mean tb2" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_mass_in_jsbsim_is_ours(jsbsim_model, tb2):
    from longwatch.flight import mass
    from longwatch.flight.mass import MassState

    fdm, sheet = jsbsim_model, tb2.datasheet[0]
    fdm["inertia/pointmass-weight-lbs[0]"] = 120.0 / POUND
    fdm["propulsion/tank[0]/contents-lbs"] = 90.0 / POUND
    fdm.load_ic("reset_air", True)
    fdm.run_ic()
    fdm["propulsion/tank[0]/contents-lbs"] = 90.0 / POUND
    for _ in range(3):
        fdm.run()
        fdm["propulsion/tank[0]/contents-lbs"] = 90.0 / POUND
    ours = MassState.zeros()[0]
    ours.payload_mass, ours.fuel_mass = 120.0, 90.0
    mass.step(ours, sheet.mass)
    assert fdm["inertia/mass-slugs"] * SLUG == pytest.approx(ours.mass, rel=1e-6)
    assert -fdm["inertia/cg-x-in"] * INCH == pytest.approx(ours.position[0], abs=1e-6)
    assert -fdm["inertia/cg-z-in"] * INCH == pytest.approx(ours.position[2], abs=1e-6)
    for axes in ("xx", "yy", "zz", "xz"):
        # What JSBSim shows of a product is the tensor's element.
        found = fdm[f"inertia/i{axes}-slugs_ft2"] * SLUG_FOOT2 * (-1.0 if axes == "xz" else 1.0)
        assert found == pytest.approx(ours[f"inertia_{axes}"], rel=1e-6, abs=1e-6)


def test_settles_on_its_gear(jsbsim_model, tb2):
    fdm, sheet = jsbsim_model, tb2.datasheet[0]
    fdm.load_ic("reset_ground", True)
    for lever in ("mixture-cmd-norm", "left-brake-cmd-norm", "right-brake-cmd-norm"):
        fdm[f"fcs/{lever}"] = 1.0
    fdm.run_ic()
    fdm["propulsion/set-running"] = -1
    for _ in range(1200):
        fdm.run()
    assert fdm["velocities/vg-fps"] < 0.1
    assert abs(fdm["attitude/phi-deg"]) < 0.2
    # The struts carry the weight: the springs' deflections, worked out by hand.
    weight = fdm["inertia/weight-lbs"] * POUND * 9.80665
    carried = sum(fdm[f"gear/unit[{i}]/compression-ft"] * FOOT * wheel.stiffness
                  for i, wheel in enumerate(sheet.landing_gear.wheels))
    assert carried == pytest.approx(weight, rel=0.02)
    idle = fdm["propulsion/engine/engine-rpm"] * math.pi / 30.0
    assert 0.85 * sheet.engine.idle_speed < idle < 1.05 * sheet.engine.idle_speed


def test_flies(jsbsim_model, tb2):
    fdm = jsbsim_model
    fdm.load_ic("reset_air", True)
    for lever, value in {"throttle": 0.7, "mixture": 1.0, "advance": 0.5}.items():
        fdm[f"fcs/{lever}-cmd-norm"] = value
    fdm.run_ic()
    fdm["propulsion/set-running"] = -1
    full = fdm["propulsion/tank/contents-lbs"]
    for _ in range(1800):
        fdm["fcs/aileron-cmd-norm"] = -0.5 * fdm["attitude/phi-rad"]
        fdm["fcs/elevator-cmd-norm"] = 2.0 * (fdm["attitude/theta-rad"] - 0.08)
        fdm.run()
    assert 8000.0 < fdm["position/h-sl-ft"] < 12000.0
    assert 55.0 < fdm["velocities/vc-kts"] < 110.0
    assert abs(fdm["attitude/phi-deg"]) < 10.0
    assert 0.01 < full - fdm["propulsion/tank/contents-lbs"] < 0.2
    # The governor holds the middle between its two speeds.
    engine = tb2.datasheet[0].engine
    wanted = 0.5 * (engine.cruise_speed_least + engine.takeoff_speed)
    assert fdm["propulsion/engine/engine-rpm"] * math.pi / 30.0 == pytest.approx(wanted, rel=0.01)


def test_loads_agree_through_the_stall_and_near_the_ground(tb2, tmp_path, monkeypatch):
    from longwatch.verification import jsbsim_loads

    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    monkeypatch.chdir(tmp_path)
    states = jsbsim_loads.states(60)
    assert any(state["alpha"] > 0.4 for state in states)  # well past the stall
    theirs, ours = jsbsim_loads.coefficients(tb2, states)
    assert abs(theirs[:, 2]).max() > 1.0
    assert abs(theirs - ours).max() < 1e-4


def held(fdm, state, steps=3):
    """Run a few frames with the aircraft nailed to the state."""
    fdm.load_ic("reset_air", True)
    for name, value in state.items():
        fdm[f"ic/{name}"] = value
    fdm.run_ic()
    fdm["simulation/models/FGPropagate/enabled"] = 0
    for _ in range(steps):
        fdm.run()
    return fdm


def test_static_margin_is_that_of_the_datasheet(jsbsim_model, tb2):
    fdm, sheet = jsbsim_model, tb2.datasheet[0]
    found = []
    for alpha in (0.01, 0.02):
        held(fdm, {"u-fps": 130.0 * math.cos(alpha), "v-fps": 0.0,
                   "w-fps": 130.0 * math.sin(alpha)})
        scale = fdm["aero/qbar-psf"] * fdm["metrics/Sw-sqft"]
        found.append((fdm["moments/m-aero-lbsft"] / scale / fdm["metrics/cbarw-ft"],
                      -fdm["forces/fbz-aero-lbs"] / scale))
    (Cm, CN), (Cm_more, CN_more) = found
    # By hand: the slope of the datum's moment, and the forces' arms to the centre of gravity.
    aero, mass, geometry = sheet.aerodynamics, sheet.mass, sheet.geometry
    x, z = ((mass.empty_mass * mass.empty_position[i] + mass.fuel_capacity * mass.fuel_position[i])
            / (mass.empty_mass + mass.fuel_capacity) for i in (0, 2))

    def forces(alpha):
        CL = aero.CL0 + aero.CL_alpha * alpha
        CD = aero.CD0 + CL**2 * geometry.wing_area / (math.pi * aero.oswald * geometry.span**2)
        sine, cosine = math.sin(alpha), math.cos(alpha)
        return CL * sine - CD * cosine, CL * cosine + CD * sine

    (CX, CN_low), (CX_more, CN_high) = forces(0.01), forces(0.02)
    expected = (-0.01 * aero.Cm_alpha + z / geometry.chord * (CX_more - CX)) / (
        CN_high - CN_low) + x / geometry.chord
    assert (Cm - Cm_more) / (CN_more - CN) == pytest.approx(expected, rel=0.005)


@pytest.mark.compiled_only
def test_our_trim_is_steady_in_jsbsim(tmp_path, monkeypatch, tb2):
    import numpy as np

    from longwatch.analysis.trim import trim
    from longwatch.verification import jsbsim_bare

    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    monkeypatch.chdir(tmp_path)
    start = trim(tb2, calibrated_airspeed=36.0, altitude_msl=3000.0)
    given = np.array([[start.elevator, start.aileron, start.rudder]])
    _, loads = jsbsim_bare.ours(start, given)
    with jsbsim_bare.jsbsim_at(jsbsim_bare.airframe_files(tb2)) as fdm:
        assert fdm.load_model("tb2")
        jsbsim_bare.begin(fdm, start, given[0], loads[0])
        # The Earth turns and is round: a few mm/s2, which a flat one has not.
        for axis in "uvw":
            assert abs(fdm[f"accelerations/{axis}dot-ft_sec2"]) * FOOT < 0.02
        for axis in "pqr":
            assert abs(fdm[f"accelerations/{axis}dot-rad_sec2"]) < 1e-3


@pytest.mark.parametrize(("rate", "axis", "sign"), [("q", "n", 1.0), ("r", "m", -1.0)])
def test_gyroscopic_moment_has_natures_sign(jsbsim_model, tb2, rate, axis, sign):
    """M = -w x H: nose up with a propeller turning clockwise seen from behind yaws it right."""
    fdm, sheet = jsbsim_model, tb2.datasheet[0]
    for lever in ("throttle", "mixture", "advance"):
        fdm[f"fcs/{lever}-cmd-norm"] = 1.0

    def moment(value):
        held(fdm, {f"{rate}-rad_sec": value})
        fdm["propulsion/set-running"] = -1
        for _ in range(600):
            fdm.run()
        both = fdm[f"moments/{axis}-prop-lbsft"] + fdm[f"moments/{axis}-external-lbsft"]
        return both * POUND * 9.80665 * FOOT

    found = moment(0.4) - moment(0.0)
    turning = fdm["propulsion/engine/propeller-rpm"] * math.pi / 30.0
    assert sheet.propeller.direction[0] > 0.0
    # The propeller's own, as in flight/motion.py: not the engine's parts.
    assert found == pytest.approx(sign * 0.4 * sheet.propeller.inertia * turning, rel=0.01)


def test_two_engines_feathering_and_a_gear_that_retracts(tmp_path, monkeypatch):
    jsbsim = pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    export_jsbsim(load_datasheet("akinci"), tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JSBSIM_DEBUG", "0")
    fdm = jsbsim.FGFDMExec(str(tmp_path / "model"))
    fdm.set_debug_level(0)
    assert fdm.load_model("akinci")
    fdm.load_ic("reset_air", True)
    for i in (0, 1):
        for lever, value in {"throttle": 0.6, "mixture": 1.0, "advance": 0.6}.items():
            fdm[f"fcs/{lever}-cmd-norm[{i}]"] = value
    fdm.run_ic()
    fdm["propulsion/set-running"] = -1
    fdm["gear/gear-cmd-norm"] = 0.0
    for frame in range(3000):
        if frame == 1200:
            assert fdm["gear/gear-pos-norm"] < 0.01
            both = [fdm[f"propulsion/engine[{i}]/thrust-lbs"] for i in (0, 1)]
            fdm["fcs/mixture-cmd-norm[1]"] = 0.0
            fdm["fcs/feather-cmd-norm[1]"] = 1.0
        fdm["fcs/aileron-cmd-norm"] = -0.5 * fdm["attitude/phi-rad"]
        fdm["fcs/elevator-cmd-norm"] = fdm["attitude/theta-rad"] - 0.04
        fdm.run()
    assert both[0] == pytest.approx(both[1], rel=0.05)
    assert fdm["propulsion/engine[0]/thrust-lbs"] > 0.5 * both[0]
    assert fdm["propulsion/engine[1]/propeller-rpm"] < 1.0
    assert fdm["propulsion/feathered-drag-1-lbs"] > 1.0
    assert fdm["propulsion/feathered-drag-0-lbs"] == 0.0
    assert fdm["position/h-sl-ft"] > 8000.0


@pytest.mark.parametrize(("lever", "moment", "sign"), [
    ("elevator", "m", -1.0), ("aileron", "l", 1.0), ("rudder", "n", -1.0)])
def test_levers_push_the_way_they_say(jsbsim_model, lever, moment, sign):
    fdm = jsbsim_model
    found = []
    for command in (0.0, 0.5):
        fdm[f"fcs/{lever}-cmd-norm"] = command
        held(fdm, {}, steps=120)
        found.append(fdm[f"moments/{moment}-aero-lbsft"])
    assert sign * (found[1] - found[0]) > 10.0


def test_servos_lag_and_keep_to_their_rate(jsbsim_model, tb2):
    fdm, servo = jsbsim_model, tb2.datasheet[0].actuators.ruddervator
    held(fdm, {}, steps=60)
    fdm["fcs/elevator-cmd-norm"] = 1.0
    before, steps = fdm["fcs/elevator-pos-rad"], []
    for _ in range(240):
        fdm.run()
        steps.append(fdm["fcs/elevator-pos-rad"] - before)
        before = fdm["fcs/elevator-pos-rad"]
    assert max(steps) * 120.0 == pytest.approx(servo.rate_limit, rel=1e-6)
    assert before == pytest.approx(servo.upper, rel=1e-3)


def test_nose_wheel_steers_to_the_right(jsbsim_model):
    fdm = jsbsim_model
    fdm.load_ic("reset_ground", True)
    fdm["ic/u-fps"] = 20.0
    fdm["fcs/steer-cmd-norm"] = 0.5
    fdm.run_ic()
    for _ in range(240):
        fdm.run()
    assert 45.0 < fdm["attitude/psi-deg"] < 120.0


def test_needs_no_jsbsim(tb2, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jsbsim", None)
    assert len(export_jsbsim(tb2, tmp_path / "model")) == 7


def pilot(fdm, heading, pitch, rotate):
    """Hold heading and wings on the run; from ``rotate`` [kt] on, hold the pitch [rad]."""
    swing = 2.0 * (heading - fdm["attitude/psi-rad"]) - 0.5 * fdm["velocities/r-rad_sec"]
    fdm["fcs/steer-cmd-norm"], fdm["fcs/rudder-cmd-norm"] = swing, -swing
    fdm["fcs/aileron-cmd-norm"] = -fdm["attitude/phi-rad"] - 0.3 * fdm["velocities/p-rad_sec"]
    if fdm["velocities/vc-kts"] > rotate:
        fdm["fcs/elevator-cmd-norm"] = (2.0 * (fdm["attitude/theta-rad"] - pitch)
                                        + fdm["velocities/q-rad_sec"])


@pytest.mark.compiled_only
@pytest.mark.parametrize(("name", "rotate"), [("tb2", 60.0), ("akinci", 85.0)])
def test_takes_off_and_climbs_as_our_trim_says(name, rotate, tmp_path, monkeypatch):
    """From brakes to a steady climb in JSBSim; the climb rate is that of lw.trim."""
    from longwatch.analysis.trim import trim

    jsbsim = pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    aircraft = load_datasheet(name)
    export_jsbsim(aircraft, tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JSBSIM_DEBUG", "0")
    fdm = jsbsim.FGFDMExec(str(tmp_path / "model"))
    fdm.set_debug_level(0)
    assert fdm.load_model(name)
    fdm.load_ic("reset_ground", True)
    fdm["fcs/left-brake-cmd-norm"] = fdm["fcs/right-brake-cmd-norm"] = 1.0
    engines = range(int(aircraft.datasheet[0].engine.count))
    for i in engines:
        fdm[f"fcs/mixture-cmd-norm[{i}]"] = fdm[f"fcs/advance-cmd-norm[{i}]"] = 1.0
    fdm.run_ic()
    fdm["propulsion/set-running"] = -1
    for frame in range(11000):
        if frame == 600:
            assert fdm["velocities/vg-fps"] < 0.5  # the brakes hold an idling engine
            fdm["fcs/left-brake-cmd-norm"] = fdm["fcs/right-brake-cmd-norm"] = 0.0
            for i in engines:
                fdm[f"fcs/throttle-cmd-norm[{i}]"] = 1.0
        if fdm["position/h-agl-ft"] > 100.0:
            fdm["gear/gear-cmd-norm"] = 0.0
        pilot(fdm, math.radians(42.0), 0.1, rotate)
        fdm.run()
    assert not fdm["gear/wow"]
    speed, height = fdm["velocities/vt-fps"] * FOOT, fdm["position/h-sl-ft"] * FOOT
    ours = trim(aircraft, true_airspeed=speed, altitude_msl=height, throttle=1.0,
                fuel_kg=fdm["propulsion/tank[0]/contents-lbs"] * POUND,
                engine_speed=float(aircraft.datasheet[0].engine.takeoff_speed))
    # What little speed it still gains or loses is climb as well.
    gained = (fdm["accelerations/udot-ft_sec2"] * fdm["velocities/u-fps"]
              + fdm["accelerations/wdot-ft_sec2"] * fdm["velocities/w-fps"]) * FOOT**2 / 9.8
    climb = fdm["velocities/h-dot-fps"] * FOOT + gained
    assert climb == pytest.approx(ours.climb_rate, rel=0.03)
    assert fdm["attitude/theta-rad"] == pytest.approx(ours.pitch, abs=0.01)


def code_of(text):
    """The Python of a page: its first indented or fenced block that imports jsbsim."""
    fenced = re.search(r"```python\n(.*?)```", text, re.S)
    if fenced:
        return fenced[1]
    block = re.search(r"\n((?:    .*\n|\n)+)", text[text.index("    import jsbsim") - 1:])
    return textwrap.dedent(block[1])


@pytest.mark.parametrize("page", ["docs", "readme"])
def test_the_examples_fly(page, exported, tmp_path, monkeypatch, capfd):
    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    monkeypatch.setenv("JSBSIM_DEBUG", "0")
    folder = tmp_path / "tb2-jsbsim"
    shutil.copytree(exported, folder)
    if page == "docs":
        text = (Path(__file__).parents[2] / "docs/jsbsim-export.md").read_text()
        monkeypatch.chdir(tmp_path)
    else:
        text = (folder / "README.md").read_text()
        monkeypatch.chdir(folder)
        assert "@" not in text
    exec(code_of(text), {})
    altitude, speed = map(float, capfd.readouterr().out.split()[-3 if page == "docs" else -2:][:2])
    assert 9000.0 < altitude < 11000.0
    assert 40.0 < speed < 110.0
