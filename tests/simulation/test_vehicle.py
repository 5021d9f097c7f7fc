"""The record and the tick's own bookkeeping."""

import numpy as np
import pytest

from longwatch.aircraft.schema import Datasheet
from longwatch.autopilot import events
from longwatch.autopilot.events import RING, EventRing
from longwatch.autopilot.plan import PlanHeader, PlanItem, PlanRunway
from longwatch.record import leaves
from longwatch.simulation import watch as module
from longwatch.simulation.vehicle import FLYING, LOST, Vehicle

LEVEL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def offsets(dtype, offset=0):
    """Offset and type of every scalar of a layout."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        for i in range(int(np.prod(shape))):
            yield from offsets(base, offset + i * base.itemsize)
    elif dtype.fields:
        for kind, place, *_ in dtype.fields.values():
            yield from offsets(kind, offset + place)
    else:
        yield offset, dtype


@pytest.mark.parametrize("kind", [Vehicle, Datasheet])
def test_no_scalar_lies_across_its_alignment(kind):
    assert [o for o, dtype in offsets(kind.dtype) if o % dtype.alignment] == []
    assert kind.dtype.itemsize % 8 == 0


def names(kind):
    for declared in kind.fields:
        yield declared.name
        if hasattr(declared.type, "fields"):
            yield from names(declared.type)


@pytest.mark.parametrize("kind", [Vehicle, Datasheet, PlanItem, PlanRunway, PlanHeader])
def test_no_field_is_named_as_what_numpy_records_have_already(kind):
    """With the compiler off, ``record.repeat`` would be NumPy's method, not the field."""
    assert sorted(set(names(kind)) & set(dir(np.record))) == []


def test_columns_that_others_rely_on_are_there():
    columns = {leaf.path: leaf.unit for leaf in leaves(Vehicle, logged_only=True)}
    expected = {"clock.time": "s", "flight.latitude": "rad", "flight.altitude_msl": "m",
                "body.position_ecef_x": "m", "body.attitude_0": "", "engines_0.power": "W",
                "engines_0.fuel_flow": "kg/s", "propellers_0.thrust": "N",
                "actuators.ruddervator_left": "rad", "autopilot.modes.phase": "",
                "autopilot.guidance.cross_track": "m", "mass.fuel_mass": "kg"}
    assert expected.items() <= columns.items()
    assert not [c for c in columns if c.startswith(("sensors", "streams", "events"))]


def test_event_ring_keeps_the_last():
    ring = EventRing.zeros()[0]
    for number in range(RING + 6):
        events.note(ring, 0.1 * number, events.ITEM_REACHED, number, -1.0 * number)
    assert ring.count == RING + 6
    kept = sorted(int(e.number) for e in ring.entries)
    assert kept == list(range(6, RING + 6))
    newest = ring.entries[(ring.count - 1) % RING]
    assert (newest.number, newest.value) == (RING + 5, -(RING + 5.0))
    assert newest.time == pytest.approx(0.1 * (RING + 5))


@pytest.fixture
def aloft(tb2):
    """A vehicle in the air, on the way, ten seconds after its start."""
    made = Vehicle.zeros()[0]
    made.clock.time = 10.0
    made.flight.height_above_ground = 50.0
    made.air.density_ratio = 0.81
    made.ground.paved = True
    watch(made, tb2)
    return made


def watch(vehicle, tb2, body_to_ned=LEVEL):
    module.watch(vehicle, tb2.datasheet[0], body_to_ned)


def on_wheels(vehicle, height=1.1):
    vehicle.flight.height_above_ground, vehicle.gear.weight_on_wheels = height, True


def test_touchdown_is_measured_against_the_sloped_ground(aloft, tb2):
    assert aloft.status.airborne and aloft.status.lift_off_time == 10.0
    on_wheels(aloft)
    aloft.flight.vertical_speed, aloft.flight.velocity_north = -0.4, 30.0
    aloft.flight.true_airspeed, aloft.ground.slope_north = 40.0, 0.01
    banked = (1.0, 0.0, 0.0, 0.0, np.cos(0.05), -np.sin(0.05), 0.0, np.sin(0.05), np.cos(0.05))
    watch(aloft, tb2, banked)
    status = aloft.status
    # The ground rises by 0.3 m/s towards wheels that sink 0.4; 36 m/s equivalent airspeed.
    assert status.touchdown_sink == pytest.approx(0.7)
    assert status.touchdown_airspeed == pytest.approx(36.0)
    assert status.touchdown_bank == pytest.approx(0.05)
    assert not status.airborne


def test_a_bounce_is_no_second_touchdown(aloft, tb2):
    on_wheels(aloft)
    watch(aloft, tb2)
    aloft.clock.time, aloft.gear.weight_on_wheels = 11.0, False
    aloft.flight.height_above_ground = 2.0
    watch(aloft, tb2)
    on_wheels(aloft)
    watch(aloft, tb2)
    assert aloft.status.touchdown_time == 10.0


def test_largest_loads_since_touchdown_are_kept(aloft, tb2):
    on_wheels(aloft)
    watch(aloft, tb2)
    for vertical, side in ((5000.0, -300.0), (9000.0, 100.0), (4000.0, 0.0)):
        aloft.gear.vertical_load, aloft.gear.side_load = vertical, side + 50.0
        # The main wheels' own share counts against their limit: not the nose wheel's.
        aloft.gear.wheels[1].side_force = aloft.gear.wheels[2].side_force = 0.5 * side
        aloft.gear.wheels[0].side_force = 50.0
        watch(aloft, tb2)
    assert aloft.status.touchdown_vertical_load == 9000.0
    assert aloft.status.touchdown_side_load == 300.0


def test_leaving_the_pavement_is_told_once(aloft, tb2):
    on_wheels(aloft)
    watch(aloft, tb2)
    aloft.ground.paved = False
    before = int(aloft.events.count)
    for _ in range(3):
        watch(aloft, tb2)
    told = [int(e.code) for e in aloft.events.entries[before:int(aloft.events.count)]]
    assert told == [events.OFF_PAVEMENT]


@pytest.mark.parametrize(("height", "bank", "outcome"), [(0.2, 0.0, LOST), (1.1, 0.7, LOST),
                                                         (1.1, 0.2, FLYING)])
def test_belly_or_wing_on_the_ground_is_a_loss(aloft, tb2, height, bank, outcome):
    on_wheels(aloft, height)
    c, s = np.cos(bank), np.sin(bank)
    watch(aloft, tb2, (1.0, 0.0, 0.0, 0.0, c, -s, 0.0, s, c))
    assert aloft.status.outcome == outcome
