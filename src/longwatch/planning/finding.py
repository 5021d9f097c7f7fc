"""What a mission has against it, and the least change that mends it."""

from dataclasses import dataclass, field

from longwatch.planning.figures import plain
from longwatch.planning.mission import MissionItem

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Fix:
    """The least change that mends a finding.

    Attributes:
        index: position of the item in the mission, None for the mission's cruise speed; one past
            the last item appends.
        item: the item as it would have to be.
        cruise_speed: m/s, where ``index`` is None.
        order: lower ones are made first.
    """

    index: int | None
    item: MissionItem | None = None
    cruise_speed: float = 0.0
    order: int = 0


@dataclass(frozen=True)
class Finding:
    """One thing that a mission, or the load and wind it is flown with, has against it.

    Attributes:
        severity: "error" refuses the mission, "warning" is told.
        item: number of the item in the file, None where it is the mission as a whole.
        message: what is wrong, with the numbers.
        remedy: what to do about it.
        setup: it lies in payload, fuel or wind, not in the mission.
        forcible: --force may fly it nevertheless.
        fix: the change that --fit would make, None where there is none.
        marked: message and remedy with their figures marked (``longwatch.planning.figures``).
    """

    severity: str
    item: int | None
    message: str
    remedy: str
    setup: bool = False
    forcible: bool = True
    fix: Fix | None = field(default=None, repr=False)
    marked: tuple[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "marked", (self.message, self.remedy))
        object.__setattr__(self, "message", plain(self.message))
        object.__setattr__(self, "remedy", plain(self.remedy))

    @property
    def text(self) -> str:
        """Item, message and remedy in one line."""
        where = "" if self.item is None else f"item {self.item}: "
        return f"{where}{self.message}" + (f"; {self.remedy}" if self.remedy else "")
