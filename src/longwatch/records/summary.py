"""A flight in a few numbers (``summary.json``, and what ``longwatch fly --json`` prints)."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from longwatch.errors import LogError
from longwatch.records.events import plain


@dataclass
class Touchdown:
    """The first contact of the landing that ended the flight.

    Attributes:
        along_runway_m: distance past the threshold in use [m].
        lateral_offset_m: distance from the centreline, positive right of it [m].
        vertical_speed_m_s: vertical speed, positive up [m/s].
        airspeed_m_s: calibrated airspeed [m/s].
        bank_deg: bank angle, positive right wing down [deg]; None where it was not kept.
        runway: the runway end in use ("LTBU 04").
        side_load_share, vertical_load_share: largest loads on the wheels since, over the gear's
            limits; None where they were not kept.
        on_pavement: no wheel has left the pavement, on take-off or landing.
    """

    along_runway_m: float
    lateral_offset_m: float
    vertical_speed_m_s: float
    airspeed_m_s: float
    bank_deg: float | None = None
    runway: str = ""
    side_load_share: float | None = None
    vertical_load_share: float | None = None
    on_pavement: bool | None = None


@dataclass
class Summary:
    """What a flight came to.

    Attributes:
        outcome: "landed", "interrupted", "lost", "out of fuel", ...
        landed: the aircraft stands on a runway after a flight.
        airborne_s: time from lift-off to touchdown [s].
        simulated_s, wall_s: simulated time, and wall time that flying and logging it took,
            from the first tick on [s].
        realtime_factor: the one over the other.
        fuel_used_kg, fuel_left_kg: fuel burnt, and left in the tanks [kg].
        distance_km: way flown through the air's ground track [km].
        items_reached, items_total: mission items.
        touchdown: None where the aircraft did not land.
        files: the run's files by kind ("log", "events", "report", ...).
        aircraft, mission, seed, wind, turbulence, payload_kg, fuel_kg, weather, terrain, start:
            the run as asked for.
        notes: how it was set up: runways and ends in use, assumptions, fuel; a sentence each.
        changes: what ``--fit`` changed of the mission, a sentence each.
        warnings: what the crew should know, a sentence each.
        forced: flown against advice.
    """

    outcome: str
    landed: bool
    airborne_s: float
    simulated_s: float
    wall_s: float
    realtime_factor: float
    fuel_used_kg: float
    fuel_left_kg: float
    distance_km: float
    items_reached: int
    items_total: int
    touchdown: Touchdown | None = None
    files: dict[str, str] = field(default_factory=dict)
    aircraft: str = ""
    mission: str = ""
    seed: int = 0
    wind: str = ""
    turbulence: str = "none"
    payload_kg: float = 0.0
    fuel_kg: float = 0.0
    weather: str = ""
    terrain: str = ""
    start: str = ""
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    forced: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The summary as plain JSON values (what is not finite becomes null)."""
        return dict(plain(asdict(self)))


def write_summary(path: str | Path, summary: Summary) -> None:
    """Write ``summary`` as JSON; the file is either whole or not there.

    Raises:
        LogError: the file cannot be written.
    """
    text = json.dumps(summary.as_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(path, text)


def read_summary(path: str | Path) -> Summary:
    """Read what :func:`write_summary` wrote.

    Raises:
        LogError: there is no such file, or it holds no summary.
    """
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
        touchdown = values.pop("touchdown")
        return Summary(**values, touchdown=Touchdown(**touchdown) if touchdown else None)
    except OSError as fault:
        raise LogError(f"{path}: cannot be read ({fault.strerror}); name the summary.json of a "
                       "flight.") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise LogError(f"{path}: holds no summary ({fault}); fly again.") from None


def write_whole(path: str | Path, text: str) -> None:
    """Write ``text`` under a temporary name, then give it its own: never half a file.

    Raises:
        LogError: the file cannot be written.
    """
    path = Path(path)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise LogError(f"{path}: cannot be written ({fault.strerror}); free some space or name "
                       "a folder that you may write to.") from fault
