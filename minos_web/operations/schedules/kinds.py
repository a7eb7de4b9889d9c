"""What can be done at certain times: a small table of kinds, each with its typed arguments, its beginning and its end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.schedules import Occurrence
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules import commands, own_work, performing, quota_round
from minos_web.operations.schedules.work import Begun, Person, Progress, Work
from minos_web.operations.wish import NewOperation


@dataclass(frozen=True)
class Kind:
    """``cluster`` says whether it is of one: needed, none, or may (all when none is named). ``service``: of clusters of that
    one only. ``check`` looks at the arguments before they are kept, ``begin`` begins, ``follow`` says how far it is, ``words``
    what it does, in words.
    """

    title: str
    arguments: type[msgspec.Struct]
    check: Callable[[Work, Any], None]
    begin: Callable[[Work, Any], Begun]
    follow: Callable[[Session, Console, Occurrence, float], Progress]
    words: Callable[[Any], str]
    cluster: str = "needed"
    service: str = ""


KINDS: dict[str, Kind] = {
    "operation": Kind(
        "Operation",
        NewOperation,
        performing.check,
        performing.begin,
        performing.follow,
        performing.words,
    ),
    "check": Kind(
        "Ask every task how it is",
        performing.CheckArguments,
        performing.check_selection,
        performing.begin_check,
        performing.follow,
        performing.check_words,
    ),
    "row-count": Kind(
        "Count the rows of a table",
        commands.RowCountArguments,
        commands.check_table,
        commands.begin_count,
        commands.follow_count,
        commands.count_words,
        service="hbase",
    ),
    "command": Kind(
        "Client command",
        commands.CommandArguments,
        commands.check_command,
        commands.begin_command,
        commands.follow_command,
        commands.command_words,
    ),
    "quota-round": Kind(
        "Read the quotas",
        quota_round.QuotaArguments,
        quota_round.check_round,
        quota_round.begin_round,
        quota_round.follow_round,
        quota_round.round_words,
        service="hdfs",
    ),
    "package-integrity": Kind(
        "Look whether packages are still what they were",
        own_work.NoArguments,
        own_work.check_integrity,
        own_work.begin_integrity,
        own_work.follow_integrity,
        own_work.integrity_words,
        cluster="none",
    ),
    "report": Kind(
        "Report",
        own_work.ReportArguments,
        own_work.check_report,
        own_work.begin_report,
        own_work.follow_report,
        own_work.report_words,
        cluster="may",
    ),
}


def kind_of(name: str) -> Kind:
    """The kind of this name. Raises Refused."""
    found = KINDS.get(name)
    if found is None:
        raise Refused("bad-option", f"kind is one of {', '.join(KINDS)}, not {name[:40]!r}", "kind")
    return found


def arguments_of(kind: Kind, given: dict[str, Any]) -> Any:
    """Arguments with their types. Raises Refused."""
    try:
        return msgspec.convert(given, type=kind.arguments)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"arguments of {kind.title.lower()}: {error}", "arguments") from None


def checked(work: Work, kind: Kind, given: dict[str, Any]) -> dict[str, Any]:
    """Arguments as they are kept. Raises Refused with the field that is wrong."""
    _check_cluster(kind, work.cluster)
    arguments = arguments_of(kind, given)
    kind.check(work, arguments)
    kept: dict[str, Any] = msgspec.to_builtins(arguments)
    return kept


def what_words(kind_name: str, given: dict[str, Any]) -> str:
    """What a schedule does, in words; of one whose arguments are no more understood its kind."""
    kind = KINDS.get(kind_name)
    if kind is None:
        return kind_name
    try:
        return kind.words(arguments_of(kind, given))
    except Refused:
        return kind.title


def _check_cluster(kind: Kind, cluster: Cluster | None) -> None:
    if kind.cluster == "needed" and cluster is None:
        raise Refused("bad-option", "choose the cluster that it is about", "cluster")
    if kind.cluster == "none" and cluster is not None:
        raise Refused("bad-option", f"{kind.title.lower()}: it is not about one cluster", "cluster")
    if cluster is not None and kind.service and cluster.service != kind.service:
        raise Refused("bad-option", f"{kind.title.lower()}: this is for clusters of {kind.service}", "cluster")


__all__ = ["KINDS", "Begun", "Kind", "Person", "Progress", "Work", "arguments_of", "checked", "kind_of", "what_words"]
