"""The samples' benchmark in small: it measures what it says."""

from benchmarks.samples import Size, databases, measure, table


def test_samples_are_measured() -> None:
    with databases(["sqlite"]) as urls:
        found = measure("sqlite", urls["sqlite"], Size(hosts=1, figures=60, hours=0.5, days=2, repeats=1))
    assert found.samples == 60 * 180
    assert found.taken > found.kept > 0 and found.plain > 0
    assert 0 < found.bytes < found.plain_bytes
    assert "| **ratio to plain rows** |" in table([found])
