"""The pages of the inventory: filtered and sorted, edited by one person at a time, imported after a look."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_hosts

HERE = "/hosts/inventory"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def kept(session: Session) -> None:
    """Three hosts; one is kept, and so is a machine without a worker."""
    hosts = add_hosts(session)
    for number, host in enumerate(hosts):
        host.facts = {"cores": 4 * (3 - number), "memory": 1024**3}
    hosts[0].facts["rack"] = "R9"
    common = {"created_at": 1.0, "changed_at": 1.0, "changed_by": "eve"}
    session.add(Machine(host="host-32", rack="r1", idc="bj", disks=12, disk_gb=4000.0, note=HOSTILE, **common))
    session.add(Machine(host="spare", cores=99, **common))
    session.commit()


def names(browser: Browser, query: str = "") -> list[str]:
    page = browser.get(f"{HERE}?{query}")
    return [re.split(r"\s", row.th.text.strip())[0] for row in page.html.select("tbody tr")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["host-31", "host-32", "host-33", "spare"]),
        ("sort=-host", ["spare", "host-33", "host-32", "host-31"]),
        ("sort=cores", ["host-33", "host-32", "host-31", "spare"]),
        ("sort=-cores", ["spare", "host-31", "host-32", "host-33"]),
        ("sort=disks", ["host-32", "host-31", "host-33", "spare"]),
        ("sort=nonsense", ["host-31", "host-32", "host-33", "spare"]),
        ("q=SCRIPT", ["host-32"]),
        ("q=127.0.0.33", ["host-33"]),
        ("rack=r1", ["host-32"]),
        ("rack=r9", ["host-31"]),
        ("idc=bj", ["host-32"]),
        ("which=unkept", ["host-31", "host-33"]),
        ("which=workerless", ["spare"]),
        ("which=differing", []),
        ("q=nobody", []),
    ],
)
def test_filter_and_order(testapp: Browser, kept: None, query: str, found: list[str]) -> None:
    assert names(testapp, query) == found


def test_hostile_words_are_words(testapp: Browser, kept: None) -> None:
    page = testapp.get(HERE)
    assert HOSTILE not in page.text and "12 × 4,000 GB" in page.text
    page = testapp.get(f"{HERE}?q={HOSTILE}&rack=%22%3E&sort=%22x")
    assert HOSTILE not in page.text


def test_the_host_page_tells_where_it_stands(testapp: Browser, kept: None) -> None:
    assert "rack r1 as kept here, bj" in " ".join(testapp.get("/hosts/host-32").html.text.split())
    assert "rack r9 as its worker says" in " ".join(testapp.get("/hosts/host-31").html.text.split())


def test_a_thousand_hosts_come_in_pages(testapp: Browser, session: Session) -> None:
    add_hosts(session, [f"10.0.{number // 250}.{number % 250}" for number in range(250)])
    session.add_all(Machine(host=f"m{at}", created_at=1.0, changed_at=1.0, changed_by="eve") for at in range(750))
    session.commit()
    assert len(names(testapp)) == 200 and "1–200 of 1,000 machines" in testapp.get(HERE).text
    assert len(testapp.get("/hosts/inventory.csv").text.splitlines()) == 751
    assert len(testapp.get("/hosts/inventory.csv?unkept=1").text.splitlines()) == 1001


def post(browser: Browser, url: str, status: int = 303, **said: str) -> Any:
    return browser.post(url, {"csrf_token": browser.csrf_token, **said}, status=status)


def form(browser: Browser, host: str) -> dict[str, str]:
    page = browser.get(f"{HERE}/machine?host={host}")
    fields = page.html.select("form.mn-form [name]")
    found = {one["name"]: one.get("value", one.text) for one in fields}
    found.pop("csrf_token")
    return found


def test_a_machine_is_changed_and_forgotten(testapp: Browser, session: Session, kept: None) -> None:
    typed = form(testapp, "host-32")
    assert (typed["rack"], typed["disk_gb"], typed["note"]) == ("r1", "4000", HOSTILE)
    page = post(testapp, f"{HERE}/machine", **{**typed, "rack": "R2", "note": "", "cores": "8"}).follow()
    assert "host-32 is kept" in page.text
    machine = session.scalars(select(Machine).where(Machine.host == "host-32")).one()
    assert (machine.rack, machine.note, machine.cores, machine.idc, machine.changed_by) == (
        "r2",
        None,
        8,
        "bj",
        "admin",
    )
    session.rollback()
    page = post(testapp, f"{HERE}/machine", **typed, do="forget").follow()
    assert "Somebody has changed this machine" in page.text
    post(testapp, f"{HERE}/machine", **form(testapp, "host-32"), do="forget")
    assert names(testapp, "which=unkept") == ["host-31", "host-32", "host-33"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"host": "", "rack": "r1"}, "Its name is needed"),
        ({"host": "a b"}, "letters, digits"),
        ({"host": "n1", "cores": "many"}, "whole number"),
        ({"host": "n1", "ip": "1.2.3"}, "IP address"),
    ],
)
def test_a_wrong_field_says_so_and_keeps_what_was_typed(testapp: Browser, said: dict[str, str], words: str) -> None:
    page = post(testapp, f"{HERE}/machine", 422, **{"note": HOSTILE, **said})
    assert words in page.html.select_one(".mn-field__error").text
    assert page.html.select_one("#note").text == HOSTILE


def test_an_import_is_looked_at_then_taken(testapp: Browser, session: Session, kept: None) -> None:
    text = "host,rack,note\nhost-32,r5,-\nn9,r9,=1\nspare,,\n"
    page = post(testapp, f"{HERE}/import", 200, text=text)
    assert "1 new · 1 changed · 1 the same" in page.text
    assert session.scalar(select(Machine.rack).where(Machine.host == "host-32")) == "r1"
    session.rollback()
    kept_text = page.html.select_one("textarea[name=text]").text
    digest = page.html.select_one("input[name=take]")["value"]
    crlf = kept_text.replace("\n", "\r\n")
    done = post(testapp, f"{HERE}/import", text=crlf, take=digest).follow()
    assert "2 machines taken in" in done.text
    row = session.scalars(select(Machine).where(Machine.host == "host-32")).one()
    assert (row.rack, row.note, row.disks) == ("r5", None, 12)
    session.rollback()
    again = post(testapp, f"{HERE}/import", 200, text=kept_text, take=digest)
    assert "has changed since" in testapp.get("/hosts").text + again.text and "Everything is kept already" in again.text


def test_a_file_with_faults_is_not_taken(testapp: Browser, session: Session) -> None:
    file = [("file", "x.csv", f"host,rack\nn1,r1\n{HOSTILE},r 2\n".encode())]
    url, fields = f"{HERE}/import", {"csrf_token": testapp.csrf_token}
    page = testapp.post(url, fields, upload_files=file, status=422)
    cells = [[cell.text for cell in row.select("td")] for row in page.html.select("section.mn-danger tbody tr")]
    assert [cell[:2] for cell in cells] == [["3", "host"], ["3", "rack"]] and HOSTILE not in page.text
    assert not page.html.select_one("input[name=take]") and not session.scalars(select(Machine)).all()
    session.rollback()
    assert "Choose a file" in post(testapp, url, 422).text


def test_viewers_change_nothing(browser_as: Any, kept: None) -> None:
    viewer = browser_as("viewer")
    assert len(names(viewer)) == 4 and not viewer.get(HERE).html.select('a[href*="machine"]')
    viewer.get(f"{HERE}/import", status=403)
    viewer.get(f"{HERE}/machine", status=403)


def test_hosts_that_are_not_approved_are_none_of_it(testapp: Browser, session: Session, kept: None) -> None:
    session.scalars(select(Host).where(Host.name == "host-33")).one().state = "revoked"
    session.commit()
    assert names(testapp) == ["host-31", "host-32", "spare"]
