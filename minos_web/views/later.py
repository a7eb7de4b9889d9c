"""Pages of big clusters open at once and bring what takes more than a moment after: a plan of 2,000 tasks, the findings of their
file.
"""

from pyramid.request import Request
from sqlalchemy import func, select

from minos_web.models.clusters import Cluster, Task

MANY = 300
"""Tasks from which on a person would wait."""


def comes_later(request: Request, service: str, name: str) -> bool:
    """Whether the page of this cluster is to come without that part: the part is asked for by the page itself, or by a person
    whose browser runs no scripts (``now``).
    """
    if request.headers.get("HX-Request") or "now" in request.GET or request.method != "GET":
        return False
    named = (Cluster.service == service, Cluster.name == name, Cluster.retired.is_(False))
    own = select(func.count()).select_from(Task).join(Cluster, Task.cluster_id == Cluster.id)
    return (request.db.scalar(own.where(*named, Task.retired.is_(False))) or 0) > MANY
