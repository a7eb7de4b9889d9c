"""PURE. What happens for a wish, in which waves: steps as data, nothing touched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What an operator can ask of a cluster."""

    INSTALL = "install"
    BOOTSTRAP = "bootstrap"
    START = "start"
    STOP = "stop"
    RESTART = "restart"
    ROLLING_UPDATE = "rolling_update"
    SHOW = "show"
    PROCEDURE = "procedure"
    DRILL = "drill"
    DECOMMISSION = "decommission"
    RECOMMISSION = "recommission"
    CLEANUP = "cleanup"

    @property
    def words(self) -> str:
        """As people say it: rolling update."""
        return self.value.replace("_", " ")


LEAVING_ACTIONS = frozenset({Action.DECOMMISSION, Action.RECOMMISSION})
"""Actions that take tasks out of service or back into it."""


@dataclass(frozen=True)
class PlanTask:
    """One task as far as a plan needs it. ``key`` is the caller's own name for it (a row id)."""

    key: int
    job: str
    number: int
    address: str
    label: str


@dataclass(frozen=True)
class Target:
    """A port that must answer; ``label`` says whose it is."""

    address: str
    port: int
    label: str


@dataclass(frozen=True)
class WaitRule:
    """What must answer before tasks of a job go on: ``actions`` says when, ``others`` that it is not for the first one."""

    name: str
    targets: tuple[Target, ...]
    actions: frozenset[Action]
    others: bool = False
    seconds: float = 120.0


@dataclass(frozen=True)
class JobRules:
    """What the catalog says of one job. ``ready`` maps a status figure to its wanted values; empty: no waiting.

    At bootstrap a job that is ``late`` is prepared only when those before it run, and with ``first_alone`` its task 0 is
    brought up before the others, which join it. One that is no ``daemon`` is not started. ``waits`` come before its tasks are touched.
    """

    name: str
    ready: dict[str, list[Any]] = field(default_factory=dict)
    ready_seconds: float = 90.0
    start_seconds: float = 60.0
    stop_seconds: float = 120.0
    late: bool = False
    first_alone: bool = False
    daemon: bool = True
    waits: tuple[WaitRule, ...] = ()


@dataclass(frozen=True)
class PlannedStep:
    """One command for one task, or with no task something that the console does itself; ``patience`` in seconds."""

    task: PlanTask | None
    verb: str
    label: str
    args: dict[str, Any]
    patience: float


@dataclass(frozen=True)
class Wave:
    """Steps that may run together. A wave that is ``always`` runs however the operation ends; one that ``undoes``
    an earlier wave (its number) does so too, for the tasks with which that was begun.
    """

    name: str
    steps: tuple[PlannedStep, ...]
    always: bool = False
    undoes: int | None = None


PREFLIGHT_SECONDS = 30.0
PREPARE_SECONDS = 1800.0
SHOW_SECONDS = 20.0
CLEAN_SECONDS = 300.0


def make_plan(
    action: Action,
    tasks: Iterable[PlanTask],
    start_order: Sequence[JobRules],
    stop_order: Sequence[str],
    send: bool = True,
    joining: frozenset[str] = frozenset(),
) -> list[Wave]:
    """Waves for ``action`` on ``tasks``.

    ``joining`` are jobs of which a task holds data already: what is bootstrapped now joins it, and begins nothing anew.

    ``start_order`` lists the jobs in the order in which they start, ``stop_order`` in which they stop. ``send`` False
    leaves out the waves that bring package and files to the hosts. A wave without tasks is left out.
    """
    by_job: dict[str, list[PlanTask]] = {}
    for task in sorted(tasks, key=lambda t: t.number):
        by_job.setdefault(task.job, []).append(task)
    jobs = [rules for rules in start_order if rules.name in by_job]
    everyone = [task for rules in jobs for task in by_job[rules.name]]
    stops = [_stop_wave(by_job[name], _rules(jobs, name)) for name in stop_order if name in by_job]
    starts = [wave for rules in jobs for wave in _start_job(by_job[rules.name], rules, Action.START)]
    match action:
        case Action.BOOTSTRAP:
            early = [task for rules in jobs if not rules.late for task in by_job[rules.name]]
            first = [_prepare(early, True, joining=joining)] if early else []
            ups = [wave for rules in jobs for wave in _bring_up(by_job[rules.name], rules, joining)]
            return [_preflight(everyone, True), *first, *ups]
        case Action.START:
            return [_preflight(everyone, False), *([_prepare(everyone, False)] if send else []), *starts]
        case Action.STOP:
            return stops
        case Action.RESTART:
            return [*([_prepare(everyone, False)] if send else []), *stops, *starts]
        case Action.INSTALL | Action.SHOW | Action.CLEANUP:
            return [_at_once(action, everyone)]
        case Action.ROLLING_UPDATE | Action.PROCEDURE | Action.DRILL | Action.DECOMMISSION | Action.RECOMMISSION:
            raise ValueError(f"a {action.words} is planned elsewhere")


