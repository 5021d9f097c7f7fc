"""Stability derivatives, lift limit and control power of the TB2-class layout.

    python studies/aerodynamics.py     # needs the optional group "studies" (AeroSandbox)

What is published of this layout is longitudinal (Marotta, 2022): it goes into the datasheet as
it stands and is the check of this model. The rest is computed here on a stated geometry:
vortex lattice for the lifting surfaces, Jorgensen's slender body with cross flow for fuselage
and booms (both AeroSandbox), NeuralFoil polars for the section's lift limit, profile drag
and the share of a hinged flap's thin-aerofoil power that is left in viscous flow.

Each derivative is a central difference about cruise at maximum mass (CL about 0.9), in body axes,
about the datum. Left out: propeller slipstream and its normal force, interference of
wing and fuselage, aeroelasticity. The printed table gives each value, its method, the published
one where there is one, and the one in tb2.toml.
"""

import math
import tomllib
from pathlib import Path

import aerosandbox as asb
import numpy as np

DATASHEET = Path(__file__).parents[1] / "src/longwatch/aircraft/tb2.toml"
AREA, SPAN, CHORD = 9.34, 12.0, 0.78
AIRSPEED = 36.0
ALPHA = 6.0  # deg, cruise at maximum mass: CL about 0.9
# Lattice panels along the chord, evenly spaced as the quarter / three-quarter rule wants; 18
# instead of 12 change no angle or rate derivative by 1 %, control power by 2 %.
PANELS = 12

# Wing: the published area, span and sections; taper, dihedral and incidence are assumed so that
# the mean chord is the published 0.78 m and the lift at zero alpha the published 0.30.
ROOT_CHORD, TIP_CHORD = 0.841, 0.715
DIHEDRAL = 3.0  # deg
INCIDENCE = 1.9  # deg
WING_AHEAD = 0.08  # m from the datum forward to the wing's quarter-chord line
AILERON_SPAN = (3.6, 5.7)  # m from the plane of symmetry
AILERON_HINGE = 0.78

# Inverted V-tail between booms 1 m either side, apex up. Drela's sizing (Flight Vehicle
# Aerodynamics, 2014): equivalent tail A_V cos^2 G, equivalent fin A_V sin^2 G.
BOOM_Y = 1.0
TAIL_ARM = 2.90  # m from the datum back to the tail's quarter-chord line
TAIL_HEIGHT = -0.05  # m of its feet above the wing
TAIL_DIHEDRAL = 48.0  # deg
TAIL_CHORD = 0.64
TAIL_INCIDENCE = -1.0  # deg
TAIL_HINGE = 0.75


def wing(aileron=0.0):
    """The wing; ``aileron`` [deg] positive for right wing down."""
    inner, outer = AILERON_SPAN
    half = np.unique(np.concatenate([
        np.linspace(0, inner - 0.02, 14), np.linspace(inner + 0.02, outer - 0.02, 10),
        np.linspace(outer + 0.02, SPAN / 2, 3)]))
    stations = np.concatenate([-half[:0:-1], half])
    sections = []
    for y in stations:
        span = abs(y) / (SPAN / 2)
        chord = ROOT_CHORD + (TIP_CHORD - ROOT_CHORD) * span
        foil = asb.Airfoil("naca2415").blend_with_another_airfoil(asb.Airfoil("naca1412"), span)
        if aileron and inner < abs(y) < outer:
            foil = foil.add_control_surface(-aileron * math.copysign(1, y), AILERON_HINGE)
        height = abs(y) * math.tan(math.radians(DIHEDRAL))
        sections.append(asb.WingXSec([-WING_AHEAD - chord / 4, y, height], chord,
                                     twist=INCIDENCE, airfoil=foil))
    return asb.Wing(name="wing", xsecs=sections)


