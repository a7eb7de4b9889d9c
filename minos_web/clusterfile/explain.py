"""Where each line of a rendered file comes from: file, line, section, key, what it replaced, what it refers to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from minos_web.clusterfile.description import ClusterDescription, RawFile, TaskSlot
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.document import Value
from minos_web.clusterfile.evaluate import CannotEvaluate, Context, Evaluator, Scope
from minos_web.clusterfile.formats.chunks import CannotRender, Chunk, one_text
from minos_web.clusterfile.forms import language
from minos_web.clusterfile.problems import ClusterFileError, Place, error_at
from minos_web.clusterfile.render import NO_CONTEXT, file_plan

_EXPRESSION = re.compile(r"%\{(.*?)\}", re.DOTALL)


@dataclass(frozen=True)
class Origin:
    """One line of a rendered file.

    ``place`` is where its value is written (None for lines of the format itself), ``written`` the value there,
    ``replaced`` the inherited values that it replaced, nearest first, and ``references`` expression -> its value.
    """

    text: str
    place: Place | None = None
    written: str = ""
    replaced: tuple[tuple[Place, str], ...] = ()
    references: tuple[tuple[str, str], ...] = ()


def explain_file(
    description: ClusterDescription,
    slot: TaskSlot,
    name: str,
    directories: Mapping[str, HostDirs] | None = None,
    context: Context = NO_CONTEXT,
) -> list[Origin]:
    """The lines of file ``name`` of a task with their origins. Raises KeyError (no such file), ClusterFileError."""
    raw = description.raw_files.get(name)
    if raw:
        return list(_raw_lines(raw))
    plan = file_plan(description, name, context)
    if plan is None:
        raise KeyError(name)
    scope = Scope(slot, {} if directories is None else directories)
    items, values, problems = plan.items(scope)
    if any(problem.level == "error" for problem in problems):
        raise ClusterFileError(problems)
    try:
        chunks = plan.chunks(items)
    except CannotRender as error:
        raise ClusterFileError([error_at(plan.place, str(error))]) from error
    words = language(description, context)
    origins = [_origin(value, item.key, words, scope) for item, value in zip(items, values, strict=True)]
    return [_with_text(text, origins[item] if item >= 0 else Origin("")) for text, item in _lines(chunks)]


def _raw_lines(raw: RawFile) -> Iterator[Origin]:
    for number, line in enumerate(raw.text.splitlines(), 1):
        yield Origin(line, Place(raw.source, number), line)


def _lines(chunks: list[Chunk]) -> Iterator[tuple[str, int]]:
    """Whole lines, each with the item of the first chunk that puts something visible into it."""
    text, item = "", -1
    for chunk in chunks:
        for part in chunk.text.splitlines(keepends=True):
            if item < 0 and part.strip():
                item = chunk.item
            text += part
            if part.endswith("\n"):
                yield text.rstrip("\n"), item
                text, item = "", -1
    if text:
        yield text, item


def _origin(value: Value, key: str, words: Evaluator, scope: Scope) -> Origin:
    written = one_text(value.text)
    return Origin(key, value.place, written, tuple(_replaced(value)), tuple(_references(value, words, scope)))


def _with_text(text: str, origin: Origin) -> Origin:
    return Origin(text, origin.place, origin.written, origin.replaced, origin.references)


def _replaced(value: Value) -> Iterator[tuple[Place, str]]:
    inherited = value.over
    while inherited:
        yield inherited.place, one_text(inherited.text)
        inherited = inherited.over


def _references(value: Value, words: Evaluator, scope: Scope) -> Iterator[tuple[str, str]]:
    written = f"{value.place.key or ''} {one_text(value.text)}"
    for expression in dict.fromkeys(_EXPRESSION.findall(written)):
        try:
            yield expression, words.run(words.template(f"%{{{expression}}}"), scope)
        except CannotEvaluate:
            continue
