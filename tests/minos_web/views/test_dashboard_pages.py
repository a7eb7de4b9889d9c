"""The pages of dashboards: hostile words are shown as words, files come in and go out, people see what they may."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.dashboards import Dashboard
from minos_web.monitor.dashboard import Draft, Panel
from minos_web.monitor.dashboards import Person, create
from minos_web.views.dashboards import linked
from tests.minos_web.conftest import Browser

HOSTILE = '<script>alert("x")</script>'


def keep(console: Console, owner: str = "admin", **said: Any) -> int:
    with console.writers.begin() as session:
        row = create(session, Draft(**{"title": "Lake", **said}), Person(owner, True, False), 1_700_000_000.0)
        number: int = row.id
    return number


def test_an_empty_list_says_what_to_do(testapp: Browser, browser_as: Callable[[str], Browser]) -> None:
    page = testapp.get("/dashboards")
    assert "No dashboard yet" in page.text and page.html.select_one('a[href="/dashboards/new"]')
    assert not browser_as("viewer").get("/dashboards").html.select_one('a[href="/dashboards/new"]')


def test_the_list_has_own_shared_and_others(console: Console, browser_as: Callable[[str], Browser]) -> None:
    keep(console, "operator", title="Own")
    keep(console, "admin", title="Shown", sharing="view")
    keep(console, "admin", title="Hidden")

    def groups(role: str) -> dict[str, list[str]]:
        found = browser_as(role).get("/dashboards").html.select("section[aria-labelledby]")
        return {one.h2.text: [row.a.text for row in one.select("tbody tr")] for one in found}

    assert groups("operator") == {"Mine": ["Own"], "Shared": ["Shown"]}
    assert groups("viewer") == {"Shared": ["Shown"]}
    assert groups("admin") == {"Mine": ["Hidden", "Shown"], "Private ones of others": ["Own"]}


def test_a_thousand_are_filtered(console: Console, session: Session, testapp: Browser) -> None:
    rows = [
        Dashboard(
            title=f"Number {at}", description="", owner="eve", sharing="view", revision=1, panels=[],
            created_at=1.0, changed_at=1.0, changed_by="eve",
        )
        for at in range(1000)
    ]  # fmt: skip
    session.add_all(rows)
    session.commit()
    assert len(testapp.get("/dashboards").html.select("tbody tr")) == 1000
    assert testapp.get("/dashboards?q=number+77").html.select_one("tbody tr").a.text == "Number 77"
    assert "No dashboard fits" in testapp.get("/dashboards?q=%3Cb%3E").text


def test_panels_are_drawn_in_their_order_and_nothing_of_theirs_is_markup(console: Console, testapp: Browser) -> None:
    panels = [
        Panel(kind="text", title=HOSTILE, text=f"{HOSTILE} see https://example.org/a?b=c&d."),
        Panel(metrics=[HOSTILE, "host.load1"], host='a"b', combine="top", top=3, rate=True, unit='"u', width="full"),
        Panel(metrics=["zookeeper.received"], cluster="dptst", combine="sum"),
    ]
    page = testapp.get(f"/dashboards/{keep(console, title=HOSTILE, description=HOSTILE, panels=panels)}")
    assert "<script>alert" not in page.text
    text, first, second = page.html.select(".mn-board > *")
    assert text.h2.text == HOSTILE and text.a["href"] == "https://example.org/a?b=c&d" and text.p.text.endswith("d.")
    asked = parse_qs(urlsplit(first["data-series-url"]).query)
    assert asked == {
        "metric": [HOSTILE, "host.load1"],
        "host": ['a"b'],
        "rate": ["1"],
        "combine": ["top"],
        "top": ["3"],
    }
    assert first["data-unit"] == '"u' and "mn-board__panel--full" in first["class"]
    assert json.loads(first["data-titles"])["host.load1"] == "Host: load, 1 minute"
    assert second.figcaption.text.split()[0] == "ZooKeeper:" and second.figcaption.span.text == "dptst · sum"
    assert testapp.get(first["data-series-url"]).json["series"] == []


def test_the_editor_gets_all_of_it(console: Console, testapp: Browser) -> None:
    number = keep(console, title=HOSTILE, panels=[Panel(metrics=["a"])])
    form = testapp.get(f"/dashboards/{number}/edit").html.select_one("#dashboard-editor")
    draft = json.loads(form["data-draft"])
    assert draft["title"] == HOSTILE and draft["revision"] == 1 and draft["panels"][0]["metrics"] == ["a"]
    assert form["data-save-method"] == "PUT" and form["data-save-url"] == f"/api/v1/dashboards/{number}"
    assert json.loads(testapp.get("/dashboards/new").html.select_one("#dashboard-editor")["data-draft"])["panels"] == []


def test_whose_it_is_not_is_sent_to_the_copy(console: Console, browser_as: Callable[[str], Browser]) -> None:
    number = keep(console, sharing="view")
    browser = browser_as("operator")
    page = browser.get(f"/dashboards/{number}/edit", status=303).follow()
    assert "copy it" in page.text and not page.html.select_one("#delete-dialog")
    form = page.html.select_one(f'form[action="/dashboards/{number}/copy"]')
    assert form is not None
    edit = browser.post(form["action"], {"csrf_token": browser.csrf_token}, status=303).follow()
    assert json.loads(edit.html.select_one("#dashboard-editor")["data-draft"])["title"] == "Lake (copy)"
    browser.get(f"/dashboards/{keep(console)}", status=404)


def test_a_file_goes_out_and_comes_in(console: Console, testapp: Browser) -> None:
    number = keep(console, title="../Über & more", panels=[Panel(metrics=["a"])], sharing="edit")
    file = testapp.get(f"/dashboards/{number}/export")
    assert file.headers["Content-Disposition"] == 'attachment; filename="ber-more.json"'
    field = [("file", "x.json", file.body)]
    page = testapp.post(
        "/dashboards/import", {"csrf_token": testapp.csrf_token}, upload_files=field, status=303
    ).follow()
    assert page.html.h1.text == "../Über & more" and "private" in page.text
    assert f"/dashboards/{number}" not in page.request.url


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x", "not JSON"),
        (b'{"minos_dashboard": 1, "title": "t", "panels": [{"width": "<b>"}]}', "panels[0].width"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_fault(testapp: Browser, content: bytes, words: str) -> None:
    field = [("file", "x.json", content)]
    page = testapp.post(
        "/dashboards/import", {"csrf_token": testapp.csrf_token}, upload_files=field, status=303
    ).follow()
    assert words in page.html.select_one(".mn-flash--danger").text and "Nothing was imported" in page.text


def test_it_is_deleted(console: Console, testapp: Browser) -> None:
    number = keep(console)
    page = testapp.post(f"/dashboards/{number}/delete", {"csrf_token": testapp.csrf_token}, status=303).follow()
    assert "is deleted" in page.text
    testapp.get(f"/dashboards/{number}", status=404)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("plain", [("plain", False)]),
        ("see http://a.b/c, then", [("see ", False), ("http://a.b/c", True), (", then", False)]),
        ("javascript:alert(1) data:x", [("javascript:alert(1) data:x", False)]),
        ('https://a.b"onclick=', [("https://a.b", True), ('"onclick=', False)]),
    ],
)
def test_only_web_addresses_become_links(text: str, pieces: list[tuple[str, bool]]) -> None:
    assert linked(text) == pieces
