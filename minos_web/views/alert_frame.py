"""What the pages of alerts, silences and rules have in common: their tabs, links to what an alert is about."""

from typing import Any

from pyramid.request import Request
from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert
from minos_web.models.lease import Lease
from minos_web.monitor.alert_lists import Wanted, open_count
from minos_web.monitor.silencing import count_now
from minos_web.views.alert_words import alert_badge, headline, level_badge, subject, value_words
from minos_web.views.api.health import ENGINE_SILENT_SECONDS
from minos_web.views.api.series_names import all_known
from minos_web.views.presenting import duration


def alerts_frame(request: Request, tab: str) -> dict[str, Any]:
    """What every one of these pages is given."""
    return {
        "section": "alerts",
        "tab": tab,
        "counts": {"open": open_count(request.db, Wanted()), "silences": count_now(request.db, request.now)},
        "badge_of": alert_badge,
        "level_badge": level_badge,
        "subject": subject,
        "headline": headline,
        "value_words": lambda alert: value_words(alert, all_known(request)),
        "not_judged": not_judged(request.db, request.now),
        "about_url": lambda alert: about_url(request, alert),
    }


def not_judged(session: Session, now: float) -> str:
    """Why what stands on these pages may be of the past: nobody looks. Empty while the engine is at work."""
    lease = session.get(Lease, "engine")
    if lease is None:
        return "The console's engine has never run: nothing is judged, and an empty list says nothing."
    silent = now - lease.seen_at
    if silent <= ENGINE_SILENT_SECONDS:
        return ""
    return (
        f"The console's engine is silent for {duration(silent)}: nothing is judged, and what stands here is of before."
    )


def query_of(alert: Alert) -> list[tuple[str, str]]:
    """What an alert is about, as the query of a list or of a form."""
    return [(name, str(getattr(alert, name))) for name in ("service", "cluster", "job", "host") if getattr(alert, name)]


def about_url(request: Request, alert: Alert) -> str:
    """The page of what an alert is about; of the console there is none."""
    at = {"service": alert.service, "cluster": alert.cluster}
    if alert.cluster and alert.job and alert.number is not None:
        return str(request.route_path("task", **at, job=alert.job, number=alert.number))
    if alert.cluster and alert.service:
        return str(request.route_path("cluster", **at))
    return str(request.route_path("host", name=alert.host)) if alert.host else ""
