"""Longwatch from the shell: ``longwatch fly``, ``check``, ``aircraft``, ``report``, ``bench``.

Answers go to standard output, everything else (progress, messages, errors) to standard error.
Exit status: 0 done (landed), 1 flown but not landed, 2 refused, 3 a fault of Longwatch itself,
130 interrupted.
"""

import json
import math
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from longwatch.errors import LogError, LongwatchError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from longwatch.aircraft.loader import Entry
    from longwatch.planning.judgement import Judgement
    from longwatch.records.summary import Summary
    from longwatch.simulation.run import Simulation

NOT_LANDED, REFUSED, OWN_FAULT, INTERRUPTED = 1, 2, 3, 130
# A terminal is told this often, a file or pipe that often [s].
REFRESH, PLAIN_REFRESH = 0.1, 10.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return int(commands.main(arguments, "longwatch", standalone_mode=False) or 0)
    except click.ClickException as fault:
        fault.show(sys.stderr)
        return _refused(arguments, fault.format_message(), fault.exit_code)
    except LongwatchError as fault:
        click.echo(f"{_red('Refused:')} {fault}", err=True)
        return _refused(arguments, str(fault), REFUSED)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return _refused(arguments, "interrupted", INTERRUPTED, "interrupted")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:
        if os.environ.get("LONGWATCH_DEBUG"):
            raise
        click.echo(f"{_red('Longwatch failed:')} {type(fault).__name__}: {fault}\nThis is a fault "
                   "of Longwatch, not yours. Run the same command with LONGWATCH_DEBUG=1 in the "
                   "environment for the trace, and report it with that.", err=True)
        return _refused(arguments, f"{type(fault).__name__}: {fault}", OWN_FAULT, "failed")


def _refused(arguments: Sequence[str], message: str, status: int, outcome: str = "refused") -> int:
    if "--json" in arguments:
        _print_json({"outcome": outcome, "landed": False, "error": message})
    return status


def _red(text: str) -> str:
    return click.style(text, fg="red", bold=True)


def _print_json(values: dict[str, Any]) -> None:
    from longwatch.records.events import plain

    click.echo(json.dumps(plain(values), indent=2, ensure_ascii=False, allow_nan=False))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="longwatch")
def commands() -> None:
    """A long-endurance unmanned aircraft, whole, on one simulated clock."""


def _load_options(command: Any) -> Any:
    """The options that judging and flying share."""
    for option in reversed((
            click.option("--aircraft", default="tb2", show_default=True, metavar="NAME|FILE",
                         help="The aircraft, by name or as a datasheet's path."),
            click.option("--payload", "payload_kg", type=float, default=0.0, metavar="KG",
                         help="Payload carried."),
            click.option("--fuel", "fuel_kg", type=float, metavar="KG",
                         help="Fuel loaded; without it, as much as fits."),
            click.option("--wind", default="0@0", metavar="SPEED@FROM",
                         help="m/s at 10 m height, from degrees true: 12@270."),
            click.option("--turbulence", default="none", show_default=True,
                         type=click.Choice(["none", "light", "moderate", "severe"]),
                         help="Dryden turbulence (MIL-F-8785C); the fuel plan allows for it."),
            click.option("--fit", is_flag=True, help="Change each item that does not fit the "
                         "aircraft by the least that makes it flyable."),
            click.option("--force", is_flag=True, help="Fly what can be flown of a mission that "
                         "is refused."))):
        command = option(command)
    return command


JSON_OPTION = click.option("--json", "as_json", is_flag=True,
                           help="Print one JSON object on standard output.")


# ---------------------------------------------------------------------------------- flying


@commands.command("fly")
@click.argument("mission")
@_load_options
@click.option("--seed", type=int, default=0, show_default=True,
              help="The same seed, the same flight.")
@click.option("--out", metavar="DIR", help="Folder to make; without it, the next free one under "
              "flights/.")
@click.option("--log-rate", type=float, default=10.0, show_default=True, metavar="HZ",
              help="Rows of the log per second.")
