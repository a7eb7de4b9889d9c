"""The rules that count: those that services bring, as the site changed them, and those of the site's own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.catalog.alerts import ShippedRule
from minos_web.catalog.loader import Catalog
from minos_web.models.alerts import AlertRule
from minos_web.monitor.alerts.grammar import BadCondition, Condition, Metric, parse, parse_metric
from minos_web.monitor.alerts.known import unit_of, units_of

Made = TypeVar("Made")

ABOUT = ("host", "rack", "task", "cluster", "console")
LEVELS = ("warning", "error")
COMBINES = ("largest", "smallest", "sum")


@dataclass(frozen=True)
class Test:
    """A rule's texts, understood."""

    metric: Metric
    condition: Condition
    worse: Condition | None = None
    clear: Condition | None = None

    __test__ = False  # it is none of pytest's


@dataclass(frozen=True)
class Rule:
    """A rule as it counts now; see models/alerts.AlertRule and catalog/alerts.ShippedRule for what the fields mean.

    ``shipped``: the catalog brings it; ``changed``: the site changed it. ``problem`` says why it cannot be judged: its
    ``test`` is None then.
    """

    name: str
    title: str
    about: str
    metric: str
    condition: str
    worse: str = ""
    clear: str = ""
    for_seconds: float = 0.0
    level: str = "warning"
    service: str = ""
    cluster: str = ""
    job: str = ""
    host: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    combine: str = "largest"
    alone: bool = False
    follows: bool = False
    help: str = ""
    shipped: bool = False
    changed: bool = False
    enabled: bool = True
    problem: str = ""
    test: Test | None = None


def understood(rule: Rule, catalog: Catalog, units: Mapping[str, str] | None = None) -> Rule:
    """The rule with its texts parsed, or with the reason why they cannot be. ``units``: those of
    known.units_of, for many rules.
    """
    try:
        test = tested(rule, catalog, units)
    except BadRule as error:
        return replace(rule, problem=f"{error.field}: {error}", test=None)
    return replace(rule, problem="", test=test)


class BadRule(ValueError):
    """A text of a rule cannot be understood; ``field`` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _parsed(field: str, parse_it: Callable[[], Made]) -> Made:
    try:
        return parse_it()
    except BadCondition as error:
        raise BadRule(field, str(error)) from error


def tested(rule: Rule, catalog: Catalog, units: Mapping[str, str] | None = None) -> Test:
    """The texts of a rule, parsed with the unit of its figure. Raises BadRule."""
    metric = _parsed("metric", lambda: parse_metric(rule.metric))
    unit = unit_of(metric, units_of(catalog) if units is None else units)
    condition = _parsed("condition", lambda: parse(rule.condition, unit))
    worse = _parsed("worse", lambda: parse(rule.worse, unit)) if rule.worse else None
    clear = _parsed("clear", lambda: parse(rule.clear, unit)) if rule.clear else None
    for name, other in (("worse", worse), ("clear", clear)):
        if other is not None and (other.rate, bool(other.words)) != (condition.rate, bool(condition.words)):
            raise BadRule(name, "it must be about the same as the condition: the figure, its rate, or a word")
    return Test(metric, condition, worse, clear)


def all_rules(session: Session, catalog: Catalog) -> list[Rule]:
    """Every rule, those that are switched off too, by name."""
    rows = {row.name: row for row in session.scalars(select(AlertRule))}
    found = [_changed(rule, rows.get(rule.name)) for rule in shipped_rules(catalog)]
    taken = {rule.name for rule in found}
    found += [of_row(row) for row in rows.values() if not row.shipped and row.name not in taken]
    units = units_of(catalog)
    return sorted((understood(rule, catalog, units) for rule in found), key=lambda rule: rule.name)


def shipped_rules(catalog: Catalog) -> Iterator[Rule]:
    """The rules of the catalog, as they are shipped and not parsed yet."""
    for spec in catalog.alerts:
        yield _of_spec(spec, "")
    for service in catalog.services.values():
        for spec in service.alerts:
            yield _of_spec(spec, service.name)


def of_row(row: AlertRule) -> Rule:
    """A rule of the site's own, not parsed yet."""
    return Rule(
        row.name, row.title or row.name, row.about, row.metric, row.condition, row.worse, row.clear, row.for_seconds,
        row.level, row.service, row.cluster, row.job, row.host, combine=row.combine, help=row.help, enabled=row.enabled,
    )  # fmt: skip


def _of_spec(spec: ShippedRule, service: str) -> Rule:
    return Rule(
        f"{service}-{spec.name}" if service else spec.name,
        spec.title, spec.about, spec.metric, spec.condition, spec.worse, spec.clear, spec.for_seconds, spec.level,
        service, job=spec.job, where=spec.where, combine=spec.combine, alone=spec.alone, follows=spec.follows, help=spec.help, shipped=True,
    )  # fmt: skip


def _changed(rule: Rule, row: AlertRule | None) -> Rule:
    """A shipped rule as the site has it: a row without a condition leaves the conditions as they are."""
    if row is None or not row.shipped:
        return rule
    if row.condition:
        rule = replace(rule, condition=row.condition, worse=row.worse, clear=row.clear)
    return replace(rule, for_seconds=row.for_seconds, level=row.level, enabled=row.enabled, changed=True)
