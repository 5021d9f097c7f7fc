"""Size, mass and wheels of the JSBSim model.

JSBSim's structural frame has x aft, y right, z up; its origin here is the datasheet's datum,
which is also the aerodynamic reference point.
"""

from math import degrees
from typing import Any
from xml.etree import ElementTree as ET

from longwatch.export.xml import add, computed, figure, location, product

WHEELS = ("NOSE", "LEFT_MAIN", "RIGHT_MAIN")
POUND = 0.45359237
# JSBSim's own factor for kg m2 is a ten-thousandth off.
SLUG_FOOT2 = 1.3558179483314004
FUEL_ABOARD = "systems/fuel/aboard-lbs"
# Slip angles [deg] of the table of tyre side force.
SLIP_ANGLES = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0, 20.0, 90.0)


def metrics(root: ET.Element, sheet: Any) -> None:
    """Add ``<metrics>``."""
    section, geometry = add(root, "metrics"), sheet.geometry
    add(section, "wingarea", float(geometry.wing_area), unit="M2")
    add(section, "wingspan", float(geometry.span), unit="M")
    add(section, "chord", float(geometry.chord), unit="M")
    location(section, (0.0, 0.0, 0.0), name="AERORP")
    location(section, sheet.mass.payload_position, name="EYEPOINT")
    location(section, sheet.mass.empty_position, name="VRP")


def mass_balance(root: ET.Element, sheet: Any) -> None:
    """Add ``<mass_balance>``: the empty aircraft and a payload, none aboard at first."""
    mass = sheet.mass
    # Unnegated, JSBSim's product of inertia is the integral of x z dm, as ours.
    section = add(root, "mass_balance", negated_crossproduct_inertia="false")
    for axes in ("xx", "yy", "zz", "xz"):
        add(section, f"i{axes}", float(mass[f"empty_inertia_{axes}"]) / SLUG_FOOT2,
            unit="SLUG*FT2")
    add(section, "emptywt", float(mass.empty_mass), unit="KG")
    location(section, mass.empty_position, name="CG")
    payload = add(section, "pointmass", name="payload")
    add(payload, "weight", 0.0, unit="KG")
    location(payload, mass.payload_position)


def tank(section: ET.Element, sheet: Any) -> None:
    """Add the one tank under ``<propulsion>``: full, its inertia that of a box of thinning fuel."""
    mass = sheet.mass
    # JSBSim evaluates the inertia before the tank's own contents are a property.
    add(section, "property", FUEL_ABOARD, value=figure(float(mass.fuel_capacity) / POUND))
    element = add(section, "tank", type="FUEL")
    location(element, mass.fuel_position)
    add(element, "capacity", float(mass.fuel_capacity), unit="KG")
    add(element, "contents", float(mass.fuel_capacity), unit="KG")
    # JSBSim's word for a tank whose own inertia is a function of what it holds.
    box = add(element, "grain_config", type="FUNCTION")
    ex, ey, ez = (float(edge) ** 2 for edge in mass.fuel_extent)
    for axis, squares in (("ixx", ey + ez), ("iyy", ex + ez), ("izz", ex + ey)):
        inertia = add(box, axis, unit="SLUG*FT2")
        add(inertia, "function").append(
            product(FUEL_ABOARD, POUND * squares / 12.0 / SLUG_FOOT2))


def fuel_gauge(root: ET.Element) -> None:
    """Add the system that tells the tank's inertia what the tank holds."""
    channel = add(add(root, "system", name="fuel gauge"), "channel", name="fuel")
    computed(channel, "systems/fuel/gauge-lbs", product("propulsion/tank[0]/contents-lbs", 1.0),
             FUEL_ABOARD)


def ground_reactions(root: ET.Element, sheet: Any) -> None:
    """Add ``<ground_reactions>``: the three wheels, on pavement."""
    section, gear = add(root, "ground_reactions"), sheet.landing_gear
    for name, wheel in zip(WHEELS, gear.wheels, strict=True):
        contact = add(section, "contact", type="BOGEY", name=name)
        location(contact, wheel.position)
        brake = float(gear.brake_friction) if wheel.braked else 0.0
        # JSBSim brakes by going from rolling to static friction.
        add(contact, "static_friction", float(gear.rolling_friction) + brake
            if wheel.braked else float(gear.sliding_friction))
        add(contact, "dynamic_friction", float(gear.sliding_friction))
        add(contact, "rolling_friction", float(gear.rolling_friction))
        contact.append(_cornering(float(wheel.cornering), float(gear.sliding_friction)))
        add(contact, "spring_coeff", float(wheel.stiffness), unit="N/M")
        add(contact, "damping_coeff", float(wheel.damping), unit="N/M/SEC")
        add(contact, "damping_coeff_rebound", float(wheel.damping_rebound), unit="N/M/SEC")
        travel = degrees(float(sheet.actuators.steering.upper)) if wheel.steered else 0.0
        add(contact, "max_steer", travel, unit="DEG")
        add(contact, "brake_group", {1: "LEFT", 2: "RIGHT"}.get(WHEELS.index(name), "NONE")
            if wheel.braked else "NONE")
        add(contact, "retractable", "1" if gear.retractable else "0")


def _cornering(slope: float, limit: float) -> ET.Element:
    """Side force over load against slip: straight up to the friction limit."""
    element = ET.Element("table", {"name": "CORNERING_COEFF", "type": "internal"})
    points = sorted({0.0, degrees(limit / slope), *SLIP_ANGLES})
    both = [-angle for angle in reversed(points) if angle] + points
    lines = (f"{angle!r} {max(min(slope * angle / degrees(1.0), limit), -limit)!r}"
             for angle in both)
    add(element, "tableData", "\n" + "\n".join(lines) + "\n")
    return element