@JSON_OPTION
def fly_command(mission: str, out: str | None, as_json: bool, **options: Any) -> int:
    """Fly MISSION, a QGroundControl .plan or a QGC WPL 110 text."""
    screen = _screen()
    screen("starting", None)
    try:
        from longwatch.flights import fly, next_folder

        flight = fly(mission, out=out or next_folder(mission), progress=screen, **options)
    except LogError as fault:
        screen.stop()
        click.echo(f"{_red('The log broke off:')} {fault}", err=True)
        return _refused(["--json"] if as_json else [], str(fault), NOT_LANDED, "log broke off")
    finally:
        screen.stop()
    if as_json:
        _print_json(flight.summary.as_dict())
    else:
        _print_flight(flight.summary, flight.events)
    if flight.summary.outcome == "interrupted":
        click.echo("Interrupted: the flight until then is kept whole in "
                   f"{flight.files['stream']}, and as Parquet beside it.", err=True)
        return INTERRUPTED
    return 0 if flight.summary.landed else NOT_LANDED


class _Lines:
    """Progress for a file or a pipe: a line at each stage, and now and then while flying."""

    def __init__(self) -> None:
        self.began = self.last = 0.0
        self.stage = ""

    def __call__(self, stage: str, simulation: "Simulation | None") -> None:
        now = time.perf_counter()
        if stage != self.stage:
            self.stage, self.began, self.last = stage, now, now
            text = {"compiling": COMPILING, "writing": "Writing log and report ..."}.get(stage)
            if stage == "flying" and simulation is not None:
                text = "\n".join([*(f"  {m}" for m in simulation.plan.messages), "Flying ..."])
            if text:
                click.echo(text, err=True)
        elif stage == "flying" and simulation is not None and now - self.last > PLAIN_REFRESH:
            self.last = now
            click.echo("  ".join(_figures(simulation, now - self.began)), err=True)

    def stop(self) -> None:
        """Nothing to take away."""


COMPILING = "Compiling, once for this version and machine: half a minute or so ..."


class _Bar:
    """Progress for a terminal: what it waits for, then the flight as it goes."""

    def __init__(self, console: "Console") -> None:
        self.console = console
        self.shown: Any = None
        self.stage = ""
        self.began = self.last = 0.0

    def __call__(self, stage: str, simulation: "Simulation | None") -> None:
        now = time.perf_counter()
        if stage != self.stage:
            self._enter(stage, simulation, now)
        if stage == "flying" and simulation is not None and now - self.last > REFRESH:
            self.last = now
            total = simulation.plan.judgement.fuel.time
            phase, *figures = _figures(simulation, now - self.began)
            self.shown.update(self.task, completed=min(simulation.time, 0.995 * total),
                              description=phase, figures="  ".join(figures))

    def _enter(self, stage: str, simulation: "Simulation | None", now: float) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.stop()
        self.stage, self.began, self.last = stage, now, 0.0
        if stage == "flying" and simulation is not None:
            notes = _pairs()
            for message in simulation.plan.messages:
                notes.add_row("·", _escaped(message))
            self.console.print(notes)
            self.shown = Progress(
                TextColumn("[bold]{task.description:<13}"), BarColumn(bar_width=None),
                TextColumn("{task.fields[figures]}"), console=self.console, transient=True,
                expand=True)
            self.task = self.shown.add_task("", total=simulation.plan.judgement.fuel.time,
                                            figures="")
        else:
            text = {"compiling": COMPILING, "writing": "Writing log and report ...",
                    "planning": "Planning ..."}.get(stage, "Starting ...")
            self.shown = Progress(SpinnerColumn(), TextColumn(text), TimeElapsedColumn(),
                                  console=self.console, transient=True)
            self.shown.add_task("")
        self.shown.start()

    def stop(self) -> None:
        """Take the bar away."""
        if self.shown is not None:
            self.shown.stop()
            self.shown = None


def _screen() -> Any:
    if not sys.stderr.isatty():
        return _Lines()
    return _Bar(_console(stderr=True))


