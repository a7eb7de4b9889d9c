"""The language of pages: what somebody chose, else what their browser asks for. English is what the sources say."""

from typing import Any

from pyramid.config import Configurator
from pyramid.events import BeforeRender
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.errors import safe_next

DOMAIN = "minos"
COOKIE = "minos_language"
LANGUAGES = {"en": ("en", "English"), "zh_CN": ("zh-CN", "中文")}
"""By name of the catalogue: what HTML calls the language, and what it calls itself."""
_ASKED = {"en": "en", "zh-CN": "zh_CN", "zh-Hans": "zh_CN", "zh": "zh_CN"}
_YEAR = 365 * 86400

mark = str
"""Marks a text for the catalogues that is translated elsewhere, where it is shown."""

STATUS_WORDS = (
    mark("running"),
    mark("running, unattended"),
    mark("running, does not answer"),
    mark("starting"),
    mark("starting, does not answer yet"),
    mark("stopping"),
    mark("stopped"),
    mark("ended"),
    mark("not running"),
    mark("not bootstrapped"),
    mark("failing, will be tried again"),
    mark("failed"),
    mark("unknown"),
    mark("no host"),
    mark("never heard"),
    mark("late"),
    mark("lost"),
    mark("in touch"),
    mark("degraded"),
    mark("healthy"),
    mark("down"),
    mark("changing"),
    mark("in maintenance"),
    mark("removed"),
    mark("cannot be read"),
    mark("waits for approval"),
    mark("waiting for approval"),
    mark("rejected"),
    mark("revoked"),
    mark("queued"),
    mark("paused"),
    mark("cancelling"),
    mark("cancelled"),
    mark("done"),
    mark("sent"),
    mark("skipped"),
    mark("no answer"),
)
"""Every word of monitor/status.py and badges.py."""
TOO_MANY = mark("Too many tries; try again in {time}.")
ROLES = (mark("none"), mark("viewer"), mark("operator"), mark("deployer"), mark("admin"), mark("pusher"))
NAVIGATION = (
    mark("Overview"),
    mark("Clusters"),
    mark("Hosts"),
    mark("Packages"),
    mark("Tasks"),
    mark("Operations"),
    mark("Schedules"),
    mark("Approvals"),
    mark("Alerts"),
    mark("Notifications"),
    mark("Dashboards"),
    mark("Counters"),
    mark("Configuration"),
    mark("Users"),
    mark("Audit"),
    mark("Help"),
    mark("need a look"),
    mark("errors that fire"),
    mark("Single sign-on"),
)
"""Entries of the frame's navigation, which are titles of pages as well, and what their counts are of."""
_WAS, _KEPT = mark("was {word}"), mark("{word}, in maintenance")
_LATER = ", in maintenance"


class Texts:
    """Texts of one request's language; what has no translation stays English."""

    def __init__(self, request: Request) -> None:
        self._localizer = request.localizer

    def text(self, english: str, **values: object) -> str:
        """``_`` of templates: the text, with ``values`` in the places that it names in braces."""
        if not english:
            return ""  # the empty text is where a catalogue keeps its head
        found: str = self._localizer.translate(english, domain=DOMAIN)
        return found.format(**values) if values else found

    def counted(self, one: str, many: str, n: int) -> str:
        """``_n`` of templates: the form that fits ``n``, which a text may name as {n}."""
        found: str = self._localizer.pluralize(one, many, n, domain=DOMAIN)
        return found.format(n=n)

    def status(self, word: str) -> str:
        """``_s`` of templates: a word of a status, also when it is of before or somebody works on what it is about."""
        if word.startswith("was "):
            return self.text(_WAS, word=self.status(word.removeprefix("was ")))
        if word.endswith(_LATER) and word != _LATER:
            return self.text(_KEPT, word=self.status(word.removesuffix(_LATER)))
        return self.text(word)


def negotiate(request: Request) -> str:
    """The catalogue for a request."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return str(chosen)
    return _ASKED[request.accept_language.lookup(list(_ASKED), default="en")]


@view_config(route_name="language", request_method="POST", permission=Permission.EVERYONE)
def choose(request: Request) -> HTTPSeeOther:
    """Keep a choice in this browser, and go back to where it was made."""
    name = request.POST.get("language", "")
    if name not in LANGUAGES:
        raise HTTPNotFound("There is no such language here.")
    response = HTTPSeeOther(safe_next(request, request.POST.get("next", "")))
    secure = request.console.settings.cookie_secure
    response.set_cookie(COOKIE, name, max_age=_YEAR, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def add_texts(event: BeforeRender) -> None:
    """Names that every template knows."""
    request: Any = event["request"]
    if not str(event.get("renderer_name", "")).endswith(".mako") or request is None:
        return
    texts = Texts(request)
    event["_"], event["_n"], event["_s"] = texts.text, texts.counted, texts.status
    event["language"] = LANGUAGES[request.locale_name][0]
    event["languages"] = [(name, *said) for name, said in LANGUAGES.items() if name != request.locale_name]


def includeme(config: Configurator) -> None:
    """Catalogues, who chooses among them, and the texts on every rendered template."""
    config.add_translation_dirs("minos_web:locale")
    config.set_locale_negotiator(negotiate)
    config.add_subscriber(add_texts, BeforeRender)
