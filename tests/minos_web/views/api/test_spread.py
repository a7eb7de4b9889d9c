"""The console's part in a spread: who may ask, who is sent to whom, and how its own line is kept free."""

import base64
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from webtest import TestApp

from minos_common import bits
from minos_common.archives.blocks import decoded
from minos_common.verbs import SpreadTold
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.models.packages import Package
from minos_web.models.spread import PackageSpread
from minos_web.operations.integrity import look
from minos_web.operations.spreading import hear
from minos_web.security.tickets import For, make_ticket
from tests.minos_web.conftest import SECRET, Browser
from tests.minos_web.scene import add_hosts
from tests.minos_web.views.api.test_openapi import fits

SIZES = (300_000, 300_000, 300_000, 50_000)


@pytest.fixture
def package(api_as: Callable[[str], TestApp], console: Console, tarball: Callable[..., bytes]) -> dict[str, Any]:
    """A package of four blocks that do not get smaller, and three hosts that may ask each other."""
    files = {f"zookeeper-3.9.9/f{number}": os.urandom(size) for number, size in enumerate(SIZES)}
    url = "/api/v1/packages?artifact=zookeeper&revision=r1&name=zookeeper-3.9.9.tar.gz"
    found: dict[str, Any] = api_as("deployer").post(url, tarball(files), content_type="application/octet-stream").json
    small = replace(console, settings=msgspec.structs.replace(console.settings, spread_from_bytes=1))
    assert look(small, found["id"]) == ""
    with console.writers.begin() as session:
        for host in add_hosts(session, ["10.0.1.1", "10.0.1.2", "10.0.2.3"]):
            host.facts = {"peer_port": 8100}
    return found


@pytest.fixture
def worker(anonymous: TestApp, package: dict[str, Any]) -> Callable[..., Any]:
    """Asks as the worker of a host: method, what of the package, and more of webtest's."""

    def ask(host: int, method: str = "GET", what: str = "", **more: Any) -> Any:
        ticket = make_ticket(SECRET, For.PACKAGE, package["id"], host, time.time() + 60)
        headers = {"Authorization": f"Bearer {ticket}", **more.pop("headers", {})}
        url = f"/api/v1/packages/{package['id']}/spread{what}"
        return anonymous.request(url, method=method, headers=headers, expect_errors=True, **more)

    return ask


def tell(worker: Callable[..., Any], host: int, have: int = 0, **more: Any) -> tuple[int, list[tuple[int, str, int]]]:
    """What a host is told: the blocks to ask of the console, and (host, url, its blocks) of others."""
    told = SpreadTold(bits.to_bytes(have, 4), **more)
    answer = worker(host, "POST", body=msgspec.json.encode(told), content_type="application/json")
    assert answer.status_int == 200 and fits(answer.json, "/packages/{id}/spread", "post", "200") == []
    peers = [
        (one["host"], one["url"], bits.from_bytes(base64.b64decode(one["have"]), 4)) for one in answer.json["peers"]
    ]
    return bits.from_bytes(base64.b64decode(answer.json["console"]), 4), peers


def test_a_worker_with_a_ticket_gets_list_and_blocks(
    worker: Callable[..., Any], package: dict[str, Any], console: Console
) -> None:
    with console.readers() as session:
        row = session.get_one(Package, package["id"])
        sha256, size = row.manifest, row.blocks_size
    listed = decoded(worker(1, what="/manifest").body, sha256)
    assert (len(listed.blocks), listed.sha256) == (4, package["sha256"])
    part = worker(1, what="/blocks", headers={"Range": f"bytes=0-{listed.blocks[0].stored - 1}"})
    assert (part.status_int, len(part.body)) == (206, listed.blocks[0].stored)
    assert len(worker(1, what="/blocks").body) == size


@pytest.mark.parametrize("what", ["", "/manifest", "/blocks"])
def test_nobody_else_gets_them(
    anonymous: TestApp, api_as: Callable[[str], TestApp], package: dict[str, Any], console: Console, what: str
) -> None:
    url, method = f"/api/v1/packages/{package['id']}/spread{what}", "GET" if what else "POST"
    assert anonymous.request(url, method=method, expect_errors=True).status_int == 401
    assert api_as("admin").request(url, method=method, expect_errors=True).status_int == 403
    other = make_ticket(SECRET, For.PACKAGE, package["id"] + 1, 1, time.time() + 60)
    headers = {"Authorization": f"Bearer {other}"}
    assert anonymous.request(url, method=method, headers=headers, expect_errors=True).status_int == 401