def _figures(simulation: "Simulation", wall: float) -> list[str]:
    """Phase, simulated time, speed-up, altitude, airspeed and fuel."""
    from longwatch.autopilot.modes import PHASE_NAMES

    state = simulation.state
    return [PHASE_NAMES[int(state.autopilot.modes.phase)], _clock(simulation.time),
            f"{simulation.time / max(wall, 1e-3):>6,.0f}×",
            f"{state.flight.altitude_msl:>5.0f} m", f"{state.flight.true_airspeed:>4.1f} m/s",
            f"{state.mass.fuel_mass:>5.1f} kg"]


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _console(stderr: bool = False) -> "Console":
    from rich.console import Console

    # Into a file or a pipe, lines are as long as they are.
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else 160,
                   soft_wrap=False)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _pairs() -> "Table":
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


TOLD_EVENTS = {"lift_off", "loiter", "go_around", "warning", "impact", "touchdown"}
# What happens oftener than this is told once, with its number.
MOST_ALIKE = 3
# A touchdown farther off than this has nothing to do with the runway [m].
FAR_OFF = 5000.0


def _print_flight(summary: "Summary", events: Sequence[dict[str, Any]]) -> None:
    """What happened, and where the files are."""
    console = _console()
    colour = "green" if summary.landed else "red"
    where = f" on {summary.touchdown.runway}" if summary.landed and summary.touchdown else ""
    console.print(f"\n[bold {colour}]{summary.outcome.capitalize()}{where}[/]  "
                  f"[dim]{_escaped(summary.mission)} · {summary.aircraft} · seed {summary.seed}")
    happened = _pairs()
    told = [event for event in events
            if event["event"] in TOLD_EVENTS or event["message"] in ("final", "stopped")]
    for event in told:
        same = [other["time"] for other in told if other["message"] == event["message"]]
        if len(same) <= MOST_ALIKE:
            happened.add_row(_clock(event["time"]), _escaped(event["message"]))
        elif event["time"] == same[0]:
            happened.add_row(_clock(event["time"]), f"{_escaped(event['message'])}, {len(same)} "
                             f"times until {_clock(same[-1])}")
    console.print(happened)
    console.print()
    figures = _pairs()
    for name, text in _summary_rows(summary):
        figures.add_row(name, _escaped(text))
    console.print(figures)
    console.print()
    files = _pairs()
    for kind, path in summary.files.items():
        files.add_row(kind, f"[bold]{_escaped(path)}" if kind == "report" else _escaped(path))
    console.print(files)


def _summary_rows(summary: "Summary") -> list[tuple[str, str]]:
    rows = [
        ("airborne", f"{_clock(summary.airborne_s)}, {summary.distance_km:.1f} km"),
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
                 f"{_clock(summary.simulated_s)} in {summary.wall_s:.1f} s"))
    rows += [("changed", text) for text in summary.changes]
    rows += [("warning", text) for text in summary.warnings]
    return rows


# --------------------------------------------------------------------------------- judging


@commands.command("check")
@click.argument("mission")
@_load_options
@JSON_OPTION
def check_command(mission: str, aircraft: str, payload_kg: float, fuel_kg: float | None, wind: str,
                  turbulence: str, fit: bool, force: bool, as_json: bool) -> int:
    """Judge MISSION for the aircraft, item by item, without flying it."""
    from longwatch.aircraft.loader import load_datasheet
    from longwatch.environment.wind import parse_wind
    from longwatch.planning import judge_file
    from longwatch.simulation.run import most_fuel

    sheet = load_datasheet(aircraft)
    fuel_kg = most_fuel(sheet.datasheet[0], payload_kg) if fuel_kg is None else fuel_kg
    judgement = judge_file(mission, sheet, payload_kg=payload_kg, fuel_kg=fuel_kg,
                           wind=parse_wind(wind), turbulence=turbulence, fit=fit,
                           force=force)
    if as_json:
        _print_json(_judgement_values(judgement))
    else:
        _print_judgement(judgement, mission, fit)
    return 0 if all(force and f.forcible for f in judgement.errors) else REFUSED


