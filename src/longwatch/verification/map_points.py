"""Published points of engines and propellers, as they stand in their sources: facts, not fits."""

from typing import NamedTuple

ROTAX = "Rotax 912 S operator's data"
CRUISE = "cruise table of a constant-speed 912 S aircraft"
PT6 = "Pratt & Whitney Canada, PT6A-135A"
GAGG = "Gagg and Farrar, 1934"
CHARTS = "Worobel and Mayo, NASA, 1971"
JSBSIM_81 = "JSBSim, two blades of 81 in at 26 deg"


class FullThrottle(NamedTuple):
    rpm: float
    power_kw: float


class FuelPoint(NamedTuple):
    power_kw: float
    rpm: float
    litres_per_hour: float
    source: str


class AltitudePower(NamedTuple):
    altitude_ft: float
    power_kw: float


class TurbinePoint(NamedTuple):
    title: str
    altitude_ft: float
    airspeed_kt: float
    power_hp: float


class ChartPoint(NamedTuple):
    """Thrust coefficient of a chart at an advance ratio and power coefficient."""

    title: str
    J: float
    CP: float
    CT: float


# Rotax 912 S at sea level, as digitised in a public study from the maker's curves.
FULL_THROTTLE = tuple(FullThrottle(*point) for point in (
    (2500, 25.9), (3000, 34.0), (3500, 42.1), (4000, 50.4), (4500, 59.2), (5000, 67.8),
    (5500, 72.5), (5800, 74.5)))
CONTINUOUS_KW = 69.0

# The maker's operating points, then cruise at 55 and 65 % of 69 kW (2000 to 12 000 ft).
CONSTANT_SPEED = tuple(FuelPoint(*point) for point in (
    (73.5, 5800, 27.0, ROTAX), (69.0, 5500, 25.0, ROTAX), (51.0, 5000, 18.5, ROTAX),
    (37.95, 4600, 14.4, CRUISE), (44.85, 4900, 16.0, CRUISE), (37.95, 4900, 16.8, CRUISE),
    (37.95, 5100, 18.0, CRUISE), (37.95, 5500, 20.4, CRUISE)))
# The carburetted engine on the propeller curve, which runs rich.
PROPELLER_CURVE = tuple(FuelPoint(*point, ROTAX) for point in (
    (6.4, 2500, 5.99), (11.3, 3000, 6.90), (16.3, 3500, 8.17), (24.3, 4000, 12.0),
    (35.1, 4500, 15.9), (47.0, 5000, 20.0), (62.5, 5500, 25.5), (73.2, 5800, 26.9)))
PETROL_KG_PER_LITRE = 0.72
LEANED = "leaned, injected engines of the class: 270 to 300 g/kWh"
LEANED_MIDDLE, LEANED_HALF = 285.0, 15.0
# Loiter at 36 m/s calibrated, 3000 m and 592 kg: kW, rpm.
LOITER = (22.6, 3400.0)
# Best consumption at full throttle of the carburetted engine: rpm, kW, g/kWh.
BEST_CONSUMPTION = ((3000.0, 34.0, 330.0), (5500.0, 72.5, 286.0))

# 69 kW of sea level, by sigma - (1 - sigma)/7.55.
ALTITUDE_POWER = tuple(AltitudePower(*point) for point in (
    (0, 69.0), (10_000, 48.6), (18_000, 35.4), (27_000, 23.5)))

# 750 shp at sea level and rest; then what the engine gives in the King Air C90GT.
PT6_POWER_HP, PT6_CONSUMPTION = 750.0, 0.585  # shp, lb/shp/h
PT6_POWER = (
    TurbinePoint("550 shp to 20 000 ft, the fit's own point", 20_000, 272, 550),
    TurbinePoint("1 520 ft lb to 18 000 ft, normal cruise", 18_000, 260, 550),
    TurbinePoint("1 170 ft lb at 26 000 ft, normal cruise", 26_000, 265, 423))

# The Hamilton Standard charts, by the public implementation in OpenMDAO's Aviary 1.0.1, for the
# activity factor of our blades and an integrated design lift of 0.3, the least of the charts
# (ours 0.22). Where the aircraft fly: advance ratio, power coefficient, chart's thrust.
ACTIVITY = {"tb2": 82.8, "akinci": 81.7}
CHART_POINTS = {
    "tb2": tuple(ChartPoint(*point) for point in (
        ("standing, take-off power", 0.0, 0.0564, 0.1103),
        ("take-off roll at 15 m/s", 0.214, 0.0564, 0.0976),
        ("climb at 38 m/s", 0.572, 0.0621, 0.0809),
        ("loiter, sea level", 0.746, 0.0585, 0.0674),
        ("loiter, 10 000 ft", 0.809, 0.0715, 0.0735),
        ("loiter, 18 000 ft", 0.795, 0.0673, 0.0714),
        ("ceiling, 27 000 ft", 0.828, 0.0506, 0.0555),
        ("greatest speed, sea level", 0.929, 0.0621, 0.0595))),
    "akinci": tuple(ChartPoint(*point) for point in (
        ("standing, take-off power", 0.0, 0.1806, 0.2494),
        ("take-off roll at 30 m/s", 0.395, 0.1806, 0.2124),
        ("climb at 65 m/s", 0.855, 0.1806, 0.1621),
        ("loiter, sea level", 1.0, 0.0984, 0.0878),
        ("loiter, 30 000 ft", 1.25, 0.2312, 0.1553),
        ("40 000 ft", 1.25, 0.1967, 0.1361),
        ("100 m/s, sea level", 1.316, 0.1806, 0.1216),
        ("250 kW, 30 000 ft", 1.324, 0.3012, 0.1846))),
}
# Advance ratio, CP and CT.
JSBSIM_POINTS = tuple(ChartPoint(f"J {J}", J, CP, CT) for J, CT, CP in (
    (0.1, 0.0870, 0.0769), (0.3, 0.0890, 0.0695), (0.5, 0.0845, 0.0658), (0.7, 0.0672, 0.0620),
    (0.9, 0.0416, 0.0461), (1.1, 0.0142, 0.0214)))
