"""Who may ask for what, and the refusal of what is not carried out."""

from longwatch.errors import LongwatchError

OBSERVER, PILOT, COMMANDER, INSTRUCTOR = ROLES = (
    "observer", "pilot", "commander", "instructor")
ANYONE = ""


class Refusal(LongwatchError):
    """A request that is not carried out: ``status`` as in HTTP, all ``faults`` at once."""

    def __init__(self, message: str, status: int = 400, faults: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status, self.faults = status, faults
