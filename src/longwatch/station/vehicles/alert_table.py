"""What alarms: one table from the quantities of a vehicle to alerts.

``raised`` is asked where the alert is not there, ``held`` where it is: thresholds differ, so that
a value at the edge does not flicker. Rows stand in the order of their weight: of two that are alike
severe the upper one is told first, and what several explain is folded beneath the uppermost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WARNING, CAUTION, ADVISORY = SEVERITIES = ("warning", "caution", "advisory")

Number = Callable[[str], Any]
Test = Callable[[Number], bool | None]


@dataclass(frozen=True)
class Row:
    """One condition.

    Attributes:
        key: as in the page's messages ``alert.KEY.what``.
        severity: warning (act now), caution (act soon), advisory (know it).
        when: in words, for the manual.
        raised: tells from the quantities whether it begins; None where it cannot be told.
        held: the same, whether it goes on; ``raised`` where that is no different.
        delay: how long it must last before it is told [wall s].
        values: quantities that go along.
        explains: alerts that follow from this one: they are folded beneath it.
        words: the vehicle's own texts that have one of these in them belong to it (small letters).
        begins, ends: texts by which the vehicle says that it begins or is over, where no quantity
            tells.
    """

    key: str
    severity: str
    when: str
    raised: Test
    held: Test | None = None
    delay: float = 0.0
    values: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""


def _below(name: str, limit: float) -> Test:
    def test(q: Number) -> bool | None:
        value = q(name)
        return None if value is None else bool(value < limit)
    return test


def _above(name: str, limit: float) -> Test:
    def test(q: Number) -> bool | None:
        value = q(name)
        return None if value is None else bool(value > limit)
    return test


def _compare(name: str, other: str, factor: float, offset: float, sign: float) -> Test:
    """sign * (value - (factor * other + offset)) > 0."""
    def test(q: Number) -> bool | None:
        value, against = q(name), q(other)
        if value is None or against is None:
            return None
        return bool(sign * (value - (factor * against + offset)) > 0.0)
    return test


def _is(name: str, value: Any) -> Test:
    def test(q: Number) -> bool | None:
        found = q(name)
        return None if found is None else bool(found == value)
    return test


# What is allowed is told for the largest mass: a lighter aircraft is flown slower by right. Speeds
# are asked for at least 1.25 times over its own stall and allowed down to 1.15. What was asked for
# in the last minute counts, as speed is gathered slowly.
ALLOWED_OF_ASKED, STALL_OF_ASKED, MOST_OF_ASKED = 0.92, 1.0 / 1.15, 1.05
# Lower than this a landing aircraft flares: it gives its speed up.
FLARE_HEIGHT = 20.0


def _least_allowed(q: Number) -> float | None:
    """The least speed allowed, at the mass that the speed asked for speaks of."""
    limit, asked = q("limit_airspeed_min"), q("least_target_airspeed")
    if limit is None or not asked:
        return None if limit is None else float(limit)
    return float(min(limit, ALLOWED_OF_ASKED * asked))


def _slow(margin: float) -> Test:
    def test(q: Number) -> bool | None:
        speed, least = q("airspeed"), _least_allowed(q)
        return None if speed is None or least is None else bool(speed < least - margin)
    return test


def _fast(factor: float) -> Test:
    def test(q: Number) -> bool | None:
        speed, limit, asked = q("airspeed"), q("limit_airspeed_max"), q("target_airspeed")
        if speed is None or limit is None:
            return None
        return bool(speed > factor * max(limit, MOST_OF_ASKED * (asked or 0.0)))
    return test


def _above_flare(test: Test) -> Test:
    """In the air, the flare and what comes after it aside."""
    def both(q: Number) -> bool | None:
        height = q("height_above_ground")
        if q("landed_state") == "landing" and (height is None or height < FLARE_HEIGHT):
            return False
        return _flying(test)(q)
    return both


def _flying(test: Test) -> Test:
    def both(q: Number) -> bool | None:
        if q("landed_state") not in ("in_air", "landing"):
            return False
        return test(q)
    return both


def _off_stand(test: Test) -> Test:
    """From the take-off's roll to the touchdown."""
    def both(q: Number) -> bool | None:
        return test(q) if q("landed_state") == "taking_off" else _flying(test)(q)
    return both


def _cruising(test: Test) -> Test:
    """In the air, neither taking off nor landing."""
    def both(q: Number) -> bool | None:
        return test(q) if q("landed_state") == "in_air" else False
    return both


