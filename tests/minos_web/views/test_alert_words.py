"""How alerts and rules are put: states, subjects, times, tallies; and the strip of a back-test."""

from typing import Any

import pytest

from minos_web.models.alerts import AlertEvent, Silence
from minos_web.monitor.alerts.backtest import Episode, Outcome
from minos_web.monitor.alerts.rules import Rule
from minos_web.operations.refusal import Refused
from minos_web.views.alert_words import (
    alert_badge,
    event_line,
    headline,
    rule_words,
    seconds_in,
    silence_times,
    span_words,
    subject,
    tally,
    value_words,
)
from minos_web.views.backtest_picture import Bar, bars
from tests.minos_web.alert_scene import NOW, alert_row

NOTHING = {"service": "", "cluster": "", "job": "", "number": None, "host": ""}


@pytest.mark.parametrize(
    ("said", "badge"),
    [
        ({}, ("down", "firing", NOW - 300)),
        ({"level": "warning"}, ("degraded", "firing", NOW - 300)),
        ({"level": "info"}, ("waiting", "firing", NOW - 300)),
        ({"acknowledged_at": NOW}, ("down", "acknowledged", NOW - 300)),
        ({"state": "pending", "level": "error"}, ("waiting", "pending", NOW - 420)),
        ({"unknown_since": NOW - 9, "acknowledged_at": NOW}, ("unknown", "unknown", NOW - 9)),
        ({"resolved_at": NOW - 1}, ("done", "resolved", NOW - 1)),
    ],
)
def test_states(said: dict[str, Any], badge: tuple[str, str, float]) -> None:
    found = alert_badge(alert_row(**said))
    assert (found.kind, found.word, found.since) == badge and found.title


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "zookeeper/1 of dptst on host-32"),
        ({"number": None, "host": ""}, "zookeeper of dptst"),
        ({"number": None, "job": "", "host": ""}, "dptst"),
        ({**NOTHING, "host": "host-31", "part": "/data"}, "host-31, /data"),
        ({**NOTHING, "service": "hdfs"}, "hdfs"),
        (NOTHING, "the console"),
        ({**NOTHING, "about": "rack", "part": "r 12"}, "rack r 12"),
    ],
)
def test_subjects(said: dict[str, Any], words: str) -> None:
    assert subject(alert_row(**said)) == words


def test_lists_leave_the_where_out_of_titles() -> None:
    assert headline(alert_row(title="A disk is full: host-1 /data")) == "A disk is full"
    assert headline(alert_row(title="Queue: long")) == "Queue" and headline(alert_row(title="Long")) == "Long"
    assert headline(alert_row(about="console", title="Rounds: late")) == "Rounds: late"


def test_a_value_has_its_unit() -> None:
    assert value_words(alert_row(metric="host.disk_percent:/data", value=93.21), {}) == "93.2 %"
    assert value_words(alert_row(metric="task.rss_bytes", value=2.0**30), {}) == "1 GB"
    assert value_words(alert_row(value=7.0), {}) == "7" and value_words(alert_row(value=None), {}) == ""


@pytest.mark.parametrize(
    ("kind", "by", "who"), [("firing", "", ""), ("note", "olga", "olga"), ("acknowledged", "", "somebody")]
)
def test_events(kind: str, by: str, who: str) -> None:
    tone, said, words = event_line(AlertEvent(kind=kind, by=by, text=""))
    assert said == who and tone and words


def test_an_event_that_is_not_known_is_told_all_the_same() -> None:
    assert event_line(AlertEvent(kind="brand-new", by="", text="")) == ("stopped", "", "brand-new")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "ends in 1 h 00 min"),
        ({"at": NOW + 60, "until": NOW + 120}, "begins in 1 min 00 s, for 1 min 00 s"),
        ({"until": NOW - 10}, "was over after 1 min 50 s"),
        ({"ended_at": NOW, "ended_by": "igor"}, "ended by igor after 2 min 00 s"),
    ],
)
def test_times_of_silences(said: dict[str, Any], words: str) -> None:
    assert silence_times(Silence(**{"at": NOW - 120, "until": NOW + 3600, **said}), NOW) == words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", 0), ("0", 0), ("90", 90), ("90 s", 90), ("1.5min", 90), ("2 h", 7200), (" 1 D ", 86400)],
)
def test_spans_as_typed(text: str, seconds: float) -> None:
    assert seconds_in(text) == seconds
    assert seconds_in(span_words(seconds)) == seconds


@pytest.mark.parametrize("text", ["soon", "-5", "5 weeks", "1e9", "5 min 3 s", "9" * 20])
def test_a_span_that_is_none(text: str) -> None:
    with pytest.raises(Refused) as told:
        seconds_in(text)
    assert told.value.field == "for"


def test_rules_in_words() -> None:
    rule = Rule("disk", "Disk", "host", "host.disk_percent:*", "> 90", "> 95", "< 85", 300.0)
    assert rule_words(rule) == "host.disk_percent:* > 90 for 5 min; an error when > 95; over when < 85"
    summed = Rule("files", "Files", "cluster", "task.open_files", "> 5", combine="sum")
    assert rule_words(summed) == "sum of task.open_files > 5"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({"error": 1}, "1 error"),
        ({"warning": 2, "error": 1200}, "1,200 errors, 2 warnings"),
        ({"info": 3}, "3 info"),
    ],
)
def test_tallies(counts: dict[str, int], words: str) -> None:
    assert tally(counts) == words


def test_the_strip_of_a_back_test() -> None:
    told = [
        Episode("a", 100.0, 200.0, "warning"),
        Episode("b", 150.0, 300.0, "error"),
        Episode("c", 500.0, 500.1, "warning"),
        Episode("d", 990.0, None, "warning"),
        Episode("e", 1000.0, None, "error"),
    ]
    assert bars(Outcome(0.0, 1000.0, told)) == [
        Bar(100, 200, "error"),
        Bar(500, 2, "warning"),
        Bar(990, 10, "error"),
    ]
    assert bars(Outcome(5.0, 5.0)) == []
