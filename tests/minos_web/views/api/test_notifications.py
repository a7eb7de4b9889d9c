"""Channels, routes and messages over the API: as described, by admins alone, without a secret in any answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from pyramid.router import Router
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.notify import Channel
from minos_web.models.people import AuditEntry
from tests.minos_web.notify.desk import Desk
from tests.minos_web.notify.servers import MailServer, mail_server
from tests.minos_web.views.api.test_openapi import fits

Api = Callable[[str], TestApp]
URL = "/api/v1/notifications"
HIDDEN = "sesame-open"
MAIL = {"name": "desk", "kind": "mail", "host": "mail.example.org", "user": "minos", "password": HIDDEN}
ROUTE = {"name": "lake", "service": "zookeeper", "recipients": ["olga@example.org"], "stages": [{"channel": 0}]}


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


@pytest.fixture
def desk(app: Router, console: Console, mail: MailServer) -> Desk:
    """A console with a mail server in its ini, behind the application."""
    said = {"smtp_host": "127.0.0.1", "smtp_port": mail.port, "alert_mail": "ops@example.org"}
    changed = replace(console, settings=msgspec.structs.replace(console.settings, **said))
    app.registry.console = changed
    return Desk(changed)


def test_a_channel_is_made_told_of_changed_and_deleted(api_as: Api, desk: Desk, session: Session) -> None:
    admin = api_as("admin")
    row = admin.post_json(f"{URL}/channels", MAIL, status=201).json
    assert fits(row, "/notifications/channels", "post", "201") == []
    assert (row["shown"], row["port"], row["trouble"]) == ("mail.example.org:587", 587, "")
    listed = api_as("viewer").get(f"{URL}/channels")
    assert fits(listed.json, "/notifications/channels") == []
    assert [(one["id"], one["name"]) for one in listed.json["channels"]] == [(0, "mail server of the ini"), (1, "desk")]
    saved = admin.put_json(f"{URL}/channels/1", {**MAIL, "name": "night", "password": ""})
    assert fits(saved.json, "/notifications/channels/{id}", "put") == [] and saved.json["name"] == "night"
    audited = " ".join(str((one.action, one.target, one.details)) for one in session.scalars(select(AuditEntry)))
    assert "channel.add" in audited and "channel.change" in audited
    assert HIDDEN not in listed.text + saved.text + audited
    assert HIDDEN.encode() not in session.scalars(select(Channel.sealed)).one()
    session.rollback()
    assert admin.delete(f"{URL}/channels/1").json == {"deleted": 1}
    assert admin.delete(f"{URL}/channels/1", status=404).json["error"]["code"] == "not-found"
    assert "stands in the ini" in admin.put_json(f"{URL}/channels/0", MAIL, status=404).json["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("channels", {"kind": "mail"}, ""),
        ("channels", {**MAIL, "kind": "pigeon"}, "kind"),
        ("channels", {**MAIL, "port": 99999}, "port"),
        ("channels", {**MAIL, "kind": "webhook", "url": "http://a.example/x"}, "url"),
        ("routes", {**ROUTE, "stages": []}, "stages"),
        ("routes", {**ROUTE, "recipients": ["nobody"]}, "recipients"),
        ("routes", {**ROUTE, "levels": ["loud"]}, "levels[0]"),
        ("routes", {**ROUTE, "more": 1}, ""),
    ],
)
def test_what_is_refused_names_the_field(api_as: Api, desk: Desk, path: str, body: dict[str, Any], field: str) -> None:
    answer = api_as("admin").post_json(f"{URL}/{path}", body, status=422).json
    assert fits(answer, f"/notifications/{path}", "post", "422") == [] and answer["error"].get("field", "") == field


def test_changes_are_for_admins(api_as: Api, desk: Desk) -> None:
    for path, body in (("channels", MAIL), ("routes", ROUTE), ("channels/0/test", {})):
        api_as("operator").post_json(f"{URL}/{path}", body, status=403)


def test_routes_and_who_would_hear(api_as: Api, desk: Desk, session: Session) -> None:
    admin = api_as("admin")
    row = admin.post_json(f"{URL}/routes", ROUTE, status=201).json
    assert fits(row, "/notifications/routes", "post", "201") == [] and row["position"] == 1
    listed = admin.get(f"{URL}/routes").json
    assert fits(listed, "/notifications/routes") == []
    assert [one["name"] for one in listed["routes"]] == ["lake", "default of the ini"]
    found = api_as("viewer").get(f"{URL}/hearers?service=zookeeper&cluster=lake").json
    assert fits(found, "/notifications/hearers") == []
    assert [(one["route"], one["recipients"]) for one in found["hearers"]] == [("lake", ["olga@example.org"])]
    other = admin.get(f"{URL}/hearers?service=hdfs&level=warning&at=1790000000").json["hearers"]
    assert [one["route"] for one in other] == ["default of the ini"]
    for query in ("kind=pigeon", "level=loud", "at=soon"):
        assert admin.get(f"{URL}/hearers?{query}", status=422).json["error"]["field"] == query.partition("=")[0]
    saved = admin.put_json(f"{URL}/routes/{row['id']}", {**ROUTE, "name": "sea", "go_on": True}).json
    assert fits(saved, "/notifications/routes/{id}", "put") == [] and (saved["name"], saved["position"]) == ("sea", 1)
    assert admin.delete(f"{URL}/routes/{row['id']}").json == {"deleted": row["id"]}
    assert {"route.add", "route.change", "route.delete"} <= set(session.scalars(select(AuditEntry.action)))


def test_a_test_is_sent_and_told_of(api_as: Api, desk: Desk, mail: MailServer) -> None:
    admin = api_as("admin")
    answer = admin.post_json(f"{URL}/channels/0/test", {"recipients": ["olga@example.org"]}, status=202).json
    assert fits(answer, "/notifications/channels/{id}/test", "post", "202") == []
    desk.now = 2e9  # whatever the clock says: the test is due
    assert desk.send() == 1 and mail.mails.to == [["olga@example.org"]]
    row = api_as("viewer").get(f"{URL}/deliveries/{answer['delivery']}").json
    assert fits(row, "/notifications/deliveries/{id}") == []
    assert (row["state"], row["kind"], row["attempted"][0]["taken"]) == ("sent", "test", True)
    assert admin.post_json(f"{URL}/channels/9/test", {}, status=404).json["error"]["code"] == "unknown-channel"
    admin.post_json(f"{URL}/channels", {**MAIL, "enabled": False}, status=201)
    assert admin.post_json(f"{URL}/channels/1/test", {}, status=409).json["error"]["code"] == "wrong-state"


def test_messages_are_listed_in_parts(api_as: Api, desk: Desk) -> None:
    for number in range(205):
        desk.tell(f"n{number}", key=f"k{number}")
    desk.route()
    desk.route()
    viewer = api_as("viewer")
    first = viewer.get(f"{URL}/deliveries?limit=200").json
    assert fits(first, "/notifications/deliveries") == [] and len(first["deliveries"]) == 200 and first["more"]
    rest = viewer.get(f"{URL}/deliveries?before={first['deliveries'][-1]['id']}").json
    assert len(rest["deliveries"]) == 5 and not rest["more"]
    assert len(viewer.get(f"{URL}/deliveries?key=k7").json["deliveries"]) == 1
    assert viewer.get(f"{URL}/deliveries?state=sent&channel=0").json["deliveries"] == []
    assert viewer.get(f"{URL}/deliveries?state=lost", status=422).json["error"]["field"] == "state"
    viewer.get(f"{URL}/deliveries/9999", status=404)
