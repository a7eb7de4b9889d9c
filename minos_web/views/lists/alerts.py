"""The lists of alerts: open ones by incident, the worst first, and those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from minos_web.models.alerts import Alert
from minos_web.monitor.alert_lists import LEVELS, urgency
from minos_web.views.alert_words import alert_badge, headline, subject
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.shape import Column, Shape, Test, has, known

DEEPEST = 4
"""Symptoms of symptoms are followed so far."""


@dataclass(frozen=True)
class AlertLine:
    """An alert with the open ones that are folded under it."""

    alert: Alert
    symptoms: list[Alert] = field(default_factory=list)


def open_list(_scene: Scene, own: bool = False) -> Shape:
    """Open alerts that are no symptom of another open one. What is asked for may be found in their symptoms; with ``own``
    only in themselves.
    """
    parent = aliased(Alert)
    folded = exists(select(parent.id).where(parent.id == Alert.parent_id, parent.open_key.is_not(None)))
    base = select(Alert.id).where(Alert.open_key.is_not(None), not_(folded))
    keys = {name: _somewhere(name, own) for name in _keys(Alert)}
    return Shape(
        name="alerts",
        one="alert",
        many="incidents",
        row=Alert,
        base=base,
        columns=[
            _headline(),
            Column("level", "Level", lambda line: line.alert.level, (_rank(), _calm(), -_began())),
            Column("state", "State", lambda line: alert_badge(line.alert).word, (_calm(), _rank())),
            _about(),
            Column("since", "Since", lambda line: line.alert.fired_at or line.alert.since, (_began(),), False, True, False),
            Column("rule", "Rule", lambda line: line.alert.rule, (Alert.rule,), usual=False),
            Column("symptoms", "Symptoms", lambda line: len(line.symptoms), number=True, usual=False),
            _owner(),
        ],
        keys=keys,
        words=(_somewhere("word", own),),
        kind=Alert.level,
        kinds=LEVELS,
        usual_sort="level",
        lines=_open_lines,
        hint="state:firing cluster:dptst host:db-1",
    )  # fmt: skip


def over_list(_scene: Scene) -> Shape:
    """Alerts that are over, the newest end first."""
    ended = known(Alert.resolved_at)
    return Shape(
        name="alerts-over",
        one="alert",
        many="alerts",
        row=Alert,
        base=select(Alert.id).where(Alert.open_key.is_(None)),
        columns=[
            _headline(),
            Column("level", "Level", lambda line: line.alert.level, (_own_rank(Alert),)),
            Column("ended", "Over", lambda line: line.alert.resolved_at, (ended,), False, True),
            _about(),
            Column("since", "Began", lambda line: line.alert.since, (Alert.since,), False, True),
            Column("took", "Took", _took, (known(Alert.resolved_at - Alert.since),), True, True),
            Column("rule", "Rule", lambda line: line.alert.rule, (Alert.rule,), usual=False),
            _owner(),
        ],
        keys={name: test for name, test in _keys(Alert).items() if name != "state"},
        words=(_words(Alert),),
        kind=Alert.level,
        kinds=LEVELS,
        usual_sort="ended",
        lines=lambda _session, rows: [AlertLine(row) for row in rows],
        hint="rule:host-lost cluster:dptst by:olga",
    )  # fmt: skip


def _headline() -> Column:
    return Column("alert", "Alert", lambda line: headline(line.alert), (Alert.title,), fixed=True)


def _about() -> Column:
    order = (Alert.service, Alert.cluster, Alert.job, known(Alert.number), Alert.host)
    return Column("of", "Of", lambda line: subject(line.alert), order)


def _owner() -> Column:
    return Column("owner", "Looked after by", lambda line: line.alert.acknowledged_by, (Alert.acknowledged_by,))


def _took(line: AlertLine) -> float | None:
    ended = line.alert.resolved_at
    return ended - line.alert.since if ended is not None else None


def _keys(of: Any) -> dict[str, Test]:
    """What one may ask of an alert; ``of`` is the table, or its symptoms'."""
    states = {
        "firing": of.state == "firing",
        "pending": of.state == "pending",
        "acknowledged": of.acknowledged_at.is_not(None),
        "muted": of.muted != "",
        "unknown": of.unknown_since.is_not(None),
    }
    return {
        "state": lambda value: states.get(value.lower(), false()),
        "rule": lambda value: of.rule == value,
        "service": lambda value: of.service == value.lower(),
        "cluster": lambda value: of.cluster == value,
        "job": lambda value: of.job == value,
        "task": lambda value: of.number == (int(value) if value.isdecimal() and len(value) < 9 else -1),
        "host": lambda value: has(of.host, value),
        "by": lambda value: of.acknowledged_by == value,
    }


def _words(of: Any) -> Test:
    """Plain words are looked for in these."""
    places = (of.title, of.reason, of.cluster, of.host, of.job, of.part)
    return lambda value: or_(*(has(place, value) for place in places))


def _test(name: str, of: Any) -> Test:
    return _words(of) if name == "word" else _keys(of)[name]


def _somewhere(name: str, own: bool) -> Test:
    """Whether an alert, or (not ``own``) a symptom of it or of one of those, is as asked for."""
    mine = _test(name, Alert)
    if own:
        return mine
    below, deeper = aliased(Alert), aliased(Alert)

    def test(value: str) -> ColumnElement[bool]:
        last = and_(deeper.parent_id == below.id, deeper.open_key.is_not(None), _test(name, deeper)(value))
        fits = or_(_test(name, below)(value), exists(select(deeper.id).where(last)))
        under = and_(below.parent_id == Alert.id, below.open_key.is_not(None), fits)
        return or_(mine(value), exists(select(below.id).where(under)))

    return test


def _own_rank(of: Any) -> ColumnElement[int]:
    return case({level: number for number, level in enumerate(LEVELS)}, value=of.level, else_=len(LEVELS))


def _rank() -> ColumnElement[int]:
    """The worst of an alert and its symptoms: 0 for an error."""
    below = aliased(Alert)

    def is_there(level: str) -> ColumnElement[bool]:
        under = (below.parent_id == Alert.id, below.open_key.is_not(None), below.level == level)
        return or_(Alert.level == level, exists(select(below.id).where(*under)))

    return case(*((is_there(level), number) for number, level in enumerate(LEVELS)), else_=len(LEVELS))


def _calm() -> ColumnElement[int]:
    """What nobody looks after comes first, what is not certain yet comes last."""
    return case((Alert.state == "pending", 3), (Alert.muted != "", 2), (Alert.acknowledged_at.is_not(None), 1), else_=0)


def _began() -> ColumnElement[float]:
    return func.coalesce(Alert.fired_at, Alert.since)


def _open_lines(session: Session, rows: Sequence[Alert]) -> list[AlertLine]:
    found: dict[int, list[Alert]] = {row.id: [] for row in rows}
    heads = {row.id: row.id for row in rows}
    layer = [*heads]
    for _ in range(DEEPEST):
        below = select(Alert).where(Alert.parent_id.in_(layer), Alert.open_key.is_not(None), Alert.id.not_in([*heads]))
        symptoms = session.scalars(below).all() if layer else []
        for one in symptoms:
            heads[one.id] = heads[one.parent_id or 0]
            found[heads[one.id]].append(one)
        layer = [one.id for one in symptoms]
    return [AlertLine(row, sorted(found[row.id], key=urgency)) for row in rows]
