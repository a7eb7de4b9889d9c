"""What hosts lack, case by case, and which are shown at all."""

import time
from types import SimpleNamespace as Row
from typing import cast

import pytest
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState
from minos_common.version import VERSION
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.monitor.readiness import lacks_of, readiness
from tests.minos_web.scene import add_cluster, add_hosts

NOW = 1000.0


def host(**changes: object) -> Host:
    base: dict[str, object] = {
        "state": HostState.APPROVED, "beat_at": NOW - 1, "worker_version": VERSION, "clock_offset": 0.1,
        "facts": {"java": "17.0.2"}, "degraded": [],
    }  # fmt: skip
    return cast(Host, Row(**base | changes))


@pytest.mark.parametrize(
    ("changes", "whats", "ways"),
    [
        ({}, [], []),
        ({"state": HostState.PENDING}, ["approval"], ["hosts"]),
        ({"state": HostState.PENDING, "worker_version": "0"}, ["approval"], ["hosts"]),  # first things first
        ({"beat_at": None}, ["its worker is silent"], ["host"]),
        ({"beat_at": NOW - 1000, "worker_version": "0"}, ["its worker is silent"], ["host"]),  # the rest is old news
        ({"worker_version": "0.0.1"}, ["another worker version"], ["upgrade"]),
        ({"worker_version": ""}, ["another worker version"], ["upgrade"]),
        ({"facts": {}}, ["a JDK"], ["host"]),
        ({"facts": {"java": "none: /opt/jdk has no bin/java"}}, ["a JDK"], ["host"]),
        ({"clock_offset": 5.1}, ["the right time"], ["host"]),
        ({"clock_offset": -90000.0}, ["the right time"], ["host"]),
        ({"clock_offset": -4.9}, [], []),
        ({"degraded": [{"code": "disk-full", "message": "only 3 MiB"}]}, ["disk full"], ["host"]),
        (
            {
                "worker_version": "0",
                "facts": {},
                "clock_offset": 9.0,
                "degraded": [{"code": "disk-slow", "message": ""}],
            },
            ["another worker version", "a JDK", "the right time", "disk slow"],
            ["upgrade", "host", "host", "host"],
        ),
    ],
)
def test_lacks(changes: dict[str, object], whats: list[str], ways: list[str]) -> None:
    found = lacks_of(host(**changes), ConsoleSettings(var="/nowhere", lost_seconds=15.0), NOW)
    assert ([lack.what for lack in found], [lack.way for lack in found]) == (whats, ways)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"worker_version": "0.0.1"}, f"version 0.0.1; this console is {VERSION}"),
        ({"facts": {"java": "none: /opt/jdk has no bin/java"}}, "/opt/jdk has no bin/java; set java_home"),
        ({"clock_offset": -90000.0}, "90,000 s behind the console's"),
        ({"clock_offset": 6.0}, "6 s ahead of the console's"),
    ],
)
def test_advice_says_what_is_wrong(changes: dict[str, object], text: str) -> None:
    (lack,) = lacks_of(host(**changes), ConsoleSettings(var="/nowhere"), NOW)
    assert text in lack.advice


def test_hosts_that_lack_something_come_first_and_the_rejected_not_at_all(session: Session, console: Console) -> None:
    well, pending, rejected = add_hosts(session)
    well.worker_version, well.facts = VERSION, {"java": "17"}
    pending.state, rejected.state = HostState.PENDING, HostState.REJECTED
    add_cluster(session, console, addresses=("127.0.0.31", "127.0.0.32", "10.9.9.9"))
    found = readiness(session, console.settings, time.time())
    assert [(one.name, one.host is None, len(one.lacks)) for one in found] == [
        ("10.9.9.9", True, 1),
        ("host-32", False, 1),
        ("host-31", False, 0),
    ]
    assert found[0].lacks[0].way == "install"
