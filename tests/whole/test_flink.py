"""Flink through its folder alone: a program is run, task managers are updated one by one. In file order."""

from pathlib import Path
from typing import Any

import pytest
import requests

from tests.whole.charted import all_told
from tests.whole.own_pages import differences, shown
from tests.whole.pages import Pages
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


def test_pages_show_what_its_own_page_says(flow: Site) -> None:
    pages, names = Pages(flow), {
        "Version": "flink-version", "Task managers": "taskmanagers", "Slots": "slots-total", "Free slots": "slots-available",
        "Running programs": "jobs-running", "Finished programs": "jobs-finished", "Failed programs": "jobs-failed",
        "Cancelled programs": "jobs-cancelled",
    }  # fmt: skip

    def differing() -> list[str]:
        own = requests.get(f"{manager(flow)['http_url']}/overview", timeout=20).json()
        shown = pages.table("/clusters/flink/flow/tasks/jobmanager/0", "Figures")
        told = {title: shown.get(title, ["not there"])[0] for title in names}
        return [
            f"{title}: {told[title]} is not {own[name]}"
            for title, name in names.items()
            if told[title] != str(own[name])
        ]

    flow.until("the page to say the same", lambda: not differing(), 60)
    assert manager(flow)["figures"]["flink.finished"] == 1


def test_lists_show_what_its_own_pages_say(flow: Site) -> None:
    """The program that ended and both task managers."""
    pages, url = Pages(flow), manager(flow)["http_url"]

    def compared() -> dict[str, tuple[Any, Any]]:
        programs = {row["key"]: row for row in shown(pages, "/clusters/flink/flow/lists/programs")}
        managers = {row["key"]: row for row in shown(pages, "/clusters/flink/flow/lists/taskmanagers")}
        found: dict[str, tuple[Any, Any]] = {}
        for one in requests.get(f"{url}/jobs/overview", timeout=20).json()["jobs"]:
            row = programs.get(one["jid"], {})
            found |= {f"program {name}": (row.get(name), one[name]) for name in ("name", "state")}
            found["program took"] = (row.get("elapsed_seconds"), one["duration"] / 1000)
            for ours, theirs in (("tasks", "total"), ("tasks_finished", "finished"), ("tasks_failed", "failed")):
                found[f"program {ours}"] = (row.get(ours), one["tasks"][theirs])
        for one in requests.get(f"{url}/taskmanagers", timeout=20).json()["taskmanagers"]:
            row, memory = managers.get(one["id"], {}), one["memoryConfiguration"]
            for ours, theirs in (("slots", one["slotsNumber"]), ("free_slots", one["freeSlots"])):
                found[f"{one['id']} {ours}"] = (row.get(ours), theirs)
            for ours, name in (("memory_bytes", "totalProcessMemory"), ("managed_bytes", "managedMemory")):
                found[f"{one['id']} {ours}"] = (row.get(ours), memory[name])
            found[f"{one['id']} address"] = (row.get("address"), one["path"].partition("@")[2].partition("/")[0])
        return found

    flow.until("the lists to say the same", lambda: not differences(compared()), 60)
    assert len(compared()) == 6 + 2 * 5


def test_every_figure_of_its_charts_is_told(flow: Site) -> None:
    all_told(flow, "flink", "flow")


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
