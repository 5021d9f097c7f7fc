"""The exported model: its files against the datasheet, and flown in JSBSim itself."""

import math
from xml.etree import ElementTree as ET

import pytest

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
