"""docs/production.md, word for word, on three machines: from two wheels and PyPI to a ZooKeeper that outlives all that may come.

``make install-test`` runs it: as root, with a network, in some ten minutes. It is no part of `make test`.
"""

import html
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from minos_common.version import VERSION
from tests.install.machines import Machine, machines
from tests.whole.ensemble import Ensemble
from tests.whole.site import Daemon, Site, WorkerHost
from tests.whole.test_rollout import _csrf, page

TOP = Path(__file__).resolve().parents[2]
DOCS = (TOP / "docs/production.md").read_text()
DIST = TOP / "dist"
OLD = "0.0.9"
"""The release that is installed first: this one by another number."""
ROOT = "/home/work/minos"

pytestmark = [
    pytest.mark.skipif(not os.environ.get("MINOS_INSTALL"), reason="make install-test"),
    pytest.mark.timeout(1200),
]


@dataclass
class Place:
    """The machines, and the console that came to be on the first of them."""

    machines: list[Machine]
    old: Path
    site: Site
    began: float

    @property
    def console(self) -> Machine:
        return self.machines[0]


def commands(heading: str, url: str) -> list[str]:
    """The blocks of commands below a heading of the page, with the address of this site."""
    section = DOCS.split(f"# {heading}\n", 1)[1]
    section = re.split(r"^#{2,3} ", section, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert blocks, f"docs/production.md has no commands below {heading}"
    kept = ["".join(line for line in block.splitlines(True) if not line.startswith("apt-get")) for block in blocks]
    return [block.replace("https://minos.example.org", url) for block in kept]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    old = _earlier_release(folder)
    with machines(folder, ["m1", "m2", "m3"]) as made:
        site = Site(folder, f"http://{made[0].address}:8088", "", Daemon([], folder / "none"))
        site.hosts = [WorkerHost(m.name, m.address, m.folder, Daemon([], m.folder / "none")) for m in made]
        yield Place(made, old, site, time.monotonic())


def _earlier_release(folder: Path) -> Path:
    left_out = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "build", "dist-*", "__pycache__", "tests")
    shutil.copytree(TOP, folder / "copy", ignore=left_out, symlinks=True)
    told = folder / "copy/minos_common/version.py"
    told.write_text(told.read_text().replace(f'"{VERSION}"', f'"{OLD}"'))
    subprocess.run(
        [sys.executable, "-W", "ignore", "build_dist.py", str(folder / "old")], cwd=folder / "copy", check=True
    )
    return folder / "old"


def the_wheel(folder: Path, name: str) -> Path:
    (found,) = folder.glob(f"{name}-*.whl")
    return found


def test_the_console_is_installed(place: Place) -> None:
    console, wheel = place.console, the_wheel(place.old, "minos_console")
    assert console.run("command -v node || echo none").strip() == "none"
    console.put(f"/root/{wheel.name}", wheel.read_bytes())
    install, start = commands("The console", place.site.url)
    console.run(install, outside=True)
    password = re.search(r"the password (\S+)", console.run(start))
    assert password is not None
    place.site.until("the console", place.site.answers, 60)
    place.site.password = _first_sign_in(place.site, password[1])
    style = re.search(r'href="([^"]+/style-\w+\.css)"', requests.get(f"{place.site.url}/sign-in", timeout=30).text)
    assert style is not None and requests.get(requests.compat.urljoin(place.site.url, style[1]), timeout=30).ok
    minos_init = (
        "runuser -u minos -- /opt/minos/bin/minos-init /etc/minos/production.ini --token-file /var/lib/minos/token"
    )
    console.run(minos_init)
    place.site.token = console.take("/var/lib/minos/token").decode().strip()
    print(f"\nthe console answers {time.monotonic() - place.began:.0f} s after the beginning")


def _first_sign_in(site: Site, printed: str) -> str:
    """What was printed is good for changing it only; the new password."""
    own = "three machines, one console"
    with requests.Session() as browser:
        form = browser.get(f"{site.url}/sign-in", timeout=30)
        fields = {"csrf_token": _csrf(form.text), "user": "admin", "password": printed}
        asked = browser.post(f"{site.url}/sign-in", data=fields, headers={"Origin": site.url}, timeout=30)
        fields = {"csrf_token": _csrf(asked.text), "current": printed, "password": own, "again": own}
        done = browser.post(f"{site.url}/account/password", data=fields, headers={"Origin": site.url}, timeout=30)
        assert asked.ok and done.ok, done.text[-2000:]
    return own


def test_hosts_come_by_a_line_and_by_hand(place: Place) -> None:
    first, second, third = place.machines
    asked = {"hours": "1", "root": ROOT, "data_dirs": ""}
    for machine, user in ((first, "work"), (second, "")):
        shown = page(place.site, "/workers/install", hosts=f"{machine.name} {machine.address}", user=user, **asked)
        line = html.unescape(shown.split('id="line-0">', 1)[1].split("</pre>", 1)[0])
        machine.run(line.replace("sudo sh", "sh"))
    wheel = the_wheel(place.old, "minos_worker")
    third.put(f"/root/{wheel.name}", wheel.read_bytes())
    for name in ("/etc/minos/worker.ini", "/etc/minos/minos-worker.service", "/var/lib/minos/console.pub"):
        third.put(f"/root/{name.rpartition('/')[2]}", first.take(name))
    (by_hand,) = commands("The hosts", place.site.url)
    before, _, after = by_hand.partition("install -o minos")
    third.run(before, outside=True)
    third.run(f"install -o minos{after}")
    libraries = third.run(f"{ROOT}/environment/bin/pip list").lower()
    assert "pyzmq" in libraries and "pyramid" not in libraries and "sqlalchemy" not in libraries
    place.site.until("the third host's hello", lambda: place.site.host("m3"), 60)
    place.site.api.post("hosts/m3/approve")
    place.site.until("all workers in touch", place.site.all_in_touch, 60)
    assert [(place.site.host(m.name) or {})["worker_version"] for m in place.machines] == [OLD] * 3
    print(f"\nthree hosts are in touch {time.monotonic() - place.began:.0f} s after the beginning")


