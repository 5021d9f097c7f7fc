"""On its wheels where it should fly: it stops there.

A touch that lasts less than a moment is a bounce, and guidance climbs out of it. One that lasts is
no flight any more: power would drag the aircraft over whatever lies ahead, while no order that
needs it airborne can be taken. So it idles, brakes straight ahead, and is disarmed where it stands.
"""

from longwatch.autopilot.aboard import events
from longwatch.autopilot.codes import (
    PHASE_APPROACH,
    PHASE_CLIMB_OUT,
    PHASE_DEAD_STICK,
    PHASE_EN_ROUTE,
    PHASE_FIELD_LANDING,
    PHASE_FINAL,
    PHASE_FLARING,
    PHASE_GLIDING,
    PHASE_GO_AROUND,
    PHASE_HOLDING,
    PHASE_LOITER,
    PHASE_STEERED,
)
from longwatch.autopilot.control.inner_loops import CLIMB_RATE
from longwatch.autopilot.estimation.estimate import ground_speed
from longwatch.autopilot.manoeuvres.phases import enter
from longwatch.compiled import compiled

# Time on the wheels [s] after which it stops; longer where full power may yet lift it off.
LONGEST_TOUCH, LONGEST_TOUCH_CLIMBING = 1.0, 4.0


@compiled
def watch(autopilot, ring, time, dt):
    """Look for weight on the wheels in a phase of flight; every ``dt`` s."""
    modes, phase = autopilot.modes, autopilot.modes.phase
    flying = (
        phase in (PHASE_EN_ROUTE, PHASE_LOITER, PHASE_APPROACH, PHASE_FINAL, PHASE_HOLDING)
        or phase in (PHASE_STEERED, PHASE_GLIDING)
        or phase in (PHASE_DEAD_STICK, PHASE_CLIMB_OUT, PHASE_GO_AROUND)
    )
    if not flying or not autopilot.estimate.gauges.weight_on_wheels:
        modes.contact = 0.0
        return
    modes.contact += dt
    if phase in (PHASE_FINAL, PHASE_DEAD_STICK):
        # Wheels before the flare: the flare and the roll-out take it from here.
        autopilot.control.pitch_mode = CLIMB_RATE
        enter(modes, PHASE_FLARING, ring, time)
        return
    climbing = phase in (PHASE_CLIMB_OUT, PHASE_GO_AROUND)
    if modes.contact > (LONGEST_TOUCH_CLIMBING if climbing else LONGEST_TOUCH):
        events.note(ring, time, events.TOUCHED_GROUND, 0, ground_speed(autopilot.estimate))
        autopilot.control.heading_command = autopilot.estimate.heading
        autopilot.control.yaw_integral, autopilot.guidance.urgent = 0.0, False
        modes.astray = True
        enter(modes, PHASE_FIELD_LANDING, ring, time)
