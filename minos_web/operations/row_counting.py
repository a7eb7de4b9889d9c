"""Counting the rows of HBase's tables with HBase's own counter, one table of a cluster at a time, in the hours for it."""

import logging
import re
import shlex
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import STEP_ENDED, StepState
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.row_counts import RowCount
from minos_web.models.runs import ClientRun
from minos_web.operations.client_runs import LONGEST_SECONDS, Asked, cancel_run, run_client
from minos_web.operations.refusal import Refused
from minos_web.operations.row_windows import Hours, next_of, progress_in, rows_in
from minos_web.store.outputs import Outputs

log = logging.getLogger(__name__)

SERVICE, COMMAND, USER = "hbase", "rowcounter", "minos"
MOST_TABLES = 2000
_TAIL = 256 * 1024
_TABLE = re.compile(r"(?:[A-Za-z0-9_]+:)?[A-Za-z0-9_][A-Za-z0-9_.-]*")
_WAIT = frozenset({"too-many-runs", "brake"})
"""Refusals that pass by themselves: the table keeps its turn."""


def hours_of(settings: ConsoleSettings) -> Hours:
    """The hours and the period that the ini says."""
    return Hours(settings.row_count_start_hour, settings.row_count_end_hour, settings.row_count_days)


def is_asked_for(session: Session) -> bool:
    """Whether any table is counted, or a count is under way."""
    some = select(RowCount.id).where(or_(RowCount.wanted.is_(True), RowCount.counting.is_(True)))
    return session.scalar(some.limit(1)) is not None


def tend(session: Session, console: Console, now: float) -> None:
    """Take in what ended, then begin what comes next: what was begun stands in the database, so nothing is counted twice
    when a console starts anew.
    """
    tables: dict[int, list[RowCount]] = {}
    for row in session.scalars(select(RowCount).order_by(RowCount.id)):
        if row.counting:
            _take_in(session, console, row, now)
        tables.setdefault(row.cluster_id, []).append(row)
    local = datetime.fromtimestamp(now).astimezone()
    for rows in tables.values():
        chosen = next_of(rows, hours_of(console.settings), local)
        if chosen is not None and not chosen.cluster.retired:
            _begin(session, console, chosen, now)


def want(session: Session, cluster: Cluster, table: str, user: str) -> RowCount:
    """Have a table counted in rounds. Raises Refused."""
    row = _row_of(session, cluster, table)
    if not row.wanted:
        row.tried_at = None  # asked for anew: it need not wait for the next hours
    row.wanted, row.wanted_by = True, user
    session.flush()
    return row


def count_once(session: Session, console: Console, cluster: Cluster, table: str, user: str, now: float) -> RowCount:
    """Have a table counted now, whatever the hours. Raises Refused, with ``under-way`` while another one of the cluster is."""
    row = _row_of(session, cluster, table)
    other = session.scalar(select(RowCount.table).filter_by(cluster_id=cluster.id, counting=True).limit(1))
    if other is not None:
        raise Refused("under-way", f"the rows of {other} are being counted, one table of a cluster at a time", "table")
    asked = Asked(COMMAND, shlex.quote(table), "", user, now, seconds=LONGEST_SECONDS)
    run = run_client(session, console, cluster, asked)
    row.tried_at, row.counting, row.run, row.error = now, True, run.id, ""
    session.flush()
    return row


def check_table_name(table: str) -> None:
    """Raises Refused for what no table is called."""
    if len(table) > 255 or not _TABLE.fullmatch(table):
        text = "a table is called name or namespace:name, of letters, digits, dots, dashes and underscores"
        raise Refused("bad-name", text, "table")


def _row_of(session: Session, cluster: Cluster, table: str) -> RowCount:
    """Its row, made when there is none. Raises Refused."""
    check_table_name(table)
    rows = {row.table: row for row in session.scalars(select(RowCount).filter_by(cluster_id=cluster.id))}
    if table in rows:
        return rows[table]
    if len(rows) >= MOST_TABLES:
        raise Refused("too-many", f"{len(rows)} tables are counted or were: cancel one first", "table")
    row = RowCount(cluster_id=cluster.id, table=table, wanted=False, error="", counting=False)
    session.add(row)
    return row


def unwant(session: Session, cluster: Cluster, table: str, user: str, now: float) -> None:
    """Have it counted no more; a count that is under way is ended, the last number stays. Raises Refused."""
    row = session.scalar(select(RowCount).filter_by(cluster_id=cluster.id, table=table))
    if row is None or not row.wanted:
        raise Refused("unknown-table", f"the rows of {table} are not counted", "table")
    row.wanted = False
    run = session.get(ClientRun, row.run) if row.counting and row.run else None
    if run is not None:
        cancel_run(run, user, now)


def progress_of(session: Session, console: Console, row: RowCount) -> int | None:
    """How many percent of a table that is counted now are; None when that is not told."""
    run = session.get(ClientRun, row.run) if row.counting and row.run else None
    return progress_in(_output(console, run)) if run is not None else None


def _begin(session: Session, console: Console, row: RowCount, now: float) -> None:
    asked = Asked(COMMAND, shlex.quote(row.table), "", USER, now, seconds=LONGEST_SECONDS)
    try:
        with session.begin_nested():
            run = run_client(session, console, row.cluster, asked)
    except Refused as error:
        if error.code not in _WAIT:
            row.tried_at, row.error = now, error.message
        return
    row.tried_at, row.counting, row.run = now, True, run.id
    log.info("rows of %s in %s are counted by run %s", row.table, row.cluster.name, run.id)


def _take_in(session: Session, console: Console, row: RowCount, now: float) -> None:
    run = session.get(ClientRun, row.run) if row.run else None
    if run is None:
        row.counting, row.error = False, "what it printed is not kept any more"
        return
    if run.step.state not in STEP_ENDED:
        return
    output = _output(console, run)
    found, ended = rows_in(output), run.step.ended_at or now
    row.counting = False
    if run.step.state == StepState.DONE and run.step.data.get("exit_code", 0) == 0 and found is not None:
        row.rows, row.counted_at, row.error = found, ended, ""
        row.took = ended - (run.step.accepted_at or run.created_at)
    else:
        row.error = _why(run, output)


def _why(run: ClientRun, output: bytes) -> str:
    """Why a count failed: what its worker says, or the last line that speaks of an error."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "ERROR" in line or "Exception" in line]
    said = (telling or lines or [""])[-1]
    words = [run.step.message or f"it ended as {run.step.state}", said]
    return ": ".join(word[:500] for word in words if word)


def _output(console: Console, run: ClientRun) -> bytes:
    outputs = Outputs(console.var)
    size = outputs.size(run.step.command_id)
    return outputs.read(run.step.command_id, max(0, size - _TAIL), _TAIL)
