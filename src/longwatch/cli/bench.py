"""``longwatch bench``: how fast it is, beside JSBSim."""

import click

from longwatch.cli.options import JSON_OPTION


@click.command("bench")
@click.argument("what", default="flight", type=click.Choice(["flight", "mavlink", "station"]))
@click.option("--quick", is_flag=True, help="Shorter runs, coarser figures.")
@click.option("--minutes", type=click.FloatRange(1.0, 600.0), metavar="N", help="Of station: how "
              "long one page is watched, 60 unless given, 6 with --quick.")
@click.option("--markdown", metavar="FILE", help="Write the manual's page of figures too.")
@JSON_OPTION
def command(what: str, quick: bool, minutes: float | None, markdown: str | None,
            as_json: bool) -> int:
    """Measure flight (beside JSBSim in the same run), mavlink (the live aircraft), or station:
    the pages in headless Chromium.
    """
    from longwatch.bench import main as bench

    bench(json_output=as_json, quick=quick, markdown=markdown, what=what, minutes=minutes)
    return 0
