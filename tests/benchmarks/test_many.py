"""The benchmark of many workers in small: twenty simulated ones do what real ones do, also when things go wrong."""

import pytest

from benchmarks.many import Looks, measure

SHORT = Looks(fan_out=(1, 20), times=1, quiet_seconds=1.0)


@pytest.mark.timeout(300)
def test_twenty_simulated_workers_answer_run_tasks_and_come_back() -> None:
    found = measure(20, SHORT, print)
    assert [(one["kind"], one["hosts"]) for one in found["fan_out"]] == [
        (kind, hosts) for kind in ("question", "command", "8 KB") for hosts in (1, 20)
    ]
    assert all(one["seconds"] > 0 and one["echo"] > 0 and one["processor"] > 0 for one in found["fan_out"])
    assert found["wide"]["hosts"] == 20 and found["wide"]["stop"] > 0
    assert found["quiet"]["cores"] > 0 and found["quiet"]["p95"] > 0
    back = found["return"]
    assert back["back"] == 20 and 0 < back["half"] <= back["p99"] <= back["all"]
