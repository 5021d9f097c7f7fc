"""Performance against closed forms: the parabolic polar, Breguet, Raymer's field relations."""

import io
import json
import math
from pathlib import Path

import pytest
from rich.console import Console

from longwatch.aircraft.loader import load_datasheet
from longwatch.analysis import envelope, field_lengths
from longwatch.analysis.endurance import endurance, mass_integral
from longwatch.analysis.performance import performance
from longwatch.analysis.performance_tables import tables
from longwatch.cli import main
from longwatch.cli.performance import _narrower, _table
from longwatch.errors import SetupError
from longwatch.planning.performance import Performance

G = 9.80665
KNOT, FOOT = 1852 / 3600, 0.3048
POUND, HORSEPOWER = 0.45359237, 745.7


@pytest.fixture(scope="module")
def computed():
    return Performance(load_datasheet("tb2").datasheet[0])


@pytest.fixture(scope="module")
def found():
    return performance("tb2")


def test_least_drag_is_where_induced_drag_equals_parasitic(computed):
    # Anderson (1999), 5.36 and 5.38: E_max = sqrt(pi e A / (4 CD0)), V = sqrt(2 W / rho S CL).
    speed, ratio = envelope.glide_optimum(computed, 600.0)
    aspect_ratio = 12.0**2 / 9.34
    assert ratio == pytest.approx(math.sqrt(math.pi * 0.8 * aspect_ratio / (4 * 0.045)), rel=1e-9)
    CL = math.sqrt(math.pi * 0.8 * aspect_ratio * 0.045)
    assert speed == pytest.approx(math.sqrt(2 * 600 * G / (1.225 * 9.34 * CL)), rel=1e-9)
    # Found without the closed form; on the way down at a constant calibrated airspeed the speed
    # shed adds V^2/2g dln(rho)/dh, 9.76e-5 1/m at 1000 m, and moves the flat optimum a little.
    found, flattest = envelope.glide(computed, 600.0, 1000.0, "stopped")
    shed = computed.true_airspeed(found, 1000.0) ** 2 * 9.76e-5 / (2 * G)
    assert flattest == pytest.approx(ratio * (1 + shed), rel=3e-4)
    assert found == pytest.approx(speed, rel=5e-3)


def test_least_power_lies_at_the_fourth_root_of_three_below_least_drag(computed):
    # Anderson (1999), 5.56: V_mp = 0.760 V_md, where CL is not above its largest.
    drag = envelope.glide_optimum(computed, 600.0)[0]
    power = envelope.minimum(lambda v: computed.power_required(600.0, v, 0.0), 10.0, 60.0, 30)
    assert power == pytest.approx(drag / 3**0.25, rel=1e-3)


def test_breguet_endurance_and_range():
    # Constant lift coefficient, efficiency and consumption: the flow is k m^1.5, and k m per
    # metre; Anderson (1999), 5.153 (range) and 5.167 (endurance).
    heavy, light, eta, consumption, ratio, true = 700.0, 500.0, 0.8, 8e-8, 14.0, 36.0
    per_metre = consumption * G / (eta * ratio)
    distance = mass_integral(lambda m: per_metre * m, heavy, light)
    assert distance == pytest.approx(eta / (consumption * G) * ratio * math.log(heavy / light),
                                     rel=1e-4)
    factor = per_metre * true / math.sqrt(heavy)
    time = mass_integral(lambda m: factor * m**1.5, heavy, light)
    assert time == pytest.approx(2 / factor * (light**-0.5 - heavy**-0.5), rel=1e-4)


