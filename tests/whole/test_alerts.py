"""Alerts of a real console over real workers: a lost host with its tasks is one incident, told once over the death of the console."""

import contextlib
import os
import signal
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from tests.minos_web.catalog.worked_example import put_example
from tests.whole.site import Site, a_site, free_base_port
from tests.whole.test_own_service import package

ADDRESSES = ["127.0.0.91", "127.0.0.92", "127.0.0.93"]
ALWAYS = '{"title": "Always", "about": "console", "metric": "console.disk_free_bytes", "condition": "> 0"}'
TASKS = 5
"""Of the host that is lost."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three hosts with counters, most of them on the third; a console that checks every second."""
    folder = tmp_path_factory.mktemp("alerts")
    services = put_example(folder / "services")
    with a_site(folder / "site", ADDRESSES, services=services, alert_seconds=1) as made:
        made.api.upload(package(folder), "counter", "r1")
        base_port = free_base_port(ADDRESSES)
        hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(ADDRESSES[:2]))
        made.api.put_text(
            "config/conf/counter/counter-tally.cfg",
            f"[cluster]\n  name=tally\n  version=1.0\n  jobs=counter\n[counter]\n  base_port={base_port}\n{hosts}\n"
            f"  host.2={ADDRESSES[2]}/instance_num={TASKS}\n  [[arguments]]\n"
            "[configuration]\n  base=%{config_dir}/conf/counter/common/counter.cfg\n",
        )
        done = made.operate("counter", "tally", "bootstrap", options={"cleanup_password": "sesame-7"})
        assert done["state"] == "done", done["message"]
        made.until("health", lambda: made.api.get("clusters/counter/tally")["status"]["word"] == "healthy", 60)
        yield made


def rows(site: Site, query: str) -> list[tuple[Any, ...]]:
    """What the console's own tables say."""
    file = site.folder / "console" / "minos.sqlite"
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def news(site: Site) -> list[tuple[str, str]]:
    """Kinds and titles of what was told of these hosts and their cluster."""
    told = rows(site, "select kind, title from news where host != '' or cluster != '' order by id")
    return [(kind, title) for kind, title in told if kind in ("problem", "recovery", "unknown", "flapping")]


def alerts(site: Site) -> dict[str, str]:
    """Rule -> state of the alerts that are open."""
    return dict(rows(site, "select rule, state from alerts where open_key is not null"))


def test_a_lost_host_is_told_once_with_what_comes_of_it(site: Site) -> None:
    site.until(
        "that nothing is wrong", lambda: not {"host-lost", "cluster-health", "task-down"} & set(alerts(site)), 150
    )
    before = news(site)
    lost = site.hosts[2]
    lost.daemon.kill(signal.SIGKILL)
    site.until("the first bad check", lambda: "host-lost" in alerts(site), 60)
    site.console.kill()  # between a check and the next, wherever it is
    assert lost.daemon.process is not None and lost.daemon.process.poll() is not None
    site.start_console()
    site.until("the alert", lambda: alerts(site).get("host-lost") == "firing", 90)
    site.until("what is told of it", lambda: len(news(site)) > len(before), 30)
    site.console.kill()
    site.start_console()
    site.api.put_text(
        "alert-rules/always", ALWAYS, "application/json"
    )  # fires once the console has checked three times
    site.until("more checks", lambda: alerts(site).get("always") == "firing", 90)
    assert news(site)[len(before) :] == [("problem", f"A host is lost: {lost.name}")]
    ((text,),) = rows(site, "select text from news where title like 'A host is lost%'")
    assert "A cluster is not well: counter/tally" in text
    folded = rows(site, "select rule from alerts where parent_id = (select id from alerts where rule = 'host-lost')")
    assert ("cluster-health",) in folded


def test_its_return_is_told_and_nothing_else(site: Site) -> None:
    before, lost = news(site), site.hosts[2]
    lost.daemon.start()
    site.until("its end", lambda: "host-lost" not in alerts(site), 90)
    site.until("what is told", lambda: len(news(site)) > len(before), 30)
    site.until("health", lambda: site.api.get("clusters/counter/tally")["status"]["word"] == "healthy", 60)
    site.until("that the cluster's alert is over", lambda: "cluster-health" not in alerts(site), 60)
    assert news(site)[len(before) :] == [("recovery", f"Over: A host is lost: {lost.name}")]


def test_a_task_that_ends_again_and_again_is_told_once(site: Site) -> None:
    before = news(site)

    def ends() -> bool:
        task = site.tasks("counter", "tally")[0]
        if task["state"] == "RUNNING" and task["pid"]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(task["pid"], signal.SIGKILL)
        return alerts(site).get("task-flaps") == "firing" and len(news(site)) > len(before)

    site.until("the alert", ends, 120)
    # Either its own alert is told, or that its cluster comes and goes, under which the task's own alert is folded.
    told = [title for kind, title in news(site)[len(before) :] if kind in ("problem", "flapping")]
    assert len(told) <= 2, told
    assert any("counter/tally" in title for title in told)
