"""Thrust and power coefficients of a propeller, by blade-element momentum theory.

    python studies/propeller.py [tb2|akinci]         # efficiency, static thrust, JSBSim beside it
    python studies/propeller.py akinci --toml        # the tables as they stand in akinci.toml

TB2-class: two blades, 1.76 m, variable pitch: the size that lets a geared Rotax 912 turn it at a
tip Mach number of 0.61 at 5500 rpm. Akinci-class: five blades, 2.4 m, a tip Mach number of 0.70 at
1900 rpm on the ground; with 95 m/s at 40 000 ft 0.87, in cruise at 1600 rpm 0.75.

Each annulus balances the blade's force with the momentum of the air, with Prandtl's tip and hub
loss (Glauert, in Durand, Aerodynamic Theory IV, 1935); the unknown is the inflow angle alone,
which always brackets one root (Ning, Wind Energy 17, 2014). Sections are Clark Y-like; past the
stall they tend to a flat plate, the stall delayed inboard by rotation (after Snel, ECN-C--93-052,
1993). Past zero thrust the same equations hold: the propeller windmills and brakes, and nothing is
clipped.

The blades' planform is assumed (activity factors near 100, as on propellers of these classes).
Mach and Reynolds number effects are left out but for the section's least drag: the tables depend
on J and blade angle alone.
"""


import argparse
import tomllib
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

AIRCRAFT = Path(__file__).parents[1] / "src/longwatch/aircraft"
STATIONS = 40


@dataclass(frozen=True)
class Design:
    """A propeller: diameter [m], blades, the tables' grid, and the blade.

    ``pitch`` is the geometric pitch over diameter that the twist is cut for, ``chord`` the largest
    chord over radius, ``least_drag`` the section's least drag coefficient (by Reynolds number),
    ``gear_ratio`` crankshaft turns per propeller turn; ``points`` are (power kW, speed m/s,
    crankshaft rpm, density kg/m3) to report.
    """

    name: str
    diameter: float
    blades: int
    angles: np.ndarray
    advance: np.ndarray
    hub: float
    pitch: float
    chord: float
    least_drag: float
    gear_ratio: float
    points: tuple


TB2 = Design(
    "tb2", 1.76, 2, np.radians(np.linspace(8.0, 41.0, 12)), np.linspace(0.0, 1.84, 24),
    hub=0.18, pitch=1.00, chord=0.152, least_drag=0.018, gear_ratio=2.43,
    points=((69, 0, 5500, 1.225), (73.5, 0, 5800, 1.225), (73.5, 30, 5800, 1.225),
            (69, 38, 5500, 1.225), (25, 36, 4000, 1.225), (45, 45, 4800, 1.225),
            (69, 61.7, 5500, 1.225)))
AKINCI = Design(
    "akinci", 2.4, 5, np.radians(np.linspace(12.0, 56.0, 12)), np.linspace(0.0, 2.76, 24),
    hub=0.20, pitch=1.60, chord=0.150, least_drag=0.011, gear_ratio=1.0,
    points=((559, 0, 1900, 1.225), (559, 50, 1900, 1.225), (559, 65, 1900, 1.225),
            (559, 100, 1900, 1.225), (150, 60, 1500, 1.225), (160, 80, 1600, 0.4583),
            (250, 90, 1700, 0.4583), (150, 95, 1900, 0.3016), (150, 95, 1700, 0.3016)))
DESIGNS = {design.name: design for design in (TB2, AKINCI)}
DIAMETER, BLADE_ANGLES, ADVANCE_RATIOS = TB2.diameter, TB2.angles, TB2.advance


def blade(x, design=TB2):
    """Chord over radius, built-in twist from 75 % radius [rad] and zero-lift angle [rad].

    ``x`` is the radius over the tip radius; the twist is that of a true screw.
    """
    chord = design.chord * np.interp(x, [0.18, 0.30, 0.45, 0.60, 0.75, 0.90, 1.0],
                              [0.62, 0.86, 1.00, 0.98, 0.86, 0.62, 0.30])
    twist = np.arctan(design.pitch / (np.pi * x)) - np.arctan(design.pitch / (np.pi * 0.75))
    zero_lift = np.radians(np.interp(x, [0.18, 0.4, 1.0], [-3.5, -2.8, -2.0]))
    return chord, twist, zero_lift


