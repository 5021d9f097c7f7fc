"""What every test may lean on."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """Folder of real inputs beside the project; tests that need it name themselves as skipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip("reference data folder ../shared/data is absent")
    return SHARED_DATA
