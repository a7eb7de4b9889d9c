"""The console of docs/api-reference.md: what is on it, and what is asked of it for each operation of the API."""

import gzip
import hashlib
import io
import itertools
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.arrivals import Arrival
from minos_web.models.brakes import Brake
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.keytabs import Keytab
from minos_web.models.notify import Channel
from minos_web.models.operations import Step
from minos_web.models.packages import Package
from minos_web.models.people import ApiToken, Approval, SignIn, User
from minos_web.models.quotas import QuotaAddress
from minos_web.models.runs import ClientRun, SavedCommand
from minos_web.operations.describe import refresh_clusters
from minos_web.security.people import add_grant
from minos_web.security.permissions import Grant, Role
from minos_web.store.configdir import Edit, save
from tests.minos_web.hostile_scene import Scene, fill
from tests.minos_web.keytab_bytes import keytab
from tests.minos_web.scene import ADDRESSES, cluster_file

NOW = 1_790_000_000.0
"""The moment at which everything is asked, so that every answer is the same each time."""


def _package() -> bytes:
    """A tarball that the console takes."""
    whole, content = io.BytesIO(), b"jar" * 500
    with tarfile.open(fileobj=whole, mode="w") as archive:
        member = tarfile.TarInfo("zookeeper-3.9.9/lib/zookeeper-3.9.9.jar")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return gzip.compress(whole.getvalue(), mtime=0)


def _config() -> bytes:
    """An archive of a config directory."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(zipfile.ZipInfo("conf/zookeeper/notes.cfg"), "# what to know\n")
    return whole.getvalue()


PACKAGE = _package()


@dataclass(frozen=True)
class Request:
    """What is asked of an operation beside its example: parts of its path, its query, a body that is no JSON, and the
    operation that has to come ``first``.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    kind: str = ""
    first: str = ""


