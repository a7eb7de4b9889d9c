"""A file made of a table of keys, such as ``zookeeper.cfg``: old names of the section -> names of the file."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.formats.chunks import CannotRender, Chunk, Item, one_text


def render(items: Sequence[Item], file: GeneratedFile) -> list[Chunk]:
    """Keys of the table under their names in the file, then keys that pass through, then whole lines.

    Raises CannotRender when a key of the table is missing.
    """
    found = {item.key: index for index, item in enumerate(items)}
    _check_complete(found, file)
    chunks = list(_table_lines(items, found, file))
    for index, item in enumerate(items):
        if _passes(item.key, file):
            chunks.append(_line(item.key, one_text(item.value), index))
    for key in file.lines:
        text = one_text(items[found[key]].value)
        chunks.append(Chunk(text if text.endswith("\n") or not text else text + "\n", found[key]))
    return [*chunks, *_switched_lines(items, found, file)]


def unused_keys(keys: Iterator[str] | Sequence[str], file: GeneratedFile) -> list[str]:
    """Keys of a section that are written nowhere."""
    known = {*file.keys, *file.optional_keys, *file.lines}
    if file.switch:
        known |= {file.switch.key, *file.switch.keys}
    return [key for key in keys if key not in known and not _passes(key, file)]


def _check_complete(found: dict[str, int], file: GeneratedFile) -> None:
    needed = [*file.keys, *file.lines]
    if file.switch:
        needed += [file.switch.key, *file.switch.keys]
    missing = [key for key in needed if key not in found]
    if missing:
        raise CannotRender("", f"{file.name} is made of keys of which {', '.join(missing)} is missing")


def _table_lines(items: Sequence[Item], found: dict[str, int], file: GeneratedFile) -> Iterator[Chunk]:
    for key, name in (*file.keys.items(), *file.optional_keys.items()):
        if key in found:
            yield _line(name, one_text(items[found[key]].value), found[key])


def _switched_lines(items: Sequence[Item], found: dict[str, int], file: GeneratedFile) -> Iterator[Chunk]:
    if file.switch is None:
        return
    prefix = one_text(items[found[file.switch.key]].value)
    for key, name in file.switch.keys.items():
        yield _line(prefix + name, one_text(items[found[key]].value), found[key])
    for name, value in file.switch.fixed.items():
        yield _line(prefix + name, value, found[file.switch.key])


def _line(name: str, value: str, index: int) -> Chunk:
    return Chunk(f"{name}={' '.join(value.splitlines())}\n", index)


def _passes(key: str, file: GeneratedFile) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in file.pass_through)
