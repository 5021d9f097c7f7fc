"""The loader refuses what is wrong in a datasheet, all of it at once, and keeps what is right."""

import copy
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from longwatch.aircraft import loader
from longwatch.aircraft.accuracy import Sensors
from longwatch.aircraft.schema import PISTON, TURBOPROP, Datasheet
from longwatch.errors import DatasheetError
from longwatch.record import leaves

TB2 = Path(loader.__file__).parent / "tb2.toml"


@pytest.fixture
def content():
    return tomllib.loads(TB2.read_text(encoding="utf-8"))


def faults_of(content):
    with pytest.raises(DatasheetError) as caught:
        loader.parse_datasheet(content, "here.toml")
    return str(caught.value)


def test_every_leaf_of_the_record_is_what_the_file_says(content):
    aircraft = loader.load_datasheet("tb2")
    assert aircraft.datasheet.shape == (1,)
    assert aircraft.datasheet.dtype == Datasheet.dtype
    sheet = aircraft.datasheet[0]
    assert sheet.geometry.span == content["geometry"]["span"]["value"]
    assert list(sheet.mass.fuel_extent) == content["mass"]["fuel_extent"]["value"]
    assert sheet.propeller.CP[3, 7] == content["propeller"]["CP"]["value"][3][7]
    wheels = content["landing_gear"]["wheels"]
    assert sheet.landing_gear.wheels[0].steered and not sheet.landing_gear.wheels[1].steered
    assert sheet.landing_gear.wheels[2].position[1] == wheels["right"]["position"]["value"][1]
    assert sheet.actuators.ruddervator.upper == (
        content["actuators"]["ruddervator"]["upper"]["value"])
    values = [float(leaf.of(aircraft.datasheet)[0]) for leaf in leaves(Datasheet)]
    assert np.isfinite(values).all()


def test_every_figure_has_unit_grade_source_and_meaning():
    aircraft = loader.load_datasheet("tb2")
    paths = [entry.path for entry in aircraft.entries]
    assert len(set(paths)) == len(paths)
    assert "landing_gear.wheels.nose.stiffness" in paths
    for entry in aircraft.entries:
        assert entry.grade in loader.GRADES
        assert len(entry.source) > 10 and entry.meaning
    assert {claim.quantity for claim in aircraft.public} >= {"span", "payload", "endurance"}
    assert aircraft.name == "tb2" and aircraft.title == "TB2-class"


def test_the_datasheet_cannot_be_written():
    datasheet = loader.load_datasheet("tb2").datasheet
    with pytest.raises(ValueError, match="read-only"):
        datasheet["geometry"]["span"][0] = 1.0


def test_the_digest_follows_the_figures_alone(content):
    first = loader.parse_datasheet(copy.deepcopy(content), "a")
    content["aircraft"]["title"] = "another title"
    assert loader.parse_datasheet(copy.deepcopy(content), "b").digest == first.digest
    content["geometry"]["wing_height"]["value"] = 1.3
    assert loader.parse_datasheet(content, "c").digest != first.digest


