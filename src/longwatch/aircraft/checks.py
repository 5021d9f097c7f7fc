"""Faults of a datasheet that no single value shows: figures that contradict each other."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np

from longwatch.aircraft.formulas import CEILING_CLIMB, available_power
from longwatch.aircraft.schema import TURBOPROP
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY

# Load factor kept for gusts beyond that of the steepest turn, and below straight flight.
LOAD_MARGIN = 0.6
# Sink on the final, over that of the glide path at approach speed in still air: gusts, a tail wind
# and coming back to the path from above.
SINK_MARGIN = 1.6


def consistency_faults(datasheet: Any, broken: Collection[str] = ()) -> Iterator[str]:
    """Yield what is contradictory in ``datasheet``, one Datasheet record in SI units.

    Sections in ``broken`` have faults of their own and are left out.
    """
    for sections, faults in _CHECKS:
        if not any(section in broken for section in sections):
            yield from faults(*(datasheet[section] for section in sections))


def _mass_faults(mass: Any) -> Iterator[str]:
    tensor = np.array([[mass.empty_inertia_xx, 0.0, -mass.empty_inertia_xz],
                       [0.0, mass.empty_inertia_yy, 0.0],
                       [-mass.empty_inertia_xz, 0.0, mass.empty_inertia_zz]])
    principal = np.sort(np.linalg.eigvalsh(tensor))
    if principal[0] <= 0.0:
        yield "mass.empty_inertia_xz: too large: the inertia would be negative about one axis"
    if principal[2] > principal[0] + principal[1]:
        yield (f"mass.empty_inertia: no body has principal inertias "
               f"{', '.join(f'{x:.4g}' for x in principal)}: the largest exceeds the other two "
               "together")
    if mass.empty_mass >= mass.maximum_takeoff_mass:
        yield "mass.empty_mass: not below maximum_takeoff_mass"
    if (mass.fuel_extent < 0.0).any():
        yield "mass.fuel_extent: must not be negative"


def _engine_faults(engine: Any) -> Iterator[str]:
    if not engine.idle_speed < engine.continuous_speed <= engine.takeoff_speed:
        yield "engine: speeds out of order: idle_speed < continuous_speed <= takeoff_speed"
    if not engine.idle_speed <= engine.cruise_speed_least <= engine.continuous_speed:
        yield "engine.cruise_speed_least: must lie between idle_speed and continuous_speed"
    yield from (_turboprop_faults if engine.kind == TURBOPROP else _piston_faults)(engine)


def _piston_faults(engine: Any) -> Iterator[str]:
    piston = engine.piston
    if not (np.diff(piston.table_speed) > 0.0).all():
        yield "engine.piston.table_speed: out of order: speeds must rise"
    if (piston.table_power <= 0.0).any() or not (np.diff(piston.table_power) > 0.0).all():
        yield "engine.piston.table_power: must be above zero and rise with speed"
    speed = np.linspace(engine.idle_speed, engine.takeoff_speed, 50)
    if (piston.fuel_per_turn * speed + piston.fuel_per_turn2 * speed**2 < 0.0).any():
        yield ("engine.piston.fuel_per_turn: the fuel flow without load is negative within the "
               "speeds")


def _turboprop_faults(engine: Any) -> Iterator[str]:
    turboprop = engine.turboprop
    for name in ("altitude", "mach"):
        if not (np.diff(turboprop[name]) > 0.0).all():
            yield f"engine.turboprop.{name}: out of order: must rise"
        if turboprop[name][0] != 0.0:
            yield f"engine.turboprop.{name}: must begin at 0"
    if not (np.diff(turboprop.power, axis=0) < 0.0).all():
        yield "engine.turboprop.power: out of order: must fall with altitude"
    if (turboprop.fuel <= 0.0).any():
        yield "engine.turboprop.fuel: must be above zero"
    if engine.continuous_power > turboprop.power_limit:
        yield "engine.continuous_power: above turboprop.power_limit"


def _propeller_faults(propeller: Any) -> Iterator[str]:
    if propeller.angle_minimum >= propeller.angle_maximum:
        yield "propeller: out of order: angle_minimum < angle_maximum"
    last = propeller.angle_first + propeller.angle_step * (len(propeller.CT) - 1)
    if propeller.angle_minimum < propeller.angle_first or propeller.angle_maximum > last:
        yield "propeller: the stops of the blade angle lie outside the tables"
    if (abs(propeller.direction) != 1.0).any():
        yield "propeller.direction: each must be 1 or -1"
    if propeller.feathering and propeller.angle_feather <= propeller.angle_maximum:
        yield "propeller.angle_feather: must be above angle_maximum"
    if not (np.diff(propeller.CP[:, 0]) > 0.0).all():
        yield "propeller.CP: out of order: static power must rise with blade angle"
    if not (np.diff(propeller.CT[0]) < 0.0).all():
        yield "propeller.CT: out of order: thrust at the finest angle must fall with J"


def _layout_faults(engine: Any, propeller: Any) -> Iterator[str]:
    if engine.count == 2 and propeller.position[1] <= 0.0:
        yield "propeller.position: of two propellers give the right-hand one, with y > 0"


def _drag_faults(aerodynamics: Any, gear: Any) -> Iterator[str]:
    if not gear.retractable and aerodynamics.CD_gear != 0.0:
        yield "aerodynamics.CD_gear: must be 0 where the gear is fixed: its drag belongs to CD0"


def _gear_faults(gear: Any) -> Iterator[str]:
    if gear.retractable and gear.transit_time <= 0.0:
        yield "landing_gear.transit_time: must be above zero where the gear retracts"
    nose, left, right = (gear.wheels[i].position for i in range(3))
    if not left[1] < 0.0 < right[1]:
        yield "landing_gear.wheels: out of order: the left main wheel has y < 0, the right y > 0"
    if not max(left[0], right[0]) < nose[0]:
        yield "landing_gear.wheels: out of order: the nose wheel must stand ahead of the mains"


def _actuator_faults(actuators: Any) -> Iterator[str]:
    for name in ("aileron", "ruddervator", "steering", "throttle", "brake"):
        if actuators[name].lower >= actuators[name].upper:
            yield f"actuators.{name}: out of order: lower < upper"


def _limit_faults(limits: Any) -> Iterator[str]:
    if limits.cruise_speed >= limits.never_exceed_speed:
        yield "limits: out of order: cruise_speed < never_exceed_speed"
    steepest = 1.0 / np.cos(limits.bank_maximum)
    if limits.load_factor_maximum < steepest + LOAD_MARGIN:
        yield (f"limits.load_factor_maximum: a turn at bank_maximum takes {steepest:.2f}, and "
               f"{LOAD_MARGIN:g} is kept for gusts")
    if limits.load_factor_minimum > 1.0 - LOAD_MARGIN:
        yield (f"limits.load_factor_minimum: straight flight takes 1, and {LOAD_MARGIN:g} is kept "
               "for gusts")


def _procedure_faults(procedures: Any) -> Iterator[str]:
    for slow, fast in (("protection_factor", "approach_factor"),
                       ("protection_factor", "climb_factor"),
                       ("protection_factor", "cruise_factor"),
                       ("touchdown_factor", "approach_factor")):
        if procedures[slow] > procedures[fast]:
            yield f"procedures: out of order: {slow} <= {fast}"


def _final_faults(mass: Any, geometry: Any, aerodynamics: Any, procedures: Any) -> Iterator[str]:
    weight = mass.maximum_takeoff_mass * GRAVITY
    stall = np.sqrt(2.0 * weight / (SEA_LEVEL_DENSITY * geometry.wing_area * aerodynamics.CL_max))
    sink = SINK_MARGIN * procedures.approach_factor * stall * np.tan(procedures.glide_path)
    if procedures.sink_limit < sink:
        yield (f"procedures.sink_limit: the glide path at approach speed and its corrections take "
               f"{sink:.2f} m/s: below that no final is flown to its end")


def _speed_faults(mass: Any, geometry: Any, aerodynamics: Any, engine: Any, limits: Any,
                  procedures: Any, control: Any) -> Iterator[str]:
    """Speeds flown that full power does not hold at sea level and the largest mass.

    With 100 ft/min to spare, as the autopilot reckons (autopilot/control/level_speed.py).
    """
    weight = mass.maximum_takeoff_mass * GRAVITY
    power = available_power(engine, 1.0, 0.0) * engine.count * control.propeller_efficiency
    CL_max = aerodynamics.CL_max
    stall = (2.0 * weight / (SEA_LEVEL_DENSITY * geometry.wing_area * CL_max)) ** 0.5
    aspect_ratio = geometry.span**2 / geometry.wing_area
    for name, speed in (("limits.cruise_speed", limits.cruise_speed),
                        ("procedures.cruise_factor", procedures.cruise_factor * stall),
                        ("procedures.climb_factor", procedures.climb_factor * stall),
                        ("procedures.approach_factor", procedures.approach_factor * stall)):
        force = 0.5 * SEA_LEVEL_DENSITY * speed**2 * geometry.wing_area
        CL = weight / force
        CD = aerodynamics.CD0 + CL**2 / (np.pi * aerodynamics.oswald * aspect_ratio)
        if power - CD * force * speed < CEILING_CLIMB * weight:
            yield (f"{name}: {speed:.1f} m/s cannot be held level at the largest mass, even at "
                   "sea level: lower it")


# Sections of the datasheet, and what judges them together.
_CHECKS: tuple[tuple[tuple[str, ...], Callable[..., Iterator[str]]], ...] = (
    (("mass",), _mass_faults),
    (("engine",), _engine_faults),
    (("propeller",), _propeller_faults),
    (("engine", "propeller"), _layout_faults),
    (("landing_gear",), _gear_faults),
    (("aerodynamics", "landing_gear"), _drag_faults),
    (("actuators",), _actuator_faults),
    (("limits",), _limit_faults),
    (("procedures",), _procedure_faults),
    (("mass", "geometry", "aerodynamics", "procedures"), _final_faults),
    (("mass", "geometry", "aerodynamics", "engine", "limits", "procedures", "control"),
     _speed_faults),
)
