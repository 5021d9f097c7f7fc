"""Quantities that the station computes: what fuel is left for, home, the phase, limits.

Everything comes from what the vehicle reported; what an input lacks is not reported either.
"""

from math import hypot, inf, isfinite, pi
from typing import Any

from longwatch.station.vehicles import expected
from longwatch.station.vehicles.known import Known
from longwatch.station.vehicles.reckoning import (
    FLOWN_ITEMS,
    LAND,
    Balance,
    Least,
    Smoothed,
    leg,
    loiter_time,
    time_over,
    time_to_turn,
    true_airspeed,
    wind_vector,
)

FLOW_S, VELOCITY_S = 60.0, 10.0
# A leak: more left the tanks in a minute than was burnt, by so much and by this share of it.
LEAK_S, LEAK_KG, LEAK_SHARE = 60.0, 1.0, 0.25
# A change of speed is done within this time [s].
ASKED_S = 60.0
RESERVE_S = 2700.0
"""45 minutes, as aviation plans by night and for long flights (ICAO Annex 6, 14 CFR 91.151)."""
FLYING_SPEED = 12.0
_CLIMBING = 1.0
_JUMP = 177
_CDEG = pi / 18000.0
_FEWEST = 1e-7  # kg/s: less is no consumption
_MOST_S = 30.0 * 86400.0

# Limit: parameters that have it, with the factor to SI; the first known counts.
LIMITS: dict[str, tuple[tuple[str, float], ...]] = {
    "limit_airspeed_stall": (("FW_AIRSPD_STALL", 1.0), ("AIRSPEED_STALL", 1.0)),
    "limit_airspeed_min": (("FW_AIRSPD_MIN", 1.0), ("AIRSPEED_MIN", 1.0), ("ARSPD_FBW_MIN", 1.0)),
    "limit_airspeed_max": (("FW_AIRSPD_MAX", 1.0), ("AIRSPEED_MAX", 1.0), ("ARSPD_FBW_MAX", 1.0)),
    "limit_bank": (("LIM_BANK_MAX", pi / 180.0), ("FW_R_LIM", pi / 180.0),
                   ("ROLL_LIMIT_DEG", pi / 180.0), ("LIM_ROLL_CD", _CDEG)),
    "cruise_airspeed": (("LIM_CRUISE_SPD", 1.0), ("FW_AIRSPD_TRIM", 1.0),
                        ("AIRSPEED_CRUISE", 1.0), ("TRIM_ARSPD_CM", 0.01)),
}


