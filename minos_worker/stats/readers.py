"""Status pages made into figures. PURE: bytes in, figures and texts out. The catalog names readers by this table."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

_JARS = re.compile(r"/(hbase-common|hadoop-yarn-common)-(\d[\w.-]*?)(?:-tests)?\.jar")
"""Where daemons that tell no version on their page name it all the same: in the class path that they run with."""
_COUNTED = re.compile(r"(.+)\[(\w+)=(.*)\]")


class PageFailed(Exception):
    """A status page that did not answer, or said that it cannot tell; the text says why."""


class Reading(NamedTuple):
    """Figures and texts of a page, under our names."""

    figures: dict[str, float]
    texts: dict[str, str]


class Reader(NamedTuple):
    """``transport`` is how the page is asked: "http", "word" for a four-letter word over TCP, or "nimbus" for Storm's Thrift,
    which needs no parsing. ``fallback`` names
    the reader to use on the page's second port when the first does not answer. ``question`` makes the body of a POST
    from the names that are kept; ``called`` is how the answer calls a name of the question."""

    transport: str
    parse: Callable[[bytes], dict[str, Any]]
    fallback: str = ""
    question: Callable[[Iterable[str]], bytes] | None = None
    called: Callable[[str], str] = str


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
    "Memory.HeapMemoryUsage.used" for one of java's own with parts; "Runtime.hbase-common" is the version of that jar in the
    class path. Lists are left out. Raises PageFailed."""
    try:
        beans = json.loads(body)["beans"]
        named = [(bean_name(str(bean["name"])), bean) for bean in beans]
    except (ValueError, KeyError, TypeError) as error:
        raise PageFailed(f"the page is not that of a Hadoop daemon's beans: {error!r}"[:200]) from error
    values: dict[str, Any] = {}
    for name, bean in named:
        for attribute, value in bean.items():
            parts = value.items() if isinstance(value, dict) else [("", value)]
            for part, one in parts:
                if isinstance(one, int | float | str | bool):
                    values[f"{name}.{attribute}.{part}" if part else f"{name}.{attribute}"] = one
    values.update(_without_own_names(named))
    is_active = values.get("Master.Server.tag.isActiveMaster")
    if is_active is not None:  # HBase says yes or no where others say their role
        values["Master.Server.role"] = "active" if is_active == "true" else "backup"
    for jar, version in _JARS.findall(str(values.get("Runtime.ClassPath", ""))):
        values[f"Runtime.{jar}"] = version
    return values


_OWN_NAMES = re.compile(r"(RpcActivity)ForPort(\d+)|(DataNodeActivity|Journal)-(.+)")
"""Beans whose names hold a port, an address or a name service: where each daemon calls it otherwise."""


