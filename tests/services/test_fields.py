"""Every field of every message that is made at any time, against MAVLink's XML and the truth.

Each line of the tables says what a field must hold by its definition (common.xml, minimal.xml,
ardupilotmega.xml): unit, scale, sign, datum, and what stands for "not known". Expected values come
from the simulated truth, the datasheet or the standard, never from the code that fills the field.
A message or a field without a line fails.
"""

import math

import pytest
from geographiclib.geodesic import Geodesic

from longwatch.mavlink.dialect import mavlink
from longwatch.services.estimate import Estimate
from services.harness import Bench, live

pytestmark = pytest.mark.compiled_only
DEG = math.degrees
NAN = math.nan
# What it stands for where the XML gives no other value for "not known" or "not there".
NOTHING = 0
AVGAS = 6.0 * 0.45359237 / 3785.411784  # kg a millilitre (FAA AC 120-27F)
WIND_SPEED, WIND_FROM = 6.0, math.radians(40.0)


class Near:
    """Expected within ``abs``; angles of a full ``turn`` count around it."""

    def __init__(self, value, within, turn=0.0):
        self.value, self.within, self.turn = float(value), within, turn

    def holds(self, told):
        off = told - self.value
        if self.turn:
            off = math.remainder(off, self.turn)
        return abs(off) <= self.within

    def __repr__(self):
        return f"{self.value} within {self.within}"


class Between(Near):
    """Expected in a range."""

    def __init__(self, least, most):
        super().__init__((least + most) / 2, (most - least) / 2)


ANY = Between(-1e300, 1e300)


def holds(told, expected):
    if isinstance(expected, Near):
        return expected.holds(told)
    if isinstance(expected, (list, tuple)):
        return len(told) == len(expected) and all(map(holds, told, expected))
    if isinstance(expected, float) and math.isnan(expected):
        return math.isnan(told)
    return told == expected


def facts(bench):
    """The truth under short names."""
    sim = bench.simulation
    state, start = sim.state, sim.parking
    flight, home = state.flight, sim.standing
    line = Geodesic.WGS84.Inverse(DEG(home[0]), DEG(home[1]), DEG(flight.latitude),
                                  DEG(flight.longitude))
    azimuth = math.radians(line["azi1"])
    moving = flight.ground_speed > 1.0

    class T:
        ms, usec = round(sim.time * 1e3), round((sim.start.timestamp() + sim.time) * 1e6)
        lat, lon, alt = DEG(flight.latitude), DEG(flight.longitude), flight.altitude_msl
        home_lat, home_lon, home_alt = DEG(home[0]), DEG(home[1]), home[2]
        north, east = line["s12"] * math.cos(azimuth), line["s12"] * math.sin(azimuth)
        ellipsoid, agl = flight.height_ellipsoid, flight.height_above_ground
        wheels = agl - float(sim.aircraft.datasheet[0].landing_gear.wheels[1].position[2]
                             - state.mass.position[2])
        vn, ve, up = flight.velocity_north, flight.velocity_east, flight.vertical_speed
        roll, pitch, yaw = flight.roll, flight.pitch, flight.heading
        speed, cas, track = flight.ground_speed, flight.calibrated_airspeed, DEG(flight.track)
        p, q, r = state.body.rate_body
        fx, fy, fz = state.body.specific_force_body
        # ISO 2533, troposphere.
        pressure = 1013.25 * (1 - 2.25577e-5 * alt) ** 5.25588
        kelvin = 288.15 - 0.0065 * alt
        impact = pressure * ((1 + 0.2 * (flight.true_airspeed**2 / (1.4 * 287.053 * kelvin)))
                             ** 3.5 - 1)
        fuel, full = state.mass.fuel_mass, sim.aircraft.datasheet[0].mass.fuel_capacity
        burnt = start.fuel_kg - fuel
        flow, engine = state.engines[0].fuel_flow, state.engines[0]
        throttle = 100 * max(state.commands.throttle)
        volts = state.electrics.voltage
        charge = 100 * state.electrics.energy / sim.aircraft.datasheet[0].electrics.battery_energy
        wind_n = flight.wind_north
        wind_e = flight.wind_east
        centre, radius = state.autopilot.crew, abs(state.autopilot.crew.radius)
        target = state.autopilot.crew.target_altitude_msl
        flying = moving

    return T


