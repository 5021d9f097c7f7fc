"""Missions written for a test: lines of QGC WPL 110 around a home."""

from pathlib import Path

import pytest

from longwatch.aircraft.loader import load_datasheet

REPOSITORY = Path(__file__).resolve().parents[2]
# Nowhere near a known runway, and at sea level, so that heights speak for themselves.
HOME_LATITUDE, HOME_LONGITUDE = 10.0, 20.0


@pytest.fixture(scope="session")
def tb2():
    return load_datasheet("tb2")


@pytest.fixture(scope="session")
def thrace_watch():
    return REPOSITORY / "missions" / "thrace-watch.plan"


@pytest.fixture
def write_wpl(tmp_path):
    """Write items (command, p1, p2, p3, latitude, longitude, altitude[, frame]) behind a home."""

    def write(items, *, home=(HOME_LATITUDE, HOME_LONGITUDE, 0.0), name="mission.txt"):
        lines = ["QGC WPL 110", _line(0, (16, 0, 0, 0, *home, 0))]
        lines += [_line(number, item) for number, item in enumerate(items, start=1)]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


def _line(number, item):
    command, p1, p2, p3, latitude, longitude, altitude, *frame = item
    columns = [number, 0, frame[0] if frame else 3, command, p1, p2, p3, 0, latitude, longitude,
               altitude, 1]
    return "\t".join(map(str, columns))


@pytest.fixture
def circuit():
    """A wide circuit that fits the aircraft: take-off north, right-hand, landing at home."""
    return [
        (22, 15, 0, 0, 0, 0, 200),
        (16, 0, 0, 0, 10.06, 20.0, 400),
        (16, 0, 0, 0, 10.06, 20.08, 400),
        (16, 0, 0, 0, 9.92, 20.08, 400),
        (16, 0, 0, 0, 9.92, 20.0, 300),
        (21, 0, 0, 0, 10.002, 20.0, 0),
    ]
