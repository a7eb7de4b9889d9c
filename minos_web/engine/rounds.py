"""Everything periodic: the timetable is code. What a round raises is logged and noted by the timetable, and it comes again."""

import logging
import time
from collections.abc import Callable

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED
from minos_web.console import Console
from minos_web.engine import scheduling
from minos_web.engine.drilling import due_drills, keep_drill
from minos_web.engine.notifying import Notifier
from minos_web.engine.timetable import Timetable
from minos_web.engine.watching import due_clusters, watch_cluster
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Step
from minos_web.models.runs import ClientRun
from minos_web.monitor.alerts.judging import Judge, forget_alerts
from minos_web.monitor.checking import check_cluster
from minos_web.monitor.counters import forget_counters
from minos_web.monitor.crashes import KEEP_DAYS, forget_crashes, is_news, tell_crashes
from minos_web.monitor.deriving import derive_round
from minos_web.monitor.quotas import reading as quota_reading
from minos_web.monitor.quotas import reporting as quota_reporting
from minos_web.monitor.series.forwarding import Forwarder
from minos_web.monitor.series.opentsdb import OpenTsdb
from minos_web.monitor.series.tending import ROUND_SECONDS as SERIES_SECONDS
from minos_web.monitor.series.tending import tend as tend_series
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.notify.forgetting import forget_news
from minos_web.operations import row_counting
from minos_web.operations.arrivals import tidy
from minos_web.operations.client_runs import CLIENT
from minos_web.operations.integrity import look, next_due
from minos_web.operations.layouts.drafts import forget_drafts
from minos_web.operations.log_files import tend
from minos_web.operations.package_uses import retire
from minos_web.operations.schedules.keeping import forget_occurrences
from minos_web.operations.wanting import forget_wanted, refresh_wanted
from minos_web.security.audit import NewEntry, record
from minos_web.security.counting import forget_counts
from minos_web.store.outputs import Outputs
from minos_web.store.packs import Packs
from minos_web.store.run_files import RunFiles

log = logging.getLogger(__name__)

HEALTH_SECONDS = 2.0
LOG_FILES_SECONDS = 2.0
WANTED_SECONDS = 2.0
PRUNE_SECONDS = 600.0
RETIRE_SECONDS = 3600.0
REHASH_SECONDS = 300.0
ROWS_SECONDS = 10.0
QUOTAS_SECONDS = 2.0
FORWARD_SECONDS = 60.0
CRASH_SECONDS = 2.0
NOTIFY_SECONDS = 2.0
SCHEDULES_SECONDS = 5.0
DRILL_SECONDS = 5.0


