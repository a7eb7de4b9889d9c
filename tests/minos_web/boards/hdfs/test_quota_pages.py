"""Pages of quotas, and their API."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.people import AuditEntry
from minos_web.models.quotas import Quota, QuotaReading
from minos_web.models.runs import ClientRun
from tests.minos_web.conftest import Browser
from tests.minos_web.monitor.quotas.scene import ALICE, GB, an_hdfs, end, line, newest, read
from tests.minos_web.views.api.test_openapi import fits

AT = "/clusters/hdfs/lake-files/quotas"
API = "/api/v1/clusters/hdfs/lake-files/quotas"
HOSTILE = "/user/<b>&\"' {x}\ny"
TB = 1024 * GB


@pytest.fixture
def bare(session: Session) -> Session:
    an_hdfs(session)
    session.commit()
    return session


@pytest.fixture
def full(bare: Session, console: Console) -> Iterator[Session]:
    """Alice needs a look, bob has no quota, carol is well."""
    printed = (
        line(ALICE, (1000, 990), (TB, TB - GB // 2))
        + line("/user/bob", (None, 5))
        + line("/user/carol", (10_000, 7), (TB, GB))
    )
    read(bare, console, printed, time.time() - 60, {"/user/bob": 3 * GB})
    bare.commit()
    yield bare


def audited(console: Console) -> list[tuple[str, dict[str, Any]]]:
    with console.readers() as session:
        return [(one.action, one.details) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


@pytest.mark.usefixtures("full")
def test_all_directories(testapp: Browser) -> None:
    page = testapp.get(AT)
    for text in (
        "alice",
        "bob",
        "carol",
        "1,000",
        "990",
        "512 MB <b>low</b>",
        "10 <b>low</b>",
        "space low, names low",
        "no quota",
        "well",
    ):
        assert text in page, text
    assert "1 TB" in page and "Told" not in page and "less than 1 GB or 500 names left, or more than 80 % used" in page
    assert 'aria-current="page">Quotas' in page and "hdfs.quota_total.used_space_quota" in page
    shown = testapp.get(f"{AT}?state=bad")
    assert "alice" in shown and "carol</a>" not in shown
    assert "bob</a>" in testapp.get(f"{AT}?state=none") and "Nothing fits" in testapp.get(f"{AT}?q=nosuch")


@pytest.mark.usefixtures("full")
def test_as_csv_to_the_byte(testapp: Browser) -> None:
    answer = testapp.get(f"{AT}?csv=all&sort=-space_used")
    assert "lake-files-quotas.csv" in answer.headers["Content-Disposition"]
    assert answer.text.splitlines() == [
        "user,state,space_quota,space_used,space_left,name_quota,names_used,names_left,old",
        f'alice,"space low, names low",{TB},{TB - GB // 2},{GB // 2},1000,990,10,',
        f"bob,no quota,,{3 * GB},,,5,,",
        f"carol,well,{TB},{GB},{TB - GB},10000,7,9993,",
    ]


@pytest.mark.usefixtures("bare")
def test_never_read(testapp: Browser) -> None:
    page = testapp.get(AT)
    assert (
        "Nothing was read yet" in page
        and "The first round comes when a namenode is active" in page
        and "Read now" in page
    )


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"error": "connection refused", "tried_at": 0.0, "failures": 1}, "failed: Connection refused."),
        ({"asked_at": 1.0}, "are being read"),
        ({"enabled": False}, "only when somebody asks for it"),
        ({"read_at": 1_000_000.0}, "These numbers are old"),
    ],
)
def test_how_fresh_it_is(full: Session, testapp: Browser, change: dict[str, Any], text: str) -> None:
    found = full.scalars(select(QuotaReading)).one()
    for name, value in change.items():
        setattr(found, name, value)
    full.commit()
    page = testapp.get(AT)
    assert text in page and "990" in page, "the numbers from before stand"
    assert text in testapp.get(f"{AT}/of/user/alice")


def test_without_an_active_namenode(full: Session, browser_as: Callable[[str], Browser], api_as: Any) -> None:
    for task in full.scalars(select(Quota)).first().cluster.tasks:  # type: ignore[union-attr]
        task.state = "STOPPED"
    full.commit()
    operator = browser_as("operator")
    assert "No namenode of lake-files is active" in operator.get(AT) and "990" in operator.get(AT)
    answer = operator.post(AT, {"do": "read", "csrf_token": operator.csrf_token}, status=303).follow()
    assert "there is nobody to ask" in answer
    assert api_as("operator").post(f"{API}/read", status=422).json["error"]["code"] == "not-running"


def test_what_was_not_read_again_says_so(full: Session, testapp: Browser) -> None:
    row = full.scalars(select(Quota).filter_by(path=ALICE)).one()
    row.error, row.at = "count: Permission denied", time.time() - 7200
    full.commit()
    assert "count: Permission denied; the numbers are of" in testapp.get(AT)
    assert "Count: Permission denied." in testapp.get(f"{AT}/of/user/alice")


def test_read_now(full: Session, console: Console, browser_as: Callable[[str], Browser]) -> None:
    operator = browser_as("operator")
    answer = operator.post(AT, {"do": "read", "csrf_token": operator.csrf_token}, status=303).follow()
    assert "are being read" in answer and audited(console)[-1][0] == "quota.read"
    viewer = browser_as("viewer")
    assert "Read now" not in viewer.get(AT) and "What is read" not in viewer.get(AT)
    viewer.post(AT, {"do": "read", "csrf_token": viewer.csrf_token}, status=403)


def test_what_is_read(full: Session, console: Console, browser_as: Callable[[str], Browser]) -> None:
    operator = browser_as("operator")
    form = {"do": "reading", "csrf_token": operator.csrf_token}
    refused = operator.post(AT, {**form, "directories": "/hbase\nhbase"}, status=422)
    assert "A directory begins with /" in refused and "/hbase\nhbase" in refused.text.replace("\r", "")
    operator.post(AT, {**form, "directories": "/hbase"}, status=303)
    assert audited(console)[-1] == ("quota.reading", {"enabled": False, "directories": ["/hbase"]})
    page = operator.get(AT)
    assert ">/hbase</textarea>" in page and "only when somebody asks" in page


@pytest.mark.usefixtures("full")
def test_one_directory(testapp: Browser, browser_as: Callable[[str], Browser]) -> None:
    page = testapp.get(f"{AT}/of/user/alice")
    for text in (
        "Space: 512 MB of 1 TB left, 100 % used.",
        "Names: 10 of 1,000 left",
        "hdfs.quota.used_space_quota%3Aalice",
        "Set the quota",
    ):
        assert text in page, text
    assert "Set the quota" not in browser_as("operator").get(f"{AT}/of/user/alice")
    testapp.get(f"{AT}/of/user/nobody", status=404)
    testapp.get("/clusters/hdfs/nosuch/quotas", status=404)


def test_setting_shows_first_what_is_run(
    full: Session, console: Console, testapp: Browser, browser_as: Callable[[str], Browser]
) -> None:
    here, form = f"{AT}/of/user/alice", {"csrf_token": testapp.csrf_token, "kind": "space", "do": "set"}
    asked = testapp.post(here, {**form, "space": "2 TB"})
    assert f"hdfs dfsadmin -setSpaceQuota {2 * TB} /user/alice" in asked and "nothing more can be written" not in asked
    assert "nothing more can be written" in testapp.post(here, {**form, "space": "1 GB"})
    with console.readers() as session:
        assert not session.scalars(select(ClientRun).filter_by(command="dfsadmin")).all()
    done = testapp.post(here, {**form, "space": str(2 * TB), "sure": "yes"}, status=303)
    assert audited(console)[-1][0] == "quota.set" and audited(console)[-1][1]["value"] == 2 * TB
    full.expire_all()
    end(
        full, console, "setSpaceQuota: no <b>such</b> thing\n", time.time(), code=1, message="it ended with exit code 1"
    )
    full.commit()
    page = done.follow()
    assert "no &lt;b&gt;such" in page and f"-setSpaceQuota {2 * TB}" in page and "failed" in page
    for role in ("viewer", "operator"):
        other = browser_as(role)
        other.post(here, {**form, "csrf_token": other.csrf_token, "space": "1", "sure": "yes"}, status=403)
    assert "Last change" not in browser_as("viewer").get(here)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("space", "much", "Write a size like"),
        ("names", "1.5", "Write a whole number"),
        ("names", "", "Write a whole number"),
    ],
)
def test_bad_numbers_are_refused_at_their_field(testapp: Browser, kind: str, given: str, words: str) -> None:
    form = {"csrf_token": testapp.csrf_token, "kind": kind, "do": "set", kind: given, "sure": "yes"}
    page = testapp.post(f"{AT}/of/user/alice", form, status=422)
    found = page.html.select_one(f"#{kind}-error")
    assert found is not None and words in found.text
    assert page.html.select_one(f"#{kind}")["value"] == given


@pytest.mark.usefixtures("full")
def test_clearing(testapp: Browser, console: Console) -> None:
    form = {"csrf_token": testapp.csrf_token, "kind": "names", "names": "", "do": "clear"}
    assert "dfsadmin -clrQuota /user/alice" in testapp.post(f"{AT}/of/user/alice", form)
    testapp.post(f"{AT}/of/user/alice", {**form, "sure": "yes"}, status=303)
    assert audited(console)[-1][1]["value"] is None
    testapp.post(f"{AT}/of/user/alice", {**form, "kind": "blocks"}, status=422)


def test_hostile_names_are_text(bare: Session, console: Console, testapp: Browser) -> None:
    read(bare, console, line(HOSTILE, (10, 10), (GB, 1)), time.time())
    bare.commit()
    page = testapp.get(AT)
    assert "<b>&amp;" not in page
    link = next(one["href"] for one in page.html.select("#table-all tbody a"))
    assert "&lt;b&gt;&amp;" in testapp.get(link)


def test_a_thousand_users_come_in_pages(bare: Session, console: Console, testapp: Browser) -> None:
    read(bare, console, "".join(line(f"/user/user-{n:04}", (10_000, 3), (TB, n)) for n in range(1000)), time.time())
    bare.commit()
    page = testapp.get(f"{AT}?page=3&sort=-space_used")
    assert "201–300 of 1,000" in page and page.text.count("<tr>") == 101
    assert len(testapp.get(f"{AT}?csv=all").text.splitlines()) == 1001


def test_addresses(console: Console, testapp: Browser, browser_as: Callable[[str], Browser]) -> None:
    here, form = "/quota-addresses", {"csrf_token": testapp.csrf_token}
    assert "No addresses" in testapp.get(here)
    testapp.post(
        here, {**form, "do": "keep", "user": "alice@REALM", "addresses": "a@example.com, b@example.com"}, status=303
    )
    assert "a@example.com, b@example.com" in testapp.get(here) and "Nothing fits" in testapp.get(f"{here}?q=nosuch")
    refused = testapp.post(here, {**form, "do": "keep", "user": "bob", "addresses": "<b>"}, status=422)
    assert "is no mail address" in refused.html.select_one("#addresses-error").text and "<b>" not in str(
        refused.html.form
    )
    assert "Write the name of a user" in testapp.post(
        here, {**form, "do": "keep", "user": "", "addresses": "a@b"}, status=422
    )
    taken = testapp.post(here, {**form, "do": "list", "list": "carol c@example.com\ndave\n"})
    assert "1 user taken in" in taken and "line 2" in taken and "c@example.com" in taken
    assert "no user with an address" in testapp.post(here, {**form, "do": "list", "list": "dave"}, status=422)
    testapp.post(here, {**form, "do": "list", "list": "erin e@example.com"}, status=303)
    testapp.post(here, {**form, "forget": "alice"}, status=303)
    testapp.post(here, {**form, "forget": "alice"}, status=404)
    assert [one[0] for one in audited(console)] == ["quota.addresses"] * 3 + ["quota.addresses-forgotten"]
    operator = browser_as("operator")
    assert "carol" in operator.get(here) and "One user" not in operator.get(here)
    operator.post(here, {"csrf_token": operator.csrf_token, "forget": "carol"}, status=403)
    browser_as("viewer").get(here, status=403)


def test_the_api_tells_the_same(full: Session, api_as: Callable[[str], TestApp]) -> None:
    told = api_as("viewer").get(API).json
    assert fits(told, "/clusters/{service}/{cluster}/quotas") == []
    alice = told["quotas"][0]
    assert alice["space"] == {"quota": TB, "used": TB - GB // 2, "left": GB // 2} and alice["names"]["left"] == 10
    assert [one["kind"] for one in alice["findings"]] == ["space", "names"] and told["active"] and not told["reading"]
    assert api_as("viewer").get(f"{API}/of/user/alice").json == alice
    api_as("viewer").get(f"{API}/of/user/nobody", status=404)
    api_as("viewer").get("/api/v1/clusters/zookeeper/none/quotas", status=404)


def test_the_api_reads_and_switches(full: Session, console: Console, api_as: Callable[[str], TestApp]) -> None:
    operator = api_as("operator")
    assert operator.post(f"{API}/read", status=202).json["reading"]
    told = operator.put_json(API, {"directories": ["/hbase"]}).json
    assert (told["directories"], told["enabled"]) == (["/hbase"], True)
    assert operator.put_json(API, {"enabled": False}).json["directories"] == ["/hbase"]
    assert operator.put_json(API, {"directories": ["x"]}, status=422).json["error"]["field"] == "directories"
    api_as("viewer").post(f"{API}/read", status=403)
    assert [one[0] for one in audited(console)] == ["quota.read", "quota.reading", "quota.reading", "denied"]


def test_the_api_sets(full: Session, console: Console, api_as: Callable[[str], TestApp]) -> None:
    admin, at = api_as("admin"), f"{API}/of/user/alice"
    runs = admin.put_json(at, {"names": 5000, "space": "2 TB"}, status=202).json["runs"]
    with console.readers() as session:
        words = [session.get_one(ClientRun, number).words for number in runs]
    assert words == [
        "-setQuota 5000 /user/alice",
        f"-setSpaceQuota {2 * TB} /user/alice",
    ]
    admin.put_json(at, {"space": None}, status=202)
    with console.readers() as session:
        assert newest(session).words == "-clrSpaceQuota /user/alice"
    for body, field in (({}, "names"), ({"names": -1}, "names"), ({"space": "x"}, "space")):
        assert admin.put_json(at, body, status=422).json["error"]["field"] == field
    api_as("operator").put_json(at, {"names": 1}, status=403)


def test_the_api_keeps_addresses(api_as: Callable[[str], TestApp]) -> None:
    admin, at = api_as("admin"), "/api/v1/quota-addresses"
    told = admin.put_json(at, {"alice": ["a@example.com"], "bob": ["b@example.com"]}).json
    assert fits(told, "/quota-addresses") == [] and set(told["addresses"]) == {"alice", "bob"}
    assert admin.delete(f"{at}?user=bob").json == {"addresses": {"alice": ["a@example.com"]}}
    admin.delete(f"{at}?user=bob", status=404)
    assert admin.put_json(at, {"a@b": ["a@b"]}, status=422).json["error"]["field"] == "user"
    assert admin.put_json(at, {"a": []}, status=422).json["error"]["field"] == "addresses"
    api_as("operator").put_json(at, {"a": ["a@b"]}, status=403)
    assert api_as("operator").get(at).json == {"addresses": {"alice": ["a@example.com"]}}
    api_as("viewer").get(at, status=403)


def test_a_directory_of_the_site_that_is_not_there(full: Session, testapp: Browser) -> None:
    row = full.scalars(select(Quota).filter_by(path=ALICE)).one()
    for name in ("name_quota", "names_used", "space_quota", "space_used"):
        setattr(row, name, None)
    row.error = "there is no such directory"
    full.commit()
    page = testapp.get(AT)
    assert "not there" in page and ">old<" not in page and "the numbers are of" not in page
    assert page.html.select_one("section[aria-label='All directories'] dd").text.startswith("4 GB")
    assert "not there" in testapp.get(f"{AT}/of/user/alice")
