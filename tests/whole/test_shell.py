"""Client commands on a real ensemble, through the console: streamed, line by line, cancelled, over a killed console."""

from pathlib import Path

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.site import Site, free_base_port

CLUSTER = "zookeeper/shell"


@pytest.fixture(scope="module")
def running(site: Site, zookeeper_package: Path) -> Ensemble:
    """An ensemble that serves."""
    base_port = free_base_port([host.address for host in site.hosts])
    made = Ensemble.described(site, zookeeper_package, base_port, "shell")
    done = made.operate("bootstrap")
    assert done["state"] == "done", done["message"]
    return made


def test_one_command_ends_with_its_code_and_output(site: Site, running: Ensemble) -> None:
    run = site.run(CLUSTER, "zk", "ls /", host="host-22")
    over = run.over()
    assert (over["state"], over["exit_code"], over["host"]) == ("done", 0, "host-22"), run.output()
    assert "[zookeeper]" in run.output()


def test_what_it_cannot_do_is_its_exit_code(site: Site, running: Ensemble) -> None:
    run = site.run(CLUSTER, "zk", "get /nosuch")
    over = run.over()
    assert (over["state"], over["exit_code"] != 0) == ("failed", True)
    assert "Node does not exist: /nosuch" in run.output()


def test_a_client_that_reads_goes_line_by_line_over_a_killed_console(site: Site, running: Ensemble) -> None:
    run = site.run(CLUSTER, "zkcli")
    run.line('create /hello "from a shell"')
    run.printed("Created /hello")
    site.console.kill()
    site.start_console()
    site.until("workers in touch", site.all_in_touch, 30)
    run.line("get /hello")
    run.printed("from a shell")
    run.line("quit", end=True)
    assert run.over()["exit_code"] == 0
    again = site.run(CLUSTER, "zk", "get /hello")
    again.over()
    assert "from a shell" in again.output()


def test_a_cancelled_one_leaves_nothing(site: Site, running: Ensemble) -> None:
    run = site.run(CLUSTER, "zkcli", host="host-21")
    run.line("ls /")
    run.printed("zookeeper")
    site.api.post(f"runs/{run.number}/cancel")
    assert run.over()["state"] == "cancelled"
    assert not list((site.hosts[0].root / "app" / ".clients").iterdir())


def test_a_worker_that_is_killed_ends_its_commands_and_says_so(site: Site, running: Ensemble) -> None:
    run = site.run(CLUSTER, "zkcli", host="host-21")
    run.line("ls /")
    run.printed("zookeeper")
    site.hosts[0].daemon.kill()
    site.hosts[0].daemon.start()
    over = run.over()
    assert (over["state"], "died" in over["message"]) == ("failed", True)
    assert not list((site.hosts[0].root / "app" / ".clients").iterdir())


def test_a_hostile_word_stays_a_word(site: Site, running: Ensemble) -> None:
    run = site.run(CLUSTER, "zk", """create /x '$(touch /tmp/minos-hacked); `id` ${HOME}'""")
    assert run.over()["exit_code"] == 0, run.output()
    again = site.run(CLUSTER, "zk", "get /x")
    again.over()
    assert "$(touch /tmp/minos-hacked); `id` ${HOME}" in again.output()
    assert not Path("/tmp/minos-hacked").exists()


def test_a_wrong_one_is_refused_by_field(site: Site, running: Ensemble) -> None:
    for field, body in (
        ("words", {"command": "zk", "words": "get 'x"}),
        ("command", {"command": "nosuch"}),
        ("host", {"command": "zk", "host": "nosuch"}),
        ("seconds", {"command": "zk", "seconds": 0}),
    ):
        with pytest.raises(RuntimeError, match=r"422|409") as refused:
            site.api.post(f"clusters/{CLUSTER}/runs", body)
        assert field in str(refused.value) or field == "words", refused.value
