"""Mails over a real SMTP server: what they say, to whom, encrypted or not at all, and that no name breaks out of a header."""

import ssl
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from minos_web.notify.addressing import is_address, sender_of
from minos_web.notify.channels import Opened
from minos_web.notify.mail import Posted, mail_of, send_mail
from minos_web.notify.outcome import NotTaken
from minos_web.notify.wording import Item, Parcel
from tests.minos_web.notify.desk import T0, Desk, alert
from tests.minos_web.notify.servers import HERE, MailServer, certificate, mail_server

OPS = "ops@example.org"
SENDER = "Minos <minos@example.org>"
PARCEL = Parcel(
    "abc", "message", T0, (Item(1, "problem", "error", "it broke", T0),), (OPS,), console="http://m.example"
)


def test_a_fresh_console_needs_no_form(desk: Desk, mail: MailServer) -> None:
    desk.add(alert(1), *(alert(n, f"symptom {n}", title=f"node{n} is silent", parent_id=1) for n in range(2, 25)))
    desk.tell(
        "2 of 3 servers run",
        text="The third was lost.\nLook at node3.",
        key="quorum lake",
        host="node3",
        path="/alerts/1",
    )
    assert desk.work() == 1 and desk.states() == ["sent"]
    got = mail.mails.got[0]
    assert got["Subject"] == "[PROBLEM] zookeeper/lake: 2 of 3 servers run"
    assert got["To"] == OPS and mail.mails.to == [[OPS]] and got["From"] == "Minos <minos@localhost>"
    assert got["Auto-Submitted"] == "auto-generated" and got["Message-ID"].endswith("@minos.example.org>")
    assert parsedate_to_datetime(got["Date"]).timestamp() == T0
    assert got.get_content_type() == "text/plain"
    text = mail.mails.texts[0]
    assert text.splitlines()[:8] == [
        "PROBLEM: zookeeper/lake: 2 of 3 servers run",
        "",
        "Where: zookeeper/lake, host node3",
        "Level: error",
        "Since: 2026-09-21 14:11:50 UTC",
        "Told:  2026-09-21 14:13:20 UTC",
        "Page:  https://minos.example.org/alerts/1",
        "",
    ]
    assert "The third was lost.\nLook at node3." in text
    assert "What follows from it:" in text and "- node10 is silent" in text and "- and 3 more" in text
    assert "by the route “default of the ini”" in text and "https://minos.example.org/notifications" in text


def test_what_the_text_tells_itself_is_not_told_twice(desk: Desk, mail: MailServer) -> None:
    desk.add(alert(1), alert(2, "s", title="node2 is silent", parent_id=1))
    desk.tell(key="quorum lake", text="Why: it is.\nSince: long ago\nWhat comes of it (1):\n- node2 is silent")
    desk.work()
    text = mail.mails.texts[0]
    assert text.count("node2 is silent") == text.count("Since:") == 1


def test_its_end_goes_to_the_same_people_in_the_same_thread(desk: Desk, mail: MailServer) -> None:
    desk.tell("2 of 3 servers run", key="quorum lake")
    desk.work()
    desk.tell("all servers run", kind="recovery", level="info", key="quorum lake")
    desk.work()
    assert mail.mails.subjects == [
        "[PROBLEM] zookeeper/lake: 2 of 3 servers run",
        "[OK] zookeeper/lake: all servers run",
    ]
    first, second = mail.mails.got
    assert first["References"] == second["References"] == "<alert-quorum-lake@minos.example.org>"
    assert first["Message-ID"] != second["Message-ID"]


def test_a_report_is_for_its_people_alone_and_has_its_html(desk: Desk, mail: MailServer) -> None:
    people = ["olga@example.org", "ivan@example.org"]
    desk.tell("Quotas of olga", kind="report", level="info", text="80 %", html="<p>80&nbsp;%</p>", recipients=people)
    assert desk.work() == 1
    got = mail.mails.got[0]
    assert mail.mails.to == [people] and got["Subject"] == "[REPORT] zookeeper/lake: Quotas of olga"
    assert got.get_content_type() == "multipart/alternative"
    plain, html = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None and "80 %" in plain.get_content()
    assert html is not None and html.get_content().strip() == "<p>80&nbsp;%</p>"


HOSTILE = "x\r\nBcc: evil@example.org\n\nbody\x00\u2028\u202e"


def test_no_name_breaks_out_of_a_header(desk: Desk, mail: MailServer) -> None:
    desk.tell(
        HOSTILE, text=f"{HOSTILE}\n.\r\nMAIL FROM:<x>", host=HOSTILE, cluster=HOSTILE, key=HOSTILE, path=f"/{HOSTILE}"
    )
    assert desk.work() == 1, desk.attempts()
    got = mail.mails.got[0]
    assert mail.mails.to == [[OPS]] and got["Bcc"] is None
    assert set(got.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted", "X-Minos-Kind", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip
    assert got["Subject"].startswith("[PROBLEM] ") and "Bcc: evil" in got["Subject"]
    assert "MAIL FROM:<x>" in mail.mails.texts[0] and "\x00" not in mail.mails.texts[0]


def test_halves_of_signs_do_no_harm() -> None:
    parcel = Parcel("abc", "message", T0, (Item(1, "problem", "error", "a\ud800b", T0, text="c\ud800d"),), (OPS,))
    mail = mail_of(parcel, SENDER)
    assert mail["Subject"] == "[PROBLEM] a b" and b"c?d" in mail.as_bytes()


def test_long_and_foreign_words_arrive(desk: Desk, mail: MailServer) -> None:
    desk.tell("Größe " * 40 + "Ende", text="Überlauf: 日本語 " * 50)
    assert desk.work() == 1
    got = mail.mails.got[0]
    assert got["Subject"].startswith("[PROBLEM] zookeeper/lake: Größe Größe") and got["Subject"].endswith("…")
    assert len(got["Subject"]) == 200 and ("Überlauf: 日本語 " * 50).strip() in mail.mails.texts[0]


@pytest.mark.parametrize("text", ["a@b", "olga.k+night@example.org", "o'neil@mail-1.example.org"])
def test_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["", "olga", "a@b@c", "a b@c", "a@b\nBcc: x@y", "<a@b>", "a@b,c@d", "a..b@c", "ä@example.org", "a@-b", "a@b>"],
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)


