"""Messages over the many services that Apprise knows. It is loaded when first needed: it takes a while."""

import logging
from typing import Any

from minos_web.notify.outcome import NotTaken, keep_out_of_logs, one_line, scrubbed

_KINDS = {"problem": "failure", "crash": "failure", "unknown": "warning", "flapping": "warning", "recovery": "success"}


def understands(url: str) -> bool:
    """Whether Apprise makes sense of an address; nothing is sent."""
    return _server(url) is not None


def push(url: str, title: str, body: str, kind: str) -> str:
    """Send over it, and say what it said. Raises NotTaken."""
    server = _server(url)
    if server is None:
        raise NotTaken("Apprise does not understand its address (any more)")
    with _Listening() as heard:
        try:
            taken = server.notify(title=title, body=body, notify_type=_KINDS.get(kind, "info"), body_format="text")
        except Exception as error:  # of a hundred services, each with a library of its own
            raise NotTaken(f"Apprise: {scrubbed(str(error) or type(error).__name__, url)}", away=True) from None
    if not taken:
        raise NotTaken(f"Apprise: {scrubbed(heard.said() or 'it was not sent', url)}", away=True)
    return "taken"


def _server(url: str) -> Any:
    import apprise

    keep_out_of_logs()
    logging.getLogger("apprise").propagate = False  # its lines may hold addresses, which no log of ours should
    with _Listening():
        return apprise.Apprise.instantiate(url, suppress_exceptions=True)


class _Listening(logging.Handler):
    """Hears why Apprise did not send: it tells its log alone. Others may send at the same time, each in a thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = logging.makeLogRecord({}).thread
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of this thread."""
        if record.thread == self._thread:
            self._lines.append(one_line(record.getMessage()))

    def said(self) -> str:
        """All of it."""
        return "; ".join(dict.fromkeys(self._lines))[:300]

    def __enter__(self) -> "_Listening":
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)
