"""Aerodynamic forces and moments of the whole airframe from its coefficients.

Attached flow is linear in alpha up to a smooth ceiling at ``CL_max``; past the stall it blends
into a flat plate, CL = 2 sin^2(alpha) cos(alpha), CD = 2 sin^3(alpha) (after Beard and McLain,
Small Unmanned Aircraft, 2012, eqs 4.9 and 4.10). Near the ground the induced drag falls by
(16 h/b)^2 / (1 + (16 h/b)^2) (McCormick, Aerodynamics, Aeronautics and Flight Mechanics, 1979).

A parked aircraft feels wind from every side. Further than 60 deg from ahead, wing and surfaces have
less and less of the flow across them, from abeam none, and from behind they meet it the other way
round: a deflection changes its sign there, and the tail trims against the angle to the flow, which
is small again.
"""

from math import asin, atan2, cos, exp, log, pi, sin, sqrt

from longwatch.compiled import compiled

# Below this airspeed the flow angles mean nothing and the forces are negligible.
LEAST_AIRSPEED = 0.5
# So chosen that lift peaks within 1 % of CL_max: the stall speed is what the datasheet says.
SATURATION_SHARPNESS = 30.0
STALL_DELAY = 0.14
# With both angles of the flow [rad] up to this it comes from ahead, less than 60 deg off.
FROM_AHEAD = 0.75
# Body and fins across the flow are plates, whose force grows no further beyond this sideslip [rad].
LARGEST_SIDESLIP = 1.0


@compiled
def flow(u, v, w):
    """Airspeed [m/s], angle of attack and sideslip [rad] of an air-relative body velocity."""
    airspeed = sqrt(u * u + v * v + w * w)
    if airspeed < LEAST_AIRSPEED:
        return airspeed, 0.0, 0.0
    return airspeed, atan2(w, u), asin(v / airspeed)


@compiled
def ground_effect(height_wing, span):
    """Factor on the induced drag at a wing height [m] over the ground."""
    ratio = 16.0 * max(height_wing, 0.0) / span
    return ratio * ratio / (1.0 + ratio * ratio)


@compiled
def stalled_share(aero, alpha):
    """Share of stalled flow, 0 attached to 1 flat plate."""
    above = (aero.CL_max - aero.CL0) / aero.CL_alpha + STALL_DELAY
    below = (aero.CL_min - aero.CL0) / aero.CL_alpha - STALL_DELAY
    sharpness = aero.stall_sharpness
    if below + 0.3 < alpha < above - 0.3:
        return 0.0
    rising = exp(min(sharpness * (alpha - above), 50.0))
    falling = exp(min(sharpness * (below - alpha), 50.0))
    return rising / (1.0 + rising) + falling / (1.0 + falling)


@compiled
def attached_lift(aero, alpha):
    """Lift coefficient of attached flow at zero rates and elevator."""
    CL = aero.CL0 + aero.CL_alpha * alpha
    if CL > aero.CL_max - 0.6:
        excess = SATURATION_SHARPNESS * (CL - aero.CL_max)
        CL -= (excess if excess > 40.0 else log(1.0 + exp(excess))) / SATURATION_SHARPNESS
    elif CL < aero.CL_min + 0.6:
        excess = SATURATION_SHARPNESS * (aero.CL_min - CL)
        CL += (excess if excess > 40.0 else log(1.0 + exp(excess))) / SATURATION_SHARPNESS
    return CL


@compiled
def coefficients(aero, aspect_ratio, alpha, beta, p_hat, q_hat, r_hat, elevator, aileron, rudder,
                 induced_factor, gear):
    """CL, CD, CY, Cl, Cm, Cn at the datum, stability axes for lift and drag.

    Angles in rad, rates non-dimensional; ``induced_factor`` is :func:`ground_effect`, ``gear``
    the extension of a retractable landing gear, 0 to 1.
    """
    CL = attached_lift(aero, alpha)
    parasite = aero.CD0 + aero.CD_gear * gear
    CD = parasite + induced_factor * CL * CL / (pi * aero.oswald * aspect_ratio)
    # What comes of alpha comes of the flow across the span alone, as on a swept wing: wind from
    # the side of a parked aircraft neither lifts nor tips it.
    across = cos(beta) * cos(beta)
    wing, incidence = 1.0, alpha
    if abs(alpha) > FROM_AHEAD or abs(beta) > FROM_AHEAD:
        facing = min(max(2.0 * cos(alpha) * cos(beta), -1.0), 1.0)
        wing, incidence = abs(facing), asin(sin(alpha))
        elevator, aileron, rudder = facing * elevator, facing * aileron, facing * rudder
        beta = min(max(beta, -LARGEST_SIDESLIP), LARGEST_SIDESLIP)
    Cm = aero.Cm0 + aero.Cm_alpha * incidence
    stalled = stalled_share(aero, alpha)
    if stalled > 0.0:
        s, c = sin(alpha), cos(alpha)
        CL = (1.0 - stalled) * CL + stalled * 2.0 * abs(s) * s * c
        CD = (1.0 - stalled) * CD + stalled * (parasite + across * 2.0 * abs(s) * s * s)
        Cm += stalled * aero.Cm_stall * s
    CL = across * CL + (1.0 - stalled) * (aero.CL_q * q_hat + aero.CL_elevator * elevator)
    Cm = across * Cm + aero.Cm_q * q_hat + aero.Cm_elevator * elevator
    CD += aero.CD_elevator2 * elevator * elevator + aero.CD_beta2 * beta * beta
    CY = aero.CY_beta * beta + aero.CY_p * p_hat + aero.CY_r * r_hat + aero.CY_rudder * rudder
    Cl = (wing * aero.Cl_beta * beta + aero.Cl_p * p_hat + aero.Cl_r * r_hat
          + aero.Cl_aileron * aileron + aero.Cl_rudder * rudder)
    Cn = (aero.Cn_beta * beta + aero.Cn_p * p_hat + aero.Cn_r * r_hat
          + aero.Cn_aileron * aileron + aero.Cn_rudder * rudder)
    return CL, CD, CY, Cl, Cm, Cn


@compiled
def loads(aero, geometry, density, u, v, w, p, q, r, elevator, aileron, rudder, induced_factor,
          gear):
    """Force [N] and moment about the datum [N m], body axes.

    ``u v w`` is the velocity relative to the air [m/s], ``p q r`` the rate relative to the
    air [rad/s], ``density`` in kg/m3, deflections in rad; ``gear`` is the
    extension of a retractable landing gear, 0 to 1.
    """
    airspeed, alpha, beta = flow(u, v, w)
    if airspeed < LEAST_AIRSPEED:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    half = 0.5 / airspeed
    span, chord = geometry.span, geometry.chord
    CL, CD, CY, Cl, Cm, Cn = coefficients(
        aero, span * span / geometry.wing_area, alpha, beta,
        p * span * half, q * chord * half, r * span * half,
        elevator, aileron, rudder, induced_factor, gear,
    )
    pressure_area = 0.5 * density * airspeed * airspeed * geometry.wing_area
    in_plane = sqrt(u * u + w * w)
    lift_x, lift_z = (w / in_plane, -u / in_plane) if in_plane > 1e-9 else (0.0, 0.0)
    drag = -CD * pressure_area / airspeed
    lift = CL * pressure_area
    return (
        drag * u + lift * lift_x,
        drag * v + CY * pressure_area,
        drag * w + lift * lift_z,
        Cl * pressure_area * span,
        Cm * pressure_area * chord,
        Cn * pressure_area * span,
    )
