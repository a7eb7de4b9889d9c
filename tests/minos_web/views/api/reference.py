"""docs/api-reference.md: every operation of the API, with a request that works and what a console answered to it.

    python -m tests.minos_web.views.api.reference    writes it anew

All of it is asked of the real application over the console of reference_scene.py; test_reference.py says when the text is
not what comes out any more.
"""

import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import msgspec
from pyramid.router import Router
from webob.response import Response
from webtest import TestApp

from minos_web.console import Console, open_console
from minos_web.routes import API_PREFIX
from minos_web.security.people import find_user
from minos_web.security.permissions import Role
from minos_web.security.rates import Rates
from minos_web.security.throttle import Throttle
from minos_web.security.tokens import make_token
from minos_web.views.api.openapi import METHODS
from tests.minos_web.conftest import MovedEngine, make_app, make_template, settings_at
from tests.minos_web.views.api.reference_scene import NOW, REFUSED, UNASKED, fill_console
from tests.minos_web.views.api.reference_text import Operation, operations, page

WHERE = Path(__file__).parents[4] / "docs/api-reference.md"


def asked(template: Path, app: Router, place: Path) -> list[tuple[Operation, str, Response]]:
    """Each operation with the permission that it asks for and what its request is answered. Consoles are copies of the
    template, below ``place``.
    """
    wanted, moved = permissions(app), MovedEngine(place / "filled" / "minos.sqlite")
    with patch("time.time", return_value=NOW):
        shutil.copytree(template, place / "filled")
        filled = open_console(settings_at(place / "filled"), moved.engine)
        token = _fill(filled)
        consoles = Consoles(filled, moved, token)
        return [
            (one, wanted[one.path, one.method], _asked(app, one, consoles, place / one.name))
            for one in operations()
            if one.name not in UNASKED
        ]


@dataclass(frozen=True)
class Consoles:
    """The one that is filled, its copies by the same engine, and the token of its administrator."""

    filled: Console
    moved: MovedEngine
    token: str

    def copy(self, own: Path) -> Console:
        """The same console on a directory of its own. The catalog takes longer to read than all the rest."""
        shutil.copytree(self.filled.var, own)
        self.moved.move(own / "minos.sqlite")
        return replace(self.filled, settings=msgspec.structs.replace(self.filled.settings, var=str(own)))

    def back(self, own: Path) -> None:
        """To the one that is filled."""
        self.moved.move(self.filled.var / "minos.sqlite")
        shutil.rmtree(own, ignore_errors=True)


def _fill(console: Console) -> str:
    with console.writers.begin() as session:
        fill_console(session, console)
        admin = find_user(session, "admin")
        assert admin is not None
        _, text = make_token(session, admin, "reference", Role.ADMIN, 1.0, NOW)
    console.engine.dispose()
    return text


def _asked(app: Router, one: Operation, consoles: Consoles, own: Path) -> Response:
    """Reads share a console; what changes something gets a copy, so that no answer depends on another."""
    copied = one.method != "get" or bool(one.request.first)
    app.registry.console = consoles.copy(own) if copied else consoles.filled
    app.registry.throttle, app.registry.rates = Throttle(), Rates()
    if one.request.first:
        _sent(app, next(other for other in operations() if other.name == one.request.first), consoles.token)
    answer = _sent(app, one, consoles.token)
    if copied:
        consoles.back(own)
    return answer


def _sent(app: Router, one: Operation, token: str) -> Response:
    body = json.dumps(one.example).encode() if one.example is not None else one.request.body
    kind = "application/json" if one.example is not None else one.request.kind
    return TestApp(app, extra_environ={"HTTP_HOST": "127.0.0.1:8088"}).request(
        API_PREFIX + one.address, method=one.method.upper(), body=body, content_type=kind or None,
        headers={"Authorization": f"Bearer {token}"}, expect_errors=True,
    )  # fmt: skip


def permissions(router: Router) -> dict[tuple[str, str], str]:
    """(path, method) -> what the view asks for."""
    introspector = router.registry.introspector
    patterns = {
        item["introspectable"]["name"]: re.sub(r"\{(\w+)(:[^{}]*)?\}", r"{\1}", item["introspectable"]["pattern"])
        for item in introspector.get_category("routes")
    }
    found = {}
    for item in introspector.get_category("views"):
        view = item["introspectable"]
        if (view["route_name"] or "").startswith("api_"):
            asked = next(one["value"] for one in item["related"] if one.category_name == "permissions")
            methods = view["request_methods"] or METHODS
            for method in [methods] if isinstance(methods, str) else methods:
                path = "/" + patterns[view["route_name"]].lstrip("/")
                found[path.removeprefix(API_PREFIX), method.lower()] = asked
    return found


def main() -> None:
    """Write the page, and say which requests were refused."""
    with tempfile.TemporaryDirectory() as text:
        place = Path(text)
        (place / "template").mkdir()
        template = make_template(place / "template")
        found = asked(template, make_app(template), place)
        WHERE.write_text(page(found))
    for one, _, answer in found:
        if answer.status_int > 299 and one.name not in REFUSED:
            sys.stdout.write(f"{one.name}: {answer.status_int} {answer.text[:200]}\n")
    sys.stdout.write(f"{WHERE.name} is written\n")


if __name__ == "__main__":
    main()
