"""A short circuit at Çorlu, resolved once, and runs of it."""

import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.planning.flight_plan import plan_flight
from longwatch.simulation.run import Simulation

CIRCUIT = """QGC WPL 110
0\t1\t0\t16\t0\t0\t0\t0\t41.129398\t27.905300\t152.4\t1
1\t0\t3\t22\t12\t0\t0\t0\t41.147\t27.932\t200\t1
2\t0\t0\t16\t0\t0\t0\t0\t41.20\t28.05\t700\t1
3\t0\t0\t21\t0\t0\t0\t0\t41.1313\t27.9082\t155\t1
"""


@pytest.fixture(scope="session")
def tb2():
    return load_datasheet("tb2")


@pytest.fixture(scope="session")
def circuit_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("circuit") / "circuit.txt"
    path.write_text(CIRCUIT)
    return path


@pytest.fixture(scope="session")
def circuit(tb2, circuit_file):
    return plan_flight(circuit_file, tb2, fuel_kg=216.0)


@pytest.fixture
def start(tb2, circuit):
    """Build a run of the circuit; options as those of Simulation."""

    def build(**options):
        return Simulation(tb2, circuit, **{"turbulence": "moderate", "seed": 7, **options})

    return build
