"""A worker's key is changed through the API while its tasks run; console and worker may die in the middle."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whole.site import Site, a_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Console and one worker."""
    with a_site(tmp_path_factory.mktemp("keys"), ["127.0.0.23"]) as made:
        yield made


def row(site: Site) -> dict[str, Any]:
    found = site.host("host-23")
    assert found is not None
    return found


def rotated(site: Site, before: str) -> bool:
    now = row(site)
    return now["fingerprint"] != before and not now["key_changes"] and site.all_in_touch()


def file_of(site: Site) -> Path:
    return site.hosts[0].root / "worker" / "worker.key"


def test_a_worker_gets_a_new_key(site: Site) -> None:
    before, starts = row(site)["fingerprint"], row(site)["worker_starts"]
    site.api.post("hosts/host-23/rotate-key")
    site.until("the new key", lambda: rotated(site, before))
    assert row(site)["worker_starts"] == starts and row(site)["key_since"]
    site.until("its file", lambda: file_of(site).read_text().split()[0] == row(site)["public_key"])
    site.hosts[0].daemon.kill()
    site.hosts[0].daemon.start()
    site.until("the worker with its new key", lambda: row(site)["worker_starts"] == starts + 1 and site.all_in_touch())
    assert len(site.api.get("hosts")["hosts"]) == 1  # nobody new waits at the door


@pytest.mark.parametrize("victim", ["worker", "console"])
def test_whoever_dies_in_the_middle_it_gets_there(site: Site, victim: str) -> None:
    before = row(site)["fingerprint"]
    site.api.post("hosts/host-23/rotate-key")
    if victim == "worker":
        site.hosts[0].daemon.kill()
        site.hosts[0].daemon.start()
    else:
        site.console.kill()
        site.start_console()
    site.until("the new key", lambda: rotated(site, before), 60)
    assert len(site.api.get("hosts")["hosts"]) == 1


def test_the_consoles_own_key_is_changed_as_the_docs_say(site: Site) -> None:
    """Its worker.ini names the file with the console's public key; others hold the key itself."""
    var = site.folder / "console"
    site.console.kill()
    (var / "console.key").rename(var / "console.key.old")
    site.start_console()
    log = site.hosts[0].daemon.log
    site.until(
        "the worker to refuse a console with another key", lambda: "refuses the handshake" in log.read_text(), 60
    )
    site.hosts[0].daemon.kill()
    site.hosts[0].daemon.start()
    site.until("the worker that knows the new key", site.all_in_touch, 60)
    assert len(site.api.get("hosts")["hosts"]) == 1
