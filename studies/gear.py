"""Landing gear of the TB2-class aircraft: stance, loads, rotation and propeller clearance.

    python studies/gear.py

Sink rate after CS 23.473(d), 4.4 (W/S)^(1/4) ft/s within 7 to 10 ft/s; ground loads after
23.473(e) and (g) (wing lift two thirds of the weight, ground reaction not under 2.0 W) and
23.485 (side load 0.83 W); propeller clearance after 23.925.
"""

import math
import tomllib

import numpy as np

from mass import DATASHEET, figures, parts, together
from propeller import DIAMETER, operating_point

GRAVITY = 9.80665
WHEELS = ("nose", "left", "right")


def wheels():
    """The wheels' figures in tb2.toml, by name."""
    with DATASHEET.open("rb") as file:
        table = tomllib.load(file)["landing_gear"]["wheels"]
    return {name: {key: np.array(entry["value"]) for key, entry in table[name].items()}
            for name in WHEELS}


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


def rotation_moment(elevator, factor, total, centre, gear):
    """Nose-up moment [N m] about the main wheels at ``factor`` times the stall speed.

    ``elevator`` in rad; take-off power at 5800 rpm; the nose wheel is just unloaded.
    """
    a, s = figures("aerodynamics"), figures("geometry")
    hub = figures("propeller")["position"]
    density, area, chord = 1.225, float(s["wing_area"]), float(s["chord"])
    weight = total * GRAVITY
    stall = math.sqrt(2 * weight / (density * area * a["CL_max"]))
    pressure = 0.5 * density * (factor * stall) ** 2 * area
    alpha = stance(gear, total, centre)[3]
    lift = pressure * (a["CL0"] + a["CL_alpha"] * alpha + a["CL_elevator"] * elevator)
    pitching = pressure * chord * (a["Cm0"] + a["Cm_alpha"] * alpha + a["Cm_elevator"] * elevator)
    thrust = operating_point(73.5e3, factor * stall, 5800)[1]
    main = gear["left"]["position"]
    ground = main[2] - stance(gear, total, centre)[2]
    load = max(weight - lift, 0.0)
    # moments about the centre of gravity: lift at the datum, thrust at the hub, wheels below
    moment = (pitching - lift * centre[0] - thrust * (centre[2] - hub[2])
              - load * (centre[0] - main[0]) - 0.02 * load * (ground - centre[2]))
    return float(moment), stall


def main():
    mass, limits, area = figures("mass"), figures("landing_gear"), 9.34
    gear = wheels()
    for payload, fuel in ((150.0, 216.0), (0.0, 30.0), (150.0, 20.0), (0.0, 216.0)):
        total, centre, _ = together(parts(mass, payload, fuel))
        share, nose, main_, pitch = stance(gear, total, centre)
        ground = gear["left"]["position"]
        height = ground[2] - main_ - centre[2]
        compression, rebound = damping_ratios(gear, total)
        print(f"{total:.0f} kg: nose {share:.1%}, deflection nose {nose:.3f} main {main_:.3f} m, "
              f"pitch {math.degrees(pitch):.2f} deg, CG height {height:.3f} m, tip-back "
              f"{math.degrees(math.atan((centre[0] - ground[0]) / height)):.1f} deg, damping "
              f"ratio {compression:.2f} in, {rebound:.2f} out")
        for factor in (1.0, 1.05, 1.1):
            moments = [rotation_moment(math.radians(-d), factor, total, centre, gear)
                       for d in (20, 25, 30)]
            print(f"    rotation at {factor:.2f} x {moments[0][1]:.1f} m/s: spare moment at "
                  f"20/25/30 deg {', '.join(f'{m[0]:.0f}' for m in moments)} N m")
    total, centre, _ = together(parts(mass, 150.0, 216.0))
    weight = total * GRAVITY
    sink = sink_rate(weight / area)
    load, depth = landing_load(gear, total, sink)
    print(f"sink limit {sink:.2f} m/s (tb2.toml {limits['sink_limit']}); landing there: "
          f"{load:.0f} N = {load / weight:.2f} W, depth {depth:.3f} m; tb2.toml vertical limit "
          f"{limits['vertical_load_limit']} N, side limit {limits['side_load_limit']} N "
          f"(0.83 W = {0.83 * weight:.0f} N)")
    hub = figures("propeller")["position"]
    _, _, main_, pitch = stance(gear, total, centre)
    ground = gear["left"]["position"]
    below = ground[2] - main_ - (ground[0] - hub[0]) * math.tan(pitch)
    strike = math.atan((ground[2] - hub[2] - DIAMETER / 2) / (ground[0] - hub[0]))
    print(f"propeller clearance at rest {below - hub[2] - DIAMETER / 2:.3f} m (at least 0.18); "
          f"strikes at pitch {math.degrees(strike):.1f} deg, struts extended")


if __name__ == "__main__":
    main()
