"""What may be a channel or a route, what is kept of a change, and what is refused with the field."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from minos_web.models.notify import Channel, Route
from minos_web.notify import channels, routes
from minos_web.notify.channel_rules import ChannelDraft, shown_url
from minos_web.notify.outcome import NotTaken, one_line, scrubbed
from minos_web.notify.parcels import link_to
from minos_web.operations.refusal import Refused
from tests.minos_web.notify.desk import Desk
from tests.minos_web.notify.servers import MailServer


@pytest.fixture
def desk(desk_with: Callable[..., Desk]) -> Desk:
    """A console without anything in its ini."""
    return desk_with()


MAIL = {"host": "mail.example.org", "user": "minos", "password": "sesame-open"}


def test_a_change_keeps_the_password_that_it_does_not_name(desk: Desk) -> None:
    row = desk.channel(**MAIL)
    assert (row.port, row.security, row.shown) == (587, "starttls", "")
    with desk.console.writers.begin() as session:
        draft = ChannelDraft("renamed", "mail", host="mail.example.org", user="minos", sender="olga@example.org")
        channels.change(session, desk.console, session.get_one(Channel, row.id), draft, "eve", 5.0)
    with desk.console.readers() as session:
        found = channels.opened(session, desk.console, row.id)
        assert (found.name, found.sender, found.password) == ("renamed", "olga@example.org", "sesame-open")
        assert session.get_one(Channel, row.id).changed_by == "eve"


@pytest.mark.parametrize(
    "change", [{"host": "mail.example.net"}, {"port": 2525}, {"security": "none"}, {"user": "olga"}]
)
def test_a_kept_password_goes_to_nobody_else(desk: Desk, change: dict[str, Any]) -> None:
    row = desk.channel(**MAIL)
    with desk.console.writers.begin() as session, pytest.raises(Refused) as refused:
        draft = ChannelDraft("desk", "mail", **{**MAIL, "password": "", **change})
        channels.change(session, desk.console, session.get_one(Channel, row.id), draft, "eve", 5.0)
    assert refused.value.field == "password"


def test_without_a_user_no_password_is_kept(desk: Desk) -> None:
    row = desk.channel(host="mail.example.org", password="sesame-open")
    with desk.console.readers() as session:
        assert channels.opened(session, desk.console, row.id).password == "" and row.sealed == b""


def test_the_secrets_of_another_console_are_given_anew(desk: Desk) -> None:
    row = desk.channel(**MAIL)
    other = replace(desk.console, secret=b"\1" * 32)
    with other.writers.begin() as session:
        with pytest.raises(NotTaken, match="give them anew"):
            channels.opened(session, other, row.id)
        channels.change(
            session, other, session.get_one(Channel, row.id), ChannelDraft("desk", "mail", **MAIL), "eve", 5.0
        )
        assert channels.opened(session, other, row.id).password == "sesame-open"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"name": channels.OWN_NAME}, "name"),
        ({"host": ""}, "host"),
        ({"host": "http://mail"}, "host"),
        ({"port": 70000}, "port"),
        ({"sender": "nobody"}, "sender"),
        ({"most": 0}, "most"),
        ({"per_minutes": 0}, "per_minutes"),
        ({"per_minutes": float("nan")}, "per_minutes"),
        ({"user": "a\r\nb"}, "user"),
    ],
)
def test_what_is_no_channel(desk: Desk, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.channel(**{**MAIL, **said})
    assert refused.value.field == field


def test_names_are_of_one_channel(desk: Desk) -> None:
    desk.channel(**MAIL)
    with pytest.raises(Refused, match="another channel"):
        desk.channel(**MAIL)


def test_one_to_which_a_route_leads_stays(desk: Desk) -> None:
    row = desk.channel(**MAIL)
    route = desk.routed("night", stages=((row.id, 0),), recipients=["olga@example.org"])
    with desk.console.writers.begin() as session:
        with pytest.raises(Refused, match="routes lead to desk: night"):
            channels.delete(session, session.get_one(Channel, row.id))
        routes.delete(session, session.get_one(Route, route.id))
        channels.delete(session, session.get_one(Channel, row.id))
        assert channels.all_channels(session, desk.console.settings) == []


def test_what_waits_for_a_deleted_channel_is_given_up_visibly(desk: Desk) -> None:
    row = desk.channel(**MAIL)
    route = desk.routed("night", stages=((row.id, 0),), recipients=["olga@example.org"])
    desk.tell()
    desk.route()
    with desk.console.writers.begin() as session:
        routes.delete(session, session.get_one(Route, route.id))
        channels.delete(session, session.get_one(Channel, row.id))
    assert [(one.state, one.result) for one in desk.deliveries()] == [("failed", "its channel was deleted")]


def test_one_that_is_switched_off_hears_nothing_and_stops_nobody(
    desk_with: Callable[..., Desk], mail: MailServer
) -> None:
    desk = desk_with(smtp_host="127.0.0.1", smtp_port=mail.port, alert_mail="ops@example.org")
    off = desk.channel(enabled=False, **MAIL)
    desk.routed("first", stages=((off.id, 0),), recipients=["olga@example.org"])
    desk.tell()
    assert desk.work() == 1 and mail.mails.to == [["ops@example.org"]]


def test_a_channel_without_a_host_is_the_ini_s_server(desk_with: Callable[..., Desk], mail: MailServer) -> None:
    desk = desk_with(smtp_host="127.0.0.1", smtp_port=mail.port)
    row = desk.channel(sender="Night <night@example.org>")
    desk.routed("r", stages=((row.id, 0),), recipients=["olga@example.org"])
    desk.tell()
    assert desk.work() == 1 and mail.mails.senders == ["night@example.org"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": routes.DEFAULT_NAME}, "name"),
        ({"stages": ()}, "stages"),
        ({"stages": ((9, 0),)}, "stages"),
        ({"stages": ((1, 5),)}, "stages"),
        ({"stages": ((1, 0), (1, -1))}, "stages"),
        ({"stages": ((1, 0),) * 7}, "stages"),
        ({"recipients": []}, "recipients"),
        ({"recipients": ["a@b\nBcc: c@d"]}, "recipients"),
        ({"recipients": [f"a{n}@b" for n in range(101)]}, "recipients"),
        ({"hours": "8-9"}, "hours"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"zone": "Europe"}, "zone"),
        ({"collect_minutes": -1}, "collect_minutes"),
        ({"service": "a\tb"}, "service"),
    ],
)
def test_what_is_no_route(desk: Desk, said: dict[str, Any], field: str) -> None:
    desk.channel(**MAIL)
    with pytest.raises(Refused) as refused:
        desk.routed(**{"stages": ((1, 0),), "recipients": ["olga@example.org"], **said})
    assert refused.value.field == field


def test_routes_keep_an_order(desk: Desk) -> None:
    desk.channel(**MAIL)
    for name in "abc":
        desk.routed(name, stages=((1, 0),), recipients=["olga@example.org"])
    desk.routed("d", stages=((1, 0),), recipients=["olga@example.org"], position=2)

    def order() -> list[tuple[int, str]]:
        with desk.console.readers() as session:
            return [(row.position, row.name) for row in routes.all_routes(session)]

    assert order() == [(1, "a"), (2, "d"), (3, "b"), (4, "c")]
    with desk.console.writers.begin() as session:
        routes.move(session, routes.all_routes(session)[3], 0)
    assert order() == [(1, "c"), (2, "a"), (3, "d"), (4, "b")]
    with desk.console.writers.begin() as session:
        routes.delete(session, routes.all_routes(session)[1])
    assert order() == [(1, "c"), (2, "d"), (3, "b")]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("", ""),
        ("https://u:p@hooks.example.org:8443/T0KEN?x=y", "https://hooks.example.org:8443/…"),
        ("slack://T0KEN/T0KEN", "slack://…"),
    ],
)
def test_what_is_shown_of_an_address(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_texts_for_people() -> None:
    assert one_line("a\r\n b\x00\u2028c") == "a b c"
    assert scrubbed("at h.example.org/T0KEN%2Fb it: T0KEN/b", "https://h.example.org/T0KEN%2Fb") == "at …/… it: …/b"
    assert scrubbed("it answers 500", "http://a/b") == "it answers 500"


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/alerts/1?x=y#z", "http://c/alerts/1?x=y#z"),
        ("/a b\r\nc", "http://c/a%20b%0D%0Ac"),
        ("", ""),
        ("//evil.example.org", ""),
        ("https://evil.example.org", ""),
        ("/\\evil.example.org", ""),
    ],
)
def test_links_stay_with_the_console(path: str, link: str) -> None:
    assert link_to("http://c", path) == link
