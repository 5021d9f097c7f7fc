"""Stability derivatives, lift limit and control power of an aircraft's layout.

    python studies/aerodynamics.py [tb2|akinci]     # needs the group "studies" (AeroSandbox)

The geometry stands in layout_tb2.py and layout_akinci.py. Computed on it: vortex lattice for the
lifting surfaces, Jorgensen's slender body with cross flow for fuselage, booms and nacelles (both
AeroSandbox), NeuralFoil polars for the section's lift limit, profile drag and the share of a
hinged flap's thin-aerofoil power that is left in viscous flow. Of the TB2-class a longitudinal
set is published (Marotta, 2022): it goes into the datasheet as it stands and is the check of
this model. Of the Akinci-class nothing is.

Each derivative is a central difference about cruise at maximum mass (CL about 0.9), in body axes,
about the datum. Left out: propeller slipstream and its normal force, interference of
wing and fuselage, aeroelasticity, Mach number. The printed table gives each value, its method and
the one in the aircraft's file.
"""

import argparse
import importlib
import math
import tomllib
from functools import cache
from pathlib import Path

import aerosandbox as asb
import numpy as np

AIRCRAFT = Path(__file__).parents[1] / "src/longwatch/aircraft"
# Lattice panels along the chord, evenly spaced as the quarter / three-quarter rule wants; 18
# instead of 12 change no angle or rate derivative by 1 %, control power by 2 %.
PANELS = 12


def layout(name):
    """The module that holds an aircraft's geometry."""
    return importlib.import_module(f"layout_{name}")


def solve(a, surfaces, alpha=None, beta=0.0, p=0.0, q=0.0, r=0.0):
    """Body-axis coefficients of lifting surfaces: CL, CD, CY, Cl, Cm, Cn; angles in deg.

    ``a`` is the layout; ``alpha`` is its cruise's where none is given.
    """
    airplane = asb.Airplane(wings=surfaces, s_ref=a.AREA, b_ref=a.SPAN, c_ref=a.CHORD,
                            xyz_ref=[0, 0, 0])
    alpha = a.ALPHA if alpha is None else alpha
    lattice = asb.VortexLatticeMethod(
        airplane, asb.OperatingPoint(velocity=a.AIRSPEED, alpha=alpha, beta=beta, p=p, q=q, r=r),
        spanwise_resolution=1, chordwise_resolution=PANELS,
        chordwise_spacing_function=np.linspace, vortex_core_radius=1e-4)
    return coefficients(a, lattice.run()), lattice


def coefficients(a, found):
    """CL, CD, CY (body y), Cl, Cm, Cn out of AeroSandbox's answer."""
    pressure = 0.5 * asb.Atmosphere().density() * a.AIRSPEED**2
    return np.array([found["CL"], found["CD"], found["F_b"][1] / (pressure * a.AREA),
                     found["Cl"], found["Cm"], found["Cn"]], dtype=float).ravel()


def solve_bodies(a, alpha=None, beta=0.0):
    """The same coefficients of fuselage and booms or nacelles, no wing near."""
    airplane = asb.Airplane(fuselages=a.bodies(), s_ref=a.AREA, b_ref=a.SPAN, c_ref=a.CHORD,
                            xyz_ref=[0, 0, 0])
    alpha = a.ALPHA if alpha is None else alpha
    point = asb.OperatingPoint(velocity=a.AIRSPEED, alpha=alpha, beta=beta)
    return coefficients(a, asb.AeroBuildup(airplane, point).run())


def slope(function, step, per):
    """Central difference of the coefficients, per unit of ``per`` (the step's size in it)."""
    return (function(step) - function(-step)) / (2 * per)


def angle_and_rate_slopes(a, surfaces):
    """Derivatives by alpha, beta and non-dimensional p, q, r, surfaces alone."""
    one, rate = math.radians(1.0), 0.1
    half_span, half_chord = a.SPAN / (2 * a.AIRSPEED), a.CHORD / (2 * a.AIRSPEED)
    return {
        "alpha": slope(lambda d: solve(a, surfaces, alpha=a.ALPHA + d)[0], 1.0, one),
        "beta": slope(lambda d: solve(a, surfaces, beta=d)[0], 1.0, one),
        "p": slope(lambda d: solve(a, surfaces, p=d)[0], rate, rate * half_span),
        "q": slope(lambda d: solve(a, surfaces, q=d)[0], rate, rate * half_chord),
        "r": slope(lambda d: solve(a, surfaces, r=d)[0], rate, rate * half_span),
    }


def body_slopes(a):
    one = math.radians(1.0)
    return {"alpha": slope(lambda d: solve_bodies(a, alpha=a.ALPHA + d), 1.0, one),
            "beta": slope(lambda d: solve_bodies(a, beta=d), 1.0, one)}


def control_slopes(a):
    """Derivatives by elevator, aileron and rudder, inviscid, per radian."""
    five = math.radians(5.0)
    return {
        "elevator": slope(lambda d: solve(a, [a.wing(), a.tail(elevator=d)])[0], 5.0, five),
        "aileron": slope(lambda d: solve(a, [a.wing(aileron=d), a.tail()])[0], 5.0, five),
        "rudder": slope(lambda d: solve(a, [a.wing(), a.tail(rudder=d)])[0], 5.0, five),
    }


