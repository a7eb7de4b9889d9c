"""The wizard for a new cluster: five steps that are kept, and what is made at the end."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.models.config import ConfigFile
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.operations.layouts.drafts import forget_drafts
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import ADDRESSES, add_default_files, add_hosts, add_package

NEW = "/clusters/new"
GIB = 1 << 30


@pytest.fixture
def ground(session: Session, testapp: Browser) -> None:
    """Three hosts with memory, a package, and the default files."""
    for place, host in enumerate(add_hosts(session)):
        host.boot_id = f"boot-{place}"
        host.facts = {"memory": 16 * GIB, "cores": 8, "java": "17", "rack": f"r{place}"}
        host.figures_at = host.beat_at
        host.figures = {"host.memory_available": (8.0 + place) * GIB, "host.disk_free:/": 100e9}
    add_package(session)
    add_default_files(session, testapp.console, 1.0)
    session.commit()


def send(browser: Browser, url: str, fields: Any = (), status: int | None = None) -> Any:
    """Post a form."""
    return browser.post(url, fields, headers=browser.csrf, status=status)


def drafts(browser: Browser) -> list[ClusterDraft]:
    with browser.console.readers() as session:
        return list(session.scalars(select(ClusterDraft)))


def go_on(browser: Browser, page: Any, **fields: str) -> Any:
    """Fill the form of the page as it is, and press Next."""
    form = page.forms["wizard"]
    for name, value in fields.items():
        form[name.replace("__", ".")] = value
    return form.submit("go", index=0, headers=browser.csrf, status=303).follow()


def reviewed(browser: Browser, **fields: str) -> Any:
    """The last step of a wizard in which everything is as recommended."""
    page = browser.get(f"{NEW}?service=zookeeper")
    page = go_on(browser, page, name="lake", size="small", **fields)
    for _ in range(3):
        page = go_on(browser, page)
    return page


def test_what_is_recommended_becomes_a_cluster_that_is_bootstrapped(testapp: Browser, ground: None) -> None:
    page = reviewed(testapp)
    text = page.forms["wizard"]["text"].value
    assert "version=3.9.9" in text and "zookeeper-prc.cfg" in text and "-Xmx" in text
    assert all(f"={address}" in text for address in ADDRESSES)
    assert "3 zookeeper tasks decide by majority: 1 may be lost" in page.text
    assert "Start zookeeper" in page.text and "zookeeper-3.9.9.tar.gz" in page.text
    form = page.forms["wizard"]
    form["confirm"] = "lake"
    ended = form.submit("do", value="bootstrap", headers=testapp.csrf, status=303)
    assert "/operations/" in ended.location
    with testapp.console.readers() as session:
        operation = session.scalars(select(Operation)).one()
        assert (operation.action, operation.package_id) == ("bootstrap", 1)
        assert session.scalar(select(ConfigFile.path).where(ConfigFile.path.like("%-lake.cfg")))
    again = form.submit("do", value="bootstrap", headers=testapp.csrf, status=303)
    assert again.location == ended.location, "a second click finds what the first one made"


def test_tasks_are_numbered_as_recommended_and_not_by_the_figures_of_a_moment(
    testapp: Browser, ground: None, session: Session
) -> None:
    for host in session.scalars(select(Host)):
        host.boot_id = "one machine"
        host.facts = host.facts | {"rack": "r"}
    session.commit()
    lines = [line.strip() for line in reviewed(testapp).forms["wizard"]["text"].value.splitlines()]
    assert [line for line in lines if line.startswith("host.")] == [
        f"host.{number}={address}" for number, address in enumerate(ADDRESSES)
    ]


def test_created_only_nothing_is_begun(testapp: Browser, ground: None) -> None:
    page = reviewed(testapp)
    ended = page.forms["wizard"].submit("do", value="create", headers=testapp.csrf, status=303)
    assert ended.location.endswith("/clusters/zookeeper/lake")
    with testapp.console.readers() as session:
        assert session.scalars(select(Operation)).all() == []
    assert "Where you left off" not in testapp.get(NEW).text
    refused = send(testapp, NEW, {"service": "zookeeper", "size": "small", "name": "lake"}, status=422)
    assert "There is a cluster of this name already." in refused.text


def test_a_refused_bootstrap_makes_no_file_either(testapp: Browser, ground: None) -> None:
    form = reviewed(testapp).forms["wizard"]
    refused = form.submit("do", value="bootstrap", headers=testapp.csrf, status=422)
    assert "name, lake, to bootstrap it" in refused.text
    with testapp.console.readers() as session:
        assert session.scalar(select(ConfigFile.path).where(ConfigFile.path.like("%-lake.cfg"))) is None
    assert drafts(testapp)[0].made == ""


def test_going_back_loses_nothing_and_another_size_keeps_what_was_meant(testapp: Browser, ground: None) -> None:
    page = go_on(testapp, testapp.get(f"{NEW}?service=zookeeper"), name="lake", size="small")
    page = go_on(testapp, page)
    form = page.forms["wizard"]
    assert [box.checked for box in form.fields["hosts.zookeeper"]] == [True, True, True]
    form.fields["hosts.zookeeper"][0].checked = False
    page = form.submit("go", value="back", headers=testapp.csrf, status=303).follow()
    assert "Which package" in page.text
    page = go_on(testapp, page)
    assert [box.checked for box in page.forms["wizard"].fields["hosts.zookeeper"]].count(True) == 2
    assert "2 decide by majority" in page.text
    page = page.forms["wizard"].submit("recommend", headers=testapp.csrf, status=303).follow()
    page = go_on(testapp, page)
    page = go_on(testapp, page, port__zookeeper="12700", heap__zookeeper="300m")
    assert "base_port=12700" in page.text and "-Xms300m -Xmx300m" in page.text
    number = drafts(testapp)[0].id
    page = testapp.get(f"{NEW}/{number}/service")
    page = go_on(testapp, page, size="dev")
    page = testapp.get(f"{NEW}/{number}/review")
    text = page.forms["wizard"]["text"].value
    assert text.count("host.") == 1 and "base_port=12700" in text and "-Xmx300m" in text


def test_a_changed_text_is_kept_and_joined_with_later_answers(testapp: Browser, ground: None) -> None:
    page = reviewed(testapp)
    form = page.forms["wizard"]
    form["text"] = form["text"].value + "  [[zookeeper.cfg]]\n    tick_time=3000\n"
    page = form.submit("go", value="sizes", headers=testapp.csrf, status=303).follow()
    page = go_on(testapp, page, port__zookeeper="12800")
    text = page.forms["wizard"]["text"].value
    assert "tick_time=3000" in text and "base_port=12800" in text and "with your changes" in page.text
    form = page.forms["wizard"]
    form["text"] = form["text"].value.replace("jobs=zookeeper", "jobs=zookeper")
    refused = form.submit("do", value="create", headers=testapp.csrf, status=422)
    assert "zookeper" in refused.text and "cannot be created like this" in refused.text


def test_what_is_wrong_is_told_at_its_field(testapp: Browser, ground: None) -> None:
    for fields, words in (
        ({"service": "zookeeper", "size": "small", "name": ""}, "must not be empty"),
        ({"service": "zookeeper", "size": "small", "name": "La<b>"}, "Letters, digits, dashes"),
        ({"service": "zookeeper", "size": "huge", "name": "lake"}, "Choose a size"),
        ({"service": "nothing", "size": "small", "name": "lake"}, "Choose one of these services"),
        ({"service": "hdfs", "size": "small", "name": "files"}, "name of its ZooKeeper cluster and a dash"),
    ):
        page = send(testapp, NEW, fields, status=422)
        assert words in page.text and "<b>La" not in page.text
    assert drafts(testapp) == []
    page = go_on(testapp, testapp.get(f"{NEW}?service=zookeeper"), name="lake", size="small")
    number = drafts(testapp)[0].id
    assert "/package" in testapp.get(f"{NEW}/{number}/package").request.url
    wrong = send(testapp, f"{NEW}/{number}/package", {"package": "", "version": ""}, status=422)
    assert "The version as it stands" in wrong.text
    send(testapp, f"{NEW}/{number}/package", {"package": "1"}, status=303)
    wrong = send(testapp, f"{NEW}/{number}/hosts", {}, status=422)
    assert "Choose at least one host" in wrong.text
    wrong = send(testapp, f"{NEW}/{number}/hosts", {"more.zookeeper": "dn-[a-b]"}, status=422)
    assert "a row of hosts" in wrong.text
    wrong = send(testapp, f"{NEW}/{number}/hosts", {"more.zookeeper": "dn-[0-999] " * 51}, status=422)
    assert "At most 50 words" in wrong.text
    send(testapp, f"{NEW}/{number}/hosts", {"hosts.zookeeper": ADDRESSES[0]}, status=303)
    wrong = send(testapp, f"{NEW}/{number}/sizes", {"port.zookeeper": "12", "heap.zookeeper": "lots"}, status=422)
    assert "multiple of 100" in wrong.text and "e.g. 512m" in wrong.text


def test_wizards_belong_to_who_began_them_and_end(
    testapp: Browser, browser_as: Callable[[str], Browser], ground: None, session: Session
) -> None:
    go_on(testapp, testapp.get(f"{NEW}?service=zookeeper"), name="lake", size="small")
    go_on(testapp, testapp.get(f"{NEW}?service=zookeeper"), name="lake", size="small")
    (row,) = drafts(testapp)
    other = browser_as("deployer")
    assert "zookeeper lake" not in other.get(NEW).text
    other.get(f"{NEW}/{row.id}/package", status=404)
    other.post(f"{NEW}/{row.id}/delete", headers=other.csrf, status=404)
    browser_as("operator").get(NEW, status=403)
    assert "zookeeper lake" in testapp.get(NEW).text
    testapp.post(f"{NEW}/{row.id}/delete", status=400)
    send(testapp, f"{NEW}/{row.id}/delete", status=303)
    assert drafts(testapp) == []
    go_on(testapp, testapp.get(f"{NEW}?service=zookeeper"), name="lake", size="small")
    changed = drafts(testapp)[0].changed_at
    forget_drafts(session, changed + 29 * 86400)
    assert session.scalars(select(ClusterDraft)).one()
    forget_drafts(session, changed + 31 * 86400)
    assert session.scalars(select(ClusterDraft)).all() == []
