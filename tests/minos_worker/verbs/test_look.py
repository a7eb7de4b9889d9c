"""preflight, probe and the verbs that read files, with a real worker."""

import http.server
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome
from minos_common.verbs import (
    ListLogsArgs,
    PortCheck,
    PreflightArgs,
    ProbeArgs,
    ReadFilesArgs,
    ReadLogArgs,
    StatusPage,
)
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, run


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that this test's process listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert isinstance(port, int)
        return port


def test_preflight_names_every_failing_point(worker: WorkerProcess, console: ConsoleDouble, taken: int) -> None:
    data = worker.layout.data_dir(TASK, 0)
    data.mkdir(parents=True)
    (data / "old").write_text("x")
    ports = [
        PortCheck("127.0.0.1", taken, "client"),
        PortCheck("203.0.113.7", 2181, "admin"),
        PortCheck("127.0.0.1", free_port(), "x"),
    ]
    report = console.ask("preflight", PreflightArgs(TASK, ports, bootstrap=True, package_bytes=2**60))
    assert report.outcome is Outcome.FAILED
    for words in (
        f"port {taken} (client)",
        f"pid {os.getpid()}",
        "203.0.113.7",
        "does not have",
        str(data),
        "MiB free",
    ):
        assert words in report.message
    assert "(x)" not in report.message


def test_preflight_finds_nothing_wrong(worker: WorkerProcess, console: ConsoleDouble) -> None:
    ports = [PortCheck("127.0.0.1", free_port(), "client")]
    report = console.ask("preflight", PreflightArgs(TASK, ports, bootstrap=True, package_bytes=1000))
    assert report.outcome is Outcome.DONE, report


def test_preflight_of_the_same_port_on_another_address_of_the_host(
    worker: WorkerProcess, console: ConsoleDouble, taken: int
) -> None:
    report = console.ask("preflight", PreflightArgs(TASK, [PortCheck("127.0.0.2", taken, "client")], bootstrap=True))
    assert report.outcome is Outcome.DONE, report


def test_preflight_of_a_task_that_holds_its_ports_itself(worker: WorkerProcess, console: ConsoleDouble) -> None:
    port = free_port()
    run(console, bash(f"exec python3 -m http.server --bind 127.0.0.1 {port}"))
    console.ask("probe", ProbeArgs("port", host="127.0.0.1", port=port))
    report = console.ask("preflight", PreflightArgs(TASK, [PortCheck("127.0.0.1", port, "web")], bootstrap=False))
    assert report.outcome is Outcome.DONE, report


