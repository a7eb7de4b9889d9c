"""What goes when: limits, order while a server is away, once after a console was killed, escalations, who hears of the end."""

from collections.abc import Callable

import pytest

from minos_web.models.alerts import Alert
from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryAttempt
from minos_web.monitor.exposition import Around, families
from minos_web.notify import delivering
from minos_web.notify.delivering import GIVE_UP_SECONDS, claim, wait_after
from minos_web.notify.forgetting import forget_news
from minos_web.notify.testing import lay_test
from minos_web.operations.refusal import Refused
from tests.minos_web.notify.desk import Desk, alert
from tests.minos_web.notify.servers import MailServer


def test_a_flap_storm_is_five_messages_at_most_and_nothing_is_dropped(desk: Desk, mail: MailServer) -> None:
    for second in range(60):
        for change in range(17):
            kind = "recovery" if change % 2 else "problem"
            desk.tell(f"change {second}.{change}", kind=kind, key=f"task {change // 2}", level="error")
        desk.later(1)
    assert len(mail.mails.got) == 5, "1,020 changes within a minute"
    desk.later(300)
    assert len(mail.mails.got) <= 10
    told = [row for row in desk.deliveries() if row.state == "sent"]
    assert len(told) == len(mail.mails.got)
    with desk.console.readers() as session:
        held = [len(session.get_one(Delivery, row.id).items) for row in told]
    assert sum(held) == 1020 and desk.states().count("merged") == 1020 - len(told), (
        "each change is in a message that went"
    )
    assert "last of" in mail.mails.texts[-1]


def test_what_is_too_much_is_one_message_that_names_the_worst_first(desk: Desk, mail: MailServer) -> None:
    for number in range(40):
        desk.tell(
            f"trouble {number}", key=f"k{number}", level="warning" if number < 39 else "error", path=f"/alerts/{number}"
        )
    desk.work()
    assert [text.partition(":")[2].strip() for text in mail.mails.subjects[:4]] == [f"trouble {n}" for n in range(4)]
    assert mail.mails.subjects[4:] == ["[PROBLEM] zookeeper/lake: trouble 39 and 35 more"]
    text = mail.mails.texts[4]
    assert text.startswith("36 news from ") and ": 36 problems." in text
    lines = [line for line in text.splitlines() if line.startswith("[")]
    assert len(lines) == 25 and lines[:2] == [
        "[PROBLEM] zookeeper/lake: trouble 39",
        "[PROBLEM] zookeeper/lake: trouble 4",
    ]
    assert "and 11 more; all of it: https://minos.example.org/notifications" in text


def test_limits_are_of_people_not_of_a_server(desk: Desk, mail: MailServer) -> None:
    desk.routed("other", service="hdfs", recipients=["hdfs@example.org"])
    for number in range(30):
        desk.tell(f"storm {number}")
    desk.work()
    assert len(mail.mails.got) == 5
    desk.tell("a fire elsewhere", service="hdfs", cluster="files")
    desk.work()
    assert mail.mails.to[-1] == ["hdfs@example.org"] and len(mail.mails.got) == 6


def test_reports_and_tests_are_not_counted(desk: Desk, mail: MailServer) -> None:
    for number in range(12):
        desk.tell(f"report {number}", kind="report", recipients=["olga@example.org"])
    desk.work()
    assert len(mail.mails.got) == 12


def test_a_server_that_comes_back_gets_what_waited_in_order(desk: Desk, mail: MailServer) -> None:
    mail.stop()
    desk.tell("first")
    assert desk.work() == 0
    assert desk.states() == ["waiting"] and "127.0.0.1" in desk.deliveries()[0].result
    desk.now += 1
    desk.tell("second")
    desk.route()
    assert desk.send() == 0 and len(desk.attempts()) == 1, "nothing overtakes, and nobody knocks again at once"
    assert desk.later(10) == 0 and len(desk.attempts()) == 2
    mail.start()
    assert desk.later(5) == 0, "it is not time yet"
    desk.tell("third")
    assert desk.later(20) == 3
    assert [text.rpartition(" ")[2] for text in mail.mails.subjects] == ["first", "second", "third"]
    assert [taken for _, taken, _ in desk.attempts()] == [False, False, True, True, True]


