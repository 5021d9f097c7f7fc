"""The exported model in JSBSim, which writes into the folder it runs in and prints unless told."""


import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.export import export_jsbsim


@pytest.fixture(scope="session")
def tb2():
    return load_datasheet("tb2")


@pytest.fixture(scope="session")
def exported(tb2, tmp_path_factory):
    """Folder of the exported tb2."""
    folder = tmp_path_factory.mktemp("export") / "model"
    export_jsbsim(tb2, folder)
    return folder


@pytest.fixture
def jsbsim_model(exported, tmp_path, monkeypatch):
    """JSBSim with the tb2 loaded, before its initial conditions."""
    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JSBSIM_DEBUG", "0")
    import jsbsim

    fdm = jsbsim.FGFDMExec(str(exported))
    fdm.set_debug_level(0)
    assert fdm.load_model("tb2")
    return fdm
