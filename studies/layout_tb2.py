"""The TB2-class layout as AeroSandbox surfaces and bodies; aerodynamics.py computes on it.

Inverted V-tail between booms 1 m either side, apex up. Wing: the published area, span and
sections; taper, dihedral and incidence are assumed so that the mean chord is the published
0.78 m and the lift at zero alpha the published 0.30.
"""

import math

import aerosandbox as asb
import numpy as np

AREA, SPAN, CHORD = 9.34, 12.0, 0.78
AIRSPEED = 36.0
STRIPS_AIRSPEED = 30.0
ALPHA = 6.0  # deg, cruise at maximum mass: CL about 0.9
REYNOLDS = 1.7e6  # wing, at the lift limit
REYNOLDS_CRUISE = 1.9e6
REYNOLDS_TAIL, REYNOLDS_AILERON = 1.4e6, 1.6e6
ROOT, TIP, TAIL_SECTION = "naca2415", "naca1412", "naca0012"
POLAR_ALPHA = np.linspace(-6, 12, 37)

ROOT_CHORD, TIP_CHORD = 0.841, 0.715
DIHEDRAL = 3.0  # deg
INCIDENCE = 1.9  # deg
WING_AHEAD = 0.08  # m from the datum forward to the wing's quarter-chord line
AILERON_SPAN = (3.6, 5.7)  # m from the plane of symmetry
AILERON_HINGE = 0.78
AILERON_ALPHA = 5.0

# Drela's sizing (Flight Vehicle Aerodynamics, 2014): equivalent tail A_V cos^2 G, fin A_V sin^2 G.
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
        foil = asb.Airfoil(ROOT).blend_with_another_airfoil(asb.Airfoil(TIP), span)
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
        foil = asb.Airfoil(TAIL_SECTION)
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


def tail_area():
    """True area of both panels of the V-tail, m2."""
    return 2 * BOOM_Y / math.cos(math.radians(TAIL_DIHEDRAL)) * TAIL_CHORD
