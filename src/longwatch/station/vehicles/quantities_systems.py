"""Quantities of limits, mission, engine, fuel, electrics, estimator, link and time.

Sources: the message definitions of MAVLink's common.xml. Fuel volumes become masses by the density
that the vehicle is reckoned with: avgas at 6.0 lb a US gallon, jet fuel at 6.7 (FAA AC 120-27F).
"""

from math import pi
from typing import Any

from longwatch.station.vehicles.quantity import (
    KEEP,
    UNKNOWN_16,
    Facts,
    Quantity,
    Report,
    celsius,
    report,
    text,
)

GNSS_FIX = {0: "none", 1: "none", 2: "2d", 3: "3d", 4: "dgps", 5: "rtk", 6: "rtk", 7: "3d",
            8: "3d"}
MISSION_STATES = {1: "no_mission", 2: "not_started", 3: "active", 4: "paused", 5: "complete"}
_NO_MISSION = 1
_RPM = pi / 30.0
_STANDS = 10.0  # rad/s
_ML = 1e-6  # m3
_UNKNOWN_8 = 255
LATE_S, LOST_S = 3.0, 10.0


def _engine(index: int, name: str, convert: Any) -> Any:
    """A field of EFI_STATUS of one engine; another engine's message says nothing of it."""
    def read(m: Any, _: Facts) -> Any:
        return convert(getattr(m, name)) if round(m.ecu_index) == index else KEEP
    return read


def _runs(index: int) -> Any:
    """Whether an engine runs: Longwatch's aircraft say it, as a propeller goes on turning in the
    air stream; others by the speed of the shaft."""
    def read(m: Any, f: Facts) -> Any:
        if round(m.ecu_index) != index:
            return KEEP
        return bool(m.health) if f.own else m.rpm * _RPM > _STANDS
    return read


def _kg(name: str) -> Any:
    # Liquids alone are told in ml: a gas is told in kPa, an unknown fuel as a share of the tank.
    return lambda m, f: getattr(m, name) * _ML * f.fuel_density if m.fuel_type == 1 else None


def _own(name: str) -> Report:
    """A figure that Longwatch's aircraft tell by name; what others call so is something else."""
    def read(m: Any, f: Facts) -> Any:
        return float(m.value) if f.own and text(m.name) == name else KEEP
    return report("NAMED_VALUE_FLOAT", name, read)


def _minutes(m: Any, f: Facts) -> float | None:
    # One engine's flow is not that of all: of two each message tells its own.
    if round(m.ecu_index) or f.number("engine_2_speed") is not None:
        return None
    return float(m.fuel_flow) * _ML / 60.0 * f.fuel_density


def _cells(m: Any, _: Facts) -> float | None:
    if m.id != 0:
        return KEEP
    known = [v for v in m.voltages if v != UNKNOWN_16]
    known += [v for v in m.voltages_ext if v and known]
    return sum(known) * 1e-3 if known else None


def _signal(name: str) -> Any:
    """SiK's scale of received strength (its documentation: dBm = value / 1.9 - 127)."""
    return lambda m, _: None if getattr(m, name) == _UNKNOWN_8 else getattr(m, name) / 1.9 - 127.0


def _sequence_total(m: Any, _: Facts) -> Any:
    """0 is "not told"; with the state "no mission" it is that, as ArduPlane sends it."""
    if m.total == UNKNOWN_16 or (m.total == 0 and m.mission_state == _NO_MISSION):
        return 0
    return KEEP if m.total == 0 else int(m.total)


LIMITS = (
    Quantity("limit_airspeed_stall", "m/s", "calibrated, at the largest mass", "flight display",
             computed="parameter FW_AIRSPD_STALL or AIRSPEED_STALL; of Longwatch's aircraft the "
                      "least airspeed over PROC_MIN_FACT", digits=2),
    Quantity("limit_airspeed_min", "m/s", "least calibrated airspeed allowed", "flight display",
             computed="parameter FW_AIRSPD_MIN, AIRSPEED_MIN or ARSPD_FBW_MIN", digits=2),
    Quantity("least_target_airspeed", "m/s", "least calibrated airspeed asked for of late",
             "flight display", computed="the least target_airspeed of the last minute", digits=2),
    Quantity("limit_airspeed_max", "m/s", "highest calibrated airspeed allowed", "flight display",
             computed="parameter FW_AIRSPD_MAX, AIRSPEED_MAX or ARSPD_FBW_MAX", digits=2),
    Quantity("limit_altitude_msl", "m", "highest altitude allowed, above mean sea level",
             "flight display", computed="parameter LW_FENCE_CEIL; or GF_MAX_VER_DIST or "
             "FENCE_ALT_MAX above home", digits=1),
    Quantity("limit_bank", "rad", "largest bank that is commanded", "flight display",
             computed="parameter LIM_BANK_MAX, FW_R_LIM, ROLL_LIMIT_DEG or LIM_ROLL_CD", digits=3),
    Quantity("cruise_airspeed", "m/s", "calibrated", "flight display",
             computed="parameter LIM_CRUISE_SPD, FW_AIRSPD_TRIM, AIRSPEED_CRUISE or "
                      "TRIM_ARSPD_CM", digits=2),
    Quantity("best_glide_ratio", "", "distance over height without power, in still air, as the "
             "aircraft glides once its engines have stopped", "map", (_own("glide"),), digits=2),
    Quantity("best_glide_speed", "m/s", "calibrated, at which it does", "map",
             (_own("glide_spd"),), digits=1),
    Quantity("glide_distance", "m", "through the air without power, to the ground below; to home's "
             "height where height_above_ground is not known", "map",
             computed="best_glide_ratio times that height", digits=0),
    Quantity("glide_time_s", "s", "that this takes", "map",
             computed="glide_distance over best_glide_speed, as true airspeed half way down",
             digits=0),
)

