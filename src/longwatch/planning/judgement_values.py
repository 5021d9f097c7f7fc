"""A judgement as values that JSON can say: what ``longwatch check --json`` prints and what the
station's page is told."""

from typing import Any

from longwatch.planning.figures import parts
from longwatch.planning.judgement import Judgement


def crew_remedy(remedy: str) -> str:
    """A remedy as a crew reads it: its alternatives without those that are options of the shell."""
    return ", or ".join(way for way in remedy.split(", or ") if "--" not in way)


def marked_values(judgement: Judgement) -> dict[str, Any]:
    """Findings and messages, in their order, for a crew: text with places for figures, and those
    in SI (``longwatch.planning.figures.parts``)."""
    return {"findings": [{"message": parts(f.marked[0]), "remedy": parts(crew_remedy(f.marked[1]))}
                         for f in judgement.findings],
            "messages": [parts(text) for text in judgement.marked_messages]}


def judgement_values(judgement: Judgement) -> dict[str, Any]:
    """Findings, changes, numbers by item and fuel, in SI; NaN where a figure does not apply."""
    return {
        "flyable": judgement.flyable,
        "findings": [{"severity": f.severity, "item": f.item, "message": f.message,
                      "remedy": f.remedy} for f in judgement.findings],
        "changes": [vars(change) for change in judgement.changes],
        "items": [vars(numbers) for numbers in judgement.numbers],
        "fuel": vars(judgement.fuel), "messages": list(judgement.messages)}
