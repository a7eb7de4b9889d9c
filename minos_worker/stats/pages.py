"""Asks status pages of tasks. Connections are kept; each ask has an end, whatever the page does."""

import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
import urllib3

from minos_common.facts import Fact, tidied
from minos_common.verbs import FactPage, StatusPage
from minos_worker.stats import nimbus
from minos_worker.stats.facts.table import FACT_READERS
from minos_worker.stats.readers import READERS, PageFailed, Reader, Reading, pick
from minos_worker.stats.whole import EVERY_BEAN, WHOLE

MOST_BYTES = 8 * 1024 * 1024
MOST_IDLE = 256


@dataclass
class ToldFacts:
    """What a page of facts told, by kind, and when (seconds since the host's boot); ``error`` says why it told nothing."""

    page: FactPage
    at: float
    kinds: dict[str, list[Fact]] = field(default_factory=dict)
    error: str = ""


@dataclass
class Look:
    """One look at a task's pages. Without ``reading``, ``error`` says why; with it, ``seconds`` is how long its page took."""

    reading: Reading | None = None
    error: str = ""
    seconds: float = 0.0
    facts: list[ToldFacts] = field(default_factory=list)


class StatusPages:
    """May be used from any thread. For each address one connection is kept, and lent out to one at a time."""

    def __init__(self) -> None:
        self._idle: dict[str, requests.Session] = {}

    def look(self, page: StatusPage, due: Sequence[FactPage], timeout: float) -> Look:
        """Figures of the page and facts of those that are ``due``, within ``timeout`` seconds; what has one address is
        fetched once.
        """
        begin, look, bodies = time.monotonic(), Look(), dict[str, bytes]()
        try:
            look.reading = self.read(page, timeout, bodies)
            look.seconds = time.monotonic() - begin
        except PageFailed as error:
            look.error = str(error)
        look.facts = [self._facts(one, begin + timeout, bodies) for one in due]
        return look

    def _facts(self, page: FactPage, deadline: float, bodies: dict[str, bytes]) -> ToldFacts:
        told = ToldFacts(page, time.clock_gettime(time.CLOCK_BOOTTIME))
        reader = FACT_READERS.get(page.reader)
        if reader is None:
            told.error = f"this worker knows no reader {page.reader!r} of facts"
            return told
        try:
            if reader.ask is not None:
                body = reader.ask(page.address, max(deadline - time.monotonic(), 0.1))
            else:
                url = f"http://{page.address}/{page.path.lstrip('/')}"
                body = self._ask_http(url, deadline, reader.question, bodies)
            told.at = time.clock_gettime(time.CLOCK_BOOTTIME)
            found: dict[str, list[Fact]] = {kind: [] for kind in page.kinds}
            for kind, fact in reader.parse(body):
                if kind in found:
                    found[kind].append(fact)
            told.kinds = {kind: tidied(facts) for kind, facts in found.items()}
        except PageFailed as error:
            told.error = str(error)
        except Exception as error:  # a page that a reader did not expect must not hide the others
            told.error = f"{page.reader} cannot read it: {error!r}"[:200]
        return told

    def whole(self, page: StatusPage, timeout: float) -> tuple[str, bytes]:
        """All that the page tells, whatever is kept of it: the name of the reader that it is for, and the body. Raises
        PageFailed."""
        deadline = time.monotonic() + timeout
        try:
            return page.reader, self._ask_whole(page.reader, page.address, page.path, deadline)
        except PageFailed as first:
            second = READERS[page.reader].fallback if page.reader in READERS else ""
            if not second or not page.fallback_port:
                raise
            address = f"{page.address.rpartition(':')[0]}:{page.fallback_port}"
            try:
                return second, self._ask_whole(second, address, page.path, deadline)
            except PageFailed as error:
                raise PageFailed(f"{first}; {error}") from error

    def _ask_whole(self, name: str, address: str, path: str, deadline: float) -> bytes:
        if name not in WHOLE:
            raise PageFailed(f"this worker knows no reader {name!r}; known are {', '.join(WHOLE)}")
        match READERS[name].transport:
            case "word":
                return _ask_word(address, b"mntr", deadline)
            case "nimbus":
                return _ask_nimbus(address, deadline)
        if name == "hadoop-jmx":
            path = path.partition("?")[0]  # without the choice of beans
        question = EVERY_BEAN if name == "jolokia" else None
        return self._ask_http(f"http://{address}/{path.lstrip('/')}", deadline, question)

    def read(self, page: StatusPage, timeout: float, bodies: dict[str, bytes] | None = None) -> Reading:
        """Figures and texts of the page, within ``timeout`` seconds; answers are put into ``bodies``. Raises PageFailed."""
        reader = READERS.get(page.reader)
        if reader is None:
            raise PageFailed(f"this worker knows no reader {page.reader!r}; known are {', '.join(READERS)}")
        deadline = time.monotonic() + timeout
        try:
            return _picked(reader, page, self._ask(reader, page, page.address, deadline, bodies))
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

    def _ask(
        self, reader: Reader, page: StatusPage, address: str, deadline: float, bodies: dict[str, bytes] | None = None
    ) -> bytes:
        if reader.transport == "word":
            return _ask_word(address, b"mntr", deadline)
        if reader.transport == "nimbus":
            return _ask_nimbus(address, deadline)
        question = reader.question(page.keep) if reader.question else None
        return self._ask_http(f"http://{address}/{page.path.lstrip('/')}", deadline, question, bodies)

    def _ask_http(
        self, url: str, deadline: float, question: bytes | None, bodies: dict[str, bytes] | None = None
    ) -> bytes:
        if bodies is not None and question is None and url in bodies:
            return bodies[url]
        address = urlsplit(url).netloc
        try:
            session, body = _exchanged(self._idle.pop(address, None), url, question, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise PageFailed(f"{url} does not answer: {_short(error)}") from error
        if len(self._idle) < MOST_IDLE:
            self._idle[address] = session
        else:
            session.close()
        if bodies is not None and question is None:
            bodies[url] = body
        return body


def _exchanged(
    kept: requests.Session | None, url: str, question: bytes | None, deadline: float
) -> tuple[requests.Session, bytes]:
    """The answer, and the session that may be kept. The other side may have closed a kept connection: then once more."""
    for session in [*([kept] if kept else []), _new_session()]:
        try:
            return session, _exchange(session, url, question, deadline)
        except BaseException as error:
            session.close()
            if session is not kept or not isinstance(error, requests.ConnectionError):
                raise
    raise AssertionError("a new session either answers or raises")


def _exchange(session: requests.Session, url: str, question: bytes | None, deadline: float) -> bytes:
    left = max(deadline - time.monotonic(), 0.1)
    method, limits = "GET" if question is None else "POST", (min(left, 2.0), left)
    with session.request(method, url, data=question, stream=True, allow_redirects=False, timeout=limits) as answer:
        body = _body(answer, deadline)
        if answer.status_code != 200 and not body.lstrip().startswith(b"{"):
            raise PageFailed(f"{url} answers {answer.status_code} {answer.reason}")
    return body


def _new_session() -> requests.Session:
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
