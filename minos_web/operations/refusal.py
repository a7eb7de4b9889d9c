"""Why a wish is not carried out."""

from typing import Any


class Refused(Exception):
    """``code`` for programs, ``message`` for people with the way out, ``field`` of the form it is about (or empty),
    ``errors`` of a cluster file as {level, file, line, section, key, message}.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field
        self.errors: list[dict[str, Any]] = []


class Busy(Refused):
    """Another operation is open on the same cluster, or on the workers."""

    def __init__(self, operation_id: int, what: str = "") -> None:
        text = f"operation {operation_id} is still open on {what or 'this cluster'}; wait for it or cancel it"
        super().__init__("busy", text)
        self.operation_id = operation_id