def _unhealthy(name: str) -> Test:
    def test(q: Number) -> bool | None:
        found = q("unhealthy")
        return None if found is None else name in found.split(", ")
    return test


AIR_DATA = ("airspeed", "static_pressure")


def _air_data(q: Number) -> bool | None:
    found = q("unhealthy")
    return None if found is None else any(name in AIR_DATA for name in found.split(", "))


def _fuel_short(factor: float) -> Test:
    """Fuel left at the landing, were it to go home now, below so much of the reserve."""
    def test(q: Number) -> bool | None:
        left, home, reserve = q("fuel_remaining_kg"), q("fuel_home_kg"), q("fuel_reserve_kg")
        if left is None or home is None or reserve is None:
            return None
        return bool(left - home < factor * reserve)
    return test


def _landing_short(factor: float) -> Test:
    def test(q: Number) -> bool | None:
        left, reserve = q("fuel_at_landing_kg"), q("fuel_reserve_kg")
        if left is None or reserve is None:
            return None
        return bool(left < factor * reserve)
    return test


def _bank(margin: float) -> Test:
    def test(q: Number) -> bool | None:
        roll, limit = q("roll"), q("limit_bank")
        if roll is None:
            return None
        return bool(abs(roll) > (limit if limit is not None else 0.785) + margin)
    return test


def _stalled(factor: float) -> Test:
    def test(q: Number) -> bool | None:
        speed, stall, low = (q(name) for name in (
            "airspeed", "limit_airspeed_stall", "limit_airspeed_min"))
        limit = stall if stall is not None else None if low is None else low / 1.15
        asked = q("least_target_airspeed")
        if limit is not None and asked:
            limit = min(limit, STALL_OF_ASKED * asked)
        return None if speed is None or limit is None else bool(speed < factor * limit)
    return test


def _running(q: Number) -> list[bool]:
    """Whether each engine runs, of those that are told of."""
    return [found for name in ("engine_running", "engine_2_running")
            if (found := q(name)) is not None]


def _none_runs(q: Number) -> bool | None:
    engines = _running(q)
    return not any(engines) if engines else None


def _one_stopped(q: Number) -> bool | None:
    engines = _running(q)
    return any(engines) and not all(engines) if engines else None


def _propulsion(q: Number) -> bool | None:
    """Told unhealthy, where nothing tells which engine runs."""
    return False if _running(q) else _unhealthy("propulsion")(q)


def _on_battery(q: Number) -> bool | None:
    """Drawing on the battery although an engine that burns fuel turns the generator."""
    current, flow = q("battery_current"), q("fuel_flow_kg_s")
    if current is None or flow is None:
        return None
    return bool(current > 1.0 and flow > 0.0 and any(_running(q)))


def _gnss_lost(q: Number) -> bool | None:
    found = q("gnss_fix")
    return _either(None if found is None else found in ("none", "2d"), _unhealthy("satellites")(q))


def _estimator_bad(q: Number) -> bool | None:
    # ESTIMATOR_STATUS_FLAGS: attitude 1, horizontal velocity 2, absolute height 32.
    flags, unhealthy = q("estimator_flags"), q("unhealthy")
    if flags is None and unhealthy is None:
        return None
    bad = flags is not None and int(flags) & 0b100011 != 0b100011
    return bad or (unhealthy is not None and "ahrs" in unhealthy.split(", "))


def _not_ready(q: Number) -> bool | None:
    ready, armed = q("ready_to_arm"), q("armed")
    return None if ready is None or armed is None else not ready and not armed


# Parts that have a row of their own.
_OWN_ROWS = {"geofence", "prearm", "battery", "ahrs", "propulsion", "satellites", *AIR_DATA}


def _sensor(q: Number) -> bool | None:
    found = q("unhealthy")
    if found is None:
        return None
    return any(name and name not in _OWN_ROWS for name in found.split(", "))


def _either(first: bool | None, second: bool | None) -> bool | None:
    if first is None and second is None:
        return None
    return bool(first) or bool(second)


# What the vehicle may do by itself once something is wrong, and what it says then.
_ACTS = ("failsafe",)
_FUEL = ("fuel",)