USUAL = {
    "service": "zookeeper", "cluster": "lake", "job": "zookeeper", "number": "0", "id": "1", "name": "host-31",
    "path": "conf/notes.cfg",
}  # fmt: skip
"""Parts of a path where nothing else is said."""
_OF_USER, _OF_OLGA = {"name": "olga"}, {"name": "olga", "id": "90"}
_FILES = {"service": "hdfs", "cluster": "files"}
_HOME = {**_FILES, "path": "user/olga"}
REQUESTS: Mapping[str, Request] = {
    "actOnAlert": Request({"verb": "acknowledge"}),
    "addUser": Request(),
    "cancelArrival": Request({"id": "90"}),
    "changeInventory": Request(query={"dry_run": "1"}),
    "changeQuotaReading": Request(_FILES),
    "changeUser": Request({**_OF_USER, "verb": "must-change"}),
    "controlOperation": Request({"id": "2", "verb": "cancel"}),
    "controlSchedule": Request({"verb": "pause"}),
    "deleteChannel": Request({"id": "90"}),
    "downloadPackage": Request({"id": "92"}, first="uploadPackage"),
    "getAnswer": Request({"id": "90"}),
    "getLogFile": Request({"id": "91"}),
    "cancelLogFile": Request({"id": "91"}),
    "downloadLogFile": Request({"id": "91"}),
    "giveRunLine": Request({"id": "90"}),
    "cancelRun": Request({"id": "90"}),
    "packCluster": Request(first="uploadPackage"),
    "decideApproval": Request({"id": "90", "decision": "decline"}, {"message": "not before the weekend"}),
    "decideHost": Request({"decision": "revoke"}),
    "deleteAlertRule": Request({"name": "task-down"}),
    "deleteCommand": Request(query={"name": "children-of-root"}),
    "deleteKeytab": Request({"name": "zk.keytab"}),
    "deleteQuotaAddresses": Request(query={"user": "olga"}),
    "deleteUser": Request(_OF_USER, {"confirm": "olga"}),
    "exportConfig": Request(),
    "finishUpload": Request({"id": "90"}, first="sendPiece"),
    "getApproval": Request({"id": "90"}),
    "getArrival": Request({"id": "90"}),
    "getAudit": Request(query={"limit": "2"}),
    "getQuota": Request(_HOME),
    "getRunOutput": Request(query={"offset": "0"}),
    "getSeries": Request(query={"metric": "host.load1", "host": "host-31", "points": "3"}),
    "getSeveralSeries": Request(query={"q": "metric=host.load1&host=host-31", "span": "3600", "points": "3"}),
    "getUser": Request(_OF_USER),
    "getZnode": Request(query={"path": "/"}),
    "givePassword": Request(_OF_USER),
    "grant": Request(_OF_USER),
    "importConfig": Request(body=_config(), kind="application/octet-stream"),
    "latestPackage": Request(query={"artifact": "zookeeper"}),
    "listHearers": Request(query={"service": "zookeeper", "cluster": "lake", "level": "error"}),
    "listHosts": Request(query={"limit": "2"}),
    "listQuotas": Request(_FILES),
    "listSignIns": Request(_OF_USER),
    "listTokens": Request(_OF_USER),
    "listEvents": Request(query={"service": "zookeeper", "cluster": "lake"}),
    "listHistory": Request(query={"limit": "2"}),
    "planCluster": Request(query={"action": "restart"}),
    "putAlertRule": Request({"name": "load-high"}),
    "putKeytab": Request(
        {"name": "zk.keytab"}, {}, keytab("zookeeper/127.0.0.31@EXAMPLE.ORG"), "application/octet-stream"
    ),
    "readQuotas": Request(_FILES),
    "recommendLayout": Request(),
    "releaseBrake": Request({"id": "90"}),
    "revokeToken": Request(_OF_OLGA),
    "saveConfig": Request(query={"note": "first words"}, body=b"# what to know\n", kind="text/plain"),
    "search": Request(query={"q": "restart lake"}),
    "sendPiece": Request(
        {"id": "90"}, {"offset": "0", "sha256": hashlib.sha256(PACKAGE).hexdigest()}, PACKAGE, "application/octet-stream"
    ),
    "saveChannel": Request({"id": "91"}),
    "setQuota": Request(_HOME),
    "setRole": Request(_OF_USER),
    "signOut": Request(_OF_USER),
    "signOutOne": Request(_OF_OLGA),
    "startRun": Request(),
    "ungrant": Request(_OF_OLGA),
    "uploadPackage": Request(
        {}, {"artifact": "zookeeper", "revision": "r1", "name": "zookeeper-3.9.9.tar.gz"}, PACKAGE, "application/octet-stream"
    ),
}  # fmt: skip
_TICKET = "only a worker gets in, with the ticket that it was given for this"
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("tellSpread", "getBlocks", "getManifest", "bringLogPiece", "getRunFile"), _TICKET),
    "downloadLogFile": "its worker has not brought it yet",
}
"""Operations whose example this console does not accept, and why."""
UNASKED: Mapping[str, str] = {
    "getZnode": "it asks the servers themselves, of which none runs here",
    "openapi": "the answer is the description out of which this page is made",
}
"""Operations of which no answer is shown, and why."""


def fill_console(session: Session, console: Console) -> None:
    """Rows of everything, and a cluster, a user and more that requests can name."""
    numbers = itertools.count(1)
    fill(session, console, lambda: f"text {next(numbers)}")
    scene = Scene(session, lambda: f"text {next(numbers)}")
    for user in session.scalars(select(User)):
        user.created_at = NOW - 864000
    _the_lake(scene, console)
    _olga(scene)
    scene.row(Package, id=90, artifact="zookeeper", name="zookeeper-3.9.9.tar.gz", revision="r1", version="3.9.9",
              timestamp="20260101-000000", size=1000, sha256=f"{'9':0>64}", sha1=f"{'9':0>40}", state="ready", reason="",
              contents=None, uploaded_by="admin", uploaded_at=NOW - 900, path="zookeeper/zookeeper-3.9.9.tar.gz")  # fmt: skip
    scene.row(Package, id=91, artifact="minos-worker", name="minos_worker-0.2.0-py3-none-any.whl", revision="0.2.0",
              version="0.2.0", timestamp="20260101-000000", size=1000, sha256=f"{'a':0>64}", sha1=f"{'a':0>40}",
              state="ready", reason="", contents=None, uploaded_by="admin", uploaded_at=NOW - 900, path="w/w.whl")  # fmt: skip
    scene.row(Arrival, id=90, kind="upload", state="coming", artifact="zookeeper", name="zookeeper-3.9.9.tar.gz", source="",
              revision="r1", sha256="", size=len(PACKAGE), have=0, message="", created_by="admin", created_at=NOW - 60,
              ended_at=None, package_id=None)  # fmt: skip
    scene.row(Channel, id=90, name="old desk", kind="webhook", security="", enabled=False)
    scene.row(Channel, id=91, name="mail", kind="mail", security="none", enabled=True)
    scene.row(QuotaAddress, user="olga", addresses=["olga@example.org"])
    scene.row(
        Brake, id=90, cluster_id=_cluster(session, "logs").id, pulled="kafka/logs", released_by="", released_at=None
    )
    scene.row(Approval, id=90, cluster="zookeeper/lake", action="stop", submission={}, asked_by="olga", asked_at=NOW - 60,
              expires_at=NOW + 3600, state="waiting", decided_by="", decided_at=None, message="")  # fmt: skip


