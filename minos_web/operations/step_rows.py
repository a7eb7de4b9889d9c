"""The steps of an operation as lists and sums ask for them: counted by the database, and never more rows than are shown."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from minos_common.states import OperationState, StepState
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.operations.causes import LONGEST, Cause, Failure, causes_of
from minos_web.operations.eta import FEWEST, Ended, Eta, Left, estimate
from minos_web.operations.happened import Why
from minos_web.operations.wave_sums import STATES, Mark, WaveSum, states_of

LOOK_FIRST = (StepState.FAILED, StepState.UNKNOWN, StepState.RUNNING, StepState.SENT)
MOST_TIMES = 300
"""Newest ended steps from which the time that is left is known."""
MOST_KNOWN = 50
"""Operations of which the causes are kept in memory: pages that are polled ask for the same ones again and again."""
_KNOWN: dict[tuple[Any, ...], tuple[Cause, ...]] = {}
EARLIER = 5
"""Newest earlier operations of the same kind that are looked at for it."""


@dataclass(frozen=True)
class Wanted:
    """Which steps of an operation: of some waves (None: all), in the states of a filter, with a text in task or host, or
    only some ids.
    """

    waves: tuple[int, ...] | None = None
    state: str = ""
    text: str = ""
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class StepRow:
    """A step with the name of its host, how long its output is (the output itself is not read), and of a look of the
    console what it keeps of it.
    """

    step: Step
    host: str
    output_size: int
    evidence: dict[str, Any]


def wave_sums(session: Session, operation: Operation) -> list[WaveSum]:
    """The waves in order, counted by the database."""
    query = (
        select(
            Step.wave, Step.state, Step.verb, Step.always, Step.undoes,
            func.count(), func.min(Step.sent_at), func.max(Step.ended_at), func.sum(Step.attempt),
        )
        .where(Step.operation_id == operation.id)
        .group_by(Step.wave, Step.state, Step.verb, Step.always, Step.undoes)
        .order_by(Step.wave)
    )  # fmt: skip
    names, found = operation.wave_names, dict[int, WaveSum]()
    for number, state, verb, always, undoes, count, began, ended, attempts in session.execute(query):
        name = names[number] if number < len(names) else ""
        wave = found.setdefault(number, WaveSum(number, name, always, undoes))
        wave.states[state] += count
        wave.verbs[verb] += count
        if state == StepState.WAITING:
            wave.waiting[verb] += count
        wave.began = min((at for at in (wave.began, began) if at is not None), default=None)
        wave.ended = max((at for at in (wave.ended, ended) if at is not None), default=None)
        wave.again += int(attempts or count) - count
    return list(found.values())


def marks_of(session: Session, operation_id: int, waves: Collection[int], size: int = 1) -> list[Mark]:
    """What is drawn of the steps of some waves, in order; of ``size`` steps that follow one another a mark for each state."""
    place = Step.position // size
    query = (
        select(
            Step.wave, place * size, Step.state, Step.verb, func.count(), func.min(Step.id), func.min(Step.label),
            func.min(Step.sent_at), func.max(Step.ended_at),
        )
        .where(Step.operation_id == operation_id, Step.wave.in_(waves))
        .group_by(Step.wave, place, Step.state, Step.verb)
        .order_by(Step.wave, place)
    )  # fmt: skip
    return [Mark(*row) for row in session.execute(query)]


def count_of(session: Session, operation_id: int, wanted: Wanted) -> int:
    """How many steps are wanted."""
    return session.scalar(_narrowed(select(func.count(Step.id)), operation_id, wanted)) or 0


def rows_of(session: Session, operation_id: int, wanted: Wanted, first: int, most: int) -> list[StepRow]:
    """The wanted steps from number ``first`` (from 0) on, in their order."""
    query = (
        _narrowed(select(Step, Host.name, func.length(Step.output)), operation_id, wanted)
        .options(defer(Step.output), defer(Step.data), joinedload(Step.task).joinedload(Task.cluster))
        .order_by(Step.wave, Step.position, Step.id)
        .offset(first)
        .limit(most)
    )
    return _with_evidence(session, session.execute(query).all())


def whole_steps(session: Session, operation_id: int, wanted: Wanted, first: int, most: int) -> list[Step]:
    """The wanted steps with all that they printed and keep."""
    query = _narrowed(select(Step), operation_id, wanted).options(joinedload(Step.task))
    query = query.order_by(Step.wave, Step.position, Step.id).offset(first).limit(most)
    return list(session.scalars(query))


def worst_rows(session: Session, operation_id: int, wave: int, most: int) -> list[StepRow]:
    """Some steps of a large wave: those that need a look, and with room left the first ones; in their order."""
    look = case((Step.state.in_([state.value for state in LOOK_FIRST]), 0), else_=1)
    query = select(Step.id).where(Step.operation_id == operation_id, Step.wave == wave)
    ids = session.scalars(query.order_by(look, Step.position).limit(most)).all()
    return rows_of(session, operation_id, Wanted(ids=tuple(ids)), 0, most)


def _with_evidence(session: Session, found: Sequence[Any]) -> list[StepRow]:
    looks = [step.id for step, _, _ in found if step.verb == "gate"]
    query = select(Step.id, Step.data).where(Step.id.in_(looks))
    kept: dict[int, dict[str, Any]] = {number: data for number, data in session.execute(query)} if looks else {}
    return [StepRow(step, host or "", size or 0, kept.get(step.id) or {}) for step, host, size in found]


def _narrowed(query: Select[tuple[int]] | Select, operation_id: int, wanted: Wanted) -> Select:  # type: ignore[type-arg]
    query = query.outerjoin(Host, Host.id == Step.host_id).where(Step.operation_id == operation_id)
    if wanted.waves is not None:
        query = query.where(Step.wave.in_(wanted.waves))
    if wanted.state:
        query = query.where(Step.state.in_([state.value for state in STATES[wanted.state]]))
    if wanted.ids is not None:
        query = query.where(Step.id.in_(wanted.ids))
    if wanted.text:
        query = query.where(_holds(wanted.text))
    return query


def _holds(text: str) -> ColumnElement[bool]:
    """In its label (which names the task), or in the name or address of its host."""
    return or_(*(column.icontains(text, autoescape=True) for column in (Step.label, Host.name, Host.address)))


def operation_causes(session: Session, operation_id: int) -> list[Cause]:
    """The failed steps of an operation by their cause. Known from the last time while the same steps have failed."""
    mine = (Step.operation_id == operation_id, Step.state == StepState.FAILED.value)
    seen = select(func.count(), func.sum(Step.id), func.max(Step.ended_at), func.sum(func.length(Step.message)))
    state = (str(session.get_bind().engine.url), operation_id, *session.execute(seen.where(*mine)).one())
    known = _KNOWN.get(state)
    if known is None:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[state] = tuple(causes_of(_failures(session, operation_id)))
    return list(known)


def _failures(session: Session, operation_id: int) -> Iterator[Failure]:
    query = (
        select(
            Step.id, Step.ended_at, func.substr(Step.message, 1, 4 * LONGEST), Step.label,
            Host.name, Host.address, Task.job, Task.number, Task.address,
        )
        .outerjoin(Host, Host.id == Step.host_id)
        .outerjoin(Task, Task.id == Step.task_id)
        .where(Step.operation_id == operation_id, Step.state == StepState.FAILED.value)
        .order_by(Step.wave, Step.position, Step.id)
    )  # fmt: skip
    return (_failure(*row) for row in session.execute(query))


def _failure(number: int, at: float | None, message: str, label: str, *place: str | int | None) -> Failure:
    host, address, job, task_number, task_address = place
    task = f"{job}/{task_number}" if job else ""
    names = tuple(str(name) for name in (label, host, address, task, task_address) if name)
    where = f"{task} on {host or task_address}" if task else str(host or "")
    return Failure(number, message, label, names, where, at)


def eta_of(session: Session, operation: Operation, waves: Sequence[WaveSum], now: float) -> Eta | None:
    """The time that is left of an operation that is carried on; None where nobody can tell."""
    if operation.state != OperationState.RUNNING or states_of(waves)[StepState.UNKNOWN]:
        return None
    left = _left(session, operation, waves, now)
    ended = _ended(session, operation)
    known = Counter(step.verb for step in ended)
    missing = {one.verb for one in left if known[one.verb] < FEWEST}
    earlier = _earlier(session, operation, missing) if missing else {}
    return estimate(left, ended, earlier, int(operation.options.get("parallel") or 0))


def _left(session: Session, operation: Operation, waves: Sequence[WaveSum], now: float) -> list[Left]:
    running: dict[tuple[int, str], list[float]] = {}
    query = select(Step.wave, Step.verb, Step.sent_at).where(
        Step.operation_id == operation.id, Step.state.in_([StepState.SENT.value, StepState.RUNNING.value])
    )
    for wave, verb, sent_at in session.execute(query):
        running.setdefault((wave, verb), []).append(now - (sent_at or now))
    waiting = {(wave.number, verb): count for wave in waves for verb, count in wave.waiting.items()}
    return [
        Left(wave, verb, waiting.get((wave, verb), 0), tuple(running.get((wave, verb), ())))
        for wave, verb in sorted(waiting.keys() | running.keys())
    ]


def _ended(session: Session, operation: Operation) -> list[Ended]:
    query = (
        select(Step.wave, Step.verb, Step.ended_at - Step.sent_at)
        .where(Step.operation_id == operation.id, Step.state == StepState.DONE.value)
        .where(Step.sent_at.is_not(None), Step.ended_at.is_not(None))
        .order_by(Step.ended_at.desc())
        .limit(MOST_TIMES)
    )
    return [Ended(wave, verb, seconds or 0.0) for wave, verb, seconds in session.execute(query)]


def _earlier(session: Session, operation: Operation, verbs: Collection[str]) -> dict[str, list[float]]:
    """How long steps of these verbs took in the newest operations of the same action on the same cluster."""
    same = Operation.cluster_id == operation.cluster_id
    if operation.cluster_id is None:
        same = Operation.cluster_id.is_(None)
    before = (
        select(Operation.id)
        .where(same, Operation.action == operation.action, Operation.id < operation.id)
        .where(Operation.ended_at.is_not(None))
        .order_by(Operation.id.desc())
        .limit(EARLIER)
    )
    query = (
        select(Step.verb, Step.ended_at - Step.sent_at)
        .where(Step.operation_id.in_(session.scalars(before).all()), Step.verb.in_(verbs))
        .where(Step.state == StepState.DONE.value, Step.sent_at.is_not(None), Step.ended_at.is_not(None))
        .limit(MOST_TIMES)
    )
    found: dict[str, list[float]] = {}
    for verb, seconds in session.execute(query):
        found.setdefault(verb, []).append(float(seconds or 0.0))
    return found


def stands_at(session: Session, operation_id: int) -> list[str]:
    """The verbs of the steps at which an operation stands still: ended badly, and not left behind."""
    bad = [StepState.FAILED.value, StepState.CANCELLED.value]
    query = select(Step.verb).where(Step.operation_id == operation_id, Step.state.in_(bad), Step.passed_over.is_(False))
    return list(session.scalars(query))


def left_behind(session: Session, operation_id: int) -> set[int]:
    """The failed steps without which an operator went on."""
    failed = Step.state == StepState.FAILED.value
    query = select(Step.id).where(Step.operation_id == operation_id, failed, Step.passed_over.is_(True))
    return set(session.scalars(query))


def why_not_done(session: Session, operation: Operation) -> Why:
    """What explains the steps of an operation that were left out."""
    bad = [StepState.FAILED.value, StepState.CANCELLED.value]
    mine = Step.operation_id == operation.id
    first = session.execute(
        select(Step.label, Step.wave)
        .where(mine, Step.state == StepState.FAILED.value)
        .order_by(Step.ended_at, Step.wave, Step.position)
        .limit(1)
    ).first()
    failed_tasks = select(Step.task_id).where(mine, Step.state.in_(bad), Step.task_id.is_not(None))
    own_fault = session.execute(
        select(Step.wave, func.count())
        .where(mine, Step.state == StepState.SKIPPED.value, Step.task_id.in_(failed_tasks))
        .group_by(Step.wave)
    )
    label, wave = first or ("", None)
    return Why(OperationState(operation.state), label, wave, {number: count for number, count in own_fault})
