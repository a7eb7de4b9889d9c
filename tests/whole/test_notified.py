"""A real console and a real mail server: what was told goes once over the death of the console, and a person tests a channel."""

import sqlite3
import threading
import time
from collections.abc import Iterator

import pytest

from tests.minos_web.notify.servers import MailServer
from tests.whole.site import Site, a_site, wait_for


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    """Down at first."""
    made = MailServer()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Iterator[Site]:
    """A console without hosts whose ini names the mail server."""
    folder = tmp_path_factory.mktemp("notified")
    with a_site(folder, [], smtp_host="127.0.0.1", smtp_port=mail.port, alert_mail="ops@example.org") as made:
        yield made


def tell(site: Site, title: str, kind: str = "problem") -> None:
    """As the console's own rounds do it: a row, in a transaction."""
    connection = sqlite3.connect(site.folder / "console" / "minos.sqlite", timeout=30)
    with connection:
        connection.execute(
            "insert into news (at, kind, level, service, cluster, host, key, title, text, html, path, recipients)"
            " values (?, ?, 'error', 'zookeeper', 'lake', '', 'quorum lake', ?, 'why', '', '/alerts/1', '[]')",
            (time.time(), kind, title),
        )
    connection.close()


def states(site: Site) -> list[str]:
    found = [row["state"] for row in site.api.get("notifications/deliveries")["deliveries"]]
    return found[::-1]


def test_killed_between_decision_and_sending_it_goes_once_after_the_start(site: Site, mail: MailServer) -> None:
    site.console.kill()
    tell(site, "decided before the end")  # the transaction of a check; the console is killed before it is routed
    site.start_console()
    site.until("an attempt in vain", lambda: states(site) == ["waiting"] and _attempts(site) == 1)
    site.console.kill()  # and once more between routing and sending
    tell(site, "decided before the second end")
    mail.start()
    site.start_console()
    site.until("both mails", lambda: len(mail.mails.got) == 2, 90)
    assert mail.mails.subjects == [
        "[PROBLEM] zookeeper/lake: decided before the end",
        "[PROBLEM] zookeeper/lake: decided before the second end",
    ]
    tell(site, "all of it is over", "recovery")
    site.until("the end", lambda: len(mail.mails.got) == 3)
    assert mail.mails.subjects[2] == "[OK] zookeeper/lake: all of it is over"
    assert f"Page:  {site.url}/alerts/1" in mail.mails.texts[0]
    site.until("that all is written down", lambda: states(site) == ["sent"] * 3)


def test_killed_while_the_mail_is_handed_over_it_comes_again_as_the_same(site: Site, mail: MailServer) -> None:
    before = len(mail.mails.got)
    mail.mails.hold = threading.Event()
    tell(site, "in the middle")
    site.until("that the server has it", mail.mails.held.is_set)
    assert states(site)[-1] == "sending"
    site.console.kill()
    mail.mails.hold.set()
    wait_for("the first of the two", lambda: len(mail.mails.got) > before, 30)
    mail.mails.hold = None
    site.start_console()
    site.until("that it went", lambda: states(site)[-1] == "sent", 90)
    ids = [mail["Message-ID"] for mail in mail.mails.got[before:]]
    assert len(ids) == 2 and len(set(ids)) == 1, "nobody could know whether the server had it"
    number = site.api.get("notifications/deliveries")["deliveries"][0]["id"]
    tried = site.api.get(f"notifications/deliveries/{number}")["attempted"]
    assert [one["taken"] for one in tried] == [False, True] and "may come twice" in tried[0]["text"]


def _attempts(site: Site) -> int:
    return int(site.api.get("notifications/deliveries")["deliveries"][0]["attempts"])
