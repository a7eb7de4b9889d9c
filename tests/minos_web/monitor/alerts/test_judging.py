"""The round of alerts over rows: third bad check, recovery, unknown, muting, folding, and what is told exactly once."""

import pytest
from sqlalchemy import event, select

from minos_common.states import TaskState
from minos_web.console import Console
from minos_web.models.alerts import AlertEvent, AlertRule
from minos_web.models.clusters import TaskChange
from minos_web.models.hosts import Host
from minos_web.models.news import News
from minos_web.monitor.alerts.judging import Judge, forget_alerts
from minos_web.monitor.checking import check_cluster
from tests.minos_web.monitor.alerts.judged import EVERY, Site
from tests.minos_web.scene import add_hosts


def test_nothing_is_wrong(site: Site) -> None:
    assert site.check(4) == []
    assert site.alerts == []


def test_the_third_bad_check_tells_and_its_end_too(site: Site) -> None:
    site.disk(93)
    assert site.check(2) == []
    assert [alert.state for alert in site.alerts] == ["pending"]
    assert site.check() == [("problem", "A disk is nearly full: host-31 /data")]
    (alert,) = site.alerts
    assert (alert.state, alert.level, alert.host, alert.part, alert.value) == (
        "firing",
        "warning",
        "host-31",
        "/data",
        93,
    )
    assert (alert.metric, alert.told, alert.open_key) == ("host.disk_percent:/data", True, alert.key)
    assert site.check(3) == []
    site.disk(89)
    assert site.check(3) == [], "it is not clear before it is below 88 %"
    site.disk(80)
    assert site.check() == [("recovery", "Over: A disk is nearly full: host-31 /data")]
    (alert,) = site.alerts
    assert (alert.state, alert.open_key, alert.told) == ("resolved", None, True)
    kinds = site.session.scalars(select(AlertEvent.kind).order_by(AlertEvent.id)).all()
    assert kinds == ["pending", "firing", "resolved"]


def test_what_news_say(site: Site) -> None:
    site.disk(97)
    site.check(3)
    (news,) = site.session.scalars(select(News))
    (alert,) = site.alerts
    assert (news.level, news.host, news.key, news.path) == ("error", "host-31", alert.key, f"/alerts/{alert.id}")
    for line in ("A disk is nearly full, on host-31 /data.", "is 97 (> 95%)", "Since: ", "What helps: Delete"):
        assert line in news.text


def test_each_part_by_itself(site: Site) -> None:
    site.hosts[0].figures = {"host.disk_percent:/a": 91.0, "host.disk_percent:/b": 92.0, "host.disk_percent": 92.0}
    told = site.check(3)
    assert sorted(title for _, title in told) == [f"A disk is nearly full: host-31 /{part}" for part in "ab"]


def test_unknown_is_never_good(site: Site) -> None:
    site.disk(93)
    site.check(3)
    site.untold.add("host-31")
    assert site.check(2) == []
    (alert,) = site.alerts
    assert (alert.state, alert.unknown_since is not None) == ("firing", True)
    assert site.check() == [("unknown", "Not known any more: A disk is nearly full: host-31 /data")]
    assert site.check(20) == []
    assert site.alerts[0].state == "firing"
    site.untold.clear()
    site.disk(20)
    assert site.check() == [("recovery", "Over: A disk is nearly full: host-31 /data")]


def test_a_mount_that_is_gone_is_no_good_sign(site: Site) -> None:
    site.disk(93)
    site.check(3)
    site.figures(load1=1.0)
    site.check(3)
    assert site.alerts[0].state == "firing" and site.alerts[0].unknown_since is not None


def test_a_host_that_is_approved_no_more_has_no_alerts(site: Site) -> None:
    site.disk(93)
    site.check(3)
    site.hosts[0].state = "revoked"
    assert site.check() == [("recovery", "Over: A disk is nearly full: host-31 /data")]


