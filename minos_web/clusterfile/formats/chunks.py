"""What all renderers of files share: items in, pieces of text out that know from which item they come."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.document import Text


class Item(NamedTuple):
    """A key with its evaluated value; the items of an unquoted comma list are a tuple."""

    key: str
    value: Text


class Chunk(NamedTuple):
    """Text of a file, and the index of the item it was made from (-1: from none)."""

    text: str
    item: int = -1


class CannotRender(ValueError):
    """Items that a format cannot be made of. ``key`` names the one at fault, empty when it is the whole section."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


Renderer = Callable[[Sequence[Item], GeneratedFile], list[Chunk]]
"""Makes the chunks of a file. Raises CannotRender."""


def one_text(value: Text) -> str:
    """A value as one text; a list looks as Python prints it, which is what old files get."""
    return value if isinstance(value, str) else str(list(value))
