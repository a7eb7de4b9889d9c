"""A console in which everything is called what a test wants: rows of every table, their free texts made by ``say``."""

import time
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_common.facts import Fact
from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.alerts import Alert, AlertEvent, Silence
from minos_web.models.arrivals import Arrival
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.counters import Counter
from minos_web.models.crashes import Crash
from minos_web.models.dashboards import Dashboard
from minos_web.models.database import metadata
from minos_web.models.drills import Drill
from minos_web.models.hosts import Host, JoinToken
from minos_web.models.inventory import Machine
from minos_web.models.keytabs import Keytab
from minos_web.models.news import News
from minos_web.models.notify import Channel, Delivery, DeliveryAttempt, DeliveryItem, Route
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.models.people import ApiToken, AuditEntry, SignIn, User
from minos_web.models.quotas import Quota, QuotaAddress, QuotaReading
from minos_web.models.row_counts import RowCount
from minos_web.models.runs import ClientRun, SavedCommand
from minos_web.models.schedules import Occurrence, Round, Schedule
from minos_web.models.watching import Watched, WatchPolicy
from minos_web.monitor.dashboard import Panel
from minos_web.monitor.facts import kinds_of
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.operations.describe import refresh_clusters
from minos_web.store.configdir import Edit, save
from tests.minos_web.boards.telling import a_cluster, tell
from tests.minos_web.hostile_people import fill_people
from tests.minos_web.hostile_rows import Say, Scene
from tests.minos_web.scene import add_cluster, add_hosts, cluster_file

BOARDS = {
    "hbase": "tables", "hdfs": "files", "kafka": "logs", "storm": "streams", "yarn": "programs", "flink": "flows",
}  # fmt: skip
"""Clusters of services that have boards."""
CLUSTER = ("zookeeper", "dptst")


def fill(session: Session, console: Console, say: Say) -> None:
    """Everything."""
    scene = Scene(session, say)
    _hosts_and_config(scene, console)
    for part in (_clusters, _operations, _people, _packages, _telling, _runs, _timing):
        part(scene)
    fill_people(scene)
    _boards(scene, console)


def put_anew(session: Session) -> None:
    """Nothing of an earlier round: every row but those of people who sign in."""
    for table in reversed(metadata.sorted_tables):
        session.execute(delete(table) if table.name != "users" else delete(table).where(table.c.password_hash == "x"))
    session.commit()


def _hosts_and_config(scene: Scene, console: Console) -> None:
    session, say = scene.session, scene.say
    legal = lambda: say().replace("\0", "")  # no config file holds a NUL  # noqa: E731
    for host in add_hosts(session):
        host.facts = {
            "os": say(),
            "kernel": say(),
            "cpu": say(),
            "java": say(),
            "user": say(),
            "disks": [{"path": say()}],
        }
        host.degraded = [{"what": say(), "why": say(), "reason": say(), "code": say(), "message": say()}]
        host.packages = [{"artifact": say(), "name": say(), "revision": say(), "timestamp": say(), "sha256": say()}]
        host.maintenance = {"reason": say(), "by": say(), "at": scene.now - 9, "until": scene.now + 900}
        host.worker_version, host.decided_by, host.session, host.boot_id = say(), say(), say(), say()
    scene.row(Host, state="pending", public_key="p" * 40, next_key=None, previous_key=None, roots={}, facts={},
              degraded=[], packages=[], figures={}, beat_at=scene.now)  # fmt: skip
    scene.row(JoinToken, expires_at=scene.now + 900)
    add_cluster(session, console)
    now = scene.now
    bad = f"[{legal()}]\n{legal()}={legal()}\n["
    odd = cluster_file("odd").replace("version=3.9.9", f"version=3.9.9\n  description={' '.join(legal().split())}")
    for path, text in (
        ("zookeeper/zookeeper-bad", bad),
        ("zookeeper/zookeeper-odd", odd),
        ("notes", legal()),
        ("notes", f"{legal()}# more"),
    ):
        save(session, Edit(f"conf/{path}.cfg", say(), now, say()), text.encode())
    refresh_clusters(session, console, now)
    scene.row(Machine, host="host-31", ip="127.0.0.31", rack="r1")
    scene.row(Machine, host="host-99", ip="127.0.0.99")


