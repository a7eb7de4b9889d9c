"""What lists need of a request, so that a file can still be written when the request has been answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy import ColumnElement, case, false
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.views.lists.shape import Test


@dataclass(frozen=True)
class Scene:
    """A session, the console and one moment: what the makers of lines look at of a request."""

    db: Session
    console: Console
    now: float

    @classmethod
    def of(cls, request: Request) -> "Scene":
        """That of a request."""
        return cls(request.db, request.console, request.now)


def by_urgency(kind: ColumnElement[str], kinds: Sequence[str]) -> ColumnElement[int]:
    """Sorts states as they are listed: unwell first."""
    return case({one: number for number, one in enumerate(kinds)}, value=kind, else_=len(kinds))


def in_state(kind: ColumnElement[str], kinds: Sequence[str], words: dict[str, Any] | None = None) -> Test:
    """The key ``state``: one of the states by which rows are counted, or a word that their own column knows."""

    def test(value: str) -> ColumnElement[bool]:
        wanted = value.lower()
        if wanted in kinds:
            return kind == wanted
        own: ColumnElement[bool] | None = (words or {}).get(wanted)
        return own if own is not None else false()

    return test
