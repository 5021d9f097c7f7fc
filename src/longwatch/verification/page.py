"""The checks for people: rows of the table, and the manual's page with its plots."""

import math
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from longwatch.errors import SetupError
from longwatch.verification import Result
from longwatch.verification.check import Check, Plot, counted

COLUMNS = ("case", "quantity", "reference", "expected", "ours", "difference", "tolerance",
           "verdict")
_HEAD = """# Verification

Written by `longwatch verify --data DIR --markdown docs/verification.md`; no figure here was
typed. Every row sets what the twin does beside what somebody else says: NASA's check cases,
JSBSim, published tables and figures, standards, closed forms. Of a run, the row shows the
instant of the largest difference. *Holds*: within the tolerance, or the bound is met. *Shown*:
for comparison, without a verdict. *Explained*: a public figure that is missed, and the datasheet
says why the public figures cannot all hold together.

| subject | checks |
|---|---|
{subjects}
| together | {total} |
"""


def number(value: float) -> str:
    """Up to six digits; nothing for what is no number."""
    if math.isnan(value):
        return ""
    return f"{value:.6g}"


def _small(value: float, check: Check, sign: str = "") -> str:
    if math.isnan(value):
        return ""
    return f"{value:{sign}.2%}" if check.relative else f"{value:{sign}.2g}"


def cells(check: Check) -> list[str]:
    """A check as the table's texts, in the order of ``COLUMNS``."""
    unit = f" {check.unit}" if check.unit else ""
    limit = {"within": f"± {_small(check.tolerance, check)}", "at least": "at least",
             "at most": "at most"}.get(check.rule, "")
    values = [f"{number(value)}{unit}" if not math.isnan(value) else ""
              for value in (check.expected, check.found)]
    return [check.case, check.quantity, check.reference, *values,
            _small(check.difference, check, "+"), limit, check.verdict]


def total(checks: Sequence[Check]) -> str:
    """How many checks came to what, in one line."""
    return ", ".join(f"{count} {verdict}" for verdict, count in counted(checks).items() if count)


def check_page(path: Path) -> None:
    """Refuse, before anything is run, a page that could not be written.

    Raises:
        SetupError: Matplotlib is not installed, or the page is no file in a folder to write in.
    """
    if find_spec("matplotlib") is None:
        raise SetupError("the page's plots need Matplotlib: pip install 'longwatch[verify]'")
    if not path.parent.is_dir():
        raise SetupError(f"{path}: there is no folder {path.parent}; make it, or name another")
    if path.is_dir():
        raise SetupError(f"{path}: is a folder; name the file to write")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise SetupError(f"{path}: cannot be written; name a file where you may write")


def write_page(path: Path, results: Sequence[Result]) -> None:
    """Write the page and, in a folder ``images/verification`` beside it, its plots as SVG.

    Raises:
        SetupError: the files cannot be written.
    """
    images = path.parent / "images" / "verification"
    try:
        images.mkdir(parents=True, exist_ok=True)
        parts = [_HEAD.format(total=total([c for r in results for c in r.checks]),
                              subjects="\n".join(map(_summary, results)))]
        for result in results:
            parts.append(_section(result))
            for plot in result.plots:
                _draw(images / f"{plot.name}.svg", plot)
                parts.append(f"![{plot.caption}](images/verification/{plot.name}.svg)\n\n"
                             f"*{plot.caption}*\n")
        path.write_text("\n".join(parts), encoding="utf-8")
    except OSError as fault:
        raise SetupError(f"{path}: cannot be written ({fault.strerror}); name another file"
                         ) from fault


def _summary(result: Result) -> str:
    kept = "".join(c for c in result.title.lower() if c.isalnum() or c in " -")
    return f"| [{result.title}](#{kept.replace(' ', '-')}) | {total(result.checks)} |"


def _section(result: Result) -> str:
    rows = ["| " + " | ".join(text.replace("|", "\\|") for text in cells(check)) + " |"
            for check in result.checks]
    notes = list(dict.fromkeys(f"- {check.case}, {check.quantity}: {check.note}"
                               for check in result.checks if check.note))
    return "\n".join([f"## {result.title}", "", result.about, "", f"{total(result.checks)}.", "",
                      "| " + " | ".join(COLUMNS) + " |",
                      "|" + "---|" * len(COLUMNS), *rows, "", *notes, ""])


def _draw(path: Path, plot: Plot) -> None:
    from matplotlib import rc_context  # an extra: only the page needs it
    from matplotlib.figure import Figure

    # The same figures give the same file: no date, no random names.
    with rc_context({"svg.hashsalt": plot.name, "font.size": 9, "axes.spines.top": False,
                     "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.25,
                     "lines.linewidth": 1.2, "svg.fonttype": "none"}):
        figure = Figure(figsize=(8.0, 4.2), layout="constrained")
        plot.draw(figure)
        figure.savefig(path, metadata={"Date": None})