def _clusters(scene: Scene) -> None:
    session, say, now = scene.session, scene.say, scene.now
    for cluster in session.scalars(select(Cluster)):
        cluster.health, cluster.health_reason, cluster.health_at, cluster.bootstrapped_at = (
            "error",
            say(),
            now,
            now - 99,
        )
        cluster.maintenance = {"": {"reason": say(), "by": say(), "at": now, "until": now + 99}}
        cluster.description = say()
    for task in session.scalars(select(Task)):
        task.state, task.reason, task.heard_at, task.since, task.pid = "FATAL", say(), now, now - 50, 7
        task.bootstrapped, task.figures_at, task.figures_error = True, now, say()
        task.last_lines, task.last_exit = [say(), say()], {"code": 1, "signal": None, "at": now - 50, "reason": say()}
        task.package = {"artifact": say(), "name": say(), "revision": say(), "timestamp": say(), "sha256": say()}
        task.http_url, task.texts = say(), {"zookeeper.role": say(), "zookeeper.version": say(), say(): say()}
        task.figures = {"zookeeper.znodes": 4.0, say(): 1.0}
        task.edited = [say()]
        scene.row(TaskChange, task_id=task.id, before="RUNNING", after="FATAL", event_key=f"e{task.id}", last_exit=None)
        scene.row(Crash, cluster_id=task.cluster_id, task_id=task.id, kind="fatal", told_at=None, quiet="")
    first = session.scalars(select(Task).order_by(Task.id)).first()
    assert first is not None
    scene.row(WatchPolicy, cluster_id=first.cluster_id, job="", page_action="tell", memory_action="tell", page_checks=3)
    scene.row(Watched, task_id=first.id, kind="page", fired_at=now - 9, fires=[], restarts=[])
    scene.row(Keytab, cluster_id=first.cluster_id, entries=[{"principal": say(), "version": 1, "encryption": say()}])
    _samples(scene)


def _samples(scene: Scene) -> None:
    """Lines of charts, whose names are made of labels."""
    end = int(scene.now)
    for metric in ("host.load1", "host.cpu_percent", "task.cpu_percent", "zookeeper.znodes", scene.say()):
        rows = [
            (SeriesName(metric, "host-31", *CLUSTER, scene.say(), scene.say()), end - 10 * back, float(back))
            for back in range(3)
        ]
        SeriesWriter().store(scene.session, Batch("hostile", metric[:64]), rows)


def _operations(scene: Scene) -> None:
    session, say, now = scene.session, scene.say, scene.now
    task = session.scalars(select(Task).order_by(Task.id)).first()
    assert task is not None
    for number, (action, state) in enumerate((("restart", "failed"), ("rolling_update", "paused"), ("show", "done"))):
        operation = scene.row(
            Operation, cluster_id=task.cluster_id, open_cluster_id=task.cluster_id if state == "paused" else None,
            action=action, state=state, wave_names=[say(), say()], started_at=now - 50,
            ended_at=None if state == "paused" else now - 5, selection={"jobs": [say()], "tasks": [], "hosts": [say()]},
            options={"confirm": say(), "reason": say(), "min_healthy": 1},
        )  # fmt: skip
        scene.row(
            Drill, cluster_id=task.cluster_id, operation_id=operation.id, outcome=("open", "slow", "failed")[number]
        )
        for wave, ended in enumerate((StepState.FAILED, StepState.DONE)):
            scene.row(
                Step, operation_id=operation.id, wave=wave, task_id=task.id, verb="start", state=ended.value,
                args={"host": say()}, command_id=f"{number}{wave}" * 16, data={}, ended_at=now - 5, sent_at=now - 9,
            )  # fmt: skip


def _people(scene: Scene) -> None:
    now = scene.now
    admin = scene.session.scalar(select(User).where(User.name == "admin"))
    assert admin is not None
    scene.row(User, role="viewer", password_hash="x")
    scene.row(SignIn, user_id=admin.id, secret_hash="s", created_at=now - 9, seen_at=now)
    scene.row(ApiToken, user_id=admin.id, secret_hash="t", role="viewer", expires_at=now + 999)
    for action in (scene.say(), "host.approve", "sign-in.refused"):
        scene.row(AuditEntry, action=action, details={scene.say(): scene.say(), "why": [scene.say()]}, at=now)


