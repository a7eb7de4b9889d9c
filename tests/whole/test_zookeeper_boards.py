"""The pages of a real ensemble: its tree is what its own clients say it is. In file order: the last ones take it down."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from kazoo.client import KazooClient
from kazoo.security import make_acl, make_digest_acl

from minos_web.views.presenting import size
from tests.whole.charted import all_told
from tests.whole.ensemble import Ensemble
from tests.whole.pages import Pages
from tests.whole.site import Site

PASSWORD = {"cleanup_password": "sesame-7"}
HOSTILE = ["<img src=x onerror=alert(1)>", "a b&c=d?#%2F", "x\u202ey", "日本語", "n" * 900, "...", "$HOME;`id`"]
CHILDREN = 10_000


@pytest.fixture(scope="module")
def lake(ensemble: Ensemble) -> Ensemble:
    """It runs."""
    done = ensemble.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    return ensemble


@pytest.fixture(scope="module")
def client(lake: Ensemble) -> Iterator[KazooClient]:
    """A client with rights of its own."""
    made = lake.client(0)
    made.add_auth("digest", "app:open")
    yield made
    made.stop()
    made.close()


def node(ensemble: Ensemble, path: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = ensemble.site.api.get(f"{ensemble.path}/node?{urlencode({'path': path, **more})}")
    return found


def own_page(ensemble: Ensemble, number: int) -> dict[str, Any]:
    """What a server's own admin page says."""
    url = f"http://{ensemble.site.hosts[number].address}:{ensemble.base_port + 1}/commands/monitor"
    found: dict[str, Any] = requests.get(url, timeout=10).json()
    return found


