"""Procedures: what is run for them, what they ask for, and their page."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.catalog.clients import ClientStep, Procedure
from minos_web.catalog.loader import load_catalog
from minos_web.engine.own_steps import gates_of
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.operations.procedures import procedure_of, procedure_waves, task_of
from minos_web.operations.refusal import Refused
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_hosts

HDFS = load_catalog()["hdfs"]
HOME = "/clusters/hdfs/dptst-files/procedures/home-directory"


def namenode(number: int, **more: Any) -> Task:
    values = {"described": True, "bootstrapped": True} | more
    return Task(
        id=number + 1, job="namenode", number=number, address="127.0.0.31", instance=-1, base_port=1, **values
    )  # fmt: skip


@pytest.fixture
def scene(session: Session) -> Session:
    """An HDFS with a bootstrapped namenode on an approved host."""
    host = add_hosts(session)[0]
    row = Cluster(service="hdfs", name="dptst-files", version="3.4.2", created_at=0.0, bootstrapped_at=1.0)
    row.tasks = [namenode(0, host_id=host.id, state="RUNNING")]
    session.add(row)
    session.commit()
    return session


def test_each_command_is_a_wave_with_the_answers_in_it() -> None:
    procedure = procedure_of(HDFS, {"procedure": "home-directory"})
    waves = procedure_waves(procedure, namenode(0), {"user": "olga"})
    assert [wave.name for wave in waves] == ["make /user/olga", "give it to olga", "close it to others"]
    assert [step.args["words"] for wave in waves for step in wave.steps][1] == ["-chown", "olga", "/user/olga"]


@pytest.mark.parametrize("answer", ["", None, "a b", "../x", "%{x}", "a;b", "x" * 70, "$HOME"])
def test_an_answer_that_is_no_name_is_refused_by_its_field(answer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        procedure_waves(procedure_of(HDFS, {"procedure": "home-directory"}), namenode(0), {"user": answer})
    assert refused.value.field == "user"


def test_one_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(
        Refused, match="there is no procedure 'x'; there are system-directories, home-directory, balance"
    ):
        procedure_of(HDFS, {"procedure": "x"})


def test_it_needs_a_task_that_has_its_package() -> None:
    procedure = procedure_of(HDFS, {"procedure": "balance"})
    assert task_of(procedure, [namenode(1), namenode(0, bootstrapped=False)]).number == 1
    with pytest.raises(Refused, match="none is bootstrapped"):
        task_of(procedure, [namenode(0, bootstrapped=False), namenode(1, described=False)])


def test_the_page_tells_what_is_run_and_asks(testapp: Browser, scene: Session) -> None:
    assert testapp.get("/clusters/hdfs/dptst-files").html.select_one(f'a[href="{HOME}"]')
    page = testapp.get(HOME)
    assert next(" ".join(one.text.split()) for one in page.html.select(".mn-commands li")) == (
        "make /user/@user@ dfs -mkdir -p /user/@user@"
    )
    refused = testapp.post(HOME, {"user": "a b"}, headers=testapp.csrf, status=422)
    assert "User is 1 to 64 letters" in refused.html.select_one("#user-error").text


def test_it_becomes_an_operation(testapp: Browser, scene: Session) -> None:
    answer = testapp.post(HOME, {"user": "olga"}, headers=testapp.csrf, status=303)
    operation = scene.scalars(select(Operation)).one()
    assert answer.location.endswith(f"/operations/{operation.id}")
    assert (operation.action, operation.options["procedure"]) == ("procedure", "home-directory")
    assert [step.verb for step in operation.steps] == ["client"] * 3
    number = operation.id
    scene.commit()
    assert "Home directory on" in " ".join(testapp.get(f"/operations/{number}").html.select_one("h1").text.split())
    assert testapp.post(HOME, {"user": "olga"}, headers=testapp.csrf, status=409)


def test_over_the_api_and_for_operators_only(scene: Session, api_as: Callable[[str], TestApp]) -> None:
    body = {"action": "procedure", "options": {"procedure": "system-directories"}}
    api_as("viewer").post_json("/api/v1/clusters/hdfs/dptst-files/operations", body, status=403)
    api_as("operator").post_json("/api/v1/clusters/hdfs/dptst-files/operations", body, status=201)


def test_facts_are_looked_at_before_and_after_and_some_are_for_administrators() -> None:
    hbase = load_catalog()["hbase"]
    procedure = procedure_of(hbase, {"procedure": "major-compact"})
    assert procedure.admin
    master = Task(id=7, job="master", number=0, address="a", described=True, bootstrapped=True)
    waves = procedure_waves(procedure, master, {"table": "t"})
    assert [wave.steps[0].verb for wave in waves] == ["gate", "client", "gate"]
    first, last = waves[0].steps[0], waves[-1].steps[0]
    assert (first.args["first"], last.args["first"], last.patience) == (True, False, 600.0)
    assert gates_of(hbase, last.args) == procedure.gates
    assert "exists 't'" in waves[1].steps[0].args["input"]


@pytest.fixture
def hbase(scene: Session) -> Session:
    """An HBase with a master beside it."""
    host = scene.scalars(select(Host)).first()
    assert host is not None
    row = Cluster(service="hbase", name="dptst-tables", version="2.5.13", created_at=0.0, bootstrapped_at=1.0)
    row.tasks = [
        Task(job="master", number=0, address=host.address, host_id=host.id, bootstrapped=True, state="RUNNING")
    ]
    scene.add(row)
    scene.commit()
    return scene


def test_who_is_no_administrator_neither_sees_nor_gets_them(
    hbase: Session, api_as: Callable[[str], TestApp], browser_as: Callable[[str], Browser]
) -> None:
    page, address = "/clusters/hbase/dptst-tables", "/api/v1/clusters/hbase/dptst-tables/operations"
    body = {"action": "procedure", "options": {"procedure": "major-compact", "table": "t"}}
    refused = api_as("operator").post_json(address, body, status=403)
    assert "for administrators" in refused.json["error"]["message"]
    assert "Compact a table" not in browser_as("operator").get(page).text
    admin = browser_as("admin")
    assert "Compact a table" in admin.get(page).text
    assert "no region is in transition" in admin.get(f"{page}/procedures/major-compact").text
    api_as("admin").post_json(address, body, status=201)


def test_one_that_is_not_there_has_no_page(testapp: Browser, scene: Session) -> None:
    testapp.get("/clusters/hdfs/dptst-files/procedures/nosuch", status=404)


def test_what_a_folder_may_not_say(tmp_path: Any) -> None:
    good = 'artifact = "x"\n[[jobs]]\nname = "one"\n[[commands]]\nname = "c"\ntitle = "t"\nmain = "M"\n'
    step = '[[procedures.steps]]\ntitle = "s"\ncommand = "{command}"\nargs = ["{arg}"]\n'
    head = '[[procedures]]\nname = "p"\ntitle = "t"\nabout = "a"\njob = "{job}"\n'
    cases = {
        ("one", "c", "x"): "",
        ("two", "c", "x"): "job 'two'",
        ("one", "d", "x"): "command 'd'",
        ("one", "c", "@who@"): "@who@",
    }
    for (job, command, arg), words in cases.items():
        (tmp_path / "mine").mkdir(exist_ok=True)
        text = good + head.format(job=job) + step.format(command=command, arg=arg)
        (tmp_path / "mine" / "service.toml").write_text(text)
        problems = load_catalog((tmp_path,)).problems
        assert [words in problem.message for problem in problems] == ([True] if words else [])


def test_titles_take_answers_too() -> None:
    procedure = Procedure("p", "t", "a", "namenode", (ClientStep("for @who@", "dfs", ("-ls", "/@who@")),), {"who": "W"})
    [wave] = procedure_waves(procedure, namenode(0), {"who": "me"})
    assert (wave.name, wave.steps[0].args["words"]) == ("for me", ["-ls", "/me"])
