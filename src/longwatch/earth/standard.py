"""Constants by agreement, not by measurement."""

GRAVITY = 9.80665
"""Standard acceleration of free fall [m/s2] (3rd General Conference on Weights and Measures, 1901).
Gravity at a place is earth/gravity.py's."""
