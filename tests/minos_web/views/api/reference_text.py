"""How docs/api-reference.md says an operation: what it takes, a line for the shell, and an answer, shortened."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from webob.response import Response

from minos_web.security.permissions import Permission
from minos_web.views.api.openapi import METHODS, document
from tests.minos_web.views.api.reference_scene import REFUSED, REQUESTS, USUAL, Request

TITLE = """\
# Reference of the HTTP API

Every operation with a request that works and what a console answered to it; what the API is like as a whole is in [api.md](api.md).
The lines take `$console` (`http://127.0.0.1:8088/api/v1`) and `$auth` (`Authorization: Bearer …`). Answers are true but shortened: lists to
their first item, long texts to their beginning.

This page is made: `python -m tests.minos_web.views.api.reference` writes it out of the API's description and the answers of a console
that is full of made-up things, so names and texts in them say little.
"""
ROLES = {
    Permission.EVERYONE: "everybody, signed in or not", Permission.VIEW: "viewer", Permission.OPERATE: "operator",
    Permission.UPLOAD: "deployer", Permission.CONFIGURE: "deployer", Permission.ADMINISTER: "admin",
    Permission.PUSH: "operator, or a pusher's token", Permission.FETCH: "viewer, or a worker with a ticket for it",
    Permission.SPREAD: "a worker with a ticket for it", Permission.DELIVER: "a worker with a ticket for it",
    Permission.SUPPLY: "a worker with a ticket for it", Permission.ACCOUNT: "whoever is signed in",
}  # fmt: skip
RANDOM = {
    "password": "k7m2p-9xq4w-tz3ha-b8cdn", "join_token": "join_…", "chain": "9f86d081884c7d65…", "command_id": "3f1c0a9be2d4…",
    "fingerprint": "abcd-efgh-ijkl-mnop-qrst",
}  # fmt: skip
"""Keys whose values are other ones each time."""
MOST_LINES, MOST_LETTERS, DEEPEST = 40, 90, 5


@dataclass(frozen=True)
class Operation:
    """One of the document; ``parameters`` are resolved, ``body`` is the content of its request by type."""

    name: str
    method: str
    path: str
    tag: str
    told: Mapping[str, Any]
    parameters: Sequence[Mapping[str, Any]]
    body: Mapping[str, Any]

    @property
    def example(self) -> Any:
        """Of a body of JSON; None where it takes none."""
        return self.body.get("application/json", {}).get("example")

    @property
    def request(self) -> Request:
        """What is asked beside it."""
        return REQUESTS.get(self.name, Request())

    @property
    def address(self) -> str:
        """Below the API's prefix, with its query."""
        known = {**USUAL, **self.request.path}
        path = re.sub(r"\{(\w+)\}", lambda match: quote(known[match[1]], safe="/"), self.path)
        return path + (f"?{urlencode(self.request.query)}" if self.request.query else "")


