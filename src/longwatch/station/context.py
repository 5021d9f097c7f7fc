"""The station's parts, as handlers are given them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from longwatch.station.chart.maps import Maps
    from longwatch.station.config import Config
    from longwatch.station.instructor.simulator import Simulator
    from longwatch.station.missions.judging import Judges
    from longwatch.station.replay.replays import Replays
    from longwatch.station.store import Store
    from longwatch.station.vehicles.fleet import Fleet
    from longwatch.station.watch.watch import Watch
    from longwatch.station.web.hub import Hub
    from longwatch.station.web.passwords import Passwords
    from longwatch.station.web.sessions import Sessions


@dataclass(frozen=True)
class Station:
    """One running station.

    Attributes:
        config: what it was started with.
        fleet: the vehicles and their links.
        store: users, missions, journal, settings; everything that outlives the run.
        hub: the browsers: ``hub.publish(message, role)`` sends one contract message to them.
        judge: judges missions, in a process of its own.
        replays: logs that are being shown.
        simulator: the way to the simulation's HTTP interface.
        sessions: who is let in; a room's test may leave it out.
        passwords: users by password; a room's test may leave it out.
        maps: runways, terrain and tiles; a room's test may leave it out.
        watch: timers and notes of the crews; a room's test may leave it out.
    """

    config: "Config"
    fleet: "Fleet"
    store: "Store"
    hub: "Hub"
    judge: "Judges"
    replays: "Replays"
    simulator: "Simulator"
    sessions: "Sessions" = None  # type: ignore[assignment]
    passwords: "Passwords" = None  # type: ignore[assignment]
    maps: "Maps" = None  # type: ignore[assignment]
    watch: "Watch" = None  # type: ignore[assignment]