def viscous_share(name, hinge, alpha, reynolds, deflection=20.0):
    """Flap lift by NeuralFoil over thin-aerofoil flap lift: the secant to +-``deflection``.

    Taken at 20 deg, so that the linear derivative does not promise more than large travel gives.
    """
    foil = asb.Airfoil(name)
    lift = [float(foil.add_control_surface(d, hinge).get_aero_from_neuralfoil(
        alpha=alpha, Re=reynolds)["CL"][0]) for d in (-deflection, deflection)]
    theta = math.acos(2 * hinge - 1)
    ideal = 2 * (theta + math.sin(theta))
    return (lift[1] - lift[0]) / (2 * math.radians(deflection)) / ideal


def lift_limit(a, sign=1.0):
    """CL of wing and tail where the first wing section reaches its own limit.

    The loading grows in line with alpha (vortex lattice); the section's limit is NeuralFoil's.
    """
    low, high = solve(a, [a.wing()], alpha=0.0), solve(a, [a.wing()], alpha=a.ALPHA)
    (loads_low, span), (loads_high, _) = section_lift(low[1]), section_lift(high[1])
    angles = sign * np.linspace(0.0, 22.0, 89)
    limits = []
    for name in (a.ROOT, a.TIP):
        found = asb.Airfoil(name).get_aero_from_neuralfoil(alpha=angles, Re=a.REYNOLDS)
        limits.append(sign * np.max(sign * found["CL"]))
    limit = limits[0] + (limits[1] - limits[0]) * np.abs(span) / (a.SPAN / 2)
    inner = np.abs(span) < 0.97 * a.SPAN / 2  # the lattice does not hold at the very tip
    reach = (limit - loads_low)[inner] / (loads_high - loads_low)[inner] * a.ALPHA
    alpha = sign * np.min(sign * reach)
    lift = low[0][0] + (high[0][0] - low[0][0]) * alpha / a.ALPHA
    return float(lift), float(alpha), [float(x) for x in limits]


def strip_lift_limit(a):
    """Largest CL of wing and tail as strips of viscous sections (AeroBuildup), no downwash.

    Above the first section's limit, for the rest of the span still gains; CL_max lies between.
    """
    airplane = asb.Airplane(wings=[a.wing(), a.tail()], s_ref=a.AREA, b_ref=a.SPAN, c_ref=a.CHORD,
                            xyz_ref=[0, 0, 0])
    point = asb.OperatingPoint(velocity=a.STRIPS_AIRSPEED, alpha=np.linspace(8.0, 20.0, 49))
    return float(np.max(asb.AeroBuildup(airplane, point).run()["CL"]))


def section_lift(lattice):
    """Lift coefficient of each strip of the wing, and the strip's y [m]."""
    force = lattice.forces_geometry.reshape(-1, PANELS, 3).sum(1)
    area = lattice.areas.reshape(-1, PANELS).sum(1)
    y = lattice.vortex_centers.reshape(-1, PANELS, 3)[:, 0, 1]
    alpha = math.radians(lattice.op_point.alpha)
    lift = force[:, 2] * math.cos(alpha) - force[:, 0] * math.sin(alpha)
    return lift / (lattice.op_point.dynamic_pressure() * area), y


def span_efficiency(a):
    """e of CD = CD0 + CL^2 / (pi e AR), CL 0.3 to 1.1: (induced alone, with the sections' drag)."""
    lift, induced, profile = [], [], []
    for alpha in (0.0, 2.0, 4.0, 6.0, 8.0):
        whole, _ = solve(a, [a.wing(), a.tail()], alpha=alpha)
        strips, y = section_lift(solve(a, [a.wing()], alpha=alpha)[1])
        lift.append(whole[0])
        induced.append(whole[1])
        profile.append(np.trapezoid([section_drag(a, c, abs(at)) for c, at in zip(strips, y)], y)
                       / a.SPAN)
    square, aspect = np.array(lift) ** 2, a.SPAN**2 / a.AREA
    slopes = [np.polyfit(square, drag, 1)[0]
              for drag in (np.array(induced), np.array(induced) + profile)]
    return [float(1 / (math.pi * aspect * s)) for s in slopes]


@cache
def polar(name, reynolds, angles):
    """Lift and drag coefficients of a section at several ``angles`` [deg], by NeuralFoil."""
    found = asb.Airfoil(name).get_aero_from_neuralfoil(alpha=np.array(angles), Re=reynolds)
    return found["CL"], found["CD"]


def section_drag(a, lift, y):
    """Profile drag of the wing section at ``y`` [m] that carries ``lift``, by NeuralFoil."""
    root, tip = (np.interp(lift, *polar(name, a.REYNOLDS_CRUISE, tuple(a.POLAR_ALPHA)))
                 for name in (a.ROOT, a.TIP))
    return root + (tip - root) * y / (a.SPAN / 2)


