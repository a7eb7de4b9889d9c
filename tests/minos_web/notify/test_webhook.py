"""Webhooks on a real web server: what they get, its signature, and where the console does not let itself be sent."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable

import pytest

from minos_web.operations.refusal import Refused
from tests.minos_web.notify.desk import Desk, alert
from tests.minos_web.notify.servers import Hook

SECRET = "a secret of many signs"
TOKEN = "T0KENT0KEN"


@pytest.fixture
def hooked(desk_with: Callable[..., Desk], hook: Hook) -> Desk:
    """A console whose only route leads to the webhook."""
    desk = desk_with(webhook_urls=f"{hook.url}/in", webhook_private=True, url="https://minos.example.org")
    row = desk.channel(name="hook", kind="webhook", url=f"{hook.url}/in/{TOKEN}?key={TOKEN}", secret=SECRET)
    desk.routed("all", stages=((row.id, 0),))
    return desk


def test_it_gets_signed_json(hooked: Desk, hook: Hook) -> None:
    hooked.add(alert(1, "quorum lake"), alert(2, "x", parent_id=1, title="node3 is silent"))
    hooked.tell("2 of 3 servers run", text="why", key="quorum lake", path="/alerts/1", host="node3")
    assert hooked.work() == 1
    path, headers, body = hook.got[0]
    assert path == f"/in/{TOKEN}?key={TOKEN}" and headers["Content-Type"] == "application/json"
    said = dict(part.split("=", 1) for part in headers["Minos-Signature"].split(","))
    made = hmac.new(SECRET.encode(), said["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert said["v1"] == made and abs(time.time() - int(said["t"])) < 60
    told = json.loads(body)
    assert headers["Minos-Delivery"] == told["id"] == hooked.deliveries()[0].message_id
    assert told == {
        "minos": 1, "id": told["id"], "kind": "message", "at": hooked.now, "route": "all",
        "console": "https://minos.example.org", "subject": "[PROBLEM] zookeeper/lake: 2 of 3 servers run",
        "text": "why\n- node3 is silent\nhttps://minos.example.org/alerts/1", "left_out": 0,
        "news": [{
            "id": 1, "at": hooked.now, "kind": "problem", "level": "error", "service": "zookeeper", "cluster": "lake",
            "host": "node3", "key": "quorum lake", "title": "2 of 3 servers run", "text": "why", "since": hooked.now - 90,
            "url": "https://minos.example.org/alerts/1", "symptoms": ["node3 is silent"], "more_symptoms": 0,
        }],
    }  # fmt: skip


@pytest.mark.parametrize(("status", "away"), [(500, True), (503, True), (429, True), (404, False), (401, False)])
def test_it_is_tried_again_with_the_same_id(hooked: Desk, hook: Hook, status: int, away: bool) -> None:
    hook.statuses = [status]
    hooked.tell("first")
    hooked.work()
    row = hooked.deliveries()[0]
    assert (row.state, row.away) == ("waiting", away) and row.result == f"it answers {status}: told why"
    hooked.tell("second")
    assert hooked.work() == (0 if away else 1), "what one message is refused for holds no other"
    hooked.later(60)
    assert hooked.states() == ["sent", "sent"]
    ids = [headers["Minos-Delivery"] for _, headers, _ in hook.got]
    assert ids.count(row.message_id) == 2 and len(set(ids)) == 2


def test_redirects_are_not_followed(hooked: Desk, hook: Hook) -> None:
    hook.statuses, hook.headers = [302], {"Location": f"{hook.url}/in/elsewhere"}
    hooked.tell()
    hooked.work()
    assert len(hook.got) == 1 and "redirects are not followed" in hooked.deliveries()[0].result


def test_nothing_of_the_address_is_told(hooked: Desk, hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    hook.statuses, hook.text = [500], f"no such hook {TOKEN} for {SECRET}".encode()
    hooked.tell()
    hooked.work()
    hook.close()
    hooked.later(60)
    said = [text for _, _, text in hooked.attempts()] + [caplog.text, hooked.deliveries()[0].result]
    assert said[0] == "it answers 500: no such hook … for …" and "cannot be reached" in said[1]
    assert not any(TOKEN in text or SECRET in text for text in said)


@pytest.mark.parametrize(
    ("allowed", "url", "words"),
    [
        ("", "http://hooks.example.org/in", "the ini lists no addresses"),
        ("http://hooks.example.org/in", "http://hooks.example.org/other", "does not lie below"),
        ("http://hooks.example.org/in", "http://hooks.example.org/in/../other", "does not lie below"),
        ("http://hooks.example.org/in", "http://hooks.example.org@evil.example.org/in", "does not lie below"),
        ("http://hooks.example.org/in", "file:///etc/passwd", "does not lie below"),
        ("http://hooks.example.org/in", "", "needs an address"),
    ],
)
def test_only_listed_addresses_are_kept(desk_with: Callable[..., Desk], allowed: str, url: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        desk_with(webhook_urls=allowed).channel(kind="webhook", url=url, secret=SECRET)
    assert refused.value.field == "url"


def test_what_the_ini_lists_no_more_gets_nothing(hooked: Desk, hook: Hook, desk_with: Callable[..., Desk]) -> None:
    hooked.tell()
    changed = desk_with(webhook_urls="http://elsewhere.example.org", webhook_private=True)
    changed.work()
    assert hook.got == [] and "does not lie below" in changed.deliveries()[0].result


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_are_refused(desk_with: Callable[..., Desk], hook: Hook, host: str) -> None:
    url = hook.url.replace("127.0.0.1", host)
    desk = desk_with(webhook_urls=url)
    row = desk.channel(kind="webhook", url=f"{url}/in", secret=SECRET)
    desk.routed("all", stages=((row.id, 0),))
    desk.tell()
    desk.work()
    assert hook.got == [] and "minos.webhook_private" in desk.deliveries()[0].result


def test_a_secret_must_be_long(desk_with: Callable[..., Desk]) -> None:
    with pytest.raises(Refused, match="at least 16") as refused:
        desk_with(webhook_urls="http://a.example").channel(kind="webhook", url="http://a.example/x", secret="short")
    assert refused.value.field == "secret"
