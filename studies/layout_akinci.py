"""The Akinci-class layout as AeroSandbox surfaces and bodies; aerodynamics.py computes on it.

Published are the span of 20 m, the length of 12.2 m and the height of 4.1 m, and by every picture a
gull wing with two engines on it and a conventional fuselage. The rest is assumed: a wing area of
36 m2 (sizing.py), taper 0.45, cambered NACA sections of the thickness that such wings carry fuel
in, and tail surfaces treated as an upright V-tail of equivalent areas (Drela, Flight Vehicle
Aerodynamics, 2014: equivalent tail A_V cos^2 G, fin A_V sin^2 G) whose tips stand at the published
height. Axes here: x aft, z up, from the datum.
"""

import math

import aerosandbox as asb
import numpy as np

AREA, SPAN = 36.0, 20.0
TAPER = 0.45
ROOT_CHORD = 2 * AREA / (SPAN * (1 + TAPER))
TIP_CHORD = TAPER * ROOT_CHORD
CHORD = 2 / 3 * ROOT_CHORD * (1 + TAPER + TAPER**2) / (1 + TAPER)  # 1.886 m
AIRSPEED = 56.0
STRIPS_AIRSPEED = 45.0
ALPHA = 4.0  # deg, cruise at maximum mass: CL about 0.87
REYNOLDS = 5.0e6  # wing, at the lift limit
REYNOLDS_CRUISE = 4.5e6  # 90 m/s at 30 000 ft
REYNOLDS_TAIL, REYNOLDS_AILERON = 4.5e6, 4.0e6
ROOT, TIP, TAIL_SECTION = "naca4416", "naca4412", "naca0012"
POLAR_ALPHA = np.linspace(-8, 14, 45)

INNER_Y, INNER_DIHEDRAL, OUTER_DIHEDRAL = 2.6, 9.0, 1.5  # gull wing: m, deg, deg
INCIDENCE = 1.5  # deg
WASHOUT = 2.0  # deg at the tip, so that the root reaches its limit first
WING_AHEAD = 0.32  # m from the datum forward to the wing's quarter-chord line
AILERON_SPAN = (6.2, 9.6)  # m from the plane of symmetry
AILERON_HINGE = 0.75
AILERON_ALPHA = 4.0

TAIL_ARM = 6.00  # m from the datum back to the tail's quarter-chord line
TAIL_HEIGHT = 0.30  # m of its feet above the wing's root
TAIL_DIHEDRAL = 42.0  # deg
TAIL_PANEL = 3.60  # m, length of one panel
TAIL_CHORD = 1.75
TAIL_INCIDENCE = -0.5  # deg
TAIL_HINGE = 0.68


def height(y):
    """Height of the gull wing's quarter-chord line over its root, m."""
    inner = min(abs(y), INNER_Y)
    return (inner * math.tan(math.radians(INNER_DIHEDRAL))
            + (abs(y) - inner) * math.tan(math.radians(OUTER_DIHEDRAL)))


def wing(aileron=0.0):
    """The wing; ``aileron`` [deg] positive for right wing down."""
    inner, outer = AILERON_SPAN
    half = np.unique(np.concatenate([
        np.linspace(0, INNER_Y, 6), np.linspace(INNER_Y, inner - 0.03, 8),
        np.linspace(inner + 0.03, outer - 0.03, 9), np.linspace(outer + 0.03, SPAN / 2, 3)]))
    sections = []
    for y in np.concatenate([-half[:0:-1], half]):
        span = abs(y) / (SPAN / 2)
        chord = ROOT_CHORD + (TIP_CHORD - ROOT_CHORD) * span
        foil = asb.Airfoil(ROOT).blend_with_another_airfoil(asb.Airfoil(TIP), span)
        if aileron and inner < abs(y) < outer:
            foil = foil.add_control_surface(-aileron * math.copysign(1, y), AILERON_HINGE)
        sections.append(asb.WingXSec([-WING_AHEAD - chord / 4, y, height(y)], chord,
                                     twist=INCIDENCE - WASHOUT * span, airfoil=foil))
    return asb.Wing(name="wing", xsecs=sections)


def tail(elevator=0.0, rudder=0.0):
    """The V-tail, apex down; positive rudder pushes it to the right, the nose to the left.

    On an upright V that takes the left surface down and the right one up, the other way round
    than on the inverted one; the datasheet's figures refer to elevator and rudder alone.
    """
    angle = math.radians(TAIL_DIHEDRAL)
    half = np.linspace(0.0, 1.0, 9)
    sections = []
    for place in np.concatenate([-half[:0:-1], half]):
        deflection = elevator - rudder * np.sign(place)
        foil = asb.Airfoil(TAIL_SECTION)
        if deflection:
            foil = foil.add_control_surface(deflection, TAIL_HINGE)
        sections.append(asb.WingXSec(
            [TAIL_ARM - TAIL_CHORD / 4, place * TAIL_PANEL * math.cos(angle),
             TAIL_HEIGHT + abs(place) * TAIL_PANEL * math.sin(angle)], TAIL_CHORD,
            twist=TAIL_INCIDENCE, airfoil=foil))
    return asb.Wing(name="tail", xsecs=sections)


def bodies():
    """Fuselage (12.2 m long) and nacelles as bodies of revolution."""
    profile = [(-5.4, 0.02), (-5.0, 0.40), (-4.2, 0.66), (-2.5, 0.72), (0.5, 0.72), (3.0, 0.56),
               (5.5, 0.34), (6.8, 0.05)]
    fuselage = asb.Fuselage(name="fuselage", xsecs=[
        asb.FuselageXSec(xyz_c=[x, 0, 0.35], radius=r) for x, r in profile])
    nacelles = [asb.Fuselage(name="nacelle", xsecs=[
        asb.FuselageXSec(xyz_c=[x, side * INNER_Y, 0.40], radius=r)
        for x, r in ((-2.2, 0.12), (-1.9, 0.30), (-0.5, 0.38), (0.6, 0.34), (1.6, 0.05))])
        for side in (-1, 1)]
    return [fuselage, *nacelles]


def tail_area():
    """True area of both panels of the V-tail, m2."""
    return 2 * TAIL_PANEL * TAIL_CHORD
