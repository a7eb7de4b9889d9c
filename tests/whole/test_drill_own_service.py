"""A drill of a site's own service, whose daemons elect a leader by who holds a lock: killed, timed, told when it fails."""

import io
import json
import sqlite3
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whole.site import Site, a_site, free_base_port

ADDRESSES = ["127.0.0.56", "127.0.0.57"]
DRILLS = "clusters/elector/tally/drills"
DAEMON = f"""\
#!{sys.executable}
import fcntl, json, os, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

told = dict(line.strip().split("=", 1) for line in open(sys.argv[1]) if "=" in line)
lock, role = open(told["lock"], "a"), ["follower"]


def lead():
    time.sleep(1.5)
    fcntl.flock(lock, fcntl.LOCK_EX)
    role[0] = "leader"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        kept = told["lock"] + ".kept"
        if self.path == "/write":
            open(kept, "w").write("x")
        found = self.path != "/read" or os.path.exists(kept)
        if self.path == "/forget" and os.path.exists(kept):
            os.unlink(kept)
        body = json.dumps({{"role": role[0]}}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


threading.Thread(target=lead, daemon=True).start()
ThreadingHTTPServer((told["host"], int(told["port"])), Handler).serve_forever()
"""
ASK = f"""\
#!{sys.executable}
import sys, urllib.request

print(urllib.request.urlopen("http://{{}}:{{}}/{{}}".format(*sys.argv[1:])).read().decode())
"""
SERVICE = """\
title = "Elector"
about = "One leads."
artifact = "elector"

[[jobs]]
name = "elector"
title = "Elector"
program = "$package_dir/bin/elector"
needs_java = false
ports = { http = 0 }
web = "http"

[jobs.lifecycle]
start_seconds = 1.0
stop_wait = 10.0
expected_exits = [0, 143]

[jobs.status]
reader = "json"
port = "http"
path = "/status"
ready = { role = ["leader", "follower"] }
figures = [{ name = "role", source = "role", title = "Role", kind = "word", badge = true }]

[[files]]
name = "elector.conf"
format = "properties"
set = { "port" = "%{elector.base_port}", "host" = "%{current_host}" }

[[gates]]
job = "elector"
title = "one leads"
tasks = "one"
where = { role = ["leader"] }

[[commands]]
name = "ask"
title = "Ask one of them"
program = "$package_dir/bin/ask"
args = ["%{current_host}", "%{elector.base_port}"]

[[drills]]
name = "leader"
title = "Kill the leader"
about = "The other one leads."
job = "elector"
figure = "role"
values = ["leader"]
limit_seconds = 20.0
before = [{ title = "Write", command = "ask", args = ["write"], seconds = 60.0 }]
after = [{ title = "Read", command = "ask", args = ["read"], seconds = 60.0 }]
cleanup = [{ title = "Forget", command = "ask", args = ["forget"], seconds = 60.0 }]

[[drills]]
name = "amnesia"
title = "Kill the leader and forget"
about = "What was never written cannot be read."
job = "elector"
figure = "role"
values = ["leader"]
limit_seconds = 20.0
after = [{ title = "Read", command = "ask", args = ["read"], seconds = 60.0 }]
"""
BASE = """\
[configuration]
  [[elector.conf]]
    lock={lock}

[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=$run_dir/elector.conf
  [[elector]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""


def put_folder(services: Path, lock: Path) -> Path:
    common = services / "elector" / "conf" / "common"
    common.mkdir(parents=True)
    (common / "elector.cfg").write_text(BASE.format(lock=lock))
    (services / "elector" / "service.toml").write_text(SERVICE)
    return services


def package(folder: Path) -> Path:
    path = folder / "elector-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in (("elector", DAEMON), ("ask", ASK)):
            member = tarfile.TarInfo(f"elector-1.0/bin/{name}")
            member.size, member.mode = len(text.encode()), 0o755
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two electors that run, one of which leads."""
    folder = tmp_path_factory.mktemp("drill")
    services = put_folder(folder / "services", folder / "lock")
    with a_site(folder / "site", ADDRESSES, services=services, crash_batch_seconds=1) as made:
        made.api.upload(package(folder), "elector", "r1")
        hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(ADDRESSES))
        made.api.put_text(
            "config/conf/elector/elector-tally.cfg",
            "[cluster]\n  name=tally\n  version=1.0\n  jobs=elector\n"
            f"[elector]\n  base_port={free_base_port(ADDRESSES)}\n{hosts}\n  [[arguments]]\n"
            "[configuration]\n  base=%{config_dir}/conf/elector/common/elector.cfg\n",
        )
        done = made.operate("elector", "tally", "bootstrap", options={"cleanup_password": "sesame-7"})
        assert done["state"] == "done", done["message"]
        yield made


def leader(site: Site) -> dict[str, Any] | None:
    found = [one for one in site.tasks("elector", "tally") if one["texts"].get("elector.role") == "leader"]
    return found[0] if len(found) == 1 else None


def drilled(site: Site, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The operation of a drill at its end, and what is kept of it."""
    site.until("a leader", lambda: leader(site), 60)
    done = site.operate("elector", "tally", "drill", options={"drill": name})

    def kept() -> dict[str, Any] | None:
        row: dict[str, Any] = site.api.get(DRILLS)["done"][0]
        return row if row["operation"] == done["id"] and row["outcome"] != "open" else None

    return done, site.until("what it found", kept, 60)


def told(site: Site) -> list[tuple[str, str, str]]:
    database = sqlite3.connect(f"file:{site.folder}/console/minos.sqlite?mode=ro", uri=True)
    try:
        rows = database.execute("select kind, level, title from news where cluster = 'tally' order by id")
        return [row for row in rows if row[0] in ("note", "crash")]
    finally:
        database.close()


def test_it_is_refused_where_nobody_marked_the_cluster(site: Site) -> None:
    with pytest.raises(RuntimeError, match="not marked as a test cluster"):
        site.start("elector", "tally", "drill", options={"drill": "leader"})
    site.api.put_text(DRILLS, json.dumps({"test_cluster": True}), "application/json")


def test_the_other_one_leads_and_the_seconds_are_kept(site: Site) -> None:
    began = time.time()
    site.until("a leader", lambda: leader(site), 60)
    before = leader(site)
    assert before is not None
    done, found = drilled(site, "leader")
    assert done["state"] == "done", done["message"]
    assert found["outcome"] == "good" and found["victim"] == f"elector/{before['task_id']}"
    assert found["successor"] == f"elector/{1 - before['task_id']}"
    assert 0 < found["seconds"] <= found["well_seconds"] < time.time() - began
    after = site.until("the other one", lambda: leader(site), 30)
    assert after["task_id"] == 1 - before["task_id"]
    victim = site.tasks("elector", "tally")[before["task_id"]]
    assert victim["pid"] != before["pid"] and victim["restarts"] == 1
    assert told(site) == []  # neither the kill nor a drill that went well is anything to wake somebody for


def test_one_that_fails_is_told(site: Site) -> None:
    done, found = drilled(site, "amnesia")
    assert done["state"] == "failed" and found["outcome"] == "failed" and found["seconds"] > 0
    ((kind, level, title),) = told(site)
    assert (kind, level) == ("note", "error")
    assert title.startswith("The drill Kill the leader and forget on elector tally failed: ")
