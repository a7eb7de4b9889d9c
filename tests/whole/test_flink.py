"""Flink through its folder alone: a program is run, task managers are updated one by one. In file order."""

from pathlib import Path
from typing import Any

import pytest

from tests.whole.site import Site, free_base_port

PASSWORD = {"cleanup_password": "sesame-7"}
FILE = """\
[cluster]
  name=flow
  version={version}
  jobs=jobmanager taskmanager
[jobmanager]
  base_port={base_port}
{one}
  [[arguments]]
[taskmanager]
  base_port={second}
{two}
  [[arguments]]
[configuration]
  base=%{{config_dir}}/conf/flink/common/flink-tst.cfg
"""
WORDS = "run $package_dir/examples/streaming/flink-examples-streaming-1.20.0-WordCount.jar"


@pytest.fixture(scope="module")
def flow(site: Site, flink_package: Path) -> Site:
    """A site with a described Flink."""
    everywhere = [*(host.address for host in site.hosts), "0.0.0.0"]  # the job manager listens on all addresses
    base_port = free_base_port(everywhere, blocks=2)
    site.api.upload(flink_package, "flink", "test")
    hosts = [f"  host.{number}={host.address}" for number, host in enumerate(site.hosts)]
    version = flink_package.name.removeprefix("flink-").removesuffix(".tar.gz")
    text = FILE.format(
        version=version, base_port=base_port, second=base_port + 100, one=hosts[0], two="\n".join(hosts[1:])
    )
    site.api.put_text("config/conf/flink/flink-flow.cfg", text)
    return site


def manager(site: Site) -> dict[str, Any]:
    return site.tasks("flink", "flow")[0]


def figure(site: Site, name: str) -> float:
    return float(manager(site)["figures"].get(f"flink.{name}", -1))


def test_it_comes_up(flow: Site) -> None:
    done = flow.operate("flink", "flow", "bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    flow.until("two task managers", lambda: figure(flow, "taskmanagers") == 2, 60)
    assert (figure(flow, "slots"), manager(flow)["texts"]["flink.version"]) == (4, "1.20.1")


def test_a_program_is_run_from_the_shell(flow: Site) -> None:
    run = flow.run("flink/flow", "flink", WORDS)
    over = run.over(180)
    assert over["exit_code"] == 0, run.output_all()[-3000:]
    assert "Program execution finished" in run.output_all()
    flow.until("it to be counted", lambda: figure(flow, "finished") == 1, 30)


def test_task_managers_are_updated_one_by_one(flow: Site) -> None:
    done = flow.operate("flink", "flow", "rolling_update", jobs=["taskmanager"])
    assert done["state"] == "done", done["message"]
    gates = [step for wave in done["waves"] for step in wave["steps"] if step["verb"] == "gate"]
    assert len(gates) == 3 and all(fact["holds"] for gate in gates for fact in gate["data"]["facts"])


def test_it_stops_and_leaves_nothing(flow: Site) -> None:
    assert flow.operate("flink", "flow", "stop")["state"] == "done"
    assert flow.operate("flink", "flow", "cleanup", options=PASSWORD)["state"] == "done"
    for host in flow.hosts:
        assert not [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/flink/flow/*")]
