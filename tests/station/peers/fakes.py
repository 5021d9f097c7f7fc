"""An ArduPlane 4.6.2 and a PX4 1.18 as the recordings and their sources have them, for a station.

    with Peers(ArduPlane()) as air:
        air.peer.fly("AUTO")
        air.command("heading", course=1.0)
        air.run(lambda: abs(air.value("course") - 1.0) < 0.02)

Each answers commands as its autopilot does, in its modes, and flies a point mass: what a command
was accepted for must come to pass. Time leaps (``LeapingLoop``).
"""

import asyncio
import math

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Parser, encode
from longwatch.station.vehicles.connections import Way
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.modes import TABLES, px4_mode
from station.virtual import LeapingLoop

OK, TEMPORARILY, DENIED, UNSUPPORTED, FAILED = range(5)
STEP = 0.2
HOME = (411293980, 279053000, 152.5)
GRAVITY = 9.80665
_E7_M = 1e-7 * 111_319.5
LAND, LAND_START = 21, 189
# Items with a place; within this of it an item is done, as the recordings have it ("dist 50m").
PLACED, ACCEPTED = (16, 17, 18, 19, 22, LAND), 100.0
MSL_FRAMES = (0, 5)
# As recorded: "Landing glide slope 3.8 degrees"; from here [m] on it sinks to the ground.
GLIDE, OVER_THE_FENCE = math.tan(math.radians(3.8)), 150.0


