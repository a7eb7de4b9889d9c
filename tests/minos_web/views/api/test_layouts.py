"""API: layouts recommended for new clusters."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.store.configdir import current_revision
from tests.minos_web.scene import ADDRESSES, add_default_files, add_hosts, add_package

GIB = 1 << 30


@pytest.fixture
def program(api_as: Callable[[str], TestApp], session: Session, console: Console) -> TestApp:
    """A deployer's program, on a console with three hosts, a package and the default files."""
    for number, host in enumerate(add_hosts(session)):
        host.facts, host.boot_id = {"memory": 16 * GIB, "java": "17"}, f"boot-{number}"
    add_package(session)
    add_default_files(session, console, 1.0)
    session.commit()
    return api_as("deployer")


def test_a_layout_with_its_file_that_can_be_saved_as_it_is(program: TestApp, console: Console) -> None:
    with console.readers() as session:
        before = current_revision(session)
    found = program.post_json("/api/v1/layouts", {"service": "zookeeper", "name": "lake"}).json
    assert (found["size"], found["level"], found["version"]) == ("small", "prc", "3.9.9")
    (job,) = found["jobs"]
    assert [host["address"] for host in job["hosts"]] == list(ADDRESSES)
    assert (job["base_port"], job["heap"]) == (12000, "1632m") and "10% of the 16.0 GiB" in job["why"]
    assert found["problems"] == [] and {check["level"] for check in found["checks"]} == {"pass"}
    with console.readers() as session:
        assert current_revision(session) == before, "nothing is written"
    saved = program.put(f"/api/v1/config/{found['path']}", found["text"].encode(), content_type="text/plain")
    assert saved.status_int in (200, 201)
    again = program.post_json("/api/v1/layouts", {"service": "zookeeper", "name": "lake"}, status=422).json
    assert again["error"]["field"] == "name"


def test_named_hosts_and_what_is_wrong(program: TestApp) -> None:
    wanted = {"service": "zookeeper", "name": "lake", "size": "small", "hosts": ["host-31", ADDRESSES[1]]}
    found = program.post_json("/api/v1/layouts", wanted).json
    assert len(found["jobs"][0]["hosts"]) == 1 and "instead of 3" in found["findings"][0]["text"]
    for changed, field in (
        ({"hosts": ["nowhere"]}, "hosts"),
        ({"size": "huge"}, "size"),
        ({"service": "nothing"}, "service"),
        ({"name": "La la"}, "name"),
        ({"package_id": 99}, "package_id"),
        ({"level": "x"}, "level"),
        ({"surprise": 1}, None),
    ):
        answer = program.post_json("/api/v1/layouts", {**wanted, **changed}, status=[400, 422]).json
        assert field is None or answer["error"]["field"] == field


def test_only_who_may_describe_clusters_asks(api_as: Callable[[str], TestApp]) -> None:
    for role in ("viewer", "operator"):
        api_as(role).post_json("/api/v1/layouts", {"service": "zookeeper", "name": "lake"}, status=403)
