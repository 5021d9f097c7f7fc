"""What can be made to go wrong in flight, one table; wind and turbulence at run time.

    begin(simulation, "gnss")                        every receiver loses its fix
    begin(simulation, "pitot", channel=0)            one tube ices over
    end(simulation, "gnss")
    set_wind(simulation, 12.0, math.radians(270.0))
    longwatch.simulation.orders.faults.FAULTS        what there is

Each acts between two ticks, on the record alone: a journal of these calls at their ticks repeats a
run to the byte. :data:`FAULTS` says of each what it takes, what it does and what the crew sees.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from longwatch.aircraft.schema import CHANNELS
from longwatch.environment.turbulence import LEVELS, turbulence_parameters
from longwatch.errors import OrderError, listed
from longwatch.simulation.conditions import done, wind_share
from longwatch.simulation.fault_effects import SERVOS
from longwatch.simulation.simulated_aircraft import SimulatedAircraft

# Time [s] that a change of wind or turbulence takes where none is given.
CHANGE_TIME = 10.0
LARGEST_WIND = 60.0
LONGEST_CHANGE = 3600.0
LARGEST_LEAK = 1.0
# Links are told apart by a bit each.
LINKS = 62
EVERY_LINK = (1 << LINKS) - 1
# Faults that the tick looks for: of sensors, each a flag of what the sensor hides, and others.
_OF_SENSORS = (("imu", "dead"), ("gnss", "lost"), ("air_data", "dead"),
               ("air_data", "pitot_blocked"), ("air_data", "static_blocked"),
               ("magnetometer", "dead"), ("altimeter", "dead"))
_WATCHED = ("servo", "fuel_leak")

# What stands of a fault: its arguments, as JSON has them.
Standing = dict[str, Any]


@dataclass(frozen=True)
class FaultArgument:
    """What a fault takes: a number in a range or one of ``choices``; None where optional."""

    meaning: str
    unit: str = ""
    minimum: float = 0.0
    maximum: float = 0.0
    whole: bool = False
    choices: tuple[str, ...] = ()
    optional: bool = True

    def fault_with(self, name: str, value: Any) -> str:
        """What is wrong with a value, "" for nothing."""
        if value is None:
            return "" if self.optional else f"{name}: give one, {self.meaning}"
        if self.choices:
            return "" if value in self.choices else (
                f"{name} {value!r}: choose one of {', '.join(self.choices)}")
        number = isinstance(value, int if self.whole else int | float)
        if isinstance(value, bool) or not number or not (
                self.minimum <= value <= self.maximum):
            return (f"{name} {value!r}: give a {'whole ' if self.whole else ''}number from "
                    f"{self.minimum:g} to {self.maximum:g}{' ' + self.unit if self.unit else ''}")
        return ""


@dataclass(frozen=True)
class Fault:
    """One thing that can fail.

    Attributes:
        meaning: what happens to the aircraft.
        seen: what the crew will see of it.
        begin, end: act on a simulation; a text says why not, "" for done.
        in_force: what stands at present, as arguments; empty for nothing.
        arguments: what it takes, by name.
    """

    meaning: str
    seen: str
    begin: Callable[..., str]
    end: Callable[..., str]
    in_force: Callable[[np.record], list[Standing]]
    arguments: Mapping[str, FaultArgument] = field(default_factory=dict)


def begin(simulation: SimulatedAircraft, /, name: str, **arguments: object) -> None:
    """Make a fault begin. Raises OrderError, and changes nothing, where it cannot."""
    _act(simulation, name, "begin", arguments)


def end(simulation: SimulatedAircraft, /, name: str, **arguments: object) -> None:
    """End a fault, the whole of it or the part that the arguments name.

    Raises OrderError where there is no such fault.
    """
    _act(simulation, name, "end", arguments)


def _act(simulation: SimulatedAircraft, name: str, what: str, arguments: dict[str, object]
         ) -> None:
    if name not in FAULTS:
        raise OrderError(f"fault {name!r} is unknown: choose one of {', '.join(FAULTS)}")
    fault = FAULTS[name]
    wrong = [f"{key!r} is not an argument of it" + (
        f": it takes {', '.join(fault.arguments)}" if fault.arguments else ": it takes none")
        for key in arguments if key not in fault.arguments]
    for key, argument in fault.arguments.items():
        if what == "begin" or arguments.get(key) is not None:
            wrong.append(argument.fault_with(key, arguments.get(key)))
    wrong = [text for text in wrong if text]
    if wrong:
        raise OrderError(listed(f"fault {name}:", wrong))
    given = {key: arguments.get(key) for key in fault.arguments}
    refused = getattr(fault, what)(simulation, **given)
    if refused:
        raise OrderError(f"fault {name}: {refused}")
    state, hidden = simulation.state.faults, simulation.state.sensor_errors
    hidden.faulty = any(channel[flag] for kind, flag in _OF_SENSORS for channel in hidden[kind])
    state.in_force = bool(hidden.faulty) or any(np_any(state[part]) for part in _WATCHED)


def np_any(value: Any) -> bool:
    """True where a field of the record, a scalar or an array, is not all zero."""
    return bool(value.any()) if hasattr(value, "any") else bool(value)


def in_force(simulation: SimulatedAircraft) -> list[Standing]:
    """Every fault that stands, as {"name": ..., argument: ...}."""
    return [{"name": name, **arguments} for name, fault in FAULTS.items()
            for arguments in fault.in_force(simulation.state)]


# ------------------------------------------------------------------------------ each of them


def _channels(channel: int | None) -> range | tuple[int, ...]:
    return range(CHANNELS) if channel is None else (channel,)


def _channel_fault(kind: str, flag: str, meaning: str, seen: str, *,
                   before: Callable[[np.record, int], None] | None = None,
                   least_left: int = 0) -> Fault:
    """A fault of one of the redundant channels of a kind of sensor, or of all."""

    def start(simulation: SimulatedAircraft, channel: int | None) -> str:
        hidden = simulation.state.sensor_errors[kind]
        struck = set(_channels(channel)) | {i for i in range(CHANNELS) if hidden[i][flag]}
        if CHANNELS - len(struck) < least_left:
            return "one must be left, without which no aircraft stays upright"
        for i in _channels(channel):
            if before is not None and not hidden[i][flag]:
                before(simulation.state, i)
            hidden[i][flag] = True
        return ""

    def stop(simulation: SimulatedAircraft, channel: int | None) -> str:
        for i in _channels(channel):
            simulation.state.sensor_errors[kind][i][flag] = False
        return ""

    def standing(state: np.record) -> list[Standing]:
        return [{"channel": i} for i in range(CHANNELS) if state.sensor_errors[kind][i][flag]]

    which = FaultArgument(f"which of the {CHANNELS}; none for every one", maximum=CHANNELS - 1,
                     whole=True, optional=least_left == 0)
    return Fault(meaning, seen, start, stop, standing, {"channel": which})


def _shut_up_total(state: np.record, i: int) -> None:
    sample = state.sensors.air_data[i]
    state.sensor_errors.air_data[i].total_pressure = (
        sample.impact_pressure + sample.static_pressure)


def _shut_up_static(state: np.record, i: int) -> None:
    held = state.sensors.air_data[i].static_pressure
    state.sensor_errors.air_data[i].static_pressure = held


def _engines(simulation: SimulatedAircraft, index: int | None) -> range | tuple[int, ...]:
    count = int(simulation.aircraft.datasheet[0].engine.count)
    return range(count) if index is None else (index,)


def _stop_engine(simulation: SimulatedAircraft, index: int | None) -> str:
    count = int(simulation.aircraft.datasheet[0].engine.count)
    if index is not None and index >= count:
        return f"engine {index}: this aircraft has " + (
            "one engine, number 0" if count == 1 else "engines 0 and 1")
    for i in _engines(simulation, index):
        simulation.state.engines[i].running = False
        simulation.state.faults.engine[i] = 1
    return ""


def _start_engine(simulation: SimulatedAircraft, index: int | None) -> str:
    state = simulation.state
    if float(state.mass.fuel_mass) <= 0.0:
        return "the tanks are empty: the engine cannot be started again"
    for i in _engines(simulation, index):
        if i < len(state.faults.engine) and state.faults.engine[i]:
            state.faults.engine[i] = 0
            state.engines[i].running = True
            state.status.engine_stopped[i] = 0
    return ""


def _leak(simulation: SimulatedAircraft, rate: float | None) -> str:
    simulation.state.faults.fuel_leak = 0.0 if rate is None else rate
    return ""


def _mend_leak(simulation: SimulatedAircraft, rate: float | None) -> str:
    del rate
    return _leak(simulation, None)


def _limits(simulation: SimulatedAircraft, servo: str) -> tuple[float, float]:
    kind = servo.split("_")[0]
    sheet = simulation.aircraft.datasheet[0].actuators[kind]
    return float(sheet.lower), float(sheet.upper)


def _stick(simulation: SimulatedAircraft, servo: str, position: float | None) -> str:
    low, high = _limits(simulation, servo)
    if position is not None and not low <= position <= high:
        return f"{servo} moves from {low:g} to {high:g} rad"
    state, number = simulation.state, SERVOS.index(servo)
    state.faults.servo[number] = 1
    state.faults.servo_position[number] = (
        state.actuators[servo] if position is None else position)
    return ""


def _free(simulation: SimulatedAircraft, servo: str | None, position: float | None) -> str:
    del position
    for number in range(len(SERVOS)) if servo is None else (SERVOS.index(servo),):
        simulation.state.faults.servo[number] = 0
    return ""


def _mask(link: int | None) -> int:
    return EVERY_LINK if link is None else 1 << link


def _cut(simulation: SimulatedAircraft, link: int | None) -> str:
    simulation.state.faults.links |= _mask(link)
    return ""


def _join(simulation: SimulatedAircraft, link: int | None) -> str:
    simulation.state.faults.links &= ~_mask(link)
    return ""


def _links(state: np.record) -> list[Standing]:
    cut = int(state.faults.links)
    if cut == EVERY_LINK:
        return [{"link": None}]
    return [{"link": i} for i in range(LINKS) if cut >> i & 1]


def link_is_cut(state: np.record, link: int) -> bool:
    """True where the data link of that number is cut."""
    return bool(int(state.faults.links) >> min(link, LINKS - 1) & 1)


FAULTS: dict[str, Fault] = {
    "engine": Fault(
        "combustion stops; ends as a restart, where there is fuel",
        "engine stopped; on two engines it flies on with one, else it glides to the best runway "
        "within reach and lands there without power",
        _stop_engine, _start_engine,
        lambda state: [{"index": i} for i in range(len(state.faults.engine))
                       if state.faults.engine[i]],
        {"index": FaultArgument("0 the right-hand or only one, 1 the left; none for all",
                           maximum=1, whole=True)}),
    "gnss": _channel_fault(
        "gnss", "lost", "the receiver has no fix",
        "with one left, nothing but its status; with none, dead reckoning on air data, magnetic "
        "heading and the last wind, its accuracy growing by the second"),
    "pitot": _channel_fault(
        "air_data", "pitot_blocked",
        "the pitot tube is blocked, drain and all: it keeps the pressure it held",
        "one: outvoted; all: the airspeed shown stands still and rises with height, then the one "
        "reckoned from lift takes its place", before=_shut_up_total),
    "static": _channel_fault(
        "air_data", "static_blocked",
        "the static port is blocked: it keeps the pressure it held",
        "one: outvoted; all: pressure altitude stands still, the airspeed shown falls with "
        "height, then the one reckoned from lift takes its place", before=_shut_up_static),
    "air_data": _channel_fault(
        "air_data", "dead", "the air data computer falls silent",
        "with one left, nothing but its status; with none, airspeed reckoned from lift"),
    "magnetometer": _channel_fault(
        "magnetometer", "dead", "the magnetometer falls silent",
        "with none left, heading is kept by the gyroscopes alone"),
    "altimeter": _channel_fault(
        "altimeter", "dead", "the height above ground is not measured",
        "with none left, the flare goes by the runway's elevation"),
    "imu": _channel_fault(
        "imu", "dead", "an inertial unit falls silent", "the next unit takes over", least_left=1),
    "fuel_leak": Fault(
        "fuel runs out of the tanks", "the gauge falls faster than the engine burns",
        _leak, _mend_leak,
        lambda state: [{"rate": float(state.faults.fuel_leak)}]
        if state.faults.fuel_leak > 0.0 else [],
        {"rate": FaultArgument("fuel lost", "kg/s", maximum=LARGEST_LEAK, optional=False)}),
    "servo": Fault(
        "a servo sticks, where it stands or at a position",
        "the other surfaces hold against it as far as they can", _stick, _free,
        lambda state: [{"servo": name, "position": float(state.faults.servo_position[i])}
                       for i, name in enumerate(SERVOS) if state.faults.servo[i]],
        {"servo": FaultArgument("which", choices=SERVOS, optional=False),
         "position": FaultArgument("where; none for where it stands", "rad", minimum=-math.pi,
                              maximum=math.pi)}),
    "link": Fault(
        "a data link is cut: not a byte passes, either way",
        "silence; what the aircraft does then is its own failsafe's", _cut, _join, _links,
        {"link": FaultArgument("number of the link; none for all", maximum=LINKS - 1, whole=True)}),
}


def table() -> Iterator[tuple[str, str, str, str]]:
    """The table for people: name, arguments, meaning, what the crew sees."""
    for name, fault in FAULTS.items():
        takes = "; ".join(
            f"{key}{' [' + a.unit + ']' if a.unit else ''}: {a.meaning}"
            + (f" ({', '.join(a.choices)})" if a.choices else "")
            for key, a in fault.arguments.items())
        yield name, takes, fault.meaning, fault.seen


# ------------------------------------------------------------------------ wind and turbulence


def set_wind(simulation: SimulatedAircraft, speed: float | None, direction: float | None,
             over: float | None = None) -> None:
    """Change the steady wind of this aircraft alone.

    Args:
        simulation: the run.
        speed: m/s at 10 m above ground, with the profile of ``environment.wind`` above; None
            gives the world its own wind back.
        direction: true direction that it comes from [rad]; None only with no speed.
        over: how long the change takes [s], 0 at once; None for 10 s.

    Raises OrderError, and changes nothing, where a figure is out of range.
    """
    wrong = [FaultArgument("", "m/s", maximum=LARGEST_WIND).fault_with("speed", speed),
             FaultArgument("", "rad", -2 * math.pi, 2 * math.pi).fault_with("direction", direction),
             FaultArgument("", "s", maximum=LONGEST_CHANGE).fault_with("over", over)]
    if (speed is None) != (direction is None):
        wrong.append("speed and direction: give both, or neither for the world's own wind")
    if any(wrong):
        raise OrderError(listed("wind:", filter(None, wrong)))
    state, time = simulation.state.conditions, simulation.time
    before = wind_share(state, time) if state.own_wind else (1.0, 0.0, 0.0)
    state.wind_before.world, state.wind_before.north, state.wind_before.east = before
    after = state.wind_after
    if speed is None or direction is None:
        after.world, after.north, after.east = 1.0, 0.0, 0.0
    else:
        after.world = 0.0
        after.north, after.east = -speed * math.cos(direction), -speed * math.sin(direction)
    state.own_wind = True
    state.wind_since = time
    state.wind_over = CHANGE_TIME if over is None else over


def set_turbulence(simulation: SimulatedAircraft, level: str, over: float | None = None) -> None:
    """Change the turbulence of this aircraft alone to "none", "light", "moderate" or "severe".

    ``over`` is how long the change takes [s]; None for 10 s. Raises OrderError where there is no
    such level.
    """
    wrong = [FaultArgument("", choices=LEVELS, optional=False).fault_with("level", level),
             FaultArgument("", "s", maximum=LONGEST_CHANGE).fault_with("over", over)]
    if any(wrong):
        raise OrderError(listed("turbulence:", filter(None, wrong)))
    state, time = simulation.state.conditions, simulation.time
    if state.own_turbulence:
        s = done(time, state.turbulence_since, state.turbulence_over)
        before = state.turbulence_after if s >= 1.0 else state.turbulence
    else:
        before = simulation.world.turbulence[0]
    for name in before.dtype.names:
        state.turbulence_before[name] = before[name]
        state.turbulence[name] = before[name]
        state.turbulence_after[name] = turbulence_parameters(level)[0][name]
    state.own_turbulence = True
    state.turbulence_since = time
    state.turbulence_over = CHANGE_TIME if over is None else over