class Peer:
    """A vehicle of one family; positions in metres north and east of home, angles in rad."""

    system, autopilot, parameters = 1, 0, None

    def __init__(self):
        self.sink, self.parser = lambda raw: None, Parser()
        self.boot, self.mode, self.armed, self.landed = 20.0, 0, False, True
        self.north = self.east = self.altitude = self.course = 0.0
        self.altitude, self.speed = HOME[2], 0.0
        self.circle, self.radius, self.led_course = (0.0, 0.0), 80.0, None
        self.altitude_goal, self.speed_goal, self.turn = HOME[2], self.cruise, math.radians(30)
        self.plans, self.receiving, self.current, self.asked = {0: [], 1: [], 2: []}, None, 0, []
        self.commands, self.wait_s, self.landed_at = [], 0.0, None
        self.parameters = dict(self.parameters)

    # ----------------------------------------------------------------------------- its link

    def say(self, message):
        self.sink(encode(message, self.system, 1))

    def text(self, words, severity=6):
        self.say(mavlink.MAVLink_statustext_message(severity, words.encode()))

    def hear(self, raw):
        for frame in self.parser.feed(raw, datagram=True):
            message = frame.message
            handler = getattr(self, f"on_{message.get_type().lower()}", None)
            if handler:
                asyncio.get_running_loop().call_soon(handler, message)

    def on_command_long(self, m):
        self._command(m, [m.param1, m.param2, m.param3, m.param4, m.param5, m.param6, m.param7],
                      None)

    def on_command_int(self, m):
        place = [math.nan if v == 0x7FFFFFFF else v * 1e-7 for v in (m.x, m.y)]
        self._command(m, [m.param1, m.param2, m.param3, m.param4, *place, m.z], m.frame)

    def _command(self, m, p, frame):
        if m.command not in (511, 512):
            self.commands.append(m.command)
        act = getattr(self, f"do_{m.command}", None)
        result = UNSUPPORTED if act is None else act(p, frame)
        self.say(mavlink.MAVLink_command_ack_message(m.command, result, 0, 0, 252, 190))

    def do_511(self, p, frame):
        return OK

    def do_512(self, p, frame):
        if p[0] == 242:
            self.home()
        elif p[0] == 148:
            self.say(mavlink.MAVLink_autopilot_version_message(
                self.capabilities, self.version, 0, 0, 0, bytes(8), bytes(8), bytes(8), 0, 0, 0))
        elif p[0] == 435:
            return self.list_modes()
        else:
            return DENIED
        return OK

    def home(self):
        self.say(mavlink.MAVLink_home_position_message(
            HOME[0], HOME[1], round(HOME[2] * 1000), 0, 0, 0, [1, 0, 0, 0], 0, 0, 0))

    def on_param_request_list(self, m):
        for index, name in enumerate(self.parameters):
            self.tell_parameter(name, index)

    def tell_parameter(self, name, index=65535):
        self.say(mavlink.MAVLink_param_value_message(
            name.encode(), self.parameters[name], 9, len(self.parameters), index))

    def on_param_set(self, m):
        self.parameters[m.param_id] = m.param_value
        self.tell_parameter(m.param_id)

    def on_timesync(self, m):
        self.say(mavlink.MAVLink_timesync_message(1, m.ts1))

    # ---------------------------------------------------------------------------- its plans

    def on_mission_request_list(self, m):
        self.say(mavlink.MAVLink_mission_count_message(
            252, 190, len(self.plans[m.mission_type]), m.mission_type))

    def on_mission_request_int(self, m):
        item = self.plans[m.mission_type][m.seq]
        self.say(mavlink.MAVLink_mission_item_int_message(252, 190, m.seq, *item, m.mission_type))

    def on_mission_count(self, m):
        self.receiving = (m.mission_type, m.count, [])
        self._next()

    def on_mission_clear_all(self, m):
        self.plans[m.mission_type] = []
        self.cleared(m.mission_type)
        self._ack(OK, m.mission_type)

    def cleared(self, kind):
        if kind == 0:
            self.current = 0

    def _next(self):
        kind, count, items = self.receiving
        if len(items) == count:
            self.plans[kind], self.receiving = items, None
            self.cleared(kind)
            self._ack(OK, kind)
        else:
            self.say(self.request(252, 190, len(items), kind))

    def _ack(self, result, kind):
        self.say(mavlink.MAVLink_mission_ack_message(252, 190, result, kind))

    def on_mission_item_int(self, m):
        kind, _, items = self.receiving
        if m.command in self.refused:
            self.receiving = None
            self._ack(self.refused[m.command], kind)
            return
        params = [float(v) for v in (m.param1, m.param2, m.param3, m.param4)]
        items.append(self.kept(kind, m, params))
        self._next()

    # --------------------------------------------------------------------------- its flight

    def fly(self, mode, **state):
        """Put it in the air: on a course to the north, 100 m above home, 500 m away."""
        self.armed, self.landed = True, False
        self.north, self.altitude = 500.0, HOME[2] + 100.0
        self.speed, self.course = self.cruise, 0.0
        self.enter(self.numbers[mode])
        for name, value in state.items():
            setattr(self, name, value)
        self.step()

    def to(self, latitude_deg, longitude_deg):
        return ((latitude_deg * 1e7 - HOME[0]) * _E7_M,
                (longitude_deg * 1e7 - HOME[1]) * _E7_M * math.cos(math.radians(41.13)))

    @property
    def place(self):
        east = _E7_M * math.cos(math.radians(41.13))
        return round(HOME[0] + self.north / _E7_M), round(HOME[1] + self.east / east)

    def wait_here(self, radius=80.0):
        self.circle, self.radius, self.led_course = (self.north, self.east), radius, None

    def step(self):
        self.boot += STEP
        if not self.landed:
            self._move()
            if self.flies_mission():
                self._progress()
        self.after()
        self.report()

    # The items of its mission, one after the other.

    def flies_mission(self):
        return self.mode == self.numbers[self.missioning] and self.current < len(self.plans[0])

    def _progress(self):
        """Lead to the current item; past it, once it is reached, to the next."""
        item = self.plans[0][self.current]
        command, place = item[1], self.to(item[8] * 1e-7, item[9] * 1e-7)
        away = math.hypot(place[0] - self.north, place[1] - self.east)
        there = away < ACCEPTED
        if command in PLACED:
            self.circle, self.radius = place, 80.0
            self.altitude_goal = item[10] + (0.0 if item[0] in MSL_FRAMES else HOME[2])
        else:
            there = True
        if command == LAND:
            self.altitude_goal = HOME[2] + GLIDE * max(away - OVER_THE_FENCE, 0.0)
            there = False
        elif command == 22:
            there = abs(self.altitude - self.altitude_goal) < 1.0
        elif command in (18, 19):
            self.wait_s += STEP if away < ACCEPTED else 0.0
            turns = item[4] * 2 * math.pi * 80.0 / self.speed
            there = self.wait_s > (item[4] if command == 19 else turns)
        if there:
            self._reached()

    def _reached(self):
        self.say(mavlink.MAVLink_mission_item_reached_message(self.current))
        self.wait_s = 0.0
        if self.current + 1 < len(self.plans[0]):
            self.current += 1

    def after(self):
        """What it does by itself once it has landed."""

    def _move(self):
        north, east = self.circle[0] - self.north, self.circle[1] - self.east
        wanted = self.led_course
        if wanted is None:
            away = math.hypot(north, east)
            wanted = math.atan2(east, north)
            if away < abs(self.radius) + 30.0:
                side = 1.0 if self.radius > 0.0 else -1.0
                wanted -= side * (math.pi / 2 - 0.5 * (away / abs(self.radius) - 1.0))
        rate = GRAVITY * math.tan(self.turn) / self.speed * STEP
        off = (wanted - self.course + math.pi) % (2 * math.pi) - math.pi
        self.course += min(max(off, -rate), rate)
        self.north += self.speed * STEP * math.cos(self.course)
        self.east += self.speed * STEP * math.sin(self.course)
        self.speed += min(max(self.speed_goal - self.speed, -0.4), 0.4)
        self.altitude += min(max(self.altitude_goal - self.altitude, -0.8), 0.8)
        if self.altitude <= HOME[2] and self.altitude_goal <= HOME[2]:
            self.landed, self.altitude, self.speed = True, HOME[2], 0.0
            self.landed_at = self.boot
            self.touched()

    def beat(self):
        base = 1 | 128 * self.armed
        self.say(mavlink.MAVLink_heartbeat_message(1, self.autopilot, base, self.mode, 4, 3))

    def report(self):
        ms, (lat, lon) = round(self.boot * 1000), self.place
        self.say(mavlink.MAVLink_gps_raw_int_message(
            ms * 1000, 3, lat, lon, round(self.altitude * 1000), 100, 100, 0, 0, 10))
        self.say(mavlink.MAVLink_global_position_int_message(
            ms, lat, lon, round(self.altitude * 1000), round((self.altitude - HOME[2]) * 1000),
            round(100 * self.speed * math.cos(self.course)),
            round(100 * self.speed * math.sin(self.course)), 0,
            round(math.degrees(self.course) * 100) % 36000))
        self.say(mavlink.MAVLink_vfr_hud_message(
            self.speed, self.speed, 0, 60, self.altitude, 0.0))
        if round(self.boot / STEP) % 5 == 0:
            self.tell_state()

    def tell_state(self):
        self.beat()
        self.say(mavlink.MAVLink_extended_sys_state_message(0, self.landed_state))
        self.say(self.mission_current())

    def touched(self):
        """On the ground."""