def operations() -> list[Operation]:
    """All of them, in the order of the document's tags and of their paths."""
    whole = document()
    named = whole["components"]["parameters"]
    tags = [tag["name"] for tag in whole["tags"]]
    found = []
    for path, item in whole["paths"].items():
        for method in METHODS:
            if method in item:
                told = item[method]
                given = [*item.get("parameters", []), *told.get("parameters", [])]
                known = [named[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in given]
                body = told.get("requestBody", {}).get("content", {})
                found.append(Operation(told["operationId"], method, path, told["tags"][0], told, known, body))
    order = {tag: number for number, tag in enumerate([*tags, *sorted({one.tag for one in found} - set(tags))])}
    return sorted(found, key=lambda one: (order[one.tag], one.path, METHODS.index(one.method)))


def page(found: Sequence[tuple[Operation, str, Response]]) -> str:
    """The whole text, of operations with the permission that each asks for and its answer."""
    told = {tag["name"]: tag["description"] for tag in document()["tags"]}
    parts, tag = [TITLE], ""
    for one, permission, answer in found:
        if one.tag != tag:
            tag = one.tag
            parts.append(f"\n## {tag.capitalize()}\n{told.get(tag, '')}".rstrip() + "\n")
        parts.append("\n".join(_section(one, permission, answer)) + "\n")
    return "\n".join(parts)


def _section(one: Operation, permission: str, answer: Response) -> Iterator[str]:
    yield f"### {one.method.upper()} {one.path}"
    summary = re.sub(r" Needs the role \w+\.$", "", _sentence(one.told["summary"]))
    yield f"{summary} {one.told.get('description', '')}".strip()
    yield ""
    yield f"Role: {ROLES[permission]}. Name of the operation: `{one.name}`."
    rows = [*_parameters(one), *_fields(one)]
    if rows:
        yield "\n| what | where | |\n|---|---|---|"
        yield from rows
    yield f"\n```sh\n{_curl(one)}\n```"
    why = f": {REFUSED[one.name]}" if one.name in REFUSED else ""
    yield f"\nAnswer {answer.status_int}{why}:\n"
    yield _answer(answer)


def _parameters(one: Operation) -> Iterator[str]:
    for given in one.parameters:
        schema = given.get("schema", {})
        need = ", needed" if given.get("required") and given["in"] != "path" else ""
        words = f"{given.get('description', '')} {_limits(schema)}".strip()
        yield f"| `{given['name']}` | {given['in']}{need} | {_cell(words)} |"


def _fields(one: Operation) -> Iterator[str]:
    """What stands in a body of JSON, one level deep."""
    schema = _resolved(one.body.get("application/json", {}).get("schema", {}))
    if schema.get("type") == "array":
        schema = _resolved(schema["items"])
    for part in schema.get("allOf", [schema]):
        known = _resolved(part)
        for name, about in known.get("properties", {}).items():
            need = ", needed" if name in known.get("required", []) else ""
            own = {**_resolved(about), **about}
            words = f"{own.get('description', '')} {_limits(own)}".strip()
            yield f"| `{name}` | body{need} | {_cell(words)} |"


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _limits(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        words = "One of " + ", ".join(f"`{value}`" for value in schema["enum"] if value not in ("", None)) + "."
    else:
        kinds = schema.get("type", "")
        known = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
        words = {"integer": "A whole number.", "number": "A number.", "boolean": "`true` or `false`."}.get(
            known[0] if known else "", ""
        )
        if "minimum" in schema and "maximum" in schema:
            words = f"A number from {schema['minimum']} to {schema['maximum']}."
    usual = schema.get("default")
    return words + (f" `{json.dumps(usual)}` when left out." if usual not in (None, "") else "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _curl(one: Operation) -> str:
    words = ["curl -s"]
    if one.told.get("security") != []:
        words.append('-H "$auth"')
    if one.method != "get" and not (one.method == "post" and one.example is not None):
        words.append(f"-X {one.method.upper()}")
    if one.example is not None:
        text = json.dumps(one.example, ensure_ascii=False)
        words += ["-H 'Content-Type: application/json'", "\\\n  -d " + shlex.quote(text) + " \\\n "]
    elif one.request.body:
        words += [f"-H 'Content-Type: {one.request.kind}'", "--data-binary @file"]
    return " ".join([*words, f'"$console{one.address}"'])


def _answer(answer: Response) -> str:
    if answer.content_type == "application/json":
        lines = json.dumps(shortened(answer.json), indent=2, ensure_ascii=False).splitlines()
        cut = [*lines[:MOST_LINES], "…"] if len(lines) > MOST_LINES else lines
        return "\n".join(["```json", *cut, "```"])
    if answer.content_type.startswith("text/"):
        lines = [_plain(line)[:MOST_LETTERS] for line in answer.text.splitlines()[:8]]
        return "\n".join(["```text", *lines, "```"])
    return f"A file of {answer.content_type}, {answer.content_length} bytes."


def shortened(value: Any, depth: int = 0, key: str = "") -> Any:
    """The same with lists cut to their first item, and long texts to their beginning."""
    if isinstance(value, str):
        return _short_text(value, key)
    if isinstance(value, dict):
        if depth > DEEPEST and value:
            return "…"
        return {_plain(name): shortened(one, depth + 1, name) for name, one in value.items()}
    if isinstance(value, list):
        return [shortened(one, depth + 1) for one in value[:1]] + ["…"] * (len(value) > 1)
    return value


def _short_text(text: str, key: str) -> str:
    if text.startswith("join_"):
        return RANDOM["join_token"]
    if key in RANDOM and text:
        return RANDOM[key]
    plain = _plain(text)
    return plain if len(plain) <= MOST_LETTERS else plain[: MOST_LETTERS - 1] + "…"


def _plain(text: str) -> str:
    """Without the numbers of made-up texts, which are other ones as soon as there is one more row."""
    return re.sub(r"\btext[ +-]\d+", "text", text)
