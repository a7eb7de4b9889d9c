"""Text of a ``.cfg`` file -> sections and keys with their line numbers. The format is ConfigObj's.

ConfigObj itself keeps no line numbers and takes minutes for some lines, so the format is read here, each line once;
the tests hold the result against ConfigObj.
"""

import re
from dataclasses import dataclass, field

from minos_web.clusterfile.problems import Place, Problem, error_at
from minos_web.clusterfile.scan import BadValue, scan_value

Raw = str | list[str]

_SECTION_OPEN = re.compile(r"\s*(\[(?:\s*\[)*)\s*")
_SECTION_CLOSE = re.compile(r"((?:\s*\])+)\s*(?:#.*)?$")
_QUOTED_KEY = re.compile(r"\s*=\s*")
_LONGEST_LINE = 64 * 1024
_LONGEST_SECTION_LINE = 1000
_LOST = "?"


@dataclass
class Entry:
    """A key with its value as written: a text, or the items of an unquoted comma list. ``end`` is its last line."""

    key: str
    value: Raw
    line: int
    end: int


@dataclass
class Section:
    """A section of one file. The root has an empty name and no parent."""

    name: str
    line: int
    parent: "Section | None" = None
    entries: dict[str, Entry] = field(default_factory=dict)
    sections: dict[str, "Section"] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Names from the top, joined with slashes; empty for the root."""
        above = self.parent.path if self.parent else ""
        return f"{above}/{self.name}" if above else self.name

    @property
    def depth(self) -> int:
        """0 for the root."""
        return self.parent.depth + 1 if self.parent else 0


def parse(text: str, file: str) -> tuple[Section, list[Problem]]:
    """Sections of ``text`` and everything that is wrong with it; what could be read is there in any case."""
    parser = _Parser(text, file)
    parser.run()
    return parser.root, parser.problems


class _Parser:
    def __init__(self, text: str, file: str) -> None:
        self.root = Section("", 0)
        self.problems: list[Problem] = []
        self._file = file
        self._lines = [line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n")]
        self._at = 0
        self._section = self.root

    def run(self) -> None:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            start = line.lstrip()
            if not start or start.startswith("#"):
                continue
            if len(line) > _LONGEST_LINE:
                self._error(None, f"the line is longer than {_LONGEST_LINE} characters")
            elif not (start.startswith("[") and len(line) <= _LONGEST_SECTION_LINE and self._section_line(line)):
                self._key_line(line.strip())

    def _error(self, key: str | None, message: str, line: int | None = None) -> None:
        place = Place(self._file, line or self._at, self._section.path or None, key)
        self.problems.append(error_at(place, message))

    def _section_line(self, line: str) -> bool:
        """Take a section line; False when it is none (a key may begin with a bracket)."""
        opened = _SECTION_OPEN.match(line)
        name_and_close = _split_close(line, opened.end()) if opened else None
        if opened is None or name_and_close is None:
            return False
        name, closed = name_and_close
        depth = opened.group(1).count("[")
        if depth != closed.count("]"):
            self._error(None, f"{depth} brackets open this section, {closed.count(']')} close it")
            self._skip_section()
        elif depth > self._section.depth + 1:
            above = "]" * (depth - 1)
            self._error(
                None, f"[{name}] is nested too deeply here: a section with {len(above)} brackets must come first"
            )
            self._skip_section()
        else:
            self._open_section(name, depth)
        return True

    def _open_section(self, name: str, depth: int) -> None:
        parent = self._section
        while parent.depth >= depth and parent.parent:
            parent = parent.parent
        self._section = parent
        if name in parent.sections or name in parent.entries:
            other = parent.sections[name].line if name in parent.sections else parent.entries[name].line
            self._error(None, f"{name} is there already, in line {other}: write its keys together")
            self._section = Section(name, self._at, parent)
            return
        self._section = parent.sections[name] = Section(name, self._at, parent)

    def _skip_section(self) -> None:
        """Keys behind a broken section line go nowhere, so that one mistake gives one message."""
        self._section = Section(_LOST, self._at, self._section.parent or self.root)

    def _key_line(self, line: str) -> None:
        split = _split_key(line)
        if split is None:
            self._error(None, f"{_short(line)} is neither key=value nor [section]")
            return
        key, rest = split
        number = self._at
        value = self._value(key, rest)
        if value is None:
            return
        other = self._section.entries.get(key) or self._section.sections.get(key)
        if other and self._section.name != _LOST:
            self._error(key, f"{key} is there already, in line {other.line}; a key may stand once in a section", number)
            return
        self._section.entries[key] = Entry(key, value, number, self._at)

    def _value(self, key: str, rest: str) -> Raw | None:
        for quotes in ("'''", '"""'):
            if rest.startswith(quotes):
                return self._triple_quoted(key, rest[3:], quotes)
        try:
            return scan_value(rest)
        except BadValue as bad:
            self._error(key, str(bad))
            return None

    def _triple_quoted(self, key: str, rest: str, quotes: str) -> str | None:
        start = self._at
        parts = []
        while quotes not in rest:
            parts.append(rest)
            if self._at == len(self._lines):
                self._error(key, f"the {quotes} of this value are never closed", start)
                return None
            rest = self._lines[self._at]
            self._at += 1
        last, _, tail = rest.partition(quotes)
        if tail.strip() and not tail.strip().startswith("#"):
            self._error(key, f"{_short(tail.strip())} stands behind the closing {quotes}")
            return None
        return "\n".join([*parts, last])


def _split_close(line: str, start: int) -> tuple[str, str] | None:
    """Name and closing brackets of a section line whose name begins at ``start``."""
    quote = line[start : start + 1]
    at = start + 1
    if quote in ('"', "'"):
        at = line.find(quote, at) + 1
        while at and not _SECTION_CLOSE.match(line, at):
            at = line.find(quote, at) + 1
        close = _SECTION_CLOSE.match(line, at) if at else None
        return (line[start + 1 : at - 1], close.group(1)) if close and line[start + 1 : at - 1].strip() else None
    while (at := line.find("]", at)) >= 0:
        close = _SECTION_CLOSE.match(line, at)
        if close:
            return line[start:at].rstrip(), close.group(1)
        at += 1
    return None


def _split_key(line: str) -> tuple[str, str] | None:
    """Key and the rest behind the equals sign, both trimmed; None when the line is no key line."""
    quote = line[0]
    if quote in ('"', "'"):
        at = line.find(quote, 1)
        while at >= 0:
            divider = _QUOTED_KEY.match(line, at + 1)
            if divider:
                return line[1:at], line[divider.end() :]
            at = line.find(quote, at + 1)
        return None
    key, equals, rest = line.partition("=")
    return (key.rstrip(), rest.strip()) if equals and key else None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
