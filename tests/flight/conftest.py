"""The aircraft that the flight tests work on."""

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet


@pytest.fixture(scope="session")
def sheet():
    """The datasheet record of the tb2, to be left as it is."""
    return load_datasheet("tb2").datasheet[0]


@pytest.fixture
def own_sheet(sheet):
    """A copy of it that a test may change."""
    return np.array([sheet], sheet.dtype)[0]
