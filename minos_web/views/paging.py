"""PURE. One page of a long list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """``items`` of page ``number`` (from 1) out of ``total`` items, ``size`` to a page."""

    items: Sequence[Any]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first item, counted from 1; 0 for an empty list."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Position of the last item on this page."""
        return (self.number - 1) * self.size + len(self.items)


def wanted_page(params: Mapping[str, str]) -> int:
    """The page that a query asks for with ``page=``; 1 for anything that is no number."""
    text = params.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def cut(rows: Sequence[Any], number: int, size: int) -> Page:
    """Page ``number`` of ``rows``, or the last one when there are fewer pages."""
    pages = max(1, -(-len(rows) // size))
    number = min(number, pages)
    return Page(rows[(number - 1) * size : number * size], number, size, len(rows))
