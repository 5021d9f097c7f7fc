"""The autopilot, whole: its memory and its step within the tick.

Inertial units are voted upon and integrated at every tick (100 Hz), inner loops run at 50 Hz,
guidance, energy and phases at 20 Hz, fixes as the receiver gives them.
"""

from longwatch.aircraft.schema import ENGINES
from longwatch.autopilot import codes, dispatch
from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.crew_record import CrewState
from longwatch.autopilot.control import energy, engines, inner_loops, servos
from longwatch.autopilot.control.energy import EnergyState
from longwatch.autopilot.control.engines import EnginesState
from longwatch.autopilot.control.guidance import GuidanceState
from longwatch.autopilot.control.inner_loops import ControlState
from longwatch.autopilot.control.servos import ServosState
from longwatch.autopilot.estimation import complementary_filter, gauges, voting
from longwatch.autopilot.estimation.air_data import AirspeedCheckState
from longwatch.autopilot.estimation.complementary_filter import ComplementaryFilterState
from longwatch.autopilot.estimation.estimate import Estimate, describe
from longwatch.autopilot.estimation.voting import VotedSamples
from longwatch.autopilot.failsafe import contingency, headway
from longwatch.autopilot.failsafe.contingency import FailsafeState
from longwatch.autopilot.manoeuvres import gear
from longwatch.autopilot.manoeuvres.approach import ApproachState
from longwatch.autopilot.manoeuvres.glide import GlideState
from longwatch.autopilot.manoeuvres.mission import MissionState
from longwatch.autopilot.manoeuvres.phases import ModesState
from longwatch.compiled import compiled
from longwatch.record import field, record

# Ticks from one step to the next: control at 50 Hz, guidance at 20 Hz, headway once a second.
CONTROL_DIVISOR = 2
GUIDANCE_DIVISOR = 5
HEADWAY_DIVISOR = 100
# Fixes before alignment, 1.1 s: at first the aircraft settles on its struts.
ALIGNMENT_FIXES = 12


@record
class AutopilotState:
    voted: VotedSamples = field("", "the channels believed", logged=False)
    filter: ComplementaryFilterState = field("", "the complementary filter's memory")
    airspeed_check: AirspeedCheckState = field("", "measured airspeed held against the lift")
    estimate: Estimate = field("", "where it is, and in what air")
    guidance: GuidanceState = field("", "the path and the targets")
    energy: EnergyState = field("", "height and speed")
    control: ControlState = field("", "inner loops")
    mission: MissionState = field("", "the plan's progress")
    approach: ApproachState = field("", "the runway in use")
    modes: ModesState = field("", "phase of flight")
    engines: EnginesState = field("", "which engines run")
    glide: GlideState = field("", "without any of them")
    crew: CrewState = field("", "what the crew has asked for")
    servos: ServosState = field("", "ruddervators that stick")
    failsafe: FailsafeState = field("", "what is wrong, and what is done about it")


@compiled
def _estimate(autopilot, sensors, plan, sheet, earth, world, ring, time, dt):
    """Describe and correct the estimate, and note what it can no longer, or again, rely on."""
    estimate, voted, memory = autopilot.estimate, autopilot.voted, autopilot.filter
    reckoned, doubted = estimate.dead_reckoned, estimate.air.doubted
    weak = estimate.magnetic_weak
    describe(estimate, autopilot.airspeed_check, voted, sensors.systems, sheet, plan.header, earth,
             world.geoid, dt)
    complementary_filter.correct(memory, estimate, voted, earth, world.magnetic, dt)
    if estimate.dead_reckoned != reckoned:
        events.note(ring, time, events.FIX_BACK if reckoned else events.DEAD_RECKONING, 0,
                    memory.dead_reckoning.drift)
    if estimate.air.doubted != doubted:
        events.note(ring, time, events.AIRSPEED_BACK if doubted else events.AIRSPEED_DOUBTED, 0,
                    estimate.air.calibrated_airspeed)
    if estimate.magnetic_weak != weak:
        events.note(ring, time, events.MAGNETIC_BACK if weak else events.MAGNETIC_WEAK, 0, 0.0)


