"""An uploaded mission on its way aboard: laid out from where the aircraft is, resolved, judged.

Both happen beside the loop. A mission is acknowledged when it is aboard; what the judge says of it
comes later, since nothing that is flown hangs on it.
"""

import base64
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from longwatch.environment.wind import make_wind, parse_wind, wind_at
from longwatch.errors import LongwatchError
from longwatch.planning.air import Air, ProfileAir, WeatherAir
from longwatch.planning.fence_way import NO_FENCE, Fence
from longwatch.planning.finding import ERROR
from longwatch.planning.live import Situation, finding_text, findings, lay_out, resolve_live
from longwatch.planning.live_items import Fault, mission_fault
from longwatch.planning.mission import Home, MissionItem
from longwatch.planning.resolve import ResolvedPlan
from longwatch.services.beside import JUDGE, Beside, Job
from longwatch.services.craft import Craft
from longwatch.services.plan_items import Item, counted, opaque_id
from longwatch.simulation.run import Simulation

# Wind in which a mission is judged is the estimated one in flight, above this height [m].
LEAST_HEIGHT = 50.0
_log = logging.getLogger(__name__)

Told = Callable[[tuple[tuple[bool, str], ...]], None]


def situation_of(craft: Craft) -> Situation:
    """What the aircraft knows of itself, as planning needs it."""
    simulation, estimate = craft.simulation, craft.state.autopilot.estimate
    judgement = simulation.plan.judgement
    strips = judgement.strips
    runways = list(strips.runways)
    runways.insert(0, runways.pop(strips.takeoff))
    return Situation(
        simulation.aircraft, Home(*craft.home), tuple(runways), strips.takeoff_end,
        (float(estimate.latitude), float(estimate.longitude)),
        float(estimate.altitude_msl), float(estimate.heading), craft.airborne,
        float(craft.state.sensors.systems.fuel_mass), float(simulation.loaded.header.payload_mass),
        _air(craft), simulation.world.terrain, judgement.weather, judgement.terrain_name,
        judgement.start, _fence(simulation))


def _fence(simulation: Simulation) -> Fence:
    """The fence that it carries, if it is watched."""
    loaded, own = simulation.loaded, simulation.loaded.settings[0]
    if not own.fence_watch:
        return NO_FENCE
    return Fence(loaded.fence, float(own.fence_margin), float(own.fence_ceiling),
                 float(own.fence_floor))


def _air(craft: Craft) -> Air:
    """The wind that it estimates, in flight; before it the forecast that it was started with."""
    simulation, estimate = craft.simulation, craft.state.autopilot.estimate
    weather = simulation.plan.judgement.weather
    if weather is not None:
        return WeatherAir(weather.grid(simulation.start.timestamp()))
    height = float(estimate.altitude_msl) - craft.home.altitude_msl
    if not craft.airborne or height < LEAST_HEIGHT:
        return ProfileAir(_forecast(simulation))
    north, east = float(estimate.wind_north), float(estimate.wind_east)
    unit = make_wind(1.0, 0.0)[0]
    grown = math.hypot(*map(float, wind_at(unit, height)[:2]))
    speed = min(math.hypot(north, east) / max(grown, 1.0), 60.0)
    return ProfileAir(make_wind(speed, math.atan2(-east, -north) % (2 * math.pi))[0])


def _forecast(simulation: Simulation) -> np.record:
    return parse_wind(simulation.settings["wind"] or "0@0")[0]


def order_arguments(resolved: ResolvedPlan) -> dict[str, Any]:
    """A resolved plan as the order ``plan`` takes it."""
    return {"items": text_of(resolved.items), "runways": text_of(resolved.runways),
            "header": text_of(resolved.header), "patches": text_of(resolved.patches),
            "names": list(resolved.names)}


def empty_plan(craft: Craft) -> dict[str, Any]:
    """No mission, as the order ``plan`` takes it: runways, home and ground stay."""
    resolved = craft.simulation.plan
    header = resolved.header.copy()
    header[0] = craft.simulation.loaded.header
    header["item_count"] = 0
    return {"items": "", "runways": text_of(resolved.runways), "header": text_of(header),
            "patches": text_of(resolved.patches), "names": []}


def text_of(array: np.ndarray) -> str:
    """An array's bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


@dataclass(frozen=True)
class Laid:
    """What became of a mission that was to be laid out.

    Attributes:
        fault: why it is refused, None where it is not for an item.
        refusal: the same, "" where it is not as a whole.
        arguments: of the order ``plan``.
        notes: what the crew should know of it, such as items that are passed over.
        identity: of the list.
    """

    fault: Fault | None = None
    refusal: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    identity: int = 0


def planned(items: Sequence[Item], first: int) -> list[MissionItem]:
    """Items as planning has them, numbered from 1 as people count them; over the link they are
    from ``first``."""
    return [counted(item, first).planned(number) for number, item in enumerate(items, start=1)]


def laid(items: tuple[Item, ...], first: int, situation: Situation) -> Laid:
    """Lay a mission out from where the aircraft is, and resolve it."""
    mission = planned(items, first)
    fault = mission_fault(mission)
    if fault is not None:
        return Laid(fault)
    try:
        case = lay_out(mission, situation)
        resolved = resolve_live(case, situation)
    except LongwatchError as error:
        return Laid(refusal=str(error))
    return Laid(arguments=order_arguments(resolved), notes=tuple(case.mission.notes),
                identity=opaque_id(items))


def judged(items: tuple[Item, ...], first: int, situation: Situation
           ) -> tuple[tuple[bool, str], ...]:
    """What the judge has against a mission, by (severe, text), the worst first."""
    try:
        found = list(findings(lay_out(planned(items, first), situation), situation))
    except Exception as error:
        _log.error("a mission could not be judged: %r", error, exc_info=error)
        return ((False, "the mission could not be judged"),)
    # What speaks against the flight first, then what is flown otherwise than asked for.
    found.sort(key=lambda pair: (not pair[0], pair[1].severity != ERROR))
    return tuple((severe, finding_text(finding)) for severe, finding in found)


class Judging:
    """Judges one mission after the other, beside; a newer one takes the older one's place.

    Args:
        beside: where.
        told: called at a poll with (severe, text) pairs once they are there.

    Attributes:
        asked: what is being judged, None where nothing is.
    """

    def __init__(self, beside: Beside, told: Told) -> None:
        self._beside, self._told = beside, told
        self.asked: tuple[tuple[Item, ...], int, Situation] | None = None
        self._job: Job | None = None

    def begin(self, items: tuple[Item, ...], first: int, situation: Situation) -> None:
        """Judge this one; what an earlier one still yields is dropped."""
        self.drop()
        self.asked = (items, first, situation)
        self._job = self._beside.reckon(JUDGE, judged, *self.asked)

    def drop(self) -> None:
        """Nothing is to be judged any more."""
        if self._job is not None:
            self._job.drop()
        self._job = self.asked = None

    def poll(self) -> None:
        """Hand over what was found, once."""
        job = self._job
        if job is None or not job.ready():
            return
        self._job = self.asked = None
        try:
            found = job.result()
        except LongwatchError as error:
            found = ((False, f"the mission could not be judged: {error}"),)
        self._told(found)
