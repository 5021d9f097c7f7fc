"""Declarations become layouts, columns and digests; checked by NumPy's own rules."""

import numpy as np
import pytest

from longwatch.record import Leaf, b1, f8, field, i4, leaves, record, schema_digest


@record
class Wheel:
    load: f8 = field("N", "load", minimum=0)
    turning: b1 = field("", "turns", logged=False)


@record
class Cart:
    position: f8 = field("m", "where", shape=(3,))
    wheels: Wheel = field("", "wheels", shape=(2,), labels=("left", "right"))
    table: f8 = field("1", "table", shape=(2, 3))
    number: i4 = field("", "which")


def test_layout_is_aligned_as_c_lays_it_out():
    # Wheel: a double, a bool and padding to 16; Cart: 24 + 32 + 48 + 4 and padding.
    assert Wheel.dtype.itemsize == 16
    assert Cart.dtype.itemsize == 112
    assert [Cart.dtype.fields[n][1] for n in ("position", "wheels", "table", "number")] == [
        0, 24, 56, 104]
    assert not Cart.zeros(3).view(np.uint8).any()


def test_a_record_within_another_keeps_its_alignment():
    """As C does: a byte, seven of padding, two Wheels; three bytes, five of padding, a double."""

    @record
    class Flags:
        first: b1 = field("", "one")
        last: b1 = field("", "another")

    @record
    class Tray:
        full: b1 = field("", "full")
        wheels: Wheel = field("", "wheels", shape=(2,))
        flags: Flags = field("", "flags")
        tilted: b1 = field("", "tilted")
        weight: f8 = field("N", "weight")

    assert [Tray.dtype.fields[n][1] for n in Tray.dtype.names] == [0, 8, 40, 42, 48]
    assert Tray.dtype.itemsize == 56


def test_fields_are_read_and_written_by_name():
    carts = Cart.zeros(2)
    cart = carts[1]
    cart.position[:] = 1.0, 2.0, 3.0
    cart.wheels[1].load = 7.0
    assert carts["position"].tolist() == [[0.0] * 3, [1.0, 2.0, 3.0]]
    assert carts["wheels"]["load"].tolist() == [[0.0, 0.0], [0.0, 7.0]]


def test_declarations_keep_unit_meaning_and_bounds():
    load = Wheel.fields[0]
    assert (load.name, load.unit, load.meaning, load.minimum, load.type) == (
        "load", "N", "load", 0, f8)


def test_leaves_are_every_scalar_in_order():
    assert [leaf.path for leaf in leaves(Cart)] == [
        "position_x", "position_y", "position_z", "wheels_left.load",
        "wheels_left.turning", "wheels_right.load", "wheels_right.turning",
        "table_0_0", "table_0_1", "table_0_2", "table_1_0", "table_1_1", "table_1_2", "number"]
    assert not [x for x in leaves(Cart, logged_only=True) if "turning" in x.path]


def test_a_leaf_is_a_view_of_its_values():
    carts = Cart.zeros(3)
    by_path = {leaf.path: leaf for leaf in leaves(Cart)}
    by_path["wheels_right.load"].of(carts)[:] = (1.0, 2.0, 3.0)
    by_path["table_1_2"].of(carts)[2] = 9.0
    by_path["position_y"].of(carts)[0] = 5.0
    assert [cart.wheels[1].load for cart in carts] == [1.0, 2.0, 3.0]
    assert (carts[2].table[1, 2], carts[0].position[1]) == (9.0, 5.0)
    assert isinstance(by_path["number"], Leaf) and by_path["number"].unit == ""


@pytest.mark.parametrize("change", ["unit", "type", "name", "shape"])
def test_digest_changes_with_what_a_snapshot_relies_on(change):
    unit = "m" if change == "unit" else "N"
    shape = (2,) if change == "shape" else ()
    kind = i4 if change == "type" else f8
    name = "burden" if change == "name" else "load"
    other = record(type("Other", (), {
        "__annotations__": {name: kind, "turning": b1},
        name: field(unit, "load", shape=shape), "turning": field("", "turns")}))
    assert schema_digest(other) != schema_digest(Wheel)


def test_digest_is_the_same_for_the_same_declarations():
    same = record(type("Same", (), {"__annotations__": {"load": f8, "turning": b1},
                                    "load": field("N", "in other words"),
                                    "turning": field("", "turns")}))
    assert schema_digest(same) == schema_digest(Wheel)
