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


def test_what_changes_something_has_a_body_and_asks_whether_it_is_meant(testapp: Browser) -> None:
    page = testapp.get(f"{TRY}?operation=beginSilence").html
    line = page.select_one("section pre").text
    assert "-X POST" in line and '"reason": "New disks"' in line and line.endswith("/api/v1/silences")
    assert '"cluster": "lake"' in page.select_one("[data-try-body]").text
    assert page.select_one("[data-try-send] input[type=checkbox][required]")
    assert not page.select("section a.btn") and page.select_one("[data-try]")["data-method"] == "POST"


def test_other_bodies_are_files_and_headers_are_asked_for(testapp: Browser) -> None:
    page = testapp.get(f"{TRY}?operation=uploadPackage").html
    assert page.select_one("input[type=file]") and "--data-binary @file" in page.select_one("section pre").text
    found = tried({"operation": "deleteConfig", "path": "conf/x.cfg", "If-Match": '"12"'}, HOST)
    assert "-H 'If-Match: \"12\"'" in found["curl"] and found["address"] == "/api/v1/config/conf/x.cfg"


def test_no_secret_of_the_page_comes_into_an_address(testapp: Browser) -> None:
    form = testapp.get(f"{TRY}?operation=addUser").html.select_one("[data-try-form]")
    assert form["method"] == "get" and not form.select("[name=csrf_token], [type=password]")
    token = testapp.get(f"{TRY}?operation=addUser").html.select_one("[data-try-token]")
    assert token.get("name") is None


def test_what_only_looks_can_be_opened_when_its_address_is_whole(testapp: Browser) -> None:
    assert not testapp.get(f"{TRY}?operation=getHost").html.select("section a.btn")
    (link,) = testapp.get(f"{TRY}?operation=getHost&name=h1").html.select("section a.btn")
    assert link["href"] == "/api/v1/hosts/h1"
    assert not testapp.get(f"{TRY}?operation=getHost").html.select("[data-try-sure]")
    assert "<script>alert" not in testapp.get(f"{TRY}?operation=getHost&name=<script>alert(1)</script>").text


def test_every_state_is_drawn(testapp: Browser) -> None:
    page = testapp.get("/help/components").html
    for kind, _ in KINDS:
        assert page.select_one(f".mn-status--{kind}"), kind
