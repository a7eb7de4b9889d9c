"""Operations at certain times: through the one door, as anybody's, with the cluster's name typed when it was saved."""

from typing import Any

import msgspec
from sqlalchemy.orm import Session

from minos_common.states import OPERATION_ENDED, OperationState
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.models.schedules import Occurrence
from minos_web.operations.checks import TYPED
from minos_web.operations.drills import drill_of
from minos_web.operations.manner import OF_A_WAY, way_of
from minos_web.operations.plan import Action
from minos_web.operations.procedures import answer_to, procedure_of
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules.work import Begun, Progress, Work
from minos_web.operations.submit import submit
from minos_web.operations.wish import NewOperation, Wish, selected_tasks

SCHEDULED = (
    Action.ROLLING_UPDATE,
    Action.RESTART,
    Action.START,
    Action.STOP,
    Action.INSTALL,
    Action.PROCEDURE,
    Action.DRILL,
)
"""What a timetable may do. What deletes data, or takes a decision with it, is done by somebody who looks at it."""
_NEVER = {
    Action.CLEANUP: "cleaning up deletes data for ever: a timetable does not do that, do it by hand",
    Action.BOOTSTRAP: "a bootstrap begins data anew: a timetable does not do that, do it by hand",
    Action.DECOMMISSION: "who leaves a cluster is decided by somebody who looks at it, not by a timetable",
    Action.RECOMMISSION: "who comes back to a cluster is decided by somebody who looks at it, not by a timetable",
    Action.SHOW: "asking every task is the kind check",
}
_OPTIONS = OF_A_WAY - {"back_to"} | {
    "batch",
    "min_healthy",
    "deadline",
    "pause_after_first",
    "update_config",
    "update_package",
    "package_id",
}


class CheckArguments(msgspec.Struct, forbid_unknown_fields=True):
    """Which tasks are asked; nothing chosen: all."""

    jobs: list[str] = []
    tasks: list[int] = []
    hosts: list[str] = []


def check(work: Work, arguments: NewOperation) -> None:
    """Raises Refused for what a timetable does not do, or what the cluster does not have."""
    action, cluster = _action(arguments.action), _cluster(work)
    if action is Action.PROCEDURE:
        _check_procedure(work, cluster, arguments)
    elif action is Action.DRILL:
        _check_drill(work, cluster, arguments)
    else:
        strange = sorted(set(arguments.options) - _OPTIONS)
        if strange:
            raise Refused(
                "bad-option", f"there is no option {strange[0]!r} of a {action.words} in a timetable", strange[0]
            )
        tasks = selected_tasks(cluster, _wish(work, arguments))
        way = way_of(action, arguments.options, len(tasks))
        if way.override and not work.person.admin:
            text = "only an administrator may have this done in spite of what depends on it"
            raise Refused("override", text, "override")
        _check_package(work.session, arguments.options)
    if action in TYPED and work.confirm != cluster.name:
        raise Refused("confirm", f"type the cluster's name, {cluster.name}, to have it {_done(action)}", "confirm")


def check_selection(work: Work, arguments: CheckArguments) -> None:
    """Raises Refused for tasks that the cluster does not have."""
    selected_tasks(_cluster(work), _wish(work, _show(arguments)))


def begin(work: Work, arguments: NewOperation) -> Begun:
    """Lay it on the table. Raises Refused, or Busy."""
    _action(arguments.action)
    return Begun(operation=submit(work.session, work.console, _wish(work, arguments)).operation.id)


def begin_check(work: Work, arguments: CheckArguments) -> Begun:
    """Ask every task. Raises Refused, or Busy."""
    return Begun(operation=submit(work.session, work.console, _wish(work, _show(arguments))).operation.id)


