"""Write the exported model: all of it, into a folder that is not there yet, or nothing."""

import re
import shutil
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from longwatch.aircraft.loader import Aircraft
from longwatch.errors import SetupError
from longwatch.export import engine, model, propeller
from longwatch.export.airframe import POUND
from longwatch.export.xml import document


def export_jsbsim(aircraft: Aircraft, folder: str | Path) -> list[Path]:
    """Write an aircraft as a JSBSim model into a new folder.

    Args:
        aircraft: as :func:`longwatch.aircraft.loader.load_datasheet` gives it.
        folder: folder to make; JSBSim's aircraft and engine paths are ``aircraft`` and
            ``engine`` in it.

    Returns:
        The files written.

    Raises:
        SetupError: the folder exists or cannot be made, or the aircraft's name is none for a
            file. Then nothing is written.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", aircraft.name):
        raise SetupError(f'"{aircraft.name}" cannot name the model\'s files; give the aircraft a '
                         "name of letters, digits, - and _ in its datasheet")
    target = Path(folder)
    if target.exists() or target.is_symlink():
        raise SetupError(f"{target}: exists already, and no model is written over; name another "
                         "folder, or move this one away")
    contents = jsbsim_files(aircraft)
    scratch: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        scratch.chmod(0o755)
        for name, content in contents.items():
            path = scratch / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        scratch.rename(target)
    except OSError as fault:
        raise SetupError(f"{target}: cannot be written ({fault.strerror}); name a folder where "
                         "you may write") from None
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
    return [target / name for name in contents]


def jsbsim_files(aircraft: Aircraft) -> dict[str, bytes]:
    """The files of the model by their path inside the folder."""
    sheet, name = aircraft.datasheet[0], aircraft.name
    own = f"aircraft/{name}"
    roots = {
        f"{own}/{name}.xml": model.whole(aircraft),
        f"{own}/reset_ground.xml": model.start_on_ground(sheet),
        f"{own}/reset_air.xml": model.start_in_air(sheet),
        f"{own}/{name}-set.xml": model.flightgear_set(aircraft),
        f"engine/{name}_engine.xml": engine.engine_file(sheet, f"{name}_engine"),
        f"engine/{name}_propeller.xml": propeller.propeller_file(sheet, f"{name}_propeller"),
    }
    return {path: document(root) for path, root in roots.items()} | {
        "README.md": _readme(aircraft, sheet).encode()}


def _readme(aircraft: Aircraft, sheet: Any) -> str:
    text = (files("longwatch.export") / "readme.md").read_text(encoding="utf-8")
    for key, value in {
        "NAME": aircraft.name, "TITLE": aircraft.title, "DIGEST": aircraft.digest,
        "SLOWEST": f"{propeller.rpm(sheet.engine.cruise_speed_least):.0f}",
        "FASTEST": f"{propeller.rpm(sheet.engine.takeoff_speed):.0f}",
        "PAYLOAD": f"{float(sheet.mass.payload_maximum) / POUND:.0f}",
        "FUEL": f"{float(sheet.mass.fuel_capacity) / POUND:.0f}",
    }.items():
        text = text.replace(f"@{key}@", value)
    return text
