"""Mass, centre of gravity and inertia out of the empty aircraft, payload and fuel.

Fuel is a box of the datasheet's extent whose density falls as it empties; payload is a point
mass. Inertias are moved to the common centre of gravity by the parallel-axis theorem.
"""

from longwatch.compiled import compiled
from longwatch.record import f8, field, record


@record
class MassState:
    mass: f8 = field("kg", "mass of the whole aircraft")
    payload_mass: f8 = field("kg", "payload aboard")
    fuel_mass: f8 = field("kg", "fuel left")
    position: f8 = field("m", "centre of gravity from the datum, body axes", shape=(3,))
    inertia_xx: f8 = field("kg m2", "roll inertia about the centre of gravity")
    inertia_yy: f8 = field("kg m2", "pitch inertia about the centre of gravity")
    inertia_zz: f8 = field("kg m2", "yaw inertia about the centre of gravity")
    inertia_xz: f8 = field("kg m2", "product of inertia, integral of x z dm")


@compiled
def step(state, parameters):
    """Recompute mass, centre of gravity and inertia from the fuel and payload aboard."""
    empty, payload, fuel = parameters.empty_mass, state.payload_mass, state.fuel_mass
    mass = empty + payload + fuel
    state.mass = mass
    for i in range(3):
        state.position[i] = (
            empty * parameters.empty_position[i]
            + payload * parameters.payload_position[i]
            + fuel * parameters.fuel_position[i]
        ) / mass
    cx, cy, cz = state.position[0], state.position[1], state.position[2]
    xx, yy, zz = (
        parameters.empty_inertia_xx,
        parameters.empty_inertia_yy,
        parameters.empty_inertia_zz,
    )
    xz = parameters.empty_inertia_xz
    ex, ey, ez = parameters.fuel_extent[0], parameters.fuel_extent[1], parameters.fuel_extent[2]
    xx += fuel * (ey * ey + ez * ez) / 12.0
    yy += fuel * (ex * ex + ez * ez) / 12.0
    zz += fuel * (ex * ex + ey * ey) / 12.0
    for part in range(3):
        if part == 0:
            m, at = empty, parameters.empty_position
        elif part == 1:
            m, at = payload, parameters.payload_position
        else:
            m, at = fuel, parameters.fuel_position
        x, y, z = at[0] - cx, at[1] - cy, at[2] - cz
        xx += m * (y * y + z * z)
        yy += m * (x * x + z * z)
        zz += m * (x * x + y * y)
        xz += m * x * z
    state.inertia_xx, state.inertia_yy, state.inertia_zz = xx, yy, zz
    state.inertia_xz = xz