MISSION = (
    Quantity("mission_sequence", "", "number of the item that is flown, as aboard", "mission", (
        report("MISSION_CURRENT", "seq"),), columns=("autopilot.mission.sequence",),
        from_log=lambda number: max(number - 1, 0)),  # a log counts from 1, MAVLink from 0
    Quantity("mission_count", "", "items aboard", "mission", (
        report("MISSION_CURRENT", "total", _sequence_total),
        report("MISSION_COUNT", "count", lambda m, f: KEEP if m.mission_type else m.count,
               lasting=True))),
    Quantity("mission_reached", "", "number of the item that was reached last", "mission", (
        report("MISSION_ITEM_REACHED", "seq", lasting=True),)),
    Quantity("mission_state", "", "no_mission, not_started, active, paused, complete", "mission", (
        report("MISSION_CURRENT", "mission_state",
               lambda m, f: MISSION_STATES.get(m.mission_state)),)),
)

ENGINE = (
    Quantity("engine_speed", "rad/s", "crankshaft of the first engine", "engine", (
        report("EFI_STATUS", "rpm", _engine(0, "rpm", lambda v: v * _RPM)),
        report("RPM", "rpm1", lambda m, f: m.rpm1 * _RPM)), digits=1,
        columns=("engines_0.speed",)),
    Quantity("engine_2_speed", "rad/s", "crankshaft of the second engine", "engine", (
        report("EFI_STATUS", "rpm", _engine(1, "rpm", lambda v: v * _RPM)),), digits=1),
    Quantity("engine_running", "", "the first engine burns fuel", "engine", (
        report("EFI_STATUS", "health, rpm", _runs(0)),
        report("RPM", "rpm1", lambda m, f: m.rpm1 * _RPM > _STANDS))),
    Quantity("engine_2_running", "", "the second engine burns fuel", "engine", (
        report("EFI_STATUS", "health, rpm", _runs(1)),)),
    Quantity("engine_load", "", "share of the power that is available", "engine", (
        report("EFI_STATUS", "engine_load", _engine(0, "engine_load", lambda v: v * 0.01)),),
        digits=2),
    Quantity("manifold_pressure", "Pa", "intake manifold, absolute", "engine", (
        report("EFI_STATUS", "intake_manifold_pressure",
               _engine(0, "intake_manifold_pressure", lambda v: v * 1e3)),), digits=0),
    Quantity("cylinder_temperature", "K", "cylinder head", "engine", (
        report("EFI_STATUS", "cylinder_head_temperature",
               _engine(0, "cylinder_head_temperature", celsius)),), digits=0),
    Quantity("exhaust_temperature", "K", "exhaust gas", "engine", (
        report("EFI_STATUS", "exhaust_gas_temperature",
               _engine(0, "exhaust_gas_temperature", celsius)),), digits=0),
    Quantity("oil_temperature", "K", "engine oil", "engine", digits=0),
    Quantity("oil_pressure", "Pa", "engine oil", "engine", digits=0),
    Quantity("fuel_flow_kg_s", "kg/s", "fuel burnt, all engines", "fuel", (
        report("FUEL_STATUS", "flow_rate", _kg("flow_rate")),
        report("EFI_STATUS", "fuel_flow", _minutes)), digits=6,
        columns=("engines_0.fuel_flow", "engines_1.fuel_flow"), from_log=lambda a, b: a + b),
    Quantity("fuel_remaining_kg", "kg", "fuel left", "fuel", (
        report("FUEL_STATUS", "remaining_fuel", _kg("remaining_fuel")),), digits=2,
        columns=("mass.fuel_mass",)),
    Quantity("fuel_capacity_kg", "kg", "what the tanks hold", "fuel", (
        report("FUEL_STATUS", "maximum_fuel", _kg("maximum_fuel")),), digits=1),
    Quantity("fuel_share", "", "fuel left over capacity", "fuel", (
        report("FUEL_STATUS", "remaining_fuel, maximum_fuel", lambda m, f: (
            m.remaining_fuel / m.maximum_fuel if m.maximum_fuel > 0.0 else None)),
        report("FUEL_STATUS", "percent_remaining", scale=0.01, unknown=_UNKNOWN_8)), digits=3),
    Quantity("fuel_leaks", "", "more leaves the tanks than the engines burn", "fuel",
             computed="over a minute fuel_remaining_kg falls by 1 kg, and a quarter, more than "
             "fuel_flow_kg_s burnt"),
    Quantity("fuel_reserve_kg", "kg", "fuel that shall be left at the landing", "fuel",
             computed="at the smoothed flow, for the time of LW_FUEL_RESERVE; else the "
             "datasheet's of Longwatch's aircraft; else 45 min", digits=1),
    Quantity("endurance_s", "s", "until the tanks are empty at the present flow, while an engine "
             "runs", "fuel",
             computed="fuel_remaining_kg over the flow smoothed for a minute", digits=0,
             columns=("autopilot.failsafe.fuel.endurance",)),
    Quantity("distance_home", "m", "straight to home over the ground", "fuel",
             computed="geodesic from latitude_deg, longitude_deg to home", digits=0),
    Quantity("way_home", "m", "over the ground to where the wheels touch, as a return ordered now "
             "is flown", "fuel", (_own("dist_home"),), digits=0,
             columns=("autopilot.failsafe.fuel.distance_home",)),
    Quantity("time_home_s", "s", "on that way; where it is not told, straight home at the present "
             "airspeed, with the wind", "fuel", (_own("time_home"),),
             computed="distance_home over the ground speed on that course in the wind, in "
             "still air where no wind is reported", digits=0,
             columns=("autopilot.failsafe.fuel.time_home",)),
    Quantity("fuel_home_kg", "kg", "fuel burnt on that way, or straight home", "fuel",
             (_own("fuel_home"),), computed="time_home_s at the smoothed flow", digits=2,
             columns=("autopilot.failsafe.fuel.fuel_home",)),
    Quantity("fuel_when_home_kg", "kg", "fuel left there", "fuel",
             computed="fuel_remaining_kg less fuel_home_kg", digits=2,
             columns=("autopilot.failsafe.fuel.at_landing",)),
    Quantity("way_down", "m", "over the ground to where the wheels touch, as a landing ordered now "
             "is flown", "fuel", (_own("dist_land"),), digits=0,
             columns=("autopilot.failsafe.fuel.distance_down",)),
    Quantity("time_down_s", "s", "on that way", "fuel", (_own("time_land"),), digits=0,
             columns=("autopilot.failsafe.fuel.time_down",)),
    Quantity("fuel_down_kg", "kg", "fuel burnt on that way", "fuel", (_own("fuel_land"),),
             digits=2, columns=("autopilot.failsafe.fuel.fuel_down",)),
    Quantity("fuel_at_landing_kg", "kg", "fuel left at the landing at the mission's end", "fuel",
             computed="fuel_remaining_kg less the way left along the mission aboard, with loiters "
                      "and wind, at the smoothed flow", digits=2),
    Quantity("return_by_s", "s", "until the point of no return, flying on as now", "fuel",
             computed="when fuel left is what home takes and the reserve", digits=0,
             columns=("autopilot.failsafe.fuel.return_in",)),
    Quantity("return_radius", "m", "from home: how far away this course may lead until it has to "
             "turn back", "map", computed="distance of home from the place that is reached then",
             digits=0),
)

