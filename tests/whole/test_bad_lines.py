"""Operations over lines that lose, double, delay and reorder messages: each settles to the truth, nothing happens twice.

``make soak`` sets MINOS_SOAK and gets the long form.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common import wire
from tests.whole.ensemble import Ensemble
from tests.whole.faulty_wire import Faults, FaultySite, FaultyWire
from tests.whole.site import Site, WorkerHost, a_site, free_base_port

ROUNDS = 20 if os.environ.get("MINOS_SOAK") else 1
BAD = Faults(lost=0.2, doubled=0.2, delay=0.5)
GOOD = Faults(lost=0, doubled=0, delay=0)


@pytest.fixture(scope="module")
def lines() -> Iterator[FaultySite]:
    made = FaultySite()
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, lines: FaultySite) -> Iterator[Site]:
    """Three workers, each behind a line of its own; the lines are good until they are made bad."""

    def put_between(site: Site) -> None:
        key = (site.folder / "console" / "console.pub").read_bytes().strip()
        for seed, host in enumerate(site.hosts):
            ini = host.root / "worker.ini"
            console = re.search(r"console = (.*)", ini.read_text())
            assert console is not None
            (host.root / "worker").mkdir(mode=0o700)
            line = FaultyWire(console[1], key, wire.keys_at(host.root / "worker" / "worker.key"), GOOD, seed)
            lines.lines.append(line)
            text = ini.read_text().replace(console[1], line.endpoint)
            ini.write_text(re.sub(r"console_key = .*", f"console_key = {line.keys.public.decode()}", text))

    folder = tmp_path_factory.mktemp("lines")
    with a_site(folder, ["127.0.0.51", "127.0.0.52", "127.0.0.53"], put_between) as made:
        yield made


def counted(host: WorkerHost, pattern: str) -> int:
    return len(re.findall(pattern, (host.root / "worker.log").read_text()))


@pytest.mark.timeout(300 * (ROUNDS + 1))
def test_everything_settles_and_nothing_happens_twice(site: Site, lines: FaultySite, zookeeper_package: Path) -> None:
    ensemble = Ensemble.described(site, zookeeper_package, free_base_port([h.address for h in site.hosts]), "bad")
    lines.set(BAD)
    done = [ensemble.operate("bootstrap")]
    for _ in range(ROUNDS):
        done.append(ensemble.operate("restart"))
        done.append(ensemble.operate("stop"))
        done.append(ensemble.operate("start"))
    done.append(ensemble.operate("stop"))
    assert [one["state"] for one in done] == ["done"] * len(done), [one["message"] for one in done]
    lines.set(GOOD)
    site.until("true states", lambda: [task["state"] for task in ensemble.tasks()] == ["STOPPED"] * 3)
    assert [task["restarts"] for task in ensemble.tasks()] == [0, 0, 0]
    starts = stops = 1 + 2 * ROUNDS
    for host in site.hosts:
        assert counted(host, r"started with pid \d+") == starts
        assert counted(host, r"\(pid \d+\) ended:") == stops
    tally = lines.tally
    assert min(tally.lost, tally.doubled) > 20, tally
    print(f"messages passed {tally.passed}, lost {tally.lost}, doubled {tally.doubled}")
