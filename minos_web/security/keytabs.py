"""Keytabs of clusters: taken in, kept sealed, opened for the host that needs them. Nobody gets them back from here."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.names import BadName, check
from minos_web.models.clusters import Cluster
from minos_web.models.keytabs import Keytab
from minos_web.security.keytab_file import MOST_BYTES, BadKeytab, entries_of
from minos_web.security.sealing import seal, unseal

ENDING = ".keytab"


@dataclass(frozen=True)
class Given:
    """A keytab as somebody gives it: for the host of ``address``, or for all ("")."""

    name: str
    address: str
    data: bytes
    by: str
    now: float


def keep(session: Session, secret: bytes, cluster: Cluster, given: Given) -> Keytab:
    """Take a keytab in, in place of one of the same name for the same host. Raises BadKeytab."""
    _check(cluster, given)
    entries = [asdict(entry) for entry in entries_of(given.data)]
    sealed = seal(secret, given.data, _about(cluster, given.name, given.address))
    row = session.scalar(select(Keytab).filter_by(cluster_id=cluster.id, name=given.name, address=given.address))
    if row is None:
        row = Keytab(cluster_id=cluster.id, name=given.name, address=given.address)
    row.entries, row.sealed, row.sha256 = entries, sealed, hashlib.sha256(given.data).hexdigest()
    row.uploaded_by, row.uploaded_at = given.by, given.now
    session.add(row)
    session.flush()
    return row


def kept(session: Session, cluster: Cluster) -> list[Keytab]:
    """Those of a cluster, by name and host."""
    return list(session.scalars(select(Keytab).filter_by(cluster_id=cluster.id).order_by(Keytab.name, Keytab.address)))


def opened(
    session: Session, secret: bytes, cluster: Cluster, address: str, names: Iterable[str]
) -> tuple[dict[str, bytes], list[str]]:
    """Bytes of the named keytabs as the host of ``address`` has them, and the names of those that are missing. Raises
    CannotUnseal.
    """
    rows = {(row.name, row.address): row for row in kept(session, cluster)}
    found: dict[str, bytes] = {}
    missing = []
    for name in names:
        row = rows.get((name, address)) or rows.get((name, ""))
        if row is None:
            missing.append(name)
        else:
            found[name] = unseal(secret, row.sealed, _about(cluster, row.name, row.address))
    return found, missing


def _check(cluster: Cluster, given: Given) -> None:
    try:
        check("file", given.name)
    except BadName as error:
        raise BadKeytab(str(error)) from error
    if not given.name.endswith(ENDING) or given.name == ENDING:
        raise BadKeytab(f"{given.name} must end in {ENDING}: that is how files of the configuration name it")
    if len(given.data) > MOST_BYTES:
        raise BadKeytab(f"a keytab has at most {MOST_BYTES // 1024} KiB")
    if given.address and given.address not in {task.address for task in cluster.tasks}:
        raise BadKeytab(f"{cluster.name} has no task on {given.address}")


def _about(cluster: Cluster, name: str, address: str) -> str:
    return f"keytab {cluster.id} {name} {address}"
