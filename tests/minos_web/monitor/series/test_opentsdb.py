"""The client of OpenTSDB against answers that are late, long, wrong or lead elsewhere. tests/whole has the real one."""

import json
import time
from collections.abc import Callable

import pytest

from minos_web.monitor.series import opentsdb
from minos_web.monitor.series.opentsdb import Away, OpenTsdb, opentsdb_at
from minos_web.monitor.series.port import SeriesName, SeriesQuery
from tests.minos_web.monitor.series.answering import Answer, Asked, answering

CPU = SeriesName("host.cpu_percent", "a")
DISK = SeriesName("host.disk:/data", "b", "hbase")
GOOD = (200, b'{"success":1,"timeouts":0,"failed":0,"errors":[]}')
WANTED = SeriesQuery(("host.cpu_percent",), 1000, 1600, 60)


def soon() -> float:
    return time.monotonic() + opentsdb.PATIENCE


def refusal(name: str, why: str) -> dict[str, object]:
    return {"datapoint": {"metric": name, "timestamp": 1, "value": "1", "tags": {"host": "a"}}, "error": why}


def errors(*some: dict[str, object]) -> bytes:
    return json.dumps({"success": 0, "failed": len(some), "errors": some}).encode()


def test_points_as_opentsdb_takes_them() -> None:
    with answering(lambda _: GOOD) as server:
        OpenTsdb(server.url).put([(CPU, 10, 1.5), (DISK, 20, 7.0)])
    (asked,) = server.asked
    assert asked.path.startswith("/api/put?") and "sync" in asked.path
    assert asked.json == [
        {"metric": "host.cpu_percent", "timestamp": 10, "value": 1.5, "tags": {"host": "a"}},
        {"metric": "host.disk/3A/2Fdata", "timestamp": 20, "value": 7.0, "tags": {"host": "b", "service": "hbase"}},
    ]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((500, b'{"error":{"code":500,"message":"out of memory"}}'), "status 500: out of memory"),
        ((503, b"<html>busy</html>"), "status 503"),
        ((401, b""), "status 401"),
        ((302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}), "status 302"),
        ((200, b"hello"), "status 200"),
        ((200, b"[]"), "status 200"),
        ((400, b'{"success":1,"timeouts":3,"failed":0,"errors":[]}'), "did not keep 3 points"),
        ((400, b'{"success":0,"failed":2,"errors":[]}'), "did not keep 2 points"),
        ((200, b"x" * 300), "more than"),
    ],
)
def test_what_is_no_yes_is_tried_again(answer: Answer, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opentsdb, "MOST_ANSWER", 200)
    with answering(lambda _: answer) as server, pytest.raises(Away, match=why):
        OpenTsdb(server.url).put([(CPU, 10, 1.5)])
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("why", "for_good"),
    [
        ('Invalid metric name ("x:"): illegal character: :', True),
        ("Unable to parse value to a number", True),
        ("Unknown metric", True),
        ("Missing tags", True),
        ("Please throttle writes: 10000 RPCs waiting", False),
        ("Storage exception: missing region", False),
        ("", False),
    ],
)
def test_refusals_that_last_and_those_that_do_not(why: str, for_good: bool) -> None:
    with answering(lambda _: (400, errors(refusal("host.cpu_percent", why)))) as server:
        put = OpenTsdb(server.url).put([(CPU, 10, 1.5)])
    assert (put.refused, put.failed) == (([(CPU, why)], []) if for_good else ([], [(CPU, why)]))


def test_requests_become_as_short_as_it_wants_them() -> None:
    def answer(asked: Asked) -> Answer:
        return (413, b"") if len(asked.raw) > 3000 else GOOD

    samples = [(SeriesName(f"m{number * 7919 % 1000}", "a"), number, number / 7) for number in range(1000)]
    with answering(answer) as server:
        client = OpenTsdb(server.url)
        client.put(samples)
        refused = sum(len(asked.raw) > 3000 for asked in server.asked)
        client.put(samples)
        assert sum(len(asked.raw) > 3000 for asked in server.asked) == refused  # it has learnt
    sent = [point["timestamp"] for asked in server.asked if len(asked.raw) <= 3000 for point in asked.json]
    assert sorted(sent) == sorted([*range(1000)] * 2)


def test_it_gives_up_on_one_that_takes_nothing_however_short() -> None:
    with answering(lambda _: (413, b"")) as server, pytest.raises(Away, match="only short requests"):
        OpenTsdb(server.url).put([(CPU, 10, 1.5)])


def test_the_password_goes_to_opentsdb_and_nowhere_else() -> None:
    with answering(lambda _: (401, b"")) as server:
        client = OpenTsdb(server.url.replace("http://", "http://minos:s%40cret@") + "/tsd/")
        with pytest.raises(Away) as caught:
            client.put([(CPU, 10, 1.5)])
    assert "cret" not in str(caught.value) + client.address
    assert server.asked[0].headers["Authorization"] == "Basic bWlub3M6c0BjcmV0"
    assert server.asked[0].path.startswith("/tsd/api/put?")
    with pytest.raises(Away) as caught:  # the server has gone
        client.put([(CPU, 10, 1.5)])
    assert "Connection refused" in str(caught.value) and "cret" not in str(caught.value)


