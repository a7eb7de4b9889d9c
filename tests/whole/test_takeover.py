"""Two processes for pages and two engines on PostgreSQL: one engine works, is killed or stopped, and the other goes on. In file
order. ``make soak`` sets MINOS_SOAK and gets the long form: many takeovers.
"""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.whole.several import LEASE_SECONDS, Several, several
from tests.whole.site import Daemon, Site
from tests.whole.slow import describe_slow, slow_package

ADDRESSES = ["127.0.0.58", "127.0.0.59"]
ROUNDS = 20 if os.environ.get("MINOS_SOAK") else 1
SLACK_SECONDS = 25
"""Beside the lease: until workers have found the other engine, and a busy machine has had its turn."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Several]]:
    """Two hosts that have a package, sent in pieces by turns to both processes, and a description."""
    folder = tmp_path_factory.mktemp("takeover")
    with several(folder, ADDRESSES) as (site, more):
        send_by_turns(site, more, slow_package(folder))
        describe_slow(site, ADDRESSES)
        done = site.operate("generic", "slow", "bootstrap", options={"cleanup_password": "sesame-7"})
        assert done["state"] == "done", done["message"]
        yield site, more


def send_by_turns(site: Site, more: Several, path: Path) -> None:
    data, apis = path.read_bytes(), [site.api, more.second_api(site.token)]
    digest = hashlib.sha256(data).hexdigest()
    about = {
        "kind": "upload",
        "artifact": "slow",
        "revision": "r1",
        "name": path.name,
        "size": len(data),
        "sha256": digest,
    }
    arrival = f"arrivals/{apis[0].post('arrivals', about)['arrival']['id']}"
    for number, at in enumerate(range(0, len(data), 100)):
        piece = data[at : at + 100]
        query = f"offset={at}&sha256={hashlib.sha256(piece).hexdigest()}"
        apis[(number + 1) % 2].put_bytes(f"{arrival}/piece?{query}", piece)
    apis[1].post(f"{arrival}/finish")
    site.until("the package", lambda: apis[0].get(arrival)["state"] == "done", 60)


def begun(site: Site) -> list[int]:
    """How often the daemon of each host was started."""
    return [len(next(host.root.glob("app/**/begun")).read_text().splitlines()) for host in site.hosts]


def verbs(site: Site, operation: int, verb: str) -> list[str]:
    waves = site.operation(operation)["waves"]
    return [step["state"] for wave in waves for step in wave["steps"] if step["verb"] == verb]


def restart_in_its_middle(site: Site) -> int:
    number = site.start("generic", "slow", "restart", options={"update_config": False, "parallel": 1})
    site.until("the first stop", lambda: "running" in verbs(site, number, "stop"), 60)
    return number


def goes_on(site: Site, more: Several, operation: int, active: int) -> None:
    """The other engine takes over within the lease, and the operation comes to its end: nothing twice, nobody lost."""
    other, since, before = 1 - active, time.monotonic(), begun(site)
    site.until("the other engine", lambda: more.works(other), LEASE_SECONDS + SLACK_SECONDS)
    print(f"taken over after {time.monotonic() - since:.1f} s")
    ended = site.ended(operation)
    assert ended["state"] == "done", ended["message"]
    assert all(step["attempt"] == 1 for wave in ended["waves"] for step in wave["steps"])
    assert begun(site) == [times + 1 for times in before], "each was started once more, not twice"
    site.until("workers in touch", site.all_in_touch, 60)
    assert [(task["state"], task["restarts"]) for task in site.tasks("generic", "slow")] == [("RUNNING", 0)] * 2


def test_one_engine_works_for_both_processes_of_pages(whole: tuple[Site, Several]) -> None:
    site, more = whole
    assert more.works(0) and not more.works(1) and "standing by" in more.engines[1].log.read_text()
    for api in (site.api, more.second_api(site.token)):
        found = site.until("the logs", logs_by(api.get), 30)
        assert any(file["name"].endswith(".out") for file in found)
        assert api.get("operations")["operations"]


def logs_by(get: Callable[[str], dict[str, list[dict[str, str]]]]) -> Callable[[], list[dict[str, str]] | None]:
    return lambda: get("clusters/generic/slow/tasks/daemon/0/logs").get("files")


def test_one_that_is_killed_is_followed_and_the_operation_goes_on(whole: tuple[Site, Several]) -> None:
    site, more = whole
    for _ in range(ROUNDS):
        active = 0 if more.works(0) else 1
        operation = restart_in_its_middle(site)
        more.engines[active].kill()
        goes_on(site, more, operation, active)
        more.engines[active].start()
        site.until("one that stands by again", lambda at=active: stands_by(more.engines[at]), 60)


def stands_by(engine: Daemon) -> bool:
    lines = [
        line for line in engine.log.read_text().splitlines() if "standing by" in line or "works with epoch" in line
    ]
    return engine.process is not None and engine.process.poll() is None and "standing by" in lines[-1]


def test_one_that_was_stopped_and_wakes_up_sends_nothing_and_leaves(whole: tuple[Site, Several]) -> None:
    site, more = whole
    for left in reversed(range(ROUNDS)):
        active = 0 if more.works(0) else 1
        stopped, operation = more.engines[active].process, restart_in_its_middle(site)
        assert stopped is not None
        stopped.send_signal(signal.SIGSTOP)
        try:
            goes_on(site, more, operation, active)
        finally:
            stopped.send_signal(signal.SIGCONT)
        try:
            assert stopped.wait(30) == 1, "it says that it failed: whoever started it starts it again"
        except subprocess.TimeoutExpired:
            pytest.fail(f"it goes on: {more.engines[active].log.read_text()[-2000:]}")
        assert "another engine has taken over" in more.engines[active].log.read_text()
        assert more.works(1 - active) and site.all_in_touch()
        for host in site.hosts:
            last = [line for line in host.daemon.log.read_text().splitlines() if "connected to the console at" in line]
            assert last[-1].endswith(more.wires[1 - active]), "no worker went back"
        if left:
            more.engines[active].start()
            site.until("one that stands by again", lambda at=active: stands_by(more.engines[at]), 60)
