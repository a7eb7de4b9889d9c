"""Asks the console and other hosts for blocks, over HTTP."""

import msgspec
import requests
import urllib3

from minos_common.archives.blocks import MOST_MANIFEST
from minos_common.verbs import PackageSource, SpreadAnswer, SpreadTold
from minos_worker.packages.fetch import FetchFailed
from minos_worker.packages.pace import Pace

CONNECT_SECONDS, SILENCE_SECONDS = 3.0, 20.0
_PIECE = 256 * 1024
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError)


class NoBlocks(Exception):
    """The console has no blocks of this package, after all."""


class NoAnswer(Exception):
    """Not now; perhaps later, or from another."""


class Busy(NoAnswer):
    """It serves others now, or has not got it yet."""


class _Gone(NoAnswer):
    """It has nothing of the kind."""


class Asking:
    """One session of requests for one package; ``pace`` is what all fetching of this host shares."""

    def __init__(self, session: requests.Session, source: PackageSource, pace: Pace) -> None:
        assert source.blocks is not None
        self._session, self._pace = session, pace
        self._url, self._sha256 = source.blocks.url, source.blocks.manifest
        self._ticket = {"Authorization": f"Bearer {source.ticket}", "Accept-Encoding": "identity"}

    def manifest(self) -> bytes:
        """The list of the package's blocks. Raises NoBlocks, NoAnswer, FetchFailed."""
        try:
            with self._get(f"{self._url}/manifest", self._ticket) as answer:
                self._judge(answer, 200)
                return self._body(answer, MOST_MANIFEST)
        except _Gone as error:
            raise NoBlocks(str(error)) from error
        except _BROKEN as error:
            raise NoAnswer(str(error)) from error

    def tell(self, told: SpreadTold) -> SpreadAnswer:
        """Tell the console what is here, and hear what to ask of whom. Raises NoBlocks, NoAnswer, FetchFailed."""
        headers = {**self._ticket, "Content-Type": "application/json"}
        try:
            with self._session.post(
                self._url,
                data=msgspec.json.encode(told),
                headers=headers,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
            ) as answer:
                self._judge(answer, 200)
                return msgspec.json.decode(answer.content, type=SpreadAnswer)
        except _Gone as error:
            raise NoBlocks(str(error)) from error
        except (*_BROKEN, msgspec.DecodeError) as error:
            raise NoAnswer(str(error)) from error

    def of_console(self, begin: int, end: int) -> bytes:
        """Bytes of the block file from the console. Raises NoBlocks, NoAnswer, FetchFailed."""
        try:
            return self._range(f"{self._url}/blocks", self._ticket, begin, end)
        except _Gone as error:
            raise NoBlocks(str(error)) from error

    def of_peer(self, url: str, begin: int, end: int) -> bytes:
        """Bytes of the block file from another host, which is shown no ticket. Raises NoAnswer."""
        try:
            return self._range(f"{url}{self._sha256}", {"Accept-Encoding": "identity"}, begin, end)
        except FetchFailed as error:
            raise NoAnswer(str(error)) from error

    def _range(self, url: str, headers: dict[str, str], begin: int, end: int) -> bytes:
        try:
            with self._get(url, {**headers, "Range": f"bytes={begin}-{end - 1}"}) as answer:
                self._judge(answer, 206)
                return self._body(answer, end - begin, exact=True)
        except _BROKEN as error:
            raise NoAnswer(str(error)) from error

    def _get(self, url: str, headers: dict[str, str]) -> requests.Response:
        return self._session.get(
            url, headers=headers, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)
        )

    def _judge(self, answer: requests.Response, wanted: int) -> None:
        code = answer.status_code
        if code == wanted:
            return
        said = f"{answer.url} answers {code} {answer.reason}"
        if code in (404, 409, 410):
            raise _Gone(said)
        if code in (416, 429, 503):
            raise Busy(said)
        if code >= 500 or code in (200, 206, 408):
            raise NoAnswer(said)
        why = {401: "the ticket is not accepted", 403: "the ticket is not accepted"}.get(code, "not expected")
        raise FetchFailed(f"the console answers {code} {answer.reason} to {answer.url}: {why}")

    def _body(self, answer: requests.Response, most: int, exact: bool = False) -> bytes:
        data = bytearray()
        while piece := answer.raw.read(_PIECE, decode_content=False):
            self._pace.take(len(piece))
            data += piece
            if len(data) > most:
                raise NoAnswer(f"{answer.url} sends more than the {most} bytes that were asked for")
        if exact and len(data) != most:
            raise NoAnswer(f"{answer.url} sent {len(data)} of {most} bytes")
        return bytes(data)
