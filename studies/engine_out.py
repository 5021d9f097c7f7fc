"""The Akinci-class aircraft on one engine: minimum control speed and climb.

    python studies/engine_out.py

Minimum control speed in the air after CS 23.149: take-off power on one engine, the other
propeller feathered, gear up, straight flight, 5 deg of bank towards the live engine; the slowest
speed at which rudder and ailerons still balance side force, roll and yaw (linear coefficients of
akinci.toml, whose rudder power is a secant to 20 deg). The ruddervators hold the elevator that
trims as well, so the rudder has their travel less that. CS 23.149(b) asks for at most 1.2 times
the stall speed at maximum mass; a lighter aircraft has less weight to lean on and less speed.

Climb: the live engine's continuous power, drag with the feathered propeller, the sideslip and the
elevator of that balance.
"""

import math
import tomllib
from functools import cache

import numpy as np

from longwatch.earth.standard import GRAVITY
from mass import AIRCRAFT, figures, parts, together
from propeller import AKINCI, operating_point
from turboprop import atmosphere, full

BANK = math.radians(5.0)
KNOT = 1852 / 3600
LOADINGS = ((400.0, 2600.0), (1350.0, 650.0), (400.0, 800.0), (0.0, 300.0))  # payload, fuel


@cache
def sheet(section):
    return {key: value if value.shape else float(value)
            for key, value in figures(section, "akinci").items()}


@cache
def thrust_and_torque(airspeed, altitude=0.0):
    """Thrust [N] and propeller torque [N m] of one engine at its largest power."""
    temperature, pressure = atmosphere(altitude)
    density = pressure / (287.053 * temperature)
    mach = airspeed / math.sqrt(1.4 * 287.053 * temperature)
    power = min(full(altitude, mach)[0], sheet("engine")["continuous_power"])
    thrust = operating_point(power, airspeed, 1900, density, AKINCI)[1]
    return float(thrust), power / (1900 * math.pi / 30)


def balance(total, centre, airspeed, live=1, altitude=0.0, bank=BANK):
    """Sideslip, aileron, rudder and elevator [rad] of straight flight on one engine.

    ``live`` is 1 for the right engine, -1 for the left; ``bank`` is towards it.
    """
    a, s, prop = sheet("aerodynamics"), sheet("geometry"), sheet("propeller")
    temperature, pressure = atmosphere(altitude)
    q = 0.5 * pressure / (287.053 * temperature) * airspeed**2
    force, span, chord = q * s["wing_area"], s["span"], s["chord"]
    thrust, torque = thrust_and_torque(airspeed, altitude)
    hub = prop["position"]
    yaw = -live * hub[1] * (thrust + q * prop["feathered_drag_area"])
    roll = -float(prop["direction"][0]) * torque
    lift = total * GRAVITY * math.cos(bank) / force
    drag = a["CD0"] + lift**2 / (math.pi * a["oswald"] * span**2 / s["wing_area"])
    # drag lies along the wind: with sideslip it pushes sideways too
    matrix = np.array([[a["CY_beta"] - drag, 0.0, a["CY_rudder"]],
                       [a["Cl_beta"], a["Cl_aileron"], a["Cl_rudder"]],
                       [a["Cn_beta"], a["Cn_aileron"], a["Cn_rudder"]]])
    sideslip, aileron, rudder = np.linalg.solve(matrix, -np.array([
        total * GRAVITY * math.sin(live * bank) / force, roll / (force * span),
        yaw / (force * span)]))
    # pitch about the centre of gravity: lift at the datum, thrust at the hub
    pitching = (lift * centre[0] - thrust * (hub[2] - centre[2]) / force) / chord
    elevator = -(a["Cm0"] + a["Cm_alpha"] * (lift - a["CL0"]) / a["CL_alpha"]
                 - pitching) / a["Cm_elevator"]
    return sideslip, aileron, rudder, elevator


def minimum_control_speed(total, centre, live):
    """Slowest true airspeed [m/s] at sea level that the controls balance."""
    travel, aileron_travel = travels()
    low, high = 20.0, 80.0
    while high - low > 0.15:
        middle = round((low + high) / 2, 1)
        _, aileron, rudder, elevator = balance(total, centre, middle, live)
        held = abs(rudder) + abs(elevator) <= travel and abs(aileron) <= aileron_travel
        low, high = (low, middle) if held else (middle, high)
    return high


@cache
def travels():
    """Travel of the ruddervators and of the ailerons, rad."""
    with (AIRCRAFT / "akinci.toml").open("rb") as file:
        servos = tomllib.load(file)["actuators"]
    return servos["ruddervator"]["upper"]["value"], servos["aileron"]["upper"]["value"]


def stall_speed(total):
    return math.sqrt(2 * total * GRAVITY / (
        1.225 * sheet("geometry")["wing_area"] * sheet("aerodynamics")["CL_max"]))


def climb(total, centre, calibrated, altitude=0.0):
    """Climb rate on one engine, m/s, gear up, the live engine's wing 5 deg low."""
    a, s, prop = sheet("aerodynamics"), sheet("geometry"), sheet("propeller")
    temperature, pressure = atmosphere(altitude)
    density = pressure / (287.053 * temperature)
    airspeed = round(calibrated * math.sqrt(1.225 / density), 1)
    sideslip, _, rudder, elevator = balance(total, centre, airspeed, 1, altitude)
    q = 0.5 * density * airspeed**2
    lift = total * GRAVITY / (q * s["wing_area"])
    drag = q * s["wing_area"] * (
        a["CD0"] + lift**2 / (math.pi * a["oswald"] * s["span"] ** 2 / s["wing_area"])
        + a["CD_beta2"] * sideslip**2 + a["CD_elevator2"] * elevator**2
        - (a["CY_beta"] * sideslip + a["CY_rudder"] * rudder) * math.sin(sideslip))
    drag += q * prop["feathered_drag_area"]
    thrust = thrust_and_torque(airspeed, altitude)[0]
    return (thrust - drag) * airspeed / (total * GRAVITY)


def main():
    mass = figures("mass", "akinci")
    print("mass, stall speed; VMCA with the right and the left engine live, over the stall speed; "
          "at 1.2 stall speeds: sideslip, rudder, aileron (deg)")
    for payload, fuel in LOADINGS:
        total, centre, _ = together(parts(mass, payload, fuel))
        slow = [minimum_control_speed(total, centre, live) for live in (1, -1)]
        stall = stall_speed(total)
        held = np.degrees(balance(total, centre, round(1.2 * stall, 1), 1))
        print(f"{total:6.0f} kg {stall:5.1f} m/s; {slow[0]:5.1f} {slow[1]:5.1f} m/s, "
              f"{max(slow) / stall:.2f}; {held[0]:6.1f} {held[2]:6.1f} {held[1]:6.1f}")
    print("climb on one engine, m/s, at 1.4 stall speeds: sea level, 5, 10, 15 and 20 thousand ft")
    for payload, fuel in LOADINGS:
        total, centre, _ = together(parts(mass, payload, fuel))
        rates = [climb(total, centre, 1.4 * stall_speed(total), feet * 0.3048)
                 for feet in (0, 5_000, 10_000, 15_000, 20_000)]
        print(f"{total:9.0f} kg " + " ".join(f"{rate:6.2f}" for rate in rates))


if __name__ == "__main__":
    main()
