"""The emergency brake on real workers: pulled in the middle of a restart, remembered by killed workers, released. In file order."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from minos_common.states import Outcome
from minos_common.verbs import StopArgs
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.whole.site import Site, a_site
from tests.whole.slow import describe_slow, slow_package

ADDRESSES = ["127.0.0.56", "127.0.0.57"]
REASON = "a rack burns"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two hosts, each with a daemon that runs."""
    folder = tmp_path_factory.mktemp("brake")
    with a_site(folder / "site", ADDRESSES) as made:
        made.api.upload(slow_package(folder), "slow", "r1")
        describe_slow(made, ADDRESSES)
        done = made.operate("generic", "slow", "bootstrap", options={"cleanup_password": "sesame-7"})
        assert done["state"] == "done", done["message"]
        yield made


def pids(site: Site) -> list[Any]:
    return [task["pid"] for task in site.tasks("generic", "slow")]


def steps(site: Site, operation: int, verb: str) -> list[str]:
    waves = site.operation(operation)["waves"]
    return [step["state"] for wave in waves for step in wave["steps"] if step["verb"] == verb]


def everybody_knows(site: Site) -> bool:
    told: dict[str, Any] = site.api.get("brake")
    return bool(told["workers"]["obey"] == len(ADDRESSES))


def wire_port(site: Site) -> int:
    line = next(one for one in (site.folder / "console.ini").read_text().splitlines() if one.startswith("minos.wire"))
    return int(line.rpartition(":")[2])


def as_the_console(site: Site) -> ConsoleDouble:
    """Somebody with the console's own key, on its port, who says nothing of the brake."""
    double = ConsoleDouble(site.folder / "console")
    double.close()
    double._port = wire_port(site)
    double.open()
    return double


@pytest.fixture(scope="module")
def held(site: Site) -> int:
    """A restart, one after the other, that was stopped in its middle."""
    number = site.start("generic", "slow", "restart", options={"update_config": False, "parallel": 1})
    site.until("the first stop", lambda: "running" in steps(site, number, "stop"), 30)
    site.api.post("brake", {"reason": REASON, "service": "generic", "cluster": "slow"})
    return number


def test_what_is_under_way_settles_and_nothing_more_is_sent(site: Site, held: int) -> None:
    site.until("the first stop's end", lambda: "done" in steps(site, held, "stop"), 60)
    site.until("workers that know", lambda: everybody_knows(site), 60)
    operation = site.operation(held)
    assert operation["state"] == "running" and operation["held"].endswith(f": {REASON}")
    assert (steps(site, held, "stop"), steps(site, held, "start")) == (["done", "waiting"], ["waiting", "waiting"])
    first, second = pids(site)
    assert first is None and second
    with pytest.raises(RuntimeError, match=f"409.*{REASON}"):
        site.start("generic", "slow", "start")
    assert site.api.get(f"operations/{held}")["message"] == ""


def test_what_runs_is_kept_running(site: Site, held: int) -> None:
    before = pids(site)[1]
    os.kill(before, signal.SIGKILL)
    site.until("its next process", lambda: pids(site)[1] not in (None, before), 30)


def test_killed_workers_that_are_back_while_the_console_is_away_still_refuse(site: Site, held: int) -> None:
    runs = pids(site)[1]
    site.console.kill()
    for host in site.hosts:
        host.daemon.kill()
    double = as_the_console(site)
    try:
        site.hosts[1].daemon.start()
        double.wait(lambda: double.beats, 120)
        report = double.ask("stop", StopArgs(TaskName("generic", "slow", "daemon")))
        assert report.outcome == Outcome.REFUSED and report.message.endswith(f": {REASON}")
        assert "brake" in report.data
    finally:
        double.close()
    assert Path(f"/proc/{runs}").exists()
    site.start_console()
    site.hosts[0].daemon.start()
    site.until("workers in touch", site.all_in_touch, 60)
    site.until("workers that know", lambda: everybody_knows(site), 60)
    assert steps(site, held, "stop") == ["done", "waiting"] and pids(site) == [None, runs]


def test_released_it_goes_on_to_its_end(site: Site, held: int) -> None:
    runs = pids(site)[1]
    (brake,) = site.api.get("brake")["pulled"]
    assert brake["held"] == [held]
    site.api.post(f"brake/{brake['id']}/release", {"confirm": "slow"})
    done = site.ended(held, 120)
    assert done["state"] == "done" and done["held"] == ""
    assert all(pids(site)) and pids(site)[1] != runs
    assert site.api.get("brake")["pulled"] == []
