"""Rules as people change them: checked at their field, kept as far as they differ from what is shipped."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.alerts import AlertRule
from minos_web.monitor.alert_rules import Draft, as_it_is_shipped, drafted, drop, rule_named, save
from minos_web.operations.refusal import Refused
from tests.minos_web.alert_scene import NOW

OWN = {"title": "Load is high", "about": "host", "metric": "host.load1", "condition": "> 8", "for_seconds": 300.0}


@pytest.fixture
def shipped(console: Console, session: Session) -> str:
    """The name of some rule that the catalog brings."""
    from minos_web.monitor.alerts.rules import shipped_rules

    return next(rule.name for rule in shipped_rules(console.catalog) if rule.service and not rule.worse)


def kept(session: Session, console: Console, name: str, **said: Any) -> bool:
    return save(session, console.catalog, drafted(session, console.catalog, name, Draft(**said)), "olga", NOW)


def test_an_own_rule(session: Session, console: Console) -> None:
    assert kept(session, console, "load-high", **OWN)
    assert not kept(session, console, "load-high", **OWN), "the same once more is no change"
    rule = rule_named(session, console.catalog, "load-high")
    assert rule is not None and rule.test is not None and rule.test.condition.holds(9) and not rule.shipped
    assert (rule.level, rule.enabled, rule.for_seconds) == ("warning", True, 300.0)
    assert kept(session, console, "load-high", condition="> 9", enabled=False)
    rule = rule_named(session, console.catalog, "load-high")
    assert rule is not None and (rule.condition, rule.enabled, rule.title) == ("> 9", False, "Load is high")
    row = session.scalars(select(AlertRule)).one()
    assert (row.changed_by, row.changed_at) == ("olga", NOW)
    assert drop(session, "load-high") is not None and drop(session, "load-high") is None
    assert rule_named(session, console.catalog, "load-high") is None


@pytest.mark.parametrize(
    ("name", "said", "field"),
    [
        ("Load", {}, "name"),
        ("", {}, "name"),
        ("new", {}, "name"),
        ("back-test", {}, "name"),
        ("x" * 65, {}, "name"),
        ("load", {"title": " "}, "title"),
        ("load", {"title": "x" * 121}, "title"),
        ("load", {"title": "a\nb"}, "title"),
        ("load", {"metric": ""}, "metric"),
        ("load", {"metric": "a b c"}, "metric"),
        ("load", {"condition": ""}, "condition"),
        ("load", {"condition": "> many"}, "condition"),
        ("load", {"condition": "__import__('os')"}, "condition"),
        ("load", {"condition": "> 1 " + "and > 1 " * 40}, "condition"),
        ("load", {"worse": ">"}, "worse"),
        ("load", {"clear": "is good"}, "clear"),
        ("load", {"level": "loud"}, "level"),
        ("load", {"about": "task"}, "about"),
        ("load", {"about": "everything"}, "about"),
        ("load", {"combine": "middle"}, "combine"),
        ("load", {"for_seconds": -1.0}, "for_seconds"),
        ("load", {"for_seconds": float("nan")}, "for_seconds"),
        ("load", {"host": "h" * 129}, "host"),
        ("load", {"help": "x" * 4001}, "help"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    session: Session, console: Console, name: str, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as told:
        kept(session, console, name, **{**OWN, **said})
    assert told.value.field == field and told.value.message
    assert session.scalars(select(AlertRule)).all() == []


def test_figures_of_tasks_can_be_put_together_for_a_cluster(session: Session, console: Console) -> None:
    about = {"title": "Files", "metric": "task.open_files", "condition": "> 5000", "about": "cluster", "combine": "sum"}
    assert kept(session, console, "files", **about)


def test_a_shipped_rule_keeps_what_was_not_changed(session: Session, console: Console, shipped: str) -> None:
    before = as_it_is_shipped(console.catalog, shipped)
    assert before is not None
    assert not kept(session, console, shipped), "nothing said, nothing kept"
    other = "warning" if before.level == "error" else "error"
    assert kept(session, console, shipped, level=other, for_seconds=77.0, condition=before.condition)
    row = session.scalars(select(AlertRule)).one()
    assert row.shipped and row.condition == "", "a condition that is as shipped goes with the catalog"
    rule = rule_named(session, console.catalog, shipped)
    assert rule is not None and rule.changed and (rule.level, rule.for_seconds) == (other, 77.0)
    assert (rule.condition, rule.title) == (before.condition, before.title)
    drop(session, shipped)
    rule = rule_named(session, console.catalog, shipped)
    assert rule is not None and not rule.changed and rule.level == before.level


def test_the_rest_of_a_shipped_rule_stays(session: Session, console: Console, shipped: str) -> None:
    with pytest.raises(Refused) as told:
        kept(session, console, shipped, title="Mine now")
    assert told.value.field == "title"
