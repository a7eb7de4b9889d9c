"""The round that sends reports of quotas: once a day or a week, to users and to admins, however often a console starts."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.quotas import Quota, QuotaReport
from minos_web.monitor.quotas.addresses import all_addresses
from minos_web.monitor.quotas.keeping import SERVICE, numbers_of
from minos_web.monitor.quotas.naming import principal_of, user_of
from minos_web.monitor.quotas.report import Line, Report, admin_report, user_report
from minos_web.monitor.quotas.rules import limits_of
from minos_web.monitor.telling import Told, tell

FRESH_SECONDS = 86400.0
"""Older numbers are in no report."""
OFF, DAILY, WEEKLY = "off", "daily", "weekly"


def is_report_due(session: Session, settings: ConsoleSettings, now: float) -> bool:
    """Whether today's reports (of this week, from Monday on) are to be sent and were not. A console that was away at that
    hour sends them when it is back.
    """
    if settings.quota_report == OFF:
        return False
    local = datetime.fromtimestamp(now).astimezone()
    if local.hour < settings.quota_report_hour and (settings.quota_report == DAILY or local.weekday() == 0):
        return False
    since = local if settings.quota_report == DAILY else local - timedelta(days=local.weekday())
    last = session.scalar(select(func.max(QuotaReport.day)))
    if last is not None and last >= f"{since:%Y-%m-%d}":
        return False
    return session.scalar(_fresh(now).limit(1)) is not None  # what was not read yet is waited for


def report(session: Session, console: Console, now: float) -> int:
    """Have the reports sent, if they still are due; how many there are."""
    if not is_report_due(session, console.settings, now):
        return 0
    day = f"{datetime.fromtimestamp(now).astimezone():%Y-%m-%d}"
    session.add(QuotaReport(day=day, at=now))
    session.flush()  # a second console that does the same fails here, before it tells anybody
    rows = [(cluster, row) for cluster, row in session.execute(_fresh(now))]
    sent = _to_users(session, console, rows, (day, now))
    admins = console.settings.quota_report_admins.split()
    if admins:
        clusters: dict[str, list[Line]] = {}
        for cluster, row in rows:
            clusters.setdefault(cluster.name, []).append(Line(user_of(row.path), numbers_of(row)))
        url = f"{console.settings.url.rstrip('/')}/"
        made = admin_report(sorted(clusters.items()), limits_of(console.settings), day, url)
        _tell(session, made, "quota-report:admins", admins, now)
        sent += 1
    return sent


def _fresh(now: float) -> Select[Cluster, Quota]:
    return (
        select(Cluster, Quota)
        .join(Quota, Quota.cluster_id == Cluster.id)
        .where(Cluster.retired.is_(False), Quota.at >= now - FRESH_SECONDS, Quota.names_used.is_not(None))
        .order_by(Cluster.name, Quota.path)
    )


def _to_users(session: Session, console: Console, rows: list[tuple[Cluster, Quota]], when: tuple[str, float]) -> int:
    addresses = all_addresses(session)
    lines: dict[str, list[Line]] = {}
    for cluster, row in rows:
        user = principal_of(row.path)
        if user in addresses:
            name = cluster.name if user == user_of(row.path) else f"{cluster.name} {row.path}"
            lines.setdefault(user, []).append(Line(name, numbers_of(row)))
    for user, mine in lines.items():
        url = f"{console.settings.url.rstrip('/')}/"
        made = user_report(user, mine, limits_of(console.settings), when[0], url)
        _tell(session, made, f"quota-report:{user}", addresses[user], when[1])
    return len(lines)


def _tell(session: Session, made: Report, key: str, recipients: list[str], now: float) -> None:
    level = "warning" if made.bad else "info"
    told = Told(
        "report", level, made.title, made.text, key, SERVICE, html=made.html, recipients=tuple(recipients), path="/"
    )
    tell(session, told, now)
