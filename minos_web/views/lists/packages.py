"""The list of packages that clusters may use."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_web.models.packages import Package
from minos_web.operations.package_uses import task_counts
from minos_web.store.packages import READY
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.shape import Column, Shape, has


@dataclass(frozen=True)
class PackageLine:
    """A package; whether it is the ``latest`` of its artifact; how many tasks run from it."""

    package: Package
    latest: bool
    tasks: int


def package_list(scene: Scene) -> Shape:
    """Those that are ready, newest first; counted by artifact."""
    artifacts = select(Package.artifact).where(Package.state == READY).group_by(Package.artifact)
    return Shape(
        name="packages",
        one="package",
        many="packages",
        row=Package,
        base=select(Package.id).where(Package.state == READY),
        columns=[
            Column("package", "Package", lambda line: line.package.name, (Package.name,), fixed=True),
            Column("artifact", "Artifact", lambda line: line.package.artifact, (Package.artifact,)),
            Column("revision", "Revision", lambda line: line.package.revision, (Package.revision,)),
            Column("timestamp", "Timestamp", lambda line: line.package.timestamp, (Package.timestamp,), False, True),
            Column("tasks", "Tasks", lambda line: line.tasks, number=True),
            Column("size", "Size", lambda line: line.package.size, (Package.size,), True, True),
            Column("sha256", "SHA-256", lambda line: line.package.sha256),
            Column("version", "Version", lambda line: line.package.version, (Package.version,), usual=False),
            Column("uploaded", "Uploaded", lambda line: line.package.uploaded_at, (Package.id,), False, True),
        ],
        keys={
            "artifact": lambda value: Package.artifact == value,
            "revision": lambda value: has(Package.revision, value),
            "version": lambda value: Package.version == value,
            "sha256": lambda value: Package.sha256.startswith(value.lower(), autoescape=True),
            "by": lambda value: Package.uploaded_by == value,
        },
        words=(Package.name, Package.artifact, Package.revision, Package.sha256),
        kind=Package.artifact,
        kinds=scene.db.scalars(artifacts.order_by(func.max(Package.id).desc())).all(),
        usual_sort="uploaded",
        lines=_lines,
        hint="artifact:hadoop by:admin 3.4",
    )


def newest_ids(session: Session) -> set[int]:
    """Ids of the latest package of each artifact."""
    return {*session.scalars(select(func.max(Package.id)).where(Package.state == READY).group_by(Package.artifact))}


def _lines(session: Session, rows: Sequence[Package]) -> list[PackageLine]:
    counts, newest = task_counts(session, [row.sha256 for row in rows]), newest_ids(session)
    return [PackageLine(row, row.id in newest, counts.get(row.sha256, 0)) for row in rows]
