"""Orders of the crew: arming, modes, take-off and landing, the mission's current item.

Each writes the crew's record and lets the autopilot take it up; what cannot be done raises
OrderError with the reason.
"""

import math

import numpy as np

from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.crew_record import NO_SETPOINT
from longwatch.autopilot.codes import (
    MODE_GLIDE,
    MODE_HOLD,
    MODE_LAND,
    MODE_MISSION,
    MODE_NAMES,
    MODE_OFFBOARD,
    MODE_RETURN,
    MODE_TAKE_OFF,
    PHASE_APPROACH,
    PHASE_CLIMB_OUT,
    PHASE_FINAL,
    PHASE_FLARING,
    PHASE_PARKED,
    PHASE_ROLL_OUT,
    PHASE_STOPPED,
    PHASE_TAKEOFF_ROLL,
)
from longwatch.autopilot.crew import departure, leaving, modes
from longwatch.autopilot.manoeuvres import landing, landing_sequence
from longwatch.autopilot.manoeuvres.mission import advance
from longwatch.errors import OrderArgumentError, OrderError
from longwatch.simulation.orders import fence
from longwatch.simulation.simulated_aircraft import SimulatedAircraft
from longwatch.simulation.vehicle import FAULTY, LOST, Loaded

CANNOT_DEPART = ("", "it stands on no runway that it carries, or across it",
                 "too little runway lies ahead to take off")

# How far the altitude of a parked aircraft may be from that of its runway [m].
ESTIMATE_ERROR = 15.0
# Share of the climb-out's height that is kept above the ground.
LEAST_HEIGHT_SHARE = 0.5


def context(simulation: SimulatedAircraft
            ) -> tuple[np.record, Loaded, np.record, np.record, np.record, float]:
    """What the autopilot's functions take first."""
    state = simulation.state
    return (state.autopilot, simulation.loaded, simulation.aircraft.datasheet[0],
            simulation.world.earth[0], state.events, float(state.clock.time))


def _note(simulation: SimulatedAircraft, code: int, number: int = 0) -> None:
    state = simulation.state
    events.note(state.events, float(state.clock.time), code, number, 0.0)


def require_life(simulation: SimulatedAircraft) -> None:
    if simulation.state.status.outcome == LOST:
        raise OrderError("the aircraft is lost: reset puts another one on the runway")
    if simulation.state.status.outcome == FAULTY:
        raise OrderError("a fault of Longwatch has stopped this aircraft: reset puts another one "
                         "on the runway")


def on_ground(simulation: SimulatedAircraft) -> bool:
    return not modes.airborne(simulation.state.autopilot)


def _glides(simulation: SimulatedAircraft) -> bool:
    autopilot = simulation.state.autopilot
    return bool(autopilot.engines.working == 0 and not autopilot.estimate.gauges.weight_on_wheels)


def warm(simulation: SimulatedAircraft) -> None:
    """Let the machine code that orders call be made or loaded, before somebody waits for it.

    It leaves its traces in the record: restore a snapshot taken before.
    """
    around = context(simulation)
    modes.airborne(around[0])
    leaving.least_altitude(*around[:2])
    departure.can_depart(*around[:4])
    modes.take_mode(*around, MODE_HOLD)
    modes.land_on(*around, -1, -1)
    modes.note_mode(around[0], MODE_HOLD, simulation.state.events, 0.0)


def no_departure(simulation: SimulatedAircraft) -> str:
    """Why it cannot take off from where it stands, "" where it can."""
    autopilot, loaded, sheet, earth, _, _ = context(simulation)
    return (CANNOT_DEPART[departure.can_depart(autopilot, loaded, sheet, earth)]
            or fence.no_departure(simulation))


def _check_departure(simulation: SimulatedAircraft) -> None:
    """Refuse a take-off from where it stands, if it cannot be."""
    why = no_departure(simulation)
    if why:
        raise OrderError(why)


def _check_mission(simulation: SimulatedAircraft) -> None:
    if int(simulation.loaded.header.item_count) == 0:
        raise OrderError("there is no mission aboard: load one")


# ------------------------------------------------------------------------------------- arming


def arm(simulation: SimulatedAircraft) -> None:
    """May take off; engines that the crew had stopped run again."""
    require_life(simulation)
    state = simulation.state
    autopilot = state.autopilot
    if autopilot.crew.armed:
        return
    if not autopilot.estimate.aligned:
        raise OrderError("attitude and position are not found yet: wait some seconds")
    if autopilot.estimate.gauges.weight_on_wheels:
        if autopilot.modes.phase not in (PHASE_PARKED, PHASE_STOPPED):
            raise OrderError("it rolls: it can be armed once it stands")
        if autopilot.crew.mode in (MODE_MISSION, MODE_TAKE_OFF):
            _check_departure(simulation)
        why = fence.no_departure(simulation)
        if why:
            raise OrderError(why)
    _start_engines(simulation)
    autopilot.crew.armed = True
    _note(simulation, events.ARMED)