def test_a_task_that_failed_is_told_with_its_cluster(site: Site) -> None:
    site.cluster.tasks[2].state = TaskState.FATAL
    assert site.check(3) == [("problem", "A cluster is not well: zookeeper/dptst")]
    news = site.session.scalars(select(News)).one()
    assert news.level == "warning" and "2 of 3 run" in news.text
    assert "A task does not run: zookeeper/dptst zookeeper/2 on host-33" in news.text
    for task in site.cluster.tasks:
        task.state = TaskState.FATAL
    assert site.check(2) == []
    assert site.check() == [("problem", "A cluster is not well: zookeeper/dptst")], "it is an error now"
    for task in site.cluster.tasks:
        task.state = TaskState.RUNNING
    assert site.check() == [("recovery", "Over: A cluster is not well: zookeeper/dptst")]
    assert site.check(10) == []


def test_a_task_that_ends_again_and_again(site: Site) -> None:
    task = site.cluster.tasks[0]
    for number in range(3):
        site.session.add(
            TaskChange(
                event_key=str(number), task_id=task.id, at=site.now, before="RUNNING", after="BACKOFF", reason=""
            )
        )
    assert site.check(3) == [("problem", "A task ends again and again: zookeeper/dptst zookeeper/0 on host-31")]
    assert site.check(30) == [("recovery", "Over: A task ends again and again: zookeeper/dptst zookeeper/0 on host-31")]


def test_rules_of_the_site(site: Site) -> None:
    row = {"changed_at": 1.0, "changed_by": "ann"}
    site.session.add(AlertRule(name="disk-space", shipped=True, condition="> 50%", level="error", **row))
    site.session.add(
        AlertRule(name="busy", title="A host is busy", about="host", metric="host.load1", condition="> 8", **row)
    )
    site.session.add(AlertRule(name="odd", title="Odd", about="host", metric="host.load1", condition="> ", **row))
    site.hosts[0].figures = {"host.disk_percent:/data": 60.0, "host.load1": 9.0}
    told = site.check(3)
    assert sorted(title for _, title in told) == ["A disk is nearly full: host-31 /data", "A host is busy: host-31"]
    assert {alert.level for alert in site.alerts} == {"error", "warning"}
    changed = site.session.scalars(select(AlertRule).filter_by(name="busy")).one()
    changed.enabled, changed.changed_at = False, 2.0
    assert site.check() == [("recovery", "Over: A host is busy: host-31")]


def test_counters_are_judged_by_their_growth(site: Site) -> None:
    row = {"changed_at": 1.0, "changed_by": "ann"}
    site.session.add(
        AlertRule(name="fast", title="Fast", about="host", metric="host.grows", condition="rate > 10", **row)
    )
    for number in range(3):
        site.figures(grows=number * 600.0)
        assert site.check() == []
    site.figures(grows=3 * 600.0)
    assert site.check() == [("problem", "Fast: host-31")]
    assert site.alerts[0].value == pytest.approx(20.0)


def test_figures_of_the_tasks_of_a_cluster(site: Site, console: Console) -> None:
    row = {"changed_at": 1.0, "changed_by": "ann"}
    for name, combine, condition in (("most", "largest", "> 5"), ("all", "sum", "> 11"), ("least", "smallest", "< 2")):
        site.session.add(
            AlertRule(
                name=name,
                title=name,
                about="cluster",
                metric="zookeeper.znodes",
                condition=condition,
                combine=combine,
                **row,
            )
        )
    for number, task in enumerate(site.cluster.tasks):
        task.figures = {"zookeeper.znodes": 1.0 + number * 2}
    told = site.check(3)
    assert [title for _, title in told] == ["least: zookeeper/dptst"]
    for task in site.cluster.tasks:
        task.figures = {"zookeeper.znodes": 6.0}
    told = site.check(3)
    assert sorted(told) == [
        ("problem", "all: zookeeper/dptst"), ("problem", "most: zookeeper/dptst"), ("recovery", "Over: least: zookeeper/dptst"),
    ]  # fmt: skip


