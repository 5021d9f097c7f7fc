"""The flight's report: one self-contained page that opens offline (``report.html``).

The page is a template (report.html beside this file) into which go plotly.js, the charts as
JSON, and the text made here. Whatever a flight lacks (a landing, a plan, half its columns) is
left out; what is there is shown.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa

from longwatch.records import charts, systems_charts
from longwatch.records.charts import FOOT, KNOT, LATERAL_LIMIT, TOUCHDOWN_BOX
from longwatch.records.events import Event, plain
from longwatch.records.flight_log import is_interrupted, log_metadata
from longwatch.records.summary import Summary, write_whole

SINK_LIMIT = 2.5  # m/s
BANK_LIMIT = 8.0  # deg

# Every column of the log that a report looks at; the rest need not be read.
QUANTITIES = tuple(dict.fromkeys((*charts.QUANTITIES, *systems_charts.COLUMNS)))

Values = dict[str, Any]


def write_report(path: str | Path, table: pa.Table, summary: Summary | Values | None,
                 events: Sequence[Event], planned: Sequence[Values], *,
                 runways: Sequence[Values] = (), phase_names: Sequence[str] = ()) -> None:
    """Write the report of a flight.

    Args:
        path: the file to make.
        table: the log, whole or interrupted (``read_log``).
        summary: the flight's summary; None where it was lost with the flight.
        events: the flight's events.
        planned: mission items in order, each a dictionary with ``sequence``, ``name``,
            ``latitude``, ``longitude`` [rad] and ``altitude_msl`` [m]; an item that lies
            nowhere has zero or nothing for its place.
        runways: each with ``name`` and ``thresholds`` ((latitude, longitude), (...)) [rad];
            if known ``elevations_msl`` of both [m], ``glide_path`` [rad] and
            ``aiming_distance`` past the threshold [m].
        phase_names: what the numbers of ``autopilot.modes.phase`` are called; without them
            the log's own metadata are asked for ``phase_names``.

    Raises:
        LogError: the file cannot be written.
    """
    values = summary.as_dict() if isinstance(summary, Summary) else dict(summary or {})
    names = phase_names or log_metadata(table.schema).get("phase_names", ())
    time = charts.Columns(table).time
    ended = float(time[-1]) if time is not None else 0.0
    data: Values = {
        "span": [float(time[0]) if time is not None else 0.0, max(ended, 1.0)],
        "map": charts.track_map(table, planned, runways),
        "landing": charts.landing(table, events, runways),
        "charts": [*charts.time_charts(table, events, planned),
                   *systems_charts.systems_charts(table)],
    }
    body = "\n".join([
        _head(values, is_interrupted(table), ended),
        _figures(values),
        _notes(values),
        "<h2>Track</h2><div id='map' class='chart'></div>" if data["map"] else "",
        _phases(charts.phases(table, names)),
        _time_charts(data["charts"]),
        _touchdown(values, data["landing"]),
        _items(planned),
        _events(events),
        _summary_table(values),
    ])
    title = f"Flight report: {values.get('mission') or 'Longwatch'}"
    write_whole(path, _page({"title": html.escape(title), "body": body, "data": _json(data)}))


def _page(parts: dict[str, str]) -> str:
    from plotly.offline import get_plotlyjs  # only who writes a report needs it loaded

    template = (resources.files("longwatch.records") / "report.html").read_text(encoding="utf-8")
    page = ""
    while "@" in template:
        before, mark, rest = template.partition("@")
        name, closing, after = rest.partition("@")
        if closing and name in (*parts, "plotly"):
            page += before + (get_plotlyjs() if name == "plotly" else parts[name])
            template = after
        else:
            page, template = page + before + mark, rest
    return page + template


def _json(data: Values) -> str:
    """JSON that cannot end the script element that holds it."""
    text = json.dumps(plain(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("</", "<\\/").replace("<!--", "<\\u0021--")


# ------------------------------------------------------------------------------- wording


def clock(seconds: float) -> str:
    """h:mm:ss."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _number(value: Any, form: Callable[[float], str]) -> str:
    return form(value) if isinstance(value, int | float) else "–"


def _head(values: Values, interrupted: bool, ended: float) -> str:
    outcome = str(values.get("outcome") or ("interrupted" if interrupted else "flight"))
    headline = outcome[:1].upper() + outcome[1:]
    touchdown = values.get("touchdown") or {}
    if values.get("landed") and touchdown.get("runway"):
        headline += f" on runway {touchdown['runway']}"
    turbulence = values.get("turbulence")
    gusty = turbulence not in (None, "", "none")
    told = [values.get("mission"), values.get("aircraft"),
            _wind(values["wind"], gusty) if values.get("wind") else None,
            f"weather of {values['weather']}" if values.get("weather") else None,
            f"terrain of {values['terrain']}" if values.get("terrain") else None,
            str(values["start"]).replace("T", " ").replace("Z", " UTC") if values.get("start")
            else None,
            f"{turbulence} turbulence" if gusty else None,
            f"seed {values['seed']}" if "seed" in values else None]
    lede = " · ".join(html.escape(str(part)) for part in told if part)
    text = (f"<p class='mark'>Longwatch · flight report</p><h1>{html.escape(headline)}</h1>"
            f"<p class='lede'>{lede}</p>")
    if interrupted:
        text += ("<div class='note bad'><h3>This log is interrupted</h3>It breaks off at "
                 f"{clock(ended)} of simulated time; everything before is whole.</div>")
    if values.get("forced"):
        text += ("<div class='note bad'><h3>Flown against advice</h3>The flight was forced: the "
                 "check had refused it.</div>")
    return text


