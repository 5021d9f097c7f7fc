"""Power and fuel of the Akinci-class engine (PT6A-135A class) over altitude and Mach number.

    python studies/turboprop.py            # the deck, and the published figures beside it
    python studies/turboprop.py --toml     # the tables as they stand in akinci.toml

Free-turbine engine off its design point, the nozzles of both turbines choked (Mattingly, Elements
of Propulsion, 2006, chapter 8; Cohen, Rogers and Saravanamuttoo, Gas Turbine Theory, chapter 9):
the gas generator's turbine keeps its temperature ratio, so the compressor's work grows with T4/T2
and the mass flow with P3/sqrt(T4). The largest turbine temperature is the same at every altitude.
Losses of compressor and turbines grow with falling Reynolds number to the power 0.2 (Dixon, Fluid
Mechanics and Thermodynamics of Turbomachinery, section 2) and, assumed, with the square of the
corrected load's distance from the design point.

Set to published figures: the pressure ratio of 7; the mass flow, so that the hot section gives
550 shp up to 20 000 ft at 272 kt, as in the King Air C90GT; the heat balance (a factor near 1), by
0.585 lb/shp/h at 750 shp, sea level, at rest. The gearbox limits the power to 750 shp: the deck
here is of what the hot section could give. Left to check it: the torque at 18 000 and 26 000 ft
(Conklin & de Decker, as owners quote them).

Fuel at part load: fuel = full (share + (1 - share) power / full power), the share by least squares
over 25 to 100 % load of the same cycle at lower turbine temperature.
"""

import argparse
import math
from functools import cache

import numpy as np

HORSEPOWER = 745.69987
POUND_PER_HOUR = 0.45359237 / 3600
FOOT, KNOT = 0.3048, 1852 / 3600
CP_AIR, GAMMA_AIR = 1005.0, 1.4
CP_GAS, GAMMA_GAS = 1150.0, 1.333
HEATING_VALUE = 43.1e6  # J/kg, kerosene

PRESSURE_RATIO = 7.0  # compressor, design point (the maker, PT6A small series)
TURBINE_TEMPERATURE = 1270.0  # K, largest continuous, before the gas generator's turbine
LOSS_EXPONENT = 0.2
COMPRESSOR, GENERATOR_TURBINE, POWER_TURBINE = 0.80, 0.87, 0.90
INTAKE_LOSS, BURNER_LOSS, EXHAUST_LOSS = 0.98, 0.96, 1.03
MECHANICAL, GEARBOX = 0.99, 0.97
POWER_LIMIT = 750 * HORSEPOWER
ALTITUDES = np.array([0.0, 2000.0, 4000.0, 6000.0, 8000.0, 10000.0, 12000.0, 14000.0])
MACHS = np.array([0.0, 0.2, 0.4, 0.6])

# (title, altitude ft, true airspeed kt, power shp): published points of this engine
PUBLISHED_POWER = (
    ("550 shp to 20 000 ft, King Air C90GT (AOPA Pilot, June 2007); fitted", 20_000, 272, 550),
    ("1 520 ft lb to 18 000 ft, normal cruise, 1 900 rpm (Conklin & de Decker)", 18_000, 260, 550),
    ("1 170 ft lb at 26 000 ft, normal cruise, 1 900 rpm (Conklin & de Decker)", 26_000, 265, 423),
)
PUBLISHED_CONSUMPTION = 0.585  # lb/shp/h at 750 shp, sea level, at rest


def atmosphere(altitude):
    """Temperature [K] and pressure [Pa] of the standard atmosphere below 20 km."""
    if altitude <= 11_000:
        temperature = 288.15 - 0.0065 * altitude
        return temperature, 101_325 * (temperature / 288.15) ** 5.25588
    return 216.65, 22_632.06 * math.exp(-(altitude - 11_000) / 6341.62)


@cache
def design():
    """Compressor's temperature rise over T4, and the gas generator turbine's drop over T4."""
    T2 = 288.15
    rise = T2 * (PRESSURE_RATIO ** ((GAMMA_AIR - 1) / GAMMA_AIR) - 1) / COMPRESSOR
    drop = rise * CP_AIR / (CP_GAS * MECHANICAL)
    return rise / TURBINE_TEMPERATURE, drop / TURBINE_TEMPERATURE


def cycle(altitude, mach, hot=TURBINE_TEMPERATURE):
    """Shaft power and heat added of the engine per unit of its design flow, W and W.

    ``hot`` is the turbine temperature in K. The flow is that which passes P3/sqrt(T4) as at the
    design point; efficiencies fall off quadratically with the compressor's corrected load.
    """
    still, pressure = atmosphere(altitude)
    ram = 1 + 0.2 * mach**2
    T2, P2 = still * ram, pressure * ram**3.5 * INTAKE_LOSS
    per_hot, share = design()
    load = (hot / T2) / (TURBINE_TEMPERATURE / 288.15) - 1
    # losses grow with falling Reynolds number (density over viscosity, at blade speeds that stay)
    reynolds = P2 / 101_325 / (T2 / 288.15) ** 1.7
    losses = reynolds**-LOSS_EXPONENT
    compressor = (1 - (1 - COMPRESSOR) * losses) * (1 - 0.8 * load**2)
    rise = per_hot * hot
    P3 = P2 * (1 + compressor * rise / T2) ** (GAMMA_AIR / (GAMMA_AIR - 1))
    generator = 1 - (1 - GENERATOR_TURBINE) * losses
    P45 = P3 * BURNER_LOSS * (1 - share / generator) ** (GAMMA_GAS / (GAMMA_GAS - 1))
    flow = (P3 / (PRESSURE_RATIO * 101_325 * INTAKE_LOSS)) * math.sqrt(TURBINE_TEMPERATURE / hot)
    T45 = hot * (1 - share)
    ratio = max(P45 / (pressure * EXHAUST_LOSS), 1.0)
    drop = (1 - (1 - POWER_TURBINE) * losses) * (1 - 0.4 * load**2) * T45 * (
        1 - ratio ** (-(GAMMA_GAS - 1) / GAMMA_GAS))
    heat = flow * (CP_GAS * hot - CP_AIR * (T2 + rise) - (CP_GAS - CP_AIR) * 298.15)
    return flow * CP_GAS * drop * MECHANICAL * GEARBOX, heat


