"""The manual in a browser: every page and link of it, and nothing obeyed that stands in a page."""

import asyncio
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from longwatch.errors import LongwatchError
from longwatch.station.help import routes as help_room
from longwatch.station.help.manual import Manual, style
from longwatch.station.refusal import Refusal
from longwatch.station.routing import Call

REPOSITORY = Path(__file__).resolve().parents[2]


class Links(HTMLParser):
    """Targets, images, anchors and elements of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.images, self.anchors, self.tags = [], [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        self.anchors.add(values.get("id"))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "img":
            self.images.append(values["src"])


@pytest.fixture(scope="module")
def rendered():
    manual = Manual()
    return {page: Links(manual.render(page)) for page in manual.pages()}


def test_every_page_of_the_docs_is_there_flying_first_decisions_last(rendered):
    files = {path.relative_to(REPOSITORY / "docs").as_posix()
             for path in (REPOSITORY / "docs").rglob("*.md")}
    assert set(rendered) == files
    listed = list(rendered)
    assert listed[:3] == ["fly-in-five-minutes.md", "index.md", "station.md"]
    decided = [page.startswith("decisions/") for page in listed]
    assert decided == sorted(decided)
    # Nothing is listed only because it lies there: the contents name it.
    assert "More" not in [heading for heading, _ in Manual().contents()]


def test_every_link_and_image_of_every_page_leads_somewhere(rendered):
    manual = Manual()
    for page, found in rendered.items():
        folder = (REPOSITORY / "docs" / page).parent
        for target in [*found.links, *found.images]:
            if re.match(r"[a-z]+:|/$|#main$", target) or target.endswith("manual.css"):
                continue
            path, _, anchor = target.partition("#")
            file = (folder / path).resolve() if path else REPOSITORY / "docs" / page
            wire = file.relative_to((REPOSITORY / "docs").resolve()).as_posix()
            assert manual.find(wire) is not None, (page, target)
            if anchor:
                assert anchor in rendered[wire].anchors, (page, target)


def test_no_page_runs_anything(rendered):
    assert not any(found.tags & {"script", "iframe", "object", "form", "style"}
                   for found in rendered.values())


def test_what_stands_in_a_page_is_text(tmp_path):
    (tmp_path / "index.md").write_text(
        "# A <b>bold</b> name\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) "
        "[out](../secret.md) [there](sub/b.md) <img src=x onerror=y>\n\n## `code` & more\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.md").write_text("# B\n\n[back](../index.md#code--more)\n")
    (tmp_path.parent / "secret.md").write_text("secret")
    manual = Manual(tmp_path)
    page = Links(manual.render("index.md"))
    assert page.tags.isdisjoint({"script", "img", "b"})
    assert not any("javascript" in link or "secret" in link for link in page.links)
    assert "sub/b.md" in page.links
    below = Links(manual.render("sub/b.md"))
    assert "../index.md#code--more" in below.links
    assert "code--more" in page.anchors


@pytest.mark.parametrize("path", ["../README.md", "/etc/passwd", "a/../../README.md", "x\0.md",
                                  "nothing.md", "clients", "../docs/index.md", "out.md"])
def test_nothing_outside_the_manual_is_shown(tmp_path, path):
    (tmp_path / "clients").mkdir()
    outside = tmp_path.parent / "outside.md"
    outside.write_text("secret")
    (tmp_path / "out.md").symlink_to(outside)
    assert Manual(tmp_path).find(path) is None


def ask(path):
    return asyncio.run(help_room.page(None, Call("", frozenset(), {"path": path})))


def test_pages_and_images_are_served_and_others_refused(rendered):
    assert b"<main" in ask("").body
    picture = next(image for found in rendered.values() for image in found.images)
    assert ask("images/" + picture.rpartition("images/")[2]).media_type.startswith("image/")
    with pytest.raises(Refusal) as refused:
        ask("nothing.md")
    assert refused.value.status == 404


def contrast(one, other):
    """WCAG 2.2's ratio of two #rrggbb colours."""
    def light(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05

    high, low = sorted((light(one), light(other)), reverse=True)
    return high / low


class Kept:
    """A store that has one user's palette, or cannot be read."""

    def __init__(self, palette):
        self.palette = palette

    def settings(self, user):
        if self.palette is None:
            raise LongwatchError("no disk")
        return {"palette": self.palette} if user == "ann" else {}


@pytest.mark.parametrize(("user", "palette", "schemes"), [
    ("ann", "night", ["dark"]), ("ann", "day", ["light"]), ("", "night", ["light", "dark"]),
    ("ben", "night", ["light", "dark"]), ("ann", None, ["light", "dark"])])
def test_the_manual_has_the_palette_of_whoever_reads_it(user, palette, schemes):
    station = SimpleNamespace(store=Kept(palette))
    answer = asyncio.run(help_room.style(station, Call(user, frozenset(), {})))
    assert re.findall(r"color-scheme: (\w+);", answer.body.decode()) == schemes


def test_both_palettes_are_readable():
    palettes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
                for block in re.findall(r":root \{[^}]*\}", style())]
    assert len(palettes) == 2
    for palette in palettes:
        for text in ("text", "soft", "link"):
            for back in ("back", "panel"):
                assert contrast(palette[text], palette[back]) >= 4.5, (text, back)