def quaternion(roll, pitch, yaw):
    cr, sr, cp, sp = (math.cos(roll / 2), math.sin(roll / 2), math.cos(pitch / 2),
                      math.sin(pitch / 2))
    cy, sy = math.cos(yaw / 2), math.sin(yaw / 2)
    return (cr * cp * cy + sr * sp * sy, sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy, cr * cp * sy - sr * sp * cy)


def sensed(t):
    """Attitude, position, speed and pressure, on the ground and in the air alike."""
    q = quaternion(t.roll, t.pitch, t.yaw)
    sign = 1 if q[0] >= 0 else -1
    rates = [Near(t.p, 0.01), Near(t.q, 0.01), Near(t.r, 0.01)]
    # The estimate runs some hundredths of a second behind a fast aircraft.
    place = 0.2 + 0.12 * t.speed
    metres = place / 111e3
    lat, lon = Near(t.lat * 1e7, metres * 1e7), Near(t.lon * 1e7, metres * 1.4e7)
    return {
        "SYSTEM_TIME": {"time_unix_usec": Near(t.usec, 1), "time_boot_ms": t.ms},
        "ATTITUDE": {"time_boot_ms": t.ms, "roll": Near(t.roll, 0.003),
                     "pitch": Near(t.pitch, 0.003),
                     "yaw": Near(math.remainder(t.yaw, 2 * math.pi), 0.005),
                     "rollspeed": rates[0], "pitchspeed": rates[1], "yawspeed": rates[2]},
        "ATTITUDE_QUATERNION": {
            "time_boot_ms": t.ms, **{f"q{i + 1}": Near(sign * v, 0.005) for i, v in enumerate(q)},
            "rollspeed": rates[0], "pitchspeed": rates[1], "yawspeed": rates[2],
            "repr_offset_q": [NOTHING] * 4},
        "GLOBAL_POSITION_INT": {
            "time_boot_ms": t.ms, "lat": lat, "lon": lon, "alt": Near(t.alt * 1e3, 150),
            "relative_alt": Near((t.alt - t.home_alt) * 1e3, 150),
            "vx": Near(t.vn * 100, 8), "vy": Near(t.ve * 100, 8), "vz": Near(-t.up * 100, 8),
            "hdg": Near(DEG(t.yaw) * 100, 30, 36000)},
        "LOCAL_POSITION_NED": {
            "time_boot_ms": t.ms, "x": Near(t.north, place), "y": Near(t.east, place),
            "z": Near(t.home_alt - t.alt, 0.15), "vx": Near(t.vn, 0.08), "vy": Near(t.ve, 0.08),
            "vz": Near(-t.up, 0.08)},
        "VFR_HUD": {"airspeed": Near(t.cas, 0.1), "groundspeed": Near(t.speed, 0.1),
                    "heading": Near(DEG(t.yaw), 1, 360), "throttle": Near(t.throttle, 1),
                    "alt": Near(t.alt, 0.15), "climb": Near(t.up, 0.08)},
        "ALTITUDE": {
            "time_usec": Near(t.usec, 1), "altitude_monotonic": Near(t.alt, 0.15),
            "altitude_amsl": Near(t.alt, 0.15), "altitude_local": Near(t.alt - t.home_alt, 0.15),
            "altitude_relative": Near(t.alt - t.home_alt, 0.15),
            "altitude_terrain": Near(t.wheels, 0.6),
            "bottom_clearance": Near(max(t.wheels, 0.0), 0.6)},
        "GPS_RAW_INT": {
            "time_usec": Near(t.usec, 1), "fix_type": 3, "lat": Near(t.lat * 1e7, 1e4 * metres * 1e3
                                                                    + 300 * t.flying),
            "lon": Near(t.lon * 1e7, 1e4 * metres * 1e3 + 400 * t.flying),
            "alt": Near(t.alt * 1e3, 500), "eph": Between(50, 300), "epv": Between(50, 300),
            "vel": Near(t.speed * 100, 20),
            "cog": Near(t.track * 100, 300, 36000) if t.flying else 65535,
            "satellites_visible": Between(4, 40), "alt_ellipsoid": Near(t.ellipsoid * 1e3, 500),
            "h_acc": NOTHING, "v_acc": NOTHING, "vel_acc": NOTHING, "hdg_acc": NOTHING,
            "yaw": NOTHING},
        "SCALED_PRESSURE": {
            "time_boot_ms": t.ms, "press_abs": Near(t.pressure, 0.15),
            "press_diff": Near(t.impact, 0.12),
            "temperature": Near((t.kelvin - 273.15) * 100, 5), "temperature_press_diff": NOTHING},
        "HIGHRES_IMU": {
            "time_usec": Near(t.usec, 1), "xacc": Near(t.fx, 0.1), "yacc": Near(t.fy, 0.1),
            "zacc": Near(t.fz, 0.2), "xgyro": rates[0], "ygyro": rates[1], "zgyro": rates[2],
            **dict.fromkeys(("xmag", "ymag", "zmag"), Between(-0.48, 0.48)),  # gauss
            "abs_pressure": Near(t.pressure, 0.15), "diff_pressure": Near(t.impact, 0.12),
            "pressure_alt": Near(t.alt, 1.0), "temperature": Near(t.kelvin - 273.15, 0.05),
            "fields_updated": 0x1FFF, "id": 0},
        "SERVO_OUTPUT_RAW": {
            "time_usec": t.ms * 1000, "port": 0,
            **{f"servo{i}_raw": Between(1000, 2000) for i in (1, 2, 4, 6)},
            "servo3_raw": Near(1000 + 10 * t.throttle, 1), "servo5_raw": Near(
                1000 + 10 * t.throttle, 1),
            "servo7_raw": 1000 if t.flying else 2000, "servo8_raw": 1000 if t.flying else 2000,
            **{f"servo{i}_raw": NOTHING for i in range(9, 17)}},
        "ESTIMATOR_STATUS": {
            "time_usec": Near(t.usec, 1), "flags": 0x37F, **dict.fromkeys(
                ("vel_ratio", "pos_horiz_ratio", "pos_vert_ratio", "mag_ratio", "hagl_ratio",
                 "tas_ratio"), 0.0), "pos_horiz_accuracy": Between(0.1, 5.0),
            "pos_vert_accuracy": Between(0.1, 5.0)},
        "EKF_STATUS_REPORT": {"flags": 0x37F, **dict.fromkeys(
            ("velocity_variance", "pos_horiz_variance", "pos_vert_variance", "compass_variance",
             "terrain_alt_variance", "airspeed_variance"), 0.0)},
        "VIBRATION": {"time_usec": Near(t.usec, 1), **dict.fromkeys(
            ("vibration_x", "vibration_y", "vibration_z"), Between(0.0, 2.0)),
            **dict.fromkeys(("clipping_0", "clipping_1", "clipping_2"), 0)},
        "WIND_COV": {
            "time_usec": Near(t.usec, 1),
            "wind_x": Near(t.wind_n, 0.3) if t.flying else NAN,
            "wind_y": Near(t.wind_e, 0.3) if t.flying else NAN, "wind_z": NAN,
            "var_horiz": Between(0.1, 5.0), "var_vert": NAN, "wind_alt": Near(t.alt, 0.15),
            "horiz_accuracy": Between(0.1, 5.0), "vert_accuracy": NAN},
        "BATTERY_STATUS": {
            "id": 0, "battery_function": mavlink.MAV_BATTERY_FUNCTION_AVIONICS,
            "type": mavlink.MAV_BATTERY_TYPE_LION, "temperature": 32767,
            "voltages": [Near(t.volts * 1e3, 1), *[65535] * 9], "current_battery": Between(-500, 0),
            "current_consumed": 0, "energy_consumed": 0, "battery_remaining": Near(t.charge, 1),
            "time_remaining": 0, "charge_state": mavlink.MAV_BATTERY_CHARGE_STATE_OK,
            "voltages_ext": [NOTHING] * 4, "mode": 0, "fault_bitmask": 0},
        "FUEL_STATUS": {
            "id": 0, "maximum_fuel": Near(t.full / AVGAS, 2), "consumed_fuel": Near(
                t.burnt / AVGAS, 2), "remaining_fuel": Near(t.fuel / AVGAS, 2),
            "percent_remaining": Near(100 * t.fuel / t.full, 0.51),
            "flow_rate": Near(t.flow / AVGAS, 0.05), "temperature": NAN,
            "fuel_type": mavlink.MAV_FUEL_TYPE_LIQUID},
        "EFI_STATUS": {
            "health": 1, "ecu_index": 0, "rpm": Near(t.engine.speed * 30 / math.pi, 5),
            "fuel_consumed": Near(t.burnt / AVGAS, 2), "fuel_flow": Near(t.flow / AVGAS * 60, 3),
            "engine_load": Between(0, 100), "throttle_position": Near(t.throttle, 0.1),
            **dict.fromkeys(("spark_dwell_time", "barometric_pressure",
                             "intake_manifold_pressure", "intake_manifold_temperature",
                             "cylinder_head_temperature", "ignition_timing", "injection_time",
                             "exhaust_gas_temperature", "pt_compensation"), NAN),
            "throttle_out": Near(t.throttle, 0.1), "ignition_voltage": NOTHING,
            "fuel_pressure": NOTHING},
        "HOME_POSITION": {
            "latitude": Near(t.home_lat * 1e7, 1), "longitude": Near(t.home_lon * 1e7, 1),
            "altitude": Near(t.home_alt * 1e3, 1), "time_usec": Near(t.usec, 1), "q": [NAN] * 4,
            **dict.fromkeys(("x", "y", "z", "approach_x", "approach_y", "approach_z"), NAN)},
        "GPS_GLOBAL_ORIGIN": {
            "latitude": Near(t.home_lat * 1e7, 1), "longitude": Near(t.home_lon * 1e7, 1),
            "altitude": Near(t.home_alt * 1e3, 1), "time_usec": Near(t.usec, 1)},
    }