def _at_once(action: Action, tasks: Sequence[PlanTask]) -> Wave:
    """What all tasks do together; installing is for hosts, whatever number of tasks they have."""
    if action is Action.INSTALL:
        first = {task.address: task for task in reversed(tasks)}
        steps = (PlannedStep(t, "bring", f"unpack on {at}", {}, PREPARE_SECONDS) for at, t in sorted(first.items()))
        return Wave("Unpack the package on every host", tuple(steps))
    if action is Action.SHOW:
        return Wave("Ask every task", tuple(step_for(t, "show", "show", {}, SHOW_SECONDS) for t in tasks))
    cleans = tuple(step_for(t, "clean", "delete log and data", {}, CLEAN_SECONDS) for t in tasks)
    return Wave("Delete log and data", cleans)


def _rules(jobs: Sequence[JobRules], name: str) -> JobRules:
    return next(rules for rules in jobs if rules.name == name)


def step_for(task: PlanTask, verb: str, what: str, args: dict[str, Any], patience: float) -> PlannedStep:
    """A step whose label says what is done with which task."""
    return PlannedStep(task, verb, f"{what}: {task.label}", args, patience)


def _preflight(tasks: Sequence[PlanTask], bootstrap: bool) -> Wave:
    """Looks before anything moves: every task must pass before the first one is touched."""
    args = {"bootstrap": bootstrap}
    return Wave("Check hosts", tuple(step_for(t, "preflight", "check", args, PREFLIGHT_SECONDS) for t in tasks))


def _bring_up(tasks: Sequence[PlanTask], rules: JobRules, joining: frozenset[str]) -> list[Wave]:
    """A job from nothing to serving; what was prepared with everybody else is only started."""
    if not rules.late:
        return _start_job(tasks, rules, Action.BOOTSTRAP)
    begins = [task for task in tasks if task.number == 0 or not rules.first_alone] if rules.name not in joining else []
    joins = [task for task in tasks if task not in begins]
    waves = []
    for group, name in ((begins, frozenset[str]()), (joins, frozenset({rules.name}))):
        if group:
            waits = _wait_waves(group, rules, Action.BOOTSTRAP, others=bool(name))
            waves += [*waits, _prepare(group, True, f" of {rules.name}", name), *start_waves(group, rules)]
    return waves


def _start_job(tasks: Sequence[PlanTask], rules: JobRules, action: Action) -> list[Wave]:
    return [*_wait_waves(tasks, rules, action, others=False), *start_waves(tasks, rules)]


def _wait_waves(tasks: Sequence[PlanTask], rules: JobRules, action: Action, others: bool) -> list[Wave]:
    """Asked by the worker of the first of the tasks, which is the one that would miss the answer."""
    waves = []
    for wait in rules.waits:
        if action in wait.actions and wait.targets and (others or not wait.others):
            steps = tuple(
                PlannedStep(
                    tasks[0],
                    "probe",
                    f"wait until {target.label} answers",
                    {"kind": "port", "host": target.address, "port": target.port},
                    wait.seconds,
                )
                for target in wait.targets
            )
            waves.append(Wave(f"Wait until {wait.name} answers", steps))
    return waves


def _prepare(
    tasks: Sequence[PlanTask], bootstrap: bool, whose: str = "", joining: frozenset[str] = frozenset()
) -> Wave:
    name = f"Make directories, package, files{whose}" if bootstrap else "Send package and files"
    steps = []
    for task in tasks:
        args = {"bootstrap": bootstrap, "join": True} if task.job in joining else {"bootstrap": bootstrap}
        steps.append(step_for(task, "prepare", "prepare", args, PREPARE_SECONDS))
    return Wave(name, tuple(steps))


def _stop_wave(tasks: Sequence[PlanTask], rules: JobRules) -> Wave:
    return Wave(f"Stop {rules.name}", tuple(step_for(t, "stop", "stop", {}, rules.stop_seconds) for t in tasks))


def start_waves(tasks: Sequence[PlanTask], rules: JobRules) -> list[Wave]:
    """Start, and if the job tells when it serves, wait for that."""
    if not rules.daemon:
        return []
    waves = [Wave(f"Start {rules.name}", tuple(step_for(t, "start", "start", {}, rules.start_seconds) for t in tasks))]
    if rules.ready:
        args = {"kind": "status", "expect": rules.ready}
        steps = tuple(step_for(t, "probe", "wait until it serves", args, rules.ready_seconds) for t in tasks)
        waves.append(Wave(f"Wait until {rules.name} serves", steps))
    return waves
