"""An uploaded mission on its way aboard: laid out from where the aircraft is, resolved, judged.

Laying out and resolving take milliseconds and happen at once; judging hundreds of items takes a
second and happens beside, in a thread, since nothing that is flown hangs on it.
"""

import base64
import logging
import math
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from longwatch.environment.wind import make_wind, parse_wind, wind_at
from longwatch.planning.air import Air, ProfileAir, WeatherAir
from longwatch.planning.case import Case
from longwatch.planning.fence_way import NO_FENCE, Fence
from longwatch.planning.judgement import ERROR
from longwatch.planning.live import Situation, finding_text, findings, lay_out, resolve_live
from longwatch.planning.mission import Home, MissionItem
from longwatch.planning.resolve import ResolvedPlan
from longwatch.services.craft import Craft

# Wind in which a mission is judged is the estimated one in flight, above this height [m].
LEAST_HEIGHT = 50.0
_log = logging.getLogger(__name__)

Told = Callable[[tuple[tuple[bool, str], ...]], None]


def situation_of(craft: Craft) -> Situation:
    """What the aircraft knows of itself, as planning needs it."""
    simulation, navigation = craft.simulation, craft.state.autopilot.navigation
    judgement = simulation.plan.judgement
    strips = judgement.strips
    runways = list(strips.runways)
    runways.insert(0, runways.pop(strips.takeoff))
    return Situation(
        simulation.aircraft, Home(*craft.home), tuple(runways), strips.takeoff_end,
        (float(navigation.latitude), float(navigation.longitude)),
        float(navigation.altitude_msl), float(navigation.heading), craft.airborne,
        float(craft.state.sensors.systems.fuel_mass), float(simulation.header.payload_mass),
        _air(craft), simulation.world.terrain, judgement.weather, judgement.terrain_name,
        judgement.start, _fence(simulation))


def _fence(simulation: Any) -> Fence:
    """The fence that it carries, if it is watched."""
    loaded, own = simulation._loaded, simulation._loaded.settings[0]
    if not own.fence_watch:
        return NO_FENCE
    return Fence(loaded.fence, float(own.fence_margin), float(own.fence_ceiling),
                 float(own.fence_floor))


def _air(craft: Craft) -> Air:
    """The wind that it estimates, in flight; before it the forecast that it was started with."""
    simulation, navigation = craft.simulation, craft.state.autopilot.navigation
    weather = simulation.plan.judgement.weather
    if weather is not None:
        return WeatherAir(weather.grid(simulation.start.timestamp()))
    height = float(navigation.altitude_msl) - craft.home.altitude_msl
    if not craft.airborne or height < LEAST_HEIGHT:
        return ProfileAir(_forecast(simulation))
    north, east = float(navigation.wind_north), float(navigation.wind_east)
    unit = make_wind(1.0, 0.0)[0]
    grown = math.hypot(*map(float, wind_at(unit, height)[:2]))
    speed = min(math.hypot(north, east) / max(grown, 1.0), 60.0)
    return ProfileAir(make_wind(speed, math.atan2(-east, -north) % (2 * math.pi))[0])


def _forecast(simulation: Any) -> Any:
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
    header[0] = craft.simulation.header
    header["item_count"] = 0
    return {"items": "", "runways": text_of(resolved.runways), "header": text_of(header),
            "patches": text_of(resolved.patches), "names": []}


def text_of(array: np.ndarray) -> str:
    """An array's bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


class Judging:
    """Judges one mission after the other in a thread; a newer one takes the older one's place.

    Args:
        told: called in the polling thread with (severe, text) pairs once they are there.
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._next: tuple[Case, Situation] | None = None
        self._found: tuple[tuple[bool, str], ...] | None = None
        self._thread: threading.Thread | None = None

    def begin(self, case: Case, situation: Situation) -> None:
        """Judge this one; what an earlier one still yields is dropped."""
        with self._lock:
            self._next, self._found = (case, situation), None
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="judging", daemon=True)
                self._thread.start()

    def drop(self) -> None:
        """Nothing is to be judged any more."""
        with self._lock:
            self._next = self._found = None

    def poll(self) -> None:
        """Hand over what was found, once."""
        with self._lock:
            found, self._found = self._found, None
            if found is not None:
                self._next = None
        if found is not None:
            self._told(found)

    def finish(self) -> None:
        """Wait for what is being judged."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                work = self._next
            found = _judged(*work) if work is not None else ()
            with self._lock:
                if self._next is work:
                    if work is not None:
                        self._found = found
                    self._thread = None
                    return


def _judged(case: Case, situation: Situation) -> tuple[tuple[bool, str], ...]:
    try:
        found = list(findings(case, situation))
        # What speaks against the flight first, then what is flown otherwise than asked for.
        found.sort(key=lambda pair: (not pair[0], pair[1].severity != ERROR))
        return tuple((severe, finding_text(finding)) for severe, finding in found)
    except Exception as error:
        _log.error("a mission could not be judged: %r", error, exc_info=error)
        return ((False, "the mission could not be judged"),)


def plan_case(items: Sequence[MissionItem], craft: Craft) -> tuple[Case, Situation, ResolvedPlan]:
    """Lay a mission out from where the aircraft is, and resolve it."""
    situation = situation_of(craft)
    case = lay_out(items, situation)
    return case, situation, resolve_live(case, situation)
