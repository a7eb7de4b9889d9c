"""Rows of any table, their free texts made by ``say``: the pen with which hostile scenes are written."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Float, LargeBinary, String, Text, inspect
from sqlalchemy.orm import Session

from minos_web.models.meta import Base

Say = Callable[[], str]


class Scene:
    """Adds rows: what a test does not say is made up, a free text by ``say``."""

    def __init__(self, session: Session, say: Say) -> None:
        self.session, self.say, self.now = session, say, time.time()

    def row(self, model: type[Base], **known: Any) -> Any:
        """One row of ``model``."""
        values = dict(known)
        for attribute in inspect(model).column_attrs:
            column = attribute.columns[0]
            if attribute.key not in values and not column.primary_key and not column.foreign_keys:
                made = self._made(column)
                if made is not None:
                    values[attribute.key] = made
        found = model(**values)
        self.session.add(found)
        self.session.flush()
        return found

    def _made(self, column: Any) -> Any:
        kind = column.type
        if isinstance(kind, JSON):
            like = column.default.arg({}) if column.default is not None else None
            return {list: [self.say()], dict: {self.say(): self.say()}}.get(type(like))
        if isinstance(kind, String | Text):
            return self.say()
        if isinstance(kind, LargeBinary):
            return b""
        if column.nullable or column.default is not None:
            return None
        return self.now - 60 if isinstance(kind, Float) else 1
