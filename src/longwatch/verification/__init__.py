"""The twin against what nobody here wrote: every check behind ``longwatch verify``.

Each subject is a module with a ``TITLE``, an ``ABOUT`` and ``checks(context)``, which yields
:class:`longwatch.verification.check.Check` rows.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from longwatch.errors import SetupError
from longwatch.verification.check import Check, Context, Plot

# In the order of the table.
SUBJECTS: tuple[str, ...] = (
    "nasa",
    "integration",
    "jsbsim_airframe",
    "jsbsim_propulsion",
    "jsbsim_whole",
    "jsbsim_air",
    "jsbsim_modes",
    "flying_qualities",
    "turbulence",
    "maps",
    "balance",
    "weather",
    "terrain",
    "datasheet",
)


@dataclass(frozen=True)
class Result:
    """One subject, checked.

    Attributes:
        subject: the module's name.
        title, about: its heading, and what it verifies against what.
        checks: its rows.
        plots: its figures.
        seconds: wall time that it took.
    """

    subject: str
    title: str
    about: str
    checks: tuple[Check, ...]
    plots: tuple[Plot, ...]
    seconds: float


def verify(data: str | Path | None = None, subjects: Sequence[str] = (),
           tell: Callable[[str], None] = lambda text: None) -> Iterator[Result]:
    """Run the checks, subject by subject.

    Args:
        data: folder of the reference data; checks that need it are "not run" without.
        subjects: names out of ``SUBJECTS``; none for all.
        tell: told what is being worked on.

    Raises:
        SetupError: the folder does not exist, or a subject is unknown.
    """
    folder = None if data is None else Path(data)
    if folder is not None and not folder.is_dir():
        raise SetupError(f"{folder}: no such folder; name the one that holds the reference data")
    unknown = [name for name in subjects if name not in SUBJECTS]
    if unknown:
        raise SetupError(f"unknown subject {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    return _run(folder, subjects or SUBJECTS, tell)


def _run(folder: Path | None, subjects: Sequence[str], tell: Callable[[str], None]
         ) -> Iterator[Result]:
    for name in subjects:
        module = import_module(f"longwatch.verification.{name}")
        tell(module.TITLE)
        context = Context(folder, _under(module.TITLE, tell))
        began = time.perf_counter()
        checks = tuple(module.checks(context))
        yield Result(name, module.TITLE, module.ABOUT, checks, tuple(context.plots),
                     time.perf_counter() - began)


def _under(title: str, tell: Callable[[str], None]) -> Callable[[str], None]:
    return lambda text: tell(f"{title}: {text}")
