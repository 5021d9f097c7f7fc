"""What judging a mission yields: its findings, what fitting changed, and its numbers."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from longwatch.environment.terrain import TerrainGrid
from longwatch.environment.weather_file import Weather
from longwatch.planning.figures import plain
from longwatch.planning.finding import ERROR, Finding
from longwatch.planning.mission import Home, Mission
from longwatch.planning.route import RoutePoint
from longwatch.planning.strip import Strips
from longwatch.planning.walk_state import Walk


@dataclass(frozen=True)
class Change:
    """One quantity of one item that --fit changed.

    Attributes:
        item: number in the file, None for the mission's cruise speed.
        what: the quantity.
        before, after: with their units, for reading.
        amount: how far, in the quantity's SI unit (metres for a position).
    """

    item: int | None
    what: str
    before: str
    after: str
    amount: float

    @property
    def text(self) -> str:
        """The change in one line."""
        where = "mission" if self.item is None else f"item {self.item}"
        return f"{where}: {self.what} {self.before} -> {self.after}"


@dataclass(frozen=True)
class ItemNumbers:
    """What one item asks for and what there is; NaN where a figure does not apply.

    Attributes:
        sequence, name: the item.
        altitude_msl, ground_msl, ceiling: m.
        speed: calibrated airspeed asked for, m/s.
        turn_deg: change of course at the item.
        turn_radius: least radius of turn there in this wind, m.
        leg, leg_needed: distance to it from the item before, and what the turns need, m; for a
            landing the approach as drawn, and the length of the final approach.
        climb_deg: path angle asked for on that leg, negative down (a landing's glide angle).
        ground_speed: m/s on that leg.
        time, fuel: from the item before to the end of this one, s and kg.
    """

    sequence: int
    name: str
    altitude_msl: float = np.nan
    ground_msl: float = np.nan
    ceiling: float = np.nan
    speed: float = np.nan
    turn_deg: float = np.nan
    turn_radius: float = np.nan
    leg: float = np.nan
    leg_needed: float = np.nan
    climb_deg: float = np.nan
    ground_speed: float = np.nan
    time: float = np.nan
    fuel: float = np.nan


@dataclass(frozen=True)
class FuelPlan:
    """Fuel for the whole mission, kg, and its time, s, and distance, m.

    Attributes:
        loaded: at the start.
        needed: for the mission in steady air.
        contingency: what turbulence may take beside it.
        reserve: what is to be left after both.
    """

    loaded: float
    needed: float
    contingency: float
    reserve: float
    time: float
    distance: float

    @property
    def required(self) -> float:
        """All that has to be aboard, kg."""
        return self.needed + self.contingency + self.reserve


@dataclass(frozen=True)
class Judgement:
    """A mission judged for an aircraft, a load and a wind.

    Attributes:
        mission: as judged, and changed where fitting was asked for; its strips are settled.
        home, strips, patches, points: the mission in place (see route.py).
        findings: what is left against it.
        changes: what fitting changed.
        numbers: item by item.
        fuel: the fuel plan.
        radii: of the circles as flown, item by item, positive clockwise, m; 0 for other items.
        messages: runways, ends and assumptions, for the crew.
        weather, terrain, terrain_name, start: what surrounds the flight, and when it begins.
        flown: the mission flown in numbers; None where nobody asked for it.
        marked_messages: messages with their figures marked (``longwatch.planning.figures``).
    """

    mission: Mission
    home: Home
    strips: Strips
    patches: np.ndarray
    points: list[RoutePoint]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    numbers: tuple[ItemNumbers, ...]
    fuel: FuelPlan
    radii: tuple[float, ...]
    messages: tuple[str, ...]
    weather: Weather | None
    terrain: TerrainGrid
    terrain_name: str
    start: datetime
    flown: Walk | None = field(default=None, repr=False)
    marked_messages: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "marked_messages", self.messages)
        object.__setattr__(self, "messages", tuple(map(plain, self.messages)))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the mission."""
        return tuple(f for f in self.findings if f.severity == ERROR)

    @property
    def flyable(self) -> bool:
        """True where nothing refuses it."""
        return not self.errors
