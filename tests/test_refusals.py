"""Bad input to every command: exit status 2, one message with the remedy, nothing written."""

import shutil
import tomllib
from pathlib import Path

import pytest

from longwatch.aircraft import loader
from longwatch.cli import main

ROOT = Path(__file__).parents[1]
TB2 = Path(loader.__file__).parent / "tb2.toml"
THRACE = str(ROOT / "missions" / "thrace-watch.plan")

pytestmark = pytest.mark.compiled_only


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with one of each kind of bad input, in which the command runs."""
    text = TB2.read_text(encoding="utf-8")
    for right, wrong in (('span = {value = 12.0, unit = "m"', 'span = {value = 39.4, unit = "ft"'),
                         ("empty_inertia_yy = {value = 1047.0",
                          "empty_inertia_yy = {value = -1047.0"),
                         ("value = [261.8, 314.16", "value = [314.16, 261.8")):
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    assert tomllib.loads(text)
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    (tmp_path / "text.nc").write_text("no weather")
    for name, content in (("short", b"\0" * 100), ("odd", b"\0" * 2_884_802)):
        (tmp_path / name).mkdir()
        (tmp_path / name / ("N41E027.hgt" if name == "short" else "hill.hgt")).write_bytes(content)
    for name in ("bare", "kept"):
        (tmp_path / name).mkdir()
    shutil.copy(THRACE, tmp_path / "thrace.plan")
    monkeypatch.chdir(tmp_path)
    return tmp_path


ALL_THREE = ["the datasheet has 3 fault(s)", "geometry.span: unit is 'ft', must be 'm'",
             "mass.empty_inertia_yy: is -1047, must be at least 0.01 kg m2",
             "engine.piston.table_speed: out of order"]
CASES = {
    "aircraft bad.toml": ALL_THREE,
    "performance bad.toml": ALL_THREE,
    "modes bad.toml": ALL_THREE,
    "export jsbsim bad.toml --out made": ALL_THREE,
    "fly thrace.plan --aircraft bad.toml --out made": ALL_THREE,
    "performance nosuch": ["Unknown aircraft 'nosuch'", "Known aircraft: akinci, tb2"],
    "performance tb2 --payload 9999": ["payload 9999 kg", "0 to 150 kg"],
    "performance tb2 --payload nan": ["payload nan kg"],
    "modes nosuch": ["Known aircraft: akinci, tb2"],
    "modes tb2 --speed 5 --altitude 3000": ["no steady flight", "lift: too slow", "stalls near",
                                            "accelerations left"],
    "modes tb2 --speed nan": ["give a finite number"],
    "modes tb2 --altitude 99999": ["the air reaches from"],
    "export jsbsim nosuch --out made": ["Known aircraft"],
    "export jsbsim tb2 --out kept": ["exists already", "name another folder"],
    "export jsbsim tb2 --out text.nc/made": ["cannot be written", "name a folder"],
    "verify --data nowhere": ["no such folder", "reference data"],
    "verify nosuch": ["unknown subject nosuch", "turbulence"],
    "verify --markdown kept": ["is a folder"],
    "verify --markdown nowhere/page.md": ["there is no folder nowhere"],
    "fly thrace.plan --weather text.nc --wind 5@20 --out made": ["leave one of them out"],
    "fly thrace.plan --weather nowhere.nc --out made": ["no such file"],
    "fly thrace.plan --weather text.nc --out made": ["cannot be read as netCDF"],
    "fly thrace.plan --terrain nowhere --out made": ["no such folder"],
    "fly thrace.plan --terrain bare --out made": ["holds no tiles"],
    "fly thrace.plan --terrain short --out made": ["has 100 bytes", "2,884,802"],
    "fly thrace.plan --terrain odd --out made": ["not named after its south-west corner"],
    "fly thrace.plan --start yesterday --out made": ["no date and time", "ISO 8601"],
    "check thrace.plan --start 2026-13-45": ["no date and time"],
}


@pytest.mark.parametrize("command", CASES)
def test_refused(here, capsys, command):
    before = sorted(here.rglob("*"))
    assert main(command.split()) == 2
    told = capsys.readouterr().err
    for part in CASES[command]:
        assert part in told.replace("\n", " ").replace("  ", " ")
    assert "Traceback" not in told and "failed" not in told
    assert sorted(here.rglob("*")) == before