def told_of_itself(bench, t, armed):
    """What it says of its identity, mode and mission; LOITER is 12 in ArduPlane's list of modes."""
    none = {"mission_id": 0, "fence_id": 0, "rally_points_id": 0}
    return {
        "HEARTBEAT": {"type": mavlink.MAV_TYPE_FIXED_WING, "autopilot": 3,
                      "base_mode": 1 + 4 + 8 + 16 + (128 if armed else 0), "custom_mode": 12,
                      "system_status": 4 if armed else 3, "mavlink_version": 3},
        "SYS_STATUS": {
            **{f"onboard_control_sensors_{what}": ANY for what in ("present", "enabled", "health")},
            "load": Between(0, 1000), "voltage_battery": Near(t.volts * 1e3, 1),
            "current_battery": Between(-500, 0), "battery_remaining": Near(t.charge, 1),
            **dict.fromkeys(("drop_rate_comm", "errors_comm", "errors_count1", "errors_count2",
                             "errors_count3", "errors_count4",
                             "onboard_control_sensors_present_extended",
                             "onboard_control_sensors_enabled_extended",
                             "onboard_control_sensors_health_extended"), 0)},
        "EXTENDED_SYS_STATE": {"vtol_state": 0, "landed_state": 2 if t.flying else 1},
        "MISSION_CURRENT": {"seq": 0, "total": 65535, "mission_state": 1, "mission_mode": 0,
                            **none},
        "CURRENT_MODE": {"standard_mode": 0, "custom_mode": 12, "intended_custom_mode": 12},
        "AVAILABLE_MODES": {"number_modes": 10, "mode_index": 1, "standard_mode": 0,
                            "custom_mode": 12, "properties": 4, "mode_name": "LOITER"},
        "AVAILABLE_MODES_MONITOR": {"seq": ANY},
        "PROTOCOL_VERSION": {"version": 200, "min_version": 200, "max_version": 200,
                             "spec_version_hash": [0] * 8, "library_version_hash": [0] * 8},
        "AUTOPILOT_VERSION": {
            # MISSION_INT, COMMAND_INT, FTP, the three set-points, MAVLINK2, fence, rally, C_CAST.
            "capabilities": 4 + 8 + 32 + 64 + 128 + 256 + 8192 + 16384 + 32768 + 131072,
            "flight_sw_version": 4 << 24 | 6 << 16 | 0 << 8 | 255, "middleware_sw_version": ANY,
            "os_sw_version": 0, "board_version": 0, "flight_custom_version": [ANY] * 8,
            "middleware_custom_version": [ANY] * 8, "os_custom_version": [0] * 8, "vendor_id": 0,
            "product_id": 0, "uid": Between(1, 2**64), "uid2": [ANY] * 18},
        "COMPONENT_METADATA": {"time_boot_ms": t.ms, "file_crc": ANY,
                               "uri": "mftp:///etc/general.json.xz"},
        "COMPONENT_INFORMATION": {
            "time_boot_ms": t.ms, "general_metadata_file_crc": ANY,
            "general_metadata_uri": "mftp:///etc/general.json.xz",
            "peripherals_metadata_file_crc": 0, "peripherals_metadata_uri": ""},
    }


