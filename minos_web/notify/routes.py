"""Routes as rows: made, changed, put in order, deleted; and as rules for deciding, with the one that the ini makes."""

from collections.abc import Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.models.notify import Route
from minos_web.notify.addressing import is_address
from minos_web.notify.channels import OWN_MAIL, Known, all_channels
from minos_web.notify.matching import KINDS, LEVELS, Rule, Stage, Ways, window
from minos_web.notify.outcome import one_line
from minos_web.operations.refusal import Refused

DEFAULT_NAME = "default of the ini"
MOST_ROUTES, MOST_STAGES, MOST_RECIPIENTS = 200, 6, 100
MOST_MINUTES = 7 * 1440.0
_LONGEST = {"name": 64, "service": 64, "cluster": 64, "host": 128, "hours": 16, "zone": 64}

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class StageDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A channel of a route, see matching.Stage."""

    channel: int
    after_minutes: float = 0.0
    recipients: list[str] = []


class RouteDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A route as somebody gives it, see models/notify.Route. ``position`` 0: at the end, or where it stands."""

    name: str
    enabled: bool = True
    service: str = ""
    cluster: str = ""
    host: str = ""
    levels: list[Literal["error", "warning", "info"]] = []
    kinds: list[Literal["problem", "recovery", "unknown", "flapping", "crash", "report", "note"]] = []
    hours: str = ""
    days: list[Day] = []
    zone: str = "UTC"
    recipients: list[str] = []
    stages: list[StageDraft] = []
    go_on: bool = False
    collect_minutes: float = 0.0
    position: int = 0


def all_routes(session: Session) -> list[Route]:
    """In the order in which they are asked."""
    return list(session.scalars(select(Route).order_by(Route.position, Route.id)))


def rules(session: Session, settings: ConsoleSettings) -> list[Rule]:
    """All routes for deciding, the default one of the ini at the end."""
    found = [rule_of(row) for row in all_routes(session)]
    own = default_rule(settings)
    return [*found, own] if own else found


def default_rule(settings: ConsoleSettings) -> Rule | None:
    """What the ini makes: its addresses hear what no other route decides; None when it names none or no mail server."""
    recipients = tuple(settings.alert_mail.replace(",", " ").split())
    if not (recipients and settings.smtp_host):
        return None
    return Rule(None, DEFAULT_NAME, recipients=recipients, stages=(Stage(OWN_MAIL),))


def rule_of(row: Route) -> Rule:
    """A row for deciding."""
    stages = tuple(Stage(one["channel"], one["after_minutes"], tuple(one["recipients"])) for one in row.stages)
    return Rule(
        row.id, row.name, row.enabled, row.service, row.cluster, row.host, tuple(row.levels), tuple(row.kinds), row.hours,
        tuple(row.days), row.zone, tuple(row.recipients), stages, row.go_on, row.collect_minutes,
    )  # fmt: skip


def ways_of(channels: Sequence[Known]) -> Ways:
    """Which channels work, and which send mail."""
    return Ways(
        frozenset(one.id for one in channels if not one.trouble),
        frozenset(one.id for one in channels if one.kind == "mail"),
    )


def create(session: Session, settings: ConsoleSettings, draft: RouteDraft, by: str, now: float) -> Route:
    """A new one. Raises Refused."""
    if (session.scalar(select(func.count()).select_from(Route)) or 0) >= MOST_ROUTES:
        raise Refused("too-many", f"there are {MOST_ROUTES} routes; delete one before you make another")
    row = Route(position=MOST_ROUTES + 1)
    _fill(session, settings, row, draft, by, now)
    return row


def change(session: Session, settings: ConsoleSettings, row: Route, draft: RouteDraft, by: str, now: float) -> None:
    """Keep what is different. Raises Refused."""
    _fill(session, settings, row, draft, by, now)


def delete(session: Session, row: Route) -> None:
    """Forget it; what it led somewhere is sent all the same."""
    session.delete(row)
    session.flush()
    _number(all_routes(session))


