"""PURE. Values written into the text of a cluster file, with everything else in it left as it is."""

from collections.abc import Mapping

from minos_web.clusterfile.parse import Section, parse
from minos_web.clusterfile.scan import BadValue

INDENT = "    "


class CannotWrite(ValueError):
    """A value that no line of a cluster file can say; the text says why."""


def with_values(text: str, section: str, values: Mapping[str, str]) -> str:
    """``text`` with ``values`` in ``[configuration] [[section]]``: keys that stand there say them, others are added.

    Raises CannotWrite.
    """
    root, _problems = parse(text, "")
    configuration = root.sections.get("configuration")
    if configuration is None:
        raise CannotWrite("the file has no section [configuration]")
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    written = {key: f"{INDENT}{_key(key)}={quoted(value)}\n" for key, value in values.items()}
    found = configuration.sections.get(section)
    if found is None:
        at = _end_of(root, configuration, len(lines))
        return "".join([*lines[:at], f"  [[{section}]]\n", *written.values(), *lines[at:]])
    fresh = [line for key, line in written.items() if key not in found.entries]
    begin, _ = _span(lines, max([found.line, *(entry.line for entry in found.entries.values())]), found.line)
    last = max((_span(lines, entry.line, 0)[1] for entry in found.entries.values()), default=begin)
    lines[last:last] = fresh
    for entry in sorted(found.entries.values(), key=lambda one: -one.line):
        if entry.key in written:
            first, end = _span(lines, entry.line, 0)
            lines[first - 1 : end] = [written[entry.key]]
    return "".join(lines)


def _span(lines: list[str], line: int, heading: int) -> tuple[int, int]:
    """First and last line (from 1) of the entry at ``line``; a heading is one line."""
    if line == heading:
        return line, line
    for quotes in ("'" * 3, '"' * 3):
        _, opened, rest = lines[line - 1].partition(quotes)
        if opened and quotes not in rest:
            end = next((n for n, text in enumerate(lines[line:], line + 1) if quotes in text), line)
            return line, end
    return line, line


def _end_of(root: Section, section: Section, total: int) -> int:
    """Lines of the text up to where the next top section begins."""
    following = [other.line for other in root.sections.values() if other.line > section.line]
    return min(following) - 1 if following else total


def _key(key: str) -> str:
    return f'"{key}"' if any(sign in key for sign in "=#[]'") or key != key.strip() else key


def quoted(value: str) -> str:
    """A value as it is written so that it is read as it is. Raises CannotWrite."""
    if "%{" in value or "%(" in value:
        raise CannotWrite(f"{value!r} would be read as an expression")
    for written in _ways(value):
        try:
            if _read(written) == value:
                return written
        except BadValue:
            continue
    raise CannotWrite(f"{value!r} cannot be written in a cluster file")


def _ways(value: str) -> list[str]:
    long = [quotes + value + quotes for quotes in ("'" * 3, '"' * 3)]
    if "\n" in value:
        return long
    plain = [value] if value and not any(sign in value for sign in ",#'\"") else []
    return [*plain, f'"{value}"', f"'{value}'", *long]


def _read(written: str) -> object:
    root, problems = parse(f"[a]\nk={written}\n", "")
    if problems:
        raise BadValue("; ".join(problem.message for problem in problems))
    return root.sections["a"].entries["k"].value