def test_what_is_stopped_on_purpose_ends_its_alerts(site: Site) -> None:
    row = {"changed_at": 1.0, "changed_by": "ann", "service": "zookeeper"}
    rules = [
        AlertRule(name="word", title="Word", about="task", metric="zookeeper.role", condition="is looking", **row),
        AlertRule(name="most", title="Most", about="cluster", metric="zookeeper.znodes", condition="> 5", **row),
    ]
    site.session.add_all(rules)
    for task in site.cluster.tasks:
        task.figures = {"zookeeper.znodes": 6.0}
    site.cluster.tasks[1].texts = {"zookeeper.role": "looking"}
    assert sorted(kind for kind, _ in site.check(3)) == ["problem", "problem"]
    for task in site.cluster.tasks:
        task.state, task.wanted, task.pid, task.texts, task.figures = TaskState.STOPPED, "stopped", None, {}, {}
    told = site.check(4)
    assert sorted(told) == [
        ("recovery", "Over: Most: zookeeper/dptst"),
        ("recovery", "Over: Word: zookeeper/dptst zookeeper/1 on host-32"),
    ]


def test_a_console_that_was_killed_tells_it_once(site: Site, console: Console) -> None:
    """The outbox is written with the change: whichever comes first, the end of the console or the commit, it is told once."""
    site.disk(93)
    site.check(2)

    def die(_: object) -> None:
        raise KeyboardInterrupt

    site.now += EVERY
    for host in site.hosts:
        host.beat_at = host.figures_at = site.now
    site.session.commit()
    event.listen(console.engine, "commit", die)
    try:
        with pytest.raises(KeyboardInterrupt):
            site.judge.round(site.now)
    finally:
        event.remove(console.engine, "commit", die)
    assert site.session.scalars(select(News)).all() == []
    assert site.alerts[0].state == "pending"
    site.session.rollback()
    site.judge = Judge(console, 0.0)  # the one that comes after it
    assert site.check() == [("problem", "A disk is nearly full: host-31 /data")]
    site.judge = Judge(console, 0.0)
    assert site.check(5) == []


def test_a_console_that_just_began_judges_nothing(site: Site, console: Console) -> None:
    site.silent |= {host.name for host in site.hosts}
    site.judge = Judge(console, site.now)
    site.now += 10 - EVERY
    assert site.check(1) == []
    assert site.alerts == []


def test_no_lock_is_taken_when_nothing_changed(site: Site, console: Console) -> None:
    site.disk(93)
    site.check(4)
    begun: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        begun.append(statement)

    site.now += EVERY
    for host in site.hosts:
        host.beat_at = host.figures_at = site.now
    for task in site.cluster.tasks:
        task.figures_at = site.now
    check_cluster(site.session, console, site.cluster.id, site.now)
    site.session.commit()
    event.listen(console.engine, "before_cursor_execute", note)
    try:
        site.judge.round(site.now)
    finally:
        event.remove(console.engine, "before_cursor_execute", note)
    assert [one for one in begun if not one.upper().startswith(("SELECT", "BEGIN"))] == []
    assert "BEGIN IMMEDIATE" not in begun
    assert len(begun) < 25


def test_flapping_is_told_once(site: Site) -> None:
    told: list[tuple[str, str]] = []
    for _ in range(10):
        site.disk(99)
        told += site.check(3)
        site.disk(10)
        told += site.check()
    assert [kind for kind, _ in told] == ["problem", "recovery", "problem", "flapping"]
    assert len(site.alerts) == 1
    assert site.alerts[0].muted.startswith("it comes and goes")
    assert [kind for kind, _ in site.check(31)] == ["recovery"]


def test_old_alerts_are_forgotten(site: Site) -> None:
    site.disk(99)
    site.check(3)
    site.disk(10)
    site.check()
    forget_alerts(site.session, site.now - 1)
    assert len(site.alerts) == 1
    forget_alerts(site.session, site.now + 1)
    assert site.alerts == [] and site.session.scalars(select(AlertEvent)).all() == []


def test_hosts_of_one_name(site: Site) -> None:
    """Names are labels: two hosts may share one. They share their alerts then, and nothing breaks."""
    twin = add_hosts(site.session, ["10.0.0.99"])[0]
    site.hosts.append(twin)
    twin.name = "host-31"
    twin.figures = {"host.disk_percent:/data": 99.0}
    site.disk(99)
    assert len(site.check(3)) == 1
    assert site.session.scalars(select(Host).filter_by(name="host-31")).all()
