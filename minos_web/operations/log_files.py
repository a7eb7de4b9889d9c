"""Whole log files: asked of a worker, brought into the spool, downloaded, forgotten; and output that is cleared."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED, STEP_OPEN, HostState, StepState
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.operations.ask import PATIENCE, lay
from minos_web.operations.braking import check_brake
from minos_web.operations.refusal import Refused
from minos_web.store.spool import Spool, Spooled

SEND, CLEAR = "send-log", "clear-log"
MOST_OPEN, MOST_OF_ONE = 8, 4
"""Log files that may be on their way at a time, in all and for one person."""
SEND_SECONDS = 6 * 3600.0
"""How long a file may be on its way."""
LONGEST_NAME = 4096


def spool_of(console: Console) -> Spool:
    """Where the log files of a console lie."""
    settings = console.settings
    return Spool(console.var / "logs", settings.log_spool_bytes, settings.keep_free_bytes)


def fetch_log(session: Session, task: Task, name: str, user: str, now: float) -> tuple[Step, bool]:
    """Ask for one log file of a task, by the name list-logs gave (empty: the newest output); and whether that is new: the
    same file is not brought twice at a time for one person. Raises Refused.
    """
    if len(name) > LONGEST_NAME or "\0" in name:
        raise Refused("bad-name", "no log file has such a name; take one of the list", "name")
    _check_host(session, task)
    open_ones = list(session.scalars(_open()))
    mine = [step for step in open_ones if step.created_by == user]
    for step in mine:
        if (step.task_id, step.args) == (task.id, {"name": name}):
            return step, False
    if len(open_ones) >= MOST_OPEN or len(mine) >= MOST_OF_ONE:
        whose = "your" if len(mine) >= MOST_OF_ONE else "everybody's"
        number = len(mine) if len(mine) >= MOST_OF_ONE else len(open_ones)
        message = f"{number} log files are being fetched already, {whose} share; wait for one, or cancel it"
        raise Refused("too-many-downloads", message)
    step = Step(verb=SEND, args={"name": name}, created_by=user, created_at=now)
    return lay(session, task, step, SEND_SECONDS), True


def clear_log(session: Session, task: Task, user: str, now: float) -> Step:
    """Have the captured output of a task emptied. Raises Refused."""
    check_brake(session, task.cluster)
    _check_host(session, task)
    return lay(session, task, Step(verb=CLEAR, args={}, created_by=user, created_at=now), PATIENCE)


def cancel_fetch(step: Step, user: str, now: float) -> bool:
    """Want the file no more; whether that changed anything. The worker hears of it with its next piece."""
    if step.state in STEP_ENDED:
        return False
    step.state, step.ended_at, step.message = StepState.CANCELLED.value, now, f"cancelled by {user}"
    return True


def fetched(session: Session, step_id: int) -> Step | None:
    """The step that asked for a log file; None when there is none of this number (any more)."""
    step = session.get(Step, step_id)
    return step if step is not None and step.verb == SEND and step.operation_id is None else None


def ready_file(console: Console, step: Step) -> Spooled | None:
    """The file that a step asked for, once all of it is here and its worker has said so."""
    if step.state != StepState.DONE:
        return None
    found = spool_of(console).find(step.id)
    return found if found is not None and found.whole and found.size == step.data.get("size") else None


def tend(console: Console, since: float, now: float) -> None:
    """Give up what a lost host was bringing, and delete files that nobody can download any more. A host counts as heard at
    ``since``, when this engine began: before that nobody listened.
    """
    spool = spool_of(console)
    with console.readers() as session:
        lost = [step.id for step in session.scalars(_open()) if _is_lost(session, step, console, since, now)]
        wanted = select(Step.id).where(Step.operation_id.is_(None), Step.verb == SEND, Step.state.not_in(_GIVEN_UP))
        kept = session.scalars(wanted).all()
    if lost:
        with console.writers.begin() as session:
            for step in session.scalars(select(Step).where(Step.id.in_(lost), Step.state.in_(_UNDER_WAY))):
                _give_up(session, step, now)
    spool.forget_others(set(kept) - set(lost))


def _is_lost(session: Session, step: Step, console: Console, since: float, now: float) -> bool:
    host = session.get(Host, step.host_id) if step.host_id else None
    if host is None or host.state != HostState.APPROVED:
        return step.state in _UNDER_WAY
    return step.state in _UNDER_WAY and now - max(host.beat_at or 0.0, since) > console.settings.lost_seconds


def _give_up(session: Session, step: Step, now: float) -> None:
    host = session.get(Host, step.host_id) if step.host_id else None
    step.state, step.ended_at = StepState.FAILED.value, now
    step.message = f"{host.name if host else 'the host'} fell silent in the middle of it; ask again when it is back"


def _check_host(session: Session, task: Task) -> None:
    host = session.get(Host, task.host_id) if task.host_id else None
    if host is None or host.state != HostState.APPROVED:
        raise Refused("no-host", f"no approved host has the address {task.address}", "task")


def _open() -> Select[Step]:
    return select(Step).where(Step.verb == SEND, Step.state.in_([StepState.WAITING.value, *_UNDER_WAY]))


_UNDER_WAY = tuple(state.value for state in STEP_OPEN)
_GIVEN_UP = (StepState.FAILED.value, StepState.CANCELLED.value, StepState.SKIPPED.value)
