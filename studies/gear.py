"""Landing gear of an aircraft: stance, loads, rotation and propeller clearance.

    python studies/gear.py [tb2|akinci]

Sink rate after CS 23.473(d), 4.4 (W/S)^(1/4) ft/s within 7 to 10 ft/s; ground loads after
23.473(e) and (g) (wing lift two thirds of the weight, ground reaction not under 2.0 W) and
23.485 (side load 0.83 W); propeller clearance after 23.925.
"""

import argparse
import math
import tomllib

import numpy as np

from longwatch.earth.standard import GRAVITY
from mass import AIRCRAFT, figures, parts, together
from propeller import DESIGNS, operating_point

WHEELS = ("nose", "left", "right")
# take-off power [W] and crankshaft speed [rpm, of the propeller's design], number of engines
TAKE_OFF = {"tb2": (73.5e3, 5800, 1), "akinci": (559.275e3, 1900, 2)}
LOADINGS = {"tb2": ((150.0, 216.0), (0.0, 30.0), (150.0, 20.0), (0.0, 216.0)),
            "akinci": ((400.0, 2600.0), (0.0, 300.0), (1350.0, 200.0), (1350.0, 1650.0),
                       (0.0, 2600.0))}


def wheels(name="tb2"):
    """The wheels' figures in an aircraft's file, by name."""
    with (AIRCRAFT / f"{name}.toml").open("rb") as file:
        table = tomllib.load(file)["landing_gear"]["wheels"]
    return {wheel: {key: np.array(entry["value"]) for key, entry in table[wheel].items()}
            for wheel in WHEELS}


def stance(gear, total, centre):
    """Nose share of the weight, deflections (nose, main) [m] and pitch at rest [rad]."""
    nose, main = gear["nose"]["position"], gear["left"]["position"]
    share = (centre[0] - main[0]) / (nose[0] - main[0])
    weight = total * GRAVITY
    sunk_nose = share * weight / gear["nose"]["stiffness"]
    sunk_main = (1 - share) * weight / 2 / gear["left"]["stiffness"]
    pitch = math.atan((nose[2] - sunk_nose - main[2] + sunk_main) / (nose[0] - main[0]))
    return float(share), float(sunk_nose), float(sunk_main), pitch


def sink_rate(wing_loading):
    """Limit descent velocity [m/s] for a wing loading in N/m2, CS 23.473(d)."""
    pounds_per_foot2 = wing_loading / 47.88026
    return min(max(4.4 * pounds_per_foot2**0.25, 7.0), 10.0) * 0.3048


def landing_load(gear, total, sink):
    """Largest load [N] on both mains touching down at ``sink`` [m/s], lift two thirds."""
    stiffness, damping = 2 * gear["left"]["stiffness"], 2 * gear["left"]["damping"]
    depth, speed, largest, dt = 0.0, sink, 0.0, 1e-4
    while speed > 0:
        force = float(stiffness * depth + damping * speed)
        largest = max(largest, force)
        speed += (GRAVITY / 3 - force / total) * dt
        depth += speed * dt
    return largest, depth


def damping_ratios(gear, total):
    """Damping ratios of the mains in compression and in rebound, the aircraft on both."""
    critical = 2 * math.sqrt(2 * float(gear["left"]["stiffness"]) * total)
    return (2 * float(gear["left"]["damping"]) / critical,
            2 * float(gear["left"]["damping_rebound"]) / critical)


def rotation_moment(elevator, factor, total, centre, gear, name="tb2"):
    """Nose-up moment [N m] about the main wheels at ``factor`` times the stall speed.

    ``elevator`` in rad; take-off power; the nose wheel is just unloaded.
    """
    a, s = figures("aerodynamics", name), figures("geometry", name)
    hub = figures("propeller", name)["position"]
    density, area, chord = 1.225, float(s["wing_area"]), float(s["chord"])
    weight = total * GRAVITY
    stall = math.sqrt(2 * weight / (density * area * a["CL_max"]))
    pressure = 0.5 * density * (factor * stall) ** 2 * area
    alpha = stance(gear, total, centre)[3]
    lift = pressure * (a["CL0"] + a["CL_alpha"] * alpha + a["CL_elevator"] * elevator)
    pitching = pressure * chord * (a["Cm0"] + a["Cm_alpha"] * alpha + a["Cm_elevator"] * elevator)
    power, rpm, count = TAKE_OFF[name]
    thrust = count * operating_point(power, factor * stall, rpm, density, DESIGNS[name])[1]
    main = gear["left"]["position"]
    ground = main[2] - stance(gear, total, centre)[2]
    load = max(weight - lift, 0.0)
    # moments about the centre of gravity: lift at the datum, thrust at the hub, wheels below
    moment = (pitching - lift * centre[0] - thrust * (centre[2] - hub[2])
              - load * (centre[0] - main[0]) - 0.02 * load * (ground - centre[2]))
    return float(moment), stall


def main(name):
    mass, limits = figures("mass", name), figures("landing_gear", name)
    area, gear = float(figures("geometry", name)["wing_area"]), wheels(name)
    ground = gear["left"]["position"]
    for payload, fuel in LOADINGS[name]:
        total, centre, _ = together(parts(mass, payload, fuel))
        share, nose, main_, pitch = stance(gear, total, centre)
        height = ground[2] - main_ - centre[2]
        compression, rebound = damping_ratios(gear, total)
        print(f"{total:.0f} kg: nose {share:.1%}, deflection nose {nose:.3f} main {main_:.3f} m, "
              f"pitch {math.degrees(pitch):.2f} deg, CG height {height:.3f} m, tip-back "
              f"{math.degrees(math.atan((centre[0] - ground[0]) / height)):.1f} deg, damping "
              f"ratio {compression:.2f} in, {rebound:.2f} out")
        for factor in (1.0, 1.05, 1.1):
            moments = [rotation_moment(math.radians(-d), factor, total, centre, gear, name)
                       for d in (20, 25, 30)]
            print(f"    rotation at {factor:.2f} x {moments[0][1]:.1f} m/s: spare moment at "
                  f"20/25/30 deg {', '.join(f'{m[0]:.0f}' for m in moments)} N m")
    total, centre, _ = together(parts(mass, *LOADINGS[name][0]))
    weight = total * GRAVITY
    sink = sink_rate(weight / area)
    load, depth = landing_load(gear, total, sink)
    print(f"sink limit {sink:.2f} m/s ({name}.toml {limits['sink_limit']}); landing there: "
          f"{load:.0f} N = {load / weight:.2f} W, depth {depth:.3f} m; {name}.toml vertical limit "
          f"{limits['vertical_load_limit']} N, side limit {limits['side_load_limit']} N "
          f"(0.83 W = {0.83 * weight:.0f} N)")
    hub, radius = figures("propeller", name)["position"], DESIGNS[name].diameter / 2
    _, _, main_, pitch = stance(gear, total, centre)
    below = ground[2] - main_ - (ground[0] - hub[0]) * math.tan(pitch)
    print(f"propeller clearance at rest {below - hub[2] - radius:.3f} m (at least 0.18)")
    if hub[0] < ground[0]:
        strike = math.atan((ground[2] - hub[2] - radius) / (ground[0] - hub[0]))
        print(f"strikes at pitch {math.degrees(strike):.1f} deg, struts extended")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Landing gear of an aircraft")
    parser.add_argument("aircraft", nargs="?", default="tb2", choices=sorted(TAKE_OFF))
    main(parser.parse_args().aircraft)
