"""The engine, carried by JSBSim's piston type.

JSBSim's own piston engine takes its power from indicated efficiency and manifold pressure, and its
turboprop burns fuel in proportion to power; neither can be tuned to a Willans line or to a table
over altitude and Mach. Its piston type does read its volumetric efficiency and specific
consumption anew at every step. A system therefore computes what our engine gives and burns, and
sets the two so that air, fuel and power come out as such: rpm, fuel flow, manifold pressure and
temperatures are those of a JSBSim engine.
"""

import copy
from math import pi
from typing import Any
from xml.etree import ElementTree as ET

from longwatch.aircraft import formulas
from longwatch.aircraft.schema import TURBOPROP
from longwatch.earth.standard import SEA_LEVEL_DENSITY, SEA_LEVEL_PRESSURE
from longwatch.export.controls import servo
from longwatch.export.propeller import governor, rpm
from longwatch.export.xml import add, call, clipped, computed, product, table, table2, total

HORSEPOWER = 745.6998715822702
# As JSBSim's piston engine has them.
AIR_CONSTANT, STOICHIOMETRIC, POUNDS_IN_KG, PUMPING = 287.3, 14.7, 2.2046, 4.0 * 22371.0
SEA_LEVEL_PHI, GAMMA = 1.3, 1.3
PISTON_PRESSURE, PASCAL_IN_INHG = 101320.73, 3386.38
COMPRESSION_RATIO, LEAST_MANIFOLD_INHG, PEAK_PISTON_SPEED = 10.5, 8.0, 100.0
PASCAL_IN_PSF, KELVIN_IN_RANKINE = 47.88025898, 1.0 / 1.8
SLUG_FT3 = 515.3788183931961
# JSBSim takes an engine that indicates less than this for stopped.
LEAST_INDICATED_HP = 0.13
RATED_VOLUMETRIC_EFFICIENCY = 0.85
CYLINDERS = 4
# Until it runs above half the idle speed the engine is JSBSim's own, so wasteful that it does not
# race when JSBSim looks for its steady running at full throttle and full rich: beside friction
# it has this share of full power.
STARTING_POWER, FULL_RICH = 0.12, 1.69


def displacement(sheet: Any) -> float:
    """Swept volume [m3] that breathes the fuel of full power at sea level, four-stroke."""
    engine = sheet.engine
    speed = float(engine.continuous_speed)
    power = formulas.full_power(engine, speed, 1.0, 0.0)
    fuel = formulas.fuel_flow(engine, power, speed, 1.0, 0.0)
    return float(fuel * STOICHIOMETRIC / (1.2 * RATED_VOLUMETRIC_EFFICIENCY * speed / (4.0 * pi)))


def bore(sheet: Any) -> float:
    """Bore, and as long a stroke, of each of its cylinders [m]."""
    return float((4.0 * displacement(sheet) / (pi * CYLINDERS)) ** (1.0 / 3.0))


def starting_consumption(sheet: Any) -> float:
    """Specific consumption [lb/hp/h] of the starting engine."""
    engine = sheet.engine
    speed = float(engine.continuous_speed)
    power = formulas.full_power(engine, speed, 1.0, 0.0)
    fuel = formulas.fuel_flow(engine, power, speed, 1.0, 0.0)
    pounds = float(fuel) * POUNDS_IN_KG * 3600.0
    friction = float(engine.friction_torque) * speed
    return FULL_RICH * pounds / ((STARTING_POWER * float(power) + friction) / HORSEPOWER)


