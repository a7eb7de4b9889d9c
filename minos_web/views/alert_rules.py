"""Rules of alerts: the list, one of the site's own or a change of a shipped one by form, and its back-test before it is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.alert_lists import open_by_rule
from minos_web.monitor.alert_rules import Draft, as_it_is_shipped, drafted, rule_named
from minos_web.monitor.alerts.backtest import Outcome
from minos_web.monitor.alerts.known import known_figures
from minos_web.monitor.alerts.rules import ABOUT, COMBINES, LEVELS, Rule, all_rules
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.alert_frame import alerts_frame
from minos_web.views.alert_words import rule_words, scope_words, seconds_in, span_words
from minos_web.views.api.alert_rules import SPANS, back_tested, dropped, found_rule, saved
from minos_web.views.api.series_names import all_known
from minos_web.views.backtest_picture import Bar, bars
from minos_web.views.finding import service_title
from minos_web.views.frame import flash
from minos_web.views.metric_words import words_of
from minos_web.views.presenting import sentence

_TEXTS = (
    "title", "about", "metric", "condition", "worse", "clear", "level", "service", "cluster", "job", "host", "combine",
    "help",
)  # fmt: skip
_SHIPPED_TEXTS = ("condition", "worse", "clear", "level")
MOST_LISTED = 100
"""Times that a back-test lists; all of them are drawn."""


@dataclass(frozen=True)
class Behind:
    """The rule behind an alert, as its page tells it."""

    title: str
    words: str
    help: str
    url: str


@dataclass
class Form:
    """A rule as typed: texts and what is wrong with them, by field."""

    name: str
    texts: dict[str, str]
    enabled: bool
    errors: dict[str, str]


@view_config(route_name="alert_rules", renderer="alert_rules.mako", permission=Permission.VIEW)
def list_page(request: Request) -> dict[str, Any]:
    """All rules by service, narrowed down by ``service``, ``kind`` and ``q``."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("service", "kind", "q")}
    found = all_rules(request.db, request.console.catalog)
    return {
        **alerts_frame(request, "rules"),
        "title": "Rules of alerts",
        "groups": _groups(request, [rule for rule in found if _shown(rule, wanted)]),
        "total": len(found),
        "services": sorted({rule.service for rule in found if rule.service}),
        "kinds": KINDS,
        "wanted": wanted,
        "numbers": open_by_rule(request.db),
        "rule_words": rule_words,
        "scope_here": scope_here,
    }


KINDS = {"own": "own", "changed": "changed", "off": "switched off", "broken": "not understood"}
_OF_KIND: dict[str, Callable[[Rule], bool]] = {
    "own": lambda rule: not rule.shipped,
    "changed": lambda rule: rule.shipped and rule.changed,
    "off": lambda rule: not rule.enabled,
    "broken": lambda rule: bool(rule.problem),
}


@view_config(
    route_name="alert_rule_new", request_method="GET", renderer="alert_rule.mako", permission=Permission.OPERATE
)
def new_page(request: Request) -> dict[str, Any]:
    """The form for a rule of the site's own, filled with what the query says."""
    texts = {name: request.GET.get(name, "").strip() for name in (*_TEXTS, "for")}
    texts |= {name: texts[name] or usual for name, usual in (("about", "task"), ("level", "warning"), ("for", "5 min"))}
    texts["combine"] = texts["combine"] or COMBINES[0]
    return _page(request, Form(request.GET.get("name", "").strip(), texts, True, {}), None)


@view_config(route_name="alert_rule", request_method="GET", renderer="alert_rule.mako", permission=Permission.VIEW)
def rule_page(request: Request) -> dict[str, Any]:
    """One rule; who may, changes it here."""
    rule = found_rule(request)
    return _page(request, _form_of(rule), rule)


@view_config(
    route_name="alert_rule_new", request_method="POST", renderer="alert_rule.mako", permission=Permission.OPERATE
)
def new_post(request: Request) -> Any:
    """Keep a new rule, or only look when it would have fired."""
    form = _typed(request, request.POST.get("name", "").strip())
    if form.name and rule_named(request.db, request.console.catalog, form.name) is not None:
        form.errors["name"] = "There is a rule of this name already; choose another."
        return _wrong(request, form, None)
    return _carried_out(request, form, None)


@view_config(route_name="alert_rule", request_method="POST", renderer="alert_rule.mako", permission=Permission.OPERATE)
def rule_post(request: Request) -> Any:
    """Keep a change, only look when it would have fired, delete it, or have it as shipped again."""
    rule = found_rule(request)
    if request.POST.get("do") == "drop":
        if dropped(request, rule):
            said = (
                f"The rule {rule.title} is as shipped again." if rule.shipped else f"The rule {rule.title} is deleted."
            )
            flash(request, "success", said)
        after = request.route_path("alert_rule", name=rule.name) if rule.shipped else request.route_path("alert_rules")
        return HTTPSeeOther(after)
    return _carried_out(request, _typed(request, rule.name), rule)