def _wind(text: str, gusty: bool) -> str:
    """"12@270" in words; air is calm only without turbulence."""
    speed, _, direction = str(text).partition("@")
    try:
        still = float(speed or 0.0) == 0.0
    except ValueError:
        return f"wind {text}"
    if still:
        return "no wind" if gusty else "calm air"
    return f"wind {speed} m/s from {direction}° at 10 m"


def _figures(values: Values) -> str:
    if not values:
        return ""
    get = values.get
    shown = [
        ("airborne", _number(get("airborne_s"), clock), ""),
        ("distance", _number(get("distance_km"), "{:.1f}".format),
         _number(get("distance_km"), lambda v: f"km · {v / 1.852:.0f} NM")),
        ("fuel used", _number(get("fuel_used_kg"), "{:.1f}".format), "kg"),
        ("fuel left", _number(get("fuel_left_kg"), "{:.1f}".format), "kg"),
        ("items reached", f"{get('items_reached', '–')}", f"of {get('items_total', '–')}"),
        ("speed-up", _number(get("realtime_factor"), "{:,.0f}".format), "× real time"),
    ]
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}<small>{unit}</small></dd></div>"
                    for name, value, unit in shown)
    return f"<dl class='figures'>{cells}</dl>"


def _notes(values: Values) -> str:
    changes = _list("Changed so that the mission fits the aircraft", values.get("changes"), "")
    return (changes + _list("Warnings", values.get("warnings"), " bad")
            + _list("How it was set up", values.get("notes"), " plain"))


def _list(heading: str, lines: Iterable[str] | None, kind: str) -> str:
    points = "".join(f"<li>{html.escape(str(line))}</li>" for line in lines or ())
    return f"<div class='note{kind}'><h3>{heading}</h3><ul>{points}</ul></div>" if points else ""


def _phases(flown: Sequence[tuple[str, float, float]]) -> str:
    if not flown:
        return ""
    whole = max(flown[-1][2] - flown[0][1], 1.0)
    spans = []
    for name, start, end in flown:
        share, told = (end - start) / whole, html.escape(name)
        kind = " class='thin'" if share < 0.006 * len(name) + 0.02 else ""
        spans.append(f"<span{kind} style='flex-grow:{1000 * share:.1f}' "
                     f"title='{told}, {clock(start)} to {clock(end)}'>{told}</span>")
    return ("<h2>The flight in time <small>h:mm, drag to zoom all charts, double-click to go "
            f"back</small></h2><div class='phases'>{''.join(spans)}</div>")


def _time_charts(shown: Sequence[charts.Chart]) -> str:
    return "".join(
        f"<h3>{chart['title']}<small>{chart.get('note', '')}</small></h3>"
        f"<div id='{chart['id']}' class='chart'></div>" for chart in shown)


# ------------------------------------------------------------------------- the touchdown


def _touchdown(values: Values, landing: charts.Chart | None) -> str:
    touchdown = values.get("touchdown")
    if not touchdown and not landing:
        return ""
    text = "<h2>Touchdown</h2>"
    if touchdown:
        text += f"<div class='limits'>{_limits(touchdown)}</div>"
    if landing:
        text += (f"<h3>Height over the runway<small>{html.escape(landing['runway'])}, the last "
                 "minutes; green: the touchdown box</small></h3>"
                 "<div id='landing-height' class='chart'></div><div class='two'>"
                 "<div><h3>The last metres</h3><div id='landing-flare' class='chart'></div></div>"
                 "<div><h3>Lateral offset</h3><div id='landing-offset' class='chart'></div></div>"
                 "</div>")
    return text