def section(alpha, zero_lift, chord_over_radius, least_drag=TB2.least_drag):
    """Lift and drag coefficients of a blade section at ``alpha`` [rad], any angle.

    Attached flow: slope 5.6 per radian and a parabolic drag polar. Stalled flow after Viterna
    and Corrigan (NASA CP-2230, 1982), largest drag 1.3 (blade aspect ratio about 10). The blend
    is centred 16 deg above zero lift, later where c/r is large (Snel's 3 (c/r)^2).
    """
    effective = alpha - zero_lift
    delay = np.minimum(3.0 * chord_over_radius**2, 0.6)
    up = 1.0 / (1.0 + np.exp(-20.0 * (effective - np.radians(16.0) * (1.0 + delay))))
    down = 1.0 / (1.0 + np.exp(20.0 * (effective + np.radians(11.0))))
    stalled = np.clip(up + down, 0.0, 1.0)
    attached = 5.6 * effective
    sine, cosine = np.sin(alpha), np.cos(alpha)
    plate = 1.3 * sine * cosine + 0.27 * cosine**2 * sine / (sine**2 + 0.015)
    lift = (1.0 - stalled) * attached + stalled * plate
    drag_attached = least_drag + 0.016 * (attached - 0.3) ** 2
    drag_plate = 0.03 + 1.3 * sine**2
    return lift, (1.0 - stalled) * drag_attached + stalled * drag_plate


def _forces(phi, x, angle, design):
    """Axial and tangential force coefficients, loss factor and solidity at inflow ``phi``."""
    chord, twist, zero_lift = blade(x, design)
    lift, drag = section(angle + twist - phi, zero_lift, chord / x, design.least_drag)
    sine = np.maximum(np.abs(np.sin(phi)), 1e-9)
    tip = design.blades / 2 * (1 - x) / (x * sine)
    hub = design.blades / 2 * (x - design.hub) / (design.hub * sine)
    loss = (2 / np.pi) ** 2 * np.arccos(np.exp(-tip)) * np.arccos(np.exp(-hub))
    axial = lift * np.cos(phi) - drag * np.sin(phi)
    tangential = lift * np.sin(phi) + drag * np.cos(phi)
    return axial, tangential, loss, design.blades * chord / (2 * np.pi * x)


def _imbalance(phi, x, angle, advance, design):
    """Blade force less momentum, positive where ``phi`` is above the root."""
    axial, tangential, loss, solidity = _forces(phi, x, angle, design)
    slip = advance / (np.pi * x)
    return (np.sin(phi) ** 2 - solidity * axial / (4 * loss)
            - slip * (np.sin(phi) * np.cos(phi) + solidity * tangential / (4 * loss)))


def coefficients(angle, advance, design=TB2):
    """CT and CP at blade angle ``angle`` [rad, at 75 % radius] and advance ratio ``advance``.

    Arguments broadcast. CT = T / (rho n^2 D^4), CP = P / (rho n^3 D^5), n in turns per second.
    """
    angle, advance = np.broadcast_arrays(np.asarray(angle, float), np.asarray(advance, float))
    angle, advance = angle[..., None], advance[..., None]
    edges = np.cos(np.linspace(np.pi, 0, STATIONS + 1))
    nodes = design.hub + (1 - design.hub) * (edges + 1) / 2
    x, width = (nodes[1:] + nodes[:-1]) / 2, np.diff(nodes)
    low = np.full(np.broadcast_shapes(angle.shape, x.shape), 1e-6)
    high = np.full_like(low, np.pi / 2 - 1e-6)
    for _ in range(60):
        middle = (low + high) / 2
        above = _imbalance(middle, x, angle, advance, design) > 0
        high, low = np.where(above, middle, high), np.where(above, low, middle)
    phi = (low + high) / 2
    axial, tangential, loss, solidity = _forces(phi, x, angle, design)
    # rotor speed at the blade from the swirl: omega r (1 - a'), with a' / (1 - a') = kappa'
    kappa = solidity * tangential / (4 * loss * np.sin(phi) * np.cos(phi))
    speed = np.pi * x / (1 + kappa) / np.cos(phi)  # in units of n D
    chord = blade(x, design)[0] / 2  # in diameters
    dynamic = 0.5 * speed**2 * design.blades * chord * width / 2
    return (dynamic * axial).sum(-1), (dynamic * tangential * x / 2).sum(-1) * 2 * np.pi


def tables(design=TB2):
    """CT and CP, each 12 blade angles by 24 advance ratios."""
    return coefficients(design.angles[:, None], design.advance[None, :], design)


