"""The lookups of the original package server, for its tools: the same addresses and keys, JSON, and only with a token."""

from collections.abc import Callable
from typing import Any

import pytest
from webtest import TestApp


@pytest.fixture
def package(api_as: Callable[[str], TestApp], tarball: Callable[..., bytes]) -> dict[str, Any]:
    url = "/api/v1/packages?artifact=zookeeper&revision=r1&name=zookeeper-3.9.9.tar.gz"
    found: dict[str, Any] = api_as("deployer").post(url, tarball(), content_type="application/octet-stream").json
    return found


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_a_package_is_found_by_its_checksum(
    api_as: Callable[[str], TestApp], package: dict[str, Any], digest: str
) -> None:
    found = api_as("viewer").get("/check_package/", {"artifact": "zookeeper", "checksum": package[digest]}).json
    assert found == {
        "artifact": "zookeeper",
        "package_name": "zookeeper-3.9.9.tar.gz",
        "revision": "r1",
        "timestamp": package["timestamp"],
        "checksum": package["sha1"],
    }


@pytest.mark.parametrize("query", [{}, {"package_name": "zookeeper-3.9.9.tar.gz"}])
def test_the_latest_is_found_and_fetched(
    api_as: Callable[[str], TestApp], package: dict[str, Any], tarball: Callable[..., bytes], query: dict[str, str]
) -> None:
    viewer = api_as("viewer")
    found = viewer.get("/get_latest_package_info/", {"artifact": "zookeeper", **query}).json
    place = f"{found['revision']}-{found['timestamp']}"
    assert viewer.get(f"/packages/{found['artifact']}/{place}/{found['package_name']}").body == tarball()


@pytest.mark.parametrize(
    "url",
    [
        "/check_package/?artifact=zookeeper&checksum=0",
        "/check_package/",
        "/get_latest_package_info/?artifact=hadoop",
        "/get_latest_package_info/?artifact=zookeeper&package_name=x",
        "/get_latest_package_info/",
        "/packages/zookeeper/r1-20200101-000000/zookeeper-3.9.9.tar.gz",
    ],
)
def test_what_is_not_there_is_404(api_as: Callable[[str], TestApp], package: dict[str, Any], url: str) -> None:
    answer = api_as("viewer").get(url, expect_errors=True)
    assert answer.status_int == 404 and answer.json["error"]["message"]


def test_nobody_gets_in_without_a_token(anonymous: TestApp, package: dict[str, Any]) -> None:
    for url in ("/check_package/", "/get_latest_package_info/?artifact=zookeeper", "/packages/a/b/c"):
        assert anonymous.get(url, expect_errors=True).status_int == 401
