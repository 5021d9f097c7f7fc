"""``longwatch modes``: table, JSON and refusals."""

import json

import pytest

from longwatch.cli import main

pytestmark = pytest.mark.compiled_only


def test_table_shows_each_mode_bare_and_engaged(capsys):
    assert main(["modes", "tb2", "--speed", "36", "--altitude", "3000"]) == 0
    text = capsys.readouterr().out
    for word in ("short period", "phugoid", "Dutch roll", "roll", "spiral", "Class I",
                 "36 m/s calibrated", "41.76 m/s true", "inner loops", "0.085 .. 3.6 rad/s2"):
        assert word in text


def test_json_holds_what_the_table_shows(capsys):
    assert main(["modes", "akinci", "--speed", "90", "--true", "--category", "C", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["aircraft_class"] == 2 and found["category"] == "C"
    assert found["trim"]["true_airspeed"] == 90.0 and found["trim"]["gear_down"] is True
    assert len(found["trim"]["thrust"]) == 2
    levels = {mode["mode"]: mode["level"] for mode in found["inner_loops"]}
    assert levels["Dutch roll"] == levels["spiral"] == 1
    first = found["bare"][0]["criteria"][0]
    assert set(first) == {"quantity", "unit", "value", "level", "bounds", "paragraph"}


@pytest.mark.parametrize(("arguments", "said"), [
    (["--speed", "20"], "lift: too slow"),
    (["--speed", "66", "--altitude", "4000"], "power: needs"),
    (["--speed", "-3"], "-3 m/s"), (["--payload", "900"], "payload_kg is 900"),
    (["--altitude", "30000"], "altitude_msl is 30000")])
def test_what_cannot_be_flown_is_refused(capsys, arguments, said):
    assert main(["modes", "tb2", *arguments]) == 2
    output = capsys.readouterr()
    assert said in output.err and not output.out
    assert "Traceback" not in output.err


def test_unknown_aircraft(capsys):
    assert main(["modes", "tb9"]) == 2
    assert "Known aircraft: akinci, tb2" in capsys.readouterr().err
