"""The main screens against kept pictures.

Compared at a quarter of their size, where letters that another Chromium draws a little differently
agree, and a panel, a colour or a symbol that is gone does not. After a change of the page that is
meant: ``KEEP_PICTURES=1 make test PYTEST_ARGS=tests/station/browser/test_pictures.py``, and look
at what changed before it is committed.
"""

import io
import os
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from longwatch.station.web.sessions import cookie_of
from station.browser.conftest import SIZE, drop, short_mission
from station.browser.processes import Processes, waited

pytestmark = pytest.mark.compiled_only

KEPT = Path(__file__).parent / "pictures"
SMALL = (SIZE["width"] // 4, SIZE["height"] // 4)
# A pixel of the small picture differs where any of its colours does by more than this, of 255;
# at most this share of them may.
DIFFERS, SHARE = 40, 0.01
VIEWS = ("fly", "plan", "fleet", "replay")
# What each moment shows otherwise.
CHANGING = ".time, .line canvas, .table, [role=status]"
# And each machine: the folder for terrain.
ELSEWHERE = ".foot .folder"
MOVING = 0.002


@pytest.fixture
def fresh(chromium, tmp_path):
    """Two aircraft that never flew, and a station that never saw another: (processes, session)."""
    mission = short_mission(tmp_path / "short.plan")
    processes = Processes(tmp_path / "pair", mission=mission, count=2)
    try:
        with httpx.Client(base_url=processes.address, trust_env=False) as client:
            client.get(processes.link)
            yield processes, client
    finally:
        processes.close()


def small(png):
    """The picture at a quarter of its size, shape (height, width, 3)."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").resize(SMALL, Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.int16)


def differing(one, other):
    """The share of pixels that differ."""
    return float(np.mean(np.max(np.abs(one - other), axis=-1) > DIFFERS))


def taken(page):
    return small(page.screenshot(mask=[page.locator(CHANGING)], animations="disabled"))


def at_rest(page):
    """The picture, once two in a row are the same but for what an aircraft's sensors tell."""
    before = taken(page)

    def still():
        nonlocal before
        last, before = before, taken(page)
        return differing(last, before) < MOVING

    waited(still, 15.0, 0.5, what=f"{page.url} does not come to rest")
    return before


def opened(page, view, mission):
    page.evaluate(f"location.hash = '/{view}'")
    if view == "plan":
        page.get_by_role("listbox", name="Mission items").wait_for()
        page.get_by_role("application", name="Chart of the mission").wait_for()
        drop(page, mission.name, mission.read_text())
        page.get_by_text("Flyable, as far as known").wait_for()
    page.wait_for_timeout(1000)
    page.evaluate("which => document.querySelectorAll(which).forEach("
                  "one => { one.style.display = 'none' })", ELSEWHERE)
    return at_rest(page)


def test_the_main_screens_are_as_they_were_kept(fresh, open_page, tmp_path):
    pair, client = fresh
    differ = {}
    for palette in ("day", "night"):
        client.put("/api/settings", json={"units": "aviation", "palette": palette,
                                          "language": "en", "sound": "off"})
        page = open_page("fly", of=pair, cookie=client.cookies[cookie_of(pair.address)])
        page.wait_for_function("() => performance.getEntriesByName('chart').length > 0")
        for view in VIEWS:
            seen = opened(page, view, tmp_path / "short.plan")
            name = f"{view}-{palette}.png"
            Image.fromarray(seen.astype(np.uint8)).save(
                (KEPT if os.environ.get("KEEP_PICTURES") else tmp_path) / name, optimize=True)
            kept = np.asarray(Image.open(KEPT / name).convert("RGB"), dtype=np.int16)
            if (share := differing(kept, seen)) > SHARE:
                differ[name] = f"{share:.1%}"
    assert not differ, f"{differ} differ from {KEPT}; as they are now: {tmp_path}"
    # What is gone from the screen is seen to be gone.
    page.evaluate("location.hash = '/fly'")
    page.locator("[data-command]").first.wait_for()
    page.evaluate("document.querySelector('.pfd').style.visibility = 'hidden'")
    kept = np.asarray(Image.open(KEPT / "fly-night.png").convert("RGB"), dtype=np.int16)
    assert differing(kept, at_rest(page)) > SHARE
