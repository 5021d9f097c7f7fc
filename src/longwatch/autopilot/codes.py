"""What the autopilot's numbers mean: phases of flight, modes of the crew, actions of failsafes."""

# What is flown just now.
(PHASE_PARKED, PHASE_TAKEOFF_ROLL, PHASE_ROTATION, PHASE_CLIMB_OUT, PHASE_EN_ROUTE, PHASE_LOITER,
 PHASE_APPROACH, PHASE_FINAL, PHASE_FLARING, PHASE_ROLL_OUT, PHASE_STOPPED, PHASE_GO_AROUND,
 PHASE_HOLDING, PHASE_STEERED, PHASE_GLIDING, PHASE_DEAD_STICK, PHASE_FIELD_LANDING) = range(17)
PHASE_NAMES = ("parked", "take-off roll", "rotation", "climb-out", "en route", "loiter",
               "approach", "final", "flare", "roll-out", "stopped", "go-around", "holding",
               "steered", "gliding", "dead-stick final", "field landing")

# What the crew asked for.
(MODE_HOLD, MODE_MISSION, MODE_RETURN, MODE_TAKE_OFF, MODE_LAND, MODE_GUIDED, MODE_ORBIT,
 MODE_ALTITUDE, MODE_CRUISE, MODE_OFFBOARD, MODE_GLIDE) = range(11)
MODE_NAMES = ("hold", "mission", "return", "take_off", "land", "guided", "orbit", "altitude",
              "cruise", "offboard", "glide")

# From mild to strong.
(ACTION_NONE, ACTION_WARN, ACTION_HOLD, ACTION_TURN_BACK, ACTION_RETURN, ACTION_LAND,
 ACTION_GLIDE) = range(7)
ACTION_NAMES = ("none", "warn", "hold", "turn back", "return", "land", "glide")
