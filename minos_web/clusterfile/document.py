"""Files joined by ``base=`` into one document; every value knows where it comes from and what it replaced."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from minos_web.clusterfile.interpolate import BadInterpolation, interpolated
from minos_web.clusterfile.parse import Section
from minos_web.clusterfile.problems import Place, Problem, error_at

Text = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it will be used. ``level`` counts from the cluster file (0) through its bases.

    ``over`` is the inherited value that this one replaced. ``problem`` says why the text could not be made.
    """

    text: Text
    place: Place
    level: int = 0
    over: "Value | None" = None
    problem: str | None = None


@dataclass
class Table:
    """A section with its keys in order and its sub-sections."""

    place: Place
    level: int = 0
    values: dict[str, Value] = field(default_factory=dict)
    tables: dict[str, "Table"] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Text of a key, empty when it is missing or a list."""
        value = self.values.get(key)
        return value.text if value and isinstance(value.text, str) else ""

    def problems(self) -> Iterator[Problem]:
        """Values in here that could not be made."""
        for value in self.values.values():
            if value.problem:
                yield error_at(value.place, value.problem)
        for table in self.tables.values():
            yield from table.problems()


@dataclass
class Document:
    """The top sections of a cluster file after inheritance."""

    file: str
    tables: dict[str, Table]
    files: tuple[str, ...]
    """The cluster file, then its bases, nearest first."""


def as_table(section: Section, file: str, level: int) -> Table:
    """A section of one file, its values interpolated."""
    table = Table(Place(file, section.line, section.path or None), level)
    for key, entry in section.entries.items():
        place = Place(file, entry.line, section.path or None, key)
        try:
            raw = interpolated(section, entry)
        except BadInterpolation as bad:
            table.values[key] = Value("", place, level, problem=str(bad))
        else:
            table.values[key] = Value(tuple(raw) if isinstance(raw, list) else raw, place, level)
    for name, inner in section.sections.items():
        table.tables[name] = as_table(inner, file, level)
    return table
