"""A console whose schedules a test has ticked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from tests.minos_web.scene import add_cluster, add_hosts, add_package


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts were heard at the moment of the test, whatever day that plays on."""
    monkeypatch.setattr("minos_web.operations.checks.check_hosts", lambda *_: None)
    monkeypatch.setattr("minos_web.operations.submit.check_hosts", lambda *_: None)


@pytest.fixture
def ready(console: Console) -> Console:
    """Three hosts, a package and a cluster that was bootstrapped and stopped."""
    with console.writers.begin() as session:
        add_hosts(session)
        add_package(session)
        add_cluster(session, console)
        for task in session.scalars(select(Task)):
            task.bootstrapped, task.state = True, "STOPPED"
    return console


@pytest.fixture
def read(console: Console) -> Iterator[Session]:
    with console.readers() as opened:
        yield opened
