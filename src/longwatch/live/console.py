"""What a user types beside a live run, and the line that tells how it goes."""

from typing import TYPE_CHECKING

from longwatch.errors import LongwatchError
from longwatch.live.pacing import speed_text

if TYPE_CHECKING:
    from longwatch.live.server import Server

HELP = """\
  speed X     simulated seconds a wall second: 20, 0.5, max
  pause       hold simulated time; services go on answering
  resume      let it go on
  step S      pause, and let S simulated seconds pass
  max         as fast as it goes, the same as: speed max
  status      every aircraft and link
  quit        end the run and close its logs
  help        this list"""


class Console:
    """Typed commands of a live run."""

    def __init__(self, server: "Server") -> None:
        self.server = server

    def command(self, line: str) -> str:
        """Carry out one typed line; returns what to answer, "" for nothing."""
        words = line.split()
        if not words:
            return ""
        name, arguments = words[0].lower(), words[1:]
        wanted = {"speed": 1, "step": 1}.get(name, 0)
        handler = getattr(self, f"_{name}", None) if name in _COMMANDS else None
        if handler is None:
            return f"{name}: no such command; help lists them"
        if len(arguments) != wanted:
            return f"{name}: give one figure, such as: {_EXAMPLES[name]}" if wanted else (
                f"{name} takes nothing after it")
        try:
            answer: str = handler(*arguments)
        except LongwatchError as fault:
            return str(fault)
        return answer

    def _speed(self, text: str) -> str:
        self.server.set_speed(text)
        return f"speed {speed_text(self.server.pacer.speed)}" + (
            ", paused: resume lets it go" if self.server.pacer.paused else "")

    def _max(self) -> str:
        return self._speed("max")

    def _pause(self) -> str:
        self.server.pause()
        return "paused"

    def _resume(self) -> str:
        self.server.resume()
        return f"going on at speed {speed_text(self.server.pacer.speed)}"

    def _step(self, text: str) -> str:
        try:
            seconds = float(text)
        except ValueError:
            return f"step {text}: give simulated seconds, such as: step 10"
        self.server.pacer.step(seconds)
        return f"stepping {seconds:g} s"

    def _status(self) -> str:
        return "\n".join(status_table(self.server))

    def _quit(self) -> str:
        self.server.stop()
        return "ending"

    _exit = _quit

    def _help(self) -> str:
        return HELP


_COMMANDS = ("speed", "max", "pause", "resume", "step", "status", "quit", "exit", "help")
_EXAMPLES = {"speed": "speed 20", "step": "step 10"}


def status_line(server: "Server") -> str:
    """How the run goes, in one line."""
    pacer = server.pacer
    pace = "paused" if pacer.paused and not pacer.stepping else (
        f"{pacer.rate:,.1f}×" if pacer.rate < 100.0 else f"{pacer.rate:,.0f}×")
    if not pacer.paused:
        pace += f" (asked {speed_text(pacer.speed)})"
    states = server.states()
    first = states[0]
    count = len(states)
    told = [_time(server.time), pace, f"{sum(s['client'] for s in states)} of {count} with client"]
    if count == 1:
        told += [f"{first['mode']}, {first['phase']}", f"{first['altitude_msl_m']:.0f} m",
                 f"{first['airspeed_m_s']:.1f} m/s", f"{first['fuel_kg']:.1f} kg"]
    else:
        flying = sum(bool(s["airborne"]) for s in states)
        told.append(f"{flying} of {count} airborne")
    return "  ".join(told)


def status_table(server: "Server") -> list[str]:
    """A line for the clock, each aircraft and each link."""
    lines = [status_line(server)]
    for s in server.states():
        lines.append(
            f"  {s['system']:>3}  {'armed' if s['armed'] else 'safe':<6}{s['mode']:<10}"
            f"{s['phase']:<14}{s['latitude_deg']:>10.5f} {s['longitude_deg']:>10.5f} "
            f"{s['altitude_msl_m']:>7.0f} m {s['airspeed_m_s']:>5.1f} m/s {s['fuel_kg']:>6.1f} kg"
            f"  {'client' if s['client'] else 'no client'}")
    for link in server.link_states():
        lines.append("  link {number}  {name}  {received} in, {sent} out, {dropped} dropped"
                     .format_map(link))
    return lines


def _time(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