@compiled
def _align(autopilot, plan, earth, world, ring, time, dt):
    """Let the aircraft settle on its struts, then find attitude and position."""
    estimate, voted, memory = autopilot.estimate, autopilot.voted, autopilot.filter
    complementary_filter.settle(memory, voted.imu, dt)
    if not voted.gnss.valid or voted.gnss.count < ALIGNMENT_FIXES:
        return
    first = plan.items[0]
    complementary_filter.align(memory, estimate, voted, earth, world.magnetic,
                               plan.runways[max(first.runway, 0)], max(first.end, 0))
    if estimate.magnetic_weak:
        events.note(ring, time, events.MAGNETIC_WEAK, 0, 0.0)


@compiled
def estimate_step(autopilot, sensors, plan, sheet, earth, world, ring, tick, dt):
    """From ``sensors`` to the estimate, every tick; False before it has been aligned."""
    estimate, voted, time = autopilot.estimate, autopilot.voted, tick * dt
    voting.vote_inertial(voted, sensors)
    if tick % CONTROL_DIVISOR == 0:
        voting.vote(voted, sensors)
    if not estimate.aligned:
        _align(autopilot, plan, earth, world, ring, time, dt)
        if not estimate.aligned:
            return False
    complementary_filter.integrate(estimate, voted.imu, earth, dt)
    if tick % CONTROL_DIVISOR == 0:
        _estimate(autopilot, sensors, plan, sheet, earth, world, ring, time, CONTROL_DIVISOR * dt)
    if tick % GUIDANCE_DIVISOR == 0:
        gauges.read_engines(estimate.gauges, sensors.systems)
    return True


@compiled
def _share(autopilot, commands, sheet):
    """Fly pitch by the ruddervator that is left where the other sticks."""
    if autopilot.servos.stuck == servos.NONE:
        return
    commands.elevator, commands.rudder = servos.share(
        autopilot.servos, commands.elevator, commands.rudder, sheet.actuators.ruddervator.upper)
    autopilot.control.yaw_integral = 0.0
    # Without a rudder the turn comes late: followed closely, the path would be swung about.
    autopilot.guidance.precise = False


@compiled
def step(autopilot, sensors, commands, plan, sheet, earth, world, ring, tick, dt):
    """One tick: from ``sensors`` to ``commands``.

    ``plan`` holds items, runways and header; ``world`` the tables that the aircraft carries
    (geoid, magnetic field); ``ring`` takes the events.
    """
    estimate, time = autopilot.estimate, tick * dt
    if not estimate_step(autopilot, sensors, plan, sheet, earth, world, ring, tick, dt):
        return
    if tick % contingency.FENCE_DIVISOR == 0:
        contingency.step(autopilot, plan, sheet, earth, ring, tick, time)
    if tick % GUIDANCE_DIVISOR == 0:
        interval = GUIDANCE_DIVISOR * dt
        engines.step(autopilot.engines, estimate, sheet, commands, ring, time, interval)
        dispatch.step(autopilot, commands, plan, sheet, earth, ring, time, interval)
        if tick % HEADWAY_DIVISOR == 0:
            headway.watch(autopilot, plan, sheet, earth, ring, time, HEADWAY_DIVISOR * dt)
        gear.step(autopilot, commands, sheet, ring, time)
        phase = autopilot.modes.phase
        down = phase == codes.PHASE_FIELD_LANDING and estimate.gauges.weight_on_wheels
        if down or phase in (codes.PHASE_ROLL_OUT, codes.PHASE_STOPPED, codes.PHASE_PARKED):
            autopilot.energy.throttle = 0.0
            autopilot.energy.engine_speed = sheet.engine.idle_speed
        else:
            energy.step(autopilot.energy, estimate, autopilot.guidance, autopilot.engines, sheet,
                        interval)
    if tick % CONTROL_DIVISOR == 0:
        running = autopilot.engines
        autopilot.control.pitch_command = autopilot.energy.pitch
        autopilot.control.roll_trim = running.roll_trim
        autopilot.control.rudder_trim = running.rudder_trim
        servos.watch(autopilot.servos, estimate, commands, sheet, ring, time, CONTROL_DIVISOR * dt)
        inner_loops.step(autopilot.control, estimate, sheet, commands, CONTROL_DIVISOR * dt)
        _share(autopilot, commands, sheet)
        for i in range(ENGINES):
            commands.throttle[i] = 0.0 if running.stopped[i] else min(
                autopilot.energy.throttle, running.throttle_limit)
            commands.engine_speed[i] = autopilot.energy.engine_speed
