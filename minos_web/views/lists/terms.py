"""PURE. What is typed into a list's filter: words, and ``key:value`` pairs like rack:r12 or -state:running,stopped."""

import re
from collections.abc import Collection
from dataclasses import dataclass

LONGEST = 400
MOST_TERMS = 20
_TERM = re.compile(r'(?P<minus>-?)(?:(?P<key>[A-Za-z][A-Za-z_]*):)?(?P<value>"[^"]*"?|[^\s"]\S*|)(?:\s+|\Z|(?=["]))')


@dataclass(frozen=True)
class Term:
    """One condition: ``key`` (empty: any text of the row) has one of ``values``; ``negated``: has none of them."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Typed:
    """What was understood, and what is wrong with the rest, in words."""

    terms: tuple[Term, ...] = ()
    problem: str = ""


def read_terms(text: str, keys: Collection[str]) -> Typed:
    """The conditions of a filter. ``keys`` are those that the list knows."""
    if len(text) > LONGEST:
        return Typed(problem=f"A filter has at most {LONGEST} characters; this one has {len(text):,}.")
    terms = [term for term in map(_term, _TERM.finditer(text.strip())) if term is not None]
    if len(terms) > MOST_TERMS:
        return Typed(problem=f"A filter has at most {MOST_TERMS} conditions; this one has {len(terms)}.")
    return Typed(tuple(terms), _wrong(terms, keys))


def _term(match: re.Match[str]) -> Term | None:
    key, said = (match["key"] or "").lower(), match["value"]
    if not key and not said:
        return None
    quoted = said.startswith('"')
    texts = [said.strip('"')] if quoted or not key else said.split(",")
    return Term(key, tuple(one.strip() for one in texts if one.strip()), match["minus"] == "-")


def _wrong(terms: list[Term], keys: Collection[str]) -> str:
    known = ", ".join(sorted(keys))
    for term in terms:
        if term.key and term.key not in keys:
            return f"There is no key {term.key!r} here; there are {known}. Put quotes round it to look for it as text."
        if term.key and not term.values:
            return f"Behind {term.key}: stands nothing; write {term.key}:value, or several with commas between them."
    return ""