def tail(elevator=0.0, rudder=0.0):
    """The inverted V-tail; ruddervators: left = elevator - rudder, right = elevator + rudder."""
    half = np.linspace(0.0, 1.0, 9)
    sections = []
    for place in np.concatenate([-half[:0:-1], half]):
        deflection = elevator + rudder * np.sign(place)
        foil = asb.Airfoil("naca0012")
        if deflection:
            foil = foil.add_control_surface(deflection, TAIL_HINGE)
        rise = (1 - abs(place)) * BOOM_Y * math.tan(math.radians(TAIL_DIHEDRAL))
        sections.append(asb.WingXSec(
            [TAIL_ARM - TAIL_CHORD / 4, place * BOOM_Y, TAIL_HEIGHT + rise], TAIL_CHORD,
            twist=TAIL_INCIDENCE, airfoil=foil))
    return asb.Wing(name="tail", xsecs=sections)


def bodies():
    """Fuselage and booms as bodies of revolution."""
    profile = [(-2.75, 0.02), (-2.45, 0.20), (-1.9, 0.32), (-0.8, 0.36), (0.3, 0.35),
               (0.9, 0.28), (1.2, 0.16)]
    fuselage = asb.Fuselage(name="fuselage", xsecs=[
        asb.FuselageXSec(xyz_c=[x, 0, -0.12], radius=r) for x, r in profile])
    booms = [asb.Fuselage(name="boom", xsecs=[
        asb.FuselageXSec(xyz_c=[x, side * BOOM_Y, 0], radius=r)
        for x, r in ((-0.6, 0.01), (-0.3, 0.09), (1.0, 0.08), (2.9, 0.05), (3.1, 0.01))])
        for side in (-1, 1)]
    return [fuselage, *booms]


def solve(surfaces, alpha=ALPHA, beta=0.0, p=0.0, q=0.0, r=0.0):
    """Body-axis coefficients of lifting surfaces: CL, CD, CY, Cl, Cm, Cn; angles in deg."""
    airplane = asb.Airplane(wings=surfaces, s_ref=AREA, b_ref=SPAN, c_ref=CHORD, xyz_ref=[0, 0, 0])
    lattice = asb.VortexLatticeMethod(
        airplane, asb.OperatingPoint(velocity=AIRSPEED, alpha=alpha, beta=beta, p=p, q=q, r=r),
        spanwise_resolution=1, chordwise_resolution=PANELS,
        chordwise_spacing_function=np.linspace, vortex_core_radius=1e-4)
    return coefficients(lattice.run()), lattice


def coefficients(found):
    """CL, CD, CY (body y), Cl, Cm, Cn out of AeroSandbox's answer."""
    pressure = 0.5 * asb.Atmosphere().density() * AIRSPEED**2
    return np.array([found["CL"], found["CD"], found["F_b"][1] / (pressure * AREA),
                     found["Cl"], found["Cm"], found["Cn"]], dtype=float).ravel()


def solve_bodies(alpha=ALPHA, beta=0.0):
    """The same coefficients of fuselage and booms, no wing near."""
    airplane = asb.Airplane(fuselages=bodies(), s_ref=AREA, b_ref=SPAN, c_ref=CHORD,
                            xyz_ref=[0, 0, 0])
    point = asb.OperatingPoint(velocity=AIRSPEED, alpha=alpha, beta=beta)
    return coefficients(asb.AeroBuildup(airplane, point).run())


def slope(function, step, per):
    """Central difference of the coefficients, per unit of ``per`` (the step's size in it)."""
    return (function(step) - function(-step)) / (2 * per)


def angle_and_rate_slopes(surfaces):
    """Derivatives by alpha, beta and non-dimensional p, q, r, surfaces alone."""
    one, rate = math.radians(1.0), 0.1
    half_span, half_chord = SPAN / (2 * AIRSPEED), CHORD / (2 * AIRSPEED)
    return {
        "alpha": slope(lambda d: solve(surfaces, alpha=ALPHA + d)[0], 1.0, one),
        "beta": slope(lambda d: solve(surfaces, beta=d)[0], 1.0, one),
        "p": slope(lambda d: solve(surfaces, p=d)[0], rate, rate * half_span),
        "q": slope(lambda d: solve(surfaces, q=d)[0], rate, rate * half_chord),
        "r": slope(lambda d: solve(surfaces, r=d)[0], rate, rate * half_span),
    }


