"""``jaas.conf``: one login block. The first key of the section, ``headerLine``, is "module flag"."""

from collections.abc import Sequence

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.formats.chunks import CannotRender, Chunk, Item, one_text


def render(items: Sequence[Item], file: GeneratedFile) -> list[Chunk]:
    """The block named by the catalog with one option for each further key; nothing without items."""
    if not items:
        return []
    if items[0].key != "headerLine":
        raise CannotRender(items[0].key, 'the first key must be headerLine, e.g. headerLine="<module> required"')
    chunks = [Chunk(f"{file.block} {{\n"), Chunk(f"  {one_text(items[0].value)}", 0)]
    for index, item in enumerate(items[1:], 1):
        chunks.append(Chunk(f"\n  {item.key}={_quoted(one_text(item.value))}", index))
    return [*chunks, Chunk(";\n};\n")]


def _quoted(value: str) -> str:
    return value if value in ("true", "false") or '"' in value else f'"{value}"'