def answer(site: Site, ensemble: Ensemble, path: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {site.token}"}
    url = f"{site.url}/api/v1/{ensemble.path}/node"
    return requests.get(url, params={"path": path}, headers=headers, timeout=30)


def test_a_znode_is_what_its_own_client_says(lake: Ensemble, client: KazooClient) -> None:
    client.create("/tree/text", "Grüße\n".encode(), makepath=True)
    client.set("/tree/text", "Grüße, again\n".encode())
    client.create("/tree/binary", bytes(range(256)))
    client.create("/tree/here", b"", ephemeral=True)
    text, binary, here = (node(lake, f"/tree/{name}") for name in ("text", "binary", "here"))
    own = client.exists("/tree/text")
    stat = text["stat"]
    assert text["data"] == {"encoding": "text", "content": "Grüße, again\n"}
    assert (stat["czxid"], stat["mzxid"], stat["pzxid"]) == (own.czxid, own.mzxid, own.pzxid)
    assert (stat["version"], stat["cversion"], stat["aversion"]) == (1, 0, 0) and stat["owner"] is None
    assert (stat["ctime"], stat["mtime"], stat["data_length"]) == (own.ctime / 1000, own.mtime / 1000, own.dataLength)
    assert binary["data"]["encoding"] == "base64" and binary["stat"]["data_length"] == 256
    assert here["stat"]["owner"] == f"0x{client.client_id[0]:x}" and here["children"]["total"] == 0
    assert text["acls"] == [{"scheme": "world", "id": "anyone", "permissions": ["ALL"]}]
    assert node(lake, "/tree")["children"]["names"] == sorted(client.get_children("/tree"))
    run = lake.site.run(f"zookeeper/{lake.name}", "zk", "stat /tree/text")
    assert run.over()["exit_code"] == 0
    for line in (f"mZxid = 0x{stat['mzxid']:x}", "dataVersion = 1", f"dataLength = {stat['data_length']}"):
        assert line in run.output(), run.output()


def test_hostile_names_are_kept_apart(lake: Ensemble, client: KazooClient) -> None:
    for name in HOSTILE:
        client.create(f"/hostile/{name}", name.encode(), makepath=True)
    assert node(lake, "/hostile")["children"]["names"] == sorted(HOSTILE)
    for name in HOSTILE:
        assert node(lake, f"/hostile/{name}")["data"]["content"] == name
    for path in ("/hostile/../tree", "/hostile/./x", "//hostile//x", "/a\u0000b", "hostile"):
        assert answer(lake.site, lake, path).status_code == 422, path
    assert answer(lake.site, lake, "/hostile/none").status_code == 404


def test_what_everybody_may_not_read_is_told_as_that(lake: Ensemble, client: KazooClient) -> None:
    acl = [make_digest_acl("app", "open", all=True), make_acl("world", "anyone", create=True)]
    client.create("/closed", b"secret", acl=acl)
    said = answer(lake.site, lake, "/closed")
    if said.status_code == 403:  # newer servers do not even tell that it is there
        assert "ACL" in said.json()["error"]["message"] and said.json()["error"]["code"] == "no-permission"
    else:
        assert set(said.json()["refused"]) >= {"data", "children"} and said.json()["stat"]["data_length"] == 6
    assert "secret" not in said.text


def test_many_children_are_counted_and_found(lake: Ensemble, client: KazooClient) -> None:
    client.ensure_path("/many")
    for first in range(0, CHILDREN, 500):
        asked = [client.create_async(f"/many/n{number:05}") for number in range(first, first + 500)]
        for one in asked:
            one.get(timeout=30)
    found = node(lake, "/many", page=10)
    assert (found["children"]["total"], found["children"]["names"][-1]) == (CHILDREN, "n09999")
    assert node(lake, "/many", q="n0999")["children"]["total"] == 10


def test_a_large_znode_is_read_whole_by_programs(lake: Ensemble, client: KazooClient) -> None:
    client.create("/large", b"x" * 900_000)
    assert len(node(lake, "/large")["data"]["content"]) == 900_000


def test_members_show_what_they_say_themselves(lake: Ensemble, client: KazooClient) -> None:
    """Eight figures of each of three servers, against its own admin page and a client's view."""
    names = {
        "Role": "server_state", "Znodes": "znode_count", "Ephemeral znodes": "ephemerals_count", "Watches": "watch_count",
        "Requests waiting": "outstanding_requests",
    }  # fmt: skip
    pages = Pages(lake.site)

    def agree() -> bool:
        shown = pages.table(f"/clusters/zookeeper/{lake.name}/ensemble", "Members of ")
        own = [own_page(lake, number) for number in range(3)]
        for title, name in names.items():
            if [cell.replace(",", "") for cell in shown[title]] != [str(one[name]) for one in own]:
                print(f"{title}: {shown[title]} is not {[one[name] for one in own]}")
                return False
        sizes = [size(one["approximate_data_size"]) for one in own]
        versions = [one["version"].partition("-")[0] for one in own]
        return (
            shown["Data"] == sizes
            and shown["Version"] == versions
            and shown["Epoch"] == [str(client.last_zxid >> 32)] * 3
        )

    lake.site.until("the page to show what servers say", agree, 60)
    shown = pages.table(f"/clusters/zookeeper/{lake.name}/ensemble", "Members of ")
    assert sorted(shown["Role"]) == ["follower", "follower", "leader"]
    assert max(int(cell.split()[-1], 16) for cell in shown["Last transaction"]) >= client.last_zxid


def test_every_figure_of_its_charts_is_told(lake: Ensemble) -> None:
    all_told(lake.site, "zookeeper", lake.name)


def test_an_ensemble_without_quorum_says_so(lake: Ensemble) -> None:
    assert lake.operate("stop", tasks=[1, 2], options={"override": True})["state"] == "done"
    said = answer(lake.site, lake, "/")
    lake.site.until("it to notice", lambda: "no quorum" in answer(lake.site, lake, "/").text, 60)
    said = answer(lake.site, lake, "/")
    assert said.status_code == 504 and "1 of 3 servers run" in said.json()["error"]["message"]
    assert [one["says"].split()[0] for one in said.json()["servers"]] == ["runs,", "refuses", "refuses"]


def test_an_ensemble_that_is_down_says_so(lake: Ensemble) -> None:
    assert lake.operate("stop", options={"override": True})["state"] == "done"
    said = answer(lake.site, lake, "/")
    assert said.status_code == 504 and "no server runs" in said.json()["error"]["message"]
