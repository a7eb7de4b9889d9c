"""Quotas that people set."""

import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.quotas import Quota
from minos_web.monitor.quotas.reading import is_work, tend
from minos_web.monitor.quotas.setting import Change, change_of, clearing, set_quota
from minos_web.operations.refusal import Refused
from tests.minos_web.monitor.quotas.scene import ALICE, GB, an_hdfs, end, line, newest, read, reading, rows

AT = 1_790_000_000.0
BY = ("admin", AT)


@pytest.fixture
def alice(session: Session, console: Console) -> Quota:
    an_hdfs(session)
    read(session, console, line(ALICE, (1000, 10), (10 * GB, 5)), AT)
    return rows(session)[ALICE]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_of("names", "1,000"), "-setQuota 1000 /user/alice"),
        (change_of("space", "1.5 GB"), f"-setSpaceQuota {3 * GB // 2} /user/alice"),
        (clearing("names"), "-clrQuota /user/alice"),
        (clearing("space"), "-clrSpaceQuota /user/alice"),
    ],
)
def test_what_is_run(session: Session, console: Console, alice: Quota, change: Change, words: str) -> None:
    run = set_quota(session, console, alice, change, BY)
    assert (run.command, run.words, run.created_by, alice.change) == ("dfsadmin", words, "admin", run.id)


def test_a_path_is_no_pattern_and_one_word() -> None:
    assert clearing("names").words("/user/{a b}*") == "-clrQuota '/user/\\{a b\\}\\*'"


@pytest.mark.parametrize(("kind", "text"), [("names", "many"), ("names", ""), ("space", "0"), ("space", "10 XB")])
def test_bad_numbers_are_refused_at_their_field(kind: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        change_of(kind, text)
    assert refused.value.field == kind


def test_there_are_two_kinds() -> None:
    for make in (lambda: change_of("blocks", "1"), lambda: clearing("blocks")):
        with pytest.raises(Refused, match="names or of space"):
            make()


@pytest.mark.parametrize(
    ("kind", "value", "stops"), [("names", 10, True), ("names", 11, False), ("space", 5, True), ("space", None, False)]
)
def test_a_quota_below_what_is_used(alice: Quota, kind: str, value: int | None, stops: bool) -> None:
    assert Change(kind, value).would_stop(alice) is stops


def test_afterwards_it_is_read_anew(session: Session, console: Console, alice: Quota) -> None:
    set_quota(session, console, alice, clearing("names"), BY)
    assert not is_work(session, console, AT + 1)
    end(session, console, "", AT + 2)
    assert is_work(session, console, AT + 3)
    tend(session, console, AT + 3)
    assert "-count" in newest(session).words and reading(session).changes == []
    end(session, console, line(ALICE, (None, 10), (10 * GB, 5)), AT + 4)
    tend(session, console, AT + 4)
    assert rows(session)[ALICE].name_quota is None


def test_a_change_during_a_read_is_read_after_it(session: Session, console: Console, alice: Quota) -> None:
    tend(session, console, AT + 3600)
    under_way = newest(session).id
    set_quota(session, console, alice, clearing("names"), BY)
    end(session, console, "", AT + 3601)
    tend(session, console, AT + 3602)
    assert reading(session).run == under_way and reading(session).asked_at == AT + 3602


def test_without_a_namenode_nothing_is_set(session: Session, console: Console, alice: Quota) -> None:
    for task in alice.cluster.tasks:
        task.state = "STOPPED"
    session.flush()
    with pytest.raises(Refused, match="no namenode of lake-files is active"):
        set_quota(session, console, alice, clearing("names"), BY)
