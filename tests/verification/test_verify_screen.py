"""Checks on a narrow terminal: every word and figure of them whole."""

import io

from rich.console import Console

from longwatch.cli.verify import NARROW, _print_result
from longwatch.verification import Result
from longwatch.verification.check import at_most, not_run, within


def printed(width, *checks):
    screen = io.StringIO()
    _print_result(Console(file=screen, width=width),
                  Result("nasa", "NASA check cases", "", checks, (), 1.0))
    return screen.getvalue()


def test_narrow_terminals_get_blocks():
    check = within("02 tumbling brick", "body rates", "NASA simulation 04", "deg/s", 31.1196,
                   31.12, 0.0005)
    told = printed(80, check)
    assert max(map(len, told.splitlines())) <= 80
    for text in ("holds", "02 tumbling brick: body rates", "NASA simulation 04 31.1196 deg/s",
                 "ours 31.12 deg/s", "± 0.0005"):
        assert text in " ".join(told.split())
    assert "expected" in printed(NARROW, check)


def test_a_bound_stands_before_its_figure():
    told = printed(80, at_most("01 sphere", "drift", "closed form", "m", 2.0, 1.5))
    assert "closed form at most 2 m, ours 1.5 m" in told


def test_a_note_of_many_checks_is_told_once():
    checks = [not_run("01 sphere", "all", f"NASA simulation 0{k}", "no reference data")
              for k in (4, 5, 6)]
    for width in (80, 160):
        assert printed(width, *checks).count("no reference data") == 1
