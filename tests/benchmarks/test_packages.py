"""The packages' benchmark in small: it measures what it says."""

import pytest

from benchmarks.packages import measure, table


@pytest.mark.timeout(300)
def test_packages_are_measured() -> None:
    spreads, upload = measure([1, 2], 12_000_000, 9_000_000)
    assert [one.hosts for one in spreads] == [1, 2] and all(one.times < 1.5 for one in spreads)
    assert upload is not None and upload.highest >= upload.before > 0 and upload.rate > 0
    assert "| 2 | 8 MB |" in table(spreads, upload)
