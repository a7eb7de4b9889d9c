"""Fetches a package over HTTP to a file, hashing while it comes, going on after a break where it stopped."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import urllib3

from minos_common.verbs import PackageSource

TRIES = 8
"""Tries in a row that may bring nothing; one that brings bytes begins the count anew."""
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 20.0
_CHUNK = 256 * 1024


class FetchFailed(Exception):
    """The package did not come as it should; the text says why."""


class _Again(Exception):
    """Worth another try."""


def fetch(source: PackageSource, part: Path, check: Callable[[int], None], wait: Callable[[float], None]) -> None:
    """Leave exactly the bytes of ``source`` in ``part``; bytes already there are kept when they fit.

    ``check`` is called with the bytes so far and may raise to end the work; ``wait`` sleeps between tries, and may
    raise as well. On failure ``part`` is removed. Raises FetchFailed.
    """
    if not source.url.startswith(("http://", "https://")):
        raise FetchFailed(f"the package's address {source.url!r} is neither http nor https")
    try:
        _fetch(source, part, check, wait)
    except OSError as error:
        _drop(part)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FetchFailed(f"no space left for the package ({source.size} bytes) below {part.parent}") from error
        raise FetchFailed(f"the package cannot be written: {error}") from error
    except BaseException:
        _drop(part)
        raise


def _fetch(source: PackageSource, part: Path, check: Callable[[int], None], wait: Callable[[float], None]) -> None:
    failures = 0
    with requests.Session() as session:
        session.trust_env = False  # a proxy of somebody's environment has no business between worker and console
        while True:
            digest, have = _hash_of(part)
            if have >= source.size:
                break
            try:
                _receive(session, source, part, digest, check)
                break
            except _Again as error:
                failures = 1 if part.exists() and part.stat().st_size > have else failures + 1
                if failures >= TRIES:
                    raise FetchFailed(f"the package could not be fetched from {source.url}: {error}") from error
                wait(min(0.5 * 2.0**failures, 15.0))
    digest, have = _hash_of(part)
    if have != source.size:
        raise FetchFailed(f"the package has {have} bytes, but {source.size} were announced")
    if digest.hexdigest() != source.package.sha256.lower():
        raise FetchFailed(
            f"the package's SHA-256 is {digest.hexdigest()}, but {source.package.sha256} was announced: nothing was unpacked"
        )


def _receive(
    session: requests.Session, source: PackageSource, part: Path, digest: Any, check: Callable[[int], None]
) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"Authorization": f"Bearer {source.ticket}", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        with session.get(
            source.url,
            headers=headers,
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
        ) as answer:
            appends = _judge(answer, source, have)
            with part.open("ab" if appends else "wb") as file:
                _copy(answer, file.write, source, have if appends else 0, check)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _Again(str(error)) from error


def _judge(answer: requests.Response, source: PackageSource, have: int) -> bool:
    """Whether the answer continues what is there (True) or begins anew. Raises FetchFailed, _Again."""
    code = answer.status_code
    if code == 206 and have:
        begins = answer.headers.get("Content-Range", "").removeprefix("bytes ").split("-")[0].strip()
        if begins == str(have):
            return True
        raise FetchFailed(f"the console continues the package at byte {begins or '?'}, but {have} was asked for")
    if code == 200:
        length = answer.headers.get("Content-Length")
        if length is not None and length.isdigit() and int(length) != source.size:
            raise FetchFailed(f"the console offers {length} bytes, but {source.size} were announced")
        return False
    if code >= 500 or code in (408, 429):
        raise _Again(f"the console answers {code} {answer.reason}")
    why = {401: "the ticket is not accepted", 403: "the ticket is not accepted", 404: "there is no such package"}
    raise FetchFailed(f"the console answers {code} {answer.reason} to {source.url}: {why.get(code, 'not expected')}")


def _copy(
    answer: requests.Response,
    write: Callable[[bytes], object],
    source: PackageSource,
    have: int,
    check: Callable[[int], None],
) -> None:
    while True:
        piece = answer.raw.read1(_CHUNK, decode_content=False)
        if not piece:
            break
        have += len(piece)
        if have > source.size:
            raise FetchFailed(f"the console sends more than the {source.size} bytes announced")
        write(piece)
        check(have)
    if have < source.size:
        raise _Again(f"the connection ended after {have} of {source.size} bytes")


def _hash_of(part: Path) -> tuple[Any, int]:
    """(SHA-256 so far, bytes) of what is there."""
    digest, have = hashlib.sha256(), 0
    with contextlib.suppress(FileNotFoundError), part.open("rb") as file:
        while piece := file.read(1024 * 1024):
            digest.update(piece)
            have += len(piece)
        os.fsync(file.fileno())
    return digest, have


def _drop(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink()
