"""PURE. What a file of the config directory is made of: its sections, the files it builds on, those that build on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from minos_web.clusterfile.bases import builders
from minos_web.clusterfile.document import Document, Table, Value
from minos_web.clusterfile.inherit import load_document
from minos_web.clusterfile.parse import Section, parse
from minos_web.clusterfile.problems import Place
from minos_web.clusterfile.tree import ConfigTree, NotText

MOST_BUILDERS = 50


@dataclass(frozen=True)
class Heading:
    """A section of the file; ``depth`` counts from 1."""

    name: str
    line: int
    depth: int
    keys: int


@dataclass(frozen=True)
class Replaced:
    """A key of a base that a nearer file gives another value. ``text`` counts, ``was`` is what it replaces."""

    section: str
    key: str
    place: Place
    text: str
    was_place: Place
    was: str


@dataclass(frozen=True)
class Level:
    """A file of the chain, the nearest first. ``used`` of its ``keys`` below [configuration] count, the others are in
    ``replaced``."""

    file: str
    keys: int
    replaced: tuple[Replaced, ...]


@dataclass(frozen=True)
class Outline:
    """``levels`` begin with the file itself; ``built_on_by`` are the files whose ``base=`` it is."""

    headings: tuple[Heading, ...]
    levels: tuple[Level, ...]
    built_on_by: tuple[str, ...]


def outline(tree: ConfigTree, path: str) -> Outline:
    """The outline of a ``.cfg`` file; of one that is no text or not there, an empty one."""
    try:
        text = tree.read(path) or ""
    except NotText:
        text = ""
    root, _problems = parse(text, path)
    document, _problems = load_document(tree, path)
    above = [file for number, file in enumerate(builders(tree, path)) if number < MOST_BUILDERS]
    return Outline(tuple(_headings(root)), tuple(_levels(document)), tuple(sorted(above)))


def _headings(section: Section) -> Iterator[Heading]:
    for inner in sorted(section.sections.values(), key=lambda one: one.line):
        yield Heading(inner.name, inner.line, inner.depth, len(inner.entries))
        yield from _headings(inner)


def _levels(document: Document) -> Iterator[Level]:
    configuration = document.tables.get("configuration")
    values = list(_values(configuration)) if configuration else []
    for file in document.files:
        own, replaced = 0, []
        for section, key, value in values:
            nearer = value
            for one in _chain(value):
                if one.place.file == file:
                    own += 1
                    if one is not value:
                        replaced.append(Replaced(section, key, nearer.place, _text(nearer), one.place, _text(one)))
                nearer = one
        yield Level(file, own, tuple(replaced))


def _values(table: Table, inside: str = "") -> Iterator[tuple[str, str, Value]]:
    for key, value in table.values.items():
        yield inside, key, value
    for name, inner in table.tables.items():
        yield from _values(inner, f"{inside}/{name}" if inside else name)


def _chain(value: Value) -> Iterator[Value]:
    """The value and those it replaced, nearest first."""
    found: Value | None = value
    while found is not None:
        yield found
        found = found.over


def _text(value: Value) -> str:
    return value.text if isinstance(value.text, str) else ", ".join(value.text)