def follow(session: Session, _console: Console, occurrence: Occurrence, _now: float) -> Progress:
    """How far the operation is."""
    found = session.get(Operation, occurrence.operation_id) if occurrence.operation_id else None
    if found is None:
        return Progress("failed", "its operation is not kept any more")
    if found.state == OperationState.PAUSED:
        return Progress("stands", f"operation {found.id} stands still: {found.message}")
    if found.state not in OPERATION_ENDED:
        return Progress("running")
    if found.state == OperationState.DONE:
        return Progress("done")
    return Progress(found.state, f"operation {found.id} {found.state}: {found.message}".removesuffix(": "))


def words(arguments: NewOperation) -> str:
    """Restart of job zookeeper."""
    drill = f"drill {arguments.options.get('drill')}" if arguments.action == Action.DRILL else ""
    name = str(drill or arguments.options.get("procedure") or arguments.action).replace("_", " ").replace("-", " ")
    found = name[:1].upper() + name[1:]
    return f"{found}{_part(arguments.jobs, arguments.tasks, arguments.hosts)}"


def check_words(arguments: CheckArguments) -> str:
    """Ask every task how it is."""
    return f"Ask every task how it is{_part(arguments.jobs, arguments.tasks, arguments.hosts)}"


def _part(jobs: list[str], tasks: list[int], hosts: list[str]) -> str:
    found = f", {', '.join(jobs)}" if jobs else ""
    found += f", task{'s' if len(tasks) > 1 else ''} {', '.join(map(str, tasks))}" if tasks else ""
    return found + (f", on {', '.join(hosts)}" if hosts else "")


def _action(name: str) -> Action:
    known = ", ".join(SCHEDULED)
    try:
        found = Action(name)
    except ValueError:
        raise Refused("bad-action", f"a timetable can {known}, not {name[:40]!r}", "action") from None
    if found not in SCHEDULED:
        raise Refused("bad-action", _NEVER[found], "action")
    return found


def _check_procedure(work: Work, cluster: Cluster, arguments: NewOperation) -> None:
    procedure = procedure_of(work.console.catalog.get(cluster.service), arguments.options)
    if procedure.admin and not work.person.admin:
        raise Refused("not-allowed", f"{procedure.title} is for administrators", "procedure")
    strange = sorted(set(arguments.options) - {"procedure", *procedure.asks})
    if strange:
        raise Refused("bad-option", f"{procedure.title} does not ask for {strange[0]!r}", strange[0])
    for name in procedure.asks:
        answer_to(name, arguments.options.get(name))


def _check_drill(work: Work, cluster: Cluster, arguments: NewOperation) -> None:
    drill = drill_of(work.session, work.console.catalog.get(cluster.service), cluster, arguments.options)
    strange = sorted(set(arguments.options) - {"drill"})
    if strange:
        raise Refused("bad-option", f"{drill.title} has no option {strange[0]!r}", strange[0])


def _check_package(session: Session, options: dict[str, Any]) -> None:
    number = options.get("package_id")
    if number is None:
        return
    if not isinstance(number, int) or isinstance(number, bool) or session.get(Package, number) is None:
        raise Refused("unknown-package", f"there is no package {str(number)[:20]!r}", "package_id")


def _done(action: Action) -> str:
    return {Action.STOP: "stopped", Action.RESTART: "restarted", Action.DRILL: "drilled"}.get(action, "updated")


def _show(arguments: CheckArguments) -> NewOperation:
    return NewOperation(Action.SHOW.value, arguments.jobs, arguments.tasks, arguments.hosts)


def _cluster(work: Work) -> Cluster:
    assert work.cluster is not None  # the kind needs one
    return work.cluster


def _wish(work: Work, arguments: NewOperation) -> Wish:
    cluster = _cluster(work)
    return Wish(
        service=cluster.service,
        cluster=cluster.name,
        action=arguments.action,
        user=work.person.name,
        now=work.now,
        jobs=arguments.jobs,
        tasks=arguments.tasks,
        hosts=arguments.hosts,
        may_override=work.person.admin,
        options={**arguments.options, "confirm": cluster.name},
    )
