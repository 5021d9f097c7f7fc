"""``longwatch modes``: natural modes and their levels after MIL-F-8785C."""

from typing import TYPE_CHECKING, Any

import click

from longwatch.cli.compiling import TOLD
from longwatch.cli.options import JSON_OPTION
from longwatch.cli.screen import escaped, make_console, pairs, print_json, sheet_table

if TYPE_CHECKING:
    from longwatch.analysis.flying_qualities import Criterion
    from longwatch.analysis.mode import Mode
    from longwatch.analysis.modes import FlyingQualities

COLOURS = {1: "green", 2: "yellow", 3: "red", 4: "bold red"}
NOWHERE = "worse than 3"
LEGEND = ("ζ damping ratio, ω frequency in rad/s, CAP control anticipation ω²/(n/α), "
          "τ time constant, τₑ equivalent delay, T₂ doubling time")


NARROW = 100  # columns of a terminal below which the table's columns stand closer


@click.command("modes", short_help="Natural modes and flying qualities of a steady flight.")
@click.argument("aircraft", metavar="NAME|FILE")
@click.option("--speed", type=float, metavar="M/S",
              help="Calibrated airspeed in m/s; without it, the datasheet's cruise speed.")
@click.option("--true", "true_speed", is_flag=True, help="The speed given is true airspeed.")
@click.option("--altitude", type=float, default=0.0, show_default=True, metavar="M",
              help="Altitude above mean sea level in m, standard atmosphere.")
@click.option("--payload", "payload_kg", type=float, default=0.0, metavar="KG",
              help="Payload carried.")
@click.option("--fuel", "fuel_kg", type=float, metavar="KG",
              help="Fuel aboard; without it, half of what fits.")
@click.option("--category", type=click.Choice(["B", "C"]), default="B", show_default=True,
              help="B cruise and loiter; C approach and landing, gear down.")
@JSON_OPTION
def command(aircraft: str, speed: float | None, true_speed: bool, altitude: float,
            payload_kg: float, fuel_kg: float | None, category: str, as_json: bool) -> int:
    """Trim the aircraft in level flight and show its natural modes with their MIL-F-8785C level.

    Bare: the airframe, controls held. Inner loops: with the autopilot's attitude loops engaged.
    """
    from longwatch.aircraft.loader import load_datasheet
    from longwatch.analysis.modes import modes
    from longwatch.compiled import is_warm

    loaded = load_datasheet(aircraft)
    if not is_warm("model.period"):
        click.echo(f"{TOLD} ...", err=True)
    if speed is None:
        speed = float(loaded.datasheet[0].limits.cruise_speed)
    found = modes(loaded, category=category, altitude_msl=altitude, payload_kg=payload_kg,
                  fuel_kg=fuel_kg, gear_down=category == "C",
                  **{"true_airspeed" if true_speed else "calibrated_airspeed": speed})
    if as_json:
        print_json(found.as_dict())
    else:
        _show(found)
    return 0


def _show(found: "FlyingQualities") -> None:
    console, flight = make_console(), found.linear.trim
    console.print(f"\n[bold]{escaped(flight.aircraft.title)}[/], MIL-F-8785C Class "
                  f"{'I' * found.aircraft_class}, Category {found.category}")
    facts = pairs()
    for name, text in _facts(found):
        facts.add_row(name, text)
    console.print(facts)
    table = sheet_table("mode", "asked", "Level 1", "bare", "level", "inner loops", "level")
    if console.width < NARROW:
        table.padding = (0, 1, 0, 0)
        for column in table.columns[3:]:  # a motion stays on its line; Level 1 may take two
            column.no_wrap = True
    loops = {mode.name: mode for mode in found.inner_loops}
    names = [mode.name for mode in found.bare]
    for name in [*names, *(name for name in loops if name not in names)]:
        bare = next((mode for mode in found.bare if mode.name == name), None)
        for row in _rows(name, bare, loops.get(name)):
            table.add_row(*row)
    console.print(table)
    console.print(f"[dim]{LEGEND}")
    for mode in (*found.bare, *found.inner_loops):
        if mode.note:
            beside = "" if mode in found.bare else ", inner loops"
            console.print(f"[dim]{mode.name}{beside}: {escaped(mode.note)}")


def _facts(found: "FlyingQualities") -> list[tuple[str, str]]:
    flight = found.linear.trim
    return [
        ("speed", f"{flight.calibrated_airspeed:.4g} m/s calibrated, "
                  f"{flight.true_airspeed:.4g} m/s true, at {flight.altitude_msl:g} m"),
        ("mass", f"{flight.mass:.0f} kg: payload {flight.payload_kg:g} kg, "
                 f"fuel {flight.fuel_kg:.0f} kg"),
        ("trim", f"angle of attack {flight.alpha:.3f} rad, elevator {flight.elevator:+.3f} rad, "
                 f"throttle {flight.throttle:.2f}, {sum(flight.power) / 1e3:.1f} kW, "
                 f"{sum(flight.fuel_flow) * 3600:.1f} kg/h"),
        ("n/α", f"{found.load_per_alpha:.2f} 1/rad")]


def _rows(name: str, bare: "Mode | None", loops: "Mode | None") -> list[list[str]]:
    """The motion, then a row for each criterion."""
    rows = [[f"[bold]{name}", "", "", _motion(bare), _level(bare), _motion(loops), _level(loops)]]
    criteria: dict[tuple[str, str], list[Any]] = {}
    for place, mode in enumerate((bare, loops)):
        for criterion in mode.criteria if mode else ():
            criteria.setdefault((criterion.quantity, criterion.asked), [None, None])[place] = (
                criterion)
    for (_, asked), sides in criteria.items():
        known = next(side for side in sides if side)
        unit = f" {known.unit}" if known.unit and asked != "no divergence" else ""
        rows.append(["", f"[dim]{known.symbol}", f"{asked}{unit}",
                     *(cell for side in sides for cell in _judged(side))])
    return rows


def _motion(mode: "Mode | None") -> str:
    """Frequency (rad/s) and damping, or a time, narrowly."""
    return mode.motion.replace(" rad/s,", "").replace("doubles in", "T₂") if mode else ""


def _judged(criterion: "Criterion | None") -> tuple[str, str]:
    if criterion is None:
        return "", ""
    value = "never" if criterion.value == float("inf") else f"{criterion.value:.3g}"
    return value, f"[dim]{criterion.level if criterion.level < 4 else NOWHERE}"


def _level(mode: "Mode | None") -> str:
    if mode is None or mode.level is None:
        return ""
    return f"[{COLOURS[mode.level]}]{mode.level if mode.level < 4 else NOWHERE}"
