"""Reading the quotas of an HDFS cluster at certain times: it is asked for, and the round that reads them does it."""

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.quotas import QuotaReading
from minos_web.models.schedules import Occurrence
from minos_web.operations.schedules.work import Begun, Progress, Work

BEGIN_SECONDS = 900.0
"""When nobody could be asked for so long, nobody is active."""


class QuotaArguments(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing is to be chosen: what is read stands on the page of quotas."""


def check_round(_work: Work, _arguments: QuotaArguments) -> None:
    """There is nothing to check."""


def begin_round(work: Work, _arguments: QuotaArguments) -> Begun:
    """Ask for it, also on a cluster that is not read by itself."""
    assert work.cluster is not None  # the kind needs one
    row = work.session.scalar(select(QuotaReading).filter_by(cluster_id=work.cluster.id))
    if row is None:
        row = QuotaReading(cluster_id=work.cluster.id, directories=[], changes=[], enabled=True, failures=0, error="")
        work.session.add(row)
    row.asked_at, row.asked_by = work.now, work.person.name
    work.session.flush()
    return Begun()


def follow_round(session: Session, _console: Console, occurrence: Occurrence, now: float) -> Progress:
    """How far it is."""
    began = occurrence.began_at or 0.0
    row = session.scalar(select(QuotaReading).filter_by(cluster_id=occurrence.schedule.cluster_id))
    if row is None:
        return Progress("failed", "the cluster's quotas are not read any more")
    if row.tried_at is not None and row.tried_at >= began and not row.reading:
        return Progress("failed", row.error) if row.error else Progress("done")
    if now - began > BEGIN_SECONDS and not row.reading:
        return Progress("failed", "no namenode was active, so there was nobody to ask")
    return Progress("running")


def round_words(_arguments: QuotaArguments) -> str:
    """Of all directories."""
    return "Read the quotas"
