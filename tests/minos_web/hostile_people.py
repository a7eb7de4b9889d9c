"""What people leave behind, in the hostile scene: wizards, requests for approval, brakes, filters, grants, what is ignored."""

from sqlalchemy import select

from minos_web.models.brakes import Brake
from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.models.clusters import Task
from minos_web.models.drift import DriftIgnored
from minos_web.models.outside import OutsideIdentity
from minos_web.models.packages import Package
from minos_web.models.people import Approval, ClusterGrant, User
from minos_web.models.saved_filters import SavedFilter
from minos_web.models.spread import PackageSpread
from tests.minos_web.hostile_rows import Scene

ABOUT = "zookeeper/dptst"


def fill_people(scene: Scene) -> None:
    """All of it, by and for the user admin, who looks at the pages."""
    say, now = scene.say, scene.now
    admin = scene.session.scalar(select(User).where(User.name == "admin"))
    task = scene.session.scalars(select(Task).order_by(Task.id)).first()
    package = scene.session.scalars(select(Package).order_by(Package.id)).first()
    assert admin is not None and task is not None and package is not None
    _wizards(scene)
    for state in ("waiting", "declined"):
        said = {
            "jobs": [say()],
            "tasks": [1],
            "hosts": [say()],
            "options": {say(): say(), "reason": say()},
            "sealed": "",
        }
        scene.row(Approval, cluster=ABOUT, action="cleanup", submission=said, state=state, expires_at=now + 999)
    scene.row(Brake, cluster_id=task.cluster_id, pulled=ABOUT, released_at=None)
    scene.row(Brake, cluster_id=None, pulled=None, released_at=now - 5)
    scene.row(SavedFilter, user_id=admin.id, list="hosts", query="q=state%3Arunning")
    scene.row(DriftIgnored, task_id=task.id, until=now + 999, held="0" * 16)
    scene.row(PackageSpread, package_id=package.id, host_id=1, have=b"", granted=b"", heard_at=now)
    other = scene.session.scalars(select(User).where(User.password_hash == "x")).first()
    assert other is not None
    for whose in (admin, other):
        scene.row(ClusterGrant, user_id=whose.id, role="operator", pattern=ABOUT)
    scene.row(OutsideIdentity, user_id=other.id, way="oidc")


def _wizards(scene: Scene) -> None:
    say = scene.say
    answers = {
        "service": "zookeeper", "name": say(), "size": say(), "package": 1, "hosts": {"zookeeper": ["127.0.0.31", say()]},
        "ports": {"zookeeper": say()}, "heaps": {"zookeeper": say()}, "advised_hosts": {say(): [say()]},
    }  # fmt: skip
    for kind, step, said in (
        ("cluster", "review", answers),
        (
            "hosts",
            "cluster",
            {"hosts": {"host-31": "127.0.0.31", say(): say()}, "results": {"host-31": [False, say()]}},
        ),
        (
            "cluster",
            "review",
            {"service": "zookeeper", "name": "fresh", "version": "3.9.9", "text": say(), "text_base": say()},
        ),
    ):
        scene.row(
            ClusterDraft,
            kind=kind,
            owner="admin",
            step=step,
            answers=said,
            made="",
            operation_id=None,
            changed_at=scene.now,
        )
