"""A mission drawn, changed, taken back, kept and sent up, by the page alone."""

import json
import math

import pytest

from station.browser.conftest import drop, short_mission

pytestmark = pytest.mark.compiled_only

NAME = "Round the field"
FOOT = 0.3048
HIGHER_FT = 2600.0


def rows(page):
    return page.get_by_role("listbox", name="Mission items").get_by_role("option")


def altitude(page):
    return page.get_by_role("spinbutton", name="Altitude", exact=False).first


def judged(page):
    page.get_by_role("complementary").get_by_text("Flyable, as far as known").wait_for()


def touch(page, *steps):
    """A finger on the chart: (what it does, x, y) one after the other."""
    for kind, x, y in steps:
        page.evaluate("""([kind, x, y]) => document.elementFromPoint(x, y).dispatchEvent(
            new PointerEvent(`pointer${kind}`, {clientX: x, clientY: y, bubbles: true,
                cancelable: true, pointerId: 7, pointerType: 'touch', isPrimary: true}))""",
                      [kind, x, y])


def several_by_touch(page, box, one):
    """The selected item at ``one`` and another are selected and moved by a finger, and back."""
    page.get_by_role("button", name="Add waypoints (W)").click()
    other = box["x"] + box["width"] / 2 - 120, box["y"] + box["height"] / 2 - 90
    page.mouse.click(*other)
    page.keyboard.press("v")
    page.keyboard.press("Escape")
    touch(page, ("down", *other))
    page.get_by_role("menuitem", name="Select several").click()
    touch(page, ("up", *other), ("down", *one), ("up", *one))
    chosen = page.locator("li[aria-selected=true]")
    assert chosen.count() == 2
    told = chosen.all_inner_texts()
    touch(page, ("down", *one), ("move", one[0] + 40, one[1]), ("move", one[0] + 90, one[1] + 40),
          ("up", one[0] + 90, one[1] + 40))
    # The one follows the other: the leg to the first is another, that between them the same.
    first, second = chosen.all_inner_texts()
    assert first != told[0] and second == told[1]
    page.get_by_role("button", name="Done").click()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.mouse.click(*one)


@pytest.fixture
def planned(station, open_page, tmp_path):
    """The plan view with a short mission, dropped onto it and judged."""
    page = open_page("plan", size={"width": 1600, "height": 900})
    page.get_by_role("listbox", name="Mission items").wait_for()
    page.wait_for_function("() => performance.getEntriesByName('chart').length > 0")
    drop(page, "short.plan", short_mission(tmp_path / "short.plan").read_text())
    rows(page).nth(4).wait_for()
    judged(page)
    return page


def test_a_mission_is_edited_undone_and_sent_up(station, planned):
    page = planned
    rows(page).nth(1).click()
    field = altitude(page)
    before = field.input_value()
    field.fill(str(HIGHER_FT))
    field.press("Enter")
    # A waypoint by hand: the tool, and a click on the chart.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add waypoints (W)").click()
    chart = page.get_by_role("application", name="Chart of the mission")
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    rows(page).nth(5).wait_for()
    # It is dragged on the chart, and what was done is taken back, to the first change and on again.
    page.keyboard.press("v")
    handle = page.locator("li[aria-selected=true]")
    told = handle.inner_text()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + 30, steps=4)
    page.mouse.up()
    assert handle.inner_text() != told
    dragged = box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + 30
    several_by_touch(page, box, dragged)
    page.keyboard.press("Control+z")
    assert handle.inner_text() == told
    page.keyboard.press("Control+z")
    rows(page).nth(5).wait_for(state="detached")
    page.keyboard.press("Control+z")
    rows(page).nth(1).click()
    assert altitude(page).input_value() == before
    page.get_by_role("button", name="Redo", exact=False).click()
    assert altitude(page).input_value() == str(round(HIGHER_FT))
    judged(page)

    page.get_by_role("button", name="Vehicle …").click()
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_text("On the vehicle, and read back the same.").wait_for()
    page.get_by_role("button", name="Close", exact=True).click()
    # As it was dropped the mission goes to 700 m; as it was changed, to 792.
    aboard = station.get("/api/vehicles/1/plan/mission").json()["items"]
    altitudes = [item["altitude"] for item in aboard]
    assert pytest.approx(HIGHER_FT * FOOT, abs=0.2) in altitudes
    assert 700.0 not in altitudes
    assert page.faults == []


def test_a_mission_is_kept_renamed_and_thrown_away(station, planned):
    page = planned
    name = page.get_by_label("Name of the mission")
    name.fill(NAME)
    name.press("Enter")
    page.get_by_role("button", name="Save").click()
    page.get_by_text(f"{NAME} is saved.").wait_for()
    page.get_by_role("button", name="Library").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=f"Rename {NAME}").click()
    dialog.get_by_label("Name of the mission").fill(f"{NAME} twice")
    dialog.get_by_role("button", name="Rename", exact=True).click()
    kept = dialog.get_by_role("button", name=f"Delete {NAME} twice")
    kept.wait_for()
    assert [one["name"] for one in station.get("/api/missions").json()
            if one["name"].startswith(NAME)] == [f"{NAME} twice"]
    kept.click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    kept.wait_for(state="detached")
    assert not any(one["name"].startswith(NAME) for one in station.get("/api/missions").json())
    assert page.faults == []


def test_a_file_that_is_no_mission_is_refused_and_what_was_open_stays(planned):
    page = planned
    drop(page, "broken.plan", json.dumps({"fileType": "Plan", "mission": {"items": [math.pi]}}))
    # What was dropped before is not kept by the station yet: it asks first.
    page.get_by_role("button", name="Discard changes").click()
    page.get_by_text("broken.plan cannot be opened").wait_for()
    assert rows(page).count() == 5
    assert page.faults == []