class Derived:
    """The computed quantities of one vehicle; ``step`` once a second."""

    def __init__(self, vehicle: Known) -> None:
        self.vehicle = vehicle
        self._flow = Smoothed(FLOW_S)
        self._north, self._east = Smoothed(VELOCITY_S), Smoothed(VELOCITY_S)
        self._asked, self._balance = Least(ASKED_S), Balance(LEAK_S)
        self._engines: tuple[Any, Any] = (None, None)
        self._then: float | None = None
        self._left_ground: float | None = None
        self._stood = False
        self._limits_of: tuple[Any, ...] = ()

    def step(self, now: float) -> None:
        """Compute all, at ``now`` [station s]; smoothing runs on the vehicle's clock."""
        v, q = self.vehicle, self.vehicle.number
        clock = now if v.boot is None else v.boot
        passed = 1.0 if self._then is None else max(clock - self._then, 0.0)
        self._then = clock
        self._landed()
        self._phase()
        self._limits()
        v.set("least_target_airspeed", self._asked.take(
            q("target_airspeed") or None, clock))
        self._flight_time(clock)
        self._engine_changed()
        flow = self._flow.take(q("fuel_flow_kg_s"), passed)
        self._leak(clock)
        self._glide()
        expected.step(v, now)
        north = self._north.take(q("velocity_north"), passed)
        east = self._east.take(q("velocity_east"), passed)
        # What was smoothed before is no word of what is not reported any more.
        self._fuel(None if q("fuel_flow_kg_s") is None else flow,
                   None if north is None or east is None or None in (
                       q("velocity_north"), q("velocity_east")) else (north, east))

    def _engine_changed(self) -> None:
        """What was burnt before an engine stopped, or runs again, is no word of what is now."""
        engines = (self.vehicle.number("engine_running"), self.vehicle.number("engine_2_running"))
        if engines != self._engines:
            self._engines, self._flow = engines, Smoothed(FLOW_S)

    def _leak(self, clock: float) -> None:
        q = self.vehicle.number
        seen = self._balance.take(q("fuel_remaining_kg"), q("fuel_flow_kg_s"), clock)
        self.vehicle.set("fuel_leaks", None if seen is None else (
            seen[0] - seen[1] > max(LEAK_KG, LEAK_SHARE * seen[1])))

    def _glide(self) -> None:
        """How far and how long it glides: to the ground below, to home's height where that is not
        known."""
        v, q = self.vehicle, self.vehicle.number
        ratio, speed, altitude = (q(name) for name in (
            "best_glide_ratio", "best_glide_speed", "altitude_msl"))
        height, home = q("height_above_ground"), q("home_altitude_msl")
        if height is None and altitude is not None and home is not None:
            height = altitude - home
        if not ratio or not speed or height is None or altitude is None or height <= 0.0 or (
                q("landed_state") == "on_ground"):
            v.set("glide_distance", None)
            v.set("glide_time_s", None)
            return
        v.set("glide_distance", ratio * height)
        v.set("glide_time_s", ratio * height / true_airspeed(speed, altitude - 0.5 * height))

    def _landed(self) -> None:
        """Where the vehicle does not say whether it flies."""
        v, q = self.vehicle, self.vehicle.number
        if v.reports("landed_state") or q("armed") is None:
            return
        speeds = [s for s in (q("airspeed"), q("ground_speed")) if s is not None]
        if speeds:
            flying = q("armed") and max(speeds) >= FLYING_SPEED
            v.set("landed_state", "in_air" if flying else "on_ground")

    def _phase(self) -> None:
        v, q = self.vehicle, self.vehicle.number
        landed, climb = q("landed_state"), q("climb_rate") or 0.0
        phase: str | None = None
        if landed == "on_ground":
            phase = "ready" if q("armed") else "parked"
        elif landed == "taking_off":
            phase = "take_off"
        elif landed == "landing":
            phase = "landing"
        elif landed == "in_air":
            phase = "climb" if climb > _CLIMBING else "descent" if climb < -_CLIMBING else "cruise"
        v.set("phase", phase)

    def _limits(self) -> None:
        v = self.vehicle
        home = v.number("home_altitude_msl")
        if self._limits_of == (v.parameters.version, home) or not v.parameters.version:
            return
        self._limits_of = (v.parameters.version, home)
        for name, sources in LIMITS.items():
            found = (value * scale for parameter, scale in sources
                     if (value := v.parameter(parameter)) is not None and value > 0.0)
            v.set(name, next(found, None))
        least, factor = v.number("limit_airspeed_min"), v.parameter("PROC_MIN_FACT")
        if v.number("limit_airspeed_stall") is None and least is not None and factor:
            v.set("limit_airspeed_stall", least / factor)
        v.set("limit_altitude_msl", self._ceiling(home))

    def _ceiling(self, home: float | None) -> float | None:
        get = self.vehicle.parameter
        own = get("LW_FENCE_CEIL")
        if own is not None:
            return own if own > 0.0 else None
        # ArduPilot's FENCE_TYPE has bit 0 for its highest altitude.
        ardupilot = get("FENCE_ALT_MAX") if get("FENCE_ENABLE") and (
            int(get("FENCE_TYPE") or 0) & 1) else None
        above = get("GF_MAX_VER_DIST") or ardupilot
        return home + above if above and home is not None else None

    def _flight_time(self, clock: float) -> None:
        landed = self.vehicle.number("landed_state")
        if landed == "on_ground":
            self._stood = True
            return  # what was flown stays to be read until the next take-off
        if landed in ("in_air", "landing") and self._stood:
            self._stood, self._left_ground = False, clock
        if self._left_ground is not None and landed is not None:
            self.vehicle.set("flight_time_s", max(clock - self._left_ground, 0.0))

    # --------------------------------------------------------------------------------- fuel

    def _fuel(self, flow: float | None, velocity: tuple[float, float] | None) -> None:
        v, q = self.vehicle, self.vehicle.number
        left, home = q("fuel_remaining_kg"), self._home()
        in_air = q("landed_state") in ("in_air", "landing")
        # Without an engine that runs, fuel is time no more.
        runs = any(self._engines) or self._engines == (None, None)
        burnt = flow if in_air and runs and flow is not None and flow > _FEWEST else None
        reserve = None if burnt is None else burnt * self._reserve()
        v.set("fuel_reserve_kg", reserve)
        v.set("endurance_s", _over(left, burnt))
        v.set("distance_home", None if home is None else hypot(*home))
        airspeed = self._airspeed()
        wind = wind_vector(q("wind_speed"), q("wind_from"))
        back = None if home is None or airspeed is None else _known(
            time_over(home, airspeed, wind))
        # What the vehicle itself would fly is known better aboard.
        if not v.reports("time_home_s"):
            v.set("time_home_s", back if in_air else None)
        if not v.reports("fuel_home_kg"):
            v.set("fuel_home_kg", None if back is None or burnt is None else back * burnt)
        needed = q("fuel_home_kg")
        v.set("fuel_when_home_kg", None if left is None or needed is None else left - needed)
        turn = radius = None
        if home is not None and airspeed and burnt and velocity is not None and (
                left is not None and reserve is not None):
            spare = max((left - reserve) / burnt, 0.0)
            circling = q("orbit_radius") is not None
            turn = time_to_turn(home, (0.0, 0.0) if circling else velocity, airspeed, wind, spare)
            now = (q("velocity_north") or 0.0, q("velocity_east") or 0.0)
            away = time_to_turn(home, now, airspeed, wind, spare)
            radius = hypot(home[0] - now[0] * away, home[1] - now[1] * away)
        v.set("return_by_s", turn)
        v.set("return_radius", radius)
        whole = self._mission_time(airspeed, wind) if burnt and airspeed else None
        v.set("fuel_at_landing_kg", None if whole is None or left is None or burnt is None
              else left - whole * burnt)

    def _reserve(self) -> float:
        """The reserve [s]: the vehicle's setting, its datasheet's, or the usual one."""
        v = self.vehicle
        own = v.aircraft.reserve_s if v.own else None
        return v.parameter("LW_FUEL_RESERVE") or own or RESERVE_S

    def _home(self) -> tuple[float, float] | None:
        q = self.vehicle.number
        here, there = ([q(prefix + name) for name in ("latitude_deg", "longitude_deg")]
                       for prefix in ("", "home_"))
        if None in (*here, *there):
            return None
        return leg(*here, *there)

    def _airspeed(self) -> float | None:
        q = self.vehicle.number
        speed, altitude = q("airspeed"), q("altitude_msl")
        if speed is None or speed < 5.0 or altitude is None:
            return None
        return true_airspeed(speed, altitude)

    def _mission_time(self, airspeed: float, wind: tuple[float, float]) -> float | None:
        """Seconds along the rest of the mission to its landing; None where it has none, jumps
        about, circles for ever or is not flown."""
        v, q = self.vehicle, self.vehicle.number
        plan, sequence = v.plans.get("mission"), q("mission_sequence")
        here = (q("latitude_deg"), q("longitude_deg"))
        if plan is None or sequence is None or None in here or q("mission_state") != "active":
            return None
        total = 0.0
        for item in plan.items[sequence:]:
            if item.command == _JUMP or item.command == 17:
                return None
            place = item.place
            if item.command not in FLOWN_ITEMS or place is None:
                continue
            total += time_over(leg(here[0], here[1], place[0], place[1]), airspeed, wind)
            here = place
            if item.command == LAND:
                return _known(total)
            total += loiter_time(item.command, item.params, airspeed)
        return None


def _known(value: float) -> float | None:
    return value if isfinite(value) and value < min(inf, _MOST_S) else None


def _over(amount: float | None, rate: float | None) -> float | None:
    return None if amount is None or not rate else _known(amount / rate)
