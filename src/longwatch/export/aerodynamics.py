"""The coefficients of ``flight/aerodynamics.py`` as JSBSim functions.

JSBSim's LIFT, DRAG and SIDE are wind axes; ours are lift and drag along them but the side force
along body y. A body side force Y is, in wind axes, Y cos(beta) sideways and -Y sin(beta) of drag.
JSBSim's ratio qbarUW/qbar is cos^2(beta), which is what the flow across the span leaves of lift.
"""

from math import pi
from typing import Any
from xml.etree import ElementTree as ET

from longwatch.export.xml import add, call, clipped, function, product, total
from longwatch.flight.aerodynamics import (
    LARGEST_SIDESLIP,
    SATURATION_SHARPNESS,
    STALL_DELAY,
)

FOOT = 0.3048
INCH = 0.0254
ALPHA, BETA = "aero/alpha-rad", "aero/beta-rad"
ELEVATOR, RUDDER = "fcs/elevator-pos-rad", "fcs/rudder-pos-rad"
AILERON = "fcs/effective-aileron-pos-rad"
GEAR = "gear/gear-pos-norm"
ACROSS, STALLED = "aero/across-span", "aero/stalled-share"
ATTACHED, INDUCED = "aero/CL-attached", "aero/ground-effect"
FACING, WING = "aero/facing", "aero/wing-share"
SIDESLIP = "aero/sideslip-of-plates-rad"
P_HAT, Q_HAT, R_HAT = "aero/p-hat", "aero/q-hat", "aero/r-hat"


def aerodynamics(root: ET.Element, sheet: Any) -> None:
    """Add ``<aerodynamics>``; coefficients stand as properties ``aero/CL`` and so on."""
    section = add(root, "aerodynamics")
    aero = sheet.aerodynamics
    _conditions(section, sheet)
    _lift(section, aero)
    _drag(section, sheet)
    _moments(section, aero)
    _axes(section)


def _conditions(section: ET.Element, sheet: Any) -> None:
    aero, geometry = sheet.aerodynamics, sheet.geometry
    for name, rate, half in ((P_HAT, "p", "bi2vel"), (Q_HAT, "q", "ci2vel"),
                             (R_HAT, "r", "bi2vel")):
        function(section, name,
                 product(f"velocities/{rate}-aero-rad_sec", f"aero/{half}"))
    function(section, ACROSS, call("quotient", "aero/qbarUW-psf",
                                   call("max", "aero/qbar-psf", 1e-9)),
             "cos^2 of sideslip: the flow across the span alone makes lift")
    function(section, FACING, clipped(product(2.0, call("cos", ALPHA), call("cos", BETA)),
                                      -1.0, 1.0),
             "1 flow from ahead, -1 from behind: what a deflection does changes its sign")
    function(section, SIDESLIP, clipped(BETA, -LARGEST_SIDESLIP, LARGEST_SIDESLIP),
             "body and fins across the flow are plates")
    function(section, WING, call("abs", FACING), "0 flow along the wing, 1 across it")
    standing = float(geometry.wing_height) - float(sheet.landing_gear.wheels[1].position[2])
    height = total(product("position/h-agl-ft", FOOT), standing,
                   product("inertia/cg-z-in", -INCH))
    ratio = "aero/wing-height-ratio"
    function(section, ratio, product(call("max", height, 0.0), 16.0 / float(geometry.span)))
    function(section, INDUCED, call("quotient", call("pow", ratio, 2.0),
                                    total(1.0, call("pow", ratio, 2.0))),
             "share of the induced drag that is left near the ground (McCormick)")
    above = (aero.CL_max - aero.CL0) / aero.CL_alpha + STALL_DELAY
    below = (aero.CL_min - aero.CL0) / aero.CL_alpha - STALL_DELAY
    blend = total(_logistic(product(call("difference", ALPHA, above), aero.stall_sharpness)),
                  _logistic(product(call("difference", below, ALPHA), aero.stall_sharpness)))
    near = call("or", call("ge", ALPHA, above - 0.3), call("le", ALPHA, below + 0.3))
    function(section, STALLED, call("ifthen", near, blend, 0.0),
             "0 attached flow, 1 flat plate")


def _logistic(x: ET.Element) -> ET.Element:
    return call("quotient", 1.0, total(1.0, call("exp", product(clipped(x, -50.0, 50.0), -1.0))))


