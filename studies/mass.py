"""Inertia of an empty aircraft, and where it balances in every loading.

    python studies/mass.py [tb2|akinci]

Radii of gyration after Raymer (Aircraft Design, table 16.1): the rule gives the whole aircraft at
maximum take-off mass; the empty aircraft is that, less payload (a point) and fuel (a box) about
the common centre of gravity. TB2-class: the row of single-engine propeller aircraft.
Akinci-class: the mean of the rows of twin-engine propeller aircraft and twin turboprop
transports, since its engines are on the wing and nobody sits in its fuselage.
"""

import argparse
import tomllib
from pathlib import Path

import numpy as np

AIRCRAFT = Path(__file__).parents[1] / "src/longwatch/aircraft"
LENGTHS = {"tb2": 6.5, "akinci": 12.2}  # m
RADII = {"tb2": (0.25, 0.38, 0.39),  # roll, pitch, yaw, non-dimensional
         "akinci": ((0.34 + 0.22) / 2, (0.29 + 0.34) / 2, (0.44 + 0.38) / 2)}


def figures(section, name="tb2"):
    """The values of one section of an aircraft's file, vectors as arrays."""
    with (AIRCRAFT / f"{name}.toml").open("rb") as file:
        table = tomllib.load(file)[section]
    return {key: np.array(entry["value"]) for key, entry in table.items() if "value" in entry}


def rule(mass, span, name="tb2"):
    """Roll, pitch and yaw inertia [kg m2] by the radius-of-gyration rule."""
    length = LENGTHS[name]
    lengths = np.array([span, length, (span + length) / 2])
    return lengths**2 * mass * np.array(RADII[name]) ** 2 / 4


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


def full_loading(mass):
    """Payload and fuel [kg] at maximum take-off mass with full fuel."""
    fuel = float(mass["fuel_capacity"])
    rest = float(mass["maximum_takeoff_mass"] - mass["empty_mass"]) - fuel
    return min(float(mass["payload_maximum"]), rest), fuel


def empty_inertia(mass, span, name="tb2"):
    """Inertia of the empty aircraft that brings the loaded one to the rule, kg m2."""
    pieces = parts(mass, *full_loading(mass))
    pieces[0] = (pieces[0][0], pieces[0][1], np.zeros(3))
    return rule(float(mass["maximum_takeoff_mass"]), span, name) - together(pieces)[2]


def loadings(mass):
    """(payload, fuel) [kg] of empty, half and full, within the maximum mass."""
    room = float(mass["maximum_takeoff_mass"] - mass["empty_mass"])
    for payload in np.array([0.0, 0.5, 1.0]) * float(mass["payload_maximum"]):
        for fuel in np.array([0.0, 0.5, 1.0]) * float(mass["fuel_capacity"]):
            yield float(payload), float(min(fuel, room - payload))


def main(name):
    mass, geometry = figures("mass", name), figures("geometry", name)
    aerodynamics = figures("aerodynamics", name)
    span, chord = float(geometry["span"]), float(geometry["chord"])
    largest, empty = float(mass["maximum_takeoff_mass"]), float(mass["empty_mass"])
    print(f"rule at maximum take-off mass: {np.round(rule(largest, span, name))} kg m2")
    print(f"empty, by difference: {np.round(empty_inertia(mass, span, name))}; in {name}.toml: "
          f"{[float(mass[f'empty_inertia_{axis}']) for axis in ('xx', 'yy', 'zz')]}")
    print(f"rule at the empty mass, for comparison: {np.round(rule(empty, span, name))}")
    neutral = -float(aerodynamics["Cm_alpha"] / aerodynamics["CL_alpha"])
    for payload, fuel in loadings(mass):
        total, centre, inertia = together(parts(mass, payload, fuel))
        print(f"payload {payload:4.0f} kg, fuel {fuel:4.0f} kg: {total:4.0f} kg, "
              f"CG {centre[0]:+.4f} {centre[2]:+.3f} m ({centre[0] / chord:+.3f} c), "
              f"static margin {neutral + centre[0] / chord:.3f} c, "
              f"inertia {np.round(inertia)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Inertia and balance of an aircraft")
    parser.add_argument("aircraft", nargs="?", default="tb2", choices=sorted(LENGTHS))
    main(parser.parse_args().aircraft)
