"""Upgrading workers: what is refused, in which waves it goes, and what retry and resume do to it."""

import time
from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from minos_common.names import release_name
from minos_common.states import HostState, StepState
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.operations import WORKERS, Operation
from minos_web.models.packages import Package
from minos_web.operations.control import control
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.workers import UpgradeWish, draft_upgrade, submit_upgrade
from tests.minos_web.scene import add_hosts, add_package

ADDRESSES = [f"127.0.1.{number}" for number in range(10, 17)]


@pytest.fixture
def hosts(session: Session) -> list[Host]:
    return add_hosts(session, ADDRESSES)


@pytest.fixture
def package(session: Session) -> Package:
    return add_package(session, "7.1", "minos-worker")


def wish(package: Package, hosts: Sequence[str] = (), at_once: int = 5) -> UpgradeWish:
    return UpgradeWish(package.id, "admin", time.time(), hosts, at_once)


def states(operation: Operation) -> list[str]:
    return [str(step.state) for step in operation.steps]


def test_one_goes_first_then_so_many_together(
    session: Session, console: Console, hosts: list[Host], package: Package
) -> None:
    hosts[2].facts = {"release": release_name(package.revision, package.sha256)}
    drafted = draft_upgrade(session, console, wish(package, at_once=4))
    assert [len(wave) for wave in drafted.waves] == [1, 4, 1]
    assert drafted.already == [hosts[2]]
    chosen = draft_upgrade(session, console, wish(package, ["host-14", "host-10", "host-14"]))
    assert [[host.name for host in wave] for wave in chosen.waves] == [["host-14"], ["host-10"]]


def test_what_makes_no_sense_is_refused_by_field(
    session: Session, console: Console, hosts: list[Host], package: Package
) -> None:
    other = add_package(session)
    hosts[0].state = HostState.PENDING
    hosts[1].beat_at = time.time() - 999
    cases = [
        (wish(other), "package", "artifact minos-worker"),
        (UpgradeWish(999, "admin", time.time()), "package", "artifact minos-worker"),
        (wish(package, at_once=0), "at_once", "between 1 and 50"),
        (wish(package, at_once=51), "at_once", "between 1 and 50"),
        (wish(package, ["host-10"]), "hosts", "no approved host is called host-10"),
        (wish(package, ["../etc"]), "hosts", "no approved host is called ../etc"),
        (wish(package), "hosts", "no word from host-11: leave them out"),
    ]
    for asked, field, words in cases:
        with pytest.raises(Refused, match=words) as caught:
            draft_upgrade(session, console, asked)
        assert caught.value.field == field


def test_workers_that_all_run_it_are_left_alone(
    session: Session, console: Console, hosts: list[Host], package: Package
) -> None:
    for host in hosts:
        host.facts = {"release": release_name(package.revision, package.sha256)}
    with pytest.raises(Refused, match=r"run r1-[0-9a-f]{12} already"):
        draft_upgrade(session, console, wish(package))


def test_a_second_upgrade_waits_for_the_first(
    session: Session, console: Console, hosts: list[Host], package: Package
) -> None:
    first = submit_upgrade(session, console, wish(package))
    assert (first.open_cluster_id, first.cluster_id, first.about) == (WORKERS, None, "workers")
    with pytest.raises(Busy, match=f"operation {first.id} is still open on the workers"):
        submit_upgrade(session, console, wish(package))


@pytest.fixture
def standing(session: Session, console: Console, hosts: list[Host], package: Package) -> Operation:
    """Left the first behind, stands at the third; the second is done, the rest waits."""
    operation = submit_upgrade(session, console, wish(package, at_once=2))
    first, second, third = operation.steps[:3]
    first.state, first.passed_over = StepState.FAILED.value, True
    second.state, third.state, third.message = StepState.DONE.value, StepState.FAILED.value, "no room"
    operation.state = "paused"
    return operation


def test_a_retry_tries_only_what_it_stands_at(session: Session, standing: Operation) -> None:
    commands = [step.command_id for step in standing.steps]
    control(session, standing.id, "retry", "admin", time.time())
    assert states(standing) == ["failed", "done", "waiting", *["waiting"] * 4]
    assert [step.attempt for step in standing.steps] == [1, 1, 2, 1, 1, 1, 1]
    changed = [step.position + 2 * step.wave for step in standing.steps if step.command_id not in commands]
    assert len(changed) == 1, "what waits is not another command by that"
    assert standing.state == "running" and standing.steps[0].passed_over


def test_going_on_leaves_behind_what_it_stands_at(session: Session, standing: Operation) -> None:
    control(session, standing.id, "resume", "admin", time.time())
    assert [step.passed_over for step in standing.steps] == [True, False, True, *[False] * 4]
    assert standing.state == "running"


def test_a_retry_of_what_was_paused_by_hand_is_refused(
    session: Session, console: Console, hosts: list[Host], package: Package
) -> None:
    operation = submit_upgrade(session, console, wish(package))
    control(session, operation.id, "pause", "admin", time.time())
    with pytest.raises(Refused, match="cannot be tried again"):
        control(session, operation.id, "retry", "admin", time.time())


def test_a_retry_after_the_end_takes_the_left_behind_along(session: Session, standing: Operation) -> None:
    for step in standing.steps[3:]:
        step.state = StepState.DONE.value
    standing.state, standing.open_cluster_id = "failed", None
    control(session, standing.id, "retry", "admin", time.time())
    assert states(standing) == ["waiting", "done", "waiting", *["done"] * 4]
    assert standing.open_cluster_id == WORKERS and not standing.steps[0].passed_over
