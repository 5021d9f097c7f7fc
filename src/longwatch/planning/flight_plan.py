"""From a mission file to the plan aboard, in one call."""

import os
from typing import Any

from longwatch.planning.mission_file import read_mission
from longwatch.planning.resolve import ResolvedPlan, resolve
from longwatch.planning.route import ground_patches, lay_route
from longwatch.planning.runway_choice import choose_strips


def plan_flight(path: str | os.PathLike[str], aircraft: Any, *, payload_kg: float = 0.0,
                fuel_kg: float = 0.0, wind: Any, fit: bool = False, force: bool = False
                ) -> ResolvedPlan:
    """Read a mission, settle runways and heights, and write it down for the autopilot.

    ``aircraft`` is what load_datasheet returns, ``wind`` a Wind array. Raises MissionError.
    """
    mission = read_mission(path, skip_unsupported=force)
    aiming_distance = float(aircraft.datasheet[0].procedures.aiming_distance)
    home, strips = choose_strips(mission, wind[0], aiming_distance)
    patches = ground_patches(strips)
    points = lay_route(mission, home, strips, patches)
    return resolve(mission, home, strips, points, patches, payload_kg=payload_kg,
                   default_radius=600.0, messages=mission.notes + strips.messages)
