"""Pages of charts: of a cluster or one of its jobs, and of a task."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.charting import sections, service_as_described, service_charts
from minos_web.views.clusters import cluster_frame, jobs_of
from minos_web.views.finding import found_cluster, found_task
from minos_web.views.tasks import series_of, task_frame


@view_config(route_name="cluster_charts", renderer="cluster_charts.mako", permission=Permission.VIEW)
def cluster_page(request: Request) -> dict[str, Any]:
    """What matters most of every job, or with ``job`` all charts of that one; one line for each task."""
    cluster = found_cluster(request)
    service, job = service_as_described(request, cluster), request.GET.get("job", "")
    jobs = list(jobs_of(request, cluster))
    if job and job not in jobs:
        raise HTTPNotFound(f"Cluster {cluster.name} has no job {job[:40]!r}.")
    where = {"service": cluster.service, "cluster": cluster.name, **({"job": job} if job else {})}
    charts = service_charts(request, service, where, everything=bool(job))
    return {
        **cluster_frame(request, cluster),
        "sections": sections(charts),
        "jobs": jobs,
        "job": job,
        "events": {"service": cluster.service, "cluster": cluster.name},
    }


@view_config(route_name="task_charts", renderer="task_charts.mako", permission=Permission.VIEW)
def task_page(request: Request) -> dict[str, Any]:
    """All charts of one task."""
    task = found_task(request)
    service = service_as_described(request, task.cluster)
    charts = service_charts(request, service, series_of(request, task), everything=True) if task.host_id else []
    return {
        **task_frame(request, task),
        "sections": sections(charts),
        "events": {"service": task.cluster.service, "cluster": task.cluster.name},
    }
