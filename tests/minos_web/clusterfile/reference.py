"""Rows of the reference tables: a change of the sample files, and the facts that must come of it."""

from collections.abc import Mapping
from typing import Any

from tests.minos_web.clusterfile.conformance import Outcome
from tests.minos_web.clusterfile.samples import CATALOG, FILES

ERROR = "error"
"""Key of a row that must be refused; its value are the words that the message must have."""
SITE = ("files", "hdfs-site.xml", "properties")
DEFAULTS: dict[str, Any] = {
    "service": "hdfs",
    "cluster": "lake-pike",
    "jobs": None,
    "tasks": None,
    "commands": ["bootstrap", "start", "stop"],
    "kerberos_user": None,
    "log_level": "",
    "remote_user": "work",
    "supervisor": {
        "app_root": "/home/work/app",
        "log_root": "/home/work/log",
        "data_dirs": ["/home/work/data"],
        "package_root": "/home/work/packages",
    },
}


def check(files: Mapping[str, str], facts: Mapping[str, Any], **request: Any) -> None:
    """The facts hold for what the request makes of ``files``.

    A fact's name is ``<job>/<host id>/<instance> <path in words>``, ``sequence <command>`` or ``error``; "site" in a path
    stands for the properties of hdfs-site.xml. A request with ``data_dirs`` has hosts with these.
    """
    wanted = {**DEFAULTS, **request}
    if "data_dirs" in request:
        wanted["supervisor"] = {**DEFAULTS["supervisor"], "data_dirs": request["data_dirs"]}
    outcome = Outcome({"uses": [], "files": dict(files), "request": wanted}, {}, CATALOG)
    if ERROR in facts:
        missing = [word for word in facts[ERROR] if word not in outcome.error]
        assert outcome.error and not missing, f"{missing} is not in the error {outcome.error!r}"
        return
    assert not outcome.error, outcome.error
    for name, wanted_fact in facts.items():
        found = _fact(outcome, name)
        assert found == wanted_fact, f"{name} is {found!r}, not {wanted_fact!r}"


def _fact(outcome: Outcome, name: str) -> Any:
    first, *words = name.split()
    if first == "sequence":
        return outcome.fact([first, *words], None)
    job, host, instance = first.split("/")
    path = [*SITE, *words[1:]] if words[:1] == ["site"] else words
    return outcome.fact(path, {"job": job, "host_id": int(host), "instance_id": int(instance)})


def renamed(old: str, new: str, service: str = "hdfs", files: Mapping[str, str] = FILES) -> dict[str, str]:
    """The sample files with a cluster called ``new``, in its text and in the name of its file."""
    changed = dict(files)
    text = changed.pop(f"conf/{service}/{service}-{old}.cfg")
    changed[f"conf/{service}/{service}-{new}.cfg"] = text.replace(f"name={old}", f"name={new}", 1)
    return changed
