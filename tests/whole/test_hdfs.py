"""A real HDFS with automatic failover through the console, on a real ZooKeeper. In file order.

``make soak`` sets MINOS_SOAK and gets the long form: many rolling updates under a writer, many failovers.
"""

import json
import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from minos_common.states import OPERATION_ENDED
from tests.whole.ensemble import Ensemble
from tests.whole.filesystem import Filesystem, a_writer
from tests.whole.own_pages import beans, differences, shown
from tests.whole.pages import Pages
from tests.whole.site import Site, free_base_port

CHANGE = "dfs.datanode.metrics.logger.period.seconds"
ROUNDS = range(25 if os.environ.get("MINOS_SOAK") else 1)
PASSWORD = {"cleanup_password": "sesame-7"}


@pytest.fixture(scope="module")
def files(site: Site, zookeeper_package: Path, hadoop_package: Path) -> Filesystem:
    """Described, on a ZooKeeper that runs."""
    base_port = free_base_port([host.address for host in site.hosts], blocks=5)
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "lake")
    done = ensemble.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    return Filesystem.described(site, hadoop_package, base_port + 100, "lake-files")


@pytest.fixture(scope="module")
def blob(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of five million bytes."""
    path = tmp_path_factory.mktemp("blob") / "blob"
    path.write_bytes(os.urandom(5_000_000))
    return path


def test_the_second_namenode_alone_is_not_bootstrapped(files: Filesystem) -> None:
    with pytest.raises(RuntimeError, match="namenode/1 takes what it holds from namenode/0"):
        files.operate("bootstrap", jobs=["namenode"], tasks=[1], options=PASSWORD)


def test_bootstrap_brings_up_namenodes_that_take_over(files: Filesystem) -> None:
    done = files.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    names = [wave["name"] for wave in done["waves"]]
    assert names.index("Wait until journalnode answers") < names.index("Make directories, package, files of namenode")
    files.site.until("an active and a standby namenode", lambda: sorted(files.roles()) == ["active", "standby"], 60)
    files.site.until("four datanodes", lambda: files.figure("live_datanodes") == 4, 60)
    files.site.until("health", files.healthy, 60)


def test_a_file_comes_back_as_it_was(files: Filesystem, blob: Path) -> None:
    files.client("-put", str(blob), "/blob")
    files.client("-get", "/blob", str(blob.with_suffix(".back")))
    assert blob.with_suffix(".back").read_bytes() == blob.read_bytes()


def test_boards_show_what_the_namenode_says(files: Filesystem) -> None:
    pages, at = Pages(files.site), "/clusters/hdfs/lake-files"
    last: dict[str, tuple[Any, Any]] = {}

    def same() -> bool:
        active = files.tasks("namenode")[files.roles().index("active")]
        own = beans(active["http_url"], "")
        nodes = {row["node"]: row for row in shown(pages, f"{at}/storage")}
        operations = {row["operation"]: row for row in shown(pages, f"{at}/namenode-operations")}
        last.clear()
        for name, node in json.loads(own["NameNodeInfo"]["LiveNodes"]).items():
            for ours, theirs in (("blocks", "numBlocks"), ("used_bytes", "used"), ("capacity_bytes", "capacity")):
                last[f"{name} {ours}"] = (nodes.get(name, {}).get(ours), node[theirs])
        for name in ("CreateFile", "AddBlock", "FileInfo", "GetListing"):
            last[name] = (operations.get(name, {}).get("count", 0), own["NameNodeActivity"][f"{name}Ops"])
        page = pages.get(f"{at}/storage")
        for title, name in (
            ("Blocks", "BlocksTotal"),
            ("Files and directories", "FilesTotal"),
            ("Missing blocks", "MissingBlocks"),
        ):
            found = re.search(rf"<dt>{title}</dt><dd><span class=\"mn-break\">([\d,]+)<", page)
            last[title] = (found and found[1].replace(",", ""), own["FSNamesystem"][name])
        return not differences(last)

    try:
        files.site.until("the same figures", same, 60)
    finally:
        print(differences(last))
    assert len(last) == 19
    report = files.admin("-report")
    assert f"Live datanodes ({len(shown(pages, f'{at}/storage'))})" in report


def test_a_cluster_with_data_is_not_bootstrapped_again(files: Filesystem) -> None:
    with pytest.raises(RuntimeError, match="bootstrapped already"):
        files.operate("bootstrap", options=PASSWORD)


def test_both_namenodes_or_a_majority_of_journalnodes_are_not_stopped_by_mistake(files: Filesystem) -> None:
    with pytest.raises(RuntimeError, match=r"leaves 0 of 2 namenode tasks running, and 1 is needed: .* does not serve"):
        files.operate("stop", jobs=["namenode"])
    with pytest.raises(RuntimeError, match="leaves 1 of 3 journalnode tasks running, and 2 are needed"):
        files.operate("stop", jobs=["journalnode"], tasks=[0, 1])
    with pytest.raises(RuntimeError, match=r"HDFS lake-files needs this cluster and runs now"):
        files.site.operate("zookeeper", "lake", "stop")


@pytest.mark.parametrize("number", ROUNDS)
def test_a_client_writes_while_the_datanodes_are_updated_one_by_one(files: Filesystem, number: int) -> None:
    changed = f"{files.text}    {CHANGE}={7 + number}\n"
    files.site.api.put_text(f"config/conf/hdfs/hdfs-{files.name}.cfg", changed)
    with a_writer(files, f"/stream-{number}") as writer:
        started = files.start("rolling_update", jobs=["datanode"], options={"min_healthy": 1})
        while files.site.operation(started)["state"] not in OPERATION_ENDED:
            writer.write_some()
        done = files.site.operation(started)
    assert done["state"] == "done", done["message"]
    assert writer.process.returncode == 0, writer.errors()
    assert writer.sizes > 20, "it wrote all the while"
    written = files.site.folder / f"stream-{number}"
    files.client("-get", f"/stream-{number}", str(written))
    assert written.read_bytes() == writer.written()
    gates = [step for wave in done["waves"] for step in wave["steps"] if step["verb"] == "gate"]
    assert len(gates) == 5, "a look before anything is touched, and one after each datanode"
    assert all(fact["holds"] and fact["found"] for gate in gates for fact in gate["data"]["facts"])
    assert [CHANGE in text for text in files.datanode_files()] == [True] * 4
    assert files.settled()


def test_a_fact_that_does_not_come_is_waited_for_over_a_restart_of_the_console(files: Filesystem) -> None:
    files.admin("-safemode", "enter")
    started = files.start("rolling_update", jobs=["datanode"], tasks=[3], options={"deadline": 5})
    paused = files.site.until("the pause", lambda: files.site.in_state(started, "paused"), 60)
    assert "safe mode" in paused["message"], paused["message"]
    files.site.console.kill()
    files.site.start_console()
    files.site.until("workers in touch", files.site.all_in_touch, 30)
    assert files.site.operation(started)["message"] == paused["message"]
    files.admin("-safemode", "leave")
    files.site.api.post(f"operations/{started}/resume")
    done = files.site.ended(started)
    assert done["state"] == "done", done["message"]


def test_the_way_back_leads_to_the_configuration_from_before(files: Filesystem) -> None:
    files.site.api.put_text(f"config/conf/hdfs/hdfs-{files.name}.cfg", files.text)
    done = files.operate("rolling_update", jobs=["datanode"], tasks=[3])
    assert done["state"] == "done", done["message"]
    assert [CHANGE in text for text in files.datanode_files()] == [True, True, True, False]
    back = files.operate("rolling_update", jobs=["datanode"], tasks=[3], options={"back_to": done["id"]})
    assert back["state"] == "done", back["message"]
    assert [CHANGE in text for text in files.datanode_files()] == [True] * 4
    assert files.settled()


def test_a_datanode_leaves_without_loss_and_comes_back(files: Filesystem, blob: Path) -> None:
    address = files.tasks("datanode")[0]["address"]
    with pytest.raises(RuntimeError, match=r"2 datanode tasks stay, and dfs\.replication is 3"):
        files.operate("decommission", jobs=["datanode"], hosts=[files.tasks("datanode")[3]["address"]])
    done = files.operate("decommission", jobs=["datanode"], hosts=[address])
    assert done["state"] == "done", done["message"]
    gone = files.tasks("datanode")[0]
    assert (gone["state"], gone["decommissioned"]) == ("STOPPED", True)
    files.site.until("health, as nothing is wrong", files.healthy, 60)
    assert files.figure("in_service") == 3 and files.figure("missing_blocks") == 0
    assert "decommission=yes" in files.site.api.get_bytes(f"config/conf/hdfs/hdfs-{files.name}.cfg").decode()
    assert "Under replicated blocks: 0" in files.admin("-report").replace("\t", "")
    done = files.operate("start", jobs=["datanode"])
    assert files.tasks("datanode")[0]["state"] == "STOPPED", "it stays out of service, whoever starts the others"
    done = files.operate("recommission", jobs=["datanode"], tasks=[0])
    assert done["state"] == "done", done["message"]
    assert files.tasks("datanode")[0]["decommissioned"] is False
    assert files.site.api.get_bytes(f"config/conf/hdfs/hdfs-{files.name}.cfg").decode().count("decommission=yes") == 0
    files.site.until("four datanodes", lambda: files.figure("in_service") == 4, 60)


@pytest.mark.parametrize("number", ROUNDS)
def test_the_standby_takes_over_when_the_active_is_killed(files: Filesystem, blob: Path, number: int) -> None:
    active = files.roles().index("active")
    killed = files.tasks("namenode")[active]
    os.kill(killed["pid"], signal.SIGKILL)
    after = blob.with_suffix(f".after-{number}")
    files.client("-get", "/blob", str(after))
    assert after.read_bytes() == blob.read_bytes()
    files.site.until("the other one to be active", lambda: files.roles()[1 - active] == "active", 60)

    def back() -> bool:
        task = files.tasks("namenode")[active]
        return bool(task["state"] == "RUNNING" and task["pid"] != killed["pid"] and files.roles()[active] == "standby")

    files.site.until("the killed one to be back as standby", back, 90)
    files.site.until("health", files.healthy, 60)


def test_a_namenode_that_lost_its_disk_joins_and_formats_nothing(files: Filesystem) -> None:
    gone = {"jobs": ["namenode"], "tasks": [0]}
    assert files.operate("stop", **gone)["state"] == "done"
    assert files.operate("cleanup", **gone, options=PASSWORD)["state"] == "done"
    files.site.until("the other one to be active", lambda: files.roles()[1] == "active", 60)
    done = files.operate("bootstrap", **gone, options=PASSWORD)
    assert done["state"] == "done", done["message"]
    assert "/blob" in files.client("-ls", "/")
    files.site.until("an active and a standby namenode", lambda: sorted(files.roles()) == ["active", "standby"], 60)


def test_cleanup_takes_the_right_password_and_leaves_nothing(files: Filesystem) -> None:
    done = files.operate("stop")
    assert done["state"] == "done", done["message"]
    stops = [wave["name"] for wave in done["waves"]]
    assert stops == ["Stop datanode", "Stop zkfc", "Stop namenode", "Stop journalnode"]
    with pytest.raises(RuntimeError, match="not the cleanup password"):
        files.operate("cleanup", options={"cleanup_password": "sesame-8"})
    assert files.operate("cleanup", options=PASSWORD)["state"] == "done"
    for host in files.site.hosts:
        left = [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/hdfs/{files.name}/*")]
        assert left == []
    nodes = files.site.run("zookeeper/lake", "zk", "ls /hadoop-ha")
    assert nodes.over()["exit_code"] == 0
    assert nodes.output_all().rstrip().endswith("[]"), nodes.output_all()
