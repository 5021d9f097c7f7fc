"""``longwatch bench``: how fast it is, beside JSBSim."""

import click

from longwatch.cli.options import JSON_OPTION


@click.command("bench")
@click.argument("what", default="flight", type=click.Choice(["flight", "mavlink"]))
@click.option("--quick", is_flag=True, help="Shorter runs, coarser figures.")
@click.option("--markdown", metavar="FILE", help="Write the manual's page of figures too.")
@JSON_OPTION
def command(what: str, quick: bool, markdown: str | None, as_json: bool) -> int:
    """Measure flight (beside JSBSim in the same run), or mavlink: the live aircraft."""
    from longwatch.bench import main as bench

    bench(json_output=as_json, quick=quick, markdown=markdown, what=what)
    return 0
