"""Replaces ``%{...}`` in values, keys and arguments, for one task at a time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from minos_web.clusterfile.description import TaskSlot
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.document import Text, Value
from minos_web.clusterfile.problems import Place, Problem, error_at, warning_at

_EXPRESSION = re.compile(r"%\{(.*?)\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Context:
    """What a rendering is told from outside of the files.

    ``remote_user`` and ``short_user_name`` are the words of that name; ``log_level`` overrides that of ``[cluster]``
    where a service asks for it; ``config_dir`` is what ``%{config_dir}`` gives inside a value.
    """

    remote_user: str = "work"
    short_user_name: str = "operator"
    log_level: str = ""
    config_dir: str = ""


class CannotEvaluate(ValueError):
    """An expression that has no value here; the message says why."""


@dataclass(slots=True)
class Scope:
    """For which task, with which directories of its hosts. ``notes`` collects warnings on the way."""

    slot: TaskSlot | None
    directories: Mapping[str, HostDirs] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    memo: "dict[str, Known]" = field(default_factory=dict)

    def note(self, message: str) -> None:
        """Remember a warning about the value at hand."""
        self.notes.append(message)


Known = tuple[str, tuple[str, ...]]
"""What an expression gave, and the warnings that belong to every place where it stands."""
Evaluate = Callable[[Scope], str]


@dataclass(frozen=True, slots=True)
class Form:
    """A compiled expression. ``constant`` ones are the same for every task."""

    evaluate: Evaluate
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A text cut into plain parts and expressions; ``error`` says why it can never be evaluated."""

    text: str
    parts: tuple[tuple[str, str, Form], ...] = ()
    """(plain text before it, the expression as written, its form)"""
    tail: str = ""
    error: str = ""

    @property
    def plain(self) -> bool:
        """Whether there is nothing to evaluate."""
        return not self.parts and not self.error


class Evaluator:
    """Templates of one description and context; texts and constant expressions are worked out once."""

    def __init__(self, compile_form: Callable[[str], Form]) -> None:
        self._compile = compile_form
        self._templates: dict[str, Template] = {}
        self._constants: dict[str, Known] = {}

    def template(self, text: str) -> Template:
        """The text as a template; unknown expressions are in its ``error``."""
        known = self._templates.get(text)
        if known is None:
            known = self._templates[text] = self._make(text)
        return known

    def _make(self, text: str) -> Template:
        if "%{" not in text:
            return Template(text, tail=text)
        parts = []
        end = 0
        for match in _EXPRESSION.finditer(text):
            try:
                parts.append((text[end : match.start()], match.group(1), self._compile(match.group(1))))
            except CannotEvaluate as error:
                return Template(text, error=str(error))
            end = match.end()
        return Template(text, tuple(parts), text[end:])

    def run(self, template: Template, scope: Scope) -> str:
        """The template's text for a task. Raises CannotEvaluate."""
        if template.error:
            raise CannotEvaluate(template.error)
        if not template.parts:
            return template.tail
        pieces: list[str] = []
        nested = False
        for before, expression, form in template.parts:
            result = self._one(expression, form, scope)
            nested = nested or "%{" in result
            pieces += (before, result)
        if nested:
            return self._one_by_one(template, scope)
        return "".join(pieces) + template.tail

    def _one(self, expression: str, form: Form, scope: Scope) -> str:
        memo = self._constants if form.constant else scope.memo
        known = memo.get(expression)
        if known is None:
            before = len(scope.notes)
            text = form.evaluate(scope)
            memo[expression] = (text, tuple(scope.notes[before:]))
            return text
        text, notes = known
        if notes:
            scope.notes += notes
        return text

    def _one_by_one(self, template: Template, scope: Scope) -> str:
        """A value of [cluster] may itself hold %{...}: a later replacement then also reaches into its text."""
        text = template.text
        for _, expression, form in template.parts:
            text = text.replace("%{" + expression + "}", self._one(expression, form, scope))
        return text

    def text_of(self, text: str, place: Place, scope: Scope) -> tuple[str, list[Problem]]:
        """A text evaluated, with errors (the text is then empty) and warnings."""
        template = self.template(text)
        if template.plain:
            return text, []
        try:
            result = self.run(template, scope)
        except CannotEvaluate as error:
            scope.notes.clear()
            return "", [error_at(place, str(error))]
        if not scope.notes:
            return result, []
        warnings = [warning_at(place, note) for note in dict.fromkeys(scope.notes)]
        scope.notes.clear()
        return result, warnings

    def text(self, value: Value, scope: Scope) -> tuple[str, list[Problem]]:
        """A single value evaluated; a list is printed as the original prints it."""
        result, problems = self.value(value, scope)
        return printed(result), problems

    def value(self, value: Value, scope: Scope) -> tuple[Text, list[Problem]]:
        """A value evaluated; the items of a list stay apart."""
        if isinstance(value.text, str):
            return self.text_of(value.text, value.place, scope)
        items = [self.text_of(item, value.place, scope) for item in value.text]
        return tuple(item for item, _ in items), [problem for _, found in items for problem in found]


def printed(text: Text) -> str:
    """A value as one text: a list looks as Python prints it, which is what old files get."""
    return text if isinstance(text, str) else str(list(text))
