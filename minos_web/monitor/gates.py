"""PURE. Do the facts hold that must hold between the steps of a rolling update? Says what it found, either way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from minos_web.catalog.gates import Gate

Before = Mapping[str, float]
"""What a figure was before anything was touched: by task label, and of all tasks that were looked at under ""."""


@dataclass(frozen=True)
class GateTask:
    """A described task as gates see it. ``silent`` says why its figures count for nothing now; empty: they are fresh."""

    job: str
    label: str
    silent: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def value(self, figure: str) -> float | str | None:
        """A number or word, None when the task does not tell it."""
        return self.texts.get(figure, self.figures.get(figure))


@dataclass(frozen=True)
class Finding:
    """What was found of one gate; ``before`` is kept of the first look, for those that compare."""

    title: str
    holds: bool
    found: str
    before: dict[str, float] = field(default_factory=dict)


def look(
    gate: Gate, service: str, tasks: Sequence[GateTask], touched: Collection[str], before: Before | None
) -> Finding:
    """One gate now. ``touched`` are labels; without ``before`` (the first look) what is compared counts as unchanged."""
    there = [task for task in tasks if task.job == gate.looks_at]
    figure = f"{service}.{gate.figure}" if gate.figure else ""
    chosen, trouble = _chosen(gate, service, there, touched)
    if trouble:
        return Finding(gate.title, False, trouble)
    numbers = {task.label: task.value(figure) for task in chosen} if figure else {}
    known = {label: float(value) for label, value in numbers.items() if isinstance(value, int | float)}
    values = {**known, "": sum(known.values())}
    wrong = [text for task in chosen if (text := _wrong(gate, task, figure))]
    if before is None and gate.tasks == "touched":
        wrong = []  # they may well be what is to be put right
    if not wrong and gate.compared and before is not None:
        wrong = _worse(gate, known, before, len(touched))
    allowed = len(chosen) - (len(chosen) // 2 + 1) if gate.tasks == "majority" else 0
    holds = len(wrong) <= allowed
    return Finding(gate.title, holds, _shown(wrong) if wrong else _fine(gate, chosen, figure, values), values)


def _chosen(
    gate: Gate, service: str, there: Sequence[GateTask], touched: Collection[str]
) -> tuple[list[GateTask], str]:
    """The tasks it is about, and why that cannot be said."""
    if gate.tasks == "touched":
        return [task for task in there if task.label in touched], ""
    if gate.tasks != "one":
        return list(there), "" if there else f"there is no {gate.looks_at}"
    fitting = [
        task
        for task in there
        if not task.silent
        and all(str(task.value(f"{service}.{name}")) in values for name, values in gate.where.items())
    ]
    if len(fitting) == 1:
        return fitting, ""
    wanted = " and ".join(f"{name} {' or '.join(values)}" for name, values in gate.where.items())
    said = "; ".join(f"{task.label}: {task.silent or _words(gate, service, task)}" for task in there[:5])
    return [], f"{len(fitting) or 'no'} {gate.looks_at} with {wanted}, one is needed ({said})"


def _words(gate: Gate, service: str, task: GateTask) -> str:
    return ", ".join(f"{name} {_text(task.value(f'{service}.{name}'))}" for name in gate.where)


def _wrong(gate: Gate, task: GateTask, figure: str) -> str:
    """What is not as it must be of one task; empty: nothing."""
    if task.silent:
        return f"{task.label}: {task.silent}"
    value = task.value(figure) if figure else None
    trouble = _out_of_bounds(gate, value) if figure else ""
    return f"{task.label}: {gate.figure} is {_text(value)}{trouble}" if trouble else ""


def _out_of_bounds(gate: Gate, value: float | str | None) -> str:
    number = value if isinstance(value, int | float) else None
    if gate.equals and (value is None or _text(value) not in gate.equals):
        return f", not {' or '.join(one or repr(one) for one in gate.equals)}"
    if gate.at_most is not None and (number is None or number > gate.at_most):
        return f", at most {gate.at_most:g} is allowed"
    if gate.at_least is not None and (number is None or number < gate.at_least):
        return f", at least {gate.at_least:g} is needed"
    return ", a number is needed" if gate.compared and number is None else ""


def _worse(gate: Gate, known: Mapping[str, float], before: Before, touched: int) -> list[str]:
    """Those that are worse than before: of touched tasks each, else all together."""
    if gate.compared == "more":
        value, wanted = sum(known.values()), before.get("", 0.0) + touched
        return [] if value >= wanted else [f"{gate.figure} is {value:g}, of {wanted:g}"]
    pairs = (
        [(label, value) for label, value in known.items()] if gate.tasks == "touched" else [("", sum(known.values()))]
    )
    less = gate.compared == "not-less"
    return [
        f"{f'{label}: ' if label else ''}{gate.figure} is {value:g}, it was {before[label]:g}"
        for label, value in pairs
        if label in before and (value < before[label] if less else value > before[label])
    ]


def _fine(gate: Gate, chosen: Sequence[GateTask], figure: str, values: Mapping[str, float]) -> str:
    if not figure:
        where = ", ".join(task.label for task in chosen[:5]) + (
            f" and {len(chosen) - 5} more" if len(chosen) > 5 else ""
        )
        return where or "nothing to look at"
    if gate.compared:
        return f"{gate.figure} is {values['']:g}"
    return _shown([f"{task.label}: {gate.figure} is {_text(task.value(figure))}" for task in chosen])


def _text(value: float | str | None) -> str:
    if value is None:
        return "not told"
    return value if isinstance(value, str) else f"{value:g}"


def _shown(texts: Sequence[str]) -> str:
    return "; ".join(texts[:3]) + (f"; {len(texts) - 3} more" if len(texts) > 3 else "")
