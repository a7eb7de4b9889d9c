"""One way through every list of the API: limit, next, and pages or the id before which it goes on."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.views.api.openapi import document
from tests.minos_web.scene import add_cluster, add_hosts

OPERATIONS = {
    item["get"]["operationId"]: (path, item["get"]) for path, item in document()["paths"].items() if "get" in item
}
ENDLESS = {
    "listApprovals": "those that wait, or the newest hundred", "listEvents": "a span of time, with a limit", "listConfig": "what a directory holds", "listSeriesNames": "has a limit",
    "listLogs": "what a worker answers", "listQuotas": "users of a cluster", "listCommands": "what the catalog has", "listHearers": "what the routes lead to", "listQuotaAddresses": "people of a site",
}  # fmt: skip
"""Lists without pages, and why."""


def through(program: TestApp, url: str, name: str, key: str) -> list[list[Any]]:
    """Every part of a list."""
    parts, query = [], "?limit=2"
    while True:
        answer = program.get(f"/api/v1/{url}{query}").json
        parts.append(answer[name])
        if answer["next"] is None:
            return parts
        query = f"?limit=2&{key}={answer['next']}"


def test_every_list_has_an_end() -> None:
    for name, (path, operation) in OPERATIONS.items():
        if name.startswith("list") and name not in ENDLESS:
            given = {one.get("name") for one in operation.get("parameters", [])}
            if not {"limit"} <= given or not {"page", "before"} & given:
                assert "array" not in str(operation["responses"]["200"])[:400], f"{path} has no end"


def test_pages(console: Console, session: Session, api_as: Callable[[str], TestApp]) -> None:
    add_hosts(session)
    session.commit()
    parts = through(api_as("viewer"), "hosts", "hosts", "page")
    assert [len(part) for part in parts] == [2, 1]
    assert api_as("viewer").get("/api/v1/hosts?limit=2&page=7").json == {"hosts": [], "total": 3, "next": None}


def test_before(console: Console, session: Session, api_as: Callable[[str], TestApp]) -> None:
    add_hosts(session)
    add_cluster(session, console)
    cluster = session.scalars(select(Cluster)).one()
    for _ in range(5):
        session.add(
            Operation(cluster_id=cluster.id, action="show", state="done", created_by="admin", created_at=time.time())
        )
        session.flush()
    session.commit()
    parts = through(api_as("viewer"), "operations", "operations", "before")
    assert [[row["id"] for row in part] for part in parts] == [[5, 4], [3, 2], [1]]


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("hosts?limit=0", "limit"),
        ("hosts?limit=5001", "limit"),
        ("hosts?page=0", "page"),
        ("clusters?page=x", "page"),
        ("operations?limit=201", "limit"),
        ("operations?before=-1", "before"),
        ("operations?before=1e9", "before"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api_as: Callable[[str], TestApp], url: str, field: str) -> None:
    assert api_as("viewer").get(f"/api/v1/{url}", status=422).json["error"]["field"] == field
