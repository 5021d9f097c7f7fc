"""The propeller's tables, and the governor that turns its blades.

Blade angle is set by our governor, with its lead and its limited rate: JSBSim's own turns the
blades by 1 deg/s for each rpm of error, without limit.
"""

import copy
from math import pi
from typing import Any
from xml.etree import ElementTree as ET

from longwatch.export.aerodynamics import degrees
from longwatch.export.airframe import SLUG_FOOT2
from longwatch.export.xml import add, call, clipped, computed, product, table2, total
from longwatch.flight.propulsion import GOVERNOR_GAIN, GOVERNOR_LEAD


def rpm(speed: float) -> float:
    """A speed [rad/s] in revolutions per minute."""
    return float(speed) * 30.0 / pi


def governor(channel: ET.Element, sheet: Any, number: int) -> None:
    """Our governor: blade rate from speed error and acceleration, and feathering where it can."""
    jsbsim, ours = f"propulsion/engine[{number}]", f"systems/engine[{number}]"
    engine, propeller = sheet.engine, sheet.propeller
    low, high = float(engine.cruise_speed_least), float(engine.takeoff_speed)
    goal, speed = f"{ours}/speed-goal-rad_sec", f"{ours}/speed-rad_sec"
    computed(channel, goal, total(low, product(
        clipped(f"fcs/advance-cmd-norm[{number}]", 0.0, 1.0), high - low)))
    before = f"{ours}/speed-before-rad_sec"
    computed(channel, f"{ours}/acceleration-rad_sec2", call(
        "ifthen", call("lt", "simulation/sim-time-sec", 0.1), 0.0, call(
            "quotient", call("difference", speed, before),
            call("max", "simulation/channel-dt", 1e-6))))
    computed(channel, before, product(speed, 1.0))
    fastest = float(propeller.angle_rate)
    error = total(speed, product(goal, -1.0),
                  product(f"{ours}/acceleration-rad_sec2", GOVERNOR_LEAD))
    rate = clipped(call("quotient", product(error, GOVERNOR_GAIN), goal), -fastest, fastest)
    step = product(180.0 / pi, "simulation/channel-dt")
    lowest, coarse = degrees(propeller.angle_minimum), degrees(propeller.angle_maximum)
    angle = f"{jsbsim}/blade-angle"
    computed(channel, f"{ours}/governed-deg", clipped(
        total(angle, product(rate, step)), lowest, coarse))
    if not propeller.feathering:
        computed(channel, f"{ours}/blade-deg", product(f"{ours}/governed-deg", 1.0), angle)
        return
    lever = f"fcs/feather-cmd-norm[{number}]"
    end = call("ifthen", call("gt", lever, 0.5), degrees(propeller.angle_feather), coarse)
    move = clipped(call("difference", end, angle), product(-fastest, copy.copy(step)),
                   product(fastest, copy.copy(step)))
    away = call("or", call("gt", lever, 0.5), call("gt", angle, coarse))
    computed(channel, f"{ours}/blade-deg", call(
        "ifthen", away, total(angle, move), f"{ours}/governed-deg"), angle)


def propeller_file(sheet: Any, name: str) -> ET.Element:
    """The root of the propeller's own file."""
    engine, propeller = sheet.engine, sheet.propeller
    ratio = float(engine.gear_ratio)
    # Older versions of the format have the gyroscopic moment the wrong way round.
    root = ET.Element("propeller", {"name": name, "version": "1.1"})
    # Whatever the shaft drags along, as seen from the propeller.
    inertia = float(propeller.inertia) + float(engine.inertia) * ratio**2
    add(root, "ixx", inertia / SLUG_FOOT2, unit="SLUG*FT2")
    add(root, "diameter", float(propeller.diameter), unit="M")
    add(root, "numblades", "3")
    add(root, "gearratio", ratio)
    last = propeller.angle_feather if propeller.feathering else propeller.angle_maximum
    add(root, "minpitch", degrees(propeller.angle_minimum))
    add(root, "maxpitch", degrees(last))
    add(root, "minrpm", rpm(engine.cruise_speed_least) / ratio)
    add(root, "maxrpm", rpm(engine.takeoff_speed) / ratio)
    # 0: the blade angle is set from outside, by the governor among the systems.
    add(root, "constspeed", "0")
    for title, values in (("C_THRUST", propeller.CT), ("C_POWER", propeller.CP)):
        root.append(_coefficients(propeller, title, values))
    return root


def _coefficients(propeller: Any, title: str, values: Any) -> ET.Element:
    """A table over J (rows) and blade angle in deg (columns), faded out towards feather."""
    angles = [float(propeller.angle_first + i * propeller.angle_step) for i in range(len(values))]
    ratios = [float(propeller.advance_first + j * propeller.advance_step)
              for j in range(len(values[0]))]
    columns = [(angle, [float(x) for x in row]) for angle, row in zip(angles, values, strict=True)]
    if propeller.feathering:
        columns = _faded(propeller, columns)
    body = [[column[1][j] for column in columns] for j in range(len(ratios))]
    return table2("", "", ratios, [degrees(angle) for angle, _ in columns], body, name=title)


def _faded(propeller: Any, columns: list[tuple[float, list[float]]]
           ) -> list[tuple[float, list[float]]]:
    coarse, feather = float(propeller.angle_maximum), float(propeller.angle_feather)

    def at(angle: float) -> list[float]:
        angle = min(max(angle, columns[0][0]), columns[-1][0])
        i = max(k for k in range(len(columns) - 1) if columns[k][0] <= angle or k == 0)
        (a, low), (b, high) = columns[i], columns[i + 1]
        share = (angle - a) / (b - a)
        return [(1.0 - share) * x + share * y for x, y in zip(low, high, strict=True)]

    kept = [column for column in columns if column[0] < coarse - 1e-6]
    beyond = sorted({coarse, feather, *(a for a, _ in columns if coarse < a < feather)})
    return kept + [(angle, [x * (feather - angle) / (feather - coarse) for x in at(angle)])
                   for angle in beyond]
