"""Pages of help: all are there; the API is tried by lines that are right; the components are drawn by the real parts."""

import pytest

from minos_web.views.api.openapi import METHODS, document
from minos_web.views.api_try import tried
from minos_web.views.components import KINDS
from minos_web.views.help import PAGES
from tests.minos_web.conftest import Browser

TRY = "/help/try"
HOST = "http://minos.example"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_there(testapp: Browser, name: str) -> None:
    assert testapp.get(f"/help/{name}").html.select_one("h1").text == PAGES[name]


def test_every_operation_can_be_chosen() -> None:
    listed = {one.name for found in tried({}, HOST)["tags"].values() for one in found}
    paths = document()["paths"].values()
    assert listed == {item[method]["operationId"] for item in paths for method in METHODS if method in item}


def test_a_line_has_what_was_given_and_nothing_gets_out_of_its_quotes() -> None:
    found = tried({"operation": "getHost", "name": "a'b;$(x)/c"}, HOST)
    assert found["curl"].endswith("http://minos.example/api/v1/hosts/a%27b%3B%24%28x%29/c")
    found = tried({"operation": "listHosts", "state": "a b", "limit": "5"}, HOST)
    assert found["address"] == "/api/v1/hosts?state=a+b&limit=5"


def test_what_changes_something_is_a_line_with_a_body(testapp: Browser) -> None:
    page = testapp.get(f"{TRY}?operation=startOperation&service=zookeeper&cluster=dptst")
    line = page.html.select_one("section pre").text
    assert (
        "-X POST" in line and '{"action": "install"}' in line and line.endswith("/clusters/zookeeper/dptst/operations")
    )
    assert not page.html.select("section a.btn")


def test_what_only_looks_can_be_opened_when_its_address_is_whole(testapp: Browser) -> None:
    assert not testapp.get(f"{TRY}?operation=getHost").html.select("section a.btn")
    (link,) = testapp.get(f"{TRY}?operation=getHost&name=h1").html.select("section a.btn")
    assert link["href"] == "/api/v1/hosts/h1"
    assert "<script>alert" not in testapp.get(f"{TRY}?operation=getHost&name=<script>alert(1)</script>").text


def test_every_state_is_drawn(testapp: Browser) -> None:
    page = testapp.get("/help/components").html
    for kind, _ in KINDS:
        assert page.select_one(f".mn-status--{kind}"), kind
