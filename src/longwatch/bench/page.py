"""The figures for people: a table in the terminal, and the manual's page."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from longwatch.bench.figures import Figure

_PAGE = """# Benchmarks

Written by `longwatch bench --markdown docs/benchmarks.md`; no figure here was typed. Run
`longwatch bench` for your own machine, `--quick` for less patience, `--json` for programs.
Peers are measured in the same run, in turns with Longwatch, so that the ratio holds on any
machine.

Machine: {machine}.

| what | asked | measured | met |
|---|---|---|---|
{figures}

## A tick, room by room

Nanoseconds a tick of 10 ms, in moderate turbulence, averaged over ticks: rooms work at their own
divisors. Each is the difference between flying the tick as far as this room and as far as the
one before it, of the least times of short flights taken in turns; the log is the difference of
medians with and without it.

| room | ns |
|---|---|
{rooms}

## How each figure is measured

{how}
"""

_LIVE_PAGE = """# Benchmarks of the live aircraft

Written by `longwatch bench mavlink --markdown docs/benchmarks-live.md`; no figure here was typed.
Every run is a `longwatch serve` in a process of its own; its clients, on TCP, share the machine
with it and are not counted.

Machine: {machine}.

| what | asked | measured | met |
|---|---|---|---|
{figures}

## How each figure is measured

{how}
"""


_STATION_PAGE = """# Benchmarks of the station

Written by `longwatch bench station --markdown docs/benchmarks-station.md`; no figure here was
typed. Simulation, station, pages in headless Chromium and scripted clients are processes of their
own and share the machine.

Machine: {machine}.

| what | asked | measured | met |
|---|---|---|---|
{figures}

## How each figure is measured

{how}
"""


def number(value: float | bool | None, unit: str) -> str:
    """A figure as shown: three digits, thousands apart, yes and no, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if abs(value) >= 100:
        text = f"{value:,.0f}".replace(",", " ")
    else:
        text = f"{value:.3g}"
    return f"{text} {unit}".rstrip()


def shown(figure: Figure) -> str:
    """The measured figure; a ratio to JSBSim as a fraction too, the cores that were to be had."""
    text = number(figure.measured, figure.unit)
    if figure.key == "physics_step" and figure.measured:
        more = figure.more
        text += (f" = 1/{1 / figure.measured:.1f} ({more['step_ns']:.0f} ns against "
                 f"{more['jsbsim_step_ns']:.0f} ns)")
    if "cores_given" in figure.more:
        text += f" (of two cores, {figure.more['cores_given']:.2f} were free)"
    return text


def met(figure: Figure) -> str:
    """"yes", "no" or nothing."""
    return "" if figure.met is None else "yes" if figure.met else "no"


def rooms(figures: Sequence[Figure]) -> list[tuple[str, float]]:
    """Rows of the table of rooms: each room, their sum, and the log beside it."""
    tick = next((f for f in figures if f.key == "closed_loop_tick"), None)
    if tick is None:
        return []
    parts: dict[str, float] = tick.more["rooms_ns"]
    return [*parts.items(), ("all rooms", sum(parts.values())),
            ("10 Hz log", tick.more["log_ns"])]


def described(machine: dict[str, Any]) -> str:
    """The machine in one line."""
    return ", ".join(f"{name} {value}" for name, value in machine.items())


def show(console: Console, machine: dict[str, Any], figures: Sequence[Figure]) -> None:
    """Print all figures."""
    table = Table(title="Longwatch, measured", caption=described(machine))
    for heading in ("what", "asked", "measured", "met"):
        table.add_column(heading)
    for figure in figures:
        table.add_row(figure.what, figure.asked, shown(figure), met(figure),
                      style="red" if figure.met is False else None)
    console.print(table)
    if rooms(figures):
        inside = Table(title="A tick, room by room")
        inside.add_column("room")
        inside.add_column("ns", justify="right")
        for room, ns in rooms(figures):
            inside.add_row(room, f"{ns:.0f}")
        console.print(inside)
    for figure in figures:
        if figure.measured is None:
            console.print(f"{figure.what}: {figure.how}")


def markdown(machine: dict[str, Any], figures: Sequence[Figure]) -> str:
    """The manual's page."""
    return _PAGE.format(
        rooms="\n".join(f"| {room} | {ns:.0f} |" for room, ns in rooms(figures)),
        **_common(machine, figures))


def live_markdown(machine: dict[str, Any], figures: Sequence[Figure]) -> str:
    """The manual's page of the live aircraft."""
    return _LIVE_PAGE.format(**_common(machine, figures))


def station_markdown(machine: dict[str, Any], figures: Sequence[Figure]) -> str:
    """The manual's page of the station."""
    return _STATION_PAGE.format(**_common(machine, figures))


def _common(machine: dict[str, Any], figures: Sequence[Figure]) -> dict[str, str]:
    return {
        "machine": described(machine),
        "figures": "\n".join(f"| {f.what} | {f.asked} | {shown(f)} | {met(f)} |"
                             for f in figures),
        "how": "\n".join(f"- {f.what}: {f.how}." for f in figures)}
