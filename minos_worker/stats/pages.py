"""Asks status pages of tasks. Connections are kept; each ask has an end, whatever the page does."""

import contextlib
import json
import queue
import socket
import time

import requests
import urllib3

from minos_common.verbs import StatusPage
from minos_worker.stats import nimbus
from minos_worker.stats.readers import READERS, PageFailed, Reader, Reading, pick

MOST_BYTES = 8 * 1024 * 1024


class StatusPages:
    """May be used from any thread; sessions are lent out one at a time."""

    def __init__(self) -> None:
        self._idle: queue.LifoQueue[requests.Session] = queue.LifoQueue(maxsize=32)

    def read(self, page: StatusPage, timeout: float) -> Reading:
        """Figures and texts of the page, within ``timeout`` seconds. Raises PageFailed."""
        reader = READERS.get(page.reader)
        if reader is None:
            raise PageFailed(f"this worker knows no reader {page.reader!r}; known are {', '.join(READERS)}")
        deadline = time.monotonic() + timeout
        try:
            return _picked(reader, page, self._ask(reader, page, page.address, deadline))
        except PageFailed as first:
            if not page.fallback_port or not reader.fallback:
                raise
            host = page.address.rpartition(":")[0]
            second = READERS[reader.fallback]
            try:
                body = self._ask(second, page, f"{host}:{page.fallback_port}", deadline)
                return _picked(second, page, body)
            except PageFailed as error:
                raise PageFailed(f"{first}; {error}") from error

    def _ask(self, reader: Reader, page: StatusPage, address: str, deadline: float) -> bytes:
        if reader.transport == "word":
            return _ask_word(address, b"mntr", deadline)
        if reader.transport == "nimbus":
            return _ask_nimbus(address, deadline)
        question = reader.question(page.keep) if reader.question else None
        return self._ask_http(f"http://{address}/{page.path.lstrip('/')}", deadline, question)

    def _ask_http(self, url: str, deadline: float, question: bytes | None) -> bytes:
        session = self._borrow()
        try:
            left = max(deadline - time.monotonic(), 0.1)
            method, limits = "GET" if question is None else "POST", (min(left, 2.0), left)
            with session.request(
                method, url, data=question, stream=True, allow_redirects=False, timeout=limits
            ) as answer:
                body = _body(answer, deadline)
                if answer.status_code != 200 and not body.lstrip().startswith(b"{"):
                    raise PageFailed(f"{url} answers {answer.status_code} {answer.reason}")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            session.close()
            raise PageFailed(f"{url} does not answer: {_short(error)}") from error
        with contextlib.suppress(queue.Full):
            self._idle.put_nowait(session)
        return body

    def _borrow(self) -> requests.Session:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            session = requests.Session()
            session.trust_env = False
            return session


def _picked(reader: Reader, page: StatusPage, body: bytes) -> Reading:
    keep = {reader.called(theirs): ours for theirs, ours in page.keep.items()}
    return pick(reader.parse(body), keep, page.words)


def _body(answer: requests.Response, deadline: float) -> bytes:
    """The whole body; a page that drips for ever is cut off at the deadline."""
    body = bytearray()
    while piece := answer.raw.read1(65536, decode_content=True):
        body += piece
        if len(body) > MOST_BYTES:
            raise PageFailed(f"the page is longer than {MOST_BYTES} bytes")
        if time.monotonic() > deadline:
            raise PageFailed("the page took too long")
    return bytes(body)


def _ask_word(address: str, word: bytes, deadline: float) -> bytes:
    """Answer to a four-letter word: the server closes the connection behind it."""
    host, _, port = address.rpartition(":")
    body = bytearray()
    try:
        left = max(deadline - time.monotonic(), 0.1)
        with socket.create_connection((host.strip("[]"), int(port)), timeout=min(left, 2.0)) as connection:
            connection.sendall(word)
            while len(body) < MOST_BYTES:
                connection.settimeout(max(deadline - time.monotonic(), 0.01))
                piece = connection.recv(65536)
                if not piece:
                    return bytes(body)
                body += piece
    except (OSError, ValueError) as error:
        raise PageFailed(f"{address} does not answer: {_short(error)}") from error
    raise PageFailed(f"the answer of {address} is longer than {MOST_BYTES} bytes")


def _ask_nimbus(address: str, deadline: float) -> bytes:
    try:
        return json.dumps(nimbus.ask(address, max(deadline - time.monotonic(), 0.1))).encode()
    except nimbus.NimbusFailed as error:
        raise PageFailed(str(error)) from error


def _short(error: Exception) -> str:
    """The gist of an error that quotes itself three times over."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    return str(cause)[:200] or type(cause).__name__