def jsbsim_tables():
    """JSBSim's tables of an 81 inch, two-blade, variable-pitch propeller.

    Blade angles [deg], advance ratios, CT and CP (rows J). Where JSBSim stops its table
    (constant -0.001 or zero past zero thrust) the entry is NaN.
    """
    found = find_spec("jsbsim")
    if found is None or found.origin is None:
        raise SystemExit("install jsbsim to compare (it is in the group \"dev\")")
    root = ElementTree.parse(Path(found.origin).parent / "engine/prop_81in2v.xml").getroot()
    result = []
    for name in ("C_THRUST", "C_POWER"):
        text = root.find(f"table[@name='{name}']/tableData").text.strip().splitlines()
        rows = np.array([[float(x) for x in line.split()] for line in text[1:]])
        result.append((np.array([float(x) for x in text[0].split()]), rows))
    (angles, thrust), (_, power) = result
    thrust, power = thrust[:len(power)], power
    stopped = thrust[:, 1:] <= 0
    return (angles, thrust[:, 0], np.where(stopped, np.nan, thrust[:, 1:]),
            np.where(stopped, np.nan, power[:, 1:]))


def compare():
    """Print our coefficients beside JSBSim's at equal blade angle and advance ratio."""
    angles, advance, thrust, power = jsbsim_tables()
    print("blade   J      CT   JSBSim   diff      CP   JSBSim   diff     eta  JSBSim")
    for column, angle in enumerate(angles):
        for row in range(0, len(advance), 4):
            if np.isnan(thrust[row, column]):
                continue
            ct, cp = coefficients(np.radians(angle), advance[row])
            theirs = thrust[row, column], power[row, column]
            print(f"{angle:5.0f} {advance[row]:5.2f} {ct:7.4f} {theirs[0]:7.4f} "
                  f"{ct - theirs[0]:+7.4f} {cp:7.4f} {theirs[1]:7.4f} {cp - theirs[1]:+7.4f} "
                  f"{advance[row] * ct / cp:7.3f} {advance[row] * theirs[0] / theirs[1]:7.3f}")


def operating_point(power, airspeed, engine_rpm, density=1.225, design=TB2):
    """Blade angle [rad], thrust [N] and efficiency at which the governor holds ``engine_rpm``.

    ``power`` in W, ``airspeed`` in m/s, ``density`` in kg/m3; NaN efficiency at rest.
    """
    turns, diameter = engine_rpm / 60 / design.gear_ratio, design.diameter
    angles = np.linspace(design.angles[0], design.angles[-1], 331)
    ct, cp = coefficients(angles, airspeed / (turns * diameter), design)
    needed = power / (density * turns**3 * diameter**5)
    index = int(np.argmax(cp >= needed)) if (cp >= needed).any() else len(cp) - 1
    thrust = ct[index] * density * turns**2 * diameter**4
    return angles[index], thrust, thrust * airspeed / power if airspeed else float("nan")


def report(design):
    ct, cp = tables(design)
    print("peak efficiency by blade angle:")
    for row, angle in enumerate(design.angles):
        driving = (ct[row] > 0) & (cp[row] > 0)
        efficiency = np.where(driving, design.advance * ct[row] / np.where(driving, cp[row], 1), 0)
        best = int(efficiency.argmax())
        print(f"  {np.degrees(angle):4.0f} deg: {efficiency[best]:.3f} at J "
              f"{design.advance[best]:.2f}")
    print("governed points (power kW, speed m/s, crank rpm, density): blade angle, thrust, eta")
    for power, speed, rpm, density in design.points:
        angle, thrust, efficiency = operating_point(power * 1000, speed, rpm, density, design)
        print(f"  {power:5.1f} {speed:5.1f} {rpm:5d} {density:.3f}: {np.degrees(angle):5.1f} deg "
              f"{thrust:6.0f} N {efficiency:6.3f}")
    with (AIRCRAFT / f"{design.name}.toml").open("rb") as file:
        used = tomllib.load(file)["propeller"]
    for name, table in (("CT", ct), ("CP", cp)):
        apart = np.abs(np.array(used[name]["value"]) - table).max()
        print(f"{name} in {design.name}.toml differs by at most {apart:.1e}")
    if design is TB2:
        compare()


def as_toml(design):
    """The tables as they stand in the aircraft's file."""
    lines = []
    for name, table in zip(("CT", "CP"), tables(design), strict=True):
        lines += ["", f"[propeller.{name}]", 'unit = ""', 'grade = "derived"',
                  'source = "study_propeller"', "value = ["]
        lines += ["    [" + ", ".join(f"{x:.5f}" for x in row) + "]," for row in table]
        lines.append("]")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Propeller of an aircraft")
    parser.add_argument("aircraft", nargs="?", default="tb2", choices=sorted(DESIGNS))
    parser.add_argument("--toml", action="store_true", help="print the tables for its file")
    arguments = parser.parse_args()
    if arguments.toml:
        print(as_toml(DESIGNS[arguments.aircraft]))
    else:
        report(DESIGNS[arguments.aircraft])
