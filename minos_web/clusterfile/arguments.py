"""The four argument lists at three levels: job of the cluster over job over service."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from minos_web.clusterfile.document import Table, Value
from minos_web.clusterfile.problems import Place, Problem, error_at, warning_at

KINDS = ("jvm_args", "system_properties", "main_entry", "extra_args")
_HEAP = ("-Xmx", "-Xms", "-Xmn", "-Xss")
_ALL = "!*"
HOST_WORDS = ("run_dir", "package_dir", "log_dir", "data_dir", "data_dirs", "job_name", "pid", "start_time")
"""``$word`` that a worker replaces; see StartSpec."""
_HOST_WORD = re.compile(r"(?<!\\)\$\{?([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Item:
    """One argument as written, quotes and expressions in it."""

    text: str
    place: Place


ArgumentLists = dict[str, tuple[Item, ...]]


class UnclosedQuote(ValueError):
    """A double quote of an argument list that is never closed."""


def split(text: str) -> list[str]:
    """Items of a list: split at blanks and line ends, except inside double quotes, which stay in the item."""
    items: list[str] = []
    current: list[str] = []
    quoted = escaped = False
    for char in text:
        if char.isspace() and not quoted:
            if current:
                items.append("".join(current))
                current = []
            escaped = False
            continue
        current.append(char)
        if char == '"' and not escaped:
            quoted = not quoted
        escaped = char == "\\" and not escaped
    if quoted:
        raise UnclosedQuote(f"a double quote is not closed in {''.join(current)!r}")
    return [*items, "".join(current)] if current else items


def key_of(item: str) -> str:
    """What makes two items the same: the text before ``=``, the first four letters of a heap switch, else the item."""
    name, equals, _ = item.partition("=")
    if equals:
        return name
    return item[:4] if item.startswith(_HEAP) else item


def plain(item: str) -> str:
    """The argument as the process gets it: double quotes go away, ``\\$`` and the like become plain."""
    if '"' not in item and "\\" not in item:
        return item
    result: list[str] = []
    escaped = False
    for char in item:
        if escaped:
            result.append(char if char in '$`"\\' else "\\" + char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char != '"':
            result.append(char)
    return "".join(result) + ("\\" if escaped else "")


def merged_lists(
    arguments: Table, own: Table | None, job: str, job_place: Place
) -> tuple[ArgumentLists, list[Problem]]:
    """The lists of a job: the job section's items, then those of ``[arguments] [[job]]`` whose key is not there yet,
    then those of ``[[service_common]]``. Problems name what is missing."""
    problems: list[Problem] = []
    common, service = arguments.tables.get(job), arguments.tables.get("service_common")
    if own is None:
        problems.append(error_at(job_place, f"[{job}] needs a section [[arguments]], which may be empty"))
    if common is None:
        problems.append(error_at(arguments.place, f"[arguments] needs a section [[{job}]], which may be empty"))
    if service is None:
        return {}, [*problems, error_at(arguments.place, "[arguments] needs a section [[service_common]]")]
    lists: ArgumentLists = {}
    for kind in KINDS:
        if kind not in service.values:
            problems.append(error_at(service.place, f"{kind}= is missing in [[service_common]]; it may be empty"))
        levels = [table.values.get(kind) if table else None for table in (own, common, service)]
        lists[kind] = tuple(_merge([_items(value, problems) for value in levels]))
    problems += _warnings(lists)
    for table in (own, common, service):
        problems += _unknown_kinds(table)
    return lists, problems


def _items(value: Value | None, problems: list[Problem]) -> list[Item]:
    if value is None:
        return []
    if value.problem:
        problems.append(error_at(value.place, value.problem))
        return []
    if not isinstance(value.text, str):
        problems.append(
            warning_at(
                value.place, "the comma outside of quotes makes a list; its items are taken whole, blanks and all"
            )
        )
        return [Item(text, value.place) for text in value.text if text]
    try:
        return [Item(text, value.place) for text in split(value.text)]
    except UnclosedQuote as unclosed:
        problems.append(error_at(value.place, str(unclosed)))
        return []


def _merge(levels: list[list[Item]]) -> Iterator[Item]:
    """Items of the nearest level all stay; of the others only those whose key is new. ``!key`` drops inherited ones."""
    seen: set[str] = set()
    for depth, items in enumerate(levels):
        if _ALL in seen:
            return
        dropped = {item.text if item.text == _ALL else key_of(item.text[1:]) for item in items if _drops(item)}
        for item in items:
            if _drops(item) or (depth and key_of(item.text) in seen):
                continue
            if depth:
                seen.add(key_of(item.text))
            yield item
        seen |= dropped | {key_of(item.text) for item in items if not _drops(item)}


def _drops(item: Item) -> bool:
    return len(item.text) > 1 and item.text[0] == "!"


def _warnings(lists: ArgumentLists) -> Iterator[Problem]:
    for items in lists.values():
        yield from _unknown_host_words(items)
    entries = lists["main_entry"]
    if len({item.place for item in entries}) > 1:
        shown = " ".join(item.text for item in entries)
        yield warning_at(
            entries[0].place,
            f"main_entry is joined with the inherited one ({shown}); write !{entries[-1].text} before it to drop that",
        )
    switches: dict[str, Item] = {}
    for item in lists["jvm_args"]:
        if item.text.startswith(("-XX:+", "-XX:-")):
            other = switches.setdefault(item.text[5:], item)
            if other.text != item.text:
                yield warning_at(
                    other.place,
                    f"{other.text} stays beside the inherited {item.text}, and java takes the last; "
                    f"write !{item.text} as well to drop that",
                )


def _unknown_host_words(items: tuple[Item, ...]) -> Iterator[Problem]:
    for item in items:
        for word in _HOST_WORD.findall(item.text):
            if word not in HOST_WORDS:
                known = ", ".join(f"${name}" for name in HOST_WORDS)
                yield warning_at(item.place, f"${word} stays as it is: the host knows {known}, and no shell runs there")


def _unknown_kinds(table: Table | None) -> Iterator[Problem]:
    for key, value in table.values.items() if table else ():
        if key not in KINDS and not key.startswith("host."):
            yield warning_at(value.place, f"{key} is not used: the argument lists are {', '.join(KINDS)}")
