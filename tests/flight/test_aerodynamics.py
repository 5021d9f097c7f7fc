"""Coefficients and loads against their textbook equations, worked out here anew."""

import math

import numpy as np
import pytest

from longwatch.flight import aerodynamics

STILL = {"p": 0.0, "q": 0.0, "r": 0.0, "elevator": 0.0, "aileron": 0.0, "rudder": 0.0}


def loads(sheet, airspeed, alpha, beta=0.0, density=1.225, factor=1.0, gear=1.0, **given):
    v = {**STILL, **given}
    u, side, w = (airspeed * math.cos(alpha) * math.cos(beta), airspeed * math.sin(beta),
                  airspeed * math.sin(alpha) * math.cos(beta))
    return np.array(aerodynamics.loads(
        sheet.aerodynamics, sheet.geometry, density, u, side, w, v["p"], v["q"], v["r"],
        v["elevator"], v["aileron"], v["rudder"], factor, gear))


def lift_and_drag(sheet, airspeed, alpha, **given):
    """CL and CD out of the body forces."""
    fx, _, fz, *_ = loads(sheet, airspeed, alpha, **given)
    scale = 0.5 * 1.225 * airspeed**2 * sheet.geometry.wing_area
    s, c = math.sin(alpha), math.cos(alpha)
    return (fx * s - fz * c) / scale, (-fx * c - fz * s) / scale


def test_flow_angles_of_a_known_velocity():
    airspeed, alpha, beta = aerodynamics.flow(30.0, 40.0, 30.0)
    assert airspeed == pytest.approx(math.sqrt(3400.0))
    assert alpha == pytest.approx(math.pi / 4.0)
    assert math.sin(beta) == pytest.approx(40.0 / math.sqrt(3400.0))


@pytest.mark.parametrize("gear", [0.0, 0.4, 1.0])
def test_an_extended_gear_drags(own_sheet, gear):
    bare = lift_and_drag(own_sheet, 40.0, 0.05, gear=gear)
    own_sheet.aerodynamics.CD_gear = 0.02
    with_gear = lift_and_drag(own_sheet, 40.0, 0.05, gear=gear)
    assert with_gear[0] == pytest.approx(bare[0])
    assert with_gear[1] - bare[1] == pytest.approx(0.02 * gear, abs=1e-12)


def test_linear_range_is_the_coefficients(sheet):
    aero, area, span, chord = (sheet.aerodynamics, sheet.geometry.wing_area, sheet.geometry.span,
                               sheet.geometry.chord)
    airspeed, alpha, beta = 38.0, 0.05, 0.03
    p, q, r, de, da, dr = 0.2, 0.1, -0.15, -0.04, 0.08, 0.05
    found = loads(sheet, airspeed, alpha, beta, 1.1, p=p, q=q, r=r, elevator=de, aileron=da,
                  rudder=dr)
    scale = 0.5 * 1.1 * airspeed**2 * area
    ph, qh, rh = (rate * length / (2.0 * airspeed)
                  for rate, length in ((p, span), (q, chord), (r, span)))
    attached = aero.CL0 + aero.CL_alpha * alpha
    across = math.cos(beta) ** 2  # simple sweep: what comes of alpha, by the flow across the span
    CL = across * attached + aero.CL_q * qh + aero.CL_elevator * de
    CD = (aero.CD0 + attached**2 / (math.pi * aero.oswald * span**2 / area)
          + aero.CD_elevator2 * de**2 + aero.CD_beta2 * beta**2)
    CY = aero.CY_beta * beta + aero.CY_p * ph + aero.CY_r * rh + aero.CY_rudder * dr
    Cl = (aero.Cl_beta * beta + aero.Cl_p * ph + aero.Cl_r * rh + aero.Cl_aileron * da
          + aero.Cl_rudder * dr)
    Cm = (across * (aero.Cm0 + aero.Cm_alpha * alpha) + aero.Cm_q * qh
          + aero.Cm_elevator * de)
    Cn = (aero.Cn_beta * beta + aero.Cn_p * ph + aero.Cn_r * rh + aero.Cn_aileron * da
          + aero.Cn_rudder * dr)
    sa, ca, sb, cb = math.sin(alpha), math.cos(alpha), math.sin(beta), math.cos(beta)
    expected = scale * np.array([
        -CD * ca * cb + CL * sa, -CD * sb + CY, -CD * sa * cb - CL * ca,
        Cl * span, Cm * chord, Cn * span])
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("alpha", [-0.3, 0.02, 0.15, 0.5, 1.4])
def test_mirrored_flow_gives_mirrored_loads(sheet, alpha):
    right = loads(sheet, 35.0, alpha, 0.2, p=0.3, r=0.2, aileron=0.1, rudder=-0.1, q=0.1)
    left = loads(sheet, 35.0, alpha, -0.2, p=-0.3, r=-0.2, aileron=-0.1, rudder=0.1, q=0.1)
    assert left == pytest.approx(right * (1.0, -1.0, 1.0, -1.0, 1.0, -1.0), rel=1e-12, abs=1e-9)


