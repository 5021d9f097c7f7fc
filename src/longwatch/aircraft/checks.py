"""Faults of a datasheet that no single value shows: figures that contradict each other."""

from collections.abc import Iterator
from typing import Any

import numpy as np


def consistency_faults(datasheet: Any) -> Iterator[str]:
    """Yield what is contradictory in ``datasheet``, one Datasheet record in SI units."""
    yield from _mass_faults(datasheet.mass)
    yield from _engine_faults(datasheet.engine)
    yield from _propeller_faults(datasheet.propeller)
    yield from _gear_faults(datasheet.landing_gear)
    yield from _limit_faults(datasheet)


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
    if not (np.diff(engine.table_speed) > 0.0).all():
        yield "engine.table_speed: out of order: speeds must rise"
    if (engine.table_power <= 0.0).any() or not (np.diff(engine.table_power) > 0.0).all():
        yield "engine.table_power: must be above zero and rise with speed"
    if not engine.idle_speed < engine.continuous_speed <= engine.takeoff_speed:
        yield "engine: speeds out of order: idle_speed < continuous_speed <= takeoff_speed"
    speed = np.linspace(engine.idle_speed, engine.takeoff_speed, 50)
    if (engine.fuel_per_turn * speed + engine.fuel_per_turn2 * speed**2 < 0.0).any():
        yield "engine.fuel_per_turn: the fuel flow without load is negative within the speeds"


def _propeller_faults(propeller: Any) -> Iterator[str]:
    if propeller.angle_minimum >= propeller.angle_maximum:
        yield "propeller: out of order: angle_minimum < angle_maximum"
    last = propeller.angle_first + propeller.angle_step * (len(propeller.CT) - 1)
    if propeller.angle_minimum < propeller.angle_first or propeller.angle_maximum > last:
        yield "propeller: the stops of the blade angle lie outside the tables"
    if abs(propeller.direction) != 1.0:
        yield "propeller.direction: must be 1 or -1"
    if not (np.diff(propeller.CP[:, 0]) > 0.0).all():
        yield "propeller.CP: out of order: static power must rise with blade angle"
    if not (np.diff(propeller.CT[0]) < 0.0).all():
        yield "propeller.CT: out of order: thrust at the finest angle must fall with J"


def _gear_faults(gear: Any) -> Iterator[str]:
    nose, left, right = (gear.wheels[i].position for i in range(3))
    if not left[1] < 0.0 < right[1]:
        yield "landing_gear.wheels: out of order: the left main wheel has y < 0, the right y > 0"
    if not max(left[0], right[0]) < nose[0]:
        yield "landing_gear.wheels: out of order: the nose wheel must stand ahead of the mains"


def _limit_faults(datasheet: Any) -> Iterator[str]:
    for name in ("aileron", "ruddervator", "steering", "throttle", "brake"):
        actuator = datasheet.actuators[name]
        if actuator.lower >= actuator.upper:
            yield f"actuators.{name}: out of order: lower < upper"
    limits = datasheet.limits
    if limits.cruise_speed >= limits.never_exceed_speed:
        yield "limits: out of order: cruise_speed < never_exceed_speed"
    procedures = datasheet.procedures
    if procedures.protection_factor > procedures.approach_factor:
        yield "procedures: out of order: protection_factor <= approach_factor"