@cache
def scale():
    """Design mass flow [kg/s] and heat-balance factor that the published figures give."""
    _, altitude, airspeed, power = PUBLISHED_POWER[0]
    altitude *= FOOT
    sound = math.sqrt(1.4 * 287.053 * atmosphere(altitude)[0])
    flow = power * HORSEPOWER / cycle(altitude, airspeed * KNOT / sound)[0]
    _, heat = at_power(0.0, 0.0, POWER_LIMIT, flow)
    fuel = PUBLISHED_CONSUMPTION * 750 * POUND_PER_HOUR
    return flow, heat / (HEATING_VALUE * fuel)


def at_power(altitude, mach, power, flow):
    """Power and heat [W] at the turbine temperature that gives ``power`` [W]."""
    low, high = 700.0, TURBINE_TEMPERATURE * 1.2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cycle(altitude, mach, middle)[0] * flow < power else (
            low, middle)
    return tuple(flow * x for x in cycle(altitude, mach, high))


def full(altitude, mach):
    """Power [W] and fuel flow [kg/s] at the largest turbine temperature."""
    flow, factor = scale()
    power, heat = cycle(altitude, mach)
    return power * flow, heat * flow / (HEATING_VALUE * factor)


def part(altitude, mach, power):
    """Fuel flow [kg/s] of the cycle at ``power`` [W]."""
    flow, factor = scale()
    return at_power(altitude, mach, power, flow)[1] / (HEATING_VALUE * factor)


def deck():
    """Power [W] and fuel flow [kg/s], each 8 altitudes by 4 Mach numbers."""
    both = np.array([[full(h, m) for m in MACHS] for h in ALTITUDES])
    return both[..., 0], both[..., 1]


def idle_share():
    """Share of the full-power fuel flow burnt at no power, by the line through part loads."""
    loads = np.linspace(0.25, 1.0, 16)
    found = []
    for altitude, mach in ((0.0, 0.0), (6000.0, 0.25), (10_000.0, 0.3), (12_000.0, 0.3)):
        power, fuel = full(altitude, mach)
        relative = np.array([part(altitude, mach, x * power) / fuel for x in loads])
        # relative = share + (1 - share) load, exact at full load
        found.append(float(np.sum((1 - loads) * (relative - loads)) / np.sum((1 - loads) ** 2)))
    return float(np.mean(found)), found


def main():
    flow, factor = scale()
    print(f"design flow {flow:.2f} kg/s, heat balance {factor:.3f}, thermodynamic power at "
          f"sea level {full(0, 0)[0] / HORSEPOWER:.0f} shp (\"about 920\" is said)")
    for title, feet, knots, published in PUBLISHED_POWER:
        mach = knots * KNOT / math.sqrt(1.4 * 287.053 * atmosphere(feet * FOOT)[0])
        power = full(feet * FOOT, mach)[0] / HORSEPOWER
        print(f"{title}: {power:.0f} shp, {power / published - 1:+.1%}")
    fuel = part(0.0, 0.0, POWER_LIMIT) / (750 * POUND_PER_HOUR)
    print(f"750 shp, sea level, at rest: {fuel:.3f} lb/shp/h (published {PUBLISHED_CONSUMPTION})")
    share, each = idle_share()
    print(f"idle share {share:.3f}, by altitude {[round(x, 3) for x in each]}")
    print("Mach 0.3: shp, kg/h, lb/shp/h at full and at half load, and shp by sigma^0.7 from sea "
          "level (Anderson, Aircraft Performance and Design, eq. 3.36)")
    for feet in (0, 10_000, 20_000, 30_000, 40_000, 45_000):
        power, fuel = full(feet * FOOT, 0.3)
        temperature, pressure = atmosphere(feet * FOOT)
        anderson = full(0, 0.3)[0] * (pressure / 101_325 * 288.15 / temperature) ** 0.7
        unit = HORSEPOWER / POUND_PER_HOUR / power
        print(f"{feet:6d} ft: {power / HORSEPOWER:4.0f} {fuel * 3600:6.1f} {fuel * unit:6.3f} "
              f"{2 * part(feet * FOOT, 0.3, power / 2) * unit:6.3f} {anderson / HORSEPOWER:5.0f}")


def as_toml():
    power, fuel = deck()
    lines = []
    for name, unit, table, digits in (("power", "W", power, 0), ("fuel", "kg/s", fuel, 6)):
        lines += ["", f"[engine.turboprop.{name}]", f'unit = "{unit}"', 'grade = "derived"',
                  'source = "study_turboprop"', "value = ["]
        lines += ["    [" + ", ".join(f"{x:.{digits}f}" if digits else f"{x:.1f}" for x in row)
                  + "]," for row in table]
        lines.append("]")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Turboprop of the Akinci-class aircraft")
    parser.add_argument("--toml", action="store_true", help="print the tables for akinci.toml")
    if parser.parse_args().toml:
        print(as_toml())
    else:
        main()