def _judgement_values(judgement: "Judgement") -> dict[str, Any]:
    return {
        "flyable": judgement.flyable,
        "findings": [{"severity": f.severity, "item": f.item, "message": f.message,
                      "remedy": f.remedy} for f in judgement.findings],
        "changes": [vars(change) for change in judgement.changes],
        "items": [vars(numbers) for numbers in judgement.numbers],
        "fuel": vars(judgement.fuel), "messages": list(judgement.messages)}


# Heading, quantity of ItemNumbers, factor and digits.
COLUMNS = (
    ("altitude\nm AMSL", "altitude_msl", 1.0, 0), ("ground\nm", "ground_msl", 1.0, 0),
    ("ceiling\nm", "ceiling", 1.0, 0), ("airspeed\nm/s", "speed", 1.0, 1),
    ("leg\nkm", "leg", 1e-3, 2), ("needed\nkm", "leg_needed", 1e-3, 2),
    ("turn\ndeg", "turn_deg", 1.0, 0), ("radius\nm", "turn_radius", 1.0, 0),
    ("climb\ndeg", "climb_deg", 1.0, 1), ("ground\nm/s", "ground_speed", 1.0, 1),
    ("time\nmin", "time", 1.0 / 60.0, 1), ("fuel\nkg", "fuel", 1.0, 2))
# A narrower terminal goes without these.
WIDE = 116
LEFT_OUT = {"ground_msl", "ceiling", "leg_needed", "turn_radius", "ground_speed"}


def _print_judgement(judgement: "Judgement", mission: str, fit: bool) -> None:
    console = _console()
    wrong: dict[int | None, str] = {f.item: f.severity for f in reversed(judgement.findings)}
    wrong |= {f.item: "error" for f in judgement.errors}
    columns = [column for column in COLUMNS if console.width >= WIDE or column[1] not in LEFT_OUT]
    table = _numbers_table(columns)
    for numbers in judgement.numbers:
        style = {"error": "red", "warning": "yellow"}.get(wrong.get(numbers.sequence, ""), "")
        table.add_row(str(numbers.sequence), numbers.name,
                      *(_figure(getattr(numbers, name) * factor, digits)
                        for _, name, factor, digits in columns), style=style)
    console.print(table)
    rows = _pairs()
    for severity, colour in (("error", "red"), ("warning", "yellow")):
        for finding in judgement.findings:
            if finding.severity == severity:
                rows.add_row(f"[{colour}]{severity}", _escaped(finding.text))
    for change in judgement.changes:
        rows.add_row("changed", _escaped(change.text))
    for message in judgement.messages:
        rows.add_row("note", _escaped(message))
    console.print(rows)
    fitted = " as changed" if judgement.changes else ""
    if judgement.flyable:
        console.print(f"[bold green]{_escaped(mission)} can be flown{fitted}.")
    else:
        remedy = "" if fit or not any(f.fix for f in judgement.errors) else (
            " --fit changes what can be changed, and lists it.")
        console.print(f"[bold red]{_escaped(mission)} is refused{fitted}.[/]{remedy}")


