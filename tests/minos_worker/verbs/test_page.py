"""read-page with a real worker and pages over real sockets."""

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome
from minos_common.verbs import ReadPageArgs, StartSpec, StatusPage
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, run

BEAN = "Hadoop:service=NameNode,name=FSNamesystem"


class Beans(http.server.BaseHTTPRequestHandler):
    """A Hadoop daemon's page; who asks with a choice of beans gets none."""

    def do_GET(self) -> None:
        beans = [{"name": BEAN, "tag.HAState": "active", "MissingBlocks": 3, "Nodes": ["a"]}]
        body = json.dumps({"beans": beans if self.path == "/jmx" else []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def page() -> Iterator[StatusPage]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Beans) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        keep = {"FSNamesystem.MissingBlocks": "hdfs.missing"}
        yield StatusPage("hadoop-jmx", f"127.0.0.1:{server.server_port}", "/jmx?qry=Hadoop:*", keep=keep)
        server.shutdown()


def test_the_whole_page_a_part_of_it_and_what_is_collected(
    worker: WorkerProcess, console: ConsoleDouble, page: StatusPage
) -> None:
    run(console, bash("exec sleep 1000", status=page))
    data = console.ask("read-page", ReadPageArgs(TASK)).data
    assert data["groups"] == {
        BEAN: {
            "tag.HAState": [1.0, "active", ""],
            "MissingBlocks": [3.0, "", "hdfs.missing"],
            "Nodes": [1.0, '["a"]', ""],
        }
    }
    assert (data["count"], data["left_out"]) == (3, 0) and page.address in data["source"]
    found = console.ask("read-page", ReadPageArgs(TASK, text="missing")).data["groups"]
    assert found == {BEAN: {"MissingBlocks": [3.0, "", "hdfs.missing"]}}
    only = console.ask("read-page", ReadPageArgs(TASK, only=[(BEAN, "Nodes")])).data["groups"]
    assert list(only[BEAN]) == ["Nodes"]


def test_why_there_is_nothing_is_told(worker: WorkerProcess, console: ConsoleDouble) -> None:
    stopped = console.ask("read-page", ReadPageArgs(TASK))
    assert stopped.outcome is Outcome.REFUSED and "does not run" in stopped.message
    run(console, bash("exec sleep 1000", status=StatusPage("hadoop-jmx", "127.0.0.1:1", "/jmx")))
    silent = console.ask("read-page", ReadPageArgs(TASK))
    assert silent.outcome is Outcome.FAILED and "does not answer" in silent.message
    other = TASK.__class__("kafka", "dptst-x", "broker")
    run(console, task=other)
    pageless = console.ask("read-page", ReadPageArgs(other))
    assert pageless.outcome is Outcome.REFUSED and "no JVM" in pageless.message


@pytest.mark.skipif(not shutil.which("java"), reason="needs a JDK")
def test_a_jvm_without_a_page_shows_what_it_shares(
    worker: WorkerProcess, console: ConsoleDouble, tmp_path: Path
) -> None:
    source = "public class Up { public static void main(String[] a) throws Exception { Thread.sleep(600000); } }"
    (tmp_path / "Up.java").write_text(source)
    run(console, StartSpec(["-Xmx32m"], [], [str(tmp_path / "Up.java")], []))
    groups = console.wait(
        lambda: console.ask("read-page", ReadPageArgs(TASK, text="java.threads")).data.get("groups"), 30
    )
    assert groups["java.threads"]["live"][0] >= 1