def _packages(scene: Scene) -> None:
    now = scene.now
    for state in ("ready", "quarantined", "damaged"):
        scene.row(Package, state=state, timestamp="20260101-000000", sha256=f"{state:0>64}", sha1="0" * 40, contents=None,
                  uploaded_at=now)  # fmt: skip
    for state in ("waiting", "fetching", "failed"):
        scene.row(Arrival, kind="url", state=state, created_at=now, ended_at=now if state == "failed" else None)


def _telling(scene: Scene) -> None:
    say, now = scene.say, scene.now
    for number, state in enumerate(("firing", "pending", "resolved")):
        alert = scene.row(
            Alert, key=f"k{number}", open_key=f"k{number}" if state != "resolved" else None, rule="task-down", about="task",
            service="zookeeper", cluster="dptst", job="zookeeper", number=number, level="error", state=state, flips=[],
            since=now - 99, fired_at=now - 60 if state != "pending" else None, checked_at=now, told_as="error",
            resolved_at=now - 5 if state == "resolved" else None, metric="host.load1", value=3.0,
        )  # fmt: skip
        scene.row(AlertEvent, alert_id=alert.id, kind="note", at=now - 9)
        scene.row(AlertEvent, alert_id=alert.id, kind="firing", at=now - 9)
    scene.row(Silence, until=now + 999, ended_at=None)
    scene.row(Silence, until=now - 9, ended_at=now - 9)
    channel = scene.row(Channel, kind="webhook", security="", enabled=True)
    scene.row(Route, levels=["error"], kinds=["problem"], hours="", days=[], zone="UTC", enabled=True,
              stages=[{"channel": channel.id, "after_minutes": 0, "recipients": [say()]}])  # fmt: skip
    news = scene.row(News, kind="problem", level="error", path="/alerts/1", html=f"<p>{'x'}</p>")
    for state in ("failed", "waiting", "sent"):
        delivery = scene.row(Delivery, channel_id=channel.id, kind="message", state=state, due_at=now, message_id=state)
        scene.row(DeliveryAttempt, delivery_id=delivery.id)
        scene.row(DeliveryItem, delivery_id=delivery.id, news_id=news.id)
    panels: list[dict[str, Any]] = [
        msgspec.to_builtins(Panel(kind="chart", title=say(), metrics=[say(), "host.load1"], host=say(), unit=say())),
        msgspec.to_builtins(Panel(kind="chart", title=say(), metrics=["host.load1", "zookeeper.znodes"])),
        msgspec.to_builtins(Panel(kind="text", title=say(), text=say())),
    ]
    scene.row(Dashboard, owner="admin", sharing="view", revision=1, panels=panels)
    scene.row(Dashboard, sharing="view", revision=1, panels=[])
    scene.row(Counter, at=now)
    scene.row(Counter)


def _runs(scene: Scene) -> None:
    say, now = scene.say, scene.now
    task = scene.session.scalars(select(Task).order_by(Task.id)).first()
    assert task is not None
    for number, state in enumerate((StepState.FAILED, StepState.DONE)):
        step = scene.row(Step, operation_id=None, task_id=task.id, host_id=1, verb="client", state=state.value, args={},
                         command_id=f"{number}a" * 16, data={"exit_code": 1, "printed": 3, "lines": say()}, ended_at=now,
                         sent_at=now - 3)  # fmt: skip
        scene.row(ClientRun, step_id=step.id, cluster_id=task.cluster_id, typed=[{"step": 1, "at": 0, "text": say(), "end": False}],
                  files=[{"name": say(), "size": 3, "sha256": "0"}])  # fmt: skip
    scene.row(SavedCommand, service="zookeeper")


