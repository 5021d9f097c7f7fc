"""The peer: JSBSim's c172x from PyPI, stepped at its own 120 Hz."""

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

RATE = 120.0
MISSING = ("JSBSim is not installed, so nothing can be measured against it: "
           "pip install 'longwatch[bench]'")


def is_installed() -> bool:
    """True where JSBSim can be imported."""
    return importlib.util.find_spec("jsbsim") is not None


class Peer:
    """A c172x in level flight, engine running; ``folder`` takes the files that it opens."""

    def __init__(self, folder: Path) -> None:
        # JSBSim greets on standard output as soon as it is made, unless told so here.
        os.environ.setdefault("JSBSIM_DEBUG", "0")
        import jsbsim

        self.version = str(jsbsim.__version__)
        self._fdm = jsbsim.FGFDMExec(None)
        self._fdm.set_debug_level(0)
        self._fdm.set_output_path(str(folder))
        self._fdm.load_model("c172x")
        self._fdm.set_dt(1.0 / RATE)
        for name, value in {"h-sl-ft": 8000.0, "vc-kts": 100.0, "long-gc-deg": 27.9,
                            "lat-geod-deg": 41.1}.items():
            self._fdm[f"ic/{name}"] = value
        self._fdm.run_ic()

    def reset(self) -> None:
        """Back to the start, in flight with the engine running and nothing written."""
        self._fdm.reset_to_initial_conditions(1)
        self._fdm.disable_output()
        self._fdm["propulsion/set-running"] = -1
        self._fdm["fcs/throttle-cmd-norm"] = 0.7
        self._fdm["fcs/mixture-cmd-norm"] = 0.9

    def stepper(self, steps: int) -> Callable[[], None]:
        """A call that takes ``steps`` steps."""
        run = self._fdm.run

        def work() -> None:
            for _ in range(steps):
                run()
        return work
