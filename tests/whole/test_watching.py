"""Daemons that are killed, that hang and that grow, on real workers: who is told what, and what is restarted. In file order."""

import io
import json
import os
import signal
import sqlite3
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.whole.site import Site, a_site, free_base_port

ADDRESSES = ["127.0.0.54", "127.0.0.55"]
DAEMON = f"""\
#!{sys.executable}
import json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

told = dict(line.strip().split("=", 1) for line in open(sys.argv[1]) if "=" in line)
hangs, kept = [], []
print("I am up", flush=True)
print("my password=hunter2", flush=True)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/hang":
            hangs.append(1)
        elif self.path == "/grow":
            kept.append(bytearray(b"x") * (96 * 1024 * 1024))
        elif hangs:
            time.sleep(3600)
        body = json.dumps({{"state": "ready"}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer((told["host"], int(told["port"])), Handler).serve_forever()
"""
CLUSTER = """\
[cluster]
  name=plain
  version=1.0
  artifact=daemon
  jobs=daemon
[daemon]
  base_port={base_port}
{hosts}
  program=$package_dir/bin/daemon
  ports="http:0"
  web=http
  status="json http /status"
  figures="state=state"
  ready="state=ready"
  start_seconds=1
  [[arguments]]
    extra_args=$run_dir/daemon.conf
[configuration]
  [[daemon.conf]]
    host=%{{current_host}}
    port=%{{daemon.base_port}}
[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
  [[daemon]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""
WATCHING = "clusters/generic/plain/watching"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two hosts, each with a daemon that runs."""
    folder = tmp_path_factory.mktemp("watching")
    with a_site(folder / "site", ADDRESSES, crash_batch_seconds=2) as made:
        path = folder / "daemon-1.0.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            member = tarfile.TarInfo("daemon-1.0/bin/daemon")
            member.size, member.mode = len(DAEMON.encode()), 0o755
            archive.addfile(member, io.BytesIO(DAEMON.encode()))
        made.api.upload(path, "daemon", "r1")
        hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(ADDRESSES))
        text = CLUSTER.format(base_port=free_base_port(ADDRESSES), hosts=hosts)
        made.api.put_text("config/conf/generic/generic-plain.cfg", text)
        done = made.operate("generic", "plain", "bootstrap", options={"cleanup_password": "sesame-7"})
        past(made, done)
        yield made


def past(site: Site, done: dict[str, Any]) -> None:
    """What happens from now on is not of this operation."""
    assert done["state"] == "done", done["message"]
    site.until("its end to be past", lambda: time.time() - done["ended_at"] > 3)


def tasks(site: Site) -> list[dict[str, Any]]:
    return site.tasks("generic", "plain")


def rows(site: Site, table: str) -> list[dict[str, Any]]:
    """What stands in a table, oldest first."""
    database = sqlite3.connect(f"file:{site.folder}/console/minos.sqlite?mode=ro", uri=True)
    try:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f"select * from {table} order by id")]
    finally:
        database.close()


def news(site: Site, kind: str = "") -> list[dict[str, Any]]:
    """What was told of the cluster, or is to be, by what is tested here."""
    told = [row for row in rows(site, "news") if row["cluster"] == "plain" and kind in ("", row["kind"])]
    return [row for row in told if row["key"].startswith(("crash ", "watch-"))]


def watched(site: Site, kind: str, about: str) -> list[dict[str, Any]]:
    return [row for row in news(site, kind) if row["key"].startswith(about)]


def watch(site: Site, **policy: Any) -> None:
    body = {"policies": [{"job": "daemon", **policy}]} if policy else {"policies": []}
    site.api.put_text(WATCHING, json.dumps(body), "application/json")


def ask(task: dict[str, Any], path: str) -> None:
    urllib.request.urlopen(f"http://{task['address']}:{task['ports']['http']}{path}", timeout=30).read()


def running_anew(site: Site, number: int, pid: int) -> bool:
    task = tasks(site)[number]
    answers = task["texts"].get("generic.state") == "ready"
    return task["pid"] not in (None, pid) and task["status"]["kind"] == "running" and answers


