"""Constants by agreement, not by measurement."""

GRAVITY = 9.80665
"""Standard acceleration of free fall [m/s2] (3rd General Conference on Weights and Measures, 1901).
Gravity at a place is earth/gravity.py's."""

MEAN_RADIUS = 6_371_000.0
"""The Earth's, rounded [m]: for what need not be better than the ellipsoid's 0.3 %."""

# The standard atmosphere at mean sea level (ISO 2533:1975; U.S. Standard Atmosphere, 1976), rounded
# as it is printed.
SEA_LEVEL_TEMPERATURE = 288.15  # K
SEA_LEVEL_PRESSURE = 101325.0  # Pa
SEA_LEVEL_DENSITY = 1.225  # kg/m3
SEA_LEVEL_SOUND = 340.294  # m/s
GAS_CONSTANT = 287.05287  # J/(kg K), of dry air
HEAT_RATIO = 1.4
