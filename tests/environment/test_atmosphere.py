"""The standard atmosphere against its published table and JSBSim's."""

import jsbsim
import pytest

from longwatch.environment.atmosphere import (
    density_ratio,
    pressure_altitude,
    standard_atmosphere,
)

# U.S. Standard Atmosphere, 1976, tables I and III: geometric altitude m, temperature K,
# pressure mb, density kg/m3, speed of sound m/s.
TABLE = [
    (-2000, 301.154, 1.2778e3, 1.4782, 347.89),
    (0, 288.150, 1.01325e3, 1.2250, 340.29),
    (1000, 281.651, 8.9876e2, 1.1117, 336.43),
    (5000, 255.676, 5.4048e2, 7.3643e-1, 320.55),
    (10000, 223.252, 2.6499e2, 4.1351e-1, 299.53),
    (15000, 216.650, 1.2111e2, 1.9476e-1, 295.07),
    (20000, 216.650, 5.5293e1, 8.8910e-2, 295.07),
    (30000, 226.509, 1.1970e1, 1.8410e-2, 301.71),
    (50000, 270.650, 7.9779e-1, 1.0269e-3, 329.80),
    (70000, 219.585, 5.2209e-2, 8.2829e-5, 297.06),
]


@pytest.mark.parametrize(("altitude", "temperature", "millibar", "density", "sound"), TABLE)
def test_published_table(altitude, temperature, millibar, density, sound):
    found = standard_atmosphere(float(altitude))
    assert found[0] == pytest.approx(temperature, abs=6e-4)
    assert found[1] == pytest.approx(100 * millibar, rel=1e-4)
    assert found[2] == pytest.approx(density, rel=1e-4)
    assert found[3] == pytest.approx(sound, abs=6e-3)


def test_jsbsim(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # JSBSim writes its output files where it stands
    simulation = jsbsim.FGFDMExec(None)
    simulation.set_debug_level(0)
    simulation.load_model("c172x")
    for feet in (0, 5000, 18000, 27000, 40000, 60000):
        simulation["ic/h-sl-ft"] = feet
        simulation.run_ic()
        metres = simulation["position/h-sl-meters"]
        temperature, pressure, density, sound = standard_atmosphere(metres)
        assert temperature == pytest.approx(simulation["atmosphere/T-R"] / 1.8, rel=1e-6)
        assert pressure == pytest.approx(simulation["atmosphere/P-psf"] * 47.88025898, rel=2e-5)
        assert density == pytest.approx(
            simulation["atmosphere/rho-slugs_ft3"] * 515.3788184, rel=2e-5)
        assert sound == pytest.approx(simulation["atmosphere/a-fps"] * 0.3048, rel=2e-5)


@pytest.mark.parametrize(("geopotential", "millibar"), [
    # Same publication, table I by geopotential altitude.
    (-1000, 1.1393e3), (0, 1.01325e3), (5000, 5.4020e2), (11000, 2.2632e2), (20000, 5.4748e1)])
def test_pressure_altitude(geopotential, millibar):
    assert pressure_altitude(100 * millibar) == pytest.approx(geopotential, abs=1.0)


@pytest.mark.parametrize("altitude", [-4000.0, 10.0, 8000.0, 15000.0, 25000.0, 60000.0, 80000.0])
def test_pressure_altitude_inverts_the_pressure(altitude):
    geopotential = 6356766.0 * altitude / (6356766.0 + altitude)
    pressure = standard_atmosphere(altitude)[1]
    assert pressure_altitude(pressure) == pytest.approx(geopotential, abs=1e-6)


def test_ends_hold():
    assert standard_atmosphere(2e5) == standard_atmosphere(1e5)
    assert standard_atmosphere(-9e3) == standard_atmosphere(-7e3)
    assert pressure_altitude(0.0) == 84852.0


def test_density_ratio():
    assert density_ratio(0.0) == pytest.approx(1.0, rel=1e-12)
    # Same publication, table I: rho/rho0 at 10 000 m.
    assert density_ratio(10000.0) == pytest.approx(3.3756e-1, rel=1e-4)
