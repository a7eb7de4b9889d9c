"""PURE. What a list's URL asks for, and URLs that ask for something else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from minos_web.views.lists.terms import Term, read_terms
from minos_web.views.paging import wanted_page

USUAL_SIZE = 50
SIZES = (25, 50, 100, 200)
"""Rows to a page that one may choose; any number between the least and the most is taken."""
KEPT = ("q", "kind", "sort", "size", "col")
"""Parameters that make up a filter: what is saved, and what stays when one of them changes."""
LONGEST_QUERY = 1000


@dataclass(frozen=True)
class Names:
    """What a list knows by name. ``usual`` columns are shown when nobody chose; ``sorts`` are those one may sort by."""

    columns: Sequence[str]
    usual: Sequence[str]
    fixed: Collection[str]
    sorts: Collection[str]
    keys: Collection[str]
    kinds: Collection[str]
    usual_sort: str


@dataclass(frozen=True)
class Asked:
    """``sort`` is a column, ``turned`` the other way than it usually sorts. ``problem`` says what is wrong with the filter."""

    text: str
    terms: tuple[Term, ...]
    problem: str
    kind: str
    sort: str
    turned: bool
    page: int
    size: int
    columns: tuple[str, ...]

    @property
    def narrows(self) -> bool:
        """Whether anything is left out at all."""
        return bool(self.text or self.kind)


def asked(params: Mapping[str, str], columns: Sequence[str], names: Names) -> Asked:
    """What the parameters ask for; ``columns`` are the values of ``col``. What is unknown is as usual, but for filters."""
    text = params.get("q", "").strip()
    typed = read_terms(text, names.keys)
    kind = params.get("kind", "").strip()
    problem = typed.problem
    if kind and kind not in names.kinds:
        problem = problem or f"There is no state {kind[:40]!r} here; there are {', '.join(names.kinds)}."
    sort = params.get("sort", "")
    name = sort.removeprefix("-")
    if name not in names.sorts:
        sort = name = names.usual_sort
    return Asked(
        text=text,
        terms=typed.terms,
        problem=problem,
        kind=kind,
        sort=name,
        turned=sort.startswith("-"),
        page=wanted_page(params),
        size=_size(params.get("size", "")),
        columns=_columns(columns, names),
    )


def _size(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else USUAL_SIZE
    return min(max(number, SIZES[0]), SIZES[-1])


def _columns(chosen: Sequence[str], names: Names) -> tuple[str, ...]:
    """In the order of the list; those that are fixed are always there."""
    known = {one for text in chosen for one in text.split(",")} & set(names.columns)
    shown = known or set(names.usual)
    return tuple(name for name in names.columns if name in shown or name in names.fixed)


def changed(pairs: Sequence[tuple[str, str]], changes: Mapping[str, str]) -> list[tuple[str, str]]:
    """The query with other values: an empty one takes a parameter away. The page is not kept: it was one of another list."""
    kept = [(name, value) for name, value in pairs if name in KEPT and name not in changes and value]
    return [*kept, *((name, value) for name, value in changes.items() if value)]


def same_filter(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> bool:
    """Whether two queries ask for the same, whatever their order."""
    return sorted(changed(one, {})) == sorted(changed(other, {}))
