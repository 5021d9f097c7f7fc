"""Verdicts, the largest difference of a run, and what a row shows."""

import math

import numpy as np
import pytest

from longwatch.errors import SetupError
from longwatch.verification import verify
from longwatch.verification.check import (
    Context,
    at_least,
    at_most,
    counted,
    explained,
    not_run,
    shown,
    within,
    worst,
)
from longwatch.verification.page import cells, total, write_page


@pytest.mark.parametrize(("found", "verdict"), [
    (10.1, "holds"), (9.9, "holds"), (10.11, "falls short"), (9.89, "falls short"),
    (math.nan, "falls short"), (math.inf, "falls short")])
def test_within(found, verdict):
    assert within("c", "q", "r", "m", 10.0, found, 0.1000001).verdict == verdict


def test_relative_tolerance_is_a_share_of_the_reference():
    check = within("c", "q", "r", "m", -200.0, -206.0, 0.03, relative=True)
    assert check.difference == pytest.approx(-0.03)
    assert within("c", "q", "r", "m", -200.0, -206.1, 0.03, relative=True).verdict == "falls short"


@pytest.mark.parametrize(("maker", "found", "verdict"), [
    (at_least, 27.0, "holds"), (at_least, 26.99, "falls short"),
    (at_least, math.nan, "falls short"),
    (at_most, 27.0, "holds"), (at_most, 27.01, "falls short"), (at_most, math.nan, "falls short")])
def test_bounds(maker, found, verdict):
    assert maker("c", "q", "r", "h", 27.0, found).verdict == verdict


def test_worst_shows_both_values_where_they_differ_most():
    check = worst("c", "q", "r", "m", [1.0, 2.0, 3.0], [1.1, 1.7, 3.2], 0.5)
    assert (check.expected, check.found) == (2.0, 1.7)
    assert check.difference == pytest.approx(-0.3)


def test_worst_of_angles_goes_the_short_way():
    check = worst("c", "q", "r", "deg", [179.9, 10.0], [-179.9, 10.1], 0.25, wrap=360.0)
    assert check.difference == pytest.approx(0.2)
    assert check.verdict == "holds"


@pytest.mark.parametrize("found", [[1.0, math.nan, 2.0], [1.0, 2.0], []])
def test_a_series_with_a_hole_or_of_another_length_falls_short(found):
    assert worst("c", "q", "r", "m", [1.0, 2.0, 2.0], found, 10.0).verdict == "falls short"


def test_empty_series_fall_short():
    assert worst("c", "q", "r", "m", np.zeros(0), np.zeros(0), 1.0).verdict == "falls short"


def test_counted_and_told():
    checks = [within("c", "q", "r", "m", 1.0, 1.0, 0.1), shown("c", "q", "r", "m", 1.0, 5.0),
              explained("c", "q", "r", "m", 1.0, 0.8, why="because"),
              not_run("c", "q", "r", "no data"), at_most("c", "q", "r", "m", 1.0, 2.0)]
    assert counted(checks) == {"holds": 1, "falls short": 1, "explained": 1, "shown": 1,
                               "not run": 1}
    assert total(checks) == "1 holds, 1 falls short, 1 explained, 1 shown, 1 not run"
    assert cells(checks[2]) == ["c", "q", "r", "1 m", "0.8 m", "-20.00%", "", "explained"]
    assert checks[3].as_dict()["expected"] is None


def test_missing_data_says_what_to_do(tmp_path):
    assert "--data" in Context(None).missing("weather")
    assert "weather/x.nc" in Context(tmp_path).missing("weather", "x.nc")
    assert Context(tmp_path).missing() == ""


def test_unknown_folder_and_subject_are_refused_before_anything_runs(tmp_path):
    with pytest.raises(SetupError, match="no such folder"):
        verify(tmp_path / "nowhere")
    with pytest.raises(SetupError, match="unknown subject nosuch"):
        verify(subjects=["nosuch"])


def test_page_shows_rows_plots_and_notes(tmp_path):
    pytest.importorskip("matplotlib", reason="needs Matplotlib, extra 'verify'")
    from longwatch.verification import Result
    from longwatch.verification.check import Plot

    plot = Plot("line", "A line", lambda figure: figure.subplots().plot([0, 1], [0, 1]))
    result = Result("s", "Subject", "What against what.",
                    (within("c|d", "q", "r", "m", 1.0, 1.05, 0.1, note="a remark"),), (plot,), 1.0)
    for _ in range(2):
        write_page(tmp_path / "page.md", [result])
        first = (tmp_path / "images" / "verification" / "line.svg").read_bytes()
    text = (tmp_path / "page.md").read_text()
    assert "| c\\|d | q | r | 1 m | 1.05 m | +0.05 | ± 0.1 | holds |" in text
    assert "- c|d, q: a remark" in text
    assert "images/verification/line.svg" in text
    write_page(tmp_path / "page.md", [result])
    assert (tmp_path / "images" / "verification" / "line.svg").read_bytes() == first


def test_a_page_that_could_not_be_written_is_refused_before_anything_runs(tmp_path):
    pytest.importorskip("matplotlib", reason="needs Matplotlib, extra 'verify'")
    from longwatch.verification.page import check_page

    with pytest.raises(SetupError, match="is a folder"):
        check_page(tmp_path)
    with pytest.raises(SetupError, match="there is no folder"):
        check_page(tmp_path / "nowhere" / "page.md")
    check_page(tmp_path / "page.md")
    assert not list(tmp_path.iterdir())
