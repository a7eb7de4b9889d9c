"""A real HBase on a real HDFS through the console: tables, regions that are vacated while a client reads. In file order."""

import os
import signal
from pathlib import Path

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.filesystem import Filesystem
from tests.whole.site import Site, free_base_port
from tests.whole.tables import Tables

pytestmark = pytest.mark.timeout(420)
PASSWORD = {"cleanup_password": "sesame-7"}


@pytest.fixture(scope="module")
def tables(site: Site, zookeeper_package: Path, hadoop_package: Path, hbase_package: Path) -> Tables:
    """Described, on an HDFS that runs."""
    base_port = free_base_port([host.address for host in site.hosts], blocks=7)
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "wide")
    assert ensemble.operate("bootstrap", options=PASSWORD)["state"] == "done"
    files = Filesystem.described(site, hadoop_package, base_port + 100, "wide-files")
    done = files.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    files.site.until("four datanodes", lambda: files.figure("live_datanodes") == 4, 60)
    return Tables.described(files, hbase_package, base_port + 500, "wide-tables")


def test_it_comes_up_with_one_active_master(tables: Tables) -> None:
    done = tables.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    tables.site.until("masters", lambda: sorted(tables.roles()) == ["active", "backup"], 90)
    tables.site.until("regionservers", lambda: tables.figure("live_servers") == 3, 90)
    tables.site.until(
        "health", lambda: tables.site.api.get("clusters/hbase/wide-tables")["status"]["kind"] == "running"
    )


def test_a_table_is_made_filled_and_read_in_its_shell(tables: Tables) -> None:
    run = tables.shell()
    run.line("create 't', 'f', SPLITS => ['2', '4', '6', '8']")
    run.printed("Created table t", 120)
    for number in range(10):
        run.line(f"put 't', '{number}', 'f:a', 'value-{number}'")
    run.line("scan 't'")
    run.printed("10 row(s)", 120)
    run.line("flush 't'", end=True)
    assert run.over()["exit_code"] == 0, run.output_all()[-2000:]
    assert "value=value-7" in run.output_all()


def test_a_table_is_compacted_by_a_button_when_all_is_well(tables: Tables) -> None:
    wanted = {"procedure": "major-compact", "table": "t"}
    done = tables.operate("procedure", options=wanted)
    assert done["state"] == "done", done["message"]
    assert [wave["name"] for wave in done["waves"]] == ["Look how it is", "compact t", "Wait until all is well again"]
    failed = tables.operate("procedure", options=wanted | {"table": "nosuch"})
    assert failed["state"] == "failed" and "compact nosuch" in failed["message"]


def test_regions_go_away_and_come_back_while_a_client_reads(tables: Tables) -> None:
    tables.site.until("regions", lambda: sum(tables.regions()) >= 6, 60)
    reader = tables.shell()
    reader.line("20000.times { 10.times { |n| get 't', n.to_s; STDOUT.flush; sleep 0.02 } }")
    reader.printed("value=value-9", 120)
    busy = max(range(3), key=lambda number: tables.regions()[number])
    before = tables.regions()[busy]
    done = tables.operate("rolling_update", jobs=["regionserver"], tasks=[busy])
    assert done["state"] == "done", done["message"]
    names = [wave["name"].rpartition(": ")[2] for wave in done["waves"]]
    assert [one for one in names if one in ("balancer off", "unload regions", "stop", "start", "load regions", "balancer on")] == [
        "balancer off", "unload regions", "stop", "start", "load regions", "balancer on",
    ]  # fmt: skip
    tables.site.until("its regions", lambda: tables.regions()[busy] >= before, 60)
    read = reader.told()["printed"]
    tables.site.until("the client to read on", lambda: reader.told()["printed"] > read, 60)
    text = reader.output_all()
    assert "ERROR" not in text and "Exception" not in text
    tables.site.api.post(f"runs/{reader.number}/cancel")
    reader.over()
    state = tables.shell()
    state.line("balancer_enabled", end=True)
    state.over()
    assert "true" in state.output_all()


def test_a_regionserver_leaves_without_its_regions_and_comes_back(tables: Tables) -> None:
    done = tables.operate("decommission", jobs=["regionserver"], tasks=[2])
    assert done["state"] == "done", done["message"]
    assert tables.tasks("regionserver")[2]["state"] == "STOPPED"
    tables.site.until("its regions elsewhere", lambda: sum(tables.regions()[:2]) >= 6, 60)
    reader = tables.shell()
    reader.line("count 't'", end=True)
    assert reader.over()["exit_code"] == 0
    assert "ERROR" not in reader.output_all()
    done = tables.operate("recommission", jobs=["regionserver"], tasks=[2])
    assert done["state"] == "done", done["message"]
    tables.site.until("three servers", lambda: tables.figure("live_servers") == 3, 60)


def test_the_other_master_takes_over(tables: Tables) -> None:
    active = tables.roles().index("active")
    pid = tables.tasks("master")[active]["pid"]
    os.kill(pid, signal.SIGSTOP)  # it hangs before it dies: killed alone it may win the election that it has lost
    tables.site.until("the other one to be active", lambda: tables.roles()[1 - active] == "active", 120)
    os.kill(pid, signal.SIGKILL)
    tables.site.until("both again", lambda: sorted(tables.roles()) == ["active", "backup"], 90)


def test_it_is_not_left_without_its_files(tables: Tables) -> None:
    with pytest.raises(RuntimeError, match="HBase wide-tables needs this cluster and runs now"):
        tables.site.operate("hdfs", "wide-files", "stop")


def test_it_stops_and_leaves_nothing(tables: Tables) -> None:
    done = tables.operate("stop")
    assert done["state"] == "done", done["message"]
    assert [wave["name"] for wave in done["waves"]] == ["Stop master", "Stop regionserver"]
    with pytest.raises(RuntimeError, match="not the cleanup password"):
        tables.operate("cleanup", options={"cleanup_password": "sesame-8"})
    assert tables.operate("cleanup", options=PASSWORD)["state"] == "done"
    for host in tables.site.hosts:
        assert not [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/hbase/wide-tables/*")]