def test_andersons_propeller_aircraft():
    # Introduction to Flight, chapter 6, the CP-1: 2950 lb, 174 ft2, 35.8 ft, CD0 0.025, e 0.8; the
    # worked examples find (L/D) 13.6, 1207 mi and 14.4 h with 65 gal, efficiency 0.8 and
    # 0.45 lb/(hp h).
    sheet = load_datasheet("tb2").datasheet.copy()
    sheet["geometry"]["span"], sheet["geometry"]["wing_area"] = 35.8 * FOOT, 174 * FOOT**2
    sheet["aerodynamics"]["CD0"], sheet["aerodynamics"]["oswald"] = 0.025, 0.8
    aircraft, mass = Performance(sheet[0]), 2950 * POUND
    speed, ratio = envelope.glide_optimum(aircraft, mass)
    assert ratio == pytest.approx(13.6, abs=0.05)
    fuel, consumption = 65 * 5.64 * POUND, 0.45 * POUND / (HORSEPOWER * 3600)
    per_metre = consumption / 0.8 * aircraft.drag(mass, speed) / mass
    distance = mass_integral(lambda m: per_metre * m, mass, mass - fuel)
    assert distance / 1609.344 == pytest.approx(1207, rel=0.005)
    slow = speed / 3**0.25  # least power
    flow = consumption / 0.8 * aircraft.drag(mass, slow) * slow
    time = mass_integral(lambda m: flow * (m / mass) ** 1.5, mass, mass - fuel)
    assert time / 3600 == pytest.approx(14.4, rel=0.005)


def test_a_flight_lasts_between_breguets_of_its_best_and_worst_consumption(computed):
    # Constant-speed cruise at 3000 m, flow over power bounded by its values at both ends.
    whole = endurance(computed, 150.0, 216.0, 3000.0)
    cruise = [computed.fuel_flow(mass, 36.0, 3000.0) for mass in (700.0, 484.0)]
    assert 210.0 / cruise[0] < whole.cruise_endurance_s < 216.0 / cruise[1]
    assert whole.cruise_endurance_s < whole.endurance_s
    assert whole.cruise_range_m < whole.range_m
    assert whole.cruise_range_m == pytest.approx(
        whole.cruise_endurance_s * computed.true_airspeed(36.0, 3000.0), rel=0.02)


def test_level_speed_balances_thrust_and_drag(computed):
    speed = envelope.level_speed(computed, 650.0, 2000.0)
    assert computed.climb_rate(650.0, speed, 2000.0) == pytest.approx(0.0, abs=0.005)
    assert computed.climb_rate(650.0, speed - 1.0, 2000.0) > 0.0
    assert math.isnan(envelope.level_speed(computed, 700.0, 9000.0))


def test_ceilings_are_where_the_climb_ends(computed):
    for mass in (450.0, 700.0):
        service = envelope.climb_ceiling(computed, mass, 0.508)
        absolute = envelope.climb_ceiling(computed, mass, 0.0)
        assert envelope.best_climb(computed, mass, service)[1] == pytest.approx(0.508, abs=0.01)
        assert envelope.best_climb(computed, mass, absolute)[1] == pytest.approx(0.0, abs=0.01)
    heaviest = envelope.ceiling_mass(computed, 27_000 * FOOT)
    assert envelope.climb_ceiling(computed, heaviest, 0.508) == pytest.approx(
        27_000 * FOOT, rel=2e-3)


def test_a_windmilling_propeller_shortens_the_glide(computed):
    stopped = envelope.glide(computed, 700.0, 1000.0, "stopped")[1]
    milling = envelope.glide(computed, 700.0, 1000.0, "windmilling")[1]
    # Windmilling at fine pitch costs light aircraft a fifth to a half of their glide.
    assert 0.5 < milling / stopped < 0.8


def test_ground_run_is_that_of_the_mean_acceleration(computed):
    # Raymer and Anderson (6.7): the mean force is that at 0.7 of the speed; then the rotation,
    # at 0.06 rad/s to the angle that carries the weight, some two seconds.
    run, over = field_lengths.takeoff(computed, 700.0, 0.0)
    rotation = 1.1 * computed.stall_speed(700.0)
    middle = 0.7 * rotation
    thrust = envelope.power_at_full(computed, middle, 0.0, "take-off") / middle
    lift, drag = field_lengths.rolling_loads(computed, middle)
    rolled = 700.0 * rotation**2 / (2 * (thrust - drag - 0.02 * (700.0 * G - lift)))
    assert rolled + 1.5 * rotation < run < rolled + 3.0 * rotation
    assert over > run + 15.24