class Rounds:
    """The timetable of one console: health of all clusters, alerts, quotas, schedules, totals of facts, log files that are fetched, samples put in order and handed on, news sent, pruning of questions."""

    def __init__(self, console: Console, renew_lease: Callable[[], None], lease_seconds: float = 5.0) -> None:
        self._console = console
        self._began = time.time()
        self._unreadable: set[int] = set()
        self._writer = SeriesWriter()
        self._judge = Judge(console, self._began)
        self._stopping = False
        self._scheduler = Timetable(console)
        self._scheduler.add_job(self._health, "interval", seconds=HEALTH_SECONDS)
        self._scheduler.add_job(self._log_files, "interval", seconds=LOG_FILES_SECONDS)
        self._scheduler.add_job(self._wanted, "interval", seconds=WANTED_SECONDS)
        self._scheduler.add_job(self._derive, "interval", seconds=console.settings.sample_seconds)
        self._scheduler.add_job(self._alerts, "interval", seconds=console.settings.alert_seconds)
        self._scheduler.add_job(renew_lease, "interval", seconds=lease_seconds)
        self._scheduler.add_job(self._prune, "interval", seconds=PRUNE_SECONDS)
        self._scheduler.add_job(self._series, "interval", seconds=SERIES_SECONDS)
        if console.settings.opentsdb_url:
            # A job of its own: an OpenTSDB that hangs never keeps samples from being put in order.
            self._forwarder = Forwarder(console, OpenTsdb(console.settings.opentsdb_url))
            self._scheduler.add_job(self._forward, "interval", seconds=FORWARD_SECONDS)
        self._scheduler.add_job(self._retire_packages, "interval", seconds=RETIRE_SECONDS)
        self._scheduler.add_job(self._rehash, "interval", seconds=REHASH_SECONDS)
        self._scheduler.add_job(self._row_counts, "interval", seconds=ROWS_SECONDS)
        self._scheduler.add_job(self._quotas, "interval", seconds=QUOTAS_SECONDS)
        self._scheduler.add_job(self._crashes, "interval", seconds=CRASH_SECONDS)
        self._scheduler.add_job(self._drills, "interval", seconds=DRILL_SECONDS)
        self._scheduler.add_job(self._watch, "interval", seconds=console.settings.sample_seconds)
        self._notifier = Notifier(console)
        self._scheduler.add_job(self._notify, "interval", seconds=NOTIFY_SECONDS)
        self._scheduler.add_job(self._schedules, "interval", seconds=SCHEDULES_SECONDS)

    def start(self) -> None:
        """Begin; the first health round comes at once."""
        self._began = time.time()
        self._judge = Judge(self._console, self._began)
        forget_wanted(self._console)
        self._health()
        self._scheduler.start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopping = True
        try:
            self._scheduler.stop()
        finally:
            self._notifier.stop()

    def _health(self) -> None:
        with self._console.readers() as session:
            clusters = session.scalars(select(Cluster.id).where(Cluster.retired.is_(False))).all()
        for cluster_id in clusters:
            try:
                with self._console.writers.begin() as session:
                    check_cluster(session, self._console, cluster_id, time.time())
            except Exception:
                # One cluster that cannot be judged must not hide the others.
                log.exception("health round of cluster %s", cluster_id)

    def _alerts(self) -> None:
        self._judge.round(time.time())

    def _derive(self) -> None:
        try:
            derive_round(self._console, self._writer, time.time())
        except Exception:
            self._writer.forget()
            raise

    def _wanted(self) -> None:
        refresh_wanted(self._console)

    def _log_files(self) -> None:
        tend(self._console, self._began, time.time())

    def _prune(self) -> None:
        now, settings = time.time(), self._console.settings
        with self._console.writers.begin() as session:
            forget_alerts(session, now - settings.keep_alerts_days * 86400)
            forget_counters(session, now - settings.keep_counters_days * 86400)
            forget_questions(session, now - settings.keep_questions_hours * 3600)
            forget_runs(session, now - settings.keep_runs_days * 86400)
            forget_crashes(session, now - KEEP_DAYS * 86400)
            forget_news(session, now - settings.keep_news_days * 86400)
            forget_occurrences(session)
            forget_drafts(session, now)
            forget_counts(session, now)
        with self._console.readers() as session:
            kept = session.scalars(select(Step.command_id).where(Step.verb == CLIENT)).all()
            named = {file["sha256"] for files in session.scalars(select(ClientRun.files)) for file in files}
        Outputs(self._console.var).forget_others(set(kept))
        RunFiles(self._console.var, 0).forget_others(named)
        Packs(self._console.var, 0).forget_old(now)

    def _series(self) -> None:
        tend_series(self._console, time.time())

    def _forward(self) -> None:
        self._forwarder.forward(time.time(), lambda: self._stopping)

    def _retire_packages(self) -> None:
        now = time.time()
        with self._console.writers.begin() as session:
            tidy(session, self._console, now)
            for package in retire(session, self._console, now):
                entry = NewEntry(now, "minos", "package.delete", f"package {package.id}", "", {"name": package.name})
                record(session, self._console.secret, entry)

    def _notify(self) -> None:
        self._notifier.tend(time.time())

    def _row_counts(self) -> None:
        with self._console.readers() as session:
            if not row_counting.is_asked_for(session):
                return  # most consoles count nothing: no need to keep others from writing
        with self._console.writers.begin() as session:
            row_counting.tend(session, self._console, time.time())

    def _schedules(self) -> None:
        scheduling.tick(self._console, time.time())

    def _quotas(self) -> None:
        now = time.time()
        with self._console.readers() as session:
            is_work = quota_reading.is_work(session, self._console, now)
            is_report_due = quota_reporting.is_report_due(session, self._console.settings, now)
        if is_work:
            with self._console.writers.begin() as session:
                quota_reading.tend(session, self._console, now)
        if is_report_due:
            with self._console.writers.begin() as session:
                quota_reporting.report(session, self._console, now)

    def _crashes(self) -> None:
        with self._console.readers() as session:
            if not is_news(session):
                return
        with self._console.writers.begin() as session:
            tell_crashes(session, self._console, time.time())

    def _watch(self) -> None:
        with self._console.readers() as session:
            clusters = due_clusters(session)
        for cluster_id in clusters:
            try:
                with self._console.writers.begin() as session:
                    watch_cluster(session, self._console, cluster_id, time.time())
            except Exception:
                log.exception("round of watched tasks of cluster %s", cluster_id)

    def _drills(self) -> None:
        with self._console.readers() as session:
            due = due_drills(session)
        for operation_id in due:
            with self._console.writers.begin() as session:
                keep_drill(session, self._console, operation_id, time.time())

    def _rehash(self) -> None:
        due = None
        try:
            due = next_due(self._console, time.time(), self._unreadable)
            if due is None:
                self._unreadable.clear()  # all others had their turn
            elif problem := look(self._console, due):
                log.error("package %s is damaged: %s", due, problem)
        except OSError as error:
            log.error("package %s cannot be read: %s", due, error)
            self._unreadable.add(due or 0)


def forget_questions(session: Session, before: float) -> None:
    """Delete questions that were answered before ``before``; client commands are kept for longer."""
    session.execute(delete(Step).where(*_ended_before(before), Step.verb != CLIENT))


def forget_runs(session: Session, before: float) -> None:
    """Delete client commands of people that ended before ``before``, with what is known of them."""
    session.execute(delete(Step).where(*_ended_before(before), Step.verb == CLIENT))


def _ended_before(before: float) -> tuple[ColumnElement[bool], ...]:
    ended, at = [state.value for state in STEP_ENDED], func.coalesce(Step.ended_at, Step.created_at)
    return Step.operation_id.is_(None), Step.state.in_(ended), at < before
