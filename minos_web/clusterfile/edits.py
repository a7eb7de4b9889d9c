"""PURE. Values written into the text of a cluster file, with everything else in it left as it is."""

from collections.abc import Callable, Container, Mapping, Sequence

from minos_web.clusterfile.parse import Entry, Section, parse
from minos_web.clusterfile.scan import BadValue

INDENT = "  "
_LONG_QUOTES = ("'" * 3, '"' * 3)


class CannotWrite(ValueError):
    """A value that no line of a cluster file can say; the text says why."""


def with_values(text: str, section: Sequence[str], values: Mapping[str, str | None]) -> str:
    """``text`` with ``values`` in the section of this path, e.g. ``("configuration", "hdfs-site.xml")``.

    Keys that stand there say them in their place, others are added behind the last; None takes a key away. A section that
    is missing is made inside the one around it. Comments and line ends stay. Raises CannotWrite.
    """
    return edited(text, section, {key: None if value is None else quoted(value) for key, value in values.items()})


def edited(text: str, section: Sequence[str], written: Mapping[str, str | None]) -> str:
    """As with_values, for values that are written as they are given: quotes and expressions are the caller's."""
    root, problems = parse(text, "")
    if section[0] not in root.sections:
        raise CannotWrite(f"the file has no section [{section[0]}]")
    after = _Lines(text).edited(root, section, written)
    _check(after, section, written, len(problems))
    return after


def _check(text: str, path: Sequence[str], written: Mapping[str, str | None], problems_before: int) -> None:
    """A text is given only when it is read as it was meant, whatever names and values are in it."""
    root, problems = parse(text, "")
    if len(problems) > problems_before:
        raise CannotWrite(f"it would not be read: {problems[-1].message}")
    section, missing = _deepest(root, path)
    lost = [key for key, value in written.items() if (value is not None) != (not missing and key in section.entries)]
    if lost:
        raise CannotWrite(f"{lost[0]!r} cannot be written in a cluster file")


class _Lines:
    """The lines of a file as its parser counts them, and what is to be changed in them."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._end = "\r" if self._lines[0].endswith("\r") else ""
        if self._lines[-1]:
            self._lines.append("")

    def edited(self, root: Section, path: Sequence[str], written: Mapping[str, str | None]) -> str:
        section, missing = _deepest(root, path)
        behind = _last_line(section) if not missing else self._last_line_inside(root, section)
        indent = self._indent_of(section, missing)
        fresh = self._headings(section, missing)
        for key, value in written.items():
            entry = None if missing else section.entries.get(key)
            if entry is None and value is not None:
                fresh.append(f"{indent}{_key(key)}={value}{self._end}")
        self._lines[behind:behind] = fresh
        for entry in sorted(section.entries.values() if not missing else (), key=lambda one: -one.line):
            if entry.key in written:
                self._replace(entry, written[entry.key])
        return "\n".join(self._lines)

    def _replace(self, entry: Entry, value: str | None) -> None:
        old = self._lines[entry.line - 1]
        blanks = old[: len(old) - len(old.lstrip())]
        comment = _comment(old.removesuffix("\r"), entry) if entry.end == entry.line else ""
        new = [] if value is None else [f"{blanks}{_key(entry.key)}={value}{comment}{self._end}"]
        self._lines[entry.line - 1 : entry.end] = new

    def _last_line_inside(self, root: Section, section: Section) -> int:
        """Last line of the section with all inside it, blank lines and comments before the next one not counted."""
        following = [line for line in _headings_not_inside(root, section) if line > section.line]
        at = min(following) - 1 if following else len(self._lines) - 1
        while at > _last_line_with_inner(section) and (
            not self._lines[at - 1].strip() or self._lines[at - 1].lstrip().startswith("#")
        ):
            at -= 1
        return at

    def _indent_of(self, section: Section, missing: Sequence[str]) -> str:
        if not missing and section.entries:
            line = self._lines[max(entry.line for entry in section.entries.values()) - 1]
            return line[: len(line) - len(line.lstrip())]
        return INDENT * (section.depth + len(missing))

    def _headings(self, section: Section, missing: Sequence[str]) -> list[str]:
        depths = range(section.depth + 1, section.depth + 1 + len(missing))
        return [
            f"{INDENT * (depth - 1)}{'[' * depth}{_name(name)}{']' * depth}{self._end}"
            for depth, name in zip(depths, missing, strict=True)
        ]


def _last_line(section: Section) -> int:
    """Last line of the section's own heading and keys, from 1."""
    return max([section.line, *(entry.end for entry in section.entries.values())])


def _last_line_with_inner(section: Section) -> int:
    return max([_last_line(section), *(_last_line_with_inner(inner) for inner in section.sections.values())])


def _deepest(root: Section, path: Sequence[str]) -> tuple[Section, Sequence[str]]:
    """The innermost section of the path that is there, and the names that are missing inside it."""
    section = root
    for number, name in enumerate(path):
        if name not in section.sections:
            return section, path[number:]
        section = section.sections[name]
    return section, ()


def _headings_not_inside(root: Section, section: Section) -> list[int]:
    """Lines of the headings of every section that is neither this one nor inside it."""
    if root is section:
        return []
    inner = [line for one in root.sections.values() for line in _headings_not_inside(one, section)]
    return [root.line, *inner]


def _comment(line: str, entry: Entry) -> str:
    """The comment behind a value, with the blanks before it."""
    if not isinstance(entry.value, str) or "#" in entry.value or "#" in entry.key or "#" not in line:
        return ""
    before = line[: line.index("#")]
    return line[len(before.rstrip()) :]


def _key(key: str) -> str:
    return _named(key, lambda written: parse(f"{written}=", "")[0].entries)


def _name(name: str) -> str:
    return _named(name, lambda written: parse(f"[{written}]", "")[0].sections)


def _named(name: str, read: Callable[[str], Container[str]]) -> str:
    """The name of a key or section, in quotes where it needs them. Raises CannotWrite."""
    bare = [name] if name == name.strip() and not any(sign in name for sign in "=#[]'\"\n") else []
    for written in (*bare, f'"{name}"', f"'{name}'"):
        if name in read(written):
            return written
    raise CannotWrite(f"{name!r} cannot be written in a cluster file")


def quoted(value: str, literal: bool = True) -> str:
    """A value as it is written so that it is read as it is; unless ``literal`` it may hold expressions. Raises
    CannotWrite."""
    if literal and ("%{" in value or "%(" in value):
        raise CannotWrite(f"{value!r} would be read as an expression")
    for written in _ways(value):
        try:
            if _read(written) == value:
                return written
        except BadValue:
            continue
    raise CannotWrite(f"{value!r} cannot be written in a cluster file")


def _ways(value: str) -> list[str]:
    long = [quotes + value + quotes for quotes in _LONG_QUOTES]
    if "\n" in value:
        return long
    plain = [value] if value and not any(sign in value for sign in ",#'\"") else []
    return [*plain, f'"{value}"', f"'{value}'", *long]


def _read(written: str) -> object:
    root, problems = parse(f"[a]\nk={written}\n", "")
    if problems:
        raise BadValue("; ".join(problem.message for problem in problems))
    return root.sections["a"].entries["k"].value
