"""The project's papers agree with the project: links, map of the house, dependencies, lock.

And no file imports itself by way of others, and what takes a simulation says so.
"""

import ast
import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LOCK = (ROOT / "requirements.lock").read_text()
LOCKED = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))

SIMULATIONS = {"Simulation", "SimulatedAircraft"}


def modules():
    """The package's files by the names that they are imported by."""
    found = {}
    for path in (ROOT / "src/longwatch").rglob("*.py"):
        parts = path.relative_to(ROOT / "src").with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path, known):
    """What a file imports of ``known``, wherever it says so: in a function, for types alone."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in known)
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                found = whole if whole in known else node.module
                if found in known:
                    yield found


def untyped(path):
    """Functions of a file that take a simulation, and have Any in their signatures."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            taken = [a for a in ast.walk(node.args) if isinstance(a, ast.arg) and a.annotation]
            words = {a.arg: set(re.findall(r"\w+", ast.unparse(a.annotation))) for a in taken}
            given = ast.unparse(node.returns) if node.returns else ""
            if ("Any" in words.get("simulation", ()) or any(w & SIMULATIONS for w in words.values())
                    ) and "Any" in {*re.findall(r"\w+", given), *set().union(*words.values())}:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "simulation" and (
                "Any" in ast.unparse(node.annotation)):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


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


# A file's and a function's lines at most.
LONGEST_FILE, SCREEN = 400, 60


def test_no_file_and_no_function_is_too_long():
    paths = [*modules().values(), *(ROOT / "ui/src").rglob("*.ts"),
             *(ROOT / "ui/src").rglob("*.svelte")]
    long = [path for path in paths if len(path.read_text().splitlines()) > LONGEST_FILE]
    assert [path.relative_to(ROOT).as_posix() for path in long] == []
    assert [f"{path.name}:{node.lineno} {node.name}" for path in modules().values()
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno - node.lineno >= SCREEN] == []


def test_no_file_imports_itself_by_way_of_others():
    known = modules()
    assert len(known) > 400
    arrows = {name: set(imported(path, known)) for name, path in known.items()}
    TopologicalSorter(arrows).prepare()  # CycleError names the circle


def test_what_takes_a_simulation_says_so():
    paths = [path for room in ("src", "studies", "tools") for path in (ROOT / room).rglob("*.py")]
    assert len(paths) > 400
    assert [where for path in paths for where in untyped(path)] == []


def numbers(path):
    """The constants of a file that are numbers: line, and whether anything is said of them.

    A comment stands over each, or over the block of them that it stands in, or beside it.
    """
    lines = ["", *path.read_text().splitlines(), ""]
    for node in ast.parse("\n".join(lines[1:])).body:
        kinds = {type(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)}
        if isinstance(node, ast.Assign) and kinds & {int, float} and str not in kinds:
            above = node.lineno - 1
            while lines[above] and not lines[above].startswith("#"):
                above -= 1
            yield f"{path.name}:{node.lineno}", bool(
                lines[above] or "#" in lines[node.end_lineno]
                or lines[node.end_lineno + 1].startswith('"""'))


# Rooms and wings whose numbers all say their unit, and their reason or grade.
TOLD = ("aircraft", "autopilot/aboard", "autopilot/codes.py", "autopilot/control",
        "autopilot/crew", "autopilot/dispatch.py", "autopilot/failsafe", "autopilot/manoeuvres",
        "autopilot/system.py", "cli", "earth", "planning")


@pytest.mark.parametrize("room", TOLD)
def test_each_number_says_its_unit_and_its_reason(room):
    top = ROOT / "src/longwatch" / room
    paths = sorted(top.rglob("*.py")) if top.is_dir() else [top]
    assert [where for path in paths for where, told in numbers(path) if not told] == []