def _timing(scene: Scene) -> None:
    now = scene.now
    cluster = scene.session.scalars(select(Cluster).order_by(Cluster.id)).first()
    assert cluster is not None
    for timing in ("every", "cron"):
        schedule = scene.row(
            Schedule, kind="operation", cluster_id=cluster.id, timing=timing, at=now, every=3600, cron="0 3 * * *", zone="UTC",
            opens=None, closes=None, missed="skip", arguments={"action": "restart", "options": {}}, next_at=now + 99,
        )  # fmt: skip
        for number, state in enumerate(("failed", "skipped", "waiting")):
            scene.row(
                Occurrence,
                schedule_id=schedule.id,
                state=state,
                nominal_at=now - number,
                operation_id=None,
                run_id=None,
            )
    scene.row(Round, name="alerts", seconds=5.0, failures=1, failing_since=now - 9, began_at=now)


def _boards(scene: Scene, console: Console) -> None:
    session, say, now = scene.session, scene.say, scene.now
    for service, name in BOARDS.items():
        described = console.catalog[service]
        cluster = a_cluster(session, now, service, name, {job.name: 1 for job in described.jobs})
        for task in cluster.tasks:
            task.texts = {f"{service}.role": "active", say(): say()}
        for job, _, kind in kinds_of(described):
            tell(session, cluster, f"{job}/0", kind.name, now, [_fact(scene, kind.name) for _ in range(2)])
    hdfs = session.scalar(select(Cluster).where(Cluster.service == "hdfs"))
    hbase = session.scalar(select(Cluster).where(Cluster.service == "hbase"))
    assert hdfs is not None and hbase is not None
    scene.row(QuotaReading, cluster_id=hdfs.id, read_at=now, changes=[])
    for path in ("/user/olga", f"/user/{say()}"):
        scene.row(
            Quota,
            cluster_id=hdfs.id,
            path=path,
            name_quota=5,
            names_used=4,
            space_quota=9,
            space_used=8,
            at=now,
            bad="",
        )
    scene.row(QuotaAddress)
    scene.row(RowCount, cluster_id=hbase.id, rows=5, counted_at=now)


def _fact(scene: Scene, kind: str) -> Fact:
    """One with every word that the boards look for: names are what others chose, states are of the software."""
    say = scene.say
    names = (
        "name", "server", "table", "namespace", "operation", "group", "peer", "queue", "user", "topic", "partition", "client",
        "topology", "spout", "bolt", "component", "host", "error", "application", "node", "job", "vertex", "id", "member",
        "part", "worker", "owner", "where", "message", "leader", "replicas", "coordinator", "about", "operation_of_server", "operation_of_table", "quorum", "path", "status", "version", "capability", "tracking_url",
    )  # fmt: skip
    states = {"role": "active", "state": "live", "window": "5 min", "recovered": "no", "admin_state": say()}
    numbers = {"count": 3.0, "count_per_second": 1.0, "mean": 2.0, "max": 4.0, "minutes": 5.0, "capacity_bytes": 9.0}
    return Fact(f"{kind}-{say()}", numbers, {**{name: say() for name in names}, **states})


def answer_questions(session: Session, say: Say) -> int:
    """Every open question gets an answer, as its worker would give one; how many there were."""
    open_ones = session.scalars(
        select(Step).where(Step.operation_id.is_(None), Step.state.not_in(["done", "failed", "unknown", "cancelled"]))
    ).all()
    for step in open_ones:
        step.state, step.ended_at, step.message = StepState.DONE.value, time.time() + 60, say()
        step.data = _answer(step.verb, say)
    session.commit()
    return len(open_ones)


def _answer(verb: str, say: Say) -> dict[str, Any]:
    if verb == "list-logs":
        return {"files": [{"name": f"log/{say()}", "size": 3, "modified": 1.0}]}
    if verb == "read-files":
        return {"files": {"zookeeper.cfg": say(), say(): say()}}
    groups = {say(): {say(): [None, say(), ""], "Live": [2.0, say(), say()]}}
    return {
        "matches": [{"offset": 3, "text": say()}], "before": 0, "size": 100, "text": say(), "offset": 0,
        "groups": groups, "count": 2, "left_out": 0, "source": say(), "at": 1.0, "seconds": 0.1,
    }  # fmt: skip
