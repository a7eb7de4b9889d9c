"""The inventory over the API: all or nothing, looked at first, audited."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.models.people import AuditEntry
from tests.minos_web.scene import add_hosts
from tests.minos_web.views.api.test_openapi import fits

Api = Callable[[str], TestApp]
URL = "/api/v1/inventory"


@pytest.fixture
def hosts(session: Session) -> None:
    """Three approved hosts, the first with facts."""
    first = add_hosts(session)[0]
    first.figures = {"host.disk_total:/data": 5e9, "host.disk_total": 5e9}
    first.facts = {"cores": 8, "memory": 16 * 1024**3, "rack": "R1"}
    session.commit()


def machines(app: TestApp) -> dict[str, Any]:
    answer = app.get(URL).json
    assert fits(answer, "/inventory") == []
    return {one["host"]: one for one in answer["hosts"]}


def test_what_workers_tell_and_what_is_kept(api_as: Api, hosts: None) -> None:
    app = api_as("deployer")
    body = {"hosts": [{"host": "HOST-31", "rack": "r7", "cores": 16}, {"host": "spare", "ip": "10.1.1.1", "ram_gb": 2}]}
    looked = app.put_json(f"{URL}?dry_run=1", body).json
    assert fits(looked, "/inventory", "put") == []
    assert (looked["dry_run"], looked["new"], looked["hosts"][0]["fields"]["rack"]) == (True, 2, [None, "r7"])
    assert "spare" not in machines(app)
    done = app.put_json(URL, body).json
    assert (done["dry_run"], done["new"], done["changed"]) == (False, 2, 0)
    found = machines(app)
    first, second, spare = found["host-31"], found["host-32"], found["spare"]
    assert (first["rack"], first["rack_from"], first["cores"]) == ("r7", "kept", 8)
    assert (first["mounts"], second["mounts"]) == ({"/data": 5e9}, {})
    assert first["differs"] == ["16 cores are kept, its worker counts 8"]
    assert (second["rack"], second["rack_from"], second["kept"]) == ("127.0.0", "address", None)
    assert (spare["worker"], spare["memory"], spare["rack"]) == (False, 2 * 1024**3, "")
    assert app.put_json(URL, {"forget": ["spare"]}).json["forgotten"] == 1
    assert "spare" not in machines(app)


def test_csv_goes_out_and_comes_in(api_as: Api, hosts: None) -> None:
    app = api_as("deployer")
    text = "host,rack,note\r\nhost-31,r1,=HYPERLINK(1)\r\n"
    assert app.put(URL, text, content_type="text/csv").json["new"] == 1
    file = app.get(f"{URL}?format=csv")
    assert file.content_type == "text/csv" and "'=HYPERLINK(1)" in file.text and "host-32" not in file.text
    again = app.put(URL, file.body, content_type="text/csv").json
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("hosts_said", "field"),
    [
        ([{"host": "n1"}, {"host": "n2", "cores": "many"}], "hosts[1].cores"),
        ([{"rack": "r1"}], "hosts[0].host"),
        ([{"host": "n1", "colour": "red"}], "hosts[0].colour"),
        ([{"host": "n1"}, {"host": "N1"}], "hosts[0].host"),
        ([{"host": "n1", "ip": "10.0.0.1"}, {"host": "n2", "ip": "10.0.0.1"}], "hosts[1].ip"),
        ([{"host": "<script>"}], "hosts[0].host"),
    ],
)
def test_all_or_nothing(api_as: Api, hosts_said: list[dict[str, Any]], field: str) -> None:
    answer = api_as("deployer").put_json(URL, {"hosts": hosts_said, "forget": ["n1"]}, status=422).json
    assert answer["error"]["field"] == field and answer["errors"]
    assert fits(answer, "/inventory", "put", "422") == []
    assert machines(api_as("viewer")) == {}


def test_a_bad_file_names_lines_and_fields(api_as: Api) -> None:
    answer = api_as("deployer").put(URL, "host,cores\nn1,x\nn2,y\n", content_type="text/csv", status=422).json
    assert answer["error"]["message"].startswith("line 2, cores: ")
    assert [(one["line"], one["field"]) for one in answer["errors"]] == [(2, "cores"), (3, "cores")]


def test_a_viewer_only_looks(api_as: Api) -> None:
    api_as("viewer").put_json(URL, {}, status=403)
    api_as("viewer").get(URL)


def test_it_is_audited(api_as: Api, session: Session) -> None:
    app = api_as("deployer")
    app.put_json(URL, {"hosts": [{"host": "n1", "rack": "r1"}]})
    app.put_json(URL, {"hosts": [{"host": "n1", "rack": "r1"}]})
    app.put_json(URL, {"hosts": [{"host": "n2"}, {"host": "n3"}], "forget": ["n1"]})
    rows = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("inventory.")).order_by(AuditEntry.id))
    assert [(row.action, row.target) for row in rows] == [
        ("inventory.change", "machine n1"),
        ("inventory.forget", "machine n1"),
        ("inventory.change", "inventory"),
    ]
