"""The pages of notifications: warnings that are true, forms that name what is wrong, secrets that never come back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from pyramid.router import Router
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.notify import Channel, Delivery, Route
from tests.minos_web.conftest import Browser
from tests.minos_web.notify.desk import Desk
from tests.minos_web.notify.servers import MailServer, mail_server
from tests.minos_web.scene import add_cluster

HIDDEN = "sesame-open-sesame"
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


@pytest.fixture
def desk_with(app: Router, console: Console) -> Callable[..., Desk]:
    """Puts these settings behind the application."""

    def make(**said: Any) -> Desk:
        app.registry.console = replace(console, settings=msgspec.structs.replace(console.settings, **said))
        return Desk(app.registry.console)

    return make


@pytest.fixture
def desk(desk_with: Callable[..., Desk], mail: MailServer) -> Desk:
    return desk_with(smtp_host="127.0.0.1", smtp_port=mail.port, alert_mail="ops@example.org")


def post(browser: Browser, path: str, status: int = 303, **said: Any) -> Any:
    return browser.post(path, {"csrf_token": browser.csrf_token, **said}, status=status)


def test_a_console_of_which_nobody_hears_says_so(
    desk_with: Callable[..., Desk], browser_as: Callable[[str], Browser]
) -> None:
    desk = desk_with()
    page = browser_as("admin").get("/notifications")
    assert "Nobody hears of alerts." in page.html.select_one(".mn-danger").text
    assert "minos.smtp_host" in page.text and "No channel" in page.text and "Nothing went out yet" in page.text
    desk.tell(HOSTILE)
    desk.now = 2e9
    desk.route()
    page = browser_as("viewer").get("/notifications")
    assert HOSTILE not in page.text and "New channel" not in page.text


def test_what_nobody_heard_and_of_what_nobody_would(
    desk: Desk, console: Console, session: Session, testapp: Browser
) -> None:
    assert not testapp.get("/notifications").html.select(".mn-danger")
    add_cluster(session, console)
    session.commit()
    post(testapp, "/notifications/routes/new", name="night", channels="0", recipients="a@example.org", zone="UTC",
         hours="22:00-06:00", enabled="1")  # fmt: skip
    assert not testapp.get("/notifications").html.select(".mn-danger"), "the ini's route covers the day"
    no_default = replace(desk.console, settings=msgspec.structs.replace(desk.console.settings, alert_mail=""))
    testapp.app.registry.console = no_default
    warned = testapp.get("/notifications").html.select_one(".mn-danger").text
    assert "Nobody hears of zookeeper/dptst in 4 d 16 h of a week" in " ".join(warned.split())


def test_a_channel_is_made_tested_and_its_result_shown(desk: Desk, testapp: Browser, mail: MailServer) -> None:
    form = testapp.get("/notifications/channels/new").html
    assert form.select_one("input[name=password]")["type"] == "password"
    page = post(
        testapp, "/notifications/channels/new?kind=mail", name="desk", kind="mail", host="127.0.0.1", port=str(mail.port),
        security="none", user="", password=HIDDEN, sender="Desk <desk@example.org>", most="5", per_minutes="5", enabled="1",
    ).follow()  # fmt: skip
    assert "The channel desk is kept" in page.text and page.html.select_one('a[href="/notifications/channels/1"]')
    page = testapp.get("/notifications/channels/1")
    assert HIDDEN not in page.text and page.html.select_one("form[action$='/channels/1/test'] input[name=to]")
    answer = post(testapp, "/notifications/channels/1/test", to="olga@example.org ivan@example.org")
    page = answer.follow()
    assert page.html.select_one("#delivery")["hx-trigger"] == "every 1s" and "Not tried yet" in page.text
    desk.now = 2e9
    desk.send()
    page = testapp.get(answer.location)
    assert "taken by 127.0.0.1 for 2 of 2" in page.text and not page.html.select_one("#delivery").get("hx-trigger")
    assert mail.mails.to == [["olga@example.org", "ivan@example.org"]] and mail.mails.senders == ["desk@example.org"]


def test_a_test_that_fails_shows_why(desk: Desk, testapp: Browser, mail: MailServer) -> None:
    mail.stop()
    answer = post(testapp, "/notifications/channels/0/test", to="olga@example.org")
    desk.now = 2e9
    desk.send()
    page = testapp.get(answer.location)
    assert "It did not go" in page.text and "127.0.0.1" in page.html.select_one(".mn-why").text
    assert not testapp.get("/notifications").html.select(".mn-danger"), "a test worries nobody"
    flashed = post(testapp, "/notifications/channels/0/test", to="nobody").follow()
    assert "is no mail address" in flashed.html.select_one(".mn-flash--danger").text


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": HOSTILE, "port": "many"}, "port"),
        ({"host": "a b"}, "host"),
        ({"most": "-1"}, "most"),
        ({"per_minutes": "nan"}, "per_minutes"),
        ({"sender": HOSTILE}, "sender"),
    ],
)
def test_a_channel_that_is_refused_comes_back_without_its_password(
    desk: Desk, testapp: Browser, said: dict[str, str], field: str
) -> None:
    typed = {"name": "desk", "kind": "mail", "host": "mail.example.org", "security": "tls", "user": "u", "most": "7"}
    page = post(testapp, "/notifications/channels/new?kind=mail", 422, **{**typed, "password": HIDDEN, **said})
    assert page.html.select_one(f"#{field}-error") is not None
    assert HIDDEN not in page.text and "<script>alert" not in page.text
    assert page.html.select_one("#security option[selected]")["value"] == "tls"


@pytest.mark.parametrize("kind", ["webhook", "apprise"])
def test_addresses_that_the_ini_does_not_list(desk: Desk, testapp: Browser, kind: str) -> None:
    url = f"/notifications/channels/new?kind={kind}"
    page = post(testapp, url, 422, name="n", kind=kind, url=f"json://x/{HIDDEN}", secret=HIDDEN)
    assert "the ini lists no" in page.html.select_one("#url-error").text and HIDDEN not in page.text


def test_a_channel_to_which_a_route_leads_is_not_deleted(desk: Desk, testapp: Browser, session: Session) -> None:
    channel = desk.channel(host="mail.example.org")
    route = desk.routed("night", stages=((channel.id, 0),), recipients=["olga@example.org"])
    page = post(testapp, f"/notifications/channels/{channel.id}", 422, do="delete", name="desk")
    assert "routes lead to desk: night" in page.text.replace("Routes", "routes")
    post(testapp, f"/notifications/routes/{route.id}", do="delete")
    assert "is deleted" in post(testapp, f"/notifications/channels/{channel.id}", do="delete").follow().text
    assert session.query(Channel).count() == session.query(Route).count() == 0


def test_a_route_is_made_changed_and_put_first(desk: Desk, testapp: Browser, session: Session) -> None:
    said = {
        "name": "night", "service": "zoo*", "levels": ["error"], "kinds": ["problem", "crash"], "days": ["sat", "sun"],
        "hours": "22:00-06:00", "zone": "Europe/Paris", "channels": ["0"], "recipients": "olga@example.org\nivan@example.org",
        "later0_channel": "0", "later0_minutes": "15", "later0_recipients": "boss@example.org", "collect_minutes": "",
        "enabled": "1",
    }  # fmt: skip
    pairs = [(name, one) for name, value in said.items() for one in (value if isinstance(value, list) else [value])]
    testapp.post("/notifications/routes/new", [("csrf_token", testapp.csrf_token), *pairs], status=303)
    row = session.query(Route).one()
    assert row.stages == [
        {"channel": 0, "after_minutes": 0.0, "recipients": []},
        {"channel": 0, "after_minutes": 15.0, "recipients": ["boss@example.org"]},
    ]
    assert (row.levels, row.kinds, row.days) == (["error"], ["problem", "crash"], ["sat", "sun"])
    page = testapp.get(f"/notifications/routes/{row.id}").html
    assert page.select_one("#recipients").text.split() == ["olga@example.org", "ivan@example.org"]
    assert page.select_one("#later0_minutes")["value"] == "15" and page.select_one("#hours")["value"] == "22:00-06:00"
    assert [one["value"] for one in page.select("input[name=days][checked]")] == ["sat", "sun"]
    session.rollback()
    desk.routed("second", recipients=["a@example.org"])
    post(testapp, "/notifications/routes/2/move", do="up")
    page = testapp.get("/notifications").html
    assert [row.th.get_text(strip=True) for row in page.select("#routes tbody tr")] == [
        "second",
        "night",
        "default of the ini",
    ]
    told = " ".join(page.select("#routes tbody tr")[1].get_text(" ").split())
    assert "after 15 min without an answer mail server of the ini to boss@example.org" in told


def test_a_form_loses_nothing_that_only_the_api_gives(desk: Desk, testapp: Browser, session: Session) -> None:
    stages = (
        (0, 0, ["own@example.org"]),
        (0, 5, ["a@example.org"]),
        (0, 10, ["b@example.org"]),
        (0, 15, ["c@example.org"]),
    )
    row = desk.routed("night", stages=stages)
    form = testapp.get(f"/notifications/routes/{row.id}").forms
    form = next(one for one in form.values() if "collect_minutes" in one.fields)
    form["csrf_token"] = testapp.csrf_token
    form["name"] = "renamed"
    form.submit(status=303)
    assert session.query(Route).one().stages == row.stages and session.query(Route).one().name == "renamed"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"hours": "late"}, "hours"),
        ({"zone": HOSTILE}, "zone"),
        ({"recipients": HOSTILE}, "recipients"),
        ({"later0_channel": "0"}, "later0_minutes"),
        ({"collect_minutes": "x"}, "collect_minutes"),
        ({"channels": ""}, "stages"),
        ({"levels": "loud"}, "levels"),
    ],
)
def test_a_route_that_is_refused_comes_back_as_typed(
    desk: Desk, testapp: Browser, said: dict[str, str], field: str
) -> None:
    typed = {"name": "night", "channels": "0", "recipients": "a@example.org", "zone": "UTC", "cluster": "typed"}
    page = post(testapp, "/notifications/routes/new", 422, **{**typed, **said})
    assert page.html.select_one(f"#{field}-error") is not None, page.text
    assert page.html.select_one("#cluster")["value"] == "typed" and "<script>alert" not in page.text


def test_who_would_hear_is_tried_out(desk: Desk, testapp: Browser) -> None:
    desk.routed(
        "files", service="hdfs", recipients=["files@example.org"], stages=((0, 0), (0, 15, ["boss@example.org"]))
    )
    page = testapp.get("/notifications?kind=problem&level=error&service=hdfs&cluster=x&host=").html.select_one("#try")
    assert [" ".join(one.text.split()) for one in page.select("li")] == [
        "mail server of the ini to files@example.org, by the route files",
        "mail server of the ini to boss@example.org, by the route files, after 15 min if nobody acknowledged it",
    ]
    assert "kind is one of" in testapp.get("/notifications?kind=pigeon").html.select_one("#try").text.replace(
        "Kind", "kind"
    )


def test_thousands_of_messages_are_told_in_pages(desk: Desk, testapp: Browser, session: Session) -> None:
    rows = [
        Delivery(
            channel_id=0, channel_name="m", route_id=None, kind="message", audience="a", state="sent" if n % 2 else "failed",
            created_at=1.0, due_at=1.0, attempts=1, away=False, sent_at=2.0, result=HOSTILE, message_id=str(n),
        )
        for n in range(3000)
    ]  # fmt: skip
    session.add_all(rows)
    session.commit()
    page = testapp.get("/notifications?state=failed&page=2").html
    assert len(page.select("#lately tbody tr")) == 50 and "51–100 of 1,500 messages" in page.text
    assert "<script>alert" not in testapp.get("/notifications").text


def test_changing_pages_are_for_admins(desk: Desk, browser_as: Callable[[str], Browser]) -> None:
    for path in ("channels/new", "routes/new"):
        browser_as("operator").get(f"/notifications/{path}", status=403)


def test_the_page_of_alerts_says_when_nobody_else_hears(
    desk_with: Callable[..., Desk], browser_as: Callable[[str], Browser], mail: MailServer
) -> None:
    desk_with()
    assert "Nobody hears of alerts who does not look here" in browser_as("viewer").get("/alerts").text
    desk_with(smtp_host="127.0.0.1", smtp_port=mail.port, alert_mail="ops@example.org")
    assert "Nobody hears of alerts" not in browser_as("viewer").get("/alerts").text
