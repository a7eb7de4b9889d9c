"""The overview: calm with one cluster, useful with many, live part by part; the first steps; the list of clusters."""

import time
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_hosts, add_package, add_running

LIVE = {"HX-Request": "true"}


def plain_cluster(session: Session, number: int, **more: Any) -> Cluster:
    """A row of a cluster, as the rounds leave it."""
    now = time.time()
    told = {
        "service": "zookeeper",
        "health": "ok",
        "health_at": now,
        "health_since": now,
        "bootstrapped_at": now,
        **more,
    }
    row = Cluster(name=f"c{number:03}", created_at=now, health_jobs={}, **told)
    session.add(row)
    session.flush()
    return row


def plain_tasks(session: Session, cluster: Cluster, hosts: list[Host], **more: Any) -> None:
    """A task of it on each of these hosts, which runs unless told otherwise."""
    told = {"state": "RUNNING", "wanted": "running", "bootstrapped": True, **more}
    session.add_all(
        Task(cluster_id=cluster.id, job="zookeeper", number=number, address=host.address, host_id=host.id, **told)
        for number, host in enumerate(hosts)
    )
    session.flush()


def steps(page: Any) -> list[bool]:
    return ["is-done" in one.get("class", []) for one in page.html.select(".mn-steplist li")]


def test_nothing_yet_teaches_the_way(testapp: Browser, session: Session) -> None:
    page = testapp.get("/")
    assert "No clusters yet" in page and page.html.select_one("h1").text == "Overview"
    assert steps(page) == [False] * 6
    assert page.html.find("a", string="Describe the cluster")["href"] == "/clusters/new"
    add_hosts(session)
    add_package(session)
    session.commit()
    live = testapp.get("/?part=now", headers=LIVE)
    assert steps(live)[:3] == [True, True, False] and live.html.select_one("html") is None


def test_the_first_steps_tick_themselves_and_are_put_away_by_each_for_themselves(
    testapp: Browser, browser_as: Any, session: Session, console: Console
) -> None:
    add_running(session, console)
    assert steps(testapp.get("/")) == [True, True, True, False, False, False]
    session.scalars(select(Cluster)).one().bootstrapped_at = time.time()
    session.scalars(select(Task)).first().figures_at = time.time()  # type: ignore[union-attr]
    session.commit()
    assert steps(testapp.get("/")) == [True, True, True, True, True, False]
    testapp.post("/first-steps", {"csrf_token": testapp.csrf_token, "do": "hide"}, status=303)
    page = testapp.get("/")
    assert steps(page) == [] and "5 of 6 done" in page
    other = browser_as("viewer")
    other.set_cookie("minos_first_steps", testapp.cookies["minos_first_steps"])
    assert len(steps(other.get("/"))) == 6, "what one person put away is there for another"
    testapp.post("/first-steps", {"csrf_token": testapp.csrf_token, "do": "show"}, status=303)
    assert len(steps(testapp.get("/"))) == 6
    testapp.post("/first-steps", {"do": "hide"}, status=400)


def test_few_clusters_have_a_card_each(testapp: Browser, session: Session, console: Console) -> None:
    add_running(session, console)
    cluster = session.scalars(select(Cluster)).one()
    cluster.health, cluster.health_reason, cluster.health_at = "error", "zookeeper: 1 of 3 run, 2 needed", time.time()
    task = session.scalars(select(Task).where(Task.number == 1)).one()
    task.state, task.wanted = "FATAL", "running"
    session.commit()
    page = testapp.get("/")
    card = page.html.select_one("#cluster-zookeeper-dptst")
    assert "1 of 3 run, 2 needed" in card.text and "1 down, 2 running" in card.text
    square = card.select_one("svg a")
    assert square["href"] == "/clusters/zookeeper/dptst/tasks/zookeeper/1" and square["tabindex"] == "-1"
    assert square.select_one("title").text == "zookeeper/1 on 127.0.0.32: failed"
    assert "1 cluster on 3 hosts, 1 in need of a look" in " ".join(page.html.select_one(".mn-head__sub").text.split())
    assert "3 running" in page.html.select_one("#overview-wall").text and "rack" in page.text.lower()


def test_many_clusters_are_a_wall_and_only_the_unwell_have_cards(testapp: Browser, session: Session) -> None:
    hosts = add_hosts(session)
    for number in range(20):
        plain_tasks(session, plain_cluster(session, number), hosts)
    sick = plain_cluster(session, 77, health="warning", health_reason="one <b>lacks")
    plain_tasks(session, sick, hosts, state="BACKOFF")
    session.commit()
    page = testapp.get("/")
    assert [one["id"] for one in page.html.select("article")] == ["cluster-zookeeper-c077"]
    groups = page.html.select("section[aria-labelledby=tasks-title] .mn-wall__group")
    assert len(groups) == 21 and groups[0].a.text == "c077" and "3 down" in groups[0].text
    assert "<b>lacks" not in page.text