def test_lift_peaks_close_to_the_largest_coefficient(sheet):
    alphas = np.radians(np.linspace(0.0, 40.0, 201))
    lifts = np.array([lift_and_drag(sheet, 30.0, alpha)[0] for alpha in alphas])
    peak = int(np.argmax(lifts))
    assert lifts[peak] == pytest.approx(sheet.aerodynamics.CL_max, rel=0.01)
    # A high aspect ratio wing without flaps stalls between 10 and 20 degrees.
    assert 10.0 < math.degrees(alphas[peak]) < 20.0
    assert lifts[-1] < 1.0


def test_deep_stall_is_a_flat_plate(sheet):
    for degrees in (60.0, 90.0, 120.0, -75.0):
        alpha = math.radians(degrees)
        CL, CD = lift_and_drag(sheet, 30.0, alpha)
        s, c = math.sin(alpha), math.cos(alpha)
        assert CL == pytest.approx(2.0 * abs(s) * s * c, abs=2e-3)
        assert CD == pytest.approx(2.0 * abs(s) ** 3 + sheet.aerodynamics.CD0, abs=2e-3)


def test_lift_and_drag_do_not_jump_anywhere(sheet):
    alphas = np.radians(np.linspace(-179.0, 179.0, 717))
    curve = np.array([lift_and_drag(sheet, 30.0, alpha) for alpha in alphas])
    steepest = np.max(np.abs(np.diff(curve, axis=0))) / (alphas[1] - alphas[0])
    assert steepest < 1.6 * sheet.aerodynamics.stall_sharpness / 4.0


@pytest.mark.parametrize("alpha", np.radians((-170.0, -60.0, 3.0, 17.0, 95.0)))
def test_drag_never_pushes(sheet, alpha):
    assert lift_and_drag(sheet, 30.0, alpha)[1] > 0.0


def test_ground_effect_after_mccormick():
    # One wing height of a tenth of the span: (1.6)^2 / (1 + 1.6^2).
    assert aerodynamics.ground_effect(1.2, 12.0) == pytest.approx(2.56 / 3.56)
    assert aerodynamics.ground_effect(0.0, 12.0) == 0.0
    assert aerodynamics.ground_effect(-1.0, 12.0) == 0.0
    assert aerodynamics.ground_effect(120.0, 12.0) == pytest.approx(1.0, abs=1e-4)


def test_ground_effect_acts_on_induced_drag_alone(sheet):
    free, near = (lift_and_drag(sheet, 30.0, 0.05, factor=f) for f in (1.0, 0.5))
    aspect_ratio = sheet.geometry.span**2 / sheet.geometry.wing_area
    induced = free[0] ** 2 / (math.pi * sheet.aerodynamics.oswald * aspect_ratio)
    assert free[0] == pytest.approx(near[0])
    assert free[1] - near[1] == pytest.approx(0.5 * induced, rel=1e-5)