def engine_file(sheet: Any, name: str) -> ET.Element:
    """The root of the engine's own file."""
    engine, volume = sheet.engine, displacement(sheet)
    power = max(float(formulas.full_power(engine, float(s), 1.0, 0.0))
                for s in (engine.continuous_speed, engine.takeoff_speed))
    root = ET.Element("piston_engine", {"name": name})
    add(root, "minmp", LEAST_MANIFOLD_INHG, unit="INHG")
    add(root, "maxmp", 28.5, unit="INHG")
    add(root, "man-press-lag", _manifold_lag(sheet))
    add(root, "displacement", volume * 1e6, unit="CC")
    for tag in ("bore", "stroke"):
        add(root, tag, bore(sheet), unit="M")
    add(root, "peak-piston-speed", PEAK_PISTON_SPEED)
    add(root, "cylinders", float(CYLINDERS))
    add(root, "compression-ratio", COMPRESSION_RATIO)
    add(root, "cycles", 4.0)
    add(root, "maxhp", power / HORSEPOWER)
    add(root, "idlerpm", rpm(engine.idle_speed))
    add(root, "maxrpm", rpm(engine.takeoff_speed))
    add(root, "volumetric-efficiency", RATED_VOLUMETRIC_EFFICIENCY)
    add(root, "bsfc", starting_consumption(sheet), unit="LBS/HP*HR")
    add(root, "ram-air-factor", 0.0)
    # A mean effective pressure is a torque: this one is our motoring torque.
    add(root, "static-fmep", float(engine.friction_torque) * 4.0 * pi / volume, unit="PA")
    add(root, "dynamic-fmep", 0.0, unit="PA")
    add(root, "static-friction", 0.0, unit="HP")
    mixture = ET.SubElement(root, "table", {"name": "MIXTURE", "type": "internal"})
    add(mixture, "tableData", "\n0.0 1.0\n1.0 1.0\n")
    return root


def engine_system(root: ET.Element, sheet: Any, number: int) -> None:
    """Add the system that tells engine ``number`` what to give and burn."""
    engine = sheet.engine
    jsbsim, ours = f"propulsion/engine[{number}]", f"systems/engine[{number}]"
    system = add(root, "system", name=f"engine {number}")
    channel = add(system, "channel", name=f"engine {number}")
    speed, ratio = f"{ours}/speed-rad_sec", f"{ours}/density-ratio"
    computed(channel, speed, product(f"{jsbsim}/engine-rpm", pi / 30.0))
    computed(channel, ratio, product("atmosphere/rho-slugs_ft3", SLUG_FT3 / SEA_LEVEL_DENSITY))
    idle = float(engine.idle_speed)
    shut = clipped(product(call("difference", idle, speed), 4.0 / idle), 0.0, 0.5)
    # Systems run before the flight control, which therefore cannot hold this servo.
    servo(channel, f"{ours}/throttle-servo", f"fcs/throttle-cmd-norm[{number}]",
          sheet.actuators.throttle, f"fcs/throttle-pos-norm[{number}]")
    computed(channel, f"{ours}/throttle-or-idle", call(
        "max", f"fcs/throttle-pos-norm[{number}]", shut))
    lag = add(channel, "lag_filter", name=f"{ours}/charge")
    add(lag, "input", f"{ours}/throttle-or-idle")
    add(lag, "c1", 1.0 / max(float(engine.time_constant), 0.01))
    computed(channel, f"{ours}/full-torque-nm", _full_torque(channel, sheet, ours, speed, ratio))
    friction = float(engine.friction_torque)
    fuel_on = call("ifthen", call("gt", f"fcs/mixture-cmd-norm[{number}]", 0.01), 1.0, 0.0)
    computed(channel, f"{ours}/fuel-on", fuel_on)
    computed(channel, f"{ours}/indicated-power-w", product(
        f"{ours}/fuel-on", f"{ours}/charge", total(f"{ours}/full-torque-nm", friction), speed))
    computed(channel, f"{ours}/power-w", total(
        f"{ours}/indicated-power-w", product(speed, -friction)))
    computed(channel, f"{ours}/fuel-flow-kg_sec", call(
        "max", _fuel_flow(sheet, ours, f"{ours}/power-w", speed), 1e-7))
    _breathe(channel, sheet, number)
    governor(channel, sheet, number)


