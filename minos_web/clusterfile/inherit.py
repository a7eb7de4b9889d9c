"""``base=``: reads a cluster file with its bases and lays them over each other."""

from dataclasses import replace

from minos_web.clusterfile.document import Document, Table, Value, as_table
from minos_web.clusterfile.interpolate import BadInterpolation, interpolated
from minos_web.clusterfile.parse import Section, parse
from minos_web.clusterfile.problems import Place, Problem, error_at, warning_at
from minos_web.clusterfile.tree import ConfigTree, NotText, find

_DEEPEST = 50


def load_document(tree: ConfigTree, path: str) -> tuple[Document, list[Problem]]:
    """The file at ``path`` joined with its bases, and every problem on the way. With an error, parts are missing."""
    chain, problems = _read_chain(tree, path)
    layers = [
        {name: as_table(section, file, level) for name, section in root.sections.items()}
        for level, (file, root) in enumerate(chain)
    ]
    tables: dict[str, Table] = {}
    for layer in reversed(layers):
        tables = _lay_over(layer, tables, problems)
    return Document(path, tables, tuple(file for file, _ in chain)), problems


def _read_chain(tree: ConfigTree, path: str) -> tuple[list[tuple[str, Section]], list[Problem]]:
    chain: list[tuple[str, Section]] = []
    problems: list[Problem] = []
    asked = Place(path)
    following: str | None = path
    while following is not None:
        root = _read(tree, following, asked, problems)
        if root is None:
            break
        chain.append((following, root))
        configuration = root.sections.get("configuration")
        if configuration is None:
            problems.append(error_at(Place(following), "the section [configuration] is missing; every file needs it"))
            break
        _warn_of_lost_base(configuration, following, problems)
        entry = configuration.entries.get("base")
        if entry is None:
            break
        asked = Place(following, entry.line, "configuration", "base")
        try:
            value = interpolated(configuration, entry)
        except BadInterpolation as bad:
            problems.append(error_at(asked, str(bad)))
            break
        following = _base_of(tree, value, asked, [file for file, _ in chain], problems)
    return chain, problems


def _read(tree: ConfigTree, path: str, asked: Place, problems: list[Problem]) -> Section | None:
    try:
        text = tree.read(path)
    except NotText as error:
        problems.append(error_at(asked, str(error)))
        return None
    if text is None:
        problems.append(error_at(asked, f"there is no file {path}"))
        return None
    root, found = parse(text, path)
    problems.extend(found)
    return root


def _base_of(
    tree: ConfigTree, value: str | list[str], asked: Place, chain: list[str], problems: list[Problem]
) -> str | None:
    if isinstance(value, list) or not value:
        problems.append(error_at(asked, "base= takes one path"))
        return None
    plain = value.replace("%{config_dir}", "")
    if "%{" in plain:
        problems.append(error_at(asked, f"{value}: only %{{config_dir}} can stand in the path of a base"))
        return None
    try:
        found = find(tree, plain, asked.file)
    except NotText as error:
        problems.append(error_at(asked, str(error)))
        return None
    if found is None:
        problems.append(error_at(asked, f"the base {value} does not exist"))
    elif found in chain:
        problems.append(error_at(asked, f"the bases go in a circle: {' -> '.join([*chain, found])}"))
    elif len(chain) >= _DEEPEST:
        problems.append(error_at(asked, f"more than {_DEEPEST} files build on each other"))
    else:
        return found
    return None


def _warn_of_lost_base(configuration: Section, file: str, problems: list[Problem]) -> None:
    for section in configuration.sections.values():
        entry = section.entries.get("base")
        if entry and isinstance(entry.value, str) and entry.value.endswith(".cfg"):
            place = Place(file, entry.line, section.path, "base")
            problems.append(
                warning_at(
                    place,
                    f"this base= belongs to [[{section.name}]], because it stands behind it; nothing is inherited. "
                    "Move it up, directly below [configuration]",
                )
            )


def _lay_over(child: dict[str, Table], base: dict[str, Table], problems: list[Problem]) -> dict[str, Table]:
    """Inside ``[configuration]`` the child wins key by key; any other section that the base has wins as a whole."""
    merged = dict(base)
    for name, table in child.items():
        if name == "configuration":
            merged[name] = _over_configuration(table, base[name]) if name in base else _without_base(table)
        elif name not in base:
            merged[name] = table
        else:
            problems.append(
                warning_at(
                    table.place,
                    f"[{name}] is ignored, because the base {base[name].place} has a section of that name, "
                    "which wins as a whole",
                )
            )
    return merged


def _over_configuration(child: Table, base: Table) -> Table:
    merged = Table(child.place, child.level, dict(base.values), dict(base.tables))
    for key, value in _without_base(child).values.items():
        merged.tables.pop(key, None)
        merged.values[key] = _over(value, base.values.get(key))
    for name, table in child.tables.items():
        merged.values.pop(name, None)
        merged.tables[name] = _over_table(table, base.tables[name]) if name in base.tables else table
    return merged


def _over_table(child: Table, base: Table) -> Table:
    values = dict(base.values)
    for key, value in child.values.items():
        values[key] = _over(value, base.values.get(key))
    return Table(child.place, child.level, values, {**base.tables, **child.tables})


def _over(value: Value, base: Value | None) -> Value:
    return replace(value, over=base) if base else value


def _without_base(table: Table) -> Table:
    values = {key: value for key, value in table.values.items() if key != "base"}
    return Table(table.place, table.level, values, table.tables)
