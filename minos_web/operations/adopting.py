"""What somebody edited on a host, taken over into the config directory: as a text to look at, nothing is saved here."""

import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from minos_web.clusterfile.edits import CannotWrite, with_values
from minos_web.clusterfile.explain import Origin
from minos_web.clusterfile.tree import cluster_path
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.operations.explaining import description_of, explained
from minos_web.store.configdir import tree_at


@dataclass
class Adopted:
    """``path`` would say ``text`` then; ``cannot`` are sentences about what stays different."""

    path: str
    text: str
    cannot: list[str] = field(default_factory=list)


def adopt(session: Session, console: Console, task: Task, name: str, on_host: str) -> Adopted:
    """The file of the config directory that has to change for ``name`` to be as it is ``on_host``.

    A raw file is replaced; of a generated one the keys that differ go into the cluster's file. Raises KeyError for a file
    that the task does not get, CannotRender.
    """
    description = description_of(session, console, task)
    raw = description.raw_files.get(name)
    if raw is not None:
        return Adopted(raw.source, on_host)
    lines = explained(session, console, task, name)
    path = cluster_path(task.cluster.service, task.cluster.name)
    found = Adopted(path, tree_at(session).read(path) or "")
    try:
        there, wanted = values_of(name, on_host), values_of(name, "".join(f"{line.text}\n" for line in lines))
    except ValueError as error:
        found.cannot.append(str(error))
        return found
    _take_over(found, name, there, wanted, _keys(name, lines))
    return found


def _take_over(found: Adopted, name: str, there: dict[str, str], wanted: dict[str, str], keys: dict[str, str]) -> None:
    for key in [key for key in wanted if key not in there]:
        found.cannot.append(
            f"{key} is gone on the host: a cluster file cannot take away a key, only give it another value"
        )
    for key, value in there.items():
        if wanted.get(key) == value:
            continue
        if key in wanted and key not in keys:
            found.cannot.append(f"{key} is made by Minos, or several lines of {name} come from one value")
            continue
        try:
            found.text = with_values(found.text, ("configuration", name), {keys.get(key, key): value})
        except CannotWrite as error:
            found.cannot.append(f"{key}: {error}")


def _keys(name: str, lines: list[Origin]) -> dict[str, str]:
    """Key in the generated file -> key in the cluster file, where a line has a value of its own."""
    keys = {}
    places = Counter(line.place for line in lines if line.place and _named(name, line.text))
    for line in lines:
        key = _named(name, line.text)
        if key and line.place and line.place.key and places[line.place] == 1:
            keys[key] = line.place.key
    return keys


def _named(name: str, line: str) -> str:
    """The key that a line of a generated file is about; empty for none."""
    if name.endswith(".xml"):
        head, found, rest = line.partition("<name>")
        return rest.partition("</name>")[0] if found and not head.strip() else ""
    key, found, _ = line.partition("=")
    return key.strip() if found and not line.lstrip().startswith("#") else ""


def values_of(name: str, text: str) -> dict[str, str]:
    """Key -> value of a generated file. Raises ValueError for a form that is not read back."""
    if name.endswith(".xml"):
        try:
            root = ET.fromstring(text)
        except ET.ParseError as error:
            raise ValueError(f"{name} is no XML on the host: {error}") from error
        return {(one.findtext("name") or "").strip(): one.findtext("value") or "" for one in root.iter("property")}
    if name.endswith((".yaml", "jaas.conf")):
        raise ValueError(f"{name} is not read back: change its values in the cluster file by hand")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    strange = [line for line in lines if "=" not in line]
    if strange:
        raise ValueError(f"a line of {name} on the host is no key=value: {strange[0]!r}")
    return {line.partition("=")[0].strip(): line.partition("=")[2].strip() for line in lines}
