"""Apprise, with its json:// to a web server of the test."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from minos_web.notify.channels import opened
from minos_web.operations.refusal import Refused
from tests.minos_web.notify.desk import Desk
from tests.minos_web.notify.servers import Hook

WORD = "pA55w0rd-of-bob"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the console would write into its log at the lowest level. pytest's own fixture hears more than that."""
    root, heard = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(heard), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(handler)
    root.setLevel(level)


def pushed(desk: Desk, hook: Hook) -> Desk:
    row = desk.channel(name="chat", kind="apprise", url=f"json://bob:{WORD}@{hook.at}/{WORD}")
    desk.routed("all", stages=((row.id, 0),))
    return desk


def test_it_gets_title_and_text(desk_with: Callable[..., Desk], hook: Hook) -> None:
    desk = pushed(desk_with(apprise_schemes="slack json"), hook)
    desk.tell("2 of 3 servers run", text="why", path="/alerts/1")
    assert desk.work() == 1, desk.attempts()
    path, headers, body = hook.got[0]
    told = json.loads(body)
    assert path == f"/{WORD}" and headers["Authorization"].startswith("Basic ")
    assert told["title"] == "[PROBLEM] zookeeper/lake: 2 of 3 servers run" and told["type"] == "failure"
    assert told["message"] == "why\nhttp://127.0.0.1:8088/alerts/1"


def test_why_it_was_not_sent_is_told_without_the_address(
    desk_with: Callable[..., Desk], hook: Hook, written: io.StringIO
) -> None:
    desk = pushed(desk_with(apprise_schemes="json"), hook)
    hook.statuses = [500]
    desk.tell()
    desk.work()
    hook.close()
    desk.later(60)
    said = [text for _, taken, text in desk.attempts() if not taken]
    assert len(said) == 2 and all(text.startswith("Apprise: ") for text in said) and "error=500" in said[0]
    assert "was not taken" in written.getvalue()
    assert WORD not in written.getvalue() + "".join(said)


@pytest.mark.parametrize(
    ("schemes", "url", "words"),
    [
        ("", "json://127.0.0.1/x", "the ini lists no services"),
        ("slack", "json://127.0.0.1/x", "json:// are not among those"),
        ("slack", "nothing", "has no kind"),
        ("slack", "slack://", "does not understand"),
        ("nosuch", "nosuch://x", "does not understand"),
        ("json", "", "needs an address"),
    ],
)
def test_only_listed_services_are_kept(desk_with: Callable[..., Desk], schemes: str, url: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        desk_with(apprise_schemes=schemes).channel(kind="apprise", url=url)
    assert refused.value.field == "url"


def test_what_the_ini_lists_no_more_gets_nothing(desk_with: Callable[..., Desk], hook: Hook) -> None:
    pushed(desk_with(apprise_schemes="json"), hook).tell()
    changed = desk_with(apprise_schemes="slack")
    changed.work()
    assert hook.got == [] and "minos.apprise_schemes" in changed.deliveries()[0].result


def test_what_is_kept_is_sealed(desk_with: Callable[..., Desk], hook: Hook) -> None:
    desk = pushed(desk_with(apprise_schemes="json"), hook)
    with desk.console.readers() as session:
        channel = opened(session, desk.console, 1)
    assert WORD in channel.url and WORD not in repr(channel)
    stored = (desk.console.var / "minos.sqlite").read_bytes() + (desk.console.var / "minos.sqlite-wal").read_bytes()
    assert WORD.encode() not in stored and hook.at.encode() not in stored
