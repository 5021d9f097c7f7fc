"""The first working channel is believed; of three air data computers the one in the middle."""

import itertools

import pytest

from longwatch.autopilot.estimation import voting
from longwatch.autopilot.estimation.voting import VotedSamples
from longwatch.sensors.samples import SensorsState

KINDS = {"imu": "specific_force", "gnss": "latitude", "magnetometer": "field_body",
         "altimeter": "height_above_ground"}


def voted(sensors, before=None):
    found = VotedSamples.zeros()[0] if before is None else before
    voting.vote_inertial(found, sensors)
    voting.vote(found, sensors)
    return found


@pytest.mark.parametrize("valid", list(itertools.product((False, True), repeat=3)))
@pytest.mark.parametrize("kind", KINDS)
def test_first_valid_channel_or_none(kind, valid):
    sensors = SensorsState.zeros()[0]
    for i in range(3):
        sensors[kind][i].valid = valid[i]
        sensors[kind][i][KINDS[kind]] = 10.0 + i
        if kind == "gnss":
            sensors.gnss[i].count = 1
    found = voted(sensors)[kind]
    assert found.valid == any(valid)
    assert found[KINDS[kind]] == pytest.approx(10.0 + valid.index(True) if any(valid) else 0.0)


@pytest.mark.parametrize("pressures", list(itertools.permutations((400.0, 900.0, 1000.0))))
def test_a_blocked_tube_is_outvoted(pressures):
    sensors = SensorsState.zeros()[0]
    for i in range(3):
        sensors.air_data[i].valid = True
        sensors.air_data[i].impact_pressure = pressures[i]
    assert voted(sensors).air_data.impact_pressure == 900.0


def test_a_sample_that_no_channel_gives_any_more_is_marked_and_kept():
    sensors = SensorsState.zeros()[0]
    sensors.gnss[1].valid, sensors.gnss[1].count, sensors.gnss[1].latitude = True, 7, 0.7
    found = voted(sensors)
    sensors.gnss[1].valid, sensors.gnss[1].latitude = False, 0.0
    assert not voted(sensors, found).gnss.valid
    assert (found.gnss.count, found.gnss.latitude) == (7, 0.7)
