"""Brings a log file to the console over HTTP: in pieces, each one checked and repeated until the console has it."""

import gzip
import secrets
from collections.abc import Callable
from typing import NamedTuple

import requests

from minos_common.verbs import LOG_PIECE
from minos_worker.keeper.outputs import Reader

TRIES = 8
"""Tries of one piece before it is given up; the pauses between them grow to 15 s."""
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 30.0


class SendFailed(Exception):
    """The console did not get the whole file; the text says why."""


class _Again(Exception):
    """Worth another try."""


class Parcel(NamedTuple):
    """Where a file goes: ``ticket`` is sent as bearer token to ``url``."""

    url: str
    ticket: str


def send(reader: Reader, parcel: Parcel, came: Callable[[int], None], wait: Callable[[float], None]) -> None:
    """Send all of ``reader``. ``came`` is told the bytes that the console has, ``wait`` sleeps between tries; both may
    raise to end the work. Raises SendFailed, WasCut, OSError.
    """
    if not parcel.url.startswith(("http://", "https://")):
        raise SendFailed(f"the console's address {parcel.url!r} is neither http nor https")
    with requests.Session() as session:
        session.trust_env = False  # a proxy of somebody's environment has no business between worker and console
        session.headers["Authorization"] = f"Bearer {parcel.ticket}"
        session.headers.update({"Content-Encoding": "gzip", "Content-Type": "application/octet-stream"})
        run, have, failures = secrets.token_hex(8), 0, 0
        while True:
            piece = reader.read(have, LOG_PIECE)
            place = {"run": run, "offset": str(have), "size": str(reader.size)}
            try:
                reached = _put(session, parcel.url, place, gzip.compress(piece, 1))
            except _Again as error:
                failures += 1
                if failures >= TRIES:
                    raise SendFailed(f"the file could not be brought to {parcel.url}: {error}") from error
                wait(min(0.5 * 2.0**failures, 15.0))
                continue
            if not have <= reached <= reader.size:
                raise SendFailed(f"the console has {reached} of {have} bytes that were sent")
            failures = 0 if reached > have else failures + 1
            have = reached
            came(have)
            if have == reader.size:
                return
            if failures >= TRIES:
                raise SendFailed(f"the console takes nothing more after {have} bytes")


def _put(session: requests.Session, url: str, place: dict[str, str], body: bytes) -> int:
    """Hand over a piece; the byte from which the console wants to go on. Raises SendFailed, _Again."""
    try:
        answer = session.put(
            url, params=place, data=body, allow_redirects=False, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)
        )
        code, said = answer.status_code, _json(answer)
    except requests.RequestException as error:
        raise _Again(str(error)) from error
    reached = said.get("next")
    if code in (200, 409) and isinstance(reached, int):
        return reached
    refusal = said.get("error")
    words = str(refusal.get("message", "")) if isinstance(refusal, dict) else ""
    if (code >= 500 and code != 507) or code in (408, 429):
        raise _Again(f"the console answers {code} {answer.reason}")
    raise SendFailed(words or f"the console answers {code} {answer.reason} to {url}")


def _json(answer: requests.Response) -> dict[str, object]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
