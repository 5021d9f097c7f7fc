"""The performance as pages: an HTML file with charts that needs nothing else, and the manual's."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from longwatch.analysis.performance import AircraftPerformance
from longwatch.analysis.performance_tables import Table, tables
from longwatch.errors import SetupError

# Colours that stand out from each other for most readers (Okabe and Ito, 2008).
MAIN, SECOND, THIRD = "#0072b2", "#d55e00", "#009e73"

# The look of the flight's report (records/report.html), without its dark side: these charts carry
# their colours.
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
* {{ box-sizing: border-box }}
body {{ margin: 0; background: #fafaf7; color: #17212b; font: 15px/1.5 Inter, "Helvetica Neue",
       "Liberation Sans", Arial, sans-serif; font-variant-numeric: tabular-nums }}
main {{ max-width: 1120px; margin: 0 auto; padding: 40px 28px 64px }}
.mark {{ font-size: 12px; letter-spacing: .14em; text-transform: uppercase; color: #66727d }}
h1 {{ font-size: 38px; line-height: 1.15; font-weight: 600; letter-spacing: -.015em;
     margin: 6px 0 4px }}
h2 {{ font-size: 20px; font-weight: 600; margin: 52px 0 4px }}
.lede {{ color: #66727d; font-size: 17px; margin: 0; max-width: 46em }}
.note {{ color: #66727d; margin: 0 }}
.scroll {{ overflow-x: auto }}
table {{ border-collapse: collapse; width: 100%; font-size: 14px; margin-top: 10px }}
th, td {{ text-align: right; vertical-align: top; padding: 6px 0 6px 16px;
         border-bottom: 1px solid #e2e3de; font-weight: 400 }}
th {{ color: #66727d; vertical-align: bottom }} td {{ white-space: nowrap }}
.named td:is(:first-child, :last-child) {{ white-space: normal }}
.named :is(th, td):is(:first-child, :nth-child(2), :last-child) {{ text-align: left }}
:is(th, td):first-child {{ padding-left: 0 }}
</style></head><body><main>
<p class="mark">Longwatch · performance</p>
<h1>{heading}</h1>
<p class="lede">{about}</p>
{charts}
</main></body></html>
"""

_HEAD = """# Performance

Written by `longwatch performance tb2 akinci --markdown docs/performance.md`; no figure here was
typed. All of it is computed from the datasheets, in calm standard air, by the closed forms that
the fuel plan uses; [verification](verification.md) sets them beside what was flown. *Public*:
what the press says, and how far the first column is off it (of the service ceiling, the second).
*Cruise*: at the datasheet's cruise speed; *longest* and *farthest*: at the speeds of least fuel
an hour and a kilometre, never below the least cruise speed. Climb and descent are included, the
datasheet's reserve time is kept in hand."""


def write_page(path: Path, found: AircraftPerformance) -> None:
    """Write the charts of a performance as one HTML file.

    Raises:
        SetupError: the file cannot be written.
    """
    from plotly.offline import get_plotlyjs  # only who writes a page needs it loaded

    charts = [_payload_chart(found), _altitude_chart(found), _range_chart(found)]
    parts = [f"<script>{get_plotlyjs()}</script>"]
    parts += [f"<h2>{escape(heading)}</h2>\n"
              + figure.to_html(full_html=False, include_plotlyjs=False, div_id=name,
                               config={"displaylogo": False, "displayModeBar": False})
              for name, heading, figure in charts]
    (_, loads, headings, rows), *others = tables(found)
    parts += [_html_table(("Speeds, climb, ceilings, glides and field lengths", loads, headings,
                           rows)), *map(_html_table, others)]
    load = found.loadings[0]
    about = (f"Computed from the datasheet, calm standard air, {load.mass_kg:.0f} kg at take-off "
             f"with {load.payload_kg:.0f} kg of payload and {load.fuel_kg:.0f} kg of fuel. The "
             "datasheet's reserve time is kept in hand.")
    write_text(path, _PAGE.format(title=escape(f"{found.title}: performance"),
                                  heading=escape(found.title), about=escape(about),
                                  charts="\n".join(parts)))