def test_landing_roll_is_between_that_of_brakes_on_all_and_on_no_lift(computed):
    roll, over = field_lengths.landing(computed, 600.0, 0.0)
    touch = 1.1 * computed.stall_speed(600.0)
    assert touch**2 / (2 * 0.45 * G) < roll < touch**2 / (2 * 0.2 * G)
    assert over > roll + 15.24 / math.tan(math.radians(3.0)) - 1.0


def test_public_figures_stand_beside_ours(found):
    speed = found.figure("maximum level speed")
    assert speed.public == 61.7
    assert speed.difference == pytest.approx(speed.values[0] / 61.7 - 1.0)
    assert abs(speed.difference) < 0.05, "120 kt"
    assert found.figure("mass").values[0] == found.figure("mass").public == 700.0
    assert found.figure("climb rate at 5486 m").values[0] > 0.508, "18 000 ft at 700 kg"
    assert found.public_endurance_s == 27 * 3600
    assert [row.payload_kg for row in found.trade] == [0, 25, 50, 75, 100, 125, 150]


def test_payload_is_bounded():
    for payload in (-1.0, 151.0, math.nan):
        with pytest.raises(SetupError, match="carries 0 to 150 kg"):
            performance("tb2", payload)
    for payload in ("50", [50.0], True):
        with pytest.raises(SetupError, match="payload_kg is .*: give a number"):
            performance("tb2", payload)


def test_command_prints_json_and_writes_the_page(capsys, tmp_path):
    page = tmp_path / "performance.html"
    assert main(["performance", "tb2", "--payload", "50", "--json", "--html", str(page)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["payload_kg"] == 50
    assert told["loadings"][0]["mass_kg"] == 600
    assert any(row["endurance_s"] is None for row in told["altitudes"]), "above the ceiling"
    text = page.read_text(encoding="utf-8")
    assert "Payload, fuel and endurance" in text and "public endurance" in text
    assert "<td>service ceiling</td>" in text and "100 ft/min, continuous power" in text
    other = tmp_path / "other.html"
    assert main(["performance", "tb2", "--html", str(other), "--markdown",
                 str(tmp_path / "no" / "page.md")]) == 2
    assert not other.exists(), "nothing is half-written"
    assert main(["performance", "nothing"]) == 2


def test_the_manuals_page_is_what_the_command_writes(tmp_path):
    page = tmp_path / "performance.md"
    assert main(["performance", "tb2", "akinci", "--json", "--markdown", str(page)]) == 0
    kept = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
    assert page.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8"), (
        "longwatch performance tb2 akinci --markdown docs/performance.md")


def test_command_prints_tables(capsys):
    assert main(["performance", "tb2"]) == 0
    told = capsys.readouterr().out
    for text in ("stall speed", "service ceiling", "public", "27.0 h", "best-range speed"):
        assert text in told


@pytest.mark.parametrize("aircraft", ["tb2", "akinci"])
def test_tables_of_a_narrow_terminal_break_no_word(aircraft):
    for _, _, headings, rows in tables(performance(aircraft)):
        slim = _narrower(headings, rows)
        screen = io.StringIO()
        Console(file=screen, width=80).print(_table(*slim))
        whole = {word for row in slim[1] for cell in row for word in cell.split()}
        whole |= {word for heading in slim[0] for word in heading.split()}
        lines = screen.getvalue().splitlines()
        assert max(map(len, lines)) <= 80
        assert {word for line in lines for word in line.split() if "─" not in word} <= whole
        assert len(slim[0]) == len(slim[1][0])