def _cluster(session: Session, name: str) -> Cluster:
    return session.scalars(select(Cluster).where(Cluster.name == name)).one()


def _the_lake(scene: Scene, console: Console) -> None:
    """A ZooKeeper cluster that runs, and nothing is done with it at this moment."""
    session = scene.session
    text = cluster_file("lake", ADDRESSES).replace("base_port=12000", "base_port=12100")
    save(session, Edit("conf/zookeeper/zookeeper-lake.cfg", "admin", NOW), text.encode())
    refresh_clusters(session, console, NOW)
    lake = _cluster(session, "lake")
    lake.bootstrapped_at, lake.health, lake.health_at = NOW - 86400, "ok", NOW - 5
    for task in session.scalars(select(Task).where(Task.cluster_id == lake.id)):
        task.bootstrapped, task.state, task.pid, task.heard_at = True, "RUNNING", 4000 + task.number, NOW - 3
        task.since = task.started_at = NOW - 86400
        task.figures, task.figures_at = {"zookeeper.znodes": 5.0, "task.cpu_percent": 1.5}, NOW - 3
    hosts = {host.address: host.id for host in session.scalars(select(Host))}
    for task in session.scalars(select(Task).where(Task.host_id.is_(None))):
        task.host_id, task.described = hosts.get(task.address), True
    _asked_of_workers(scene, session.scalars(select(Task).where(Task.cluster_id == lake.id)).first())
    scene.row(Keytab, cluster_id=lake.id, name="zk.keytab", address="", entries=[], uploaded_by="admin")


def _olga(scene: Scene) -> None:
    session = scene.session
    user = scene.row(User, name="olga", role="viewer", password_hash="x", must_change=False, code_until=None,
                     password_at=NOW - 86400, created_at=NOW - 864000, disabled=False)  # fmt: skip
    add_grant(session, user, Grant(Role.OPERATOR, "zookeeper/*"), "admin", NOW - 86400).id = 90
    scene.row(SignIn, id=90, user_id=user.id, secret_hash="o", created_at=NOW - 900, seen_at=NOW - 60, address="192.0.2.7",
              browser="Firefox 140 on Linux")  # fmt: skip
    scene.row(ApiToken, id=90, user_id=user.id, name="nightly backup", secret_hash="p", role="viewer", hint="minos_k3Vf9",
              created_at=NOW - 900, expires_at=NOW + 86400, used_at=None, clusters=None)  # fmt: skip


def _asked_of_workers(scene: Scene, task: Task | None) -> None:
    """A question with its answer, a log file on its way, a client command that runs and reads lines."""
    assert task is not None
    asked = {
        "operation_id": None,
        "task_id": task.id,
        "host_id": task.host_id,
        "sent_at": NOW - 9,
        "created_by": "admin",
    }
    scene.row(Step, id=90, verb="show", state="done", args={}, command_id="9a" * 16, ended_at=NOW - 5,
              data={"state": "RUNNING", "pid": 4000}, message="", **asked)  # fmt: skip
    scene.row(Step, id=91, verb="send-log", state="running", args={"name": "zookeeper.log"}, command_id="9b" * 16, data={},
              message="", ended_at=None, **asked)  # fmt: skip
    scene.row(Step, id=92, verb="client", state="running", args={}, command_id="9c" * 16, data={}, ended_at=None,
              message="", **asked)  # fmt: skip
    scene.row(ClientRun, id=90, step_id=92, cluster_id=task.cluster_id, command="zk", words="", interactive=True,
              created_by="admin", created_at=NOW - 9, typed=[], files=[])  # fmt: skip
    scene.row(SavedCommand, service="zookeeper", name="children-of-root", command="zk", words="ls /")
