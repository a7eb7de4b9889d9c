"""The pages of workers: upgrading them, and adding hosts."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.version import VERSION
from minos_web.models.hosts import JoinToken
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.store.wheels import worker_wheel
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_hosts

Row = TypeVar("Row", JoinToken, Operation, Package)
UPGRADE, INSTALL = "/workers/upgrade", "/workers/install"


def rows(browser: Browser, kind: type[Row]) -> list[Row]:
    """What is on the table."""
    with browser.console.readers() as session:
        return list(session.scalars(select(kind)))


def send(browser: Browser, url: str, fields: Any = (), status: int | None = None) -> Any:
    """Post a form."""
    return browser.post(url, fields, headers=browser.csrf, status=status)


def test_the_console_brings_its_own_worker_along(testapp: Browser, session: Session) -> None:
    add_hosts(session)
    session.commit()
    page = testapp.get(UPGRADE)
    assert f"version {VERSION}" in page.text and "No worker release in the package store" in page.text
    after = send(testapp, "/workers/own").follow()
    assert "Put it into the package store" not in after.text
    send(testapp, "/workers/own")
    packages = rows(testapp, Package)
    assert [(one.artifact, one.revision, one.sha256) for one in packages] == [
        ("minos-worker", VERSION, worker_wheel().sha256)
    ]


def test_nothing_ticked_upgrades_nothing(testapp: Browser, session: Session) -> None:
    add_hosts(session)
    session.commit()
    send(testapp, "/workers/own")
    page = testapp.get(f"{UPGRADE}?look=1&at_once=2")
    assert "Tick at least one host." in page.text and "What will happen" not in page.text
    assert "checked" not in page.text
    refused = send(testapp, UPGRADE, {"package": "1"}, status=422)
    assert "Tick at least one host." in refused.text
    assert rows(testapp, Operation) == []


def test_an_operator_may_stop_a_rollout_and_only_an_admin_moves_it_on(
    browser_as: Callable[[str], Browser], session: Session
) -> None:
    first = add_hosts(session)[0].name
    session.commit()
    admin, operator = browser_as("admin"), browser_as("operator")
    send(admin, "/workers/own")
    package = rows(admin, Package)[0]
    send(admin, UPGRADE, {"package": package.id, "at_once": "1", "host": first}, status=303)
    page = f"/operations/{rows(admin, Operation)[0].id}"

    def offered(browser: Browser) -> list[str]:
        return [button.text.strip() for button in browser.get(page).html.select(".mn-head__actions button")]

    assert offered(operator) == ["Pause", "Cancel"]
    send(operator, f"{page}/pause", status=303)
    assert (offered(operator), offered(admin)) == (["Cancel"], ["Resume", "Cancel"])
    send(operator, f"{page}/resume", status=403)
    assert rows(admin, Operation)[0].state == "paused"
    send(admin, f"{page}/resume", status=303)


def test_the_plan_is_seen_before_it_is_done(testapp: Browser, session: Session) -> None:
    add_hosts(session)
    session.commit()
    send(testapp, "/workers/own")
    package = rows(testapp, Package)[0].id
    page = testapp.get(f"{UPGRADE}?look=1&package={package}&at_once=2&host=host-31&host=host-33")
    assert "Upgrade 2 workers" in page.text and "host-32" not in page.text
    sent = send(
        testapp, UPGRADE, [("package", str(package)), ("at_once", "2"), ("host", "host-31"), ("host", "host-33")]
    )
    shown = sent.follow()
    assert "Upgrade <a" in shown.text and "2 workers" in shown.text
    assert send(testapp, UPGRADE, {"package": str(package), "host": "host-31"}, status=409)
    assert "2 workers" in testapp.get("/operations?cluster=workers").text
    assert "Upgrade 2 workers" in testapp.get("/").text


def test_install_lines_are_shown_once_with_a_token_each(testapp: Browser) -> None:
    fields = {
        "hosts": "a1\n\n b2  10.0.0.2 \n",
        "hours": "2",
        "root": "/srv/minos's",
        "data_dirs": "/d1 /d2",
        "user": "hdp",
    }
    page = send(testapp, INSTALL, fields, status=200)
    assert page.text.count("sha256sum -c") == 2
    assert "--name b2 --address 10.0.0.2" in page.text and "--user hdp" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    tokens = rows(testapp, JoinToken)
    assert [row.host_name for row in tokens] == ["a1", "b2"]
    again = testapp.get(INSTALL)
    assert "--token join_" not in again.text and "Revoke the token for a1" in again.text
    send(testapp, f"/workers/tokens/{tokens[0].id}/revoke")
    assert "Revoke the token for a1" not in testapp.get(INSTALL).text


def test_a_wrong_line_is_named_and_no_token_is_made(testapp: Browser) -> None:
    for hosts, words in (
        ("a1\na2 10.0.0.1 more", "Line 2 has 3 words"),
        ("a1\na1", "Line 2: a1 is there twice"),
        ("../../etc", "not a legal name"),
        ("   ", "Name at least one host"),
    ):
        page = send(
            testapp, INSTALL, {"hosts": hosts, "hours": "2", "root": "/x", "data_dirs": "", "user": ""}, status=422
        )
        assert words in page.text
    assert rows(testapp, JoinToken) == []