def test_a_path_reads_like_a_name(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(TB2.read_bytes())
    assert loader.load_datasheet(path).digest == loader.load_datasheet("tb2").digest


def test_an_unknown_aircraft_is_met_with_the_nearest_names():
    with pytest.raises(DatasheetError, match=r"Unknown aircraft 'tb3'. Did you mean tb2\?"):
        loader.load_datasheet("tb3")
    for far in ("zzzzzz", "nosuch"):
        with pytest.raises(DatasheetError, match="Known aircraft: .*tb2") as caught:
            loader.load_datasheet(far)
        assert "Did you mean" not in str(caught.value)
    with pytest.raises(DatasheetError, match="no such file"):
        loader.load_datasheet("nowhere/plane.toml")
    assert "tb2" in loader.aircraft_names()


def test_broken_toml_names_the_file(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text("[geometry\nspan = ")
    with pytest.raises(DatasheetError, match=r"broken.toml: cannot be read as TOML"):
        loader.load_datasheet(path)


def test_all_faults_stand_in_one_list(content):
    content["geometry"]["span"]["unit"] = "ft"
    content["geometry"]["chord"]["value"] = -0.78
    del content["mass"]["empty_mass"]
    content["mass"]["emptymass"] = {"value": 1.0}
    content["aerodynamics"]["CD0"]["value"] = math.nan
    content["aerodynamics"]["Cm_alpha"]["value"] = 0.5
    del content["aerodynamics"]["CL0"]["source"]
    content["aerodynamics"]["CL_q"]["source"] = "nobody"
    content["aerodynamics"]["CL_max"]["grade"] = "guessed"
    content["engine"]["piston"]["table_power"]["value"] = [1.0, 2.0]
    content["engine"]["count"]["value"] = 1.5
    content["landing_gear"]["wheels"]["nose"]["steered"]["value"] = 1
    del content["landing_gear"]["wheels"]["left"]
    del content["sources"]["gagg"]
    text = faults_of(content)
    for expected in (
            "geometry.span: unit is 'ft', must be 'm'",
            "geometry.chord: is -0.78, must be at least 0.01 m",
            "mass.empty_mass: missing: give a number in kg",
            "mass.emptymass: not known to the schema: did you mean empty_mass?",
            "aerodynamics.CD0: must be finite, is NaN or infinite",
            "aerodynamics.Cm_alpha: is 0.5, must be at most 0 1/rad",
            "aerodynamics.CL0: has no source",
            "aerodynamics.CL_q: source 'nobody' is not in [sources]",
            "aerodynamics.CL_max: grade is 'guessed'",
            "engine.piston.table_power: must be 8 numbers in W",
            "engine.count: must be a whole number",
            "landing_gear.wheels.nose.steered: must be true or false",
            "landing_gear.wheels.left: missing",
            "engine.piston.altitude_constant: source 'gagg' is not in [sources]"):
        assert expected in text
    assert "here.toml: the datasheet has 14 fault(s)" in text


def test_missing_headings_and_sections(content):
    for key in ("aircraft", "sources", "propeller"):
        del content[key]
    content["flaps"] = {}
    text = faults_of(content)
    assert "[aircraft] is missing" in text and "[sources] is missing" in text
    assert "propeller: missing" in text and "flaps: not known to the schema" in text


def entry(value, unit):
    return {"value": value, "unit": unit, "grade": "assumed", "source": "layout"}


def test_errors_of_sensors_are_nil_where_not_given(content):
    sheet = loader.parse_datasheet(copy.deepcopy(content), "a").datasheet[0]
    assert not any(float(leaf.of(np.array([sheet.sensors]))[0]) for leaf in leaves(Sensors))
    content["sensors"] = {"gnss": {"vertical_noise": entry(4.0, "m")}}
    sheet = loader.parse_datasheet(content, "b").datasheet[0]
    assert sheet.sensors.gnss.vertical_noise == 4.0
    assert sheet.sensors.gnss.horizontal_noise == sheet.sensors.imu.rate_bias == 0.0


def test_errors_of_sensors_out_of_range_are_refused_in_one_list(content):
    content["sensors"] = {
        "imu": {"rate_bias": entry(0.2, "rad/s"), "force_bias": entry(-0.1, "m/s2")},
        "gnss": {"vertical_noise": entry(math.nan, "m"), "velocity_noise": entry(0.1, "km/h")},
        "air_data": {"vane_noise": {"value": 0.01, "unit": "rad"}},
        "magnetometer": {"field_noize": entry(1.0, "nT")}, "radar": {}}
    text = faults_of(content)
    for expected in (
            "sensors.imu.rate_bias: is 0.2, must be at most 0.1 rad/s",
            "sensors.imu.force_bias: is -0.1, must be at least 0 m/s2",
            "sensors.gnss.vertical_noise: must be finite",
            "sensors.gnss.velocity_noise: unit is 'km/h', must be 'm/s'",
            "sensors.air_data.vane_noise: grade is None",
            "sensors.air_data.vane_noise: has no source",
            "sensors.magnetometer.field_noize: not known to the schema: did you mean field_noise?",
            "sensors.radar: not known to the schema"):
        assert expected in text
    assert "has 8 fault(s)" in text


@pytest.mark.parametrize("wrong", [True, "12", [1.0], None, {"a": 1}])
def test_a_scalar_takes_numbers_only(content, wrong):
    content["geometry"]["span"]["value"] = wrong
    assert "geometry.span: must be a number in m" in faults_of(content)


@pytest.mark.parametrize("wrong", [12.0, "span", {"unit": "m"}])
def test_an_entry_is_a_table_with_a_value(content, wrong):
    content["geometry"]["span"] = wrong
    assert "geometry.span: has no value" in faults_of(content)


def contradiction(content, section, name, value):
    content[section][name]["value"] = value
    return faults_of(content)


def test_inertia_keeps_the_triangle_inequality(content):
    yaw = (content["mass"]["empty_inertia_xx"]["value"]
           + content["mass"]["empty_inertia_yy"]["value"] + 1.0)
    assert "no body has principal inertias" in contradiction(
        content, "mass", "empty_inertia_zz", yaw)


def test_product_of_inertia_counts_in_it(content):
    assert "empty_inertia" in contradiction(content, "mass", "empty_inertia_xz", 1800.0)


def test_tables_must_be_in_order(content):
    speeds = content["engine"]["piston"]["table_speed"]["value"]
    speeds[2], speeds[3] = speeds[3], speeds[2]
    content["propeller"]["CP"]["value"].reverse()
    text = faults_of(content)
    assert "engine.piston.table_speed: out of order" in text
    assert "propeller.CP: out of order" in text


@pytest.fixture
def turboprop(content):
    """The same aircraft with the sub-table of the other kind of engine."""
    def entry(value, unit):
        return {"value": value, "unit": unit, "grade": "assumed", "source": "layout"}

    del content["engine"]["piston"]
    content["engine"]["turboprop"] = {
        "power_limit": entry(80e3, "W"), "fuel_share_idle": entry(0.2, ""),
        "altitude": entry([2000.0 * i for i in range(8)], "m"),
        "mach": entry([0.0, 0.2, 0.4, 0.6], ""),
        "power": entry([[90e3 - 9e3 * i + 1e3 * j for j in range(4)] for i in range(8)], "W"),
        "fuel": entry([[0.01] * 4] * 8, "kg/s")}
    return content


def test_the_table_says_what_kind_of_engine_it_is(content, turboprop):
    engine = loader.load_datasheet("tb2").datasheet[0].engine
    assert engine.kind == PISTON and not engine.turboprop.power.any()
    engine = loader.parse_datasheet(turboprop, "here").datasheet[0].engine
    assert engine.kind == TURBOPROP and not engine.piston.table_power.any()
    assert engine.turboprop.power[2, 3] == 75e3


def test_exactly_one_kind_of_engine(content):
    piston = content["engine"].pop("piston")
    text = faults_of(content)
    assert ("engine: holds 0 of the tables [engine.piston] and [engine.turboprop]: give exactly "
            "one of them") in text
    content["engine"].update(piston=piston, turboprop={})
    text = faults_of(content)
    assert "engine: holds 2 of the tables" in text
    assert "engine.turboprop.power: missing: give 8 x 4 numbers in W" in text
    content["engine"]["kind"] = {"value": 0}
    assert "engine.kind: not known to the schema" in faults_of(content)


def test_tables_of_a_turboprop_must_be_in_order(turboprop):
    tables = turboprop["engine"]["turboprop"]
    tables["altitude"]["value"][2] = 9000.0
    tables["mach"]["value"][0] = 0.1
    tables["power"]["value"].reverse()
    tables["power_limit"]["value"] = 60e3
    turboprop["engine"]["cruise_speed_least"]["value"] = 600.0
    text = faults_of(turboprop)
    for expected in ("engine.turboprop.altitude: out of order", "engine.turboprop.mach: must begin",
                     "engine.turboprop.power: out of order: must fall with altitude",
                     "engine.continuous_power: above turboprop.power_limit",
                     "engine.cruise_speed_least: must lie between"):
        assert expected in text


def test_contradictions_stand_beside_other_faults(content):
    content["geometry"]["span"]["unit"] = "ft"
    content["limits"]["cruise_speed"]["value"] = 90.0
    text = faults_of(content)
    assert "has 2 fault(s)" in text
    assert "geometry.span: unit" in text and "cruise_speed < never_exceed_speed" in text


def test_contradictions_of_two_engines_feathering_and_gear(content):
    content["engine"]["count"]["value"] = 2
    content["propeller"]["feathering"]["value"] = True
    content["propeller"]["direction"]["value"] = [1.0, 0.5]
    content["landing_gear"]["retractable"]["value"] = True
    text = faults_of(content)
    for expected in ("propeller.position: of two propellers give the right-hand one",
                     "propeller.angle_feather: must be above angle_maximum",
                     "propeller.direction: each must be 1 or -1",
                     "landing_gear.transit_time: must be above zero"):
        assert expected in text
    content["landing_gear"]["retractable"]["value"] = False
    content["aerodynamics"]["CD_gear"]["value"] = 0.01
    assert "aerodynamics.CD_gear: must be 0 where the gear is fixed" in faults_of(content)


def test_contradictions_between_values(content):
    content["propeller"]["angle_maximum"]["value"] = 1.2
    content["actuators"]["aileron"]["lower"]["value"] = 0.6
    content["landing_gear"]["wheels"]["left"]["position"]["value"] = [-0.2, 1.2, 1.2]
    content["engine"]["piston"]["fuel_per_turn"]["value"] = -1e-3
    content["limits"]["cruise_speed"]["value"] = 90.0
    text = faults_of(content)
    for expected in ("stops of the blade angle", "actuators.aileron: out of order",
                     "landing_gear.wheels: out of order", "fuel flow without load is negative",
                     "cruise_speed < never_exceed_speed"):
        assert expected in text


def test_a_public_claim_needs_its_source(content):
    content["public"][0]["source"] = "nobody"
    del content["public"][1]["unit"]
    text = faults_of(content)
    assert "public claim 1: source 'nobody'" in text
    assert "public claim 2: must hold exactly" in text


def test_faults_of_values_and_of_tables_stand_in_the_same_message(content):
    """A wrong unit, a non-positive inertia and a table out of order, each in another section."""
    content["geometry"]["span"]["unit"] = "ft"
    content["mass"]["empty_inertia_yy"]["value"] = -1047.0
    speeds = content["engine"]["piston"]["table_speed"]["value"]
    speeds[0], speeds[1] = speeds[1], speeds[0]
    text = faults_of(content)
    assert "here.toml: the datasheet has 3 fault(s)" in text
    assert "geometry.span: unit is 'ft', must be 'm'" in text
    assert "mass.empty_inertia_yy: is -1047, must be at least 0.01 kg m2" in text
    assert "engine.piston.table_speed: out of order: speeds must rise" in text
