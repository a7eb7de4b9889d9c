"""Which route decides, and who hears over it."""

from datetime import UTC, datetime

import pytest

from minos_web.notify.gaps import gaps
from minos_web.notify.matching import Ear, Rule, Stage, Subject, Ways, decide, fits, in_time, window

WAYS = Ways(working={0, 1, 2}, mail={0, 1})
ERROR = Subject()
ME, YOU = "me@example.org", "you@example.org"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def rule(name: str, *stages: Stage, **said: object) -> Rule:
    return Rule(1, name, stages=stages or (Stage(2),), **said)  # type: ignore[arg-type]


def heard(
    rules: list[Rule], subject: Subject = ERROR, when: float = 0.0
) -> list[tuple[str, int, tuple[str, ...], float]]:
    return [
        (ear.route_name, ear.channel, ear.recipients, ear.after_minutes) for ear in decide(rules, subject, when, WAYS)
    ]


@pytest.mark.parametrize(
    ("said", "subject", "fine"),
    [
        ({}, Subject(), True),
        ({"service": "hdfs"}, Subject(service="hdfs", cluster="a"), True),
        ({"service": "hdfs"}, Subject(service="hbase", cluster="a"), False),
        ({"service": "hdfs"}, Subject(host="node1"), False),
        ({"cluster": "dptst-*"}, Subject(service="hdfs", cluster="dptst-files"), True),
        ({"cluster": "dptst-*"}, Subject(service="hdfs", cluster="DPTST-files"), False),
        ({"host": "node?"}, Subject(host="node1"), True),
        ({"levels": ("error",)}, Subject(level="warning"), False),
        ({"levels": ("error",)}, Subject(kind="recovery", level="info"), True),
        ({"kinds": ("crash", "problem")}, Subject(kind="crash"), True),
        ({"kinds": ("report",)}, Subject(kind="recovery"), False),
    ],
)
def test_of_what_a_route_is(said: dict[str, object], subject: Subject, fine: bool) -> None:
    assert fits(rule("r", **said), subject) is fine


@pytest.mark.parametrize(
    ("said", "when", "fine"),
    [
        ({"hours": "08:00-18:00"}, "2026-12-01T07:59", False),
        ({"hours": "08:00-18:00"}, "2026-12-01T08:00", True),
        ({"hours": "08:00-18:00"}, "2026-12-01T18:00", False),
        ({"hours": "22:00-06:00"}, "2026-12-01T23:30", True),
        ({"hours": "22:00-06:00"}, "2026-12-01T05:59", True),
        ({"hours": "22:00-06:00"}, "2026-12-01T06:00", False),
        ({"hours": "00:00-24:00"}, "2026-12-01T23:59", True),
        ({"hours": "08:00-18:00", "zone": "Asia/Tokyo"}, "2026-12-01T00:00", True),  # 09:00 there
        ({"hours": "08:00-18:00", "zone": "Europe/Paris"}, "2026-07-01T06:30", True),  # summer: 08:30
        ({"hours": "08:00-18:00", "zone": "Europe/Paris"}, "2026-12-01T06:30", False),
        ({"days": ("sat", "sun")}, "2026-12-05T12:00", True),
        ({"days": ("sat", "sun")}, "2026-12-04T12:00", False),
        # The night that begins on Friday ends on Saturday; the one that ends on Friday began on Thursday.
        ({"days": ("fri",), "hours": "22:00-06:00"}, "2026-12-05T05:00", True),
        ({"days": ("fri",), "hours": "22:00-06:00"}, "2026-12-04T05:00", False),
        ({"hours": "08:00-18:00", "zone": "Nowhere/AtAll"}, "2026-12-01T12:00", True),
    ],
)
def test_when_a_route_is_asked(said: dict[str, object], when: str, fine: bool) -> None:
    assert in_time(rule("r", **said), at(when)) is fine


@pytest.mark.parametrize(
    "text", ["", "8-18", "08:00", "25:00-26:00", "08:60-09:00", "a:00-b:00", "24:01-02:00", "8:0-9:0"]
)
def test_what_is_no_window(text: str) -> None:
    with pytest.raises(ValueError):
        window(text)


def test_the_first_that_fits_decides() -> None:
    first, second = rule("first", service="hdfs"), rule("second", Stage(0), recipients=(ME,))
    assert heard([first, second], Subject(service="hdfs", cluster="x")) == [("first", 2, (), 0.0)]
    assert heard([first, second]) == [("second", 0, (ME,), 0.0)]
    assert heard([rule("off", enabled=False), second]) == [("second", 0, (ME,), 0.0)]


def test_one_may_have_the_next_asked_too_and_nobody_hears_twice() -> None:
    first = rule("first", Stage(0), Stage(2), recipients=(ME,), go_on=True)
    second = rule("second", Stage(0), Stage(2), recipients=(ME.upper(), YOU, ME), go_on=True)
    assert heard([first, second, second]) == [
        ("first", 0, (ME,), 0.0), ("first", 2, (), 0.0), ("second", 0, (YOU,), 0.0),
    ]  # fmt: skip


@pytest.mark.parametrize("nowhere", [(Stage(9),), (Stage(0),)])
def test_a_route_that_leads_nowhere_stops_nobody(nowhere: tuple[Stage, ...]) -> None:
    assert heard([rule("nowhere", *nowhere), rule("last")]) == [("last", 2, (), 0.0)]


def test_stages_come_later_with_recipients_of_their_own() -> None:
    night = rule("night", Stage(0), Stage(1, 15, (YOU,)), Stage(2, 30), recipients=(ME,), collect_minutes=5.0)
    assert decide([night], Subject(), 0.0, WAYS) == [
        Ear(0, (ME,), 1, "night", 0.0, 5.0), Ear(1, (YOU,), 1, "night", 15, 0.0), Ear(2, (), 1, "night", 30, 0.0),
    ]  # fmt: skip


def test_what_nobody_can_acknowledge_goes_no_further() -> None:
    night = rule("night", Stage(2), Stage(1, 15, (YOU,)))
    for kind, channels in (
        ("problem", [2, 1]),
        ("unknown", [2, 1]),
        ("crash", [2]),
        ("report", [2]),
        ("recovery", [2]),
    ):
        assert [ear.channel for ear in decide([night], Subject(kind), 0.0, WAYS)] == channels


def test_of_what_nobody_would_hear() -> None:
    clusters = [("hdfs", "files"), ("hbase", "tables")]
    day = rule("day", service="hdfs", hours="08:00-20:00", days=("mon", "tue", "wed", "thu", "fri"))
    late = rule("late", Stage(2, 15.0))
    found = {gap.where: gap for gap in gaps([day, late], WAYS, clusters, at("2026-12-02T10:07"))}
    assert found["hdfs/files"].minutes == (7 * 24 - 5 * 12) * 60 and not found["hdfs/files"].always
    assert found["hbase/tables"].always and found["hosts and the console itself"].always
    night = rule("night", Stage(0), recipients=(ME,), service="hdfs", hours="20:00-08:00")
    weekend = rule("weekend", days=("sat", "sun"), service="h*")
    left = {gap.where: gap.minutes for gap in gaps([day, night, weekend], WAYS, clusters, at("2026-12-02T10:07"))}
    assert "hdfs/files" not in left and left["hbase/tables"] == 5 * 24 * 60
    assert gaps([rule("all")], WAYS, clusters, 0.0) == []
    assert len(gaps([rule("warnings", levels=("warning",))], WAYS, clusters, 0.0)) == 3
