"""Generated files: sections of ``[configuration]`` and keys of the catalog -> items -> text, worked out per task."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.document import Table, Text, Value
from minos_web.clusterfile.evaluate import Evaluator, Scope
from minos_web.clusterfile.formats.chunks import CannotRender, Chunk, Item
from minos_web.clusterfile.formats.table import FORMATS
from minos_web.clusterfile.problems import Place, Problem, error_at, warning_at


@dataclass
class FilePlan:
    """How one generated file of a cluster is made. Texts are kept, as most tasks of a job get the same ones."""

    file: GeneratedFile
    place: Place
    entries: list[tuple[str, Value]]
    words: Evaluator
    _texts: dict[tuple[Item, ...], str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.file.name

    def text(self, scope: Scope, problems: list[Problem]) -> str:
        """Text of the file for a task; empty, with ``problems``, when it cannot be made."""
        items, _, found = self.items(scope)
        problems += found
        if any(problem.level == "error" for problem in found):
            return ""
        key = tuple(items)
        if key not in self._texts:
            try:
                self._texts[key] = "".join(chunk.text for chunk in self.chunks(items))
            except CannotRender as error:
                problems.append(error_at(self._place_of(error.key), str(error)))
                return ""
        return self._texts[key]

    def chunks(self, items: list[Item]) -> list[Chunk]:
        """The file in pieces that know their item. Raises CannotRender."""
        renderer = FORMATS.get(self.file.format)
        if renderer is None:
            known = ", ".join(FORMATS)
            raise CannotRender("", f"{self.name} asks for the format {self.file.format!r}; there are {known}")
        return renderer(items, self.file)

    def items(self, scope: Scope) -> tuple[list[Item], list[Value], list[Problem]]:
        """The items for a task, for each the value it comes from, and what went wrong."""
        items: list[Item] = []
        values: list[Value] = []
        at: dict[str, int] = {}
        problems: list[Problem] = []
        for written, value in self.entries:
            key, found = self.words.text_of(written, value.place, scope) if "%{" in written else (written, [])
            text, more = self._value(value, scope)
            if found or more:
                problems += [*found, *more]
            index = at.setdefault(key, len(items))
            if index == len(items):
                items.append(Item(key, text))
                values.append(value)
            elif value.level <= values[index].level:
                items[index], values[index] = Item(key, text), value
        return items, values, problems

    def _value(self, value: Value, scope: Scope) -> tuple[Text, list[Problem]]:
        if isinstance(value.text, str) and "%{" not in value.text:
            return value.text, []
        return self.words.value(value, scope)

    def _place_of(self, key: str) -> Place:
        return next((value.place for written, value in self.entries if written == key), self.place)


def file_plans(description: ClusterDescription, words: Evaluator) -> list[FilePlan]:
    """The plan of every generated file that no raw file replaces."""
    return [
        _plan(description, file, words) for file in description.service.files if file.name not in description.raw_files
    ]


_FROM_CATALOG = -1
"""Level of keys that the catalog puts over everything else."""


def _plan(description: ClusterDescription, file: GeneratedFile, words: Evaluator) -> FilePlan:
    table = description.configuration.tables.get(file.section_name)
    place = table.place if table else description.configuration.place
    if file.only_secured and not description.secured:
        return FilePlan(file, place, [], words)
    entries = [*_section_entries(table), *_catalog_entries(description, file)]
    return FilePlan(file, place, entries, words)


def _section_entries(table: Table | None) -> Iterator[tuple[str, Value]]:
    yield from table.values.items() if table else ()


def _catalog_entries(description: ClusterDescription, file: GeneratedFile) -> Iterator[tuple[str, Value]]:
    sets = [file.set] + [extra.keys for extra in file.set_when if description.attributes.get(extra.when)]
    source = f"{description.service.name}/service.toml"
    for keys in sets:
        for key, text in keys.items():
            yield key, Value(text, Place(source, None, file.name, key), _FROM_CATALOG)


def section_warnings(file: GeneratedFile, table: Table) -> Iterator[Problem]:
    """Keys of a section that hold a list by mistake."""
    if file.format == "yaml":
        return
    for key, value in table.values.items():
        if not isinstance(value.text, str):
            shown = str(list(value.text))
            yield warning_at(
                value.place, f"the comma outside of quotes makes a list, and {key} becomes {shown}; quote the value"
            )
