"""The round of alerts: everything is judged by every rule, and what changed is written and told in one transaction."""

import time
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from minos_common.states import OperationState
from minos_web.console import Console
from minos_web.models.alerts import Alert, AlertRule, Silence
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.monitor.alerts.checks import check
from minos_web.monitor.alerts.deciding import Round, Standing, decide
from minos_web.monitor.alerts.finding import Rates
from minos_web.monitor.alerts.folding import Ground, lost_at_once
from minos_web.monitor.alerts.known import MADE, known_figures
from minos_web.monitor.alerts.life import FIRING
from minos_web.monitor.alerts.muting import AFTER_SECONDS, Calm, Quiet, Underway
from minos_web.monitor.alerts.observing import Look, observe, racks
from minos_web.monitor.alerts.own_health import console_subject
from minos_web.monitor.alerts.rules import Rule, all_rules
from minos_web.monitor.alerts.things import Observed
from minos_web.monitor.alerts.totals import totals
from minos_web.monitor.alerts.writing import Written, standing_alerts, write_round
from minos_web.monitor.silencing import that_are

RETURN_SECONDS = 10.0
"""Workers that lost the console come back within so many seconds more than after which they would be lost."""
RATES_SECONDS = 3600.0


class Judge:
    """Judges everything once a round; remembers counters and rules, so it belongs to one thread. ``began``: since when workers
    could reach this console. Before they had time to come back nothing is judged.
    """

    def __init__(self, console: Console, began: float) -> None:
        self._console = console
        self._began = began
        self._rates = Rates()
        self._rules: dict[str, Rule] = {}
        self._rules_as_of: Any = None
        self._totals = {one.name for one in known_figures(console.catalog) if one.about == "cluster"} - set(MADE)

    def round(self, now: float) -> Written:
        """One check of everything. The database's lock is taken only when something changed."""
        if now - self._began < self._console.settings.lost_seconds + RETURN_SECONDS:
            return Written()
        with self._console.readers() as session:
            changed = self._changed(session, now)
        if not changed:
            return Written()
        with self._console.writers.begin() as session:
            return write_round(session, changed, self._rules, now)

    def _changed(self, session: Session, now: float) -> list[Standing]:
        self._refresh_rules(session)
        began, look = time.monotonic(), Look(self._console.settings, now)
        seen = observe(session, look)
        took = time.monotonic() - began
        seen.subjects["rack"] = list(racks(seen))
        seen.subjects["console"] = [console_subject(session, self._console, seen, now, took)]
        seen.totals = totals(session, look, self._wanted_totals())
        before = standing_alerts(session, now)
        levels = {
            one.key: one.life.level if one.life.state == FIRING else "" for one in before if one.life and one.open
        }
        checked = check(self._rules.values(), seen, levels, self._rates)
        self._rates.keep(now - RATES_SECONDS)
        settings = self._console.settings
        around = Round(
            now, settings.alert_checks, settings.alert_seconds, self._rules, _ground(seen), _calm(session, seen, now)
        )
        return decide(before, checked, around)

    def _refresh_rules(self, session: Session) -> None:
        row = session.execute(select(func.count(), func.max(AlertRule.changed_at), func.max(AlertRule.id))).one()
        if self._rules_as_of != tuple(row):
            self._rules = {rule.name: rule for rule in all_rules(session, self._console.catalog)}
            self._rules_as_of = tuple(row)

    def _wanted_totals(self) -> list[str]:
        names = [
            name.partition(":")[0]
            for rule in self._rules.values()
            if rule.enabled and rule.test and rule.about == "cluster"
            for name in rule.test.metric.names
        ]
        return [name for name in names if name in self._totals]


def _ground(seen: Observed) -> Ground:
    at_once = frozenset(lost_at_once(seen.lost, seen.hosts))
    return Ground(seen.rack, frozenset(seen.lost), at_once, seen.unwell, seen.needs)


def _calm(session: Session, seen: Observed, now: float) -> Calm:
    ended = Operation.ended_at > now - AFTER_SECONDS
    at_work = Operation.open_cluster_id.is_not(None) & (Operation.state != OperationState.PAUSED.value)
    columns = Operation.id, Operation.action, Operation.created_at, Operation.ended_at, Cluster.service, Cluster.name
    rows = session.execute(
        select(*columns).outerjoin(Cluster, Operation.cluster_id == Cluster.id).where(ended | at_work)
    )
    operations = [
        Underway(number, action, f"{service}/{name}" if name else "", began, over)
        for number, action, began, over, service, name in rows
    ]
    silences = session.scalars(select(Silence).where(that_are("now", now))).all()
    quiet = [
        Quiet(one.by, one.reason, one.until, one.rule, one.service, one.cluster, one.job, one.host) for one in silences
    ]
    return Calm(seen.host_notes, seen.cluster_notes, seen.unwell, seen.worked_on, operations, quiet)


def forget_alerts(session: Session, before: float) -> None:
    """Delete alerts that were over before this time, with their events, and silences."""
    session.execute(delete(Silence).where(Silence.until < before))
    session.execute(delete(Alert).where(Alert.open_key.is_(None), Alert.resolved_at < before))