def move(session: Session, row: Route, position: int) -> None:
    """Have it asked as the ``position``-th, counted from 1."""
    others = [one for one in all_routes(session) if one.id != row.id]
    at = min(max(position, 1), len(others) + 1) - 1
    _number([*others[:at], row, *others[at:]])


def _number(rows: Sequence[Route]) -> None:
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position


def _fill(session: Session, settings: ConsoleSettings, row: Route, draft: RouteDraft, by: str, now: float) -> None:
    _check(draft, all_channels(session, settings))
    same = session.scalar(select(Route.id).where(Route.name == draft.name, Route.id != (row.id or 0)))
    if same is not None or draft.name == DEFAULT_NAME:
        raise _wrong(f"another route is called {draft.name}", "name")
    said: dict[str, Any] = msgspec.to_builtins(draft)
    position = said.pop("position")
    for name, value in said.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, by
    session.add(row)
    session.flush()
    move(session, row, position or row.position)
    session.flush()


def _check(draft: RouteDraft, channels: Sequence[Known]) -> None:
    for name, most in _LONGEST.items():
        text = getattr(draft, name).strip()
        setattr(draft, name, text)
        if len(text) > most or one_line(text) != text:
            raise _wrong(f"{name} has at most {most} characters, all of which can be seen", name)
    if not draft.name:
        raise _wrong("a route needs a name", "name")
    draft.levels = [one for one in LEVELS if one in draft.levels]  # type: ignore[misc]
    draft.kinds = [one for one in KINDS if one in draft.kinds]  # type: ignore[misc]
    _check_time(draft)
    draft.recipients = _checked_addresses(draft.recipients, "recipients")
    _check_stages(draft, channels)
    if not 0 <= draft.collect_minutes <= MOST_MINUTES:
        raise _wrong(f"minutes to collect are a number up to {MOST_MINUTES:.0f}", "collect_minutes")


def _check_time(draft: RouteDraft) -> None:
    if draft.hours:
        try:
            window(draft.hours)
        except ValueError as error:
            raise _wrong("hours are two times with a dash between them, such as 22:00-06:00", "hours") from error
    draft.zone = draft.zone or "UTC"
    try:
        ZoneInfo(draft.zone)
    except (ValueError, OSError, KeyError) as error:  # of a name with dots or slashes, a directory, an unknown one
        raise _wrong(f"there is no time zone {draft.zone}; write one such as UTC or Europe/Paris", "zone") from error


def _check_stages(draft: RouteDraft, channels: Sequence[Known]) -> None:
    if not draft.stages:
        raise _wrong("a route leads to at least one channel", "stages")
    if len(draft.stages) > MOST_STAGES:
        raise _wrong(f"a route leads to {MOST_STAGES} channels at most", "stages")
    kinds = {one.id: one.kind for one in channels}
    for stage in draft.stages:
        if stage.channel not in kinds:
            raise _wrong(f"there is no channel {stage.channel}", "stages")
        if not 0 <= stage.after_minutes <= MOST_MINUTES:
            raise _wrong(f"minutes until the next hears are a number up to {MOST_MINUTES:.0f}", "stages")
        stage.recipients = _checked_addresses(stage.recipients, "stages")
        if kinds[stage.channel] == "mail" and not (stage.recipients or draft.recipients):
            raise _wrong("a route to a mail server needs the addresses of who gets the mails", "recipients")
    draft.stages.sort(key=lambda stage: stage.after_minutes)
    if draft.stages[0].after_minutes:
        raise _wrong("one channel of a route hears at once: after 0 minutes", "stages")


def _checked_addresses(given: Sequence[str], field: str) -> list[str]:
    found = list(dict.fromkeys(text.strip() for text in given if text.strip()))
    if len(found) > MOST_RECIPIENTS:
        raise _wrong(f"a route has {MOST_RECIPIENTS} addresses at most", field)
    for text in found:
        if not is_address(text):
            raise _wrong(f"{one_line(text)[:100]} is no mail address", field)
    return found


def _wrong(message: str, field: str) -> Refused:
    return Refused("invalid", message, field)