def test_the_same_message_at_every_attempt(desk: Desk, mail: MailServer) -> None:
    mail.mails.answer = "451 not now"
    desk.tell()
    desk.work()
    before = desk.deliveries()[0].message_id
    mail.mails.answer = "250 kept"
    desk.later(60)
    assert mail.mails.got[0]["Message-ID"] == f"<{before}@minos.example.org>"


def test_after_a_day_it_is_given_up_visibly(desk: Desk, mail: MailServer) -> None:
    mail.stop()
    desk.tell()
    desk.work()
    while desk.now < desk.deliveries()[0].created_at + GIVE_UP_SECONDS:
        desk.later(600)
    row = desk.deliveries()[0]
    assert row.state == "failed" and row.result and row.attempts > 100
    assert desk.later(600) == 0


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (4, 80), (6, 300), (500, 300)])
def test_waits_grow_and_end_at_five_minutes(attempts: int, seconds: float) -> None:
    assert wait_after(attempts) == seconds


def test_killed_between_decision_and_sending_it_goes_once(desk: Desk, mail: MailServer) -> None:
    desk.tell()  # committed; the console dies here
    again = Desk(desk.console)
    again.work()
    again.later(30)
    assert len(mail.mails.got) == 1


def test_killed_after_routing_it_goes_once(desk: Desk, mail: MailServer) -> None:
    desk.tell()
    desk.route()
    assert Desk(desk.console).work() == 1 and Desk(desk.console).work() == 0
    assert len(mail.mails.got) == 1


def test_killed_in_the_middle_of_sending_it_goes_again_and_says_so(desk: Desk, mail: MailServer) -> None:
    desk.tell()
    desk.route()
    with desk.console.writers.begin() as session:
        assert claim(session, 0, desk.now) is not None
    again = Desk(desk.console)
    assert again.send() == 1 and len(mail.mails.got) == 1
    assert [(taken, "may come twice" in text) for _, taken, text in again.attempts()] == [(False, True), (True, False)]