def rule_behind(request: Request, name: str) -> Behind | None:
    """What the page of an alert tells of its rule; None when there is no such rule any more."""
    rule = rule_named(request.db, request.console.catalog, name)
    if rule is None:
        return None
    return Behind(rule.title, rule_words(rule), rule.help, request.route_path("alert_rule", name=name))


def _carried_out(request: Request, form: Form, present: Rule | None) -> Any:
    """Save or back-test what is typed; what is wrong is told at its field."""
    shipped = present is not None and present.shipped
    try:
        draft = _draft(form, shipped)
        rule = drafted(request.db, request.console.catalog, form.name, draft)
        if request.POST.get("do") == "test":
            span = request.POST.get("span", "1d")
            return _page(request, form, present, back_tested(request, rule, span), span)
        changed = saved(request, rule)
    except Refused as refused:
        request.tm.doom()
        form.errors[{"for_seconds": "for"}.get(refused.field, refused.field)] = sentence(refused.message)
        return _wrong(request, form, present)
    flash(request, "success" if changed else "info", f"{rule.title}: {'saved' if changed else 'nothing is different'}.")
    return HTTPSeeOther(request.route_path("alert_rules" if present is None else "alert_rule", name=rule.name))


def _wrong(request: Request, form: Form, present: Rule | None) -> dict[str, Any]:
    request.response.status_int = 422
    return _page(request, form, present)


def _draft(form: Form, shipped: bool) -> Draft:
    texts = {name: form.texts[name] for name in (_SHIPPED_TEXTS if shipped else _TEXTS)}
    return Draft(**texts, for_seconds=seconds_in(form.texts["for"]), enabled=form.enabled)


def _typed(request: Request, name: str) -> Form:
    given = request.POST
    texts = {field: given.get(field, "").strip() for field in (*_TEXTS, "for")}
    return Form(name, texts, given.get("enabled") == "1", {})


def _form_of(rule: Rule) -> Form:
    texts = {name: str(getattr(rule, name)) for name in _TEXTS}
    return Form(rule.name, {**texts, "for": span_words(rule.for_seconds)}, rule.enabled, {})


def _page(
    request: Request, form: Form, rule: Rule | None, outcome: Outcome | None = None, span: str = "1d"
) -> dict[str, Any]:
    shipped = as_it_is_shipped(request.console.catalog, rule.name) if rule is not None and rule.shipped else None
    drawn: list[Bar] = bars(outcome) if outcome else []
    return {
        **alerts_frame(request, "rules"),
        "title": rule.title if rule else "New rule",
        "form": form,
        "elsewhere": [text for field, text in form.errors.items() if field not in _fields(rule)],
        "rule": rule,
        "shipped": shipped,
        "shipped_words": rule_words(shipped) if shipped else "",
        "scope": scope_words(rule) if rule else "",
        "only": " and ".join(f"{name} is {' or '.join(words)}" for name, words in rule.where.items()) if rule else "",
        "outcome": outcome,
        "bars": drawn,
        "span": span,
        "spans": list(SPANS),
        "most_listed": MOST_LISTED,
        "figures": _figures(request) if rule is None or not rule.shipped else [],
        "choices": {"about": ABOUT, "level": LEVELS, "combine": COMBINES},
        "open_alerts": open_by_rule(request.db).get(rule.name, 0) if rule else 0,
    }


def _fields(rule: Rule | None) -> tuple[str, ...]:
    """Fields that the form has a place for: what is wrong with others is told above it."""
    shipped = rule is not None and rule.shipped
    return ("for", *(_SHIPPED_TEXTS if shipped else (*_TEXTS, "name")))


def _figures(request: Request) -> list[tuple[str, str]]:
    """(name, what people call it) of every figure that is known: of the catalog, of hosts and processes, pushed counters."""
    known = all_known(request)
    titles = {one.name: one.title for one in known_figures(request.console.catalog)}
    for name in known:
        titles.setdefault(name, "")
    return sorted((name, words_of(name, known).title if name in known else title) for name, title in titles.items())


def _shown(rule: Rule, wanted: dict[str, str]) -> bool:
    of_kind = _OF_KIND.get(wanted["kind"])
    text = f"{rule.name} {rule.title} {rule.metric} {rule.help}".lower()
    service = wanted["service"] in ("", rule.service)
    return service and (of_kind is None or of_kind(rule)) and wanted["q"].lower() in text


def scope_here(rule: Rule) -> str:
    """What a rule is for, beside the name of its service; empty where it is for all of it."""
    words = scope_words(replace(rule, service="") if rule.shipped else rule)
    return "" if words == "everything" else words


def _groups(request: Request, rules: list[Rule]) -> list[tuple[str, list[Rule]]]:
    """Own rules first, then those of every service, those of no service last."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault("" if not rule.shipped else rule.service or "-", []).append(rule)
    names = {"": "Of this site", "-": "Of hosts and the console"}
    order = sorted(found, key=lambda key: (key != "", key == "-", key))
    return [(names.get(key) or service_title(request.console.catalog, key), found[key]) for key in order]
