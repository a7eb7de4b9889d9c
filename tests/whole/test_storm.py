"""A real Storm through the console: a topology runs, its figures are those that it must have, supervisors are updated one by one.
One nimbus: it listens on every address, so that a second one has no room on this machine. In file order.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.pages import Pages
from tests.whole.site import Site, free_base_port

PASSWORD = {"cleanup_password": "sesame-7"}
FILE = """\
[cluster]
  name=work-tuples
  version={version}
  jobs=nimbus supervisor
[nimbus]
  base_port={nimbus}
{one}
  [[arguments]]
[supervisor]
  base_port={supervisor}
{two}
  [[arguments]]
[configuration]
  base=%{{config_dir}}/conf/storm/common/storm-tst.cfg
  [[storm.yaml]]
    # one machine is all hosts, and Storm listens on every address
    supervisor.thrift.port={block}1%{{task.number}}
    supervisor.slots.ports="{block}2%{{task.number}},{block}3%{{task.number}}"
"""
EVENTS = 3000
TOPOLOGY = f"""\
name: "counts"
config:
  topology.workers: 2
  topology.acker.executors: 1
  topology.max.spout.pending: 100
spouts:
  - {{id: events, className: org.apache.storm.testing.TestEventLogSpout, constructorArgs: [{EVENTS}], parallelism: 1}}
  - {{id: words, className: org.apache.storm.testing.TestWordSpout, parallelism: 1}}
bolts:
  - {{id: count, className: org.apache.storm.testing.TestGlobalCount, parallelism: 2}}
streams:
  - {{from: events, to: count, grouping: {{type: SHUFFLE}}}}
  - {{from: words, to: count, grouping: {{type: SHUFFLE}}}}
