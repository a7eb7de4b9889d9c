"""Growth, sums and means of facts: tables of cases."""

import pytest

from minos_common.facts import Fact
from minos_web.catalog.facts import Total
from minos_web.monitor.derived import Group, metric, samples_of, told_the_same, totals, with_growth, without_idle


@pytest.mark.parametrize(
    ("before", "now", "seconds", "growth"),
    [
        (100, 150, 10, 5.0),
        (100, 150, 40, 1.25),
        (100, 100, 10, 0.0),
        (100, 90, 10, None),  # began anew
        (None, 90, 10, None),  # it was not here before
        (100, None, 10, None),  # it is not told now
        (100, 150, 0, None),  # two answers of one moment
        (100, 150, -3, None),  # the host's clock went back
        (0, 864000, 86410, 864000 / 86410),  # over a day: all of the seconds count
    ],
)
def test_growth_of_a_counter(before: float | None, now: float | None, seconds: float, growth: float | None) -> None:
    old = [Fact("r", {} if before is None else {"reads": before})]
    new = [Fact("r", {} if now is None else {"reads": now}, {"table": "t"})]
    found = with_growth(new, old, seconds, ["reads"])[0]
    assert found.numbers.get("reads_per_second") == growth
    assert found.numbers.get("reads") == now and found.texts == {"table": "t"}


def test_counters_of_a_thing_begin_anew_together() -> None:
    old, new = Fact("r", {"reads": 100, "writes": 5}), Fact("r", {"reads": 3, "writes": 9})
    assert with_growth([new], [old], 10, ["reads", "writes"])[0].numbers == new.numbers


def test_a_region_that_is_new_here_has_no_growth_and_others_have() -> None:
    found = with_growth([Fact("a", {"n": 9}), Fact("b", {"n": 1000})], [Fact("a", {"n": 4})], 5, ["n"])
    assert [fact.numbers.get("n_per_second") for fact in found] == [1.0, None]


REGIONS = [
    Fact("1", {"reads": 1.0, "bytes": 10}, {"table": "t"}),
    Fact("2", {"bytes": 20}, {"table": "t"}),
    Fact("3", {"reads": 5.0, "bytes": 30}, {"table": "u"}),
    Fact("4", {"reads": 7.0}, {}),
]


def test_sums_by_a_text() -> None:
    found = totals(REGIONS, Total(name="table", by="table", sums=("reads", "bytes")))
    assert found["t"] == Group(2, {"reads": 1.0, "bytes": 30.0}, {"reads": 1, "bytes": 2})
    assert found["u"].numbers == {"reads": 5.0, "bytes": 30.0}
    assert sorted(found) == ["t", "u"]


def test_all_together_and_largest_and_smallest() -> None:
    rule = Total(name="all", sums=("reads",), largest=("bytes",), smallest=("reads",))
    assert totals(REGIONS, Total(name="all", sums=("reads",)))[""].numbers == {"reads": 13.0}
    assert totals(REGIONS, Total(name="all", largest=("bytes",)))[""].numbers == {"bytes": 30.0}
    assert totals(REGIONS, Total(name="all", smallest=("reads",)))[""].numbers == {"reads": 1.0}
    assert totals([], rule) == {}


def test_what_nobody_tells_is_not_there() -> None:
    assert totals(REGIONS, Total(name="x", sums=("nothing",)))[""].numbers == {}


@pytest.mark.parametrize(
    ("servers", "mean"),
    [
        ([(2.0, 10.0), (8.0, 10.0)], 5.0),
        ([(2.0, 30.0), (8.0, 10.0)], 3.5),  # not 5: most were quick
        ([(2.0, 10.0), (8.0, 0.0)], 2.0),
        ([(2.0, 0.0)], None),  # nothing happened
        ([(2.0, None)], None),  # how often is not known
    ],
)
def test_means_are_weighted_by_how_often(servers: list[tuple[float, float | None]], mean: float | None) -> None:
    facts = [
        Fact(str(number), {"mean": one} | ({} if often is None else {"rate": often}), {"op": "Get"})
        for number, (one, often) in enumerate(servers)
    ]
    rule = Total(name="operation", by="op", sums=("rate",), means={"mean": "rate"})
    assert totals(facts, rule)["Get"].numbers.get("mean") == mean


def test_names_of_series() -> None:
    assert metric("hbase", "table", "bytes", "ns:t") == "hbase.table.bytes:ns:t"
    assert metric("hbase", "cluster", "bytes") == "hbase.cluster.bytes"
    long = [metric("hbase", "table", "bytes", "t" * 250 + str(n)) for n in range(2)]
    assert len(set(long)) == 2 and {len(name) for name in long} == {160}


def test_samples_are_of_every_total_and_not_endless() -> None:
    rules = [Total(name="table", by="table", sums=("bytes",)), Total(name="all", sums=("bytes",))]
    assert samples_of("x", REGIONS, rules) == {"x.table.bytes:t": 30, "x.table.bytes:u": 30, "x.all.bytes": 60}
    many = [Fact(str(n), {"bytes": 1}, {"table": str(n)}) for n in range(3000)]
    assert len(samples_of("x", many, rules[:1])) == 2000


@pytest.mark.parametrize(
    ("growth", "kept"), [({"n_per_second": 2.0}, True), ({"n_per_second": 0.0}, False), ({}, False)]
)
def test_numbers_of_a_window_in_which_nothing_happened_are_left_out(growth: dict[str, float], kept: bool) -> None:
    fact = Fact("Get", {"n": 5.0, "p99": 0.0, "other": 1.0} | growth)
    assert ("p99" in without_idle([fact], {"n": ("p99",)})[0].numbers) is kept
    assert without_idle([fact], {})[0] == fact


@pytest.mark.parametrize(
    ("now", "same"),
    [
        ([Fact("a", {"n": 1, "p99": 5})], True),
        ([Fact("a", {"n": 2, "p99": 5})], False),
        ([Fact("b", {"n": 1, "p99": 5})], False),
        ([Fact("a", {})], False),
        ([Fact("a", {"n": 1}), Fact("b")], False),
        ([], False),
    ],
)
def test_a_page_that_tells_what_it_told_before(now: list[Fact], same: bool) -> None:
    before = [Fact("a", {"n": 1, "n_per_second": 3.0})]  # p99 was left out, growth came to it
    assert told_the_same(now, before) is same
