"""The codec: the MAVLink messages of common.xml and those that ``longwatch.xml`` adds.

pymavlink's generator makes a Python module of the definitions that pymavlink ships and of ours,
once, into the user's cache folder; every later start only imports it. ``mavlink`` is that
module: message classes ``MAVLink_heartbeat_message``, constants ``MAV_CMD_NAV_TAKEOFF``, tables
``enums`` and ``mavlink_map``. The wire formats are the public MAVLink specification's.
"""

import contextlib
import hashlib
import importlib.util
import io
import os
import py_compile
import shutil
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pymavlink

_OWN = Path(__file__).with_name("longwatch.xml")
_SHIPPED = Path(pymavlink.__file__).parent / "dialects" / "v20"
_PARTS = ("common.xml", "standard.xml", "minimal.xml")
_MODULE = "longwatch_dialect"
_SCRATCH = ".new-"
_KEPT = 3
_ABANDONED_S = 3600.0
# What importing half a file raises.
_BROKEN = (ImportError, SyntaxError, NameError, AttributeError, ValueError, EOFError)
# What the generator writes into docstrings and we never read: half of the module's size.
_PROSE = frozenset({"description", "param", "deprecated", "superseded", "wip"})


def _digest() -> str:
    digest = hashlib.sha256(f"{pymavlink.__version__} ".encode())
    for source in (Path(__file__), _OWN, *(_SHIPPED / part for part in _PARTS)):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _trimmed(source: Path, replaced: frozenset[str]) -> bytes:
    """Definitions of ``source`` without prose and without the messages ``replaced`` (ids)."""
    root = ElementTree.parse(source).getroot()
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in _PROSE or (child.tag == "message" and child.get("id") in replaced):
                parent.remove(child)
    return ElementTree.tostring(root)


def _generate(folder: Path) -> Path:
    """Write the module into ``folder``, byte-compiled; return its path."""
    # Only here: at most starts nothing is generated, and the generator takes time to import.
    from pymavlink.generator import mavgen

    own = ElementTree.parse(_OWN).getroot()
    replaced = frozenset(message.get("id", "") for message in own.iter("message"))
    for part in _PARTS:
        (folder / part).write_bytes(_trimmed(_SHIPPED / part, replaced))
    shutil.copyfile(_OWN, folder / _OWN.name)
    module = folder / f"{_MODULE}.py"
    options = mavgen.Opts(str(module), wire_protocol="2.0", language="Python3", validate=False)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        if not mavgen.mavgen(options, [str(folder / _OWN.name)]):
            raise RuntimeError(f"the MAVLink dialect could not be generated: {said.getvalue()}")
    for part in (*_PARTS, _OWN.name):
        (folder / part).unlink()
    py_compile.compile(str(module), doraise=True)
    return module


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(_MODULE, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no loader for {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, "MAVLink"):  # the last thing in it
        raise ImportError(f"{path} is cut short")
    return module


def _drop_old(base: Path, current: Path) -> None:
    """Leave ``current``, the newest few, and what another process may just be writing."""
    folders = sorted((p for p in base.iterdir() if p.is_dir() and p != current),
                     key=lambda p: p.stat().st_mtime)
    made = [folder for folder in folders if not folder.name.startswith(_SCRATCH)]
    left = [folder for folder in folders if folder.name.startswith(_SCRATCH)
            and time.time() - folder.stat().st_mtime > _ABANDONED_S]
    for folder in made[:-_KEPT] + left:
        shutil.rmtree(folder, ignore_errors=True)


def load(base: Path) -> ModuleType:
    """The dialect's module, from the cache folder ``base``, or generated into it.

    Two processes may come at once: each generates into a folder of its own and moves it into
    place whole, and the second finds the place taken. Where ``base`` cannot be written, or what
    lies there does not import, the module is generated into a private folder for this run.
    """
    place = base / _digest()
    module = place / f"{_MODULE}.py"
    with contextlib.suppress(OSError, *_BROKEN):
        if not module.exists():
            base.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=base,
                                             ignore_cleanup_errors=True) as scratch:
                _generate(Path(scratch))
                with contextlib.suppress(OSError):
                    Path(scratch).rename(place)
            _drop_old(base, place)
        return _import(module)
    with tempfile.TemporaryDirectory(prefix="longwatch-mavlink-") as scratch:
        return _import(_generate(Path(scratch)))


def _base() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "longwatch-mavlink"


mavlink: Any = load(_base())
