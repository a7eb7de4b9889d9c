"""Every operation of the API, asked with data made up out of its description: never a 500, no answer that is not described.

Schemathesis makes requests that fit the document and requests that do not, the same ones each time; the long form
(MINOS_SOAK) makes many more, and others at each run. What it finds wrong is wrong: the document, or the code.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from pyramid.router import Router
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from minos_web.console import open_console
from minos_web.security.people import find_user
from minos_web.security.permissions import Role
from minos_web.security.rates import Rates
from minos_web.security.throttle import Throttle
from minos_web.security.tokens import make_token
from minos_web.views.api.openapi import METHODS, document
from tests.minos_web.conftest import settings_at
from tests.minos_web.hostile import HARMLESS
from tests.minos_web.hostile_scene import fill

SOAK = bool(os.environ.get("MINOS_SOAK"))
EXAMPLES = 200 if SOAK else 3
"""Good ones, and as many bad ones, of each operation."""
FITTING = {
    "service": "zookeeper", "cluster": "dptst", "job": "zookeeper", "number": 0, "id": 1, "name": "host-31", "path": "conf/notes.cfg",
}  # fmt: skip
"""What is there to be asked for; else nearly every request would end as not found."""
LEFT_OUT = {
    "/owl/metrics": "answers with an empty body, as Owl did, when there is nothing to tell",
    "/packages/{id}/spread": "for workers with a ticket", "/packages/{id}/spread/manifest": "for workers with a ticket",
    "/packages/{id}/spread/blocks": "for workers with a ticket", "/log-files/{id}/piece": "for workers with a ticket",
    "/run-files/{id}/{number}": "for workers with a ticket",
}  # fmt: skip
"""Paths that are not asked, and why."""


def no_mistake(_context: Any, response: Any, _case: Case) -> None:
    """No answer is a mistake of ours; 504 and the like are described where they may come."""
    assert response.status_code != 500, response.text


NOT_REFUSED = {"/series": "an object in place of `top` is sent as parameters of other names, which count for nothing"}
"""Where a request that does not fit may be answered, and why."""
CHECKS = [
    no_mistake,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = sorted(
    (found.ok() for found in SCHEMA.get_all_operations()),
    key=lambda one: (METHODS.index(one.method) if one.method != "get" else -1, one.path),
)
"""Those that only look first, those that delete last."""


@pytest.fixture(scope="module")
def asked(shared_app: Router, template_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A console full of rows, and the headers of its administrator's token."""
    var = tmp_path_factory.mktemp("asked") / "console"
    shutil.copytree(template_var, var)
    console = open_console(settings_at(var))
    numbers = itertools.count()
    with console.writers.begin() as session:
        fill(session, console, lambda: f"{HARMLESS} {next(numbers)}")
        admin = find_user(session, "admin")
        assert admin is not None
        _, text = make_token(session, admin, "every operation", Role.ADMIN, 1.0, 1.8e9)
    yield {"console": console, "headers": {"Authorization": f"Bearer {text}"}}
    console.engine.dispose()


def answers(app: Router, asked: dict[str, Any], operation: Any, mode: GenerationMode) -> None:
    """Ask so many times."""
    app.registry.console, app.registry.throttle, app.registry.rates = asked["console"], Throttle(), Rates()
    refused = mode == GenerationMode.NEGATIVE and operation.path not in NOT_REFUSED
    checks = [*CHECKS, negative_data_rejection] if refused else CHECKS

    @settings(
        max_examples=EXAMPLES, derandomize=not SOAK, deadline=None, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        if mode == GenerationMode.POSITIVE:
            case.path_parameters = {
                name: FITTING.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        response = case.call(headers=asked["headers"], app=app)
        case.validate_response(response, checks=checks)

    with suppress(Unsatisfiable):  # nothing about it can be wrong: it has no parameters
        ask()


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.path not in LEFT_OUT], ids=lambda one: one.label
)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_answers_as_described(shared_app: Router, asked: dict[str, Any], operation: Any, mode: GenerationMode) -> None:
    answers(shared_app, asked, operation, mode)


def test_nothing_that_is_left_out_is_unknown() -> None:
    assert set(LEFT_OUT) <= {one.path for one in OPERATIONS}
