"""The benchmark of a page of charts in small: every chart is drawn, and what was sent is counted."""

from benchmarks.charts import Size, measure, table


def test_a_page_of_charts_is_measured() -> None:
    found = measure(Size(charts=6, tasks=12, looks=1))
    assert 0 < found.first <= found.sight and found.all > 0
    assert 0 < found.packed < found.plain and found.in_sight <= 6
    assert found.requests == 1, "those in sight are asked for together"
    assert "| 6 | 12 |" in table(found)
