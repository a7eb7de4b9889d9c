"""The emergency brake over rows: who may what, which doors it shuts, and what it says."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.operations.braking import (
    check_brake,
    frozen_now,
    pull,
    pulled,
    release,
    revision,
    told_to_workers,
    unaware,
)
from minos_web.operations.client_runs import Asked, run_client
from minos_web.operations.control import control
from minos_web.operations.log_files import clear_log
from minos_web.operations.refusal import Refused
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.operations.workers import UpgradeWish, submit_upgrade
from tests.minos_web.scene import add_cluster, add_running

NOW = 1_800_000_000.0
WORDS = "the emergency brake of zookeeper/dptst was pulled by bob at 2027-01-15 08:00 UTC: fire"


@pytest.fixture
def cluster(session: Session, console: Console) -> Cluster:
    add_running(session, console)
    add_cluster(session, console, "other", ("127.0.0.31",))
    return session.scalars(select(Cluster).filter_by(name="dptst")).one()


def restart(session: Session, console: Console, name: str = "dptst", action: str = "restart") -> int:
    options = {"confirm": name, "update_config": False}
    return submit(session, console, Wish("zookeeper", name, action, "ann", time.time(), options=options)).operation.id


def test_one_cluster_is_frozen_and_nothing_else(session: Session, console: Console, cluster: Cluster) -> None:
    number = restart(session, console)
    control(session, number, "cancel", "ann", NOW)
    row, is_new = pull(session, cluster, "  fire \n", "bob", NOW)
    assert (is_new, row.about, row.reason) == (True, "zookeeper/dptst", "fire")
    assert pull(session, cluster, "again", "eve", NOW + 1) == (row, False)
    for what in (
        lambda: restart(session, console),
        lambda: run_client(session, console, cluster, Asked("shell", "", "", "ann", NOW)),
        lambda: clear_log(session, cluster.tasks[0], "ann", NOW),
        lambda: control(session, number, "retry", "ann", NOW),
        lambda: check_brake(session, cluster),
    ):
        with pytest.raises(Refused) as refused:
            what()
        assert refused.value.code == "brake" and refused.value.message.startswith(WORDS)
    other = session.scalars(select(Cluster).filter_by(name="other")).one()
    check_brake(session, other)
    check_brake(session, None)
    release(session, row, " dptst ", "ann", NOW + 5)
    check_brake(session, cluster)
    with pytest.raises(Refused, match="ann released it"):
        release(session, row, "dptst", "eve", NOW + 6)
    assert revision(session) == 2


def test_to_look_is_no_change(session: Session, console: Console, cluster: Cluster) -> None:
    pull(session, cluster, "fire", "bob", NOW)
    assert restart(session, console, action="show")


def test_all_are_frozen_workers_as_well_and_a_cluster_of_its_own_stays(session: Session, cluster: Cluster) -> None:
    own, _ = pull(session, cluster, "fire", "bob", NOW)
    everything, _ = pull(session, None, "flood", "eve", NOW + 1)
    assert [row.about for row in pulled(session)] == ["all", "zookeeper/dptst"]
    told = told_to_workers(session)
    assert told.revision == 2 and told.everything.endswith(": flood")
    assert [(one.service, one.cluster, one.why) for one in told.clusters] == [("zookeeper", "dptst", WORDS)]
    for asked_of in (None, cluster):
        with pytest.raises(Refused, match="of all clusters was pulled by eve"):
            check_brake(session, asked_of)
    with pytest.raises(Refused, match="type all to release it"):
        release(session, everything, "dptst", "eve", NOW)
    release(session, everything, "all", "eve", NOW + 2)
    assert frozen_now(session).why(cluster.id) == WORDS and frozen_now(session).why(None) == ""
    assert own.pulled


def test_workers_are_not_upgraded_meanwhile(session: Session, console: Console, cluster: Cluster) -> None:
    pull(session, None, "flood", "eve", NOW)
    with pytest.raises(Refused, match="of all clusters"):
        submit_upgrade(session, console, UpgradeWish(1, "ann", NOW))


@pytest.mark.parametrize(("reason", "message"), [("", "say why"), (" \n", "say why"), ("x" * 301, "at most 300")])
def test_a_reason_is_needed(session: Session, cluster: Cluster, reason: str, message: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        pull(session, cluster, reason, "bob", NOW)
    assert refused.value.field == "reason" and not pulled(session) and revision(session) == 0


def test_who_has_not_said_that_it_obeys_is_named(session: Session, cluster: Cluster) -> None:
    now = time.time()
    assert unaware(session, now, 30) == (3, [])
    pull(session, None, "flood", "eve", now)
    hosts = [task.host_id for task in cluster.tasks]
    total, missing = unaware(session, now, 30)
    first, second, third = (one.host for one in missing)
    assert total == 3 and len(hosts) == 3
    first.brake_revision, second.brake_revision, third.beat_at = revision(session), 0, now - 100
    session.flush()
    assert [(one.host.name, one.why.partition(":")[0]) for one in unaware(session, now, 30)[1]] == [
        (second.name, "has not said so yet"),
        (third.name, "silent"),
    ]
