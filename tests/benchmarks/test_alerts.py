"""The benchmark of alerts in small: it measures what it says, with no more queries for more hosts."""

from benchmarks.alerts import measure, table


def test_a_round_is_measured() -> None:
    small, large = measure(100), measure(300)
    assert large.queries == small.queries < 25
    # A full disk, and tasks that do not run of a cluster that says it is well.
    assert (small.alerts, large.alerts) == (11, 33)
    assert large.calm / small.calm < 4 * 3
    assert "| 300 | 3000 |" in table([small, large])
