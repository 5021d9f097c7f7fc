"""What the aircraft's own systems report: engines, fuel, wheels."""

from longwatch.aircraft.schema import ENGINES
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record


@record
class SystemsSample:
    engine_speed: f8 = field("rad/s", "crankshaft speed", shape=(ENGINES,))
    fuel_mass: f8 = field("kg", "fuel gauge")
    weight_on_wheels: b1 = field("", "a main wheel carries load")


@compiled
def sample(systems, engines, mass, gear):
    """Read the gauges."""
    for i in range(ENGINES):
        systems.engine_speed[i] = engines[i].speed
    systems.fuel_mass = mass.fuel_mass
    systems.weight_on_wheels = gear.weight_on_wheels
