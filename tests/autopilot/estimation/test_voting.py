"""The first working channel is believed."""

import itertools

import pytest

from longwatch.autopilot.estimation.voting import chosen
from longwatch.sensors.gnss import GnssSample
from longwatch.sensors.imu import ImuSample


@pytest.mark.parametrize("valid", list(itertools.product((False, True), repeat=3)))
@pytest.mark.parametrize("kind", [ImuSample, GnssSample])
def test_first_valid_channel_or_none(kind, valid):
    channels = kind.zeros(3)
    channels["valid"] = valid
    assert chosen(channels) == (valid.index(True) if any(valid) else -1)
