"""A second person for dangerous operations: what the ini names waits, exactly as it was asked for, until another one approves."""

import json
from base64 import b64decode
from dataclasses import replace

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.people import Approval
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import NewOperation, Wish
from minos_web.security.permissions import covers
from minos_web.security.sealing import CannotUnseal, unseal

WAITING, APPROVED, DECLINED, WITHDRAWN, EXPIRED = "waiting", "approved", "declined", "withdrawn", "expired"


class NeedsApproval(Refused):
    """The operation is one of those for which a second person is asked."""

    def __init__(self, wish: Wish) -> None:
        about = f"{wish.service}/{wish.cluster}"
        super().__init__(
            "needs-approval",
            f"{wish.action} on {about} needs the approval of a second person: ask for it on the page of the cluster",
        )
        self.wish = wish


def needs_second(settings: ConsoleSettings, wish: Wish) -> bool:
    """Whether the ini asks for a second person for this."""
    patterns = settings.second_approver.split()
    actions = settings.second_approver_actions.split()
    cluster = f"{wish.service}/{wish.cluster}"
    return wish.action in actions and any(covers(pattern, cluster) for pattern in patterns)


def check_second(settings: ConsoleSettings, wish: Wish) -> None:
    """Raises NeedsApproval unless somebody else than who asks approved it."""
    if needs_second(settings, wish) and wish.approved_by in ("", wish.user):
        raise NeedsApproval(wish)


def wish_of(console: Console, row: Approval, may_override: bool, now: float) -> Wish:
    """What was asked for, as it was asked for. Raises Refused."""
    try:
        sealed = b64decode(row.submission["sealed"])
        said = json.loads(unseal(console.secret, sealed, f"approval {row.cluster} {row.asked_by}"))
    except (CannotUnseal, ValueError, KeyError) as error:
        raise Refused("wrong-state", "what was asked for is not as it was kept; ask for it again") from error
    asked = msgspec.convert(said, NewOperation)
    service, _, cluster = row.cluster.partition("/")
    return Wish(
        service, cluster, asked.action, row.asked_by, now, asked.jobs, asked.tasks, asked.hosts, may_override, asked.options
    )  # fmt: skip


def approved(wish: Wish, by: str) -> Wish:
    """The same, approved."""
    return replace(wish, approved_by=by)


def decide(row: Approval, state: str, by: str, now: float, message: str = "") -> None:
    """Note how it ended. Raises Refused for one that does not wait (any more), and for who decides their own."""
    if row.state == WAITING and row.expires_at <= now:
        row.state = EXPIRED
    if row.state != WAITING:
        raise Refused(
            "over", f"this request is {row.state} already" + (f" by {row.decided_by}" if row.decided_by else "")
        )
    if state == WITHDRAWN and by != row.asked_by:
        raise Refused("not-yours", f"only {row.asked_by} may withdraw it; decline it instead")
    if state in (APPROVED, DECLINED) and by == row.asked_by:
        raise Refused("not-allowed", "you asked for it yourself: a second person has to look at it")
    row.state, row.decided_by, row.decided_at, row.message = state, by, now, message


def forget_expired(session: Session, now: float) -> None:
    """What nobody decided in time waits no more."""
    late = update(Approval).where(Approval.state == WAITING, Approval.expires_at <= now)
    session.execute(late.values(state=EXPIRED, decided_at=now))


def listed(session: Session, waiting: bool, now: float, most: int = 100) -> list[Approval]:
    """Those that wait, the oldest first; or those that are over, the newest first."""
    alive = (Approval.state == WAITING) & (Approval.expires_at > now)
    query = select(Approval).where(alive).order_by(Approval.id) if waiting else (
        select(Approval).where(~alive).order_by(Approval.id.desc())
    )  # fmt: skip
    return list(session.scalars(query.limit(most)))


def state_of(row: Approval, now: float) -> str:
    """Its state as of ``now``."""
    return EXPIRED if row.state == WAITING and row.expires_at <= now else row.state