def _start_engines(simulation: SimulatedAircraft) -> None:
    """Start what the crew stopped, and nothing that has failed."""
    state = simulation.state
    if not state.autopilot.crew.shut_down:
        return
    if float(state.mass.fuel_mass) <= 0.0:
        raise OrderError("the tanks are empty: the engine does not start")
    for i in range(int(simulation.aircraft.datasheet[0].engine.count)):
        if not state.faults.engine[i]:
            state.engines[i].running = True
            state.status.engine_stopped[i] = 0
    state.autopilot.crew.shut_down = False


def disarm(simulation: SimulatedAircraft, *, force: bool | None) -> None:
    """May no longer take off. By force in the air as well: the engines stop, and it glides."""
    state = simulation.state
    autopilot = state.autopilot
    if not autopilot.crew.armed:
        return
    phase = autopilot.modes.phase
    if phase not in (PHASE_PARKED, PHASE_STOPPED):
        if not force:
            raise OrderError("it flies: landing comes first; by force the engines would stop"
                             if not on_ground(simulation) else
                             "it rolls: it is disarmed once it stands")
        if phase == PHASE_TAKEOFF_ROLL:
            autopilot.modes.phase, autopilot.modes.since = PHASE_ROLL_OUT, state.clock.time
            _note(simulation, events.PHASE, PHASE_ROLL_OUT)
        elif phase != PHASE_ROLL_OUT:
            for i in range(int(simulation.aircraft.datasheet[0].engine.count)):
                state.engines[i].running = False
            autopilot.crew.shut_down = True
    autopilot.crew.armed = False
    _note(simulation, events.DISARMED, 1 if force else 0)


# -------------------------------------------------------------------------------------- modes


def mode(simulation: SimulatedAircraft, *, mode: str) -> None:
    """Take a mode; on the ground MISSION and TAKE_OFF begin once it is armed."""
    require_life(simulation)
    number = MODE_NAMES.index(mode)
    if number == MODE_GLIDE:
        raise OrderError("glide is the autopilot's own, for when no engine runs")
    if number == MODE_MISSION:
        _check_mission(simulation)
    if on_ground(simulation):
        if _glides(simulation):
            require_airborne(simulation)
        _mode_on_ground(simulation, number)
        return
    if number == MODE_TAKE_OFF:
        raise OrderError("it flies already")
    if modes.take_mode(*context(simulation), number) != 1:
        raise OrderError({
            MODE_MISSION: "the mission is complete: set its current item, or load another",
            MODE_LAND: "no runway aboard is long enough",
            MODE_OFFBOARD: "no set-point has come: send some first"}.get(
                number, f"{mode} cannot be taken now"))


def _mode_on_ground(simulation: SimulatedAircraft, number: int) -> None:
    state = simulation.state
    autopilot = state.autopilot
    rolling = autopilot.modes.phase not in (PHASE_PARKED, PHASE_STOPPED)
    if rolling:
        raise OrderError("it rolls: another mode can be taken once it flies or stands")
    if number == MODE_OFFBOARD and autopilot.crew.offboard == NO_SETPOINT:
        raise OrderError("no set-point has come: send some first")
    if number in (MODE_MISSION, MODE_TAKE_OFF):
        if autopilot.crew.armed:
            _check_departure(simulation)
        if number == MODE_TAKE_OFF and autopilot.crew.mode != MODE_TAKE_OFF:
            autopilot.crew.target_altitude_msl = _takeoff_altitude(simulation, None)
        if autopilot.modes.phase == PHASE_STOPPED and autopilot.crew.armed:
            autopilot.modes.phase = PHASE_PARKED
    modes.note_mode(autopilot, number, state.events, float(state.clock.time))


def _takeoff_altitude(simulation: SimulatedAircraft, altitude_msl: float | None) -> float:
    if altitude_msl is not None:
        return altitude_msl
    loaded = simulation.loaded
    return float(loaded.header.home_elevation_msl + loaded.settings[0].takeoff_altitude)


def check_altitude(simulation: SimulatedAircraft, altitude_msl: float | None) -> None:
    """Refuse what lies above the ceiling, or in the air near or below the ground as it knows it.

    The ground is where the altimeter sees it, else as high as home: rising ground on the way is
    the crew's to mind.
    """
    if altitude_msl is None:
        return
    sheet, estimate = simulation.aircraft.datasheet[0], simulation.state.autopilot.estimate
    ceiling = float(sheet.limits.ceiling)
    if altitude_msl > ceiling:
        raise OrderArgumentError(f"altitude_msl {altitude_msl:.0f} m is above the ceiling of "
                                 f"{ceiling:.0f} m")
    fence.check_altitude(simulation, altitude_msl)
    if on_ground(simulation):
        return
    ground = float(simulation.loaded.header.home_elevation_msl)
    if estimate.ground_valid:
        ground = float(estimate.altitude_msl - estimate.height_above_ground)
    least = ground + LEAST_HEIGHT_SHARE * float(sheet.procedures.climb_out_height)
    if altitude_msl < least:
        raise OrderArgumentError(f"altitude_msl {altitude_msl:.0f} m: the ground lies at "
                                 f"{ground:.0f} m, give {least:.0f} m or more")


