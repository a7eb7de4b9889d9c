"""The plan's benchmark in small: it measures what it says, and a plan grows with its tasks, not with their square."""

from benchmarks.plan import measure, table


def test_a_plan_is_measured() -> None:
    small, large = measure(100), measure(1600)
    assert large.answer_bytes > 10 * small.answer_bytes > 0
    assert large.changed / small.changed < 4 * 16  # with a search among all tasks for each it was far more
    assert "| 1600 |" in table([small, large])