def test_the_first_is_sent_to_the_console_and_the_others_to_the_first(worker: Callable[..., Any]) -> None:
    assert tell(worker, 1) == (0b1111, [])
    assert tell(worker, 2) == (0, []), "the first fetches all of it"
    assert tell(worker, 1, have=0b0011) == (0b1100, [])
    assert tell(worker, 2) == (0, [(1, "http://10.0.1.1:8100/blocks/", 0b0011)])
    assert tell(worker, 1, have=0b1111) == (0, [])
    assert tell(worker, 3) == (0, [(1, "http://10.0.1.1:8100/blocks/", 0b1111)])
    tell(worker, 3, have=0b1111)
    assert [host for host, _, _ in tell(worker, 2)[1]] == [1, 3], "its own network first"


def test_who_cannot_reach_anybody_is_sent_to_the_console(worker: Callable[..., Any]) -> None:
    tell(worker, 1, have=0b1111)
    assert tell(worker, 2, unreachable=[1]) == (0b1111, [])


@pytest.mark.parametrize("how", ["lost", "revoked", "has it no more", "gives nothing"])
def test_who_is_of_no_use_is_not_named(worker: Callable[..., Any], console: Console, how: str) -> None:
    tell(worker, 1, have=0b1111)
    values: dict[str, Any] = {
        "lost": {"beat_at": time.time() - 1000},
        "revoked": {"state": "rejected"},
        "has it no more": {"packages": []},
        "gives nothing": {"facts": {"peer_port": 0}},
    }[how]
    with console.writers.begin() as session:
        session.execute(update(Host).where(Host.id == 1).values(**values))
        session.connection().exec_driver_sql("UPDATE package_spread SET heard_at = heard_at - 100 WHERE host_id = 1")
    assert tell(worker, 2) == (0b1111, [])


def test_the_console_s_line_is_kept_free(package: dict[str, Any], console: Console) -> None:
    slow = replace(console, settings=msgspec.structs.replace(console.settings, spread_bytes_per_second=1000))
    few = replace(console, settings=msgspec.structs.replace(console.settings, spread_hosts=1))
    for limited, first in ((slow, 0b1), (few, 0b1111)):
        with console.writers() as session:
            row = session.get_one(Package, package["id"])
            hosts = [session.get_one(Host, number) for number in (1, 2)]
            given = [bits.from_bytes(hear(session, limited, row, host, SpreadTold(b"\0")).console, 4) for host in hosts]
            session.rollback()
        assert given == [first, 0]


def test_the_pages_and_the_api_tell_of_it(
    worker: Callable[..., Any], testapp: Browser, package: dict[str, Any]
) -> None:
    tell(worker, 1, have=0b1111, from_console=1_000_000)
    tell(worker, 2, have=0b0001, from_hosts=500_000)
    text = " ".join(testapp.get(f"/packages/{package['id']}").html.select_one("#spread").text.split())
    assert "1 of 2 hosts has all of it" in text and "25 %" in text and "977 KB" in text
    told = testapp.get(f"/api/v1/packages/{package['id']}").json
    assert [(one["host"], one["fraction"], one["fetching"]) for one in told["spread"]] == [
        ("host-2", 0.25, True),
        ("host-1", 1.0, False),
    ]
    assert fits(told, "/packages/{id}", "get", "200") == []


def test_a_list_of_blocks_that_is_lost_is_410(
    worker: Callable[..., Any], package: dict[str, Any], console: Console
) -> None:
    for path in (console.var / "packages").rglob("*.blocks"):
        path.unlink()
        path.with_suffix(".manifest").unlink()
    answers = [worker(1, what="/manifest"), worker(1, what="/blocks")]
    assert [answer.status_int for answer in answers] == [410, 410]


def test_the_rack_that_is_kept_of_a_host_counts(worker: Callable[..., Any], console: Console) -> None:
    with console.writers.begin() as session:
        session.add(Machine(host="host-3", rack="r7", created_at=1.0, changed_at=1.0, changed_by="eve"))
        session.add(
            Machine(host="elsewhere", ip="10.0.1.2", rack="r8", created_at=1.0, changed_at=1.0, changed_by="eve")
        )
    for host in (1, 2, 3):
        tell(worker, host)
    with console.readers() as session:
        assert dict(session.execute(select(PackageSpread.host_id, PackageSpread.rack)).all()) == {
            1: "10.0.1",
            2: "r8",
            3: "r7",
        }