PLANE_NUMBERS = {mode.name: number for number, mode in TABLES["ardupilot"].items()}
PLANE_PARAMETERS = {"TKOFF_ALT": 50.0, "LAND_DISARMDELAY": 20.0, "RTL_AUTOLAND": 2.0,
                    "RTL_ALTITUDE": 100.0, "AIRSPEED_MIN": 10.0, "AIRSPEED_MAX": 30.0,
                    "ROLL_LIMIT_DEG": 45.0}
PLANE_REFUSED, PX4_REFUSED = {31: 3}, {84: 3}


class ArduPlane(Peer):
    """ArduPlane 4.6.2."""

    autopilot, cruise, version, capabilities = 3, 22.0, 0x040602FF, 62319
    request, refused, missioning = (mavlink.MAVLink_mission_request_message, PLANE_REFUSED,
                                    "AUTO")
    numbers, parameters = PLANE_NUMBERS, PLANE_PARAMETERS
    landed_state = property(lambda self: 1 if self.landed else 2)

    def __init__(self):
        super().__init__()
        self.in_landing, self.aborting, self.slew_altitude = False, False, None

    def list_modes(self):
        return FAILED

    def do_511(self, p, frame):
        return DENIED if p[0] in (141, 371, 231, 230, 360) else OK

    def enter(self, mode):
        """Mode::enter forgets what GUIDED was told; the same mode is not entered again."""
        if mode == self.mode:
            return
        self.mode, self.slew_altitude, self.speed_goal = mode, None, self.cruise
        self.wait_here()
        self.altitude_goal, self.turn = self.altitude, math.radians(45)
        if mode == self.numbers["AUTO"]:
            self._item()
        elif mode == self.numbers["TAKEOFF"] and self.armed:
            self._lift(HOME[2] + self.parameters["TKOFF_ALT"])
        elif mode == self.numbers["RTL"]:
            if self.parameters["RTL_AUTOLAND"] in (1, 2) and self._land_start():
                self.do_189(None, None)
                return
            self.circle, self.altitude_goal = (0.0, 0.0), HOME[2] + self.parameters["RTL_ALTITUDE"]
        self.beat()

    def _lift(self, altitude):
        self.landed, self.speed, self.altitude_goal = False, self.cruise, altitude
        self.circle = (200.0, 0.0)

    def _item(self):
        """Fly the current item: a take-off lifts off, a landing comes down."""
        items = self.plans[0]
        if len(items) <= 1:
            return
        self.current = max(self.current, 1)
        if self.landed and self.armed and items[self.current][1] == 22:
            self._lift(HOME[2] + items[self.current][10])
        elif not self.landed:
            # On a landing item the altitude counts down to home.
            self.altitude_goal = HOME[2] + items[self.current][10]

    def after(self):
        # AP_Landing: LAND_DISARMDELAY after the end of a landing in AUTO.
        if (self.armed and self.landed_at is not None and self.mode == self.numbers["AUTO"]
                and self.boot - self.landed_at > self.parameters["LAND_DISARMDELAY"]):
            self.armed, self.landed_at = False, None
            self.text("Disarming motors")
            self.beat()

    def _reached(self):
        super()._reached()
        if self.plans[0][self.current][1] == LAND:
            self.in_landing = True

    def _land_start(self):
        return next((i for i, item in enumerate(self.plans[0]) if item[1] == LAND_START), None)

    def do_176(self, p, frame):
        if int(p[1]) not in TABLES["ardupilot"] or int(p[1]) in (17, 18, 19, 20, 21, 22, 23, 26):
            return FAILED
        self.enter(int(p[1]))
        return OK

    def do_400(self, p, frame):
        if p[0] == 0.0:
            if not self.landed:
                return FAILED
            self.armed = False
        elif self.in_landing and self.plans[0][self.current][1] != 22:
            self.text("Arm: In landing sequence", 2)
            return FAILED
        else:
            self.armed = True
            if self.mode == self.numbers["AUTO"]:
                self._item()
        self.beat()
        return OK

    def do_22(self, p, frame):
        return FAILED if frame in (None, 7) else DENIED

    def do_192(self, p, frame):
        if math.isnan(p[4]) or math.isnan(p[5]) or math.isnan(p[6]):
            return DENIED
        self.enter(self.numbers["GUIDED"])
        self.circle, self.radius = self.to(p[4], p[5]), 80.0
        if p[2] > 0.0:
            self.radius = -p[2] if p[3] == 1.0 else p[2]
        if self.slew_altitude is None:
            self.altitude_goal = p[6]
        return OK

    def do_43001(self, p, frame):
        if self.mode != self.numbers["GUIDED"]:
            return FAILED
        self.slew_altitude = self.altitude_goal = p[6]
        return OK

    def do_43002(self, p, frame):
        if self.mode != self.numbers["GUIDED"]:
            return FAILED
        if not 0.0 <= p[1] < 360.0:
            return DENIED
        self.led_course = math.radians(p[1])
        self.turn = math.atan(max(p[2], 0.05) / GRAVITY)
        return OK

    def do_178(self, p, frame):
        inside = self.parameters["AIRSPEED_MIN"] <= p[1] <= self.parameters["AIRSPEED_MAX"]
        if self.mode not in (self.numbers["AUTO"], self.numbers["GUIDED"]) or not inside:
            return FAILED
        self.speed_goal = p[1]
        return OK

    def do_20(self, p, frame):
        self.enter(self.numbers["RTL"])
        return OK

    def do_189(self, p, frame):
        start = self._land_start()
        if start is None:
            return FAILED
        self.current, self.in_landing = start + 1, True
        if self.mode == self.numbers["AUTO"]:
            self._item()
        else:
            self.enter(self.numbers["AUTO"])
        return OK

    def do_191(self, p, frame):
        if self.mode != self.numbers["AUTO"] or self.plans[0][self.current][1] != LAND:
            return FAILED
        self.altitude_goal, self.aborting = self.altitude + 50.0, True
        return OK

    def _progress(self):
        if not self.aborting:
            super()._progress()
        # Up, and once more through the landing sequence.
        elif abs(self.altitude - self.altitude_goal) < 1.0:
            self.aborting, self.current = False, (self._land_start() or self.current - 1) + 1

    def do_224(self, p, frame):
        self.in_landing = self.aborting = False
        if int(p[0]) >= len(self.plans[0]) or len(self.plans[0]) <= 1:
            return FAILED
        self.current = max(int(p[0]), 1)
        if self.mode == self.numbers["AUTO"]:
            self._item()
        return OK

    def on_mission_item(self, m):
        self.text("got MISSION_ITEM; GCS should send MISSION_ITEM_INT", 4)

    def kept(self, kind, m, params):
        params = [0.0 if math.isnan(v) else v for v in params]
        if m.command == LAND:
            params[3] = 1.0
        if kind == 0 and m.seq == 0:
            return (0, 16, 0, 1, 0, 0, 0, 0, HOME[0], HOME[1], HOME[2])
        frame = {2: 0, 6: 3, 5: 0, 11: 10}.get(m.frame, m.frame)
        return (frame, m.command, 0, int(kind == 0), *params, m.x, m.y, round(m.z * 100) / 100)

    def mission_current(self):
        count = max(len(self.plans[0]) - 1, 0)
        active = self.mode == self.numbers["AUTO"] and count
        return mavlink.MAVLink_mission_current_message(
            self.current, count, 3 if active else 2 if count else 1, int(bool(active)))

    def report(self):
        super().report()
        lat, lon = self.place
        self.say(mavlink.MAVLink_position_target_global_int_message(
            round(self.boot * 1000), 0, 65016, lat, lon, HOME[2] + 60.0, *[0.0] * 8))
        self.say(mavlink.MAVLink_nav_controller_output_message(
            0, 0, 0, 0, 0, self.altitude_goal - self.altitude,
            100.0 * (self.speed_goal - self.speed), 0))


