"""Examples of the API: they fit its description, the console takes them, and docs/api-reference.md tells what comes of them."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pyramid.router import Router
from webob.response import Response

from minos_web.views.api.openapi import document
from tests.minos_web.views.api.reference import WHERE, asked
from tests.minos_web.views.api.reference_scene import REFUSED, REQUESTS, UNASKED
from tests.minos_web.views.api.reference_text import Operation, operations, page, shortened
from tests.minos_web.views.api.test_openapi import fits

Found = list[tuple[Operation, str, Response]]
WRITE = "write it anew: python -m tests.minos_web.views.api.reference"


@pytest.fixture(scope="module")
def found(template_var: Path, shared_app: Router, tmp_path_factory: pytest.TempPathFactory) -> Found:
    return asked(template_var, shared_app, tmp_path_factory.mktemp("reference"))


def test_every_body_of_json_has_an_example_that_fits() -> None:
    whole, wrong = document(), {}
    for one in operations():
        if content := one.body.get("application/json"):
            schema = {**content["schema"], "components": whole["components"]}
            if "example" not in content or [*Draft202012Validator(schema).iter_errors(content["example"])]:
                wrong[one.name] = content.get("example")
    assert wrong == {}


def test_the_console_takes_every_example(found: Found) -> None:
    refused = {one.name for one, _, answer in found if answer.status_int > 299}
    assert refused == set(REFUSED), {
        one.name: answer.text for one, _, answer in found if one.name in refused ^ set(REFUSED)
    }


def test_nothing_is_said_of_operations_that_there_are_not() -> None:
    assert {*REFUSED, *UNASKED, *REQUESTS} <= {one.name for one in operations()}


def test_the_answers_are_as_described(found: Found) -> None:
    wrong: dict[str, Any] = {}
    for one, _, answer in found:
        described = one.told["responses"][str(answer.status_int)]
        if answer.content_type == "application/json" and "application/json" in described.get("content", {}):
            faults = fits(answer.json, one.path, one.method, str(answer.status_int))
            if faults:
                wrong[one.name] = faults
    assert wrong == {}


def test_the_page_tells_what_is(found: Found) -> None:
    assert WHERE.read_text() == page(found), WRITE


def test_what_is_long_is_cut() -> None:
    long = {"a": [1, 2, 3], "password": "of the day", "b": "x" * 200}
    assert shortened(long) == {"a": [1, "…"], "password": "k7m2p-9xq4w-tz3ha-b8cdn", "b": "x" * 89 + "…"}