ELECTRICAL = (
    Quantity("battery_voltage", "V", "first battery", "electrical", (
        report("BATTERY_STATUS", "voltages", _cells),
        report("SYS_STATUS", "voltage_battery",
               lambda m, f: None if m.voltage_battery in (UNKNOWN_16, 0) else (
                   m.voltage_battery * 1e-3))), digits=2, columns=("electrics.voltage",)),
    Quantity("battery_current", "A", "out of the first battery, negative while it charges",
             "electrical", (
        report("BATTERY_STATUS", "current_battery", lambda m, f: KEEP if m.id else (
            None if m.current_battery == -1 else m.current_battery * 0.01)),
        report("SYS_STATUS", "current_battery", scale=0.01, unknown=-1)), digits=2,
        columns=("electrics.power", "electrics.voltage"),
        from_log=lambda power, volts: power / volts if volts > 1.0 else None),
    Quantity("battery_share", "", "charge left, 0 to 1", "electrical", (
        report("BATTERY_STATUS", "battery_remaining", lambda m, f: KEEP if m.id else (
            None if m.battery_remaining < 0 else m.battery_remaining * 0.01)),
        report("SYS_STATUS", "battery_remaining", scale=0.01, unknown=-1)), digits=2),
)

ESTIMATOR = (
    Quantity("gnss_fix", "", "none, 2d, 3d, dgps, rtk", "satellites", (
        report("GPS_RAW_INT", "fix_type", lambda m, f: GNSS_FIX.get(m.fix_type)),)),
    Quantity("satellites", "", "satellites in use", "satellites", (
        report("GPS_RAW_INT", "satellites_visible", unknown=_UNKNOWN_8),)),
    Quantity("hdop", "", "horizontal dilution of precision", "satellites", (
        report("GPS_RAW_INT", "eph", scale=0.01, unknown=UNKNOWN_16),), digits=2),
    Quantity("position_accuracy", "m", "horizontal, one standard deviation", "satellites", (
        report("ESTIMATOR_STATUS", "pos_horiz_accuracy"),
        report("GPS_RAW_INT", "h_acc", lambda m, f: m.h_acc * 1e-3 or None)), digits=1),
    Quantity("estimator_flags", "", "bits of ESTIMATOR_STATUS_FLAGS", "satellites", (
        report("ESTIMATOR_STATUS", "flags"),)),
)

