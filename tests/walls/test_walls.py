"""The house rules, checked over the source of every room."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.walls import rules

TOP = Path(__file__).resolve().parents[2]
ROOTS = ("minos_common", "minos_worker", "minos_web", "benchmarks")
FILES = sorted(file for root in ROOTS for file in (TOP / root).rglob("*.py"))


def module_of(file: Path) -> str:
    parts = file.relative_to(TOP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def imports_of(file: Path) -> Iterator[tuple[str, int]]:
    """(module, line) of every import, also of those inside functions."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative import"
            yield node.module or "", node.lineno


def inside(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def room_of(module: str) -> tuple[int, str] | None:
    for floor, rooms in enumerate(rules.FLOORS):
        for room in rooms:
            if inside(module, room):
                return floor, room
    return None


def names(file: Path) -> str:
    return str(file.relative_to(TOP))


@pytest.mark.parametrize("file", FILES, ids=names)
def test_imports_go_down(file: Path) -> None:
    here = room_of(module_of(file))
    if here is None:
        return
    for module, line in imports_of(file):
        there = room_of(module)
        if there is None or there[1] == here[1]:
            continue
        allowed = there[0] > here[0] or (here[1], there[1]) in rules.NEIGHBOURS
        assert allowed, f"{names(file)}:{line}: {here[1]} may not import {module}"


@pytest.mark.parametrize("file", FILES, ids=names)
def test_nobody_imports_what_is_forbidden(file: Path) -> None:
    here = module_of(file)
    for module, line in imports_of(file):
        for room, never in rules.NEVER:
            assert not (inside(here, room) and inside(module, never)), (
                f"{names(file)}:{line}: {room} never imports {never}"
            )
        for only, rooms in rules.ONLY_IN.items():
            if inside(module, only):
                assert any(inside(here, room) for room in rooms), (
                    f"{names(file)}:{line}: {only} belongs to {', '.join(rooms)}"
                )


@pytest.mark.parametrize("file", FILES, ids=names)
def test_files_are_small_and_say_what_they_are_for(file: Path) -> None:
    lines = len(file.read_text().splitlines())
    assert lines <= rules.MOST_LINES, f"{names(file)} has {lines} lines: split it"
    assert not set(file.relative_to(TOP).with_suffix("").parts) & rules.FORBIDDEN_NAMES, (
        f"{names(file)}: a name that says nothing"
    )
    if lines:
        assert ast.get_docstring(tree_of(file)), f"{names(file)}: its first line should say what it is for"


@pytest.mark.parametrize("file", [f for f in FILES if f.name == "__init__.py"], ids=names)
def test_init_files_only_wire(file: Path) -> None:
    for node in tree_of(file).body:
        wiring = isinstance(node, ast.Import | ast.ImportFrom) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        function = isinstance(node, ast.FunctionDef) and node.name in ("main", "includeme")
        assert wiring or function, f"{names(file)}:{node.lineno}: only wiring belongs in __init__"


@pytest.mark.parametrize("file", FILES, ids=names)
def test_importing_does_no_work(file: Path) -> None:
    """Module level holds definitions and constants; a bare call would act at import."""
    for node in tree_of(file).body:
        assert not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)), (
            f"{names(file)}:{node.lineno}: work at import time"
        )


def test_modules_load_without_a_circle() -> None:
    """No module imports itself over others at load time."""
    graph = {
        module_of(f): {n.module for n in tree_of(f).body if isinstance(n, ast.ImportFrom) and n.module} for f in FILES
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path, module])
        if module in done or module not in graph:
            return
        for target in graph[module]:
            visit(target, (*path, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def test_the_matrix_of_services_names_tests_that_are_there() -> None:
    text = (TOP / "docs" / "matrix.md").read_text()
    named = set(re.findall(r"(test_\w+)::(test_\w+)", text))
    assert len(named) > 30
    missing = [
        f"{file}::{test}"
        for file, test in sorted(named)
        if f"\ndef {test}(" not in next((TOP / "tests" / "whole").rglob(f"{file}.py")).read_text()
    ]
    assert missing == []
    assert all((TOP / path).is_file() for path in re.findall(r"`(tests/[\w/]+\.py)`", text))
