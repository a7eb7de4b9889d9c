"""API: its own description. One document, put together from the pieces ``openapi*.json`` beside this file.

Requests are checked by the views themselves: a generic checker would read an upload's whole body into memory first.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.api.lists import DESCRIBED

HERE = Path(__file__).parent
METHODS = ("get", "put", "post", "delete")
_ANYWHERE = {"500": "Mistake", "503": "Busy"}
_BEHIND_THE_DOOR = {
    "400": "BadRequest", "401": "Unauthenticated", "403": "Forbidden", "422": "Invalid", "429": "TooOften", **_ANYWHERE,
}  # fmt: skip
"""Refusals that every operation can answer with, so that no piece has to repeat them."""


@view_config(route_name="api_openapi", request_method="GET", permission=Permission.EVERYONE)
def openapi(_request: Request) -> Response:
    """The OpenAPI document."""
    return Response(body=_encoded(), content_type="application/json", charset="UTF-8")


@cache
def _encoded() -> bytes:
    return json.dumps(document(), separators=(",", ":")).encode()


def document() -> dict[str, Any]:
    """The whole document."""
    whole: dict[str, Any] = json.loads((HERE / "openapi.json").read_text())
    for piece in sorted(HERE.glob("openapi.*.json")):
        part = json.loads(piece.read_text())
        whole["paths"].update(part["paths"])
        for kind, named in part.get("components", {}).items():
            whole["components"].setdefault(kind, {}).update(named)
    for item in whole["paths"].values():
        for method in METHODS:
            if method in item:
                _add_refusals(item[method])
                _add_paging(item[method])
    return whole


def _add_paging(operation: dict[str, Any]) -> None:
    """Parameters of a list, and what its answer tells beside the items."""
    if (kind := operation.pop("x-list", "")) == "":
        return
    parameters, told = DESCRIBED[kind]
    operation.setdefault("parameters", []).extend(parameters)
    content = operation["responses"]["200"]["content"]["application/json"]
    more = {"type": "object", "required": sorted(told), "properties": told}
    content["schema"] = {"allOf": [content["schema"], more]}


def _add_refusals(operation: dict[str, Any]) -> None:
    for status, name in (_ANYWHERE if operation.get("security") == [] else _BEHIND_THE_DOOR).items():
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})
