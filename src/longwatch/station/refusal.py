"""Who may ask for what, and the refusal of what is not carried out."""

from typing import Any

from longwatch.errors import LongwatchError

OBSERVER, PILOT, COMMANDER, INSTRUCTOR = ROLES = (
    "observer", "pilot", "commander", "instructor")
ANYONE = ""


class Refusal(LongwatchError):
    """A request that is not carried out: ``status`` as in HTTP, all ``faults`` at once; ``told``,
    where there is any, the same with their figures for the reader's units."""

    def __init__(self, message: str, status: int = 400, faults: tuple[str, ...] = (),
                 told: tuple[dict[str, Any], ...] = ()) -> None:
        super().__init__(message)
        self.status, self.faults, self.told = status, faults, told