def standing(t):
    heading = Near(DEG(t.yaw), 1, 360)
    return {"NAV_CONTROLLER_OUTPUT": {
        "nav_roll": 0.0, "nav_pitch": 0.0, "nav_bearing": heading, "target_bearing": heading,
        "wp_dist": 0, "alt_error": 0.0, "aspd_error": 0.0, "xtrack_error": 0.0}}


WAYS = ("time_home", "dist_home", "fuel_home", "time_land", "dist_land", "fuel_land",
        "glide", "glide_spd")


def told_ways(bench, t):
    """The eight figures in turn, each by its name; with no mission, a return is a landing here."""
    found = [bench.component.provide(mavlink.MAVLINK_MSG_ID_NAMED_VALUE_FLOAT) for _ in WAYS]
    assert [m.time_boot_ms for m in found] == [t.ms] * len(WAYS)
    ways = {m.name: m.value for m in found}
    assert set(ways) == set(WAYS)
    for what in ("time", "dist", "fuel"):
        assert ways[f"{what}_home"] == ways[f"{what}_land"]
    return ways


def circling(t):
    """On a circle about the crew's place, at the crew's altitude."""
    line = Geodesic.WGS84.Inverse(t.lat, t.lon, DEG(t.centre.target_latitude),
                                  DEG(t.centre.target_longitude))
    lat = Near(DEG(t.centre.target_latitude) * 1e7, 2)
    lon = Near(DEG(t.centre.target_longitude) * 1e7, 2)
    return {
        "NAV_CONTROLLER_OUTPUT": {
            "nav_roll": Near(DEG(t.roll), 2), "nav_pitch": Near(DEG(t.pitch), 2),
            "nav_bearing": Near(t.track, 4, 360), "target_bearing": Near(line["azi1"], 2, 360),
            "wp_dist": Near(line["s12"], 8), "alt_error": Near(t.target - t.alt, 0.3),
            "aspd_error": Between(-1.0, 1.0),
            "xtrack_error": Near(abs(line["s12"] - t.radius), 5)},
        "POSITION_TARGET_GLOBAL_INT": {
            "time_boot_ms": t.ms, "coordinate_frame": 0, "type_mask": 0x0DF8, "lat_int": lat,
            "lon_int": lon, "alt": Near(t.target, 0.01), **dict.fromkeys(
                ("vx", "vy", "vz", "afx", "afy", "afz", "yaw", "yaw_rate"), NAN)},
        "ATTITUDE_TARGET": {
            "time_boot_ms": t.ms, "type_mask": 7, "q": [Near(v, 0.02) for v in quaternion(
                t.roll, t.pitch, t.yaw)], "body_roll_rate": 0.0, "body_pitch_rate": 0.0,
            "body_yaw_rate": 0.0, "thrust": Near(t.throttle / 100, 0.02)},
        "ORBIT_EXECUTION_STATUS": {
            "time_usec": Near(t.usec, 1), "radius": Near(t.radius, 0.1), "frame": 5, "x": lat,
            "y": lon, "z": Near(t.target, 0.01)},
    }


