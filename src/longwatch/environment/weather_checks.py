"""Whether the grid of a weather file can be one of the atmosphere."""

from collections.abc import Iterator

import numpy as np

from longwatch.environment.atmosphere import pressure_altitude

# Levels of pressure that a file can hold [Pa].
LOWEST_LEVEL, HIGHEST_LEVEL = 1.0, 120_000.0
# A level stands no further from its height in the standard atmosphere than the weather of all
# seasons and latitudes takes it; judged up to 20 km.
HEIGHT_SLACK, HEIGHT_SHARE, HIGHEST_JUDGED = 1000.0, 0.15, 20_000.0


def grid_faults(times: np.ndarray, levels: np.ndarray, latitudes: np.ndarray,
                longitudes: np.ndarray) -> Iterator[str]:
    """What is wrong with the axes: times [s], pressures [Pa], latitudes and longitudes [deg]."""
    for name, values, least in (("time", times, 1), ("level", levels, 2),
                                ("latitude", latitudes, 2), ("longitude", longitudes, 2)):
        if not np.isfinite(values).all():
            yield f"its {name}s hold values that are no numbers; fetch it anew"
        elif len(values) < least and not (name == "time" and len(values) == 0):
            yield f"it holds {len(values)} {name}; at least {least} are needed to lie between"
        elif len(np.unique(values)) < len(values):
            yield f"a {name} occurs twice; take a file that holds each once"
        elif name in ("latitude", "longitude"):
            steps = np.diff(np.sort(values))
            if np.ptp(steps) > 1e-3 * steps.mean():
                yield f"its {name}s are not evenly spaced; take a regular grid"
    if len(levels) and np.isfinite(levels).all() and (
            levels.min() < LOWEST_LEVEL or levels.max() > HIGHEST_LEVEL):
        yield (f"levels from {levels.min():g} to {levels.max():g} Pa are not possible; their "
               "units are wrong: fetch it anew")
    if len(latitudes) and np.nanmax(np.abs(latitudes)) > 90.0:
        yield "a latitude lies beyond a pole; fetch it anew"


def height_fault(heights: np.ndarray, levels: np.ndarray) -> str:
    """What is wrong if a level of pressure [Pa] lies where no air has that pressure."""
    for i, level in enumerate(levels):
        standard = pressure_altitude(level)
        apart = float(np.abs(heights[..., i] - standard).max())
        low = min(standard, float(heights[..., i].min())) < HIGHEST_JUDGED
        if low and apart > HEIGHT_SLACK + HEIGHT_SHARE * abs(standard):
            return (f"its level of {level / 100.0:g} hPa lies at {heights[..., i].min():.0f} to "
                    f"{heights[..., i].max():.0f} m, {standard:.0f} m in the standard atmosphere; "
                    "the geopotential is not in m2/s2, the levels are not in their unit, or it "
                    "is damaged: fetch it anew")
    return ""
