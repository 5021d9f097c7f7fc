"""Writes docs/station-sources.md: ``python -m longwatch.station.vehicles.sources_page FILE``."""

import sys
from pathlib import Path

from longwatch.station.vehicles.alert_table import TABLE
from longwatch.station.vehicles.alerts import STATUS_TEXT
from longwatch.station.vehicles.quantities import QUANTITIES

_HEAD = """# Where each figure of the station comes from

Written by `python -m longwatch.station.vehicles.sources_page docs/station-sources.md` from the
station's tables; a test holds this page to them.

What a vehicle does not send is shown as "not reported", never as zero. Numbers that a message marks
as unknown (65 535, NaN, 2 147 483 647 and their like) count as not sent. Where several messages
have a quantity, the first that is heard counts; a later one only while the first is silent. A
message that falls silent for five of its usual intervals, and at least 5 s, makes its quantities
unreported again, as long as others still come. When the whole vehicle falls silent, or its clock
stands still, the last values stay: `link_state` and `telemetry_stopped` say that they are old.

Under `ardupilot`, where item 0 of a mission is home, items are numbered as aboard.
"""

_ALERTS = """
## Alerts

The page says of each key what it means and what to do (`alert.KEY.what`, `alert.KEY.do`). A row
holds on to its alert a little beyond the figure at which it begins.

| key | severity | when |
| --- | --- | --- |
"""


def page() -> str:
    """The page's text."""
    lines = [_HEAD]
    for panel in dict.fromkeys(q.panel for q in QUANTITIES):
        lines.append(f"## Panel: {panel}\n\n| quantity | unit | meaning | source | flight log |\n"
                     "| --- | --- | --- | --- | --- |")
        lines.extend(
            f"| `{q.name}` | {q.unit} | {q.meaning} | {q.source} | "
            f"{', '.join(f'`{c}`' for c in q.columns)} |" for q in QUANTITIES if q.panel == panel)
        lines.append("")
    rows = "".join(f"| `{row.key}` | {row.severity} | {row.when} |\n" for row in TABLE)
    last = (f"| `{STATUS_TEXT}` | warning, caution | a STATUSTEXT of severity WARNING or worse; it "
            "goes after two to five minutes |\n")
    return "\n".join(lines) + _ALERTS.lstrip("\n") + rows + last


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
