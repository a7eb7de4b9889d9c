"""PURE. Reports of quotas as mails: a table for one user over the clusters, tables of the clusters for admins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from minos_web.monitor.quotas.rules import NAMES, SPACE, Limits, Numbers, judged, names_words
from minos_web.monitor.quotas.sizes import size_words

MOST_HTML = 60_000
"""Characters of a report: databases keep no longer texts. What does not fit stands on the board."""
_COLUMNS = ("Space quota", "Used", "Left", "Name quota", "Used", "Left")
_CELL = "padding:4px 10px;border:1px solid #d5d9e0;text-align:right;white-space:nowrap"
_FIRST = "padding:4px 10px;border:1px solid #d5d9e0;text-align:left"
_BAD = "color:#b42318;font-weight:bold"
_TABLE = "border-collapse:collapse;font:14px sans-serif"
_TEXT = "font:14px sans-serif"


@dataclass(frozen=True)
class Line:
    """One row of a report: what stands in front, its numbers, how it is judged."""

    name: str
    numbers: Numbers


@dataclass(frozen=True)
class Report:
    """A mail in both forms. ``bad`` counts lines that need a look."""

    title: str
    text: str
    html: str
    bad: int


def user_report(user: str, lines: Sequence[Line], limits: Limits, day: str, url: str) -> Report:
    """What a user has in each cluster."""
    title = f"HDFS quotas of {user}, {day}"
    return _report(title, [("Cluster", "", lines)], limits, url)


def admin_report(clusters: Sequence[tuple[str, Sequence[Line]]], limits: Limits, day: str, url: str) -> Report:
    """Every cluster by user, those that need a look first, then by what they use."""
    tables = [("User", name, sorted(lines, key=lambda line: _order(line, limits))) for name, lines in clusters]
    return _report(f"HDFS quotas of all users, {day}", tables, limits, url)


def _order(line: Line, limits: Limits) -> tuple[bool, int, str]:
    return not judged(line.numbers, limits), -(line.numbers.space_used or 0), line.name


def _report(title: str, tables: Sequence[tuple[str, str, Sequence[Line]]], limits: Limits, url: str) -> Report:
    bad = sum(bool(judged(line.numbers, limits)) for _, _, lines in tables for line in lines)
    said = f"{bad} need a look." if bad != 1 else "1 needs a look."
    text, html = [title, said, ""], [f'<h2 style="{_TEXT};font-size:18px">{escape(title)}</h2>', _paragraph(said)]
    room = MOST_HTML - 1000 * (len(tables) + 1)
    for first, name, lines in tables:
        shown = _fitting(first, lines, limits, room)
        html += [f'<h3 style="{_TEXT};font-size:15px">{escape(name)}</h3>'] if name else []
        html.append(_table(first, shown, limits))
        text += [f"{name}:" if name else "", *(_plain(line, limits) for line in shown)]
        if len(shown) < len(lines):
            more = f"and {len(lines) - len(shown):,} more, which stand on the board"
            html.append(_paragraph(more))
            text.append(more)
        room -= len(html[-1]) if len(shown) == len(lines) else room
    html.append(f'<p style="{_TEXT}"><a href="{escape(url)}">{escape(url)}</a></p>')
    return Report(title, "\n".join([*text, "", url]), "\n".join(html), bad)


def _fitting(first: str, lines: Sequence[Line], limits: Limits, room: int) -> list[Line]:
    """As many lines as there is room for."""
    shown, used = [], len(_table(first, [], limits))
    for line in lines:
        used += len(_row(line, limits))
        if used > room:
            break
        shown.append(line)
    return shown


def _table(first: str, lines: Iterable[Line], limits: Limits) -> str:
    head = "".join(f'<th style="{_FIRST if one == first else _CELL}">{one}</th>' for one in (first, *_COLUMNS))
    rows = "".join(_row(line, limits) for line in lines)
    return f'<table style="{_TABLE}"><tr>{head}</tr>{rows}</table>'


def _row(line: Line, limits: Limits) -> str:
    found = {one.kind: one.short for one in judged(line.numbers, limits)}
    cells = []
    for place, text in enumerate(_six(line.numbers)):
        kind = {2: SPACE, 5: NAMES}.get(place, "")
        if kind in found:
            cells.append(f'<td style="{_CELL};{_BAD}">{text} ({found[kind]})</td>')
        else:
            cells.append(f'<td style="{_CELL}">{text}</td>')
    return f'<tr><td style="{_FIRST}">{escape(line.name)}</td>{"".join(cells)}</tr>'


def _plain(line: Line, limits: Limits) -> str:
    six = _six(line.numbers)
    words = "; ".join(one.words for one in judged(line.numbers, limits))
    said = f"space {six[1]} of {six[0]}, names {six[4]} of {six[3]}"
    return f"{line.name}: {said}" + (f" -- {words}" if words else "")


def _six(numbers: Numbers) -> tuple[str, ...]:
    def space(value: int | None, none: str) -> str:
        return none if value is None else size_words(value)

    def names(value: int | None, none: str) -> str:
        return none if value is None else names_words(value)

    return (
        space(numbers.space_quota, "no quota"),
        space(numbers.space_used, "unknown"),
        space(numbers.space_left, "–"),
        names(numbers.name_quota, "no quota"),
        names(numbers.names_used, "unknown"),
        names(numbers.names_left, "–"),
    )


def _paragraph(text: str) -> str:
    return f'<p style="{_TEXT}">{escape(text)}</p>'
