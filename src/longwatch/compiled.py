"""The one place that says how Numba compiles.

Machine code is cached under a digest of the package's sources: Numba's own cache does not
notice a change in a called function of another file, and stale code must never fly.
``fastmath`` stays off (it deletes NaN checks), the GIL is released, and division follows
NumPy (no exceptions inside compiled code: failures are result codes in the record).
"""

import hashlib
import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent
_KEPT = 3
# Rooms whose code no other compiled code calls: a change there keeps the machine code. A file of
# theirs that holds compiled code is compiled anew when it changes itself.
UNCOMPILED = frozenset({"planning", "records", "flights", "cli", "bench", "verification",
                        "analysis", "export", "mavlink", "datalink", "services", "live",
                        "station", "http_connections.py", "http_json.py", "__init__.py",
                        "__main__.py"})


def _cache_folder() -> Path:
    # Machine code lies by where its source lies: a second checkout begins cold.
    digest = hashlib.sha256(f"{version('numba')} {platform.machine()} {_PACKAGE}".encode())
    for source in sorted(_PACKAGE.rglob("*.py")):
        if source.relative_to(_PACKAGE).parts[0] in UNCOMPILED:
            continue
        digest.update(source.relative_to(_PACKAGE).as_posix().encode())
        digest.update(source.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "longwatch"
    return base / digest.hexdigest()[:16]


def _drop_old(base: Path) -> None:
    folders = sorted((p for p in base.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
    for folder in folders[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> Path | None:
    if "NUMBA_CACHE_DIR" in os.environ:
        return Path(os.environ["NUMBA_CACHE_DIR"])
    folder = _cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _drop_old(folder.parent)
    except OSError:
        return None
    return folder


CACHE_FOLDER = _prepare()
_PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def compiled(function: Any) -> Any:
    """Compile ``function`` with Numba, or leave it plain Python under NUMBA_DISABLE_JIT=1."""
    if _PLAIN:
        return function
    from longwatch.compiler import Compiled

    return Compiled(function, CACHE_FOLDER)


def is_warm(function: str = "") -> bool:
    """True when machine code of these sources, or of one function ("tick.run"), is cached."""
    return _PLAIN or (
        CACHE_FOLDER is not None and any(CACHE_FOLDER.rglob(f"{function}*.nbc")))
