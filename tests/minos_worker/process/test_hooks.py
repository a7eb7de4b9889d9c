"""Short processes of our own, ports, java."""

import os
import socket
import time
from pathlib import Path

import pytest

from minos_common.settings import WorkerSettings
from minos_common.verbs import PortCheck
from minos_worker.process import hooks, java, ports

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def run(text: str, folder: Path, seconds: float = 10.0) -> hooks.Ended:
    return hooks.run(["/bin/bash", "-c", text], folder, ENVIRONMENT, seconds)


def test_code_and_output(tmp_path: Path) -> None:
    assert run("echo out; echo err >&2; exit 3", tmp_path) == hooks.Ended(3, "out\nerr\n")


def test_a_lot_of_output_neither_blocks_nor_fills_memory(tmp_path: Path) -> None:
    ended = run("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end", tmp_path)
    assert ended.code == 0 and ended.output.endswith("x\nend\n") and len(ended.output) <= 16384


def test_it_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    begin = time.monotonic()
    ended = run("echo begun; sleep 60 & sleep 60", tmp_path, 0.3)
    assert ended == hooks.Ended(None, "begun\n") and time.monotonic() - begin < 3


def test_it_is_ended_when_somebody_says_so(tmp_path: Path) -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        hooks.run(["/bin/sleep", "60"], tmp_path, ENVIRONMENT, 60, stop)


def test_a_child_that_keeps_the_output_open_does_not_hold_us_up(tmp_path: Path) -> None:
    begin = time.monotonic()
    assert run("sleep 3 & exit 0", tmp_path).code == 0
    assert time.monotonic() - begin < 2


def test_a_port_held_by_somebody_is_told_with_its_holder() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        check = PortCheck("127.0.0.1", server.getsockname()[1], "client")
        assert f"pid {os.getpid()}" in ports.trouble(check, set())
        assert ports.trouble(check, {os.getpid()}) == ""
    assert ports.trouble(check, set()) == ""


@pytest.mark.parametrize(("host", "words"), [("203.0.113.9", "does not have"), ("no.such.host.invalid", "not known")])
def test_addresses_that_are_not_of_this_host(host: str, words: str) -> None:
    assert words in ports.trouble(PortCheck(host, 2181, "client"), set())


def settings(**values: str) -> WorkerSettings:
    return WorkerSettings(console="c", console_key="k", root="/r", **values)


def test_java_is_found_and_tells_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "version" in java.version(java.find(settings()))
    assert java.version("/no/such/java") == ""


def test_java_where_the_settings_say_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(java.NoJava, match="java_home"):
        java.find(settings(java_home=str(tmp_path)))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(java.NoJava, match="JAVA_HOME"):
        java.find(settings())
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(java.NoJava, match="PATH"):
        java.find(settings())
