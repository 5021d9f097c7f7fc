"""Parameters that outlive a run: what differs from the defaults, in one file to read and edit.

    {"format": "longwatch parameters 1", "aircraft": "tb2", "values": {"LIM_BANK_MAX": 25.0}}
"""

import json
from pathlib import Path

from longwatch.autopilot.aboard.parameters import parameters
from longwatch.errors import SetupError, listed
from longwatch.services.craft import Craft
from longwatch.services.kept_file import KeptFile
from longwatch.simulation.orders.parameters import parameter

FORMAT = "longwatch parameters 1"
LARGEST_FILE = 100_000


class ParameterStore:
    """The kept parameters of one craft; without ``craft.keep`` it does nothing."""

    def __init__(self, craft: Craft) -> None:
        self.craft = craft
        self.path = None if craft.keep is None else craft.keep / "parameters.json"
        self.file = None if self.path is None else KeptFile(self.path, craft.beside)

    def restore(self) -> None:
        """Set what was kept, each by an order.

        Raises SetupError, naming every fault: the file is damaged, of another aircraft, or holds
        what cannot be set.
        """
        if self.path is None or not self.path.exists():
            return
        left = dict(self._read(self.path))
        reasons: list[str] = []
        # One value may be possible only after another: as long as any could be set, try again.
        while left:
            reasons, waiting = [], {}
            for name, value in left.items():
                reason = self.craft.order(None, "parameter", name=name, value=value)
                if reason:
                    waiting[name] = value
                    reasons.append(reason)
            if len(waiting) == len(left):
                raise SetupError(listed(f"{self.path}: these kept parameters cannot be set; mend "
                                        "the file, or move it away:", reasons))
            left = waiting

    def keep(self) -> None:
        """Begin to keep what differs from the defaults."""
        if self.file is None:
            return
        simulation = self.craft.simulation
        values = {p.name: value for p in parameters(simulation.aircraft)
                  if (value := parameter(simulation, p.name)) != p.default}
        document = {"format": FORMAT, "aircraft": simulation.aircraft.name, "values": values}
        self.file.put(lambda: json.dumps(document, indent=1).encode())

    def settled(self) -> bool:
        """What was set is kept, or ``fault`` says why not."""
        return self.file is None or self.file.settled()

    @property
    def fault(self) -> str:
        """Why parameters are not kept, "" where they are, or need not be."""
        why = self.file.fault if self.file is not None else ""
        return f"parameters are not kept for a restart: {why}" if why else ""

    def _read(self, path: Path) -> dict[str, float]:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise ValueError("larger than any list of parameters")
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["format"] != FORMAT:
                raise ValueError(f"its format is {document['format']!r}, not {FORMAT!r}")
            values, aircraft = document["values"], document["aircraft"]
            if not isinstance(values, dict):
                raise ValueError("its values are no table")
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise SetupError(f"{path}: these kept parameters are damaged or cannot be read "
                             f"({error}); move the file away to start without it") from None
        if aircraft != self.craft.simulation.aircraft.name:
            raise SetupError(f"{path}: parameters of {aircraft!r}, and this aircraft is "
                             f"{self.craft.simulation.aircraft.name!r}: keep each type's state in "
                             "a folder of its own")
        return values