def test_preflight_wants_a_bootstrap_or_none(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("preflight", PreflightArgs(TASK, [], bootstrap=False))
    assert report.outcome is Outcome.FAILED and "not bootstrapped" in report.message
    bootstrap(console)
    assert console.ask("preflight", PreflightArgs(TASK, [], bootstrap=False)).outcome is Outcome.DONE
    report = console.ask("preflight", PreflightArgs(TASK, [], bootstrap=True))
    assert report.outcome is Outcome.FAILED and "already bootstrapped" in report.message


def test_preflight_without_java(tmp_path: Path, console: ConsoleDouble) -> None:
    worker = WorkerProcess(tmp_path / "host2", console, java_home="/nowhere/jdk")
    try:
        worker.start()
        report = console.ask("preflight", PreflightArgs(TASK, [], bootstrap=True))
        assert report.outcome is Outcome.FAILED and "/nowhere/jdk" in report.message
        report = console.ask("preflight", PreflightArgs(TASK, [], bootstrap=True, needs_java=False))
        assert report.outcome is Outcome.DONE
    finally:
        worker.clean_up()


# ---- probe --------------------------------------------------------------------------------------------------------


def test_probe_waits_for_a_port(worker: WorkerProcess, console: ConsoleDouble) -> None:
    port = free_port()
    command = console.send("probe", ProbeArgs("port", host="127.0.0.1", port=port))
    console.wait(lambda: [said for said in console.progress if said.command_id == command])
    with socket.create_server(("127.0.0.1", port)):
        assert console.report(command).outcome is Outcome.DONE


def test_probe_fails_at_its_deadline_with_the_reason(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("probe", ProbeArgs("port", host="127.0.0.1", port=free_port()), expires_in=1.0)
    assert report.outcome is Outcome.FAILED and "does not answer" in report.message


def test_probe_of_a_status_page(worker: WorkerProcess, console: ConsoleDouble) -> None:
    state = {"server_state": "follower"}

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (
                '{{"command":"monitor","error":null,"server_state":"{}","znode_count":5}}'.format(state["server_state"])
            ).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{server.server_address[1]}"
        keep = {"server_state": "zookeeper.state", "znode_count": "zookeeper.znodes"}
        run(
            console,
            bash("exec sleep 1000", status=StatusPage("zookeeper-admin", address, "/commands/monitor", keep=keep)),
        )
        command = console.send("probe", ProbeArgs("status", TASK, expect={"zookeeper.state": ["leader"]}))
        console.wait(lambda: [p for p in console.progress if p.command_id == command and "follower" in p.message])
        state["server_state"] = "leader"
        report = console.report(command)
        assert report.outcome is Outcome.DONE and report.data["values"] == {"zookeeper.state": "leader"}
        group = console.wait(
            lambda: next((g for b in console.samples for g in b.groups if g.task == TASK and g.texts), None)
        )
        assert group.texts in ({"zookeeper.state": "leader"}, {"zookeeper.state": "follower"})
        assert group.figures["zookeeper.znodes"] == 5.0
        server.shutdown()
    failed = console.wait(
        lambda: next((g for b in console.samples for g in b.groups if g.task == TASK and g.error), None)
    )
    assert "does not answer" in failed.error


def test_probes_that_cannot_be(worker: WorkerProcess, console: ConsoleDouble) -> None:
    assert console.ask("probe", ProbeArgs("smell")).outcome is Outcome.REFUSED
    bootstrap(console)
    report = console.ask("probe", ProbeArgs("status", TASK))
    assert report.outcome is Outcome.REFUSED and "no status page" in report.message


# ---- files --------------------------------------------------------------------------------------------------------


def test_logs_are_listed_and_read(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, bash("echo hello from it; exec sleep 1000"))
    (worker.layout.log_dir(TASK) / "zk.log").write_text("".join(f"line {n}\n" for n in range(1000)))
    files = console.ask("list-logs", ListLogsArgs(TASK)).data["files"]
    names = [file["name"] for file in files]
    assert "log/zk.log" in names and any(name.startswith("stdout/zookeeper_") for name in names)
    last = console.ask("read-log", ReadLogArgs(TASK, "log/zk.log", limit=20)).data
    assert last["text"].endswith("line 999\n") and last["next_offset"] == last["size"]
    first = console.ask("read-log", ReadLogArgs(TASK, "log/zk.log", offset=0, limit=14)).data
    assert first["text"] == "line 0\nline 1\n" and first["next_offset"] == 14
    newest = console.ask("read-log", ReadLogArgs(TASK)).data
    assert newest["text"] == "hello from it\n" and newest["name"].startswith("stdout/")


@pytest.mark.parametrize(
    "name",
    [
        "log/../../../../etc/passwd",
        "/etc/passwd",
        "log//etc/passwd",
        "log",
        "log/",
        "conf/x",
        "log/./x",
        "log/\0",
        "..",
        "log/fifo",
        "log/link",
        "log/linked/passwd",
        "log/null",
        "log/sub",
    ],
)
def test_only_regular_files_of_the_task_are_read(worker: WorkerProcess, console: ConsoleDouble, name: str) -> None:
    bootstrap(console)
    log = worker.layout.log_dir(TASK)
    os.mkfifo(log / "fifo")
    (log / "link").symlink_to("/etc/passwd")
    (log / "linked").symlink_to("/etc")
    (log / "sub").mkdir()
    if os.getuid() == 0:
        os.mknod(log / "null", 0o20666, os.makedev(1, 3))
    report = console.ask("read-log", ReadLogArgs(TASK, name), seconds=5)
    assert report.outcome in (Outcome.REFUSED, Outcome.FAILED) and "root:" not in str(report)
    listed = [file["name"] for file in console.ask("list-logs", ListLogsArgs(TASK)).data["files"]]
    assert listed == []


def test_files_are_read_as_they_stand_on_disk(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console, files={"zoo.cfg": "tickTime=2000\n"})
    (worker.layout.run_dir(TASK) / "zoo.cfg").write_text("changed by hand\n")
    files = console.ask("read-files", ReadFilesArgs(TASK)).data["files"]
    assert files["zoo.cfg"] == "changed by hand\n" and files["start.sh"].startswith("#!/bin/bash")


def test_the_same_program_started_by_somebody_else_is_told_and_not_doubled(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    program = "import socket,sys,time; s=socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(s.getsockname()[1], flush=True); time.sleep(1000)"
    other = subprocess.Popen([sys.executable, "-c", program, "org.example.Main"], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        port = PortCheck("127.0.0.1", int(other.stdout.readline()), "client")
        args = PreflightArgs(TASK, [port], bootstrap=True, main="org.example.Main")
        report = console.ask("preflight", args)
        assert report.outcome is Outcome.FAILED
        assert "this very program runs already, started outside of Minos: pid" in report.message
        assert f"pid {other.pid} (python" in report.message
        args.main = "org.example.Other"
        assert "is taken by pid" in console.ask("preflight", args).message
    finally:
        other.kill()
        other.wait()
