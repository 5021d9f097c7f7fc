"""A vehicle as values that JSON can say: what the page is told of it."""

from typing import Any

from longwatch.station.vehicles.autopilots import barred, cards
from longwatch.station.vehicles.vehicle import Vehicle


def vehicle_values(vehicle: Vehicle, now: float, commands: list[str]) -> dict[str, Any]:
    """As docs/station-wire.md has it."""
    return {"id": vehicle.id, "system": vehicle.system, "name": vehicle.name,
            "autopilot": vehicle.family, "type": vehicle.kind, "pilot": vehicle.pilot,
            "manual": vehicle.sticks.user,
            "links": [hearing.as_dict(now) for hearing in vehicle.hearings],
            "modes": vehicle.modes.as_list(), "commands": commands, "replay": vehicle.replay,
            "aircraft": (vehicle.aircraft.name or None) if vehicle.own else None,
            "barred": barred(vehicle),
            "cards": cards(vehicle),
            "parameters": vehicle.parameters.told()}