def _html_table(table: Table) -> str:
    title, about, headings, rows = table
    lines = ["".join(f"<th>{escape(heading)}</th>" for heading in headings),
             *("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)]
    kind = " class='named'" if "condition" in headings else ""
    return (f"<h2>{escape(title)}</h2><p class='note'>{escape(about)}</p><div class='scroll'>"
            f"<table{kind}>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table></div>")


def check_folder(path: Path) -> None:
    """Refuse, before anything is computed, a page whose folder does not exist (SetupError)."""
    if not path.parent.is_dir():
        raise SetupError(f"{path}: there is no folder {path.parent}; make it, or name another")


def write_text(path: Path, text: str) -> None:
    """Write a page.

    Raises:
        SetupError: the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise SetupError(f"{path}: cannot be written ({fault.strerror}); name another file"
                         ) from fault


def markdown_page(performances: Sequence[AircraftPerformance]) -> str:
    """The manual's page of one or more aircraft."""
    parts = [_HEAD]
    for found in performances:
        for title, about, headings, rows in tables(found):
            cells = [headings, ["---"] * len(headings), *rows]
            lines = ["| " + " | ".join(row) + " |" for row in cells]
            parts.append("\n".join([f"## {title}", "", f"{about[0].upper()}{about[1:]}.", "",
                                    *lines]))
    return "\n\n".join(parts) + "\n"


def _lines(curves: list[tuple[str, list[float], list[float], str]], x: str, y: str) -> Any:
    from plotly import graph_objects

    figure = graph_objects.Figure()
    for name, across, up, colour in curves:
        figure.add_scatter(x=across, y=up, name=name, mode="lines+markers",
                           line={"color": colour, "width": 2}, marker={"size": 5})
    figure.update_layout(
        template="plotly_white", height=380, hovermode="x unified", paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", margin={"l": 64, "r": 20, "t": 10, "b": 50},
        font={"family": "Inter, Helvetica Neue, Liberation Sans, Arial, sans-serif",
              "color": "#66727d"}, legend={"orientation": "h", "y": 1.08})
    figure.update_xaxes(title=x, exponentformat="none", separatethousands=True,
                        rangemode="tozero")
    figure.update_yaxes(title=y, exponentformat="none", separatethousands=True)
    return figure


def _payload_chart(found: AircraftPerformance) -> tuple[str, str, Any]:
    rows = found.trade
    hours = [row.cruise_endurance_s / 3600 for row in rows]
    longest = [row.endurance_s / 3600 for row in rows]
    payload = [row.payload_kg for row in rows]
    figure = _lines([("cruise speed", hours, payload, MAIN),
                     ("speed of least fuel", longest, payload, SECOND)],
                    "endurance, h", "payload, kg")
    text = [f"{row.fuel_kg:.0f} kg fuel" for row in rows]
    figure.data[0].update(text=text, hovertemplate="%{x:.1f} h, %{y:.0f} kg, %{text}")
    _mark_public(found, figure)
    return ("payload", f"Payload, fuel and endurance at {found.trade_altitude_m:.0f} m", figure)


def _mark_public(found: AircraftPerformance, figure: Any) -> None:
    if found.public_endurance_s is not None:
        figure.add_vline(x=found.public_endurance_s / 3600, line_dash="dot", line_color="#66727d",
                         annotation_text="public endurance", annotation_position="top left")


def _altitude_chart(found: AircraftPerformance) -> tuple[str, str, Any]:
    rows = found.altitudes
    altitude = [row.altitude_m for row in rows]
    figure = _lines(
        [("cruise speed", [row.cruise_endurance_s / 3600 for row in rows], altitude, MAIN),
         ("speed of least fuel", [row.endurance_s / 3600 for row in rows], altitude, SECOND)],
        "endurance, h", "altitude, m")
    _mark_public(found, figure)
    return ("altitude", f"Endurance against altitude, {found.payload_kg:.0f} kg of payload",
            figure)


def _range_chart(found: AircraftPerformance) -> tuple[str, str, Any]:
    rows = found.altitudes
    altitude = [row.altitude_m for row in rows]
    return ("range", f"Range against altitude, {found.payload_kg:.0f} kg of payload", _lines(
        [("cruise speed", [row.cruise_range_m / 1000 for row in rows], altitude, MAIN),
         ("speed of least fuel per distance", [row.range_m / 1000 for row in rows], altitude,
          THIRD)], "range, km", "altitude, m"))