# Made for a link, with an argument of their own or by turns; tests of their own look at them.
ELSEWHERE = {"RADIO_STATUS", "MESSAGE_INTERVAL", "NAMED_VALUE_FLOAT"}


def check(bench, table, silent):
    wrong = []
    for number in sorted(bench.component.by_provided):
        name = mavlink.mavlink_map[number].msgname
        message = bench.component.provide(number)
        if name in ELSEWHERE or message is None:
            assert name in ELSEWHERE or name in silent, f"{name} is not made"
            continue
        assert name not in silent, f"{name} is made"
        bench.craft.send(message)
        told, expected = bench.sent[-1].message, table[name]
        assert set(told.fieldnames) == set(expected), name
        wrong += [f"{name}.{field}: {getattr(told, field)}, not {expected[field]}"
                  for field in told.fieldnames
                  if not holds(getattr(told, field), expected[field])]
    assert not wrong, "\n".join(wrong)
    assert bench.component.faults == 0


@pytest.fixture(scope="module")
def bench():
    made = Bench("ardupilot", simulation=live(
        fuel_kg=60.0, wind=f"{WIND_SPEED:g}@{DEG(WIND_FROM):g}"))
    made.poll(1.0)
    return made


def test_standing(bench):
    t = facts(bench)
    assert bench.component.provide(mavlink.MAVLINK_MSG_ID_NAMED_VALUE_FLOAT) is None
    check(bench, {**sensed(t), **told_of_itself(bench, t, armed=False), **standing(t)},
          {"POSITION_TARGET_GLOBAL_INT", "ATTITUDE_TARGET", "ORBIT_EXECUTION_STATUS"})


