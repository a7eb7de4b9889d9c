"""Log files on the table: who may have how many, what a lost host means, what is swept away."""

import time
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState, StepState
from minos_common.verbs import SendLogArgs
from minos_web.console import Console
from minos_web.engine.rounds import forget_questions
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.operations.log_files import (
    MOST_OF_ONE,
    MOST_OPEN,
    cancel_fetch,
    clear_log,
    fetch_log,
    ready_file,
    spool_of,
    tend,
)
from minos_web.operations.refusal import Refused
from minos_web.operations.rendering import Renderer
from minos_web.security.tickets import For, check_ticket
from minos_web.store.spool import Piece
from tests.minos_web.scene import add_cluster, add_hosts

NOW = time.time()


@pytest.fixture
def task(console: Console, session: Session) -> Task:
    """The first task of a described cluster on an approved host."""
    add_hosts(session)
    add_cluster(session, console)
    found = session.scalars(select(Task).order_by(Task.id)).first()
    assert found is not None
    session.commit()
    return found


def fetch(session: Session, task: Task, name: str = "log/a.log", user: str = "vera") -> Step:
    return fetch_log(session, task, name, user, NOW)[0]


def under_way(session: Session, task: Task, name: str = "log/a.log") -> Step:
    """A file of which 3 of 10 bytes are here."""
    step = fetch(session, task, name)
    step.state = StepState.RUNNING.value
    session.commit()
    return step


def bring(console: Console, step: Step, data: bytes = b"abc", size: int = 10) -> None:
    spool_of(console).put(step.id, Piece("a", 0, size), data)


def test_the_worker_is_told_where_to_bring_it_with_a_ticket_for_that_file(
    console: Console, session: Session, task: Task
) -> None:
    step = fetch(session, task)
    args = Renderer(console).args_of(session, step)
    assert isinstance(args, SendLogArgs) and args.name == "log/a.log"
    assert args.url == f"http://127.0.0.1:8088/api/v1/log-files/{step.id}/piece"
    assert check_ticket(console.secret, args.ticket, For.LOG_FILE, step.id, NOW + 60) == task.host_id
    assert Renderer(console).args_of(session, step) == args


def test_the_same_file_is_not_brought_twice_at_a_time_for_one_person(session: Session, task: Task) -> None:
    first = fetch(session, task)
    assert fetch_log(session, task, "log/a.log", "vera", NOW) == (first, False)
    assert fetch(session, task, user="olga") is not first
    first.state = StepState.DONE.value
    assert fetch(session, task) is not first


def test_how_many_at_a_time(session: Session, task: Task) -> None:
    for number in range(MOST_OF_ONE):
        fetch(session, task, f"log/{number}")
    with pytest.raises(Refused, match="your share") as refused:
        fetch(session, task, "log/one-more")
    assert refused.value.code == "too-many-downloads"
    for number in range(MOST_OPEN - MOST_OF_ONE):
        fetch(session, task, f"log/{number}", f"user{number}")
    with pytest.raises(Refused, match="everybody's share"):
        fetch(session, task, "log/one-more", "olga")
    cancel_fetch(session.scalars(select(Step)).all()[0], "vera", NOW)
    fetch(session, task, "log/one-more", "olga")


@pytest.mark.parametrize("name", ["x" * 5000, "log/\0"])
def test_names_that_no_file_has(session: Session, task: Task, name: str) -> None:
    with pytest.raises(Refused, match="no log file"):
        fetch(session, task, name)


@pytest.mark.parametrize("how", ["none", "revoked"])
def test_without_a_host_there_is_nothing_to_ask(session: Session, task: Task, how: str) -> None:
    if how == "none":
        task.host_id = None
    else:
        session.get_one(Host, task.host_id).state = HostState.REVOKED
    for asked in (lambda: fetch(session, task), lambda: clear_log(session, task, "olga", NOW)):
        with pytest.raises(Refused, match="no approved host"):
            asked()


def test_it_is_ready_when_all_of_it_is_here_and_the_worker_has_said_so(
    console: Console, session: Session, task: Task
) -> None:
    step = under_way(session, task)
    bring(console, step, b"abcdefghij")
    assert ready_file(console, step) is None
    step.state, step.data = StepState.DONE.value, {"name": "log/a.log", "size": 10}
    found = ready_file(console, step)
    assert found is not None and found.path.read_bytes() == b"abcdefghij"
    step.data = {"name": "log/a.log", "size": 11}
    assert ready_file(console, step) is None


def test_a_lost_host_ends_what_it_was_bringing(console: Console, session: Session, task: Task) -> None:
    step, waiting = under_way(session, task), fetch(session, task, "log/b.log")
    bring(console, step)
    session.commit()
    host = session.get_one(Host, task.host_id)
    assert host.beat_at is not None
    lost = host.beat_at + console.settings.lost_seconds
    session.commit()
    tend(console, NOW - 1000, lost - 1)
    session.refresh(step)
    assert step.state == StepState.RUNNING and spool_of(console).find(step.id) is not None
    tend(console, lost, lost + 1)  # an engine that has only begun to listen
    session.refresh(step)
    assert step.state == StepState.RUNNING
    session.commit()
    tend(console, NOW - 1000, lost + 1)
    session.refresh(step)
    assert step.state == StepState.FAILED and "host-31 fell silent in the middle" in step.message
    assert spool_of(console).files() == []
    session.refresh(waiting)
    assert waiting.state == StepState.WAITING  # never sent: who carries steps waits for the host, or says so


def test_a_revoked_host_brings_nothing_more(console: Console, session: Session, task: Task) -> None:
    step = under_way(session, task)
    session.get_one(Host, task.host_id).state = HostState.REVOKED
    session.commit()
    tend(console, NOW - 1000, NOW)
    session.refresh(step)
    assert step.state == StepState.FAILED


def test_files_go_with_their_question(console: Console, session: Session, task: Task) -> None:
    kept, cancelled, old = (under_way(session, task, f"log/{number}") for number in range(3))
    for step in (kept, cancelled, old):
        bring(console, step, b"x" * 10)
        step.state, step.ended_at = StepState.DONE.value, NOW
    cancelled.state, old.ended_at = StepState.CANCELLED.value, NOW - 1000
    session.commit()
    tend(console, NOW, NOW)
    assert sorted(one.number for one in spool_of(console).files()) == [kept.id, old.id]
    forget_questions(session, NOW - 500)
    session.commit()
    tend(console, NOW, NOW)
    assert [one.number for one in spool_of(console).files()] == [kept.id]


def test_a_file_that_took_long_is_kept_as_long_as_any_other(session: Session, task: Task) -> None:
    step = under_way(session, task)
    step.state, step.created_at, step.ended_at = StepState.DONE.value, NOW - 5000, NOW
    forget_questions(session, NOW - 3600)
    assert session.get(Step, step.id) is not None


def test_limits_come_from_the_ini(console: Console) -> None:
    settings = msgspec.structs.replace(console.settings, log_spool_bytes=77, keep_free_bytes=5)
    spool = spool_of(replace(console, settings=settings))
    assert (spool.most_bytes, spool.keep_free, spool.directory) == (77, 5, console.var / "logs")
