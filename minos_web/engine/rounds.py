"""Everything periodic: the timetable is code, APScheduler only keeps the time."""

import logging
import time
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Step
from minos_web.models.runs import ClientRun
from minos_web.monitor.checking import check_cluster
from minos_web.monitor.series import prune
from minos_web.operations.client_runs import CLIENT
from minos_web.operations.log_files import tend
from minos_web.operations.package_uses import retire
from minos_web.operations.wanting import forget_wanted, refresh_wanted
from minos_web.security.audit import NewEntry, record
from minos_web.store.outputs import Outputs
from minos_web.store.packs import Packs
from minos_web.store.run_files import RunFiles

log = logging.getLogger(__name__)

HEALTH_SECONDS = 2.0
LOG_FILES_SECONDS = 2.0
WANTED_SECONDS = 2.0
PRUNE_SECONDS = 600.0
LEASE_SECONDS = 5.0
RETIRE_SECONDS = 3600.0


class Rounds:
    """The timetable of one console: health of all clusters, log files that are fetched, pruning of samples and questions."""

    def __init__(self, console: Console, renew_lease: Callable[[], None]) -> None:
        self._console = console
        self._began = time.time()
        # A job that is late runs once, never twice at a time, and is never dropped for being late.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
        self._scheduler.add_job(self._health, "interval", seconds=HEALTH_SECONDS)
        self._scheduler.add_job(self._log_files, "interval", seconds=LOG_FILES_SECONDS)
        self._scheduler.add_job(self._wanted, "interval", seconds=WANTED_SECONDS)
        self._scheduler.add_job(renew_lease, "interval", seconds=LEASE_SECONDS)
        self._scheduler.add_job(self._prune, "interval", seconds=PRUNE_SECONDS)
        self._scheduler.add_job(self._retire_packages, "interval", seconds=RETIRE_SECONDS)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        """Begin; the first health round comes at once."""
        self._began = time.time()
        forget_wanted(self._console)
        self._health()
        self._scheduler.start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._scheduler.shutdown(wait=True)

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

    def _wanted(self) -> None:
        try:
            refresh_wanted(self._console)
        except Exception:
            log.exception("round of what is wanted")

    def _log_files(self) -> None:
        try:
            tend(self._console, self._began, time.time())
        except Exception:
            log.exception("round of log files")

    def _prune(self) -> None:
        now, settings = time.time(), self._console.settings
        try:
            with self._console.writers.begin() as session:
                gone = prune(session, now - settings.keep_samples_hours * 3600)
                forget_questions(session, now - settings.keep_questions_hours * 3600)
                forget_runs(session, now - settings.keep_runs_days * 86400)
            with self._console.readers() as session:
                kept = session.scalars(select(Step.command_id).where(Step.verb == CLIENT)).all()
                named = {file["sha256"] for files in session.scalars(select(ClientRun.files)) for file in files}
            Outputs(self._console.var).forget_others(set(kept))
            RunFiles(self._console.var, 0).forget_others(named)
            Packs(self._console.var, 0).forget_old(now)
            log.debug("pruned %s samples", gone)
        except Exception:
            log.exception("pruning round")

    def _retire_packages(self) -> None:
        now = time.time()
        try:
            with self._console.writers.begin() as session:
                for package in retire(session, self._console, now):
                    entry = NewEntry(
                        now, "minos", "package.delete", f"package {package.id}", "", {"name": package.name}
                    )
                    record(session, self._console.secret, entry)
        except Exception:
            log.exception("round of packages")


def forget_questions(session: Session, before: float) -> None:
    """Delete questions that were answered before ``before``; client commands are kept for longer."""
    session.execute(delete(Step).where(*_ended_before(before), Step.verb != CLIENT))


def forget_runs(session: Session, before: float) -> None:
    """Delete client commands of people that ended before ``before``, with what is known of them."""
    session.execute(delete(Step).where(*_ended_before(before), Step.verb == CLIENT))


def _ended_before(before: float) -> tuple[ColumnElement[bool], ...]:
    ended, at = [state.value for state in STEP_ENDED], func.coalesce(Step.ended_at, Step.created_at)
    return Step.operation_id.is_(None), Step.state.in_(ended), at < before