def test_ten_thousand_tasks_are_few_bytes_and_few_questions(
    testapp: Browser, session: Session, console: Console
) -> None:
    later, key = time.time() + 900, "k{:039}"
    told = {"state": "approved", "first_seen": 1.0, "beat_at": later}
    hosts = [Host(name=f"h{n}", address=f"10.0.0.{n}", public_key=key.format(n), **told) for n in range(130)]
    session.add_all(hosts)
    session.flush()
    for number in range(14):
        plain_tasks(session, plain_cluster(session, number), hosts)
    hosts[0].beat_at = time.time() - 900
    session.commit()
    testapp.get("/")
    asked: list[str] = []
    event.listen(console.engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: asked.append(text))
    page = testapp.get("/")
    assert len(page.body) < 160_000 and len(asked) < 45
    words = page.html.select_one("section[aria-labelledby=tasks-title] .mn-wall__group").text
    assert "1 unknown, 129 running" in words
    assert len(page.html.select("#overview-wall svg a")) == 14 + 130
    day = testapp.get("/?part=day", headers=LIVE)
    assert len(day.body) < 2_000


def test_what_runs_and_what_changed(testapp: Browser, session: Session, console: Console) -> None:
    add_running(session, console)
    cluster = session.scalars(select(Cluster)).one()
    now = time.time()
    told = {"created_by": "<i>eve", "wave_names": ["x"], "cluster": cluster}
    session.add(Operation(action="restart", state="running", created_at=now, open_cluster_id=cluster.id, **told))
    session.add(Operation(action="stop", state="done", created_at=now - 3 * 86400, ended_at=now - 3 * 86400, **told))
    session.commit()
    page = testapp.get("/")
    assert "Restart dptst" in page.html.select_one("section[aria-labelledby=running-title]").text
    day = page.html.select_one("#overview-day")
    assert "Restart dptst" in day.text and "Stop dptst" not in day.text and "<i>" not in page.text
    chips = {one.text.split()[1]: one for one in day.select(".mn-overview__counts .mn-chip")}
    assert chips["operations"].text.split()[0] == "1" and "kind=operation" in chips["operations"]["href"]
    assert testapp.get(chips["operations"]["href"]).status_int == 200


def test_room_is_told_by_those_that_tell(testapp: Browser, session: Session) -> None:
    first, second, _third = add_hosts(session)
    gib = 1024.0**3
    figures = {
        "host.load1": 2.0, "host.memory_total": 8 * gib, "host.memory_used": 6 * gib,
        "host.disk_total:/data": 100 * gib, "host.disk_used:/data": 25 * gib, "host.disk_total": 100 * gib,
    }  # fmt: skip
    first.facts, first.figures, first.figures_at = {"cores": 4}, figures, time.time()
    second.facts, second.figures, second.figures_at = {"cores": 64}, figures, time.time() - 9000
    session.commit()
    room = " ".join(testapp.get("/").html.select_one("#overview-room").text.split())
    for words in ("figures of 1 of 3 hosts", "Cores4", "Memory8 GB6 GB used", "100 GB25 GB used, 75 GB free"):
        assert words in room


@pytest.mark.parametrize("part", ["now", "wall", "day", "room", "nonsense"])
def test_parts_come_alone_to_htmx_only(testapp: Browser, session: Session, console: Console, part: str) -> None:
    add_running(session, console)
    live = testapp.get(f"/?part={part}", headers=LIVE)
    ids = {one["id"] for one in live.html.select("#overview > div[id]")}
    assert ids == (
        {f"overview-{part}"} if part != "nonsense" else {f"overview-{one}" for one in ("now", "wall", "day", "room")}
    )
    assert testapp.get(f"/?part={part}").html.select_one("html #overview-room") is not None


def test_the_list_of_clusters(testapp: Browser, session: Session, console: Console) -> None:
    assert "No clusters yet" in testapp.get("/clusters")
    for number in range(60):
        plain_cluster(session, number)
    plain_cluster(session, 90, service="<x>", description="<script>", health="error", health_reason="<b>it")
    session.commit()
    page = testapp.get("/clusters")
    rows = page.html.select("tbody tr")
    assert len(rows) == 50 and rows[0].a.text == "c090" and "61 clusters, 1 in need" in page
    assert (
        "<b>it" not in page.text
        and "<script>it" not in page.text
        and len(testapp.get("/clusters?page=2").html.select("tbody tr")) == 11
    )
    for query, number in {
        "state=unwell": 1,
        "state=running": 50,
        "service=hdfs": 0,
        "q=C00": 10,
        "q=script": 1,
    }.items():
        assert len(testapp.get(f"/clusters?{query}").html.select("tbody tr")) == number, query
    names = [row.a.text for row in testapp.get("/clusters?sort=name&q=c0").html.select("tbody tr")]
    assert names == sorted(names)
    assert "No cluster fits" in testapp.get("/clusters?q=nothing-like-it")
