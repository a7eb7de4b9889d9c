"""The round that reads quotas with HDFS's own client: what was begun stands in the database, so nothing is read twice when
a console starts anew.

A client command rather than WebHDFS: it signs in on clusters with Kerberos as every other command of people does, finds the
active namenode by itself, and asks for all directories with one start of a JVM.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED, StepState, TaskState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Step
from minos_web.models.quotas import QuotaReading
from minos_web.models.runs import ClientRun
from minos_web.monitor.quotas.keeping import SERVICE, Read, keep
from minos_web.monitor.quotas.naming import EVERY_HOME, literal, words_of
from minos_web.monitor.quotas.output import Counted, CutShort, counted_in, sums_in
from minos_web.monitor.telling import Told, tell
from minos_web.operations.client_runs import LONGEST_WORDS, Asked, cancel_run, output_of, run_client
from minos_web.operations.refusal import Refused

log = logging.getLogger(__name__)

COMMAND, USER = "dfs", "minos-quotas"
"""The user is none of people: they keep their places among the commands that may run at a time."""
PATIENCE = 1800.0
AGAIN_SECONDS = 300.0
"""A read that failed is tried again after so long."""
TELL_AFTER = 3
"""So many failures in a row are told to people."""
MOST_BYTES = 32 * 1024**2
_WAIT = frozenset({"too-many-runs", "brake"})
"""Refusals that pass by themselves."""


@dataclass(frozen=True)
class Watched:
    """A cluster, and how it is read (None: as usual, and it was never read)."""

    cluster: Cluster
    reading: QuotaReading | None


def watched(session: Session) -> list[Watched]:
    """All HDFS clusters that are not retired."""
    readings = {one.cluster_id: one for one in session.scalars(select(QuotaReading))}
    clusters = session.scalars(select(Cluster).filter_by(service=SERVICE, retired=False).order_by(Cluster.name))
    return [Watched(cluster, readings.get(cluster.id)) for cluster in clusters]


def serves(session: Session, cluster: Cluster) -> bool:
    """Whether a namenode runs that does not call itself a standby."""
    namenodes = select(Task).filter_by(cluster_id=cluster.id, job="namenode", state=TaskState.RUNNING, retired=False)
    return any((task.texts or {}).get("hdfs.role", "active") == "active" for task in session.scalars(namenodes))


def reading_of(session: Session, cluster: Cluster) -> QuotaReading:
    """How a cluster is read; made when there is none yet."""
    found = session.scalar(select(QuotaReading).filter_by(cluster_id=cluster.id))
    if found is None:
        found = QuotaReading(cluster_id=cluster.id, directories=[], changes=[], enabled=True, failures=0, error="")
        session.add(found)
        session.flush()
    return found


def ask_to_read(session: Session, cluster: Cluster, user: str, now: float) -> QuotaReading:
    """Have a cluster read now, also one that is not read in rounds. Raises Refused."""
    if cluster.retired or not serves(session, cluster):
        raise Refused("not-running", f"no namenode of {cluster.name} is active, so there is nobody to ask")
    reading = reading_of(session, cluster)
    reading.asked_at, reading.asked_by = now, user
    return reading


def is_work(session: Session, console: Console, now: float) -> bool:
    """Whether a round has anything to do."""
    return any(_has_work(session, console, one, now) for one in watched(session))


def tend(session: Session, console: Console, now: float) -> None:
    """Take in what ended, begin what is due."""
    for one in watched(session):
        try:
            with session.begin_nested():
                _tend(session, console, one, now)
        except Exception:
            # One cluster that cannot be read must not keep the others from it.
            log.exception("quotas of %s", one.cluster.name)


def _tend(session: Session, console: Console, one: Watched, now: float) -> None:
    if not _has_work(session, console, one, now):
        return
    reading = reading_of(session, one.cluster)
    _settle_changes(session, reading, now)
    if reading.reading:
        _take_in(session, console, reading, now)
    elif is_due(reading, console.settings.quota_seconds, now) and serves(session, one.cluster):
        _begin(session, console, reading, now)


def is_due(reading: QuotaReading | None, period: float, now: float) -> bool:
    """Whether a cluster is to be read: it was asked for, or its turn in the rounds has come."""
    if reading is None:
        return period > 0
    if reading.asked_at is not None:
        return True
    nothing_came = reading.failures and (reading.read_at or 0.0) < (reading.tried_at or 0.0)
    wait = min(AGAIN_SECONDS, period) if nothing_came else period
    return reading.enabled and period > 0 and now - (reading.tried_at or 0.0) >= wait


def _has_work(session: Session, console: Console, one: Watched, now: float) -> bool:
    reading = one.reading
    if reading is not None and reading.changes and _all_ended(session, reading.changes):
        return True
    if reading is not None and reading.reading:
        return _all_ended(session, [reading.sum_run or reading.run or 0])
    return is_due(reading, console.settings.quota_seconds, now) and serves(session, one.cluster)


def _all_ended(session: Session, runs: Sequence[int]) -> bool:
    """Whether none of these commands runs. A host that is silent past its time is not waited for."""
    over = [state.value for state in (*STEP_ENDED, StepState.UNKNOWN)]
    open_ones = select(ClientRun.id).join(Step, Step.id == ClientRun.step_id)
    return session.scalar(open_ones.where(ClientRun.id.in_(runs), Step.state.not_in(over)).limit(1)) is None


def _settle_changes(session: Session, reading: QuotaReading, now: float) -> None:
    """Quotas were set: what is read after that is what counts."""
    if reading.changes and _all_ended(session, reading.changes):
        reading.changes, reading.asked_at = [], now


def _begin(session: Session, console: Console, reading: QuotaReading, now: float) -> None:
    words = words_of("-count", "-q", "-v", EVERY_HOME, *map(literal, reading.directories))
    try:
        with session.begin_nested():
            run = _run(session, console, reading.cluster, words, now)
    except Refused as error:
        if error.code not in _WAIT:
            reading.tried_at, reading.asked_at = now, None
            _fail(session, reading, error.message, now)
        return
    _forget_before(session, reading)
    reading.tried_at, reading.asked_at = now, None
    reading.reading, reading.run, reading.sum_run = True, run.id, None
    log.info("quotas of %s are read by run %s", reading.cluster.name, run.id)


def _run(session: Session, console: Console, cluster: Cluster, words: str, now: float) -> ClientRun:
    return run_client(session, console, cluster, Asked(COMMAND, words, "", USER, now, seconds=PATIENCE))


def _forget_before(session: Session, reading: QuotaReading) -> None:
    """The commands of the read before: one of them is worth looking at, not one for every hour."""
    for number in (reading.run, reading.sum_run):
        run = session.get(ClientRun, number) if number else None
        if run is not None and run.step.state in STEP_ENDED:
            session.delete(run.step)
            session.expunge(run)


def _take_in(session: Session, console: Console, reading: QuotaReading, now: float) -> None:
    run = session.get(ClientRun, reading.run) if reading.run else None
    if run is None:
        _end(session, reading, "what it printed is not kept any more", now)
        return
    try:
        counted = counted_in(output_of(console, run, MOST_BYTES))
    except CutShort as error:
        _end(session, reading, f"a part of what was printed is missing: {error}", now)
        return
    why = _why_nothing(console, run, counted)
    if why:
        _end(session, reading, why, now)
    elif reading.sum_run is None and (open_space := _without_space(counted)):
        _sum(session, console, reading, open_space, now)
    if reading.reading and (reading.sum_run is None or _all_ended(session, [reading.sum_run])):
        _finish(session, console, reading, counted, now)


def _without_space(counted: Counted) -> list[str]:
    return [path for path, one in counted.found.items() if one.space_used is None]


def _sum(session: Session, console: Console, reading: QuotaReading, paths: list[str], now: float) -> None:
    """The count does not tell the space of directories without a quota of it: have it added up."""
    words = words_of("-du", "-s", *map(literal, paths))
    if len(words) > LONGEST_WORDS or not words.isascii():  # a host without the locale hands over no other letters
        words = words_of("-du", "-s", EVERY_HOME, *map(literal, reading.directories))
    try:
        with session.begin_nested():
            reading.sum_run = _run(session, console, reading.cluster, words, now).id
    except Refused as error:
        log.warning("space without a quota in %s is not known: %s", reading.cluster.name, error.message)


def _finish(session: Session, console: Console, reading: QuotaReading, counted: Counted, now: float) -> None:
    run = session.get_one(ClientRun, reading.run)
    sum_run = session.get(ClientRun, reading.sum_run) if reading.sum_run else None
    try:
        sums = sums_in(output_of(console, sum_run, MOST_BYTES)) if sum_run is not None else {}
    except CutShort:
        sums = {}
    at = run.step.ended_at or now
    keep(session, console, Read(reading.cluster, list(reading.directories), counted, sums, at))
    reading.read_at, reading.took = at, now - run.created_at
    complaint = counted.complaints[-1][:500] if counted.complaints else ""
    _end(session, reading, f"not everything could be read: {complaint}" if complaint else "", now)


def _why_nothing(console: Console, run: ClientRun, counted: Counted) -> str:
    """Why a count told nothing; empty when it did, or when there is nothing to tell."""
    step = run.step
    if step.state == StepState.UNKNOWN:
        return f"host {step.args.get('host', '')} has been silent since it was asked to read"
    if counted.found or counted.twice or (counted.missing and not counted.complaints):
        return ""
    lines = [
        line.strip()
        for line in output_of(console, run, MOST_BYTES).decode(errors="replace").splitlines()
        if line.strip()
    ]
    telling = [line for line in lines if "Exception" in line or "Error" in line.partition(":")[0]]
    words = [step.message or f"it ended as {step.state}", (list(counted.complaints) or telling or lines or [""])[-1]]
    return ": ".join(word[:500] for word in words if word)


def _end(session: Session, reading: QuotaReading, error: str, now: float) -> None:
    """A read is over; with ``error`` it failed."""
    reading.reading = False
    if error:
        _fail(session, reading, error, now)
        return
    if reading.told:
        title = f"Quotas of {reading.cluster.name} are read again"
        tell(session, _told(reading, "recovery", "info", title, "The numbers are fresh again."), now)
    reading.error, reading.failures, reading.told = "", 0, False


def _fail(session: Session, reading: QuotaReading, error: str, now: float) -> None:
    reading.error, reading.failures = error, (reading.failures or 0) + 1
    if reading.failures >= TELL_AFTER and not reading.told:
        reading.told = True
        title = f"Quotas of {reading.cluster.name} cannot be read"
        text = f"{reading.failures} tries in a row failed. {error}\nThe numbers from before stand, with their age."
        tell(session, _told(reading, "problem", "warning", title, text), now)


def _told(reading: QuotaReading, kind: str, level: str, title: str, text: str) -> Told:
    name = reading.cluster.name
    path = f"/clusters/{SERVICE}/{name}/quotas"
    return Told(kind, level, title, text, f"quota-read:{name}", SERVICE, name, path=path)


@dataclass(frozen=True)
class Wish:
    """How somebody wants a cluster to be read."""

    enabled: bool
    directories: list[str]
    user: str
    now: float


def switch(session: Session, cluster: Cluster, wish: Wish) -> QuotaReading:
    """Read a cluster in rounds or not, and what beside the home directories."""
    reading = reading_of(session, cluster)
    reading.enabled, reading.directories = wish.enabled, wish.directories
    if not wish.enabled and reading.reading:
        for number in (reading.run, reading.sum_run):
            run = session.get(ClientRun, number) if number else None
            if run is not None:
                cancel_run(run, wish.user, wish.now)
    return reading