@pytest.fixture(scope="module")
def ensemble(place: Place, zookeeper_package: Path) -> Ensemble:
    return Ensemble.described(place.site, zookeeper_package, 12000)


def pids(ensemble: Ensemble) -> list[tuple[int, int]]:
    return [(task["pid"], task["restarts"]) for task in ensemble.tasks()]


def test_a_zookeeper_is_deployed(place: Place, ensemble: Ensemble) -> None:
    done = ensemble.operate("bootstrap")
    assert done["state"] == "done", done
    place.site.until("a healthy ensemble", ensemble.healthy)
    client = ensemble.client(0)
    client.create("/kept", b"precious")
    client.stop()
    took = time.monotonic() - place.began
    print(f"\nZooKeeper runs {took:.0f} s after the beginning")
    assert took < 15 * 60


def _serves(ensemble: Ensemble, number: int) -> bool:
    try:
        return bool(ensemble.mntr(number).get("zk_server_state"))
    except OSError:  # it is not there yet
        return False


def test_a_host_loses_its_power(place: Place, ensemble: Ensemble) -> None:
    before = pids(ensemble)
    machine = place.machines[1]
    machine.power_off()
    place.site.until("a host that is lost", lambda: not place.site.all_in_touch(), 60)
    machine.boot()
    place.site.until("the host in touch again", place.site.all_in_touch, 60)
    place.site.until("its task again", lambda: ensemble.healthy() and pids(ensemble)[1][0], 120)
    after = pids(ensemble)
    assert (after[0], after[2]) == (before[0], before[2]), "the others noticed nothing"
    place.site.until("all three servers", lambda: all(_serves(ensemble, number) for number in range(3)), 60)


def test_the_consoles_machine_loses_its_power(place: Place, ensemble: Ensemble) -> None:
    before = pids(ensemble)
    place.console.power_off()
    place.console.boot()
    place.site.until("the console", place.site.answers, 60)
    place.site.until("all workers in touch", place.site.all_in_touch, 60)
    place.site.until("a healthy ensemble", ensemble.healthy, 120)
    assert pids(ensemble)[1:] == before[1:]


def test_an_upgrade_is_not_felt(place: Place, ensemble: Ensemble) -> None:
    before, wheel = pids(ensemble), the_wheel(DIST, "minos_console")
    place.console.put(f"/root/new/{wheel.name}", wheel.read_bytes())
    (upgrade,) = commands("Upgrade", place.site.url)
    pip, _, rest = upgrade.partition("\n")
    place.console.run(pip, at="/root/new", outside=True)
    place.console.run(rest, at="/root/new")
    place.site.until("the console", place.site.answers, 60)
    assert requests.get(f"{place.site.url}/healthz", timeout=10).json()["version"] == VERSION
    place.site.until("all workers in touch", place.site.all_in_touch, 60)
    worker = the_wheel(DIST, "minos_worker")
    package = place.site.api.upload(worker, "minos-worker", VERSION)["id"]
    done = place.site.ended(place.site.api.post("workers/operations", {"package": package, "at_once": 2})["id"])
    assert done["state"] == "done", done
    assert [(place.site.host(m.name) or {})["worker_version"] for m in place.machines] == [VERSION] * 3
    assert pids(ensemble) == before
    place.site.until("an ensemble that is judged again", ensemble.healthy)


def test_all_that_the_console_had_is_lost_and_comes_back(place: Place, ensemble: Ensemble) -> None:
    once, nightly = commands("Backup and restore", place.site.url)[:2]
    place.console.run(once)
    place.console.run(nightly)
    place.console.run("systemctl start minos-backup.service")
    before, known = pids(ensemble), _known(place.site)
    back = commands("Backup and restore", place.site.url)[2]
    place.console.run(back)
    place.site.until("the console", place.site.answers, 60)
    place.site.until("all workers in touch", place.site.all_in_touch, 60)
    assert _known(place.site) == known, "token, package, cluster file and hosts are what they were"
    place.site.until("an ensemble that is judged again", ensemble.healthy)
    assert pids(ensemble) == before
    done = ensemble.operate("restart")
    assert done["state"] == "done", done
    place.site.until("a healthy ensemble", ensemble.healthy)
    client = ensemble.client(2)
    assert client.get("/kept")[0] == b"precious"
    client.stop()


def _known(site: Site) -> dict[str, Any]:
    hosts = [(host["name"], host["state"], host["decided_by"]) for host in site.api.get("hosts")["hosts"]]
    packages = [package["name"] for package in site.api.get("packages")["packages"]]
    files = site.api.get_bytes("config/conf/zookeeper/zookeeper-dptst.cfg")
    return {"hosts": sorted(hosts), "packages": sorted(packages), "file": files}
