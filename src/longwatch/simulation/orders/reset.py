"""Orders that put an aircraft back to where it began, and what is aboard there at first."""

from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.crew_record import NOT_INBOUND, THROTTLE
from longwatch.autopilot.codes import MODE_HOLD, PHASE_PARKED, PHASE_STOPPED
from longwatch.autopilot.crew import modes
from longwatch.errors import OrderError
from longwatch.simulation.simulated_aircraft import SimulatedAircraft
from longwatch.simulation.vehicle import LOST, Vehicle


def begin_live(simulation: SimulatedAircraft) -> None:
    """The crew's record of an aircraft that stands parked at the beginning."""
    state = simulation.state.autopilot.crew
    state.live, state.mode, state.end, state.inbound = True, MODE_HOLD, -1, NOT_INBOUND
    state.sticks[THROTTLE] = -1.0


def reboot(simulation: SimulatedAircraft, *, force: bool | None) -> None:
    """What a client's reboot does: a reset of an aircraft that stands disarmed, or by force."""
    autopilot = simulation.state.autopilot
    lost = simulation.state.status.outcome == LOST
    if not force and not lost:
        if autopilot.crew.armed:
            raise OrderError("it is armed: disarm it first")
        if autopilot.modes.phase not in (PHASE_PARKED, PHASE_STOPPED) or modes.airborne(autopilot):
            raise OrderError("it moves: it can be rebooted once it stands")
    reset(simulation)


def reset(simulation: SimulatedAircraft) -> None:
    """Back to where it began, parked and disarmed; plan, settings, clock and weather stay.

    It is noted as an event before anything changes, and ``on_reset`` is told: a log of the flight
    until then ends there.
    """
    state = simulation.state
    events.note(state.events, float(state.clock.time), events.RESET, 0, 0.0)
    simulation.collect()
    simulation.on_reset()
    fresh = Vehicle.zeros(1)[0]
    simulation.parking.fill(fresh, simulation.aircraft.datasheet[0], simulation.world)
    for part in ("clock", "events", "conditions", "streams"):
        fresh[part] = state[part]
    present, since = bool(state.autopilot.crew.present), float(state.autopilot.crew.present_since)
    moved = bool(state.autopilot.crew.home_moved)
    simulation.vehicles[simulation.index] = fresh
    begin_live(simulation)
    own = simulation.state.autopilot.crew
    own.present, own.present_since, own.home_moved = present, since, moved
