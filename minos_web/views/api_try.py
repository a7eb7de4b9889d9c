"""PURE. The page on which the API is tried: its operations by tag, a form for one of them, and the curl line that it makes."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from minos_web.views.api.openapi import METHODS, document

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Operation:
    """One operation: ``parameters`` are those of path and query as the document has them, ``body`` an example of its JSON."""

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[dict[str, Any], ...]
    body: str

    def address(self, given: Mapping[str, str]) -> str:
        """Where it is, with what is given; a missing part of the path stays as its name."""
        path, query = self.path, []
        for one in self.parameters:
            value = given.get(one["name"], "").strip()
            if one["in"] == "path":
                path = path.replace(
                    "{" + one["name"] + "}", quote(value, safe="/") if value else "{" + one["name"] + "}"
                )
            elif value:
                query.append((one["name"], value))
        return PREFIX + path + (f"?{urlencode(query)}" if query else "")


def tried(given: Mapping[str, str], host: str) -> dict[str, Any]:
    """What the page shows: ``tags`` with their operations, and of the ``chosen`` one its address and curl line."""
    whole = document()
    tags: dict[str, list[Operation]] = {tag["name"]: [] for tag in whole["tags"]}
    for path, item in sorted(whole["paths"].items()):
        for method in METHODS:
            if method in item:
                tags.setdefault(item[method]["tags"][0], []).append(_operation(whole, path, method))
    wanted = given.get("operation", "")
    chosen = next((one for found in tags.values() for one in found if one.name == wanted), None)
    address = chosen.address(given) if chosen else ""
    return {
        "tags": {name: found for name, found in tags.items() if found}, "chosen": chosen, "given": given,
        "address": address, "whole": "{" not in address, "curl": _curl(chosen, host + address) if chosen else "",
    }  # fmt: skip


def _operation(whole: dict[str, Any], path: str, method: str) -> Operation:
    item = whole["paths"][path]
    given = [*item.get("parameters", []), *item[method].get("parameters", [])]
    known = [
        whole["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in given
    ]
    return Operation(
        item[method]["operationId"], method, path, item[method]["summary"],
        tuple(one for one in known if one["in"] in ("path", "query")), _example(whole, item[method]),
    )  # fmt: skip


def _example(whole: dict[str, Any], operation: dict[str, Any]) -> str:
    """JSON with the keys that a body must have; empty for one that takes none."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if not schema:
        return ""
    wanted = {name: _of_kind(schema.get("properties", {}).get(name, {})) for name in schema.get("required", [])}
    return json.dumps([] if schema.get("type") == "array" else wanted)


def _of_kind(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    return {"integer": 1, "number": 1, "boolean": False, "array": [], "object": {}}.get(str(schema.get("type")), "…")


def _curl(operation: Operation, url: str) -> str:
    parts = ["curl", "-H", '"Authorization: Bearer $TOKEN"']
    if operation.method != "get":
        parts += ["-X", operation.method.upper()]
    if operation.body:
        parts += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(operation.body)]
    return " ".join([*parts, shlex.quote(url)])