LINK = (
    Quantity("link_state", "", f"up; late after {LATE_S:.0f} s without a heartbeat, lost after "
             f"{LOST_S:.0f} s", "link", computed="time since HEARTBEAT came"),
    Quantity("telemetry_stopped", "", "heartbeats come, but nothing else", "link",
             computed="the vehicle's clock stood for 5 s while heartbeats came"),
    Quantity("heartbeat_age_s", "s", "since the last heartbeat", "link",
             computed="time since HEARTBEAT came", digits=0),
    Quantity("expected_latitude_deg", "deg", "where it should be by now, once it is not heard for "
             "3 s", "map", computed="from the last place on along the mission, or as it flew, then "
             "by its own rule for a lost link, at its last airspeed in the last wind", digits=6),
    Quantity("expected_longitude_deg", "deg", "the same", "map", computed="the same", digits=6),
    Quantity("expected_by", "", "mission, course, hold, return: what that is reckoned by", "map",
             computed="the same"),
    Quantity("traffic", "", "none, near or close: how another aircraft of the fleet comes to it",
             "map", computed="straight on for 55 s (near) or 25 s (close) within 4 000 ft on the "
             "ground and 450 ft in height (RTCA DO-365)"),
    Quantity("traffic_name", "", "that aircraft", "map", computed="the same"),
    Quantity("traffic_distance", "m", "to it over the ground", "map",
             computed="geodesic between the two", digits=0),
    Quantity("traffic_height", "m", "how much higher it is", "map",
             computed="difference of altitude_msl", digits=0),
    Quantity("link_loss", "", "share of the vehicle's frames that did not come, over 5 s", "link",
             computed="gaps in the frames' sequence numbers", digits=2),
    Quantity("link_rate", "bytes/s", "received of this vehicle, over 5 s", "link",
             computed="bytes of its frames", digits=0),
    Quantity("round_trip_s", "s", "there and back", "link",
             computed="TIMESYNC, else PING, once in 2 s", digits=3),
    Quantity("radio_signal_dbm", "dBm", "received at the ground, SiK's scale", "link", (
        report("RADIO_STATUS", "rssi", _signal("rssi")),), digits=0),
    Quantity("radio_noise_dbm", "dBm", "noise at the ground, SiK's scale", "link", (
        report("RADIO_STATUS", "noise", _signal("noise")),), digits=0),
)

TIME = (
    Quantity("time_utc_s", "s", "the vehicle's time, seconds of UTC since 1970", "time", (
        report("SYSTEM_TIME", "time_unix_usec",
               lambda m, f: m.time_unix_usec * 1e-6 if m.time_unix_usec > 1e15 else None),),
        digits=1),
    Quantity("time_boot_s", "s", "the vehicle's time since it began", "time", (
        report("ATTITUDE", "time_boot_ms", scale=1e-3),
        report("GLOBAL_POSITION_INT", "time_boot_ms", scale=1e-3),
        report("SYSTEM_TIME", "time_boot_ms", scale=1e-3)), digits=2,
        columns=("clock.time",)),
    Quantity("flight_time_s", "s", "of the vehicle's time since it left the ground", "time",
             computed="time_boot_s since landed_state was on_ground", digits=0),
    Quantity("timers_due", "", "timers and checks of the crew that are due, by name", "watch",
             computed="by the vehicle's clock, the station's where it tells none"),
)
