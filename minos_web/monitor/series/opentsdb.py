"""A client of OpenTSDB's HTTP API: puts samples, asks for averages or last values of steps. It believes nobody: answers are
bounded in size and time, redirects are not followed, and the password of the address stands in no message.
"""

import gzip
import math
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import requests

from minos_web.monitor.series.port import PARTS, Sample, SeriesName, SeriesQuery
from minos_web.monitor.series.shaping import Points, level_of, samples
from minos_web.monitor.series.spelling import NOWHERE, name_from, spelt, tags_of

PATIENCE = 10.0
"""Seconds that one answer may take."""
SYNC_MILLISECONDS = 8000
"""So long OpenTSDB waits for HBase before it says that points are not kept; it must be less than our own patience."""
MOST_ANSWER = 32 * 1024**2
"""Bytes that an answer may have."""
MOST_BODY, LEAST_BODY = 1024**2, 2048
"""Bytes of a request: as many at first, then what this OpenTSDB takes; by default it refuses more than 8 KiB."""
QUIET = 30.0
"""Seconds that nobody asks again after it did not answer: a page of charts would wait for each of them."""
MOST_VALUES = 1000
"""Values of one label that are asked for by name; of more, all are asked for. OpenTSDB allows 4096."""
_LASTING = re.compile(
    r"(invalid|illegal|no such name|unknown metric|unable to parse|missing|empty|metric name|timestamp|too many tags)",
    re.I,
)
"""What is said of a point that will not be taken later either."""
_UNKNOWN_VALUE = "No such name for 'tagv'"
_UNKNOWN = "No such name for "


class Away(Exception):
    """OpenTSDB did not do what it was asked; the text says why. It may later."""


class TooLarge(Away):
    """It takes only shorter requests, or hung up, as some do then."""


class _Said(Away):
    """It answered with an error: the message alone."""


@dataclass
class Put:
    """What became of points. ``refused`` will never be taken; ``failed`` may be, later: (series, why) each."""

    refused: list[tuple[SeriesName, str]] = field(default_factory=list)
    failed: list[tuple[SeriesName, str]] = field(default_factory=list)

    def __add__(self, other: "Put") -> "Put":
        return Put(self.refused + other.refused, self.failed + other.failed)


