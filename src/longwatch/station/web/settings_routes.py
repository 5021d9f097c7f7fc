"""What a user has set: units, palette, language, sound."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.routing import OBSERVER, Call, Refusal, Route
from longwatch.station.web.entry import LANGUAGES

LARGEST = 16 * 1024
CHOICES: dict[str, tuple[Any, ...]] = {
    "units": ("aviation", "metric", "mixed"), "palette": ("day", "night"), "language": LANGUAGES,
    # Heard for all, for none, or for warnings alone.
    "sound": (True, False, "warnings")}


async def _get(station: Station, call: Call) -> Any:
    return station.store.settings(call.user)


async def _put(station: Station, call: Call) -> Any:
    faults = [f"{name}: is no setting; there are {', '.join(CHOICES)}"
              for name in call.body if name not in CHOICES]
    faults += [f"{name}: give one of {', '.join(map(_shown, choices))}"
               for name, choices in CHOICES.items()
               if name in call.body and not _among(call.body[name], choices)]
    if faults:
        raise Refusal("these settings are not kept", 400, tuple(faults))
    station.store.save_settings(call.user, call.body)
    return call.body


def _among(value: Any, choices: tuple[Any, ...]) -> bool:
    return any(value == one and type(value) is type(one) for one in choices)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


ROUTES = (
    Route("GET", "/api/settings", OBSERVER, _get),
    Route("PUT", "/api/settings", OBSERVER, _put, largest=LARGEST),
)
