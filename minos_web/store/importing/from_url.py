"""Imports a package from an address, going on after a break where it stopped."""

import time
from urllib.parse import urljoin

import requests
import urllib3

from minos_web.store.arriving import check_room, too_large
from minos_web.store.importing.addresses import check_allowed, session
from minos_web.store.importing.source import CannotImport, Order

TRIES = 5
MOST_REDIRECTS = 5
CONNECT_SECONDS, SILENCE_SECONDS = 10.0, 60.0
_PIECE = 1024 * 1024
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError)


_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (urllib3.exceptions.NameResolutionError, "its name is not known"),
    (urllib3.exceptions.ConnectTimeoutError, "it cannot be reached"),
    (urllib3.exceptions.NewConnectionError, "nobody listens there"),
    (urllib3.exceptions.ReadTimeoutError, "it fell silent"),
    (urllib3.exceptions.SSLError, "its certificate is not trusted, or it speaks no TLS"),
    (urllib3.exceptions.ProtocolError, "the connection broke"),
)


class _Again(Exception):
    """Worth another try."""


def import_url(order: Order, allowed: str, private: bool) -> None:
    """Bring what lies at the address ``order.source``. Raises CannotImport, BadPackage, OSError, what ``tell`` raises."""
    order.path.unlink(missing_ok=True)  # of which content an earlier try was nobody knows any more
    with session(private) as asking:
        failures, validator = 0, _Validator()
        while True:
            have = order.path.stat().st_size if order.path.exists() else 0
            try:
                _receive(asking, order, allowed, have, validator)
                return
            except _Again as error:
                came = order.path.exists() and order.path.stat().st_size > have
                failures = 1 if came else failures + 1
                if failures >= TRIES:
                    raise CannotImport(f"{order.source} cannot be fetched: {error}") from error
                _wait(order, 2.0**failures, str(error))


def _wait(order: Order, seconds: float, why: str) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        order.tell(order.path.stat().st_size if order.path.exists() else 0, None, f"tries again: {why}")
        time.sleep(0.2)


class _Validator:
    """What tells one content of an address from another: its ETag, or when it was changed."""

    def __init__(self) -> None:
        self.text = ""

    def learn(self, answer: requests.Response) -> None:
        """Of the answer that begins the file."""
        etag = answer.headers.get("ETag", "")
        self.text = answer.headers.get("Last-Modified", "") if not etag or etag.startswith("W/") else etag


def _receive(asking: requests.Session, order: Order, allowed: str, have: int, validator: _Validator) -> None:
    headers = {"Accept-Encoding": "identity"}
    if have and validator.text:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator.text}
    try:
        with _followed(asking, order.source, headers, allowed) as answer:
            begin = _judged(answer, have)
            if not begin:
                validator.learn(answer)
            size = _size(answer, begin)
            if size is not None and size > order.max_bytes:
                raise too_large(order.max_bytes)
            with order.path.open("ab" if begin else "wb") as file:
                _copy(answer, file.write, order, begin, size)
    except _BROKEN as error:
        raise _Again(_plain(error)) from error


def _followed(asking: requests.Session, url: str, headers: dict[str, str], allowed: str) -> requests.Response:
    """The answer behind all redirects; each of them has to be allowed as the first address."""
    for _ in range(MOST_REDIRECTS):
        check_allowed(url, allowed)
        answer = asking.get(
            url, headers=headers, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)
        )
        if not answer.is_redirect:
            return answer
        url = urljoin(url, answer.headers["Location"])
        answer.close()
    raise CannotImport(f"more than {MOST_REDIRECTS} redirects, the last to {url}")


def _judged(answer: requests.Response, have: int) -> int:
    """From which byte on it comes. Raises CannotImport, _Again."""
    code = answer.status_code
    if code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        return have
    if code == 200:
        return 0
    if code >= 500 or code in (206, 408, 416, 429):
        raise _Again(f"it answers {code} {answer.reason}")
    raise CannotImport(f"{answer.url} answers {code} {answer.reason}")


def _size(answer: requests.Response, begin: int) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return begin + int(length) if length.isdigit() else None


def _copy(answer: requests.Response, write, order: Order, have: int, size: int | None) -> None:  # type: ignore[no-untyped-def]
    while piece := answer.raw.read(_PIECE, decode_content=False):
        have += len(piece)
        if have > order.max_bytes:
            raise too_large(order.max_bytes)
        check_room(order.path.parent, len(piece), order.keep_free)
        write(piece)
        order.tell(have, size, "")
    if size is not None and have < size:
        raise _Again(f"the connection ended after {have} of {size} bytes")


def _plain(error: Exception) -> str:
    """What happened, without the words of three libraries around it."""
    cause: object = error
    while isinstance(cause, Exception):
        for kind, words in _WORDS:
            if isinstance(cause, kind):
                return words
        cause = getattr(cause, "reason", None) or (cause.args[0] if cause.args else None) or cause.__cause__
    return str(error)[:300]
