"""What a cluster had before an operation brought something else: where a guarded way back leads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.operations.refusal import Refused


@dataclass(frozen=True)
class Before:
    """Configuration revision and package; None: the package was the same."""

    revision: int
    package: Package | None


def remembered(tasks: Sequence[Task]) -> dict[str, Any]:
    """{before: {revision, package}} of the tasks that have something: what most of them have, to be kept with an
    operation that sends. Empty when none has.
    """
    revisions = Counter(int(task.config_revision) for task in tasks if task.config_revision.isdigit())
    packages = Counter(task.package["sha256"] for task in tasks if task.package and task.package.get("sha256"))
    if not revisions:
        return {}
    package = packages.most_common(1)[0][0] if packages else ""
    return {"before": {"revision": revisions.most_common(1)[0][0], "package": package}}


def before_of(session: Session, cluster: Cluster, operation_id: int) -> Before:
    """What was before that operation. Raises Refused when it is not one of this cluster that brought something, or when
    its package is no longer in the store.
    """
    operation = session.get(Operation, operation_id)
    kept = operation.options.get("before") if operation is not None and operation.cluster_id == cluster.id else None
    if not kept:
        text = f"operation {operation_id} of {cluster.name} brought nothing from which a way back is known"
        raise Refused("no-way-back", text, "back_to")
    digest = kept.get("package") or ""
    package = session.scalar(select(Package).where(Package.sha256 == digest)) if digest else None
    if digest and package is None:
        raise Refused("no-package", f"the package from before (sha256 {digest[:12]}) is not in the store", "back_to")
    return Before(int(kept["revision"]), package)
