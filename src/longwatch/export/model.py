"""The files of a JSBSim model, as XML elements, put together from their parts."""

from math import cos, degrees, sin
from typing import Any
from xml.etree import ElementTree as ET

from longwatch.aircraft.loader import Aircraft
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.export.aerodynamics import aerodynamics
from longwatch.export.airframe import fuel_gauge, ground_reactions, mass_balance, metrics, tank
from longwatch.export.controls import flight_control
from longwatch.export.engine import engine_system
from longwatch.export.reactions import external_reactions, hub
from longwatch.export.xml import add, location

# Where the initialization files put the aircraft: Çorlu, and over it.
LATITUDE, LONGITUDE, HEADING = 41.13825, 27.91908, 42.0
CRUISE_ALTITUDE = 3000.0


def config(aircraft: Aircraft) -> ET.Element:
    """The root ``<fdm_config>`` of an aircraft without its parts."""
    root = ET.Element("fdm_config", {"name": aircraft.name, "version": "2.0", "release": "BETA"})
    header = add(root, "fileheader")
    add(header, "author", "Longwatch")
    add(header, "description", f"{aircraft.title}. {aircraft.description} Written by longwatch "
        f"export from the datasheet with digest {aircraft.digest}; README.md says what it "
        "carries and how to fly it.")
    return root


def whole(aircraft: Aircraft) -> ET.Element:
    """The aircraft's own file."""
    sheet, root = aircraft.datasheet[0], config(aircraft)
    metrics(root, sheet)
    mass_balance(root, sheet)
    ground_reactions(root, sheet)
    _propulsion(root, sheet, aircraft.name)
    fuel_gauge(root)
    flight_control(root, sheet)
    for number in range(int(sheet.engine.count)):
        engine_system(root, sheet, number)
    aerodynamics(root, sheet)
    external_reactions(root, sheet)
    return root


def _propulsion(root: ET.Element, sheet: Any, name: str) -> None:
    section = add(root, "propulsion")
    for number in range(int(sheet.engine.count)):
        engine = add(section, "engine", file=f"{name}_engine")
        add(engine, "feed", "0")
        thruster = add(engine, "thruster", file=f"{name}_propeller")
        location(thruster, hub(sheet, number))
        orient = add(thruster, "orient", unit="DEG")
        for angle in ("roll", "pitch", "yaw"):
            add(orient, angle, 0.0)
        add(thruster, "sense", float(sheet.propeller.direction[number]))
        # Our propeller has no P-factor.
        add(thruster, "p_factor", 0.0)
    tank(section, sheet)


def standing_height(sheet: Any) -> float:
    """Height [m] of the centre of gravity over the ground, wheels just touching, full fuel."""
    mass = sheet.mass
    total = float(mass.empty_mass + mass.fuel_capacity)
    z = float(mass.empty_mass * mass.empty_position[2]
              + mass.fuel_capacity * mass.fuel_position[2]) / total
    return float(sheet.landing_gear.wheels[1].position[2]) - z


def start_on_ground(sheet: Any) -> ET.Element:
    """Initialization: at rest over the ground, a hand's breadth above the wheels' stance."""
    root = _start("parked, engine running")
    add(root, "altitude", standing_height(sheet), unit="M")
    for tag in ("theta", "phi"):
        add(root, tag, 0.0, unit="DEG")
    for tag in ("ubody", "vbody", "wbody"):
        add(root, tag, 0.0, unit="M/SEC")
    add(root, "running", "-1")
    return root


def start_in_air(sheet: Any) -> ET.Element:
    """Initialization: cruise at 3000 m with full fuel and no payload, near trim."""
    root = _start("cruise, engine running")
    density_ratio = standard_atmosphere(CRUISE_ALTITUDE)[2] / SEA_LEVEL_DENSITY
    speed = float(sheet.limits.cruise_speed) / density_ratio**0.5
    weight = float(sheet.mass.empty_mass + sheet.mass.fuel_capacity) * GRAVITY
    pressure_area = 0.5 * SEA_LEVEL_DENSITY * float(sheet.limits.cruise_speed) ** 2 * float(
        sheet.geometry.wing_area)
    alpha = (weight / pressure_area - float(sheet.aerodynamics.CL0)) / float(
        sheet.aerodynamics.CL_alpha)
    add(root, "altitude", CRUISE_ALTITUDE, unit="M")
    add(root, "theta", degrees(alpha), unit="DEG")
    add(root, "phi", 0.0, unit="DEG")
    add(root, "ubody", speed * cos(alpha), unit="M/SEC")
    add(root, "vbody", 0.0, unit="M/SEC")
    add(root, "wbody", speed * sin(alpha), unit="M/SEC")
    add(root, "running", "-1")
    return root


def _start(name: str) -> ET.Element:
    root = ET.Element("initialize", {"name": name})
    add(root, "latitude", LATITUDE, unit="DEG", type="geodetic")
    add(root, "longitude", LONGITUDE, unit="DEG")
    add(root, "psi", HEADING, unit="DEG")
    return root


def flightgear_set(aircraft: Aircraft) -> ET.Element:
    """FlightGear's file about the aircraft: which model flies it, and what it is called."""
    root = ET.Element("PropertyList")
    sim = add(root, "sim")
    add(sim, "description", aircraft.title)
    add(sim, "long-description", aircraft.description)
    add(sim, "author", "Longwatch")
    add(sim, "status", "early-production")
    add(sim, "flight-model", "jsb")
    add(sim, "aero", aircraft.name)
    levers = add(add(root, "controls"), "engines")
    for number in range(int(aircraft.datasheet[0].engine.count)):
        engine = add(levers, "engine", n=str(number))
        add(engine, "magnetos", "3")
        add(engine, "mixture", "1.0")
        add(engine, "propeller-pitch", "1.0")
    return root
