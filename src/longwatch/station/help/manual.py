"""The manual as pages for a browser: the project's docs, rendered without any network.

What stands in the files is text: raw HTML is shown, never obeyed. Links between the files become
links between the pages; those that lead out of the manual's folder are left as their words.
"""

import html
import re
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

FOLDER = Path(__file__).parents[2] / "manual"
FIRST = "fly-in-five-minutes.md"
CONTENTS = "index.md"
IMAGES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg",
          ".webp": "image/webp"}
_HEADINGS = ("h2", "h3")
_DECISIONS = "decisions/"


class Manual:
    """The pages of a folder of Markdown."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._rendered: dict[str, tuple[int, str]] = {}

    def pages(self) -> list[str]:
        """Paths of all pages, in the order of the contents."""
        return [page for _, pages in self.contents() for page in pages]

    def contents(self) -> list[tuple[str, list[str]]]:
        """Headings and the paths of the pages under each, the page for operators first, decisions
        last; between them as ``index.md`` has them, each page where it is first named."""
        found = {path.relative_to(self.folder).as_posix()
                 for path in self.folder.rglob("*.md") if path.is_file()}
        parts = [("", [page for page in (FIRST, CONTENTS) if page in found])]
        left = found - set(parts[0][1])
        decisions = {page for page in left if page.startswith(_DECISIONS)}
        for heading, named in self._headings():
            pages = [page for page in dict.fromkeys(named) if page in left - decisions]
            left -= set(pages)
            parts.append((heading, pages))
        parts.append(("More", sorted(left - decisions, key=self.title)))
        parts.append(("Decisions", sorted(decisions)))
        return [part for part in parts if part[1]]

    def _headings(self) -> list[tuple[str, list[str]]]:
        """Second headings of the contents' file, and the pages that each one's text links to."""
        file = self.folder / CONTENTS
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
        return [(heading.strip(), re.findall(r"\]\(([^)#]+\.md)", body))
                for heading, body in zip(parts[1::2], parts[2::2], strict=True)]

    def find(self, path: str) -> Path | None:
        """The file of a path below the folder, a page or an image; None where there is none."""
        if "\0" in path or path.startswith("/") or ".." in PurePosixPath(path).parts:
            return None
        found = self.folder / path
        kinds = {".md", *IMAGES}
        if found.suffix.lower() not in kinds or not found.is_file():
            return None
        inside = found.resolve().is_relative_to(self.folder.resolve())
        return found if inside else None

    def title(self, page: str) -> str:
        """A page's first heading, or its file's name."""
        try:
            with (self.folder / page).open(encoding="utf-8") as file:
                for line in file:
                    if line.startswith("# "):
                        return line[2:].strip()
        except (OSError, UnicodeDecodeError):
            pass
        return PurePosixPath(page).stem

    def render(self, page: str) -> str | None:
        """One page whole; None where there is none."""
        file = self.find(page)
        if file is None or file.suffix != ".md":
            return None
        changed = file.stat().st_mtime_ns
        kept = self._rendered.get(page)
        if kept is None or kept[0] != changed:
            kept = changed, self._whole(page, file.read_text(encoding="utf-8", errors="replace"))
            self._rendered[page] = kept
        return kept[1]

    def _whole(self, page: str, text: str) -> str:
        body, headings = self._body(page, text)
        top = "../" * page.count("/")
        on_page = "".join(
            f'<li class="{level}"><a href="#{anchor}">{html.escape(words)}</a></li>'
            for level, anchor, words in headings)
        contents = f'<nav class="page"><ul>{on_page}</ul></nav>' if len(headings) > 2 else ""
        return _PAGE.format(title=html.escape(self.title(page)), top=top, contents=contents,
                            list=self._list(page, top), body=body)

    def _list(self, current: str, top: str) -> str:
        parts: list[str] = []
        for heading, pages in self.contents():
            parts.append(f"<h2>{html.escape(heading)}</h2><ul>" if heading else "<ul>")
            for page in pages:
                here = ' aria-current="page"' if page == current else ""
                parts.append(f'<li><a href="{top}{html.escape(page)}"{here}>'
                             f"{html.escape(self.title(page))}</a></li>")
            parts.append("</ul>")
        return "".join(parts)

    def _body(self, page: str, text: str) -> tuple[str, list[tuple[str, str, str]]]:
        parser = _parser()
        tokens = parser.parse(text)
        headings: list[tuple[str, str, str]] = []
        seen: dict[str, int] = {}
        for i, token in enumerate(tokens):
            if token.type == "heading_open":
                words = _plain(tokens[i + 1])
                anchor = _anchor(words, seen)
                token.attrSet("id", anchor)
                if token.tag in _HEADINGS:
                    headings.append((token.tag, anchor, words))
            if token.type == "table_open":
                token.attrSet("tabindex", "0")
            for child in token.children or ():
                if child.type == "link_open":
                    self._turn(page, child)
        return parser.renderer.render(tokens, parser.options, {}), headings

    def _turn(self, page: str, link: Any) -> None:
        """A link as the browser can follow it, or none where it leads out of the manual."""
        target = str(link.attrGet("href") or "")
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            link.attrSet("rel", "noreferrer noopener")
            link.attrSet("class", "beyond")
            return
        if not parts.path:
            return
        found = _joined(PurePosixPath(page).parent, unquote(parts.path))
        if found is None or self.find(found) is None:
            link.attrs.pop("href", None)
            link.attrSet("class", "elsewhere")


def _joined(folder: PurePosixPath, path: str) -> str | None:
    parts: list[str] = [part for part in folder.parts if part != "."]
    for part in PurePosixPath(path).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _plain(inline: Any) -> str:
    return "".join(child.content for child in inline.children or ()
                   if child.type in ("text", "code_inline"))


def _anchor(words: str, seen: dict[str, int]) -> str:
    """A heading's anchor as code hosts make it, so that links from elsewhere fit."""
    anchor = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-") or "section"
    count = seen.get(anchor, 0)
    seen[anchor] = count + 1
    return f"{anchor}-{count}" if count else anchor


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{top}manual.css">
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header><a href="/">Longwatch</a> <a href="{top}index.md">The manual</a></header>
<div class="columns">
<nav class="all" aria-label="Contents">{list}</nav>
<main id="main">{contents}{body}</main>
</div>
</body>
</html>
"""
_COLOURS = {"day": """
:root { color-scheme: light; --back: #f7f8f9; --text: #1c2329; --soft: #4a5560;
  --line: #c9d0d6; --panel: #eceff1; --link: #0b5394; }""", "night": """
:root { color-scheme: dark; --back: #12171c; --text: #dbe2e8; --soft: #a3b0bb;
  --line: #35414b; --panel: #1b232a; --link: #7fb8ee; }"""}


def style(palette: str | None = None) -> str:
    """The pages' style sheet in a palette, by day or by night; None: as the reader's system."""
    if palette in _COLOURS:
        return _COLOURS[palette] + _STYLE
    night = f"\n@media (prefers-color-scheme: dark) {{{_COLOURS['night']} }}"
    return _COLOURS["day"] + night + _STYLE


_STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
a.elsewhere { color: inherit; text-decoration: none; }
.skip { position: absolute; left: -99em; }
.skip:focus { left: 1em; top: 1em; background: var(--back); padding: .5em; }
header { padding: 0 1.2em; border-bottom: 1px solid var(--line); background: var(--panel); }
header a { display: inline-flex; align-items: center; min-height: 44px; margin-right: 1.2em;
  font-weight: 600; text-decoration: none; }
@media (pointer: coarse) { nav li a { display: flex; align-items: center; min-height: 44px; } }
.columns { display: flex; align-items: flex-start; }
nav.all { flex: 0 0 18em; padding: 1em 1.2em; border-right: 1px solid var(--line);
  position: sticky; top: 0; max-height: 100vh; overflow: auto; font-size: .9em; }
nav ul { list-style: none; margin: 0 0 1em; padding: 0; }
nav li { margin: .25em 0; }
nav h2 { font-size: 1em; margin: 1em 0 .3em; color: var(--soft); }
nav a { text-decoration: none; }
nav a[aria-current] { font-weight: 700; color: var(--text); }
nav.page { border-left: 3px solid var(--line); padding-left: 1em; font-size: .9em; }
nav.page .h3 { padding-left: 1.2em; }
main { flex: 1; min-width: 0; max-width: 56em; padding: 1em 2em 4em; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2em; }
pre, code { font-family: "DejaVu Sans Mono", ui-monospace, monospace; font-size: .9em; }
pre { background: var(--panel); padding: .8em 1em; overflow: auto; border-radius: 4px; }
p code, li code, td code { background: var(--panel); padding: .1em .25em; border-radius: 3px; }
table { border-collapse: collapse; display: block; overflow-x: auto; max-width: 100%; }
th, td { border: 1px solid var(--line); padding: .35em .6em; text-align: left;
  vertical-align: top; }
th { background: var(--panel); }
img { max-width: 100%; background: #fff; }
blockquote { margin: 0; padding-left: 1em; border-left: 3px solid var(--line);
  color: var(--soft); }
@media (max-width: 52em) { .columns { display: block; }
  nav.all { position: static; max-height: 14em; border-right: 0;
    border-bottom: 1px solid var(--line); } main { padding: 1em; } }
@media print { nav, header { display: none; } }
"""