def body_slopes():
    one = math.radians(1.0)
    return {"alpha": slope(lambda d: solve_bodies(alpha=ALPHA + d), 1.0, one),
            "beta": slope(lambda d: solve_bodies(beta=d), 1.0, one)}


def control_slopes():
    """Derivatives by elevator, aileron and rudder, inviscid, per radian."""
    five = math.radians(5.0)
    return {
        "elevator": slope(lambda d: solve([wing(), tail(elevator=d)])[0], 5.0, five),
        "aileron": slope(lambda d: solve([wing(aileron=d), tail()])[0], 5.0, five),
        "rudder": slope(lambda d: solve([wing(), tail(rudder=d)])[0], 5.0, five),
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


def lift_limit(sign=1.0):
    """CL of wing and tail where the first wing section reaches its own limit.

    The loading grows in line with alpha (vortex lattice); the section's limit is NeuralFoil's.
    """
    low, high = solve([wing()], alpha=0.0), solve([wing()], alpha=ALPHA)
    (loads_low, span), (loads_high, _) = section_lift(low[1]), section_lift(high[1])
    angles = sign * np.linspace(0.0, 22.0, 89)
    limits = []
    for name in ("naca2415", "naca1412"):
        found = asb.Airfoil(name).get_aero_from_neuralfoil(alpha=angles, Re=1.7e6)
        limits.append(sign * np.max(sign * found["CL"]))
    limit = limits[0] + (limits[1] - limits[0]) * np.abs(span) / (SPAN / 2)
    inner = np.abs(span) < 0.97 * SPAN / 2  # the lattice does not hold at the very tip
    reach = (limit - loads_low)[inner] / (loads_high - loads_low)[inner] * ALPHA
    alpha = sign * np.min(sign * reach)
    lift = low[0][0] + (high[0][0] - low[0][0]) * alpha / ALPHA
    return float(lift), float(alpha), [float(x) for x in limits]


def strip_lift_limit():
    """Largest CL of wing and tail as strips of viscous sections (AeroBuildup), no downwash.

    Above the first section's limit, for the rest of the span still gains; CL_max lies between.
    """
    airplane = asb.Airplane(wings=[wing(), tail()], s_ref=AREA, b_ref=SPAN, c_ref=CHORD,
                            xyz_ref=[0, 0, 0])
    point = asb.OperatingPoint(velocity=30.0, alpha=np.linspace(8.0, 20.0, 49))
    return float(np.max(asb.AeroBuildup(airplane, point).run()["CL"]))


def section_lift(lattice):
    """Lift coefficient of each strip of the wing, and the strip's y [m]."""
    force = lattice.forces_geometry.reshape(-1, PANELS, 3).sum(1)
    area = lattice.areas.reshape(-1, PANELS).sum(1)
    y = lattice.vortex_centers.reshape(-1, PANELS, 3)[:, 0, 1]
    alpha = math.radians(lattice.op_point.alpha)
    lift = force[:, 2] * math.cos(alpha) - force[:, 0] * math.sin(alpha)
    return lift / (lattice.op_point.dynamic_pressure() * area), y


def span_efficiency():
    """e of CD = CD0 + CL^2 / (pi e AR), CL 0.3 to 1.1: (induced alone, with the sections' drag)."""
    lift, induced, profile = [], [], []
    for alpha in (0.0, 2.0, 4.0, 6.0, 8.0):
        whole, _ = solve([wing(), tail()], alpha=alpha)
        strips, y = section_lift(solve([wing()], alpha=alpha)[1])
        lift.append(whole[0])
        induced.append(whole[1])
        profile.append(np.trapezoid([section_drag(c, abs(at)) for c, at in zip(strips, y)], y)
                       / SPAN)
    square, aspect = np.array(lift) ** 2, SPAN**2 / AREA
    slopes = [np.polyfit(square, drag, 1)[0]
              for drag in (np.array(induced), np.array(induced) + profile)]
    return [float(1 / (math.pi * aspect * s)) for s in slopes]


def section_drag(lift, y):
    """Profile drag of the wing section at ``y`` [m] that carries ``lift``, by NeuralFoil."""
    if not POLARS:
        alpha = np.linspace(-6, 12, 37)
        for name in ("naca2415", "naca1412"):
            found = asb.Airfoil(name).get_aero_from_neuralfoil(alpha=alpha, Re=1.9e6)
            POLARS.append((found["CL"], found["CD"]))
    root, tip = (np.interp(lift, c, d) for c, d in POLARS)
    return root + (tip - root) * y / (SPAN / 2)


POLARS: list = []


def drag_of_sideslip():
    """CD added per sideslip squared, to 15 deg: bodies' cross flow and the surfaces' share."""
    angle = math.radians(15.0)
    force = [solve_bodies(beta=b)[1] + solve([wing(), tail()], beta=b)[0][1] for b in (0.0, 15.0)]
    return (force[1] - force[0]) / angle**2


def drag_of_elevator():
    """CD added per deflection squared, to 15 deg: the tail section's profile drag, no lift."""
    foil = asb.Airfoil("naca0012")
    drag = [float(foil.add_control_surface(d, TAIL_HINGE).get_aero_from_neuralfoil(
        alpha=0.0, Re=1.4e6)["CD"][0]) for d in (0.0, 15.0)]
    return (drag[1] - drag[0]) * tail_area() / AREA / math.radians(15.0) ** 2


def tail_area():
    """True area of both panels of the V-tail, m2."""
    return 2 * BOOM_Y / math.cos(math.radians(TAIL_DIHEDRAL)) * TAIL_CHORD


def derivatives():
    """Every computed coefficient under its name in the datasheet: (value, method)."""
    surfaces = angle_and_rate_slopes([wing(), tail()])
    body, control = body_slopes(), control_slopes()
    zero = solve([wing(), tail()], alpha=0.0)[0] + solve_bodies(alpha=0.0)
    ruddervator = viscous_share("naca0012", TAIL_HINGE, 0.0, 1.4e6)
    aileron = viscous_share("naca1412", AILERON_HINGE, 5.0, 1.6e6)
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
    found["CL_max"] = (lift_limit()[0], "critical section")
    found["CL_min"] = (lift_limit(-1.0)[0], "critical section")
    found["oswald"] = (span_efficiency()[1], "lattice + polars")
    found["CD_beta2"] = (drag_of_sideslip(), both)
    found["CD_elevator2"] = (drag_of_elevator(), "NeuralFoil")
    return {name: (float(value), method) for name, (value, method) in found.items()}


def main():
    with DATASHEET.open("rb") as file:
        used = tomllib.load(file)["aerodynamics"]
    area, angle = tail_area(), math.radians(TAIL_DIHEDRAL)
    print(f"V-tail: area {area:.3f} m2; tail A_h {area * math.cos(angle) ** 2:.3f} m2, volume "
          f"{area * math.cos(angle) ** 2 * TAIL_ARM / (AREA * CHORD):.3f}; fin A_v "
          f"{area * math.sin(angle) ** 2:.3f} m2, volume "
          f"{area * math.sin(angle) ** 2 * TAIL_ARM / (AREA * SPAN):.4f}")
    lift, alpha, limits = lift_limit()
    print(f"lift limit: CL {lift:.3f} at alpha {alpha:.1f} deg, sections {limits[0]:.3f} (root), "
          f"{limits[1]:.3f} (tip); whole span by strips {strip_lift_limit():.3f}")
    print(f"span efficiency, induced drag alone: {span_efficiency()[0]:.3f}")
    print(f"{'':14}{'computed':>10}  {'method':20}{'tb2.toml':>10}  grade")
    for name, (value, method) in derivatives().items():
        entry = used[name]
        print(f"{name:14}{value:10.4f}  {method:20}{entry['value']:10.4f}  {entry['grade']}")
    sideslip = used["Cn_rudder"]["value"], used["Cn_beta"]["value"]
    print(f"rudder to hold 20 deg of sideslip: {-20 * sideslip[1] / sideslip[0]:.1f} deg")


if __name__ == "__main__":
    main()
