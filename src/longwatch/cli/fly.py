"""``longwatch fly``: fly a mission and say what came of it."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from longwatch.cli.compiling import compile_first
from longwatch.cli.options import JSON_OPTION, load_options
from longwatch.cli.progress import progress_screen
from longwatch.cli.screen import (
    INTERRUPTED,
    NOT_LANDED,
    OWN_FAULT,
    clock,
    escaped,
    make_console,
    pairs,
    print_json,
    red,
    refused,
)
from longwatch.errors import LogError

if TYPE_CHECKING:
    from longwatch.records.summary import Summary


@click.command("fly")
@click.argument("mission")
@load_options
@click.option("--seed", type=int, default=0, show_default=True,
              help="The same seed, the same flight.")
@click.option("--out", metavar="DIR", help="Folder to make; without it, the next free one under "
              "flights/.")
@click.option("--log-rate", type=float, default=10.0, show_default=True, metavar="HZ",
              help="Rows of the log per second; one that divides 100.")
@JSON_OPTION
def command(mission: str, out: str | None, as_json: bool, **options: Any) -> int:
    """Fly MISSION, a QGroundControl .plan or a QGC WPL 110 text."""
    compile_first()
    screen = progress_screen()
    screen("starting", None)
    try:
        from longwatch.flights.fly import fly
        from longwatch.flights.folder import next_folder

        flight = fly(mission, out=out or next_folder(mission), progress=screen, **options)
    except LogError as fault:
        screen.stop()
        click.echo(f"{red('The log broke off:')} {fault}", err=True)
        return refused(["--json"] if as_json else [], str(fault), NOT_LANDED, "log broke off")
    finally:
        screen.stop()
    if as_json:
        print_json(flight.summary.as_dict())
    else:
        _print_flight(flight.summary, flight.events)
    if flight.summary.outcome == "interrupted":
        click.echo("Interrupted: the flight until then is kept whole in "
                   f"{flight.files['stream']}, and as Parquet beside it.", err=True)
        return INTERRUPTED
    if flight.summary.outcome == "fault":
        click.echo(f"{red('Longwatch failed:')} {flight.summary.warnings[-1]}", err=True)
        return OWN_FAULT
    return 0 if flight.summary.landed else NOT_LANDED


TOLD_EVENTS = {"lift_off", "loiter", "go_around", "warning", "impact", "touchdown"}
# What happens oftener than this is told once, with its number.
MOST_ALIKE = 3
# A touchdown farther off than this has nothing to do with the runway [m].
FAR_OFF = 5000.0


def _print_flight(summary: "Summary", events: Sequence[dict[str, Any]]) -> None:
    """What happened, and where the files are."""
    console = make_console()
    colour = "green" if summary.landed else "red"
    where = f" on {summary.touchdown.runway}" if summary.landed and summary.touchdown else ""
    console.print(f"\n[bold {colour}]{summary.outcome.capitalize()}{where}[/]  "
                  f"[dim]{escaped(summary.mission)} · {summary.aircraft} · seed {summary.seed}")
    happened = pairs()
    told = [event for event in events
            if event["event"] in TOLD_EVENTS or event["message"] in ("final", "stopped")]
    for event in told:
        same = [other["time"] for other in told if other["message"] == event["message"]]
        if len(same) <= MOST_ALIKE:
            happened.add_row(clock(event["time"]), escaped(event["message"]))
        elif event["time"] == same[0]:
            happened.add_row(clock(event["time"]), f"{escaped(event['message'])}, {len(same)} "
                             f"times until {clock(same[-1])}")
    console.print(happened)
    console.print()
    figures = pairs()
    for name, text in _summary_rows(summary):
        figures.add_row(name, escaped(text))
    console.print(figures)
    console.print()
    files = pairs()
    for kind, path in summary.files.items():
        files.add_row(kind, f"[bold]{escaped(path)}" if kind == "report" else escaped(path))
    console.print(files)


def _summary_rows(summary: "Summary") -> list[tuple[str, str]]:
    rows = [
        ("airborne", f"{clock(summary.airborne_s)}, {summary.distance_km:.1f} km"),
        ("fuel", f"{summary.fuel_used_kg:.1f} kg used, {summary.fuel_left_kg:.1f} kg left"),
        ("items", f"{summary.items_reached} of {summary.items_total} reached")]
    down = summary.touchdown
    if down is not None:
        side = "left" if down.lateral_offset_m < 0 else "right"
        away = math.hypot(down.along_runway_m, down.lateral_offset_m)
        where = (f"{away / 1000.0:.1f} km from the runway" if away > FAR_OFF else
                 f"{down.along_runway_m:.0f} m past the threshold, "
                 f"{abs(down.lateral_offset_m):.1f} m {side} of the centreline")
        rows.append(("touchdown", f"{where}, sinking {-down.vertical_speed_m_s:.2f} m/s at "
                     f"{down.airspeed_m_s:.1f} m/s"))
        if down.on_pavement is False:
            rows.append(("", "a wheel left the pavement"))
    rows.append(("speed", f"{summary.realtime_factor:,.0f} × real time: "
                 f"{clock(summary.simulated_s)} in {summary.wall_s:.1f} s"))
    rows += [("changed", text) for text in summary.changes]
    rows += [("warning", text) for text in summary.warnings]
    return rows
