"""What the crew has asked for: mode, target, sticks and set-points, as its orders leave them."""

from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, record

# Sticks, by index into CrewState.sticks.
ROLL, PITCH, YAW, THROTTLE = range(4)
# Kinds of offboard set-points, and what the three figures of each are.
NO_SETPOINT, POSITION, VELOCITY, ATTITUDE = range(4)
# Nothing has been told of it: of an angle [rad] around a circle, or of a circle's radius [m].
UNTOLD = -9.0
# Where it is on its way to a landing.
NOT_INBOUND, TO_PLACE, TO_RUNWAY, BY_PLAN = range(4)


@record
class CrewState:
    live: b1 = field("", "flown by orders; else it flies its mission by itself")
    armed: b1 = field("", "may take off")
    mode: i4 = field("", "mode of the crew, see codes.MODE_NAMES")
    since: f8 = field("s", "time when the mode was taken", logged=False)
    target_latitude: f8 = field("rad", "centre of the circle that is held")
    target_longitude: f8 = field("rad", "centre of the circle that is held")
    target_altitude_msl: f8 = field("m", "altitude above mean sea level that is held")
    radius: f8 = field("m", "radius of the circle, positive clockwise seen from above")
    course: f8 = field("rad", "course over the ground that is held")
    speed: f8 = field("m/s", "calibrated airspeed asked for, 0 the standard one")
    sticks: f8 = field("", "bank, climb and yaw, -1 to 1; throttle 0 to 1, -1 for none",
                       shape=(4,), labels=("roll", "pitch", "yaw", "throttle"))
    offboard: i4 = field("", "set-point held from offboard: 0 none, 1 position, 2 velocity, "
                             "3 attitude")
    setpoint: f8 = field("", "latitude, longitude [rad], altitude [m]; or velocity north, east, "
                             "down [m/s]; or roll, pitch [rad], thrust", shape=(3,), logged=False)
    inbound: i4 = field("", "on the way to a landing: 0 not, 1 to a place, 2 to the runway, "
                            "3 by the plan's own way home")
    runway: i4 = field("", "index of the runway it is bound for")
    end: i4 = field("", "end asked for, -1 by the wind", logged=False)
    around: f8 = field("rad", "left to be flown around the joining circle, as the way down was "
                              "told; UNTOLD as it comes", logged=False)
    circle: f8 = field("m", "radius of the joining circle as the way down was told, positive "
                            "clockwise; 0 straight in, UNTOLD as it comes", logged=False)
    loiter: f8 = field("rad", "turned around the plan's circle when the way home leaves it, as it "
                              "was told; UNTOLD as it comes", logged=False)
    end_told: i4 = field("", "end of the runway that the way down was told to, -1 none",
                         logged=False)
    placed: b1 = field("", "what is to follow the climb has its target already", logged=False)
    home_moved: b1 = field("", "the crew has set home apart from the plan", logged=False)
    present: b1 = field("", "a station is there")
    present_since: f8 = field("s", "time when it came or went", logged=False)
    shut_down: b1 = field("", "the crew stopped the engines in flight", logged=False)
    aims_at_course: b1 = field("", "the course is being held, no stick moves it", logged=False)


@compiled
def forget_the_approach(crew):
    """Nothing is told any more of how the runway is approached: it is flown as it comes."""
    crew.around = crew.circle = UNTOLD


@compiled
def forget_what_was_told(crew):
    """Nothing is told any more of the way down that is flown."""
    forget_the_approach(crew)
    crew.loiter, crew.end_told = UNTOLD, -1
