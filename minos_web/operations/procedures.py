"""Procedures of a service folder as plans: client commands one after another, with what somebody answered in them."""

from collections.abc import Sequence
from typing import Any

from minos_common.names import BadName, check
from minos_web.catalog.clients import ClientStep, Procedure
from minos_web.catalog.description import Service
from minos_web.models.clusters import Task
from minos_web.operations.job_rules import errand_of, plan_task
from minos_web.operations.plan import PlannedStep, Wave
from minos_web.operations.refusal import Refused


def procedure_of(service: Service | None, options: dict[str, Any]) -> Procedure:
    """The procedure that the options name. Raises Refused."""
    name = str(options.get("procedure") or "")
    found = service.procedure(name) if service else None
    if found is None:
        known = ", ".join(one.name for one in service.procedures) if service else ""
        raise Refused("unknown-procedure", f"there is no procedure {name!r}; there are {known or 'none'}", "procedure")
    return found


def task_of(procedure: Procedure, tasks: Sequence[Task]) -> Task:
    """The task on whose host it is carried out: one that has its package. Raises Refused."""
    there = [task for task in tasks if task.job == procedure.job and task.described and task.bootstrapped]
    if not there:
        text = f"{procedure.title} is done on a host of {procedure.job}, and none is bootstrapped"
        raise Refused("not-bootstrapped", text, "tasks")
    return min(there, key=lambda task: task.number)


def procedure_waves(procedure: Procedure, task: Task, options: dict[str, Any]) -> list[Wave]:
    """A wave for each of its commands. Raises Refused for an answer that is missing or no plain name."""
    answers = {name: answer_to(name, options.get(name)) for name in procedure.asks}
    planned = plan_task(task)
    waves = _gate(procedure, task, first=True)
    for step in procedure.steps:
        errand = errand_of(_answered(step, answers))
        waves.append(Wave(errand.title, (errand.on(planned),)))
    return [*waves, *_gate(procedure, task, first=False)]


def _gate(procedure: Procedure, task: Task, first: bool) -> list[Wave]:
    """A look at its facts, if it has any."""
    if not procedure.gates:
        return []
    args = {"job": procedure.job, "touched": [task.id], "first": first, "of": f"procedure {procedure.name}"}
    title = "Look how it is" if first else "Wait until all is well again"
    patience = min(120.0, procedure.gate_seconds) if first else procedure.gate_seconds
    return [Wave(title, (PlannedStep(None, "gate", title, args, patience),))]


def answer_to(name: str, given: Any) -> str:
    """What somebody answered, as a plain name. Raises Refused."""
    text = str(given or "").strip()
    if not text:
        raise Refused("bad-option", f"{name} is missing", name)
    try:
        return check("user", text)
    except BadName:
        allowed = "1 to 64 letters, digits, dots, dashes and underscores"
        raise Refused("bad-option", f"{name} is {allowed}, not {text[:40]!r}", name) from None


def _answered(step: ClientStep, answers: dict[str, str]) -> ClientStep:
    def put(text: str) -> str:
        for name, answer in answers.items():
            text = text.replace(f"@{name}@", answer)
        return text

    return ClientStep(
        put(step.title), step.command, tuple(map(put, step.args)), put(step.input), step.seconds, step.good_exits
    )
