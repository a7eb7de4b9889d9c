"""What the pages of clusters and tasks tell of limits and reboots, and where it is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyramid.request import Request

from minos_common.verbs import UNLIMITED
from minos_web.clusterfile.problems import Place
from minos_web.clusterfile.running import BY_DEFAULT, Running, running_jobs
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.clusters import Cluster, Task
from minos_web.store.configdir import tree_at
from minos_web.views.presenting import size


@dataclass(frozen=True)
class AfterReboot:
    """Whether tasks come back by themselves. ``place`` is where that is written, None where nothing is; ``jobs`` are those
    meant; ``news`` says what a description that is newer than the host's wants instead, empty when that is the same.
    """

    comes_back: bool
    place: Place | None
    jobs: tuple[str, ...] = ()
    news: str = ""


def described(request: Request, cluster: Cluster, revision: int | None = None) -> dict[str, Running]:
    """Job -> how its tasks run, as the config directory says at ``revision`` (None: now)."""
    return running_jobs(tree_at(request.db, revision), cluster_path(cluster.service, cluster.name))


def task_after_reboot(request: Request, task: Task) -> AfterReboot:
    """What counts for a task: what its host was sent, or when nothing was, what the description says now."""
    now = described(request, task.cluster).get(task.job, BY_DEFAULT)
    sent = now
    if task.config_revision.isdecimal() and len(task.config_revision) < 19:
        sent = described(request, task.cluster, int(task.config_revision)).get(task.job, BY_DEFAULT)
    news = "" if sent.start_at_boot == now.start_at_boot else "yes" if now.start_at_boot else "no"
    return AfterReboot(sent.start_at_boot, sent.places.get("start_at_boot"), news=news)


def cluster_after_reboot(request: Request, cluster: Cluster) -> list[AfterReboot]:
    """What the description says now, jobs that say the same together."""
    groups: dict[tuple[bool, Place | None], list[str]] = {}
    for job, running in described(request, cluster).items():
        groups.setdefault((running.start_at_boot, running.places.get("start_at_boot")), []).append(job)
    return [AfterReboot(comes_back, place, tuple(jobs)) for (comes_back, place), jobs in groups.items()]


def limit_rows(running: Running) -> list[tuple[str, str, Place | None]]:
    """(title, what counts, where it is written) of each limit."""
    files, core = running.limit_nofile, running.limit_core
    as_host = "as worker.ini of the host says"
    cores = "of any size" if core == UNLIMITED else "none" if core == 0 else f"up to {size(core)}"
    places: Mapping[str, Place] = running.places
    return [
        ("Open files", as_host if files is None else f"at most {files}", places.get("limit_nofile")),
        ("Core dumps", as_host if core is None else cores, places.get("limit_core")),
    ]
