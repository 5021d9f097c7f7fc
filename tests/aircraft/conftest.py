"""The studies as modules: they are scripts beside the package, not part of it."""

import importlib
from pathlib import Path

import pytest

STUDIES = Path(__file__).resolve().parents[2] / "studies"


@pytest.fixture
def study(monkeypatch):
    """Import a study by its file's name."""
    monkeypatch.syspath_prepend(str(STUDIES))
    return importlib.import_module
