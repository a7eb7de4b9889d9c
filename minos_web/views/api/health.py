"""API: is the console alive, and what of it is not."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from minos_common.version import VERSION
from minos_web.console import Console
from minos_web.models.lease import Lease
from minos_web.security.permissions import Permission

ENGINE_SILENT_SECONDS = 30.0


@view_config(route_name="healthz", request_method="GET", renderer="json", permission=Permission.EVERYONE)
@view_config(route_name="api_healthz", request_method="GET", renderer="json", permission=Permission.EVERYONE)
def healthz(request: Request) -> dict[str, Any]:
    """Always 200 while the process answers; ``status`` is "ok" or "degraded", the parts say why."""
    database, engine = _parts(request.console, request.now)
    healthy = database == "ok" and engine["state"] == "ok"
    return {"status": "ok" if healthy else "degraded", "version": VERSION, "database": database, "engine": engine}


def _parts(console: Console, now: float) -> tuple[str, dict[str, Any]]:
    """State of the database ("ok" or "down") and of the engine, in a session of its own."""
    try:
        with console.readers() as session:
            session.execute(text("SELECT 1"))
            lease = session.get(Lease, "engine")
            return "ok", _engine(lease, now)
    except SQLAlchemyError:
        return "down", {"state": "unknown", "seen_at": None}


def _engine(lease: Lease | None, now: float) -> dict[str, Any]:
    if lease is None:
        return {"state": "never started", "seen_at": None}
    silent = now - lease.seen_at > ENGINE_SILENT_SECONDS
    return {"state": "silent" if silent else "ok", "seen_at": lease.seen_at}
