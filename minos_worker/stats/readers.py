"""Status pages made into figures. PURE: bytes in, figures and texts out. The catalog names readers by this table."""

import json
import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

_COUNTED = re.compile(r"(.+)\[(\w+)=(.*)\]")


class PageFailed(Exception):
    """A status page that did not answer, or said that it cannot tell; the text says why."""


class Reading(NamedTuple):
    """Figures and texts of a page, under our names."""

    figures: dict[str, float]
    texts: dict[str, str]


class Reader(NamedTuple):
    """``transport`` is how the page is asked: "http", or "word" for a four-letter word over TCP. ``fallback`` names
    the reader to use on the page's second port when the first does not answer."""

    transport: str
    parse: Callable[[bytes], dict[str, Any]]
    fallback: str = ""


def zookeeper_admin(body: bytes) -> dict[str, Any]:
    """Values of ZooKeeper's ``/commands/monitor``, names as there ("znode_count"). Raises PageFailed."""
    try:
        page = json.loads(body)  # the library's own, because Java writes NaN, which is no JSON
    except ValueError as error:
        raise PageFailed(f"the admin page is no JSON: {error}") from error
    if not isinstance(page, dict):
        raise PageFailed("the admin page is no JSON object")
    if page.get("error"):
        raise PageFailed(str(page["error"])[:200])
    return {name: value for name, value in page.items() if name not in ("command", "error")}


def zookeeper_mntr(body: bytes) -> dict[str, Any]:
    """Values of the four-letter word ``mntr``, without the "zk_" in front, so that they are called as on the admin
    page. Raises PageFailed, also for the answers that a server gives instead of figures."""
    text = body.decode(errors="replace")
    values: dict[str, Any] = {}
    for line in text.splitlines():
        name, tab, value = line.partition("\t")
        if tab and name.startswith("zk_"):
            values[name.removeprefix("zk_")] = value.strip()
    if not values:
        raise PageFailed(text.strip()[:200] or "mntr was answered with nothing")
    return values


def hadoop_jmx(body: bytes) -> dict[str, Any]:
    """Values of ``/jmx`` of a Hadoop or HBase daemon, called "<bean>.<attribute>": "FSNamesystem.MissingBlocks" for the
    bean "Hadoop:service=NameNode,name=FSNamesystem", "Master.Server.clusterRequests" where the bean has a sub-name,
    "Memory.HeapMemoryUsage.used" for one of java's own with parts. Lists are left out. Raises PageFailed."""
    try:
        beans = json.loads(body)["beans"]
        named = [(_bean_name(str(bean["name"])), bean) for bean in beans]
    except (ValueError, KeyError, TypeError) as error:
        raise PageFailed(f"the page is not that of a Hadoop daemon's beans: {error!r}"[:200]) from error
    values: dict[str, Any] = {}
    for name, bean in named:
        for attribute, value in bean.items():
            parts = value.items() if isinstance(value, dict) else [("", value)]
            for part, one in parts:
                if isinstance(one, int | float | str | bool):
                    values[f"{name}.{attribute}.{part}" if part else f"{name}.{attribute}"] = one
    is_active = values.get("Master.Server.tag.isActiveMaster")
    if is_active is not None:  # HBase says yes or no where others say their role
        values["Master.Server.role"] = "active" if is_active == "true" else "backup"
    return values


def _bean_name(text: str) -> str:
    """ "FSNamesystem" of "Hadoop:service=NameNode,name=FSNamesystem", "Memory" of "java.lang:type=Memory"."""
    pairs = dict(pair.partition("=")[::2] for pair in text.partition(":")[2].split(","))
    names = [pairs[key] for key in ("name", "sub", "q1", "q2", "user") if key in pairs]
    return ".".join(names) or pairs.get("type", "")


READERS: dict[str, Reader] = {
    "zookeeper-admin": Reader("http", zookeeper_admin, fallback="zookeeper-mntr"),
    "zookeeper-mntr": Reader("word", zookeeper_mntr),
    "hadoop-jmx": Reader("http", hadoop_jmx),
}


def pick(values: dict[str, Any], keep: dict[str, str]) -> Reading:
    """Figures and texts under our names; an empty ``keep`` keeps every number under the page's own name.

    A kept name such as ``List[Key=word]`` counts the parts of a list (or of its JSON) that have this word there.
    """
    figures: dict[str, float] = {}
    texts: dict[str, str] = {}
    names = keep or {name: name for name in values}
    for theirs, ours in names.items():
        value = _value(values, theirs)
        number = _number(value)
        if number is not None:
            figures[ours] = number
        elif keep and isinstance(value, str):
            texts[ours] = value[:200]
    return Reading(figures, texts)


def _value(values: dict[str, Any], name: str) -> Any:
    counted = _COUNTED.match(name)
    if counted is None:
        return values.get(name)
    listed = values.get(counted[1])
    if not isinstance(listed, str):
        return None
    try:
        parts = json.loads(listed)
    except ValueError:
        return None
    if not isinstance(parts, list):
        return None
    return sum(isinstance(part, dict) and str(part.get(counted[2])) == counted[3] for part in parts)


def _number(value: Any) -> float | None:
    """A finite number, also from its text; truth values count as 0 and 1."""
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
