"""``[configuration]``: raw files, and whether the sections fit what the service makes files from."""

from collections.abc import Iterator

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.description import ClusterDescription, RawFile
from minos_web.clusterfile.document import Table
from minos_web.clusterfile.evaluate import Context, Scope
from minos_web.clusterfile.files import section_warnings
from minos_web.clusterfile.formats.key_table import unused_keys
from minos_web.clusterfile.forms import language
from minos_web.clusterfile.problems import Problem, error_at, warning_at
from minos_web.clusterfile.tree import ConfigTree, NotText, find

HOOKS = ("pre.sh", "post.sh")
"""What a host runs around a task; where such a file is empty, nothing."""


def read_raw_files(tree: ConfigTree, description: ClusterDescription) -> tuple[dict[str, RawFile], list[Problem]]:
    """Raw files by name, and what is wrong with them. A file that is not there is sent empty."""
    files: dict[str, RawFile] = {}
    problems: list[Problem] = []
    words = language(description, Context(config_dir=""))
    for key, value in description.configuration.values.items():
        if value.problem:
            continue
        if not isinstance(value.text, str):
            problems.append(error_at(value.place, f"{key} takes one path; put a path with commas into quotes"))
            continue
        path, found = words.text(value, Scope(None))
        name, more = words.text_of(key, value.place, Scope(None))
        problems += [*found, *more]
        if any(problem.level == "error" for problem in (*found, *more)):
            continue
        try:
            source = find(tree, path, value.place.file) if path else None
            text = (tree.read(source) or "") if source else ""
        except NotText as error:
            problems.append(error_at(value.place, str(error)))
            continue
        if source is None and not _is_optional(name, path):
            shown = path.lstrip("/") or "the path"
            problems.append(warning_at(value.place, f"{shown} is not there; {name} is sent as an empty file"))
        files[name] = RawFile(name, source or path.lstrip("/"), text, value.place)
    return files, problems


def _is_optional(name: str, path: str) -> bool:
    """Whether a file is often not there on purpose: base files name the hooks of every service, few have any."""
    return name in HOOKS and path.rpartition("/")[2] == name


def section_problems(description: ClusterDescription) -> Iterator[Problem]:
    """File sections that are missing, never sent, or hold what cannot be used."""
    configuration = description.configuration
    yield from configuration.problems()
    wanted = set(description.service.other_sections)
    for file in description.service.files:
        section = file.section_name
        wanted.add(section)
        if not section or file.optional or file.name in description.raw_files:
            continue
        if section not in configuration.tables:
            yield error_at(
                configuration.place,
                f"the section [[{section}]] is missing; {file.name} is made from it (it may be empty)",
            )
    for name, table in configuration.tables.items():
        if name not in wanted:
            yield warning_at(table.place, f"{description.service.name} makes no file from [[{name}]]; it is never sent")
        if name in description.raw_files:
            yield warning_at(table.place, f"{name} is sent as a raw file; this section is not used")
        for file in description.service.files:
            if file.section_name == name and file.name not in description.raw_files:
                yield from section_warnings(file, table)
                yield from _unwritten(file, table)
        for inner in table.tables.values():
            yield warning_at(inner.place, f"[[[{inner.place.section}]]] is not used: files are made of keys only")


def _unwritten(file: GeneratedFile, table: Table) -> Iterator[Problem]:
    if file.format == "key-table":
        for key in unused_keys(list(table.values), file):
            modern = next((old for old, name in file.optional_keys.items() if name == key), "")
            hint = f"; write {modern}=" if modern else ""
            yield warning_at(table.values[key].place, f"{key} is not written into {file.name}{hint}")