def test_senders() -> None:
    assert sender_of("minos@example.org") == "minos@example.org"
    assert sender_of("Ops, Night <minos@example.org>".replace(",", "")) == "Ops Night <minos@example.org>"
    assert "\n" not in sender_of("A\nB <minos@example.org>")
    with pytest.raises(ValueError, match="is no sender"):
        mail_of(PARCEL, "nobody")


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("cert"))


def opened(server: MailServer, **said: object) -> Opened:
    return Opened(**{"id": 1, "name": "m", "kind": "mail", "host": HERE, "port": server.port, "sender": SENDER, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_signed_in(trusted: tuple[Path, ssl.SSLContext], security: str) -> None:
    ca, context = trusted
    with (
        mail_server(ssl_context=context)
        if security == "tls"
        else mail_server(tls_context=context, require_starttls=True, auth=True)
    ) as server:
        signed = {"user": "minos", "password": "sesame-open"} if security == "starttls" else {}
        said = send_mail(PARCEL, Posted(opened(server, security=security, **signed), str(ca)))
        assert said == "taken by 127.0.0.1 for 1 of 1"
        assert server.mails.encrypted == [True] and server.mails.senders == ["minos@example.org"]
        assert server.mails.users == (["minos"] if signed else [])
        with pytest.raises(NotTaken, match="certificate is not trusted") as refused:
            send_mail(PARCEL, Posted(opened(server, security=security, **signed)))
        assert refused.value.away
        if signed:
            with pytest.raises(NotTaken, match="535") as refused:
                wrong = opened(server, security=security, user="minos", password="sesame-wrong")
                send_mail(PARCEL, Posted(wrong, str(ca)))
            assert refused.value.away and "sesame" not in str(refused.value)
        assert len(server.mails.got) == 1


def test_what_should_be_encrypted_is_not_sent_in_the_clear(mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotTaken, match="STARTTLS") as refused:
        send_mail(PARCEL, Posted(opened(mail, security="starttls")))
    assert refused.value.away
    monkeypatch.setattr("minos_web.notify.mail._is_here", lambda _host: False)
    with pytest.raises(NotTaken, match="not sent in the clear"):
        send_mail(PARCEL, Posted(opened(mail, user="minos", password="sesame-open")))
    assert mail.mails.got == [] and mail.mails.users == []


def test_whom_the_server_refuses_is_told_and_tried_again_alone(
    desk_with: Callable[..., Desk], mail: MailServer
) -> None:
    desk = desk_with(smtp_host=HERE, smtp_port=mail.port, alert_mail="ops@example.org grey@example.org no-mail")
    mail.mails.refused = {"grey@example.org": "450 come back later"}
    desk.tell()
    desk.work()
    assert mail.mails.to == [["ops@example.org"]]
    first, again = desk.deliveries()
    assert (first.state, first.recipients) == ("sent", ["ops@example.org"]) and "450 come back later" in first.result
    assert (again.state, again.recipients) == ("waiting", ["grey@example.org", "no-mail"])
    assert first.message_id == again.message_id
    mail.mails.refused = {}
    desk.later(60)
    assert mail.mails.to == [["ops@example.org"], ["grey@example.org"]]
    assert mail.mails.got[0]["Message-ID"] == mail.mails.got[1]["Message-ID"]


def test_a_rude_goodbye_makes_no_mail_come_twice(desk: Desk, mail: MailServer) -> None:
    mail.mails.goodbye = "554 not like this"
    desk.tell()
    assert desk.work() == 1 and desk.later(600) == 0 and len(mail.mails.got) == 1


def test_one_that_is_refused_holds_nobody_up(desk: Desk, mail: MailServer) -> None:
    mail.mails.answer = "554 too large"
    desk.tell("the first")
    desk.work()
    mail.mails.answer = "250 kept"
    desk.tell("the second")
    assert desk.work() == 1 and desk.states() == ["waiting", "sent"]
    desk.later(60)
    assert desk.states() == ["sent", "sent"]


@pytest.mark.parametrize("nobody", ["", "  "])
def test_nobody_is_named(desk_with: Callable[..., Desk], mail: MailServer, nobody: str) -> None:
    desk = desk_with(smtp_host=HERE, smtp_port=mail.port, alert_mail=nobody)
    desk.tell()
    assert desk.route() == 1 and desk.deliveries() == []


def test_a_server_that_says_nothing_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr("minos_web.notify.mail.PATIENCE", 0.3)
    with socket.socket() as silent:
        silent.bind((HERE, 0))
        silent.listen()
        channel = Opened(1, "m", "mail", HERE, silent.getsockname()[1], sender=SENDER)
        with pytest.raises(NotTaken, match="did not answer in time") as refused:
            send_mail(PARCEL, Posted(channel))
        assert refused.value.away