def _softplus(x: ET.Element, copy: ET.Element) -> ET.Element:
    """ln(1 + e^x) without overflow; ``copy`` is the same expression once more."""
    tail = call("ln", total(1.0, call("exp", product(call("abs", x), -1.0))))
    return total(call("max", copy, 0.0), tail)


def _lift(section: ET.Element, aero: Any) -> None:
    linear = "aero/CL-linear"
    function(section, linear, total(float(aero.CL0), product(float(aero.CL_alpha), ALPHA)))

    def excess(sign: float, bound: float) -> ET.Element:
        return product(call("difference", linear, float(bound)), sign * SATURATION_SHARPNESS)

    over = _softplus(excess(1.0, aero.CL_max), excess(1.0, aero.CL_max))
    under = _softplus(excess(-1.0, aero.CL_min), excess(-1.0, aero.CL_min))
    function(section, ATTACHED, total(
        linear, product(over, -1.0 / SATURATION_SHARPNESS),
        product(under, 1.0 / SATURATION_SHARPNESS)),
        "linear in alpha up to a smooth ceiling")
    plate = product(2.0, call("abs", call("sin", ALPHA)), call("sin", ALPHA), call("cos", ALPHA))
    wing = total(product(_attached_share(), ATTACHED), product(STALLED, plate))
    function(section, "aero/CL", total(
        product(ACROSS, wing),
        product(_attached_share(), total(product(float(aero.CL_q), Q_HAT),
                                         product(float(aero.CL_elevator), ELEVATOR)))))


def _attached_share() -> ET.Element:
    return call("difference", 1.0, STALLED)


def _drag(section: ET.Element, sheet: Any) -> None:
    aero, geometry = sheet.aerodynamics, sheet.geometry
    aspect_ratio = float(geometry.span) ** 2 / float(geometry.wing_area)
    parasite = "aero/CD-parasite"
    function(section, parasite, total(float(aero.CD0), product(float(aero.CD_gear), GEAR)))
    attached = total(parasite, product(INDUCED, ATTACHED, ATTACHED,
                                       1.0 / (pi * float(aero.oswald) * aspect_ratio)))
    plate = total(parasite, product(ACROSS, 2.0,
                                    call("pow", call("abs", call("sin", ALPHA)), 3.0)))
    function(section, "aero/CD", total(
        product(_attached_share(), attached), product(STALLED, plate),
        product(float(aero.CD_elevator2), FACING, FACING, ELEVATOR, ELEVATOR),
        product(float(aero.CD_beta2), SIDESLIP, SIDESLIP)))


def _moments(section: ET.Element, aero: Any) -> None:
    wing = total(float(aero.Cm0), product(float(aero.Cm_alpha), call("asin", call("sin", ALPHA))),
                 product(STALLED, float(aero.Cm_stall), call("sin", ALPHA)))
    function(section, "aero/Cm", total(
        product(ACROSS, wing), product(float(aero.Cm_q), Q_HAT),
        product(float(aero.Cm_elevator), FACING, ELEVATOR)))
    deflections = (("aileron", AILERON), ("rudder", RUDDER))
    for name in ("CY", "Cl", "Cn"):
        terms = [product(float(aero[f"{name}_{cause}"]), variable)
                 for cause, variable in (("p", P_HAT), ("r", R_HAT))]
        terms.append(product(WING if name == "Cl" else 1.0, float(aero[f"{name}_beta"]), SIDESLIP))
        terms += [product(float(aero[f"{name}_{cause}"]), FACING, variable)
                  for cause, variable in deflections if f"{name}_{cause}" in aero.dtype.names]
        function(section, f"aero/{name}", total(*terms))


def _axes(section: ET.Element) -> None:
    pressure_area, sideways = ("aero/qbar-psf", "metrics/Sw-sqft"), call("cos", BETA)
    forces = {
        "LIFT": product(*pressure_area, "aero/CL"),
        "DRAG": product(*pressure_area, call("difference", "aero/CD",
                                             product("aero/CY", call("sin", BETA)))),
        "SIDE": product(*pressure_area, "aero/CY", sideways),
        "ROLL": product(*pressure_area, "metrics/bw-ft", "aero/Cl"),
        "PITCH": product(*pressure_area, "metrics/cbarw-ft", "aero/Cm"),
        "YAW": product(*pressure_area, "metrics/bw-ft", "aero/Cn"),
    }
    for axis, body in forces.items():
        function(add(section, "axis", name=axis), f"aero/force/{axis.lower()}", body)


def degrees(angle: float) -> float:
    """An angle [rad] in deg."""
    return float(angle) * 180.0 / pi
