"""The station's quantities: one table, by name, by index and by message."""

from longwatch.station.vehicles import quantities_flight as flight
from longwatch.station.vehicles import quantities_systems as systems
from longwatch.station.vehicles.quantity import Quantity, Report

QUANTITIES: tuple[Quantity, ...] = (
    *flight.STATE, *flight.ATTITUDE, *flight.PLACE, *flight.MOTION, *flight.TARGETS,
    *systems.LIMITS, *systems.MISSION, *systems.ENGINE, *systems.ELECTRICAL, *systems.ESTIMATOR,
    *systems.LINK, *systems.TIME)
NAMES = tuple(quantity.name for quantity in QUANTITIES)
INDEX = {name: index for index, name in enumerate(NAMES)}

# What to read of a message: index of the quantity, rank of the report (0 the preferred one).
BY_MESSAGE: dict[str, tuple[tuple[int, int, Report], ...]] = {}
for _index, _quantity in enumerate(QUANTITIES):
    for _rank, _report in enumerate(_quantity.reports):
        BY_MESSAGE[_report.message] = (*BY_MESSAGE.get(_report.message, ()),
                                       (_index, _rank, _report))


def as_rows() -> list[dict[str, str]]:
    """The table for the page: name, unit, meaning, source, panel."""
    return [{"name": q.name, "unit": q.unit, "meaning": q.meaning, "source": q.source,
             "panel": q.panel} for q in QUANTITIES]
