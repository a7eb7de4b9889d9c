"""The everyday parts of a cluster file as a form."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.store.configdir import Edit, history, read, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package, cluster_file

FILE = "conf/zookeeper/zookeeper-dptst.cfg"
FORM = f"/config-form/{FILE}"


@pytest.fixture
def site(testapp: Browser, session: Session, console: Console) -> Session:
    """Signed in, three hosts, a package, a cluster."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    session.commit()
    return session


def filled(browser: Browser, **changes: str) -> dict[str, str]:
    """The form's own values with some changed; the names have dots in them, written as __ here."""
    form = next(one for one in browser.get(FORM).forms.values() if "version" in one.fields)
    fields = dict(form.submit_fields())
    return {
        **fields,
        **{key.replace("__", "."): value for key, value in changes.items()},
        "do": changes.get("do", "save"),
    }


def text_now(session: Session) -> str:
    session.expire_all()
    row = read(session, FILE)
    assert row is not None and row.content is not None
    return row.content.decode()


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"version": "3.9.8"}, "version=3.9.9", "version=3.9.8"),
        ({"zookeeper__base_port": "13000"}, "base_port=12000", "base_port=13000"),
        ({"zookeeper__heap": "2g"}, "  [[arguments]]\n", "  [[arguments]]\n    jvm_args=-Xmx2g\n"),
        ({"zookeeper__heap": "-Xmx2g"}, "  [[arguments]]\n", "  [[arguments]]\n    jvm_args=-Xmx2g\n"),
        ({"zookeeper__host.1__address": "host-9"}, "host.1=127.0.0.32", "host.1=host-9"),
        ({"zookeeper__host.1__attributes": "rack=r1"}, "host.1=127.0.0.32", "host.1=127.0.0.32/rack=r1"),
        ({"zookeeper__host.2__drop": "1"}, "  host.2=127.0.0.33\n", ""),
        (
            {"zookeeper__more": "zk-[1-2]"},
            "  host.2=127.0.0.33\n",
            "  host.2=127.0.0.33\n  host.3=zk-1\n  host.4=zk-2\n",
        ),
        (
            {"pin": "zookeeper-3.9.9.tar.gz|r1|20260101-000000"},
            "  jobs=zookeeper\n",
            "  jobs=zookeeper\n  package_name=zookeeper-3.9.9.tar.gz\n  revision=r1\n  timestamp=20260101-000000\n",
        ),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_what_is_changed_is_written_and_nothing_else(
    site: Session, testapp: Browser, changes: dict[str, str], old: str, new: str
) -> None:
    wanted = filled(testapp, note="so it is", **changes)
    answer = testapp.post(FORM, wanted, headers=testapp.csrf, status=303)
    assert answer.location.endswith(f"/config/{FILE}")
    assert text_now(site) == cluster_file().replace(old, new)
    newest = history(site, FILE)[0]
    assert (newest.number, newest.note) == ((2, "so it is") if changes else (1, ""))


def test_tasks_follow_what_was_saved(site: Session, testapp: Browser) -> None:
    testapp.post(FORM, filled(testapp, zookeeper__more="10.0.0.9"), headers=testapp.csrf, status=303)
    site.expire_all()
    assert "10.0.0.9" in site.scalars(select(Task.address)).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": ""}, "Give the version"),
        ({"zookeeper__base_port": "12001"}, "A multiple of 100"),
        ({"zookeeper__heap": "much"}, "A number with k, m or g"),
        ({"zookeeper__host.0__address": "a b"}, "A host name or an address"),
        ({"zookeeper__host.0__attributes": "rack"}, "Pairs like rack=r1"),
        ({"zookeeper__more": "zk-[2-1]"}, "names no hosts"),
        ({"zookeeper__more": "127.0.0.31"}, "127.0.0.31 is host.0 already"),
        ({"version": "3%{x}"}, "Give the version"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    site: Session, testapp: Browser, changes: dict[str, str], words: str
) -> None:
    answer = testapp.post(FORM, filled(testapp, **changes), headers=testapp.csrf, status=422)
    assert words in answer.text and "Nothing was saved" in answer.text
    for value in changes.values():
        assert value in [
            field.get("value") or field.text.strip("\n") for field in answer.html.select("input, textarea")
        ]
    assert text_now(site) == cluster_file()


def test_the_text_can_be_looked_at_first(site: Session, testapp: Browser) -> None:
    answer = testapp.post(FORM, filled(testapp, version="3.9.8", do="text"), headers=testapp.csrf)
    assert "version=3.9.8" in answer.html.select_one("textarea[name=text]").text
    assert "not saved yet" in answer.text
    assert text_now(site) == cluster_file()


def test_what_somebody_saved_meanwhile_is_merged(site: Session, testapp: Browser) -> None:
    fields = filled(testapp, version="3.9.8")
    other = cluster_file().replace("127.0.0.33", "127.0.0.31/x=y")
    save(
        site,
        Edit(FILE, "bob", time.time()),
        other.replace("/x=y", "").replace("host.2=127.0.0.31", "host.2=h9").encode(),
    )
    site.commit()
    answer = testapp.post(FORM, fields, headers=testapp.csrf, status=409)
    merged = answer.html.select_one("textarea[name=text]").text
    assert "version=3.9.8" in merged and "host.2=h9" in merged
    assert "bob saved revision 2 meanwhile" in answer.text


@pytest.mark.parametrize("path", ["conf/zookeeper/common/zookeeper-tst.cfg", "conf/zookeeper/zookeeper-nosuch.cfg"])
def test_only_cluster_files_have_a_form(site: Session, testapp: Browser, path: str) -> None:
    testapp.get(f"/config-form/{path}", status=404)


def test_viewers_have_no_form(site: Session, browser_as: object) -> None:
    assert callable(browser_as)
    browser_as("viewer").get(FORM, status=403)