def _limits(touchdown: Values) -> str:
    low, high = TOUCHDOWN_BOX
    along, offset = touchdown.get("along_runway_m"), touchdown.get("lateral_offset_m")
    speed, bank = touchdown.get("vertical_speed_m_s"), touchdown.get("bank_deg")
    airspeed = touchdown.get("airspeed_m_s")
    side = "left" if (offset or 0.0) < 0.0 else "right"
    beyond = "before" if (along or 0.0) < 0.0 else "past"
    cells = [
        _limit(f"{beyond} the threshold", along, "m", (0.0, 1000.0), (low, high),
               f"{low:.0f} to {high:.0f} m"),
        _limit(f"{side} of the centreline", offset, "m", (-30.0, 30.0),
               (-LATERAL_LIMIT, LATERAL_LIMIT), f"within {LATERAL_LIMIT:.0f} m"),
        _limit("sink", None if speed is None else -speed, "m/s", (0.0, 3.5), (0.0, SINK_LIMIT),
               f"under {SINK_LIMIT} m/s"),
        _limit("bank", bank, "deg", (-12.0, 12.0), (-BANK_LIMIT, BANK_LIMIT),
               f"under {BANK_LIMIT:.0f} deg"),
    ]
    side_load = touchdown.get("side_load_share")
    cells.append(_limit("of the side load", None if side_load is None else 100 * side_load,
                        "%", (0.0, 150.0), (0.0, 100.0), "under 100 %"))
    if airspeed is not None:
        cells.append(f"<div class='limit'><b>{airspeed:.1f}</b> m/s <small>airspeed"
                     f"<br>{airspeed / KNOT:.0f} kt, calibrated</small></div>")
    return "".join(cells)


def _limit(name: str, value: float | None, unit: str, scale: tuple[float, float],
           allowed: tuple[float, float], words: str) -> str:
    if value is None:
        return ""
    inside = allowed[0] <= value <= allowed[1]

    def place(v: float) -> float:
        return min(100.0, max(0.0, 100.0 * (v - scale[0]) / (scale[1] - scale[0])))

    verdict = "<span class='good'>within</span>" if inside else "<span class='bad'>outside</span>"
    return (f"<div class='limit'><b>{abs(value):.1f}</b> {unit} <small>{name}</small>"
            f"<div class='gauge'><i style='left:{place(allowed[0]):.1f}%;"
            f"width:{place(allowed[1]) - place(allowed[0]):.1f}%'></i>"
            f"<u style='left:{place(value):.1f}%'></u></div>"
            f"<small>{verdict} the limit: {_unbroken(words)}</small></div>")


def _unbroken(words: str) -> str:
    """A unit stays on the line of its number."""
    return re.sub(r"(\d) ", "\\1\N{NO-BREAK SPACE}", words)


# -------------------------------------------------------------------------------- tables


def _items(planned: Sequence[Values]) -> str:
    if not planned:
        return ""
    rows = []
    for item in planned:
        name = item.get("name") or item.get("command_name") or item.get("command", "")
        altitude = item.get("altitude_msl")
        placed = charts.has_place(item)
        where = (f"{_angle(item['latitude'], 'NS')} {_angle(item['longitude'], 'EW')}"
                 if placed else "")
        metres = f"{altitude:.0f}" if placed and altitude is not None else ""
        feet = f"{altitude / FOOT:.0f}" if placed and altitude is not None else ""
        rows.append([str(item.get("sequence", "")), str(name), where, metres, feet])
    heads = ["item", "command", "position", "altitude, m", "ft"]
    return "<h2>Plan <small>as flown</small></h2>" + _table(heads, rows, {3, 4})


def _angle(radians: float, letters: str) -> str:
    degrees = radians * charts.DEGREES
    return f"{abs(degrees):.5f}° {letters[0] if degrees >= 0 else letters[1]}"


def _events(events: Sequence[Event]) -> str:
    if not events:
        return ""
    rows = [[clock(float(event.get("time") or 0.0)), str(event.get("event", "")).replace("_", " "),
             str(event.get("message", ""))] for event in events]
    return "<h2>Events</h2>" + _table(["time", "event", ""], rows, set(), "events")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: set[int],
           kind: str = "") -> str:
    def cells(tag: str, texts: Sequence[str]) -> str:
        return "".join(f"<{tag}{' class=n' if k in right else ''}>{html.escape(text)}</{tag}>"
                       for k, text in enumerate(texts))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (f"<div class='scroll {kind}'><table><thead><tr>{cells('th', heads)}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>")


UNITS = {"_m_s": "m/s", "_kg": "kg", "_km": "km", "_m": "m", "_s": "s", "_deg": "deg"}


def _summary_table(values: Values) -> str:
    rows = []
    for key, value in values.items():
        if key in ("touchdown", "changes", "warnings", "notes", "files"):
            continue
        rows.append(_row(key, value))
    for key, value in (values.get("touchdown") or {}).items():
        rows.append(_row(f"touchdown_{key}", value))
    for key, value in (values.get("files") or {}).items():
        rows.append(_row(f"file_{key}", Path(str(value)).name))
    if not rows:
        return ""
    half = (len(rows) + 1) // 2
    sides = "".join(f"<table class='pairs'>{''.join(side)}</table>"
                    for side in (rows[:half], rows[half:]))
    return f"<h2>Summary</h2><div class='two'>{sides}</div>"


def _row(key: str, value: Any) -> str:
    unit = next((u for ending, u in UNITS.items() if key.endswith(ending)), "")
    name = key[:key.rindex("_" + unit.replace("/", "_"))] if unit else key
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, float):
        text = f"{value:,.2f} {unit}"
    else:
        text = "–" if value in (None, "") else f"{value} {unit}"
    return (f"<tr><th>{html.escape(name.replace('_', ' '))}</th>"
            f"<td>{html.escape(text.strip())}</td></tr>")
