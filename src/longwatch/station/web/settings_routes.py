"""What a user has set: units, palette, language, sound."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import OBSERVER, Refusal
from longwatch.station.routing import Call, Route
from longwatch.station.web.entry import LANGUAGES

LARGEST = 16 * 1024
CHOICES: dict[str, tuple[str, ...]] = {
    "units": ("aviation", "metric", "mixed"), "palette": ("day", "night"), "language": LANGUAGES,
    # Alerts that are heard.
    "sound": ("off", "warnings", "all")}
# As it was kept before there were words for it.
_SOUND = {True: "all", False: "off"}


async def _get(station: Station, call: Call) -> Any:
    kept = station.store.settings(call.user)
    if isinstance(kept.get("sound"), bool):
        kept["sound"] = _SOUND[kept["sound"]]
    return kept


async def _put(station: Station, call: Call) -> Any:
    faults = [f"{name}: is no setting; there are {', '.join(CHOICES)}"
              for name in call.body if name not in CHOICES]
    faults += [f"{name}: give one of {', '.join(choices)}"
               for name, choices in CHOICES.items()
               if name in call.body and call.body[name] not in choices]
    if faults:
        raise Refusal("these settings are not kept", 400, tuple(faults))
    station.store.save_settings(call.user, call.body)
    return call.body


ROUTES = (
    Route("GET", "/api/settings", OBSERVER, _get),
    Route("PUT", "/api/settings", OBSERVER, _put, largest=LARGEST),
)