# As PX4 1.18 lists them: name, standard mode, properties, main mode, submode.
PX4_MODES = (
    ("Manual", 0, 0, 1, 0), ("", 4, 0, 2, 0), ("", 3, 0, 3, 0), ("", 6, 1, 4, 4),
    ("Hold", 0, 1, 4, 3), ("", 5, 1, 4, 5), ("Guided Course", 0, 1, 4, 19), ("Acro", 0, 1, 5, 0),
    ("Termination", 0, 3, 10, 0), ("", 8, 1, 4, 2), ("", 7, 1, 4, 6),
    ("(Mode not available)", 0, 2, 4, 11))
PX4_NUMBERS = {"Hold": px4_mode(4, 3), "Mission": px4_mode(4, 4), "Return": px4_mode(4, 5),
               "Land": px4_mode(4, 6), "Takeoff": px4_mode(4, 2), "Position": px4_mode(3),
               "Guided Course": px4_mode(4, 19)}
PX4_PARAMETERS = {"FW_AIRSPD_MIN": 10.0, "FW_AIRSPD_MAX": 20.0, "RTL_TYPE": 1.0}


class PX4(Peer):
    """PX4 1.18, fixed wing."""

    system, autopilot, cruise, version, capabilities = 4, 12, 15.0, 0x01120080, 59647
    request, refused, missioning = (mavlink.MAVLink_mission_request_int_message, PX4_REFUSED,
                                    "Mission")
    numbers, parameters = PX4_NUMBERS, PX4_PARAMETERS

    def __init__(self):
        super().__init__()
        self.mode, self.state = self.numbers["Hold"], 1

    @property
    def landed_state(self):
        if self.landed:
            return 1
        lands = self.flies_mission() and self.plans[0][self.current][1] == LAND
        return 4 if lands or self.mode == self.numbers["Land"] else 2

    def list_modes(self):
        for index, (name, standard, bits, main, sub) in enumerate(PX4_MODES, 1):
            self.say(mavlink.MAVLink_available_modes_message(
                len(PX4_MODES), index, standard, px4_mode(main, sub), bits, name.encode()))
        return OK

    def enter(self, mode):
        if mode == self.mode:
            return
        before, self.mode = self.mode, mode
        self.wait_here()
        self.altitude_goal, self.speed_goal = self.altitude, self.cruise
        if mode == self.numbers["Mission"]:
            self.state = 3
            if self.landed and self.armed:
                self._lift(HOME[2] + self.plans[0][0][10])
        elif before == self.numbers["Mission"]:
            self.state = 4
        if mode == self.numbers["Guided Course"]:
            self.led_course = self.course
        elif mode == self.numbers["Return"]:
            self.circle, self.altitude_goal = (0.0, 0.0), HOME[2] + 80.0
        elif mode == self.numbers["Land"]:
            self.altitude_goal = HOME[2]
        self.beat()

    def _lift(self, altitude):
        self.landed, self.speed, self.altitude_goal = False, self.cruise, altitude
        self.circle = (100.0, 0.0)

    def touched(self):
        if self.flies_mission() or self.mode == self.numbers["Return"]:
            self.state = 5
            self.text("Mission finished, landed")
        self.text("Landing detected")

    def after(self):
        # As recorded: two seconds later.
        if self.landed_at is not None and self.boot - self.landed_at > 2.0:
            self.armed, self.landed_at = False, None
            self.text("Disarmed by landing")
            state = self.state
            self.enter(self.numbers["Hold"])
            self.state = state
            self.beat()

    def do_176(self, p, frame):
        mode = px4_mode(int(p[1]), int(p[2]))
        if mode not in self.numbers.values():
            return DENIED
        self.enter(mode)
        return OK

    def do_400(self, p, frame):
        if p[0] == 0.0 and not self.landed:
            return DENIED
        self.armed = p[0] == 1.0
        self.beat()
        return OK

    def do_22(self, p, frame):
        if not self.armed:
            return TEMPORARILY
        self.enter(self.numbers["Takeoff"])
        self._lift(p[6])
        return OK

    def _reposition(self, p, radius):
        self.enter(self.numbers["Hold"])
        self.circle = ((self.north, self.east) if math.isnan(p[4]) else self.to(p[4], p[5]))
        self.radius, self.led_course = radius, None
        if not math.isnan(p[6]):
            self.altitude_goal = p[6]
        return OK

    def do_192(self, p, frame):
        return self._reposition(p, 80.0)

    def do_34(self, p, frame):
        return self._reposition(p, p[0])

    def do_186(self, p, frame):
        if self.mode in (self.numbers["Hold"], self.numbers["Guided Course"]):
            self.altitude_goal = p[0]
        return OK

    def do_178(self, p, frame):
        self.speed_goal = p[1]
        return OK

    def do_43002(self, p, frame):
        if self.mode != self.numbers["Guided Course"] or p[0] != 0.0:
            return DENIED
        self.led_course = math.radians(p[1])
        return OK

    def do_20(self, p, frame):
        self.enter(self.numbers["Return"])
        return OK

    def do_21(self, p, frame):
        self.text("Landing at current position")
        self.enter(self.numbers["Land"])
        return OK

    def do_191(self, p, frame):
        if self.mode != self.numbers["Land"]:
            return DENIED
        self.altitude_goal = self.altitude + 50.0
        return OK

    def do_224(self, p, frame):
        if int(p[0]) >= len(self.plans[0]):
            return DENIED
        self.current = int(p[0])
        return OK

    def kept(self, kind, m, params):
        if m.command == 22:
            params[0] = 0.0
        frame = {3: 6, 0: 5}.get(m.frame, m.frame)
        return (frame, m.command, 0, int(kind != 1), *params, m.x, m.y, m.z)

    def mission_current(self):
        return mavlink.MAVLink_mission_current_message(
            self.current, len(self.plans[0]), self.state, 1)


