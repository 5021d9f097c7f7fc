"""Whether a mission leads where the magnetic field gives no heading."""

from collections.abc import Iterator
from datetime import datetime

from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.earth.magnetic_field import (
    BLACKOUT,
    CAUTION,
    NO_CAUTION_WITHIN,
    horizontal_field,
)
from longwatch.planning import figures
from longwatch.planning.case import Case
from longwatch.planning.finding import WARNING, Finding
from longwatch.planning.start_time import decimal_year

# The field is looked up this often along a leg [m].
SPACING = 100_000.0

Place = tuple[float, float]


def magnetic_findings(case: Case, start: datetime) -> Iterator[Finding]:
    """The weakest field on the way, where it is in a caution or blackout zone: a warning."""
    samples = [(number, place) for number, place in _along(case)
               if abs(place[0]) > NO_CAUTION_WITHIN]
    if not samples:
        return
    fields = horizontal_field((place for _, place in samples), decimal_year(start))
    weakest = min(range(len(fields)), key=fields.__getitem__)
    if fields[weakest] >= CAUTION:
        return
    zone = "blackout" if fields[weakest] < BLACKOUT else "caution"
    yield Finding(
        WARNING, samples[weakest][0],
        f"the horizontal magnetic field is {figures.name(f'{fields[weakest]:.0f} nT')} on the "
        f"way, in the {zone} zone "
        f"of the World Magnetic Model (under {BLACKOUT if zone == 'blackout' else CAUTION:.0f} nT)",
        "no heading is taken from it there: it begins at the runway's direction and is kept by "
        "gyroscopes and the satellites' velocity")


def _along(case: Case) -> Iterator[tuple[int, Place]]:
    """Places along the way, each with the item that it leads to."""
    before: Place | None = None
    for point in case.points:
        if not point.item.positioned:
            continue
        if before is not None:
            length, bearing = distance_and_bearing(*before, *point.place)
            for k in range(1, int(length / SPACING) + 1):
                yield point.item.sequence, destination(*before, bearing, k * SPACING)
        yield point.item.sequence, point.place
        before = point.place
