"""What a wish would do, told before anything is done."""

from typing import Any

from sqlalchemy.orm import Session

from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError, Problem
from minos_web.clusterfile.render import render_task
from minos_web.console import Console
from minos_web.operations.comparing import Made, compare
from minos_web.operations.describe import instance_of
from minos_web.operations.differences import PartDifference
from minos_web.operations.drafting import draft
from minos_web.operations.fitting import fit_problems
from minos_web.operations.going_back import before_of
from minos_web.operations.guarding import risks
from minos_web.operations.manner import way_of
from minos_web.operations.plan import PlanTask, Wave
from minos_web.operations.plan_id import plan_id
from minos_web.operations.refusal import Refused
from minos_web.operations.rendering import context_of, host_dirs
from minos_web.operations.wish import Wish, action_of, cluster_of, selected_tasks, task_number
from minos_web.store.configdir import current_revision, tree_at


def plan_json(session: Session, console: Console, wish: Wish) -> dict[str, Any]:
    """What the API tells of a plan: every described task with all that would be sent, the waves where the action is
    possible now (else why not), what would change on the hosts, and warnings. Needs no worker to be up. Raises Refused when the file has errors or the selection names what is not there.
    """
    way = way_of(action_of(wish), wish.options, 1)
    revision = before_of(session, cluster_of(session, wish), way.back_to).revision if way.back_to else None
    tree = tree_at(session, revision)
    try:
        description = load_cluster(tree, wish.service, wish.cluster, console.catalog)
    except ClusterFileError as error:
        raise _bad_config(error) from error
    dirs, context = host_dirs(session, console), context_of(console, way.log_level)
    tasks = []
    made: Made = {}
    for slot in _chosen(session, description, wish):
        try:
            rendered = render_task(description, slot, dirs, context)
        except ClusterFileError as error:
            raise _bad_config(error) from error
        made[slot.job, slot.host_address, instance_of(slot)] = rendered
        tasks.append(rendered.as_json())
    plan, why_not = _plan(session, console, wish, made)
    return {
        "service": wish.service,
        "cluster": wish.cluster,
        "action": wish.action,
        "config_revision": current_revision(session) if revision is None else revision,
        **plan,
        "not_possible_now": why_not,
        "warnings": [problem_json(one) for one in (*description.warnings, *fit_problems(session, description))],
        "tasks": tasks,
    }


def _chosen(session: Session, description: ClusterDescription, wish: Wish) -> list[TaskSlot]:
    """The described tasks that are meant. Refuses a job, number or host that is nowhere; what only the rows have (its
    lines are gone from the file) can still be stopped, so it is no mistake."""
    numbers = {task_number(text) for text in wish.tasks}
    slots = [slot for slot in description.tasks() if not wish.jobs or slot.job in wish.jobs]
    missing = (
        set(wish.jobs) - {slot.job for slot in slots}
        or numbers - {slot.task_id for slot in slots}
        or set(wish.hosts) - {slot.host_address for slot in slots}
    )
    if missing:
        selected_tasks(cluster_of(session, wish), wish)
    fitting = [slot for slot in slots if not numbers or slot.task_id in numbers]
    return [slot for slot in fitting if not wish.hosts or slot.host_address in wish.hosts]


def problem_json(problem: Problem) -> dict[str, Any]:
    """{level, file, line, section, key, message}."""
    return {
        "level": problem.level,
        "file": problem.file,
        "line": problem.line,
        "section": problem.section,
        "key": problem.key,
        "message": problem.message,
    }


def _plan(session: Session, console: Console, wish: Wish, made: Made) -> tuple[dict[str, Any], str]:
    """{plan, waves, differences}, and why the action is not possible now."""
    nothing: dict[str, Any] = {"plan": "", "waves": [], "risks": [], "differences": []}
    try:
        drafted = draft(session, console, wish)
        compared = compare(session, console, drafted, wish, made)
    except Refused as refused:
        return nothing, refused.message
    at_risk = [{"text": one.text, "breaks": one.breaks} for one in risks(session, console, drafted, wish.now)]
    return {
        "plan": plan_id(drafted, compared),
        "waves": [_wave_json(wave) for wave in drafted.waves],
        "risks": at_risk,
        "differences": [_difference_json(one) for one in compared.differences],
        "not_told": list(compared.untold),
    }, ""


def _wave_json(wave: Wave) -> dict[str, Any]:
    steps = [{"verb": s.verb, "label": s.label, **_place_json(s.task)} for s in wave.steps]
    return {"name": wave.name, "always": wave.always, "steps": steps}


def _place_json(task: PlanTask | None) -> dict[str, Any]:
    """Of a step that the console does itself: nothing."""
    return {"job": task.job, "task_id": task.number, "address": task.address} if task else {}


def _difference_json(part: PartDifference) -> dict[str, Any]:
    groups = [
        {
            "kind": group.kind.value,
            "changed_lines": group.changed,
            "tasks": list(group.tasks),
            "lines": [line.sign + line.text for line in group.lines],
        }
        for group in part.groups
    ]
    return {"part": part.part, "title": part.title, "same": part.same, "groups": groups}


def _bad_config(error: ClusterFileError) -> Refused:
    refused = Refused("bad-config", str(error), "config")
    refused.errors = [problem_json(problem) for problem in error.problems]
    return refused
