"""How the record of releases changes, and when a release on trial has failed."""

from pathlib import Path

import pytest

from minos_worker.release import record as records
from minos_worker.release.record import TRIAL_STARTS, ReleaseRecord, Trial

TRIAL = Trial("command-1", "boot-1", 100.0)


@pytest.mark.parametrize(
    ("trial", "boot", "clock", "words"),
    [
        (TRIAL, "boot-1", 99.0, ""),
        (TRIAL, "boot-1", 101.0, "did not reach the console in time"),
        (TRIAL, "boot-2", 5.0, "booted"),
        (Trial("c", "boot-1", 100.0, starts=TRIAL_STARTS - 1), "boot-1", 1.0, ""),
        (Trial("c", "boot-1", 100.0, starts=TRIAL_STARTS), "boot-1", 1.0, f"started {TRIAL_STARTS} times"),
    ],
)
def test_when_a_trial_has_failed(trial: Trial, boot: str, clock: float, words: str) -> None:
    told = records.verdict(trial, boot, clock)
    assert words in told if words else told == ""


def test_a_release_that_is_kept_is_followed_by_the_next(tmp_path: Path) -> None:
    first = records.kept(records.begun(ReleaseRecord(installed=["python", "-m", "minos_worker"]), "1-a", TRIAL))
    assert (first.current, first.previous, first.trial) == ("1-a", "", None)
    second = records.begun(first, "2-b", TRIAL)
    assert (second.current, second.previous, second.trial) == ("2-b", "1-a", TRIAL)
    back = records.given_up(second, "it was bad", 5.0)
    assert back.current == "1-a" and back.trial is None and back.failure is not None
    assert (back.failure.release, back.failure.command_id, back.failure.reason) == ("2-b", "command-1", "it was bad")
    assert records.given_up(back, "again", 6.0) == back, "what is over is not given up twice"
    records.save(tmp_path, back)
    assert records.load(tmp_path) == back


def test_starts_are_counted_in_a_trial_only() -> None:
    on_trial = records.begun(ReleaseRecord(), "1-a", TRIAL)
    assert records.started(records.started(on_trial)).trial == Trial("command-1", "boot-1", 100.0, starts=2)
    assert records.started(ReleaseRecord(current="1-a")) == ReleaseRecord(current="1-a")


@pytest.mark.parametrize("content", ["", "{", '{"current": 5}', "[]", "\x00\xff"])
def test_a_broken_record_means_the_installed_release(tmp_path: Path, content: str) -> None:
    (tmp_path / "release.json").write_text(content)
    assert records.load(tmp_path) == ReleaseRecord()


def test_a_record_of_a_newer_release_is_understood(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text('{"current": "9-z", "colour": "red", "trial": null}')
    assert records.load(tmp_path).current == "9-z"
