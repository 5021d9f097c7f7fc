"""The mission that an aircraft was started with, its fence and rally points, as clients read them.
"""

from dataclasses import replace

from longwatch.autopilot.aboard import plan
from longwatch.services.plan_fence import fence_items, rally_items
from longwatch.services.plan_items import FENCE, RALLY, Item, from_planned
from longwatch.simulation.run import Simulation
from longwatch.simulation.start import NO_MISSION


def file_items(simulation: Simulation, first: int) -> tuple[tuple[Item, ...], dict[int, int]]:
    """Its items as if uploaded, numbered from ``first``, and their numbers by those of the file.

    None where it started without a mission.
    """
    mission = simulation.plan.judgement.mission
    if mission.path == NO_MISSION:
        return (), {}
    numbers = {item.sequence: i for i, item in enumerate(mission.items, start=first)}
    return tuple(from_planned(
        replace(item, p1=float(numbers.get(int(item.p1 or 0), first)))
        if item.command == plan.DO_JUMP else item) for item in mission.items), numbers


def area_items(simulation: Simulation) -> dict[int, tuple[Item, ...]]:
    """Fence and rally points of its file, by MAV_MISSION_TYPE.

    Heights of a file count from its own home, as those of its mission do: they read as in the file.
    """
    resolved = simulation.plan
    home = float(resolved.header[0].home_elevation_msl)
    return {FENCE: fence_items(resolved.fence), RALLY: rally_items(resolved.rally, home)}
