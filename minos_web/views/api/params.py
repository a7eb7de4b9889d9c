"""What a request's parameters say, checked: a missing or senseless one is a 422 that names it."""

from pyramid.request import Request

from minos_web.views.errors import Refusal

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
