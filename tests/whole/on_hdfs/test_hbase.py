"""A real HBase on a real HDFS through the console: tables, regions that are vacated while a client reads. In file order."""

import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.whole.charted import all_told
from tests.whole.filesystem import Filesystem
from tests.whole.own_pages import beans, differences, shown
from tests.whole.pages import Pages
from tests.whole.tables import Tables

AT_TABLES = "/clusters/hbase/pond-tables/tables"
PASSWORD = {"cleanup_password": "sesame-7"}


@pytest.fixture(scope="module")
def tables(files: Filesystem, base_port: int, hbase_package: Path) -> Tables:
    """Described, on an HDFS that runs."""
    return Tables.described(files, hbase_package, base_port + 500, "pond-tables")


def test_it_comes_up_with_one_active_master(tables: Tables) -> None:
    done = tables.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    tables.site.until("masters", lambda: sorted(tables.roles()) == ["active", "backup"], 90)
    tables.site.until("regionservers", lambda: tables.figure("live_servers") == 3, 90)
    tables.site.until(
        "health", lambda: tables.site.api.get("clusters/hbase/pond-tables")["status"]["kind"] == "running"
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


def compared(tables: Tables, pages: Pages) -> dict[str, tuple[Any, Any]]:
    """Figure -> (what the boards show, what the daemons say)."""
    at = "/clusters/hbase/pond-tables"
    found: dict[str, tuple[Any, Any]] = {}
    counted = {row["region"]: row for row in shown(pages, f"{at}/tables/counted")}
    servers = {row["server"]: row for row in shown(pages, f"{at}/regionservers")}
    operations = {row["operation"]: row for row in shown(pages, f"{at}/operation-times")}
    asked, sizes, regions = dict.fromkeys(("Put", "Get"), 0), [0, 0], 0
    for task in tables.tasks("regionserver"):
        own = beans(task["http_url"], "RegionServer")
        address = ":".join(own["Server"]["tag.serverName"].split(",")[:2])
        for ours, theirs in (
            ("regions", "regionCount"),
            ("store_file_bytes", "storeFileSize"),
            ("memstore_bytes", "memStoreSize"),
        ):
            found[f"{address} {ours}"] = (servers.get(address, {}).get(ours), own["Server"][theirs])
        asked = {name: number + own["Server"][f"{name}_num_ops"] for name, number in asked.items()}
        for name, value in own["Regions"].items():
            if match := re.fullmatch(r"Namespace_default_table_counted_region_(\w+)_metric_(\w+)", name):
                if ours := {
                    "readRequestCount": "read_requests",
                    "writeRequestCount": "write_requests",
                    "storeFileCount": "store_files",
                }.get(match[2]):
                    found[f"region {match[1]} {ours}"] = (counted.get(match[1], {}).get(ours), value)
                sizes[0] += value if match[2] == "storeFileSize" else 0
                sizes[1] += value if match[2] == "memStoreSize" else 0
                regions += match[2] == "storeCount"
    table = next((row for row in shown(pages, f"{at}/tables") if row["table"] == "counted"), {})
    found |= {
        f"{name} since the start": (operations.get(name, {}).get("count"), number) for name, number in asked.items()
    }
    for ours, value in (("store_file_bytes", sizes[0]), ("memstore_bytes", sizes[1]), ("regions", regions)):
        found[f"counted {ours}"] = (table.get(ours), value)
    return found


def test_boards_show_what_the_daemons_and_the_client_say(tables: Tables) -> None:
    run = tables.shell()
    run.line("create 'counted', 'f', SPLITS => ['5']")
    run.printed("Created table counted", 120)
    run.line("200.times { |n| put 'counted', n.to_s, 'f:a', 'v' }")
    run.line("30.times { |n| get 'counted', n.to_s }")
    run.line("flush 'counted'", end=True)
    assert run.over()["exit_code"] == 0, run.output_all()[-2000:]
    pages, last = Pages(tables.site), dict[str, tuple[Any, Any]]()

    def same() -> bool:
        last.clear()
        last.update(compared(tables, pages))
        asked = {
            kind: sum(int(ours or 0) for name, (ours, _) in last.items() if name.endswith(f"{kind}_requests"))
            for kind in ("read", "write")
        }
        # as the client asked: daemons gather their own numbers some seconds later
        return not differences(last) and asked["write"] == 200 and asked["read"] >= 30

    try:
        tables.site.until("the same figures", same, 90)
    finally:
        print(differences(last))
    assert len(last) >= 18
    active = tables.tasks("master")[tables.roles().index("active")]
    own = beans(active["http_url"], "Master")["Server"]
    basics = pages.get("/clusters/hbase/pond-tables/basics")
    for text in (
        ":".join(own["tag.serverName"].split(",")[:2]),
        own["tag.zookeeperQuorum"].replace(",", ", "),
        "and 0 dead",
    ):
        assert text in basics, text
    assert own["numRegionServers"] == 3 and '<dt>Region servers</dt><dd><span class="mn-break">3</span>' in basics


def test_rates_are_those_of_the_load(tables: Tables) -> None:
    load, pages = tables.shell(), Pages(tables.site)
    load.line(
        "3000.times { |n| 5.times { put 'counted', n.to_s, 'f:a', 'v' }; get 'counted', '1'; STDOUT.flush; sleep 0.1 }"
    )
    load.printed("value=v", 120)

    def written() -> tuple[float, float]:
        values = [
            value
            for task in tables.tasks("regionserver")
            for name, value in beans(task["http_url"], "RegionServer")["Regions"].items()
            if "_table_counted_region_" in name and name.endswith("_metric_writeRequestCount")
        ]
        return time.monotonic(), float(sum(values))

    (begin, first), rates = written(), []

    def near() -> bool:
        (now, value), row = written(), next(row for row in shown(pages, AT_TABLES) if row["table"] == "counted")
        measured, told = (value - first) / (now - begin), float(row["write_requests_per_second"] or 0)
        rates.append((measured, told))
        shown_so_far = [one for _, one in rates[next((n for n, pair in enumerate(rates) if pair[1]), 0) :]]
        mean = sum(shown_so_far) / len(
            shown_so_far
        )  # a machine that is busy writes in bursts, which daemons tell later
        return now - begin > 20 and measured > 0 and abs(mean - measured) <= 0.4 * measured

    try:
        tables.site.until("a rate like the one that was measured", near, 120)
    finally:
        print(rates)
    tables.site.api.post(f"runs/{load.number}/cancel")
    load.over()
    series = {"metric": "hbase.table.write_requests_per_second:counted", "service": "hbase", "cluster": "pond-tables"}
    stored = tables.site.api.get("series", **series)["series"]
    assert stored and any(value and value > 0 for _, value in stored[0]["points"])
    assert all(value is None or value >= 0 for _, value in stored[0]["points"])


def test_every_figure_of_its_charts_is_told(tables: Tables) -> None:
    all_told(tables.site, "hbase", "pond-tables")


def test_rows_are_counted_by_hbases_own_counter(tables: Tables) -> None:
    pages, at = Pages(tables.site), "/clusters/hbase/pond-tables/row-counting"
    for name in ("t", "nosuch"):
        pages.post(at, add=name)

    def counted(name: str) -> list[str]:
        return pages.table(at, "Tables whose rows are counted")[name]

    tables.site.until("ten rows of t", lambda: counted("t")[0] == "10", 200)
    assert counted("t")[3].startswith("counted") and counted("t")[2] != "–", counted("t")
    tables.site.until("the count that cannot be", lambda: counted("nosuch")[3].startswith("failed"), 200)
    rows, counted_at, _, why = counted("nosuch")[:4]
    assert (rows, counted_at) == ("–", "never") and "TableNotFoundException" in why, why
    everywhere = {row["table"]: row["rows"] for row in shown(pages, "/hbase/tables")}
    assert everywhere["t"] == "10" and everywhere["counted"] == "", everywhere


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
    # A client that still knows the stopped server may warn of it; what counts is that no read fails.
    assert "ERROR" not in reader.output_all()
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
    with pytest.raises(RuntimeError, match="HBase pond-tables needs this cluster and runs now"):
        tables.site.operate("hdfs", "pond-files", "stop")


def test_it_stops_and_leaves_nothing(tables: Tables) -> None:
    done = tables.operate("stop")
    assert done["state"] == "done", done["message"]
    assert [wave["name"] for wave in done["waves"]] == ["Stop master", "Stop regionserver"]
    with pytest.raises(RuntimeError, match="not the cleanup password"):
        tables.operate("cleanup", options={"cleanup_password": "sesame-8"})
    assert tables.operate("cleanup", options=PASSWORD)["state"] == "done"
    for host in tables.site.hosts:
        assert not [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/hbase/pond-tables/*")]
