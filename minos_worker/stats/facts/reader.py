"""What a reader of facts is, and what several of them need. PURE."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from minos_common.facts import Fact
from minos_worker.stats.readers import PageFailed

Told = tuple[str, Fact]
"""A kind, and a fact of it."""


class FactReader(NamedTuple):
    """``parse`` makes the facts of a page's bytes, and raises PageFailed when they are not such a page. ``question`` is the
    body of a POST, where the page wants one. ``ask`` fetches the bytes from ("host:port", within seconds) where that is not
    done over HTTP.
    """

    parse: Callable[[bytes], Iterable[Told]]
    question: bytes | None = None
    ask: Callable[[str, float], bytes] | None = None


def json_page(body: bytes) -> Any:
    """The page's JSON. Raises PageFailed."""
    try:
        return json.loads(body)  # the library's own, because Java writes NaN, which is no JSON
    except (ValueError, RecursionError) as error:
        raise PageFailed(f"the page is no JSON: {error}"[:200]) from error


def hadoop_beans(body: bytes) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Each bean of a ``/jmx``: the keys of its name ({"service": "HBase", "name": "Master", "sub": "Server"}) and its
    attributes. Raises PageFailed.
    """
    page = json_page(body)
    try:
        for bean in page["beans"]:
            keys = str(bean["name"]).partition(":")[2].split(",")
            yield dict(key.partition("=")[::2] for key in keys), bean
    except (KeyError, TypeError, AttributeError) as error:
        raise PageFailed(f"the page is not that of a Hadoop daemon's beans: {error!r}"[:200]) from error


def numbers(values: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, float]:
    """Our name -> number, for each of ``named`` (theirs -> ours) that is there and is one; truth values count as 0 and 1."""
    found = {}
    for theirs, ours in named.items():
        value = values.get(theirs)
        if isinstance(value, int | float):
            found[ours] = float(value)
    return found


def texts(values: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, str]:
    """Our name -> text, for each of ``named`` (theirs -> ours) that is there."""
    return {ours: str(values[theirs]) for theirs, ours in named.items() if values.get(theirs) not in (None, "")}
