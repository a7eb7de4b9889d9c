"""PURE. The page on which the API is tried: its operations by tag, a form for one of them, and the curl line that it makes.

The browser itself sends what is filled in (trying.js): as whoever is signed in, or with a token that is typed there.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from minos_web.views.api.openapi import METHODS, document

PREFIX = "/api/v1"
_TYPED = ("application/json", "text/plain", "text/csv")


@dataclass(frozen=True)
class Operation:
    """One operation: ``parameters`` are those of path, query and headers as the document has them. ``kind`` is the type of
    its body, empty for none; ``body`` an example where that is text.
    """

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[dict[str, Any], ...]
    kind: str
    body: str

    @property
    def whole_path(self) -> str:
        """Its address with the names of its parts in braces."""
        return PREFIX + self.path

    @property
    def is_text(self) -> bool:
        """Whether its body is typed; others are chosen as a file."""
        return self.kind in _TYPED

    def address(self, given: Mapping[str, str]) -> str:
        """Where it is, with what is given; a missing part of the path stays as its name."""
        path, query = self.path, []
        for one in self.parameters:
            value = given.get(one["name"], "").strip()
            if one["in"] == "path":
                path = path.replace(
                    "{" + one["name"] + "}", quote(value, safe="/") if value else "{" + one["name"] + "}"
                )
            elif value and one["in"] == "query":
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
        "address": address, "whole": "{" not in address, "curl": _curl(chosen, given, host + address) if chosen else "",
    }  # fmt: skip


def _operation(whole: dict[str, Any], path: str, method: str) -> Operation:
    item = whole["paths"][path]
    given = [*item.get("parameters", []), *item[method].get("parameters", [])]
    known = [
        whole["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in given
    ]
    content = item[method].get("requestBody", {}).get("content", {})
    kind = next(iter(content), "")
    return Operation(
        item[method]["operationId"], method, path, item[method]["summary"],
        tuple(one for one in known if one["in"] in ("path", "query", "header")), kind, _example(content.get(kind, {})),
    )  # fmt: skip


def _example(content: Mapping[str, Any]) -> str:
    """What the document gives as an example of a body; empty where it gives none."""
    example = content.get("example", "")
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)


def _curl(operation: Operation, given: Mapping[str, str], url: str) -> str:
    parts = ["curl", "-H", '"Authorization: Bearer $TOKEN"']
    if operation.method != "get":
        parts += ["-X", operation.method.upper()]
    for one in operation.parameters:
        value = given.get(one["name"], "").strip()
        if one["in"] == "header" and value:
            parts += ["-H", shlex.quote(f"{one['name']}: {value}")]
    if operation.kind:
        parts += ["-H", shlex.quote(f"Content-Type: {operation.kind}")]
        parts += ["--data-raw", shlex.quote(operation.body)] if operation.is_text else ["--data-binary", "@file"]
    return " ".join([*parts, shlex.quote(url)])
