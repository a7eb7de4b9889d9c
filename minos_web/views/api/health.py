"""API: is the console alive, and what of it is not."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from minos_common.version import VERSION
from minos_web.console import Console
from minos_web.models.lease import Lease
from minos_web.models.schedules import Round
from minos_web.monitor.timetable import late_ones
from minos_web.security.permissions import Permission

ENGINE_SILENT_SECONDS = 30.0


@view_config(route_name="healthz", request_method="GET", renderer="json", permission=Permission.EVERYONE)
@view_config(route_name="api_healthz", request_method="GET", renderer="json", permission=Permission.EVERYONE)
def healthz(request: Request) -> dict[str, Any]:
    """Always 200 while the process answers; ``status`` is "ok" or "degraded", the parts say why."""
    parts = _parts(request.console, request.now)
    healthy = parts["database"] == "ok" and parts["engine"]["state"] == "ok" and parts["rounds"]["state"] == "ok"
    return {"status": "ok" if healthy else "degraded", "version": VERSION, **parts}


def _parts(console: Console, now: float) -> dict[str, Any]:
    """State of the database ("ok" or "down"), of the engine and of its rounds, in a session of its own."""
    try:
        with console.readers() as session:
            session.execute(text("SELECT 1"))
            engine = _engine(session.get(Lease, "engine"), now)
            return {"database": "ok", "engine": engine, "rounds": _rounds(session, engine, now)}
    except SQLAlchemyError:
        engine = {"state": "unknown", "seen_at": None}
        return {"database": "down", "engine": engine, "rounds": {"state": "unknown", "late": []}}


def _engine(lease: Lease | None, now: float) -> dict[str, Any]:
    if lease is None:
        return {"state": "never started", "seen_at": None}
    silent = now - lease.seen_at > ENGINE_SILENT_SECONDS
    return {"state": "silent" if silent else "ok", "seen_at": lease.seen_at}


def _rounds(session: Session, engine: dict[str, Any], now: float) -> dict[str, Any]:
    """Of an engine that is away nothing is known of its rounds. Late ones are named, nothing else: anybody may ask."""
    if engine["state"] != "ok":
        return {"state": "unknown", "late": []}
    late = [one.name for one in late_ones(session.scalars(select(Round).order_by(Round.name)), now)]
    return {"state": "late" if late else "ok", "late": late}
