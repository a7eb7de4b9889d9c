"""Numbers that were just read: onto rows, into series, and told where a quota began or ceased to need a look."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.quotas import Quota, QuotaAddress
from minos_web.monitor.derived import MOST_GROUPS
from minos_web.monitor.quotas.naming import key_of, outermost, principal_of, series_name, total_name, user_of
from minos_web.monitor.quotas.output import TWICE, Counted
from minos_web.monitor.quotas.rules import (
    ERROR,
    Finding,
    Limits,
    Numbers,
    bad_text,
    is_worse,
    judged,
    level_of,
    limits_of,
)
from minos_web.monitor.series.port import Batch, Sample, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.monitor.telling import Told, tell

SERVICE = "hdfs"
GONE = "there is no such directory"
ADVICE = "Clean up, the trash (.Trash) first, or ask for a larger quota."


def numbers_of(row: Quota) -> Numbers:
    """The numbers of a row."""
    return Numbers(row.name_quota, row.names_used, row.space_quota, row.space_used)


def rows_of(session: Session, cluster: Cluster) -> list[Quota]:
    """All directories of a cluster that are known, by path."""
    return list(session.scalars(select(Quota).filter_by(cluster_id=cluster.id).order_by(Quota.path)))


@dataclass(frozen=True)
class Read:
    """What a read told of a cluster: ``wanted`` are the site's own directories, ``sums`` the space of those without a quota
    of it.
    """

    cluster: Cluster
    wanted: list[str]
    counted: Counted
    sums: dict[str, int]
    at: float

    @property
    def whole(self) -> bool:
        """Whether nothing went wrong, so that a directory that was not told is not there."""
        return not self.counted.complaints

    def numbers(self) -> dict[str, Numbers]:
        """Directory -> its numbers, with sums where the count does not tell the space."""
        return {
            path: one
            if one.space_used is not None
            else Numbers(one.name_quota, one.names_used, one.space_quota, self.sums.get(path))
            for path, one in self.counted.found.items()
        }


def keep(session: Session, console: Console, read: Read) -> None:
    """Bring the rows in line with a read, keep the history, and tell what changed for the worse or is well again."""
    found, limits = read.numbers(), limits_of(console.settings)
    rows = {row.path: row for row in rows_of(session, read.cluster)}
    fresh = [path for path in (*found, *read.wanted, *sorted(read.counted.twice)) if path not in rows]
    for path in dict.fromkeys(fresh):
        rows[path] = Quota(cluster_id=read.cluster.id, path=path, error="", bad="")
        session.add(rows[path])
    addresses = {one.user: one.addresses for one in session.scalars(select(QuotaAddress))}
    for path, row in rows.items():
        if path in found:
            _renew(row, found[path], read.at)
            _judge(session, read, row, (limits, addresses))
        elif not _is_kept(session, row, read):
            _judge(session, read, row, (None, addresses))
    _remember(session, read, found, limits)
    session.flush()


def _renew(row: Quota, numbers: Numbers, at: float) -> None:
    row.name_quota, row.names_used = numbers.name_quota, numbers.names_used
    row.space_quota, row.space_used = numbers.space_quota, numbers.space_used
    row.at, row.error = at, ""


def _is_kept(session: Session, row: Quota, read: Read) -> bool:
    """Whether a row that was not read keeps its numbers: it does where the read failed for it, and says so."""
    counted = read.counted
    if row.path in counted.twice:
        row.error = TWICE
        return True
    if not read.whole:
        row.error = counted.complaints[-1][:500]
        return True
    if row.path in read.wanted:
        _renew(row, Numbers(), read.at)
        row.error = GONE
        return False
    session.delete(row)
    return False


def _judge(session: Session, read: Read, row: Quota, by: tuple[Limits | None, dict[str, list[str]]]) -> None:
    """Tell when it became worse than what was told, or is well again."""
    limits, addresses = by
    findings = judged(numbers_of(row), limits) if limits is not None else []
    now, before = bad_text(findings), row.bad
    row.bad = now
    if not (is_worse(now, before) or (before and not now)):
        return
    told = _problem(read.cluster, row, findings) if now else _recovery(read.cluster, row, limits is None)
    tell(session, told, read.at)
    own = addresses.get(principal_of(row.path), [])
    if own:
        tell(session, _to_user(told, own), read.at)


def _problem(cluster: Cluster, row: Quota, findings: Iterable[Finding]) -> Told:
    found = list(findings)
    level = level_of(bad_text(found))
    word = "is used up" if level == ERROR else "is nearly used up"
    title = f"Quota of {user_of(row.path)} in {cluster.name} {word}"
    text = "\n".join([f"{row.path} in HDFS {cluster.name}:", *(f"- {one.words}" for one in found), ADVICE])
    return _told(cluster, row, "problem", level, title, text)


def _recovery(cluster: Cluster, row: Quota, gone: bool) -> Told:
    title = f"Quota of {user_of(row.path)} in {cluster.name} is well again"
    text = f"{row.path} in HDFS {cluster.name} " + ("is not there any more." if gone else "has enough left.")
    return _told(cluster, row, "recovery", "info", title, text)


def _told(cluster: Cluster, row: Quota, kind: str, level: str, title: str, text: str) -> Told:
    path = f"/clusters/{SERVICE}/{cluster.name}/quotas"
    return Told(kind, level, title, text, key_of(cluster.name, row.path), SERVICE, cluster.name, path=path)


def _to_user(told: Told, addresses: list[str]) -> Told:
    """The same for the user alone; who is routed to hears it anyway."""
    return Told(
        told.kind, told.level, told.title, told.text, told.key, told.service, told.cluster,
        path=told.path, recipients=tuple(addresses),
    )  # fmt: skip


def _remember(session: Session, read: Read, found: dict[str, Numbers], limits: Limits) -> None:
    """The history. What is not known leaves a gap; of too many directories those that use most have one."""
    charted = sorted(found, key=lambda path: (-(found[path].space_used or 0), path))[:MOST_GROUPS]
    values = {series_name(name, path): value for path in charted for name, value in _six(found[path]).items()}
    if read.whole and not read.counted.twice:
        values |= _totals(found, limits)
    at = int(read.at)
    samples: list[Sample] = [
        (SeriesName(name, "", SERVICE, read.cluster.name), at, float(value))
        for name, value in values.items()
        if value is not None
    ]
    SeriesWriter().store(session, Batch("quotas", f"{read.cluster.id}-{read.at:.3f}"), samples)


def _six(numbers: Numbers) -> dict[str, int | None]:
    return {
        "quota": numbers.name_quota,
        "used_quota": numbers.names_used,
        "remaining_quota": numbers.names_left,
        "space_quota": numbers.space_quota,
        "used_space_quota": numbers.space_used,
        "remaining_space_quota": numbers.space_left,
    }


def _totals(found: dict[str, Numbers], limits: Limits) -> dict[str, int | None]:
    outer = [found[path] for path in outermost(found)]
    return {
        total_name("used_quota"): sum_of(one.names_used for one in outer),
        total_name("used_space_quota"): sum_of(one.space_used for one in outer),
        total_name("unhealthy"): sum(bool(judged(one, limits)) for one in found.values()),
    }


def sum_of(values: Iterable[int | None]) -> int | None:
    """The sum; None where any is not known."""
    known = list(values)
    return None if None in known else sum(one for one in known if one is not None)
