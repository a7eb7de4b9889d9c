"""The first thing a starting worker does: see whether another release is to run here, and turn into it.

The code that was installed on the host goes on doing this however old it gets, so it needs nothing of the ini but the
root, and nothing of the record but its oldest fields.
"""

import logging
import os
import sys
import time
from pathlib import Path

from minos_worker.process.identity import boot_id
from minos_worker.release import record as records
from minos_worker.release.record import ReleaseRecord

log = logging.getLogger(__name__)


def release_dir(worker: Path, release: str) -> Path:
    """Where a release lies."""
    return worker / "releases" / release


def own_release(worker: Path) -> str:
    """Name of the release whose code this is; empty for the code that was installed by hand."""
    here = Path(__file__).resolve().parents[2]
    return here.name if here.parent == (worker / "releases").resolve() else ""


def command_line(worker: Path, record: ReleaseRecord, arguments: list[str]) -> list[str]:
    """How to start the release that the record wants; ``arguments`` without the program's name."""
    if record.current:
        return [sys.executable, str(release_dir(worker, record.current)), *arguments]
    return list(record.installed)


def turn_into_current(worker: Path, arguments: list[str]) -> None:
    """Become the release that the record wants; returns when this code is that one. A release on trial that has failed,
    or that is not there, is given up first."""
    record = _judged(worker, records.load(worker))
    own = own_release(worker)
    if record.current == own:
        return
    command = command_line(worker, record, arguments)
    if not command:
        log.error("the installed worker is to run, but nobody wrote down how: release %s goes on", own)
        return
    _count(worker, record)
    log.info("turning into %s", record.current or "the installed release")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)


def _judged(worker: Path, record: ReleaseRecord) -> ReleaseRecord:
    """The record after what can be said now: the trial may be over, the directory may be gone."""
    reason = ""
    if record.trial is not None:
        reason = records.verdict(record.trial, boot_id(), time.clock_gettime(time.CLOCK_BOOTTIME))
    there = not record.current or (release_dir(worker, record.current) / "__main__.py").is_file()
    if record.trial is not None and not there:
        reason = reason or "its directory is not there"
    if reason:
        log.error("release %s is given up: %s", record.current, reason)
        record = records.given_up(record, reason, time.time())
        _save(worker, record)
        return _judged(worker, record)
    if not there:
        log.error("release %s is not there, so the installed one runs", record.current)
        return ReleaseRecord(current=own_release(worker), installed=record.installed, failure=record.failure)
    return record


def _count(worker: Path, record: ReleaseRecord) -> None:
    if record.trial is not None:
        _save(worker, records.started(record))


def _save(worker: Path, record: ReleaseRecord) -> None:
    """A disk that takes nothing must not keep a worker from starting."""
    try:
        records.save(worker, record)
    except OSError as error:
        log.error("the record of releases cannot be written: %s", error)
