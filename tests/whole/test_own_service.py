"""A site's own service: the folder that docs/adding-a-service.md builds, deployed, charted, judged. In file order."""

import io
import os
import signal
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.minos_web.catalog.worked_example import put_example
from tests.whole.site import Site, a_site, free_base_port

ADDRESSES = ["127.0.0.51", "127.0.0.52", "127.0.0.53"]
PASSWORD = {"cleanup_password": "sesame-7"}
CLUSTER = "clusters/counter/tally"
COUNTER = f"""\
#!{sys.executable}
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

told = dict(line.strip().split("=", 1) for line in open(sys.argv[1]) if "=" in line)
count = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global count
        if self.path.startswith("/reset/"):
            count = int(self.path.rpartition("/")[2])
        elif self.path == "/count":
            count += 1
        page = {{"state": "ready", "mood": int(count > 100), "requests": {{"total": count}}, "greeting": told["greeting"]}}
        body = json.dumps(page).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer((told["host"], int(told["port"])), Handler).serve_forever()
"""
ASK = f"""\
#!{sys.executable}
import sys, urllib.request

host, port, *words = sys.argv[1:]
print(urllib.request.urlopen(f"http://{{host}}:{{port}}/" + "/".join(words)).read().decode())
"""


GENERIC = """\
[cluster]
  name=plain
  version=1.0
  artifact=counter
  jobs=counter
[counter]
  base_port={base_port}
{hosts}
  program=$package_dir/bin/counter
  ports="http:0"
  web=http
  status="json http /status"
  figures="state=state requests=requests.total"
  ready="state=ready"
  start_seconds=1
  [[arguments]]
    extra_args=$run_dir/counter.conf
[configuration]
  [[counter.conf]]
    host=%{{current_host}}
    port=%{{counter.base_port}}
    greeting=hello
[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
  [[counter]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""


def package(folder: Path) -> Path:
    """counter-1.0.tar.gz."""
    path = folder / "counter-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in (("counter", COUNTER), ("ask", ASK)):
            member = tarfile.TarInfo(f"counter-1.0/bin/{name}")
            member.size, member.mode = len(text.encode()), 0o755
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with that folder and a broken one in its directory of services."""
    folder = tmp_path_factory.mktemp("own")
    services = put_example(folder / "services")
    (services / "bad").mkdir()
    (services / "bad" / "service.toml").write_text('artifact = "x"\njobs = 3\n')
    with a_site(folder / "site", ADDRESSES, services=services) as made:
        yield made


def tasks(site: Site) -> list[dict[str, Any]]:
    return site.tasks("counter", "tally")


def status(site: Site) -> str:
    return str(site.api.get(CLUSTER)["status"]["word"])


def ask(task: dict[str, Any], path: str) -> bytes:
    answer: bytes = urllib.request.urlopen(f"http://{task['address']}:{task['ports']['http']}{path}").read()
    return answer


def test_it_is_deployed(site: Site, tmp_path: Path) -> None:
    site.api.upload(package(tmp_path), "counter", "r1")
    base_port = free_base_port(ADDRESSES)
    hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(ADDRESSES))
    site.api.put_text(
        "config/conf/counter/counter-tally.cfg",
        f"[cluster]\n  name=tally\n  version=1.0\n  jobs=counter\n[counter]\n  base_port={base_port}\n{hosts}\n  [[arguments]]\n"
        "[configuration]\n  base=%{config_dir}/conf/counter/common/counter.cfg\n",
    )
    done = site.operate("counter", "tally", "bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    site.until("health", lambda: status(site) == "healthy", 60)
    assert b'"greeting": "hello"' in ask(tasks(site)[0], "/status")


def test_its_figures_are_read_called_and_kept(site: Site) -> None:
    for _ in range(3):
        ask(tasks(site)[1], "/count")
    site.until("the count", lambda: tasks(site)[1]["figures"].get("counter.requests") == 3, 30)
    assert tasks(site)[1]["texts"] == {"counter.state": "ready", "counter.mood": "calm"}
    series = site.api.get("series", metric="counter.requests", service="counter", cluster="tally")["series"]
    assert len(series) == 3 and all(one["points"] for one in series)


def test_its_commands_and_buttons_work(site: Site) -> None:
    run = site.run("counter/tally", "ask", "count")
    assert run.over()["exit_code"] == 0 and '"state": "ready"' in run.output_all()
    done = site.operate("counter", "tally", "procedure", options={"procedure": "reset", "value": "500"})
    assert done["state"] == "done", done["message"]
    site.until("its mood", lambda: tasks(site)[0]["texts"].get("counter.mood") == "busy", 30)


def test_it_is_updated_one_by_one_by_its_own_facts(site: Site) -> None:
    done = site.operate("counter", "tally", "rolling_update")
    assert done["state"] == "done", done["message"]
    gates = [step for wave in done["waves"] for step in wave["steps"] if step["verb"] == "gate"]
    assert len(gates) == 4
    assert [fact["title"] for fact in gates[0]["data"]["facts"]] == ["every counter is ready"]


def test_what_its_folder_demands_is_judged(site: Site) -> None:
    for number in (0, 1):
        assert site.operate("counter", "tally", "stop", tasks=[number])["state"] == "done"
    site.until("that too few run", lambda: "1 of 3 run, 2 needed" in site.api.get(CLUSTER)["status"]["reason"], 30)
    assert site.operate("counter", "tally", "start")["state"] == "done"
    os.kill(tasks(site)[2]["pid"], signal.SIGKILL)
    site.until("health", lambda: status(site) == "healthy" and tasks(site)[2]["restarts"] == 1, 60)


def test_the_same_daemon_needs_no_folder_at_all(site: Site) -> None:
    hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(ADDRESSES[:2]))
    text = GENERIC.format(base_port=free_base_port(ADDRESSES), hosts=hosts)
    site.api.put_text("config/conf/generic/generic-plain.cfg", text)
    done = site.operate("generic", "plain", "bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    assert done["waves"][-1]["name"] == "Wait until counter serves"
    ask(site.tasks("generic", "plain")[1], "/count")
    site.until("its count", lambda: site.tasks("generic", "plain")[1]["figures"].get("generic.requests") == 1, 30)
    assert site.operate("generic", "plain", "rolling_update")["state"] == "done"
    site.until("health", lambda: site.api.get("clusters/generic/plain")["status"]["word"] == "healthy", 60)
    assert site.operate("generic", "plain", "stop")["state"] == "done"
    assert site.operate("generic", "plain", "cleanup", options=PASSWORD)["state"] == "done"


def test_it_goes_as_it_came(site: Site) -> None:
    assert site.operate("counter", "tally", "stop")["state"] == "done"
    assert site.operate("counter", "tally", "cleanup", options=PASSWORD)["state"] == "done"
    for host in site.hosts:
        assert not [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/counter/tally/*")]
