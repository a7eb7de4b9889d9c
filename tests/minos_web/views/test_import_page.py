"""The import page: looked at first, then taken in; and what comes out again is what went in."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy.orm import Session
from webtest import TestApp, Upload

from minos_web.console import Console
from tests.minos_web.conftest import Browser
from tests.minos_web.operations.test_importing import tarball, zipped
from tests.minos_web.scene import add_hosts, cluster_file

PAGE = "/config-import"
FILE = "conf/zookeeper/zookeeper-dptst.cfg"


@pytest.fixture
def files(console: Console, session: Session) -> dict[str, bytes]:
    add_hosts(session)
    session.commit()
    base = {path: text.encode() for path, text in console.catalog.default_files().items()}
    return {
        **base,
        FILE: cluster_file().encode(),
        "conf/zookeeper/zookeeper-bad.cfg": b"[cluster]\n",
        "logo.png": b"\xff",
    }


def send(browser: Browser, fields: Any, status: int | None = None) -> Any:
    return browser.post(PAGE, fields, headers=browser.csrf, status=status)


def look(browser: Browser, data: bytes) -> Any:
    return send(browser, {"file": Upload("old.zip", data, "application/zip")}, status=303).follow()


def rows(page: Any) -> dict[str, list[str]]:
    found = page.html.select("section[aria-labelledby=report-title] tbody tr")
    return {row.select_one("th").text: [" ".join(cell.text.split()) for cell in row.select("td")] for row in found}


def test_it_is_looked_at_then_taken_in(testapp: Browser, files: dict[str, bytes]) -> None:
    page = look(testapp, zipped(files).getvalue())
    found = rows(page)
    assert found[FILE] == ["new", "Describes the zookeeper cluster dptst."]
    assert (
        found["conf/zookeeper/zookeeper-bad.cfg"][0] == "new"
        and "is missing" in found["conf/zookeeper/zookeeper-bad.cfg"][1]
    )
    assert found["logo.png"][0] == "left out"
    assert testapp.get("/clusters/zookeeper/dptst", status=404)  # nothing is saved yet
    token = page.html.select_one("input[name=bundle]")["value"]
    after = send(testapp, {"bundle": token, "note": "the old one"}, status=303).follow()
    assert f"{len(files) - 1} files taken in" in after.text
    assert testapp.get("/clusters/zookeeper/dptst").status_int == 200
    assert "the old one" in testapp.get(f"/config-history/{FILE}").text
    assert "not kept any more" in send(testapp, {"bundle": token}, status=422).text  # a second click


def test_what_goes_out_is_what_came_in(testapp: Browser, files: dict[str, bytes]) -> None:
    page = look(testapp, tarball(files).getvalue())
    send(testapp, {"bundle": page.html.select_one("input[name=bundle]")["value"]}, status=303)
    answer = testapp.get("/config-export")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="minos-config-')
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        out = {name: archive.read(name) for name in archive.namelist()}
    del files["logo.png"]
    assert out == files
    assert "0 new · 0 changed" in look(testapp, answer.body).text


@pytest.mark.parametrize("data", [b"", b"no archive", zipped({}).getvalue()])
def test_what_is_no_directory_is_told(testapp: Browser, data: bytes) -> None:
    page = send(testapp, {"file": Upload("x.zip", data, "application/zip")}, status=422)
    assert page.html.select_one(".mn-flash--danger").text.strip()


def test_nothing_chosen(testapp: Browser) -> None:
    assert "Choose an archive." in send(testapp, {"file": ""}, status=422).text


@pytest.mark.parametrize("token", ["0" * 32, "../../secret", "x/y"])
def test_an_upload_that_is_gone(testapp: Browser, token: str) -> None:
    assert "not kept any more" in testapp.get(f"{PAGE}?bundle={token}").text
    assert "not kept any more" in send(testapp, {"bundle": token}, status=422).text


def test_a_directory_that_the_ini_names(
    testapp: Browser, console: Console, files: dict[str, bytes], tmp_path: Path
) -> None:
    assert "no directory is named" in send(testapp, {"do": "directory"}, status=422).text.lower()
    top = tmp_path / "old"
    for path, content in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)
    settings = msgspec.structs.replace(console.settings, import_from=str(top))
    object.__setattr__(testapp.app.registry.console, "settings", settings)
    assert str(top) in testapp.get(PAGE).text
    assert FILE in rows(send(testapp, {"do": "directory"}))
    send(testapp, {"do": "take-directory"}, status=303)
    assert testapp.get("/clusters/zookeeper/dptst").status_int == 200


def test_a_viewer_may_export_and_no_more(browser_as: Callable[[str], Browser]) -> None:
    viewer = browser_as("viewer")
    viewer.get("/config-export", status=200)
    viewer.get(PAGE, status=403)
    send(viewer, {"file": Upload("x.zip", zipped({"conf/a/b": b""}).getvalue())}, status=403)


def test_over_the_api(api_as: Callable[[str], TestApp], files: dict[str, bytes]) -> None:
    operator = api_as("deployer")
    body = tarball(files).getvalue()
    kind = {"Content-Type": "application/octet-stream"}
    told = operator.post("/api/v1/config-import", body, headers=kind).json
    by_path = {one["path"]: one for one in told["files"]}
    assert told["taken"] == 0 and by_path[FILE]["fate"] == "new" and by_path["logo.png"]["fate"] == "left out"
    assert operator.post("/api/v1/config-import?take=1&note=x", body, headers=kind).json["taken"] == len(files) - 1
    assert operator.get("/api/v1/config-export").content_type == "application/zip"
    assert operator.post("/api/v1/config-import", b"x", headers=kind, status=422).json["error"]["code"] == "bad-archive"
    api_as("viewer").post("/api/v1/config-import", body, headers=kind, status=403)
