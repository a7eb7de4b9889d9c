"""Impala's order, flags, files, facts and pages with stand-ins: no real impalad can be had here. They take the published flags
and speak the published page. In file order.
"""

import io
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.whole.site import Site, free_base_port

PASSWORD = {"cleanup_password": "sesame-7"}
STAND_IN = f"""\
#!{sys.executable}
import json, os, socket, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

me = os.path.basename(sys.argv[0])
flags = dict(one.lstrip("-").split("=", 1) for one in sys.argv[1:])
members, queries = set(), [0]


def listen(port, keep):
    server = socket.create_server((flags["hostname"], int(port)))
    while True:
        connection, _ = server.accept()
        threading.Thread(target=hold, args=(connection, keep), daemon=True).start()


def hold(connection, keep):
    keep.add(connection)
    while connection.recv(1):
        pass
    keep.discard(connection)


def stay_connected():
    while True:
        try:
            with socket.create_connection((flags["state_store_host"], int(flags["state_store_port"]))) as held:
                members.add(held)
                held.recv(1)
        except OSError:
            pass
        members.clear()
        time.sleep(0.2)


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/jsonmetrics?json":
            queries[0] += 1
        values = {{
            "statestored": {{"statestore.live-backends": len(members), "statestore.total-topic-size-bytes": 7}},
            "catalogd": {{"statestore-subscriber.connected": bool(members), "catalog.num-databases": 1}},
            "impalad": {{"statestore-subscriber.connected": bool(members), "impala-server.ready": bool(members),
                         "impala-server.num-queries": queries[0]}},
        }}[me]
        body = json.dumps({{**values, "memory.rss": 1000}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


assert open("core-site.xml").read().count("hdfs://lake-files") == 1
if me == "statestored":
    threading.Thread(target=listen, args=(flags["state_store_port"], members), daemon=True).start()
else:
    threading.Thread(target=stay_connected, daemon=True).start()
if me == "catalogd":
    threading.Thread(target=listen, args=(flags["catalog_service_port"], set()), daemon=True).start()
if me == "impalad":
    socket.create_connection((flags["catalog_service_host"], int(flags["catalog_service_port"]))).close()
    for name in ("beeswax_port", "hs2_port", "be_port", "state_store_subscriber_port"):
        threading.Thread(target=listen, args=(flags[name], set()), daemon=True).start()
open(os.path.join(flags["log_dir"], flags["log_filename"] + ".INFO"), "a").write("started\\n")
ThreadingHTTPServer((flags["webserver_interface"], int(flags["webserver_port"])), Page).serve_forever()
"""
FILE = """\
[cluster]
  name=lake-queries
  version=4.5.0
  hdfs_cluster=lake-files
  jobs=statestored catalogd impalad
[statestored]
  base_port={ports[0]}
  host.0={hosts[0]}
  [[arguments]]
[catalogd]
  base_port={ports[1]}
  host.0={hosts[0]}
  [[arguments]]
[impalad]
  base_port={ports[2]}
  host.0={hosts[0]}
  host.1={hosts[1]}
  host.2={hosts[2]}/instance_num=2
  [[arguments]]
[configuration]
  base=%{{config_dir}}/conf/impala/common/impala-tst.cfg
"""


def package(folder: Path) -> Path:
    """impala-4.5.0.tar.gz with the stand-in under three names."""
    path = folder / "impala-4.5.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("statestored", "catalogd", "impalad"):
            member = tarfile.TarInfo(f"impala-4.5.0/bin/{name}")
            member.size, member.mode = len(STAND_IN.encode()), 0o755
            archive.addfile(member, io.BytesIO(STAND_IN.encode()))
    return path


def job(site: Site, name: str) -> list[dict[str, Any]]:
    return [task for task in site.tasks("impala", "lake-queries") if task["job"] == name]


def operate(site: Site, action: str, **more: Any) -> dict[str, Any]:
    done = site.operate("impala", "lake-queries", action, **more)
    assert done["state"] == "done", done["message"]
    return done


@pytest.fixture(scope="module")
def queries(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Described, on an HDFS that is only described."""
    hosts = [host.address for host in site.hosts]
    base = free_base_port(hosts, blocks=8)
    site.api.upload(package(tmp_path_factory.mktemp("impala")), "impala", "test")
    lines = "\n".join(f"  host.{number}={address}" for number, address in enumerate(hosts))
    ensemble = f"[cluster]\n  name=lake\n  version=1\n  jobs=zookeeper\n[zookeeper]\n  base_port={base}\n{lines}\n  [[arguments]]\n"
    bases = "[configuration]\n  base=%{{config_dir}}/conf/{0}/common/{0}-tst.cfg\n"
    site.api.put_text("config/conf/zookeeper/zookeeper-lake.cfg", ensemble + bases.format("zookeeper"))
    jobs = "".join(
        f"[{name}]\n  base_port={base + 100 * number}\n{lines}\n  [[arguments]]\n"
        for number, name in enumerate(("journalnode", "namenode", "datanode"), 1)
    )
    files = f"[cluster]\n  name=lake-files\n  version=1\n  jobs=journalnode zkfc namenode datanode\n{jobs}"
    files += f"[zkfc]\n  base_port={base + 400}\n  [[arguments]]\n"
    site.api.put_text("config/conf/hdfs/hdfs-lake-files.cfg", files + bases.format("hdfs"))
    ports = [base + 500, base + 600, base + 700]
    site.api.put_text("config/conf/impala/impala-lake-queries.cfg", FILE.format(ports=ports, hosts=hosts))
    return site


def test_the_state_store_comes_first_and_everybody_finds_it(queries: Site) -> None:
    done = operate(queries, "bootstrap", options=PASSWORD)
    names = [wave["name"] for wave in done["waves"]]
    assert names.index("Wait until statestored serves") < names.index("Start catalogd") < names.index("Start impalad")
    queries.until("five members", lambda: job(queries, "statestored")[0]["figures"].get("impala.backends") == 5, 30)
    ready = ["ready"] * 4  # each daemon's page is asked in its own time
    queries.until(
        "all ready", lambda: [one["texts"].get("impala.state") for one in job(queries, "impalad")] == ready, 30
    )
    assert job(queries, "impalad")[3]["ports"]["hs2"] == job(queries, "impalad")[2]["ports"]["hs2"] + 10
    task = job(queries, "impalad")[1]
    urllib.request.urlopen(f"http://{task['address']}:{task['ports']['http']}/query").read()
    queries.until("a query", lambda: job(queries, "impalad")[1]["figures"].get("impala.queries") == 1, 30)


def test_daemons_are_updated_when_as_many_as_before_are_members(queries: Site) -> None:
    done = operate(queries, "rolling_update", jobs=["impalad"])
    gates = [step for wave in done["waves"] for step in wave["steps"] if step["verb"] == "gate"]
    assert len(gates) == 5 and all(fact["holds"] for gate in gates for fact in gate["data"]["facts"])


def test_it_goes_as_it_came(queries: Site) -> None:
    operate(queries, "stop")
    operate(queries, "cleanup", options=PASSWORD)
    for host in queries.hosts:
        assert not [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/impala/lake-queries/*")]
