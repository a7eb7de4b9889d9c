"""What a wish would do, told before anything is done."""

from typing import Any

from sqlalchemy.orm import Session

from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError, Problem
from minos_web.clusterfile.render import render_task
from minos_web.console import Console
from minos_web.operations.plan import Wave
from minos_web.operations.refusal import Refused
from minos_web.operations.rendering import context_of, host_dirs
from minos_web.operations.submit import draft
from minos_web.operations.wish import Wish
from minos_web.store.configdir import current_revision, tree_at


def preview(session: Session, console: Console, wish: Wish) -> list[Wave]:
    """The waves of a wish. Raises Refused."""
    return draft(session, console, wish).waves


def plan_json(session: Session, console: Console, wish: Wish) -> dict[str, Any]:
    """What the API tells of a plan: every described task with all that would be sent, the waves where the action is
    possible now (else why not), and warnings. Needs no worker to be up. Raises Refused when the file has errors.
    """
    tree = tree_at(session, None)
    try:
        description = load_cluster(tree, wish.service, wish.cluster, console.catalog)
    except ClusterFileError as error:
        raise _bad_config(error) from error
    dirs, context = host_dirs(session, console), context_of(console)
    numbers = {int(text) for text in wish.tasks}
    tasks = []
    for slot in description.tasks():
        wanted = (not wish.jobs or slot.job in wish.jobs) and (not numbers or slot.task_id in numbers)
        if wanted and (not wish.hosts or slot.host_address in wish.hosts):
            try:
                tasks.append(render_task(description, slot, dirs, context).as_json())
            except ClusterFileError as error:
                raise _bad_config(error) from error
    waves, why_not = _waves(session, console, wish)
    return {
        "service": wish.service,
        "cluster": wish.cluster,
        "action": wish.action,
        "config_revision": current_revision(session),
        "waves": waves,
        "not_possible_now": why_not,
        "warnings": [problem_json(problem) for problem in description.warnings],
        "tasks": tasks,
    }


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


def _waves(session: Session, console: Console, wish: Wish) -> tuple[list[dict[str, Any]], str]:
    try:
        waves = preview(session, console, wish)
    except Refused as refused:
        return [], refused.message
    return [
        {
            "name": wave.name,
            "always": wave.always,
            "steps": [
                {
                    "verb": s.verb,
                    "label": s.label,
                    "job": s.task.job,
                    "task_id": s.task.number,
                    "address": s.task.address,
                }
                for s in wave.steps
            ],
        }
        for wave in waves
    ], ""


def _bad_config(error: ClusterFileError) -> Refused:
    refused = Refused("bad-config", str(error), "config")
    refused.errors = [problem_json(problem) for problem in error.problems]
    return refused