def test_a_database_that_is_busy_makes_no_message_come_twice(
    desk: Desk, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from minos_web.notify import sending

    settle, failures = sending.settle, [1, 1]

    def busy(*given: object) -> None:
        if failures:
            failures.pop()
            raise OperationalError("", None, Exception("database is locked"))
        settle(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "settle", busy)
    monkeypatch.setattr(sending, "SETTLE_PAUSE", 0.0)
    desk.tell()
    assert desk.work() == 1 and desk.later(60) == 0 and len(mail.mails.got) == 1


def test_the_next_hears_when_nobody_acknowledges(desk: Desk, mail: MailServer) -> None:
    other = desk.channel(name="pager", host="127.0.0.1", port=mail.port, security="none")
    desk.routed(stages=((0, 0), (other.id, 15, ["pager@example.org"])), recipients=["desk@example.org"])
    desk.add(alert(1, "a"), alert(2, "b"), alert(3, "c"), alert(4, "d"))
    for key in "abcd":
        desk.tell(f"trouble {key}", key=key)
    desk.work()
    with desk.console.writers.begin() as session:
        session.get_one(Alert, 2).acknowledged_at, session.get_one(Alert, 2).acknowledged_by = desk.now, "olga"
        session.get_one(Alert, 3).resolved_at = desk.now
        session.get_one(Alert, 4).muted = "maintenance of host node1"
    assert desk.later(14 * 60) == 0
    assert desk.later(60) == 1
    assert mail.mails.to[-1] == ["pager@example.org"] and mail.mails.subjects[-1].endswith("trouble a")
    assert [row.result for row in desk.deliveries(state="needless")] == [
        "olga acknowledged it before", "it was over before", "nobody hears of it any more: maintenance of host node1",
    ]  # fmt: skip


def test_the_end_goes_to_those_who_heard_whatever_the_hour(desk: Desk, mail: MailServer) -> None:
    pager = desk.channel(name="pager", host="127.0.0.1", port=mail.port, security="none")
    desk.routed("night", hours="14:00-15:00", recipients=["night@example.org"], stages=((0, 0), (pager.id, 5)))
    desk.routed("day", recipients=["day@example.org"], levels=["error", "warning"])
    desk.routed("book", recipients=["book@example.org"], kinds=["recovery"])
    desk.add(alert(1, "a"))
    desk.tell(key="a")
    desk.work()
    desk.later(3 * 3600)  # the pager hears too; it is day by now
    desk.tell("all run", kind="recovery", level="info", key="a")
    desk.work()
    assert mail.mails.to == [
        ["night@example.org"], ["night@example.org"], ["night@example.org"], ["book@example.org"], ["night@example.org"],
    ]  # fmt: skip
    assert [row.channel_name for row in desk.deliveries()[2:4]] == ["mail server of the ini", "pager"]


def test_who_asked_for_ends_alone_hears_of_them(desk: Desk, mail: MailServer) -> None:
    desk.routed("book", recipients=["book@example.org"], kinds=["recovery"], go_on=True)
    desk.tell(key="a")
    desk.work()
    for _ in range(2):  # the second is the end of nothing that anybody heard of: routes decide
        desk.tell("all run", kind="recovery", level="info", key="a")
        desk.work()
    assert mail.mails.to == [
        ["ops@example.org"], ["ops@example.org"], ["book@example.org"], ["book@example.org"], ["ops@example.org"],
    ]  # fmt: skip


def test_what_was_over_before_its_turn_is_told_to_nobody_of_the_escalation(desk: Desk, mail: MailServer) -> None:
    pager = desk.channel(name="pager", host="127.0.0.1", port=mail.port, security="none")
    desk.routed("r", recipients=["r@example.org"], stages=((0, 0), (pager.id, 5)))
    desk.tell(key="a")
    desk.work()
    desk.tell("all run", kind="recovery", key="a")
    desk.later(600)
    assert len(mail.mails.got) == 2 and desk.states() == ["sent", "needless", "sent"]


def test_what_nobody_can_acknowledge_goes_no_further(desk: Desk, mail: MailServer) -> None:
    pager = desk.channel(name="pager", host="127.0.0.1", port=mail.port, security="none")
    desk.routed("r", recipients=["r@example.org"], stages=((0, 0), (pager.id, 5)))
    desk.tell("a schedule failed", key="schedule:7")
    desk.work()
    desk.later(600)
    assert [row.result for row in desk.deliveries(state="needless")] == ["nobody can acknowledge it"]
    assert mail.mails.to == [["r@example.org"]]


def test_whom_news_are_for_alone_hears_of_its_end_once(desk: Desk, mail: MailServer) -> None:
    for kind in ("problem", "recovery"):
        desk.tell(kind=kind, key="a")
        desk.tell(kind=kind, key="a", recipients=["olga@example.org"])
        desk.work()
    assert sorted(mail.mails.to) == [
        ["olga@example.org"],
        ["olga@example.org"],
        ["ops@example.org"],
        ["ops@example.org"],
    ]


def test_news_are_collected_into_one_message(desk: Desk, mail: MailServer) -> None:
    desk.routed("digest", recipients=["boss@example.org"], collect_minutes=30)
    desk.tell("a", key="a")
    desk.work()
    desk.later(600)
    desk.tell("b", key="b", level="warning")
    desk.tell("a is well", kind="recovery", key="a")
    desk.work()
    assert mail.mails.got == []
    desk.later(1200)
    assert mail.mails.subjects == ["[PROBLEM] zookeeper/lake: b and 1 more"]
    text = mail.mails.texts[0]
    assert text.startswith("3 news from ") and "[OK] zookeeper/lake: a is well (last of 2)" in text
    desk.tell("c")
    desk.work()
    desk.later(1800)
    assert mail.mails.subjects[1:] == ["[PROBLEM] zookeeper/lake: c"], "one alone is told as itself"


def test_one_piece_of_news_that_cannot_be_routed_hides_no_other(
    desk: Desk, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from minos_web.notify import routing

    right = routing.ears_of

    def ears(session: object, news: News, board: object) -> object:
        if news.title == "poison":
            raise RuntimeError("a mistake of ours")
        return right(session, news, board)  # type: ignore[arg-type]

    monkeypatch.setattr(routing, "ears_of", ears)
    desk.tell("poison")
    desk.tell("well")
    assert desk.route() == 1 and desk.route() == 0
    assert desk.send() == 1 and mail.mails.subjects == ["[PROBLEM] zookeeper/lake: well"]


def test_a_test_is_tried_once_and_waits_for_nobody(desk: Desk, mail: MailServer) -> None:
    mail.stop()
    desk.tell()
    desk.work()
    with desk.console.writers.begin() as session:
        lay_test(session, desk.console, 0, [], "olga", desk.now)
    assert desk.send() == 0 and desk.states() == ["waiting", "failed"]
    mail.start()
    with desk.console.writers.begin() as session:
        lay_test(session, desk.console, 0, ["olga@example.org"], "olga", desk.now)
    assert desk.send() == 1, "although the channel is quiet for a while"
    assert mail.mails.subjects == ["[TEST] Test of mail server of the ini"] and mail.mails.to == [["olga@example.org"]]
    assert "olga pressed the test button" in mail.mails.texts[0]


@pytest.mark.parametrize(("channel", "to", "words"), [(7, [], "no channel 7"), (0, ["a b"], "is no mail address")])
def test_tests_that_cannot_be(desk: Desk, channel: int, to: list[str], words: str) -> None:
    with desk.console.writers() as session, pytest.raises(Refused, match=words):
        lay_test(session, desk.console, channel, to, "olga", desk.now)


def test_nobody_to_test_with(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(smtp_host="127.0.0.1")
    with desk.console.writers() as session, pytest.raises(Refused, match="name a mail address"):
        lay_test(session, desk.console, 0, [], "olga", desk.now)


def test_old_messages_are_forgotten_and_open_ones_stay(desk: Desk, mail: MailServer) -> None:
    desk.tell("sent")
    desk.work()
    mail.stop()
    desk.tell("waits")
    desk.work()
    desk.tell("not routed")
    with desk.console.writers.begin() as session:
        forget_news(session, desk.now + 1)
    with desk.console.readers() as session:
        assert [row.title for row in session.query(News)] == ["waits", "not routed"]
        assert [row.state for row in session.query(Delivery)] == ["waiting"]
        assert session.query(DeliveryAttempt).count() == 1


def test_many_at_once_are_looked_at_in_parts(desk: Desk, mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "LOOKED_AT", 7)
    for number in range(30):
        desk.tell(f"n{number}")
    desk.work()
    assert len(mail.mails.got) == 5
    for _ in range(5):
        desk.later(301)
    assert "waiting" not in desk.states()


def test_prometheus_hears_of_messages_that_do_not_go(desk: Desk, mail: MailServer) -> None:
    def told() -> dict[str, float]:
        with desk.console.readers() as session:
            around = Around(desk.console.settings, desk.console.catalog.services, desk.now)
            found = {one.name: one for one in families(session, around)}
        return {name: found[f"minos_messages_{name}"].samples[0].value for name in ("due", "retried", "given_up")}

    assert told() == {"due": 0, "retried": 0, "given_up": 0}
    mail.stop()
    desk.tell()
    desk.route()
    assert told() == {"due": 1, "retried": 0, "given_up": 0}
    desk.send()
    assert told() == {"due": 0, "retried": 1, "given_up": 0}
    desk.now += GIVE_UP_SECONDS - 60
    desk.send()
    desk.later(400)
    assert told() == {"due": 0, "retried": 0, "given_up": 1}
