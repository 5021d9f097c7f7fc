"""From a mission file to the plan aboard, in one call."""

import os
from datetime import datetime
from typing import Any

from longwatch.environment.terrain_files import Terrain
from longwatch.environment.weather_file import Weather
from longwatch.errors import MissionError, SetupError, listed
from longwatch.planning.finding import Finding
from longwatch.planning.judge import judge
from longwatch.planning.judgement import Judgement
from longwatch.planning.mission_file import read_mission
from longwatch.planning.resolve import ResolvedPlan, resolve


def judge_file(path: str | os.PathLike[str], aircraft: Any, *, payload_kg: float = 0.0,
               fuel_kg: float, wind: Any = None, turbulence: str = "none",
               fit: bool = False, force: bool = False, weather: Weather | None = None,
               terrain: Terrain | None = None, start: datetime | None = None) -> Judgement:
    """Read a mission file and judge it; see :func:`longwatch.planning.judge.judge`.

    ``force`` leaves out unsupported items that do not move the aircraft.
    """
    mission = read_mission(path, skip_unsupported=force)
    return judge(mission, aircraft, payload_kg=payload_kg, fuel_kg=fuel_kg, wind=wind,
                 turbulence=turbulence, fit=fit, weather=weather, terrain=terrain, start=start)


def plan_flight(path: str | os.PathLike[str], aircraft: Any, *, payload_kg: float = 0.0,
                fuel_kg: float, wind: Any = None, turbulence: str = "none",
                fit: bool = False, force: bool = False, weather: Weather | None = None,
                terrain: Terrain | None = None, start: datetime | None = None) -> ResolvedPlan:
    """Read a mission, judge it, change it where asked to, and write it down for the autopilot.

    ``aircraft`` is what load_datasheet returns, ``wind`` a Wind array or None for calm air,
    ``turbulence`` the level that the fuel plan allows for; ``weather``, ``terrain`` and ``start``
    are as :func:`longwatch.planning.judge.judge` takes them. ``fit`` changes what does not fit;
    ``force`` flies what can be flown in spite of the rest, and says so in the plan's messages.
    Raises MissionError with all that refuses the mission, or SetupError where only payload, fuel
    or wind do.
    """
    judgement = judge_file(path, aircraft, payload_kg=payload_kg, fuel_kg=fuel_kg, wind=wind,
                           turbulence=turbulence, fit=fit, force=force, weather=weather,
                           terrain=terrain, start=start)
    refusing = [f for f in judgement.errors if not (force and f.forcible)]
    if refusing:
        _refuse(path, refusing, fit, payload_kg, fuel_kg)
    forced = tuple(f"flown under --force in spite of: {f.text}" for f in judgement.errors)
    warnings = tuple(f.text for f in judgement.findings if f.severity == "warning")
    changed = tuple(f"changed by --fit: {change.text}" for change in judgement.changes)
    return resolve(judgement, payload_kg=payload_kg,
                   messages=judgement.messages + changed + warnings + forced)


def _refuse(path: str | os.PathLike[str], refusing: list[Finding], fit: bool, payload_kg: float,
            fuel_kg: float) -> None:
    heading = (f"{path}: refused with {payload_kg:g} kg of payload and {fuel_kg:g} kg of fuel"
               + (", fitted as far as it can be:" if fit else ":"))
    lines = [finding.text for finding in refusing]
    if not fit and any(finding.fix is not None for finding in refusing):
        lines.append("--fit changes what can be changed, and lists it")
    if all(finding.setup for finding in refusing):
        raise SetupError(listed(heading, lines))
    raise MissionError(listed(heading, lines))
