"""Inertia of the empty TB2-class aircraft, and where it balances in every loading.

    python studies/mass.py

Radii of gyration after Raymer (Aircraft Design, table 16.1, single-engine propeller): the rule
gives the whole aircraft at maximum take-off mass; the empty aircraft is that, less payload (a
point) and full fuel (a box) about the common centre of gravity.
"""

import tomllib
from pathlib import Path

import numpy as np

DATASHEET = Path(__file__).parents[1] / "src/longwatch/aircraft/tb2.toml"
LENGTH = 6.5  # m
RADII = (0.25, 0.38, 0.39)  # roll, pitch, yaw, non-dimensional


def figures(section):
    """The values of one section of tb2.toml, vectors as arrays."""
    with DATASHEET.open("rb") as file:
        table = tomllib.load(file)[section]
    return {name: np.array(entry["value"]) for name, entry in table.items() if "value" in entry}


def rule(mass, span):
    """Roll, pitch and yaw inertia [kg m2] by the radius-of-gyration rule."""
    lengths = np.array([span, LENGTH, (span + LENGTH) / 2])
    return lengths**2 * mass * np.array(RADII) ** 2 / 4


def parts(mass, payload, fuel):
    """(mass, position, own inertia) of empty aircraft, payload and fuel; SI."""
    edges = mass["fuel_extent"] ** 2
    box = fuel / 12 * np.array([edges[1] + edges[2], edges[0] + edges[2], edges[0] + edges[1]])
    empty = np.array([mass[f"empty_inertia_{axis}"] for axis in ("xx", "yy", "zz")])
    return [(float(mass["empty_mass"]), mass["empty_position"], empty),
            (payload, mass["payload_position"], np.zeros(3)),
            (fuel, mass["fuel_position"], box)]


def together(pieces):
    """Mass, centre of gravity and roll, pitch, yaw inertia of several parts."""
    total = sum(p[0] for p in pieces)
    centre = sum(p[0] * p[1] for p in pieces) / total
    inertia = np.zeros(3)
    for mass, position, own in pieces:
        square = (position - centre) ** 2
        inertia += own + mass * (square.sum() - square)
    return total, centre, inertia


def empty_inertia(mass, span):
    """Inertia of the empty aircraft that brings the loaded one to the rule, kg m2."""
    pieces = parts(mass, float(mass["payload_maximum"]), float(mass["fuel_capacity"]))
    pieces[0] = (pieces[0][0], pieces[0][1], np.zeros(3))
    return rule(float(mass["maximum_takeoff_mass"]), span) - together(pieces)[2]


def main():
    mass, geometry = figures("mass"), figures("geometry")
    aerodynamics = figures("aerodynamics")
    span, chord = float(geometry["span"]), float(geometry["chord"])
    print(f"rule at maximum take-off mass: {np.round(rule(700.0, span))} kg m2")
    print(f"empty, by difference: {np.round(empty_inertia(mass, span))}; in tb2.toml: "
          f"{[float(mass[f'empty_inertia_{axis}']) for axis in ('xx', 'yy', 'zz')]}")
    print(f"rule at the empty mass, for comparison: {np.round(rule(334.0, span))}")
    neutral = -float(aerodynamics["Cm_alpha"] / aerodynamics["CL_alpha"])
    for payload in (0.0, 75.0, 150.0):
        for fuel in (0.0, 108.0, 216.0):
            total, centre, inertia = together(parts(mass, payload, fuel))
            print(f"payload {payload:4.0f} kg, fuel {fuel:4.0f} kg: {total:4.0f} kg, "
                  f"CG {centre[0]:+.4f} {centre[2]:+.3f} m ({centre[0] / chord:+.3f} c), "
                  f"static margin {neutral + centre[0] / chord:.3f} c, "
                  f"inertia {np.round(inertia)}")


if __name__ == "__main__":
    main()
