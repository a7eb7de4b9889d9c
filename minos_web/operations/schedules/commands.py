"""Client commands at certain times, and counting the rows of a table, which is one of them."""

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED, StepState
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.row_counts import RowCount
from minos_web.models.runs import ClientRun
from minos_web.models.schedules import Occurrence
from minos_web.operations.client_args import CLASS
from minos_web.operations.client_runs import LONGEST_SECONDS, Asked, commands_of, run_client, split_words
from minos_web.operations.refusal import Refused
from minos_web.operations.row_counting import check_table_name, count_once
from minos_web.operations.schedules.work import Begun, Progress, Work


class RowCountArguments(msgspec.Struct, forbid_unknown_fields=True):
    """The table as HBase's shell calls it."""

    table: str


class CommandArguments(msgspec.Struct, forbid_unknown_fields=True):
    """As the body of a run of the API."""

    command: str
    words: str = ""
    host: str = ""
    seconds: float = 3600.0


def check_table(_work: Work, arguments: RowCountArguments) -> None:
    """Raises Refused for what is no table's name; whether there is one shows when it is counted."""
    check_table_name(arguments.table)


def check_command(work: Work, arguments: CommandArguments) -> None:
    """Raises Refused for a command that the service does not have, or that reads what nobody would write."""
    cluster = _cluster(work)
    service = work.console.catalog.get(cluster.service)
    there = {one.name: one for one in commands_of(service, work.person.admin)} if service else {}
    found = there.get(arguments.command)
    if found is None:
        known = ", ".join(there) or "none"
        raise Refused(
            "unknown-command", f"there is no command {arguments.command[:40]!r} for you; there are {known}", "command"
        )
    words = split_words(arguments.words)
    if arguments.command == CLASS and not words:
        raise Refused("bad-words", "write the name of a java class first, then its arguments", "words")
    if not 1 <= arguments.seconds <= LONGEST_SECONDS:
        raise Refused("bad-option", f"seconds are between 1 and {LONGEST_SECONDS:.0f}", "seconds")


def begin_count(work: Work, arguments: RowCountArguments) -> Begun:
    """Have it counted once. Raises Refused."""
    row = count_once(work.session, work.console, _cluster(work), arguments.table, work.person.name, work.now)
    return Begun(run=row.run)


def begin_command(work: Work, arguments: CommandArguments) -> Begun:
    """Have it run. Raises Refused."""
    person = work.person
    asked = Asked(
        arguments.command, arguments.words, arguments.host, person.name, work.now, person.admin, arguments.seconds
    )
    return Begun(run=run_client(work.session, work.console, _cluster(work), asked).id)


def follow_command(session: Session, _console: Console, occurrence: Occurrence, _now: float) -> Progress:
    """How far the command is."""
    run = session.get(ClientRun, occurrence.run_id) if occurrence.run_id else None
    if run is None:
        return Progress("failed", "what it printed is not kept any more")
    step = run.step
    if step.state not in STEP_ENDED:
        return Progress("running")
    code = step.data.get("exit_code", 0)
    if step.state == StepState.DONE and code == 0:
        return Progress("done")
    if step.state == StepState.CANCELLED:
        return Progress("cancelled", step.message or "cancelled")
    return Progress("failed", step.message or f"it ended with exit code {code}")


def follow_count(session: Session, console: Console, occurrence: Occurrence, now: float) -> Progress:
    """How far the count is; its number is taken in by the round of row counts."""
    row = session.scalar(select(RowCount).filter_by(run=occurrence.run_id)) if occurrence.run_id else None
    if row is None or row.error:
        found = follow_command(session, console, occurrence, now)
        return Progress("failed", row.error) if row is not None and found.state == "done" else found
    return Progress("running") if row.counting else Progress("done", f"{row.rows:,} rows")


def count_words(arguments: RowCountArguments) -> str:
    """Count the rows of t."""
    return f"Count the rows of {arguments.table}"


def command_words(arguments: CommandArguments) -> str:
    """The command as it was typed."""
    return f"Run {arguments.command} {arguments.words}".strip()


def _cluster(work: Work) -> Cluster:
    cluster: Any = work.cluster
    assert isinstance(cluster, Cluster)  # the kind needs one
    return cluster
