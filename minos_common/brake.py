"""What the emergency brake stops, and in which words. PURE: console and workers ask the same question of the same truth."""

from minos_common.words import Brake, TaskName

FREEZES = frozenset(
    {
        "prepare",
        "bring",
        "keep-keytabs",
        "start",
        "stop",
        "kill",
        "clean",
        "clear-log",
        "client",
        "client-input",
        "upgrade",
    }
)
"""Verbs that change something of a cluster. An upgrade of the worker itself is frozen with all clusters only."""
PASSES = frozenset(
    {
        "show",
        "preflight",
        "probe",
        "list-logs",
        "read-log",
        "search-log",
        "send-log",
        "read-files",
        "read-page",
        "rotate-key",
    }
)
"""Questions, and the change of a worker's key, which touches no cluster and may be what is most needed then."""


def is_pulled(brake: Brake) -> bool:
    """Whether anything at all is frozen."""
    return bool(brake.everything or brake.clusters)


def why_frozen(brake: Brake, verb: str, task: TaskName | None) -> str:
    """Why a verb is not carried out for a task (None: it is about the host) now; empty when it may be."""
    if verb in PASSES:
        return ""
    if brake.everything:
        return brake.everything
    if task is None:
        return ""
    at = (task.service, task.cluster)
    return next((one.why for one in brake.clusters if (one.service, one.cluster) == at), "")
