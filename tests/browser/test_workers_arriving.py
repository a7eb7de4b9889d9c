"""Hosts are added in the browser while real workers come: one with the token of its line, one that is compared and approved.

The last file of this folder by its name: what its hosts told stays among the figures that others choose from.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.whole.ensemble import FILE
from tests.whole.site import SCRIPTS, TOP, Daemon, Site, free_base_port, kill_below

POOL = "config/conf/zookeeper/zookeeper-pool.cfg"
WITH, WITHOUT = ("fresh-44", "127.0.0.44"), ("fresh-45", "127.0.0.45")


@dataclass
class NewHost:
    """A machine on which somebody runs a worker by hand."""

    name: str
    ini: Path
    daemon: Daemon

    def fingerprint(self) -> str:
        """What the worker prints of itself on its host."""
        command = [str(SCRIPTS / "minos-worker"), "--fingerprint", str(self.ini)]
        return subprocess.run(command, check=True, cwd=TOP, capture_output=True, text=True, timeout=60).stdout.strip()


def new_host(site: Site, name: str, address: str, token: str) -> NewHost:
    """An ini like those of the site's other workers, with the token that the page gave for it."""
    root = site.folder / name
    root.mkdir()
    old = site.hosts[0]
    text = (old.root / "worker.ini").read_text().replace(str(old.root), str(root))
    text = text.replace(f"name = {old.name}", f"name = {name}").replace(f"= {old.address}", f"= {address}")
    ini = root / "worker.ini"
    ini.write_text(f"{text}join_token = {token}\n" if token else text)
    return NewHost(name, ini, Daemon([str(SCRIPTS / "minos-worker"), str(ini)], root / "worker.log"))


@pytest.fixture
def come(site: Site) -> Iterator[list[NewHost]]:
    """Workers that the test starts; neither they nor their hosts are there afterwards."""
    hosts: list[NewHost] = []
    yield hosts
    for host in hosts:
        if site.host(host.name):
            site.api.post(f"hosts/{host.name}/revoke")
        host.daemon.end()
        kill_below(host.ini.parent)


@pytest.fixture
def pool(site: Site) -> Iterator[None]:
    """A cluster that is described on one host, and is nowhere."""
    base_port = free_base_port([host.address for host in site.hosts], blocks=9) + 700
    text = FILE.format(name="pool", version="3.9.9", base_port=base_port, hosts="  host.0=127.0.0.41")
    site.api.put_text(POOL, text)
    yield
    site.api.delete(POOL)


def arrival(page: Page, name: str) -> Locator:
    return page.locator(f"#arrival-{name}")


def test_hosts_arrive_and_come_into_a_cluster(page: Page, site: Site, come: list[NewHost], pool: None) -> None:
    page.goto("/hosts")
    page.get_by_role("link", name="Add hosts").first.click()
    expect(page.get_by_label("Hosts", exact=True)).to_be_focused()
    page.keyboard.type(f"{' '.join(WITH)}\n{' '.join(WITHOUT)}")
    page.get_by_role("button", name="Make install lines").click()
    token = re.search(r"--token (join_\S+)", page.locator("#line-0").inner_text())
    assert token is not None
    page.get_by_role("link", name="Next: see them arrive").click()
    expect(arrival(page, WITH[0])).to_contain_text("not heard of yet")
    come += [new_host(site, *WITH, token[1]), new_host(site, *WITHOUT, "")]
    for host in come:
        host.daemon.start()
    told = page.locator("#arrivals [role=status]")
    expect(told).to_have_text("1 of 2 hosts approved, 1 waiting for you.")
    expect(arrival(page, WITH[0]).get_by_role("checkbox")).to_have_count(0)
    print_on_host = come[1].fingerprint()
    expect(arrival(page, WITHOUT[0])).to_contain_text(re.search(r"\S+$", print_on_host)[0])  # type: ignore[index]
    arrival(page, WITHOUT[0]).get_by_role("checkbox").check()
    page.get_by_role("button", name="Approve the ticked ones").click()
    expect(told).to_have_text("2 of 2 hosts approved.")
    page.get_by_role("button", name="Next: what they lack").click()
    for name, _address in (WITH, WITHOUT):
        row = page.get_by_role("row", name=name)
        expect(row).to_contain_text("ready")
        expect(row.get_by_role("link", name=name)).to_be_visible()
    comes_into_the_pool(page)
    page.get_by_role("link", name="Go to the hosts").click()
    expect(page.locator("#host-rows tr", has_text="fresh-")).to_have_count(2)


def comes_into_the_pool(page: Page) -> None:
    """The file gets a line for each, seen before it is saved; nothing is begun on any host."""
    page.get_by_role("button", name="Next: into a cluster").click()
    page.get_by_label("Cluster", exact=True).select_option("zookeeper/pool")
    page.get_by_role("button", name="Show its jobs").click()
    page.get_by_label("ZooKeeper server").check()
    page.get_by_role("button", name="Show the difference and the plan").click()
    for address in (WITH[1], WITHOUT[1]):
        expect(page.locator(".mn-sides__text--add", has_text=address)).to_be_visible()
    page.get_by_role("button", name="Only save the file").click()
    expect(page.locator("#result")).to_contain_text("its file is saved, nothing is on any host yet")
    expect(page.locator("#result tbody tr")).to_have_count(2)
