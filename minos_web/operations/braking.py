"""The emergency brake: pulled and released here, asked by every door that would change a cluster, told to the workers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from minos_common import words
from minos_common.brake import PASSES
from minos_common.instants import utc_minute
from minos_common.states import HostState
from minos_web.models.brakes import ALL, Brake, BrakeRevision
from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.operations.refusal import Refused

LONGEST_REASON = 300
MOST_REVISION = 2**53
"""A worker that says more than this makes it up."""
CODE = "brake"
"""Of what is refused because it is pulled: it passes by itself once that is released."""


@dataclass(frozen=True)
class Frozen:
    """What is frozen now: ``everything`` says why all clusters are, ``clusters`` (id -> why) why single ones are."""

    everything: str
    clusters: dict[int, str]

    def why(self, cluster_id: int | None) -> str:
        """Why a cluster (None: the workers) is frozen; empty when it is not."""
        return self.everything or (self.clusters.get(cluster_id, "") if cluster_id is not None else "")

    def holds(self, verb: str, cluster_id: int | None) -> str:
        """Why a verb is not sent for a cluster; empty when it may be."""
        return "" if verb in PASSES else self.why(cluster_id)


@dataclass(frozen=True)
class Unaware:
    """An approved host whose worker has not said that it obeys, and why that is."""

    host: Host
    why: str


def pulled(session: Session) -> Sequence[Brake]:
    """Every brake that is pulled, that of all clusters first."""
    rows = session.scalars(select(Brake).where(Brake.pulled.is_not(None)).order_by(Brake.pulled_at, Brake.id)).all()
    return sorted(rows, key=lambda row: row.cluster_id is not None)


def brake_words(row: Brake) -> str:
    """Who pulled it and why, as every refusal says it."""
    of = f"of {row.cluster.service}/{row.cluster.name}" if row.cluster else "of all clusters"
    return f"the emergency brake {of} was pulled by {row.pulled_by} at {utc_minute(row.pulled_at)}: {row.reason}"


def frozen_now(session: Session) -> Frozen:
    """What is frozen, for who asks about many things."""
    rows = pulled(session)
    everything = next((brake_words(row) for row in rows if row.cluster_id is None), "")
    return Frozen(everything, {row.cluster_id: brake_words(row) for row in rows if row.cluster_id is not None})


def check_brake(session: Session, cluster: Cluster | None) -> None:
    """No brake is pulled that counts for this cluster (None: for the workers). Raises Refused."""
    why = frozen_now(session).why(cluster.id if cluster is not None else None)
    if why:
        raise Refused(CODE, f"{why}; nothing is changed there until it is released", CODE)


def pull(session: Session, cluster: Cluster | None, reason: str, user: str, now: float) -> tuple[Brake, bool]:
    """Pull the brake of a cluster, or (None) of all; and whether that is new: a second pull leaves the first as it is.
    Raises Refused.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("bad-option", "say why: everybody who is stopped by it will read that", "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused("bad-option", f"a reason has at most {LONGEST_REASON} characters", "reason")
    about = f"{cluster.service}/{cluster.name}" if cluster is not None else ALL
    known = session.scalar(select(Brake).where(Brake.pulled == about))
    if known is not None:
        return known, False
    row = Brake(
        cluster_id=cluster.id if cluster is not None else None,
        pulled=about,
        reason=reason,
        pulled_by=user,
        pulled_at=now,
        released_by="",
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refused("overtaken", "somebody else pulled it a moment ago", "reason") from error
    _count(session)
    return row, True


def release(session: Session, row: Brake, confirm: str, user: str, now: float) -> None:
    """Let go: what it held goes on. ``confirm`` is what it is about, typed. Raises Refused."""
    if row.pulled is None:
        raise Refused("over", f"{row.released_by} released it at {utc_minute(row.released_at or now)} already")
    wanted = typed_for(row)
    if confirm.strip() != wanted:
        raise Refused("confirm", f"type {wanted} to release it", "confirm")
    row.pulled, row.released_by, row.released_at = None, user, now
    _count(session)


def typed_for(row: Brake) -> str:
    """What is typed to release it."""
    return row.cluster.name if row.cluster else ALL


def held_operations(session: Session, row: Brake) -> Sequence[Operation]:
    """Open operations that go on when it is released, unless another brake holds them too."""
    query = select(Operation).where(Operation.ended_at.is_(None), Operation.held.is_not(None)).order_by(Operation.id)
    if row.cluster_id is not None:
        query = query.where(Operation.cluster_id == row.cluster_id)
    return session.scalars(query).all()


def released_lately(session: Session, most: int = 20) -> Sequence[Brake]:
    """Those that were pulled once, the newest first."""
    query = select(Brake).where(Brake.pulled.is_(None)).order_by(Brake.released_at.desc(), Brake.id.desc())
    return session.scalars(query.limit(most)).all()


def revision(session: Session) -> int:
    """How often it was pulled or released."""
    return session.scalar(select(BrakeRevision.number)) or 0


def outgrow(session: Session, told: int) -> None:
    """A worker knows of a later brake than this table does (which was restored from a backup): from now on what the table
    says is newer. What nobody can have counted is not believed.
    """
    if revision(session) < told <= MOST_REVISION:
        _count(session, told)


def told_to_workers(session: Session) -> words.Brake:
    """The whole truth as it goes over the wire."""
    rows = pulled(session)
    return words.Brake(
        revision(session),
        next((brake_words(row) for row in rows if row.cluster is None), ""),
        [words.FrozenCluster(row.cluster.service, row.cluster.name, brake_words(row)) for row in rows if row.cluster],
    )


def unaware(session: Session, now: float, lost_seconds: float) -> tuple[int, list[Unaware]]:
    """How many hosts are approved, and those whose workers have not said that they obey what counts now."""
    number = revision(session)
    hosts = session.scalars(select(Host).where(Host.state == HostState.APPROVED).order_by(Host.name)).all()
    found = []
    for host in hosts:
        if number in (0, host.brake_revision):
            continue
        silent = host.beat_at is None or now - host.beat_at > lost_seconds
        if host.brake_revision in (None, -1) and not silent:
            why = "its worker is of a release that knows no brake: nothing is sent to it, but it remembers nothing"
        else:
            why = "silent: it hears of it when it is back" if silent else "has not said so yet"
        found.append(Unaware(host, why))
    return len(hosts), found


def _count(session: Session, beyond: int = 0) -> None:
    row = session.get(BrakeRevision, 1, with_for_update=True)
    if row is None:
        row = BrakeRevision(id=1, number=0)
        session.add(row)
    row.number = max(row.number, beyond) + 1
    session.flush()
