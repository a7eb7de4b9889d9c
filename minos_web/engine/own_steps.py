"""Steps that no worker gets: the console looks at facts between batches, stands still, or waits for who takes over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState, TaskState
from minos_web.catalog.description import Service
from minos_web.catalog.gates import Gate
from minos_web.console import Console
from minos_web.engine.takeover import look_for_takeover
from minos_web.models.clusters import Task
from minos_web.models.operations import Operation, Step
from minos_web.monitor.gates import Finding, GateTask, look

OWN_VERBS = frozenset({"gate", "pause", "takeover"})


def carry_out(session: Session, console: Console, step: Step, now: float) -> None:
    """Do what can be done now for an open step of these verbs whose turn it is."""
    if step.sent_at is None:
        step.sent_at = step.accepted_at = now
        step.state = StepState.RUNNING.value
    if step.cancel_asked_at is not None:
        _end(step, StepState.CANCELLED, "cancelled", now)
    elif step.verb == "pause":
        _stand_still(step)
    elif step.verb == "takeover":
        if ended := look_for_takeover(session, step, now):
            _end(step, *ended, now)
    else:
        _look(session, console, step, now)


def _stand_still(step: Step) -> None:
    """Whoever resumes the operation ends the step."""
    operation = step.operation
    if operation is not None and operation.state == OperationState.RUNNING:
        operation.state, operation.message = OperationState.PAUSED.value, f"paused as asked: {step.label}"


def _look(session: Session, console: Console, step: Step, now: float) -> None:
    operation = step.operation
    cluster = operation.cluster if operation else None
    service = console.catalog.get(cluster.service) if cluster else None
    if operation is None or cluster is None or service is None:
        _end(step, StepState.FAILED, "its cluster or service is gone", now)
        return
    gates = gates_of(service, step.args)
    assert step.sent_at is not None
    tasks = gate_tasks(session, console, cluster.tasks, step.sent_at, now)
    touched = {label_of(task) for task in cluster.tasks if task.id in step.args["touched"]}
    before = {} if step.args["first"] else _before(operation, step.args["job"])
    findings = [
        look(gate, service.name, tasks, touched, None if step.args["first"] else before.get(gate.title, {}))
        for gate in gates
    ]
    _keep(step, gates, findings)
    _judge(step, findings, now)


def gates_of(service: Service, args: dict[str, Any]) -> Sequence[Gate]:
    """Those of a rolling update, of a job's leaving or coming back, or of a procedure."""
    kind, _, name = str(args.get("of", "")).partition(" ")
    procedure = service.procedure(name) if kind == "procedure" else None
    if procedure is not None:
        return procedure.gates
    job = service.job(args["job"])
    if args.get("of") and job is not None and job.leaving is not None:
        return job.leaving.gone if args["of"] == "gone" else job.leaving.back
    return [gate for gate in service.gates if gate.job == args["job"]]


def _judge(step: Step, findings: Sequence[Finding], now: float) -> None:
    """Done when everything held for long enough at a stretch, failed when that did not come in time."""
    missing = [f"{one.title}: {one.found}" for one in findings if not one.holds]
    since = step.data.get("held_since") if not missing else None
    if not missing and since is None:
        since = now
    step.data = {**step.data, "held_since": since}
    assert step.sent_at is not None
    hold = float(step.args.get("hold", 0.0))
    if since is not None and now - since >= hold:
        held = f"{len(findings)} {'fact holds' if len(findings) == 1 else 'facts hold'}"
        _end(step, StepState.DONE, held + (f", for {hold:.0f} s" if hold else ""), now)
    elif now - step.sent_at > step.patience + hold:
        text = "; ".join(missing) or "the facts never held for long enough at a stretch"
        _end(step, StepState.FAILED, f"after {now - step.sent_at:.0f} s still not so: {text}", now)
    elif missing:
        step.message, step.fraction = f"waits: {'; '.join(missing)}", None
    else:
        step.message, step.fraction = "everything holds; for how long?", min(1.0, (now - (since or now)) / hold)


def _keep(step: Step, gates: Sequence[Gate], findings: Sequence[Finding]) -> None:
    """The evidence stays with the step: in words for people, as figures for the looks that come after."""
    facts = [{"title": one.title, "holds": one.holds, "found": one.found, "before": one.before} for one in findings]
    step.data = {**step.data, "facts": facts}
    step.output = "".join(f"{'holds' if one.holds else 'NOT SO'}: {one.title}: {one.found}\n" for one in findings)


def _before(operation: Operation, job: str) -> dict[str, dict[str, float]]:
    """What the first look of this job found, by gate title."""
    for step in operation.steps:
        if step.verb == "gate" and step.args["first"] and step.args["job"] == job:
            return {fact["title"]: fact["before"] for fact in step.data.get("facts", ())}
    return {}


def gate_tasks(session: Session, console: Console, tasks: Sequence[Task], since: float, now: float) -> list[GateTask]:
    """The described tasks of a cluster, with why a task's figures count for nothing: they must be read after ``since``
    (by this console's clock), and lately."""
    oldest = max(since, now - 3 * console.settings.sample_seconds - 5.0)
    return [
        GateTask(
            task.job,
            label_of(task),
            _silent(task, oldest),
            task.figures,
            task.texts,
        )
        for task in tasks
        if task.described
    ]


def _silent(task: Task, oldest: float) -> str:
    if task.state != TaskState.RUNNING:
        return f"is {task.state}"
    if task.figures_at is None or task.figures_at < oldest:
        return "nothing was read of it yet"
    return f"does not answer ({task.figures_error})" if task.figures_error else ""


def label_of(task: Task) -> str:
    """A task as gates name it: job/number."""
    return f"{task.job}/{task.number}"


def _end(step: Step, state: StepState, message: str, now: float) -> None:
    step.state, step.message, step.ended_at, step.fraction = state.value, message, now, None
