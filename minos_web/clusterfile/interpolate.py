"""``%(name)s``: the parser's own interpolation, inside the one file in which it stands."""

import re

from minos_web.clusterfile.parse import Entry, Raw, Section

_PATTERN = re.compile(r"%\(([^)]*)\)s")
_LONGEST = 64 * 1024


class BadInterpolation(ValueError):
    """A ``%(name)s`` that cannot be replaced."""


def interpolated(section: Section, entry: Entry) -> Raw:
    """Value of ``entry`` with every ``%(name)s`` replaced by that key of its section or of one around it.

    Raises BadInterpolation.
    """
    if isinstance(entry.value, list):
        return [_replace(section, entry.key, item, ()) for item in entry.value]
    return _replace(section, entry.key, entry.value, ())


def _replace(section: Section, key: str, text: str, trail: tuple[tuple[str, str], ...]) -> str:
    if "%(" not in text:
        return text
    here = (section.path, key)
    if here in trail:
        raise BadInterpolation(f"%({key})s leads back to itself")
    if len(trail) > 50:
        raise BadInterpolation(f"%({key})s leads through more than 50 other keys")
    parts, end = [], 0
    for match in _PATTERN.finditer(text):
        home, found = _look_up(section, match.group(1))
        parts += [text[end : match.start()], _replace(home, found.key, _text(found), (*trail, here))]
        end = match.end()
        if sum(map(len, parts)) > _LONGEST:
            raise BadInterpolation(f"the value grows beyond {_LONGEST} characters through its %(...)s")
    return "".join([*parts, text[end:]])


def _look_up(section: Section, name: str) -> tuple[Section, Entry]:
    home: Section | None = section
    while home is not None:
        for candidate in (home, home.sections.get("DEFAULT")):
            if candidate and name in candidate.entries:
                return candidate, candidate.entries[name]
        home = home.parent
    raise BadInterpolation(
        f"%({name})s asks for a key {name!r} of this section or one around it in this file, and there is none; "
        "a text with such a pattern belongs into a raw file, whose content is sent as it is"
    )


def _text(entry: Entry) -> str:
    if isinstance(entry.value, list):
        raise BadInterpolation(f"%({entry.key})s names a list (line {entry.line}); quote that value")
    return entry.value