def _without_own_names(named: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """The same figures under names that every daemon has: "RpcActivity.…" is the RPC server of the lowest port, the one that
    clients ask, "DataNodeActivity.…" and "Journal.…" the first of their kind."""
    matched = [(match, bean) for name, bean in named if (match := _OWN_NAMES.fullmatch(name))]
    found = [(match[1] or match[3], int(match[2] or 0), match[4] or "", bean) for match, bean in matched]
    found.sort(key=lambda one: one[:3])
    values: dict[str, Any] = {}
    for kind, _, _, bean in reversed(found):  # the first is written last
        values |= {f"{kind}.{name}": value for name, value in bean.items() if isinstance(value, int | float)}
    return values


def bean_name(text: str) -> str:
    """ "FSNamesystem" of "Hadoop:service=NameNode,name=FSNamesystem", "Memory" of "java.lang:type=Memory"."""
    pairs = dict(pair.partition("=")[::2] for pair in text.partition(":")[2].split(","))
    names = [pairs[key] for key in ("name", "sub", "q1", "q2", "user") if key in pairs]
    return ".".join(names) or pairs.get("type", "")


def jolokia_question(names: Iterable[str]) -> bytes:
    """What Jolokia is asked, all at once: names are "<bean>/<attribute>" or "<bean>/<attribute>/<part>"."""
    return json.dumps([_jolokia_read(name) for name in names]).encode()


def _jolokia_read(name: str) -> dict[str, str]:
    bean, _, rest = name.partition("/")
    attribute, _, part = rest.partition("/")
    return {"type": "read", "mbean": bean, "attribute": attribute} | ({"path": part} if part else {})


def jolokia_called(name: str) -> str:
    """The same name as Jolokia's answer has it: the keys of a bean in the order of the alphabet."""
    bean, slash, rest = name.partition("/")
    domain, colon, keys = bean.partition(":")
    return f"{domain}{colon}{','.join(sorted(keys.split(',')))}{slash}{rest}"


def jolokia(body: bytes) -> dict[str, Any]:
    """Values that Jolokia tells, called as ``jolokia_called`` says; of a bean with a star in its name the sum. Beans that are
    not there are left out. Raises PageFailed."""
    try:
        answers = json.loads(body)
        told = [(one["request"], one["value"]) for one in answers if one["status"] == 200]
    except (ValueError, KeyError, TypeError) as error:
        raise PageFailed(f"the page is not that of a Jolokia agent: {error!r}"[:200]) from error
    values: dict[str, Any] = {}
    for request, value in told:
        names = (request["mbean"], request["attribute"], *([request["path"]] if request.get("path") else []))
        values[jolokia_called("/".join(names))] = _sum(value) if "*" in request["mbean"] else value
    return values


def page_object(body: bytes) -> dict[str, Any]:
    """A page that is a JSON object. Raises PageFailed."""
    try:
        page = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PageFailed(f"the page is no JSON: {error}"[:200]) from error
    if not isinstance(page, dict):
        raise PageFailed("the page is no JSON object")
    return page


def plain_json(body: bytes) -> dict[str, Any]:
    """Values of any page that is a JSON object, called by their path: "memory.used", lists by number: "disks.0.free".
    Raises PageFailed."""
    page = page_object(body)
    values: dict[str, Any] = {}
    rest: list[tuple[str, Any]] = [("", page)]
    while rest:
        name, value = rest.pop()
        if isinstance(value, dict | list):
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            rest += [(f"{name}.{key}" if name else str(key), one) for key, one in parts]
        else:
            values[name] = value
    return values


_SAMPLE = re.compile(r"([A-Za-z_:][\w:]*(?:\{[^}]*\})?)\s+(\S+)")


def prometheus(body: bytes) -> dict[str, Any]:
    """Samples of a page in Prometheus' text format, called as they stand there: ``up`` or ``jobs{state="on"}``; under the
    name alone the sum over all labels. Raises PageFailed."""
    values: dict[str, Any] = {}
    for line in body.decode(errors="replace").splitlines():
        match = _SAMPLE.match(line)
        number = as_number(match[2]) if match else None
        if match is None or number is None:
            continue
        values[match[1]] = number
        name, labelled, _ = match[1].partition("{")
        if labelled:
            values[name] = values.get(name, 0.0) + number
    if not values:
        raise PageFailed("the page has no sample in Prometheus' text format")
    return values


READERS: dict[str, Reader] = {
    "zookeeper-admin": Reader("http", zookeeper_admin, fallback="zookeeper-mntr"),
    "zookeeper-mntr": Reader("word", zookeeper_mntr),
    "hadoop-jmx": Reader("http", hadoop_jmx),
    "json": Reader("http", plain_json),
    "prometheus": Reader("http", prometheus),
    "storm-nimbus": Reader("nimbus", json.loads),
    "jolokia": Reader("http", jolokia, question=jolokia_question, called=jolokia_called),
}


def _sum(beans: Any) -> float:
    found = [one for bean in beans.values() for one in bean.values()] if isinstance(beans, dict) else []
    return sum(one for one in found if isinstance(one, int | float))


NO_WORDS: Mapping[str, Mapping[str, str]] = {}


def pick(values: dict[str, Any], keep: dict[str, str], words: Mapping[str, Mapping[str, str]] = NO_WORDS) -> Reading:
    """Figures and texts under our names; an empty ``keep`` keeps every number under the page's own name.

    What ``words`` has a name for is a text. A kept name such as ``List[Key=word]`` counts the parts of a list (or of its JSON) that have this word there.
    """
    figures: dict[str, float] = {}
    texts: dict[str, str] = {}
    names = keep or {name: name for name in values}
    for theirs, ours in names.items():
        value = _value(values, theirs)
        number = as_number(value)
        called = words.get(ours, {}).get("" if number is None else f"{number:g}")
        if called is not None:
            texts[ours] = called
        elif number is not None:
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


def as_number(value: Any) -> float | None:
    """A finite number, also from its text; truth values count as 0 and 1."""
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