class OpenTsdb:
    """One OpenTSDB. ``address`` is its URL without user and password."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        at = parts.netloc.rpartition("@")[2]
        self.address = f"{parts.scheme}://{at}{parts.path.rstrip('/')}"
        self._auth = (unquote(parts.username or ""), unquote(parts.password or "")) if "@" in parts.netloc else None
        self._most_body = MOST_BODY
        self._quiet_until = 0.0
        self._why_quiet = ""

    def put(self, samples: Sequence[Sample]) -> Put:
        """Hand samples over, in as many requests as it takes; returns when they are kept. What is sent twice is there
        once. Raises Away: then some may be kept, and all should be sent again.
        """
        body = gzip.compress(msgspec.json.encode([_point(one) for one in samples]), 5)
        if len(body) > self._most_body and len(samples) > 1:
            middle = len(samples) // 2
            return self.put(samples[:middle]) + self.put(samples[middle:])
        try:
            return self._put(body)
        except TooLarge:
            if len(body) <= LEAST_BODY:
                raise
            self._most_body = max(LEAST_BODY, len(body) // 2)
            return self.put(samples)

    def _put(self, body: bytes) -> Put:
        path = f"/api/put?summary&details&sync&sync_timeout={SYNC_MILLISECONDS}"
        status, text = self._asked(path, body, {"Content-Encoding": "gzip"})
        if status == 413 or (status == 400 and b"hunked request" in text):
            raise TooLarge(f"{self.address} takes only short requests ({len(body)} bytes are too many)")
        told = _read(text)
        if status in (200, 400) and isinstance(told, dict) and "failed" in told:
            return _sorted(told)
        raise Away(f"{self.address} {_why(status, told)}")

    def query(
        self, names: Collection[SeriesName], wanted: SeriesQuery, end: float, until: float
    ) -> dict[SeriesName, Points]:
        """Averages of ``wanted.step`` (for rates: last values, as monitor/series/asking takes them) of these series, from
        ``wanted.start`` until ``end``. Raises Away when that is not told at ``until`` (on the monotonic clock), and
        without a try soon after it did not answer.
        """
        now = time.monotonic()
        if now < self._quiet_until:
            raise Away(self._why_quiet)
        if self._why_quiet:
            self._quiet_until = now + QUIET  # one tries, others do not wait for it
        found: dict[SeriesName, Points] = {}
        try:
            for metric in sorted({name.metric for name in names}):
                some = {name for name in names if name.metric == metric}
                found |= self._query(metric, some, wanted, end, until)
        except _Said:
            self._why_quiet, self._quiet_until = "", 0.0
            raise
        except Away as error:
            self._why_quiet, self._quiet_until = str(error), time.monotonic() + QUIET
            raise
        self._why_quiet, self._quiet_until = "", 0.0
        return found

    def _query(
        self, metric: str, names: Collection[SeriesName], wanted: SeriesQuery, end: float, until: float
    ) -> dict[SeriesName, Points]:
        exact = True
        while True:
            body = msgspec.json.encode(_question(metric, names, wanted, end, exact))
            status, text = self._asked("/api/query", body, {}, until)
            told = _read(text)
            if status == 200 and isinstance(told, list):
                return {
                    name: points for name, points in map(_line, told) if name is not None and name in names and points
                }
            why = _why(status, told)
            if exact and _UNKNOWN_VALUE in why:
                exact = (
                    False  # a host of which it never heard: it refuses to tell of the others, unless asked like this
                )
            elif _UNKNOWN in why:
                return {}
            else:
                raise _Said(f"{self.address} {why}")

    def _asked(
        self, path: str, body: bytes, headers: Mapping[str, str], until: float | None = None
    ) -> tuple[int, bytes]:
        """Status and body of an answer. Raises Away when there is none in time, or too much of it."""
        until = until or time.monotonic() + PATIENCE
        headers = {"Content-Type": "application/json", **headers}
        try:
            with requests.Session() as session:
                session.trust_env = False  # neither a proxy nor a .netrc of whoever runs the console
                left = max(0.1, until - time.monotonic())
                with session.post(
                    self.address + path, data=body, headers=headers, auth=self._auth, allow_redirects=False,
                    stream=True, timeout=(min(3.0, left), left),
                ) as answer:  # fmt: skip
                    return answer.status_code, self._whole(answer, until)
        except requests.Timeout:
            raise Away(f"{self.address} did not answer within {PATIENCE:.0f} s") from None
        except requests.RequestException as error:
            cause = _cause(error)
            # A request that is too long for some settings is answered by hanging up.
            kind = TooLarge if isinstance(cause, ConnectionResetError | BrokenPipeError) else Away
            why = getattr(cause, "strerror", None) or str(cause)
            raise kind(f"{self.address} cannot be reached: {why[:200]}") from None

    def _whole(self, answer: requests.Response, until: float) -> bytes:
        found = bytearray()
        for piece in answer.iter_content(65536):
            found += piece
            if len(found) > MOST_ANSWER:
                raise Away(f"{self.address} answered with more than {MOST_ANSWER >> 20} MiB; ask for less at once")
            if time.monotonic() > until:
                raise Away(f"{self.address} did not end its answer within {PATIENCE:.0f} s")
        return bytes(found)


@lru_cache(maxsize=4)
def opentsdb_at(url: str) -> OpenTsdb | None:
    """The client of an address, one for all who ask, so that all know when it does not answer; None for none."""
    return OpenTsdb(url) if url else None


def _point(sample: Sample) -> dict[str, Any]:
    name, at, value = sample
    return {"metric": spelt(name.metric), "timestamp": at, "value": value, "tags": tags_of(name)}


def _question(
    metric: str, names: Collection[SeriesName], wanted: SeriesQuery, end: float, exact: bool
) -> dict[str, Any]:
    start, step = int(wanted.start), level_of(wanted.step) if wanted.rate else wanted.step
    asked: dict[str, Any] = {"metric": spelt(metric), "aggregator": "none", "filters": list(_filters(names, exact))}
    if step > 1:
        asked["downsample"] = f"{step}s-{'last' if wanted.rate else 'avg'}"
        start -= start % step
    return {"start": start, "end": max(start + 1, int(end)), "queries": [asked]}


def _filters(names: Iterable[SeriesName], exact: bool) -> Iterable[dict[str, Any]]:
    """What all of these have in common: for each label that none of them lacks, its values."""
    tags = [tags_of(name) for name in names]
    for part in PARTS:
        values = sorted({some.get(part, "") for some in tags})
        if "" not in values and values != [NOWHERE] and len(values) <= MOST_VALUES:
            told = "|".join(values) if exact else f"^(?:{'|'.join(map(re.escape, values))})$"
            kind = "literal_or" if exact else "regexp"
            yield {"type": kind, "tagk": part, "filter": told, "groupBy": False}


def _line(told: Any) -> tuple[SeriesName | None, Points]:
    """(series, its points) of one part of an answer."""
    try:
        name = name_from(told["metric"], told["tags"])
        rows = sorted((int(at), float(value)) for at, value in told["dps"].items() if math.isfinite(float(value)))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None, samples([], [])
    return name, samples([at for at, _ in rows], [value for _, value in rows])


def _sorted(told: Mapping[str, Any]) -> Put:
    """What an answer to put says of single points."""
    put = Put()
    for one in told.get("errors") or ():
        point, why = one.get("datapoint") or {}, str(one.get("error") or "")[:300]
        name = name_from(str(point.get("metric")), point.get("tags") or {})
        (put.refused if _LASTING.match(why) else put.failed).append((name or SeriesName("", ""), why))
    late = int(told.get("timeouts") or 0)
    if late or int(told.get("failed") or 0) > len(put.refused) + len(put.failed):
        raise Away(f"HBase did not keep {late or told['failed']} points in time")
    return put


def _read(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


def _why(status: int, told: Any) -> str:
    error = told.get("error") if isinstance(told, dict) else None
    said = error.get("message") if isinstance(error, dict) else None
    return f"answered with status {status}" + (f": {str(said)[:300]}" if said else "")


def _cause(error: BaseException) -> BaseException:
    """The innermost reason of a failed request: the outer ones are long and repeat the address."""
    while error.__context__ is not None:
        error = error.__context__
    return error
