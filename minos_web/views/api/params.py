"""What a request's parameters say, checked: a missing or senseless one is a 422 that names it."""

import math
from collections.abc import Mapping
from typing import Any

from pyramid.request import Request

from minos_web.views.errors import Refusal

_PLAN_TEXTS = (
    "batch",
    "min_healthy",
    "deadline",
    "parallel",
    "tolerate",
    "on_failure",
    "log_level",
    "back_to",
    "procedure",
    "drill",
)
_PLAN_SWITCHES = ("pause_after_first", "update_config", "update_package", "override")
LARGEST_ID = 2**63 - 1


def text_of(request: Request, name: str) -> str:
    """A parameter without the blanks around it; empty when it is missing."""
    return str(request.params.get(name, "")).strip()


def id_of(request: Request, name: str = "id") -> int:
    """The number in the URL; one that no row can have is not found."""
    number = int(request.matchdict[name])
    if number > LARGEST_ID:
        raise Refusal(404, "not-found", f"there is no {number}", name)
    return number


def number_of(request: Request, name: str) -> int | None:
    """A whole number in the query, None when it is missing. Raises Refusal."""
    return whole(request.GET.get(name, "").strip(), name)


def whole(text: str, field: str) -> int | None:
    """The whole number that ``text`` says, None for no text. Raises Refusal."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refusal(422, "invalid", f"{field} must be a whole number, not {text[:40]!r}", field)
    return int(text)


def number_in(params: Mapping[str, str], name: str, default: float) -> float:
    """A number that may have a fraction; ``default`` where it is missing. Raises Refusal."""
    text = params.get(name, "").strip()
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Refusal(422, "invalid", f"{name} must be a number, not {text[:40]!r}", name)
    return number


def plan_options(request: Request) -> dict[str, Any]:
    """The options of an operation, of which a plan is asked for, as the query has them. Raises Refusal."""
    options: dict[str, Any] = {name: request.GET[name] for name in _PLAN_TEXTS if request.GET.get(name)}
    package = number_of(request, "package_id")
    if package is not None:
        options["package_id"] = package
    for name in _PLAN_SWITCHES:
        text = request.GET.get(name, "").lower()
        if text not in ("", "true", "false"):
            raise Refusal(422, "invalid", f"{name} must be true or false, not {text[:40]!r}", name)
        if text:
            options[name] = text == "true"
    return options