"""


@pytest.fixture(scope="module")
def tuples(site: Site, zookeeper_package: Path, storm_package: Path) -> Site:
    """A site with a described Storm, on a ZooKeeper that runs."""
    base_port = free_base_port([*(host.address for host in site.hosts), "0.0.0.0"], blocks=3)
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "work")
    assert ensemble.operate("bootstrap", options=PASSWORD)["state"] == "done"
    site.api.upload(storm_package, "apache-storm", "test")
    hosts = [f"  host.{number}={host.address}" for number, host in enumerate(site.hosts)]
    version = storm_package.name.removeprefix("apache-storm-").removesuffix(".tar.gz")
    text = FILE.format(
        version=version, nimbus=base_port + 100, supervisor=base_port + 200, one=hosts[0], two="\n".join(hosts[1:]),
        block=(base_port + 200) // 100,
    )  # fmt: skip
    site.api.put_text("config/conf/storm/storm-work-tuples.cfg", text)
    return site


def nimbus(site: Site) -> dict[str, Any]:
    return site.tasks("storm", "work-tuples")[0]


def figure(site: Site, name: str) -> float:
    return float(nimbus(site)["figures"].get(f"storm.{name}", -1))


def command(site: Site, name: str, words: str = "") -> str:
    run = site.run("storm/work-tuples", name, words)
    assert run.over(180)["exit_code"] == 0, run.output_all()[-3000:]
    return run.output_all()


def test_it_comes_up_with_a_leader(tuples: Site) -> None:
    done = tuples.operate("storm", "work-tuples", "bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    tuples.until("two supervisors", lambda: figure(tuples, "supervisors") == 2, 60)
    texts = nimbus(tuples)["texts"]
    assert (figure(tuples, "slots"), texts["storm.role"], texts["storm.version"]) == (4, "leader", "2.8.3")
    tuples.until("health", lambda: tuples.api.get("clusters/storm/work-tuples")["status"]["kind"] == "running", 60)


def test_a_topology_is_submitted_and_its_figures_arrive(tuples: Site) -> None:
    file = tuples.folder / "counts.yaml"
    file.write_text(TOPOLOGY)
    command(tuples, "flux", str(file))
    tuples.until("its workers", lambda: figure(tuples, "workers") == 2, 120)
    # Every event is followed until its end: that many were acked, and the words beside them never are.
    tuples.until("every event to be acked", lambda: figure(tuples, "acked") == EVENTS, 120)
    # Storm counts one tuple in twenty and adds twenty for it: the words, which never end, make it more soon enough.
    tuples.until("words beside the events", lambda: figure(tuples, "emitted") > 2 * EVENTS, 60)
    assert figure(tuples, "failed") == 0
    assert figure(tuples, "latency") > 0 and figure(tuples, "topologies") == 1
    told = command(tuples, "list")
    assert "counts" in told and "ACTIVE" in told


def test_pages_show_what_storm_says(tuples: Site) -> None:
    """Against Storm's own client, and what the topology was made of."""
    pages, at = Pages(tuples), "/clusters/storm/work-tuples/lists"

    def listed(name: str, title: str) -> dict[str, dict[str, str]]:
        head, *rows = pages.rows(f"{at}/{name}", title)
        return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}

    tuples.until(
        "the acked of the spout", lambda: listed("spouts", "Spouts").get("events", {}).get("Acked") == "3,000", 90
    )
    shown = listed("topologies", "Topologies")["counts"]
    [line] = [line.split() for line in command(tuples, "list").splitlines() if line.startswith("counts ")]
    name, status, tasks, workers, _uptime, identity, owner = line[:7]
    assert (shown["Status"], shown["Tasks"], shown["Workers"]) == (status, tasks, workers) and name == "counts"
    assert (shown["Id"], shown["Owner"], shown["Executors"]) == (identity, owner, tasks)
    spouts, bolts = listed("spouts", "Spouts"), listed("bolts", "Bolts")
    assert (spouts["events"]["Failed"], spouts["events"]["Emitted"], spouts["events"]["Transferred"]) == (
        "0",
        "3,000",
        "3,000",
    )
    assert (bolts["count"]["Executors"], bolts["count"]["Tasks"]) == ("2", "2") and set(spouts) == {"events", "words"}
    executed = float(bolts["count"]["Executed"].replace(",", ""))
    assert EVENTS <= executed <= figure(tuples, "emitted") and bolts["count"]["Process"] != "unknown"
    assert len(listed("workers", "Workers")) == 2
    series = tuples.until("history of it", lambda: history(tuples, "storm.spouts.emitted_per_second:counts"), 60)
    assert series[0]["labels"] == {"service": "storm", "cluster": "work-tuples"}


def history(site: Site, metric: str) -> Any:
    found = site.api.get("series", metric=metric, service="storm", cluster="work-tuples")["series"]
    return found if found and found[0]["points"] else None


def test_supervisors_are_updated_one_by_one_and_workers_come_back(tuples: Site) -> None:
    done = tuples.operate("storm", "work-tuples", "rolling_update", jobs=["supervisor"])
    assert done["state"] == "done", done["message"]
    gates = [step for wave in done["waves"] for step in wave["steps"] if step["verb"] == "gate"]
    assert len(gates) == 3 and all(fact["holds"] for gate in gates for fact in gate["data"]["facts"])
    emitted = figure(tuples, "emitted")
    tuples.until("it to go on", lambda: figure(tuples, "emitted") > emitted, 90)


def test_a_topology_is_spread_anew_by_a_button_and_ends(tuples: Site) -> None:
    answers = {"procedure": "rebalance", "topology": "counts", "seconds": "1"}
    done = tuples.operate("storm", "work-tuples", "procedure", options=answers)
    assert done["state"] == "done", done["message"]
    command(tuples, "kill", "counts -w 1")
    tuples.until("no topology", lambda: figure(tuples, "topologies") == 0, 60)


def test_it_stops_and_leaves_nothing(tuples: Site) -> None:
    assert tuples.operate("storm", "work-tuples", "stop")["state"] == "done"
    done = tuples.operate("storm", "work-tuples", "cleanup", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    for host in tuples.hosts:
        assert not [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/storm/work-tuples/*")]