TABLE = (
    Row("link_lost", WARNING, "no heartbeat for 10 s", _is("link_state", "lost"),
        values=("heartbeat_age_s",), words=("link lost", "data link", "datalink", "gcs"),
        explains=("link_late", "link_loss_high", "telemetry_stopped", *_ACTS)),
    Row("separation_lost", WARNING, "another aircraft of the fleet is, or in 25 s will be, closer "
        "than 1 220 m on the ground and 140 m in height", _is("traffic", "close"), delay=0.5,
        values=("traffic_name", "traffic_distance", "traffic_height"),
        explains=("separation_soon",)),
    Row("engine_stopped", WARNING, "no engine runs, from the take-off's roll on",
        _off_stand(_none_runs),
        values=("glide_distance", "glide_time_s"),
        words=("engine", "propeller", "glide", "no runway is within reach"),
        explains=("one_engine_stopped", "propulsion", "terrain_close", "generator_failed",
                  "battery_low", "oil_pressure_low", "fuel_low", "return_now", "fuel_reserve",
                  "airspeed_low", *_ACTS)),
    Row("stall", WARNING, "airspeed below the stall speed at the largest mass, and 13 % below the "
        "speed asked for of late, in the air before the flare", _above_flare(_stalled(1.0)),
        _above_flare(_stalled(1.05)), values=("airspeed",), explains=("airspeed_low",)),
    Row("terrain_close", WARNING, "less than 60 m above the ground, neither taking off nor "
        "landing", _cruising(_below("height_above_ground", 60.0)),
        _cruising(_below("height_above_ground", 80.0)), 1.0, ("height_above_ground",)),
    Row("one_engine_stopped", WARNING,
        "one engine of two does not run, from the take-off's roll on",
        _off_stand(_one_stopped), values=("engine_speed", "engine_2_speed"),
        words=("engine", "propeller"),
        explains=("propulsion", "oil_pressure_low", "generator_failed", *_ACTS)),
    Row("propulsion", WARNING, "engine or propeller reports itself unhealthy, in the air",
        _flying(_propulsion), delay=1.0, words=("engine", "motor", "propeller", "throttle"),
        explains=("airspeed_low", *_ACTS)),
    Row("control_stuck", WARNING, "the vehicle says that a control surface does not move",
        lambda q: None, begins="ruddervator stuck", ends="ruddervator moves again",
        words=("ruddervator", "servo"), explains=("bank_high", *_ACTS)),
    Row("airspeed_unreliable", CAUTION, "no airspeed sensor works, or the vehicle says that it "
        "does not believe it", _air_data, begins="airspeed disagrees", ends="airspeed agrees",
        words=("airspeed", "air data", "pitot"),
        explains=("stall", "airspeed_low", "airspeed_high")),
    Row("gnss_lost", CAUTION, "no three-dimensional satellite fix", _gnss_lost, delay=1.0,
        values=("gnss_fix", "satellites", "position_accuracy"),
        words=("satellite", "gnss", "gps", "position lost", "dead reckoning"),
        explains=("estimator_bad", *_ACTS)),
    Row("estimator_bad", WARNING, "the estimator has no attitude, no velocity or no height",
        _flying(_estimator_bad), delay=1.0, words=("ekf", "attitude", "estimator", "ahrs"),
        explains=("sensor_unhealthy", *_ACTS)),
    Row("fuel_leak", WARNING, "over a minute a kilogram more has left the tanks than the engines "
        "burnt, and a quarter more", _is("fuel_leaks", True), delay=2.0,
        values=("fuel_remaining_kg", "fuel_flow_kg_s"), words=_FUEL,
        explains=("fuel_reserve", "return_now", "fuel_low", *_ACTS)),
    Row("fuel_reserve", WARNING, "the reserve alone is left, or less",
        _flying(_compare("fuel_remaining_kg", "fuel_reserve_kg", 1.0, 0.0, -1.0)),
        _flying(_compare("fuel_remaining_kg", "fuel_reserve_kg", 1.05, 0.0, -1.0)), 3.0,
        ("fuel_remaining_kg", "endurance_s"), ("return_now", "fuel_low", *_ACTS), _FUEL),
    Row("return_now", WARNING, "less than two minutes to the point of no return",
        _flying(_below("return_by_s", 120.0)), _flying(_below("return_by_s", 180.0)), 3.0,
        ("return_by_s", "distance_home"), ("fuel_low", *_ACTS), _FUEL),
    Row("fuel_low", CAUTION, "fuel at the landing at the mission's end, or were it to go home "
        "now, below 1.5 reserves", lambda q: _either(_fuel_short(1.5)(q), _landing_short(1.0)(q)),
        lambda q: _either(_fuel_short(1.6)(q), _landing_short(1.1)(q)), 5.0,
        ("fuel_remaining_kg", "fuel_home_kg", "fuel_at_landing_kg"), _ACTS, _FUEL),
    Row("fence_breach", WARNING, "outside the fence, above its ceiling or below its floor",
        _unhealthy("geofence"), words=("fence", "ceiling", "floor"),
        explains=("altitude_high", *_ACTS)),
    Row("airspeed_high", WARNING, "airspeed above the highest allowed, and 5 % above the speed "
        "asked for", _fast(1.0), _fast(0.98), 0.5, ("airspeed", "limit_airspeed_max")),
    Row("oil_pressure_low", WARNING, "oil below 80 kPa while the engine turns",
        lambda q: None if q("oil_pressure") is None else bool(
            q("oil_pressure") < 80e3 and (q("engine_speed") or 0.0) > 100.0), delay=2.0,
        values=("oil_pressure",)),
    Row("generator_failed", CAUTION, "the battery is drawn on for a minute while an engine burns "
        "fuel, in the air", _flying(_on_battery), delay=60.0,
        values=("battery_current", "battery_share"), explains=("battery_low",),
        words=("battery", "generator")),
    Row("battery_low", CAUTION, "less than 30 % in the battery", _below("battery_share", 0.30),
        _below("battery_share", 0.35), 3.0, ("battery_share", "battery_voltage"),
        _ACTS, ("battery",)),
    Row("failsafe", WARNING, "the vehicle tells a critical or emergency state, and nothing else "
        "that is told says why", _is("failsafe", True), values=("mode",), words=("failsafe",)),
    Row("separation_soon", CAUTION, "another aircraft of the fleet will in 55 s be closer than "
        "1 220 m on the ground and 140 m in height", _is("traffic", "near"), delay=2.0,
        values=("traffic_name", "traffic_distance", "traffic_height")),
    Row("airspeed_low", CAUTION, "airspeed 1 m/s below the least allowed at the largest mass, and "
        "below 92 % of the speed asked for of late, for longer than a gust, in the air before the "
        "flare", _above_flare(_slow(1.0)), _above_flare(_slow(0.0)), 5.0,
        ("airspeed", "limit_airspeed_min")),
    Row("bank_high", CAUTION, "bank 10 degrees beyond its limit, 45 where none is known",
        _flying(_bank(0.175)), _flying(_bank(0.1)), 0.5, ("roll",)),
    Row("altitude_high", CAUTION, "above the altitude that is allowed",
        _compare("altitude_msl", "limit_altitude_msl", 1.0, 10.0, 1.0),
        _compare("altitude_msl", "limit_altitude_msl", 1.0, 0.0, 1.0), 1.0,
        ("altitude_msl", "limit_altitude_msl")),
    Row("engine_hot", CAUTION, "cylinder head above 408 K (135 deg C)",
        _above("cylinder_temperature", 408.0), _above("cylinder_temperature", 403.0), 2.0,
        ("cylinder_temperature",)),
    Row("oil_hot", CAUTION, "oil above 403 K (130 deg C)", _above("oil_temperature", 403.0),
        _above("oil_temperature", 398.0), 2.0, ("oil_temperature",)),
    Row("sensor_unhealthy", CAUTION, "a sensor or system reports itself unhealthy", _sensor,
        delay=1.0, values=("unhealthy",), words=("magnet", "compass")),
    Row("link_late", CAUTION, "no heartbeat for 3 s", _is("link_state", "late"),
        values=("heartbeat_age_s",), explains=("link_loss_high", "telemetry_stopped")),
    Row("telemetry_stopped", ADVISORY, "heartbeats come, but no telemetry for 5 s: a paused "
        "simulation, or streams that stopped", _is("telemetry_stopped", True)),
    Row("link_loss_high", ADVISORY, "a quarter of the frames is missing",
        _above("link_loss", 0.25), _above("link_loss", 0.15), 3.0, ("link_loss",)),
    Row("wind_strong", ADVISORY, "wind beyond half of the airspeed",
        _flying(_compare("wind_speed", "airspeed", 0.5, 0.0, 1.0)),
        _flying(_compare("wind_speed", "airspeed", 0.45, 0.0, 1.0)), 5.0,
        ("wind_speed", "wind_from")),
    Row("not_ready_to_arm", ADVISORY, "the checks before arming are not passed", _not_ready,
        delay=2.0, values=("prearm_text", "unhealthy")),
    Row("terrain_missing", ADVISORY, "the vehicle asks for heights of the ground that the station "
        "does not have", _is("terrain_missing", True)),
    Row("timer_due", ADVISORY, "a timer or a repeating check of the crew is due",
        lambda q: bool(q("timers_due")), values=("timers_due",)),
)