def test_it_asks_only_for_what_is_wanted_and_takes_only_that() -> None:
    lines = [
        {"metric": "host.cpu_percent", "tags": {"host": "a"}, "dps": {"1020": 2.0, "1010": 1, "1030": "NaN"}},
        {"metric": "host.cpu_percent", "tags": {"host": "other"}, "dps": {"1010": 1.0}},
        {"metric": "host.cpu_percent", "tags": {"host": "a", "dc": "x"}, "dps": {"1010": 1.0}},
        {"metric": "host.cpu_percent"}, "nonsense", None,
    ]  # fmt: skip
    with answering(lambda _: (200, json.dumps(lines).encode())) as server:
        (found,) = OpenTsdb(server.url).query([CPU], WANTED, 1599, soon()).values()
        assert list(zip(found.seconds.tolist(), found.values.tolist(), strict=True)) == [(1010, 1.0), (1020, 2.0)]
    (asked,) = server.asked
    filters = [{"type": "literal_or", "tagk": "host", "filter": "a", "groupBy": False}]
    question = {"metric": "host.cpu_percent", "aggregator": "none", "filters": filters, "downsample": "10s-avg"}
    assert asked.json == {"start": 1000, "end": 1599, "queries": [question]}


@pytest.mark.parametrize(
    ("step", "rate", "downsample"),
    [(1, False, None), (7, False, "7s-avg"), (90, False, "90s-avg"), (30, True, None), (90, True, "60s-last"), (7200, True, "3600s-last")],
)  # fmt: skip
def test_steps(step: int, rate: bool, downsample: str | None) -> None:
    with answering(lambda _: (200, b"[]")) as server:
        OpenTsdb(server.url).query(
            [CPU], SeriesQuery((CPU.metric,), 5000, 5000 + 10 * step, 10, rate=rate), 9e4, soon()
        )
    assert server.asked[0].json["queries"][0].get("downsample") == downsample


def test_labels_that_some_lack_are_not_asked_for() -> None:
    names = [SeriesName("m", "a", "hbase", "x|y"), SeriesName("m", "", "hbase", "z")]
    with answering(lambda _: (200, b"[]")) as server:
        OpenTsdb(server.url).query(names, WANTED, 1599, soon())
    asked = server.asked[0].json["queries"][0]["filters"]
    assert [(one["tagk"], one["filter"]) for one in asked] == [("service", "hbase"), ("cluster", "x/7Cy|z")]


def test_very_many_labels_are_not_asked_for_by_name() -> None:
    names = [SeriesName("m", str(number), "hbase") for number in range(1001)]
    with answering(lambda _: (200, b"[]")) as server:
        OpenTsdb(server.url).query(names, WANTED, 1599, soon())
    assert [one["tagk"] for one in server.asked[0].json["queries"][0]["filters"]] == ["service"]


@pytest.mark.parametrize(
    ("message", "tries", "told"),
    [("No such name for 'metrics': 'm'", 1, {}), ("No such name for 'tagk': 'job'", 1, {}), ("No such name for 'tagv': 'a'", 2, {})],
)  # fmt: skip
def test_names_it_never_heard_have_no_points(message: str, tries: int, told: dict[SeriesName, object]) -> None:
    with answering(lambda _: (400, json.dumps({"error": {"message": message}}).encode())) as server:
        assert OpenTsdb(server.url).query([CPU], WANTED, 1599, soon()) == told
    assert [asked.json["queries"][0]["filters"][0]["type"] for asked in server.asked] == ["literal_or", "regexp"][
        :tries
    ]


@pytest.mark.parametrize("answer", [(200, b"{}"), (200, b"not json"), (500, b""), (301, b"", {"Location": "/"})])
def test_an_answer_that_is_none_is_an_excuse(answer: Answer) -> None:
    with answering(lambda _: answer) as server:
        client = OpenTsdb(server.url)
        for _ in range(2):
            with pytest.raises(Away, match="answered with status"):
                client.query([CPU], WANTED, 1599, soon())
    assert len(server.asked) == 2  # it answers: ask on


def hang(server_of: Callable[[], object]) -> Callable[[Asked], Answer]:
    def answer(_: Asked) -> Answer:
        server_of().released.wait(30)  # type: ignore[attr-defined]
        return GOOD

    return answer


def test_nobody_waits_for_one_that_just_did_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opentsdb, "PATIENCE", 0.5)
    with answering(hang(lambda: server)) as server:
        client = OpenTsdb(server.url)
        for _ in range(3):
            with pytest.raises(Away, match="did not answer"):
                client.query([CPU], WANTED, 1599, soon())
        assert len(server.asked) == 1
        monkeypatch.setattr(opentsdb, "QUIET", 0.0)
        client._quiet_until = 0.0
        server.answer = lambda _: (200, b"[]")
        assert client.query([CPU], WANTED, 1599, soon()) == client.query([CPU], WANTED, 1599, soon()) == {}


def test_one_client_for_all_who_ask() -> None:
    assert opentsdb_at("") is None
    assert opentsdb_at("http://127.0.0.1:1") is opentsdb_at("http://127.0.0.1:1")
