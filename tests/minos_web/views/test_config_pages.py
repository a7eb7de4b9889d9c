"""The editor's page: two people at one file, revisions beside each other, what it asks while somebody types."""

import time

import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.store.configdir import Edit, history, read, remove, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package, cluster_file

FILE = "conf/zookeeper/zookeeper-dptst.cfg"
PAGE = f"/config/{FILE}"


@pytest.fixture
def site(testapp: Browser, session: Session, console: Console) -> Session:
    """Signed in, three hosts, a package, a cluster."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    session.commit()
    return session


def newest(session: Session, path: str = FILE) -> int:
    """Id of the newest revision; the session lets go of the database, which the application is to write."""
    number = history(session, path)[0].id
    session.commit()
    return number


def saved_by_bob(session: Session, text: str, path: str = FILE) -> None:
    save(session, Edit(path, "bob", time.time()), text.encode())
    session.commit()


def sent(browser: Browser, text: str, based_on: int, status: int, path: str = FILE) -> object:
    fields = {"text": text, "based_on": str(based_on), "note": "mine", "do": "save"}
    return browser.post(f"/config/{path}", fields, headers=browser.csrf, status=status)


def in_editor(page: object) -> str:
    return str(page.html.select_one("textarea[name=text]").text)  # type: ignore[attr-defined]


def test_two_changes_that_fit_are_brought_together(site: Session, testapp: Browser) -> None:
    began = newest(site)
    saved_by_bob(site, cluster_file().replace("127.0.0.33", "127.0.0.99"))
    page = sent(testapp, cluster_file().replace("12000", "13000"), began, 409)
    text = in_editor(page)
    assert "127.0.0.99" in text and "13000" in text and "<<<" not in text
    words = page.text  # type: ignore[attr-defined]
    assert "bob saved revision 2 meanwhile" in words and "What bob changed" in words and "What you changed" in words
    sent(testapp, text, newest(site), 303)
    assert read(site, FILE).content.decode() == text  # type: ignore[union-attr]


def test_what_both_changed_is_marked_and_not_saved_before_it_is_settled(site: Session, testapp: Browser) -> None:
    began = newest(site)
    saved_by_bob(site, cluster_file().replace("12000", "14000"))
    page = sent(testapp, cluster_file().replace("12000", "13000"), began, 409)
    text = in_editor(page)
    assert "<<<<<<< your text\n  base_port=13000\n=======\n  base_port=14000\n>>>>>>> bob, revision 2\n" in text
    assert "in 1 place you changed the same lines" in page.text  # type: ignore[attr-defined]
    again = sent(testapp, text, newest(site), 422)
    assert "a mark of two edits stands here" in again.text  # type: ignore[attr-defined]


def test_a_file_deleted_meanwhile_comes_back_by_saving(site: Session, testapp: Browser) -> None:
    began = newest(site)
    remove(site, Edit(FILE, "bob", time.time()))
    site.commit()
    mine = cluster_file().replace("12000", "13000")
    page = sent(testapp, mine, began, 409)
    assert "bob deleted the file meanwhile" in page.text and in_editor(page) == mine  # type: ignore[attr-defined]
    sent(testapp, mine, 0, 303)
    assert read(site, FILE) is not None


def test_line_ends_stay_as_they_were(site: Session, testapp: Browser) -> None:
    text = cluster_file().replace("\n", "\r\n")
    saved_by_bob(site, text)
    began = newest(site)
    sent(testapp, text, began, 303)
    assert newest(site) == began, "nothing changed, nothing is saved"
    sent(testapp, text.replace("12000", "13000"), began, 303)
    site.expire_all()
    assert read(site, FILE).content == text.replace("12000", "13000").encode()  # type: ignore[union-attr]


def test_revisions_stand_beside_each_other(site: Session, testapp: Browser) -> None:
    saved_by_bob(site, cluster_file().replace("12000", "14000"))
    page = testapp.get(f"/config-history/{FILE}?from=1&to=2")
    gone, new = page.html.select(".mn-sides__text--del"), page.html.select(".mn-sides__text--add")
    assert [one.select_one("mark").text for one in (*gone, *new)] == ["2", "4"]
    assert "line" in page.html.select_one(".mn-sides__fold summary").text
    assert "Both are the same" in testapp.get(f"/config-history/{FILE}?from=2&to=2").text
    testapp.get(f"/config-history/{FILE}?from=9&to=2", status=404)
    assert "From revision 1 to now" in testapp.get(f"{PAGE}?revision=1").text
    testapp.get(f"{PAGE}?revision=", status=404)


def test_a_revision_is_restored_byte_for_byte(site: Session, testapp: Browser) -> None:
    path = "conf/zookeeper/odd.properties"
    content = "\ufeffa=1\r\nb=2\n\n\u2028 é\rc".encode()
    save(site, Edit(path, "bob", time.time()), content)
    save(site, Edit(path, "bob", time.time()), b"x")
    site.commit()
    testapp.post(f"/config-history/{path}", {"revision": "1"}, headers=testapp.csrf, status=303)
    site.expire_all()
    row = read(site, path)
    assert row is not None and (row.content, row.number, row.note) == (content, 3, "restored from revision 1")


def test_words_while_typing(site: Session, testapp: Browser) -> None:
    answer = testapp.post(f"/config-words/{FILE}", cluster_file() + "[[[", headers=testapp.csrf).json
    assert ["zookeeper.0.host", "127.0.0.31"] in answer["expressions"]
    assert ["base_port", ""] in answer["keys"]["zookeeper"]
    assert answer["cluster"] == FILE


def test_the_outline_follows_the_text(site: Session, testapp: Browser) -> None:
    assert "zookeeper-tst.cfg" in testapp.get(PAGE).html.select_one("#outline").text
    text = cluster_file() + "  [[zookeeper.cfg]]\n    tick_time=77\n"
    part = testapp.post(f"/config-outline/{FILE}", {"text": text}, headers={**testapp.csrf, "HX-Request": "true"})
    assert "zookeeper.cfg" in part.html.select_one("nav").text and "1 replaced nearer" in part.text
    assert part.html.select_one("html") is None, "a part of the page only"


@pytest.mark.parametrize("what", ["words", "outline", "check"])
def test_viewers_ask_nothing(site: Session, browser_as: object, what: str) -> None:
    assert callable(browser_as)
    viewer = browser_as("viewer")
    viewer.post(f"/config-{what}/{FILE}", {"text": ""}, headers=viewer.csrf, status=403)
    assert "data-check-url" not in viewer.get(PAGE).text