def _full_torque(channel: ET.Element, sheet: Any, ours: str, speed: str, ratio: str) -> ET.Element:
    engine = sheet.engine
    if engine.kind == TURBOPROP:
        return _turboprop_torque(channel, engine, ours, speed, ratio)
    piston = engine.piston
    points = [(0.0, 0.0)] + [(float(s), float(p)) for s, p in
                             zip(piston.table_speed, piston.table_power, strict=True)]
    # Beyond its last speed our table goes on in a straight line, JSBSim's would stand still.
    beyond = 1.5 * points[-1][0]
    points.append((beyond, float(formulas.sea_level_power(piston, beyond))))
    constant = float(piston.altitude_constant)
    factor = call("max", total(product(ratio, 1.0 + 1.0 / constant), -1.0 / constant), 0.0)
    return call("quotient", product(table(speed, points), factor),
                call("max", speed, formulas.LEAST_SPEED))


def _turboprop_torque(channel: ET.Element, engine: Any, ours: str, speed: str, ratio: str
                      ) -> ET.Element:
    turboprop, mach = engine.turboprop, "velocities/mach"
    low = total(formulas.LAPSE_HEIGHT, product(call("pow", ratio, 1.0 / formulas.LAPSE_EXPONENT),
                                               -formulas.LAPSE_HEIGHT))
    high = total(formulas.TROPOPAUSE, product(call("ln", product(
        ratio, 1.0 / formulas.TROPOPAUSE_RATIO)), -formulas.SCALE_HEIGHT))
    altitude = f"{ours}/density-altitude-m"
    computed(channel, altitude, call(
        "ifthen", call("lt", ratio, formulas.TROPOPAUSE_RATIO), high, low))
    for name, values in (("gas-power-w", turboprop.power), ("gas-fuel-kg_sec", turboprop.fuel)):
        computed(channel, f"{ours}/{name}", table2(
            altitude, mach, [float(h) for h in turboprop.altitude],
            [float(m) for m in turboprop.mach],
            [[float(x) for x in row] for row in values]))
    share = clipped(product(speed, 1.0 / float(engine.takeoff_speed)), 0.0, 1.9)
    computed(channel, f"{ours}/speed-share", share)
    computed(channel, f"{ours}/efficiency", product(
        f"{ours}/speed-share", call("difference", 2.0, f"{ours}/speed-share")))
    limit = call("quotient", float(turboprop.power_limit),
                 call("max", speed, float(engine.cruise_speed_least)))
    return call("min", call("quotient", product(f"{ours}/gas-power-w", f"{ours}/efficiency"),
                            call("max", speed, formulas.LEAST_SPEED)), limit)


def _fuel_flow(sheet: Any, ours: str, power: str, speed: str) -> ET.Element:
    engine = sheet.engine
    brake = call("max", power, 0.0)
    if engine.kind == TURBOPROP:
        idle = float(engine.turboprop.fuel_share_idle)
        gas = call("quotient", brake, product(call("max", f"{ours}/efficiency", 0.1),
                                              call("max", f"{ours}/gas-power-w", 1.0)))
        return product(f"{ours}/gas-fuel-kg_sec",
                       total(idle, product(call("min", gas, 1.0), 1.0 - idle)))
    piston = engine.piston
    turns = product(speed, total(float(piston.fuel_per_turn),
                                 product(float(piston.fuel_per_turn2), speed)))
    return total(product(brake, float(piston.fuel_per_energy)), turns)


def _manifold(sheet: Any, number: int, pressure: str) -> ET.Element:
    """The manifold pressure [Pa] that JSBSim will find in this very frame."""
    jsbsim, engine = f"propulsion/engine[{number}]", sheet.engine
    stroke = bore(sheet) / 0.0254 / 360.0  # mean piston speed [ft/s] per rpm
    own = call("quotient", PEAK_PISTON_SPEED / stroke, call("max", f"{jsbsim}/engine-rpm", 1.0))
    intake = f"{jsbsim}/air-intake-impedance-factor"
    shut = PEAK_PISTON_SPEED / (rpm(engine.idle_speed) * stroke) * (
        PISTON_PRESSURE / (LEAST_MANIFOLD_INHG * PASCAL_IN_INHG) - 1.0)
    lever = call("pow", call("difference", 1.0, f"fcs/throttle-pos-norm[{number}]"), 2.0)
    goal = product(pressure, call("quotient", own, total(
        copy.copy(own), intake, product(lever, call("difference", shut, intake)))))
    share = call("min", product("simulation/channel-dt", 1.0 / _manifold_lag(sheet)), 1.0)
    now = f"{jsbsim}/map-pa"
    return total(now, product(call("difference", goal, now), share))