def drag_of_sideslip(a):
    """CD added per sideslip squared, to 15 deg: bodies' cross flow and the surfaces' share."""
    angle = math.radians(15.0)
    force = [solve_bodies(a, beta=b)[1] + solve(a, [a.wing(), a.tail()], beta=b)[0][1]
             for b in (0.0, 15.0)]
    return (force[1] - force[0]) / angle**2


def drag_of_elevator(a):
    """CD added per deflection squared, to 15 deg: the tail section's profile drag, no lift."""
    foil = asb.Airfoil(a.TAIL_SECTION)
    drag = [float(foil.add_control_surface(d, a.TAIL_HINGE).get_aero_from_neuralfoil(
        alpha=0.0, Re=a.REYNOLDS_TAIL)["CD"][0]) for d in (0.0, 15.0)]
    return (drag[1] - drag[0]) * a.tail_area() / a.AREA / math.radians(15.0) ** 2


def derivatives(name="tb2"):
    """Every computed coefficient under its name in the datasheet: (value, method)."""
    a = layout(name)
    surfaces = angle_and_rate_slopes(a, [a.wing(), a.tail()])
    body, control = body_slopes(a), control_slopes(a)
    zero = solve(a, [a.wing(), a.tail()], alpha=0.0)[0] + solve_bodies(a, alpha=0.0)
    ruddervator = viscous_share(a.TAIL_SECTION, a.TAIL_HINGE, 0.0, a.REYNOLDS_TAIL)
    aileron = viscous_share(a.TIP, a.AILERON_HINGE, a.AILERON_ALPHA, a.REYNOLDS_AILERON)
    both, alone = "lattice + bodies", "lattice"
    found = {"CL0": (zero[0], both), "Cm0": (zero[4], both),
             "CL_alpha": (surfaces["alpha"][0] + body["alpha"][0], both),
             "Cm_alpha": (surfaces["alpha"][4] + body["alpha"][4], both),
             "CL_q": (surfaces["q"][0], alone), "Cm_q": (surfaces["q"][4], alone)}
    for index, axis in ((2, "CY"), (3, "Cl"), (5, "Cn")):
        found[f"{axis}_beta"] = (surfaces["beta"][index] + body["beta"][index], both)
        found[f"{axis}_p"] = (surfaces["p"][index], alone)
        found[f"{axis}_r"] = (surfaces["r"][index], alone)
        found[f"{axis}_rudder"] = (control["rudder"][index] * ruddervator,
                                   f"lattice x {ruddervator:.2f}")
        if axis != "CY":
            found[f"{axis}_aileron"] = (control["aileron"][index] * aileron,
                                        f"lattice x {aileron:.2f}")
    for index, name in ((0, "CL_elevator"), (4, "Cm_elevator")):
        found[name] = (control["elevator"][index] * ruddervator, f"lattice x {ruddervator:.2f}")
    found["CL_max"] = (lift_limit(a)[0], "critical section")
    found["CL_min"] = (lift_limit(a, -1.0)[0], "critical section")
    found["oswald"] = (span_efficiency(a)[1], "lattice + polars")
    found["CD_beta2"] = (drag_of_sideslip(a), both)
    found["CD_elevator2"] = (drag_of_elevator(a), "NeuralFoil")
    return {name: (float(value), method) for name, (value, method) in found.items()}


def main(name):
    a = layout(name)
    with (AIRCRAFT / f"{name}.toml").open("rb") as file:
        used = tomllib.load(file)["aerodynamics"]
    area, angle = a.tail_area(), math.radians(a.TAIL_DIHEDRAL)
    tail, fin = area * math.cos(angle) ** 2, area * math.sin(angle) ** 2
    print(f"V-tail: area {area:.3f} m2; tail A_h {tail:.3f} m2, volume "
          f"{tail * a.TAIL_ARM / (a.AREA * a.CHORD):.3f}; fin A_v {fin:.3f} m2, volume "
          f"{fin * a.TAIL_ARM / (a.AREA * a.SPAN):.4f}")
    lift, alpha, limits = lift_limit(a)
    print(f"lift limit: CL {lift:.3f} at alpha {alpha:.1f} deg, sections {limits[0]:.3f} (root), "
          f"{limits[1]:.3f} (tip); whole span by strips {strip_lift_limit(a):.3f}")
    print(f"span efficiency, induced drag alone: {span_efficiency(a)[0]:.3f}")
    print(f"{'':14}{'computed':>10}  {'method':20}{name + '.toml':>11}  grade")
    for key, (value, method) in derivatives(name).items():
        entry = used[key]
        print(f"{key:14}{value:10.4f}  {method:20}{entry['value']:11.4f}  {entry['grade']}")
    sideslip = used["Cn_rudder"]["value"], used["Cn_beta"]["value"]
    print(f"rudder to hold 20 deg of sideslip: {-20 * sideslip[1] / sideslip[0]:.1f} deg")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Aerodynamics of an aircraft's layout")
    parser.add_argument("aircraft", nargs="?", default="tb2", choices=("tb2", "akinci"))
    main(parser.parse_args().aircraft)
