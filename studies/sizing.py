"""What is not published of the Akinci-class aircraft, sized: wing area, masses, drag.

    python studies/sizing.py

Wing area: that with which the aircraft half-way through its fuel (4.5 t) flies at 40 000 ft at 1.25
stall speeds in the middle of the public cruise range, 150 to 195 kt true. Empty mass: Raymer's
statistics of high-altitude unmanned aircraft (Aircraft Design, table 3.1). Fuel: what 24 hours
take at the mean power of the flight, by Breguet's relation for propellers. Drag: Raymer's component
build-up, equations 12.24 to 12.36 and table 12.6 (flat-plate friction, form and interference
factors; turret, antennas and leakage as he gives them), in cruise at 30 000 ft.
"""

import math
import tomllib

from longwatch.earth.standard import GRAVITY
from mass import AIRCRAFT

KNOT = 1852 / 3600
SPAN, LENGTH, MAXIMUM = 20.0, 12.2, 6000.0
AREA, CHORD, LIFT_LIMIT = 36.0, 1.886, 1.6
CRUISE_RANGE = (150.0, 195.0)  # kt, true
MIDDLE_MASS = 4500.0
DENSITY_40 = 0.3016  # kg/m3 at 40 000 ft
DENSITY_30, VISCOSITY_30, AIRSPEED_30 = 0.4583, 1.488e-5, 88.0


def wing_area(mass=MIDDLE_MASS, density=DENSITY_40):
    """Wing area [m2] whose 1.25 stall speeds are the middle of the public cruise range."""
    airspeed = sum(CRUISE_RANGE) / 2 * KNOT
    return 2 * mass * GRAVITY / (density * LIFT_LIMIT) * (1.25 / airspeed) ** 2


def empty_mass(maximum=MAXIMUM):
    """Empty mass [kg] of a high-altitude unmanned aircraft, Raymer's table 3.1 (metric)."""
    return maximum * 2.39 * maximum**-0.18


def fuel(hours=24.0, lift_over_drag=17.0, efficiency=0.84, consumption=0.63, maximum=MAXIMUM):
    """Fuel [kg] for a loiter at 1.25 stall speeds of every mass, at 30 000 ft (Breguet).

    ``consumption`` in lb/shp/h, at half load there (turboprop.py). Climb and reserve come on top.
    """
    per_joule = consumption * 0.45359237 / 3600 / 745.69987
    factor = math.sqrt(2 * GRAVITY / (DENSITY_30 * AREA * LIFT_LIMIT)) * 1.25  # V per sqrt(mass)
    # dm/dt = - c g m V / (eta L/D) with V = factor sqrt(m)
    rate = per_joule * GRAVITY * factor / (efficiency * lift_over_drag)
    left = (maximum**-0.5 + rate * hours * 3600 / 2) ** -2
    return maximum - left


def friction(length, laminar=0.10):
    """Flat-plate friction coefficient at 30 000 ft, ``laminar`` share of laminar flow."""
    reynolds = DENSITY_30 * AIRSPEED_30 * length / VISCOSITY_30
    turbulent = 0.455 / (math.log10(reynolds) ** 2.58 * (1 + 0.144 * 0.3**2) ** 0.65)
    return laminar * 1.328 / math.sqrt(reynolds) + (1 - laminar) * turbulent


def surface_form(thickness, at=0.3):
    """Form factor of a lifting surface (Raymer 12.30), low Mach number, no sweep."""
    return (1 + 0.6 / at * thickness + 100 * thickness**4) * 1.34 * 0.29**0.18


def body_form(fineness):
    """Form factor of a fuselage (Raymer 12.31)."""
    return 1 + 60 / fineness**3 + fineness / 400


def drag_areas():
    """Zero-lift drag area [m2] of each component, gear up."""
    exposed = AREA * (1 - 1.44 / SPAN * 1.25)
    nacelle = math.pi * 0.72 * 3.4
    smooth = {
        "wing": friction(CHORD) * surface_form(0.14) * 1.05 * 2.03 * exposed,
        "fuselage": friction(LENGTH, 0.05) * body_form(LENGTH / 1.44) * math.pi * 1.44 * LENGTH
        * 0.80,
        "tail": friction(1.75) * surface_form(0.12) * 1.03 * 2.03 * 12.6,
        "nacelles": 2 * friction(3.8, 0.0) * (1 + 0.35 / (3.8 / 0.76)) * 1.5 * nacelle}
    # bluff and small things: drag over frontal area after Raymer table 12.6 and text
    smooth["sensor turret"] = 0.30 * 0.22
    smooth["antennas, probes, satellite dome"] = 0.07
    smooth["cooling and intakes"] = 0.045
    smooth["pylons"] = 0.04
    smooth["leakage and protuberances, 8 %"] = 0.08 * sum(smooth.values())
    return smooth


def gear_drag_area():
    """Drag area [m2] of the extended gear (Raymer table 12.6): wheels 0.25, struts 0.30, doors."""
    wheels, struts = 0.25 * 3 * 0.62 * 0.22, 0.30 * 3 * 1.2 * 0.14
    return 1.2 * (wheels + struts) + 0.25  # interference; open wells and doors


def main():
    with (AIRCRAFT / "akinci.toml").open("rb") as file:
        used = tomllib.load(file)
    value = {name: used[section][name]["value"] for section, name in (
        ("geometry", "wing_area"), ("mass", "empty_mass"), ("mass", "fuel_capacity"),
        ("aerodynamics", "CD0"), ("aerodynamics", "CD_gear"))}
    print(f"wing area {wing_area():.1f} m2, in akinci.toml {value['wing_area']}; aspect ratio "
          f"{SPAN**2 / AREA:.1f}")
    print(f"empty mass {empty_mass():.0f} kg, in akinci.toml {value['empty_mass']}")
    print(f"fuel for 24 h {fuel():.0f} kg and for 25 h 46 min {fuel(25.77):.0f} kg, in akinci.toml "
          f"{value['fuel_capacity']}")
    areas = drag_areas()
    for name, area in areas.items():
        print(f"    {name:34}{area:7.4f} m2 {area / AREA:8.5f}")
    total = sum(areas.values()) / AREA
    print(f"CD0 {total:.4f}, in akinci.toml {value['CD0']}")
    print(f"CD_gear {gear_drag_area() / AREA:.4f}, in akinci.toml {value['CD_gear']}")


if __name__ == "__main__":
    main()