def _manifold_lag(sheet: Any) -> float:
    return max(float(sheet.engine.time_constant), 0.05)


def _breathe(channel: ET.Element, sheet: Any, number: int) -> None:
    """Set mixture, volumetric efficiency, friction and specific consumption."""
    jsbsim, ours = f"propulsion/engine[{number}]", f"systems/engine[{number}]"
    volume, pressure = displacement(sheet), f"{ours}/pressure-pa"
    manifold, running = f"{ours}/manifold-pa", f"{jsbsim}/set-running"
    computed(channel, pressure, product("atmosphere/P-psf", PASCAL_IN_PSF))
    computed(channel, manifold, _manifold(sheet, number, pressure))
    # At any altitude exactly the air that the fuel needs; without fuel the engine stops.
    computed(channel, f"{ours}/mixture", product(
        f"{ours}/fuel-on", pressure, 1.0 / (SEA_LEVEL_PHI * SEA_LEVEL_PRESSURE)),
        f"fcs/mixture-pos-norm[{number}]")
    back = call("min", call("quotient", pressure, call("max", manifold, 1.0)), COMPRESSION_RATIO)
    computed(channel, f"{ours}/breathing", total(
        (GAMMA - 1.0) / GAMMA + COMPRESSION_RATIO / (GAMMA * (COMPRESSION_RATIO - 1.0)),
        product(back, -1.0 / (GAMMA * (COMPRESSION_RATIO - 1.0)))))
    swept = product(call("max", f"{jsbsim}/engine-rpm", 1.0), volume / 120.0)
    temperature = product("atmosphere/T-R", KELVIN_IN_RANKINE)
    turning = f"{ours}/turning"
    computed(channel, turning, call("ifthen", call(
        "and", call("gt", running, 0.5),
        call("gt", f"{ours}/speed-rad_sec", 0.5 * float(sheet.engine.idle_speed))), 1.0, 0.0))
    efficiency = clipped(call(
        "quotient", product(f"{ours}/fuel-flow-kg_sec", STOICHIOMETRIC, AIR_CONSTANT, temperature),
        product(f"{ours}/breathing", swept, call("max", manifold, 1.0))), 1e-6, 100.0)
    computed(channel, f"{ours}/volumetric-efficiency", call(
        "ifthen", turning, efficiency, RATED_VOLUMETRIC_EFFICIENCY),
        f"{jsbsim}/volumetric-efficiency")
    # JSBSim's pumping loss, which is not in our brake power.
    pumping = f"{ours}/pumping-hp"
    computed(channel, pumping, product(
        call("difference", pressure, manifold), f"{ours}/volumetric-efficiency",
        f"{jsbsim}/engine-rpm", volume / PUMPING))
    computed(channel, f"{ours}/indicated-hp", call("max", total(
        product(f"{ours}/indicated-power-w", 1.0 / HORSEPOWER), pumping), LEAST_INDICATED_HP))
    consumption = call("quotient", product(f"{ours}/fuel-flow-kg_sec", POUNDS_IN_KG * 3600.0),
                       f"{ours}/indicated-hp")
    computed(channel, f"{ours}/specific-consumption", call(
        "ifthen", turning, consumption, starting_consumption(sheet)), f"{jsbsim}/bsfc-lbs_hphr")
    # Running, friction is in the mean effective pressure of the engine's file.
    motoring = product(f"{ours}/speed-rad_sec", float(sheet.engine.friction_torque) / HORSEPOWER)
    computed(channel, f"{ours}/motoring-hp", call(
        "ifthen", call("gt", running, 0.5), 0.0, call("difference", motoring, pumping)),
        f"{jsbsim}/friction-hp")