def _numbers_table(columns: Sequence[tuple[str, str, float, int]]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("item", justify="right")
    table.add_column("command")
    for heading, *_ in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _figure(value: float, digits: int) -> str:
    return "" if value != value else f"{value:.{digits}f}"


# ------------------------------------------------------------------------------ datasheets


@commands.command("aircraft", short_help="Show a datasheet with its sources, or the list.")
@click.argument("name", required=False)
@JSON_OPTION
def aircraft_command(name: str | None, as_json: bool) -> int:
    """Show the datasheet of NAME with sources and grades; without NAME, list the aircraft."""
    from longwatch.aircraft.loader import aircraft_names, load_datasheet

    if name is None:
        known = {key: load_datasheet(key).title for key in aircraft_names()}
        if as_json:
            _print_json({"aircraft": known})
        for key, title in known.items() if not as_json else ():
            click.echo(f"{key:12} {title}")
        return 0
    sheet = load_datasheet(name)
    if as_json:
        _print_json({"name": sheet.name, "title": sheet.title, "description": sheet.description,
                     "digest": sheet.digest, "entries": [vars(e) for e in sheet.entries],
                     "public": [vars(claim) for claim in sheet.public]})
        return 0
    console = _console()
    console.print(f"\n[bold]{_escaped(sheet.title)}[/]\n{_escaped(sheet.description)}\n")
    sources = list(dict.fromkeys([*(e.source for e in sheet.entries),
                                  *(claim.source for claim in sheet.public)]))
    _print_entries(console, sheet.entries, sources)
    if sheet.public:
        _print_claims(console, sheet.public, sources)
    table = _pairs()
    for number, citation in enumerate(sources, 1):
        table.add_row(f"[{number}]".replace("[", r"\["), _escaped(citation))
    console.print("[bold]sources")
    console.print(table)
    return 0


GRADE_COLOURS = {"published": "green", "measured": "green", "derived": "cyan", "assumed": "yellow"}


def _print_entries(console: "Console", entries: Sequence["Entry"], sources: list[str]) -> None:
    """One table a section of the datasheet."""
    for section in dict.fromkeys(e.path.partition(".")[0] for e in entries):
        table = _sheet_table("quantity", "value", "unit", "grade", "source", "meaning")
        for entry in entries:
            head, _, rest = entry.path.partition(".")
            if head == section:
                meaning = entry.meaning + (f" ({entry.note})" if entry.note else "")
                table.add_row(rest, _value(entry.value), entry.unit, _grade(entry.grade),
                              str(sources.index(entry.source) + 1), _escaped(meaning))
        console.print(f"[bold]{section.replace('_', ' ')}")
        console.print(table)


def _print_claims(console: "Console", claims: Sequence[Any], sources: list[str]) -> None:
    table = _sheet_table("publicly stated", "value", "unit", "grade", "source", "in this datasheet")
    for claim in claims:
        table.add_row(_escaped(claim.quantity), _value(claim.value), claim.unit,
                      _grade(claim.grade), str(sources.index(claim.source) + 1),
                      _escaped(claim.relation))
    console.print("[bold]public claims")
    console.print(table)


def _sheet_table(*headings: str) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, justify="right" if heading in ("value", "source") else "left",
                         overflow="fold")
    return table


def _grade(grade: str) -> str:
    return f"[{GRADE_COLOURS.get(grade, 'white')}]{grade}"


def _value(value: Any) -> str:
    """A number, a short list, or the size of a table and its bounds."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, list):
        return f"{value:g}" if isinstance(value, int | float) else _escaped(str(value))
    if isinstance(value[0], list):
        flat = [number for row in value for number in row]
        return f"{len(value)} × {len(value[0])}: {min(flat):g} .. {max(flat):g}"
    if len(value) > 3:
        return f"{len(value)}: {min(value):g} .. {max(value):g}"
    return ", ".join(f"{number:g}" for number in value)


# ------------------------------------------------------------------------- reports, benchmark


@commands.command("report", short_help="Write a flight's report anew.")
@click.argument("path")
@click.option("--out", metavar="FILE", help="File to write; without it, report.html beside the "
              "log.")
@JSON_OPTION
def report_command(path: str, out: str | None, as_json: bool) -> int:
    """Write the report of a flight that lies at PATH: its folder, flight.parquet or .arrows."""
    from longwatch.flights import report_of

    written, interrupted = report_of(path, out)
    if as_json:
        _print_json({"report": written, "interrupted": interrupted})
    else:
        click.echo(f"{written}" + ("  (the log is interrupted)" if interrupted else ""))
    return 0


@commands.command("bench")
@click.option("--quick", is_flag=True, help="Shorter runs, coarser figures.")
@click.option("--markdown", metavar="FILE", help="Write the manual's page of figures too.")
@JSON_OPTION
def bench_command(quick: bool, markdown: str | None, as_json: bool) -> int:
    """Measure, beside JSBSim in the same run."""
    from longwatch.bench import main as bench

    bench(json_output=as_json, quick=quick, markdown=markdown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
