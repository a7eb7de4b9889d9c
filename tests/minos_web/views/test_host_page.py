"""A host's page does for its tasks what a supervisor's own page would."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts


@pytest.fixture
def described(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    add_cluster(session, console, "lake", ("127.0.0.31",))
    session.commit()


def links(browser: Browser) -> list[str]:
    return [link["href"] for link in browser.get("/hosts/host-31").html.select("main a[href*='/act/']")]


@pytest.fixture
def task(session: Session, described: None) -> Task:
    """The first task on host-31."""
    return session.scalars(select(Task).where(Task.address == "127.0.0.31").order_by(Task.id)).all()[0]


def line(browser: Browser, task: Task) -> Any:
    return browser.get("/hosts/host-31").html.select_one(f"#task-{task.id}")


def words(browser: Browser, task: Task) -> str:
    return " ".join(line(browser, task).select_one("[data-label=Description]").text.split())


def test_one_task_or_all_of_a_cluster_here(testapp: Browser, described: None) -> None:
    found = links(testapp)
    for cluster in ("dptst", "lake"):
        for action in ("start", "restart", "stop"):
            at = f"/clusters/zookeeper/{cluster}/act/{action}"
            assert f"{at}?host=127.0.0.31" in found
        assert f"/clusters/zookeeper/{cluster}/act/start?task=zookeeper%2F0" in found
    for address in found:
        assert testapp.get(address).status_int == 200


@pytest.mark.parametrize(
    ("known", "actions"),
    [
        ("STOPPED, stopped wanted", "start"),
        ("EXITED, stopped wanted", "start"),
        ("FATAL, running wanted", "start stop"),
        ("RUNNING, running wanted", "restart stop"),
        ("STARTING, running wanted", "restart stop"),
        ("BACKOFF, running wanted", "restart stop"),
        ("STOPPING, stopped wanted", "restart stop"),
        ("UNKNOWN, running wanted", "start restart stop"),
        ("RUNNING, running wanted, host silent", "start restart stop"),
    ],
)
def test_what_is_offered_fits_the_state(
    testapp: Browser, session: Session, task: Task, known: str, actions: str
) -> None:
    task.state, task.wanted = known.replace(",", "").split()[:2]
    session.get_one(Host, task.host_id).beat_at = time.time() - (1000 if "silent" in known else 0)
    session.commit()
    row = line(testapp, task)
    found = [link["href"].partition("/act/")[2].partition("?")[0] for link in row.select("a[href*='/act/']")]
    assert found == actions.split()
    assert row.select_one("a[href$='/log']") and row.select_one("a[data-dialog-open=clear-dialog]")


def test_what_runs_is_described_by_pid_and_uptime(testapp: Browser, session: Session, task: Task) -> None:
    task.state, task.wanted, task.pid, task.started_at = "RUNNING", "running", 4711, time.time() - 7200
    session.commit()
    assert words(testapp, task).startswith("pid 4711, up ")
    assert line(testapp, task).select_one("[data-label=Description] time[data-age=short]")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "FATAL", "reason": "ended 3 times within 3 s"}, "ended 3 times within 3 s"),
        ({"state": "BACKOFF", "reason": "<b>no java</b>"}, "<b>no java</b>"),
        ({"bootstrapped": True}, "Not started yet"),
        ({}, "Nothing of it is on this host"),
        (
            {"bootstrapped": True, "last_exit": {"kind": "code", "value": 143, "at": 1000.0, "expected": True}},
            "Exit code 143 (SIGTERM: asked to stop); this was expected, 1970-01-01 00:16:40 UTC",
        ),
        (
            {"state": "EXITED", "last_exit": {"kind": "signal", "value": 9, "at": None, "expected": False}},
            "Ended by signal 9 (SIGKILL: killed at once, as an operator or the kernel short of memory does)",
        ),
    ],
)
def test_what_does_not_run_is_described_by_the_reason(
    testapp: Browser, session: Session, task: Task, values: dict[str, Any], said: str
) -> None:
    for name, value in values.items():
        setattr(task, name, value)
    session.commit()
    assert words(testapp, task) == said


def test_of_a_silent_host_only_the_last_word_is_known(testapp: Browser, session: Session, task: Task) -> None:
    task.state, task.wanted, task.pid, task.started_at = "RUNNING", "running", 4711, time.time()
    session.get_one(Host, task.host_id).beat_at = time.time() - 1000
    session.commit()
    assert words(testapp, task) == "no word from host host-31 for 16 min; last known running"


def test_a_viewer_is_offered_the_log_only(browser_as: Callable[[str], Browser], described: None) -> None:
    viewer = browser_as("viewer")
    assert links(viewer) == []
    page = viewer.get("/hosts/host-31").html
    assert page.select("main a[href$='/log']") and not page.select("[data-dialog-open], #clear-dialog")


def test_it_tells_as_whom_worker_and_tasks_run(testapp: Browser, session: Session, described: None) -> None:
    def said() -> dict[str, str]:
        page = testapp.get("/hosts/host-31").html
        return {key.text: key.find_next_sibling("dd").text.strip() for key in page.select(".mn-kv dt")}

    host = session.scalars(select(Host).where(Host.name == "host-31")).one()
    host.facts = {"user": "root", "task_user": "nobody"}
    session.commit()
    assert (said()["Runs as"], said()["Tasks run as"]) == ("root", "nobody")
    host.facts = {"user": "work"}  # of a worker that is older than the console
    session.commit()
    assert said()["Tasks run as"] == "work"


def key_of(browser: Browser) -> str:
    page = browser.get("/hosts/host-31").html
    return " ".join(
        next(dt for dt in page.select(".mn-kv dt") if dt.text == "Key").find_next_sibling("dd").text.split()
    )


def new_key(browser: Browser, status: int = 303) -> None:
    browser.post("/hosts/host-31/new-key", {}, headers=browser.csrf, status=status)


def test_a_new_key_is_asked_for_once(testapp: Browser, described: None) -> None:
    assert key_of(testapp).endswith("New key")
    new_key(testapp)
    assert key_of(testapp).endswith("a new one is being made")
    new_key(testapp)  # a second click
    assert "is being made already" in testapp.get("/hosts/host-31").text
    with testapp.console.readers() as session:
        assert len(session.scalars(select(Step).where(Step.verb == "rotate-key")).all()) == 1


def test_why_no_new_key_was_made_is_told(testapp: Browser, session: Session, described: None) -> None:
    new_key(testapp)
    session.expire_all()
    step = session.scalars(select(Step).where(Step.verb == "rotate-key")).one()
    step.state, step.message, step.ended_at = "failed", "the disk is full", time.time()
    session.commit()
    assert "No new key was made: the disk is full" in key_of(testapp) and "New key" in key_of(testapp)


def test_a_silent_host_gets_no_new_key(testapp: Browser, session: Session, described: None) -> None:
    session.scalars(select(Host).where(Host.name == "host-31")).one().beat_at = time.time() - 1000
    session.commit()
    assert "New key" not in key_of(testapp)
    new_key(testapp)
    assert "No word from host-31" in testapp.get("/hosts/host-31").text


def test_a_viewer_cannot_ask_for_a_key(browser_as: Callable[[str], Browser], described: None) -> None:
    viewer = browser_as("viewer")
    assert "New key" not in key_of(viewer)
    new_key(viewer, status=403)


def test_figures_that_a_host_has_are_shown_and_others_are_not(
    testapp: Browser, session: Session, described: None
) -> None:
    def terms() -> dict[str, str]:
        page = testapp.get("/hosts/host-31").html.select_one("#host")
        return {one.text: " ".join(one.find_next("dd").text.split()) for one in page.select("dt")}

    assert not {"Swap", "TCP", "Waiting", "Processes", "Disk traffic"} & set(terms())
    host = session.scalars(select(Host).where(Host.name == "host-31")).one()
    host.figures = {
        "host.swap_total": 2.0**30, "host.swap_percent": 25.0, "host.disk_busy_percent": 40.0,
        "host.disk_read_bytes_per_second": 1024.0, "host.network_drops_per_second": 3.0, "host.tcp_established": 7.0,
        "host.threads": 1500.0, "host.processes": 90.0, "host.pressure_cpu_some": 12.5, "host.pressure_io_some": 0.0,
    }  # fmt: skip
    host.clock_offset = 3600.2
    session.commit()
    told = terms()
    assert "25 % of 1 GB" in told["Swap"] and told["Disk traffic"].startswith("1 KB/s read, – written")
    assert told["TCP"].startswith("7 established") and told["Waiting"].startswith("12.5 % for CPU, 0 % for disks, –")
    assert told["Processes"].startswith("90") and "3/s dropped" in told["Network"]
    assert told["Clock"].startswith("3,600.2 s ahead of the console's Its figures are shown at the right times")
