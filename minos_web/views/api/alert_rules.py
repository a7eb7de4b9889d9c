"""API: the rules of alerts, and what one would have told over the stored history."""

from dataclasses import asdict
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.alert_lists import open_by_rule
from minos_web.monitor.alert_rules import Draft, drafted, drop, rule_named, save
from minos_web.monitor.alerts.backtest import Outcome, backtest
from minos_web.monitor.alerts.rules import BadRule, Rule, all_rules
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import paged

SPANS = {"1d": 86400.0, "7d": 7 * 86400.0, "30d": 30 * 86400.0}
MOST_EPISODES = 1000


class Test(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a back-test: a rule by its name, with what is to be different of it; or all of a new one."""

    __test__ = False  # it is none of pytest's

    name: str = "new-rule"
    span: str = "1d"
    rule: Draft = msgspec.field(default_factory=Draft)


@view_config(route_name="api_alert_rules", request_method="GET", renderer="json", permission=Permission.VIEW)
def rules(request: Request) -> dict[str, Any]:
    """All of them, shipped and own, by name."""
    numbers = open_by_rule(request.db)
    found = all_rules(request.db, request.console.catalog)
    return paged(request, "rules", found, lambda rule: rule_json(rule, numbers.get(rule.name, 0)))


@view_config(route_name="api_alert_rule", request_method="PUT", renderer="json", permission=Permission.OPERATE)
def put(request: Request) -> dict[str, Any]:
    """Change a rule, or make one of the site's own."""
    draft = msgspec.json.decode(request.body or b"{}", type=Draft)
    rule = drafted(request.db, request.console.catalog, request.matchdict["name"], draft)
    saved(request, rule)
    return rule_json(found_rule(request), open_by_rule(request.db).get(rule.name, 0))


@view_config(route_name="api_alert_rule", request_method="DELETE", renderer="json", permission=Permission.OPERATE)
def delete(request: Request) -> dict[str, Any]:
    """One of the site's own is gone; a shipped one is again as shipped."""
    rule = found_rule(request)
    dropped(request, rule)
    return {"deleted": rule.name, "as_shipped": rule.shipped}


@view_config(route_name="api_alert_rules_test", request_method="POST", renderer="json", permission=Permission.OPERATE)
def test(request: Request) -> dict[str, Any]:
    """What a rule would have told over the last 1d, 7d or 30d; nothing is kept."""
    body = msgspec.json.decode(request.body or b"{}", type=Test)
    return outcome_json(
        back_tested(request, drafted(request.db, request.console.catalog, body.name, body.rule), body.span)
    )


test.__test__ = False  # type: ignore[attr-defined]


def found_rule(request: Request) -> Rule:
    """That of ``{name}``. Raises HTTPNotFound."""
    name = request.matchdict["name"]
    rule = rule_named(request.db, request.console.catalog, name)
    if rule is None:
        raise HTTPNotFound(f"There is no rule {name}.")
    return rule


def saved(request: Request, rule: Rule) -> bool:
    """Keep it, and say so in the audit trail if anything is different. Raises Refused."""
    if not save(request.db, request.console.catalog, rule, request.identity.user, request.now):
        return False
    kept = ("metric", "condition", "worse", "clear", "for_seconds", "level", "enabled")
    request.audit("alert-rule.change", f"alert rule {rule.name}", **{name: getattr(rule, name) for name in kept})
    return True


def dropped(request: Request, rule: Rule) -> bool:
    """Forget what the site keeps of it, and say so in the audit trail with what is needed to make it again."""
    row = drop(request.db, rule.name)
    if row is None:
        return False
    kept = ("title", "about", "metric", "condition", "worse", "clear", "for_seconds", "level", "enabled")
    scope = ("service", "cluster", "job", "host")
    before = {name: getattr(rule, name) for name in (*kept, *scope)}
    what = "alert-rule.as-shipped" if rule.shipped else "alert-rule.delete"
    request.audit(what, f"alert rule {rule.name}", **before)
    return True


def back_tested(request: Request, rule: Rule, span: str) -> Outcome:
    """Replay the stored history of the last ``span``. Raises Refused."""
    if span not in SPANS:
        raise Refused("invalid", f"span is one of {', '.join(SPANS)}, not {span[:40]!r}", "span")
    try:
        return backtest(request.db, request.console, rule, request.now - SPANS[span], request.now)
    except BadRule as error:
        raise Refused("invalid", str(error), error.field) from error


def rule_json(rule: Rule, alerts: int) -> dict[str, Any]:
    """One rule as it counts now."""
    names = (
        "name", "title", "about", "metric", "condition", "worse", "clear", "for_seconds", "level", "service", "cluster",
        "job", "host", "combine", "help", "shipped", "changed", "enabled", "problem",
    )  # fmt: skip
    return {**{name: getattr(rule, name) for name in names}, "alerts": alerts}


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What a back-test found."""
    found = asdict(outcome)
    episodes = found.pop("episodes")
    return {**found, "fired": len(episodes), "episodes": episodes[:MOST_EPISODES]}