class Peers:
    """A station and one such vehicle, on time that leaps; ``ground``: its heights, if any."""

    def __init__(self, peer, ground=None):
        self.peer, self.loop, self.events = peer, LeapingLoop(), []
        self.fleet = Fleet(utc=lambda: 1.7e9)
        self.fleet.on_event = self.events.append
        self.fleet.terrain.ground = ground
        self.way = Way("memory", peer.hear)
        peer.sink = lambda raw: self.fleet.arrive(self.way, raw, True)

    def __enter__(self):
        asyncio.set_event_loop(self.loop)
        self.do(self.fleet.open())
        self.fleet.attach(self.way)
        self._flying = self.loop.create_task(self._fly())
        self.run(lambda: str(self.peer.system) in self.fleet._meetings)
        self.run(lambda: self.fleet._meetings[str(self.peer.system)].done(), 300.0)
        return self

    def __exit__(self, *_):
        self._flying.cancel()
        self.do(self.fleet.close())
        self.loop.close()
        asyncio.set_event_loop(None)

    async def _fly(self):
        while True:
            self.peer.step()
            await asyncio.sleep(STEP)

    @property
    def vehicle(self):
        return self.fleet.find(str(self.peer.system))

    def do(self, work):
        return self.loop.run_until_complete(work)

    def run(self, until=None, seconds=60.0):
        """Let time pass, until something holds where it is given."""
        async def wait():
            end = self.loop.time() + seconds
            while self.loop.time() < end:
                if until is not None and until():
                    return
                await asyncio.sleep(STEP)
            assert until is None, f"not within {seconds} s"
        self.do(wait())

    def say(self, message):
        """The vehicle says something of its own accord."""
        async def saying():
            self.peer.say(message)
        self.do(saying())

    def value(self, name):
        return self.vehicle.number(name)

    def order(self, command, **arguments):
        """A command's result and text."""
        told = self.do(self.fleet.command(self.vehicle.id, command, arguments))
        return told["result"], told["text"]

    def command(self, command, **arguments):
        """A command that must be accepted."""
        assert self.order(command, **arguments) == ("accepted", "")

    def upload(self, document):
        return self.do(self.fleet.upload(self.vehicle.id, document))