def test_the_wind_is_told_standing_too_once_it_is_found():
    bench = Bench(services=(Estimate,), simulation=live(wind="6@40"))
    told = []
    for seconds in (30.0, 120.0):
        bench.simulation.step(seconds)
        wind = bench.component.provide(mavlink.MAVLINK_MSG_ID_WIND_COV)
        told.append((wind.wind_x, wind.wind_y))
    assert all(map(math.isnan, told[0]))
    # 6 m/s at 10 m, by the 1/7 power law down to 1.5 m: 4.6 m/s, towards 220 degrees.
    speed = 6.0 * (1.5 / 10.0) ** (1 / 7)
    assert told[1] == pytest.approx(
        (-speed * math.cos(WIND_FROM), -speed * math.sin(WIND_FROM)), abs=0.5)


def test_on_a_circle_in_wind(bench):
    bench.command(mavlink.MAV_CMD_NAV_TAKEOFF, 0, 0, 0, None, None, None, 300.0)
    bench.command(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1)
    bench.fly(150.0)
    t = facts(bench)
    # 6 m/s at 10 m from 40 degrees: it blows to the south-west, and stronger higher up.
    assert DEG(math.atan2(-t.wind_e, -t.wind_n)) == pytest.approx(40.0, abs=1.0)
    assert math.hypot(t.wind_n, t.wind_e) > WIND_SPEED
    check(bench, {**sensed(t), **told_of_itself(bench, t, armed=True), **circling(t)}, set())

    # The way home as told is the way as it is flown then: time and distance within 10 %.
    ways, began, distance = told_ways(bench, t), bench.simulation.time, 0.0
    fuel = float(bench.simulation.state.mass.fuel_mass)
    bench.command(mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH)
    while not bench.simulation.state.gear.weight_on_wheels:
        bench.simulation.step(1.0)
        distance += bench.simulation.state.flight.ground_speed
        assert bench.simulation.time - began < 1.5 * ways["time_home"]
    assert ways["time_home"] == pytest.approx(bench.simulation.time - began, rel=0.1)
    assert ways["dist_home"] == pytest.approx(distance, rel=0.1)
    assert ways["fuel_home"] == pytest.approx(
        fuel - float(bench.simulation.state.mass.fuel_mass), rel=0.1)
