"""How tasks run, as the cluster file says: their limits, and whether they come back after a reboot of their host.

The keys may stand in ``[cluster]`` and in the section of a job, where they count for that job alone. The original knew
none of them.
"""

import re
from dataclasses import dataclass

from minos_common.verbs import LEAST_NOFILE, UNLIMITED
from minos_web.clusterfile.document import Table, Value
from minos_web.clusterfile.inherit import load_document
from minos_web.clusterfile.problems import Place, Problem, error_at
from minos_web.clusterfile.tree import ConfigTree

KEYS = ("limit_nofile", "limit_core", "start_at_boot")
_MOST = 2**63 - 1
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Running:
    """``limit_nofile`` open files and ``limit_core`` bytes of a core dump; None: as the host's worker.ini says.

    ``places`` tells where each key is written; a key that is written nowhere is not in it.
    """

    limit_nofile: int | None
    limit_core: int | None
    start_at_boot: bool
    places: dict[str, Place]


BY_DEFAULT = Running(None, None, True, {})


class _Bad(ValueError):
    """Why a value cannot be taken."""


def read_running(job: Table, cluster: Table) -> tuple[Running, list[Problem]]:
    """What counts for a job, and what is wrong with its keys and those of ``[cluster]``."""
    found: dict[str, int | bool] = {}
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    for table in (cluster, job):
        for key in KEYS:
            value = table.values.get(key)
            if value is None:
                continue
            try:
                found[key] = _read(key, value)
            except _Bad as bad:
                problems.append(error_at(value.place, str(bad)))
            places[key] = value.place
    return (
        Running(found.get("limit_nofile"), found.get("limit_core"), bool(found.get("start_at_boot", True)), places),
        problems,
    )


def running_jobs(tree: ConfigTree, path: str) -> dict[str, Running]:
    """Job -> how its tasks run, of the cluster file at ``path``; reads nothing but that and its bases.

    What is wrong with the file is left out here: it is told where the file is checked.
    """
    document, _problems = load_document(tree, path)
    cluster = document.tables.get("cluster")
    if cluster is None:
        return {}
    tables = {name: document.tables.get(name) for name in cluster.text("jobs").split()}
    return {name: read_running(table, cluster)[0] for name, table in tables.items() if table is not None}


def _read(key: str, value: Value) -> int | bool:
    if value.problem:
        raise _Bad(value.problem)
    text = value.text if isinstance(value.text, str) else ",".join(value.text)
    if key == "start_at_boot":
        if text.lower() not in _WORDS:
            raise _Bad(f"start_at_boot {text!r} is neither yes nor no")
        return _WORDS[text.lower()]
    if key == "limit_core" and text == "unlimited":
        return UNLIMITED
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > _MOST:
        also = "; without the key it is as the host says" if key == "limit_nofile" else " of bytes, nor unlimited"
        raise _Bad(f"{key} {text!r} is not a whole number{also}")
    if key == "limit_nofile" and int(text) < LEAST_NOFILE:
        raise _Bad(f"limit_nofile {text} is too few for any service: at least {LEAST_NOFILE}")
    return int(text)
