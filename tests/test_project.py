"""The project's papers agree with the project: links, map of the house, dependencies, lock."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LOCK = (ROOT / "requirements.lock").read_text()
LOCKED = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))


def declared_packages():
    groups = PROJECT["dependency-groups"]
    lines = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["bench"],
        *PROJECT["project"]["optional-dependencies"]["verify"],
        *groups["build"],
        *groups["dev"],
    ]
    return sorted({re.match(r"[A-Za-z0-9-]+", line).group().lower() for line in lines})


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(paper):
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", paper.read_text())
    assert [t for t in targets if not (paper.parent / t).exists()] == []


def test_every_room_stands_on_the_map():
    page = (ROOT / "CONTRIBUTING.md").read_text()
    rooms = [
        path.parent.name + "/" for path in (ROOT / "src/longwatch").glob("*/__init__.py")
    ]
    rooms += [p.name for p in (ROOT / "src/longwatch").glob("*.py") if not p.stem.startswith("__")]
    assert [room for room in sorted(rooms) if f"`{room}`" not in page] == []


@pytest.mark.parametrize("package", declared_packages())
def test_dependency_is_locked_and_explained_with_that_version(package):
    page = (ROOT / "docs/dependencies.md").read_text()
    assert f"| {package} | {LOCKED[package]} |" in page


def test_lock_pins_by_hash_and_names_no_host():
    blocks = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(LOCKED)
    assert [b.split()[0] for b in blocks if "--hash=sha256:" not in b] == []
    assert re.findall(r"https?:|index-url|find-links", LOCK) == []


def test_build_requirement_is_the_locked_one():
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]
