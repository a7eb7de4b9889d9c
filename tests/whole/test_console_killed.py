"""kill -9 of the console in the middle of a bootstrap: started again, the operation finishes, no step runs twice."""

from pathlib import Path

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.site import Site


@pytest.mark.parametrize("when", ["sent", "running", "half"])
def test_the_operation_finishes_and_no_step_runs_twice(
    site: Site, zookeeper_package: Path, request: pytest.FixtureRequest, when: str
) -> None:
    from tests.whole.site import free_base_port

    name = f"k{when}tst"
    ensemble = Ensemble.described(site, zookeeper_package, free_base_port([h.address for h in site.hosts]), name)
    started = site.api.post(f"{ensemble.path}/operations", {"action": "bootstrap", "options": {"confirm": name}})

    def reached() -> bool:
        states = [s["state"] for w in site.api.get(f"operations/{started['id']}")["waves"] for s in w["steps"]]
        done = states.count("done")
        return {"sent": done >= 1, "running": done >= 4, "half": done >= 7}[when]

    site.until(f"the operation to be {when}", reached)
    site.console.kill()
    site.start_console()
    ended = site.ended(started["id"])
    assert ended["state"] == "done", ended["message"]
    site.until("a healthy ensemble", ensemble.healthy)
    assert all(step["attempt"] == 1 for wave in ended["waves"] for step in wave["steps"])
    for task in ensemble.tasks():
        assert (task["state"], task["restarts"]) == ("RUNNING", 0)
    for host in site.hosts:
        stdout = host.root / "app" / "zookeeper" / name / "zookeeper" / "stdout"
        assert len(list(stdout.glob("*.out"))) == 1, "the server was started once"
    assert ensemble.operate("stop")["state"] == "done"