def operations(site: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.api.get("operations")["operations"]
    return [one for one in found if one["created_by"] == "minos"]


def test_a_kill_is_one_news_with_signal_and_last_lines(site: Site) -> None:
    pid = tasks(site)[0]["pid"]
    os.kill(pid, signal.SIGKILL)
    site.until("the news", lambda: news(site, "crash"), 30)
    site.until("its next process", lambda: running_anew(site, 0, pid), 30)
    (told,) = news(site)
    assert told["title"] == "daemon/0 of generic plain ended unexpectedly: restarted after signal 9 (KILL)"
    assert told["host"] == "host-54" and f"pid {pid}" in told["text"]
    assert "    I am up" in told["text"] and "hunter2" not in told["text"]
    assert told["path"] == "/clusters/generic/plain/tasks/daemon/0/log"


def test_it_is_not_told_again_by_a_worker_or_console_that_starts_anew(site: Site) -> None:
    pid = tasks(site)[1]["pid"]
    site.console.kill()
    os.kill(pid, signal.SIGKILL)  # while nobody hears of it
    site.hosts[1].daemon.kill()
    site.hosts[1].daemon.start()
    site.start_console()
    site.until("the news", lambda: len(news(site, "crash")) == 2, 60)
    site.until("its next process", lambda: running_anew(site, 1, pid), 60)
    site.console.kill()
    site.start_console()
    site.until("workers in touch", site.all_in_touch, 30)
    site.until("a look at the news", lambda: len(news(site)) == 2, 10)


def test_an_operators_stop_is_no_crash_and_one_that_flaps_is_told_once(site: Site) -> None:
    assert [row["host"] for row in rows(site, "crashes")] == ["host-54", "host-55"]
    assert site.operate("generic", "plain", "stop")["state"] == "done"
    past(site, site.operate("generic", "plain", "start"))
    pid = tasks(site)[0]["pid"]
    os.kill(pid, signal.SIGKILL)
    site.until("the third crash", lambda: len(rows(site, "crashes")) == 3, 60)
    site.until("its next process", lambda: running_anew(site, 0, pid), 60)
    assert rows(site, "crashes")[2]["quiet"] == ""  # it will be told, but not within ten minutes of the last time
    assert len(news(site)) == 2


def test_a_daemon_that_hangs_is_told_and_only_told(site: Site) -> None:
    watch(site, page={"checks": 2, "seconds": 2, "grace": 1})
    task = tasks(site)[0]
    ask(task, "/hang")
    site.until("the news", lambda: watched(site, "problem", "watch-page"), 60)
    assert tasks(site)[0]["pid"] == task["pid"] and operations(site) == []


def test_it_is_restarted_when_that_is_wished(site: Site) -> None:
    pid = tasks(site)[0]["pid"]
    watch(site, page={"checks": 2, "seconds": 2, "grace": 1, "action": "restart"})
    site.until("its next process", lambda: running_anew(site, 0, pid), 90)
    (operation,) = operations(site)
    done = site.ended(operation["id"])
    assert done["state"] == "done" and done["action"] == "restart"
    site.until("the end of it", lambda: watched(site, "recovery", "watch-page"), 60)
    assert len(watched(site, "problem", "watch-page")) == 1
    assert site.api.get(WATCHING)["wrong"] == []


def test_one_that_grows_is_restarted(site: Site) -> None:
    watch(site, memory={"bytes": 80 * 1024**2, "checks": 2, "action": "restart"})
    task = tasks(site)[1]
    ask(task, "/grow")
    site.until("its next process", lambda: running_anew(site, 1, task["pid"]), 90)
    site.until("the end of it", lambda: watched(site, "recovery", "watch-memory"), 60)
    (told,) = watched(site, "problem", "watch-memory")
    assert "needs more memory than it may" in told["title"] and "restarted by operation" in told["text"]
    assert len(operations(site)) == 2
    assert len(rows(site, "crashes")) == 3  # a restart is no crash
