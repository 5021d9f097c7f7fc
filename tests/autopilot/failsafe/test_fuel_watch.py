"""When fuel is low: the reserve, and a tenth of the way home that it may be reckoned too low."""

import pytest

from longwatch.autopilot.aboard.settings import Settings
from longwatch.autopilot.failsafe import fuel_watch
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.failsafe.fuel_watch import FuelState


@pytest.mark.parametrize(("at_landing", "level"), [(3.01, 0), (2.99, failsafes.LOW),
                                                   (0.99, failsafes.CRITICAL)])
def test_fuel_is_low_while_a_tenth_of_the_way_home_is_still_in_hand(at_landing, level):
    settings, state = Settings.zeros()[0], FuelState.zeros()[0]
    settings.fuel_watch = True
    # 2 kg of reserve and 10 kg home: 3 kg must be left by the sum.
    state.reserve, state.fuel_home, state.at_landing = 2.0, 10.0, at_landing
    assert fuel_watch._level(state, settings, at_landing) == level
