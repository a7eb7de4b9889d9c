"""``[cluster]``: name, version, jobs and the attributes that ``%{cluster.X}`` can ask for."""

import difflib
import re
from collections.abc import Iterable

from minos_common import names
from minos_web.catalog.description import Service
from minos_web.clusterfile.document import Table
from minos_web.clusterfile.problems import Place, Problem, error_at, warning_at
from minos_web.clusterfile.running import KEYS as RUNNING_KEYS

_NAME = re.compile(r"(?:([a-z0-9]+)-)?[a-z0-9]+")
REQUIRED_KEYS = ("name", "version", "jobs")
ORIGINAL_REALM = "XIAOMI.NET"
OPTIONAL_KEYS = {
    "kerberos_realm": ORIGINAL_REALM,
    "kerberos_username": "",
    "ganglia_address": "",
    "package_name": "",
    "revision": "",
    "timestamp": "",
    "log_level": "info",
    "description": "",
}
PIN_KEYS = ("package_name", "revision", "timestamp")


def zookeeper_part(name: str) -> str:
    """The part of a cluster name that names its ZooKeeper cluster; empty when there is none."""
    match = _NAME.match(name)
    return (match.group(1) or "") if match else ""


def read_head(
    table: Table, asked: str, service: Service, referable: Iterable[str]
) -> tuple[dict[str, str], list[Problem]]:
    """Attributes of a cluster (``jobs`` as written) and what is wrong with them.

    ``asked`` is the name under which the file was found; ``referable`` are the services for which there is a key
    ``<service>_cluster``.
    """
    problems = list(table.problems())
    attributes = {**OPTIONAL_KEYS, **{f"{other}_cluster": "" for other in referable}}
    for key in REQUIRED_KEYS:
        if key not in table.values:
            problems.append(error_at(table.place, f"{key}= is missing; [cluster] needs {', '.join(REQUIRED_KEYS)}"))
    for key, value in table.values.items():
        if key in RUNNING_KEYS or (key == "artifact" and service.described_in_file):
            continue  # no attributes: they are read with the jobs, whose tasks they are about
        if key not in attributes and key not in REQUIRED_KEYS:
            known = [*REQUIRED_KEYS, *attributes, *RUNNING_KEYS]
            problems.append(warning_at(value.place, f"{key} is not used{_suggestion(key, known)}"))
        elif isinstance(value.text, str):
            attributes[key] = value.text
            if "%{" in value.text:
                problems.append(
                    warning_at(value.place, "values of [cluster] are taken literally: %{...} stays as it is")
                )
        else:
            problems.append(error_at(value.place, _list_message(key)))
    problems += _check_name(table, attributes.get("name", ""), asked, service)
    problems += _check_pin(table)
    attributes["zk_cluster"] = zookeeper_part(attributes.get("name", ""))
    return attributes, problems


def _suggestion(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    return f" (did you mean {near[0]}?)" if near else " and cannot be referred to"


def _list_message(key: str) -> str:
    if key == "jobs":
        return "jobs= is separated by blanks, not by commas"
    return f"{key} holds a comma outside of quotes; put the value into double quotes"


def _check_name(table: Table, name: str, asked: str, service: Service) -> Iterable[Problem]:
    value = table.values.get("name")
    if value is None or value.problem or not isinstance(value.text, str):
        return  # told already
    place = value.place
    if name != asked:
        yield error_at(place, f"the name is {name!r}, but the file is that of cluster {asked!r}")
    if not name:
        return
    match = _NAME.match(name)
    if not match:
        yield error_at(place, f"{name!r} is not a legal name: it begins with a lower case letter or a digit")
        return
    try:
        names.check("cluster", name)
    except names.BadName as bad:
        yield error_at(place, str(bad))
        return
    if match.end() != len(name) and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name):
        yield warning_at(place, f"{name!r}: names are made of lower case letters and digits, with one dash")
    part = zookeeper_part(name)
    if service.cluster_name == "with-zookeeper" and not part:
        yield error_at(
            place, f"{name!r} names no zookeeper cluster: {service.name} clusters are called <zookeeper cluster>-<name>"
        )
    if service.cluster_name == "plain" and part:
        yield error_at(place, f"{name!r} has a dash: a {service.name} cluster does not depend on another one")


def _check_pin(table: Table) -> Iterable[Problem]:
    given = [key for key in PIN_KEYS if table.text(key)]
    if given and len(given) < len(PIN_KEYS):
        place: Place = table.values[given[0]].place
        missing = ", ".join(key for key in PIN_KEYS if key not in given)
        yield warning_at(place, f"a package is pinned only by all three keys; {missing} is missing, so none is used")
