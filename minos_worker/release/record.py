"""What is remembered about releases, in <root>/worker/release.json, and how it changes (the changes are PURE).

A release is a directory below <root>/worker/releases; the empty name is the code that was installed on the host by hand.
The record must stay readable for older and newer releases: fields are added with a default and never change their sense.
"""

import logging
from pathlib import Path

import msgspec

from minos_worker import durable

log = logging.getLogger(__name__)

TRIAL_STARTS = 4
"""So often it may be started until then."""


class Trial(msgspec.Struct):
    """A release that has not proved itself. ``until`` in seconds since the boot ``boot_id``; ``starts`` counts how often
    it was started; ``stopped``: somebody ended the worker meanwhile, so that its end is no failure of the release."""

    command_id: str
    boot_id: str
    until: float
    starts: int = 0
    stopped: bool = False


class Failure(msgspec.Struct):
    """A release that was given up, and why. ``at`` in seconds since the epoch."""

    command_id: str
    release: str
    reason: str
    at: float


class ReleaseRecord(msgspec.Struct):
    """``current`` is the release to run, ``previous`` the one before it; ``installed`` is the command line of the code
    that was installed by hand."""

    current: str = ""
    previous: str = ""
    installed: list[str] = []
    trial: Trial | None = None
    failure: Failure | None = None


def load(worker: Path) -> ReleaseRecord:
    """The record below the worker's own directory. One that is missing or broken means: run what is installed."""
    path = worker / "release.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=ReleaseRecord)
    except FileNotFoundError:
        return ReleaseRecord()
    except (OSError, msgspec.MsgspecError) as error:
        log.error("%s cannot be read, so the installed release runs: %s", path, error)
        return ReleaseRecord()


def save(worker: Path, record: ReleaseRecord) -> None:
    """Write the record, durably. Raises OSError."""
    durable.write(worker / "release.json", msgspec.json.encode(record), 0o600)


def begun(record: ReleaseRecord, release: str, trial: Trial) -> ReleaseRecord:
    """``release`` is to run from now on, on trial."""
    return msgspec.structs.replace(record, current=release, previous=record.current, trial=trial, failure=None)


def kept(record: ReleaseRecord) -> ReleaseRecord:
    """The release on trial has proved itself."""
    return msgspec.structs.replace(record, trial=None)


def started(record: ReleaseRecord) -> ReleaseRecord:
    """The release on trial is started once more."""
    if record.trial is None:
        return record
    return msgspec.structs.replace(
        record, trial=msgspec.structs.replace(record.trial, starts=record.trial.starts + 1, stopped=False)
    )


def given_up(record: ReleaseRecord, reason: str, now: float) -> ReleaseRecord:
    """Back to the release before, remembering why. ``now`` in seconds since the epoch."""
    if record.trial is None:
        return record
    failure = Failure(record.trial.command_id, record.current, reason, now)
    return msgspec.structs.replace(record, current=record.previous, trial=None, failure=failure)


def verdict(trial: Trial, boot_id: str, clock: float) -> str:
    """Why a release on trial has failed by now; empty while it may still prove itself. ``clock`` is since boot."""
    if trial.starts >= TRIAL_STARTS:
        return f"it was started {trial.starts} times and never reached the console"
    if trial.boot_id != boot_id:
        return "the host was booted before it had reached the console"
    if clock > trial.until:
        return "it did not reach the console in time"
    return ""
