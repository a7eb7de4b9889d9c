"""A dangerous operation laid down for a second person: checked as if it were begun, sealed as it was asked for."""

from base64 import b64encode
from dataclasses import replace

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.people import Approval
from minos_web.operations.approving import WAITING, forget_expired
from minos_web.operations.refusal import Refused
from minos_web.operations.submit import submit
from minos_web.operations.wish import NewOperation, Wish
from minos_web.security.sealing import seal

MOST_WAITING = 200
TRIED = "(nobody: it is only tried)"


def lay_down(session: Session, console: Console, wish: Wish) -> Approval:
    """Keep a wish until somebody else approves it. Raises Refused when it would be refused now, and when so many wait that
    nobody looks at them.
    """
    forget_expired(session, wish.now)
    with session.begin_nested() as tried:
        submit(session, console, replace(wish, approved_by=TRIED))
        tried.rollback()
    waiting = session.scalar(select(func.count()).where(Approval.state == WAITING)) or 0
    if waiting >= MOST_WAITING:
        raise Refused("too-many", f"{waiting} requests wait for approval already: withdraw some")
    cluster = f"{wish.service}/{wish.cluster}"
    asked = NewOperation(wish.action, list(wish.jobs), [int(one) for one in wish.tasks], list(wish.hosts), wish.options)
    sealed = seal(console.secret, msgspec.json.encode(asked), f"approval {cluster} {wish.user}")
    shown = {key: value for key, value in wish.options.items() if "password" not in key and key != "plan"}
    row = Approval(
        cluster=cluster,
        action=wish.action,
        submission={**wish.selection, "options": shown, "sealed": b64encode(sealed).decode()},
        asked_by=wish.user,
        asked_at=wish.now,
        expires_at=wish.now + console.settings.second_approver_hours * 3600,
        state=WAITING,
    )
    session.add(row)
    session.flush()
    return row
