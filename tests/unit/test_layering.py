"""The shape of the house: who may import whom, what the core may not touch, and how long things may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import routing

PACKAGE = Path(routing.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "embedded" not in path.relative_to(PACKAGE).parts)

STREET = ("osm", "network", "travel", "problem", "plan", "events", "replan", "export", "interface")
"""Left to right; a room imports only from rooms to its left."""
ALSO = {"store": ("events",), "feeds": ("network", "travel", "problem"), "simulate": STREET[1:7]}
"""Rooms beside the street, and what they may import; only the interface may import them."""
FOR_ALL = ("errors", "units")

SHELL_FILES = {
    "osm/area.py",
    "osm/read.py",
    "osm/opl.py",
    "osm/josm.py",
    "osm/graphml.py",
    "osm/fetch.py",
    "osm/crop.py",
    "network/save.py",
    "plan/engines/worker.py",
}
"""Reading, storing and worker processes are the shell also where they live in a room of the core."""
CORE = ("osm", "network", "travel", "problem", "plan", "events", "replan", "simulate")
FORBIDDEN_IN_CORE = {
    "asyncio",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "requests",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
}
FORBIDDEN_CALLS = {"now", "today", "utcnow", "open", "print", "input", "default_rng"}

MOST_LINES = 400
MOST_BODY_LINES = 60


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def may_import(importer: str, imported_room: str) -> bool:
    if imported_room in (importer, *FOR_ALL):
        return True
    if importer in ALSO:
        return imported_room in ALSO[importer]
    if importer == "interface":
        return imported_room in (*STREET, *ALSO)
    left = STREET[: STREET.index(importer)] if importer in STREET else ()
    return imported_room in left


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_room_imports_only_from_its_left(path: Path) -> None:
    importer = room(path)
    if not importer and path.stem not in FOR_ALL:
        return  # routing/__init__.py names the public surface of all rooms
    wrong = [
        target
        for target in imported(tree(path))
        if target.split(".")[0] == "routing"
        and not may_import(importer, target.split(".")[1] if "." in target else "")
        and not (importer == "interface" and target in ("routing", "routing.__version__"))
    ]
    assert wrong == []


def test_the_exceptions_exist() -> None:
    assert {name(path) for path in MODULES} >= SHELL_FILES


def test_every_room_has_its_place_on_the_street() -> None:
    rooms = {room(path) for path in MODULES} - {""}
    assert rooms <= {*STREET, *ALSO}


def unseeded(module: ast.Module) -> list[int]:
    """Return the lines that draw random numbers, save from a generator that is given its seed."""
    seeded = {
        id(node.func)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "Random" and node.args
    }
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and getattr(node.value, "id", getattr(node.value, "attr", "")) == "random"
        and id(node) not in seeded
    ]


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in CORE], ids=name)
def test_the_core_has_no_clock_no_chance_and_no_files(path: Path) -> None:
    if name(path) in SHELL_FILES:
        return
    module = tree(path)
    outside = {target.split(".")[0] for target in imported(module)} & FORBIDDEN_IN_CORE
    calls = {
        called
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and (called := getattr(node.func, "attr", getattr(node.func, "id", ""))) in FORBIDDEN_CALLS
    }
    assert (outside, calls, unseeded(module)) == (set(), set(), [])


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a body, its docstring not counted."""
    told = ast.get_docstring(function) is not None
    body = function.body[1:] if told else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_files_and_bodies_keep_to_their_walls(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    long = {node.name: body_lines(node) for node in functions if body_lines(node) > MOST_BODY_LINES}
    assert len(text.splitlines()) <= MOST_LINES
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_file_is_called_after_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "base", "manager"}


def test_every_room_says_what_it_is() -> None:
    silent = [path for path in MODULES if path.name == "__init__.py" and not ast.get_docstring(tree(path))]
    assert [name(path) for path in silent] == []


def test_importing_the_package_loads_no_room() -> None:
    import subprocess
    import sys

    code = "import sys, routing; print([m for m in sys.modules if m.startswith('routing.')])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
