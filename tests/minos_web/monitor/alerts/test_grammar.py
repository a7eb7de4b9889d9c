"""What conditions and metrics may say, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.monitor.alerts.grammar import LONGEST, BadCondition, Condition, Metric, parse, parse_metric


@pytest.mark.parametrize(
    ("text", "unit", "good", "bad"),
    [
        ("> 90", "", [90.1, 1e9], [90, -1]),
        (">=90", "", [90], [89.9]),
        ("< 1", "", [0.5, -3], [1]),
        ("<= 1.5", "", [1.5], [1.6]),
        ("= 0", "", [0], [1]),
        ("!= 0", "", [1, -1], [0]),
        (">= 1.5 and < 4", "", [1.5, 3.9], [1.4, 4]),
        ("< 1 or > 5", "", [0, 6], [1, 5]),
        ("> 1 and < 2 or > 10", "", [1.5, 11], [2, 10, 0]),
        ("outside 1..5", "", [0.9, 5.1], [1, 5, 3]),
        ("inside 1..5", "", [1, 5], [0.9, 5.1]),
        ("outside -1.5 .. 1e3", "", [-2, 1001], [-1.5, 1000]),
        ("outside 1..5 and > -10", "", [0, 6], [3, -11]),
        ("> 90%", "percent", [91], [90]),
        ("> 90%", "ratio", [0.91], [0.9]),
        ("> 2 GiB", "bytes", [2**31 + 1], [2**31]),
        ("> 2 GB", "bytes", [2e9 + 1], [2e9]),
        ("> 1 GiB", "MB", [1025], [1024]),
        ("> 2kib", "", [2049], [2048]),
        ("> 500 ms", "ms", [501], [500]),
        ("> 1 s", "ms", [1001], [1000]),
        ("> 1 ms", "us", [1001], [1000]),
        ("> 2 min", "s", [121], [120]),
        ("> 1 d", "days", [1.1], [1]),
        ("> 4e6", "", [4_000_001], [4_000_000]),
    ],
)
def test_numbers(text: str, unit: str, good: list[float], bad: list[float]) -> None:
    condition = parse(text, unit)
    assert [value for value in good if not condition.holds(value)] == []
    assert [value for value in bad if condition.holds(value)] == []
    assert not condition.words and not condition.rate


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("is down", ["down", "Down"], ["running", ""]),
        ("is down or degraded", ["down", "degraded"], ["running"]),
        ("is not ready", ["not ready", "starting"], ["ready"]),
        ("is in-touch", ["in-touch"], ["lost"]),
    ],
)
def test_words(text: str, good: list[str], bad: list[str]) -> None:
    condition = parse(text)
    assert [word for word in good if not condition.holds_word(word)] == []
    assert [word for word in bad if condition.holds_word(word)] == []


def test_a_rate_and_the_lines_of_a_chart() -> None:
    condition = parse("rate > 10 KiB", "bytes")
    assert (condition.rate, condition.edges, condition.holds(10241)) == (True, [10240.0], True)
    assert parse("outside 1..5").edges == [1.0, 5.0]


@pytest.mark.parametrize(
    ("text", "unit", "place", "says"),
    [
        ("", "", 0, "say what must be so"),
        ("> ", "", 2, "a number is expected"),
        ("> x", "", 2, "a number is expected"),
        ("90", "", 0, "one of >, >="),
        ("> 1 2", "", 4, "not expected here"),
        ("> 1 and", "", 7, "one of >"),
        ("> 1 xor < 2", "", 4, "no unit is called 'xor'"),
        ("outside 5..1", "", 8, "the lower one"),
        ("outside 5", "", 9, ".. between them"),
        ("> 1..5", "", 3, "not expected here"),
        ("is", "", 2, "a word is expected"),
        ("is 5", "", 3, "a word is expected"),
        ("> 5 ms", "bytes", 4, "the figure is in bytes"),
        ("> 5 ms", "", 4, "no unit of time that is known here"),
        ("> 5%", "ms", 3, "not in percent"),
        ("> 1.2.3", "", 2, "a number is expected"),
        ("> 1; import os", "", 3, "not expected here"),
        ("__import__('os')", "", 0, "one of >"),
        ("> 1" + " or > 1" * 9, "", None, "at most 8 comparisons"),
        (">" * 200, "", LONGEST, "at most 120 characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, unit: str, place: int | None, says: str) -> None:
    with pytest.raises(BadCondition) as caught:
        parse(text, unit)
    assert says in str(caught.value)
    assert place is None or caught.value.place == place


@given(st.text(max_size=LONGEST + 5))
def test_whatever_is_written_it_is_understood_or_refused(text: str) -> None:
    try:
        condition = parse(text)
    except BadCondition as error:
        assert 0 <= error.place <= len(text)
    else:
        assert isinstance(condition, Condition)
        condition.holds(1.0)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_numbers_mean_what_they_are(limit: float, value: float) -> None:
    assert parse(f"> {limit!r}").holds(value) is (value > limit)


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("host.load1", Metric("host.load1")),
        ("host.disk_percent:/data/1", Metric("host.disk_percent:/data/1")),
        ("jvm.heap_used_bytes / jvm.heap_max_bytes", Metric("jvm.heap_used_bytes", "jvm.heap_max_bytes")),
        ("host.disk_used:* / host.disk_total:*", Metric("host.disk_used:*", "host.disk_total:*")),
    ],
)
def test_metrics(text: str, metric: Metric) -> None:
    assert parse_metric(text) == metric


def test_each_part_by_itself() -> None:
    metric = parse_metric("host.disk_used:* / host.disk_total:*")
    assert metric.by_part
    assert metric.of_part("/data").names == ("host.disk_used:/data", "host.disk_total:/data")
    assert not parse_metric("host.load1").by_part


@pytest.mark.parametrize("text", ["", "a / b / c", "1", "a + b", "a / ", "a / b:*", "os.system('x')"])
def test_what_is_no_metric(text: str) -> None:
    with pytest.raises(BadCondition):
        parse_metric(text)
