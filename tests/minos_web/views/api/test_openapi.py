"""The API's description: true of every route, and true of what the routes answer."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pyramid.router import Router
from webtest import TestApp

from minos_web.routes import API_PREFIX
from minos_web.security.permissions import Permission
from minos_web.views.api.openapi import METHODS, document

DOCUMENT = document()


def shape(pattern: str) -> str:
    """A route pattern as the document writes it: ``/config/{path:.+}`` -> ``/config/{path}``."""
    return re.sub(r"\{(\w+)(:[^{}]*)?\}", r"{\1}", "/" + pattern.lstrip("/")).removeprefix(API_PREFIX)


def served(router: Router) -> dict[tuple[str, str], Any]:
    """(path, method) -> permission of every API view."""
    introspector = router.registry.introspector
    patterns = {
        item["introspectable"]["name"]: item["introspectable"]["pattern"]
        for item in introspector.get_category("routes")
    }
    found = {}
    for item in introspector.get_category("views"):
        view = item["introspectable"]
        if (view["route_name"] or "").startswith("api_"):
            methods = view["request_methods"] or METHODS
            permission = next(r["value"] for r in item["related"] if r.category_name == "permissions")
            for method in [methods] if isinstance(methods, str) else methods:
                if method.lower() in METHODS:
                    found[shape(patterns[view["route_name"]]), method.lower()] = permission
    return found


def described() -> set[tuple[str, str]]:
    return {(path, method) for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item}


def test_the_document_is_legal() -> None:
    validate(DOCUMENT)


def test_every_route_is_described_and_nothing_else(shared_app: Router) -> None:
    assert set(served(shared_app)) == described()


def test_what_is_open_to_everyone_is_described_so(shared_app: Router) -> None:
    is_open = {door for door, permission in served(shared_app).items() if permission == Permission.EVERYONE}
    assert is_open == {
        (path, method) for path, method in described() if DOCUMENT["paths"][path][method].get("security") == []
    }


def test_path_parameters_are_described() -> None:
    for path, item in DOCUMENT["paths"].items():
        given = [
            DOCUMENT["components"]["parameters"][p["$ref"].rpartition("/")[2]] if "$ref" in p else p
            for p in item.get("parameters", [])
        ]
        assert {p["name"] for p in given if p["in"] == "path"} == set(re.findall(r"\{(\w+)\}", path)), path


def test_operation_ids_are_unique() -> None:
    ids = [DOCUMENT["paths"][path][method]["operationId"] for path, method in described()]
    assert len(ids) == len(set(ids))


def test_the_console_serves_it_to_everyone(anonymous: TestApp) -> None:
    response = anonymous.get("/api/v1/openapi.json")
    assert response.content_type == "application/json"
    assert response.json == json.loads(json.dumps(DOCUMENT))


def fits(answer: Any, path: str, method: str = "get", status: str = "200") -> list[str]:
    """What of an answer is not as described."""
    response = DOCUMENT["paths"][path][method]["responses"][status]
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = {**response["content"]["application/json"]["schema"], "components": DOCUMENT["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(answer)]


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/hosts",
        "/packages",
        "/config",
        "/clusters",
        "/operations",
        "/alerts",
        "/series?metric=host.cpu_percent",
    ],
)
def test_an_empty_console_answers_as_described(api_as: Any, path: str) -> None:
    answer = api_as("viewer").get(API_PREFIX + path).json
    assert fits(answer, path.partition("?")[0]) == []


@pytest.mark.parametrize(
    ("path", "method", "url", "status"),
    [
        ("/hosts/{name}", "get", "/hosts/none", "404"),
        ("/packages/latest", "get", "/packages/latest", "422"),
        ("/packages/{id}/file", "get", "/packages/99/file", "404"),
        ("/config/{path}", "get", "/config/conf/none", "404"),
        ("/clusters/{service}/{cluster}", "get", "/clusters/none/none", "404"),
        ("/operations/{id}", "get", "/operations/99", "404"),
        ("/questions/{id}", "get", "/questions/99", "404"),
        ("/series", "get", "/series", "400"),
    ],
)
def test_refusals_are_as_described(api_as: Any, path: str, method: str, url: str, status: str) -> None:
    response = api_as("viewer").request(API_PREFIX + url, method=method.upper(), expect_errors=True)
    assert str(response.status_int) == status
    assert fits(response.json, path, method, status) == []
