"""Filters that people keep: their own, over again under the same name, one of them as what the bare address means."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.saved_filters import SavedFilter
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_hosts


def keep(browser: Browser, name: str, query: str, list_name: str = "hosts", **more: str) -> str:
    given = {"name": name, "query": query, "back": "/hosts", "csrf_token": browser.csrf_token, **more}
    return str(browser.post(f"/filters/{list_name}", given, status=303).headers["Location"])


def rows(console: Console, query: Any) -> list[Any]:
    """What is kept now; read apart from the test's own session, which would keep others from writing."""
    with console.readers() as reader:
        return list(reader.scalars(query))


def test_a_filter_is_kept_by_whoever_may_look(
    browser_as: Callable[[str], Browser], session: Session, console: Console
) -> None:
    add_hosts(session)
    session.commit()
    viewer = browser_as("viewer")
    there = keep(viewer, " my  racks ", "q=rack%3Ar1&sort=-cpu&page=7&evil=1&q=")
    assert there.endswith("/hosts?q=rack%3Ar1&sort=-cpu")
    assert viewer.get(there).html.select_one(".mn-saved a[aria-current]").text == "my racks"
    keep(viewer, "my racks", "kind=unknown")
    kept = rows(console, select(SavedFilter))[0]
    assert (kept.name, kept.query, kept.usual) == ("my racks", "kind=unknown", False)
    assert not browser_as("admin").get("/hosts").html.select(".mn-saved"), "it is the viewer's own"


def test_the_usual_one_is_what_the_bare_address_means(testapp: Browser, session: Session, console: Console) -> None:
    add_hosts(session)
    session.commit()
    keep(testapp, "one", "q=host-31", usual="1")
    keep(testapp, "two", "q=host-32", usual="1")
    answer = testapp.get("/hosts", status=303)
    assert answer.headers["Location"].endswith("/hosts?q=host-32")
    assert len(testapp.get("/hosts?q=").html.select("#host-rows tr")) == 3, "everything is still to be had"
    assert testapp.get("/hosts", headers={"HX-Request": "true"}).status_int == 200
    number = rows(console, select(SavedFilter.id).where(SavedFilter.usual))[0]
    testapp.post(f"/filters/{number}/unusual", {"csrf_token": testapp.csrf_token, "back": "/hosts"}, status=303)
    assert testapp.get("/hosts").status_int == 200
    testapp.post(f"/filters/{number}/delete", {"csrf_token": testapp.csrf_token, "back": "/hosts"}, status=303)
    assert rows(console, select(SavedFilter.name)) == ["one"]


NOT_KEPT = (
    ("", "q=x", "Give the filter a name"),
    ("x" * 65, "q=x", "at most 64 characters"),
    ("a\x00b", "q=x", "Give the filter a name"),
    ("long", "q=" + "x" * 1001, "too long to be kept"),
)


def test_what_cannot_be_kept_is_told(testapp: Browser, console: Console) -> None:
    for name, query, words in NOT_KEPT:
        keep(testapp, name, query)
        assert words in testapp.get("/help/api").text
    assert not rows(console, select(SavedFilter))


def test_nobody_changes_the_filters_of_others(
    browser_as: Callable[[str], Browser], session: Session, console: Console
) -> None:
    keep(browser_as("viewer"), "mine", "q=x")
    number = rows(console, select(SavedFilter.id))[0]
    other = browser_as("admin")
    other.post(f"/filters/{number}/delete", {"csrf_token": other.csrf_token}, status=404)
    other.post(f"/filters/{number}/delete", {}, status=400)
    other.post("/filters/no-such-list", {"csrf_token": other.csrf_token}, status=404)
    assert rows(console, select(SavedFilter.id)) == [number]


def test_it_leads_nowhere_else(testapp: Browser) -> None:
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nX: y", "hosts"):
        assert keep(testapp, "x", "q=x", back=evil).partition("?")[0] in ("/", "http://localhost/", "http://localhost")
