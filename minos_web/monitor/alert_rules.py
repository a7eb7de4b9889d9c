"""Rules as people change them: their own, and what the site changes of shipped ones. Checked field by field before anything
is kept.
"""

import math
import re
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_web.catalog.loader import Catalog
from minos_web.models.alerts import AlertRule
from minos_web.monitor.alerts.known import find
from minos_web.monitor.alerts.rules import (
    ABOUT,
    COMBINES,
    LEVELS,
    BadRule,
    Rule,
    all_rules,
    shipped_rules,
    tested,
    understood,
)
from minos_web.operations.refusal import Refused

MOST_OWN = 500
LONGEST_FOR = 7 * 86400.0
CHANGEABLE = ("enabled", "condition", "worse", "clear", "for_seconds", "level")
"""What a site may change of a shipped rule."""
RESERVED = ("new", "back-test")
"""Names that addresses use for something else."""
_CONDITIONS = ("condition", "worse", "clear")
_LONGEST = {
    "title": 120,
    "metric": 200,
    "condition": 120,
    "worse": 120,
    "clear": 120,
    "service": 32,
    "cluster": 64,
    "job": 32,
    "host": 128,
    "help": 4000,
}
_CHOICES = {"about": ABOUT, "level": LEVELS, "combine": COMBINES}
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")


class Draft(msgspec.Struct, forbid_unknown_fields=True):
    """A rule as somebody wants it; what is None stays as it is, or as it usually is. See models/alerts.AlertRule."""

    title: str | None = None
    about: str | None = None
    metric: str | None = None
    condition: str | None = None
    worse: str | None = None
    clear: str | None = None
    for_seconds: float | None = None
    level: str | None = None
    service: str | None = None
    cluster: str | None = None
    job: str | None = None
    host: str | None = None
    combine: str | None = None
    help: str | None = None
    enabled: bool | None = None

    def said(self) -> dict[str, Any]:
        """Field -> value of what was said, without the blanks around texts."""
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        return {
            name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()
            if value is not None
        }


def rule_named(session: Session, catalog: Catalog, name: str) -> Rule | None:
    """The rule as it counts now."""
    return next((rule for rule in all_rules(session, catalog) if rule.name == name), None)


def as_it_is_shipped(catalog: Catalog, name: str) -> Rule | None:
    """The rule as the catalog brings it, whatever the site changed."""
    return next((understood(rule, catalog) for rule in shipped_rules(catalog) if rule.name == name), None)


def drafted(session: Session, catalog: Catalog, name: str, draft: Draft) -> Rule:
    """The rule that would be if ``draft`` was kept under ``name``, understood. Raises Refused with the field that is wrong."""
    present = rule_named(session, catalog, name)
    said = draft.said()
    if present is not None and present.shipped:
        for field, value in said.items():
            if field not in CHANGEABLE and value != getattr(present, field):
                text = f"{field} of a shipped rule stays as it is; make a rule of your own and switch this one off"
                raise Refused("invalid", text, field)
        rule = replace(present, **said, changed=True)
    else:
        _check_name(name)
        rule = replace(present or Rule(name, "", "task", "", ""), **said)
        _check_texts(rule)
    return _checked(rule, catalog)


def save(session: Session, catalog: Catalog, rule: Rule, by: str, now: float) -> bool:
    """Keep ``rule``, which drafted() made. Whether anything is different then. Raises Refused."""
    row = session.scalar(select(AlertRule).where(AlertRule.name == rule.name).with_for_update())
    values = _shipped_values(rule, catalog) if rule.shipped else _own_values(rule)
    if row is not None and row.shipped == rule.shipped and all(getattr(row, k) == v for k, v in values.items()):
        return False
    if row is None:
        if rule.shipped and values == _shipped_values(as_it_is_shipped(catalog, rule.name) or rule, catalog):
            return False
        _check_room(session)
        row = AlertRule(name=rule.name)
        session.add(row)
    for name, value in {**values, "shipped": rule.shipped, "changed_at": now, "changed_by": by}.items():
        setattr(row, name, value)
    session.flush()
    return True


def drop(session: Session, name: str) -> AlertRule | None:
    """Forget what the site keeps of a rule: one of its own is gone then, a shipped one is again as shipped. What was kept."""
    row = session.scalar(select(AlertRule).where(AlertRule.name == name))
    if row is not None:
        session.delete(row)
        session.flush()
    return row


def _shipped_values(rule: Rule, catalog: Catalog) -> dict[str, Any]:
    """Conditions that are as shipped are not kept: they change when the catalog does."""
    shipped = as_it_is_shipped(catalog, rule.name) or rule
    same = all(getattr(rule, name) == getattr(shipped, name) for name in _CONDITIONS)
    kept = {name: "" if same else getattr(rule, name) for name in _CONDITIONS}
    return {**kept, "enabled": rule.enabled, "for_seconds": rule.for_seconds, "level": rule.level}


def _own_values(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in (*_LONGEST, *_CHOICES, "for_seconds", "enabled")}


def _checked(rule: Rule, catalog: Catalog) -> Rule:
    for name, known in _CHOICES.items():
        if getattr(rule, name) not in known:
            raise Refused("invalid", f"{name} is one of {', '.join(known)}", name)
    if not rule.condition:
        raise Refused("invalid", "say what must be so for an alert, for example > 90", "condition")
    for name in _CONDITIONS:
        if len(getattr(rule, name)) > _LONGEST[name]:
            raise Refused("invalid", f"{name} has at most {_LONGEST[name]} characters", name)
    if not (math.isfinite(rule.for_seconds) and 0 <= rule.for_seconds <= LONGEST_FOR):
        raise Refused("invalid", f"it must be so for 0 to {LONGEST_FOR:.0f} seconds", "for_seconds")
    try:
        test = tested(rule, catalog)
    except BadRule as error:
        raise Refused("invalid", str(error), error.field) from error
    if not rule.shipped:
        _check_figures(rule, test.metric.names, catalog)
    return replace(rule, test=test, problem="")


def _check_figures(rule: Rule, names: tuple[str, ...], catalog: Catalog) -> None:
    """A figure that is known is told by one kind of thing; of a cluster the figures of its tasks can be put together."""
    for name in names:
        known = find(name, catalog)
        if known is None:
            continue
        fitting = (known.about, "cluster") if known.about == "task" else (known.about,)
        if rule.about not in fitting:
            text = f"{name} is told of each {known.about}, so a rule about each {rule.about} would never see it"
            raise Refused("invalid", text, "about")


def _check_texts(rule: Rule) -> None:
    for name, longest in _LONGEST.items():
        text = getattr(rule, name)
        if len(text) > longest:
            raise Refused("invalid", f"{name} has at most {longest} characters, not {len(text)}", name)
        if name != "help" and not text.isprintable():
            raise Refused("invalid", f"{name} holds a character that cannot be shown", name)
    if not rule.title:
        raise Refused("invalid", "give it a title: what an alert of it says", "title")
    if not rule.metric:
        raise Refused("invalid", "choose a figure", "metric")


def _check_name(name: str) -> None:
    if name in RESERVED or not _NAME.fullmatch(name):
        text = "a name has small letters, digits and dashes, begins with a letter, and has at most 64 characters"
        text = f"{name} is a word of this console; choose another name" if name in RESERVED else text
        raise Refused("invalid", text, "name")


def _check_room(session: Session) -> None:
    known = session.scalar(select(func.count()).select_from(AlertRule)) or 0
    if known >= MOST_OWN:
        raise Refused("too-many", f"{known} rules are kept; delete some before you make another")
