"""Natural modes of an aircraft, for MIL-F-8785C.

    python studies/flying_qualities.py [tb2|akinci]

Small motions about level flight, rigid body, stick fixed, quasi-steady coefficients of its file
(Etkin and Reid, Dynamics of Flight, 1996, eqs. 4.9,18 and 4.9,19, in body axes). The
propeller gives constant power, so thrust falls with speed.
"""

import argparse
import math

import numpy as np

from longwatch.earth.standard import GRAVITY
from mass import figures, parts, together


def flight(payload, fuel, airspeed, density, name="tb2"):
    """Figures of level flight: mass, inertia, CG, CL, alpha and the coefficients; SI."""
    total, centre, inertia = together(parts(figures("mass", name), payload, fuel))
    shape = {name: float(value) for name, value in figures("geometry", name).items()}
    coefficients = {name: float(value) for name, value in figures("aerodynamics", name).items()}
    # pitch stiffness about the centre of gravity
    coefficients["Cm_alpha"] -= coefficients["CL_alpha"] * centre[0] / shape["chord"]
    force = 0.5 * density * airspeed**2 * shape["wing_area"]
    lift = total * GRAVITY / force
    alpha = (lift - coefficients["CL0"]) / coefficients["CL_alpha"]
    return total, inertia, shape, coefficients, force, lift, alpha


def lateral_roots(payload, fuel, airspeed, density, name="tb2"):
    """Eigenvalues [1/s] of sideslip, roll, yaw and bank."""
    mass, inertia, shape, k, force, _, alpha = flight(
        payload, fuel, airspeed, density, name)
    span, per_rate = shape["span"], shape["span"] / (2 * airspeed)
    forward, down = airspeed * math.cos(alpha), airspeed * math.sin(alpha)

    def row(axis, arm, inert):
        return [force * arm * k[f"{axis}_beta"] / airspeed / inert,
                force * arm * k[f"{axis}_p"] * per_rate / inert,
                force * arm * k[f"{axis}_r"] * per_rate / inert, 0.0]
    side = row("CY", 1.0, mass)
    side = [side[0], side[1] + down, side[2] - forward, GRAVITY * math.cos(alpha)]
    return np.linalg.eigvals(np.array([
        side, row("Cl", span, inertia[0]), row("Cn", span, inertia[2]),
        [0.0, 1.0, math.tan(alpha), 0.0]]))


def longitudinal_roots(payload, fuel, airspeed, density, name="tb2"):
    """Eigenvalues [1/s] of speed, angle of attack, pitch rate and pitch, and n/alpha [1/rad]."""
    mass, inertia, shape, k, force, lift, _ = flight(
        payload, fuel, airspeed, density, name)
    aspect = shape["span"] ** 2 / shape["wing_area"]
    drag = k["CD0"] + lift**2 / (math.pi * k["oswald"] * aspect)
    drag_alpha = 2 * lift * k["CL_alpha"] / (math.pi * k["oswald"] * aspect)
    per_rate = shape["chord"] / (2 * airspeed)
    moment = force * shape["chord"] / inertia[1]
    heave = force / (mass * airspeed)
    matrix = np.array([
        [-3 * force * drag / (mass * airspeed), force * (lift - drag_alpha) / mass, 0, -GRAVITY],
        [-2 * heave * lift / airspeed, -heave * (k["CL_alpha"] + drag),
         1 - heave * k["CL_q"] * per_rate, 0],
        [0, moment * k["Cm_alpha"], moment * k["Cm_q"] * per_rate, 0],
        [0, 0, 1, 0]])
    return np.linalg.eigvals(matrix), heave * k["CL_alpha"] * airspeed / GRAVITY


def modes(payload, fuel, airspeed, density, name="tb2"):
    """Damping ratios, frequencies [rad/s] and times [s] of the modes, by name."""
    roots = lateral_roots(payload, fuel, airspeed, density, name)
    rolling = next(x for x in roots if x.imag > 1e-9)
    aperiodic = sorted(x.real for x in roots if abs(x.imag) < 1e-9)
    pitching, load_per_alpha = longitudinal_roots(payload, fuel, airspeed, density, name)
    slow, fast = sorted((x for x in pitching if x.imag > 1e-9), key=abs)
    return {"dutch_roll_damping": -rolling.real / abs(rolling),
            "dutch_roll_frequency": abs(rolling),
            "roll_time": -1 / aperiodic[0],
            "spiral_doubling": math.log(2) / aperiodic[1] if aperiodic[1] > 0 else math.inf,
            "short_period_damping": -fast.real / abs(fast),
            "short_period_frequency": abs(fast),
            "control_anticipation": abs(fast) ** 2 / load_per_alpha,
            "phugoid_damping": -slow.real / abs(slow)}


CASES = {
    "tb2": (("loiter, 700 kg, sea level", 150.0, 216.0, 36.0, 1.225),
            ("loiter, 700 kg, 18 000 ft", 150.0, 216.0, 47.6, 0.698),
            ("loiter, 500 kg, sea level", 60.0, 106.0, 31.0, 1.225),
            ("approach, 700 kg", 150.0, 216.0, 36.8, 1.225),
            ("dash, 700 kg, sea level", 150.0, 216.0, 58.0, 1.225)),
    "akinci": (("cruise, 6 000 kg, sea level", 400.0, 2600.0, 56.0, 1.225),
               ("cruise, 6 000 kg, 30 000 ft", 400.0, 2600.0, 91.6, 0.4583),
               ("cruise, 4 500 kg, 40 000 ft", 400.0, 1100.0, 97.7, 0.3016),
               ("cruise, 3 700 kg, sea level", 400.0, 300.0, 44.0, 1.225),
               ("approach, 5 000 kg", 1350.0, 650.0, 48.5, 1.225),
               ("dash, 5 000 kg, sea level", 400.0, 1600.0, 100.0, 1.225)),
}


def main(name):
    for title, payload, fuel, airspeed, density in CASES[name]:
        print(title)
        for key, value in modes(payload, fuel, airspeed, density, name).items():
            print(f"    {key:24}{value:8.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Natural modes of an aircraft")
    parser.add_argument("aircraft", nargs="?", default="tb2", choices=sorted(CASES))
    main(parser.parse_args().aircraft)
