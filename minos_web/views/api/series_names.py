"""API: which metrics there are, and at which services, clusters, jobs, tasks and hosts."""

from dataclasses import asdict
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.counters import Counter
from minos_web.monitor.counters import metric_of
from minos_web.monitor.dashboard import LABELS
from minos_web.monitor.series_names import Places, labels_at, metrics_at
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.metric_words import MetricWords, fits, known_metrics, words_of

_MOST = 1000


@view_config(route_name="api_series_names", request_method="GET", renderer="json", permission=Permission.VIEW)
def names(request: Request) -> dict[str, Any]:
    """Metrics whose names or titles hold the words of ?q=, at the places that the labels pick; and those places' labels,
    narrowed down to ?metric= when there is any.
    """
    params = request.GET
    labels = {label: params.get(label, "").strip() for label in LABELS}
    limit = params.get("limit", "100")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= _MOST):
        raise Refused("bad-request", f"limit is a number from 1 to {_MOST}, not {limit[:40]!r}", "limit")
    known = all_known(request)
    counted = metrics_at(request.db, Places(labels))
    found = [words for words in (words_of(metric, known) for metric in counted) if fits(words, params.get("q", ""))]
    shown = found[: int(limit)]
    return {
        "metrics": [{**asdict(words), "series": counted[words.name]} for words in shown],
        "left_off": len(found) - len(shown),
        "labels": labels_at(request.db, Places(labels, tuple(params.getall("metric")))),
    }


def all_known(request: Request) -> dict[str, MetricWords]:
    """Metric -> words, of what the catalog and those who push counters tell of."""
    known = known_metrics(request.console.catalog.services.values())
    pushed = select(Counter.group, Counter.name, Counter.unit).distinct().order_by(Counter.unit)
    for group, name, unit in request.db.execute(pushed):
        metric = metric_of(group, name)
        known[metric] = MetricWords(metric, f"{group}: {name}", unit[:24] or "count")
    return known