def take_off(simulation: SimulatedAircraft, *, altitude_msl: float | None) -> None:
    """Take off from where it stands, climb to an altitude and hold there."""
    require_life(simulation)
    if not on_ground(simulation):
        raise OrderError("it flies already")
    _check_departure(simulation)
    check_altitude(simulation, altitude_msl)
    target = _takeoff_altitude(simulation, altitude_msl)
    runway = float(simulation.state.autopilot.estimate.altitude_msl)
    climb_out = float(simulation.aircraft.datasheet[0].procedures.climb_out_height)
    least = runway + climb_out - ESTIMATE_ERROR
    if target < runway:
        raise OrderError(f"altitude_msl {target:.0f} m lies below the runway")
    if altitude_msl is not None and target < least:
        raise OrderError(f"altitude_msl {target:.0f} m: a climb-out from here leads to "
                         f"{math.ceil(least)} m at least")
    _mode_on_ground(simulation, MODE_TAKE_OFF)
    simulation.state.autopilot.crew.target_altitude_msl = target


def go_home(simulation: SimulatedAircraft) -> None:
    """Return and land."""
    mode(simulation, mode=MODE_NAMES[MODE_RETURN])


def land(simulation: SimulatedAircraft, *, runway: int | None, end: int | None) -> None:
    """Land on a runway carried aboard, the nearest one unless told."""
    require_airborne(simulation)
    count = len(simulation.loaded.runways)
    if runway is not None and runway >= count:
        raise OrderError(f"runway {runway}: {count} are aboard, from 0")
    if modes.land_on(*context(simulation), -1 if runway is None else runway,
                    -1 if end is None else end) != 1:
        raise OrderError("no runway aboard is long enough")


def go_around(simulation: SimulatedAircraft) -> None:
    """Give up the approach, climb, and try again."""
    require_airborne(simulation)
    phase = simulation.state.autopilot.modes.phase
    if phase not in (PHASE_APPROACH, PHASE_FINAL, PHASE_FLARING):
        raise OrderError("it is on no approach")
    autopilot, loaded, _, earth, ring, time = context(simulation)
    landing.give_up(autopilot, loaded, earth, ring, time)


def require_airborne(simulation: SimulatedAircraft) -> None:
    require_life(simulation)
    if on_ground(simulation):
        if _glides(simulation):
            raise OrderError("no engine runs: it glides to the best place it can reach")
        raise OrderError("it is on the ground: take off first")


def mission_current(simulation: SimulatedAircraft, *, index: int | None, reset: bool | None
                    ) -> None:
    """Make an item the one to fly; under the plan it is flown at once, whatever was flown.

    A jump that the item is, or that is met before one that is flown, is followed as it stands and
    uses up none of its repetitions. ``reset`` begins every jump's count anew and takes a mission
    that was complete up again; without an index nothing else changes.
    """
    require_life(simulation)
    _check_mission(simulation)
    autopilot, loaded, _, _, ring, time = around = context(simulation)
    state, estimate = autopilot.mission, autopilot.estimate
    count = int(loaded.header.item_count)
    if index is not None and index >= count:
        raise OrderError(f"index {index}: the plan has {count} items, from 0")
    before = state.copy()
    if reset:
        state.jumps[:] = 0
        state.ended = False
    if index is None:
        return
    jumps = state.jumps.copy()
    state.index, state.ended = index - 1, False
    advance(state, loaded.items, ring, time, float(estimate.latitude),
            float(estimate.longitude))
    if state.ended:
        state[...] = before
        raise OrderError(f"index {index}: nothing is flown from there on")
    state.jumps[:] = jumps
    if autopilot.crew.mode == MODE_MISSION and not on_ground(simulation) and (
            autopilot.modes.phase != PHASE_CLIMB_OUT):
        modes.fly_mission(*around)


def land_start(simulation: SimulatedAircraft) -> None:
    """Fly the nearest landing sequence of the plan; on one already, that one goes on."""
    require_airborne(simulation)
    _check_mission(simulation)
    autopilot, loaded, _, earth, _, _ = context(simulation)
    start = landing_sequence.nearest_start(loaded.items, autopilot.estimate, earth)
    if start < 0:
        raise OrderError("the plan holds no landing sequence: give it a DO_LAND_START")
    if autopilot.crew.mode == MODE_MISSION and landing_sequence.begun(autopilot, loaded):
        return
    mission_current(simulation, index=start, reset=None)
    if autopilot.crew.mode != MODE_MISSION:
        mode(simulation, mode=MODE_NAMES[MODE_MISSION])


def link(simulation: SimulatedAircraft, *, present: bool) -> None:
    """A station is heard, or none any more."""
    state = simulation.state.autopilot.crew
    if bool(state.present) != present:
        state.present, state.present_since = present, simulation.time