def test_best_glide_ratio_is_that_of_the_parabolic_polar(sheet):
    aero = sheet.aerodynamics
    aspect_ratio = sheet.geometry.span**2 / sheet.geometry.wing_area
    best = 0.5 * math.sqrt(math.pi * aero.oswald * aspect_ratio / aero.CD0)
    ratios = []
    for alpha in np.radians(np.linspace(0.0, 12.0, 121)):
        CL, CD = lift_and_drag(sheet, 35.0, alpha)
        ratios.append(CL / CD)
    # It lies at CL 1.3, where lift begins to round off towards the stall.
    assert max(ratios) == pytest.approx(best, rel=5e-3)


def test_no_air_no_force_and_damping_in_proportion_to_slow_air(sheet):
    assert loads(sheet, 0.4, 0.1, p=1.0).tolist() == [0.0] * 6
    # Cl_p (p b/2V) (rho V^2/2) S b: linear in V, without a singularity.
    geometry = sheet.geometry
    for airspeed in (1.0, 4.0):
        damping = loads(sheet, airspeed, 0.0, p=0.5)[3]
        assert damping == pytest.approx(sheet.aerodynamics.Cl_p * 0.5 * 1.225 / 4.0 * airspeed
                                        * geometry.wing_area * geometry.span**2)


@pytest.mark.parametrize("vertical", [-8.0, 2.0, 8.0])
def test_side_wind_neither_lifts_nor_tips_what_stands(sheet, vertical):
    """At zero rates, pitching moment and lift are those of the flow without its sideward part."""
    def found(side):
        return aerodynamics.loads(sheet.aerodynamics, sheet.geometry, 1.225, 4.0, side, vertical,
                                  0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0)

    straight, sideways = found(0.0), found(10.0)
    assert sideways[4] == pytest.approx(straight[4], rel=1e-12)
    # Lift is what is left across the flow in the plane of symmetry: drag has no part in it.
    across = [load[0] * vertical - load[2] * 4.0 for load in (straight, sideways)]
    assert across[1] == pytest.approx(across[0], rel=1e-12)


def forces(sheet, u, v, w, **surfaces):
    """Six loads in air of sea level's density, no rates."""
    given = {"elevator": 0.0, "aileron": 0.0, "rudder": 0.0, **surfaces}
    return np.array(aerodynamics.loads(
        sheet.aerodynamics, sheet.geometry, 1.225, u, v, w, 0.0, 0.0, 0.0, given["elevator"],
        given["aileron"], given["rudder"], 1.0, 1.0))


def test_wind_from_behind_pitches_it_no_more_whichever_way_it_slants(sheet):
    pressure = 0.5 * 1.225 * 10.0**2 * sheet.geometry.wing_area * sheet.geometry.chord
    above, below = (forces(sheet, -10.0, 0.0, w)[4] / pressure for w in (1e-6, -1e-6))
    assert above == pytest.approx(sheet.aerodynamics.Cm0, abs=1e-4)
    assert below == pytest.approx(sheet.aerodynamics.Cm0, abs=1e-4)


@pytest.mark.parametrize(("surface", "axis"), [("elevator", 4), ("aileron", 3), ("rudder", 5)])
def test_a_deflection_acts_the_other_way_round_in_wind_from_behind(sheet, surface, axis):
    ahead, behind, abeam = (
        (forces(sheet, *wind, **{surface: 0.2}) - forces(sheet, *wind))[axis]
        for wind in ((10.0, 0.0, 0.0), (-10.0, 0.0, 0.0), (0.0, 10.0, 0.0)))
    assert behind == pytest.approx(-ahead, rel=1e-9)
    assert abs(abeam) < 1e-9 * abs(ahead)


def test_wind_from_abeam_pushes_as_on_a_plate_and_rolls_it_by_no_wing(sheet):
    """Whichever way the little that flows across the wing points."""
    aero, area = sheet.aerodynamics, sheet.geometry.wing_area
    pressure = 0.5 * 1.225 * 15.0**2 * area
    for u, w in ((0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01)):
        found = forces(sheet, u, 15.0, w)
        # Side force and drag of a sideslip of 1 rad, no more than a plate's 1.2 (Hoerner).
        expected = -(aero.CD0 + aero.CD_beta2) + aero.CY_beta
        assert found[1] / pressure == pytest.approx(expected, abs=0.06)
        assert abs(found[3]) < 1e-3 * pressure * sheet.geometry.span
