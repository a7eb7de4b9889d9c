"""What a row means, case by case."""

from types import SimpleNamespace as Row

import pytest

from minos_web.monitor.status import Kind, cluster_status, host_status, task_status

NOW = 1000.0


def host(**changes: object) -> Row:
    return Row(
        **{
            "name": "h1",
            "state": "approved",
            "beat_at": NOW - 1,
            "degraded": [],
            "clock_offset": 0.4,
            "worker_started": 5.0,
            "first_seen": 1.0,
            "maintenance": None,
        }
        | changes
    )


def task(**changes: object) -> Row:
    base = {
        "address": "127.0.0.11", "state": "RUNNING", "since": 900.0, "heard_at": 999.0, "wanted": "running",
        "job": "server", "cluster": Row(maintenance=None), "bootstrapped": True, "reason": "", "started_at": 900.0, "unattended": False, "figures_error": "",
    }  # fmt: skip
    return Row(**base | changes)


@pytest.mark.parametrize(
    ("changes", "kind", "word"),
    [
        ({}, Kind.RUNNING, "in touch"),
        ({"beat_at": NOW - 9}, Kind.UNKNOWN, "late"),
        ({"beat_at": NOW - 16}, Kind.UNKNOWN, "lost"),
        ({"beat_at": None}, Kind.UNKNOWN, "never heard"),
        ({"state": "pending"}, Kind.UNKNOWN, "waits for approval"),
        ({"degraded": [{"code": "disk", "message": "disk full"}]}, Kind.DEGRADED, "degraded"),
        ({"clock_offset": -3600.0}, Kind.DEGRADED, "degraded"),
    ],
)
def test_host(changes: dict[str, object], kind: Kind, word: str) -> None:
    status = host_status(host(**changes), NOW, 8, 15)
    assert (status.kind, status.word) == (kind, word)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, Kind.RUNNING),
        ({"state": "STARTING"}, Kind.CHANGING),
        ({"state": "STOPPING"}, Kind.CHANGING),
        ({"state": "BACKOFF"}, Kind.DOWN),
        ({"state": "FATAL"}, Kind.DOWN),
        ({"state": "EXITED"}, Kind.DOWN),
        ({"state": "EXITED", "wanted": "stopped"}, Kind.STOPPED),
        ({"state": "STOPPED"}, Kind.DOWN),
        ({"state": "STOPPED", "wanted": "stopped"}, Kind.STOPPED),
        ({"state": "UNKNOWN"}, Kind.UNKNOWN),
        ({"unattended": True}, Kind.DEGRADED),
        ({"figures_error": "connection refused"}, Kind.DEGRADED),
        ({"figures_error": "connection refused", "started_at": NOW - 5}, Kind.CHANGING),
    ],
)
def test_task(changes: dict[str, object], kind: Kind) -> None:
    assert task_status(task(**changes), host(), NOW, 15).kind is kind


def test_a_task_of_a_silent_host_is_unknown_and_stale_never_green() -> None:
    status = task_status(task(), host(beat_at=NOW - 20), NOW, 15)
    assert (status.kind, status.stale) == (Kind.UNKNOWN, True)
    assert "last known running" in status.reason


def test_a_task_without_host_says_which_address_is_missing() -> None:
    assert "127.0.0.11" in task_status(task(), None, NOW, 15).reason


def test_old_health_is_stale_and_not_green() -> None:
    row = cluster(health_at=NOW - 60)
    assert cluster_status(row, NOW).kind is Kind.UNKNOWN
    row.health_at = NOW - 2
    assert cluster_status(row, NOW).kind is Kind.RUNNING


def cluster(**changes: object) -> Row:
    base = {
        "problem": "", "retired": False, "bootstrapped_at": 1.0, "health": "ok", "health_reason": "",
        "health_since": 1.0, "health_at": NOW - 2, "maintenance": None,
    }  # fmt: skip
    return Row(**base | changes)


@pytest.mark.parametrize(
    ("changes", "kind", "word"),
    [
        ({"health": "stopped"}, Kind.STOPPED, "stopped"),
        ({"health": "stopped", "bootstrapped_at": None}, Kind.STOPPED, "not bootstrapped"),
        ({"health": "error", "bootstrapped_at": None}, Kind.DOWN, "down"),
        ({"problem": "line 3"}, Kind.UNKNOWN, "cannot be read"),
        ({"retired": True}, Kind.STOPPED, "removed"),
    ],
)
def test_cluster(changes: dict[str, object], kind: Kind, word: str) -> None:
    status = cluster_status(cluster(**changes), NOW)
    assert (status.kind, status.word) == (kind, word)


NOTE = {"reason": "new disks", "by": "olga", "at": 1.0, "until": None}


@pytest.mark.parametrize(
    ("covers", "expected"),
    [
        ({"host": host(maintenance=NOTE)}, True),
        ({"cluster": Row(maintenance={"": NOTE})}, True),
        ({"cluster": Row(maintenance={"server": NOTE})}, True),
        ({"cluster": Row(maintenance={"other": NOTE})}, False),
        ({"cluster": Row(maintenance={"server": NOTE | {"until": NOW - 1}})}, False),
        ({"cluster": Row(maintenance={"server": NOTE | {"until": NOW + 1}})}, True),
    ],
)
def test_a_task_that_is_worked_on_cries_no_alarm(covers: dict[str, Row], expected: bool) -> None:
    row = task(state="FATAL", reason="disk gone", **({"cluster": covers["cluster"]} if "cluster" in covers else {}))
    status = task_status(row, covers.get("host", host()), NOW, 15)
    assert status.kind is (Kind.MAINTENANCE if expected else Kind.DOWN)
    assert ("disk gone; maintenance by olga: new disks" in status.reason) is expected
    assert status.word == ("failed, in maintenance" if expected else "failed")


def test_what_is_well_or_stopped_is_told_as_ever() -> None:
    kept = Row(maintenance={"": NOTE})
    assert task_status(task(cluster=kept), host(), NOW, 15).kind is Kind.RUNNING
    assert task_status(task(cluster=kept, state="STOPPED", wanted="stopped"), host(), NOW, 15).kind is Kind.STOPPED


def test_a_host_and_a_cluster_that_are_worked_on() -> None:
    assert host_status(host(beat_at=NOW - 99, maintenance=NOTE), NOW, 8, 15).word == "lost, in maintenance"
    assert cluster_status(cluster(health="error", maintenance={"": NOTE}), NOW).kind is Kind.MAINTENANCE
    assert cluster_status(cluster(health="error", maintenance={"server": NOTE}), NOW).kind is Kind.DOWN
