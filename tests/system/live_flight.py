"""What the scenarios of live flight share: an aircraft aloft, and geometry by the geodesic."""

import math

import numpy as np
from geographiclib.geodesic import Geodesic

from longwatch.autopilot.aboard.plan import PlanHeader, PlanItem
from longwatch.simulation.orders.plan import packed
from longwatch.simulation.run import Simulation

START_ALTITUDE = 1200.0


def parked(**options):
    """An aircraft that stands parked at Çorlu, aligned."""
    sim = Simulation("tb2", live=True, fuel_kg=150.0, **options)
    sim.step(3.0)
    return sim


def climb(sim, altitude_msl=START_ALTITUDE):
    """Take off and hold at an altitude."""
    sim.order("arm")
    sim.order("take_off", altitude_msl=altitude_msl)
    sim.step(420.0)
    assert mode(sim) == 0
    return sim


def mode(sim):
    return int(sim.state.autopilot.crew.mode)


def phase(sim):
    return int(sim.state.autopilot.modes.phase)


def position(sim):
    """Where it truly is [deg]."""
    return math.degrees(sim.state.flight.latitude), math.degrees(sim.state.flight.longitude)


def away(sim, latitude, longitude):
    """Distance [m] over the ellipsoid from the aircraft to a place [rad]."""
    return Geodesic.WGS84.Inverse(*position(sim), math.degrees(latitude),
                                  math.degrees(longitude))["s12"]


def bearing(sim, latitude, longitude):
    """True bearing [rad] from a place [rad] to the aircraft."""
    line = Geodesic.WGS84.Inverse(math.degrees(latitude), math.degrees(longitude), *position(sim))
    return math.radians(line["azi1"])


def beyond(sim, distance, direction_deg):
    """A place [rad] so far [m] from the aircraft, in a true direction."""
    line = Geodesic.WGS84.Direct(*position(sim), direction_deg, distance)
    return math.radians(line["lat2"]), math.radians(line["lon2"])


def turned(sim, centre, seconds, every=5.0):
    """Angle [rad] flown around a place, positive clockwise, and the distances kept [m]."""
    last, angle, kept = bearing(sim, *centre), 0.0, []
    for _ in range(round(seconds / every)):
        sim.step(every)
        now = bearing(sim, *centre)
        angle += math.remainder(now - last, 2.0 * math.pi)
        last = now
        kept.append(away(sim, *centre))
    return angle, np.array(kept)


def events(sim, kind):
    return [h for h in sim.happenings if h["event"] == kind]


def upload(sim, items, names=None, runways=None):
    """Load a plan of PlanItem dictionaries, numbered from 1, with runways of its own or none."""
    records = PlanItem.zeros(len(items))
    records["runway"] = records["jump"] = -1
    for number, (record, item) in enumerate(zip(records, items, strict=True), start=1):
        record["sequence"] = number
        for key, value in item.items():
            record[key] = value
    header = PlanHeader.zeros()
    header[0] = sim.loaded.header
    sim.order("plan", items=packed(records), header=packed(header), patches="",
              runways="" if runways is None else packed(runways),
              names=names or [f"item {i + 1}" for i in range(len(items))])


def item(command, place=(0.0, 0.0), altitude_msl=START_ALTITUDE, **more):
    return {"command": command, "latitude": place[0], "longitude": place[1],
            "altitude_msl": altitude_msl, **more}
